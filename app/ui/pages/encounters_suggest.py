"""What the sheet offers while she types: codes used before, with the practice's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.code_memory import CodeMemoryService, DiagnosisUse, ProcedureUse
from app.services.patients import PatientService
from app.ui.widgets.results import SearchRow


@dataclass(frozen=True, slots=True)
class Sources:
    """What the coding sheet asks: patients, codes used before, the day."""

    patients: PatientService
    codes: CodeMemoryService
    today: Callable[[], date]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Rows for the lists under diagnoses and procedures; the callables say what is coded."""

    codes: CodeMemoryService
    patient_id: Callable[[], int | None]
    encounter_id: Callable[[], int | None]

    def diagnoses(self, text: str) -> Sequence[SearchRow]:
        """Diagnosis codes that begin so."""
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
        """How often diagnoses were coded before, by code; one query."""
        found = self.codes.uses(codes, self.patient_id(), but=self.encounter_id())
        return {code: _history(found.get(code)) for code in codes}

    def procedures(self, text: str) -> Sequence[SearchRow]:
        """Procedures whose code begins so, or whose own wording holds the words."""
        return [
            SearchRow(p.code, f"{p.code} {p.modifiers}".strip(), p.wording, _note(p))
            for p in self.codes.procedures(text)
        ]


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
