"""A fee as it stands in a file for other programs, and what an import knows the columns by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HEADS = ("Code", "Modifiers", "Description", "Fee", "Units", "From", "To")


@dataclass(frozen=True, slots=True)
class SheetFee:
    """One row; the fee in cents for one unit, ``units`` what a line begins with."""

    code: str
    modifiers: str
    wording: str
    cents: int
    units: str
    starts: date | None
    ends: date | None
