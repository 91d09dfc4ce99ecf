"""What the disk and SQLite complain about, in sentences a biller can act on."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

from app.domain.errors import AppError, DamagedFile, Refused, StoreTrouble

DISK_FULL = "The disk is full. Free some space and try again; nothing was saved."
READ_ONLY = (
    "The practice folder cannot be written. Check that the disk is not write-protected and that "
    "you own the folder, then try again; nothing was saved."
)
BUSY = "The practice is busy with another task. Wait a moment and try again; nothing was saved."
DISK_ERROR = (
    "The disk reported an error. Close CleanClaim, check the disk, then open the practice again "
    "and look whether the last entry is there before you repeat it."
)
DAMAGED = (
    "The practice file is damaged and was left untouched. Close CleanClaim and restore the "
    "latest backup."
)
CLOSED_PERIOD = "That date lies in a closed month. Use a later date, or reopen the month first."

_OS_SENTENCES = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOTDIR: "A file stands where the practice folder should be. Choose another folder.",
    errno.EMFILE: "Too many files are open. Close other programs and try again.",
}
_SQLITE_SENTENCES = {
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_CANTOPEN": READ_ONLY,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_IOERR": DISK_ERROR,
    "SQLITE_NOMEM": "The computer is out of memory. Close other programs and try again.",
}
# The backup interface of the driver raises without a code; its words are SQLite's own.
_CODES_BY_WORDS = {
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "unable to open database file": "SQLITE_CANTOPEN",
    "database is locked": "SQLITE_BUSY",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
}
_DAMAGE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


def disk_trouble(error: OSError) -> StoreTrouble:
    """The sentence for an operating-system error; paths and names stay out of it."""
    return StoreTrouble(_OS_SENTENCES.get(error.errno or 0, DISK_ERROR))


def sqlite_code(error: BaseException) -> str:
    """Primary SQLite result code by name (``SQLITE_FULL``), empty when there is none.

    Extended codes (``SQLITE_IOERR_FSYNC``) are cut back to their family.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(cause, "sqlite_errorname", "") or "")
    return "_".join(name.split("_")[:2]) or _CODES_BY_WORDS.get(str(cause), "")


def store_trouble(error: BaseException) -> AppError | None:
    """The biller's sentence for a database error; None when the error is a bug of ours."""
    code = sqlite_code(error)
    if code in _DAMAGE:
        return DamagedFile(DAMAGED)
    if code in _SQLITE_SENTENCES:
        return StoreTrouble(_SQLITE_SENTENCES[code])
    cause = error.orig if isinstance(error, DBAPIError) else error
    if code == "SQLITE_CONSTRAINT" and str(cause) == "closed period":
        return Refused("closed_period", CLOSED_PERIOD)
    return None


def ends_trust(error: BaseException) -> bool:
    """Whether the file must not be written again before it was closed and opened anew.

    After a failed fsync the kernel may report success for pages it dropped, so a retry proves
    nothing; a damaged file must not grow.
    """
    return sqlite_code(error) in _DAMAGE | {"SQLITE_IOERR"}
