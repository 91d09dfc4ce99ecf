"""Business days of the federal government: Monday to Friday without its holidays (5 USC 6103)."""

from __future__ import annotations

from datetime import date, timedelta

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_JUNETEENTH_SINCE = 2021


def federal_holidays(year: int) -> frozenset[date]:
    """The days in a year on which a federal holiday is kept.

    One that falls on a Saturday is kept on Friday, one on a Sunday on Monday; New Year's Day of
    the year after may so be kept on December 31.
    """
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= _JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    fixed.append(date(year + 1, 1, 1))
    moving = (
        _nth(year, 1, _MONDAY, 3),  # Martin Luther King, Jr.
        _nth(year, 2, _MONDAY, 3),  # Washington's Birthday
        _last_monday(year, 5),  # Memorial Day
        _nth(year, 9, _MONDAY, 1),  # Labor Day
        _nth(year, 10, _MONDAY, 2),  # Columbus Day
        _nth(year, 11, _THURSDAY, 4),  # Thanksgiving
    )
    kept = {_kept(day) for day in fixed} | set(moving)
    return frozenset(day for day in kept if day.year == year)


def is_business_day(day: date) -> bool:
    """Monday to Friday, no federal holiday."""
    return day.weekday() < _SATURDAY and day not in federal_holidays(day.year)


def add_business_days(day: date, count: int) -> date:
    """The day so many business days after ``day``; ``day`` itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def business_days_between(first: date, last: date) -> int:
    """How many business days lie after ``first`` up to and with ``last``."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_business_day(day) for day in days)


def _kept(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last_monday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=last.weekday())
