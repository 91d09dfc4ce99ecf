"""Ctrl+K: find anything, go anywhere, run any command, without the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from app.ui.page import Go
from app.ui.theme import dp
from app.ui.widgets.panel import label, rule
from app.ui.widgets.pill import key_text
from app.ui.widgets.results import ResultList, SearchRow

PER_KIND = 6  # hits of one kind shown; more typing narrows it


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One thing found.

    Attributes:
        kind: heading it stands under (``Patients``, ``Claims``, ``Commands``).
        title: name, number or command.
        detail: what tells it from its like.
        go: a jump, or a callable that runs the command.
        note: quiet words at the right, usually a key.
    """

    kind: str
    title: str
    detail: str
    go: Go | Callable[[], object]
    note: str = ""


Provider = Callable[[str], Sequence[FoundItem]]


def command_provider(actions: Callable[[], Sequence[QAction]]) -> Provider:
    """Finds commands by any of their words; with nothing typed, all that can be used now."""

    def find(text: str) -> Sequence[FoundItem]:
        words = text.casefold().split()
        found = []
        for action in actions():
            name = action.text().replace("&", "")
            if action.isEnabled() and all(word in name.casefold() for word in words):
                note = key_text(action.shortcut().toString())
                found.append(FoundItem("Commands", name, "", action.trigger, note))
        return found

    return find


class Palette(QWidget):
    """A box over the dimmed window: type, Down, Enter; Esc gives the keyboard back.

    Attributes:
        go: the jump taken.
    """

    go = Signal(Go)

    def __init__(self, window: QWidget, providers: Sequence[Provider]) -> None:
        super().__init__(window)
        self._over = window
        self._providers = tuple(providers)
        self._before: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self.search_now)
        self.setAccessibleName("Find anything")
        self._box = QFrame(self)
        self._box.setProperty("look", "overlay")
        self.input = QLineEdit()
        self.list = ResultList(self._box, title_width=180, overlay=False)
        self._none = label("", "muted")
        self._build()
        window.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self._box)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.input.setProperty("look", "bare")
        self.input.setPlaceholderText("Patient, claim, check, code or command")
        self.input.setAccessibleName("Find anything")
        self.input.setTextMargins(dp(10), 0, dp(10), 0)
        self.input.textEdited.connect(self._restart)
        self.input.installEventFilter(self)
        self.list.picked.connect(self._take)
        self._none.setContentsMargins(dp(16), dp(10), dp(16), dp(14))
        for part in (self.input, rule(), self.list, self._none):
            column.addWidget(part)

    def open(self, text: str = "") -> None:
        """Shows the box over the window with ``text`` in it."""
        if self.isHidden():
            self._before = self.window().focusWidget()
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.input.setText(text)
        self.input.selectAll()
        self.input.setFocus()
        self.search_now()

    def close_box(self) -> None:
        """Hides the box and gives the keyboard back to where it was."""
        self._timer.stop()
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self._before = None

    def search_now(self) -> None:
        """Asks every provider for the text as it stands."""
        self._timer.stop()
        text = self.input.text().strip()
        rows = []
        for provider in self._providers:
            shown: dict[str, int] = {}
            for item in provider(text):
                shown[item.kind] = shown.get(item.kind, 0) + 1
                if shown[item.kind] <= PER_KIND:
                    rows.append(SearchRow(item, item.title, item.detail, item.note, item.kind))
        self.list.show_rows(sorted(rows, key=_first_seen(rows)))
        self.list.setVisible(bool(rows))
        self._none.setText(f"Nothing found for “{text}”." if text else "Start typing.")
        self._none.setHidden(bool(rows))
        self._place()

    def _restart(self, _text: str) -> None:
        self._timer.start()

    def _place(self) -> None:
        parent = self._over
        width = min(dp(680), parent.width() - dp(48))
        room = parent.height() - dp(160)
        self.list.setFixedHeight(max(dp(32), min(self.list.height_wanted(), room)))
        self._box.setFixedWidth(width)
        self._box.adjustSize()
        self._box.move((parent.width() - width) // 2, dp(72))

    def _take(self, row: object) -> None:
        item = row.key if isinstance(row, SearchRow) else None
        if not isinstance(item, FoundItem):
            return
        self.close_box()
        if isinstance(item.go, Go):
            self.go.emit(item.go)
        else:
            item.go()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the box; the window's size."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            if self.isVisible():
                self.setGeometry(self._over.rect())
                self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return watched is self.input and self._steer(event)
        return super().eventFilter(watched, event)

    def _steer(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self.search_now()
            self._take(self.list.current())
        elif event.key() == Qt.Key.Key_Escape:
            self.close_box()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            pass  # the box is all there is while it is open
        else:
            return self.list.steer(event.key())
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click outside the box closes it."""
        if not self._box.geometry().contains(event.position().toPoint()):
            self.close_box()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dims the window."""
        QPainter(self).fillRect(self.rect(), QColor(10, 20, 16, 110))


def _first_seen(rows: Sequence[SearchRow]) -> Callable[[SearchRow], int]:
    order: dict[str, int] = {}
    for row in rows:
        order.setdefault(row.group, len(order))
    return lambda row: order[row.group]
