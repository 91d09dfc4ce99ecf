"""Inner functions: raising a schedule by a percentage from a day on, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, cast, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.fee_book import LEAST_PERCENT, MOST_PERCENT, STEPS, raised
from app.domain.findings import Finding
from app.models.fees import Fee, FeeRaise, FeeSchedule
from app.models.visits import ChargeLine, Encounter
from app.services import _fee_rows
from app.services.desk import Desk
from app.services.fee_commands import RaisedFee, RaiseFees, RaiseRow

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InForce:
    """A fee in force on the day of a raise; ``ends`` of the new row is that of the old."""

    code: str
    modifiers: str
    wording: str
    cents: int
    starts: date | None
    ends: date | None
    fee: Fee | None = None  # the dated row itself; None for a plain charge


def check(session: Session, command: RaiseFees, today: date) -> FeeSchedule:
    """The schedule to raise.

    Raises:
        Invalid: a percentage, a rounding or a day that cannot be.
        NotFound: the schedule is gone.
    """
    schedule = session.get(FeeSchedule, command.schedule_id)
    if schedule is None:
        raise NotFound("This fee schedule is no longer there. Refresh the list.")
    found = []
    percent = command.percent_hundredths
    if not LEAST_PERCENT <= percent <= MOST_PERCENT or not percent:
        found.append(Finding("percent", "Type a percentage from -50 to 100, but not 0."))
    if command.round_cents not in STEPS:
        found.append(Finding("round_cents", "Choose what to round to."))
    if schedule.kind == "charges" and command.starts < today:
        found.append(
            Finding("starts", "Type today or a later day: earlier visits keep their charges.")
        )
    if found:
        raise Invalid(found)
    return schedule


def preview(session: Session, schedule: FeeSchedule, command: RaiseFees) -> tuple[RaisedFee, ...]:
    """Every fee in force on the day, before and after; by code."""
    return tuple(
        RaisedFee(row.code, row.modifiers, row.wording, row.cents, _after(row, command))
        for row in in_force(session, schedule, command.starts)
    )


def _after(row: InForce, command: RaiseFees) -> int:
    return raised(row.cents, command.percent_hundredths, command.round_cents)


def in_force(session: Session, schedule: FeeSchedule, on: date) -> list[InForce]:
    """Every fee of a schedule that holds on a day, plain charges among the usual ones; by code."""
    listed = _fee_rows.listed(session)
    words = {code: row.wording or "" for (code, _), row in listed.items()}
    dated = session.scalars(
        select(Fee)
        .where(
            Fee.schedule_id == schedule.id,
            or_(Fee.ends.is_(None), Fee.ends >= on),
        )
        .order_by(Fee.starts)
    ).all()
    found = {
        (row.code, row.modifiers): InForce(
            row.code, row.modifiers, words.get(row.code, ""), row.cents, row.starts, row.ends, row
        )
        for row in dated
        if row.starts is None or row.starts <= on
    }
    if schedule.usual:
        later = {(r.code, r.modifiers): r.starts for r in reversed(dated) if r.starts}
        for (code, modifiers), row in listed.items():
            if row.active and (code, modifiers) not in found:
                follows = later.get((code, modifiers))
                ends = follows - _DAY if follows else None
                found[code, modifiers] = InForce(
                    code, modifiers, row.wording or "", row.charge_cents, None, ends
                )
    return [found[key] for key in sorted(found)]


def apply(session: Session, desk: Desk, schedule: FeeSchedule, command: RaiseFees) -> FeeRaise:
    """Makes the new rows; the old ones end the day before.

    Raises:
        Refused: ``nothing_to_raise``, ``fees_begin_that_day``.
    """
    rows = [
        row
        for row in in_force(session, schedule, command.starts)
        if _after(row, command) != row.cents
    ]
    if not rows:
        raise Refused("nothing_to_raise", "No fee of this schedule would change.")
    if any(row.starts == command.starts for row in rows):
        raise Refused(
            "fees_begin_that_day",
            "Fees of this schedule begin on that very day, perhaps by a raise. Take that raise "
            "back first, or choose another day.",
        )
    made = FeeRaise(
        schedule_id=schedule.id,
        percent_hundredths=command.percent_hundredths,
        round_cents=command.round_cents,
        starts=command.starts,
        created_at=desk.clock.now(),
        user_id=desk.user_id,
    )
    session.add(made)
    session.flush()
    for row in rows:
        if row.fee is not None:
            row.fee.cut_by_id, row.fee.ends = made.id, command.starts - _DAY
    session.execute(insert(Fee), [_new(row, command, made.id) for row in rows])
    return made


def _new(row: InForce, command: RaiseFees, raise_id: int) -> dict[str, object]:
    return {
        "schedule_id": command.schedule_id,
        "code": row.code,
        "modifiers": row.modifiers,
        "cents": _after(row, command),
        "starts": command.starts,
        "ends": row.ends,
        "raise_id": raise_id,
    }


def made(session: Session, schedule_id: int) -> tuple[RaiseRow, ...]:
    """The raises of a schedule, latest first; two queries."""
    count = (
        select(func.count())
        .select_from(Fee)
        .where(Fee.raise_id == FeeRaise.id)
        .correlate(FeeRaise)
        .scalar_subquery()
    )
    rows = session.execute(
        select(FeeRaise, count, _used())
        .where(FeeRaise.schedule_id == schedule_id)
        .order_by(FeeRaise.starts.desc(), FeeRaise.id.desc())
    )
    return tuple(
        RaiseRow(
            row.id,
            row.percent_hundredths,
            row.round_cents,
            row.starts,
            row.created_at,
            fees,
            bool(used),
        )
        for row, fees, used in rows
    )


def _used() -> ColumnElement[bool]:
    """Charges were posted at a price of the raise."""
    return exists().where(
        Fee.raise_id == FeeRaise.id,
        FeeSchedule.id == FeeRaise.schedule_id,
        FeeSchedule.kind == "charges",
        ChargeLine.code == Fee.code,
        ChargeLine.service_from >= Fee.starts,
        ChargeLine.charge_cents == Fee.cents * cast(ChargeLine.units, Integer),
        Encounter.id == ChargeLine.encounter_id,
        Encounter.status == "posted",
    )


def undo(session: Session, raise_id: int) -> FeeRaise:
    """Takes the rows of a raise out again; the rows before them take their days back.

    Raises:
        NotFound: the raise is gone.
        Refused: ``raise_used``, ``later_raise``.
    """
    found = session.execute(select(FeeRaise, _used()).where(FeeRaise.id == raise_id)).one_or_none()
    if found is None:
        raise NotFound("This raise is no longer there. Refresh the list.")
    row, used = found
    if used:
        raise Refused(
            "raise_used", "Charges were posted with this raise. Begin another from a later day."
        )
    rows = session.scalars(select(Fee).where(Fee.raise_id == raise_id)).all()
    if any(fee.cut_by_id is not None for fee in rows):
        raise Refused("later_raise", "Take the later raise back first.")
    spans = {(fee.code, fee.modifiers): fee.ends for fee in rows}
    for before in session.scalars(select(Fee).where(Fee.cut_by_id == raise_id)):
        # Where the raise's own fee was removed by hand, the one before stays as it is.
        before.ends = spans.get((before.code, before.modifiers), before.ends)
        before.cut_by_id = None
    session.flush()
    session.execute(delete(Fee).where(Fee.raise_id == raise_id))
    session.delete(row)
    return row
