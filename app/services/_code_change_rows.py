"""Inner functions: where the practice's own codes stand, in open work and on its lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.fees import FavouriteCode, FavouriteGroup
from app.models.people import Patient
from app.models.visits import ChargeLine, Claim, ClaimLine, Diagnosis, Encounter, Procedure
from app.services import _fee_rows, _recurring_rows
from app.services.code_change_rows import Place

UNSENT = ("ready", "held", "rejected")  # claims that leave, or leave once more
MOST_OPEN = 2_000
_LONGEST_STAY = timedelta(days=62)  # from the first to the last line of one visit


@dataclass(frozen=True, slots=True)
class Line:
    """A service: code, first day, units of a day (0 when they cannot be read), modifiers."""

    code: str
    day: date
    units: Decimal
    modifiers: tuple[str, ...]

    @classmethod
    def of(cls, code: str, first: date, last: date, units: str, modifiers: str | None) -> Line:
        """As a row of the file has it; units over several days are spread evenly."""
        try:
            count = Decimal(units)
        except InvalidOperation:
            count = Decimal(0)
        span = max((last - first).days + 1, 1)
        count = count if count.is_finite() else Decimal(0)
        return cls(code, first, count / span, tuple((modifiers or "").upper().split()))


@dataclass(slots=True)
class OpenItem:
    """A visit, a claim or a recurring visit with the codes on it; ``day`` is its own."""

    place: Place
    key: int
    title: str
    detail: str
    day: date
    dx: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """A code of a list: favourites or charges. ``cents``: what is charged today, of a charge."""

    place: Place
    key: int
    title: str
    detail: str
    dx: tuple[str, ...]
    px: tuple[str, ...]
    cents: int | None = None


def listed(session: Session, today: date) -> list[Listed]:
    """Charges in use and favourites; five statements."""
    charges = _fee_rows.charge_book(session)
    found = [
        Listed(
            Place.CHARGE,
            row.id,
            f"{row.code} {row.modifiers or ''}".strip(),
            row.wording or "",
            tuple((row.diagnoses or "").split()),
            (row.code,),
            charges.charge(row.code, row.modifiers or "", today, None) or row.charge_cents,
        )
        for row in session.scalars(
            select(Procedure).where(Procedure.active).order_by(Procedure.code, Procedure.id)
        )
    ]
    groups: dict[int, tuple[str, list[str], list[str]]] = {}
    query = (
        select(FavouriteGroup.id, FavouriteGroup.name, FavouriteCode.kind, FavouriteCode.code)
        .join(FavouriteCode, FavouriteCode.group_id == FavouriteGroup.id)
        .order_by(FavouriteGroup.position, FavouriteCode.position)
    )
    for key, name, kind, code in session.execute(query):
        _, dx, px = groups.setdefault(key, (name, [], []))
        (dx if kind == "dx" else px).append(code)
    found += [
        Listed(Place.FAVOURITE, key, name, "", tuple(dx), tuple(px))
        for key, (name, dx, px) in groups.items()
    ]
    return found


# --- open work ----------------------------------------------------------------------------------
def open_items(session: Session, since: date, today: date) -> list[OpenItem]:
    """Drafts, claims not out yet, and recurring visits to come; at most nine statements."""
    first = since - _LONGEST_STAY
    return [*_drafts(session, first), *_claims(session, first), *_recurring(session, since, today)]


def _drafts(session: Session, first: date) -> list[OpenItem]:
    rows = session.execute(
        select(Encounter.id, Encounter.service_date, Patient.last, Patient.first)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(Encounter.status == "draft", Encounter.service_date >= first)
        .order_by(Encounter.service_date, Encounter.id)
        .limit(MOST_OPEN)
    ).all()
    items = {
        key: OpenItem(Place.ENCOUNTER, key, f"{last}, {name}", "", day)
        for key, day, last, name in rows
    }
    if items:
        which = and_(Encounter.status == "draft", Encounter.service_date >= first)
        _add_codes(session, items, {key: key for key in items}, which)
        _add_draft_lines(session, items, which)
    return list(items.values())


def _lines_by(key: InstrumentedAttribute[int]) -> Select[int, str, date, date, str, str | None]:
    line = ChargeLine
    return select(
        key, line.code, line.service_from, line.service_to, line.units, line.modifiers
    ).select_from(line)


def _add_draft_lines(
    session: Session, items: Mapping[int, OpenItem], which: ColumnElement[bool]
) -> None:
    for key, code, first, last, units, modifiers in session.execute(
        _lines_by(ChargeLine.encounter_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(which)
        .order_by(ChargeLine.encounter_id, ChargeLine.position)
    ):
        if key in items:
            items[key].lines.append(Line.of(code, first, last, units, modifiers))


def _claims(session: Session, first: date) -> list[OpenItem]:
    which = and_(Claim.status.in_(UNSENT), Encounter.service_date >= first)
    rows = session.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.status,
            Encounter.id,
            Encounter.service_date,
            Patient.last,
            Patient.first,
        )
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(which)
        .order_by(Encounter.service_date, Claim.id)
        .limit(MOST_OPEN)
    ).all()
    items = {
        key: OpenItem(Place.CLAIM, key, f"{last}, {name}", f"{number}, {status}", day)
        for key, number, status, _, day, last, name in rows
    }
    if items:
        ids = {key: encounter for key, _, _, encounter, *_ in rows}
        _add_codes(session, items, ids, Encounter.id.in_(_encounters_of(which)))
        _add_claim_lines(session, items, which)
    return list(items.values())


def _add_claim_lines(
    session: Session, items: Mapping[int, OpenItem], which: ColumnElement[bool]
) -> None:
    for key, code, first, last, units, modifiers in session.execute(
        _lines_by(ClaimLine.claim_id)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .where(which)
        .order_by(ClaimLine.claim_id, ChargeLine.position)
    ):
        if key in items:
            items[key].lines.append(Line.of(code, first, last, units, modifiers))


def _encounters_of(which: ColumnElement[bool]) -> Select[int]:
    return (
        select(Claim.encounter_id).join(Encounter, Encounter.id == Claim.encounter_id).where(which)
    )


def _add_codes(
    session: Session,
    items: Mapping[int, OpenItem],
    encounter_of: Mapping[int, int],
    which: ColumnElement[bool],
) -> None:
    codes: dict[int, list[str]] = {}
    for key, code in session.execute(
        select(Diagnosis.encounter_id, Diagnosis.code)
        .join(Encounter, Encounter.id == Diagnosis.encounter_id)
        .where(which)
        .order_by(Diagnosis.encounter_id, Diagnosis.position)
    ):
        codes.setdefault(key, []).append(code)
    for key, item in items.items():
        item.dx += codes.get(encounter_of[key], [])


def _recurring(session: Session, since: date, today: date) -> list[OpenItem]:
    found = []
    for template in _recurring_rows.load(session):
        if template.row.ended_on is not None:
            continue
        waiting = [day for day in template.due(today) if day >= since]
        day = waiting[0] if waiting else _to_come(template, max(since - _DAY, today))
        if day is not None:
            lines = [Line.of(n.code, day, day, n.units, n.modifiers) for n in template.lines]
            codes = template.row.diagnoses.split()
            words = template.rhythm.words()
            found.append(
                OpenItem(Place.RECURRING, template.row.id, template.name, words, day, codes, lines)
            )
    return found


_DAY = timedelta(days=1)


def _to_come(template: _recurring_rows.Template, after: date) -> date | None:
    day = template.rhythm.next_after(after)
    while day is not None and day in template.settled:
        day = template.rhythm.next_after(day)
    return day


def codes_of(items: Iterable[OpenItem], lists: Iterable[Listed]) -> tuple[set[str], set[str]]:
    """All diagnoses and procedures of open work and lists."""
    dx: set[str] = set()
    px: set[str] = set()
    for item in items:
        dx.update(item.dx)
        px.update(line.code for line in item.lines)
    for row in lists:
        dx.update(row.dx)
        px.update(row.px)
    return dx, px
