"""Terms found in the chart note, as codes to take by a key; none is ever taken on its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.note_terms import Suggested
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import ElidedLabel, label, rule

_DIGITS = "123456789"
_Row = tuple[int, Suggested]  # its digit (0 for none), and what it is


def _told(row: _Row) -> str:
    found = row[1]
    tail = f"\nA sign of {found.part_of}: code it only if it is more than that." * bool(
        found.part_of
    )
    return f"“{found.words}”\n{found.code} {found.title}{tail}"


def _meaning(row: _Row) -> str:
    found = row[1]
    return f"sign of {found.part_of}" if found.part_of else found.title


_COLUMNS: tuple[Column[_Row], ...] = (
    Column(
        "key",
        "",
        lambda r: str(r[0] or ""),
        width=34,
        tooltip=_told,
        muted=True,
    ),
    Column("words", "Words of the note", lambda r: r[1].words, width=104, tooltip=_told),
    Column(
        "code",
        "Code",
        lambda r: r[1].code,
        width=84,
        tooltip=_told,
        look=lambda r: "muted" if r[1].part_of else "bold",
    ),
    Column("title", "", _meaning, width=0, tooltip=_told, muted=True),
)


class TermTable(TableView[_Row]):
    """A digit takes the code beside it, Enter the chosen one, Del dismisses it.

    Attributes:
        taken, dismissed: a ``Suggested``.
        gone: Esc; back to the codes.
    """

    taken = Signal(object)
    dismissed = Signal(object)
    gone = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__(_COLUMNS, lambda r: r[1].code, name="Terms found in the note")
        self.horizontalHeader().hide()
        self.setSortingEnabled(False)
        self.verticalHeader().setDefaultSectionSize(dp(30))
        self.activated_row.connect(lambda row: self.taken.emit(row[1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class; everything else as in every list."""
        digit = event.text()
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if digit and digit in _DIGITS and plain:
            found = next((row for row in self.rows() if row[0] == int(digit)), None)
            if found is not None:
                self.taken.emit(found[1])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if (row := self.row()) is not None:
                self.dismissed.emit(row[1])
        elif event.key() == Qt.Key.Key_Escape:
            self.gone.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words of the note get their share of a wide pane."""
        super().resizeEvent(event)
        self.setColumnWidth(1, max(dp(104), self.viewport().width() * 3 // 10))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that the cursor came."""
        super().focusInEvent(event)
        self.entered.emit()


class TermsPanel(QWidget):
    """What was recognised, under the note; hidden while there is nothing.

    Attributes:
        chosen: the ``Suggested`` under the cursor, or None.
        table: the list.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(4))
        column.addWidget(rule())
        head = QHBoxLayout()
        head.setContentsMargins(dp(8), dp(2), dp(8), 0)
        head.addWidget(label("Terms found here", "heading"))
        head.addStretch(1)
        head.addWidget(ElidedLabel("F5, digit takes · Del not this", "muted"))
        column.addLayout(head)
        self.table = TermTable()
        column.addWidget(self.table, 1)
        self.table.current_row.connect(self._moved)
        self.table.entered.connect(lambda: self._moved(self.table.row()))
        self.hide()

    def show_terms(self, found: Sequence[Suggested]) -> None:
        """Shows what was found, best first; signs of a disease found too have no digit."""
        rows: list[_Row] = []
        digit = 0
        for one in found:
            digit += not one.part_of
            rows.append((digit if not one.part_of and digit <= len(_DIGITS) else 0, one))
        self.table.set_rows(rows)
        self.setVisible(bool(rows))
        high = len(rows) * self.table.verticalHeader().defaultSectionSize() + dp(44)
        self.setMaximumHeight(high)
        self.setMinimumHeight(min(high, dp(44 + 30 * 5)))

    def terms(self) -> tuple[Suggested, ...]:
        """What is shown."""
        return tuple(row[1] for row in self.table.rows())

    def go_to(self) -> None:
        """Puts the cursor into the list."""
        if self.table.row() is None and self.table.rows():
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _moved(self, row: object) -> None:
        self.chosen.emit(row[1] if isinstance(row, tuple) and self.table.hasFocus() else None)
