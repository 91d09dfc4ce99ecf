"""Inner functions: holds, payment plans and a fresh dunning count; nothing is ever deleted."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.domain.payment_plans import PlanTerms, check_terms
from app.models.people import Guarantor, Patient
from app.models.statements import AccountHold, DunningReset, PaymentPlan, Statement
from app.models.visits import Encounter
from app.services.desk import Desk
from app.services.statement_commands import HoldAccount, SavePlan


def check_guarantor(session: Session, guarantor_id: int) -> None:
    """Raises NotFound where there is none."""
    if session.get(Guarantor, guarantor_id) is None:
        raise NotFound("This guarantor is no longer there. Refresh the list.")


def hold(session: Session, desk: Desk, command: HoldAccount) -> AccountHold:
    """Stops statements.

    Raises:
        Invalid: an end before the beginning, or a visit of somebody else.
    """
    check_guarantor(session, command.guarantor_id)
    since = command.since or desk.today
    findings = []
    if command.until is not None and command.until < since:
        findings.append(Finding("until", "The hold ends before it begins."))
    if command.encounter_id is not None and not _visit_of(session, command):
        findings.append(Finding("encounter_id", "This visit belongs to another household."))
    if findings:
        raise Invalid(findings)
    row = AccountHold(
        guarantor_id=command.guarantor_id,
        encounter_id=command.encounter_id,
        kind=str(command.kind),
        note=command.note.strip() or None,
        since=since,
        until=command.until,
        user_id=desk.user_id,
    )
    session.add(row)
    session.flush()
    return row


def _visit_of(session: Session, command: HoldAccount) -> bool:
    query = (
        select(Encounter.id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(Encounter.id == command.encounter_id, Patient.guarantor_id == command.guarantor_id)
    )
    return session.scalar(query) is not None


def release(session: Session, desk: Desk, hold_id: int, why: str) -> AccountHold:
    """Ends a hold.

    Raises:
        NotFound: no such hold.
        Refused: ``already_released``.
    """
    row = session.get(AccountHold, hold_id)
    if row is None:
        raise NotFound("This hold is no longer there. Refresh the list.")
    if row.released_at is not None:
        raise Refused("already_released", "This hold was already released.")
    row.released_at, row.released_by_id = desk.clock.now(), desk.user_id
    row.released_why = why.strip() or None
    return row


def save_plan(session: Session, desk: Desk, command: SavePlan, owed_cents: int) -> PaymentPlan:
    """Begins a plan; one that runs is ended first.

    Raises:
        Invalid: with a sentence for each wrong field.
    """
    check_guarantor(session, command.guarantor_id)
    started = command.started_on or desk.today
    terms = PlanTerms(
        total_cents=command.total_cents,
        installment_cents=command.installment_cents,
        day_of_month=command.day_of_month,
        started_on=started,
        first_due=command.first_due or _next_day(started, command.day_of_month),
    )
    findings = check_terms(terms, owed_cents)
    if findings:
        raise Invalid(findings)
    running = session.scalar(
        select(PaymentPlan).where(
            PaymentPlan.guarantor_id == command.guarantor_id, PaymentPlan.ended_on.is_(None)
        )
    )
    if running is not None:
        running.ended_on, running.ended_why = desk.today, "a new plan was agreed"
        session.flush()
    row = PaymentPlan(
        guarantor_id=command.guarantor_id,
        total_cents=terms.total_cents,
        installment_cents=terms.installment_cents,
        day_of_month=terms.day_of_month,
        started_on=terms.started_on,
        first_due=terms.first_due,
        note=command.note.strip() or None,
        user_id=desk.user_id,
    )
    session.add(row)
    session.flush()
    return row


def _next_day(after: date, day_of_month: int) -> date:
    """The next such day of a month after a date; the last of the month where it is shorter."""
    wanted = min(max(day_of_month, 1), 31)
    year, month = after.year, after.month
    found = date(year, month, min(wanted, monthrange(year, month)[1]))
    if found > after:
        return found
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(wanted, monthrange(year, month)[1]))


def end_plan(session: Session, desk: Desk, plan_id: int, why: str) -> PaymentPlan:
    """Ends a plan; the whole balance is asked for again.

    Raises:
        NotFound: no such plan.
        Refused: ``already_ended``.
    """
    row = session.get(PaymentPlan, plan_id)
    if row is None:
        raise NotFound("This payment plan is no longer there. Refresh the list.")
    if row.ended_on is not None:
        raise Refused("already_ended", "This payment plan has ended already.")
    row.ended_on, row.ended_why = desk.today, why.strip() or None
    return row


def reset_count(session: Session, desk: Desk, guarantor_id: int, why: str) -> None:
    """The next statement is the first again.

    Raises:
        Refused: ``nothing_sent``.
    """
    check_guarantor(session, guarantor_id)
    last = session.scalar(
        select(func.max(Statement.id)).where(Statement.guarantor_id == guarantor_id)
    )
    if last is None:
        raise Refused("nothing_sent", "No statement was sent yet; the next one is the first.")
    session.add(
        DunningReset(
            guarantor_id=guarantor_id,
            statement_id=last,
            at=desk.clock.now(),
            user_id=desk.user_id,
            why=why.strip() or None,
        )
    )
