"""Inner functions: a month's figures, the report made of them, and what keeps it from closing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Label, func, literal, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import Account
from app.domain.dates import format_date
from app.domain.findings import Finding, Severity
from app.domain.reports import Group, Report, Tie, money, text
from app.models.books import Journal, Payment, PeriodClose, Posting
from app.models.closing import MonthClose
from app.models.visits import Claim, Encounter
from app.services import _deposits, _report_base, _report_credits
from app.services._report_base import Asked, Movements
from app.services.adjustments import WRITE_OFF_REASONS


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a month did to the books (cents). ``aged`` is the total of the aging at its end."""

    month: date
    beginning: int
    charges: int
    insurer_payments: int
    patient_payments: int
    adjustments: int
    refunds: int
    ending: int
    aged: int
    cash: int
    unapplied_change: int
    other_income: int
    due_to_payers_change: int
    unapplied: int
    due_to_payers: int
    prior_ending: int | None
    by_reason: tuple[tuple[str, int], ...]


def month_ends(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def figures(session: Session, month: date) -> MonthFigures:
    """The figures of a month, each from the postings themselves."""
    first, last = month.replace(day=1), month_ends(month)
    before = first - timedelta(days=1)
    moved = _report_base.movements(session, Journal.accounting_date.between(first, last))
    balance = _report_base.balances(session, last)

    def at(account: Account, day: date) -> int:
        return _report_base.account_balance(session, account, day)

    return MonthFigures(
        month=first,
        beginning=at(Account.RECEIVABLE, before),
        ending=at(Account.RECEIVABLE, last),
        aged=session.scalar(select(func.sum(balance.c.cents))) or 0,
        unapplied=-at(Account.UNAPPLIED, last),
        due_to_payers=-at(Account.DUE_TO_PAYER, last),
        prior_ending=_prior_ending(session, first),
        by_reason=_by_reason(session, first, last),
        **_moved(moved),
    )


def _prior_ending(session: Session, first: date) -> int | None:
    """What the month closed before ended with; None while a month in between is still open."""
    last = session.execute(
        select(MonthClose.month, MonthClose.ending_cents)
        .where(MonthClose.month < first)
        .order_by(MonthClose.month.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    between = select(Journal.id).where(
        Journal.accounting_date > month_ends(last.month), Journal.accounting_date < first
    )
    return None if session.scalar(between.limit(1)) is not None else last.ending_cents


def _moved(m: Movements) -> dict[str, int]:
    return {
        "charges": m.charges,
        "insurer_payments": m.insurer_payments,
        "patient_payments": m.patient_payments,
        "adjustments": m.adjustments,
        "refunds": m.refunds,
        "cash": m.cash,
        "unapplied_change": m.unapplied,
        "other_income": m.other_income,
        "due_to_payers_change": m.due_to_payers,
    }


def _by_reason(session: Session, first: date, last: date) -> tuple[tuple[str, int], ...]:
    cents = func.sum(Posting.amount_cents)
    rows = session.execute(
        select(func.coalesce(Posting.reason, "other"), cents)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(
            Posting.account == str(Account.ADJUSTMENT),
            Journal.accounting_date.between(first, last),
        )
        .group_by(Posting.reason)
        .having(cents != 0)
        .order_by(cents.desc(), Posting.reason)
    )
    return tuple((reason, amount) for reason, amount in rows)


# --- the report ---------------------------------------------------------------------------------
def month_report(session: Session, p: Asked) -> Report:
    """The month in which the period begins, as the books have it now."""
    return report_of(figures(session, p.start))


def report_of(f: MonthFigures) -> Report:
    """A month's figures as a report with their ties."""
    last = month_ends(f.month)
    receivable = (
        ("Beginning receivable", f.beginning),
        ("+ Charges", f.charges),
        ("− Insurers' payments", -f.insurer_payments),
        ("− Patients' payments", -f.patient_payments),
        ("− Adjustments", -f.adjustments),
        ("+ Refunds on lines", f.refunds),
        ("Ending receivable", f.ending),
    )
    cash = (
        ("Payments on lines", f.insurer_payments + f.patient_payments),
        ("− Refunds on lines", -f.refunds),
        ("+ Change of unapplied money", f.unapplied_change),
        ("+ Other income less expenses", f.other_income),
        ("+ Change of what is due to payers", f.due_to_payers_change),
        ("Cash booked", f.cash),
    )
    beside = (("Unapplied money", f.unapplied), ("Due to payers", f.due_to_payers))
    reasons = tuple((WRITE_OFF_REASONS.get(r, r.replace("_", " ")), c) for r, c in f.by_reason)
    groups = (
        Group("Accounts receivable", receivable, sums_up=True),
        Group("Cash", cash, sums_up=True),
        Group("Adjustments by reason", reasons),
        Group(f"Beside the receivable on {format_date(last)}", beside),
    )
    columns = (text("words", ""), money("cents", "Amount", sums=False))
    basis = f"{format_date(f.month)} to {format_date(last)} by accounting date"
    title = f"Month close {f.month:%B %Y}"
    return reports.make_report("month_close", title, basis, columns, groups, _ties(f))


def _ties(f: MonthFigures) -> Iterator[Tie]:
    paid = f.insurer_payments + f.patient_payments
    moved = f.charges - paid - f.adjustments + f.refunds
    yield Tie("Beginning + charges − payments − adjustments + refunds = ending",
              f.beginning + moved, f.ending)  # fmt: skip
    explained = paid - f.refunds + f.unapplied_change + f.other_income + f.due_to_payers_change
    yield Tie("Cash = payments − refunds + unapplied + other income + due to payers",
              f.cash, explained)  # fmt: skip
    yield Tie("Ending receivable = aging total", f.ending, f.aged)
    yield Tie("Adjustments = adjustments by reason", f.adjustments, sum(c for _, c in f.by_reason))
    if f.prior_ending is not None:
        yield Tie("Beginning receivable = ending of the month closed before",
                  f.beginning, f.prior_ending)  # fmt: skip


# --- what keeps a month from closing ------------------------------------------------------------
def closed_through(session: Session) -> date | None:
    """The last closed day."""
    return session.scalar(select(func.max(PeriodClose.through)))


def obstacle(session: Session, month: date, today: date) -> tuple[str, str] | None:
    """The rule by which a month cannot be closed now, and the sentence; None when it can."""
    first, last = month.replace(day=1), month_ends(month)
    through = closed_through(session)
    if through is not None and last <= through:
        return "already_closed", (
            f"{first:%B %Y} is closed and stays so. What is wrong in it is corrected with entries "
            "dated in the open month."
        )
    if last > today:
        return "month_not_over", f"{first:%B %Y} can be closed from {format_date(last)} on."
    query = select(func.min(Journal.accounting_date)).where(Journal.accounting_date < first)
    if through is not None:
        query = query.where(Journal.accounting_date > through)
    earlier = session.scalar(query)
    if earlier is not None:
        return "earlier_month_open", f"{earlier:%B %Y} is still open. Close it first."
    return None


def open_months(session: Session, today: date) -> Iterator[date]:
    """Months that are over and have entries, but are not closed; oldest first."""
    through = closed_through(session) or date.min
    # From one month to the next by the index: years of entries are not read through.
    found = select(_first_entry(literal(through))).cte("found", recursive=True)
    next_month = func.date(found.c.day, "start of month", "+1 month", "-1 day")
    later = select(_first_entry(next_month)).where(found.c.day.is_not(None))
    days = found.union_all(later)
    for day in session.scalars(select(days.c.day).where(days.c.day.is_not(None))):
        if month_ends(day) <= today:
            yield day.replace(day=1)


def _first_entry(after: ColumnElement[date]) -> Label[date]:
    """The first accounting date after a day; None when there is none."""
    first = select(func.min(Journal.accounting_date)).where(Journal.accounting_date > after)
    return first.scalar_subquery().label("day")


def loose_ends(session: Session, month: date, today: date) -> Iterator[Finding]:
    """What one should look at before closing; none of it forbids the close."""
    first, last = month.replace(day=1), month_ends(month)
    if last == today:
        said = "Once it is closed, nothing more can be entered under today's date."
        yield Finding("month", said, Severity.WARNING)
    checks = session.scalar(
        select(func.count())
        .select_from(Payment)
        .where(Payment.status == "open", Payment.received_on <= last)
    )
    drafts = session.scalar(
        select(func.count())
        .select_from(Encounter)
        .where(Encounter.status == "draft", Encounter.service_date <= last)
    )
    ready = session.scalar(
        select(func.count())
        .select_from(Claim)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .where(Claim.status.in_(("ready", "printed")), Encounter.service_date <= last)
    )
    slips = sum(w.received_on <= last for w in _deposits.waiting(session))
    waits = len(_report_credits.unapplied_rows(session, last))
    until = f"{first:%B %Y}"
    for field, number, words in (
        ("open_checks", checks, f"{{}} received by the end of {until} not closed yet."),
        ("drafts", drafts, f"{{}} with a service date by the end of {until} not posted."),
        ("ready_claims", ready, f"{{}} of services by the end of {until} not sent."),
        ("undeposited", slips, f"{{}} received by the end of {until} on no deposit slip."),
        ("unapplied", waits, "{} with money that waits unapplied."),
    ):
        if number:
            said = words.format(_counted(number, _NOUNS[field]))
            yield Finding(field, said, Severity.WARNING)


_NOUNS = {
    "open_checks": "check",
    "drafts": "visit",
    "ready_claims": "claim",
    "undeposited": "check or cash receipt",
    "unapplied": "payment",
}
_PLURALS = {"check or cash receipt": "checks and cash receipts"}


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {_PLURALS.get(noun, noun + 's')}"
