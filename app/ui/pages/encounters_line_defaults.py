"""What the charge master puts into a line when its code, its units or its minutes are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from app.domain.fee_book import units_of
from app.services.encounter_commands import SaveLine
from app.services.people_commands import SaveProcedure

_MINUTES = re.compile(r"(\d{1,3})\s*m(?:in)?", re.IGNORECASE)
LETTERS = "ABCDEFGHIJKL"


def coded(line: SaveLine, row: SaveProcedure | None) -> SaveLine:
    """The line after its code was typed; what she typed before stays."""
    if row is None:
        return line
    units = row.units or "1"
    line = replace(
        line,
        modifiers=line.modifiers or row.modifiers,
        units=units if line.units in ("", "1") else line.units,
    )
    if row.ndc_code and not line.ndc_code:
        line = replace(
            line,
            ndc_code=row.ndc_code,
            ndc_unit=row.ndc_unit,
            ndc_quantity=_times(row.ndc_quantity, line.units),
        )
    return line


def recounted(before: SaveLine, after: SaveLine, row: SaveProcedure | None) -> SaveLine:
    """The line after its units were typed: the drug's quantity follows unless it was typed over."""
    if row is None or not row.ndc_code or after.ndc_code != row.ndc_code:
        return after
    if before.ndc_quantity != _times(row.ndc_quantity, before.units):
        return after
    return replace(after, ndc_quantity=_times(row.ndc_quantity, after.units))


def minutes(text: str) -> int | None:
    """The minutes of ``47m`` or ``47 min``; None for anything else."""
    match = _MINUTES.fullmatch(text.strip())
    return int(match[1]) if match else None


def units_for(text: str, row: SaveProcedure | None) -> str:
    """Units as typed, or those that minutes make.

    Raises:
        ValueError: with a sentence: the service is not timed, or the time makes no unit.
    """
    time = minutes(text)
    if time is None:
        return text
    if row is None or row.minutes_per_unit is None:
        raise ValueError("This service is not timed. Setup, Charges holds its minutes per unit.")
    return str(units_of(time, row.minutes_per_unit, eight_minute_rule=row.eight_minute_rule))


def pointers(row: SaveProcedure | None, codes: Sequence[str]) -> str:
    """Letters of the procedure's usual diagnoses that the visit has; empty when it has none."""
    usual = row.diagnoses.split() if row is not None else []
    return "".join(LETTERS[codes.index(code)] for code in usual if code in codes)


def _times(quantity: str, units: str) -> str:
    try:
        found = Decimal(quantity) * Decimal(units or "1")
    except InvalidOperation:
        return quantity
    return format(found.normalize(), "f")
