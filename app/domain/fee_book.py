"""Prices with dates: which row of a fee schedule holds for a service, and how a raise rounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

WHOLE = 100_00  # one hundred percent in hundredths of a percent
STEPS = {1: "cent", 100: "dollar", 500: "5 dollars"}  # what a raise may round to, in cents
LEAST_PERCENT, MOST_PERCENT = -50_00, 100_00  # beyond, it is a slip of the hand
LEAST_SHARE, MOST_SHARE = 1_00, 1_000_00  # of what Medicare pays
EIGHT = 8  # minutes: the least remainder that is a unit (Medicare Claims Processing Manual, ch. 5)
EIGHT_MINUTE_UNIT = 15  # the rule is about services timed in fifteen minutes

# With one of these on a line a payer allows another amount than for the plain code, so that a
# contract's row without it says nothing about the line (CPT appendix A, HCPCS level II).
PAYMENT_MODIFIERS = frozenset(
    (
        *("22", "23", "26", "50", "51", "52", "53", "54", "55", "56", "62", "66", "73", "74"),
        *("78", "80", "81", "82", "AA", "AD", "AS", "CO", "CQ", "QK", "QX", "QY", "QZ", "TC"),
    )
)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One unit of a code with these modifiers, in cents, between two days of service, inclusive.

    ``starts`` None: from ever; ``ends`` None: until further notice.
    """

    code: str
    modifiers: str
    cents: int
    starts: date | None = None
    ends: date | None = None

    def holds(self, on: date) -> bool:
        """True when a service of the day ``on`` falls under this row."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


def modifiers_key(text: str) -> str:
    """Modifiers as a schedule keeps them: ``tc 50`` becomes ``50 TC``."""
    return " ".join(sorted(set(text.upper().replace(",", " ").split())))


@dataclass(frozen=True, slots=True)
class FeeBook:
    """Rows of one schedule, by code."""

    by_code: Mapping[str, tuple[FeeRow, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[FeeRow]) -> FeeBook:
        """Rows in any order."""
        found: dict[str, list[FeeRow]] = {}
        for row in rows:
            found.setdefault(row.code, []).append(row)
        return cls({code: tuple(rows) for code, rows in found.items()})

    def find(self, code: str, modifiers: str, on: date) -> FeeRow | None:
        """The row in force whose modifiers are all on the line; the one with most of them."""
        on_line = set(modifiers.upper().split())
        fitting = (
            row
            for row in self.by_code.get(code, ())
            if row.holds(on) and set(row.modifiers.split()) <= on_line
        )
        return max(
            fitting,
            key=lambda r: (len(r.modifiers.split()), r.starts or date.min),
            default=None,
        )

    def exact(self, code: str, modifiers: str, on: date) -> FeeRow | None:
        """The row in force with exactly these modifiers (as ``modifiers_key`` has them)."""
        rows = self.by_code.get(code, ())
        return next((r for r in rows if r.modifiers == modifiers and r.holds(on)), None)

    def allowed(self, code: str, modifiers: str, on: date) -> int | None:
        """What a contract allows for one unit (cents); None when it does not say.

        A row without a modifier that changes payment says nothing about a line that has it.
        """
        row = self.find(code, modifiers, on)
        if row is None:
            return None
        left = set(modifiers.upper().split()) - set(row.modifiers.split())
        return None if left & PAYMENT_MODIFIERS else row.cents


@dataclass(frozen=True, slots=True)
class ChargeBook:
    """What the practice charges: the usual schedule, and those of payers that have their own."""

    usual: FeeBook = field(default_factory=FeeBook)
    by_payer: Mapping[int, FeeBook] = field(default_factory=dict)

    def charge(self, code: str, modifiers: str, on: date, payer_id: int | None) -> int | None:
        """One unit's charge (cents): the payer's own schedule first, then the usual one.

        None: no dated row; the charge list's plain charge holds.
        """
        own = self.by_payer.get(payer_id) if payer_id is not None else None
        row = own.find(code, modifiers, on) if own else None
        row = row or self.usual.find(code, modifiers, on)
        return None if row is None else row.cents


def times(cents: int, units: str) -> int:
    """One unit's amount times ``units`` as typed (cents, half up); unreadable units count one."""
    try:
        count = Decimal(units or "1")
    except InvalidOperation:
        count = Decimal(1)
    if not count.is_finite():
        count = Decimal(1)
    return int((cents * count).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def parse_percent(text: str) -> int:
    """Hundredths of a percent from ``4``, ``4.25``, ``-2.5 %``.

    Raises:
        ValueError: with a sentence, when it is none or beyond -50 to 100.
    """
    typed = text.replace(" ", "").removesuffix("%")
    match = re.fullmatch(r"([+-]?)(\d{1,3})(?:\.(\d{1,2}))?", typed, re.ASCII)
    if match is None:
        raise ValueError("Type a percentage with at most two decimals, like 4 or 4.25.")
    value = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    value = -value if match[1] == "-" else value
    if not LEAST_PERCENT <= value <= MOST_PERCENT:
        raise ValueError("Type a percentage from -50 to 100.")
    return value


def format_percent(hundredths: int) -> str:
    """``425`` becomes ``4.25 %``, ``400`` becomes ``4 %``."""
    sign = "-" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), 100)
    return f"{sign}{whole}{f'.{part:02d}'.rstrip('0').rstrip('.')} %"


def raised(cents: int, hundredths: int, step: int) -> int:
    """``cents`` changed by a percentage, half up to the nearest multiple of ``step`` cents.

    Rounding never turns a raise into a cut, nor a cut into a raise.

    Raises:
        ValueError: ``step`` is not positive, or ``cents`` negative.
    """
    if step < 1 or cents < 0:
        raise ValueError("a raise needs a positive step and an amount")
    exact = cents * (WHOLE + hundredths)
    rounded = (2 * exact + WHOLE * step) // (2 * WHOLE * step) * step
    return max(cents, rounded) if hundredths >= 0 else min(cents, rounded)


def parse_share(text: str) -> int:
    """Hundredths of a percent from ``150``, ``112.5 %``: how much of another's price.

    Raises:
        ValueError: with a sentence, when it is none or beyond 1 to 1,000.
    """
    match = re.fullmatch(r"(\d{1,4})(?:\.(\d{1,2}))?", text.replace(" ", "").removesuffix("%"))
    if match is None or not text.isascii():
        raise ValueError("Type a percentage with at most two decimals, like 150 or 112.5.")
    value = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if not LEAST_SHARE <= value <= MOST_SHARE:
        raise ValueError("Type a percentage from 1 to 1,000.")
    return value


def share_of(cents: int, hundredths: int, step: int) -> int:
    """A percentage of ``cents``, half up to the nearest multiple of ``step`` cents.

    Raises:
        ValueError: ``step`` or the percentage is not positive, or ``cents`` negative.
    """
    if step < 1 or cents < 0 or hundredths < 1:
        raise ValueError("a share needs a positive step, a percentage and an amount")
    return (2 * cents * hundredths + WHOLE * step) // (2 * WHOLE * step) * step


def units_of(minutes: int, per_unit: int, *, eight_minute_rule: bool = False) -> int:
    """Units of a timed service: whole ones, or by the 8-minute rule (8 to 22 minutes are one).

    Raises:
        ValueError: with a sentence, when the time does not make a unit.
    """
    least = EIGHT if eight_minute_rule else per_unit
    if minutes < least:
        raise ValueError(f"{minutes} minutes make no unit: one needs at least {least}.")
    whole, rest = divmod(minutes, per_unit)
    return whole + (1 if eight_minute_rule and rest >= EIGHT else 0)
