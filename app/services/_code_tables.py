"""The code tables that claim edits ask, as far as they are on this computer.

``LoadedTables`` reads the imported files; ``ClaimTables`` puts the practice's own words and prices
before them and remembers each answer for one claim. Contracts come in through ``Prices``: whoever
keeps them hands ``ClaimTables(…, prices=…)`` an object with one method, ``expected``, in
``_scrub_facts.standing_facts``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from app.codesets.places import places_of_service
from app.domain.icd import CodeStanding, Standing
from app.scrub.code_tables import CodeTables, DiagnosisStanding, FeeSchedulePolicy, UnitLimit
from app.services.codesets import CodeSetService
from app.services.reference import ReferenceService

_WITH_CHILDREN = (Standing.HEADER, Standing.NEEDS_SEVENTH)
_ADD_ON = "ZZZ"
Answer = TypeVar("Answer")


class Prices(Protocol):
    """What a payer allows by contract, as the practice's own file has it."""

    def expected(self, code: str, modifiers: tuple[str, ...], on: date) -> int | None:
        """Allowed cents for one unit on a date of service; None where no contract says."""


@dataclass(frozen=True, slots=True)
class MedicareTerms:
    """How Medicare pays the practice on this claim; None of it for another payer.

    Attributes:
        locality: contractor and locality, seven digits (``1011200``); empty: not chosen in Setup.
        participating: takes assignment always; else Medicare allows 95 %.
        percent: of the schedule that this kind of provider is paid (85 for NP and PA).
    """

    locality: str
    participating: bool = True
    percent: int = 100


class LoadedTables(CodeTables):
    """Reads the code sets; what is not loaded, or not ready yet, is not known.

    It never waits and never asks the practice's own file, so it may be asked in a unit of work.
    """

    def __init__(self, codesets: CodeSetService, reference: ReferenceService) -> None:
        self._codesets, self._reference = codesets, reference

    def diagnosis(self, code: str, on: date) -> DiagnosisStanding | None:
        """Standing of an ICD-10-CM code on a date of service."""
        if not self._codesets.ready:
            return None
        standing = self._codesets.judge(code, on)
        return None if standing.why is Standing.NO_EDITION else _plain(standing)

    def excludes1(self, codes: tuple[str, ...], on: date) -> tuple[tuple[str, str], ...] | None:
        """Pairs that an Excludes1 note keeps apart."""
        return self._codesets.excludes1(codes, on) if self._codesets.ready else None

    def may_be_first(self, code: str, on: date) -> bool | None:
        """False for a code that never comes first."""
        return self._codesets.may_be_first(code, on) if self._codesets.ready else None

    def diagnosis_ages(self, code: str, on: date) -> tuple[int, int] | None:
        """Ages of the imported age edits."""
        return self._reference.diagnosis_ages(code, on)

    def diagnosis_sex(self, code: str, on: date) -> str:
        """The only sex of the imported sex edits."""
        return self._reference.diagnosis_sex(code, on)

    def place_known(self, place: str) -> bool | None:
        """Whether CMS assigned this place of service."""
        return place in places_of_service() or self._reference.place(place) is not None

    def procedure_active(self, code: str, on: date) -> bool | None:
        """By HCPCS, else by the fee schedule."""
        return self._reference.code_active(code, on)

    def procedure_wording(self, code: str) -> str:
        """HCPCS' own words (CMS); CPT has none here."""
        return self._reference.wording(code)

    def modifier_active(self, modifier: str, on: date) -> bool | None:
        """By HCPCS; modifiers of CPT are not known."""
        return self._reference.code_active(modifier, on)

    def ncci(self, first: str, second: str, on: date) -> int | None:
        """Indicator of an active pair."""
        return self._reference.pair(first, second, on)

    def unit_limit(self, code: str, on: date) -> UnitLimit | None:
        """The MUE in force."""
        row = self._reference.unit_limit(code, on)
        return UnitLimit(row.units, row.indicator) if row else None

    def policy(self, code: str, on: date) -> FeeSchedulePolicy | None:
        """Indicators of the physician fee schedule in force."""
        row = self._reference.fee_line(code, "", on)
        if row is None:
            return None
        return FeeSchedulePolicy(row.global_days, row.pctc, row.bilateral, row.status)

    def primaries_of(self, code: str, on: date) -> frozenset[str] | None:
        """Any other code for an add-on code by the fee schedule (global days ``ZZZ``)."""
        row = self._reference.fee_line(code, "", on)
        return frozenset() if row is not None and row.global_days == _ADD_ON else None

    def medicare_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str, terms: MedicareTerms
    ) -> tuple[int, int] | None:
        """(what Medicare allows, its limiting charge) for one unit; None: not known."""
        price = self._reference.price(code, modifiers, on, place, terms.locality, terms.percent)
        if price is None:
            return None
        allowed = price.allowed_cents if terms.participating else price.nonparticipating_cents
        return allowed, price.limiting_cents


