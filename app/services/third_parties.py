"""Money from neither patient nor insurer: a collection agency, an attorney, an employer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account, CheckItem, Leg
from app.domain.errors import Invalid, Refused
from app.domain.findings import Finding
from app.domain.money import format_cents
from app.models.books import Payment
from app.models.people import Party, Policy
from app.models.visits import ChargeLine, Encounter
from app.services import _check_items, _ledger, _payments, _tender
from app.services.desk import Desk
from app.services.payment_commands import METHODS, Application, Received

PAYER_KINDS = {
    "agency": "Collection agency",
    "attorney": "Attorney",
    "employer": "Employer",
    "other": "Somebody else",
}


@dataclass(frozen=True, slots=True)
class OpenPartyCheck:
    """The header of a third party's payment; ``amount_cents`` is what the check says."""

    from_name: str
    amount_cents: int
    kind: str = "other"
    number: str = ""
    method: str = "check"
    received_on: date | None = None
    guarantor_id: int | None = None
    patient_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartyPayment:
    """Part of an open check for what a party owes on a line (cents, before an agency's fee)."""

    payment_id: int
    line_id: int
    party_id: int
    cents: int
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class PartyReceipt:
    """A third party's payment entered and placed at once.

    Attributes:
        check: its header; the amount is what arrived, the fee already taken off.
        fee_cents: what an agency kept for itself; an expense, and the debt is paid in full.
        apply: gross amounts by line; ``from_party`` None is collections for an agency, else the
            patient.
    """

    check: OpenPartyCheck
    apply: tuple[Application, ...] = ()
    fee_cents: int = 0


