"""Copies that can be trusted: taken through SQLite, opened and checked before they count.

Copying the live file is no backup: most copies of a busy file are torn.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from app.db.connection import connect
from app.db.database import Database
from app.db.files import (
    create_private_file,
    make_private_folder,
    sync_file,
    sync_folder,
    write_atomic,
)
from app.db.integrity import check_path
from app.db.troubles import disk_trouble, store_trouble
from app.domain.errors import DamagedFile

_PAGES_AT_A_TIME = 1000

Progress = Callable[[int, int], None]


def header_beside(database: Path) -> Path:
    """Where the key file of a backup lies: the same name, ending in ``.key``."""
    return database.with_suffix(".key")


def backup(db: Database, target: Path, progress: Progress | None = None) -> None:
    """Writes a checked, encrypted copy of the practice to ``target`` and its key file beside it.

    The practice stays usable meanwhile. A target of the same name is replaced only by a copy that
    was opened again and found sound. The passphrases of today open the copy.

    Args:
        db: the open practice.
        target: path of the copy; its folder is made when it is missing.
        progress: told (pages done, pages in all); may raise to cancel, nothing is left then.

    Raises:
        DamagedFile: when the copy is not sound, which means the practice file is not.
        StoreTrouble: when the disk is full or not writable.
    """
    make_private_folder(target.parent)
    header = db.path.with_suffix(".key")
    try:
        content = header.read_bytes()
    except OSError as error:
        raise disk_trouble(error) from error
    copy_checked(db.path, db.raw_key(), target, progress)
    write_atomic(header_beside(target), content)


def copy_checked(source: Path, key: bytes, target: Path, progress: Progress | None = None) -> None:
    """Copies the encrypted file ``source`` to ``target`` under the same key, or not at all.

    Raises:
        DamagedFile, StoreTrouble: as ``backup``.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    create_private_file(draft)
    try:
        _copy(source, key, draft, progress)
        found = check_path(draft, key)
        if found:
            raise DamagedFile(
                "The backup was not kept because the practice file is damaged. Use 'Check file', "
                "and restore an earlier backup."
            )
        sync_file(draft)
        draft.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise disk_trouble(error) from error
    finally:
        for name in (draft.name, f"{draft.name}-wal", f"{draft.name}-shm"):
            draft.with_name(name).unlink(missing_ok=True)


def _copy(source: Path, key: bytes, draft: Path, progress: Progress | None) -> None:
    origin = connect(source, key, query_only=True)
    try:
        copy = sqlcipher.connect(str(draft), isolation_level=None)
        try:
            copy.execute("PRAGMA cipher_log_level = NONE")
            copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            _run(origin, copy, progress)
        finally:
            copy.close()
    except sqlcipher.Error as error:
        raise store_trouble(error) or error from error
    finally:
        origin.close()


def _run(origin: Any, copy: Any, progress: Progress | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    origin.backup(copy, pages=_PAGES_AT_A_TIME, progress=told)
    # The copy inherits WAL mode; folding it leaves one file that can be moved about.
    copy.execute("PRAGMA journal_mode = DELETE").fetchone()
