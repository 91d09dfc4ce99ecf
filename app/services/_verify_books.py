"""Inner functions: the rules of the books, each proved on the rows; the first breach is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.chain import GENESIS, next_mac, same_mac
from app.domain.books import Account
from app.domain.money import format_cents
from app.models.books import Journal, LineBalance, Posting, stands_in
from app.models.closing import MonthClose
from app.models.records import Audit
from app.services import _ledger, _month_close
from app.services.desk import AUDIT_FIELDS, Desk, audit_content


def problems(session: Session, desk: Desk) -> Iterator[str]:
    """Everything that is wrong, the first row of each kind."""
    for check in _CHECKS:
        yield from check(session)
    yield from _months(session)
    yield from _journal_chain(session, desk)
    yield from _audit_chain(session, desk)


# --- chains -------------------------------------------------------------------------------------
def _audit_chain(session: Session, desk: Desk) -> Iterator[str]:
    key, previous = desk.db.mac_key("audit"), GENESIS
    columns = [getattr(Audit, name) for name in AUDIT_FIELDS]
    rows = session.execute(
        select(*columns, Audit.mac).order_by(Audit.id).execution_options(yield_per=1000)
    )
    for *values, mac in rows:
        row = dict(zip(AUDIT_FIELDS, values, strict=True))
        previous = next_mac(key, previous, audit_content(row))
        if not same_mac(previous, mac):
            yield f"Audit row {row['id']} was altered outside the program."
            return


def _journal_chain(session: Session, desk: Desk) -> Iterator[str]:
    key, previous = desk.db.mac_key("journal"), GENESIS
    legs = _legs_by_journal(session)
    number, rows = next(legs, _NO_LEGS)
    heads = [getattr(Journal, name) for name in _ledger.JOURNAL_FIELDS]
    query = select(*heads, Journal.mac).order_by(Journal.id).execution_options(yield_per=2000)
    for *values, mac in session.execute(query):
        head = dict(zip(_ledger.JOURNAL_FIELDS, values, strict=True))
        while 0 < number < head["id"]:  # postings whose journal is gone
            number, rows = next(legs, _NO_LEGS)
        own: list[dict[str, Any]] = []
        if number == head["id"]:
            own = rows
            number, rows = next(legs, _NO_LEGS)
        previous = next_mac(key, previous, _ledger.journal_content(head, own))
        if not same_mac(previous, mac):
            yield f"Journal {head['id']} was altered outside the program."
            return


_NO_LEGS: tuple[int, list[dict[str, Any]]] = (0, [])


def _legs_by_journal(session: Session) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Postings journal by journal, read as they are needed: the books may be large."""
    columns = [getattr(Posting, name) for name in _ledger.POSTING_FIELDS]
    query = select(Posting.journal_id, *columns).order_by(Posting.journal_id, Posting.id)
    found = session.execute(query.execution_options(yield_per=5000))
    for number, rows in groupby(found, key=itemgetter(0)):
        yield number, [dict(zip(_ledger.POSTING_FIELDS, row[1:], strict=True)) for row in rows]


# --- sums ---------------------------------------------------------------------------------------
def _unbalanced(session: Session) -> Iterator[str]:
    query = (
        select(Posting.journal_id, func.sum(Posting.amount_cents))
        .group_by(Posting.journal_id)
        .having(func.sum(Posting.amount_cents) != 0)
        .limit(1)
    )
    for journal, cents in session.execute(query):
        yield f"Journal {journal} does not sum to 0.00; it is off by {cents} cents."


def _gaps(session: Session) -> Iterator[str]:
    last, number = session.execute(select(func.max(Journal.id), func.count(Journal.id))).one()
    if (last or 0) != number:
        yield f"The journal runs to {last} but holds {number} entries."


def _control(session: Session) -> Iterator[str]:
    query = select(func.sum(Posting.amount_cents)).where(stands_in(Account.RECEIVABLE))
    receivable = session.scalar(query) or 0
    projected = session.scalar(select(func.sum(LineBalance.amount_cents))) or 0
    if receivable != projected:
        yield f"Receivable is {receivable} cents, the open lines are {projected}."


