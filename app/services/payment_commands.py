"""Commands and results of posting money. Cents everywhere; dates are accounting dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.books import CheckItem
from app.domain.findings import Finding
from app.domain.posting import EobAdjustment, EobLine

METHODS = ("check", "eft", "card", "cash", "eob_only", "other")


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """The header of an insurer's check, EFT or zero-dollar EOB."""

    payer_id: int
    amount_cents: int
    number: str = ""
    payment_date: date | None = None
    received_on: date | None = None
    method: str = "check"
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckOpened:
    """``warnings`` say what to look at once, e.g. a check of the same number and amount."""

    payment_id: int
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EditCheck:
    """Corrects an open check's header; None leaves a field as it is."""

    payment_id: int
    amount_cents: int | None = None
    number: str | None = None
    payment_date: date | None = None


@dataclass(frozen=True, slots=True)
class ClaimLevel:
    """Figures the paper gives for the whole claim only; posting lays them over its lines."""

    paid_cents: int = 0
    adjustments: tuple[EobAdjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class PostEob:
    """One claim's decision as read off the paper.

    With ``claim_level`` the lines tell what is theirs alone; no lines means every line.
    """

    payment_id: int
    claim_id: int
    lines: tuple[EobLine, ...]
    remarks: tuple[str, ...] = ()
    payer_claim_number: str = ""
    from_unapplied: bool = False
    accounting_date: date | None = None
    claim_level: ClaimLevel | None = None


@dataclass(frozen=True, slots=True)
class EobPosted:
    """What posting did, for the notice: cents by kind, and claims it released."""

    eob_id: int
    claim_status: str
    paid_cents: int
    written_off_cents: int
    moved: tuple[tuple[str, int], ...] = ()  # (who owes now, cents)
    released_claims: tuple[str, ...] = ()  # numbers of later payers' claims now ready
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReverseEob:
    """Takes an EOB back on a check: payment, write-offs and transfers alike."""

    eob_id: int
    payment_id: int
    claim_status_after: str | None = None
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class CorrectEobs:
    """EOBs taken back and posted right on one check, together or not at all."""

    payment_id: int
    reverse: tuple[ReverseEob, ...]
    post: tuple[PostEob, ...]


@dataclass(frozen=True, slots=True)
class AddCheckItem:
    """A provider-level item; positive adds to what the check explains, negative takes off."""

    payment_id: int
    kind: CheckItem
    amount_cents: int
    code: str = ""
    note: str = ""
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class PostedItem:
    """A provider-level item that stands on a check (cents); ``note`` is code and words."""

    journal_id: int
    kind: CheckItem
    amount_cents: int
    note: str


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a patient's money for one line; ``from_party``: a payer's bucket (visit copay)."""

    line_id: int
    cents: int
    from_party: int | None = None


@dataclass(frozen=True, slots=True)
class PatientPayment:
    """Money from a patient or guarantor; what is not applied waits as unapplied."""

    guarantor_id: int
    amount_cents: int
    apply: tuple[Application, ...] = ()
    patient_id: int | None = None
    method: str = "check"
    number: str = ""
    received_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A receipt and what of it waits unapplied (cents)."""

    payment_id: int
    unapplied_cents: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Money out: of a line's credit (``line_id``) or of a receipt's unapplied (``source_id``)."""

    to_party: int
    cents: int
    line_id: int | None = None
    source_id: int | None = None
    method: str = "check"
    number: str = ""
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApplyUnapplied:
    """Places waiting money on a line."""

    source_id: int
    line_id: int
    party_id: int
    cents: int
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check as it stands: what it says, what is in the books, what remains (cents)."""

    payment_id: int
    payer_id: int | None
    payer_name: str
    number: str
    method: str
    payment_date: date
    received_on: date
    amount_cents: int
    allocated_cents: int
    unapplied_cents: int
    status: str  # open, balanced, closed, voided, returned
    deposited_on: date | None = None  # when it went to the bank on a slip that stands

    @property
    def remaining_cents(self) -> int:
        """What is not yet explained; a check closes at 0."""
        return self.amount_cents - self.allocated_cents
