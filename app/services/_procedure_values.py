"""Inner functions: a line of the charge master as typed, checked field by field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain import identifiers as ids
from app.domain.fee_book import EIGHT_MINUTE_UNIT
from app.models.visits import Procedure
from app.services._checks import FieldChecks, blank_to_none
from app.services.people_commands import SaveProcedure

MAX_CHARGE_CENTS = 99_999_999  # box 24F has room for six figures of dollars
MOST_MINUTES = 480
MOST_DIAGNOSES = 4  # a line points to four at most (item 24E)
_NDC_UNITS = ("F2", "GR", "ME", "ML", "UN")  # qualifiers of item 24's shaded part
_PLAIN = (
    *("eight_minute_rule", "effective", "termination"),
    *("clia_required", "waived_test", "single_dose"),
)
_TEXTS = ("wording", "modifiers", "category")


def procedure_values(checks: FieldChecks, command: SaveProcedure) -> dict[str, Any]:
    """The columns of a procedure; a finding in ``checks`` for each wrong field."""
    values = {
        "code": checks.need("code", ids.check_procedure, command.code, "Enter the procedure code."),
        "charge_cents": command.charge_cents,
        **{name: blank_to_none(getattr(command, name)) for name in _TEXTS},
        **{name: getattr(command, name) for name in _PLAIN},
        "units": checks.take("units", _units, command.units),
        "place_of_service": checks.take(
            "place_of_service", ids.check_place_of_service, command.place_of_service
        ),
        "diagnoses": _diagnoses(checks, command.diagnoses),
        **_ndc(checks, command),
        "minutes_per_unit": command.minutes_per_unit,
        "active": command.active,
    }
    if command.charge_cents < 0:
        checks.add("charge_cents", "A charge cannot be negative.")
    if command.charge_cents > MAX_CHARGE_CENTS:
        checks.add("charge_cents", "Box 24F has room for 999,999.99.")
    for modifier in command.modifiers.replace(",", " ").split():
        checks.take("modifiers", ids.check_modifier, modifier)
    _check_time(checks, command)
    if command.effective and command.termination and command.termination < command.effective:
        checks.add("termination", "It ends before it begins.")
    return values


def _units(text: str) -> str:
    try:
        units = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("Units are a number from 1 to 999.") from None
    if not units.is_finite() or not 0 < units <= 999:
        raise ValueError("Units are a number from 1 to 999.")
    return format(units.normalize(), "f")


def _diagnoses(checks: FieldChecks, typed: str) -> str | None:
    codes = [
        checks.take("diagnoses", ids.check_icd10, word)
        for word in dict.fromkeys(typed.replace(",", " ").split())
    ]
    if len(codes) > MOST_DIAGNOSES:
        checks.add("diagnoses", "A line points to 4 diagnoses at most.")
    return " ".join(code for code in codes if code) or None


def _ndc(checks: FieldChecks, command: SaveProcedure) -> dict[str, str | None]:
    unit = command.ndc_unit.strip().upper()
    code = checks.take("ndc_code", ids.check_ndc, command.ndc_code)
    quantity = checks.take("ndc_quantity", _quantity, command.ndc_quantity)
    if unit and unit not in _NDC_UNITS:
        checks.add("ndc_unit", f"The unit is one of {', '.join(_NDC_UNITS)}.")
    if code and not (unit and quantity):
        missing = "ndc_quantity" if unit else "ndc_unit"
        checks.add(missing, "An NDC needs its unit and quantity.")
    if (unit or quantity) and not command.ndc_code.strip():
        checks.add("ndc_code", "Enter the NDC, or clear its unit and quantity.")
    return {"ndc_code": code, "ndc_unit": unit or None, "ndc_quantity": quantity}


def _quantity(text: str) -> str:
    try:
        quantity = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("The quantity is a number, like 1 or 0.5.") from None
    if not quantity.is_finite() or not 0 < quantity <= 9_999_999:
        raise ValueError("The quantity is a number above 0.")
    return format(quantity.normalize(), "f")


def _check_time(checks: FieldChecks, command: SaveProcedure) -> None:
    minutes = command.minutes_per_unit
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        checks.add("minutes_per_unit", f"Type 1 to {MOST_MINUTES} minutes, or leave it blank.")
    if command.eight_minute_rule and minutes != EIGHT_MINUTE_UNIT:
        checks.add("minutes_per_unit", "The 8-minute rule is for units of 15 minutes.")


def procedure_command(row: Procedure) -> SaveProcedure:
    """A row of the charge master as the command that would save it."""
    return SaveProcedure(
        code=row.code,
        charge_cents=row.charge_cents,
        wording=row.wording or "",
        modifiers=row.modifiers or "",
        units=row.units or "",
        place_of_service=row.place_of_service or "",
        diagnoses=row.diagnoses or "",
        ndc_code=row.ndc_code or "",
        ndc_unit=row.ndc_unit or "",
        ndc_quantity=row.ndc_quantity or "",
        category=row.category or "",
        minutes_per_unit=row.minutes_per_unit,
        **{name: getattr(row, name) for name in _PLAIN},
        active=row.active,
        procedure_id=row.id,
    )
