"""The open practice file: units of work, and word of what they changed."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.db.connection import make_engine
from app.db.files import FolderLock
from app.db.keys import derive
from app.db.troubles import BUSY, DISK_ERROR, ends_trust, sqlite_code, store_trouble
from app.domain.errors import Conflict, StoreTrouble

Listener = Callable[[frozenset[str]], None]

WRITE_TURN_SECONDS = 30
READ_CONNECTIONS = 4

# What a trigger writes when a table is written, so that watchers of the projection hear of it.
WRITTEN_BY_TRIGGER = {"posting": ("line_balance",)}

_WRITTEN = re.compile(
    r"\s*(?:(?:INSERT|REPLACE)(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)"
    r"\s+[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class QueryCount:
    """Statements sent while a counter ran; BEGIN is not counted."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements ran."""
        return len(self.statements)


class Database:
    """One encrypted practice file, opened once per process.

    Safe for one writer at a time and several readers, from any thread: a long report on the
    worker's thread never holds up the window. ``path`` is the database file.
    """

    def __init__(self, path: Path, key: bytes, lock: FolderLock | None = None) -> None:
        """Prepares both engines; nothing is read before the first unit of work."""
        self.path = path
        self._key = key
        self._lock = lock
        self._writer = make_engine(path, key, begin="BEGIN IMMEDIATE")
        self._reader = make_engine(
            path, key, begin="BEGIN", connections=READ_CONNECTIONS, query_only=True
        )
        self._turn = threading.Lock()
        self._writing_thread: int | None = None
        self._touched: set[str] = set()
        self._listeners: list[Listener] = []
        self._counters: list[QueryCount] = []
        self._closed = False
        self._distrusted = False
        event.listen(self._writer, "after_cursor_execute", self._note_written)
        for engine in (self._writer, self._reader):
            event.listen(engine, "before_cursor_execute", self._count)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one unchanging view of the data; SQLite refuses any write through it.

        Raises:
            DamagedFile: when a page cannot be read.
            StoreTrouble: when the disk fails.
            RuntimeError: when used inside a unit of work of the same thread (it would see the data
                from before), or when mapped objects were changed; both are bugs.
        """
        self._refuse_misuse()
        with (
            self._sentences(),
            Session(self._reader, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session
            if session.new or session.dirty or session.deleted:
                raise RuntimeError("a read session was used to change things")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One unit of work: all of it is saved at the end, or, on any exception, none of it.

        After the commit every listener is told the names of the tables written.

        Raises:
            Conflict: when a row was changed by somebody else in the meantime.
            Refused: when an entry falls into a closed period.
            StoreTrouble: when the disk is full, read-only, failing, or another task holds the pen.
            RuntimeError: when units of work are nested; a bug.
        """
        self._refuse_misuse()
        if not self._turn.acquire(timeout=WRITE_TURN_SECONDS):
            raise StoreTrouble(BUSY)
        try:
            self._writing_thread = threading.get_ident()
            self._touched.clear()
            with (
                self._sentences(),
                Session(self._writer, expire_on_commit=False) as session,
                session.begin(),
            ):
                session.connection()  # takes the write lock now, not at the first statement
                yield session
            written = frozenset(self._touched)
        finally:
            self._writing_thread = None
            self._turn.release()
        self._tell(written)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` after each commit, on the thread that wrote; returns the way out."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def mac_key(self, purpose: str) -> bytes:
        """A 32-byte key for the chain of one table, e.g. ``journal`` or ``audit``."""
        return derive(self._key, f"mac:{purpose}")

    def raw_key(self) -> bytes:
        """The 32-byte key of the file, for backups and new passphrases; never leaves the floor."""
        return self._key

    @contextmanager
    def query_counter(self) -> Iterator[QueryCount]:
        """Counts statements of all threads meanwhile, so that tests can bound them."""
        counter = QueryCount()
        self._counters.append(counter)
        try:
            yield counter
        finally:
            self._counters.remove(counter)

    def close(self) -> None:
        """Folds the write-ahead log into the file, drops the key and gives the lock back."""
        if self._closed:
            return
        self._closed = True
        try:
            self._fold()
        finally:
            self._reader.dispose()
            self._writer.dispose()
            self._key = b""
            if self._lock is not None:
                self._lock.release()

    def _fold(self) -> None:
        if self._distrusted:
            return
        try:
            raw = self._writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA optimize").close()
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                raw.close()
        except (self._writer.dialect.loaded_dbapi.Error, DBAPIError, StoreTrouble) as error:
            # The log stays beside the file and is read at the next opening: nothing is lost.
            _log.warning("checkpoint at closing failed: %s", sqlite_code(error) or "trouble")

    def _refuse_misuse(self) -> None:
        if self._closed:
            raise RuntimeError("the practice is closed")
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a unit of work inside a unit of work")
        if self._distrusted:
            raise StoreTrouble(DISK_ERROR)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except StaleDataError as error:
            raise Conflict("This was changed in the meantime. Reload it and try again.") from error
        except DBAPIError as error:
            if ends_trust(error):
                self._distrusted = True
            if sqlite_code(error) == "SQLITE_READONLY" and not self._holds_pen():
                raise RuntimeError("a read session was used to change things") from error
            trouble = store_trouble(error)
            if trouble is None:
                raise
            raise trouble from error

    def _holds_pen(self) -> bool:
        return self._writing_thread == threading.get_ident()

    def _note_written(
        self, _conn: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any
    ) -> None:
        compiled = getattr(context, "compiled", None)
        if compiled is not None and (context.isinsert or context.isupdate or context.isdelete):
            name = getattr(getattr(compiled.statement, "table", None), "name", None)
        else:
            match = _WRITTEN.match(statement)
            name = match[1] if match else None
        if name is not None:
            self._touched.add(name)
            self._touched.update(WRITTEN_BY_TRIGGER.get(name, ()))

    def _count(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._counters and not statement.startswith("BEGIN"):
            for counter in self._counters:
                counter.statements.append(statement)

    def _tell(self, tables: frozenset[str]) -> None:
        if not tables:
            return
        for listener in tuple(self._listeners):
            try:
                listener(tables)
            except Exception:
                # The work is saved; a page that cannot redraw must not make it look lost.
                _log.exception("a listener to changes failed")
