"""The coding sheet: visit, diagnoses, lines, and what few visits need, as one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Invalid
from app.domain.findings import Finding, Severity
from app.services.coding_desk import CodingPatient
from app.services.encounter_commands import EncounterView, SaveEncounter
from app.ui.page import Page
from app.ui.pages import encounters_drafts as drafts
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages.encounters_diagnoses import DiagnosisList
from app.ui.pages.encounters_findings import (
    FindingsPanel,
    by_place,
    diagnosis_place,
    line_place,
    telling,
)
from app.ui.pages.encounters_line_cells import LineCells
from app.ui.pages.encounters_lines import LinesGrid
from app.ui.pages.encounters_more import FoldPanel, LineExtras, MoreForm
from app.ui.pages.encounters_payers import to_answer, to_command
from app.ui.pages.encounters_suggest import Sources, Suggestions
from app.ui.pages.encounters_visit import VisitForm
from app.ui.shortcuts import make_action
from app.ui.theme import dp
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import Panel


class CodingSheet(QWidget):
    """Everything of an encounter but the chart note.

    Attributes:
        edited: something was typed.
        patient_chosen: id of a patient taken in the form; the page answers ``set_patient``.
        visit_changed: the words of the visit are others.
        finished: Enter on the empty service line.
        refused: a sentence about an open cell.
    """

    edited = Signal()
    patient_chosen = Signal(int)
    visit_changed = Signal()
    finished = Signal()
    refused = Signal(str)

    def __init__(self, sources: Sources, owner: Page) -> None:
        super().__init__()
        self._prices = rules.Prices()
        self.encounter_id: int | None = None
        self.version: int | None = None
        self.banner = Banner()
        self.visit = VisitForm(sources.patients, sources.today)
        offer = Suggestions(
            sources.codes,
            sources.codesets,
            lambda: self.visit.day() or sources.today(),
            self.visit.patient_id,
            lambda: self.encounter_id,
        )
        self.diagnoses = DiagnosisList(offer)
        cells = LineCells(sources.line_codes, offer.procedures, sources.today)
        self.lines = LinesGrid(sources.today, cells)
        self._fold(sources, owner)
        self.findings = FindingsPanel()
        self._lay_out()
        self._connect()

    def _fold(self, sources: Sources, owner: Page) -> None:
        self.more_form, self.extras_form = MoreForm(sources.today), LineExtras()
        self.extras = FoldPanel(
            "More about this line",
            "drug, anesthesia, EPSDT, emergency",
            self.extras_form,
            make_action(owner, "More about this line", "F7", self._toggle_extras),
        )
        self.more = FoldPanel(
            "More about this visit",
            "accident, illness dates, CLIA, outside lab",
            self.more_form,
            make_action(owner, "More about this visit", "F6", self._toggle_more),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        head = Panel()
        head.add(self.visit)
        for part in (self.banner, head):
            column.addWidget(part)
        self.diagnoses_panel = Panel("Diagnoses", note="Alt ↑ ↓ order · F8 remove", flush=True)
        self.diagnoses_panel.add(self.diagnoses)
        column.addWidget(self.diagnoses_panel)
        lines = Panel(flush=True)
        lines.add(self.lines)
        column.addWidget(lines)
        for part in (self.findings, self.extras, self.more):
            column.addWidget(part)
        column.addStretch(1)
        self.setFocusProxy(self.visit)

    def _connect(self) -> None:
        self.visit.patient_chosen.connect(self.patient_chosen)
        self.visit.changed.connect(self._follow)
        self.visit.done.connect(self.diagnoses.go_to_next)
        self.diagnoses.edited.connect(self._follow)
        self.diagnoses.moved.connect(self.lines.repoint)
        self.diagnoses.finished.connect(self.lines.go_to_empty)
        self.lines.row_changed.connect(self._show_extras)
        self.lines.finished.connect(self.finished)
        self.lines.refused.connect(self.refused)
        self.extras_form.line_edited.connect(self._extras_edited)
        self.findings.wanted.connect(self.go_to)
        self.lines.edited.connect(self._name_extras)
        for part in (self.visit, self.diagnoses, self.lines):
            part.edited.connect(self.edited)
        self.more_form.edited.connect(lambda _name: self.edited.emit())

    # --- what it holds ------------------------------------------------------------------------
    def set_prices(self, prices: rules.Prices) -> None:
        """The charge master, read again."""
        self._prices = prices
        self._follow()

    def begin(self) -> None:
        """An empty sheet for a new encounter."""
        self.encounter_id = self.version = None
        self.visit.begin()
        self.diagnoses.show_codes(())
        self.lines.show_lines(())
        self._begin_folded(None)

    def show_view(self, view: EncounterView, patient: CodingPatient) -> None:
        """Shows a saved draft."""
        command = view.command
        self.encounter_id, self.version = command.encounter_id, command.version
        self.visit.set_patient(patient)
        day = command.service_date
        self.visit.show_values(
            day,
            command.provider_id,
            command.facility_id,
            command.place_of_service,
            to_answer(command.policy_ids, patient.policies, day),
            command.referring_id,
            command.prior_authorization,
        )
        self.diagnoses.show_codes(command.diagnoses)
        payer = self.visit.first_payer()
        self.lines.show_lines(
            [rules.unfilled(n, command, self._prices, payer) for n in command.lines]
        )
        self._begin_folded(command)

    def _begin_folded(self, command: SaveEncounter | None) -> None:
        self.more_form.show_command(command)
        self.more.unfold(self.more_form.count() > 0)
        self.extras.unfold(False)
        self.show_findings(())
        self._follow()
        self._show_extras(self.lines.current_line())

    def set_patient(self, patient: CodingPatient | None) -> None:
        """The patient the form asked for."""
        self.visit.set_patient(patient)
        self._follow()

    def command(self, chart_note: str) -> SaveEncounter:
        """The encounter as it stands.

        Raises:
            Invalid: what every draft needs is blank or unreadable.
        """
        found = [*self.visit.problems(), *self.diagnoses.problems().values()]
        found += [*self.more_form.problems(), *self.extras_form.problems()]
        if found:
            raise Invalid(found)
        values, more = self.visit.values(), self.more_form.command_values()
        if values["referring_id"] and not more["referring_qualifier"]:
            more["referring_qualifier"] = "DN"  # item 17: referring, unless she says otherwise
        return SaveEncounter(
            **{k: v for k, v in values.items() if k != "bill_to"},
            **more,
            policy_ids=to_command(values["bill_to"]),
            diagnoses=self.diagnoses.codes(),
            lines=self.lines.lines(),
            chart_note=chart_note,
            encounter_id=self.encounter_id,
            version=self.version,
        )

    def body(self) -> drafts.Body:
        """What stands in the sheet, readable or not, for a draft."""
        return {
            "visit": drafts.plain(self.visit.values()),
            "diagnoses": list(self.diagnoses.codes()),
            "lines": [drafts.line_body(line) for line in self.lines.raw()],
            "more": drafts.plain(self.more_form.values()),
            "encounter_id": self.encounter_id,
            "version": self.version,
        }

    def restore(self, body: drafts.Body, patient: CodingPatient | None) -> None:
        """Brings a draft back; ``patient`` is the one it names."""
        self.encounter_id, self.version = body["encounter_id"], body["version"]
        visit = drafts.lively(body["visit"])
        bill_to = visit["bill_to"]
        self.visit.set_patient(patient)
        self.visit.show_values(
            visit["service_date"],
            visit["provider_id"],
            visit["facility_id"],
            visit["place_of_service"],
            tuple(bill_to) if isinstance(bill_to, list) else bill_to,
            visit["referring_id"],
            visit["prior_authorization"],
        )
        self.diagnoses.show_codes(body["diagnoses"])
        self.lines.show_lines([drafts.line_of(line) for line in body["lines"]])
        self._begin_folded(None)
        more = drafts.lively(body["more"])
        self.more_form.set_values({k: v for k, v in more.items() if k in self.more_form.names()})
        self.more.unfold(self.more_form.count() > 0)

    def is_blank(self) -> bool:
        """True when nothing worth keeping stands here."""
        typed = self.diagnoses.codes() or self.lines.raw() or self.more_form.count()
        return self.encounter_id is None and not typed

    def copy(self, codes: Sequence[str], lines: Sequence[Any]) -> None:
        """Takes over diagnoses and lines of another visit, at today's charges."""
        self.diagnoses.show_codes(codes)
        self.lines.show_lines(lines)
        self._follow()
        self.lines.go_to(len(lines))
        self.edited.emit()

    def put(self, code: str, *, procedure: bool = False, modifiers: str = "") -> bool:
        """Adds a service line, or a diagnosis unless it is there; False when there is no room."""
        if procedure:
            self.lines.add(code, modifiers)
            return True
        codes = self.diagnoses.codes()
        if code not in codes and len(codes) >= len(rules.LETTERS):
            return False
        if code not in codes:
            self.diagnoses.show_codes((*codes, code))
            self._follow()
            self.edited.emit()
        return True

    # --- findings -----------------------------------------------------------------------------
    def show_findings(self, findings: Sequence[Finding]) -> int:
        """Puts each finding beside its field and all of them in a list; goes to the first error.

        Returns:
            How many are shown.
        """
        findings = telling(findings)
        self.findings.show_findings(findings)
        self.visit.form.show_findings(findings)
        if self.more_form.show_findings(findings) != tuple(findings):
            self.more.unfold(True)
        self.lines.show_findings(by_place(findings, line_place))
        self.diagnoses.show_findings(by_place(findings, diagnosis_place))
        first = next((f for f in findings if f.severity is Severity.ERROR), None)
        if first is not None:
            self.go_to(first.field)
        return len(findings)

    def hint(self, findings: Sequence[Finding]) -> None:
        """Lists what the claim would trip over; the cursor stays where it is."""
        self.findings.show_findings(telling(findings))

    def go_to(self, field: str) -> None:
        """Puts the cursor on the field a finding names; one about another record names none."""
        if not field:
            return
        line = line_place(field)
        if line is not None and line[1] in self.extras_form.names():
            self.lines.go_to(line[0])
            self.extras.unfold(True)
            self.extras_form.go_to(line[1])
        elif line is not None:
            self.lines.go_to(*line)
        elif (number := diagnosis_place(field)) is not None:
            self.diagnoses.go_to(number)
        elif field == "diagnoses":
            self.diagnoses.go_to_next()
        elif field in self.visit.form.names():
            self.visit.form.go_to(field)
        elif field in self.more_form.names():
            self.more.unfold(True)
            self.more_form.go_to(field)
        else:
            self.lines.go_to(0)

    # --- inside -------------------------------------------------------------------------------
    def _follow(self) -> None:
        """Lines follow the day, the place and the number of diagnoses."""
        codes = self.diagnoses.codes()
        place, payer = self.visit.place()[1], self.visit.first_payer()
        visit = rules.Visit(self.visit.day(), place, len(codes), codes, payer)
        self.lines.set_visit(visit, self._prices)
        self.visit_changed.emit()

    def _show_extras(self, number: int) -> None:
        self.extras_form.show_line(self.lines.line(number))
        self._name_extras()

    def _name_extras(self) -> None:
        number = self.lines.current_line()
        line = self.lines.line(number)
        what = f"line {number + 1}" + (f" · {line.code}" if line.code else "")
        note = f"NDC {line.ndc_code}" if line.ndc_code else "drug, anesthesia, EPSDT, emergency"
        self.extras.set_title(f"More about {what}", note)

    def _toggle_extras(self) -> None:
        self.lines.commit_open()
        self.extras.toggle()

    def _toggle_more(self) -> None:
        self.lines.commit_open()
        self.more.toggle()

    def _extras_edited(self, values: dict[str, Any]) -> None:
        self.lines.change(self.lines.current_line(), **values)
