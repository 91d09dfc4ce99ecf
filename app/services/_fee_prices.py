"""Inner functions: putting a price into a schedule, so that no two rows hold on one day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.dates import format_date
from app.models.fees import Fee
from app.models.visits import Procedure

DAY = timedelta(days=1)


class Dated(Protocol):
    """Anything that holds between two days of service."""

    starts: date | None
    ends: date | None


def gives_way(row: Dated, starts: date | None, ends: date | None) -> bool:
    """True for an older row that a new one follows: it is ended the day before."""
    if starts is None or (row.starts is not None and row.starts >= starts):
        return False
    return ends is None or (row.ends is not None and row.ends <= ends)


def clash(
    session: Session,
    schedule_id: int,
    code: str,
    modifiers: str,
    span: tuple[date | None, date | None],
    but: int | None = None,
) -> Fee | None:
    """A row that holds on a day of the span and would not simply end the day before it."""
    starts, ends = span
    query = select(Fee).where(
        Fee.schedule_id == schedule_id,
        Fee.code == code,
        Fee.modifiers == modifiers,
        Fee.id.is_distinct_from(but),
    )
    if ends is not None:
        query = query.where(or_(Fee.starts.is_(None), Fee.starts <= ends))
    if starts is not None:
        query = query.where(or_(Fee.ends.is_(None), Fee.ends >= starts))
    for row in session.scalars(query.order_by(Fee.starts)):
        if not gives_way(row, starts, ends):
            return row
    return None


def put(
    session: Session,
    schedule_id: int,
    code: str,
    modifiers: str,
    cents: int,
    span: tuple[date | None, date | None],
    among: list[Fee] | None = None,
) -> Fee:
    """Adds a row whose span clashes with none; the row before it ends the day before.

    ``among``: the rows of the code with these modifiers, where the caller has read them already.
    """
    starts, ends = span
    known = _rows(session, schedule_id, code, modifiers) if among is None else among
    for row in known:
        early = row.starts is None or (starts is not None and row.starts < starts)
        if starts is not None and early and (row.ends is None or row.ends >= starts):
            row.ends = starts - DAY
    fee = Fee(
        schedule_id=schedule_id,
        code=code,
        modifiers=modifiers,
        cents=cents,
        starts=starts,
        ends=ends,
    )
    session.add(fee)
    known.append(fee)
    return fee


def _rows(session: Session, schedule_id: int, code: str, modifiers: str) -> list[Fee]:
    query = select(Fee).where(
        Fee.schedule_id == schedule_id, Fee.code == code, Fee.modifiers == modifiers
    )
    return list(session.scalars(query))


def clash_words(code: str, row: Dated) -> str:
    """The sentence about a row that stands in the way."""
    since = f" from {format_date(row.starts)}" if row.starts else ""
    until = f" to {format_date(row.ends)}" if row.ends else ""
    when = f"{since}{until}" or " without dates"
    return f"{code} has a fee{when} already. Change that one, or choose another day."


def charge_today(session: Session, usual: int, row: Procedure, cents: int, today: date) -> None:
    """Sets what a row of the charge list costs from today on.

    Where no dated fee holds today the plain charge is changed; else a fee begins today, and the
    dated one ends yesterday, so that visits before today keep their price.
    """
    modifiers = " ".join(sorted(set((row.modifiers or "").split())))
    dated = in_force(session, usual, row.code, modifiers, today)
    if dated is None:
        row.charge_cents = cents
    elif dated.cents != cents and dated.starts == today:
        dated.cents = cents
    elif dated.cents != cents:
        ends = dated.ends
        fee = put(session, usual, row.code, modifiers, cents, (today, None))
        fee.ends = ends


def in_force(session: Session, schedule_id: int, code: str, modifiers: str, on: date) -> Fee | None:
    """The row with exactly these modifiers that holds on a day."""
    return session.scalar(
        select(Fee).where(
            Fee.schedule_id == schedule_id,
            Fee.code == code,
            Fee.modifiers == modifiers,
            or_(Fee.starts.is_(None), Fee.starts <= on),
            or_(Fee.ends.is_(None), Fee.ends >= on),
        )
    )
