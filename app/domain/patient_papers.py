"""Papers handed to a patient, as values: receipt, superbill, good faith estimate. Cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address
from app.domain.statement_content import Sender


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Where a part of the money went (cents)."""

    patient: str
    service_date: date
    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """A receipt: who paid how much and how, and what it was applied to.

    ``applied`` and ``unapplied_cents`` sum to ``gross_cents``: the amount, and what a collection
    agency kept of it. ``balance_cents``: what the household owed right after; None for money that
    is not of one household.
    """

    sender: Sender
    number: int
    received_on: date
    received_from: str
    tender: str
    amount_cents: int
    fee_cents: int
    lines: tuple[ReceiptLine, ...]
    unapplied_cents: int
    balance_cents: int | None

    @property
    def gross_cents(self) -> int:
        """What was credited: the amount received and a fee kept from it."""
        return self.amount_cents + self.fee_cents


@dataclass(frozen=True, slots=True)
class SuperbillLine:
    """One service with what the ledger says of it (cents)."""

    service_date: date
    place_of_service: str
    code: str
    modifiers: str
    units: str
    pointers: str
    words: str
    fee_cents: int
    adjusted_cents: int
    insurer_cents: int
    patient_cents: int

    @property
    def balance_cents(self) -> int:
        """What is still owed on it."""
        return self.fee_cents - self.adjusted_cents - self.insurer_cents - self.patient_cents


@dataclass(frozen=True, slots=True)
class SuperbillContent:
    """An itemized receipt a patient sends to his own plan. ``tax_id`` as the payers know it."""

    sender: Sender
    tax_id: str
    group_npi: str
    on: date
    patient: str
    birth_date: date
    address: Address
    account_no: str
    plan: str
    member_id: str
    group_number: str
    insured: str
    provider: str
    provider_npi: str
    taxonomy: str
    place: str
    place_address: Address
    diagnoses: tuple[tuple[str, str, str], ...]  # letter, code, words
    lines: tuple[SuperbillLine, ...]

    @property
    def paid_cents(self) -> int:
        """Everything paid, by whomever."""
        return sum(line.insurer_cents + line.patient_cents for line in self.lines)

    @property
    def balance_cents(self) -> int:
        """What is still owed."""
        return sum(line.balance_cents for line in self.lines)

    @property
    def paid_in_full(self) -> bool:
        """Something was paid and nothing is owed."""
        return self.paid_cents > 0 and self.balance_cents <= 0


@dataclass(frozen=True, slots=True)
class EstimateItem:
    """An expected service and its expected charge (cents)."""

    code: str
    words: str
    units: str
    charge_cents: int


@dataclass(frozen=True, slots=True)
class EstimateContent:
    """A good faith estimate for somebody who pays himself (45 CFR 149.610)."""

    sender: Sender
    tax_id: str
    number: int
    revises: int | None
    given_on: date
    patient: str
    birth_date: date
    address: Address
    service: str
    service_date: date | None
    diagnoses: tuple[str, ...]
    provider: str
    provider_npi: str
    place: str
    place_address: Address
    items: tuple[EstimateItem, ...]
    others: str

    @property
    def total_cents(self) -> int:
        """The expected charges together."""
        return sum(item.charge_cents for item in self.items)
