"""A statement as a value: all that stands on the paper, frozen when it is sent. Cents."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from app.domain.account_standing import Aging
from app.domain.claim_form import Address
from app.domain.owed import LineFigures, Why


@dataclass(frozen=True, slots=True)
class Sender:
    """The practice: who sends, where the money goes, whom to call."""

    name: str
    address: Address
    phone: str
    tax_id: str
    remit_name: str
    remit_address: Address


@dataclass(frozen=True, slots=True)
class BilledVisit:
    """One visit. ``note`` says what else is to be known of it, e.g. that a plan still decides."""

    encounter_id: int
    service_date: date
    provider: str
    description: str
    figures: LineFigures
    why: tuple[Why, ...]
    note: str = ""

    @property
    def owes_cents(self) -> int:
        """What is asked for this visit: the sum of the reasons; 0 while a plan decides."""
        return sum(why.cents for why in self.why)


@dataclass(frozen=True, slots=True)
class BilledPatient:
    """A patient's visits: those with something due, then those that insurance still decides."""

    patient_id: int
    name: str
    visits: tuple[BilledVisit, ...]


@dataclass(frozen=True, slots=True)
class PaidItem:
    """A payment of the household since the last statement (cents, positive)."""

    on: date
    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class StatementContent:
    """Everything on a statement.

    ``previous_cents + new_cents - paid_cents + other_cents = balance_cents``, the sum of what the
    visits are due; ``amount_cents`` is asked now and differs under a payment plan only.
    """

    sender: Sender
    guarantor_id: int
    guarantor: str
    address: Address
    account_no: str
    number: int
    on: date
    due_on: date
    amount_cents: int
    previous_cents: int
    new_cents: int
    paid_cents: int
    other_cents: int
    balance_cents: int
    aging: Aging
    patients: tuple[BilledPatient, ...]
    payments: tuple[PaidItem, ...] = ()
    credit_cents: int = 0
    unapplied_cents: int = 0
    plan_left_cents: int | None = None
    message: str = ""
    card_fields: bool = False


@dataclass(frozen=True, slots=True)
class LetterContent:
    """The letter before collections: paragraphs with every figure filled in."""

    sender: Sender
    guarantor_id: int
    guarantor: str
    address: Address
    account_no: str
    on: date
    due_on: date
    amount_cents: int
    paragraphs: tuple[str, ...]


def to_json(content: StatementContent | LetterContent) -> str:
    """The content as JSON text with sorted keys; dates in ISO."""
    return json.dumps(asdict(content), default=date.isoformat, sort_keys=True, ensure_ascii=False)
