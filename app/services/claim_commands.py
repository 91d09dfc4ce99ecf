"""Commands and rows about claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.findings import Finding


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


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """Sheets ready for the printer: data only for red stock, and the numbers they carry."""

    claim_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    pdf: bytes
    sheets: int
