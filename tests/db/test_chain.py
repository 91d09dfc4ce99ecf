from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.chain import GENESIS, canonical, next_mac, same_mac

KEY = b"k" * 32
scalars = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.dates()
values = st.lists(st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=6))


def typed(value: Any) -> Any:
    """Equality that tells True from 1, as the chain must."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    return (type(value), value)


@given(values, values)
def test_canonical_is_unambiguous(one: list[Any], other: list[Any]) -> None:
    assert (canonical(one) == canonical(other)) == (typed(one) == typed(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["1"], [1]),
        ([True], [1]),
        ([None], [""]),
        ([b"a"], ["a"]),
        ([["a"], "b"], [["a", "b"]]),
        ([date(2026, 3, 2)], ["2026-03-02"]),
    ],
)
def test_near_misses_differ(one: list[Any], other: list[Any]) -> None:
    assert canonical(one) != canonical(other)


def test_moments_are_taken_in_utc() -> None:
    new_york = timezone(timedelta(hours=-5))
    assert canonical([datetime(2026, 3, 2, 10, tzinfo=new_york)]) == canonical(
        [datetime(2026, 3, 2, 15, tzinfo=UTC)]
    )


def test_string_enums_read_as_their_text() -> None:
    kind = StrEnum("kind", {"A": "charge"})
    assert canonical([kind("charge")]) == canonical(["charge"])


@pytest.mark.parametrize("value", [1.5, object(), datetime(2026, 3, 2)])  # noqa: DTZ001
def test_what_the_books_do_not_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical([value])


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=6, unique=True), st.data())
def test_any_change_of_the_rows_breaks_the_chain(rows: list[bytes], data: st.DataObject) -> None:
    def head(chain: list[bytes]) -> bytes:
        mac = GENESIS
        for row in chain:
            mac = next_mac(KEY, mac, row)
        return mac

    place = data.draw(st.integers(0, len(rows) - 1))
    dropped = rows[:place] + rows[place + 1 :]
    changed = [*rows[:place], rows[place] + b"!", *rows[place + 1 :]]
    swapped = rows[::-1]
    for other in (dropped, changed, swapped, rows[:-1]):
        assert not same_mac(head(rows), head(other))
    assert same_mac(head(rows), head(list(rows)))
    assert not same_mac(head(rows), next_mac(b"x" * 32, head(rows[:-1]), rows[-1]))


def test_a_link_is_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        next_mac(KEY, b"", b"row")
