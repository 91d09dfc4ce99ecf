"""Inner functions: collection rates by month of service, and the key figures of a practice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, and_, case, cast, func, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import Account
from app.domain.dates import format_date
from app.domain.reports import Group, Kind, Report, Row, Tie, money, text
from app.models.books import Eob, EobAdjustment, EobLine, Journal, Payment, Posting
from app.models.visits import ChargeLine, Claim, ClaimEvent, Encounter
from app.services import _report_activity, _report_base, _report_open
from app.services._report_base import Asked

# What the contract takes off; bad debt and late filing are our own loss and stay in (AAFP).
_CONTRACTUAL = ("contractual", "sequestration", "withhold", "capitation")
_DAR_DAYS = 90


# --- collection rate ----------------------------------------------------------------------------
def collection_rate(session: Session, p: Asked) -> Report:
    """Gross and net collection of the services of each month, or of each payer."""
    by_payer = p.more.by == "payer"
    name: ColumnElement[str] = (
        func.coalesce(_report_activity.first_payer(), "Self-pay")
        if by_payer
        else func.strftime("%Y-%m", ChargeLine.service_from)
    )
    paid = Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED)))
    contract = and_(Posting.account == str(Account.ADJUSTMENT), Posting.reason.in_(_CONTRACTUAL))
    other = and_(Posting.account == str(Account.ADJUSTMENT), ~Posting.reason.in_(_CONTRACTUAL))
    query = (
        select(
            name, _sum(Posting.account == str(Account.REVENUE), -1), _sum(contract),
            _sum(other), _sum(paid),
        )
        .select_from(Posting)
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .where(ChargeLine.service_from.between(p.start, p.end))
        .group_by(name)
        .order_by(name)
    )  # fmt: skip
    rows = [_rate_row(n, ch, co, o, pd) for n, ch, co, o, pd in session.execute(query)]
    columns = (
        text("name", "Payer" if by_payer else "Month of service"),
        money("charges", "Charges"),
        money("contractual", "Contractual"),
        money("other", "Other adjusted"),
        money("paid", "Paid, less refunds"),
        reports.percent("gross", "Gross"),
        reports.percent("net", "Net"),
    )
    title = "Collection rate by payer" if by_payer else "Collection rate by month of service"
    basis = f"Services of {p.period}, with everything posted on them until today"
    made = reports.make_report("collection_rate", title, basis, columns, (Group("", tuple(rows)),))
    return _with_rates(made, _rate_ties(session, p, made))


def _sum(condition: ColumnElement[bool], sign: int = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, sign * Posting.amount_cents), else_=0)), 0)


def _rate_row(name: str, charges: int, contractual: int, other: int, paid: int) -> Row:
    gross, net = reports.ratio(paid, charges), reports.ratio(paid, charges - contractual)
    return name, charges, contractual, other, paid, gross, net


def _with_rates(made: Report, ties: tuple[Tie, ...]) -> Report:
    t = made.total
    totals = _rate_row("Total", t("charges"), t("contractual"), t("other"), t("paid"))
    notes = (
        "Gross: paid of charges. Net: paid of charges less contractual adjustments; bad debt, late "
        "filing and other losses of our own are not taken off.",
    )
    return Report(made.key, made.title, made.basis, made.columns, made.groups, totals, ties, notes)


def _rate_ties(session: Session, p: Asked, made: Report) -> tuple[Tie, ...]:
    lines = select(ChargeLine.id).where(ChargeLine.service_from.between(p.start, p.end))
    moved = _report_base.movements(session, Posting.charge_line_id.in_(lines))
    t = made.total
    return (
        Tie("Charges = charges posted for these services", t("charges"), moved.charges),
        Tie("Paid = payments less refunds on them", t("paid"), moved.payments - moved.refunds),
        Tie("Charges − adjusted − paid = what is still open on them",
            t("charges") - t("contractual") - t("other") - t("paid"), moved.receivable),
    )  # fmt: skip


# --- key figures --------------------------------------------------------------------------------
def key_figures(session: Session, p: Asked) -> Report:
    """Days in A/R, the share over 90 days, first-pass and denial rates, and the three lags."""
    aging = _report_open.total_aging(session, p)
    cells = [aging.total(f"cell{n}") for n in range(len(_report_open.CELLS))]
    owed = sum(cells)
    since = p.as_of - timedelta(days=_DAR_DAYS - 1)
    moved = _report_base.movements(session, Journal.accounting_date.between(since, p.as_of))
    days = _tenths(owed * _DAR_DAYS, moved.charges)
    rows: list[Row] = [
        ("Days in A/R", days, f"{_cents(owed)} owed, credits apart; {_cents(moved.charges)} "
         f"charged in {_DAR_DAYS} days"),
        ("Over 90 days", _percent(sum(cells[3:]), owed), f"{_cents(sum(cells[3:]))} of "
         f"{_cents(owed)}"),
        *_claim_rates(session, p),
        *_lags(session, p),
    ]  # fmt: skip
    columns = (text("measure", "Measure"), text("figure", "Figure"), text("how", "How it is made"))
    basis = f"Balances as of {format_date(p.as_of)}; rates and lags of {p.period}"
    groups = (Group("", tuple(rows)),)
    return reports.make_report("key_figures", "Key figures", basis, columns, groups, aging.ties)


def _cents(cents: int) -> str:
    return reports.shown(cents, Kind.MONEY)


def _percent(part: int, whole: int) -> str:
    return reports.shown(reports.ratio(part, whole), Kind.PERCENT) or "–"


def _tenths(part: int, whole: int) -> str:
    """One decimal, half rounded up; a dash where there is nothing to divide by."""
    if whole <= 0:
        return "–"
    tenths = (20 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} days"


def _claim_rates(session: Session, p: Asked) -> list[Row]:
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    decided = (
        select(Eob.claim_id.label("claim_id"))
        .where(
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversing),
            Eob.accounting_date.between(p.start, p.end),
        )
        .group_by(Eob.claim_id)
        .subquery()
    )
    trouble = (
        select(ClaimEvent.id)
        .where(ClaimEvent.claim_id == Claim.id, ClaimEvent.to_status.in_(("denied", "rejected")))
        .exists()
    )
    first_pass = and_(Claim.status == "paid", Claim.replaces_id.is_(None), ~trouble)
    was_denied = (
        select(ClaimEvent.id)
        .where(
            ClaimEvent.claim_id == Claim.id,
            ClaimEvent.to_status == "denied",
            ClaimEvent.on_date.between(p.start, p.end),
        )
        .exists()
    )
    whole, passed, denied = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((first_pass, 1), else_=0)), 0),
            func.coalesce(func.sum(case((was_denied, 1), else_=0)), 0),
        ).join(decided, decided.c.claim_id == Claim.id)
    ).one()
    return [
        ("First-pass rate", _percent(passed, whole), f"{passed} of {whole} decided claims paid on "
         "first submission"),
        ("Denial rate", _percent(denied, whole), f"{denied} of {whole} decided claims denied; "
         "rejections and zero-pay deductibles are no denials"),
        _denied_money(session, p),
    ]  # fmt: skip


def _denied_money(session: Session, p: Asked) -> Row:
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    holds = (
        select(EobAdjustment.id)
        .where(EobAdjustment.eob_line_id == EobLine.id, EobAdjustment.disposition == "hold")
        .exists()
    )
    refused = and_(EobLine.paid_cents == 0, holds)
    whole, denied = session.execute(
        select(
            func.coalesce(func.sum(EobLine.billed_cents), 0),
            func.coalesce(func.sum(case((refused, EobLine.billed_cents), else_=0)), 0),
        )
        .join(Eob, Eob.id == EobLine.eob_id)
        .where(
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversing),
            Eob.accounting_date.between(p.start, p.end),
        )
    ).one()
    return ("Denied dollars", _percent(denied, whole), f"{_cents(denied)} of {_cents(whole)} "
            "billed on decided lines")  # fmt: skip


def _lags(session: Session, p: Asked) -> list[Row]:
    posted = _days_between(
        session, Journal.accounting_date, ChargeLine.service_from,
        and_(Journal.kind == "charge", p.within()),
    )  # fmt: skip
    billed = session.execute(
        select(
            func.coalesce(func.sum(_days(Claim.submitted_on, Claim.created_at)), 0), func.count()
        ).where(Claim.rank == 1, Claim.submitted_on.between(p.start, p.end))
    ).one()
    paid = session.execute(
        select(func.coalesce(func.sum(_days(Eob.accounting_date, Claim.submitted_on)), 0),
               func.count())
        .join(Claim, Claim.id == Eob.claim_id)
        .join(Payment, Payment.id == Eob.payment_id)
        .where(
            Eob.reverses_id.is_(None),
            Claim.submitted_on.is_not(None),
            Eob.accounting_date.between(p.start, p.end),
            Payment.amount_cents > 0,
        )
    ).one()  # fmt: skip
    return [
        ("Service to posted", _tenths(10 * posted[0], 10 * posted[1]), f"{posted[1]} lines"),
        ("Posted to billed", _tenths(10 * billed[0], 10 * billed[1]), f"{billed[1]} claims"),
        ("Billed to paid", _tenths(10 * paid[0], 10 * paid[1]), f"{paid[1]} decisions with money"),
    ]


def _days(later: SQLColumnExpression[Any], earlier: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """Whole days from one date, or moment, to another."""
    return cast(func.julianday(func.date(later)) - func.julianday(func.date(earlier)), Integer)


def _days_between(
    session: Session,
    later: SQLColumnExpression[Any],
    earlier: SQLColumnExpression[Any],
    condition: ColumnElement[bool],
) -> tuple[int, int]:
    row = session.execute(
        select(func.coalesce(func.sum(_days(later, earlier)), 0), func.count())
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .where(condition, Posting.account == str(Account.REVENUE))
    ).one()
    return row[0], row[1]
