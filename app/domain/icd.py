"""ICD-10-CM as values: rows of an edition, and what may be said of one code on one day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

YEAR_START = (10, 1)  # a fiscal year of the code set begins on October 1
APRIL_UPDATE = (4, 1)


class NoteKind(StrEnum):
    """The instructional notes of the Tabular List (ICD-10-CM guidelines I.A.10-17)."""

    INCLUDES = "includes"
    INCLUSION = "inclusion"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "code_first"
    USE_ADDITIONAL = "use_additional"
    CODE_ALSO = "code_also"
    SEVENTH = "seventh"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a note, as it stands under a chapter, block, category or code."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class IcdNode:
    """A chapter, a block, a category or a code.

    Attributes:
        key: ``ch5`` a chapter, ``F40-F48`` a block with its hyphen, ``[B20]`` a block of one
            category, otherwise a code without its point.
        parent: key of the node above; empty for a chapter.
        title: the official long title, composed with the 7th character's where one was added.
        billable: may stand on a claim.
        base: for a code made by a 7th character, the node that was expanded; empty otherwise.
        extra: the 7th character's own words.
        short: official short title (60 characters), where the source has one.
    """

    key: str
    parent: str
    title: str
    billable: bool = False
    base: str = ""
    extra: str = ""
    short: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def is_code(self) -> bool:
        """False for chapters and blocks."""
        return "-" not in self.key and self.key[0] not in "c["


@dataclass(frozen=True, slots=True)
class Edition:
    """A code set as published: which dates of service it judges, and where it came from.

    Attributes:
        name: ``FY2026``; a mid-year one ``FY2026-04``.
        starts: first date of service.
        ends: last date of service.
        source: in words, for Setup.
    """

    name: str
    starts: date
    ends: date
    source: str

    def holds(self, day: date) -> bool:
        """True when services of ``day`` are coded with it."""
        return self.starts <= day <= self.ends


def edition_of(year: int, source: str, starts: date | None = None) -> Edition:
    """The edition of a fiscal year, e.g. 2027 from 2026-10-01 to 2027-09-30.

    ``starts`` is given for a mid-year update, which then judges from that day on.
    """
    first, last = date(year - 1, *YEAR_START), date(year, *YEAR_START) - timedelta(days=1)
    if starts is None or starts == first:
        return Edition(f"FY{year}", first, last, source)
    return Edition(f"FY{year}-{starts:%m}", starts, last, source)


def fiscal_year(day: date) -> int:
    """The code set year of a date of service: 2027 for 2026-10-01."""
    return day.year + (day >= date(day.year, *YEAR_START))


@dataclass(frozen=True, slots=True)
class EditionRows:
    """Everything one edition holds, parents before children, in the official order.

    Attributes:
        index: (term, code) of the Alphabetic Index, where it was imported.
        refused: lines that could not be taken, with their reasons.
    """

    edition: Edition
    nodes: tuple[IcdNode, ...]
    index: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = field(default=())

    @property
    def codes(self) -> int:
        """Categories, subcategories and codes."""
        return sum(node.is_code for node in self.nodes)

    @property
    def billable(self) -> int:
        """Codes that may stand on a claim."""
        return sum(node.billable for node in self.nodes)


class Standing(StrEnum):
    """What a code is worth on a date of service."""

    OK = "ok"
    UNKNOWN = "unknown"
    NOT_YET = "not yet valid"
    ENDED = "ended"
    HEADER = "header"
    NEEDS_SEVENTH = "needs 7th character"
    NO_EDITION = "no code set for this date"


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """The judgement of one code on one date of service.

    Attributes:
        code: with its point.
        valid: the code exists on that day (a header is valid but not billable).
        billable: it may stand on a claim of that day.
        why: the case, for rules to switch on.
        title: official long title; empty when not known.
        edition: name of the edition that judged.
        note: a sentence for the biller; empty when all is well.
        replacements: billable codes to use instead, with their points.
    """

    code: str
    valid: bool
    billable: bool
    why: Standing
    title: str = ""
    edition: str = ""
    note: str = ""
    replacements: tuple[str, ...] = ()


def bare(code: str) -> str:
    """A typed code without point and blanks, upper case: ``m17.11`` → ``M1711``."""
    return "".join(code.split()).replace(".", "").upper()


def dotted(code: str) -> str:
    """A code as it is read: ``M1711`` → ``M17.11``."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
