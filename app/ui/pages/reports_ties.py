"""Under a report: which figures were found twice, and whether both are the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.money import format_cents
from app.domain.reports import Report, Tie
from app.ui.theme import dp
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import Pill

_Row = tuple[Pill, QLabel, QLabel]


class TiePanel(Panel):
    """Each tie with a word and a mark, and its figures; the notes of the report below."""

    def __init__(self) -> None:
        super().__init__("Does it tie?")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(dp(12))
        self._grid.setVerticalSpacing(dp(4))
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._rows: list[_Row] = []
        self._report: Report | None = None
        self._short, self._unfolded = False, False
        self._notes = label("", "small", wrap=True)
        self.add(self._notes)

    def fold(self, *, short: bool) -> None:
        """In a short window ties that all hold are told in one line."""
        if short != self._short:
            self._short = short
            self._show()

    def toggle(self) -> None:
        """Shows each tie although the window is short, or folds them again."""
        self._unfolded = not self._unfolded
        self._show()

    def show_report(self, report: Report | None) -> None:
        """Shows another report's ties; hidden where there is nothing to say."""
        self._report = report
        self._show()

    def _show(self) -> None:
        report = self._report
        ties = report.ties if report else ()
        notes = report.notes if report else ()
        self.setVisible(bool(ties or notes))
        folded = self._short and not self._unfolded and all(tie.holds for tie in ties)
        words = _in_all(ties)
        self.set_title("Does it tie?" if ties else "Notes", f"{words} F7" if folded else words)
        shown = () if folded else ties
        while len(self._rows) < len(shown):
            self._add()
        for number, row in enumerate(self._rows):
            _show(row, shown[number] if number < len(shown) else None)
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes) and not folded)
        self.body.setContentsMargins(dp(16), 0, dp(16), 0 if folded else dp(14))

    def _add(self) -> None:
        at = len(self._rows)
        row = Pill("ties", "ok"), label("", wrap=True), label("")
        row[2].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts: Sequence[QWidget] = row
        for column, part in enumerate(parts):
            self._grid.addWidget(part, at, column)
        self._rows.append(row)


def _show(row: _Row, tie: Tie | None) -> None:
    pill, words, figures = row
    parts: Sequence[QWidget] = row
    for part in parts:
        part.setVisible(tie is not None)
    if tie is None:
        return
    left, right = format_cents(tie.left_cents), format_cents(tie.right_cents)
    if tie.holds:
        pill.show_status("ties", "ok")
    else:
        off = format_cents(abs(tie.left_cents - tie.right_cents))
        pill.show_status(f"off by {off}", "bad")
    words.setText(tie.words)
    figures.setText(left if tie.holds else f"{left} is not {right}")


def _in_all(ties: Sequence[Tie]) -> str:
    if not ties:
        return ""
    hold = sum(tie.holds for tie in ties)
    if hold == len(ties):
        return "Yes, every figure ties to the cent."
    return f"No: {len(ties) - hold} of {len(ties)} do not. Verify books on Today (F5) says where."
