"""What the code set service answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.icd import NoteKind


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """A code offered while she types.

    Attributes:
        code: with its point.
        title: official long title; empty for a code newer than the newest text.
        billable: may stand on a claim of the date asked; else it opens into ``children``.
        found_by: the term that led here, empty when the title or the code itself did.
        note: what to know before using it; mostly empty.
        patient_uses: how often this patient had it.
        practice_uses: how often anybody had it.
        last_used: for this patient.
    """

    code: str
    title: str
    billable: bool
    found_by: str = ""
    note: str = ""
    patient_uses: int = 0
    practice_uses: int = 0
    last_used: date | None = None


@dataclass(frozen=True, slots=True)
class CodeNote:
    """A note of the tabular list that holds for a code; ``at`` is the heading it stands under."""

    kind: NoteKind
    text: str
    at: str
    title: str


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition on the shelf."""

    name: str
    starts: date
    ends: date
    source: str
    codes: int
    billable: int
    imported: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import. ``refused``: lines not taken, each with its reason."""

    name: str
    starts: date
    ends: date
    codes: int
    billable: int
    notes: int
    index_terms: int
    refused: tuple[str, ...]
