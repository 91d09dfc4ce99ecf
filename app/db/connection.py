"""One encrypted connection: the key, the pragmas, and the proof that they took."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, Pool, QueuePool, create_engine, event

from app.db.troubles import DAMAGED, store_trouble
from app.domain.errors import DamagedFile, StoreTrouble

KEY_BYTES = 32
PLAIN_MAGIC = b"SQLite format 3\x00"

# name, value set, value read back. Measured reasons: docs/decisions; each one guards against loss
# (journal_mode, synchronous, cell_size_check, mmap_size), a hostile file (trusted_schema), a leak
# (temp_store) or a delete that slips past the triggers (recursive_triggers, foreign_keys).
PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("temp_store", "MEMORY", 2),
    ("mmap_size", "0", 0),
    ("cell_size_check", "ON", 1),
    ("cache_size", "-64000", -64000),
    ("busy_timeout", "5000", 5000),
    *((("fullfsync", "ON", 1), ("checkpoint_fullfsync", "ON", 1)) * (sys.platform == "darwin")),
)


def connect(path: Path, key: bytes, *, foreign_keys: bool = True, query_only: bool = False) -> Any:
    """A raw connection to the encrypted file, in autocommit mode, usable from any thread.

    Args:
        path: the database file; it must exist (an empty file becomes a database).
        key: the raw 32-byte key.
        foreign_keys: off for migrations only, which rebuild parent tables.
        query_only: SQLite itself then refuses every write.

    Raises:
        DamagedFile: when the file is no database, or not one under this key.
        StoreTrouble: when the disk does not let us, or a pragma did not take.
    """
    if len(key) != KEY_BYTES:  # SQLCipher would silently take it for a passphrase
        raise ValueError("the database key is 32 bytes")
    try:
        connection = sqlcipher.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(connection, key, foreign_keys=foreign_keys, query_only=query_only)
        except BaseException:
            connection.close()
            raise
    except sqlcipher.Error as error:
        raise store_trouble(error) or error from error
    return connection


def _prepare(connection: Any, key: bytes, *, foreign_keys: bool, query_only: bool) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    expected = dict.fromkeys(name for name, _, _ in PRAGMAS)
    for name, value, read_back in PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}")
        expected[name] = read_back
    if not foreign_keys:
        connection.execute("PRAGMA foreign_keys = OFF")
        expected["foreign_keys"] = 0
    if query_only:
        connection.execute("PRAGMA query_only = ON")
        expected["query_only"] = 1
    for name, wanted in expected.items():
        row = connection.execute(f"PRAGMA {name}").fetchone()
        if row is None or row[0] != wanted:
            raise StoreTrouble(
                "This disk does not support safe saving. Keep the practice on a local disk, "
                f"not on a network or synchronised folder (setting {name})."
            )


def refuse_foreign_file(path: Path) -> None:
    """Tells a damaged or foreign file before SQLite touches it.

    Raises:
        DamagedFile: when it is empty, torn, a link, or not encrypted.
    """
    if path.is_symlink():
        raise DamagedFile("The file practice.db is a link. Move the real file into the folder.")
    with path.open("rb") as stream:
        start = stream.read(len(PLAIN_MAGIC))
    if start == PLAIN_MAGIC:
        raise DamagedFile(
            "The file practice.db is not encrypted, so it is not ours. Restore the latest backup."
        )
    if len(start) < len(PLAIN_MAGIC) or path.stat().st_size % 512:
        raise DamagedFile(DAMAGED)


def make_engine(
    path: Path,
    key: bytes,
    *,
    begin: str,
    connections: int = 1,
    foreign_keys: bool = True,
    query_only: bool = False,
) -> Engine:
    """An engine whose transactions start with ``begin`` and which shows no values in errors.

    SQLite's Python driver would otherwise start transactions late and commit before DDL, which
    leaves half a migration behind when the program dies.
    """
    pool: Pool = QueuePool(
        lambda: connect(path, key, foreign_keys=foreign_keys, query_only=query_only),
        pool_size=connections,
        max_overflow=0,
        timeout=30,
    )
    engine = create_engine("sqlite+pysqlite://", module=sqlcipher, pool=pool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
