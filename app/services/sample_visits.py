"""Visits of the sample practice: when they happen, and how they are coded."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from app.domain.dates import age_on
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.sample_data import Charge, VisitTemplate
from app.services.sample_office import Registered, SampleOffice, office_day
from app.services.sample_people import Family, Member

_GAP_DAYS = 9  # fewest days between two visits of a patient
_WELL_GAP_DAYS = 366
_INJURIES = {
    "comp": ("injury", "recheck"),
    "feca": ("injury", "recheck"),
    "auto": ("crash", "aftermath"),
}
_TESTS = ("test", "lab")


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit to come. ``accident``: its day, when an accident's payer is billed."""

    day: date
    template: VisitTemplate
    accident: date | None = None


def plan_visits(
    office: SampleOffice, family: Family, member: Member, start: date, months: int
) -> tuple[PlannedVisit, ...]:
    """A patient's visits from ``start`` until before the last day, oldest first."""
    days = _days(office.rng, family.kind.visits * months, start, office.last_day)
    planned: list[PlannedVisit] = []
    last_well: date | None = None
    for number, day in enumerate(days):
        may_be_well = last_well is None or (day - last_well).days >= _WELL_GAP_DAYS
        kinds = _visit_kinds(office, member, day, new=family.new and number == 0, well=may_be_well)
        template = choose_template(office, member, day, kinds)
        last_well = day if template.kind == "well" else last_well
        planned.append(PlannedVisit(day, template))
    if len(member.payers) > 1 and family.kind.accident:
        planned += _accident(office, family.kind.accident, start)
    if family.kind.name == "retiree" and office.once("secondary to bill"):
        plain = next(visit for visit in office.book.visits if visit.kind == "office")
        day = office_day(office.last_day - timedelta(days=13))
        planned = [visit for visit in planned if abs((visit.day - day).days) >= _GAP_DAYS]
        planned.append(PlannedVisit(day, plain))
    return tuple(sorted(planned, key=lambda visit: visit.day))


def _days(rng: random.Random, per_18_months_x_months: int, start: date, end: date) -> list[date]:
    """About as many days as the rate says, at least ``_GAP_DAYS`` apart."""
    whole, rest = divmod(per_18_months_x_months, 18)
    count = whole + (rng.randrange(18) < rest) + rng.choice((-1, 0, 0, 0, 1))
    found: list[date] = []
    span = (end - start).days
    for _ in range(max(count, 0)):
        day = office_day(start + timedelta(days=rng.randrange(span)))
        if day < end and all(abs((day - other).days) >= _GAP_DAYS for other in found):
            found.append(day)
    return sorted(found)


def _visit_kinds(
    office: SampleOffice, member: Member, day: date, *, new: bool, well: bool
) -> tuple[str, ...]:
    if new:
        return ("new",)
    age = _age(member, day)
    if member.payers[:1] == ("medicare",) and age >= 80 and office.chance(15):
        return ("nursing",)
    if member.payers[:1] in (("blue",), ("piedmont",)) and office.chance(8):
        return ("video", "office")
    plain = ("office",) if member.payers[:1] == ("champva",) else ("office", "well")
    return plain if well else ("office",)


def choose_template(
    office: SampleOffice, member: Member, day: date, kinds: tuple[str, ...]
) -> VisitTemplate:
    """A visit of one of the kinds that fits the patient's age and sex and the season."""
    age = _age(member, day)
    fits = [
        visit
        for visit in office.book.visits
        if visit.kind in kinds
        and visit.sex in ("", member.command.sex)
        and visit.min_age <= age <= visit.max_age
        and (not visit.months or day.month in visit.months)
    ]
    if not fits:
        return next(v for v in office.book.visits if v.diagnoses == ("L30.9",))
    return office.rng.choices(fits, [visit.weight for visit in fits])[0]


def _age(member: Member, day: date) -> int:
    return age_on(member.command.birth_date or day, day)


def _accident(office: SampleOffice, payer: str, start: date) -> Iterator[PlannedVisit]:
    span = max((office.last_day - start).days - 30, 2)
    happened = start + timedelta(days=office.rng.randrange(1, span))
    for kind, after in zip(_INJURIES[payer], (1, 16), strict=True):
        fits = [visit for visit in office.book.visits if visit.kind == kind]
        template = office.rng.choices(fits, [visit.weight for visit in fits])[0]
        day = office_day(happened + timedelta(days=after))
        if day < office.last_day:
            yield PlannedVisit(day, template, happened)


def encounter_of(
    office: SampleOffice, member: Member, who: Registered, visit: PlannedVisit
) -> SaveEncounter:
    """The visit as the biller codes it; charges come from the practice's own list."""
    accident = visit.accident is not None
    payers = member.payers[-1:] if accident else _health_payers(member)
    charges = [office.book.charges[line.code] for line in visit.template.lines]
    doctor = office.rng.randrange(len(office.providers))
    place = {"nursing": "32", "video": "10"}.get(visit.template.kind, "11")
    kinds = {charge.kind for charge in charges}
    tests = not kinds.isdisjoint(_TESTS)
    encounter = SaveEncounter(
        patient_id=who.patient_id,
        provider_id=office.providers[doctor],
        service_date=visit.day,
        facility_id=office.facilities[place == "32"],
        place_of_service=place,
        referring_id=office.ordering[doctor] if tests else None,
        referring_qualifier="DK" if tests else "",
        policy_ids=tuple(who.policies[key] for key in payers),
        diagnoses=visit.template.diagnoses,
        lines=tuple(map(partial(_line, payers), visit.template.lines, charges)),
        clia=office.book.clia if "lab" in kinds else "",
        prior_authorization=_approval(charges, payers, who, visit),
    )
    return _with_accident(encounter, payers, visit) if accident else encounter


def _approval(
    charges: list[Charge], payers: tuple[str, ...], who: Registered, visit: PlannedVisit
) -> str:
    """The number that one plan wants before a joint is injected (item 23)."""
    wanted = payers[:1] == ("blue",) and any(charge.code == "20610" for charge in charges)
    return f"PA{visit.day:%y%m%d}{who.patient_id}" if wanted else ""


def _health_payers(member: Member) -> tuple[str, ...]:
    return tuple(key for key in member.payers if key not in _INJURIES)


def _with_accident(
    encounter: SaveEncounter, payers: tuple[str, ...], visit: PlannedVisit
) -> SaveEncounter:
    """Items 10 and 14: what happened, where and when."""
    auto = payers == ("auto",)
    return replace(
        encounter,
        related_employment=not auto,
        related_auto=auto,
        auto_state="VA" if auto else "",
        accident_date=visit.accident,
    )


def _line(payers: tuple[str, ...], line: SaveLine, charge: Charge) -> SaveLine:
    # Medicare reads one pointer a line on paper (Claims Processing Manual ch. 26, item 24E).
    pointers = line.pointers[:1] if "medicare" in payers else line.pointers
    child_checkup = charge.code in ("99392", "99393", "99394") and payers[:1] == ("medicaid",)
    return replace(
        line,
        pointers=pointers,
        epsdt="NU" if child_checkup else "",
        ndc_code=charge.ndc,
        ndc_unit=charge.ndc_unit,
        ndc_quantity=charge.ndc_quantity,
    )
