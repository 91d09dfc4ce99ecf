"""Prices with dates: the row in force, raises exact to the cent, units of minutes."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fee_book import (
    STEPS,
    ChargeBook,
    FeeBook,
    FeeRow,
    format_percent,
    modifiers_key,
    parse_percent,
    raised,
    times,
    units_of,
)

NEW_YEAR = date(2027, 1, 1)
EVE = date(2026, 12, 31)
BOOK = FeeBook.of(
    [
        FeeRow("99213", "", 12500, None, EVE),
        FeeRow("99213", "", 13000, NEW_YEAR),
        FeeRow("93000", "", 6000),
        FeeRow("93000", "26", 2000),
        FeeRow("20610", "50", 30000),
        FeeRow("20610", "", 16500),
    ]
)


def test_the_day_of_service_picks_the_row() -> None:
    assert [r.cents for day in (EVE, NEW_YEAR) if (r := BOOK.find("99213", "", day))] == [
        12500,
        13000,
    ]
    assert BOOK.find("99214", "", EVE) is None


def test_the_row_with_most_of_the_lines_modifiers_wins() -> None:
    def cents(code: str, modifiers: str) -> int | None:
        row = BOOK.find(code, modifiers, EVE)
        return row.cents if row else None

    assert (cents("93000", "26"), cents("93000", "59 26"), cents("93000", "59")) == (
        2000,
        2000,
        6000,
    )


def test_a_contract_says_nothing_of_a_modifier_that_changes_payment() -> None:
    assert BOOK.allowed("93000", "59", EVE) == 6000
    assert BOOK.allowed("93000", "26 59", EVE) == 2000
    assert BOOK.allowed("93000", "TC", EVE) is None
    assert BOOK.allowed("20610", "50", EVE) == 30000
    assert BOOK.allowed("20610", "52 50", EVE) is None


def test_a_payers_own_schedule_comes_before_the_usual_one() -> None:
    book = ChargeBook(BOOK, {7: FeeBook.of([FeeRow("99213", "", 9900, NEW_YEAR)])})
    assert book.charge("99213", "", NEW_YEAR, 7) == 9900
    assert book.charge("99213", "", EVE, 7) == 12500
    assert book.charge("99213", "", NEW_YEAR, 8) == 13000
    assert book.charge("99499", "", EVE, None) is None


@given(
    st.integers(0, 99_999_999),
    st.integers(-5000, 10000),
    st.sampled_from(sorted(STEPS)),
)
def test_a_raise_is_the_exact_fraction_rounded_half_up_and_keeps_its_direction(
    cents: int, percent: int, step: int
) -> None:
    exact = Fraction(cents) * (10000 + percent) / 10000
    found = raised(cents, percent, step)
    nearest = (exact / step + Fraction(1, 2)).__floor__() * step
    if percent >= 0:
        assert found == max(cents, nearest)
    else:
        assert found == min(cents, nearest)
    if step == 1:
        assert abs(found - exact) <= Fraction(1, 2)
    assert found == cents or found % step == 0


@pytest.mark.parametrize(
    ("cents", "percent", "step", "wanted"),
    [
        (12500, 400, 1, 13000),
        (12345, 425, 1, 12870),  # 12869.6625
        (10010, 500, 1, 10511),  # 10510.5, half up
        (12345, 425, 100, 12900),
        (12345, 425, 500, 13000),
        (1100, 200, 500, 1100),  # 11.22 would round down to 10.00
        (12345, -425, 100, 11800),
        (0, 400, 500, 0),
    ],
)
def test_raises_worked_by_hand(cents: int, percent: int, step: int, wanted: int) -> None:
    assert raised(cents, percent, step) == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [("4", 400), ("4.25", 425), ("-2.5 %", -250), ("+3", 300), ("100", 10000), ("0.05", 5)],
)
def test_percentages_are_read_and_written_exactly(text: str, value: int) -> None:
    assert parse_percent(text) == value
    assert parse_percent(format_percent(value)) == value


@pytest.mark.parametrize("text", ["", "4.255", "4,25", "x", "101", "-51", "1e2", "٤"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percentage"):
        parse_percent(text)


@given(st.integers(-5000, 10000))
def test_every_percentage_survives_being_written(value: int) -> None:
    assert parse_percent(format_percent(value)) == value


@pytest.mark.parametrize(
    ("minutes", "units"), [(8, 1), (22, 1), (23, 2), (37, 2), (38, 3), (52, 3), (53, 4), (67, 4)]
)
def test_the_eight_minute_rule_is_medicares_table(minutes: int, units: int) -> None:
    assert units_of(minutes, 15, eight_minute_rule=True) == units


@given(st.integers(1, 600), st.integers(1, 120))
def test_without_the_rule_only_whole_units_count(minutes: int, per_unit: int) -> None:
    if minutes < per_unit:
        with pytest.raises(ValueError, match="make no unit"):
            units_of(minutes, per_unit)
    else:
        assert units_of(minutes, per_unit) * per_unit <= minutes


def test_seven_minutes_make_no_unit_even_with_the_rule() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        units_of(7, 15, eight_minute_rule=True)


def test_units_multiply_half_up() -> None:
    assert [times(125, u) for u in ("2", "0.5", "1.5", "", "x", "NaN")] == [
        250,
        63,
        188,
        125,
        125,
        125,
    ]
    assert modifiers_key("tc,50 tc") == "50 TC"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_a_row_holds_from_its_first_to_its_last_day(first: date, length: int, at: int) -> None:
    last, day = first + timedelta(length), first + timedelta(at)
    assert FeeRow("99213", "", 1, first, last).holds(day) == (at <= length)
    assert not FeeRow("99213", "", 1, first).holds(first - timedelta(1))
