"""Inner functions: how often the practice used its codes, alone and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.visits import ChargeLine, Diagnosis, Encounter


@dataclass(frozen=True, slots=True)
class Use:
    """Visits with a code, and the newest."""

    count: int
    last: date


def used(session: Session, since: date) -> tuple[dict[str, Use], dict[str, Use]]:
    """Diagnoses and procedures of visits from a day on, by code; two statements."""
    diagnoses = session.execute(
        select(Diagnosis.code, func.count(), func.max(Encounter.service_date))
        .join(Encounter, Encounter.id == Diagnosis.encounter_id)
        .where(Encounter.status != "voided", Encounter.service_date >= since)
        .group_by(Diagnosis.code)
    )
    visits = func.count(ChargeLine.encounter_id.distinct())
    procedures = session.execute(
        select(ChargeLine.code, visits, func.max(ChargeLine.service_from))
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(Encounter.status != "voided", Encounter.service_date >= since)
        .group_by(ChargeLine.code)
    )
    return (
        {code: Use(count, last) for code, count, last in diagnoses},
        {code: Use(count, last) for code, count, last in procedures},
    )


def used_together(
    session: Session, pairs: Sequence[tuple[str, str]], since: date
) -> dict[tuple[str, str], Use]:
    """Visits with both codes of a pair on one day; one statement, none without pairs."""
    if not pairs:
        return {}
    one, two = aliased(ChargeLine), aliased(ChargeLine)
    together: list[ColumnElement[bool]] = [
        and_(one.code == first, two.code == second) for first, second in pairs
    ]
    rows = session.execute(
        select(
            one.code,
            two.code,
            func.count(one.encounter_id.distinct()),
            func.max(one.service_from),
        )
        .join(two, and_(two.encounter_id == one.encounter_id, two.service_from == one.service_from))
        .join(Encounter, Encounter.id == one.encounter_id)
        .where(Encounter.status != "voided", Encounter.service_date >= since, or_(*together))
        .group_by(one.code, two.code)
    )
    return {(first, second): Use(count, last) for first, second, count, last in rows}
