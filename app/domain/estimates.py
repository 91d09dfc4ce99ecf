"""Good faith estimates for those who pay themselves: when one is due, when a bill is too high.

45 CFR 149.610 and 149.620 (No Surprises Act). Cents.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from app.domain.business_days import add_business_days, business_days_between

DISPUTE_CENTS = 40_000  # billed so much above the estimate, a patient may start a dispute
DISPUTE_DAYS = 120  # counted from the first bill
_LONG_AHEAD, _SHORT_AHEAD = 10, 3  # business days between scheduling and service
_WITHIN_LONG, _WITHIN_SHORT = 3, 1


class Occasion(StrEnum):
    """What an estimate is given for."""

    SCHEDULED = "scheduled"
    REQUESTED = "requested"


def due_on(occasion: Occasion, asked_on: date, service_date: date | None) -> date | None:
    """The last day on which the estimate is in time; None when none is owed.

    Asked for: three business days after. Scheduled ten business days ahead or more: three after
    scheduling; three to nine ahead: one after; sooner than that: none is owed.
    """
    if occasion is Occasion.REQUESTED or service_date is None:
        return add_business_days(asked_on, _WITHIN_LONG)
    ahead = business_days_between(asked_on, service_date)
    if ahead >= _LONG_AHEAD:
        return add_business_days(asked_on, _WITHIN_LONG)
    return add_business_days(asked_on, _WITHIN_SHORT) if ahead >= _SHORT_AHEAD else None


def may_be_disputed(billed_cents: int, estimated_cents: int) -> bool:
    """Whether a bill lies so far above its estimate that the patient may dispute it."""
    return billed_cents - estimated_cents >= DISPUTE_CENTS


def last_day_of_dispute(billed_on: date) -> date:
    """The last day on which a dispute may be started."""
    return billed_on + timedelta(days=DISPUTE_DAYS)
