"""Households: who pays for whom, and money of theirs that waits or is owed back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.domain.books import Account
from app.domain.errors import NotFound
from app.models.books import LineBalance, Payment, Posting
from app.models.people import Guarantor
from app.models.visits import ChargeLine, Encounter
from app.services.desk import Desk
from app.services.people_commands import SaveGuarantor
from app.services.setup import address_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt of which some is not placed yet (cents)."""

    payment_id: int
    received_on: date
    method: str
    number: str
    cents: int


class HouseholdService:
    """Reads about guarantors; one query each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def guarantor(self, guarantor_id: int) -> SaveGuarantor:
        """A guarantor as she or he can be edited.

        Raises:
            NotFound: no such guarantor.
        """
        with self._desk.read() as session:
            row = session.get(Guarantor, guarantor_id)
            if row is None:
                raise NotFound("This guarantor is no longer there. Search again.")
            return SaveGuarantor(
                last=row.last,
                first=row.first,
                middle=row.middle or "",
                address=address_of(row),
                phone=row.phone or "",
                birth_date=row.birth_date,
                guarantor_id=row.id,
            )

    def waiting(self, guarantor_id: int) -> tuple[Waiting, ...]:
        """Receipts of this guarantor with money unapplied, oldest first."""
        waits = -func.sum(Posting.amount_cents)
        query = (
            select(Payment, waits)
            .join(Posting, Posting.payment_id == Payment.id)
            .where(
                Payment.guarantor_id == guarantor_id,
                Payment.kind == "patient",
                Posting.account == str(Account.UNAPPLIED),
            )
            .group_by(Payment.id)
            .having(waits > 0)
            .order_by(Payment.received_on, Payment.id)
        )
        with self._desk.read() as session:
            return tuple(
                Waiting(p.id, p.received_on, p.method, p.number or "", cents)
                for p, cents in session.execute(query)
            )

    def with_credits(self, limit: int = 200) -> tuple[int, ...]:
        """Patients on whose lines somebody has paid too much, oldest service first."""
        query = (
            select(Encounter.patient_id)
            .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
            .join(LineBalance, LineBalance.charge_line_id == ChargeLine.id)
            .where(LineBalance.amount_cents < 0)
            .group_by(Encounter.patient_id)
            .order_by(func.min(ChargeLine.service_from), Encounter.patient_id)
            .limit(limit)
        )
        with self._desk.read() as session:
            return tuple(session.scalars(query))
