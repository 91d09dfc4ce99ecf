"""Inner functions: a receipt composed from the books as they were when the money came in."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, Account, CheckItem
from app.domain.errors import Refused
from app.domain.patient_papers import ReceiptContent, ReceiptLine
from app.models.books import Journal, Payment, Posting
from app.models.patient_money import ReceiptPrint
from app.models.people import Guarantor, Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _statement_content
from app.services.desk import Desk

_TENDERS = {
    "check": "Check",
    "cash": "Cash",
    "card": "Card",
    "eft": "Electronic transfer",
    "other": "Other",
}


def kept_or_new(session: Session, desk: Desk, row: Payment) -> bytes:
    """The bytes handed out the first time; the first time they are made and kept.

    Raises:
        Refused: ``not_a_receipt``, ``receipt_taken_back``, ``no_practice``.
    """
    from app.printing.receipt import receipt_pdf  # noqa: PLC0415 - reportlab is heavy

    if row.kind != "patient":
        raise Refused("not_a_receipt", "A receipt is printed for money from a patient only.")
    kept = session.get(ReceiptPrint, row.id)
    if kept is not None:
        return kept.pdf
    if row.status == "returned":
        raise Refused("receipt_taken_back", "This payment was taken back; there is no receipt.")
    pdf = receipt_pdf(compose(session, row))
    session.add(
        ReceiptPrint(
            payment_id=row.id,
            at=desk.clock.now(),
            user_id=desk.user_id,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pdf=pdf,
        )
    )
    return pdf


def compose(session: Session, row: Payment) -> ReceiptContent:
    """What the receipt says: only what stood in the books right after it was entered."""
    journals = _journals(session, row.id)
    lines = _lines(session, row.id, journals)
    fee = -_item(session, row.id, CheckItem.AGENCY_FEE)
    placed = sum(line.cents for line in lines)
    return ReceiptContent(
        sender=_statement_content.sender(session),
        number=row.id,
        received_on=row.received_on,
        received_from=row.from_name or _guarantor(session, row.guarantor_id),
        tender=f"{_TENDERS.get(row.method, row.method)} {row.number or ''}".strip(),
        amount_cents=row.amount_cents,
        fee_cents=fee,
        lines=lines,
        unapplied_cents=row.amount_cents + fee - placed,
        balance_cents=_balance(session, row.guarantor_id, max(journals, default=0)),
    )


def _journals(session: Session, payment_id: int) -> list[int]:
    reversed_ids = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
    query = (
        select(Journal.id)
        .join(Posting, Posting.journal_id == Journal.id)
        .where(
            Posting.payment_id == payment_id,
            Journal.kind == "patient_payment",
            Journal.id.not_in(reversed_ids),
        )
        .distinct()
    )
    return list(session.scalars(query))


def _lines(session: Session, payment_id: int, journals: list[int]) -> tuple[ReceiptLine, ...]:
    query = (
        select(
            Patient.last + ", " + Patient.first,
            ChargeLine.service_from,
            ChargeLine.code,
            ChargeLine.modifiers,
            ChargeLine.description,
            func.sum(Posting.amount_cents),
        )
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(
            Posting.payment_id == payment_id,
            Posting.journal_id.in_(journals),
            Posting.account == str(Account.CASH),
        )
        .group_by(ChargeLine.id)
        .order_by(Patient.last, Patient.first, Patient.id, ChargeLine.service_from, ChargeLine.id)
    )
    return tuple(
        ReceiptLine(name, day, " ".join(part for part in (code, modifiers, words) if part), cents)
        for name, day, code, modifiers, words, cents in session.execute(query)
    )


def _item(session: Session, payment_id: int, kind: CheckItem) -> int:
    """Cents of one kind of item that stands on the payment."""
    query = select(func.sum(Posting.amount_cents)).where(
        Posting.payment_id == payment_id,
        Posting.account == str(Account.CASH),
        Posting.reason == str(kind),
    )
    return session.scalar(query) or 0


def _guarantor(session: Session, guarantor_id: int | None) -> str:
    row = session.get(Guarantor, guarantor_id) if guarantor_id else None
    return f"{row.first} {row.last}" if row else ""


def _balance(session: Session, guarantor_id: int | None, upto: int) -> int | None:
    """What the household owed, and no insurer, right after a journal (cents)."""
    if guarantor_id is None or not upto:
        return None
    owed = session.scalar(
        select(func.sum(Posting.amount_cents))
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(
            Patient.guarantor_id == guarantor_id,
            Posting.account == str(Account.RECEIVABLE),
            Posting.party_id == PATIENT_PARTY,
            Posting.journal_id <= upto,
        )
    )
    waits = session.scalar(
        select(-func.sum(Posting.amount_cents))
        .join(Payment, Payment.id == Posting.payment_id)
        .where(
            Payment.guarantor_id == guarantor_id,
            Payment.kind == "patient",
            Posting.account == str(Account.UNAPPLIED),
            Posting.journal_id <= upto,
        )
    )
    return (owed or 0) - (waits or 0)
