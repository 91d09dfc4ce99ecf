"""The list under a cell of a line: codes with words, while she types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.ui.grid import EntryGrid
from app.ui.theme import dp
from app.ui.widgets.results import ResultList, SearchRow

_WHOLE = re.compile(r"[0-9]{5}|[0-9]{4}[FTUAM]|[A-V][0-9]{4}", re.IGNORECASE)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class CodeSuggestions(QObject):
    """Opens under one column of an ``EntryGrid``; a whole code needs no list and closes it.

    Args:
        grid: the grid.
        column: key of the column.
        query: text → rows; a row's key is the text put into the cell.
        whole: True for text that needs no list; a procedure code of five signs unless told.
    """

    def __init__(
        self,
        grid: EntryGrid,
        column: str,
        query: Callable[[str], Sequence[SearchRow]],
        whole: Callable[[str], bool] = lambda text: bool(_WHOLE.fullmatch(text.strip())),
    ) -> None:
        super().__init__(grid)
        self._grid, self._column, self._query = grid, column, query
        self._whole = whole
        self._editor: QLineEdit | None = None
        self._list: ResultList | None = None
        grid.view.viewport().installEventFilter(self)

    def rows(self) -> tuple[SearchRow, ...]:
        """What the open list shows; empty while closed."""
        return self._list.rows() if self._list is not None and self._list.isVisible() else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Meets each cell editor as it opens, and reads its keys before the grid does."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            self._meet(event.child())
        elif watched is self._editor and self._editor is not None:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
                self.close_list()
                self._editor = None
        return super().eventFilter(watched, event)

    def _meet(self, child: QObject) -> None:
        here = self._grid.current()
        wanted = here is not None and here[1] == self._column
        if wanted and isinstance(child, QLineEdit) and child.property("look") == "cell":
            self.close_list()
            self._editor = child
            child.installEventFilter(self)
            child.textEdited.connect(self._typed)

    def _typed(self, text: str) -> None:
        rows = () if self._whole(text) else tuple(self._query(text))
        if rows and self._editor is not None:
            self._open(self._editor, rows)
        else:
            self.close_list()

    def _open(self, editor: QLineEdit, rows: Sequence[SearchRow]) -> None:
        window = editor.window()
        if self._list is None:
            self._list = ResultList(window)
            self._list.picked.connect(self._pick)
        self._list.show_rows(rows)
        corner = editor.mapTo(window, QPoint(0, editor.height()))
        width = min(dp(440), window.width() - corner.x() - dp(8))
        height, below = self._list.height_wanted(), window.height() - corner.y() - dp(8)
        top = corner.y() + dp(2)
        if height > below:
            height = min(height, corner.y() - editor.height() - dp(8))
            top = corner.y() - editor.height() - height - dp(2)
        self._list.setGeometry(corner.x(), top, max(width, dp(240)), height)
        self._list.show()
        self._list.raise_()

    def close_list(self) -> None:
        """Hides the list."""
        if self._list is not None:
            self._list.hide()

    def _key(self, event: QKeyEvent) -> bool:
        if not self.rows() or self._list is None or self._editor is None:
            return False
        if event.key() in _ENTER and (row := self._list.current()) is not None:
            self._editor.setText(str(row.key))
            self.close_list()
            return False  # the grid goes on with the code in the cell
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
            return True
        return self._list.steer(event.key())

    def _pick(self, row: object) -> None:
        if isinstance(row, SearchRow) and self._editor is not None:
            self._editor.setText(str(row.key))
            self._editor.setModified(True)
            self.close_list()
            self._grid.view.setFocus()  # leaving the cell takes what stands in it
