"""A chain of MACs over rows that only grow: change, drop, reorder or insert one and it breaks."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

MAC_BYTES = 32
GENESIS = bytes(MAC_BYTES)

Field = int | str | bytes | bool | date | datetime | Sequence["Field"] | None


def canonical(values: Sequence[Field]) -> bytes:
    """Bytes that no other values share: each field is its type, its length and its content.

    Moments are taken in UTC, so a row reads the same after a round trip through the database.

    Raises:
        TypeError: for a type the books do not hold (floats above all), or a naive moment.
    """
    return b"".join(_encoded(value) for value in values)


def next_mac(key: bytes, previous: bytes, content: bytes) -> bytes:
    """HMAC-SHA256 over the link before (``GENESIS`` for the first) and this row's content.

    Raises:
        ValueError: when ``previous`` is no link.
    """
    if len(previous) != MAC_BYTES:
        raise ValueError("a link of the chain is 32 bytes")
    return hmac.digest(key, previous + content, "sha256")


def same_mac(one: bytes, other: bytes) -> bool:
    """Compares two links without telling where they differ."""
    return hmac.compare_digest(one, other)


def _moment(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise TypeError("a moment needs its time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds").encode()


# By type, most exact first: a bool is an int to Python and a datetime is a date.
_ENCODERS: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {
    type(None): (b"N", lambda _: b""),
    bool: (b"B", lambda value: b"1" if value else b"0"),
    int: (b"I", lambda value: int.__repr__(value).encode()),
    str: (b"S", str.encode),
    bytes: (b"Y", bytes),
    datetime: (b"T", _moment),
    date: (b"D", lambda value: value.isoformat().encode()),
    list: (b"L", canonical),
    tuple: (b"L", canonical),
}


def _encoded(value: Field) -> bytes:
    for kind in type(value).__mro__:
        if kind in _ENCODERS:
            mark, encode = _ENCODERS[kind]
            content = encode(value)
            return mark + len(content).to_bytes(8) + content
    raise TypeError(f"the chain does not hold {type(value).__name__}")
