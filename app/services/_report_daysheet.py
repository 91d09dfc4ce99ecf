"""Inner functions: the day sheet, everything *entered* in a day, whatever it is dated."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import PROVISIONAL, Account
from app.domain.reports import About, Kind, Report, Tie, day, money, text
from app.models.books import Journal, Payment, Posting
from app.models.closing import MonthClose
from app.models.people import Guarantor, Patient, Payer
from app.models.visits import ChargeLine, Encounter
from app.services import _report_base
from app.services._deposits import from_whom
from app.services._report_base import RECEIVABLE, Asked
from app.services._report_payments import METHOD_WORDS
from app.services.adjustments import WRITE_OFF_REASONS

SINCE_CLOSE = "since last close"
_SECTIONS = ("charges", "payments", "adjustments", "refunds", "off_lines", "moved")
_TITLES = {
    "charges": "Charges",
    "refunds": "Refunds",
    "off_lines": "Money not on lines",
    "moved": "Passed on",
}
_KINDS = {
    "charge": "Charge",
    "charge_void": "Charge voided",
    "eob": "EOB",
    "patient_payment": "Receipt",
    "apply_unapplied": "From unapplied money",
    "check_item": "Check item",
    "write_off": "Write-off",
    "reversal": "Reversal",
    "refund": "Refund",
    "transfer": "Transfer",
}


def local_midnight(day_: date) -> datetime:
    """When a day of the wall calendar begins, in UTC."""
    return datetime.combine(day_, time.min).astimezone(UTC)


_DAY_SHEET_COLUMNS = (
    reports.count("number", "Entry", sums=False),
    day("dated", "Dated"),
    text("patient", "Patient"),
    text("what", "What"),
    money("charges", "Charges"),
    money("payments", "Payments"),
    money("adjustments", "Adjusted"),
    money("refunds", "Refunds"),
    money("off_lines", "Not on lines"),
    money("moved", "Passed on"),
)


def day_sheet(session: Session, p: Asked) -> Report:
    """All rows entered in the period, or since the last month was closed."""
    since, said = _since(session, p)
    until = local_midnight(p.end + timedelta(days=1))
    entered = and_(Journal.entered_at >= since, Journal.entered_at < until)
    rows = session.execute(_query(entered)).all()
    found = [(_title(r), _row(r), _about(r)) for r in rows]
    basis = f"{said} by day of entry, whatever date an entry carries"
    made = reports.make_report(
        "day_sheet", "Day sheet", basis, _DAY_SHEET_COLUMNS, reports.grouped_about(found)
    )
    before = _receivable(session, Journal.entered_at < since)
    after = _receivable(session, Journal.entered_at < until)
    moved = _report_base.movements(session, entered)
    t = made.total
    explained = before + t("charges") - t("payments") - t("adjustments") + t("refunds")
    tenders = _tenders(session, entered)
    ties = (
        Tie("A/R before + charges − payments − adjustments + refunds = A/R after",
            explained, after),
        Tie("Payments = slip money + EFT + card and other − unapplied change − income apart",
            t("payments") - t("refunds"), sum(tenders.values()) - moved.unapplied
            - moved.other_income - moved.due_to_payers),
    )  # fmt: skip
    notes = (_money_in(tenders), _around(before, after))
    return reports.make_report(
        "day_sheet", "Day sheet", basis, _DAY_SHEET_COLUMNS, made.groups, ties, notes
    )


def _since(session: Session, p: Asked) -> tuple[datetime, str]:
    if p.more.by == SINCE_CLOSE:
        closed = session.scalar(select(func.max(MonthClose.closed_at)))
        start = closed or datetime(1900, 1, 1, tzinfo=UTC)
        return start, "Since the last month was closed," if closed else "Since the books began,"
    start_day = p.more.start or p.end
    return local_midnight(start_day), Asked(p.today, start_day, p.end, p.as_of, p.more).period


def _sections() -> dict[str, ColumnElement[bool]]:
    money_leg = Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED)))
    on_line = and_(money_leg, Posting.charge_line_id.is_not(None))
    refund = Payment.kind.is_not_distinct_from("refund")
    passed = or_(
        Journal.kind == "transfer",
        and_(Posting.carc.is_not(None), Posting.reason.is_(None)),
        Posting.reason == PROVISIONAL,
    )
    return {
        "charges": Posting.account == str(Account.REVENUE),
        "payments": and_(on_line, ~refund),
        "adjustments": Posting.account == str(Account.ADJUSTMENT),
        "refunds": and_(on_line, refund),
        "off_lines": and_(Posting.account == str(Account.CASH), Posting.charge_line_id.is_(None)),
        "moved": and_(RECEIVABLE, Posting.amount_cents > 0, passed),
    }


_Found = Row[str, str, int, date, str, str, str, str, int, int | None, str | None, int | None]


def _query(
    entered: ColumnElement[bool],
) -> Select[str, str, int, date, str, str, str, str, int, int | None, str | None, int | None]:
    section = case(*[(c, literal(name)) for name, c in _sections().items()], else_=literal(""))
    tender = case((Posting.account == str(Account.UNAPPLIED), "unapplied"), else_=Payment.method)
    label = case(
        (Posting.account == str(Account.ADJUSTMENT), func.coalesce(Posting.reason, "other")),
        else_=func.coalesce(tender, ""),
    )
    sign = case((section.in_(("charges", "refunds")), -1), else_=1)
    paper = from_whom() + func.coalesce(" " + Payment.number, "")
    return (
        select(
            section.label("section"), label.label("label"), Journal.id, Journal.accounting_date,
            func.coalesce(Patient.last + ", " + Patient.first, "").label("patient"), Journal.kind,
            func.coalesce(paper, "").label("paper"), func.coalesce(Journal.memo, "").label("memo"),
            func.sum(sign * Posting.amount_cents).label("cents"), Patient.id.label("patient_id"),
            func.max(Payment.kind).label("document"), func.max(Payment.id).label("payment_id"),
        )
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .outerjoin(Encounter, Encounter.id == ChargeLine.encounter_id)
        .outerjoin(Patient, Patient.id == Encounter.patient_id)
        .where(entered, section != "")
        .group_by(section, label, Journal.id, Patient.id)
        .order_by(_order(section), label, Journal.id, Patient.id)
    )  # fmt: skip


def _order(section: ColumnElement[str]) -> ColumnElement[int]:
    return case(*[(section == name, n) for n, name in enumerate(_SECTIONS)], else_=9)


def _title(r: _Found) -> str:
    if r.section == "payments":
        return "Payments: " + METHOD_WORDS.get(r.label, "from unapplied money")
    if r.section == "adjustments":
        return "Adjustments: " + WRITE_OFF_REASONS.get(r.label, str(r.label).replace("_", " "))
    return str(_TITLES[r.section])


def _about(r: _Found) -> About | None:
    if r.patient_id is not None:
        return About("patient", r.patient_id)
    return _report_base.payment_about(r.document or "", r.payment_id or 0, None)


def _row(r: _Found) -> reports.Row:
    cells = tuple(r.cents if r.section == name else None for name in _SECTIONS)
    kind = _KINDS.get(r.kind, str(r.kind).replace("_", " "))
    what = " · ".join(part for part in (kind, r.paper.strip(), r.memo) if part)
    return (r.id, r.accounting_date, r.patient, what, *cells)


def _receivable(session: Session, condition: ColumnElement[bool]) -> int:
    query = (
        select(func.sum(Posting.amount_cents))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(RECEIVABLE, condition)
    )
    return session.scalar(query) or 0


def _tenders(session: Session, entered: ColumnElement[bool]) -> dict[str, int]:
    """Cash by tender (cents)."""
    query = (
        select(func.coalesce(Payment.method, "other"), func.sum(Posting.amount_cents))
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .where(entered, Posting.account == str(Account.CASH))
        .group_by(Payment.method)
    )
    return dict(session.execute(query).all())


def _money_in(tenders: dict[str, int]) -> str:
    slip = tenders.get("check", 0) + tenders.get("cash", 0)
    parts = [f"checks and cash {reports.shown(slip, Kind.MONEY)}"]
    parts += [
        f"{METHOD_WORDS.get(method, method)} {reports.shown(cents, Kind.MONEY)}"
        for method, cents in sorted(tenders.items())
        if method not in ("check", "cash") and cents
    ]
    return f"Money booked, refunds taken off: {', '.join(parts)}."


def _around(before: int, after: int) -> str:
    first, last = reports.shown(before, Kind.MONEY), reports.shown(after, Kind.MONEY)
    return f"Accounts receivable {first} before, {last} after."
