"""Commands and rows about claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.claim_boxes import BoxView
from app.domain.findings import Finding, Severity
from app.domain.money import Cents
from app.domain.print_ops import SheetOps


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A further claim: a correction (7), a void (8), or a fresh original (1) of an encounter.

    ``line_ids`` None takes the lines of the claim it replaces, or all of the encounter.
    """

    encounter_id: int
    policy_id: int
    frequency: str = "1"
    replaces_id: int | None = None
    original_reference: str = ""
    line_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class PassEdit:
    """Errors of one claim edit that she lets pass, with her reason; it is kept with the claim.

    ``place`` empty means everywhere on the claim.
    """

    claim_id: int
    edit_id: str
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """One finding on a claim, the sheet it stands on (from 0), and why she let it pass, if so."""

    finding: Finding
    sheet: int = 0
    reason: str = ""

    @property
    def stops(self) -> bool:
        """True while the claim may not print because of it."""
        return self.finding.severity is Severity.ERROR and not self.reason

    @property
    def place(self) -> str:
        """Where it stands, stable from one check to the next: ``24_2_D_cpt@1``."""
        return f"{self.finding.field}@{self.sheet}" if self.sheet else self.finding.field

    @property
    def rank(self) -> int:
        """Order of reading: what stops the claim, then warnings, then what she let pass."""
        return 0 if self.stops else 2 if self.reason else 1

    @property
    def shown(self) -> Finding:
        """As she reads it: what she let pass is a warning that says why."""
        if not self.reason:
            return self.finding
        message = f"{self.finding.message} You let it pass: {self.reason}"
        return replace(self.finding, severity=Severity.WARNING, message=message)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list."""

    claim_id: int
    number: str
    patient_id: int
    patient_name: str
    payer: str
    rank: int
    status: str
    service_date: date
    total_cents: int
    open_cents: int
    follow_up_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """One step of a claim's life."""

    at: datetime
    on_date: date
    user: str
    to_status: str
    note: str


@dataclass(frozen=True, slots=True)
class ClaimLineRow:
    """A charge line a claim carries."""

    line_id: int
    code: str
    modifiers: str
    charge_cents: Cents


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim opened: what would print (or was printed), what is wrong, what happened so far."""

    row: ClaimRow
    picture_pdf: bytes  # the whole form, our own drawing
    sheets: int
    checks: tuple[ClaimCheck, ...]
    steps: tuple[ClaimStep, ...]
    versions: tuple[int, ...]
    encounter_id: int
    policy_id: int
    payer_claim_number: str  # empty until an EOB told it
    boxes: tuple[BoxView, ...] = ()
    lines: tuple[ClaimLineRow, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, as she reads it."""
        return tuple(check.shown for check in self.checks)


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """Claims frozen for the printer, in order.

    Attributes:
        claim_ids, numbers: the claims.
        pdf: all sheets in one document; empty when only frozen (``ClaimService.freeze``).
        sheets: how many sheets of paper.
        drawn: the sheets as operations, for a printer's painter.
        want_stock: numbers of claims drawn whole although their payer takes red stock only.
    """

    claim_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    pdf: bytes
    sheets: int
    drawn: tuple[SheetOps, ...] = ()
    want_stock: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reprint:
    """The very PDF that was printed; ``drawn`` is empty when today's drawing would differ."""

    pdf: bytes
    drawn: tuple[SheetOps, ...]


@dataclass(frozen=True, slots=True)
class PrintedImage:
    """Claims as a plain-text print image, 66 lines of 80 columns a sheet, ASCII."""

    claim_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    content: bytes
    sheets: int
