"""The first schema.

Its statements lie beside it as SQL, frozen: what a revision once did never changes with the models.
"""

from pathlib import Path

from alembic import op
from sqlcipher3.dbapi2 import complete_statement

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    statement = ""
    for line in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").splitlines():
        statement += line + "\n"
        if complete_statement(statement):
            op.get_bind().exec_driver_sql(statement)
            statement = ""
