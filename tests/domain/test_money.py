"""Money: text becomes cents and text again, and no cent is lost when a sum is spread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import MAX_CENTS, format_cents, parse_cents, spread

AMOUNTS = st.integers(min_value=-MAX_CENTS, max_value=MAX_CENTS)


@given(AMOUNTS)
def test_what_is_shown_reads_back(cents: int) -> None:
    assert parse_cents(format_cents(cents), allow_negative=True) == cents


@given(AMOUNTS)
def test_shown_amounts_have_two_decimals_and_thousands(cents: int) -> None:
    whole, point, part = format_cents(cents).lstrip("-").partition(".")
    assert (point, len(part)) == (".", 2)
    groups = whole.split(",")
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("65", 6500),
        ("65.", 6500),
        ("65.0", 6500),
        ("65.00", 6500),
        ("65.5", 6550),
        (".5", 50),
        ("0", 0),
        ("0.01", 1),
        ("$65", 6500),
        (" 65 ", 6500),
        ("1,234.56", 123456),
        ("1234.56", 123456),
        ("1,234,567", 123456700),
        ("999,999,999.99", MAX_CENTS),
    ],
)
def test_what_a_biller_types(typed: str, cents: int) -> None:
    assert parse_cents(typed) == cents


@pytest.mark.parametrize("typed", ["-65", "(65)", "(65.00)", "-$65.00"])
def test_negatives_only_where_they_belong(typed: str) -> None:
    assert parse_cents(typed, allow_negative=True) == -6500
    with pytest.raises(ValueError, match="cannot be negative"):
        parse_cents(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an amount"),
        ("   ", "Enter an amount"),
        ("1.005", "two decimals"),
        ("1.0000", "two decimals"),
        ("12a", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("inf", "not an amount"),
        ("1e3", "not an amount"),
        (".", "not an amount"),
        ("-", "not an amount"),
        ("1,23", "not an amount"),
        ("1.2.3", "not an amount"),
        ("12,3456", "not an amount"),
        ("0x10", "not an amount"),
        ("1_000", "not an amount"),
        ("٦٥", "not an amount"),
        ("1000000000.00", "too large"),
    ],
)
def test_what_is_no_amount_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as complaint:
        parse_cents(typed, allow_negative=True)
    assert str(complaint.value).endswith(".")


@given(st.text(max_size=12))
def test_any_text_is_cents_or_a_sentence(typed: str) -> None:
    try:
        cents = parse_cents(typed, allow_negative=True)
    except ValueError as complaint:
        assert str(complaint).endswith(".")  # noqa: PT017 - both outcomes are right
    else:
        assert isinstance(cents, int)


def test_zero_may_be_left_blank() -> None:
    assert format_cents(0, blank_zero=True) == ""
    assert format_cents(0) == "0.00"
    assert format_cents(1, blank_zero=True) == "0.01"


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_spread_loses_no_cent(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_spread_is_fair_to_within_a_cent(total: int, weights: list[int]) -> None:
    basis = weights if sum(weights) else [1] * len(weights)
    for part, weight in zip(spread(total, weights), basis, strict=True):
        exact = total * weight  # in parts of sum(basis)
        assert abs(part * sum(basis) - exact) < sum(basis)
        assert part * total >= 0  # never a part against the sign of the whole


def test_spread_gives_the_odd_cent_to_the_largest_remainder() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(100, [2, 1]) == [67, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert spread(5, [0, 0]) == [3, 2]
    assert spread(0, [3, 4]) == [0, 0]


@pytest.mark.parametrize("weights", [[], [-1, 2]])
def test_spread_needs_something_to_spread_over(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="spread"):
        spread(100, weights)