# Rules as one question each: what it finds breaks the rule. The words take its columns in order.
_PROJECTION = (
    "SELECT charge_line_id, party_id, SUM(cents) AS off FROM ("
    " SELECT charge_line_id, party_id, amount_cents AS cents FROM line_balance"
    " UNION ALL SELECT charge_line_id, party_id, -amount_cents FROM posting"
    " WHERE account = 'receivable') GROUP BY 1, 2 HAVING off <> 0 LIMIT 1",
    "Line {}, party {}: the balance differs from its postings by {} cents.",
)
_CLOSED_CHECK = (
    "SELECT p.id, CASE p.kind WHEN 'refund' THEN -p.amount_cents ELSE p.amount_cents END AS said,"
    " COALESCE(SUM(CASE WHEN l.account = 'cash' THEN l.amount_cents END), 0) AS booked"
    " FROM payment p LEFT JOIN posting l ON l.payment_id = p.id WHERE p.status = 'closed'"
    " GROUP BY p.id HAVING said <> booked LIMIT 1",
    "Payment {} says {} cents but {} are in the books.",
)
_GONE_CHECK = (
    "SELECT p.id, p.status, SUM(l.amount_cents) AS booked FROM payment p"
    " JOIN posting l ON l.payment_id = p.id AND l.account = 'cash'"
    " WHERE p.status IN ('voided', 'returned') GROUP BY p.id HAVING booked <> 0 LIMIT 1",
    "Payment {} is {} but {} cents of it are still in the books.",
)
_REVERSALS = (
    "SELECT r.id, r.reverses_id FROM journal r JOIN posting l"
    " ON l.journal_id IN (r.id, r.reverses_id) WHERE r.reverses_id IS NOT NULL"
    " GROUP BY r.id, l.account, l.charge_line_id, l.party_id"
    " HAVING SUM(l.amount_cents) <> 0 LIMIT 1",
    "Journal {} does not mirror journal {}, which it takes back.",
)
_CLOSED_PERIOD = (
    "SELECT j.id, j.accounting_date, c.month FROM journal j"
    " JOIN month_close c ON j.id > c.journal_id"
    " JOIN period_close p ON p.id = c.period_close_id AND j.accounting_date <= p.through LIMIT 1",
    "Journal {} is dated {}, but the month of {} was closed before it was entered.",
)
_EOB_LINES = (
    "SELECT l.eob_id, l.id, l.billed_cents - l.paid_cents - COALESCE(SUM(a.amount_cents), 0) AS off"
    " FROM eob_line l LEFT JOIN eob_adjustment a ON a.eob_line_id = l.id"
    " GROUP BY l.id HAVING off <> 0 LIMIT 1",
    "EOB {}, line {}: paid and adjustments differ from what was billed by {} cents.",
)
_EOB_MONEY = (
    "SELECT e.id, SUM(l.paid_cents) AS paid,"
    " COALESCE((SELECT SUM(p.amount_cents) FROM posting p WHERE p.journal_id = e.journal_id"
    " AND p.account IN ('cash', 'unapplied')), 0) AS booked"
    " FROM eob e JOIN eob_line l ON l.eob_id = e.id WHERE e.reverses_id IS NULL"
    " GROUP BY e.id HAVING paid <> booked LIMIT 1",
    "EOB {} says {} cents were paid but {} are in the books.",
)
_SLIPS = (
    "SELECT d.id, d.total_cents, COALESCE(SUM(i.amount_cents), 0) AS items FROM deposit d"
    " LEFT JOIN deposit_item i ON i.deposit_id = d.id GROUP BY d.id"
    " HAVING d.total_cents <> items LIMIT 1",
    "Deposit {} says {} cents but its checks are {}.",
)
_SLIP_ITEMS = (
    "SELECT i.deposit_id, i.payment_id, i.amount_cents, p.amount_cents FROM deposit_item i"
    " JOIN payment p ON p.id = i.payment_id WHERE i.amount_cents <> p.amount_cents LIMIT 1",
    "Deposit {}: payment {} stands on it with {} cents but has {}.",
)


def _asks(rule: tuple[str, str], session: Session) -> Iterator[str]:
    for row in session.execute(text(rule[0])):
        yield rule[1].format(*row)


def _rules(session: Session) -> Iterator[str]:
    for rule in (
        _PROJECTION,
        _CLOSED_CHECK,
        _GONE_CHECK,
        _REVERSALS,
        _CLOSED_PERIOD,
        _EOB_LINES,
        _EOB_MONEY,
        _SLIPS,
        _SLIP_ITEMS,
    ):
        yield from _asks(rule, session)


_CHECKS = (_unbalanced, _gaps, _rules, _control)


# --- closed months ------------------------------------------------------------------------------
def _months(session: Session) -> Iterator[str]:
    """A closed month's figures never change (kept text against the postings of today)."""
    for row in session.scalars(select(MonthClose).order_by(MonthClose.month)):
        kept, now = json.loads(row.figures_json), _month_close.figures(session, row.month)
        told = (
            ("beginning", now.beginning),
            ("charges", now.charges),
            ("adjustments", now.adjustments),
            ("refunds", now.refunds),
            ("cash", now.cash),
            ("ending", now.ending),
        )
        for name, cents in told:
            if kept[name] != cents:
                yield (
                    f"{row.month:%B %Y} was closed with {name} {format_cents(kept[name])}; the "
                    f"books now say {format_cents(cents)}."
                )
                return
