"""Errors a biller can act on. Anything that is not an ``AppError`` is a bug of ours."""

from __future__ import annotations

from app.domain.findings import Finding


class AppError(Exception):
    """A sentence for the biller: what happened and what to do. Never holds personal data."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(AppError):  # noqa: N818 - the trade's word, and it reads well at the raise
    """What was typed cannot be taken; ``findings`` name each field and its fix."""

    def __init__(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(" ".join(f.message for f in self.findings))


class Refused(AppError):  # noqa: N818
    """A rule of the books or of the trade forbids it. ``code`` is stable and machine-readable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotFound(AppError):  # noqa: N818
    """The thing asked for does not exist (any more)."""


class Conflict(AppError):  # noqa: N818
    """Somebody, or another window, changed it in the meantime."""


class StoreTrouble(AppError):  # noqa: N818
    """The disk or the file fails us: full, locked, unreadable. Nothing was half-written."""


class WrongPassphrase(StoreTrouble):
    """The passphrase or recovery key does not open this practice; the file itself is sound."""


class DamagedFile(StoreTrouble):
    """The header or the database is damaged; it is left untouched."""


class NewerFile(StoreTrouble):
    """The practice was last opened by a newer version of the program."""


class InUse(StoreTrouble):
    """Another copy of the program holds this practice."""
