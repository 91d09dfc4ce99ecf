"""The loose ends of the day and the month so far, every figure tied to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.money import format_cents
from app.models.books import STILL_OPEN, Journal, LineBalance, Payment, Posting, stands_in
from app.models.closing import Deposit
from app.models.people import Party, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter
from app.services import _deposits, _estimates, _payments
from app.services.code_change_rows import OpenTouched
from app.services.code_changes import CodeChangeService
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """One kind of unfinished work: how many, how much (cents), how old, where it is done."""

    key: str
    title: str
    count: int
    cents: int | None
    oldest: date | None
    detail: str
    page: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """The month's movement (cents): opening + charges − payments − adjustments + refunds = A/R."""

    month: date
    opening: int
    charges: int
    insurer_payments: int
    patient_payments: int
    adjustments: int
    refunds: int
    receivable: int

    @property
    def ties(self) -> bool:
        """True when the movements explain the receivable to the cent."""
        paid = self.insurer_payments + self.patient_payments
        moved = self.charges - paid - self.adjustments + self.refunds
        return self.opening + moved == self.receivable


class TodayService:
    """What wants doing, in the order a biller would do it."""

    def __init__(self, desk: Desk, code_changes: CodeChangeService | None = None) -> None:
        self._desk, self._code_changes = desk, code_changes

    def loose_ends(self) -> tuple[LooseEnd, ...]:
        """Every kind of unfinished work with something in it, in a bounded number of queries."""
        today = self._desk.today
        with self._desk.read() as session:
            found = [
                _to_code(session),
                _on_hold(session, today),
                _claims(session, "ready", "Claims ready to print", ""),
                _claims(session, "printed", "Printed, not yet confirmed", "was the sheet good?"),
                _checks(session),
                _undeposited(session),
                _denials(session),
                _follow_ups(session, today),
                _credits(session),
                _estimates_passed(session),
            ]
        if self._code_changes is not None:
            found.append(_changed_codes(self._code_changes.open_touched()))
        return tuple(end for end in found if end.count)

    def month_so_far(self) -> MonthSoFar:
        """This month's figures by accounting date."""
        first = self._desk.today.replace(day=1)
        with self._desk.read() as session:
            sums = _movements(session, first)
            whole = select(func.sum(Posting.amount_cents)).where(stands_in(Account.RECEIVABLE))
            # The postings of the month alone; years of older ones need not be read one by one.
            since = (
                select(func.sum(Posting.amount_cents))
                .join(Journal, Journal.id == Posting.journal_id)
                .where(Posting.account == str(Account.RECEIVABLE), Journal.accounting_date >= first)
            )
            receivable = session.scalar(whole) or 0
            opening = receivable - (session.scalar(since) or 0)
            return MonthSoFar(first, opening, *sums, receivable)


def _movements(session: Session, first: date) -> tuple[int, int, int, int, int]:
    """Charges, insurer payments, patient payments, adjustments, refunds on lines (cents)."""
    money = Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED)))
    on_line = and_(money, Posting.charge_line_id.is_not(None))

    def total(condition: ColumnElement[bool], sign: int = 1) -> ColumnElement[int]:
        amount = sign * Posting.amount_cents
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    row = session.execute(
        select(
            total(Posting.account == str(Account.REVENUE), -1),
            total(and_(on_line, Payment.kind == "insurer")),
            total(and_(on_line, Payment.kind == "patient")),
            total(Posting.account == str(Account.ADJUSTMENT)),
            total(and_(on_line, Payment.kind == "refund"), -1),
        )
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .where(Journal.accounting_date >= first)
    ).one()
    charges, insurer, patient, adjustments, refunds = row
    return charges, insurer, patient, adjustments, refunds


def _to_code(session: Session) -> LooseEnd:
    count, oldest = session.execute(
        select(func.count(), func.min(Encounter.service_date)).where(
            Encounter.status == "draft", Encounter.hold_reason.is_(None)
        )
    ).one()
    return LooseEnd("code", "Encounters to code", count, None, oldest, "", "encounters")


def _on_hold(session: Session, today: date) -> LooseEnd:
    """All that are on hold; the detail says of how many the day to look again has come."""
    over = func.coalesce(func.sum(case((Encounter.hold_until <= today, 1), else_=0)), 0)
    count, oldest, due = session.execute(
        select(func.count(), func.min(Encounter.service_date), over).where(
            Encounter.status == "draft", Encounter.hold_reason.is_not(None)
        )
    ).one()
    detail = f"{due:,} to look at again" if due else ""
    return LooseEnd("hold", "Encounters on hold", count, None, oldest, detail, "encounters")


