"""Dates as billers type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import age_on, format_date, format_short, parse_birth_date, parse_date

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("t", TODAY),
        ("T", TODAY),
        ("today", TODAY),
        ("y", date(2026, 3, 15)),
        ("yesterday", date(2026, 3, 15)),
        ("+3", date(2026, 3, 19)),
        ("-7", date(2026, 3, 9)),
        ("+0", TODAY),
        ("0105", date(2026, 1, 5)),
        ("010526", date(2026, 1, 5)),
        ("01052026", date(2026, 1, 5)),
        ("1/5", date(2026, 1, 5)),
        ("1/5/26", date(2026, 1, 5)),
        ("01/05/2026", date(2026, 1, 5)),
        ("1-5-26", date(2026, 1, 5)),
        ("1.5.2026", date(2026, 1, 5)),
        ("2026-01-05", date(2026, 1, 5)),
        (" 1/5/26 ", date(2026, 1, 5)),
        ("3/16", TODAY),
        ("3/17", date(2025, 3, 17)),  # services lie behind
        ("12/31", date(2025, 12, 31)),
        ("2/29", date(2024, 2, 29)),
        ("2/29/24", date(2024, 2, 29)),
        ("12/31/36", date(2036, 12, 31)),  # a policy may end next year
        ("12/31/37", date(1937, 12, 31)),
    ],
)
def test_what_a_biller_types(typed: str, expected: date) -> None:
    assert parse_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a date"),
        ("hello", "Type a date"),
        ("1/5/2", "Type a date"),
        ("1/5/026", "Type a date"),
        ("105", "Type a date"),
        ("+", "Type a date"),
        ("+12345", "Type a date"),
        ("2/31", "no day 02/31"),
        ("02/31/2026", "no day 02/31/2026"),
        ("2/29/26", "no day 02/29/2026"),
        ("13/01/2026", "no day 13/01"),
        ("2026-00-10", "no day"),
        ("01/05/1492", "cannot be right"),
        ("01/05/9999", "cannot be right"),
    ],
)
def test_what_is_no_date_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as complaint:
        parse_date(typed, TODAY)
    assert str(complaint.value).endswith(".")


@given(st.text(alphabet="0123456789/-+. ty", max_size=10))
def test_any_text_is_a_date_or_a_sentence(typed: str) -> None:
    for parse in (parse_date, parse_birth_date):
        try:
            parse(typed, TODAY)
        except ValueError as complaint:
            assert str(complaint).endswith(".")  # noqa: PT017 - both outcomes are right


DAYS = st.dates(min_value=date(1850, 1, 1), max_value=date(2199, 12, 31))


@given(DAYS)
def test_what_is_shown_reads_back(day: date) -> None:
    assert parse_date(format_date(day), TODAY) == day
    assert parse_date(day.isoformat(), TODAY) == day


@given(st.dates(min_value=date(1937, 1, 1), max_value=date(2036, 12, 31)))
def test_short_dates_read_back_within_their_hundred_years(day: date) -> None:
    assert parse_date(format_short(day), TODAY) == day


@given(st.dates(min_value=TODAY - timedelta(days=365), max_value=TODAY))
def test_without_a_year_the_last_one_is_meant(day: date) -> None:
    found = parse_date(f"{day.month:02d}{day.day:02d}", TODAY)
    assert (found.month, found.day) == (day.month, day.day)
    assert day <= found <= TODAY


def test_no_date_is_shown_as_nothing() -> None:
    assert format_date(None) == ""
    assert format_short(None) == ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("03/07/1951", date(1951, 3, 7)),
        ("03/07/51", date(1951, 3, 7)),
        ("030751", date(1951, 3, 7)),
        ("03/07/30", date(1930, 3, 7)),  # never a birth to come
        ("03/07/25", date(2025, 3, 7)),
        ("03/17/26", date(1926, 3, 17)),
        ("03/16/26", TODAY),
        ("03/07/2030", date(2030, 3, 7)),  # typed in full: shown, and refused where it is saved
    ],
)
def test_birth_dates_lie_behind(typed: str, expected: date) -> None:
    assert parse_birth_date(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ["3/7", "0307", "3-7"])
def test_a_birth_date_needs_its_year(typed: str) -> None:
    with pytest.raises(ValueError, match="needs its year"):
        parse_birth_date(typed, TODAY)


def test_a_leap_day_birth_is_found_a_century_back() -> None:
    assert parse_birth_date("02/29/28", TODAY) == date(1928, 2, 29)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 3, 16), date(2026, 3, 15), 25),
        (date(2000, 3, 16), date(2026, 3, 16), 26),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_age_turns_on_the_birthday(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age
