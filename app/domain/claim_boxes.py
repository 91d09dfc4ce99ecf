"""A box of the printed claim as a biller speaks of it: its text, what feeds it, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.findings import Finding


class Feed(StrEnum):
    """Which record a box is filled from."""

    PATIENT = "patient"
    POLICY = "policy"
    ENCOUNTER = "encounter"
    PAYER = "payer"
    PRACTICE = "practice"
    PROVIDER = "provider"
    FACILITY = "facility"
    REFERRING = "referring"
    ACCOUNT = "account"  # what was paid so far
    CLAIM = "claim"  # made with the claim itself: frequency and reference of item 22


@dataclass(frozen=True, slots=True)
class BoxSource:
    """What feeds a box.

    Attributes:
        feed: the record.
        field: the record's field as its form names it; ``lines.2.code`` for the third line of the
            claim, ``diagnoses.0`` for the first diagnosis. Empty when no single field is to blame.
        words: where that is, as she would look for it: ``Patient → birth date``.
        rank: of the policy, when a policy feeds it.
    """

    feed: Feed
    field: str
    words: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class BoxTarget:
    """Where to go to change a box: a record and its field.

    Attributes:
        feed: the record's kind.
        row_id: its id; the patient's for ``PATIENT`` and ``ACCOUNT``.
        field: as in ``BoxSource``; lines are counted as the encounter counts them.
    """

    feed: Feed
    row_id: int
    field: str


@dataclass(frozen=True, slots=True)
class BoxArea:
    """A rectangle on a sheet: inches from the top left paper corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class BoxText:
    """What stands in one box of one sheet.

    Attributes:
        box_id: stable name; the fields of a date, an amount or a choice are one box.
        sheet: from 0.
        item: as printed on the form (``24D``).
        name: item and part, as a sentence says it: ``5 (street)``, ``24D, line 8``.
        area: its cells.
        text: as she reads it: ``04 17 1964``, ``185.00``, ``Group health plan``; empty when blank.
        field_ids: the printed fields it is made of.
    """

    box_id: str
    sheet: int
    item: str
    name: str
    area: BoxArea
    text: str
    field_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box to be looked at, pointed at and followed to its source.

    Attributes:
        box: where it stands and what it says.
        comes_from: the way to its source in words.
        target: where to jump; None when nothing typed anywhere feeds it.
        findings: what is wrong with it.
    """

    box: BoxText
    comes_from: str
    target: BoxTarget | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxChange:
    """A box that two versions of a claim fill differently; empty text is a blank box."""

    box: BoxText
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Something the claim shown can be compared with.

    Attributes:
        key: handed back to compare with it.
        title: ``Sheet 1, printed 10/22/2026`` or ``Claim 10418, which this one replaces``.
        later: it is younger than the claim shown (what would print today).
    """

    key: str
    title: str
    later: bool = False
