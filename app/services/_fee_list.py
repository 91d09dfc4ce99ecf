"""Inner functions: fee schedules as lists, on the screen and in files."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.fee_sheet import SheetFee
from app.models.fees import Fee, FeeSchedule
from app.models.people import Payer
from app.models.visits import Procedure
from app.services import _fee_rows
from app.services.fee_commands import FeeView, ScheduleKind, ScheduleRow

_DAY = timedelta(days=1)


def schedules(session: Session) -> tuple[ScheduleRow, ...]:
    """The usual charges first, those no longer in use last."""
    codes = (
        select(func.count(func.distinct(Fee.code + " " + Fee.modifiers)))
        .where(Fee.schedule_id == FeeSchedule.id)
        .correlate(FeeSchedule)
        .scalar_subquery()
    )
    plain = select(func.count()).select_from(Procedure).where(Procedure.active).scalar_subquery()
    names: dict[int, list[str]] = {}
    payers = session.execute(
        select(Payer.name, Payer.charge_schedule_id, Payer.contract_schedule_id).order_by(
            Payer.name
        )
    )
    for name, *used in payers:
        for key in used:
            if key is not None:
                names.setdefault(key, []).append(name)
    rows = session.execute(
        select(FeeSchedule, codes, plain).order_by(
            FeeSchedule.usual.desc(), FeeSchedule.active.desc(), FeeSchedule.kind, FeeSchedule.name
        )
    )
    return tuple(
        ScheduleRow(
            row.id,
            row.name,
            ScheduleKind(row.kind),
            row.usual,
            row.active,
            listed if row.usual else count,
            tuple(names.get(row.id, ())),
        )
        for row, count, listed in rows
    )


def fees(session: Session, schedule: FeeSchedule, on: date | None) -> tuple[FeeView, ...]:
    """Fees by code and day; the plain charges of the charge list stand among the usual ones."""
    listed = _fee_rows.listed(session)
    words = {key: row.wording or "" for key, row in listed.items()}
    # A contract's fee borrows the words of its code; a charge has its own, or none.
    by_code = {} if schedule.usual else {code: w for (code, _), w in words.items() if w}
    dated = session.scalars(
        select(Fee)
        .where(Fee.schedule_id == schedule.id)
        .order_by(Fee.code, Fee.modifiers, Fee.starts)
    ).all()
    found = [
        FeeView(
            fee.id,
            fee.code,
            fee.modifiers,
            words.get((fee.code, fee.modifiers)) or by_code.get(fee.code, ""),
            fee.cents,
            fee.starts,
            fee.ends,
            fee.raise_id is not None,
        )
        for fee in dated
    ]
    if schedule.usual:
        first = {(f.code, f.modifiers): f.starts for f in reversed(dated)}
        found += [
            FeeView(None, *key, words[key], row.charge_cents, None, _before(first.get(key)))
            for key, row in listed.items()
            if row.active and (key not in first or first[key] is not None)
        ]
    if on is not None:
        found = [f for f in found if _holds(f, on)]
    return tuple(sorted(found, key=lambda f: (f.code, f.modifiers, f.starts or date.min)))


def _before(day: date | None) -> date | None:
    return day - _DAY if day else None


def _holds(fee: FeeView, on: date) -> bool:
    return (fee.starts is None or fee.starts <= on) and (fee.ends is None or fee.ends >= on)


def sheet_rows(session: Session, schedule: FeeSchedule) -> tuple[SheetFee, ...]:
    """Every fee of a schedule for a file."""
    units = {key: row.units or "1" for key, row in _fee_rows.listed(session).items()}
    return tuple(
        SheetFee(
            fee.code,
            fee.modifiers,
            fee.wording,
            fee.cents,
            units.get((fee.code, fee.modifiers), "1") if schedule.usual else "",
            fee.starts,
            fee.ends,
        )
        for fee in fees(session, schedule, None)
    )


def schedule_of(session: Session, schedule_id: int) -> FeeSchedule:
    """A schedule.

    Raises:
        NotFound: it is gone.
    """
    row = session.get(FeeSchedule, schedule_id)
    if row is None:
        raise NotFound("This fee schedule is no longer there. Refresh the list.")
    return row


def users(session: Session, schedule_id: int) -> list[str]:
    """Payers that use a schedule."""
    uses = or_(Payer.charge_schedule_id == schedule_id, Payer.contract_schedule_id == schedule_id)
    return list(session.scalars(select(Payer.name).where(uses).order_by(Payer.name)))
