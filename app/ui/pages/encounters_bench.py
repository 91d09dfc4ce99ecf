"""The coding window: shows one encounter, and keeps what is typed."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Invalid, Refused
from app.services.coding_desk import CodingPatient
from app.services.drafts import KeptDraft
from app.services.encounter_commands import EncounterView, SaveEncounter
from app.ui.guard import guard
from app.ui.page import Go, Page
from app.ui.pages import encounters_drafts as drafts
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages import encounters_words as words
from app.ui.pages.encounters_bars import DraftLine, HoldBar
from app.ui.pages.encounters_chart_note import HINT, ChartNote
from app.ui.pages.encounters_findings import line_place
from app.ui.pages.encounters_posted import PostedView
from app.ui.pages.encounters_scroll import CursorFollower
from app.ui.pages.encounters_sheet import CodingSheet
from app.ui.pages.encounters_suggest import Sources
from app.ui.pages.encounters_work import Work
from app.ui.theme import dp
from app.ui.widgets.panel import scrolled

_OPEN = ("draft", "on hold")
LOOK_MS = 400  # after the last key


class CodingBench(QWidget):
    """One encounter at a time: nothing, a sheet to code, or posted charges to look at.

    Attributes:
        shown: another encounter, or another state of it, is in front.
        told: title or facts are others.
        sheet, posted, note: what may be in front.
        view: the encounter as it was opened; None for a new one.
    """

    shown = Signal()
    told = Signal()

    def __init__(self, work: Work, sources: Sources, owner: Page) -> None:
        super().__init__()
        self._work, self._owner = work, owner
        self.prices = rules.Prices()
        self.view: EncounterView | None = None
        self._dirty, self._kept_at = False, ""
        self._patient: CodingPatient | None = None
        self.note = ChartNote()
        self.sheet, self.posted = CodingSheet(sources, owner), PostedView()
        self.draft_line, self.hold_bar = DraftLine(), HoldBar(sources.today)
        self._keeper = drafts.DraftKeeper(work.drafts, self._body, self)
        self._scrub = sources.scrub
        self._look = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._look.timeout.connect(self._look_over)
        self._stack = QStackedWidget()
        area = scrolled(self.sheet)
        CursorFollower(area, self.sheet, self.sheet.lines.grid)
        self._lay_out((QWidget(), area, scrolled(self.posted)))
        self._connect()

    def _lay_out(self, rooms: tuple[QWidget, ...]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(8))
        column.addWidget(self.draft_line)
        for room in rooms:
            self._stack.addWidget(room)
        column.addWidget(self._stack, 1)
        column.addWidget(self.hold_bar)
        self.draft_line.hide()
        self.hold_bar.hide()

    def _connect(self) -> None:
        self.sheet.edited.connect(self._edited)
        self.sheet.patient_chosen.connect(self._patient_chosen)
        self.sheet.visit_changed.connect(self.told)
        self.note.edited.connect(self._edited)
        self.sheet.lines.told.connect(self.told)
        self.posted.claim_wanted.connect(lambda key: self._owner.go.emit(Go("claims", key)))
        self._keeper.kept.connect(self._kept)

    # --- what is open -------------------------------------------------------------------------
    def is_coding(self) -> bool:
        """True while a sheet can be typed into."""
        return self._stack.currentIndex() == 1

    def is_open(self) -> bool:
        """True while any encounter is shown."""
        return self._stack.currentIndex() > 0

    def held(self) -> bool:
        """True when the encounter shown is on hold."""
        return self.is_coding() and self.view is not None and self.view.state == "on hold"

    def encounter_id(self) -> int | None:
        """Id of the encounter shown; None for a new one, and while nothing is open."""
        if self.is_coding():
            return self.sheet.encounter_id
        return self.view.command.encounter_id if self.view else None

    def kept_id(self) -> int:
        """Id of the encounter shown; a new one joins the queue first, as far as it can.

        Raises:
            Refused: ``no_visit`` while patient, date or provider are missing.
        """
        if self.encounter_id() is None and self.is_coding():
            self.sheet.lines.commit_open()
            self._to_queue()
        if (key := self.encounter_id()) is None:
            raise Refused("no_visit", "Choose the patient, the date and the provider first.")
        return key

    def service_day(self) -> date:
        """The date of service of the encounter shown.

        Raises:
            Refused: ``no_visit`` while it is blank.
        """
        day = self.sheet.visit.day() if self.is_coding() else None
        if day is None and self.view is not None:
            day = self.view.command.service_date
        if day is None:
            raise Refused("no_visit", "Enter the date of service first.")
        return day

    def set_prices(self, prices: rules.Prices) -> None:
        """The charge master, read again."""
        self.prices = prices
        self.sheet.set_prices(prices)

    def begin(self, patient_id: int | None = None) -> None:
        """A new encounter, for a patient if one is named; a kept draft comes back."""
        self.put_away()
        self.view = None
        self._set_patient(self._work.coding.patient(patient_id) if patient_id else None)
        kept = self._keeper.watch(self._keeper.find_new(patient_id))
        self.sheet.begin()
        self.note.set_value("")
        if self._patient is not None:
            self.sheet.set_patient(self._patient)
        self._show_sheet(kept)

    def open(self, encounter_id: int) -> None:
        """An encounter of the queue: to be coded, or posted and to be looked at.

        Raises:
            NotFound: it is no longer there.
        """
        self.put_away()
        self.view = view = self._work.encounters.show(encounter_id)
        if view.state not in _OPEN:
            self._show_posted(view, encounter_id)
            return
        patient = self._work.coding.patient(view.command.patient_id)
        self._set_patient(patient)
        self.sheet.show_view(view, patient)
        self.note.set_value(view.command.chart_note)
        self._show_sheet(self._keeper.watch(f"encounter:{encounter_id}"))

    def go_to(self, field: str) -> None:
        """Puts the cursor on a field (``onset``, ``lines.0.code``); on its line once posted."""
        if self.is_coding():
            self.sheet.go_to(field)
        elif (place := line_place(field)) is not None:
            self.posted.lines.selectRow(place[0])
            self.posted.lines.setFocus()

    def _set_patient(self, patient: CodingPatient | None) -> None:
        self._patient = patient
        held = words.on_hold(self.view) if self.view else ""
        alert = patient.alert if patient else ""
        told = " ".join(part for part in (held, alert) if part)
        if told:
            self.sheet.banner.say(told, "warn")
        else:
            self.sheet.banner.clear()

    def _show_sheet(self, kept: KeptDraft | None) -> None:
        self._dirty, self._kept_at = False, ""
        self.draft_line.hide()
        self.hold_bar.close_bar()
        if kept is not None:
            self._bring_back(kept)
        self.note.setReadOnly(False)
        self.note.setPlaceholderText(HINT)
        self._stack.setCurrentIndex(1)
        if self.sheet.encounter_id is None:
            self.sheet.visit.go_on()
        else:
            self.sheet.diagnoses.go_to_next()
        self.shown.emit()

    def _bring_back(self, kept: KeptDraft) -> None:
        patient_id = kept.body["visit"]["patient_id"]
        if patient_id and (self._patient is None or self._patient.patient_id != patient_id):
            self._set_patient(self._work.coding.patient(patient_id))
        self.sheet.restore(kept.body, self._patient if patient_id else None)
        self.note.set_value(kept.body["note"])
        self.draft_line.say(kept.saved_at)
        self._dirty = True

    def _show_posted(self, view: EncounterView, encounter_id: int) -> None:
        self._leave_sheet()
        self.posted.show_view(view, self._work.coding.happened(encounter_id), self.prices)
        self.note.set_value(view.command.chart_note)
        self.note.setReadOnly(True)
        self.note.setPlaceholderText("No chart note was kept.")
        self._stack.setCurrentIndex(2)
        self.posted.claims.setFocus()
        self.shown.emit()

    def show_nothing(self) -> None:
        """Back to the list; what was typed is kept, unless it was dropped before."""
        self.put_away()
        self._leave_sheet()
        self.view = None
        self.note.set_value("")
        self._stack.setCurrentIndex(0)
        self.shown.emit()

    def _leave_sheet(self) -> None:
        self._keeper.watch("")
        self._dirty, self._kept_at = False, ""
        self.draft_line.hide()
        self.hold_bar.close_bar()

    # --- drafts -------------------------------------------------------------------------------
    def _body(self) -> drafts.Body:
        return {**self.sheet.body(), "note": self.note.value()}

    def _edited(self) -> None:
        if self.is_coding():
            self._dirty = True
            self._keeper.touch()
            self._look.start()

    def _look_over(self) -> None:
        """What the first payer's claim would trip over, once her hands rest."""
        if not self.is_coding() or not self.isVisible():
            return
        try:
            command = self.sheet.command(self.note.value())
        except Invalid:
            return  # half-typed: said when she saves
        self.sheet.hint(self._scrub.as_typed(command))

    def _kept(self, at: datetime) -> None:
        self._kept_at = f"Draft kept {at.astimezone():%H:%M:%S}"
        self.told.emit()

    def leave(self) -> None:
        """Keeps what was typed; asks nothing."""
        self.sheet.lines.commit_open()
        self._keeper.flush()

    def put_away(self) -> None:
        """Before another encounter opens: a typed one goes to the queue, or is kept as a draft."""
        if not self.is_coding() or not self._dirty:
            return
        self.sheet.lines.commit_open()
        if self.sheet.is_blank() and not self.note.value():
            self.drop_draft()
        elif self.sheet.encounter_id is None:
            self._to_queue()
        if self._dirty:
            self._keeper.keep_now()
        self._dirty = False

    def _to_queue(self) -> None:
        """A new encounter with patient, provider and date joins the queue, as far as it can."""
        visit = self.sheet.visit.values()
        bare = {name: visit[name] for name in ("patient_id", "provider_id", "service_date")}
        if not all(bare.values()):
            return
        try:
            self.sheet_saved(self.sheet.command(self.note.value()))
        except Invalid:
            self.sheet_saved(SaveEncounter(**bare))
            self._dirty = True  # the rest stays in the draft until it can be saved

    def sheet_saved(self, command: SaveEncounter) -> None:
        """Saves ``command``; the sheet is that encounter from now on, its draft is dropped.

        Raises:
            Invalid: with a sentence for each wrong field.
        """
        saved = self._work.encounters.save(command)
        self.drop_draft()
        self.sheet.encounter_id, self.sheet.version = saved.encounter_id, saved.version
        self.sheet.show_findings(saved.warnings)
        self._keeper.watch(f"encounter:{saved.encounter_id}")
        self.shown.emit()

    def drop_draft(self) -> None:
        """What was typed is saved, or given up."""
        self._keeper.drop()
        self._dirty, self._kept_at = False, ""
        self.draft_line.hide()

    # --- inside -------------------------------------------------------------------------------
    def _patient_chosen(self, patient_id: int) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            self._set_patient(self._work.coding.patient(patient_id))
            self.sheet.set_patient(self._patient)

    # --- words --------------------------------------------------------------------------------
    def title(self) -> tuple[str, str]:
        """Patient and visit for the window's header; empty while nothing is open."""
        if not self.is_open():
            return "", ""
        if not self.is_coding() and self.view is not None:
            return words.posted_title(self.view)
        return words.coding_title(self.sheet.visit)

    def facts(self) -> str:
        """For the footer: what the modifier or the place under the cursor means; else when the
        draft was kept, and the policies in force on the day.
        """
        if not self.is_coding():
            return ""
        return self.sheet.lines.words_here() or words.facts(self.sheet.visit, self._kept_at)
