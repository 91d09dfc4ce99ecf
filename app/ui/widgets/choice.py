"""Fields with a closed set of answers, and the free text box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from app.ui.theme import dp


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. ``key`` is a single letter that picks it whatever its text starts with."""

    value: object
    text: str
    key: str = ""


class ChoiceEdit(QComboBox):
    """Picks one of a few answers by its first letters, a single key, or the arrows.

    The wheel is left to the page: scrolling past must never change an answer.
    """

    edited = Signal()
    left = Signal()

    def __init__(
        self, choices: Sequence[Choice], parent: QWidget | None = None, *, blank: bool = True
    ) -> None:
        super().__init__(parent)
        self._blank = blank
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(14)
        self.set_choices(choices)
        self.activated.connect(self._say_edited)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Replaces the answers and keeps the chosen one when it is still among them."""
        before = self.value() if self.count() else None
        none = (Choice(None, ""),) if self._blank else ()
        self._choices = (*none, *choices)
        self.clear()
        self.addItems([c.text for c in self._choices])
        self.set_value(before)

    def value(self) -> Any:
        """The value chosen; None when nothing is."""
        index = self.currentIndex()
        return self._choices[index].value if index >= 0 else None

    def set_value(self, value: Any) -> None:
        """Chooses ``value``; an unknown one clears the field (or takes the first answer)."""
        found = (i for i, c in enumerate(self._choices) if c.value == value)
        self.setCurrentIndex(next(found, 0 if self._choices else -1))

    def problem(self) -> str:
        """A list cannot hold anything unreadable."""
        return ""

    def _say_edited(self, _index: int) -> None:
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter given to one answer picks it; Delete clears; the rest is Qt's type-ahead.

        A chord is never a letter: Ctrl+A must not choose what begins with A.
        """
        chord = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & (chord | Qt.KeyboardModifier.MetaModifier):
            event.ignore()
            return
        letter = event.text().upper()
        keyed = [i for i, c in enumerate(self._choices) if c.key and c.key.upper() == letter]
        before = self.currentIndex()
        if letter and keyed:
            self.setCurrentIndex(keyed[0])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._blank:
            self.setCurrentIndex(0)
        else:
            super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.edited.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignored, so that the page scrolls."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells the form that the cursor has left."""
        super().focusOutEvent(event)
        self.left.emit()


class CheckField(QCheckBox):
    """Yes or no; with ``three`` also *not answered*, which is None."""

    edited = Signal()
    left = Signal()

    def __init__(self, text: str, parent: QWidget | None = None, *, three: bool = False) -> None:
        super().__init__(text, parent)
        self.setTristate(three)
        self.clicked.connect(self._say_edited)

    def value(self) -> bool | None:
        """True, False, or None while unanswered."""
        return None if self.checkState() == self.checkState().PartiallyChecked else self.isChecked()

    def set_value(self, value: Any) -> None:
        """Shows the answer; None is *not answered* where that exists, else no."""
        state = type(self.checkState())
        if value is None and self.isTristate():
            self.setCheckState(state.PartiallyChecked)
        else:
            self.setCheckState(state.Checked if value else state.Unchecked)

    def problem(self) -> str:
        """A box cannot hold anything unreadable."""
        return ""

    def _say_edited(self, _checked: bool) -> None:
        self.edited.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells the form that the cursor has left."""
        super().focusOutEvent(event)
        self.left.emit()


class TextArea(QPlainTextEdit):
    """Free text of several lines. Tab leaves it; Enter makes a new line."""

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3, hint: str = "") -> None:
        super().__init__(parent)
        self._quiet = False
        self.setTabChangesFocus(True)
        self.setPlaceholderText(hint)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + dp(18))
        self.textChanged.connect(self._say_edited)

    def value(self) -> str:
        """The text without blanks round it."""
        return self.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        """Shows ``value`` without announcing an edit; None clears."""
        self._quiet = True
        self.setPlainText("" if value is None else str(value))
        self._quiet = False

    def problem(self) -> str:
        """Any text will do."""
        return ""

    def takes_enter(self) -> bool:
        """Enter makes a new line; a form leaves it alone."""
        return True

    def _say_edited(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells the form that the cursor has left."""
        super().focusOutEvent(event)
        self.left.emit()
