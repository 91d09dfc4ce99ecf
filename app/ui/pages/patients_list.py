"""The list of patients: found while typing, steered from the search box."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.services.patients import PatientRow
from app.ui.shortcuts import button_for
from app.ui.table_view import TableDelegate, TableView
from app.ui.tables import ROW_ROLE, Column
from app.ui.theme import colour, dp, ui_font
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, rule


def _whole(row: PatientRow) -> str:
    payer = row.payer or "self-pay"
    return f"{row.name}, {format_date(row.birth_date)}, account {row.account_no}, {payer}"


COLUMNS: tuple[Column[PatientRow], ...] = (
    Column("name", "Patient", lambda r: r.name, width=0, tooltip=_whole),
)
_FORWARD = frozenset(
    key.value for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
)
NOBODY = "No patient yet. Ctrl N registers the first."
NOT_FOUND = "Nobody is called so. Try another beginning, or register with Ctrl N."


class PatientDelegate(TableDelegate):
    """Two lines a patient: name and account number, then birth date and payer."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draws one patient."""
        row: PatientRow = index.data(ROW_ROLE)
        widget: QWidget = option.widget
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, colour("accent_soft"))
            if widget.hasFocus():
                painter.fillRect(box.x(), box.y(), dp(3), box.height(), colour("accent"))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, colour("line"))
        inner = box.adjusted(dp(16), dp(6), -dp(10), -dp(7))
        half = inner.height() // 2
        above = inner.adjusted(0, 0, 0, -half)
        below = inner.adjusted(0, half, 0, 0)
        if box.width() < dp(220):  # the name goes first
            _words(painter, above, row.name, "", bold=True)
            _words(painter, below, f"{format_date(row.birth_date)} · {row.account_no}", "")
        else:
            _words(painter, above, row.name, row.account_no, bold=True)
            payer = row.payer or "self-pay"
            _words(painter, below, f"{format_date(row.birth_date)} · {payer}", "")
        painter.restore()


def _words(painter: QPainter, box: QRect, left: str, right: str, *, bold: bool = False) -> None:
    painter.setPen(colour("muted"))
    room = box.width()
    if right:
        painter.setFont(ui_font(dp(12)))
        painter.drawText(box, _RIGHT, right)
        room -= painter.fontMetrics().horizontalAdvance(right) + dp(10)
    weight = QFont.Weight.Medium if bold else QFont.Weight.Normal
    painter.setFont(ui_font(dp(13 if bold else 12), weight))
    painter.setPen(colour("text" if bold else "muted"))
    shown = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, _LEFT, shown)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class PatientList(Panel):
    """Search box over the list; the arrow keys of the box move the list.

    Attributes:
        typed: the words changed.
        current: the row the cursor stands on, or None.
        entered: Enter, or a double click, on a row.
    """

    typed = Signal()
    current = Signal(object)
    entered = Signal(object)

    def __init__(self) -> None:
        super().__init__(flush=True)
        self.words = LineField(hint="Name, birth date, account or phone")
        self.words.setAccessibleName("Find a patient")
        self.table = TableView[PatientRow](
            COLUMNS, lambda r: r.patient_id, empty=NOBODY, name="Patients"
        )
        top = QWidget()
        box = QVBoxLayout(top)
        box.setContentsMargins(dp(8), dp(8), dp(8), dp(8))
        box.addWidget(self.words)
        self.add(top)
        self.table.setItemDelegate(PatientDelegate(self.table))
        self.table.verticalHeader().setDefaultSectionSize(dp(50))
        self.table.horizontalHeader().hide()
        self.add(rule())
        self.add(self.table, 1)
        self.setMinimumWidth(dp(184))
        self.setMaximumWidth(dp(344))
        self.words.installEventFilter(self)
        self.words.edited.connect(self.typed)
        self.table.current_row.connect(self.current)
        self.table.activated_row.connect(self.entered)
        self.setFocusProxy(self.words)

    def add_foot(self, action: QAction) -> None:
        """Puts a button under the list."""
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(dp(8), dp(8), dp(8), dp(8))
        row.addWidget(button_for(action))
        self.add(rule())
        self.add(foot)

    def show_rows(self, rows: tuple[PatientRow, ...]) -> None:
        """Shows who was found."""
        self.table.set_empty(NOT_FOUND if self.words.text().strip() else NOBODY)
        self.table.set_rows(rows)

    def find_box(self) -> None:
        """Puts the cursor into the search box, its words ready to be replaced."""
        self.words.setFocus()
        self.words.selectAll()

    def row(self) -> PatientRow | None:
        """The row the cursor stands on."""
        return self.table.row()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter in the search box belong to the list; Esc clears the box."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _FORWARD:
                self._move(event.key())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() is not None:
                self.entered.emit(self.row())
                return True
            if event.key() == Qt.Key.Key_Escape and self.words.text():
                self.words.set_value("")
                self.typed.emit()
                return True
        return super().eventFilter(watched, event)

    def _move(self, key: int) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10}
        last = len(self.table.rows()) - 1
        if last >= 0:
            to = self.table.currentIndex().row() + step.get(Qt.Key(key), -10)
            self.table.selectRow(min(last, max(0, to)))
