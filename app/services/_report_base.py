"""Inner functions: what every report stands on, read from the postings themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.dates import format_date
from app.domain.reports import About
from app.models.books import STILL_OPEN, Journal, LineBalance, Payment, Posting
from app.models.people import Party
from app.services.report_commands import ReportParameters

RECEIVABLE = Posting.account == str(Account.RECEIVABLE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters with every date filled in."""

    today: date
    start: date
    end: date
    as_of: date
    more: ReportParameters

    @property
    def period(self) -> str:
        """The days covered, in words."""
        if self.start == self.end:
            return format_date(self.start)
        return f"{format_date(self.start)} to {format_date(self.end)}"

    def within(self) -> ColumnElement[bool]:
        """Journals dated in the period."""
        return Journal.accounting_date.between(self.start, self.end)


def asked(parameters: ReportParameters, today: date) -> Asked:
    """Fills in what was left open."""
    end = parameters.end or today
    start = parameters.start or end.replace(day=1)
    return Asked(today, start, end, parameters.as_of or today, parameters)


@dataclass(slots=True)
class Movements:
    """What moved in some journals, by the words of the month close (cents)."""

    charges: int = 0
    insurer_payments: int = 0
    patient_payments: int = 0
    adjustments: int = 0
    refunds: int = 0  # on lines
    receivable: int = 0  # change of the receivable, summed from its own postings
    cash: int = 0
    unapplied: int = 0  # change; positive: more waits
    due_to_payers: int = 0  # change; positive: more is owed to payers
    other_income: int = 0  # less expenses

    @property
    def payments(self) -> int:
        """Payments on lines, reversals taken off."""
        return self.insurer_payments + self.patient_payments

    @property
    def explained(self) -> int:
        """The change of the receivable as charges, payments, adjustments and refunds tell it."""
        return self.charges - self.payments - self.adjustments + self.refunds

    @property
    def cash_explained(self) -> int:
        """The change of cash as everything else tells it."""
        paid = self.payments - self.refunds
        return paid + self.unapplied + self.other_income + self.due_to_payers


def movements(session: Session, *conditions: ColumnElement[bool]) -> Movements:
    """Sums over the journals that meet the conditions; one query."""
    on_line = Posting.charge_line_id.is_not(None)
    rows = session.execute(
        select(Posting.account, on_line, Payment.kind, func.sum(Posting.amount_cents))
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .where(*conditions)
        .group_by(Posting.account, on_line, Payment.kind)
    )
    found = Movements()
    for account, has_line, kind, cents in rows:
        _add(found, Account(account), kind if has_line else None, cents, has_line=bool(has_line))
    return found


def _add(m: Movements, account: Account, kind: str | None, cents: int, *, has_line: bool) -> None:
    match account:
        case Account.RECEIVABLE:
            m.receivable += cents
        case Account.REVENUE:
            m.charges -= cents
        case Account.ADJUSTMENT:
            m.adjustments += cents
        case Account.DUE_TO_PAYER:
            m.due_to_payers -= cents
        case Account.OTHER_INCOME | Account.EXPENSE:
            m.other_income -= cents
        case Account.CASH:
            m.cash += cents
        case Account.UNAPPLIED:
            m.unapplied -= cents
    if has_line and account in (Account.CASH, Account.UNAPPLIED):
        _add_payment(m, kind, cents)


def _add_payment(m: Movements, kind: str | None, cents: int) -> None:
    if kind == "refund":
        m.refunds -= cents
    elif kind == "patient":
        m.patient_payments += cents
    else:
        m.insurer_payments += cents


def account_balance(session: Session, account: Account, as_of: date) -> int:
    """An account's balance at the end of a day (cents, debit positive)."""
    query = (
        select(func.sum(Posting.amount_cents))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.account == str(account), Journal.accounting_date <= as_of)
    )
    return session.scalar(query) or 0


def receivable_by_kind(session: Session, as_of: date) -> dict[str, int]:
    """The receivable from its postings, by kind of party: POLICY, PATIENT, COLLECTIONS (cents)."""
    query = (
        select(Party.kind, func.sum(Posting.amount_cents))
        .join(Party, Party.id == Posting.party_id)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(RECEIVABLE, Journal.accounting_date <= as_of)
        .group_by(Party.kind)
    )
    return dict(session.execute(query).all())


def payment_about(kind: str, payment_id: int, patient_id: int | None) -> About | None:
    """Where a document is worked: an insurer's on its check, all else on the patient's account."""
    if kind == "insurer":
        return About("check", payment_id)
    return About("patient", patient_id) if patient_id is not None else None


def is_present(session: Session, as_of: date) -> bool:
    """True when no journal is dated later: the projection tells the same as the postings."""
    last = session.scalar(select(func.max(Journal.accounting_date)))
    return last is None or last <= as_of


def balances(session: Session, as_of: date) -> Subquery:
    """Who owes what on each line at the end of a day: ``line_id``, ``party_id``, ``cents``.

    The projection where it tells the same, else the sum of the postings up to that day.
    """
    if is_present(session, as_of):
        query = select(
            LineBalance.charge_line_id.label("line_id"),
            LineBalance.party_id.label("party_id"),
            LineBalance.amount_cents.label("cents"),
        ).where(STILL_OPEN)
        return query.subquery("balance")
    cents = func.sum(Posting.amount_cents)
    posted = (
        select(
            Posting.charge_line_id.label("line_id"),
            Posting.party_id.label("party_id"),
            cents.label("cents"),
        )
        .join(Journal, Journal.id == Posting.journal_id)
        .where(RECEIVABLE, Journal.accounting_date <= as_of)
        .group_by(Posting.charge_line_id, Posting.party_id)
        .having(cents != 0)
    )
    return posted.subquery("balance")
