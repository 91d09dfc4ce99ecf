"""Setup, Fee schedules: a file's columns are named, every row is judged, then it is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.services.fee_commands import (
    Fate,
    FeeFile,
    Field,
    ImportFees,
    ImportPlan,
    ImportRow,
    ScheduleRow,
)
from app.ui.form import Form, Slot
from app.ui.guard import tell
from app.ui.jobs import Progress
from app.ui.page import Page
from app.ui.pages.setup_fees_room import FeesRoom, count_words, keyed, money
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import ElidedLabel, Panel

LOOK_MS = 150
WANTED = "Lists of prices (*.csv *.tsv *.txt *.xlsx *.zip)"
_NOTHING = "Choose a file with F4: CSV or XLSX. Nothing is saved before you press Import."
PILLS = {
    Fate.NEW: ("New", "ok"),
    Fate.CHANGED: ("Changed", "warn"),
    Fate.SAME: ("Same", "neutral"),
    Fate.REFUSED: ("Refused", "bad"),
}
_ORDER = (Fate.REFUSED, Fate.CHANGED, Fate.NEW, Fate.SAME)
_WORDS = {
    Field.CODE: "Code",
    Field.MODIFIERS: "Modifiers",
    Field.FEE: "Fee",
    Field.WORDING: "Description",
    Field.UNITS: "Units",
    Field.STARTS: "From",
    Field.ENDS: "To",
}
_DAY = "day"


def plan_columns() -> tuple[Column[Any], ...]:
    """Of a plan: line, fate, code, why, the price now and then."""
    return (
        Column("line", "Line", lambda r: str(r.line), lambda r: r.line, numeric=True, width=60),
        Column(
            "fate",
            "",
            lambda _: "",
            lambda r: _ORDER.index(r.fate),
            width=96,
            pill=lambda r: PILLS[r.fate],
        ),
        Column("code", "Code", lambda r: f"{r.code} {r.modifiers}".strip(), width=92),
        Column("why", "", _why, width=0, tooltip=_why),
        money("before", "Now", lambda r: r.before),
        money("cents", "Then", lambda r: r.cents),
    )


def _why(row: ImportRow) -> str:
    since = f"from {format_date(row.starts)}" if row.starts else ""
    return row.why or " · ".join(part for part in (since, row.wording) if part)


class ImportPanel(QWidget):
    """The import into one schedule.

    Attributes:
        done: fees were imported.
        closed: she leaves it.
    """

    done = Signal()
    closed = Signal()

    def __init__(self, room: FeesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._schedule: ScheduleRow | None = None
        self._file: FeeFile | None = None
        self._plan: ImportPlan | None = None
        self._asked = 0  # an older answer than the last question is not shown
        self.form = Form(submit_keys=())
        self._pickers = {field: ChoiceEdit(()) for field in _WORDS}
        fields = list(_WORDS)
        self.form.add_row(*(self._slot(f) for f in fields[:4]))
        self.form.add_row(
            *(self._slot(f) for f in fields[4:]),
            Slot(_DAY, "Rows without a day", DateEdit(today=room.today), 3),
        )
        self.table = TableView[ImportRow](
            plan_columns(), lambda r: r.line, empty=_NOTHING, name="Rows of the file"
        )
        self._counts = ElidedLabel("", "muted")
        self._choose = keyed("File", "F4", self.choose)
        self._take = keyed("Import", "F9", self.submit, primary=True)
        self._close = keyed("Close", "Esc", self.closed.emit)
        self._lay_out()
        self._look = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._look.timeout.connect(self.plan)
        self.form.edited.connect(lambda _name: self._look.start())

    def _slot(self, field: Field) -> Slot:
        return Slot(str(field), _WORDS[field], self._pickers[field], 3)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._panel = Panel("Import")
        for button in (self._close, self._choose, self._take):
            self._panel.add_action(button)
        self._panel.add(self.form)
        self._panel.add(self._counts)
        column.addWidget(self._panel)
        rows = Panel(flush=True)
        rows.add(self.table, 1)
        column.addWidget(rows, 1)

    # --- the file -----------------------------------------------------------------------------
    def begin(self, schedule: ScheduleRow) -> None:
        """No file yet; asks for one."""
        self._schedule, self._file, self._plan = schedule, None, None
        self._panel.set_title(f"Import · {schedule.name}")
        self.form.setVisible(False)
        self._counts.setText(_NOTHING)
        self._take.setEnabled(False)
        self.table.set_rows(())
        self.table.setFocus()

    def choose(self) -> None:
        """Asks for the file."""
        picker = QFileDialog(self, "Choose a list of prices", "", WANTED)
        picker.setFileMode(QFileDialog.FileMode.ExistingFile)
        picker.fileSelected.connect(lambda path: self.read(Path(path)))
        picker.open()

    def read(self, path: Path) -> None:
        """Reads a file on the worker; its heads say what the columns may be."""

        def work(progress: Progress) -> FeeFile:
            return self._room.fees.read_file(path, progress.report)

        self._run(work, self._show_file, f"Reading {path.name}")

    def _run(
        self, work: Callable[[Progress], Any], home: Callable[[Any], object], name: str
    ) -> None:
        self._room.jobs.run(work, home, self._broke, name=name)

    def _broke(self, error: BaseException) -> None:
        tell(error, self._page, form=self.form, say=self._page.notify.emit)

    def _show_file(self, file: FeeFile) -> None:
        self._file = file
        self.form.setVisible(True)
        answers = [Choice(n, head) for n, head in enumerate(file.heads)]
        guess = dict(file.guess)
        for field in _WORDS:
            self._pickers[field].set_choices(answers)
            self._pickers[field].set_value(guess.get(field))
        self.form.set_clean()
        self.form.go_to(str(Field.CODE))
        self.plan()

    # --- the plan -----------------------------------------------------------------------------
    def command(self) -> ImportFees | None:
        """What is chosen; None before a file is read, or while code or fee has no column."""
        typed = self.form.values()
        if self._schedule is None or self._file is None:
            return None
        columns = tuple((f, typed[str(f)]) for f in _WORDS if typed[str(f)] is not None)
        return ImportFees(self._schedule.schedule_id, self._file, columns, typed[_DAY])

    def plan(self) -> None:
        """Judges every row; nothing is saved."""
        self._look.stop()
        command = self.command()
        if command is None:
            return
        self._asked += 1
        asked = self._asked
        self._take.setEnabled(False)

        def home(plan: ImportPlan) -> None:
            if asked == self._asked:
                self._show(plan)

        self._run(lambda _p: self._room.fees.plan_import(command), home, "Judging the rows")

    def _show(self, plan: ImportPlan) -> None:
        self._plan = plan
        self.form.clear_findings()
        self.table.set_rows(plan.rows)
        name = self._file.name if self._file else ""
        words = [f"{plan.count(fate):,} {PILLS[fate][0].lower()}" for fate in Fate]
        rows = count_words(len(plan.rows), "row")
        self._counts.setText(f"{name}: {rows} · {' · '.join(words)}")
        self._take.setEnabled(bool(plan.count(Fate.NEW) + plan.count(Fate.CHANGED)))

    def rest(self) -> None:
        """Something else comes to the front: no preview is made any more."""
        self._look.stop()

    def submit(self) -> None:
        """Imports what is new and changed, all at once."""
        command = self.command()
        if command is None or not self._take.isEnabled():
            return
        self._take.setEnabled(False)
        self._run(lambda _p: self._room.fees.import_fees(command), self._imported, "Importing")

    def _imported(self, plan: ImportPlan) -> None:
        left = plan.count(Fate.REFUSED)
        words = f"Imported: {plan.count(Fate.NEW):,} new, {plan.count(Fate.CHANGED):,} changed"
        self._page.notify.emit(
            NoticeText(f"{words}; {count_words(left, 'row')} left out." if left else f"{words}.")
        )
        self.done.emit()
