"""Official code and price files as values: kinds, editions, and the rows of each kind.

Rows are named tuples: plain, unchanging, and what the store takes as they are. Relative values and
price indices are whole thousandths, conversion factors ten-thousandths; nothing here is a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

RVU_SCALE = 1000  # relative values and geographic indices
FACTOR_SCALE = 10_000  # conversion factors
PAIR_DAY_ZERO = date(1960, 1, 1)  # days of NCCI pairs are counted from here


class FileKind(StrEnum):
    """What a file is, as its content says."""

    HCPCS = "hcpcs"
    NCCI = "ncci"
    MUE = "mue"
    RVU = "rvu"
    GPCI = "gpci"
    TAXONOMY = "taxonomy"
    PAYERS = "payer_list"
    AGES = "age_edits"
    SEXES = "sex_edits"
    PLACES = "places"
    ICD = "icd10cm"
    ICD_CHANGES = "icd10cm_changes"

    @property
    def words(self) -> str:
        """For sentences and lists."""
        return _WORDS[self]


_WORDS = {
    FileKind.HCPCS: "HCPCS level II codes and modifiers",
    FileKind.NCCI: "NCCI procedure-to-procedure edits",
    FileKind.MUE: "medically unlikely edits (practitioner)",
    FileKind.RVU: "physician fee schedule (relative values)",
    FileKind.GPCI: "geographic price indices",
    FileKind.TAXONOMY: "provider taxonomy",
    FileKind.PAYERS: "clearinghouse payer list",
    FileKind.AGES: "diagnosis age edits",
    FileKind.SEXES: "diagnosis sex edits",
    FileKind.PLACES: "places of service",
    FileKind.ICD: "ICD-10-CM codes",
    FileKind.ICD_CHANGES: "ICD-10-CM list of changes",
}


class CodeRow(NamedTuple):
    """A HCPCS code (5 signs) or modifier (2). Days are ISO text, empty where not told."""

    code: str
    wording: str
    short: str
    added: str
    effective: str
    ended: str
    action: str
    coverage: str


class PairRow(NamedTuple):
    """An NCCI pair: codes as ``code_number``, days since ``PAIR_DAY_ZERO``, modifier indicator."""

    first: int
    second: int
    starts: int
    ends: int | None
    indicator: int


class UnitRow(NamedTuple):
    """An MUE: the limit, and 1 a line, 2 a day (policy), 3 a day (clinical)."""

    code: str
    units: int
    indicator: int


class RvuRow(NamedTuple):
    """A line of the physician fee schedule. Relative values × 1000, factor × 10,000."""

    code: str
    modifier: str
    status: str
    work: int
    practice_office: int
    practice_facility: int
    malpractice: int
    pctc: str
    global_days: str
    multiple: str
    bilateral: str
    assistant: str
    cosurgeon: str
    team: str
    factor: int
    wording: str


class GpciRow(NamedTuple):
    """A Medicare locality and its price indices (× 1000)."""

    mac: str
    locality: str
    state: str
    name: str
    work: int
    practice: int
    malpractice: int

    @property
    def key(self) -> str:
        """How the practice's setting names it: contractor and locality, seven digits."""
        return self.mac + self.locality


class TaxonomyRow(NamedTuple):
    """A NUCC provider taxonomy code."""

    code: str
    grouping: str
    classification: str
    specialization: str
    definition: str
    notes: str
    display: str
    section: str


class PayerListRow(NamedTuple):
    """A payer's ID at a clearinghouse for one kind of transaction."""

    name: str
    payer_id: str
    transaction: str
    available: str
    non_par: str
    enrollment: str
    secondary: str
    attachment: str
    work_or_auto: str
    notes: str


class AgeRow(NamedTuple):
    """Ages (whole years, both ends included) a diagnosis is for, and the class's name."""

    code: str
    category: str
    youngest: int
    oldest: int


class SexRow(NamedTuple):
    """The only sex (M or F) a diagnosis was for."""

    code: str
    sex: str


class PlaceRow(NamedTuple):
    """A place of service; ``facility`` 1 where Medicare pays the facility rate."""

    code: str
    name: str
    facility: int
    description: str


class ChangeRow(NamedTuple):
    """A diagnosis whose standing changed: code without point, may now stand on a claim, title."""

    code: str
    billable: int
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """An edition's name and the dates of service it is for; None is open."""

    name: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class ReferenceEdition:
    """An imported edition.

    Attributes:
        rows: in the store.
        whole: False for an excerpt.
        source: names of the files it came from.
        parts: numbers of the parts of an NCCI edition that are here (0: it came in one file).
    """

    kind: FileKind
    name: str
    starts: date | None
    ends: date | None
    rows: int
    whole: bool
    source: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken, and why. ``number`` counts from 1; 0 is the file as a whole."""

    number: int
    text: str
    why: str


def quarter(year: int, number: int) -> Span:
    """The edition of a calendar quarter: ``2026Q3``."""
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * number % 12 + 1, 1)
    return Span(f"{year}Q{number}", first, after - timedelta(days=1))


def calendar_year(year: int) -> Span:
    """The edition of a calendar year: ``2026``."""
    return Span(str(year), date(year, 1, 1), date(year, 12, 31))


def fiscal(year: int) -> Span:
    """The edition of a federal fiscal year: ``FY2027`` runs from 2026-10-01."""
    return Span(f"FY{year}", date(year - 1, 10, 1), date(year, 9, 30))


@lru_cache(maxsize=65_536)
def code_number(code: str) -> int | None:
    """A code of five signs as a number below 2**26 that sorts as the code does; None: no such."""
    if len(code) != 5 or not (code.isascii() and code.isalnum() and code == code.upper()):
        return None
    return int(code, 36)


def pair_day(day: date) -> int:
    """Days since ``PAIR_DAY_ZERO``."""
    return (day - PAIR_DAY_ZERO).days
