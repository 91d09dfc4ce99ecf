"""Rows of the posting window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.books import Disposition
from app.domain.eob_entry import EntryLine


@dataclass(frozen=True, slots=True)
class ClaimToPost:
    """A claim found by what stands on the EOB."""

    claim_id: int
    number: str
    patient_name: str
    account_no: str
    service_date: date
    lines: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class LineToPost:
    """One service line of the grid; ``entry`` is what its arithmetic works with.

    ``contract_cents``: what the payer's contract allows for the whole line; None: it does not say.
    """

    entry: EntryLine
    service_date: date
    code: str
    modifiers: str
    decided: bool
    contract_cents: int | None = None


@dataclass(frozen=True, slots=True)
class EarlierEob:
    """A decision on the claim that stands already (cents); ``number`` is its check's."""

    eob_id: int
    payment_id: int
    number: str
    payment_date: date
    paid_cents: int


@dataclass(frozen=True, slots=True)
class PostingClaim:
    """A claim opened in the grid. ``earlier``: decisions that stand, oldest first."""

    claim_id: int
    number: str
    patient_id: int
    patient_name: str
    member_id: str
    status: str
    next_name: str  # who owes after this payer
    lines: tuple[LineToPost, ...]
    provisional_cents: int
    payer_claim_number: str = ""
    earlier: tuple[EarlierEob, ...] = ()


@dataclass(frozen=True, slots=True)
class PostedClaim:
    """One EOB posted on a check (cents). ``owed`` tells who owes what on the claim now.

    ``takeback``: an earlier check's decision taken back on this one; its figures are negative.
    """

    eob_id: int
    claim_id: int
    number: str
    patient_name: str
    billed_cents: int
    paid_cents: int
    written_off_cents: int
    owed: tuple[tuple[str, int], ...]
    held: str  # reason, when something is held
    reversed: bool
    takeback: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the reason table."""

    group: str
    carc: str
    disposition: Disposition
    wording: str
