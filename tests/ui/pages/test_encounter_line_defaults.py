"""What the charge master fills into a line: units, place, drug, pointers, minutes, day's fee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.fee_book import ChargeBook, FeeBook, FeeRow
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from app.ui.pages import encounters_line_defaults as defaults
from app.ui.pages import encounters_line_rules as rules

DAY = date(2026, 11, 23)
NEW_YEAR = date(2027, 1, 1)
DRUG = SaveProcedure(
    "J1030",
    700,
    "Methylprednisolone",
    units="2",
    place_of_service="12",
    diagnoses="M17.11 M17.12",
    ndc_code="00009028002",
    ndc_unit="ML",
    ndc_quantity="0.5",
)
THERAPY = SaveProcedure("97110", 4500, minutes_per_unit=15, eight_minute_rule=True)
WHOLE = SaveProcedure("99417", 5000, minutes_per_unit=15)
SEASON = SaveProcedure("90688", 3000, effective=DAY, termination=DAY)
PRICES = rules.Prices.of([DRUG, THERAPY, WHOLE, SEASON])


def test_a_code_brings_its_units_and_drug() -> None:
    line = defaults.coded(SaveLine("J1030"), DRUG)
    assert (line.units, line.ndc_code, line.ndc_unit, line.ndc_quantity) == (
        "2",
        "00009028002",
        "ML",
        "1",
    )


def test_what_was_typed_before_stays() -> None:
    typed = SaveLine("J1030", units="4", ndc_code="X", ndc_quantity="9", modifiers="RT")
    assert defaults.coded(typed, replace(DRUG, modifiers="JZ")) == typed
    assert defaults.coded(SaveLine("99213"), None) == SaveLine("99213")


def test_the_drugs_quantity_follows_the_units_until_it_is_typed_over() -> None:
    line = defaults.coded(SaveLine("J1030"), DRUG)
    more = defaults.recounted(line, replace(line, units="3"), DRUG)
    assert more.ndc_quantity == "1.5"
    own = replace(line, ndc_quantity="7")
    assert defaults.recounted(own, replace(own, units="3"), DRUG).ndc_quantity == "7"


@pytest.mark.parametrize(
    ("typed", "row", "units"),
    [
        ("3", None, "3"),
        ("47m", THERAPY, "3"),
        ("38 min", THERAPY, "3"),
        ("37m", THERAPY, "2"),
        ("37m", WHOLE, "2"),
        ("29M", WHOLE, "1"),
    ],
)
def test_minutes_become_units(typed: str, row: SaveProcedure | None, units: str) -> None:
    assert defaults.units_for(typed, row) == units
    assert rules.shape_units(typed) == typed


@pytest.mark.parametrize(
    ("typed", "row", "said"),
    [
        ("7m", THERAPY, "at least 8"),
        ("14m", WHOLE, "at least 15"),
        ("30m", DRUG, "not timed"),
        ("30m", None, "not timed"),
    ],
)
def test_minutes_that_make_no_unit_are_told(
    typed: str, row: SaveProcedure | None, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        defaults.units_for(typed, row)


def test_a_line_points_to_its_usual_diagnoses_and_takes_its_place() -> None:
    visit = rules.Visit(DAY, "11", 3, ("I10", "M17.12", "E11.65"))
    full = rules.filled_in(SaveLine("J1030"), 1, visit, PRICES)
    assert (full.pointers, full.place_of_service, full.charge_cents) == ("B", "12", 700)
    other = rules.filled_in(SaveLine("J1030"), 1, rules.Visit(DAY, "11", 1, ("I10",)), PRICES)
    assert other.pointers == "A"
    typed = rules.filled_in(SaveLine("J1030", pointers="C"), 1, visit, PRICES)
    assert typed.pointers == "C"
    command = SaveEncounter(1, 1, DAY, place_of_service="11")
    assert rules.unfilled(full, command, PRICES).place_of_service == ""


def test_a_code_out_of_its_days_has_no_charge() -> None:
    line = SaveLine("90688")
    assert PRICES.charge(line, rules.Visit(DAY)) == 3000
    assert PRICES.charge(line, rules.Visit(NEW_YEAR)) is None
    assert PRICES.charge(line) == 3000


def test_the_day_and_the_payer_pick_the_charge() -> None:
    book = ChargeBook(
        FeeBook.of([FeeRow("97110", "", 4800, NEW_YEAR)]),
        {7: FeeBook.of([FeeRow("97110", "", 4000)])},
    )
    prices = rules.Prices.of([THERAPY], book)
    line = SaveLine("97110", units="2")
    charges = [
        prices.charge(line, rules.Visit(day, payer_id=payer))
        for day, payer in ((DAY, None), (NEW_YEAR, None), (NEW_YEAR, 7), (NEW_YEAR, 8))
    ]
    assert charges == [9000, 9600, 8000, 9600]
    saved = rules.filled_in(line, 0, rules.Visit(NEW_YEAR, payer_id=7), prices)
    command = SaveEncounter(1, 1, NEW_YEAR, place_of_service="11")
    assert rules.unfilled(saved, command, prices, 7).charge_cents is None
    assert rules.unfilled(saved, command, prices, 8).charge_cents == 8000
