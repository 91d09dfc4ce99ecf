"""What stands in the way of posting, each with the place it speaks of; Enter goes there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.findings import Finding, Severity
from app.ui.pages.encounters_line_rules import LETTERS
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import Panel
from app.ui.widgets.pill import Pill

Place = TypeVar("Place")
_PLACES = {
    "patient_id": "Patient",
    "service_date": "Date of service",
    "provider_id": "Provider",
    "facility_id": "Place",
    "place_of_service": "Place",
    "policy_ids": "Bill to",
    "diagnoses": "Diagnoses",
    "lines": "Lines",
    "auto_state": "Item 10b",
    "hospital_from": "Item 18",
    "hospital_to": "Item 18",
    "unable_from": "Item 16",
    "unable_to": "Item 16",
}
_CELLS = {
    "service_from": "from",
    "service_to": "to",
    "place_of_service": "POS",
    "charge_cents": "charge",
    "pointers": "Dx",
}
_LINE = re.compile(r"lines\.(\d+)\.(\w+)")
_DIAGNOSIS = re.compile(r"diagnoses\.(\d+)")


def line_place(field: str) -> tuple[int, str] | None:
    """``lines.2.code`` as (2, "code"); None for other fields."""
    match = _LINE.fullmatch(field)
    return (int(match[1]), match[2]) if match else None


def diagnosis_place(field: str) -> int | None:
    """``diagnoses.2`` as 2; None for other fields."""
    match = _DIAGNOSIS.fullmatch(field)
    return int(match[1]) if match else None


def telling(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without the charge that is unknown only because its code is wrong."""
    wrong = {at[0] for f in findings if (at := line_place(f.field)) and at[1] == "code"}
    return tuple(
        f
        for f in findings
        if not ((at := line_place(f.field)) and at[1] == "charge_cents" and at[0] in wrong)
    )


def by_place(
    findings: Sequence[Finding], place: Callable[[str], Place | None]
) -> dict[Place, Finding]:
    """The first finding of each place that ``place`` makes out."""
    found: dict[Place, Finding] = {}
    for finding in findings:
        if (at := place(finding.field)) is not None:
            found.setdefault(at, finding)
    return found


def place_words(finding: Finding) -> str:
    """Where a finding is: ``Line 2, charge``, ``Diagnosis C``."""
    if (line := line_place(finding.field)) is not None:
        return f"Line {line[0] + 1}, {_CELLS.get(line[1], line[1].replace('_', ' '))}"
    if (number := diagnosis_place(finding.field)) is not None:
        return f"Diagnosis {LETTERS[number]}"
    return _PLACES.get(finding.field, finding.box and f"Item {finding.box}")


class FindingsPanel(Panel):
    """The findings as a short list; hidden while there are none.

    Attributes:
        wanted: the field of the finding entered.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("To put right", parent, flush=True)
        self._fix, self._look = Pill("0 to fix", "bad"), Pill("0 to look at", "warn")
        self.add_beside_title(self._fix)
        self.add_beside_title(self._look)
        columns: tuple[Column[Finding], ...] = (
            Column(
                "place",
                "",
                place_words,
                width=148,
                look=lambda f: "bad" if f.severity is Severity.ERROR else "warn",
            ),
            Column("message", "", lambda f: f.message, width=0, tooltip=lambda f: f.message),
        )
        self.table = TableView[Finding](
            columns, lambda f: (f.field, f.message), name="Findings, Enter goes there"
        )
        self.table.horizontalHeader().hide()
        self.table.activated_row.connect(lambda f: self.wanted.emit(f.field))
        self.table.clicked.connect(self._clicked)
        self.add(self.table)
        self.hide()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Shows findings, errors first."""
        ordered = sorted(findings, key=lambda f: f.severity is not Severity.ERROR)
        errors = sum(f.severity is Severity.ERROR for f in ordered)
        self._fix.show_status(f"{errors} to fix", "bad")
        self._fix.setVisible(bool(errors))
        others = len(ordered) - errors
        self._look.show_status(f"{others} to look at", "warn")
        self._look.setVisible(bool(others))
        self.table.set_rows(ordered)
        rows = min(8, len(ordered))
        self.table.setFixedHeight(rows * self.table.verticalHeader().defaultSectionSize() + dp(2))
        self.setVisible(bool(ordered))

    def _clicked(self) -> None:
        if (finding := self.table.row()) is not None:
            self.wanted.emit(finding.field)
