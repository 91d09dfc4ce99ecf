"""The books: journal and postings (append-only), the line balances, checks and EOBs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.books import PATIENT_PARTY, PROVISIONAL, Account
from app.models.base import Base, Key, Money, optional_ref, ref

ACCOUNTS = (
    "receivable",
    "revenue",
    "adjustment",
    "cash",
    "unapplied",
    "due_to_payer",
    "other_income",
    "expense",
)
_ACCOUNT_LIST = ", ".join(f"'{name}'" for name in ACCOUNTS)


PASSED_TO_PATIENT = "ix_posting_passed_to_patient"


class Journal(Base):
    """One balanced entry. Written last, after its postings: SQLite then proves that it foots."""

    __tablename__ = "journal"
    id: Mapped[Key]  # gapless sequence
    entered_at: Mapped[datetime]
    accounting_date: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str]
    user_id: Mapped[int] = ref("user", index=False)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    memo: Mapped[str | None]
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class Posting(Base):
    """One leg of a journal; debit positive. Receivable legs name the line and who owes."""

    __tablename__ = "posting"
    id: Mapped[Key]
    journal_id: Mapped[int] = ref("journal", deferrable=True, initially="DEFERRED")
    account: Mapped[str]
    amount_cents: Mapped[Money]
    charge_line_id: Mapped[int | None] = optional_ref("charge_line", index=False)
    party_id: Mapped[int | None] = optional_ref("party", index=False)
    payment_id: Mapped[int | None] = optional_ref("payment")
    payer_id: Mapped[int | None] = optional_ref("payer")
    claim_id: Mapped[int | None] = optional_ref("claim")
    group_code: Mapped[str | None]
    carc: Mapped[str | None]
    rarc: Mapped[str | None]
    reason: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("amount_cents <> 0", name="amount"),
        CheckConstraint(f"account IN ({_ACCOUNT_LIST})", name="account"),
        CheckConstraint(
            "(account = 'receivable') = (party_id IS NOT NULL)", name="receivable_has_party"
        ),
        CheckConstraint(
            "account <> 'receivable' OR charge_line_id IS NOT NULL", name="receivable_has_line"
        ),
        Index("ix_posting_line_party", "charge_line_id", "party_id"),
        # When a line passed to the patient, without reading all that was ever posted to it.
        Index(
            PASSED_TO_PATIENT,
            *("charge_line_id", "party_id", "journal_id"),
            sqlite_where=text(
                f"party_id = {PATIENT_PARTY} AND amount_cents > 0 AND reason IS NOT '{PROVISIONAL}'"
            ),
        ),
        # The whole receivable, to which every report ties, without reading the postings' rows.
        Index("ix_posting_receivable", "amount_cents", sqlite_where=text("account = 'receivable'")),
        Index(
            "ix_posting_due_to_payer",
            *("payer_id", "amount_cents"),
            sqlite_where=text("account = 'due_to_payer'"),
        ),
    )


class LineBalance(Base):
    """What each party owes on each line; kept by a trigger on ``posting``, never by code."""

    __tablename__ = "line_balance"
    charge_line_id: Mapped[int] = mapped_column(ForeignKey("charge_line.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True, index=True)
    amount_cents: Mapped[Money]
    # All but the newest lines are settled: what is open is found without reading the others.
    __table_args__ = (
        Index(
            "ix_line_balance_open",
            *("party_id", "charge_line_id", "amount_cents"),
            sqlite_where=text("amount_cents != 0"),
        ),
    )


# SQLite uses a partial index only for the very words it was made with, never for a parameter.
STILL_OPEN = LineBalance.amount_cents != literal_column("0")
PASSES_TO_PATIENT = and_(
    Posting.party_id == literal_column(str(PATIENT_PARTY)),
    Posting.amount_cents > literal_column("0"),
    Posting.reason.is_distinct_from(literal_column(f"'{PROVISIONAL}'")),
)


def stands_in(account: Account) -> ColumnElement[bool]:
    """Postings of one account, by its index where it has one."""
    return Posting.account == literal_column(f"'{account}'")


class Payment(Base):
    """A check, EFT, zero-dollar EOB, patient receipt or refund: a document with an amount."""

    __tablename__ = "payment"
    id: Mapped[Key]
    kind: Mapped[str]  # insurer, patient, refund
    method: Mapped[str]  # check, eft, eob_only, cash, card, other
    payer_id: Mapped[int | None] = optional_ref("payer")
    guarantor_id: Mapped[int | None] = optional_ref("guarantor")
    patient_id: Mapped[int | None] = optional_ref("patient")
    from_name: Mapped[str | None]  # who paid, when it is neither payer nor guarantor
    from_kind: Mapped[str | None]  # agency, attorney, employer, other
    number: Mapped[str | None]
    amount_cents: Mapped[Money]
    payment_date: Mapped[date]  # as written on the check
    received_on: Mapped[date]  # accounting and deposit date
    status: Mapped[str] = mapped_column(default="open")
    refund_of_id: Mapped[int | None] = optional_ref("payment")
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("kind IN ('insurer', 'patient', 'refund')", name="kind"),
        CheckConstraint("status IN ('open', 'closed', 'voided', 'returned')", name="status"),
        CheckConstraint(
            "from_kind IS NULL OR from_kind IN ('agency', 'attorney', 'employer', 'other')",
            name="from_kind",
        ),
        Index("ix_payment_status", "status"),
    )


class Eob(Base):
    """One claim's decision as it stood on the paper, posted against a check."""

    __tablename__ = "eob"
    id: Mapped[Key]
    payment_id: Mapped[int] = ref("payment")
    claim_id: Mapped[int] = ref("claim")
    journal_id: Mapped[int | None] = optional_ref("journal")  # None: nothing moved in the books
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("eob.id"), unique=True)
    posted_at: Mapped[datetime]
    accounting_date: Mapped[date]
    from_unapplied: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str | None]
    payer_claim_number: Mapped[str | None]
    status_before: Mapped[str]


