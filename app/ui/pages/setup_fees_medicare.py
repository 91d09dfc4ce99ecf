"""Setup, Fee schedules: prices of a schedule's codes as a percentage of Medicare's, seen first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.fee_book import format_percent
from app.services.fee_commands import Fate, FillFees, ImportPlan, ImportRow, ScheduleRow
from app.ui.form import Form, Slot
from app.ui.guard import tell
from app.ui.page import Page
from app.ui.pages.setup_fees_import import PILLS, plan_columns
from app.ui.pages.setup_fees_room import ROUNDING, FeesRoom, ShareEdit, count_words, keyed
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.choice import ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import ElidedLabel, Panel

LOOK_MS = 150  # after the last key the preview is made again
_NOTHING = "Type the percentage and the first day: every code is shown with its price."


class FillPanel(QWidget):
    """One schedule filled from Medicare's prices in the practice's locality.

    Attributes:
        done: fees were made.
        closed: she leaves it.
    """

    done = Signal()
    closed = Signal()

    def __init__(self, room: FeesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._schedule: ScheduleRow | None = None
        self._asked = 0  # an older answer than the last question is not shown
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        percent = ShareEdit(hint="100 or 112.5")
        self.form.add_row(
            Slot("percent", "Percent of Medicare", percent, 4, "Type the percentage."),
            Slot("round_cents", "Rounded", ChoiceEdit(ROUNDING, blank=False), 4),
            Slot("starts", "First day", DateEdit(today=room.today), 4, "Type the first day."),
        )
        self.table = TableView[ImportRow](
            plan_columns()[1:], lambda r: r.line, empty=_NOTHING, name="Prices of Medicare"
        )
        self._sum = ElidedLabel("", "muted")
        self._take = keyed("Fill", "F9", self.submit, primary=True)
        self._close = keyed("Close", "Esc", self.closed.emit)
        self._lay_out()
        self._look = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._look.timeout.connect(self.plan)
        self.form.edited.connect(lambda _name: self._look.start())
        self.form.submitted.connect(self._fill)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._panel = Panel("From Medicare")
        self._panel.add_action(self._close)
        self._panel.add_action(self._take)
        self._panel.add(self.form)
        self._panel.add(self._sum)
        column.addWidget(self._panel)
        rows = Panel(flush=True)
        rows.add(self.table, 1)
        column.addWidget(rows, 1)

    def begin(self, schedule: ScheduleRow) -> None:
        """An empty form for a schedule."""
        self._schedule = schedule
        self._asked += 1
        self._panel.set_title(f"From Medicare · {schedule.name}")
        self.form.set_values({"percent": None, "round_cents": 1, "starts": None})
        self.table.set_rows(())
        self._sum.setText("")
        self._take.setEnabled(False)
        self.form.go_to("percent")

    def command(self) -> FillFees | None:
        """What is typed; None while something is missing."""
        typed = self.form.values()
        if self._schedule is None or None in (typed["percent"], typed["starts"]):
            return None
        return FillFees(
            self._schedule.schedule_id, typed["percent"], typed["starts"], typed["round_cents"]
        )

    def plan(self) -> None:
        """Shows every code with its price; nothing is saved."""
        self._look.stop()
        command = self.command()
        self._asked += 1
        asked = self._asked
        self._take.setEnabled(False)
        if command is None:
            self.table.set_rows(())
            self._sum.setText("")
            return

        def home(plan: ImportPlan) -> None:
            if asked == self._asked:
                self._show(plan)

        self._run(lambda _p: self._room.medicare.plan_fill(command), home, "Looking up prices")

    def _show(self, plan: ImportPlan) -> None:
        self.form.clear_findings()
        self.table.set_rows(plan.rows)
        words = [f"{plan.count(fate):,} {PILLS[fate][0].lower()}" for fate in Fate]
        self._sum.setText(f"{count_words(len(plan.rows), 'code')}: {' · '.join(words)}")
        self._take.setEnabled(bool(plan.count(Fate.NEW) + plan.count(Fate.CHANGED)))

    def _run(self, work: Any, home: Any, name: str) -> None:
        def broke(error: BaseException) -> None:
            tell(error, self._page, form=self.form, say=self._page.notify.emit)

        self._room.jobs.run(work, home, broke, name=name)

    def rest(self) -> None:
        """Something else comes to the front: no preview is made any more."""
        self._look.stop()

    def submit(self) -> None:
        """Fills the schedule, or shows what is missing."""
        self.form.submit()

    def _fill(self) -> None:
        command = self.command()
        if command is None or not self._take.isEnabled():
            return
        self._take.setEnabled(False)

        def home(plan: ImportPlan) -> None:
            made, left = plan.count(Fate.NEW) + plan.count(Fate.CHANGED), plan.count(Fate.REFUSED)
            percent = format_percent(command.percent_hundredths)
            words = f"{count_words(made, 'fee')} at {percent} of Medicare"
            more = f"; {count_words(left, 'code')} left as before." if left else "."
            self._page.notify.emit(NoticeText(words + more))
            self.done.emit()

        self._run(lambda _p: self._room.medicare.fill(command), home, "Filling")
