"""What the sheet offers while she types: codes used before, with the practice's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.code_memory import CodeMemoryService, DiagnosisUse, ProcedureUse
from app.services.code_set_rows import CodeNote, DiagnosisRow
from app.services.codesets import CodeSetService
from app.services.line_codes import LineCodeService
from app.services.patients import PatientService
from app.services.scrub import ScrubService
from app.ui.widgets.results import SearchRow

_SHOWN, _MOST_UNDER = 9, 40  # hits of a search; what a category may open into


@dataclass(frozen=True, slots=True)
class Sources:
    """What the coding sheet asks: patients, codes, what would be wrong on the claim, the day,
    the words of modifiers, places and HCPCS.
    """

    patients: PatientService
    codes: CodeMemoryService
    codesets: CodeSetService
    scrub: ScrubService
    today: Callable[[], date]
    line_codes: LineCodeService


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Rows for the lists under diagnoses and procedures; the callables say what is coded."""

    codes: CodeMemoryService
    codesets: CodeSetService
    day: Callable[[], date]
    patient_id: Callable[[], int | None]
    encounter_id: Callable[[], int | None]

    def diagnoses(self, text: str) -> Sequence[SearchRow]:
        """Codes of the day's edition for what was typed; a category's own code opens into what
        lies under it. While the code set is being made ready: codes used before.
        """
        if not self.codesets.ready:
            return self._used(text)
        day = self.day()
        found = self.codesets.search_diagnoses(text, day, self.patient_id(), limit=_SHOWN)
        if found and not found[0].billable:
            under = self.codesets.children(found[0].code, day)
            found = (*under, *found[1:]) if under else found
        return [_diagnosis(row) for row in found[:_MOST_UNDER]]

    def _used(self, text: str) -> Sequence[SearchRow]:
        return [
            SearchRow(
                use.code,
                use.code,
                f"this patient, last on {format_date(use.last_used)}" if use.last_used else "",
                f"used {use.practice_uses:,}×",
            )
            for use in self.codes.diagnoses(text, self.patient_id(), but=self.encounter_id())
        ]

    def describe(self, codes: Sequence[str]) -> Mapping[str, str]:
        """What diagnoses mean on the day and how often they were coded before, by code."""
        found = self.codes.uses(codes, self.patient_id(), but=self.encounter_id())
        return {code: self._words(code, found.get(code)) for code in codes}

    def _words(self, code: str, use: DiagnosisUse | None) -> str:
        if not self.codesets.ready:
            return _history(use)
        standing = self.codesets.judge(code, self.day())
        told = standing.note if not standing.billable else _history(use)
        return " · ".join(part for part in (standing.title, told) if part)

    def notes(self, code: str) -> Sequence[CodeNote]:
        """The instructional notes that hold for a code on the day."""
        return self.codesets.notes(code, self.day()) if code and self.codesets.ready else ()

    def procedures(self, text: str) -> Sequence[SearchRow]:
        """Procedures whose code begins so, or whose own wording holds the words."""
        return [
            SearchRow(p.code, f"{p.code} {p.modifiers}".strip(), p.wording, _note(p))
            for p in self.codes.procedures(text)
        ]


def _diagnosis(row: DiagnosisRow) -> SearchRow:
    if not row.billable:
        return SearchRow(row.code, row.code, row.title, "opens ›", opens=True)
    note = row.note
    if row.last_used is not None:
        note = f"this patient, last on {format_date(row.last_used)}"
    elif row.practice_uses:
        note = f"used {row.practice_uses:,}×"
    elif row.found_by and not note:
        note = f"“{row.found_by}”"
    return SearchRow(row.code, row.code, row.title, note)


def _history(use: DiagnosisUse | None) -> str:
    if use is None:
        return "first time in this practice"
    if use.last_used is not None:
        return f"this patient {use.patient_uses}×, last on {format_date(use.last_used)}"
    return f"new for this patient · used {use.practice_uses:,}×"


def _note(found: ProcedureUse) -> str:
    parts = [f"used {found.uses:,}×"] if found.uses else []
    if found.charge_cents is not None:
        parts.append(format_cents(found.charge_cents))
    return " · ".join(parts)
