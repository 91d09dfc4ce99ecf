"""The practice folder: made whole or not at all, opened with a plain word when it cannot be.

``practice.db`` is the encrypted database, ``practice.key`` its wrapped key, ``practice.lock`` keeps
a second copy of the program out, ``backups`` holds the copies taken before migrations.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.db import keys
from app.db.backup import copy_checked, header_beside
from app.db.connection import refuse_foreign_file
from app.db.database import Database
from app.db.files import (
    FolderLock,
    create_private_file,
    make_private_folder,
    sync_folder,
    write_atomic,
)
from app.db.header import KdfCost, read_header
from app.db.keys import OWASP_FLOOR, STRONG
from app.db.troubles import disk_trouble
from app.db.upgrade import HISTORY, History, bring_up_to_date
from app.domain.errors import InUse, NotFound, Refused, StoreTrouble

DATABASE = "practice.db"
HEADER = "practice.key"
LOCK = "practice.lock"

_Built = TypeVar("_Built")


def header_path(folder: Path) -> Path:
    """Where the key file of a practice lies."""
    return folder / HEADER


def create_practice(
    folder: Path,
    user_name: str,
    passphrase: str,
    *,
    cost: KdfCost = STRONG,
    history: History = HISTORY,
) -> tuple[Database, str]:
    """Makes a new practice in ``folder``, which must be missing or empty, and opens it.

    Everything is built in a hidden folder beside it and appears by one rename, so a crash leaves a
    full practice or none.

    Returns:
        The open database and the recovery key, to be shown once.

    Raises:
        Invalid: when the user name or the passphrase is blank.
        Refused: ``folder_not_empty``.
        StoreTrouble: when the disk is full or not writable.
    """

    def build(draft: Path) -> tuple[bytes, str]:
        key, recovery_key = keys.create_header(draft / HEADER, [(user_name, passphrase)], cost)
        create_private_file(draft / DATABASE)
        bring_up_to_date(draft / DATABASE, key, history)
        return key, recovery_key

    key, recovery_key = _appear(folder, build)
    return _opened(folder, lambda _: key, history), recovery_key


def open_practice(
    folder: Path,
    user_name: str,
    passphrase: str,
    *,
    floor: KdfCost = OWASP_FLOOR,
    history: History = HISTORY,
) -> Database:
    """Opens a practice with a user's passphrase, migrating an older file first.

    Raises:
        NotFound: when the folder holds no practice.
        WrongPassphrase: when user and passphrase do not fit; the file is sound.
        DamagedFile: when the key file or the database is damaged; both are left untouched.
        NewerFile: when a later version of the program wrote it.
        InUse: when it is open already.
        StoreTrouble: when a file is missing, or the disk is read-only, full or failing.
    """
    return _opened(
        folder, lambda header: keys.unlock(header, user_name, passphrase, floor), history
    )


def open_with_recovery(folder: Path, recovery_key: str, *, history: History = HISTORY) -> Database:
    """Opens a practice with the recovery key; the caller then has a new passphrase chosen.

    Raises:
        NotFound, WrongPassphrase, DamagedFile, NewerFile, InUse, StoreTrouble: as
            ``open_practice``.
    """
    return _opened(folder, lambda path: keys.unlock_with_recovery(path, recovery_key), history)


def restore_practice(
    backup_file: Path,
    folder: Path,
    user_name: str,
    passphrase: str,
    *,
    floor: KdfCost = OWASP_FLOOR,
) -> None:
    """Makes a practice in ``folder`` (missing or empty) out of a backup and its key file.

    The backup is only read. It is opened and checked first, so what appears is sound.

    Raises:
        NotFound: when the backup or its key file is missing.
        WrongPassphrase: when user and passphrase are not those of the backup.
        DamagedFile: when the backup is damaged.
        Refused: ``folder_not_empty``.
        StoreTrouble: when the disk is full or not writable.
    """
    header = header_beside(backup_file)
    if not backup_file.is_file() or not header.is_file():
        raise NotFound(
            "A backup is two files of one name, ending in .db and .key. One of them is missing."
        )
    key = keys.unlock(header, user_name, passphrase, floor)
    refuse_foreign_file(backup_file)

    _appear(folder, lambda draft: _place_backup(draft, backup_file, key))


def add_user(db: Database, user_name: str, passphrase: str, cost: KdfCost = STRONG) -> None:
    """Gives one more user of the open practice a passphrase; see ``keys.add_user``."""
    keys.add_user(db.path.with_name(HEADER), db.raw_key(), user_name, passphrase, cost)


def remove_user(db: Database, user_name: str) -> None:
    """Takes a user's passphrase away; see ``keys.remove_user``."""
    keys.remove_user(db.path.with_name(HEADER), db.raw_key(), user_name)


