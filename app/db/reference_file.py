"""Official code and price files of this computer in one SQLite file: public data, not encrypted.

One import is one transaction: whoever reads meanwhile sees what was there before, and a program
that is killed or told to stop leaves just that. Quarters lie side by side; a new import of the
same edition takes the place of the old one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from app.db.files import make_private_folder
from app.db.reference_changes import Changing
from app.db.reference_tables import MAKE, statements
from app.db.troubles import disk_trouble
from app.domain.errors import DamagedFile, StoreTrouble
from app.domain.reference import FileKind, ReferenceEdition

_BUSY_MS = 5000
_BUSY = "Another program is importing codes. Wait a moment and try again; nothing was changed."
_FREE = "The codes could not be kept. Check that the disk has 200 MB free."


@dataclass(frozen=True, slots=True)
class Part:
    """One import: its number in the file, the number its edition knows it by, rows, and codes.

    ``low`` and ``high``: first and last code of column 1 of NCCI pairs, as numbers.
    """

    key: int
    number: int
    rows: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Shelved:
    """An edition with its parts."""

    edition: ReferenceEdition
    parts: tuple[Part, ...]


class ReferenceFile:
    """The file; may be asked from any thread while one thread imports."""

    def __init__(self, path: Path) -> None:
        """Opens it, or begins it.

        Raises:
            DamagedFile: it is no such file; ``begin_anew`` puts an empty one in its place.
            StoreTrouble: the folder cannot be written, or another program holds the file.
        """
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._path = path
        self._db: sqlite.Connection | None = None
        try:
            make_private_folder(path.parent)
            path.touch(mode=0o600)
        except OSError as error:
            raise disk_trouble(error) from error
        try:
            self._db = self._connected()
            self._prepare(self._db)
        except sqlite.DatabaseError as error:
            self.close()
            raise _trouble(error) from error

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Rows of a question.

        Raises:
            DamagedFile: the file is damaged.
            StoreTrouble: it cannot be read now.
        """
        with self._lock:
            if self._db is None:
                raise _damaged()
            try:
                rows: list[Any] = self._db.execute(sql, tuple(values)).fetchall()
            except sqlite.DatabaseError as error:
                raise _trouble(error) from error
            return rows

    def prove(self) -> None:
        """Reads every page.

        Raises:
            DamagedFile: the file is damaged.
        """
        if self.ask("PRAGMA quick_check") != [("ok",)]:
            raise _damaged()

    def editions(self) -> tuple[Shelved, ...]:
        """Every edition, by kind, oldest first."""
        parts: dict[int, list[Part]] = {}
        for edition, *values in self.ask(
            "SELECT edition, id, number, rows, low, high FROM part ORDER BY number"
        ):
            parts.setdefault(edition, []).append(Part(*values))
        rows = self.ask(
            "SELECT id, kind, name, starts, ends, whole, source FROM edition"
            " ORDER BY kind, COALESCE(starts, ends, ''), id"
        )
        return tuple(_shelved(row, tuple(parts.get(row[0], ()))) for row in rows)

    @contextmanager
    def changing(self) -> Iterator[Changing]:
        """Imports and removals that are kept together, or not at all when anything is raised.

        Raises:
            StoreTrouble: the disk is full, or another copy of the program is importing.
        """
        with self._writer() as db:
            change = Changing(db)
            yield change
        if change.removed:
            self._shrink()

    def _shrink(self) -> None:
        """Gives free pages back to the disk; it is no harm when that cannot be done now."""
        with self._writer(transaction=False) as db:
            db.execute("PRAGMA incremental_vacuum").fetchall()

    @contextmanager
    def _writer(self, *, transaction: bool = True) -> Iterator[sqlite.Connection]:
        with self._writing:
            db = self._connected()
            try:
                if transaction:
                    db.execute("BEGIN IMMEDIATE")
                yield db
                if transaction:
                    db.execute("COMMIT")
            except sqlite.Error as error:
                raise StoreTrouble(_BUSY if "locked" in str(error) else _FREE) from error
            finally:
                with suppress(sqlite.Error):  # the next import clears up what this one cannot
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                db.close()

    def _connected(self) -> sqlite.Connection:
        db = sqlite.connect(str(self._path), isolation_level=None, check_same_thread=False)
        db.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        db.execute("PRAGMA cache_size=-16000")
        return db

    @staticmethod
    def _prepare(db: sqlite.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == MAKE:
            db.execute("SELECT COUNT(*) FROM edition").fetchone()
            return
        db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        db.execute("BEGIN IMMEDIATE")
        if version != 0:
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                if not name.startswith("sqlite_"):
                    db.execute(f"DROP TABLE {name}")
        for statement in statements():
            db.execute(statement)
        db.execute(f"PRAGMA user_version={MAKE}")
        db.execute("COMMIT")


def begin_anew(path: Path) -> None:
    """Throws a damaged file away; what it held is public and imported again.

    Raises:
        StoreTrouble: the folder cannot be written.
    """
    try:
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    except OSError as error:
        raise disk_trouble(error) from error


def _shelved(row: tuple[Any, ...], parts: tuple[Part, ...]) -> Shelved:
    _, kind, name, starts, ends, whole, source = row
    edition = ReferenceEdition(
        FileKind(kind), name, _day(starts), _day(ends), sum(part.rows for part in parts),
        bool(whole), source, tuple(p.number for p in parts) if kind == FileKind.NCCI else (),
    )  # fmt: skip
    return Shelved(edition, parts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _trouble(error: sqlite.DatabaseError) -> StoreTrouble:
    """Damage, or what passes: locked by another program, a disk that fails."""
    if isinstance(error, sqlite.OperationalError) and "no such" not in str(error):
        return StoreTrouble("The imported codes cannot be read now. Wait a moment and try again.")
    return _damaged()


def _damaged() -> DamagedFile:
    return DamagedFile(
        "The file of imported codes is damaged. Import the official files again in Setup."
    )
