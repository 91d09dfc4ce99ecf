"""The entry grid: an EOB's lines in the order of the paper, posted without leaving the keys.

Editing starts by typing. Enter and Tab go to the next cell that takes typing, Down to the next
line; ``=`` and ``*`` take the computed value, ``+`` the value of the line above; F-keys are handed
to the page (reference for the ergonomics: decks of EOBs are keyed with one hand on the number pad).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.ui.grid_model import GridColumn, GridModel, GridRow
from app.ui.grid_paint import GridDelegate, GridFooter
from app.ui.theme import dp

_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FIRST_F, _LAST_F = Qt.Key.Key_F1.value, Qt.Key.Key_F12.value


class GridView(QTableView):
    """The table inside ``EntryGrid``; use that one.

    Attributes:
        cell_committed: row, column key, text as the house writes it.
        cell_refused: row, column key, sentence; the editor stays open.
        left_end: Enter on the last cell of the last line.
        function_key: F-key number (1 to 12) and the row it was pressed on.
    """

    cell_committed = Signal(int, str, str)
    cell_refused = Signal(int, str, str)
    left_end = Signal()
    function_key = Signal(int, int)

    def __init__(self, columns: Sequence[GridColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = GridModel(columns, self)
        self.setModel(self._grid)
        self._delegate = GridDelegate(self)
        self._delegate.key_filter = self
        self._delegate.keep = self.commit
        self.setItemDelegate(self._delegate)
        self._dress(columns)

    def _dress(self, columns: Sequence[GridColumn]) -> None:
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(dp(24))
        self.verticalHeader().setDefaultSectionSize(dp(32))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(dp(28))
        for at, column in enumerate(columns):
            if column.width == 0:
                head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
            else:
                self.setColumnWidth(at, dp(column.width))

    def grid(self) -> GridModel:
        """The lines."""
        return self._grid

    def go_to(self, row: int, column: int) -> None:
        """Puts the cursor on a cell, whether it takes typing or not."""
        self.setCurrentIndex(self._grid.index(row, column))

    def go_on(self, step: int = 1) -> bool:
        """To the next (1) or previous (-1) cell that takes typing; False when there is none."""
        width, index = self._grid.columnCount(), self.currentIndex()
        at = index.row() * width + index.column() + step if index.isValid() else 0
        while 0 <= at < width * self._grid.rowCount():
            if self._grid.can_type(*divmod(at, width)):
                self.go_to(*divmod(at, width))
                return True
            at += step
        return False

    def go_line(self, step: int) -> None:
        """To the same column of the next or previous line."""
        index = self.currentIndex()
        row = index.row() + step
        if 0 <= row < self._grid.rowCount():
            self.go_to(row, index.column())

    def commit(self, text: str, at: _Index | None = None) -> bool:
        """Takes ``text`` into a cell (the cursor's, unless told); False when unreadable."""
        index = self.currentIndex() if at is None else at
        if not self._grid.can_type(index.row(), index.column()):
            return True
        spec = self._grid.columns[index.column()]
        try:
            kept = spec.read(text)
        except ValueError as error:
            self.cell_refused.emit(index.row(), spec.key, str(error))
            return False
        if kept != self._grid.text(index.row(), index.column()):
            self.cell_committed.emit(index.row(), spec.key, kept)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys while no cell is open."""
        if not self._move(event, None):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys while a cell is open go through the same hands."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QLineEdit)
            and watched.property("look") == "cell"
        ):
            return self._move(event, watched)
        return super().eventFilter(watched, event)

    def _move(self, event: QKeyEvent, editor: QLineEdit | None) -> bool:
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if (move := self._leaving(key)) is not None:
            if self._close(editor):
                move()
        elif event.text() in ("=", "*", "+") and (editor is None or not editor.text()):
            self._take(event.text(), editor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and editor is None:
            self.commit("")
        else:
            return False
        return True

    def _leaving(self, key: int) -> Callable[[], object] | None:
        """What a key does once the cell is closed; None for keys that stay in the cell."""
        if _FIRST_F <= key <= _LAST_F:
            row = self.currentIndex().row()
            return lambda: self.function_key.emit(key - _FIRST_F + 1, row)
        if key in _ENTER:
            return self._go_on_or_end
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return lambda: self.focusNextPrevChild(key == Qt.Key.Key_Tab)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return lambda: self.go_line(1 if key == Qt.Key.Key_Down else -1)
        return None

    def _go_on_or_end(self) -> None:
        if not self.go_on():
            self.left_end.emit()

    def _take(self, sign: str, editor: QLineEdit | None) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        if sign == "+":
            above = index.row() - 1
            text = self._grid.text(above, index.column()) if above >= 0 else None
        else:
            text = self._grid.suggestion(index.row(), index.column())
        if text is None or not self._grid.can_type(index.row(), index.column()):
            return
        if editor is not None:
            editor.setText(text)
        if self._close(editor) and (editor is not None or self.commit(text)):
            self.go_on()

    def _close(self, editor: QLineEdit | None) -> bool:
        if editor is None:
            return True
        if not self.commit(editor.text()):
            self._delegate.refuse(editor)
            return False
        self._delegate.close(editor)
        self.setFocus()
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's signature
        """Tab goes from cell to cell and leaves the grid only past its ends."""
        return self.go_on(1 if next else -1) or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor starts on the first cell that takes typing."""
        fresh = not self.currentIndex().isValid()  # asked first: Qt would take the first cell
        super().focusInEvent(event)
        if fresh:
            self.setCurrentIndex(QModelIndex())
            self.go_on()


class EntryGrid(QFrame):
    """A keyboard grid with a footer of totals, driven by its columns and the page's rows.

    The page answers ``cell_committed`` by working the line out again and calling ``set_row``.
    ``VIEW`` is the table inside; a page whose keys do more names its own kind.
    """

    VIEW: type[GridView] = GridView

    cell_committed = Signal(int, str, str)
    cell_refused = Signal(int, str, str)
    left_end = Signal()
    function_key = Signal(int, int)
    row_changed = Signal(int)

    def __init__(
        self, columns: Sequence[GridColumn], parent: QWidget | None = None, *, name: str = "Lines"
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.view = self.VIEW(columns, self)
        self.view.setAccessibleName(name)
        self._footer = GridFooter(self.view)
        self._most = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self._footer)
        self._footer.hide()
        self.setFocusProxy(self.view)
        self.view.cell_committed.connect(self.cell_committed)
        self.view.cell_refused.connect(self.cell_refused)
        self.view.left_end.connect(self.left_end)
        self.view.function_key.connect(self.function_key)
        self.view.selectionModel().currentRowChanged.connect(self._say_row)

    def set_rows(self, rows: Sequence[GridRow]) -> None:
        """Shows the lines."""
        self.view.grid().set_rows(rows)

    def set_row(self, number: int, row: GridRow) -> None:
        """Replaces one line.

        Raises:
            IndexError: when there is no such line.
        """
        self.view.grid().set_row(number, row)

    def set_totals(self, totals: Mapping[str, str], looks: Mapping[str, str] | None = None) -> None:
        """Shows totals under their columns, by column key; empty hides the footer."""
        self._footer.show_totals(totals, looks or {})

    def go_to(self, row: int, key: str) -> None:
        """Puts the cursor on a cell and gives the grid the keyboard.

        Raises:
            StopIteration: when no column has that key.
        """
        columns = self.view.grid().columns
        self.view.go_to(row, next(i for i, c in enumerate(columns) if c.key == key))
        self.view.setFocus()

    def current(self) -> tuple[int, str] | None:
        """Row and column key under the cursor."""
        index = self.view.currentIndex()
        return (
            (index.row(), self.view.grid().columns[index.column()].key) if index.isValid() else None
        )

    def fit(self, most: int = 12) -> None:
        """Makes the grid as high as its lines, at most ``most`` of them."""
        self._most = most
        lines = min(most, max(1, self.view.grid().rowCount()))
        head = self.view.horizontalHeader()
        height = head.sizeHint().height() + 2
        height += lines * self.view.verticalHeader().defaultSectionSize()
        if head.length() > self.view.viewport().width():
            height += self.view.horizontalScrollBar().sizeHint().height()
        self.view.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Makes room for a scroll bar when the columns no longer fit."""
        super().resizeEvent(event)
        if self._most:
            self.fit(self._most)

    def _say_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_changed.emit(current.row())
