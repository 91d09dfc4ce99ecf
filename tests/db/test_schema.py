"""What the revisions build is what the models say, triggers included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from app.db.connection import make_engine
from app.db.database import Database
from app.db.schema import schema_statements, table_metadata
from app.db.search import TABLE
from app.db.upgrade import HISTORY, TRIGGERS
from tools.freeze_schema import TARGET, frozen_text


@pytest.fixture
def migrated(db: Database) -> Iterator[Engine]:
    engine = make_engine(db.path, db.raw_key(), begin="BEGIN")
    yield engine
    engine.dispose()


@pytest.fixture
def modelled(tmp_path: Path) -> Iterator[Engine]:
    """A file made straight from the models of today."""
    path = tmp_path / "models.db"
    path.touch()
    engine = make_engine(path, bytes(32), begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        for statement in schema_statements():
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


def ordinary(name: str | None, kind: str, *_: Any) -> bool:
    return kind != "table" or not str(name).startswith(TABLE)


def test_alembic_finds_no_difference(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": ordinary, "compare_type": True}
        )
        assert compare_metadata(context, table_metadata()) == []


def _words(index: Mapping[str, Any]) -> str:
    """An index, and of a partial one the condition in words."""
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def described(engine: Engine) -> dict[str, Any]:
    """What Alembic does not compare: checks, keys and their options, order of columns."""
    look = inspect(engine)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)
            ],
            "key": look.get_pk_constraint(table),
            "foreign": sorted(map(str, look.get_foreign_keys(table))),
            "unique": sorted(map(str, look.get_unique_constraints(table))),
            "checks": sorted(map(str, look.get_check_constraints(table))),
            "indexes": sorted(map(_words, look.get_indexes(table))),
        }
        for table in table_metadata().tables
    }


def test_constraints_agree(migrated: Engine, modelled: Engine) -> None:
    assert described(migrated) == described(modelled)


def test_triggers_agree(migrated: Engine) -> None:
    with migrated.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE type='trigger'"
        )
        assert {name: sql for name, sql in rows} == {t.name: t.ddl for t in TRIGGERS}  # noqa: C416


def test_trigger_names_are_their_own() -> None:
    assert len({trigger.name for trigger in TRIGGERS}) == len(TRIGGERS)


@pytest.mark.skipif(len(HISTORY.revisions) > 1, reason="the first revision is history")
def test_the_frozen_first_schema_is_that_of_the_models() -> None:
    assert TARGET.read_text(encoding="utf-8") == frozen_text(), (
        "The models changed: run `python -m tools.freeze_schema` (before the first release only)."
    )
