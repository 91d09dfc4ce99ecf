"""What the reference service answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.reference import FileKind, RefusedLine


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """What came of an import.

    Attributes:
        kind, edition, starts, ends: of the file; open ends are None.
        rows: lines of data that were read and are good.
        kept: of those, how many are in the store (NCCI: void and long deleted pairs are not).
        refused: lines that were not taken, each with its reason; the first 500.
        refused_count: all of them.
        notes: sentences on what she should know.
        also: reports of the other files that the same zip held.
    """

    kind: FileKind
    edition: str
    starts: date | None
    ends: date | None
    rows: int
    kept: int
    refused: tuple[RefusedLine, ...] = ()
    refused_count: int = 0
    notes: tuple[str, ...] = ()
    also: tuple[ReferenceReport, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A HCPCS code or modifier on a day. ``ends``: last day it may be used; None: open."""

    code: str
    wording: str
    short: str
    starts: date
    ends: date | None
    active: bool
    edition: str


@dataclass(frozen=True, slots=True)
class TextFound:
    """A code with a descriptor that the practice keeps by its own licence."""

    code: str
    wording: str


@dataclass(frozen=True, slots=True)
class MedicarePrice:
    """What Medicare pays for one unit in a locality (cents).

    Attributes:
        allowed_cents: the fee schedule amount for who participates.
        nonparticipating_cents: 95 % of it.
        limiting_cents: the most an unassigned claim may charge: 115 % of that (42 CFR 414.48).
        facility: the facility rate was used.
        edition: of the relative values.
    """

    allowed_cents: int
    nonparticipating_cents: int
    limiting_cents: int
    facility: bool
    edition: str
