"""Patient money beside the books: payments that came back, fees, receipts as printed, discounts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, optional_ref, ref


class PaymentReturn(Base):
    """A payment that came back: bounced, returned or stopped.

    ``first_journal`` to ``last_journal``, and likewise the EOB rows, are what was written for it
    and nothing else, so that it can be put back. None: nothing was written.
    """

    __tablename__ = "payment_return"
    id: Mapped[Key]
    payment_id: Mapped[int] = ref("payment")
    kind: Mapped[str]  # nsf, returned, stopped
    reason: Mapped[str | None]
    on_date: Mapped[date]
    status_before: Mapped[str]
    first_journal: Mapped[int | None]
    last_journal: Mapped[int | None]
    first_eob: Mapped[int | None]
    last_eob: Mapped[int | None]
    fee_encounter_id: Mapped[int | None] = optional_ref("encounter", index=False)
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = optional_ref("user", index=False)
    __table_args__ = (
        CheckConstraint("kind IN ('nsf', 'returned', 'stopped')", name="kind"),
        CheckConstraint("(first_journal IS NULL) = (last_journal IS NULL)", name="journals"),
        CheckConstraint("(first_eob IS NULL) = (last_eob IS NULL)", name="eobs"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
    )


class AccountFee(Base):
    """A charge of the practice that is no service: the patient's alone, never on a claim."""

    __tablename__ = "account_fee"
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    kind: Mapped[str]  # nsf, no_show, forms, records, other
    payment_id: Mapped[int | None] = optional_ref("payment")  # the check that bounced
    __table_args__ = (
        CheckConstraint("kind IN ('nsf', 'no_show', 'forms', 'records', 'other')", name="kind"),
    )


class ReceiptPrint(Base):
    """A receipt as it was handed out; a second copy is the same bytes."""

    __tablename__ = "receipt_print"
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class SlidingFee(Base):
    """The share of a self-pay charge a household is forgiven, by its income; ended, never changed.

    ``percent``: 1-100, of the charge.
    """

    __tablename__ = "sliding_fee"
    id: Mapped[Key]
    guarantor_id: Mapped[int] = ref("guarantor")
    percent: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]  # the last day it is given
    note: Mapped[str | None]  # what proves the income
    user_id: Mapped[int] = ref("user", index=False)
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint('"until" IS NULL OR "until" >= since', name="dates"),
        Index("ix_sliding_fee_since", "since"),
    )
