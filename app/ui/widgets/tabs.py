"""Buttons beside a page's title: one a list, each with how much stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.ui.theme import dp


class CountTabs(QWidget):
    """One button a list; Alt and a digit chooses it.

    Args:
        lists: key and word of each, in order.

    Attributes:
        picked: key of the list chosen by hand.
    """

    picked = Signal(str)

    def __init__(self, lists: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(6))
        self._words = dict(lists)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for number, (key, word) in enumerate(lists, start=1):
            button = QPushButton(word)
            button.setCheckable(True)
            button.setProperty("look", "filter")
            button.setToolTip(f"{word} (Alt {number})")
            # A button's own shortcut is lost with every new text, and acts a tenth later.
            keys = QShortcut(QKeySequence(f"Alt+{number}"), button)
            keys.activated.connect(lambda key=key: self._pick(key))
            button.clicked.connect(lambda _on=False, key=key: self.picked.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)
        next(iter(self._buttons.values())).setChecked(True)

    def _pick(self, key: str) -> None:
        self.choose(key)
        self.picked.emit(key)

    def choose(self, key: str) -> None:
        """Chooses a list without telling anybody.

        Raises:
            KeyError: when there is no such list.
        """
        self._buttons[key].setChecked(True)

    def chosen(self) -> str:
        """Key of the list chosen."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Shows how much stands in each list; nothing is not shown."""
        for key, button in self._buttons.items():
            number = counts.get(key, 0)
            word = self._words[key]
            button.setText(f"{word} {number:,}" if number else word)

    def words(self) -> tuple[str, ...]:
        """The buttons as they read now."""
        return tuple(button.text() for button in self._buttons.values())
