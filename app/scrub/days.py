"""Days as payers count them: whole years back and ahead, limits, words."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.dates import format_date

us = format_date


def plus_years(day: date, years: int) -> date:
    """The same day ``years`` later or earlier; February 29 becomes February 28.

    Source: Medicare's filing year ends on February 28 for a service of February 29 (42 CFR 424.44
    as contractors apply it). Years beyond the calendar stop at its end.
    """
    year = min(max(day.year + years, date.min.year), date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def plus_days(day: date, days: int) -> date:
    """``days`` later or earlier; stops at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def outside(day: date, start: date | None, end: date | None) -> bool:
    """True when ``day`` lies before ``start`` or after ``end``; open ends are None."""
    return (start is not None and day < start) or (end is not None and day > end)