class ThirdPartyService:
    """Checks of agencies, attorneys and employers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_check(self, command: OpenPartyCheck) -> int:
        """Enters the header of a payment; it stays open until every cent is placed.

        Raises:
            Invalid: with a sentence for each wrong field.
        """
        with self._desk.write() as session:
            row = self._open(session, command)
            self._desk.audit(
                session, "open check", command.patient_id, entity="payment", entity_id=row.id
            )
            return row.id

    def _open(self, session: Session, command: OpenPartyCheck) -> Payment:
        _check_header(command)
        received = command.received_on or self._desk.today
        row = Payment(
            kind="patient",
            method=command.method,
            guarantor_id=command.guarantor_id,
            patient_id=command.patient_id,
            from_name=command.from_name.strip(),
            from_kind=command.kind,
            number=command.number.strip() or None,
            amount_cents=command.amount_cents,
            payment_date=received,
            received_on=received,
            note=command.note.strip() or None,
            created_at=self._desk.clock.now(),
        )
        session.add(row)
        session.flush()
        return row

    def apply(self, command: PartyPayment) -> None:
        """Places part of an open check on what somebody owes on a line.

        Raises:
            Refused: ``closed_check``, ``amount_not_positive``, ``exceeds_open_balance``;
                ``policy:insurer_money_not_patient`` and ``wrong_payer`` for an insurer's check.
            NotFound: no such check or line.
        """
        with self._desk.write() as session:
            row = _payments.open_payment(session, command.payment_id)
            on = command.accounting_date or self._desk.today
            part = Application(command.line_id, command.cents, command.party_id)
            _check_own(session, row, command.party_id)
            self._place(session, row, [part], on)

    def receive(self, command: PartyReceipt) -> Received:
        """Enters, places and closes a payment in one transaction; the rest waits unapplied.

        Raises:
            Invalid: with a sentence for each wrong field.
            Refused: ``exceeds_receipt``, ``exceeds_open_balance``, ``closed_period``.
        """
        gross = command.check.amount_cents + command.fee_cents
        placed = sum(part.cents for part in command.apply)
        _check_header(command.check)
        _check_fee(command)
        if placed > gross:
            raise Refused(
                "exceeds_receipt",
                f"{format_cents(placed)} is applied, but {format_cents(gross)} was collected.",
            )
        with self._desk.write() as session:
            row = self._open(session, command.check)
            usual = COLLECTIONS_PARTY if row.from_kind == "agency" else PATIENT_PARTY
            parts = [Application(a.line_id, a.cents, a.from_party or usual) for a in command.apply]
            self._place(session, row, parts, row.received_on)
            for kind, cents in (
                (CheckItem.AGENCY_FEE, -command.fee_cents),
                (CheckItem.UNAPPLIED, gross - placed),
            ):
                if cents:
                    _check_items.add(session, self._desk, row, kind, cents, on=row.received_on)
            row.status, row.closed_at = "closed", self._desk.clock.now()
            return Received(row.id, gross - placed)

    def _place(self, session: Session, row: Payment, parts: list[Application], on: date) -> None:
        _check_owed(session, parts)
        legs = [
            leg
            for part in parts
            for leg in (
                Leg(Account.CASH, part.cents, line_id=part.line_id, payment_id=row.id),
                Leg(
                    Account.RECEIVABLE,
                    -part.cents,
                    line_id=part.line_id,
                    party_id=part.from_party,
                    payment_id=row.id,
                ),
            )
        ]
        if not legs:
            return
        memo = f"paid by {row.from_name}" if row.from_name else None
        _ledger.post(session, self._desk, "patient_payment", legs, accounting_date=on, memo=memo)
        for patient in _patients(session, [part.line_id for part in parts]):
            self._desk.audit(session, "receive party payment", patient, "payment", row.id)


def _check_header(command: OpenPartyCheck) -> None:
    findings = list(_tender.findings(command.number, command.note, command.method))
    if not command.from_name.strip():
        findings.append(Finding("from_name", "Enter who paid."))
    if command.kind not in PAYER_KINDS:
        findings.append(Finding("kind", "Choose agency, attorney, employer or other."))
    if command.amount_cents < 0:
        findings.append(Finding("amount_cents", "Enter the amount received."))
    if command.method not in METHODS or command.method == "eob_only":
        findings.append(Finding("method", "Choose check, electronic, card or cash."))
    if findings:
        raise Invalid(findings)


def _check_fee(command: PartyReceipt) -> None:
    findings = []
    if command.fee_cents < 0:
        findings.append(Finding("fee_cents", "Enter the agency's fee without a minus sign."))
    if command.fee_cents and command.check.kind != "agency":
        findings.append(Finding("fee_cents", "Only a collection agency keeps a fee."))
    if not command.check.amount_cents + command.fee_cents:
        findings.append(Finding("amount_cents", "Enter the amount received."))
    if findings:
        raise Invalid(findings)


def _check_own(session: Session, row: Payment, party_id: int) -> None:
    """An insurer's own check pays what that insurer owes, or what was collected for it."""
    if row.kind != "insurer" or party_id == COLLECTIONS_PARTY:
        return
    if party_id == PATIENT_PARTY:
        raise Refused(
            "policy:insurer_money_not_patient",
            "An insurer's money cannot pay a patient's share. Refund it to the insurer.",
        )
    owner = session.scalar(
        select(Policy.payer_id)
        .join(Party, Party.policy_id == Policy.id)
        .where(Party.id == party_id)
    )
    if owner != row.payer_id:
        raise Refused("wrong_payer", "This money came from another payer than the one who owes.")


def _check_owed(session: Session, parts: list[Application]) -> None:
    wanted: Counter[tuple[int, int]] = Counter()
    for part in parts:
        _payments.check_positive(part.cents)
        wanted[part.line_id, part.from_party or 0] += part.cents
    owed = _ledger.buckets(session, sorted({line for line, _ in wanted}))
    for (line, party), cents in wanted.items():
        has = max(owed[line].get(party, 0), 0)
        if cents > has:
            raise Refused(
                "exceeds_open_balance",
                f"{format_cents(has)} is open there; {format_cents(cents)} is more than that.",
            )


def _patients(session: Session, line_ids: list[int]) -> list[int]:
    query = (
        select(Encounter.patient_id)
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(ChargeLine.id.in_(line_ids))
        .distinct()
        .order_by(Encounter.patient_id)
    )
    return list(session.scalars(query))
