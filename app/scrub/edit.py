"""One claim edit, and what it says when it fires."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.claim_form import ClaimForm, PayerType
from app.domain.findings import Finding, Severity
from app.scrub.facts import ScrubFacts

LINES_PER_SHEET = 6


class Scope(StrEnum):
    """To which payers an edit applies before any switch on the payer's record."""

    ALL = "all"
    MEDICARE = "medicare"
    MEDICAID = "medicaid"
    MEDICARE_MEDICAID = "medicare, medicaid"
    COMMERCIAL = "commercial"  # every payer but Medicare and Medicaid
    INJURY = "workers_comp, auto"
    # A wish or switch on the payer's record, which the check itself reads; always for the first.
    CONFIGURABLE = "configurable"
    MEDICARE_CONFIGURABLE = "medicare, configurable"
    MEDICAID_CONFIGURABLE = "medicaid, configurable"


_SCOPES: dict[Scope, frozenset[PayerType]] = {
    Scope.ALL: frozenset(PayerType),
    Scope.MEDICARE: frozenset({PayerType.MEDICARE}),
    Scope.MEDICAID: frozenset({PayerType.MEDICAID}),
    Scope.MEDICARE_MEDICAID: frozenset({PayerType.MEDICARE, PayerType.MEDICAID}),
    Scope.COMMERCIAL: frozenset(PayerType) - {PayerType.MEDICARE, PayerType.MEDICAID},
    Scope.INJURY: frozenset({PayerType.WORKERS_COMP, PayerType.AUTO}),
    Scope.CONFIGURABLE: frozenset(PayerType),
    Scope.MEDICARE_CONFIGURABLE: frozenset(PayerType),
    Scope.MEDICAID_CONFIGURABLE: frozenset(PayerType),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An edit fired.

    Attributes:
        message: a full sentence: what is wrong and what to do.
        place: printed field of the form it speaks of (``3_month``, ``17b_npi``); for a service
            line only the part after its number (``D_cpt``, ``E_pointer``); empty when none.
        line: position of the service line on the claim, from 0; None when not about a line.
        severity: when it differs from the edit's own.
    """

    message: str
    place: str = ""
    line: int | None = None
    severity: Severity | None = None


Check = Callable[[ClaimForm, ScrubFacts], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Edit:
    """A rule that keeps a bad claim from leaving.

    Attributes:
        id: ``E037``.
        item: of the form (``17``, ``24D``, ``claim``).
        severity: error stops printing unless overridden with a reason; warning asks for a look.
        scope: payers it applies to.
        rule: in one line, for the list in Setup.
        check: yields a hit for each fault; silent without the facts it needs.
        source: where the rule stands.
        table: the code table it needs, in words; empty when none.
    """

    id: str
    item: str
    severity: Severity
    scope: Scope
    rule: str
    check: Check
    source: str
    table: str = ""

    def applies_to(self, payer: PayerType) -> bool:
        """True when the edit speaks to claims of this kind of payer."""
        return payer in _SCOPES[self.scope]


@dataclass(frozen=True, slots=True)
class Fired:
    """A finding of an edit with the sheet of the form that it stands on, from 0."""

    finding: Finding
    sheet: int


def run(edits: Iterable[Edit], form: ClaimForm, facts: ScrubFacts) -> tuple[Fired, ...]:
    """Every finding of the edits that apply, errors first, then in the order of the edits."""
    fired = [
        _fired(edit, hit)
        for edit in edits
        if edit.applies_to(form.payer.type) and edit.id not in facts.payer.off
        for hit in edit.check(form, facts)
    ]
    fired.sort(key=lambda f: f.finding.severity is not Severity.ERROR)
    return tuple(fired)


def _fired(edit: Edit, hit: Hit) -> Fired:
    sheet, row = divmod(hit.line, LINES_PER_SHEET) if hit.line is not None else (0, 0)
    field = f"24_{row + 1}_{hit.place}" if hit.line is not None else hit.place
    severity = hit.severity or edit.severity
    item = edit.item.split("/")[0]
    return Fired(Finding(field, hit.message, severity, edit.id, item), sheet)
