"""The states of claims with their counts, and the question after printing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.panel import label

# Key, word, statuses; an empty tuple means all of them.
STATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ready", "Ready", ("ready",)),
    ("printed", "Confirm", ("printed",)),
    ("held", "Held", ("held",)),
    ("out", "Out", ("submitted", "accepted", "appealed", "partially_paid")),
    ("denied", "Denied", ("denied", "rejected")),
    ("done", "Done", ("paid", "replaced", "voided", "closed")),
    ("all", "All", ()),
)


class FilterBar(QWidget):
    """One button a state.

    Attributes:
        picked: key of the state chosen.
    """

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(6))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for number, (key, word, _) in enumerate(STATES, start=1):
            button = QPushButton(word)
            button.setCheckable(True)
            button.setProperty("look", "filter")
            button.setToolTip(f"{word} (Alt {number})")
            button.setShortcut(f"Alt+{number}")
            button.clicked.connect(lambda _on, key=key: self.picked.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self._buttons["ready"].setChecked(True)

    def choose(self, key: str) -> None:
        """Chooses a state without telling anybody; unknown ones choose all."""
        self._buttons.get(key, self._buttons["all"]).setChecked(True)

    def statuses(self) -> tuple[str, ...]:
        """The claim statuses of the state chosen."""
        return next(s for key, _, s in STATES if self._buttons[key].isChecked())

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Shows how many claims stand in each state."""
        for at, (key, word, statuses) in enumerate(STATES, start=1):
            number = sum(counts.get(s, 0) for s in statuses) if statuses else sum(counts.values())
            self._buttons[key].setText(f"{word} {number}" if number else word)
            self._buttons[key].setShortcut(f"Alt+{at}")  # a new text takes the key away


class ConfirmBar(QFrame):
    """Was the sheet good? Only her word makes a claim sent.

    Attributes:
        good: it is; ``spoiled``: it is not, and the claim is ready again.
    """

    good = Signal()
    spoiled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "banner")
        self.setProperty("mark", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(12), dp(8), dp(12), dp(8))
        row.setSpacing(dp(8))
        self._words = label("", "", wrap=True)
        row.addWidget(self._words, 1)
        yes = make_action(self, "Good, it is out", "Ctrl+Return", self.good.emit, everywhere=True)
        no = make_action(self, "Spoiled", "Ctrl+Backspace", self.spoiled.emit, everywhere=True)
        row.addWidget(button_for(no))
        row.addWidget(button_for(yes, primary=True))
        self._actions = (yes, no)
        self.hide()

    def ask(self, number: str, sheets: int) -> None:
        """Asks about one claim's sheets."""
        many = f"{sheets} sheets" if sheets > 1 else "sheet"
        self._words.setText(f"Claim {number} was printed. Is the {many} good?")
        self.show()
