"""Collects what is wrong with a command, field by field, so that she sees it all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.errors import Invalid
from app.domain.findings import Finding, Severity


@dataclass(slots=True)
class FieldChecks:
    """``take`` runs a check on a text and keeps its complaint; ``done`` raises if there are any."""

    prefix: str = ""
    findings: list[Finding] = field(default_factory=list)

    def take(self, name: str, check: Callable[[str], str], text: str | None) -> str | None:
        """The normalised text, or None when it is blank or wrong (then a finding is kept)."""
        if text is None or not text.strip():
            return None
        try:
            return check(text)
        except ValueError as error:
            self.add(name, str(error))
            return None

    def need(self, name: str, check: Callable[[str], str], text: str | None, blank: str) -> str:
        """Like ``take``, but a blank is a finding too; returns the text or ''."""
        if text is None or not text.strip():
            self.add(name, blank)
            return ""
        return self.take(name, check, text) or ""

    def text(self, name: str, text: str | None, blank: str) -> str:
        """A required free text, stripped."""
        return self.need(name, str.strip, text, blank)

    def add(self, name: str, message: str, severity: Severity = Severity.ERROR) -> None:
        """Keeps one complaint."""
        self.findings.append(Finding(self.prefix + name, message, severity))

    def done(self) -> tuple[Finding, ...]:
        """Warnings left over.

        Raises:
            Invalid: with everything found, when anything is an error.
        """
        if any(f.severity is Severity.ERROR for f in self.findings):
            raise Invalid(self.findings)
        return tuple(self.findings)


def blank_to_none(text: str | None) -> str | None:
    """Stripped text; blank is None, never ''."""
    return (text or "").strip() or None
