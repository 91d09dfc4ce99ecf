"""Search as you type: a field with its list right under it, keyboard only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import colour, dp
from app.ui.widgets.field import LineField
from app.ui.widgets.results import ResultList, SearchRow

DEBOUNCE_MS = 30


class SearchField(LineField):
    """Finds one thing among many while the biller types.

    The first hit is always the one Enter takes; its rest stands greyed after the cursor. Down and
    Up move, Esc closes the list (and once more clears). As a form field its value is the key
    chosen, or None.

    Attributes:
        chosen: the key of the row taken.
        created: the typed text, when Enter finds nothing to take.
    """

    chosen = Signal(object)
    created = Signal(str)

    def __init__(
        self,
        query: Callable[[str], Sequence[SearchRow]],
        parent: QWidget | None = None,
        *,
        hint: str = "",
        keep: bool = True,
        debounce_ms: int = DEBOUNCE_MS,
    ) -> None:
        super().__init__(parent, hint=hint)
        self._query, self._keep = query, keep
        self._taken: SearchRow | None = None
        self._list: ResultList | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(min(50, max(0, debounce_ms)))
        self._timer.timeout.connect(self.search_now)
        self.textEdited.connect(self._typed)

    def value(self) -> Any:
        """The key of the row taken; None when none is."""
        return self._taken.key if self._taken else None

    def set_value(self, value: Any) -> None:
        """Shows a ``SearchRow`` as taken; None clears."""
        self._taken = value if isinstance(value, SearchRow) else None
        self.setText(self._taken.title if self._taken else "")
        self.close_list()

    def problem(self) -> str:
        """Words with nothing chosen are not an answer."""
        if self.text().strip() and self._taken is None and self._keep:
            return "Nothing is chosen. Pick one from the list."
        return ""

    def tidy(self) -> None:
        """Text stays as typed."""

    def rows(self) -> tuple[SearchRow, ...]:
        """What the open list shows; empty while closed."""
        return self._list.rows() if self._list and self._list.isVisible() else ()

    def search_now(self) -> None:
        """Asks for the text as it stands and shows the answer."""
        self._timer.stop()
        text = self.text().strip()
        rows = tuple(self._query(text)) if text else ()
        if rows:
            self._open_list().show_rows(rows)
            self._place()
        else:
            self.close_list()
        self.update()

    def close_list(self) -> None:
        """Hides the list."""
        self._timer.stop()
        if self._list is not None:
            self._list.hide()
        self.update()

    def takes_enter(self) -> bool:
        """True while Enter chooses; with a choice made, or nothing typed, it moves on."""
        return bool(self.text().strip()) and self._taken is None

    def _typed(self, _text: str) -> None:
        self._taken = None
        self._timer.start()
        self.update()

    def _open_list(self) -> ResultList:
        if self._list is None or self._list.parentWidget() is not self.window():
            self._list = ResultList(self.window())
            self._list.picked.connect(self._take)
            self.window().installEventFilter(self)
        self._list.show()
        self._list.raise_()
        return self._list

    def _place(self) -> None:
        if self._list is None:
            return
        window = self.window()
        corner = self.mapTo(window, self.rect().bottomLeft())
        width = min(max(self.width(), dp(520)), window.width() - corner.x() - dp(8))
        height = self._list.height_wanted()
        below = window.height() - corner.y() - dp(8)
        above = corner.y() - self.height() - dp(8)
        if height > below and above > below:
            height = min(height, above)
            top = corner.y() - self.height() - height - dp(2)
        else:
            height, top = min(height, below), corner.y() + dp(3)
        self._list.setGeometry(corner.x(), top, max(width, dp(240)), height)

    def _take(self, row: object) -> None:
        if not isinstance(row, SearchRow):
            return
        if row.opens:
            self.setText(row.title)
            self.search_now()
            return
        self._taken = row if self._keep else None
        self.setText(row.title if self._keep else "")
        self.close_list()
        self.edited.emit()
        self.chosen.emit(row.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the list under the field while the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.rows():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter and Esc belong to the list while it is open."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers().value & _CTRL:
            self._enter(event)
        elif self.rows() and self._list is not None and self._list.steer(key):
            self.update()
        elif key == Qt.Key.Key_Down and self.text().strip():
            self.search_now()
        elif key == Qt.Key.Key_Escape and (self.rows() or self.text()):
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self.rows():
            self.close_list()
        else:
            self.set_value(None)
            self.edited.emit()

    def _enter(self, event: QKeyEvent) -> None:
        if self._timer.isActive():  # Enter came faster than the debounce
            self.search_now()
        current = self._list.current() if self.rows() and self._list else None
        if current is not None:
            self._take(current)
            if self._keep and not current.opens:
                self.focusNextChild()
        elif self.text().strip() and self._taken is None:
            self.created.emit(self.text().strip())
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Closes the list."""
        self.close_list()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and greyed after the cursor what Enter would take."""
        super().paintEvent(event)
        current = self._list.current() if self.rows() and self._list else None
        if current is None or not self.hasFocus():
            return
        typed = self.text()
        starts = current.title.casefold().startswith(typed.casefold())
        rest = current.title[len(typed) :] if starts else f"  {current.title}"
        if current.detail:
            rest += f" · {current.detail}"
        painter = QPainter(self)
        left = self.cursorRect().right() - dp(2)
        painter.setPen(colour("muted"))
        box = QRectF(left, 0, self.width() - left - dp(6), self.height())
        shown = self.fontMetrics().elidedText(
            rest + " ↵", Qt.TextElideMode.ElideRight, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


_CTRL = Qt.KeyboardModifier.ControlModifier.value
