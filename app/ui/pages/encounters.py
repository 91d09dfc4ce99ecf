"""Encounters: the queue at the left, the coding window at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
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
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_line_rules import Prices
from app.ui.pages.encounters_queue import QueuePanel
from app.ui.pages.encounters_suggest import Sources
from app.ui.pages.encounters_work import Work
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.panel import Panel
from app.ui.widgets.pill import KeyButton

LEFT = 320  # width of the queue, pixels at 100 %
NARROW = 1040  # below this the queue gives way to the coding window
_SAVE_FITS, _POST_FITS = 760, 580  # widths from which a button shows; its key always works
_WIDE = 16777215  # Qt's word for no limit
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
    ) -> None:
        super().__init__()
        self._coding, self._directory = coding, directory
        self._list_wanted, self._fresh = False, True
        self._note_wide, self._note_narrow = True, False  # whether the chart note is open
        self.queue = QueuePanel(queue)
        work = Work(encounters, claims, coding, drafts, out)
        self.bench = CodingBench(work, Sources(patients, codes, codesets, scrub, today), self)
        self.acts = EncounterActs(work, self.bench, self)
        self._make_actions()
        self._lay_out()
        self._connect()
        self._show_frame()

    # --- building -----------------------------------------------------------------------------
    def _connect(self) -> None:
        self.queue.add_keys(self)
        self.bench.shown.connect(self._show_frame)
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
        self._note_key = make_action(self, "Chart note", "F3", self.toggle_note)
        self._list_key = make_action(self, "List", "Ctrl+L", self.toggle_list)
        self._close = make_action(self, "Close the encounter", "Ctrl+W", self.close_encounter)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(dp(12))
        left.addWidget(self.queue, 3)
        self._note = self._note_panel()
        left.addWidget(self._note, 2)
        row.addWidget(self._left)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(dp(12))
        right.addWidget(self.bench, 1)
        self._buttons = self._button_row()
        right.addWidget(self._buttons)
        row.addWidget(self._right, 1)
        self.bench.sheet.diagnoses_panel.add_action(button_for(self._copy))

    def _note_panel(self) -> Panel:
        panel = Panel("Chart note")
        self._fold, self._unfold = KeyButton("Close", "F3"), KeyButton("Open", "F3")
        for button in (self._fold, self._unfold):
            button.setToolTip(self._note_key.toolTip())
            button.clicked.connect(self._note_key.trigger)
            panel.add_action(button)
        note = self.bench.note
        note.setMinimumHeight(dp(72))
        note.setMaximumHeight(_WIDE)
        note.setAccessibleName("Chart note")
        panel.add(note, 1)
        return panel

    def _button_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(8))
        self._list_button = button_for(self._list_key)
        row.addWidget(self._list_button)
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
            self.bench.set_prices(Prices.of(self._directory.procedures()))
            self.counted.emit(counts.get("draft", 0) + counts.get("coded", 0))
        self._show_frame()
        if self._fresh:
            self._fresh = False
            self.queue.table.setFocus()

    def open(self, target: object) -> None:
        """See the class."""
        self._list_wanted = False
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
            case ("show", what):
                self._show_loose_end(str(what))

    def _show_loose_end(self, key: str) -> None:
        states = {"hold": "on hold", "code": "draft"}
        self.queue.show_state(states.get(key, key if key in self.queue.buttons else ""))
        if key == "code" and not self.queue.rows():
            self.queue.show_state("coded")
        self._list_wanted = True
        self._arrange()
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
        self._list_wanted = False
        with guard(self, say=self.notify.emit):
            self.bench.begin()

    def toggle_note(self) -> None:
        """Opens the chart note with the cursor in it, or folds it."""
        if self._is_narrow():
            self._note_narrow = not self._note_narrow
        else:
            self._note_wide = not self._note_wide
        self._arrange()
        if self.bench.note.isVisible():
            self.bench.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_list(self) -> None:
        """Goes to the list; in a narrow window list and coding take turns."""
        self._list_wanted = not (self._is_narrow() and self._list_wanted)
        self._arrange()
        if self._list_wanted:
            self.queue.table.setFocus()
        else:
            self.bench.sheet.setFocus()

    def close_encounter(self) -> None:
        """Back to the list; what was typed is kept."""
        with guard(self, say=self.notify.emit):
            self.bench.show_nothing()
        self.queue.table.setFocus()

    def _picked(self, encounter_id: int) -> None:
        self._list_wanted = False
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

    def _is_narrow(self) -> bool:
        return self.width() < dp(NARROW)

    def _arrange(self) -> None:
        """Side by side when there is room; in a narrow window one gives way to the other."""
        narrow, open_now = self._is_narrow(), self.bench.is_open()
        alone = not open_now or (narrow and self._list_wanted)  # the list has the page to itself
        self._left.setMinimumWidth(0 if alone else dp(LEFT))
        self._left.setMaximumWidth(_WIDE if alone else dp(LEFT))
        self._left.setVisible(alone or not narrow)
        self._right.setVisible(open_now and not alone)
        self._place_note(narrow)
        self._list_button.setVisible(narrow)
        coding = self.bench.is_coding()
        self._save_button.setVisible(coding and self.width() >= dp(_SAVE_FITS))
        self._post_button.setVisible(coding and self.width() >= dp(_POST_FITS))
        for button in (self._hold_button, self._print_button):
            button.setVisible(coding)
        self._buttons.setVisible(coding or (narrow and open_now))

    def _place_note(self, narrow: bool) -> None:
        """Under the list; in a narrow window above the coding, when it is wanted."""
        home = self._left if not narrow else self._right
        if self._note.parentWidget() is not home:
            layout = home.layout()
            if isinstance(layout, QVBoxLayout):
                layout.insertWidget(0 if narrow else 1, self._note, 0 if narrow else 2)
        self._note.setMaximumHeight(dp(180) if narrow else _WIDE)
        unfolded = self._note_narrow if narrow else self._note_wide
        self.bench.note.setVisible(unfolded)
        self._note.setVisible(self.bench.has_note() and (unfolded or not narrow))
        self._fold.setVisible(unfolded)
        self._unfold.setVisible(not unfolded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges for the new width."""
        super().resizeEvent(event)
        self._arrange()
