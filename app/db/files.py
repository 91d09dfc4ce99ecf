"""Private folders, atomic writes and the lock that keeps a second copy of the program out."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from pathlib import Path

from app.db.troubles import disk_trouble
from app.domain.errors import InUse, StoreTrouble

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

# O_BINARY exists on Windows only, where the default would rewrite line ends.
_BINARY = getattr(os, "O_BINARY", 0)

_HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


def keep_private() -> None:
    """Makes every file this process creates from now on readable by its owner only."""
    os.umask(0o077)


def make_private_folder(folder: Path) -> None:
    """Creates ``folder`` (and its parents) for its owner only; an existing one is tightened.

    Raises:
        StoreTrouble: when the disk does not let us.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise disk_trouble(error) from error


def create_private_file(path: Path) -> None:
    """Creates an empty file of mode 0600; the file must not exist yet.

    Raises:
        StoreTrouble: when the disk does not let us.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, PRIVATE_FILE))
    except OSError as error:
        raise disk_trouble(error) from error


def write_atomic(path: Path, data: bytes) -> None:
    """Replaces ``path`` so that a crash leaves the old bytes or the new ones, never a mixture.

    Raises:
        StoreTrouble: when the disk does not let us; ``path`` is then as it was.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            _write_synced(draft, data)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_trouble(error) from error


def _write_synced(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def sync_file(path: Path) -> None:
    """Forces the bytes of a finished file to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Forces a rename inside ``folder`` to the disk; Windows keeps no handle on folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderLock:
    """An operating-system lock on one file; it dies with the process that holds it."""

    def __init__(self, path: Path) -> None:
        """Takes the lock at once.

        Raises:
            InUse: when another program, or another window of this one, holds it.
            StoreTrouble: when the lock file cannot be written.
        """
        try:
            self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        except OSError as error:
            raise disk_trouble(error) from error
        try:
            _lock(self._handle)
        except OSError as error:
            self.release()
            if error.errno not in _HELD:
                raise StoreTrouble(
                    "This disk cannot lock files. Keep the practice on a local disk."
                ) from error
            raise InUse(
                "This practice is already open in another window. Use that one, or close it first."
            ) from error

    def release(self) -> None:
        """Gives the lock back; harmless when it is gone already."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        # flock belongs to this opening of the file: SQLite's own locks cannot cancel it.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
