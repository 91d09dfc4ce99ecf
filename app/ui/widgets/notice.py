"""The quiet line that says what happened, and the banner that says what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.theme import dp, repolish
from app.ui.widgets.panel import ElidedLabel, label


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What happened, in a sentence.

    Attributes:
        text: the sentence; never holds more of a person than the screen already shows.
        look: empty for plain words, ``bad`` for a refusal.
        undo: takes it back where the books can reverse it; None when they cannot.
        word: what taking it back is called.
    """

    text: str
    look: str = ""
    undo: Callable[[], None] | None = None
    word: str = "Undo"


class Notice(QWidget):
    """One line with an optional Undo; Ctrl+Z presses it. It stays until the next one comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(6))
        self._words = ElidedLabel("")
        self._undo = QPushButton("Undo")
        self._undo.setProperty("look", "link")
        self._undo.setToolTip("Undo (Ctrl Z)")
        self._undo.clicked.connect(self.undo)
        for part in (self._words, self._undo):
            row.addWidget(part)
        self._now = NoticeText("")
        self._undo.hide()
        self._shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        self._shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        self._shortcut.activated.connect(self.undo)
        self._shortcut.setEnabled(False)

    def say(self, notice: NoticeText) -> None:
        """Shows ``notice`` in place of the one before."""
        self._now = notice
        self._words.setText(notice.text)
        self._words.setProperty("look", notice.look)
        repolish(self._words)
        self._words.setAccessibleName(notice.text)
        self._undo.setText(notice.word)
        self._undo.setVisible(notice.undo is not None)
        self._shortcut.setEnabled(notice.undo is not None)

    def text(self) -> str:
        """What is shown now."""
        return self._now.text

    def undo(self) -> None:
        """Takes back what the line speaks of, once."""
        take_back = self._now.undo
        if take_back is not None:
            self.say(NoticeText(""))
            take_back()


class Banner(QFrame):
    """A line inside a page for a refusal or a warning: hidden until it has something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(12), dp(8), dp(8), dp(8))
        self._words = label("", wrap=True)
        close = QPushButton("Close")
        close.setProperty("look", "link")
        close.setToolTip("Hide this line")
        close.clicked.connect(self.clear)
        row.addWidget(self._words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, text: str, look: str = "bad") -> None:
        """Shows a sentence; ``look`` is bad, warn or empty."""
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self.setProperty("mark", look)
        repolish(self)
        repolish(self._words)
        self.show()

    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def clear(self) -> None:
        """Hides the line."""
        self._words.clear()
        self.hide()
