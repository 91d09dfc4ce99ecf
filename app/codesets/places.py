"""CMS's place of service codes (text of the US government), with the column of the fee schedule."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from app.domain.paths import resource


@dataclass(frozen=True, slots=True)
class PlaceOfService:
    """One code. ``facility``: Medicare pays the lower facility rate there."""

    code: str
    name: str
    facility: bool


@cache
def places_of_service() -> dict[str, PlaceOfService]:
    """Every assigned code, by code."""
    with resource("codes/places_of_service.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: PlaceOfService(row["code"], row["name"], row["rate"] == "facility")
            for row in csv.DictReader(file)
        }
