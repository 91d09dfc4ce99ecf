"""What every typed field can do, and the one-line fields that hold text."""

from __future__ import annotations

import re
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.findings import Severity
from app.ui.theme import dp, repolish

_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP"
)
US_STATES = frozenset(_STATE_CODES.split())  # USPS Publication 28, appendix B


class Field(Protocol):
    """A widget that holds one value of a command.

    Attributes:
        edited: emitted on every change by the biller's hand, never by ``set_value``.
        left: emitted when the cursor leaves.
    """

    @property
    def edited(self) -> SignalInstance: ...  # noqa: D102

    @property
    def left(self) -> SignalInstance: ...  # noqa: D102

    def value(self) -> Any:
        """The typed value; blank, or unreadable, is None (text fields: the empty string)."""

    def set_value(self, value: Any) -> None:
        """Shows ``value``; None clears."""

    def problem(self) -> str:
        """A sentence when what stands there cannot be read, else the empty string."""


def set_mark(widget: QWidget, severity: Severity | None) -> None:
    """Draws the red or amber border round a field, or takes it away."""
    mark = severity.value if severity else ""
    if widget.property("mark") != mark:
        widget.setProperty("mark", mark)
        repolish(widget)


class LineField(QLineEdit):
    """One line of text, stripped. The other one-line fields say how to read and show theirs."""

    edited = Signal()
    left = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, hint: str = "", length: int | None = None
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        if length is not None:
            self.setMaxLength(length)
        self.textEdited.connect(self._say_edited)

    def parse(self, text: str) -> Any:
        """The value of non-empty ``text``.

        Raises:
            ValueError: with a sentence for the biller.
        """
        return text

    def show_as(self, value: Any) -> str:
        """How ``value`` is written once the cursor has left."""
        return str(value)

    def blank(self) -> Any:
        """What an empty field means."""
        return ""

    def value(self) -> Any:
        """The typed value; blank when empty or unreadable (then ``problem`` speaks)."""
        text = self.text().strip()
        try:
            return self.parse(text) if text else self.blank()
        except ValueError:
            return self.blank()

    def set_value(self, value: Any) -> None:
        """Shows ``value`` without announcing an edit; None clears."""
        self.setText("" if value is None or value == "" else self.show_as(value))
        self.setCursorPosition(0)

    def problem(self) -> str:
        """A sentence when the text cannot be read."""
        text = self.text().strip()
        try:
            if text:
                self.parse(text)
        except ValueError as error:
            return str(error)
        return ""

    def tidy(self) -> None:
        """Writes what was typed the way the house writes it; unreadable text stays as typed."""
        if not self.problem():
            tidied = self.show_as(self.value()) if self.text().strip() else ""
            if tidied != self.text():
                self.setText(tidied)

    def _say_edited(self, _text: str) -> None:
        self.edited.emit()

    def event(self, event: QEvent) -> bool:
        """Lets Ctrl+Z through to the window's Undo when there is no typing to take back."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tidies the text and tells the form that the cursor has left."""
        self.tidy()
        super().focusOutEvent(event)
        self.left.emit()


class CodeEdit(LineField):
    """A code of the trade: upper case, no blanks inside (``m17.11`` → ``M17.11``)."""

    def parse(self, text: str) -> str:
        """Upper-cased, blanks removed."""
        return re.sub(r"\s+", "", text).upper()


class PhoneEdit(LineField):
    """A US phone number; the value is its ten digits, the display ``(540) 555-0118``."""

    def parse(self, text: str) -> str:
        """Ten digits; a leading 1 and all punctuation are dropped.

        Raises:
            ValueError: when there are not ten digits, or letters among them.
        """
        digits = re.sub(r"[\s().+-]", "", text)
        if len(digits) == 11 and digits.startswith("1"):
            digits = digits[1:]
        if not re.fullmatch(r"[0-9]{10}", digits):
            raise ValueError("A phone number has ten digits, for example (540) 555-0118.")
        return digits

    def show_as(self, value: Any) -> str:
        """``(540) 555-0118``; anything else is shown as it is."""
        digits = str(value)
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


class StateEdit(LineField):
    """A two-letter USPS state code, territories and military posts included."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, length=2)
        self.setMaximumWidth(dp(64))

    def parse(self, text: str) -> str:
        """Upper-cased.

        Raises:
            ValueError: when no such state exists.
        """
        state = text.upper()
        if state not in US_STATES:
            raise ValueError("Type the two-letter state, for example VA.")
        return state


class ZipEdit(LineField):
    """A ZIP code; the value is 5 or 9 digits, the display ``24153`` or ``24153-1200``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, length=10)

    def parse(self, text: str) -> str:
        """Digits only.

        Raises:
            ValueError: when there are not 5 or 9 digits.
        """
        digits = re.sub(r"[\s-]", "", text)
        if not re.fullmatch(r"[0-9]{5}([0-9]{4})?", digits):
            raise ValueError("A ZIP code has 5 digits, or 9 with the +4.")
        return digits

    def show_as(self, value: Any) -> str:
        """With the hyphen when there are nine digits."""
        digits = str(value)
        return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else digits


class NumberEdit(LineField):
    """A whole number between two bounds; blank is None."""

    def __init__(self, parent: QWidget | None = None, *, low: int = 0, high: int = 9999) -> None:
        super().__init__(parent)
        self._low, self._high = low, high

    def parse(self, text: str) -> int:
        """The number.

        Raises:
            ValueError: when it is no whole number or out of bounds.
        """
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self._low <= int(text) <= self._high:
            raise ValueError(f"Type a whole number from {self._low:,} to {self._high:,}.")
        return int(text)

    def blank(self) -> None:
        """Nothing typed is None, never 0."""
        return
