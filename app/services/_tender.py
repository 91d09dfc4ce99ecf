"""Inner functions: how money came, and what may never be kept about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.findings import Finding

# Payment cards have 12 to 19 digits; blanks and hyphens are how they are read out.
_CARD = re.compile(r"\d(?:[ -]?\d){11,}")


def findings(number: str, note: str = "", method: str = "") -> Iterator[Finding]:
    """Complaints when something that looks like a card number was typed (PCI DSS 3.2).

    The trace number of an electronic payment may be as long; it seldom has a card's check digit.
    """
    words = "This looks like a card number. Never keep one: enter the approval code only."
    for name, text in (("number", number), ("note", note)):
        found = _CARD.search(text)
        if found and not (method == "eft" and name == "number" and not _luhn(found.group())):
            yield Finding(name, words)


def _luhn(text: str) -> bool:
    """Whether it begins like a card and its check digit fits."""
    digits = [int(char) for char in text if char.isdigit()][::-1]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return digits[-1] in range(2, 7) and (sum(digits[::2]) + sum(doubled)) % 10 == 0
