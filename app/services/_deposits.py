"""Inner functions: which paper money waits for the bank, and which went there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.models.books import Payment
from app.models.closing import Deposit, DepositItem
from app.models.people import Guarantor, Payer
from app.services.report_commands import WaitingMoney

# EFT, cards and EOBs without money never see the bank's counter (billing rules §2.3).
PAPER = ("check", "cash")


def from_whom() -> ColumnElement[str]:
    """Who a payment came from: a third party by name, else payer, else guarantor."""
    return func.coalesce(Payment.from_name, Payer.name, Guarantor.last + ", " + Guarantor.first, "")


def deposited_on() -> ScalarSelect[date]:
    """The day a payment went to the bank on a slip that stands; None when it did not."""
    return (
        select(func.max(Deposit.deposited_on))
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .where(DepositItem.payment_id == Payment.id, Deposit.voided_at.is_(None))
        .correlate(Payment)
        .scalar_subquery()
    )


def waiting(session: Session, only: Sequence[int] | None = None) -> tuple[WaitingMoney, ...]:
    """Closed paper checks and cash receipts on no standing slip, oldest first; one query."""
    on_slip = (
        select(DepositItem.id)
        .join(Deposit, Deposit.id == DepositItem.deposit_id)
        .where(DepositItem.payment_id == Payment.id, Deposit.voided_at.is_(None))
        .correlate(Payment)
        .exists()
    )
    query = (
        select(
            Payment.id,
            Payment.received_on,
            from_whom(),
            func.coalesce(Payment.number, ""),
            Payment.method,
            Payment.amount_cents,
            Payment.kind,
            Payment.patient_id,
        )
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(
            Payment.kind != "refund",
            Payment.method.in_(PAPER),
            Payment.status == "closed",
            Payment.amount_cents > 0,
            ~on_slip,
        )
        .order_by(Payment.received_on, Payment.id)
    )
    if only is not None:
        query = query.where(Payment.id.in_(only))
    return tuple(WaitingMoney(*row) for row in session.execute(query))