def set_passphrase(db: Database, user_name: str, new: str, cost: KdfCost = STRONG) -> None:
    """Gives a user a new passphrase after the recovery key was used; see ``keys``."""
    keys.set_passphrase(db.path.with_name(HEADER), db.raw_key(), user_name, new, cost)


def replace_recovery_key(db: Database) -> str:
    """Issues a new recovery key for the open practice; the old sheet is worthless from then on."""
    return keys.replace_recovery_key(db.path.with_name(HEADER), db.raw_key())


def _opened(folder: Path, unlock: Callable[[Path], bytes], history: History) -> Database:
    _look(folder)
    lock = FolderLock(folder / LOCK)
    db: Database | None = None
    try:
        key = unlock(folder / HEADER)
        path = folder / DATABASE
        refuse_foreign_file(path)
        bring_up_to_date(path, key, history)
        db = Database(path, key, lock)
        with db.write():
            pass  # proves the disk lets us write, before the biller has typed anything
    except BaseException as error:
        if db is not None:
            db.close()
        lock.release()
        if isinstance(error, OSError):
            raise disk_trouble(error) from error
        raise
    return db


def _look(folder: Path) -> None:
    try:
        has_database, has_header = (folder / DATABASE).exists(), (folder / HEADER).exists()
    except OSError as error:
        raise disk_trouble(error) from error
    if not has_database and not has_header:
        raise NotFound("There is no practice in this folder. Choose another, or make a new one.")
    if has_header:
        read_header(folder / HEADER)
    if not has_database:
        raise StoreTrouble("The file practice.db is missing. Restore it from a backup.")
    if not has_header:
        raise StoreTrouble(
            "The file practice.key is missing, and without it nothing can be read. Restore it from "
            "a backup."
        )


def _place_backup(draft: Path, backup_file: Path, key: bytes) -> None:
    working = draft / "restoring.db"
    try:
        # SQLite makes files beside what it opens: never beside somebody's backup.
        shutil.copyfile(backup_file, working)
        copy_checked(working, key, draft / DATABASE)
        write_atomic(draft / HEADER, header_beside(backup_file).read_bytes())
    finally:
        for suffix in ("", "-wal", "-shm"):
            working.with_name(working.name + suffix).unlink(missing_ok=True)


def _appear(folder: Path, build: Callable[[Path], _Built]) -> _Built:
    """Runs ``build`` in a hidden folder, then lets it appear as ``folder`` by one rename."""
    folder = folder.absolute()
    try:
        if folder.exists() and any(folder.iterdir()):
            raise Refused(
                "folder_not_empty", "This folder is not empty. Choose an empty one or a new name."
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        draft = folder.with_name(f"{_draft_prefix(folder)}{secrets.token_hex(4)}")
        make_private_folder(draft)
        try:
            built = _build_locked(draft, build)
            if folder.exists():
                folder.rmdir()  # Windows does not rename onto a folder, not even an empty one
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(folder.parent)
    except OSError as error:
        raise disk_trouble(error) from error
    return built


def _build_locked(draft: Path, build: Callable[[Path], _Built]) -> _Built:
    lock = FolderLock(draft / LOCK)  # tells a second copy of the program to leave it alone
    try:
        built = build(draft)
        sync_folder(draft)
    finally:
        lock.release()
    return built


def _draft_prefix(folder: Path) -> str:
    return f".{folder.name}.making-"


def _sweep(folder: Path) -> None:
    """Removes what a creation left behind that died half-way; nobody can have used it."""
    for leftover in folder.parent.glob(f"{_draft_prefix(folder)}*"):
        try:
            FolderLock(leftover / LOCK).release()
        except InUse:
            continue
        shutil.rmtree(leftover, ignore_errors=True)
