"""Inner functions: what came and went before a statement: money, bills, holds, plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.books import PATIENT_PARTY, Account
from app.domain.payment_plans import PlanState, PlanTerms, plan_state
from app.domain.statement_policy import StatementPolicy
from app.domain.statements import LastSent
from app.models.books import LineBalance, Payment, Posting
from app.models.statements import (
    AccountHold,
    DunningReset,
    PaymentPlan,
    Statement,
    StatementLine,
)

Ids = Sequence[int] | None


def of(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ids: Ids
) -> tuple[ColumnElement[bool], ...]:
    """A condition on a guarantor's column; none when all are meant."""
    return () if ids is None else (column.in_(ids),)


@dataclass(frozen=True, slots=True)
class Received:
    """A guarantor's newest standing receipt (cents)."""

    received_on: date
    cents: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The newest statement or letter that stands and counts (cents)."""

    statement_id: int
    kind: str
    number: int
    on: date
    created_at: datetime
    amount_cents: int
    owed_cents: int


@dataclass(frozen=True, slots=True)
class Held:
    """A hold on the whole account."""

    hold_id: int
    kind: str
    until: date | None


@dataclass(frozen=True, slots=True)
class PastIds:
    """Rows behind an account, for the acts that a page offers on them."""

    hold_id: int | None = None
    plan_id: int | None = None
    last_payment_cents: int | None = None
    last_sent_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Everything before today, by guarantor."""

    waiting: dict[int, int]
    payments: dict[int, Received]
    sent: dict[int, Sent]
    holds: dict[int, Held]
    held_visits: set[int]
    plans: dict[int, PlanState]
    plan_ids: dict[int, int]

    def unapplied(self, guarantor: int) -> int:
        """Patients' money that waits (cents)."""
        return self.waiting.get(guarantor, 0)

    def last(self, guarantor: int) -> LastSent | None:
        """The newest bill as the decision wants it."""
        row, paid = self.sent.get(guarantor), self.payments.get(guarantor)
        if row is None:
            return None
        since = paid is not None and paid.created_at > row.created_at
        return LastSent(row.kind, row.number, row.on, row.owed_cents, since)

    def ids(self, guarantor: int) -> PastIds:
        """The rows behind it."""
        hold, payment = self.holds.get(guarantor), self.payments.get(guarantor)
        sent = self.sent.get(guarantor)
        return PastIds(
            hold_id=hold.hold_id if hold else None,
            plan_id=self.plan_ids.get(guarantor),
            last_payment_cents=payment.cents if payment else None,
            last_sent_cents=sent.amount_cents if sent else None,
        )


def read(session: Session, policy: StatementPolicy, today: date, ids: Ids) -> Past:
    """Five queries, whatever the number of guarantors."""
    plans, plan_ids = _plans(session, policy, today, ids)
    holds, visits = _holds(session, today, ids)
    return Past(
        waiting=_unapplied(session, ids),
        payments=_last_payments(session, ids),
        sent=_last_sent(session, ids),
        holds=holds,
        held_visits=visits,
        plans=plans,
        plan_ids=plan_ids,
    )


def _unapplied(session: Session, ids: Ids) -> dict[int, int]:
    query = (
        select(Payment.guarantor_id, -func.sum(Posting.amount_cents))
        .join(Posting, Posting.payment_id == Payment.id)
        .where(
            Payment.kind == "patient",
            Posting.account == str(Account.UNAPPLIED),
            *of(Payment.guarantor_id, ids),
        )
        .group_by(Payment.guarantor_id)
    )
    return {key: cents for key, cents in session.execute(query) if key is not None}


def _last_payments(session: Session, ids: Ids) -> dict[int, Received]:
    place = func.row_number().over(
        partition_by=Payment.guarantor_id,
        order_by=(Payment.received_on.desc(), Payment.id.desc()),
    )
    ranked = (
        select(Payment.id, place.label("place"))
        .where(
            Payment.kind == "patient", Payment.status == "closed", *of(Payment.guarantor_id, ids)
        )
        .subquery()
    )
    query = select(
        Payment.guarantor_id, Payment.received_on, Payment.amount_cents, Payment.created_at
    ).join(ranked, and_(ranked.c.id == Payment.id, ranked.c.place == 1))
    rows = session.execute(query)
    return {key or 0: Received(on, cents, at) for key, on, cents, at in rows}


