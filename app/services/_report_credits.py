"""Inner functions: money that is not ours: credits, unapplied money, refunds due and paid."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Row, Subquery, and_, func, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.books import Account
from app.domain.claim_form import PayerType
from app.domain.dates import format_date
from app.domain.reports import About, Report, Tie, day, money, text
from app.models.books import Journal, Payment, Posting
from app.models.people import Guarantor, Patient, Payer
from app.services import _report_base, _report_open
from app.services._deposits import from_whom
from app.services._report_base import Asked, payment_about
from app.services._report_open import OpenItem

# Overpayments of these are reported and returned within 60 days (42 USC 1320a-7k(d)).
_SIXTY_DAYS = frozenset({PayerType.MEDICARE, PayerType.MEDICAID})
_RETURN_DAYS = timedelta(days=60)

_WHY = {
    "eob": "Insurer paid more than was open",
    "patient_payment": "Paid more than was owed",
    "apply_unapplied": "Paid more than was owed",
    "charge_void": "Charge voided after payment",
    "reversal": "An earlier decision was taken back",
    "write_off": "Written off after payment",
    "transfer": "Responsibility passed on after payment",
}


_CREDIT_BALANCES_COLUMNS = (
    text("owner", "Owner"),
    text("patient", "Patient"),
    text("what", "For"),
    day("since", "Since"),
    reports.count("days", "Days", sums=False),
    text("why", "Reason"),
    day("due", "Return by"),
    money("credit", "Credit"),
)


def credit_balances(session: Session, p: Asked) -> Report:
    """Every negative bucket and every unapplied amount, with its owner and age."""
    balance = _report_base.balances(session, p.as_of)
    owed = [i for i in _report_open.open_items(session, balance) if i.cents < 0]
    rows = [*_credit_rows(session, balance, owed, p)]
    waiting = unapplied_rows(session, p.as_of)
    groups = (
        reports.group_about(
            "Credits on lines",
            [(r, About("patient", i.patient_id)) for r, i in zip(rows, owed, strict=True)],
        ),
        reports.group_about(
            "Unapplied money", [(_waiting(r, p.as_of), _document(r)) for r in waiting]
        ),
    )
    on_lines = -sum(i.cents for i in owed)
    ties = (
        Tie("Credits on lines = credits column of the aging", on_lines, _credits(session, p)),
        Tie(
            "Unapplied money = unapplied account",
            sum(r.cents for r in waiting),
            -_report_base.account_balance(session, Account.UNAPPLIED, p.as_of),
        ),
    )
    said = f"As of {format_date(p.as_of)} by accounting date"
    note = "Medicare and Medicaid: report and return within 60 days of knowing of it."
    return reports.make_report(
        "credits",
        "Credit balances",
        said,
        _CREDIT_BALANCES_COLUMNS,
        groups,
        ties,
        (note,) if rows else (),
    )


def _credits(session: Session, p: Asked) -> int:
    """Negative buckets, summed from the postings alone."""
    cents = func.sum(Posting.amount_cents)
    parts = (
        select(cents.label("cents"))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(_report_base.RECEIVABLE, Journal.accounting_date <= p.as_of)
        .group_by(Posting.charge_line_id, Posting.party_id)
        .having(cents < 0)
        .subquery()
    )
    return -(session.scalar(select(func.sum(parts.c.cents))) or 0)


def _credit_rows(
    session: Session, balance: Subquery, owed: list[OpenItem], p: Asked
) -> list[reports.Row]:
    since = _last_reductions(session, balance, p.as_of)
    found: list[reports.Row] = []
    for i in owed:
        on, kind = since.get((i.line_id, i.party_id), (i.service_from, ""))
        due = on + _RETURN_DAYS if i.payer_type in _SIXTY_DAYS else None
        found.append(
            (
                i.payer or i.guarantor,
                f"{i.patient}  {i.account_no}",
                f"{format_date(i.service_from)}  {i.code}",
                on,
                (p.as_of - on).days,
                _WHY.get(kind, "Paid more than was owed"),
                due,
                -i.cents,
            )
        )
    return found


def _last_reductions(
    session: Session, balance: Subquery, as_of: date
) -> dict[tuple[int, int], tuple[date, str]]:
    """What last took a bucket that is now a credit down: day and kind of journal."""
    query = (
        select(Posting.charge_line_id, Posting.party_id, Journal.accounting_date, Journal.kind)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(
            balance,
            and_(
                balance.c.line_id == Posting.charge_line_id,
                balance.c.party_id == Posting.party_id,
            ),
        )
        .where(
            balance.c.cents < 0,
            _report_base.RECEIVABLE,
            Posting.amount_cents < 0,
            Journal.accounting_date <= as_of,
        )
        .order_by(Posting.id)
    )
    return {(line or 0, party or 0): (on, kind) for line, party, on, kind in session.execute(query)}


# --- unapplied ----------------------------------------------------------------------------------
Waiting = Row[date, str | None, str, str, str, str | None, int, int, int | None]


def _document(row: Waiting) -> About | None:
    return payment_about(row.kind, row.payment_id, row.patient_id)


def unapplied_rows(session: Session, as_of: date) -> list[Waiting]:
    """Payments with money that waits."""
    cents = -func.sum(Posting.amount_cents)
    query = (
        select(
            Payment.received_on,
            Payment.number,
            Payment.method,
            Payment.kind,
            from_whom().label("owner"),
            Payment.note,
            cents.label("cents"),
            Payment.id.label("payment_id"),
            Payment.patient_id,
        )
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(Posting.account == str(Account.UNAPPLIED), Journal.accounting_date <= as_of)
        .group_by(Payment.id)
        .having(cents != 0)
        .order_by(Payment.received_on, Payment.id)
    )
    return list(session.execute(query))


def _waiting(row: Waiting, as_of: date) -> reports.Row:
    paper = f"{row.method} {row.number or ''}".strip()
    days = (as_of - row.received_on).days
    why = row.note or ("Waits for its place" if row.cents > 0 else "Returned after it was refunded")
    return row.owner, "", paper, row.received_on, days, why, None, row.cents


_UNAPPLIED_COLUMNS = (
    text("owner", "From"),
    text("number", "Number"),
    text("method", "Method"),
    day("received", "Received"),
    reports.count("days", "Days", sums=False),
    text("note", "Note"),
    money("cents", "Unapplied"),
)


def unapplied(session: Session, p: Asked) -> Report:
    """Money on checks and receipts that waits for its place."""
    found = [
        (
            "Insurers" if r.kind == "insurer" else "Patients",
            (
                r.owner,
                r.number or "",
                r.method,
                r.received_on,
                (p.as_of - r.received_on).days,
                r.note or "",
                r.cents,
            ),
            _document(r),
        )
        for r in unapplied_rows(session, p.as_of)
    ]
    control = -_report_base.account_balance(session, Account.UNAPPLIED, p.as_of)
    tie = Tie("Unapplied = unapplied account", sum(row[-1] for _, row, _ in found), control)
    said = f"As of {format_date(p.as_of)} by accounting date"
    groups = reports.grouped_about(sorted(found, key=lambda item: item[0]))
    return reports.make_report(
        "unapplied", "Unapplied money", said, _UNAPPLIED_COLUMNS, groups, (tie,)
    )


# --- refunds ------------------------------------------------------------------------------------
_REFUNDS_COLUMNS = (
    text("to", "To"),
    text("patient", "Patient"),
    text("what", "For"),
    day("on", "Date"),
    text("how", "How"),
    money("cents", "Amount"),
)


def refunds(session: Session, p: Asked) -> Report:
    """Refunds paid in the period, and credits that are still to be paid back at its end."""
    paid = _paid_back(session, p)
    balance = _report_base.balances(session, p.end)
    due = [
        ((i.payer or i.guarantor, i.patient, f"{format_date(i.service_from)}  {i.code}", None, "",
          -i.cents), About("patient", i.patient_id))
        for i in _report_open.open_items(session, balance)
        if i.cents < 0
    ]  # fmt: skip
    moved = _report_base.movements(session, p.within())
    at_end = Asked(p.today, p.start, p.end, p.end, p.more)
    on_lines = sum(r.cents for r in paid if r.on_line)
    ties = (
        Tie("Refunds of credits on lines = refunds of the period", on_lines, moved.refunds),
        Tie("Refunds due = credits column of the aging", sum(r[-1] for r, _ in due),
            _credits(session, at_end)),
    )  # fmt: skip
    groups = (
        reports.group_about(
            "Paid", [(_refund(r), payment_about("patient", 0, r.patient_id)) for r in paid]
        ),
        reports.group_about(f"Due on {format_date(p.end)}", due, counted=False),
    )
    said = f"{p.period} by accounting date"
    return reports.make_report(
        "refunds", "Refunds paid and due", said, _REFUNDS_COLUMNS, groups, ties
    )


PaidBack = Row[str, str, date, str, str | None, bool, int, int | None]


def _paid_back(session: Session, p: Asked) -> list[PaidBack]:
    on_line = Posting.charge_line_id.is_not(None)
    query = (
        select(
            from_whom().label("owner"),
            func.coalesce(Patient.last + ", " + Patient.first, "").label("patient"),
            Journal.accounting_date,
            Payment.method,
            Payment.number,
            on_line.label("on_line"),
            (-func.sum(Posting.amount_cents)).label("cents"),
            Patient.id.label("patient_id"),
        )
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Payment, Payment.id == Posting.payment_id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .outerjoin(Patient, Patient.id == Payment.patient_id)
        .where(Payment.kind == "refund", Posting.account == str(Account.CASH), p.within())
        .group_by(Posting.journal_id, Payment.id, on_line)
        .order_by(Journal.accounting_date, Journal.id)
    )
    return list(session.execute(query))


def _refund(row: PaidBack) -> reports.Row:
    what = "Credit on a line" if row.on_line else "Unapplied money"
    how = f"{row.method} {row.number or ''}".strip()
    return row.owner, row.patient, what, row.accounting_date, how, row.cents
