"""Status by word and shape, and the key caps that teach the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton as _QPushButton
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from app.ui.theme import colour, dp, tokens_now, ui_font
from app.ui.widgets.paint import (
    ROLES,
    chip_width,
    draw_chip,
    draw_pill,
    pill_height,
    pill_width,
)


class Pill(QWidget):
    """A status: a word, a shape and a tint. Roles: ok, warn, bad, neutral."""

    def __init__(self, text: str, role: str = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_status(text, role)

    def show_status(self, text: str, role: str) -> None:
        """Shows another word and role.

        Raises:
            ValueError: for a role that does not exist.
        """
        if role not in ROLES:
            raise ValueError(f"No such status role: {role}")
        self._text, self._role = text, role
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word shown."""
        return self._text

    def role(self) -> str:
        """The role shown."""
        return self._role

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        return QSize(pill_width(self._text), pill_height())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word on tint."""
        painter = QPainter(self)
        draw_pill(painter, QRectF(self.rect()), self._text, self._role, tokens_now())


class KeyHint(QWidget):
    """A key cap such as ``Ctrl K``, optionally with a word after it."""

    def __init__(self, key: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._words = key_text(key), words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self._key} {words}".strip())

    def sizeHint(self) -> QSize:
        """As wide as cap and words."""
        words = self.fontMetrics().horizontalAdvance(self._words) + dp(6) if self._words else 0
        return QSize(chip_width(self._key) + words, dp(20))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cap, then words."""
        painter = QPainter(self)
        width = chip_width(self._key)
        box = QRectF(0, (self.height() - dp(17)) / 2, width, dp(17))
        draw_chip(painter, box, self._key, colour("muted"), colour("field_line"))
        painter.setFont(ui_font(dp(12)))
        painter.setPen(colour("text"))
        rest = self.rect().adjusted(width + dp(6), 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, self._words)


class KeyButton(_QPushButton):
    """A button that shows its key: ``Hold [F4]``. It does not own the key; its action does."""

    def __init__(
        self, text: str, key: str = "", parent: QWidget | None = None, *, primary: bool = False
    ) -> None:
        super().__init__(text, parent)
        self._key = key_text(key)
        if primary:
            self.setProperty("look", "primary")
        plain = text.replace("&", "")
        self.setToolTip(f"{plain} ({self._key})" if key else plain)
        self.setAccessibleName(plain)

    def sizeHint(self) -> QSize:
        """Room for the words and the cap."""
        size = super().sizeHint()
        return size + QSize(chip_width(self._key) + dp(6), 0) if self._key else size

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's button, then words and cap side by side."""
        if not self._key:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words, option.text = option.text, ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        self._draw_words(painter, words)

    def _draw_words(self, painter: QPainter, words: str) -> None:
        chip = chip_width(self._key)
        text_width = self.fontMetrics().horizontalAdvance(words.replace("&", ""))
        left = (self.width() - text_width - chip - dp(6)) // 2
        primary = self.property("look") == "primary" and self.isEnabled()
        ink = colour("accent_text" if primary else "text" if self.isEnabled() else "muted")
        painter.setPen(ink)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), flags, words)
        box = QRectF(left + text_width + dp(6), (self.height() - dp(17)) / 2, chip, dp(17))
        edge = colour("accent_light" if primary else "field_line")
        draw_chip(painter, box, self._key, ink if primary else colour("muted"), edge)


def key_text(key: str) -> str:
    """``Ctrl+K`` → ``Ctrl K``, ``Return`` → ``Enter``: as it is written on key caps."""
    words = {"Return": "Enter", "Down": "↓", "Up": "↑", "PgDown": "Page ↓", "PgUp": "Page ↑"}
    return " ".join(words.get(part, part) for part in key.split("+") if part) or key
