"""The code tables that edits ask. Each answer may be ``None``: no such table is loaded.

The base class knows nothing, so that an edit in want of a table stays silent. Services hand in a
class that reads the imported tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DiagnosisStanding:
    """What the ICD-10-CM edition of a date says of a code.

    Attributes:
        known: the code (or a header) is in the edition.
        billable: it may stand on a claim.
        has_children: it is a header with more specific codes below.
        title: official wording, empty when unknown.
    """

    known: bool
    billable: bool
    has_children: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """MUE of a code: the limit and its adjudication indicator (1 a line, 2 a day, 3 appealable)."""

    units: int
    indicator: int


@dataclass(frozen=True, slots=True)
class FeeSchedulePolicy:
    """Payment policy indicators of the physician fee schedule for one code.

    Attributes:
        global_days: ``000`` ``010`` ``090`` ``XXX`` ``ZZZ`` ``MMM`` ``YYY``.
        pctc: PC/TC indicator; 1 allows modifiers 26 and TC.
        bilateral: indicator; 1 allows modifier 50.
        status: A payable, B bundled, N not covered, I not valid …
    """

    global_days: str
    pctc: str
    bilateral: str
    status: str


class CodeTables:
    """No tables at all: every answer is *not known*."""

    def diagnosis(self, code: str, on: date) -> DiagnosisStanding | None:
        """Standing of an ICD-10-CM code on a date of service."""
        return None

    def excludes1(self, codes: tuple[str, ...], on: date) -> tuple[tuple[str, str], ...] | None:
        """Pairs among ``codes`` that an Excludes1 note keeps apart."""
        return None

    def may_be_first(self, code: str, on: date) -> bool | None:
        """False for a manifestation code, which never comes first."""
        return None

    def diagnosis_ages(self, code: str, on: date) -> tuple[int, int] | None:
        """Youngest and oldest whole year of life a diagnosis is for."""
        return None

    def diagnosis_sex(self, code: str, on: date) -> str:
        """The only sex (``M``, ``F``) a diagnosis is for; empty when unknown."""
        return ""

    def procedure_active(self, code: str, on: date) -> bool | None:
        """Whether a HCPCS/CPT code of the loaded table is valid on a date."""
        return None

    def procedure_wording(self, code: str) -> str:
        """The practice's or the table's own words for a code; empty when unknown."""
        return ""

    def modifier_active(self, modifier: str, on: date) -> bool | None:
        """Whether a modifier of the loaded table is valid on a date."""
        return None

    def place_known(self, place: str) -> bool | None:
        """Whether a place-of-service code is on CMS's list."""
        return None

    def ncci(self, first: str, second: str, on: date) -> int | None:
        """Modifier indicator (0 or 1) of an active pair *first, second*; None: no such edit."""
        return None

    def unit_limit(self, code: str, on: date) -> UnitLimit | None:
        """MUE of a code; None when unpublished or no table."""
        return None

    def policy(self, code: str, on: date) -> FeeSchedulePolicy | None:
        """Payment policy indicators of a code."""
        return None

    def primaries_of(self, code: str, on: date) -> frozenset[str] | None:
        """Primary codes of an add-on code; None: no add-on code or no table.

        An empty set means that the contractor decides; then any other code will do.
        """
        return None

    def clia(self, code: str) -> tuple[bool, bool] | None:
        """(needs a CLIA number, is a waived test that wants QW) of a laboratory code."""
        return None

    def expected_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        """What the billed payer allows for one unit (cents) at a place of service."""
        return None

    def limiting_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        """Medicare's limiting charge for one unit (cents) at a place of service."""
        return None

    def single_dose(self, code: str) -> bool | None:
        """Whether Medicare pays the drug from single-dose containers (JW/JZ)."""
        return None
