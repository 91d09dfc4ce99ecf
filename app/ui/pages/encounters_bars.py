"""Two quiet lines of the coding window: a draft came back; why is it on hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.theme import dp
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import label


class DraftLine(QWidget):
    """``Draft of 14:05 brought back · Discard``.

    Attributes:
        discarded: the link was pressed.
    """

    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(2), 0, 0, 0)
        row.setSpacing(dp(6))
        self._words = label("", "muted")
        row.addWidget(self._words)
        link = QPushButton("Discard")
        link.setProperty("look", "link")
        link.setToolTip("Give the draft up (Ctrl Shift D)")
        link.clicked.connect(self.discarded)
        row.addWidget(link)
        row.addStretch(1)
        self.hide()

    def say(self, at: datetime) -> None:
        """Shows when the draft was kept, in the time of this PC."""
        self._words.setText(f"Draft of {at.astimezone():%H:%M} brought back ·")
        self.show()

    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._words.text()


class HoldBar(QFrame):
    """Asks for the reason, and when to look again; Enter sets the encounter aside, Esc forgets.

    Attributes:
        given: the reason typed, and the day to look again (None: none).
        refused: a sentence: the day cannot be read.
    """

    given = Signal(str, object)
    refused = Signal(str)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(16), dp(8), dp(8), dp(8))
        row.setSpacing(dp(8))
        caption = label("&Why is it on hold?", "heading")
        self.reason = LineField(hint="For example: waiting for the lab result")
        self.reason.setAccessibleName("Why is it on hold?")
        caption.setBuddy(self.reason)
        button = QPushButton("Set aside")
        again = label("&Look again on", "muted")
        self.until = DateEdit(today=today)
        self.until.setAccessibleName("Look again on")
        self.until.setPlaceholderText("+3")
        self.until.setFixedWidth(dp(112))
        again.setBuddy(self.until)
        row.addWidget(caption)
        row.addWidget(self.reason, 1)
        row.addWidget(again)
        row.addWidget(self.until)
        row.addWidget(button)
        for field in (self.reason, self.until):
            field.returnPressed.connect(self._give)
        button.clicked.connect(self._give)
        self.hide()

    def ask(self) -> None:
        """Opens with the cursor in the field."""
        self.show()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Hides and forgets what was typed."""
        self.reason.set_value(None)
        self.until.set_value(None)
        self.hide()

    def _give(self) -> None:
        self.until.tidy()
        if words := self.until.problem():
            self.until.setFocus()
            self.refused.emit(words)
        elif reason := self.reason.value():
            self.given.emit(reason, self.until.value())
        else:
            self.reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)
