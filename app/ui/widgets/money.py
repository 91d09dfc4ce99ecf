"""The one widget where text meets money."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.money import Cents, format_cents, parse_cents
from app.ui.widgets.field import LineField


class MoneyEdit(LineField):
    """An amount of money; the value is cents or None. Takes ``65`` and ``65.00``."""

    def __init__(self, parent: QWidget | None = None, *, negative: bool = False) -> None:
        super().__init__(parent)
        self._negative = negative
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def parse(self, text: str) -> Cents:
        """Cents.

        Raises:
            ValueError: with a sentence, when the text is no amount.
        """
        return parse_cents(text, allow_negative=self._negative)

    def show_as(self, value: Any) -> str:
        """``1,234.56``."""
        return format_cents(value)

    def blank(self) -> None:
        """Nothing typed is None, never 0."""
        return

    def set_value(self, value: Any) -> None:
        """Shows cents; None clears, 0 shows 0.00."""
        self.setText("" if value is None else format_cents(value))
