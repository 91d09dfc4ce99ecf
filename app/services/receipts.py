"""Patients' money: receipts applied to lines, waiting money placed, refunds paid out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, PROVISIONAL, Account, Leg
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.domain.money import format_cents
from app.domain.posting import move
from app.models.books import Payment
from app.models.people import Guarantor, Party, Patient, Policy
from app.models.visits import ChargeLine, Encounter
from app.services import (
    _check_back,
    _ledger,
    _payments,
    _receipt_back,
    _receipt_paper,
    _tender,
)
from app.services.desk import Desk
from app.services.payment_commands import (
    METHODS,
    Application,
    ApplyUnapplied,
    PatientPayment,
    Received,
    Refund,
)


class ReceiptService:
    """Patient payments, refunds and unapplied money."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def receive(self, command: PatientPayment) -> Received:
        """Enters a receipt and applies it in one transaction; the rest waits unapplied.

        Raises:
            Invalid: no amount, unknown guarantor or method.
            Refused: ``exceeds_receipt``, ``exceeds_open_balance``, ``closed_period``.
        """
        self._check_command(command)
        with self._desk.write() as session:
            if session.get(Guarantor, command.guarantor_id) is None:
                raise Invalid([Finding("guarantor_id", "Choose who paid.")])
            row = self._new(command)
            session.add(row)
            session.flush()
            taken: Counter[tuple[int, int]] = Counter()
            legs = [leg for a in command.apply for leg in self._apply(session, a, taken)]
            rest = command.amount_cents - sum(a.cents for a in command.apply)
            legs += [Leg(Account.CASH, rest), Leg(Account.UNAPPLIED, -rest)]
            legs = [replace(leg, payment_id=row.id) for leg in legs]
            on = row.received_on
            _ledger.post(session, self._desk, "patient_payment", legs, accounting_date=on)
            row.status, row.closed_at = "closed", self._desk.clock.now()
            for patient in _receipt_back.patients_of(
                session, row, [a.line_id for a in command.apply]
            ):
                self._desk.audit(session, "receive payment", patient, "payment", row.id)
            return Received(row.id, rest)

    def _check_command(self, command: PatientPayment) -> None:
        findings = list(_tender.findings(command.number, command.note, command.method))
        if command.amount_cents <= 0:
            findings.append(Finding("amount_cents", "Enter the amount received."))
        if command.method not in METHODS or command.method == "eob_only":
            findings.append(Finding("method", "Choose cash, check, card or other."))
        if any(a.cents <= 0 for a in command.apply):
            findings.append(Finding("apply", "An amount applied must be above 0.00."))
        if findings:
            raise Invalid(findings)
        applied = sum(a.cents for a in command.apply)
        if applied > command.amount_cents:
            raise Refused(
                "exceeds_receipt",
                f"{format_cents(applied)} is applied, but only "
                f"{format_cents(command.amount_cents)} was received.",
            )

    def _new(self, command: PatientPayment) -> Payment:
        received = command.received_on or self._desk.today
        return Payment(
            kind="patient",
            method=command.method,
            guarantor_id=command.guarantor_id,
            patient_id=command.patient_id,
            number=command.number.strip() or None,
            amount_cents=command.amount_cents,
            payment_date=received,
            received_on=received,
            note=command.note or None,
            created_at=self._desk.clock.now(),
        )

    def _apply(
        self, session: Session, a: Application, taken: Counter[tuple[int, int]]
    ) -> list[Leg]:
        _check_line(session, a.line_id)
        legs = [
            Leg(Account.CASH, a.cents, line_id=a.line_id),
            Leg(Account.RECEIVABLE, -a.cents, line_id=a.line_id, party_id=PATIENT_PARTY),
        ]
        if a.from_party is None or a.from_party == PATIENT_PARTY:
            return legs
        has = _ledger.buckets(session, [a.line_id])[a.line_id].get(a.from_party, 0)
        has -= taken[a.line_id, a.from_party]
        taken[a.line_id, a.from_party] += a.cents
        if a.cents > has:
            raise Refused(
                "exceeds_open_balance",
                f"Only {format_cents(has)} of this line is open with the payer. Spread the copay "
                "over other lines of the visit, or leave the rest unapplied.",
            )
        return [
            *move(a.line_id, a.from_party, PATIENT_PARTY, a.cents, reason=PROVISIONAL),
            *legs,
        ]

    def apply_unapplied(self, command: ApplyUnapplied) -> None:
        """Places waiting money on a line.

        Raises:
            Refused: ``exceeds_unapplied``; insurer's money on a patient's share
                (``policy:insurer_money_not_patient``).
        """
        _payments.check_positive(command.cents)
        with self._desk.write() as session:
            source = _payments.payment(session, command.source_id)
            _payments.check_unapplied(session, source, command.cents, "exceeds_unapplied")
            if source.kind == "insurer" and command.party_id == PATIENT_PARTY:
                raise Refused(
                    "policy:insurer_money_not_patient",
                    "An insurer's money cannot pay a patient's share. Refund it to the insurer.",
                )
            _check_own_bucket(session, source, command.party_id)
            _check_line(session, command.line_id)
            legs = [
                Leg(Account.UNAPPLIED, command.cents, line_id=command.line_id),
                Leg(
                    Account.RECEIVABLE,
                    -command.cents,
                    line_id=command.line_id,
                    party_id=command.party_id,
                ),
            ]
            legs = [replace(leg, payment_id=source.id, payer_id=source.payer_id) for leg in legs]
            _ledger.post(
                session,
                self._desk,
                "apply_unapplied",
                legs,
                accounting_date=command.accounting_date or self._desk.today,
            )
            patient = _patient_of_line(session, command.line_id)
            self._desk.audit(session, "apply unapplied", patient, "payment", source.id)

    def refund(self, command: Refund) -> int:
        """Pays money back; returns the id of the refund's own document.

        Raises:
            Refused: ``refund_exceeds_credit``, ``refund_exceeds_unapplied``,
                ``policy:payer_still_open``, ``policy:insurer_money_not_patient``.
        """
        _payments.check_positive(command.cents)
        if (command.line_id is None) == (command.source_id is None):
            raise Invalid([Finding("line_id", "Refund either a line's credit or a receipt.")])
        if found := list(_tender.findings(command.number, method=command.method)):
            raise Invalid(found)
        on = command.paid_on or self._desk.today
        with self._desk.write() as session:
            if command.line_id is not None:
                _check_line(session, command.line_id)
            source = _payments.payment(session, command.source_id) if command.source_id else None
            row = self._refund_document(command, on)
            session.add(row)
            session.flush()
            if source is None:
                leg = self._line_credit(session, command, command.line_id or 0, row)
                patients = [row.patient_id]
            else:
                leg = self._receipt_credit(session, command, source, row)
                patients = [*_receipt_back.patients_of(session, source, ())] or [None]
            cash = Leg(Account.CASH, -command.cents, line_id=command.line_id, payment_id=row.id)
            _ledger.post(session, self._desk, "refund", [leg, cash], accounting_date=on)
            row.status, row.closed_at = "closed", self._desk.clock.now()
            for patient in patients:
                self._desk.audit(session, "refund", patient, "payment", row.id)
            return row.id

    def _refund_document(self, command: Refund, on: date) -> Payment:
        return Payment(
            kind="refund",
            method=command.method,
            number=command.number.strip() or None,
            amount_cents=command.cents,
            payment_date=on,
            received_on=on,
            refund_of_id=command.source_id,
            created_at=self._desk.clock.now(),
        )

    def _line_credit(self, session: Session, command: Refund, line_id: int, row: Payment) -> Leg:
        owed = _ledger.buckets(session, [line_id])[line_id]
        credit = -owed.get(command.to_party, 0)
        if command.cents > credit:
            raise Refused(
                "refund_exceeds_credit",
                f"The credit is {format_cents(max(credit, 0))}; "
                f"{format_cents(command.cents)} is more than that.",
            )
        if command.to_party == PATIENT_PARTY and any(
            cents > 0 for party, cents in owed.items() if party != PATIENT_PARTY
        ):
            raise Refused(
                "policy:payer_still_open",
                "An insurer has not yet decided this line. Keep the credit until it has.",
            )
        row.patient_id = _patient_of_line(session, line_id)
        row.payer_id = _payer_of(session, command.to_party)
        if row.payer_id is None:
            row.guarantor_id = session.get_one(Patient, row.patient_id).guarantor_id
        return Leg(
            Account.RECEIVABLE,
            command.cents,
            line_id=line_id,
            party_id=command.to_party,
            payment_id=row.id,
        )

    def _receipt_credit(
        self, session: Session, command: Refund, source: Payment, row: Payment
    ) -> Leg:
        if source.kind == "insurer" and command.to_party == PATIENT_PARTY:
            raise Refused(
                "policy:insurer_money_not_patient",
                "An insurer's money is refunded to the insurer, not to the patient.",
            )
        _payments.check_unapplied(session, source, command.cents, "refund_exceeds_unapplied")
        row.guarantor_id, row.payer_id = source.guarantor_id, source.payer_id
        row.patient_id = source.patient_id
        return Leg(Account.UNAPPLIED, command.cents, payment_id=source.id, payer_id=source.payer_id)

    def receipt_pdf(self, payment_id: int) -> bytes:
        """The receipt as PDF; a second copy is the same bytes, whatever was posted since.

        Raises:
            NotFound: no such payment.
            Refused: ``not_a_receipt``, ``receipt_taken_back``, ``no_practice``.
        """
        with self._desk.write() as session:
            row = _payments.payment(session, payment_id)
            pdf = _receipt_paper.kept_or_new(session, self._desk, row)
            lines = _check_back.lines_on(session, row.id)
            for patient in _receipt_back.patients_of(session, row, lines):
                self._desk.audit(session, "print receipt", patient, "payment", row.id)
            return pdf

    def reverse_receipt(self, payment_id: int, reason: str) -> None:
        """Takes a patient's receipt back exactly as it was applied (entry mistake, NSF).

        Raises:
            Refused: ``not_a_receipt``, ``already_reversed``.
        """
        with self._desk.write() as session:
            row = _payments.payment(session, payment_id)
            if row.kind != "patient":
                raise Refused("not_a_receipt", "Only a patient's receipt is taken back here.")
            if row.status == "returned":
                raise Refused("already_reversed", "This receipt was already taken back.")
            _receipt_back.take_back(session, self._desk, row, reason)


def _check_line(session: Session, line_id: int) -> None:
    if session.get(ChargeLine, line_id) is None:
        raise NotFound("This service line is no longer there. Refresh the page.")


def _payer_of(session: Session, party_id: int) -> int | None:
    """The payer behind a party; None for the patient and collections."""
    return session.scalar(
        select(Policy.payer_id)
        .join(Party, Party.policy_id == Policy.id)
        .where(Party.id == party_id)
    )


def _check_own_bucket(session: Session, source: Payment, party_id: int) -> None:
    """An insurer's waiting money goes to what that insurer owes."""
    if source.kind != "insurer":
        return
    owner = session.scalar(
        select(Policy.payer_id)
        .join(Party, Party.policy_id == Policy.id)
        .where(Party.id == party_id)
    )
    if owner != source.payer_id:
        raise Refused("wrong_payer", "This money came from another payer than the one who owes.")


def _patient_of_line(session: Session, line_id: int) -> int | None:
    return session.scalar(
        select(Encounter.patient_id)
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(ChargeLine.id == line_id)
    )
