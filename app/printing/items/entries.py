"""Texts by field id, and the few shapes that return on many items: dates, money, choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.money import Cents
from app.printing.text import MARK, NOTHING, Written

Entries = Mapping[str, Written]


def long_date(prefix: str, day: date | None) -> Entries:
    """``MM``, ``DD``, ``CCYY`` in the three fields of ``prefix`` (birth dates: always 8 digits)."""
    return date_parts(prefix, day, "MMDDYYYY")


def date_parts(prefix: str, day: date | None, style: str) -> Entries:
    """A date in ``{prefix}_month/_day/_year``; ``style`` is ``MMDDYY`` or ``MMDDYYYY``."""
    if day is None:
        return {}
    return {
        f"{prefix}_month": Written(f"{day.month:02d}"),
        f"{prefix}_day": Written(f"{day.day:02d}"),
        f"{prefix}_year": Written(year(day, style)),
    }


def year(day: date, style: str) -> str:
    """The year in two or four digits."""
    return f"{day.year:04d}" if style == "MMDDYYYY" else f"{day.year % 100:02d}"


def money(prefix: str, cents: Cents | None) -> Entries:
    """Dollars and cents in their two fields: no point, sign or comma, ``00`` when whole (NUCC)."""
    if cents is None:
        return {}
    # The form has no negative amounts; the sign is reported as something that cannot be printed.
    sign = "-" if cents < 0 else ""
    return {
        f"{prefix}_dollars": Written(str(abs(cents) // 100), unprintable=sign),
        f"{prefix}_cents": Written(f"{abs(cents) % 100:02d}"),
    }


def yes_no(prefix: str, answer: bool | None) -> Entries:
    """An X under YES or NO; none when the question is unanswered."""
    return {} if answer is None else {f"{prefix}_{'yes' if answer else 'no'}": MARK}


def sex(prefix: str, letter: str) -> Entries:
    """An X under M or F; an unknown sex leaves both blank (NUCC item 3)."""
    return {f"{prefix}_{letter.upper()}": MARK} if letter.upper() in ("M", "F") else {}


def when(condition: object, written: Written) -> Written:
    """``written`` when the condition holds, nothing otherwise."""
    return written if condition else NOTHING
