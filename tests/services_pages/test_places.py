"""Cities by ZIP code."""

from __future__ import annotations

import pytest

from app.services.places import city_of


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("24153", ("Salem", "VA")),
        ("24153-0040", ("Salem", "VA")),
        ("10001", ("New York", "NY")),
        ("00601", ("Adjuntas", "PR")),
        ("00000", None),
        ("2415", None),
        ("abcde", None),
        ("", None),
    ],
)
def test_a_zip_knows_its_city(typed: str, place: tuple[str, str] | None) -> None:
    assert city_of(typed) == place
