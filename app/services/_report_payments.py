"""Inner functions: money by document: payments, deposits, reversals."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.domain import reports
from app.domain.books import Account
from app.domain.dates import format_date
from app.domain.reports import About, Report, Row, Tie, day, money, text
from app.models.books import Journal, Payment, Posting
from app.models.closing import Deposit, DepositItem
from app.models.people import Guarantor, Patient, Payer
from app.models.visits import ChargeLine, Encounter
from app.services import _deposits, _report_base
from app.services._deposits import from_whom
from app.services._report_base import Asked

METHOD_WORDS = {
    "check": "Checks",
    "cash": "Cash",
    "eft": "EFT",
    "card": "Card",
    "eob_only": "EOB only",
    "other": "Other",
}


def _part(condition: ColumnElement[bool], sign: int = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, sign * Posting.amount_cents), else_=0)), 0)


_PAYMENTS_COLUMNS = (
    text("who", "From"),
    day("received", "Received"),
    text("number", "Number"),
    text("method", "Tender"),
    money("amount", "Document", sums=False),
    money("lines", "On lines"),
    money("unapplied", "Unapplied"),
    money("other", "Other"),
    money("cash", "Cash"),
)


def payments(session: Session, p: Asked) -> Report:
    """Every check, EFT, receipt and refund with money in the period, by tender or by payer."""
    cash = Posting.account == str(Account.CASH)
    on_line = and_(
        Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED))),
        Posting.charge_line_id.is_not(None),
    )
    waits = Posting.account == str(Account.UNAPPLIED)
    query = (
        select(
            Payment.id, Payment.kind, Payment.method, from_whom(), Payment.received_on,
            Payment.number, Payment.amount_cents, _part(on_line), _part(waits, -1), _part(cash),
            Payment.patient_id,
        )
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(p.within(), *_only(p))
        .group_by(Payment.id)
        .order_by(Payment.received_on, Payment.id)
    )  # fmt: skip
    rows = []
    for key, kind, method, who, on, number, amount, lines, unapplied, booked, of in session.execute(
        query
    ):
        tender = METHOD_WORDS.get(method, method)
        group = ("Refunds" if kind == "refund" else who) if p.more.by == "payer" else tender
        signed = -amount if kind == "refund" else amount
        other = booked - lines - unapplied
        row = who, on, number or "", tender, signed, lines, unapplied, other, booked
        rows.append((group, row, _report_base.payment_about(kind, key, of)))
    ties = () if p.more.payer_id else _payment_ties(session, p, [row for _, row, _ in rows])
    groups = reports.grouped_about(sorted(rows, key=lambda r: r[0].casefold()))
    title = "Payments by payer" if p.more.by == "payer" else "Payments by tender"
    basis = f"{p.period} by accounting date; Other is interest, takebacks, levies and the like"
    return reports.make_report("payments", title, basis, _PAYMENTS_COLUMNS, groups, ties)


def _only(p: Asked) -> tuple[ColumnElement[bool], ...]:
    return () if p.more.payer_id is None else (Payment.payer_id == p.more.payer_id,)


def _payment_ties(session: Session, p: Asked, rows: Iterable[Row]) -> tuple[Tie, ...]:
    moved = _report_base.movements(session, p.within())
    on_lines = unapplied = cash = 0
    for row in rows:
        on_lines += int(str(row[5]))
        unapplied += int(str(row[6]))
        cash += int(str(row[8]))
    paid = moved.payments - moved.refunds
    return (
        Tie("On lines = payments less refunds of the month close", on_lines, paid),
        Tie("Unapplied = change of the unapplied account", unapplied, moved.unapplied),
        Tie("Cash = change of the cash account", cash, moved.cash),
        Tie("Cash = payments − refunds + unapplied + other income + due to payers",
            cash, moved.cash_explained),
    )  # fmt: skip


# --- deposits -----------------------------------------------------------------------------------
_DEPOSITS_COLUMNS = (
    text("method", "Tender"),
    text("number", "Number"),
    text("who", "From"),
    day("received", "Received"),
    text("state", "Since then"),
    money("cents", "Amount"),
)


def deposits(session: Session, p: Asked) -> Report:
    """Deposit slips of the period, and what is not yet on one."""
    query = (
        select(Deposit, DepositItem.amount_cents, Payment, from_whom())
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .join(Payment, Payment.id == DepositItem.payment_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(Deposit.voided_at.is_(None), Deposit.deposited_on.between(p.start, p.end))
        .order_by(Deposit.deposited_on, Deposit.id, DepositItem.id)
    )
    rows, slips, heads = [], {}, 0
    for deposit, cents, payment, who in session.execute(query):
        heading = f"{format_date(deposit.deposited_on)}  {deposit.bank}  slip {deposit.id}"
        state = "returned" if payment.status == "returned" else ""
        words = METHOD_WORDS[payment.method], payment.number or "", who, payment.received_on, state
        about = _report_base.payment_about(payment.kind, payment.id, payment.patient_id)
        rows.append((heading, (*words, cents), about))
        slips[deposit.id] = deposit.total_cents
        heads += payment.amount_cents
    waiting = [
        (
            (METHOD_WORDS[w.method], w.number, w.who, w.received_on, "", w.amount_cents),
            _report_base.payment_about(w.kind, w.payment_id, w.patient_id),
        )
        for w in _deposits.waiting(session)
    ]
    total = sum(row[-1] for _, row, _ in rows)
    ties = (
        Tie("Slips = sum of the checks and receipts on them", sum(slips.values()), total),
        Tie("Items = amounts of the documents themselves", total, heads),
    )
    groups = (
        *reports.grouped_about(rows),
        reports.group_about("Not yet on a slip (not in the total)", waiting, counted=False),
    )
    basis = f"{p.period} by day of deposit; EFT, cards and EOBs without money are never on a slip"
    return reports.make_report("deposits", "Deposits", basis, _DEPOSITS_COLUMNS, groups, ties)


# --- reversals ----------------------------------------------------------------------------------
_REVERSALS_COLUMNS = (
    reports.count("number", "Entry", sums=False),
    day("on", "Dated"),
    reports.count("of", "Takes back", sums=False),
    day("then", "Of"),
    text("kind", "What"),
    text("patient", "Patient"),
    text("memo", "Why"),
    money("cents", "Receivable"),
)


def reversals(session: Session, p: Asked) -> Report:
    """Every entry taken back in the period beside the one it takes back."""
    first = aliased(Journal)
    cents = func.sum(case((_report_base.RECEIVABLE, Posting.amount_cents), else_=0))
    name = func.max(Patient.last + ", " + Patient.first)
    query = (
        select(
            Journal.id, Journal.accounting_date, first.id, first.accounting_date, first.kind,
            func.coalesce(name, ""), func.coalesce(Journal.memo, ""), cents,
            func.max(Patient.id),
        )
        .join(first, first.id == Journal.reverses_id)
        .join(Posting, Posting.journal_id == Journal.id)
        .outerjoin(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .outerjoin(Encounter, Encounter.id == ChargeLine.encounter_id)
        .outerjoin(Patient, Patient.id == Encounter.patient_id)
        .where(p.within())
        .group_by(Journal.id)
        .order_by(Journal.id)
    )  # fmt: skip
    rows = [
        (
            (number, on, of, then, kind.replace("_", " "), who, memo, amount),
            About("patient", key) if key is not None else None,
        )
        for number, on, of, then, kind, who, memo, amount, key in session.execute(query)
    ]
    back = select(Journal.reverses_id).where(p.within(), Journal.reverses_id.is_not(None))
    original = session.scalar(
        select(func.sum(Posting.amount_cents)).where(
            Posting.journal_id.in_(back), _report_base.RECEIVABLE
        )
    )
    tie = Tie("Reversals + what they take back = 0.00",
              sum(row[-1] for row, _ in rows) + (original or 0), 0)  # fmt: skip
    basis = f"{p.period} by accounting date of the reversal"
    groups = (reports.group_about("", rows),)
    return reports.make_report("reversals", "Reversals", basis, _REVERSALS_COLUMNS, groups, (tie,))
