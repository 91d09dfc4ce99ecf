"""Inner functions: what was produced, collected and given up in a period, by what one asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    ScalarSelect,
    and_,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import Account
from app.domain.reports import Column, Group, Kind, Report, Tie, money, text
from app.models.books import Journal, Payment, Posting
from app.models.people import Party, Payer, Policy, Provider
from app.models.visits import ChargeLine, Encounter, EncounterCoverage
from app.services import _report_base
from app.services._report_base import Asked
from app.services.adjustments import WRITE_OFF_REASONS

BY = ("provider", "code", "payer", "place of service")
_SELF_PAY = "Self-pay"


def first_payer() -> ScalarSelect[str]:
    """The name of the payer billed first for an encounter; None for self-pay."""
    return (
        select(Payer.name)
        .join(Policy, Policy.payer_id == Payer.id)
        .join(EncounterCoverage, EncounterCoverage.policy_id == Policy.id)
        .where(EncounterCoverage.encounter_id == Encounter.id, EncounterCoverage.rank == 1)
        .correlate(Encounter)
        .scalar_subquery()
    )


def _made_of(by: str) -> ColumnElement[str]:
    """What rows are made of, as SQL."""
    choices: dict[str, ColumnElement[str]] = {
        "provider": Provider.last + ", " + Provider.first,
        "code": ChargeLine.code + func.coalesce(" " + ChargeLine.modifiers, ""),
        "payer": func.coalesce(first_payer(), _SELF_PAY),
        "place of service": cast(ChargeLine.place_of_service, ChargeLine.code.type),
    }
    return choices[by or BY[0]]


def _only(p: Asked) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = []
    if p.more.provider_id is not None:
        found.append(Encounter.provider_id == p.more.provider_id)
    if p.more.payer_id is not None:
        covered = and_(
            EncounterCoverage.encounter_id == Encounter.id,
            EncounterCoverage.rank == 1,
            EncounterCoverage.policy_id == Policy.id,
            Policy.payer_id == p.more.payer_id,
        )
        found.append(select(Policy.id).where(covered).correlate(Encounter).exists())
    return tuple(found)


def _heading(by: str) -> str:
    return (by or BY[0]).capitalize()


# --- production ---------------------------------------------------------------------------------
def production(session: Session, p: Asked) -> Report:
    """Charges net of voids, by the month they were posted in, or by date of service."""
    by_service = p.more.dates == "service date"
    when = ChargeLine.service_from.between(p.start, p.end) if by_service else p.within()
    sign = case((Posting.amount_cents < 0, 1), else_=-1)
    units = cast(func.round(cast(ChargeLine.units, Numeric) * 1000), Integer)
    name = _made_of(p.more.by)
    query = (
        select(
            name, func.sum(sign), func.sum(sign * units), -func.sum(Posting.amount_cents)
        )
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .where(Posting.account == str(Account.REVENUE), when, *_only(p))
        .group_by(name)
        .order_by(func.sum(Posting.amount_cents), name)
    )  # fmt: skip
    rows = session.execute(query).all()
    whole = sum(r[3] for r in rows)
    shown = tuple((n, lines, int(u), c, reports.ratio(c, whole)) for n, lines, u, c in rows)
    columns = (
        text("name", _heading(p.more.by)),
        reports.count("lines", "Lines"),
        Column("units", "Units", Kind.QUANTITY),
        money("charges", "Charges"),
        reports.percent("share", "Share"),
    )
    basis = "date of service" if by_service else "accounting date"
    title = f"Production by {p.more.by or BY[0]}"
    ties = () if _only(p) else (_charges_tie(session, p, whole, by_service=by_service),)
    return reports.make_report(
        "production", title, f"{p.period} by {basis}; charges net of voids", columns,
        (Group("", shown),), ties,
    )  # fmt: skip


def _charges_tie(session: Session, p: Asked, cents: int, *, by_service: bool) -> Tie:
    if not by_service:
        charges = _report_base.movements(session, p.within()).charges
        return Tie("Production = charges on the month close", cents, charges)
    lines = select(ChargeLine.id).where(ChargeLine.service_from.between(p.start, p.end))
    moved = _report_base.movements(session, Posting.charge_line_id.in_(lines))
    return Tie("Production = charges posted for these days of service", cents, moved.charges)


# --- collections --------------------------------------------------------------------------------
def collections(session: Session, p: Asked) -> Report:
    """Payments on lines net of reversals and refunds; what is no payment on a line stands apart."""
    by_payer = (p.more.by or BY[0]) == "payer"
    own = func.coalesce(Payer.name, "Patients")  # who paid, not who was billed
    name = own if by_payer else _made_of(p.more.by)
    sums = [func.sum(case((c, Posting.amount_cents), else_=0)) for c in _kinds()]
    query = (
        select(name, *sums)
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Payment, Payment.id == Posting.payment_id)
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Provider, Provider.id == Encounter.provider_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .where(
            Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED))),
            p.within(),
            *_only(p),
        )
        .group_by(name)
        .order_by(-func.sum(Posting.amount_cents), name)
    )
    rows = [(n, i, o, -r, i + o + r) for n, i, o, r in session.execute(query)]
    columns = (
        text("name", _heading(p.more.by)),
        money("insurers", "Insurers paid"),
        money("patients", "Patients paid"),
        money("refunds", "Refunded"),
        money("net", "Net"),
    )
    apart = _apart(session, p)
    title = f"Collections by {p.more.by or BY[0]}"
    basis = f"{p.period} by accounting date; payments on lines net of reversals"
    ties = () if _only(p) else _collection_ties(session, p, rows, sum(c for _, c in apart))
    notes = [f"Apart from collections: {w} {reports.shown(c, Kind.MONEY)}." for w, c in apart]
    return reports.make_report(
        "collections", title, basis, columns, (Group("", tuple(rows)),), ties, notes
    )


def _kinds() -> tuple[ColumnElement[bool], ...]:
    """Insurers' payments, patients' payments, refunds."""
    return (
        Payment.kind.not_in(("patient", "refund")),
        Payment.kind == "patient",
        Payment.kind == "refund",
    )


def _apart(session: Session, p: Asked) -> list[tuple[str, int]]:
    """Interest, capitation, levies: income and expense outside the receivable."""
    cents = -func.sum(Posting.amount_cents)
    rows = session.execute(
        select(func.coalesce(Posting.reason, "other"), cents)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.account.in_((str(Account.OTHER_INCOME), str(Account.EXPENSE))), p.within())
        .group_by(Posting.reason)
        .having(cents != 0)
        .order_by(Posting.reason)
    )
    return [(reason.replace("_", " "), c) for reason, c in rows]


def _collection_ties(
    session: Session, p: Asked, rows: Sequence[tuple[str, int, int, int, int]], apart: int
) -> tuple[Tie, ...]:
    moved = _report_base.movements(session, p.within())
    paid = sum(row[1] + row[2] for row in rows)
    return (
        Tie("Payments = payments on the month close", paid, moved.payments),
        Tie("Refunds = refunds on the month close", sum(row[3] for row in rows), moved.refunds),
        Tie("Listed apart = other income on the month close", apart, moved.other_income),
    )


# --- adjustments --------------------------------------------------------------------------------
def adjustments(session: Session, p: Asked) -> Report:
    """What was given up, by reason and payer."""
    by_payer = p.more.by == "payer"
    owner = func.coalesce(Payer.name, _debtor(), "Patients")
    cents = func.sum(Posting.amount_cents)
    query = (
        select(func.coalesce(Posting.reason, "other"), owner, func.count(), cents)
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payer, Payer.id == Posting.payer_id)
        .where(Posting.account == str(Account.ADJUSTMENT), p.within())
        .group_by(Posting.reason, owner)
        .order_by(Posting.reason, owner)
    )
    found: Counter[tuple[str, str]] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for reason, payer, number, amount in session.execute(query):
        words = WRITE_OFF_REASONS.get(reason, reason.replace("_", " ").capitalize())
        key = (payer, words) if by_payer else (words, payer)
        found[key] += amount
        counts[key] += number
    groups = reports.grouped(
        (group, (name, counts[group, name], found[group, name])) for group, name in sorted(found)
    )
    columns = (
        text("name", "Reason" if by_payer else "Payer"),
        reports.count("entries", "Entries"),
        money("cents", "Adjusted"),
    )
    moved = _report_base.movements(session, p.within())
    tie = Tie("Adjustments = adjustments on the month close", sum(found.values()),
              moved.adjustments)  # fmt: skip
    title = "Adjustments by payer and reason" if by_payer else "Adjustments by reason and payer"
    basis = f"{p.period} by accounting date; reversals taken off"
    return reports.make_report("adjustments", title, basis, columns, groups, (tie,))


def _debtor() -> ScalarSelect[str]:
    """Whose bucket a write-off by hand was taken from; None for the patient's."""
    other = Posting.__table__.alias("other_leg")
    return (
        select(func.min(Payer.name))
        .select_from(other)
        .join(Party, Party.id == other.c.party_id)
        .join(Policy, Policy.id == Party.policy_id)
        .where(
            Payer.id == Policy.payer_id,
            other.c.journal_id == Posting.journal_id,
            other.c.charge_line_id == Posting.charge_line_id,
        )
        .correlate(Posting)
        .scalar_subquery()
    )
