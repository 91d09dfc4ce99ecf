"""The slim dark column at the left: pages, how much waits in each, and their keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from app.ui.page import PageSpec
from app.ui.theme import colour, dp, ui_font
from app.ui.widgets.panel import label
from app.ui.widgets.pill import key_text

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class NavButton(QAbstractButton):
    """One page: its name, a number when something waits, its key."""

    def __init__(self, title: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key.rsplit("+", maxsplit=1)[-1]
        self._count = 0
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(title)
        self.setToolTip(f"{title} ({key_text(key)})" if key else title)

    def show_count(self, count: int) -> None:
        """Shows how much waits; 0 shows nothing."""
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count} waiting" if count else self.text())
        self.update()

    def count(self) -> int:
        """How much waits."""
        return self._count

    def sizeHint(self) -> QSize:
        """A line with air round it."""
        return QSize(dp(152), dp(34))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return QSize(dp(120), dp(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name left, number and key right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, box = self.isChecked(), self.rect().adjusted(0, 0, 0, -dp(1))
        if on or self.underMouse():
            ground = colour("side_on")
            if not on:
                ground.setAlpha(110)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, dp(4), dp(4))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("side_count"), dp(2)))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), dp(4), dp(4))
        self._draw_words(painter, box.adjusted(dp(8), 0, -dp(8), 0), on)

    def _draw_words(self, painter: QPainter, box: QRect, on: bool) -> None:
        painter.setFont(ui_font(dp(13), QFont.Weight.DemiBold if on else QFont.Weight.Normal))
        painter.setPen(QColor("#FFFFFF") if on else colour("side_text"))
        painter.drawText(box, _LEFT, self.text())
        painter.setFont(ui_font(dp(11)))
        painter.setPen(colour("side_text" if on else "side_muted"))
        painter.drawText(box, _RIGHT, self._key)
        if self._count:
            painter.setFont(ui_font(dp(12), QFont.Weight.DemiBold))
            painter.setPen(colour("side_count"))
            painter.drawText(box.adjusted(0, 0, -dp(14), 0), _RIGHT, f"{self._count:,}")


class Sidebar(QFrame):
    """Brand, practice, pages, and quiet facts at the foot.

    Attributes:
        picked: name of the page clicked.
    """

    picked = Signal(str)

    def __init__(
        self, pages: Sequence[PageSpec], practice_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "sidebar")
        self.setFixedWidth(dp(168))
        self.setAccessibleName("Pages")
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(8), dp(16), dp(8), dp(16))
        column.setSpacing(0)
        self._practice = label(practice_name, wrap=True)
        for text in (label("CleanClaim", "brand"), self._practice):
            text.setContentsMargins(dp(8), 0, dp(8), dp(4))
            column.addWidget(text)
        column.addSpacing(dp(12))
        self._buttons: dict[str, NavButton] = {}
        for number, page in enumerate(pages, start=1):
            button = NavButton(page.title, page_key(page, number), self)
            button.clicked.connect(lambda _on=False, name=page.name: self.picked.emit(name))
            self._buttons[page.name] = button
            column.addWidget(button)
        column.addStretch(1)
        self._facts = label("", wrap=True)
        self._facts.setContentsMargins(dp(8), 0, dp(8), 0)
        column.addWidget(self._facts)

    def show_page(self, name: str) -> None:
        """Marks the page in front; it alone is a stop of the Tab key."""
        for other, button in self._buttons.items():
            button.setChecked(other == name)
            policy = Qt.FocusPolicy.TabFocus if other == name else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(policy)

    def show_count(self, name: str, count: int) -> None:
        """Shows how much waits in a page.

        Raises:
            KeyError: when there is no such page.
        """
        self._buttons[name].show_count(count)

    def count(self, name: str) -> int:
        """How much waits in a page.

        Raises:
            KeyError: when there is no such page.
        """
        return self._buttons[name].count()

    def show_practice(self, name: str) -> None:
        """Shows another practice's name."""
        self._practice.setText(name)

    def show_facts(self, facts: Sequence[str]) -> None:
        """Quiet lines at the foot: backup, codes, who is signed in."""
        self._facts.setText("\n".join(facts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to the page above or below."""
        step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(event.key())
        names = list(self._buttons)
        here = [i for i, name in enumerate(names) if self._buttons[name].isChecked()]
        if step is None or not here:
            super().keyPressEvent(event)
            return
        name = names[(here[0] + step) % len(names)]
        self.picked.emit(name)
        self._buttons[name].setFocus()


def page_key(page: PageSpec, number: int) -> str:
    """The page's own key, else Ctrl and its place (first nine)."""
    return page.key or (f"Ctrl+{number}" if number <= 9 else "")