def still_owed() -> ScalarSelect[int]:
    """What the patients still owe on the lines a statement asked for (cents)."""
    return (
        select(func.coalesce(func.sum(LineBalance.amount_cents), 0))
        .join(StatementLine, StatementLine.charge_line_id == LineBalance.charge_line_id)
        .where(
            StatementLine.statement_id == Statement.id,
            StatementLine.amount_cents > 0,
            LineBalance.party_id == PATIENT_PARTY,
            LineBalance.amount_cents > 0,
        )
        .correlate(Statement)
        .scalar_subquery()
    )


def _last_sent(session: Session, ids: Ids) -> dict[int, Sent]:
    counts_from = (
        select(func.coalesce(func.max(DunningReset.statement_id), 0))
        .where(DunningReset.guarantor_id == Statement.guarantor_id)
        .correlate(Statement)
        .scalar_subquery()
    )
    newest = (
        select(func.max(Statement.id))
        .where(
            Statement.voided_at.is_(None),
            Statement.id > counts_from,
            *of(Statement.guarantor_id, ids),
        )
        .group_by(Statement.guarantor_id)
    )
    query = select(
        Statement.guarantor_id,
        Statement.id,
        Statement.kind,
        Statement.number,
        Statement.printed_on,
        Statement.created_at,
        Statement.amount_cents,
        still_owed(),
    ).where(Statement.id.in_(newest))
    rows = session.execute(query)
    return {r[0]: Sent(r[1], r[2], r[3], r[4], r[5], r[6], r[7]) for r in rows}


def standing_hold(today: date) -> tuple[ColumnElement[bool], ...]:
    """A hold that is neither released nor run out."""
    return (
        AccountHold.released_at.is_(None),
        AccountHold.since <= today,
        or_(AccountHold.until.is_(None), AccountHold.until >= today),
    )


def _holds(session: Session, today: date, ids: Ids) -> tuple[dict[int, Held], set[int]]:
    """Holds on whole accounts, the oldest of each, and the visits held for themselves."""
    query = (
        select(
            AccountHold.guarantor_id,
            AccountHold.encounter_id,
            AccountHold.id,
            AccountHold.kind,
            AccountHold.until,
        )
        .where(*standing_hold(today), *of(AccountHold.guarantor_id, ids))
        .order_by(AccountHold.id.desc())
    )
    accounts, visits = {}, set()
    for guarantor, encounter, hold_id, kind, until in session.execute(query):
        if encounter is None:
            accounts[guarantor] = Held(hold_id, kind, until)
        else:
            visits.add(encounter)
    return accounts, visits


def terms_of(plan: PaymentPlan) -> PlanTerms:
    """A plan's row as the terms agreed."""
    return PlanTerms(
        total_cents=plan.total_cents,
        installment_cents=plan.installment_cents,
        day_of_month=plan.day_of_month,
        started_on=plan.started_on,
        first_due=plan.first_due,
    )


def received_since() -> ScalarSelect[int]:
    """Patients' money received from a plan's first day on, returned checks left out (cents)."""
    return (
        select(func.coalesce(func.sum(Payment.amount_cents), 0))
        .where(
            Payment.guarantor_id == PaymentPlan.guarantor_id,
            Payment.kind == "patient",
            Payment.status == "closed",
            Payment.received_on >= PaymentPlan.started_on,
        )
        .correlate(PaymentPlan)
        .scalar_subquery()
    )


def _plans(
    session: Session, policy: StatementPolicy, today: date, ids: Ids
) -> tuple[dict[int, PlanState], dict[int, int]]:
    query = select(PaymentPlan, received_since()).where(
        PaymentPlan.ended_on.is_(None), *of(PaymentPlan.guarantor_id, ids)
    )
    states, keys = {}, {}
    for plan, received in session.execute(query):
        keys[plan.guarantor_id] = plan.id
        states[plan.guarantor_id] = plan_state(
            terms_of(plan),
            received,
            today,
            due_on=today + timedelta(days=policy.due_days),
            grace_days=policy.plan_grace_days,
        )
    return states, keys
