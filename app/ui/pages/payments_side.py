"""Beside the grid: the check's running figures, what to look at once, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import format_cents
from app.ui.theme import dp, repolish
from app.ui.widgets.panel import FigureList, FigureRow, Panel, label
from app.ui.widgets.pill import KeyHint


@dataclass(frozen=True, slots=True)
class Running:
    """The figures of a check while it is being posted (cents)."""

    amount: int
    posted: int
    this_claim: int
    items: int

    @property
    def remaining(self) -> int:
        """What is not yet explained once this claim is saved."""
        return self.amount - self.posted - self.items - self.this_claim


class SidePanels(QWidget):
    """The right column of a wide window."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(dp(272))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        figures = Panel()
        figures.setAccessibleName("This check")
        self._figures = FigureList()
        figures.add(self._figures)
        self._advice = label(_ADVICE, "muted", wrap=True)
        figures.add(self._advice)
        self._look, self._look_words = Panel("Look once"), label("", "warn", wrap=True)
        self._look.add(self._look_words)
        column.addWidget(figures)
        column.addWidget(self._look)
        column.addWidget(KeysPanel())
        column.addStretch(1)
        self._look.hide()

    def show_figures(self, running: Running, *, closed: bool = False) -> None:
        """Shows the running figures; what remains is red until it is 0.00."""
        self._figures.show_rows(
            (
                FigureRow("Check", format_cents(running.amount)),
                FigureRow("Posted", format_cents(running.posted)),
                FigureRow("This claim", format_cents(running.this_claim)),
                FigureRow("Interest, withheld", format_cents(running.items)),
                FigureRow(
                    "Remaining",
                    format_cents(running.remaining),
                    "big",
                    "bad" if running.remaining else "",
                ),
            )
        )
        if closed:
            self._advice.setText(_CLOSED)
        else:
            self._advice.setText(_ADVICE if running.remaining else _DONE)

    def show_warnings(self, words: Sequence[str]) -> None:
        """Shows what to look at, or hides the panel."""
        self._look_words.setText("\n".join(f"• {w}" for w in words))
        self._look.setVisible(bool(words))


_ADVICE = "A check closes at 0.00. Money you cannot place yet goes to Unapplied with a note (F8)."
_CLOSED = "This check is closed."
_DONE = "Every cent is explained. Ctrl Enter closes the check."


class Strip(QFrame):
    """The running figures on one line, for a narrow window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(16), dp(6), dp(16), dp(6))
        row.setSpacing(dp(6))
        self._names, self._figures = [], []
        for number, name in enumerate(("Check", "Posted", "This claim", "Items", "Remaining")):
            if number:
                row.addStretch(1)
            self._names.append(label(name, "muted"))
            self._figures.append(label("", "figure"))
            row.addWidget(self._names[-1])
            row.addWidget(self._figures[-1])

    def set_tiny(self, tiny: bool) -> None:
        """Leaves out what was posted and the items, or shows them again."""
        for parts in (self._names, self._figures):
            parts[1].setVisible(not tiny)
            parts[3].setVisible(not tiny)

    def show_figures(self, running: Running) -> None:
        """Shows the running figures."""
        amounts = (running.amount, running.posted, running.this_claim, running.items)
        for figure, cents in zip(self._figures, (*amounts, running.remaining), strict=True):
            figure.setText(format_cents(cents))
        last = self._figures[-1]
        last.setProperty("mark", "bad" if running.remaining else "")
        repolish(last)


_KEYS = (
    ("Enter", "line done, next line"),
    ("D C Y", "to Deduct., Coins., copaY"),
    ("R P", "to Reason, Paid"),
    ("=", "take what is computed"),
    ("+", "same as the line above"),
    ("Esc", "undo line"),
    ("F2", "claim"),
    ("F3", "reasons"),
    ("F4", "hold"),
    ("F5", "all open lines of the payer"),
    ("F6", "write off the rest"),
    ("S", "less 2 % (sequestration)"),
    ("F7", "interest, withheld, other"),
    ("F8", "unapplied, with a note"),
    ("F9", "save claim, next"),
    ("Ctrl+R", "take an earlier EOB back"),
    ("Ctrl+Return", "close the check"),
    ("Ctrl+Z", "undo the last posting"),
    ("Ctrl+Shift+M", "move to the right claim"),
)


class KeysPanel(Panel):
    """What the keys do."""

    def __init__(self) -> None:
        super().__init__("Keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(dp(8))
        grid.setVerticalSpacing(dp(3))
        grid.setColumnStretch(1, 1)
        for number, (key, words) in enumerate(_KEYS):
            grid.addWidget(KeyHint(key), number, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(words, "small"), number, 1)
        self.body.addLayout(grid)
