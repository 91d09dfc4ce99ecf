"""Deposits: paper checks and cash put on a slip for the bank; the slip is kept as printed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, defer

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.models.books import Payment
from app.models.closing import Deposit, DepositItem
from app.models.people import Practice
from app.services import _deposits, _month_close
from app.services.desk import Desk
from app.services.report_commands import DepositRow, WaitingMoney


class DepositService:
    """What waits for the bank, slips, and taking the latest one back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def waiting(self) -> tuple[WaitingMoney, ...]:
        """Closed paper checks and cash receipts on no slip, oldest first.

        EFT, cards and EOBs without money are never among them.
        """
        with self._desk.read() as session:
            return _deposits.waiting(session)

    def deposits(self, limit: int = 200) -> tuple[DepositRow, ...]:
        """Slips, newest first, also those taken back; what the bank returned is told."""
        back = case((Payment.status == "returned", DepositItem.amount_cents), else_=0)
        query = (
            select(Deposit, func.count(DepositItem.id), func.coalesce(func.sum(back), 0))
            .join(DepositItem, DepositItem.deposit_id == Deposit.id)
            .join(Payment, Payment.id == DepositItem.payment_id)
            .group_by(Deposit.id)
            .order_by(Deposit.id.desc())
            .limit(limit)
            .options(defer(Deposit.pdf))
        )
        with self._desk.read() as session:
            return tuple(
                DepositRow(
                    deposit_id=row.id,
                    deposited_on=row.deposited_on,
                    bank=row.bank,
                    count=count,
                    total_cents=row.total_cents,
                    returned_cents=returned,
                    voided_why=row.voided_why or "",
                )
                for row, count, returned in session.execute(query)
            )

    def make(self, payment_ids: Sequence[int], on: date | None = None, bank: str = "") -> int:
        """Puts checks and cash on a slip; returns its number. The slip's PDF is kept.

        Args:
            payment_ids: what goes to the bank, in the order of the slip.
            on: day of the deposit; today when None.
            bank: which account, as the practice calls it.

        Raises:
            Invalid: nothing chosen.
            Refused: ``not_waiting`` when something is no closed paper check or cash receipt, or is
                on a slip already; ``closed_period``; ``deposit_before_receipt``.
        """
        day = on or self._desk.today
        if not payment_ids:
            raise Invalid([Finding("payment_ids", "Choose what goes to the bank.")])
        with self._desk.write() as session:
            items = _chosen(session, payment_ids)
            _check_day(session, day)
            late = [item for item in items if item.received_on > day]
            if late:
                raise Refused(
                    "deposit_before_receipt",
                    "A check cannot be deposited before it was received. Check the date.",
                )
            row = self._slip(session, items, day, bank.strip())
            self._desk.audit(session, "make deposit", entity="deposit", entity_id=row.id)
            return row.id

    def _slip(
        self, session: Session, items: Sequence[WaitingMoney], day: date, bank: str
    ) -> Deposit:
        from app.printing.deposit_slip import Slip, SlipItem, slip_pdf  # noqa: PLC0415 - heavy

        number = (session.scalar(select(func.max(Deposit.id))) or 0) + 1
        practice = session.get(Practice, 1)
        slip = Slip(
            number=number,
            practice=practice.name if practice else "",
            bank=bank,
            on=day,
            items=tuple(SlipItem(i.number, i.who, i.amount_cents, i.method) for i in items),
        )
        pdf = slip_pdf(slip)
        row = Deposit(
            id=number,
            deposited_on=day,
            bank=bank,
            total_cents=slip.total_cents,
            created_at=self._desk.clock.now(),
            user_id=self._desk.user_id,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pdf=pdf,
        )
        session.add(row)
        session.flush()
        session.add_all(
            DepositItem(deposit_id=row.id, payment_id=i.payment_id, amount_cents=i.amount_cents)
            for i in items
        )
        session.flush()
        return row

    def slip(self, deposit_id: int) -> bytes:
        """The slip as it was printed, byte by byte; audited.

        Raises:
            NotFound: no such deposit.
        """
        with self._desk.write() as session:
            row = _deposit(session, deposit_id)
            self._desk.audit(session, "print deposit slip", entity="deposit", entity_id=row.id)
            return row.pdf

    def undo(self, deposit_id: int, why: str) -> None:
        """Takes the latest slip back; its checks wait again.

        Raises:
            NotFound: no such deposit.
            Refused: ``no_reason``, ``not_the_latest``, ``already_undone``, ``closed_period``.
        """
        if not why.strip():
            raise Refused("no_reason", "Say why the slip is taken back.")
        with self._desk.write() as session:
            row = _deposit(session, deposit_id)
            if row.voided_at is not None:
                raise Refused("already_undone", "This slip was already taken back.")
            latest = session.scalar(select(func.max(Deposit.id)).where(Deposit.voided_at.is_(None)))
            if row.id != latest:
                raise Refused("not_the_latest", "Only the latest slip can be taken back.")
            _check_day(session, row.deposited_on)
            row.voided_at, row.voided_by_id = self._desk.clock.now(), self._desk.user_id
            row.voided_why = why.strip()
            self._desk.audit(
                session, "undo deposit", entity="deposit", entity_id=row.id, detail=why.strip()
            )


def _chosen(session: Session, payment_ids: Sequence[int]) -> list[WaitingMoney]:
    waiting = {item.payment_id: item for item in _deposits.waiting(session, payment_ids)}
    if set(payment_ids) != set(waiting) or len(set(payment_ids)) < len(payment_ids):
        raise Refused(
            "not_waiting",
            "Only closed paper checks and cash that are on no slip yet can be deposited. Refresh "
            "the list.",
        )
    return [waiting[key] for key in payment_ids]


def _check_day(session: Session, day: date) -> None:
    through = _month_close.closed_through(session)
    if through is not None and day <= through:
        raise Refused(
            "closed_period", "That month is closed. A deposit is dated in the open month."
        )


def _deposit(session: Session, deposit_id: int) -> Deposit:
    row = session.get(Deposit, deposit_id)
    if row is None:
        raise NotFound("This deposit is no longer there. Refresh the list.")
    return row
