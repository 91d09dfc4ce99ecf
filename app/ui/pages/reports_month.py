"""Closing a month: what to look at first, that there is no way back, and what was closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.dates import format_date, format_short
from app.domain.findings import Finding, Severity
from app.domain.money import format_cents
from app.services.report_commands import ClosedMonth, MonthToClose
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import Pill

_NO_WAY_BACK = (
    "There is no way back: nothing more can be entered in this month. What is wrong in it is "
    "corrected in the next."
)
_DONE = "already_closed"
_SURE = "Press F9 once more and {month} is closed for good. Esc leaves it open."

_CLOSED: tuple[Column[ClosedMonth], ...] = (
    Column("month", "Closed", lambda c: f"{c.month:%b %Y}", lambda c: c.month, width=100),
    Column(
        "ending",
        "Ending A/R",
        lambda c: format_cents(c.ending_cents),
        lambda c: c.ending_cents,
        numeric=True,
        width=100,
    ),
    Column(
        "on",
        "On",
        lambda c: format_short(c.closed_on),
        lambda c: c.closed_on,
        width=0,
        muted=True,
        tooltip=lambda c: f"{format_date(c.closed_on)}, {c.closed_by}",
    ),
)


class MonthSide(QWidget):
    """F9 twice closes the month shown.

    Attributes:
        wanted: the month to be closed.
        reprint: a ``ClosedMonth`` to be printed again.
    """

    wanted = Signal(object)
    reprint = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._check: MonthToClose | None = None
        self._asking = False
        self._panel = Panel("Close the month")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(dp(8))
        self._grid.setVerticalSpacing(dp(6))
        self._grid.setColumnStretch(1, 1)
        self._warning = label("", "", wrap=True)
        self.history = TableView[ClosedMonth](
            _CLOSED, lambda c: c.month, empty="No month is closed yet.", name="Closed months"
        )
        self.close_action = make_action(self, "Close the month", "F9", self.ask, everywhere=True)
        self._leave = make_action(self, "Leave it open", "Esc", self.calm, everywhere=True)
        self.print_action = make_action(
            self, "Print again", "Ctrl+R", self._print, tip="The closed month", everywhere=True
        )
        self.history.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lay_out()
        self.history.activated_row.connect(self.reprint)
        self.show_check(None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._panel.body.addLayout(self._grid)
        self._panel.add(self._warning)
        self._button = button_for(self.close_action, primary=True)
        self._panel.add(self._button)
        column.addWidget(self._panel)
        closed = Panel("Closed months", flush=True)
        closed.add_action(button_for(self.print_action))
        closed.add(self.history, 1)
        self.history.setMinimumHeight(dp(40))
        column.addWidget(closed, 1)

    # --- showing ------------------------------------------------------------------------------
    def show_closed(self, months: Sequence[ClosedMonth]) -> None:
        """Shows the closed months, newest first."""
        self.history.set_rows(months)
        self.print_action.setEnabled(bool(months))

    def show_check(self, check: MonthToClose | None) -> None:
        """Shows what stands in the way of closing a month, and what to look at."""
        self._check = check
        self._clear()
        findings = check.findings if check else ()
        if findings and findings[0].field == _DONE:
            findings = findings[:1]  # what was left over then says nothing now
        for at, finding in enumerate(findings):
            self._add(at, finding)
        if check is not None and not findings:
            self._add(0, None)
        stopped = any(f.severity is Severity.ERROR for f in findings)
        self.close_action.setEnabled(check is not None and not stopped)
        self._warning.setVisible(check is not None and not stopped)
        name = f"{check.month:%B %Y}" if check else "the month"
        self._panel.set_title(f"Close {name}")
        self.close_action.setText(f"Close {name}")
        self._button.setText(f"Close {name}")
        self._button.updateGeometry()
        self.calm()

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()

    def _add(self, at: int, finding: Finding | None) -> None:
        if finding is None:
            pill, words = Pill("ready", "ok"), "Nothing is left over."
        elif finding.field == _DONE:
            pill, words = Pill("closed", "neutral"), finding.message
        elif finding.severity is Severity.ERROR:
            pill, words = Pill("stops it", "bad"), finding.message
        else:
            pill, words = Pill("look", "warn"), finding.message
        self._grid.addWidget(pill, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(label(words, wrap=True), at, 1)

    # --- closing ------------------------------------------------------------------------------
    def ask(self) -> None:
        """Says once more that there is no way back; the second time closes."""
        if self._check is None:
            return
        if self._asking:
            self.calm()
            self.wanted.emit(self._check.month)
            return
        self._asking = True
        self._say(_SURE.format(month=f"{self._check.month:%B %Y}"), "bad")

    def calm(self) -> None:
        """Back to before the first F9."""
        self._asking = False
        self._say(_NO_WAY_BACK, "muted")

    def _say(self, words: str, look: str) -> None:
        self._leave.setEnabled(self._asking)
        self._warning.setText(words)
        self._warning.setProperty("look", look)
        self._warning.style().unpolish(self._warning)
        self._warning.style().polish(self._warning)

    def _print(self) -> None:
        if (row := self.history.row()) is not None:
            self.reprint.emit(row)

    def month(self) -> date | None:
        """The month that can be closed here."""
        return self._check.month if self._check else None
