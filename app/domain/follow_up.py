"""Deadlines of claims that are out: filing, appeal, and credits owed to a public payer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.claim_form import PayerType

REFUND_DAYS = 60  # Medicare and Medicaid overpayments, from when they are found (42 CFR 401.305)
OLD_DRAFT_DAYS = 3  # a visit younger than this is simply not coded yet
NEXT_DAYS = 14  # until a claim is looked at again, unless she types another day

_PUBLIC = frozenset({PayerType.MEDICARE, PayerType.MEDICAID})
_YEAR_BY_LAW = frozenset({PayerType.MEDICARE, PayerType.TRICARE, PayerType.CHAMPVA})


@dataclass(frozen=True, slots=True)
class AppealRule:
    """Days from the payer's notice to an appeal of the first level, and what it is called."""

    days: int
    name: str


# Only what law fixes; with every other payer the contract or the state says how long.
APPEALS: dict[PayerType, AppealRule] = {
    PayerType.MEDICARE: AppealRule(120, "redetermination"),  # 42 CFR 405.942
    PayerType.TRICARE: AppealRule(90, "reconsideration"),  # 32 CFR 199.10
    PayerType.CHAMPVA: AppealRule(365, "reconsideration"),  # 38 CFR 17.276
    PayerType.GROUP: AppealRule(180, "appeal"),  # 29 CFR 2560.503-1(h)
}


def appeal_by(payer: PayerType, decided_on: date | None) -> date | None:
    """Last day for an appeal of the first level; None where law fixes none."""
    rule = APPEALS.get(payer)
    return None if rule is None or decided_on is None else decided_on + timedelta(days=rule.days)


def file_by(payer: PayerType, recorded_days: int | None, service: date) -> date | None:
    """Last day on which the payer may receive a claim for ``service``; None: not recorded.

    Medicare's is a calendar year by law (42 CFR 424.44), whatever the payer's record says.
    """
    if payer is PayerType.MEDICARE:
        return _a_year_after(service)
    if recorded_days is not None:
        return service + timedelta(days=recorded_days)
    return _a_year_after(service) if payer in _YEAR_BY_LAW else None


def _a_year_after(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return date(day.year + 1, 2, 28) if leap else day.replace(year=day.year + 1)


def refund_by(payer: PayerType | None, since: date) -> date | None:
    """Day by which a public payer must have its credit back; None for every other owner."""
    return since + timedelta(days=REFUND_DAYS) if payer in _PUBLIC else None


def days_left(limit: date | None, today: date) -> int | None:
    """Days until a deadline, below zero once it passed; None where there is none."""
    return None if limit is None else (limit - today).days
