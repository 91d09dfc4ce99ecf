"""Is the file sound? Three checks, for each of them misses what another one finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from app.db.connection import connect, refuse_foreign_file
from app.db.database import Database
from app.db.troubles import sqlite_code


def check_file(db: Database) -> list[str]:
    """Every complaint about the open file; an empty list means it is sound.

    Runs ``cipher_integrity_check`` (every page's MAC), ``quick_check`` (structure, cut-off files)
    and ``foreign_key_check``. An old page put back in place passes all three: the chain of the
    journal is what tells that.

    Raises:
        DamagedFile: when the file can no longer be opened at all.
        StoreTrouble: when the disk does not let us.
    """
    return check_path(db.path, db.raw_key())


def check_path(path: Path, key: bytes) -> list[str]:
    """As ``check_file``, for a file that is not open, e.g. a backup.

    Raises:
        DamagedFile, StoreTrouble: as ``check_file``.
    """
    refuse_foreign_file(path)
    connection = connect(path, key, query_only=True)
    try:
        return complaints(connection)
    finally:
        connection.close()


def complaints(connection: Any) -> list[str]:
    """The complaints of all three checks over one raw connection."""
    return [
        *_lines(connection, "cipher_integrity_check"),
        *(line for line in _lines(connection, "quick_check") if line != "ok"),
        *_lines(connection, "foreign_key_check"),
    ]


def _lines(connection: Any, check: str) -> list[str]:
    try:
        rows = connection.execute(f"PRAGMA {check}").fetchall()
    except sqlcipher.DatabaseError as error:
        return [f"{check}: {sqlite_code(error) or 'failed'}"]
    if check == "foreign_key_check":
        return [f"{row[0]} row {row[1]} points to a missing {row[2]}" for row in rows]
    return [str(row[0]) for row in rows]
