"""Money is integer cents. Text becomes money in ``parse_cents``, text again in ``format_cents``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NewType

Cents = NewType("Cents", int)

# Largest amount one field may hold: a box on the form carries seven figures of dollars.
MAX_CENTS = 999_999_999_99

_MONEY = re.compile(r"(?P<sign>-?)\$?(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?:\.(?P<part>\d{0,2}))?")


def parse_cents(text: str, *, allow_negative: bool = False) -> Cents:
    """Cents from what a biller types: ``65``, ``65.00``, ``.5``, ``1,234.56``, ``$65``.

    Raises:
        ValueError: with a sentence for the field, when the text is no amount of money.
    """
    typed = text.strip().replace(" ", "")
    negative = typed.startswith("(") and typed.endswith(")")
    if negative:
        typed = "-" + typed[1:-1]
    match = _MONEY.fullmatch(typed)
    if match is None or not typed.isascii() or not (match["whole"] or match["part"]):
        raise ValueError(_complaint(typed))
    cents = int(match["whole"].replace(",", "") or "0") * 100
    cents += int((match["part"] or "").ljust(2, "0"))
    if match["sign"]:
        cents = -cents
    if cents < 0 and not allow_negative:
        raise ValueError("An amount cannot be negative here.")
    if abs(cents) > MAX_CENTS:
        raise ValueError("That amount is too large.")
    return Cents(cents)


def _complaint(typed: str) -> str:
    if not typed:
        return "Enter an amount, for example 65 or 65.00."
    if re.fullmatch(r"-?\$?[\d,]*\.\d{3,}", typed):
        return "Money has two decimals, for example 65.25."
    return "This is not an amount. Type it like 65 or 65.00."


def format_cents(cents: int, *, blank_zero: bool = False) -> str:
    """``123456`` → ``1,234.56``; negatives carry a minus sign; zero may be left blank."""
    if cents == 0 and blank_zero:
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def spread(total: int, weights: Sequence[int]) -> list[Cents]:
    """Splits ``total`` over lines in proportion to ``weights`` so that parts and total both foot.

    Largest remainder (reference: domain rules §3.4.17); equal shares when all weights are zero.

    Raises:
        ValueError: when there is nothing to spread over, or a weight is negative.
    """
    if not weights or any(w < 0 for w in weights):
        raise ValueError("An amount can only be spread over lines with a value.")
    basis = list(weights) if sum(weights) else [1] * len(weights)
    whole, sign = sum(basis), -1 if total < 0 else 1
    parts = [abs(total) * w // whole for w in basis]
    order = sorted(range(len(basis)), key=lambda i: (-(abs(total) * basis[i] % whole), i))
    for i in order[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [Cents(sign * p) for p in parts]
