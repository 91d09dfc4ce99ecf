"""Setup, Code sets: what an edition changes of the practice's codes, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.services.code_change_rows import CodeChange, Touched, Turn
from app.ui.guard import tell
from app.ui.page import Page
from app.ui.pages.patients_figures import GivesWay
from app.ui.pages.setup_codes_room import (
    CHANGE_WIDTHS,
    TOUCHED_WIDTHS,
    CodesRoom,
    change_columns,
    instead_words,
    jump_of,
    touched_columns,
)
from app.ui.pages.setup_fees_room import count_words, keyed
from app.ui.reading import Reading
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import ElidedLabel, Panel, label

_LEAST = 102  # pixels at 100 %: headings and two rows
_SOON = timedelta(days=45)
_READING = "Comparing your codes with the new edition …"
_NO_TURN = "No new edition is here or near. Import one with F4 before it takes effect."
_CODES_ONLY = "Codes only: import the files of that year for their texts and replacements."


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading brought."""

    turns: tuple[Turn, ...]
    day: date | None
    changes: tuple[CodeChange, ...]


class ChangesPanel(QWidget):
    """A day on which editions take effect, its changes, and the places of the chosen one.

    Attributes:
        closed: she leaves it.
    """

    closed = Signal()

    def __init__(self, room: CodesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._day: date | None = None
        self._turns: tuple[Turn, ...] = ()
        self._reading = Reading(room.jobs, self, self._broke)
        self.turn = ChoiceEdit((), blank=False)
        self.turn.setAccessibleName("Day on which editions take effect")
        columns, places = change_columns(), touched_columns()
        self.table = TableView[CodeChange](columns, lambda r: r.key, name="What changes")
        self.places = TableView[Touched](
            places,
            lambda r: (r.place, r.key),
            empty="It stands nowhere that is open: nothing to do.",
            name="Where it stands",
        )
        GivesWay(self.table, columns, CHANGE_WIDTHS)
        GivesWay(self.places, places, TOUCHED_WIDTHS)
        self._words, self._editions = label("", wrap=True), ElidedLabel("", "muted")
        self._lay_out()
        self.turn.edited.connect(self._chosen)
        self.table.current_row.connect(self._show)
        self.table.activated_row.connect(lambda _row: self.places.setFocus())
        self.places.activated_row.connect(lambda row: page.go.emit(jump_of(row)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._all = Panel("", flush=True)
        self.turn.setMinimumWidth(dp(136))
        self._all.add_action(self.turn)
        self._all.add_action(keyed("Close", "Esc", self.closed.emit))
        self._all.add_action(keyed("Copy", "F7", self.copy))
        self._editions.setContentsMargins(dp(16), 0, dp(16), dp(8))
        self._all.add(self._editions)
        for table in (self.table, self.places):
            table.setMinimumHeight(dp(_LEAST))
        self._all.add(self.table, 1)
        column.addWidget(self._all, 3)
        self._one = Panel("", flush=True)
        self._words.setContentsMargins(dp(16), 0, dp(16), dp(8))
        self._one.add(self._words)
        self._one.add(self.places, 1)
        column.addWidget(self._one, 2)

    def begin(self) -> None:
        """Reads anew and takes the keyboard."""
        self.load()
        self.table.setFocus()

    def load(self) -> None:
        """Compares off the window's thread."""
        if not self.table.rows():
            self.table.set_empty(_READING)
        day = self._day
        self._reading.ask(lambda: self._read(day), self._shown)

    def _read(self, day: date | None) -> _Found:
        turns = self._room.changes.turns()
        if day not in {turn.day for turn in turns}:
            day = self._room.changes.open_touched().turn or _nearest(turns, self._room.today())
        changes = self._room.changes.preview(day) if day else ()
        return _Found(turns, day, changes)

    def _broke(self, error: BaseException) -> None:
        tell(error, self._page, say=self._page.notify.emit)

    def _shown(self, found: _Found) -> None:
        self._day, self._turns = found.day, found.turns
        self.turn.set_choices([Choice(t.day, format_date(t.day)) for t in reversed(found.turns)])
        self.turn.set_value(found.day)
        self.turn.setEnabled(bool(found.turns))
        here = next((t for t in found.turns if t.day == found.day), None)
        self._editions.setText(f"In effect from then: {', '.join(here.editions)}" if here else "")
        when = format_date(found.day)
        nothing = f"Nothing of yours changes on {when}." if found.day else _NO_TURN
        self.table.set_empty(nothing)
        self.table.set_rows(found.changes)
        self._all.set_title("What changes", _counts(found.changes))
        if not found.changes:
            self._show(None)

    def _chosen(self) -> None:
        self._day = self.turn.value()
        self.table.set_rows(())
        self.load()

    def _show(self, change: CodeChange | None) -> None:
        self._one.setVisible(change is not None)
        if change is None:
            return
        self._one.set_title(f"{' + '.join(change.codes)}  {change.wording}".strip())
        only = next((t.codes_only for t in self._turns if t.day == self._day), False)
        bare = _CODES_ONLY if only and change.instead and not change.instead[0].title else ""
        self._words.setText(
            " ".join(part for part in (change.says, instead_words(change), bare) if part)
        )
        self.places.set_rows(change.touched)

    def copy(self) -> None:
        """Puts the whole list with its places on the clipboard, tab-separated."""
        rows = self.table.rows()
        QGuiApplication.clipboard().setText("\n".join(_lines(rows)))
        self._page.notify.emit(NoticeText(f"Copied: {len(rows)} changes with their places."))


def _nearest(turns: tuple[Turn, ...], today: date) -> date | None:
    """The next day within weeks, else the last one that has come, else the first to come."""
    soon = [turn.day for turn in turns if today < turn.day <= today + _SOON]
    past = [turn.day for turn in turns if turn.day <= today]
    first = turns[0].day if turns else None
    return soon[0] if soon else past[-1] if past else first


def _counts(changes: tuple[CodeChange, ...]) -> str:
    count = len({(t.place, t.key) for change in changes for t in change.open})
    words = count_words(len(changes), "change") if changes else ""
    return f"{words}, {count} to put right" if count else words


def _lines(rows: tuple[CodeChange, ...]) -> list[str]:
    lines = ["Code\tChange\tWhat happens\tUse instead\tUsed\tLast\tWhere\tWho\tDetail\tService"]
    for row in rows:
        instead = " ".join(new.code for new in row.instead)
        cells = [" + ".join(row.codes), row.what.value, row.says, instead, str(row.uses)]
        cells.append(format_date(row.last_used))
        for place in row.touched or (None,):
            where = (
                [place.place.value, place.title, place.detail, format_date(place.day)]
                if place
                else [""] * 4
            )
            lines.append("\t".join(" ".join(cell.split()) for cell in (*cells, *where)))
    return lines
