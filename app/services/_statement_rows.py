"""Inner functions: what the statements page shows of accounts, history, holds and plans."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.payment_plans import plan_state
from app.domain.statement_policy import StatementPolicy
from app.domain.statements import Decision, HoldKind, ask_cents
from app.models.people import Guarantor, Patient, User
from app.models.statements import AccountHold, PaymentPlan, Statement
from app.services._statement_facts import Account
from app.services._statement_past import received_since, terms_of
from app.services.statement_commands import (
    HoldRow,
    PlanRow,
    SentLately,
    SentRow,
    StatementRow,
)


def row(account: Account, decision: Decision) -> StatementRow:
    """An account and what is to be done with it."""
    facts, standing, ids = account.facts, account.facts.standing, account.ids
    last = facts.last
    return StatementRow(
        guarantor_id=account.guarantor_id,
        name=account.name,
        step=decision.step,
        reason=decision.reason,
        words=decision.words,
        number=decision.number,
        firm=decision.firm,
        amount_cents=ask_cents(facts),
        balance_cents=standing.balance_cents,
        aging=standing.aging,
        not_asked_cents=sum(cents for _, cents in standing.barred),
        credit_cents=standing.credit_cents,
        unapplied_cents=facts.unapplied_cents,
        pending_cents=standing.pending_cents,
        collections_cents=standing.collections_cents,
        last_payment_on=facts.last_payment_on,
        last_payment_cents=ids.last_payment_cents,
        last_sent_on=last.on if last else None,
        last_number=last.number if last else None,
        last_kind=last.kind if last else "",
        hold_id=ids.hold_id,
        plan_id=ids.plan_id,
        plan=facts.plan,
    )


def history(session: Session, guarantor_id: int) -> tuple[SentRow, ...]:
    """Statements and letters, newest first, those taken back included; the PDFs are left alone."""
    newest = session.scalar(
        select(func.max(Statement.id)).where(
            Statement.guarantor_id == guarantor_id, Statement.voided_at.is_(None)
        )
    )
    rows = session.execute(
        select(
            Statement.id,
            Statement.kind,
            Statement.number,
            Statement.printed_on,
            Statement.due_on,
            Statement.amount_cents,
            Statement.balance_cents,
            Statement.pages,
            User.name.label("user"),
            Statement.voided_at,
            Statement.voided_why,
        )
        .join(User, User.id == Statement.user_id)
        .where(Statement.guarantor_id == guarantor_id)
        .order_by(Statement.id.desc())
    )
    return tuple(
        SentRow(
            statement_id=r.id,
            kind=r.kind,
            number=r.number,
            printed_on=r.printed_on,
            due_on=r.due_on,
            amount_cents=r.amount_cents,
            balance_cents=r.balance_cents,
            pages=r.pages,
            user=r.user,
            voided_at=r.voided_at,
            voided_why=r.voided_why or "",
            may_be_unsent=r.id == newest,
        )
        for r in rows
    )


def sent_since(session: Session, since: date) -> tuple[SentLately, ...]:
    """Statements and letters of all guarantors from a day on, newest first; one query."""
    rows = session.execute(
        select(
            Statement.id,
            Statement.guarantor_id,
            Guarantor.last,
            Guarantor.first,
            Statement.kind,
            Statement.number,
            Statement.printed_on,
            Statement.due_on,
            Statement.amount_cents,
            Statement.voided_at,
        )
        .join(Guarantor, Guarantor.id == Statement.guarantor_id)
        .where(Statement.printed_on >= since)
        .order_by(Statement.id.desc())
    )
    return tuple(
        SentLately(
            statement_id=r.id,
            guarantor_id=r.guarantor_id,
            name=f"{r.last}, {r.first}",
            kind=r.kind,
            number=r.number,
            printed_on=r.printed_on,
            due_on=r.due_on,
            amount_cents=r.amount_cents,
            taken_back=r.voided_at is not None,
        )
        for r in rows
    )


def patients(session: Session, guarantor_id: int, first: tuple[int, ...]) -> tuple[int, ...]:
    """Everybody of a household, those named ``first`` before the others."""
    query = select(Patient.id).where(Patient.guarantor_id == guarantor_id).order_by(Patient.id)
    others = (key for key in session.scalars(query) if key not in first)
    return (*first, *others)


def holds(session: Session, guarantor_id: int, today: date) -> tuple[HoldRow, ...]:
    """Holds of a guarantor, newest first."""
    query = select(AccountHold).where(AccountHold.guarantor_id == guarantor_id)
    return tuple(
        HoldRow(
            hold_id=hold.id,
            kind=HoldKind(hold.kind),
            note=hold.note or "",
            encounter_id=hold.encounter_id,
            since=hold.since,
            until=hold.until,
            stands=hold.released_at is None and (hold.until is None or hold.until >= today),
            released_why=hold.released_why or "",
        )
        for hold in session.scalars(query.order_by(AccountHold.id.desc()))
    )


def plans(
    session: Session, guarantor_id: int, policy: StatementPolicy, today: date
) -> tuple[PlanRow, ...]:
    """Payment plans of a guarantor, newest first; the running one with how it stands."""
    query = (
        select(PaymentPlan, received_since())
        .where(PaymentPlan.guarantor_id == guarantor_id)
        .order_by(PaymentPlan.id.desc())
    )
    due_on = today + timedelta(days=policy.due_days)
    grace = policy.plan_grace_days
    return tuple(
        PlanRow(
            plan_id=plan.id,
            total_cents=plan.total_cents,
            installment_cents=plan.installment_cents,
            day_of_month=plan.day_of_month,
            started_on=plan.started_on,
            first_due=plan.first_due,
            note=plan.note or "",
            state=plan_state(terms_of(plan), received, today, due_on=due_on, grace_days=grace)
            if plan.ended_on is None
            else None,
            ended_on=plan.ended_on,
            ended_why=plan.ended_why or "",
        )
        for plan, received in session.execute(query)
    )
