"""The queue: encounters by state, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QHeaderView, QWidget

from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.services.encounter_commands import EncounterRow
from app.services.encounter_queue import EncounterQueueService
from app.ui.pages.encounters_recurring import DueLine
from app.ui.pages.encounters_states import STATES, WORDS, StateButton
from app.ui.shortcuts import make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, rule
from app.ui.widgets.pill import KeyButton

FILTER_MS = 120
_ACROSS = 3
HELD = "on hold"


def _told(row: EncounterRow) -> str:
    parts = (
        f"{row.patient_name}, {format_date(row.service_date)}",
        f"{row.payer} · {row.provider}",
        row.codes,
        f"On hold{_until(row)}: {row.note}" if row.note else "",
        "Made of a recurring visit" if row.recurring else "",
    )
    return "\n".join(part for part in parts if part)


def _until(row: EncounterRow) -> str:
    return f" until {format_date(row.hold_until)}" if row.hold_until else ""


def _pill(row: EncounterRow) -> tuple[str, str]:
    word = WORDS[row.state]
    return word.word, word.role


def _name(row: EncounterRow) -> str:
    """The patient; drafts of recurring visits say so until they are posted."""
    waiting = row.recurring and row.state in ("draft", "coded", "on hold")
    return f"{row.patient_name} · recurring" if waiting else row.patient_name


def _again(row: EncounterRow) -> str:
    """When one on hold is to be looked at again."""
    return "now" if row.hold_over else format_short(row.hold_until)


_WIDTHS = (620, 860)  # widths of the panel from which more columns fit
_NEEDS = {"payer": 1, "state": 1, "codes": 2}  # how many of those a column needs

COLUMNS: tuple[Column[EncounterRow], ...] = (
    Column(
        "patient",
        "Patient",
        _name,
        width=0,
        tooltip=_told,
        look=lambda _: "bold",
    ),
    Column(
        "day",
        "Date",
        lambda r: format_short(r.service_date),
        lambda r: r.service_date,
        width=78,
        tooltip=_told,
    ),
    Column("payer", "First payer", lambda r: r.payer, width=160, tooltip=_told),
    Column("codes", "Codes", lambda r: r.codes or "–", width=190, tooltip=_told, muted=True),
    Column(
        "until",
        "Again",
        _again,
        lambda r: r.hold_until or date.max,
        width=78,
        tooltip=_told,
        look=lambda r: "warn" if r.hold_over else "",
    ),
    Column("state", "State", lambda _: "", width=104, pill=_pill),
    Column(
        "total",
        "Charges",
        lambda r: format_cents(r.total_cents) if r.total_cents else "–",
        lambda r: r.total_cents,
        numeric=True,
        width=84,
        tooltip=_told,
        look=lambda r: "" if r.total_cents else "muted",
    ),
)


class QueuePanel(Panel):
    """States with their counts, a filter, the list.

    Attributes:
        picked: id of the encounter entered.
        new: the button that begins an encounter; the page connects it.
        due: says how many recurring visits wait; the page fills it.
    """

    picked = Signal(int)

    def __init__(self, queue: EncounterQueueService) -> None:
        super().__init__(flush=True)
        self._queue = queue
        self._state, self._level = "draft", 0
        self._group = QButtonGroup(self)
        self.buttons = {s.state: StateButton(s.word, f"Alt+{n}") for n, s in enumerate(STATES, 1)}
        self.filter = LineField(hint="Name or account number")
        self.filter.setAccessibleName("Find in this list")
        self.filter.setToolTip("Find in this list (Ctrl F)")
        self.table = TableView[EncounterRow](COLUMNS, lambda r: r.encounter_id, name="Encounters")
        self.new = KeyButton("New", "Ctrl+N")
        self.due = DueLine()
        self._timer = QTimer(self, singleShot=True, interval=FILTER_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        self.filter.edited.connect(self._timer.start)
        self.filter.returnPressed.connect(self._enter_filter)
        self.table.activated_row.connect(lambda row: self.picked.emit(row.encounter_id))
        self.table.clicked.connect(self._clicked)

    def _lay_out(self) -> None:
        box = QWidget()
        self._states = grid = QGridLayout(box)
        grid.setContentsMargins(dp(8), dp(8), dp(8), dp(4))
        grid.setSpacing(dp(2))
        for state in STATES:
            button = self.buttons[state.state]
            self._group.addButton(button)
            button.clicked.connect(lambda _on=False, s=state.state: self.show_state(s))
        self.buttons[self._state].setChecked(True)
        self._place_buttons()
        self._place_columns()
        self.add(box)
        search = QWidget()
        row = QHBoxLayout(search)
        row.setContentsMargins(dp(8), dp(4), dp(8), dp(8))
        row.setSpacing(dp(8))
        row.addWidget(self.filter, 1)
        row.addWidget(self.new)
        self.add(search)
        self.add(self.due)
        self.add(rule())
        self.add(self.table, 1)

    def add_keys(self, owner: QWidget) -> None:
        """Alt+1 to Alt+6 choose a state, Ctrl+F goes to the filter; live on the whole page."""
        for number, state in enumerate(STATES, start=1):
            make_action(
                owner,
                f"Show {state.word.lower()}",
                f"Alt+{number}",
                self.buttons[state.state].click,
            )
        make_action(owner, "Find in the list", "Ctrl+F", self.go_to_filter)

    def go_to_filter(self) -> None:
        """Puts the cursor into the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def show_state(self, state: str) -> None:
        """Lists one state; empty lists all."""
        self._state = state
        self.buttons[state].setChecked(True)
        self._place_columns()
        self.refresh()

    def state(self) -> str:
        """The state listed."""
        return self._state

    def refresh(self) -> dict[str, int]:
        """Reads the list and the counts again: two queries. Returns the counts."""
        self._timer.stop()
        self.table.set_empty(
            "Nobody here has that name or account number."
            if self.filter.value()
            else WORDS[self._state].empty
        )
        self.table.set_rows(self._queue.list_encounters(self._state, self.filter.value()))
        counts = self._queue.counts()
        for state, button in self.buttons.items():
            button.show_count(counts.get(state, 0) if state else None)
        return counts

    def waiting(self, but: int | None) -> int | None:
        """Id of the oldest encounter to be coded other than ``but``; None when there is none."""
        rows = self._queue.list_encounters("draft")
        return next((row.encounter_id for row in reversed(rows) if row.encounter_id != but), None)

    def rows(self) -> Sequence[EncounterRow]:
        """The rows shown."""
        return self.table.rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows payer, codes and state where there is room."""
        super().resizeEvent(event)
        level = sum(self.width() >= dp(width) for width in _WIDTHS)
        if level != self._level:
            self._level = level
            self._place_buttons()
            self._place_columns()

    def _place_buttons(self) -> None:
        across = len(STATES) if self._level else _ACROSS
        for number, state in enumerate(STATES):
            self._states.addWidget(self.buttons[state.state], number // across, number % across)

    def _place_columns(self) -> None:
        modes, head = QHeaderView.ResizeMode, self.table.horizontalHeader()
        for number, column in enumerate(COLUMNS):
            self.table.setColumnHidden(number, self._hides(column.key))
            stretched = column.key == ("codes" if self._level == len(_WIDTHS) else "patient")
            head.setSectionResizeMode(number, modes.Stretch if stretched else modes.Interactive)
            if not stretched:
                self.table.setColumnWidth(number, dp(column.width or 220))

    def _hides(self, key: str) -> bool:
        """Those on hold show when to look again; in a narrow list instead of their charges."""
        held = self._state == HELD
        if key == "until":
            return not held
        narrow = self._level < _NEEDS.get(key, 0)
        return narrow or (key == "total" and held and not self._level)

    def _enter_filter(self) -> None:
        self.refresh()
        if row := self.table.row():
            self.picked.emit(row.encounter_id)

    def _clicked(self) -> None:
        if row := self.table.row():
            self.picked.emit(row.encounter_id)
