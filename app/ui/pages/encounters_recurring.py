"""Visits that come again: how often, which are due, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.dates import format_date, format_short
from app.domain.rhythm import Rhythm
from app.services.recurring import RecurringRow, SaveRecurring
from app.ui.form import Form, Slot
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import NumberEdit
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import KeyButton

_UNITS = (Choice("days", "days"), Choice("weeks", "weeks"), Choice("months", "months"))


class RepeatBar(QFrame):
    """Asks in place how often; Enter on the last field saves, Esc forgets it.

    Attributes:
        given: a ``SaveRecurring``.
        form: its fields.
    """

    given = Signal(object)
    closed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        self._ids: dict[str, int | None] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(16), dp(8), dp(12), dp(10))
        column.setSpacing(dp(4))
        self._title = label("", "heading")
        column.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(dp(8))
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        self.form.add_row(
            Slot("every", "Every", NumberEdit(low=1, high=366), 2, "Type a number."),
            Slot("unit", " ", ChoiceEdit(_UNITS, blank=False), 2),
            Slot("first_on", "First on", DateEdit(today=today), 3, "Enter the first day."),
            Slot("until", "Until", DateEdit(today=today), 3),
            Slot("times", "or times", NumberEdit(low=1, high=999), 2),
        )
        self.form.submitted.connect(self._give)
        button = KeyButton("Repeat", "Ctrl+Return")
        button.clicked.connect(self._give)
        row.addWidget(self.form, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self.hide()

    def ask(self, title: str, rhythm: Rhythm, **ids: int | None) -> None:
        """Opens for a visit or a template; ``ids`` go into the command."""
        self._ids = ids
        self._title.setText(title)
        self.form.set_values(
            {
                "every": rhythm.every,
                "unit": rhythm.unit,
                "first_on": rhythm.first_on,
                "until": rhythm.until,
                "times": rhythm.times,
            }
        )
        self.show()
        self.form.go_to("every")

    def close_bar(self) -> None:
        """Hides."""
        self.hide()
        self.closed.emit()

    def _give(self) -> None:
        if problems := self.form.problems():
            self.form.show_findings(problems)
            return
        values = self.form.values()
        self.given.emit(
            SaveRecurring(
                every=values["every"],
                unit=values["unit"],
                first_on=values["first_on"],
                until=values["until"],
                times=values["times"],
                **self._ids,
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)


class DueLine(QWidget):
    """``3 recurring visits are due`` with the one key that makes drafts of them.

    Attributes:
        wanted: the button was pressed.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(16), dp(4), dp(8), dp(6))
        row.setSpacing(dp(8))
        self._words = label("")
        row.addWidget(self._words, 1)
        button = KeyButton("Make drafts", "Ctrl+Shift+R")
        button.clicked.connect(self.wanted)
        row.addWidget(button)
        self.hide()

    def show_due(self, count: int) -> None:
        """Says how many wait; hides when none does."""
        plural = count != 1
        self._words.setText(f"{count} recurring visit{'s' * plural} due")
        self.setVisible(count > 0)

    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._words.text()


def _told(row: RecurringRow) -> str:
    parts = (row.patient_name, row.rhythm.words(), row.diagnoses, row.codes)
    return "\n".join(part for part in parts if part)


_COLUMNS: tuple[Column[RecurringRow], ...] = (
    Column(
        "patient",
        "Patient",
        lambda r: r.patient_name,
        width=0,
        tooltip=_told,
        look=lambda r: "muted" if r.ended_on else "bold",
    ),
    Column("rhythm", "How often", lambda r: r.rhythm.words(), width=124, tooltip=_told),
    Column(
        "next",
        "Next",
        lambda r: format_short(r.next_on) if r.next_on else "–",
        lambda r: r.next_on or date.max,
        width=82,
        tooltip=_told,
        look=lambda r: "warn" if r.due else "",
    ),
)


class RecurringPanel(Panel):
    """The list of visits that come again. Enter changes the rhythm, S skips, Del ends.

    Attributes:
        changed, skipped, ended: a ``RecurringRow``.
        left_list: Esc or the button; back to the encounters.
    """

    changed = Signal(object)
    skipped = Signal(object)
    ended = Signal(object)
    left_list = Signal()

    def __init__(self) -> None:
        super().__init__("Recurring visits", flush=True)
        back = QPushButton("Encounters")
        back.setProperty("look", "link")
        back.setToolTip("Back to the encounters (Esc)")
        back.clicked.connect(self.left_list)
        self.add_action(back)
        self.table = TableView[RecurringRow](
            _COLUMNS,
            lambda r: r.recurring_id,
            name="Recurring visits",
            empty="No visit repeats. Open one that does and press Ctrl R.",
        )
        self.table.activated_row.connect(self.changed)
        self.table.installEventFilter(self)
        self.add(self.table, 1)
        hint = label("Enter changes · S skips the next · Del ends", "muted")
        hint.setContentsMargins(dp(16), dp(6), dp(16), dp(8))
        self.add(hint)
        self.setFocusProxy(self.table)

    def show_rows(self, rows: Sequence[RecurringRow]) -> None:
        """Shows the templates."""
        self.table.set_rows(rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the class; read before the list takes a letter for the beginning of a name."""
        row = self.table.row()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.left_list.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row is not None:
            self.ended.emit(row)
        elif event.key() == Qt.Key.Key_S and not event.modifiers() and row is not None:
            self.skipped.emit(row)
        else:
            return super().eventFilter(watched, event)
        return True


def next_words(row: RecurringRow) -> str:
    """``Ames, Ruth on 11/30/2026``."""
    return f"{row.patient_name} on {format_date(row.next_on)}" if row.next_on else row.patient_name
