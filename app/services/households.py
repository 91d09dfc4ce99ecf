"""Households: who pays for whom, and money of theirs that waits or is owed back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from app.domain.books import COLLECTIONS_PARTY, Account
from app.domain.errors import NotFound
from app.models.books import STILL_OPEN, LineBalance, Payment, Posting
from app.models.people import Guarantor, Patient
from app.models.visits import ChargeLine, Encounter
from app.services import _statement_rows
from app.services._addresses import address_of
from app.services._statement_settings import read_policy
from app.services.desk import Desk
from app.services.people_commands import SaveGuarantor


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt of which some is not placed yet (cents)."""

    payment_id: int
    received_on: date
    method: str
    number: str
    cents: int


@dataclass(frozen=True, slots=True)
class Installment:
    """What a payment plan asks for now (cents); ``behind_cents`` of it should have come before."""

    cents: int
    due_on: date
    behind_cents: int


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A payment of a household (cents). ``from_name``: who paid, when somebody else did."""

    payment_id: int
    received_on: date
    from_name: str
    method: str
    number: str
    amount_cents: int
    unapplied_cents: int
    status: str  # open, closed, returned


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

    def installment(self, guarantor_id: int) -> Installment | None:
        """What the household's running payment plan asks for next; None without a plan."""
        today = self._desk.today
        with self._desk.read() as session:
            policy = read_policy(session)
            plans = _statement_rows.plans(session, guarantor_id, policy, today)
        state = next((plan.state for plan in plans if plan.state is not None), None)
        if state is None or state.next_due is None:
            return None
        return Installment(
            state.behind_cents or state.next_cents, state.next_due, state.behind_cents
        )

    def receipts(self, guarantor_id: int, limit: int = 100) -> tuple[ReceiptRow, ...]:
        """Payments of this guarantor, and of others for him, newest first."""
        waits = func.coalesce(
            func.sum(
                case((Posting.account == str(Account.UNAPPLIED), -Posting.amount_cents), else_=0)
            ),
            0,
        )
        query = (
            select(Payment, waits)
            .outerjoin(Posting, Posting.payment_id == Payment.id)
            .where(Payment.guarantor_id == guarantor_id, Payment.kind == "patient")
            .group_by(Payment.id)
            .order_by(Payment.received_on.desc(), Payment.id.desc())
            .limit(limit)
        )
        with self._desk.read() as session:
            return tuple(
                ReceiptRow(
                    payment_id=p.id,
                    received_on=p.received_on,
                    from_name=p.from_name or "",
                    method=p.method,
                    number=p.number or "",
                    amount_cents=p.amount_cents,
                    unapplied_cents=cents,
                    status=p.status,
                )
                for p, cents in session.execute(query)
            )

    def collected_lines(self, guarantor_id: int) -> tuple[tuple[int, int], ...]:
        """Lines that lie with an agency and what is owed on each (cents), oldest first."""
        query = (
            select(LineBalance.charge_line_id, LineBalance.amount_cents)
            .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
            .join(Encounter, Encounter.id == ChargeLine.encounter_id)
            .join(Patient, Patient.id == Encounter.patient_id)
            .where(
                Patient.guarantor_id == guarantor_id,
                LineBalance.party_id == COLLECTIONS_PARTY,
                LineBalance.amount_cents > 0,
            )
            .order_by(ChargeLine.service_from, ChargeLine.id)
        )
        with self._desk.read() as session:
            return tuple((line, cents) for line, cents in session.execute(query))

    def with_credits(self, limit: int = 200) -> tuple[int, ...]:
        """Patients on whose lines somebody has paid too much, oldest service first."""
        query = (
            select(Encounter.patient_id)
            .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
            .join(LineBalance, LineBalance.charge_line_id == ChargeLine.id)
            .where(STILL_OPEN, LineBalance.amount_cents < 0)
            .group_by(Encounter.patient_id)
            .order_by(func.min(ChargeLine.service_from), Encounter.patient_id)
            .limit(limit)
        )
        with self._desk.read() as session:
            return tuple(session.scalars(query))
