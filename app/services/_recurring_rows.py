"""Inner functions: templates of recurring visits as rows, and the drafts they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.fee_book import times
from app.domain.findings import Finding
from app.domain.rhythm import Rhythm
from app.models.attachments import RecurringDay, RecurringLine, RecurringVisit
from app.models.people import Patient
from app.models.visits import ChargeLine, Diagnosis, Encounter
from app.services import _fee_rows
from app.services.encounter_commands import SaveEncounter, SaveLine

_LINE = (
    "code",
    "modifiers",
    "pointers",
    "units",
    "description",
    "ndc_code",
    "ndc_unit",
    "ndc_quantity",
    "charge_cents",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A recurring visit with its lines and what became of its days."""

    row: RecurringVisit
    name: str
    lines: tuple[RecurringLine, ...]
    settled: dict[date, int | None]

    @property
    def rhythm(self) -> Rhythm:
        """Its days."""
        row = self.row
        return Rhythm(row.first_on, row.every, row.unit, row.until, row.times)

    @property
    def made(self) -> int:
        """How many encounters were made of it."""
        return sum(key is not None for key in self.settled.values())

    def due(self, today: date) -> list[date]:
        """Days up to today that nobody has settled; none after its end."""
        end = self.row.ended_on
        last = today if end is None else min(today, end - timedelta(days=1))
        return [day for day in self.rhythm.days(last) if day not in self.settled]

    def next_on(self, today: date) -> date | None:
        """The next day to come after today that is not skipped; the oldest due day before it."""
        if self.row.ended_on is not None:
            return None
        if waiting := self.due(today):
            return waiting[0]
        day = self.rhythm.next_after(today)
        while day is not None and day in self.settled:
            day = self.rhythm.next_after(day)
        return day


def template(session: Session, recurring_id: int) -> RecurringVisit:
    """One template.

    Raises:
        NotFound: it is no longer there.
    """
    row = session.get(RecurringVisit, recurring_id)
    if row is None:
        raise NotFound("This recurring visit is no longer there. Refresh the list.")
    return row


def load(session: Session) -> list[Template]:
    """All templates by the patient's name: three statements whatever their number."""
    rows = session.execute(
        select(RecurringVisit, Patient.last, Patient.first)
        .join(Patient, Patient.id == RecurringVisit.patient_id)
        .order_by(Patient.last, Patient.first, RecurringVisit.id)
    ).all()
    if not rows:
        return []
    lines: dict[int, list[RecurringLine]] = {}
    query = select(RecurringLine).order_by(RecurringLine.recurring_id, RecurringLine.position)
    for line in session.scalars(query):
        lines.setdefault(line.recurring_id, []).append(line)
    settled: dict[int, dict[date, int | None]] = {}
    for day in session.scalars(select(RecurringDay)):
        settled.setdefault(day.recurring_id, {})[day.day] = day.encounter_id
    return [
        Template(row, f"{last}, {first}", tuple(lines.get(row.id, ())), settled.get(row.id, {}))
        for row, last, first in rows
    ]


def from_visit(session: Session, encounter_id: int, now: datetime) -> RecurringVisit:
    """A template of a visit, posted or not: its codes, lines, place and people.

    Raises:
        Invalid: the visit has no service lines.
        NotFound: no such visit.
    """
    visit = session.get(Encounter, encounter_id)
    if visit is None:
        raise NotFound("This encounter is no longer there. Refresh the list.")
    query = select(ChargeLine).where(ChargeLine.encounter_id == encounter_id)
    lines = session.scalars(query.order_by(ChargeLine.position, ChargeLine.id)).all()
    if not lines:
        raise Invalid([Finding("lines", "Enter the service lines first; they are what repeats.")])
    codes = session.scalars(
        select(Diagnosis.code)
        .where(Diagnosis.encounter_id == encounter_id)
        .order_by(Diagnosis.position)
    )
    row = _of(visit, " ".join(codes), now)
    session.add(row)
    session.flush()
    for number, line in enumerate(lines, 1):
        own = None if line.place_of_service == visit.place_of_service else line.place_of_service
        values = {name: getattr(line, name) for name in _LINE}
        session.add(
            RecurringLine(recurring_id=row.id, position=number, place_of_service=own, **values)
        )
    return row


def _of(visit: Encounter, codes: str, now: datetime) -> RecurringVisit:
    return RecurringVisit(
        patient_id=visit.patient_id,
        provider_id=visit.provider_id,
        facility_id=visit.facility_id,
        referring_id=visit.referring_id,
        place_of_service=visit.place_of_service,
        prior_authorization=visit.prior_authorization,
        self_pay=visit.self_pay,
        diagnoses=codes,
        every=1,
        unit="weeks",
        first_on=visit.service_date,
        created_at=now,
    )


def command(session: Session, made_of: Template, day: date) -> SaveEncounter:
    """The draft of one day; its charges are those of the charge list now."""
    row = made_of.row
    return SaveEncounter(
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        service_date=day,
        facility_id=row.facility_id,
        place_of_service=row.place_of_service,
        referring_id=row.referring_id,
        referring_qualifier="DN" if row.referring_id else "",
        policy_ids=() if row.self_pay else None,
        diagnoses=tuple(row.diagnoses.split()),
        lines=tuple(_line(session, row, line, day) for line in made_of.lines),
        prior_authorization=row.prior_authorization or "",
    )


def _line(session: Session, row: RecurringVisit, line: RecurringLine, day: date) -> SaveLine:
    return SaveLine(
        code=line.code,
        charge_cents=_charge(session, row, line, day),
        modifiers=line.modifiers or "",
        pointers=line.pointers or "",
        units=line.units,
        place_of_service=line.place_of_service or "",
        description=line.description or "",
        ndc_code=line.ndc_code or "",
        ndc_unit=line.ndc_unit or "",
        ndc_quantity=line.ndc_quantity or "",
    )


def _charge(session: Session, row: RecurringVisit, line: RecurringLine, day: date) -> int:
    """What is charged for a line on that day; what it cost before, for a code on no list."""
    policies = () if row.self_pay else None
    payer = _fee_rows.payer_of(session, row.patient_id, policies, day)
    own = _fee_rows.charge_of(session, line.code, line.modifiers or "", day, payer)
    return line.charge_cents if own is None else times(own, line.units)


def made(session: Session, encounter_ids: Sequence[int]) -> list[tuple[RecurringDay, Encounter]]:
    """The days that made these encounters."""
    rows = session.execute(
        select(RecurringDay, Encounter)
        .join(Encounter, Encounter.id == RecurringDay.encounter_id)
        .where(Encounter.id.in_(encounter_ids))
    ).all()
    return [(day, visit) for day, visit in rows]
