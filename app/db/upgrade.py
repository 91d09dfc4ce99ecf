"""Brings a practice file to the schema of this program, or leaves it exactly as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.db.backup import copy_checked
from app.db.connection import connect, make_engine
from app.db.files import make_private_folder
from app.db.search import REBUILD, SEARCH_TRIGGERS
from app.db.triggers import BOOK_TRIGGERS, Trigger
from app.db.troubles import DAMAGED, store_trouble
from app.domain.errors import DamagedFile, NewerFile, StoreTrouble

TRIGGERS: tuple[Trigger, ...] = (*BOOK_TRIGGERS, *SEARCH_TRIGGERS)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class History:
    """The known revisions, oldest first, and the folder of their scripts.

    Named here so that opening a practice of today needs no Alembic, which is slow to load.
    """

    scripts: Path
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The revision this program works with."""
        return self.revisions[-1]


HISTORY = History(Path(__file__).parent / "migrations", ("0001",))


def revision_of(path: Path, key: bytes) -> str | None:
    """The schema revision of a file; None for one without any table.

    Raises:
        DamagedFile: when the file has tables but no revision, or cannot be read.
        StoreTrouble: when the disk does not let us.
    """
    connection = connect(path, key, query_only=True)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise DamagedFile(DAMAGED)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])
    except sqlcipher.Error as error:
        raise store_trouble(error) or error from error
    finally:
        connection.close()


def bring_up_to_date(path: Path, key: bytes, history: History = HISTORY) -> None:
    """Migrates an existing or empty file to ``history.head``.

    A file that is there already only has its triggers compared, and renewed when they differ.

    An existing file is first copied to ``backups/pre-migration-REVISION.db``, and the copy is
    checked. All steps are one transaction: a crash or a failed check leaves the old file.

    Raises:
        NewerFile: when a later version of the program wrote the file; it is not touched.
        DamagedFile: when the file is not sound, before or after.
        StoreTrouble: when the disk does not let us.
    """
    current = revision_of(path, key)
    if current == history.head:
        _renew_triggers(path, key)
        return
    if current is not None and current not in history.revisions:
        raise NewerFile(
            "A newer version of CleanClaim wrote this practice. Update the program to open it."
        )
    if current is not None:
        folder = path.parent / "backups"
        make_private_folder(folder)
        copy_checked(path, key, folder / f"pre-migration-{current}.db")
    _migrate(path, key, history, current)


def _migrate(path: Path, key: bytes, history: History, current: str | None) -> None:
    """Runs the missing revisions in one transaction, with foreign keys off, and proves the result.

    Foreign keys must be off before the transaction starts: rebuilding a parent table would
    otherwise delete the rows of its children without a word. Triggers are dropped before and put
    back after, as of today: no revision deals with them.
    """
    with _migrating(path, key) as connection:
        before = _row_counts(connection)
        _drop_triggers(connection)
        free = _upgrade(connection, history, current)
        _prove(connection, before, free)
        _install_triggers(connection)


@contextmanager
def _migrating(path: Path, key: bytes) -> Iterator[Connection]:
    """One transaction on a connection of its own, with foreign keys off."""
    engine = make_engine(path, key, begin="BEGIN IMMEDIATE", foreign_keys=False)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        trouble = store_trouble(error)
        if trouble is None:
            raise
        raise trouble from error
    finally:
        engine.dispose()


def _upgrade(connection: Connection, history: History, current: str | None) -> frozenset[str]:
    """Runs Alembic; returns the tables whose row counts the revisions declare to change."""
    # Loaded here because Alembic takes half a second, which only a migration should cost.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(history.scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, history.head)
    scripts = ScriptDirectory.from_config(config)
    done = history.revisions[0 if current is None else history.revisions.index(current) + 1 :]
    return frozenset(
        table
        for revision in done
        for table in getattr(scripts.get_revision(revision).module, "rows_change", ())
    )


def _renew_triggers(path: Path, key: bytes) -> None:
    """Puts the rules of today back where a file of this revision has others."""
    raw = connect(path, key, query_only=True)
    try:
        rows = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    finally:
        raw.close()
    if dict(rows) == {trigger.name: trigger.ddl for trigger in TRIGGERS}:
        return
    with _migrating(path, key) as connection:
        _drop_triggers(connection)
        _install_triggers(connection)


def _drop_triggers(connection: Connection) -> None:
    """Revisions rebuild tables, and rows of append-only tables with them; triggers would object."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    for name in names.scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _install_triggers(connection: Connection) -> None:
    """The rules of today, whatever the revisions did, and a search index that fits the rows."""
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger.ddl)
    for statement in REBUILD:
        connection.exec_driver_sql(statement)


def _row_counts(connection: Connection) -> dict[str, int]:
    """Rows of every ordinary table; the search index is derived and not counted."""
    names = connection.exec_driver_sql(
        "SELECT name FROM pragma_table_list"
        " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).scalars()
    return {
        name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608
        for name in names.all()
        if name != "alembic_version"
    }


def _prove(connection: Connection, before: dict[str, int], free: frozenset[str]) -> None:
    after = _row_counts(connection)
    lost = [
        table for table, rows in before.items() if table not in free and after.get(table, 0) != rows
    ]
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    unsound = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check") if row[0] != "ok"]
    if lost or dangling or unsound:
        _log.error("migration refused: %s", {"lost": lost, "dangling": len(dangling)})
        raise StoreTrouble(
            "The practice could not be brought to this version of the program and was left as it "
            "was. Go on with the version you had, and report this."
        )
