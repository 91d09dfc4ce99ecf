"""Figures of a claim over its lines: every line and every total foots."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreading import lay_out


@st.composite
def figures(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Lines' room, and amounts that are together the whole of it."""
    room = draw(st.lists(st.integers(0, 50_000), min_size=1, max_size=9))
    left, amounts = sum(room), []
    for _ in range(draw(st.integers(0, 4))):
        cents = draw(st.integers(0, left))
        amounts.append(cents)
        left -= cents
    return [*amounts, left], room


@given(figures())
def test_lines_and_totals_foot_and_nothing_is_below_zero(
    given_figures: tuple[Sequence[int], Sequence[int]],
) -> None:
    amounts, room = given_figures
    rows = lay_out(amounts, room)
    assert [sum(row) for row in rows] == list(amounts)
    assert [sum(column) for column in zip(*rows, strict=True)] == list(room)
    assert all(part >= 0 for row in rows for part in row)


def test_odd_cents_go_to_the_largest_remainders() -> None:
    assert lay_out((100, 200), (100, 100, 100)) == ((34, 33, 33), (66, 67, 67))


@pytest.mark.parametrize(("amounts", "room"), [((1,), (2,)), ((3, -1), (2,))])
def test_figures_that_are_not_the_room_are_refused(
    amounts: tuple[int, ...], room: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="room"):
        lay_out(amounts, room)
