"""Inner functions: what happens at posting when the patient pays himself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY
from app.domain.posting import write_off
from app.models.people import Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _ledger
from app.services.desk import Desk
from app.services.setup import read_setting
from app.services.sliding_fees import in_force


def forgive(
    session: Session, desk: Desk, visit: Encounter, lines: Sequence[ChargeLine], on: date
) -> int:
    """Writes the household's sliding fee off each charge, cents rounded down; answers the sum."""
    if not read_setting(session, "sliding_fee_at_posting"):
        return 0
    patient = session.get_one(Patient, visit.patient_id)
    row = in_force(session, patient.guarantor_id, visit.service_date)
    if row is None:
        return 0
    parts = [(line.id, line.charge_cents * row.percent // 100) for line in lines]
    legs = [
        leg
        for key, cents in parts
        for leg in write_off(key, PATIENT_PARTY, cents, reason="sliding_fee")
    ]
    total = sum(cents for _, cents in parts)
    if total:
        memo = f"{row.percent} percent"
        _ledger.post(session, desk, "write_off", legs, accounting_date=on, memo=memo)
    return total
