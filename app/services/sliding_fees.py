"""Sliding fee: the share of a self-pay charge a household is forgiven, by its income."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.findings import Finding
from app.models.patient_money import SlidingFee
from app.services import _statement_acts, _statement_keeping
from app.services.desk import Desk

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class SaveSlidingFee:
    """``percent`` of each charge is forgiven from ``since`` on; ``note`` says what proves it."""

    guarantor_id: int
    percent: int
    since: date | None = None
    until: date | None = None
    note: str = ""


class SlidingFeeService:
    """A household's discount; what was given stays given."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, command: SaveSlidingFee) -> int:
        """Begins a discount in place of any that runs; answers its id.

        Raises:
            Invalid: with a sentence for each wrong field.
            NotFound: no such guarantor.
        """
        since = command.since or self._desk.today
        found = []
        if not 1 <= command.percent <= _WHOLE:
            found.append(Finding("percent", "Enter a share from 1 to 100 percent."))
        if command.until is not None and command.until < since:
            found.append(Finding("until", "The discount ends before it begins."))
        if found:
            raise Invalid(found)
        with self._desk.write() as session:
            _statement_acts.check_guarantor(session, command.guarantor_id)
            _end_running(session, command.guarantor_id, since)
            row = SlidingFee(
                guarantor_id=command.guarantor_id,
                percent=command.percent,
                since=since,
                until=command.until,
                note=command.note.strip() or None,
                user_id=self._desk.user_id,
            )
            session.add(row)
            session.flush()
            self._audit(session, command.guarantor_id, "save sliding fee", row.id)
            return row.id

    def end(self, guarantor_id: int) -> None:
        """Ends the discount that runs; today is the last day of it.

        Raises:
            Refused: ``no_sliding_fee``.
        """
        with self._desk.write() as session:
            row = in_force(session, guarantor_id, self._desk.today)
            if row is None:
                raise Refused("no_sliding_fee", "This household has no sliding fee.")
            row.until = self._desk.today
            self._audit(session, guarantor_id, "end sliding fee", row.id)

    def percent(self, guarantor_id: int) -> int:
        """The share forgiven today, 0 for none."""
        with self._desk.read() as session:
            row = in_force(session, guarantor_id, self._desk.today)
            return row.percent if row else 0

    def _audit(self, session: Session, guarantor_id: int, action: str, key: int) -> None:
        _statement_keeping.audit_household(
            session, self._desk, guarantor_id, action, "sliding_fee", key
        )


def in_force(session: Session, guarantor_id: int, day: date) -> SlidingFee | None:
    """The discount of a household on a day of service."""
    return session.scalar(
        select(SlidingFee)
        .where(
            SlidingFee.guarantor_id == guarantor_id,
            SlidingFee.since <= day,
            or_(SlidingFee.until.is_(None), SlidingFee.until >= day),
        )
        .order_by(SlidingFee.id.desc())
        .limit(1)
    )


def _end_running(session: Session, guarantor_id: int, since: date) -> None:
    row = in_force(session, guarantor_id, since)
    if row is not None and row.since < since:
        row.until = since - timedelta(days=1)
