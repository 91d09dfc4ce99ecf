"""Bills sent to guarantors, kept as printed; what stops them; payment plans."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Money, optional_ref, ref


class Statement(Base):
    """A bill sent to a guarantor, or the letter before collections, frozen as it was printed.

    ``number`` is its place in the dunning sequence; a letter carries that of the statement before
    it. Nothing is overwritten but the marks of taking it back. Amounts in cents.
    """

    __tablename__ = "statement"
    id: Mapped[Key]
    guarantor_id: Mapped[int] = ref("guarantor")
    kind: Mapped[str]  # statement, letter
    number: Mapped[int]
    printed_on: Mapped[date]
    due_on: Mapped[date]
    amount_cents: Mapped[Money]  # what it asks for now
    balance_cents: Mapped[Money]  # all that the patients owe; more than asked under a plan
    sha256: Mapped[str]
    pages: Mapped[int]
    journal_id: Mapped[int]  # the last journal it knew of; 0 in empty books
    created_at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = optional_ref("user", index=False)
    voided_why: Mapped[str | None]
    # Large things last: SQLite reads through them to whatever stands behind.
    content_json: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        CheckConstraint("kind IN ('statement', 'letter')", name="kind"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("amount_cents >= 0 AND balance_cents >= 0", name="amount"),
        CheckConstraint(
            "(voided_at IS NULL) = (voided_why IS NULL)"
            " AND (voided_at IS NULL) = (voided_by_id IS NULL)",
            name="voided",
        ),
    )


class StatementLine(Base):
    """What a statement asked for on one charge line (cents)."""

    __tablename__ = "statement_line"
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    charge_line_id: Mapped[int] = mapped_column(
        ForeignKey("charge_line.id"), primary_key=True, index=True
    )
    amount_cents: Mapped[Money]


class AccountHold(Base):
    """Why a guarantor, or one visit, gets no statement; released, never deleted."""

    __tablename__ = "account_hold"
    id: Mapped[Key]
    guarantor_id: Mapped[int] = ref("guarantor")
    encounter_id: Mapped[int | None] = optional_ref("encounter")  # None: the whole account
    kind: Mapped[str]
    note: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]  # the last day of the hold; None: until released
    user_id: Mapped[int] = ref("user", index=False)
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = optional_ref("user", index=False)
    released_why: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(
            "kind IN ('dispute', 'gfe_dispute', 'bankruptcy', 'deceased', 'mail_returned',"
            " 'other')",
            name="kind",
        ),
        CheckConstraint('"until" IS NULL OR "until" >= since', name="dates"),
    )


class DunningReset(Base):
    """The biller's word that the next statement is the first again."""

    __tablename__ = "dunning_reset"
    id: Mapped[Key]
    guarantor_id: Mapped[int] = ref("guarantor")
    statement_id: Mapped[int] = ref("statement", index=False)  # the last that no longer counts
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
    why: Mapped[str | None]


class PaymentPlan(Base):
    """A balance paid in monthly installments (cents); what is kept is derived from receipts."""

    __tablename__ = "payment_plan"
    id: Mapped[Key]
    guarantor_id: Mapped[int] = ref("guarantor")
    total_cents: Mapped[Money]
    installment_cents: Mapped[Money]
    day_of_month: Mapped[int]
    started_on: Mapped[date]  # receipts from this day on count
    first_due: Mapped[date]
    note: Mapped[str | None]
    user_id: Mapped[int] = ref("user", index=False)
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("total_cents > 0 AND installment_cents > 0", name="amounts"),
        CheckConstraint("day_of_month BETWEEN 1 AND 31", name="day"),
        CheckConstraint("first_due >= started_on", name="dates"),
    )
