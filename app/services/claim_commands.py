"""Commands and rows about claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.claim_boxes import BoxView
from app.domain.findings import Finding
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
    findings: tuple[Finding, ...]
    steps: tuple[ClaimStep, ...]
    versions: tuple[int, ...]
    encounter_id: int
    policy_id: int
    payer_claim_number: str  # empty until an EOB told it
    boxes: tuple[BoxView, ...] = ()
    lines: tuple[ClaimLineRow, ...] = ()


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
