"""Setup, Fee schedules: a percent raise, seen before it is made; and those made, to take back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.fee_book import STEPS, format_percent
from app.domain.money import format_cents
from app.services.fee_commands import RaisedFee, RaiseFees, RaiseRow, ScheduleRow
from app.ui.form import Form, Slot
from app.ui.guard import guard, tell
from app.ui.page import Page
from app.ui.pages.setup_fees_room import (
    ROUNDING,
    FeesRoom,
    PercentEdit,
    count_words,
    keyed,
    money,
)
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import ElidedLabel, Panel

LOOK_MS = 150  # after the last key the preview is made again
_NOTHING = "Type the percentage and the first day: every fee is shown before and after."


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column("code", "Code", lambda r: f"{r.code} {r.modifiers}".strip(), width=92),
        Column("wording", "Wording", lambda r: r.wording, width=0, tooltip=lambda r: r.wording),
        money("before", "Now", lambda r: r.before),
        money("after", "Then", lambda r: r.after),
        money("change", "Change", lambda r: r.after - r.before),
    )


def _past_columns() -> tuple[Column[Any], ...]:
    return (
        Column("what", "Made before", _what, width=0),
        Column("fees", "Fees", lambda r: str(r.fees), lambda r: r.fees, numeric=True, width=64),
        Column(
            "used", "", lambda _: "", width=80, pill=lambda r: ("In use", "ok") if r.used else None
        ),
    )


def _what(row: RaiseRow) -> str:
    percent = format_percent(row.percent_hundredths)
    return f"{percent} from {format_date(row.starts)}, rounded to the {STEPS[row.round_cents]}"


class RaisePanel(QWidget):
    """The raise of one schedule.

    Attributes:
        done: it was made, or one was taken back.
        closed: she leaves it.
    """

    done = Signal()
    closed = Signal()

    def __init__(self, room: FeesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._schedule: ScheduleRow | None = None
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        self.form.add_row(
            Slot("percent", "Percent", PercentEdit(hint="4 or 4.25"), 4, "Type the percentage."),
            Slot("round_cents", "Rounded", ChoiceEdit(ROUNDING, blank=False), 4),
            Slot("starts", "First day", DateEdit(today=room.today), 4, "Type the first day."),
        )
        self.table = TableView[RaisedFee](
            _columns(), lambda r: (r.code, r.modifiers), empty=_NOTHING, name="Before and after"
        )
        self.past = TableView[RaiseRow](
            _past_columns(), lambda r: r.raise_id, empty="No raise was made yet.", name="Raises"
        )
        self._sum = ElidedLabel("", "muted")
        self._make = keyed("Raise", "F9", self.submit, primary=True)
        self._back = keyed("Take back", "F8", self.take_back)
        self._close = keyed("Close", "Esc", self.closed.emit)
        self._lay_out()
        self._look = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._look.timeout.connect(self.preview)
        self.form.edited.connect(lambda _name: self._look.start())
        self.form.submitted.connect(self._raise)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._panel = Panel("Raise")
        self._panel.add_action(self._close)
        self._panel.add_action(self._make)
        self._panel.add(self.form)
        self._panel.add(self._sum)
        column.addWidget(self._panel)
        fees = Panel(flush=True)
        fees.add(self.table, 1)
        column.addWidget(fees, 3)
        before = Panel("Raises", flush=True)
        before.add_action(self._back)
        before.add(self.past, 1)
        before.setMaximumHeight(dp(170))
        column.addWidget(before, 1)

    def begin(self, schedule: ScheduleRow) -> None:
        """An empty raise of a schedule, with the ones made before."""
        self._schedule = schedule
        self._panel.set_title(f"Raise · {schedule.name}")
        self.form.set_values({"percent": None, "round_cents": 1, "starts": None})
        self.table.set_rows(())
        self._sum.setText("")
        self.load()
        self.form.go_to("percent")

    def load(self) -> None:
        """Reads the raises made before again."""
        if self._schedule is not None:
            with guard(self._page, say=self._page.notify.emit):
                self.past.set_rows(self._room.fees.raises(self._schedule.schedule_id))

    def command(self) -> RaiseFees | None:
        """What is typed; None while something is missing."""
        typed = self.form.values()
        if self._schedule is None or None in (typed["percent"], typed["starts"]):
            return None
        return RaiseFees(
            self._schedule.schedule_id, typed["percent"], typed["starts"], typed["round_cents"]
        )

    def preview(self) -> None:
        """Shows every fee before and after."""
        self._look.stop()
        command = self.command()
        rows: tuple[RaisedFee, ...] = ()
        if command is not None:
            with guard(self._page, form=self.form, say=self._page.notify.emit):
                rows = self._room.fees.preview_raise(command)
        self.table.set_rows(rows)
        before, after = sum(r.before for r in rows), sum(r.after for r in rows)
        words = f"{count_words(len(rows), 'fee')}: one of each was {format_cents(before)}"
        self._sum.setText(f"{words}, will be {format_cents(after)}." if rows else "")

    def rest(self) -> None:
        """Something else comes to the front: no preview is made any more."""
        self._look.stop()

    def submit(self) -> None:
        """Makes the raise, or shows what is missing."""
        self.form.submit()

    def _raise(self) -> None:
        command = self.command()
        if command is None:
            return
        self._look.stop()
        words = f"Raised by {format_percent(command.percent_hundredths)} from "

        def home(made: int) -> None:
            said = f"{words}{format_date(command.starts)}."
            self._page.notify.emit(NoticeText(said, "", lambda: self._undo(made)))
            self.done.emit()

        self._room.jobs.run(
            lambda _p: self._room.fees.raise_fees(command), home, self._broke, name="Raising"
        )

    def _broke(self, error: BaseException) -> None:
        tell(error, self._page, form=self.form, say=self._page.notify.emit)

    def take_back(self) -> None:
        """Removes the raise under the cursor, as long as no charge was posted with it."""
        row = self.past.row()
        if row is not None:
            self._undo(row.raise_id)

    def _undo(self, raise_id: int) -> None:
        def home(_nothing: object) -> None:
            self._page.notify.emit(NoticeText("The raise was taken back."))
            self.load()
            self.done.emit()

        self._room.jobs.run(
            lambda _p: self._room.fees.undo_raise(raise_id), home, self._broke, name="Taking back"
        )
