"""What the coding window needs to know of a patient, of the last visit, of a posted encounter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models.books import Journal, LineBalance, Posting
from app.models.people import Facility, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import _claim_rows
from app.services.claim_commands import ClaimRow
from app.services.desk import Desk

OFFICE_POS = "11"


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy that may be billed for a visit."""

    policy_id: int
    payer: str
    member_id: str
    rank: int
    effective: date | None
    termination: date | None
    payer_id: int | None = None

    def in_force(self, day: date) -> bool:
        """True when it covers services of ``day``."""
        return (self.effective is None or self.effective <= day) and (
            self.termination is None or self.termination >= day
        )


@dataclass(frozen=True, slots=True)
class CodingPatient:
    """The patient of a coding window; ``policies`` by their order, first payer first."""

    patient_id: int
    name: str
    account_no: str
    birth_date: date
    alert: str
    self_pay: bool
    last_visit: date | None
    policies: tuple[PolicyChoice, ...]


@dataclass(frozen=True, slots=True)
class UsualVisit:
    """Provider and place of the encounter entered last; None before the first."""

    provider_id: int | None = None
    facility_id: int | None = None
    place_of_service: str = OFFICE_POS


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of posted charges: when posted, what is still open (cents), the claims."""

    posted_on: date | None
    open_cents: int
    claims: tuple[ClaimRow, ...]


class CodingDeskService:
    """Reads for the coding window; a look at a patient is audited."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def patient(self, patient_id: int) -> CodingPatient:
        """The patient with all policies, ended ones too; the look is audited.

        Raises:
            NotFound: no such patient any more.
        """
        with self._desk.viewing(patient_id, "patient for coding") as session:
            row = session.get(Patient, patient_id)
            if row is None:
                raise NotFound("This patient is no longer there. Refresh the list.")
            return CodingPatient(
                patient_id=row.id,
                name=f"{row.last}, {row.first}",
                account_no=row.account_no,
                birth_date=row.birth_date,
                alert=row.alert or "",
                self_pay=row.do_not_bill_insurance,
                last_visit=_last_visit(session, patient_id),
                policies=_policies(session, patient_id),
            )

    def usual(self) -> UsualVisit:
        """Provider and place as on the encounter entered last; at first, our own office."""
        with self._desk.read() as session:
            last = session.execute(
                select(Encounter.provider_id, Encounter.facility_id, Encounter.place_of_service)
                .order_by(Encounter.id.desc())
                .limit(1)
            ).first()
            if last is not None:
                return UsualVisit(*last)
            office = session.scalar(
                select(Facility.id)
                .where(Facility.active, Facility.place_of_service == OFFICE_POS)
                .order_by(Facility.id)
                .limit(1)
            )
            return UsualVisit(facility_id=office)

    def happened(self, encounter_id: int) -> Happened:
        """What became of an encounter's charges, for a reader who has it open."""
        lines = select(ChargeLine.id).where(ChargeLine.encounter_id == encounter_id)
        with self._desk.read() as session:
            posted_on = session.scalar(
                select(func.min(Journal.accounting_date))
                .join(Posting, Posting.journal_id == Journal.id)
                .where(Posting.charge_line_id.in_(lines), Journal.kind == "charge")
            )
            still_open = session.scalar(
                select(func.coalesce(func.sum(LineBalance.amount_cents), 0)).where(
                    LineBalance.charge_line_id.in_(lines)
                )
            )
            claims = session.scalars(
                select(Claim.id).where(Claim.encounter_id == encounter_id).order_by(Claim.id)
            ).all()
            rows = tuple(_claim_rows.row(session, claim_id) for claim_id in claims)
            return Happened(posted_on, still_open or 0, rows)


def _last_visit(session: Session, patient_id: int) -> date | None:
    return session.scalar(
        select(func.max(Encounter.service_date)).where(
            Encounter.patient_id == patient_id, Encounter.status == "posted"
        )
    )


def _policies(session: Session, patient_id: int) -> tuple[PolicyChoice, ...]:
    dates = (Policy.effective, Policy.termination)
    rows = session.execute(
        select(Policy.id, Payer.name, Policy.member_id, Policy.rank, *dates, Payer.id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(Policy.patient_id == patient_id)
        .order_by(Policy.rank, Policy.id)
    )
    return tuple(PolicyChoice(*row) for row in rows)
