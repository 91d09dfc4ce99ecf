"""A date the way a biller types it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.dates import format_date, parse_birth_date, parse_date
from app.ui.widgets.field import LineField

_HELP = "t today · y yesterday · +3 · 0105 · 010526 · 1/5/26"


class DateEdit(LineField):
    """A date; the value is ``date`` or None. Single keys ``t`` and ``y`` act at once.

    Up and Down move by a day. ``birth`` reads two-digit years into the past.
    """

    def __init__(
        self, parent: QWidget | None = None, *, today: Callable[[], date], birth: bool = False
    ) -> None:
        super().__init__(parent, hint="MM/DD/YYYY", length=12)
        self._today, self._birth = today, birth
        self.setToolTip("MM/DD/YYYY" if birth else _HELP)

    def parse(self, text: str) -> date:
        """The date meant.

        Raises:
            ValueError: with a sentence, when there is no such day.
        """
        read = parse_birth_date if self._birth else parse_date
        return read(text, self._today())

    def show_as(self, value: Any) -> str:
        """``01/05/2026``."""
        return format_date(value)

    def blank(self) -> None:
        """Nothing typed is None."""
        return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """``t`` and ``y`` on their own need no Enter; Up and Down step one day."""
        typed = event.text().lower()
        untouched = not self.text().strip() or self.hasSelectedText()
        if typed in ("t", "y") and untouched and not self._birth:
            self._take(self.parse(typed))
        elif event.key() in _STEPS and isinstance(shown := self.value(), date):
            self._take(date.fromordinal(shown.toordinal() + _STEPS[event.key()]))
        else:
            super().keyPressEvent(event)

    def _take(self, day: date) -> None:
        self.setText(format_date(day))
        self.selectAll()
        self.edited.emit()


_STEPS: dict[int, int] = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
