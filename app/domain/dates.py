"""Dates as a biller types them, and as she reads them (US order, whatever the locale)."""

from __future__ import annotations

import re
from datetime import date, timedelta

# Two-digit years up to this many years ahead belong to this century (a policy may end next year).
_YEARS_AHEAD = 10
_SENTENCE = "Type a date like 01/05/2026, 0105, t for today, y for yesterday or +3."


def parse_date(text: str, today: date) -> date:
    """A date from ``t``, ``y``, ``+3``, ``-7``, ``0105``, ``010526``, ``1/5``, ``1/5/26``, ISO.

    A day and month without a year mean the one nearest in the past, or today: services lie behind.

    Raises:
        ValueError: with a sentence for the field.
    """
    typed = text.strip().lower()
    if typed in ("t", "today"):
        return today
    if typed in ("y", "yesterday"):
        return today - timedelta(days=1)
    if re.fullmatch(r"[+-]\d{1,4}", typed):
        return today + timedelta(days=int(typed))
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed):
        return _build(int(iso[1]), int(iso[2]), int(iso[3]))
    month, day, year = _split(typed)
    if year is None:
        return _recent(month, day, today)
    return _build(_century(year, today) if year < 100 else year, month, day)


def _split(typed: str) -> tuple[int, int, int | None]:
    if parts := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?", typed):
        return int(parts[1]), int(parts[2]), int(parts[3]) if parts[3] else None
    if run := re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})?", typed):
        return int(run[1]), int(run[2]), int(run[3]) if run[3] else None
    raise ValueError(_SENTENCE)


def _century(year: int, today: date) -> int:
    full = today.year // 100 * 100 + year
    return full - 100 if full > today.year + _YEARS_AHEAD else full


def _recent(month: int, day: int, today: date) -> date:
    # 29 February is looked for back to the last leap year.
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError(f"There is no day {month:02d}/{day:02d}.")


def _build(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no day {month:02d}/{day:02d}/{year:04d}.") from None
    if not 1850 <= year <= 2199:
        raise ValueError(f"The year {year:04d} cannot be right.")
    return found


def parse_birth_date(text: str, today: date) -> date:
    """Like ``parse_date``, but a two-digit year is always in the past and a year is required."""
    typed = text.strip()
    if re.fullmatch(r"\d{1,2}[/. -]\d{1,2}|\d{4}", typed):
        raise ValueError("A birth date needs its year, for example 03/07/1951.")
    found = parse_date(typed, today)
    if found > today and re.search(r"(?<!\d)\d{2}$|^\d{6}$", typed):
        found = found.replace(year=found.year - 100)
    return found


def format_date(day: date | None) -> str:
    """``01/05/2026``; empty for None."""
    return "" if day is None else f"{day.month:02d}/{day.day:02d}/{day.year:04d}"


def format_short(day: date | None) -> str:
    """``01/05/26`` for dense tables; empty for None."""
    return "" if day is None else f"{day.month:02d}/{day.day:02d}/{day.year % 100:02d}"


def age_on(birth: date, day: date) -> int:
    """Whole years of age on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
