"""Inner functions: a patient's receipt taken back exactly as it was applied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, PROVISIONAL, Leg
from app.domain.posting import move
from app.models.books import Journal, Payment, Posting
from app.models.people import Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _ledger
from app.services.desk import Desk


def take_back(
    session: Session, desk: Desk, row: Payment, reason: str, on: date | None = None
) -> None:
    """Reverses every application of a receipt, its unapplied part included.

    What was refunded of it stays refunded: then the unapplied goes below zero and is owed.
    """
    taken: list[Leg] = []
    for journal_id in _journals_of(session, row.id):
        taken += _ledger.mirror(session, desk, journal_id, reason, on)
    back = _released_shares(session, taken)
    if back:
        _ledger.post(session, desk, "transfer", back, accounting_date=on, memo=reason)
    row.status = "returned"
    for patient in patients_of(session, row, {leg.line_id for leg in taken if leg.line_id}):
        desk.audit(session, "reverse receipt", patient, "payment", row.id)


def _journals_of(session: Session, payment_id: int) -> list[int]:
    """Unreversed receipt and application journals of a payment, newest first."""
    reversed_ids = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
    return list(
        session.scalars(
            select(Journal.id)
            .join(Posting, Posting.journal_id == Journal.id)
            .where(
                Posting.payment_id == payment_id,
                Journal.kind.in_(("patient_payment", "apply_unapplied", "check_item")),
                Journal.id.not_in(reversed_ids),
            )
            .distinct()
            .order_by(Journal.id.desc())
        )
    )


def _released_shares(session: Session, taken: list[Leg]) -> list[Leg]:
    """A copay's share that an EOB had already given back to the payer is the patient's to pay."""
    places = {
        (leg.line_id, leg.party_id)
        for leg in taken
        if leg.reason == PROVISIONAL and leg.line_id and leg.party_id not in (None, PATIENT_PARTY)
    }
    back: list[Leg] = []
    for line_id, party_id in sorted((line or 0, party or 0) for line, party in places):
        short = -_ledger.provisional_shares(session, [line_id], party_id)[line_id]
        if short > 0:
            back += move(line_id, party_id, PATIENT_PARTY, short, reason=PROVISIONAL)
    return back


def patients_of(session: Session, receipt: Payment, line_ids: Iterable[int]) -> list[int]:
    """Whom a receipt speaks of: the patients of its lines, else the one named, else all hers."""
    found = session.scalars(
        select(Encounter.patient_id)
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(ChargeLine.id.in_(line_ids))
        .distinct()
    ).all()
    if found or receipt.patient_id is not None:
        return list(found) or [receipt.patient_id or 0]
    of_guarantor = select(Patient.id).where(Patient.guarantor_id == receipt.guarantor_id)
    return list(session.scalars(of_guarantor))
