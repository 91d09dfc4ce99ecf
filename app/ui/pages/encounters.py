"""Encounters: the queue at the left, the coding window at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.claims import ClaimService
from app.services.code_memory import CodeMemoryService
from app.services.codesets import CodeSetService
from app.services.coding_desk import CodingDeskService
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.encounter_queue import EncounterQueueService
from app.services.encounters import EncounterService
from app.services.patients import PatientService
from app.services.scrub import ScrubService
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.encounters_acts import EncounterActs
from app.ui.pages.encounters_aids import Aids
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_coding_aids import CodingAids
from app.ui.pages.encounters_frame import AGAIN, LIST, Frame
from app.ui.pages.encounters_line_rules import Prices
from app.ui.pages.encounters_queue import QueuePanel
from app.ui.pages.encounters_suggest import Sources
from app.ui.pages.encounters_work import Work
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText

_SAVE_FITS, _POST_FITS = 760, 580  # widths from which a button shows; its key always works
_LISTS = frozenset({"provider", "facility", "referring_provider", "procedure"})


class EncountersPage(Page):
    """Choose an encounter or begin one, code it, post it, print its claim.

    Opens at an encounter's id, ``"new"``, ``("new", patient_id)``, ``("show", state)`` or
    ``("field", encounter_id, "lines.0.code")``.
    """

    NAME = "encounters"
    TITLE = "Encounters"
    WATCHES = frozenset({"encounter", "claim", "patient", "policy"}) | _LISTS

    def __init__(
        self,
        encounters: EncounterService,
        queue: EncounterQueueService,
        coding: CodingDeskService,
        codes: CodeMemoryService,
        patients: PatientService,
        directory: DirectoryService,
        claims: ClaimService,
        drafts: DraftService,
        out: PrintOut,
        today: Callable[[], date],
        codesets: CodeSetService,
        scrub: ScrubService,
        aids: Aids,
    ) -> None:
        super().__init__()
        self._coding, self._directory = coding, directory
        self._fresh = True
        self.queue = QueuePanel(queue)
        work = Work(encounters, claims, coding, drafts, out)
        asked = Sources(patients, codes, codesets, scrub, today, aids.line_codes)
        self.bench = CodingBench(work, asked, self)
        self.acts = EncounterActs(work, self.bench, self)
        self.aids = CodingAids(aids, self.bench, self, today, self.queue.due)
        self._make_actions()
        self._lay_out()
        self._connect()
        self._show_frame()

    # --- building -----------------------------------------------------------------------------
    def _connect(self) -> None:
        self.queue.add_keys(self)
        self.bench.shown.connect(self._show_frame)
        self.frame.changed.connect(self._show_buttons)
        self.aids.repeating.left_list.connect(self.toggle_list)
        self.bench.told.connect(self._show_words)
        self.bench.sheet.finished.connect(self._print_button.setFocus)
        self.queue.picked.connect(self._picked)
        self.queue.new.clicked.connect(self._new.trigger)
        self.setFocusProxy(self.queue.table)

    def _make_actions(self) -> None:
        acts, codes = self.acts, self.bench.sheet.diagnoses
        self._new = make_action(self, "New encounter", "Ctrl+N", self.new_encounter)
        self._copy = make_action(self, "Copy last visit", "Ctrl+D", acts.copy_last)
        self._save = make_action(self, "Save draft", "Ctrl+S", acts.save)
        self._hold = make_action(self, "Hold", "F4", acts.hold)
        self._post = make_action(self, "Post charges", "F9", acts.post)
        self._print = make_action(self, "Post and print claim", "Ctrl+P", acts.post_and_print)
        self._remove = make_action(self, "Remove the line", "F8", acts.remove_current)
        self._up = make_action(self, "Diagnosis up", "Alt+Up", lambda: codes.move_current(-1))
        self._down = make_action(self, "Diagnosis down", "Alt+Down", lambda: codes.move_current(1))
        self._discard = make_action(self, "Discard the draft", "Ctrl+Shift+D", acts.discard)
        self._delete = make_action(self, "Delete this encounter", "Ctrl+Shift+Del", acts.delete)
        self._coding_only = [self._copy, self._save, self._hold, self._post, self._print]
        self._coding_only += [self._remove, self._up, self._down, self._discard, self._delete]
        self._list_key = make_action(self, "List", "Ctrl+L", self.toggle_list)
        self._close = make_action(self, "Close the encounter", "Ctrl+W", self.close_encounter)
        self._next = make_action(self, "Next to code", "Ctrl+J", self.open_next)
        self._repeating = make_action(self, "Recurring visits", "Alt+7", self.show_recurring)

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(dp(12))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        column.addWidget(self.bench, 1)
        self._buttons = self._button_row()
        column.addWidget(self._buttons)
        faces = (self.queue, self.aids.repeating, self.aids.chart)
        self.frame = Frame(faces, right, self.aids.kept)
        page.addWidget(self.frame, 1)
        page.addWidget(self.aids.bar)
        self.aids.join(self.frame)
        self.bench.sheet.diagnoses_panel.add_action(button_for(self.aids.favourites_key))
        self.bench.sheet.diagnoses_panel.add_action(button_for(self._copy))

    def _button_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(8))
        self._list_button = button_for(self._list_key)
        row.addWidget(self._list_button)
        self._chart_button = button_for(self.aids.chart_key)
        row.addWidget(self._chart_button)
        row.addStretch(1)
        self._save_button, self._post_button = button_for(self._save), button_for(self._post)
        self._hold_button = button_for(self._hold)
        for button in (self._save_button, self._hold_button, self._post_button):
            row.addWidget(button)
        self._print_button = button_for(self._print, primary=True)
        row.addWidget(self._print_button)
        return box

    # --- the page's contract ------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads the queue and the short lists again."""
        with guard(self, say=self.notify.emit):
            counts = self.queue.refresh()
            self.bench.sheet.visit.set_lists(
                self._directory.providers(),
                self._directory.facilities(),
                self._directory.referring(),
                self._coding.usual(),
            )
            prices = Prices.of(self._directory.procedures(), self._directory.charges())
            self.bench.set_prices(prices)
            self.aids.recurring.refresh()
            self.counted.emit(counts.get("draft", 0) + counts.get("coded", 0))
        self._show_frame()
        if self._fresh:
            self._fresh = False
            self.queue.table.setFocus()

    def open(self, target: object) -> None:
        """See the class."""
        self.frame.want_list(False)
        match target:
            case int():
                self.bench.open(target)
            case "new":
                self.new_encounter()
            case ("new", int(patient_id)):
                self.bench.begin(patient_id)
            case ("field", int(key), str(field)):
                self.bench.open(key)
                self.bench.go_to(field)
            case ("show", "recurring"):
                self.show_recurring()
            case ("show", what):
                self._show_loose_end(str(what))

    def _show_loose_end(self, key: str) -> None:
        states = {"hold": "on hold", "code": "draft"}
        self.queue.show_state(states.get(key, key if key in self.queue.buttons else ""))
        if key == "code" and not self.queue.rows():
            self.queue.show_state("coded")
        self.frame.want_list(True, LIST)
        self.queue.table.setFocus()

    def leave(self) -> None:
        """Keeps what was typed."""
        with guard(self, say=self.notify.emit):
            self.bench.leave()

    def commands(self) -> Sequence[QAction]:
        """All of the page's actions."""
        return tuple(self.actions())

    # --- actions ------------------------------------------------------------------------------
    def new_encounter(self) -> None:
        """An empty sheet; a draft kept earlier comes back."""
        self.frame.want_list(False)
        with guard(self, say=self.notify.emit):
            self.bench.begin()

    def toggle_list(self) -> None:
        """Goes to the list at the left; a second time back to the codes."""
        shown = self.frame.list_shown() and self.bench.is_open()
        self.frame.want_list(not shown, LIST)
        if self.frame.list_shown():
            self.queue.table.setFocus()
        else:
            self.bench.sheet.setFocus()

    def show_recurring(self) -> None:
        """The visits that come again, at the left."""
        self.frame.want_list(True, AGAIN)
        self.aids.repeating.setFocus()

    def close_encounter(self) -> None:
        """Back to the list; what was typed is kept."""
        with guard(self, say=self.notify.emit):
            self.bench.show_nothing()
        self.frame.want_list(False, LIST)
        self.queue.table.setFocus()

    def open_next(self) -> None:
        """The oldest encounter that waits to be coded, other than the one in front."""
        with guard(self, say=self.notify.emit):
            waiting = self.queue.waiting(self.bench.encounter_id())
            if waiting is None:
                self.notify.emit(NoticeText("Nothing else waits to be coded."))
            else:
                self._picked(waiting)

    def _picked(self, encounter_id: int) -> None:
        self.frame.want_list(False)
        with guard(self, say=self.notify.emit):
            self.bench.open(encounter_id)

    # --- what is shown ------------------------------------------------------------------------
    def _show_frame(self) -> None:
        bench = self.bench
        self._show_words()
        if (encounter_id := bench.encounter_id()) is not None:
            self.queue.table.select_key(encounter_id)
        coding = bench.is_coding()
        for action in self._coding_only:
            action.setEnabled(coding)
        self._hold.setText("Release" if bench.held() else "Hold")
        self._arrange()

    def _show_words(self) -> None:
        title, subtitle = self.bench.title()
        self.title_changed.emit(title or self.TITLE, subtitle)
        self.status.emit(self.bench.facts())

    def _arrange(self) -> None:
        """Side by side when there is room; in a narrow window one gives way to the other."""
        open_now, coding = self.bench.is_open(), self.bench.is_coding()
        self.frame.arrange(open_now)
        self._show_buttons()
        self._save_button.setVisible(coding and self.width() >= dp(_SAVE_FITS))
        self._post_button.setVisible(coding and self.width() >= dp(_POST_FITS))
        for button in (self._hold_button, self._print_button):
            button.setVisible(coding)
        self._buttons.setVisible(open_now)

    def _show_buttons(self) -> None:
        """The tabs that what is folded away leaves behind."""
        self._list_button.setVisible(not self.frame.list_shown())
        self._chart_button.setVisible(not self.frame.chart_shown())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges for the new width."""
        super().resizeEvent(event)
        self._arrange()
