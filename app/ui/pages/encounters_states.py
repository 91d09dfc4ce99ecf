"""The states of an encounter: their words, their shapes, and a button to choose one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.theme import colour, dp, ui_font


@dataclass(frozen=True, slots=True)
class StateWord:
    """``state`` as the queue names it (empty: all), the word on the button, the pill's role."""

    state: str
    word: str
    role: str
    empty: str


STATES = (
    StateWord("draft", "To code", "warn", "Nothing waits to be coded. Ctrl N begins an encounter."),
    StateWord("on hold", "On hold", "bad", "Nothing is on hold. F4 sets an encounter aside."),
    StateWord(
        "coded", "Ready", "ok", "Nothing is coded and unposted. F9 posts an encounter's charges."
    ),
    StateWord("posted", "Posted", "neutral", "No posted charges wait for their claim to go out."),
    StateWord("billed", "Billed", "neutral", "No claim has gone out yet."),
    StateWord("", "All", "neutral", "No encounters yet. Ctrl N begins the first one."),
)
WORDS = {s.state: s for s in STATES} | {
    "voided": StateWord("voided", "Voided", "bad", "No encounter is voided.")
}


class StateButton(QPushButton):
    """A state and how many stand in it; the chosen one is tinted and underlined."""

    def __init__(self, word: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(word, parent)
        self._count: int | None = None
        self.setCheckable(True)
        self.setToolTip(f"{word} ({key.replace('+', ' ')})")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, count: int | None) -> None:
        """Shows a number after the word; None for none."""
        self._count = count
        self.setAccessibleName(self.text() if count is None else f"{self.text()}: {count}")
        self.update()

    def count(self) -> int | None:
        """The number shown."""
        return self._count

    def sizeHint(self) -> QSize:
        """Room for the word and a number."""
        return QSize(dp(84), dp(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word left, number right."""
        painter = QPainter(self)
        box = self.rect()
        on = self.isChecked()
        if on or self.underMouse():
            painter.fillRect(box, colour("accent_soft" if on else "shade"))
        if on or self.hasFocus():
            thick = dp(3) if self.hasFocus() else dp(2)
            painter.fillRect(QRect(0, box.height() - thick, box.width(), thick), colour("accent"))
        inner = box.adjusted(dp(8), 0, -dp(8), 0)
        weight = QFont.Weight.DemiBold if on else QFont.Weight.Normal
        painter.setFont(ui_font(dp(12), weight))
        painter.setPen(colour("text"))
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        if self._count:
            painter.setPen(colour("text" if on else "muted"))
            painter.drawText(
                inner,
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                f"{self._count:,}",
            )