class ClaimTables(CodeTables):
    """The loaded tables for one claim: the practice's own wording, and each answer asked for once.

    An edit asks per line and per day; without a memory one check would ask the same hundred times.
    """

    def __init__(
        self,
        tables: CodeTables,
        wording: Mapping[str, str],
        *,
        prices: Prices | None = None,
        medicare: MedicareTerms | None = None,
        laboratory: Mapping[str, tuple[bool, bool]] | None = None,
        single_doses: Collection[str] = (),
    ) -> None:
        """Args:
        tables: the loaded tables.
        wording: the practice's own words by code.
        single_doses: drugs that the charge list says come in single doses.
        laboratory: by code, what the charge list says: it needs a CLIA number, it is waived.
        prices: contracts with the billed payer; None: there are none.
        medicare: when Medicare is billed; its schedule serves where no contract says.
        """
        self._tables, self._wording = tables, wording
        self._prices, self._medicare = prices, medicare
        self._laboratory = laboratory or {}
        self._single_doses = frozenset(single_doses)
        self._known: dict[tuple[Any, ...], Any] = {}

    def _once(self, ask: Callable[..., Answer], *values: object) -> Answer:
        key = (ask.__name__, *values)
        if key not in self._known:
            self._known[key] = ask(*values)
        found: Answer = self._known[key]
        return found

    def diagnosis(self, code: str, on: date) -> DiagnosisStanding | None:
        """As the loaded tables have it."""
        return self._once(self._tables.diagnosis, code, on)

    def excludes1(self, codes: tuple[str, ...], on: date) -> tuple[tuple[str, str], ...] | None:
        """As the loaded tables have it."""
        return self._once(self._tables.excludes1, codes, on)

    def may_be_first(self, code: str, on: date) -> bool | None:
        """As the loaded tables have it."""
        return self._once(self._tables.may_be_first, code, on)

    def diagnosis_ages(self, code: str, on: date) -> tuple[int, int] | None:
        """As the loaded tables have it."""
        return self._once(self._tables.diagnosis_ages, code, on)

    def diagnosis_sex(self, code: str, on: date) -> str:
        """As the loaded tables have it."""
        return self._once(self._tables.diagnosis_sex, code, on)

    def place_known(self, place: str) -> bool | None:
        """As the loaded tables have it."""
        return self._once(self._tables.place_known, place)

    def procedure_active(self, code: str, on: date) -> bool | None:
        """As the loaded tables have it."""
        return self._once(self._tables.procedure_active, code, on)

    def procedure_wording(self, code: str) -> str:
        """The practice's own words for a code, else the table's."""
        return self._wording.get(code) or self._once(self._tables.procedure_wording, code)

    def modifier_active(self, modifier: str, on: date) -> bool | None:
        """As the loaded tables have it."""
        return self._once(self._tables.modifier_active, modifier, on)

    def ncci(self, first: str, second: str, on: date) -> int | None:
        """As the loaded tables have it; each pair is asked for once by the edit itself."""
        return self._tables.ncci(first, second, on)

    def unit_limit(self, code: str, on: date) -> UnitLimit | None:
        """As the loaded tables have it."""
        return self._once(self._tables.unit_limit, code, on)

    def policy(self, code: str, on: date) -> FeeSchedulePolicy | None:
        """As the loaded tables have it."""
        return self._once(self._tables.policy, code, on)

    def primaries_of(self, code: str, on: date) -> frozenset[str] | None:
        """As the loaded tables have it."""
        return self._once(self._tables.primaries_of, code, on)

    def clia(self, code: str) -> tuple[bool, bool] | None:
        """As the charge list has it, else the loaded tables."""
        return self._laboratory.get(code) or self._once(self._tables.clia, code)

    def single_dose(self, code: str) -> bool | None:
        """As the charge list has it, else the loaded tables."""
        return code in self._single_doses or self._once(self._tables.single_dose, code)

    def expected_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        """By contract, else by Medicare's schedule where Medicare is billed."""
        if self._prices is not None:
            agreed = self._prices.expected(code, modifiers, on)
            if agreed is not None:
                return agreed
        found = self._by_medicare(code, modifiers, on, place)
        return found[0] if found else None

    def limiting_cents(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> int | None:
        """By Medicare's schedule."""
        found = self._by_medicare(code, modifiers, on, place)
        return found[1] if found else None

    def _by_medicare(
        self, code: str, modifiers: tuple[str, ...], on: date, place: str
    ) -> tuple[int, int] | None:
        terms = self._medicare
        if terms is None or not terms.locality or not isinstance(self._tables, LoadedTables):
            return None
        return self._once(self._tables.medicare_cents, code, modifiers, on, place, terms)


def _plain(standing: CodeStanding) -> DiagnosisStanding:
    return DiagnosisStanding(
        known=standing.valid,
        billable=standing.billable,
        has_children=standing.why in _WITH_CHILDREN,
        title=standing.title,
    )
