"""Figures of a whole claim laid out over its lines so that every line and the total foot."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.money import spread


def lay_out(amounts: Sequence[int], room: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Lays several amounts over lines, each in proportion to the room still left on them.

    Args:
        amounts: not below zero, together exactly the whole room (cents).
        room: what each line still has to account for (cents, not below zero).

    Returns:
        For each amount its part on each line; the parts of a line sum to its room.

    Raises:
        ValueError: the amounts are not the whole room, or one is below zero.
    """
    if any(cents < 0 for cents in amounts) or sum(amounts) != sum(room):
        raise ValueError("the amounts must be exactly what the lines have room for")
    left = list(room)
    rows = []
    for cents in amounts:
        parts = spread(cents, left)
        left = [has - part for has, part in zip(left, parts, strict=True)]
        rows.append(tuple(parts))
    return tuple(rows)
