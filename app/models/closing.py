"""Deposits taken to the bank, and months closed with the report that was true on that day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class MonthClose(Base):
    """A closed month with its figures and its report, kept as printed."""

    __tablename__ = "month_close"
    id: Mapped[Key]
    month: Mapped[date] = mapped_column(unique=True)  # its first day
    period_close_id: Mapped[int] = ref("period_close", index=False)
    journal_id: Mapped[int]  # the last journal it knew of; 0 in empty books
    closed_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    ending_cents: Mapped[Money]  # receivable at the end of the month
    sha256: Mapped[str]
    figures_json: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class Deposit(Base):
    """Paper checks and cash taken to the bank together, with the slip as printed.

    Nothing is overwritten but the marks of taking it back. Amounts in cents.
    """

    __tablename__ = "deposit"
    id: Mapped[Key]
    deposited_on: Mapped[date]
    bank: Mapped[str]
    total_cents: Mapped[Money]
    created_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = optional_ref("user", index=False)
    voided_why: Mapped[str | None]
    sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        CheckConstraint("total_cents > 0", name="total"),
        CheckConstraint(
            "(voided_at IS NULL) = (voided_why IS NULL)"
            " AND (voided_at IS NULL) = (voided_by_id IS NULL)",
            name="voided",
        ),
    )


class DepositItem(Base):
    """A check or cash receipt on a deposit slip, with the amount it had."""

    __tablename__ = "deposit_item"
    id: Mapped[Key]
    deposit_id: Mapped[int] = mapped_column(ForeignKey("deposit.id"), index=True)
    payment_id: Mapped[int] = ref("payment")
    amount_cents: Mapped[Money]
    __table_args__ = (
        UniqueConstraint("deposit_id", "payment_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
    )
