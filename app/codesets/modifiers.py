"""Modifiers that practices use, with our own wording: the two signs are facts, CPT's text is not.

The words of CPT's modifiers are the AMA's and are not here; an imported HCPCS file adds CMS' own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.domain.paths import resource


class ModifierKind(StrEnum):
    """What a modifier does to a line. Those that change the payment stand first on it."""

    PRICING = "pricing"
    INFORMATIONAL = "informational"


@dataclass(frozen=True, slots=True)
class Modifier:
    """Two signs and what they say, in our words."""

    code: str
    wording: str
    kind: ModifierKind


@cache
def modifiers() -> dict[str, Modifier]:
    """The modifiers that come with the program, by code."""
    with resource("codes/modifiers.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Modifier(row["code"], row["wording"], ModifierKind(row["kind"]))
            for row in csv.DictReader(file)
        }