def _open_amount() -> ScalarSelect[int]:
    """What the claim's own payer owes on its lines (cents)."""
    return (
        select(func.coalesce(func.sum(LineBalance.amount_cents), 0))
        .join(ClaimLine, ClaimLine.charge_line_id == LineBalance.charge_line_id)
        .join(Party, and_(Party.id == LineBalance.party_id, Party.policy_id == Claim.policy_id))
        .where(ClaimLine.claim_id == Claim.id)
        .correlate(Claim)
        .scalar_subquery()
    )


def _claim_sums() -> Select[int, int, date, str]:
    return (
        select(func.count(), func.sum(_open_amount()), func.min(Encounter.service_date), Payer.name)
        .select_from(Claim)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .group_by(Payer.id)
        .order_by(func.count().desc(), Payer.name)
    )


def _claims(session: Session, status: str, title: str, detail: str) -> LooseEnd:
    rows = session.execute(_claim_sums().where(Claim.status == status)).all()
    return _claims_end(rows, status, title, detail)


def _claims_end(
    rows: Sequence[Row[int, int, date, str]], key: str, title: str, detail: str
) -> LooseEnd:
    by_payer = " · ".join(f"{count} {name}" for count, _, _, name in rows[:3])
    return LooseEnd(
        key=key,
        title=title,
        count=sum(r[0] for r in rows),
        cents=sum(r[1] or 0 for r in rows),
        oldest=min((r[2] for r in rows), default=None),
        detail=detail or by_payer,
        page="claims",
    )


def _denials(session: Session) -> LooseEnd:
    # A denial written off or passed on needs no more work, though the claim stays denied.
    query = _claim_sums().where(Claim.status == "denied", _open_amount() > 0)
    ends = _claims_end(session.execute(query).all(), "denied", "Denials to work", "")
    return replace(ends, page="follow_up")


def _follow_ups(session: Session, today: date) -> LooseEnd:
    rows = session.execute(
        _claim_sums().where(
            Claim.status.in_(("submitted", "accepted", "appealed", "partially_paid")),
            Claim.follow_up_on <= today,
            _open_amount() > 0,
        )
    ).all()
    return replace(_claims_end(rows, "follow_up", "Follow-ups due", ""), page="follow_up")


def _checks(session: Session) -> LooseEnd:
    query = _payments.state_query().where(Payment.status == "open", Payment.kind == "insurer")
    states = [_payments.check_state(row) for row in session.execute(query)]
    remaining = [s for s in states if s.remaining_cents]
    return LooseEnd(
        key="checks",
        title="Checks with money remaining",
        count=len(remaining),
        cents=sum(s.remaining_cents for s in remaining),
        oldest=min((s.received_on for s in remaining), default=None),
        detail=" · ".join(s.number or s.payer_name for s in remaining[:3]),
        page="payments",
        alarm=True,
    )


def _undeposited(session: Session) -> LooseEnd:
    """Paper checks and cash that are on no deposit slip yet, in an office that makes slips."""
    makes_slips = session.scalar(select(Deposit.id).limit(1)) is not None
    waiting = _deposits.waiting(session) if makes_slips else ()
    return LooseEnd(
        key="deposits",
        title="Money for the bank",
        count=len(waiting),
        cents=sum(money.amount_cents for money in waiting),
        oldest=min((money.received_on for money in waiting), default=None),
        detail=" · ".join(money.who for money in waiting[:3]),
        page="payments",
    )


def _credits(session: Session) -> LooseEnd:
    count, cents, oldest = session.execute(
        select(func.count(), func.sum(-LineBalance.amount_cents), func.min(ChargeLine.service_from))
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .where(STILL_OPEN, LineBalance.amount_cents < 0)
    ).one()
    detail = f"{format_cents(cents or 0)} owed to patients and payers"
    return LooseEnd("credits", "Credits to return", count, cents or 0, oldest, detail, "follow_up")


def _estimates_passed(session: Session) -> LooseEnd:
    """Bills so far above their good faith estimate that the patient may dispute them."""
    found = _estimates.too_high(session)
    return LooseEnd(
        key="estimates",
        title="Bills above their estimate",
        count=len(found),
        cents=sum(cents for _, cents, _ in found),
        oldest=min((day for _, _, day in found), default=None),
        detail="400.00 or more: the patient may dispute it",
        page="patients",
        alarm=True,
    )


def _changed_codes(touched: OpenTouched) -> LooseEnd:
    """Open work with codes that a new edition takes away."""
    parts = (
        (touched.visits, "visit", "visits"),
        (touched.claims, "claim", "claims"),
        (touched.recurring, "recurring visit", "recurring visits"),
    )
    detail = " · ".join(
        f"{count} {one if count == 1 else many}" for count, one, many in parts if count
    )
    title = "Codes that change"
    return LooseEnd("codes", title, touched.count, None, touched.oldest, detail, "setup")
