"""The code tables that claim edits ask, as far as they are on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.codesets.places import places_of_service
from app.domain.icd import CodeStanding, Standing
from app.scrub.code_tables import CodeTables, DiagnosisStanding
from app.services.codesets import CodeSetService

_WITH_CHILDREN = (Standing.HEADER, Standing.NEEDS_SEVENTH)


class LoadedTables(CodeTables):
    """Reads the code sets; what is not loaded, or not ready yet, is not known.

    It never waits and never asks the practice's own file, so it may be asked in a unit of work.
    """

    def __init__(self, codesets: CodeSetService) -> None:
        self._codesets = codesets

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

    def place_known(self, place: str) -> bool | None:
        """Whether CMS assigned this place of service."""
        return place in places_of_service()


class ClaimTables(CodeTables):
    """The loaded tables for one claim: the practice's own wording, and each answer asked for once.

    An edit asks per line and per day; without a memory one check would ask the same hundred times.
    """

    def __init__(self, tables: CodeTables, wording: Mapping[str, str]) -> None:
        self._tables, self._wording = tables, wording
        self._known: dict[tuple[str, date], DiagnosisStanding | None] = {}

    def diagnosis(self, code: str, on: date) -> DiagnosisStanding | None:
        """As the loaded tables have it."""
        if (code, on) not in self._known:
            self._known[code, on] = self._tables.diagnosis(code, on)
        return self._known[code, on]

    def excludes1(self, codes: tuple[str, ...], on: date) -> tuple[tuple[str, str], ...] | None:
        """As the loaded tables have it."""
        return self._tables.excludes1(codes, on)

    def may_be_first(self, code: str, on: date) -> bool | None:
        """As the loaded tables have it."""
        return self._tables.may_be_first(code, on)

    def place_known(self, place: str) -> bool | None:
        """As the loaded tables have it."""
        return self._tables.place_known(place)

    def procedure_wording(self, code: str) -> str:
        """The practice's own words for a code."""
        return self._wording.get(code, "")


def _plain(standing: CodeStanding) -> DiagnosisStanding:
    return DiagnosisStanding(
        known=standing.valid,
        billable=standing.billable,
        has_children=standing.why in _WITH_CHILDREN,
        title=standing.title,
    )
