"""Writes the first revision's SQL from the models, while no release has frozen it yet.

After the first release: never again. Write a new revision instead, and add its name to
``HISTORY`` in ``app/db/upgrade.py``.
"""

from __future__ import annotations

from pathlib import Path

from app.db.schema import schema_statements

TARGET = Path(__file__).resolve().parents[1] / "app/db/migrations/versions/0001_first.sql"


def frozen_text() -> str:
    """The text of the frozen file for the models of today."""
    return "".join(f"{statement};\n\n" for statement in schema_statements())


def main() -> int:
    """Writes the file."""
    TARGET.write_text(frozen_text(), encoding="utf-8", newline="\n")
    print(f"{len(schema_statements())} statements frozen")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