class EobLine(Base):
    """One line of an EOB: what was billed, allowed and paid (cents)."""

    __tablename__ = "eob_line"
    id: Mapped[Key]
    eob_id: Mapped[int] = ref("eob")
    charge_line_id: Mapped[int] = ref("charge_line")
    billed_cents: Mapped[Money]
    allowed_cents: Mapped[int | None]
    paid_cents: Mapped[Money]
    __table_args__ = (UniqueConstraint("eob_id", "charge_line_id"),)


class EobAdjustment(Base):
    """One adjustment on an EOB line and what was done with it, held and informational included."""

    __tablename__ = "eob_adjustment"
    id: Mapped[Key]
    eob_line_id: Mapped[int] = ref("eob_line")
    group_code: Mapped[str]
    carc: Mapped[str]
    rarc: Mapped[str | None]
    amount_cents: Mapped[Money]
    disposition: Mapped[str]  # writeoff, transfer, hold, info
    to_party_id: Mapped[int | None] = optional_ref("party", index=False)
    __table_args__ = (
        CheckConstraint(
            "disposition IN ('writeoff', 'transfer', 'hold', 'info')", name="disposition"
        ),
        CheckConstraint("(disposition = 'transfer') = (to_party_id IS NOT NULL)", name="to_party"),
    )


class ReasonRule(Base):
    """What (group, CARC) means by default; the biller may change it. Wording is our own."""

    __tablename__ = "reason_rule"
    group_code: Mapped[str] = mapped_column(primary_key=True)
    carc: Mapped[str] = mapped_column(primary_key=True)
    disposition: Mapped[str]
    wording: Mapped[str]
    __table_args__ = (
        CheckConstraint(
            "disposition IN ('writeoff', 'transfer', 'hold', 'info')", name="disposition"
        ),
    )


class PeriodClose(Base):
    """Months up to ``through`` are closed: no journal may carry a date in them."""

    __tablename__ = "period_close"
    id: Mapped[Key]
    through: Mapped[date]
    at: Mapped[datetime]
    user_id: Mapped[int] = ref("user", index=False)
