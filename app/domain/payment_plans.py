"""Payment plans: a balance paid in monthly installments. Kept or behind is derived, never stored.

Amounts in cents. An installment falls on the same day of each month, or on the month's last day
where the month is shorter.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.findings import Finding
from app.domain.money import format_cents

MAX_INSTALLMENTS = 120


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What was agreed: ``total_cents`` in installments, the first on ``first_due``."""

    total_cents: int
    installment_cents: int
    day_of_month: int
    started_on: date
    first_due: date


@dataclass(frozen=True, slots=True)
class PlanState:
    """How a plan stands on a day (cents).

    Attributes:
        left_cents: what is still to be paid under the plan.
        behind_cents: installments past their grace that have not come; 0 when the plan is kept.
        ask_cents: what is to be paid by the day asked about, missed installments included.
        next_due: day of the next installment that is not yet covered; None when all is paid.
        next_cents: that installment, or what is left of it.
    """

    left_cents: int
    behind_cents: int
    ask_cents: int
    next_due: date | None
    next_cents: int

    @property
    def kept(self) -> bool:
        """True when nothing is behind."""
        return self.behind_cents == 0


def due_days(terms: PlanTerms) -> Iterator[tuple[date, int]]:
    """Each installment's day and cents; the last one is what remains."""
    left, day = terms.total_cents, terms.first_due
    while left > 0:
        cents = min(left, terms.installment_cents)
        yield day, cents
        left -= cents
        day = _next_month(day, terms.day_of_month)


def _next_month(day: date, day_of_month: int) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day_of_month, monthrange(year, month)[1]))


def plan_state(
    terms: PlanTerms, received_cents: int, today: date, *, due_on: date, grace_days: int
) -> PlanState:
    """How the plan stands.

    Args:
        terms: what was agreed.
        received_cents: patients' money received since the plan began.
        today: the day of the question.
        due_on: the day by which a bill sent today asks to be paid.
        grace_days: days an installment may be late before the plan counts as behind.
    """
    late = today - timedelta(days=grace_days)
    expected = asked = running = 0
    next_due: date | None = None
    next_cents = 0
    for day, cents in due_days(terms):
        running += cents
        if day < late:
            expected = running
        if day <= max(due_on, terms.first_due):
            asked = running
        if next_due is None and running > received_cents:
            next_due, next_cents = day, min(cents, running - received_cents)
    return PlanState(
        left_cents=max(terms.total_cents - received_cents, 0),
        behind_cents=max(expected - received_cents, 0),
        ask_cents=max(asked - received_cents, 0),
        next_due=next_due,
        next_cents=next_cents,
    )


def check_terms(terms: PlanTerms, owed_cents: int) -> list[Finding]:
    """What is wrong with the terms, by field. ``owed_cents``: the balance when it is agreed."""
    found = []
    if terms.total_cents <= 0:
        found.append(Finding("total_cents", "Enter the balance that the plan pays off."))
    elif terms.total_cents > owed_cents:
        words = f"Only {format_cents(owed_cents)} is owed; a plan cannot be for more."
        found.append(Finding("total_cents", words))
    if terms.installment_cents <= 0:
        found.append(Finding("installment_cents", "Enter the monthly installment."))
    elif terms.total_cents > MAX_INSTALLMENTS * terms.installment_cents:
        words = f"At this installment the plan runs for more than {MAX_INSTALLMENTS} months."
        found.append(Finding("installment_cents", words))
    if not 1 <= terms.day_of_month <= 31:
        found.append(Finding("day_of_month", "Enter a day of the month from 1 to 31."))
    if terms.first_due < terms.started_on:
        found.append(Finding("first_due", "The first installment lies before the plan begins."))
    return found
