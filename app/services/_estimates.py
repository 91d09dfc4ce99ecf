"""Inner functions: an estimate made and kept, found again, and set beside what was charged."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.estimates import DISPUTE_CENTS, due_on
from app.domain.patient_papers import EstimateContent, EstimateItem
from app.models.estimates import Estimate, EstimateComparison, EstimateLine
from app.models.people import Facility, Patient, Practice, Provider
from app.models.visits import ChargeLine, Encounter
from app.services import _statement_content
from app.services._addresses import address_of
from app.services.desk import Desk
from app.services.estimate_commands import MakeEstimate

_VALID_DAYS = 365  # an estimate for recurring care holds for a year at most


def keep(session: Session, desk: Desk, command: MakeEstimate) -> Estimate:
    """Freezes an estimate with its PDF; what it says is checked before."""
    from app.printing.estimate import estimate_pdf  # noqa: PLC0415 - reportlab is heavy

    asked = command.asked_on or desk.today
    row = Estimate(
        patient_id=command.patient_id,
        provider_id=command.provider_id,
        facility_id=command.facility_id,
        occasion=str(command.occasion),
        asked_on=asked,
        service_date=command.service_date,
        due_on=due_on(command.occasion, asked, command.service_date),
        given_on=desk.today,
        service=command.service.strip(),
        diagnoses=" ".join(command.diagnoses) or None,
        others=command.others.strip() or None,
        total_cents=sum(item.charge_cents for item in command.items),
        revises_id=command.revises_id,
        created_at=desk.clock.now(),
        user_id=desk.user_id,
        sha256="",
        pdf=b"",
    )
    session.add(row)
    session.flush()
    row.pdf = estimate_pdf(_content(session, row, command.items))
    row.sha256 = hashlib.sha256(row.pdf).hexdigest()
    session.add_all(
        EstimateLine(
            estimate_id=row.id,
            position=number,
            code=item.code,
            description=item.words,
            units=item.units,
            charge_cents=item.charge_cents,
        )
        for number, item in enumerate(command.items, start=1)
    )
    session.flush()
    return row


def _content(session: Session, row: Estimate, items: tuple[EstimateItem, ...]) -> EstimateContent:
    sender = _statement_content.sender(session)
    practice = session.get_one(Practice, 1)
    patient = session.get_one(Patient, row.patient_id)
    provider = session.get_one(Provider, row.provider_id)
    place = session.get(Facility, row.facility_id) if row.facility_id else None
    name = f"{provider.first} {provider.last}"
    return EstimateContent(
        sender=sender,
        tax_id=tax_id_text(practice),
        number=row.id,
        revises=row.revises_id,
        given_on=row.given_on,
        patient=f"{patient.last}, {patient.first}",
        birth_date=patient.birth_date,
        address=address_of(patient),
        service=row.service,
        service_date=row.service_date,
        diagnoses=tuple((row.diagnoses or "").split()),
        provider=f"{name}, {provider.credentials}" if provider.credentials else name,
        provider_npi=provider.npi,
        place=place.name if place else sender.name,
        place_address=address_of(place) if place else sender.address,
        items=items,
        others=row.others or "",
    )


def tax_id_text(practice: Practice) -> str:
    """The practice's tax ID with its hyphens, EIN or SSN, as payers know it."""
    digits = practice.tax_id
    if practice.tax_id_type == "EIN":
        return f"{digits[:2]}-{digits[2:]}"
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def kept(session: Session, estimate_id: int) -> Estimate:
    """The estimate as given.

    Raises:
        NotFound: no such estimate.
    """
    row = session.get(Estimate, estimate_id)
    if row is None:
        raise NotFound("This estimate is no longer there. Refresh the page.")
    return row


def compare(session: Session, desk: Desk, visit: Encounter) -> int:
    """Sets the charges of a self-pay visit beside its estimate; answers cents above it.

    0 where there is no estimate, and where the charges stay at or under it. The newest standing
    estimate of the provider counts: one for that very day, else one of the last year.
    """
    row = _estimate_for(session, visit)
    if row is None:
        return 0
    query = select(func.sum(ChargeLine.charge_cents)).where(ChargeLine.encounter_id == visit.id)
    over = (session.scalar(query) or 0) - row.total_cents
    session.add(
        EstimateComparison(
            encounter_id=visit.id, estimate_id=row.id, over_cents=over, on_date=desk.today
        )
    )
    return max(over, 0)


def _estimate_for(session: Session, visit: Encounter) -> Estimate | None:
    revised = select(Estimate.revises_id).where(Estimate.revises_id.is_not(None))
    rows = session.scalars(
        select(Estimate)
        .where(
            Estimate.patient_id == visit.patient_id,
            Estimate.provider_id == visit.provider_id,
            Estimate.withdrawn_at.is_(None),
            Estimate.given_on <= visit.service_date,
            Estimate.id.not_in(revised),
        )
        .order_by(Estimate.id.desc())
    ).all()
    that_day = [row for row in rows if row.service_date == visit.service_date]
    used = set(session.scalars(select(EstimateComparison.estimate_id)))
    open_ones = [
        row
        for row in rows
        if row.service_date is None
        and (visit.service_date - row.given_on).days <= _VALID_DAYS
        and row.id not in used
    ]
    return next(iter((*that_day, *open_ones)), None)


def too_high(session: Session) -> list[tuple[int, int, date]]:
    """Visits charged so far above their estimate that they may be disputed, not yet dealt with.

    Patient id, cents above, day it was posted; oldest first.
    """
    query = (
        select(Encounter.patient_id, EstimateComparison.over_cents, EstimateComparison.on_date)
        .join(Encounter, Encounter.id == EstimateComparison.encounter_id)
        .where(
            EstimateComparison.over_cents >= DISPUTE_CENTS,
            EstimateComparison.seen_at.is_(None),
            Encounter.status == "posted",
        )
        .order_by(EstimateComparison.on_date, Encounter.id)
    )
    return [(patient, cents, day) for patient, cents, day in session.execute(query)]
