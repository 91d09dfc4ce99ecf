"""Federal holidays and business days; when a good faith estimate is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.business_days import (
    add_business_days,
    business_days_between,
    federal_holidays,
    is_business_day,
)
from app.domain.estimates import Occasion, due_on, last_day_of_dispute, may_be_disputed

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def test_the_holidays_of_a_year() -> None:
    assert federal_holidays(2026) == {
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),  # the Fourth is a Saturday
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    }


def test_new_years_day_may_be_kept_the_year_before() -> None:
    assert date(2021, 12, 31) in federal_holidays(2021)
    assert date(2022, 1, 1) not in federal_holidays(2022)
    assert date(2023, 1, 2) in federal_holidays(2023)  # a Sunday, kept on Monday
    assert date(2020, 6, 19) not in federal_holidays(2020)


@given(DAYS, st.integers(min_value=1, max_value=30))
def test_adding_business_days_counts_them(day: date, count: int) -> None:
    end = add_business_days(day, count)
    assert is_business_day(end)
    assert business_days_between(day, end) == count
    assert business_days_between(day, end - timedelta(days=1)) == count - 1


@pytest.mark.parametrize(
    ("occasion", "asked", "service", "due"),
    [
        # Requested on a Wednesday before Thanksgiving: Friday, Monday, Tuesday.
        (Occasion.REQUESTED, date(2026, 11, 25), None, date(2026, 12, 1)),
        (Occasion.REQUESTED, date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 5)),
        (Occasion.SCHEDULED, date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 5)),  # 10 ahead
        (Occasion.SCHEDULED, date(2026, 3, 2), date(2026, 3, 13), date(2026, 3, 3)),  # 9 ahead
        (Occasion.SCHEDULED, date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 3)),  # 3 ahead
        (Occasion.SCHEDULED, date(2026, 3, 2), date(2026, 3, 4), None),
    ],
)
def test_when_an_estimate_is_due(
    occasion: Occasion, asked: date, service: date | None, due: date | None
) -> None:
    assert due_on(occasion, asked, service) == due


def test_a_dispute_needs_400_dollars_and_120_days() -> None:
    assert may_be_disputed(100_000, 60_000)
    assert not may_be_disputed(99_999, 60_000)
    assert last_day_of_dispute(date(2026, 1, 1)) == date(2026, 5, 1)
