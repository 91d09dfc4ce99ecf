"""Reports: chosen from a list, made on the worker, each with the figures that must tie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.reports import About
from app.services.directory import DirectoryService
from app.services.find import FindService
from app.services.money_reports import MoneyReportService
from app.services.report_commands import ClosedMonth, ReportInfo, ReportParameters
from app.ui.guard import guard, tell
from app.ui.jobs import Jobs
from app.ui.page import Go, Page
from app.ui.pages.reports_asks import MONTH, AskForm, Sources
from app.ui.pages.reports_layout import Line, nothing_words
from app.ui.pages.reports_list import ReportList
from app.ui.pages.reports_month import MonthSide
from app.ui.pages.reports_table import ReportTable
from app.ui.pages.reports_ties import TiePanel
from app.ui.pages.reports_work import Made, ReportWork
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel

_JUMPS: dict[str, Callable[[int], Go]] = {
    "patient": lambda key: Go("patients", ("account", key)),
    "claim": lambda key: Go("claims", key),
    "check": lambda key: Go("payments", key),
    "encounter": lambda key: Go("encounters", key),
}
_ENTER = {
    "patient": "Enter opens the account",
    "claim": "Enter opens the claim",
    "check": "Enter opens the check",
    "encounter": "Enter opens the visit",
    "payer": "Enter shows the payer’s patients",
}
_NARROW = 720  # pixels at 100 %: below, the month's side stands under its figures
_SHORT = 620  # below, ties that hold are told in one line; F7 shows them
_MONTHS_BACK = 24


class ReportsPage(Page):
    """Enter makes the report chosen, Enter on a row goes there; Ctrl+P prints, Ctrl+S saves."""

    NAME = "reports"
    TITLE = "Reports"
    WATCHES = frozenset(
        {"posting", "payment", "claim", "encounter", "deposit", "month_close", "payer", "provider"}
    )

    def __init__(
        self,
        money: MoneyReportService,
        directory: DirectoryService,
        find: FindService,
        out: PrintOut,
        jobs: Jobs,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._money, self._today = money, today
        self._infos = {info.key: info for info in money.catalog()}
        self._sources = Sources(
            today, directory.payers, directory.providers, find.find, self._months
        )
        self._forms: dict[str, AskForm] = {}
        self._form: AskForm | None = None
        self._made: Made | None = None
        self._list = ReportList(money.catalog())
        self._asks = Panel("Report")
        self._table, self._ties, self._month = ReportTable(), TiePanel(), MonthSide()
        self._work = ReportWork(money, out, jobs, self)
        self._make_actions()
        self._lay_out()
        self._connect()
        self._list.choose(money.catalog()[0].key)

    def _make_actions(self) -> None:
        add = make_action
        self._run = add(self, "Show", "F5", self.run, tip="Make it, or make it again")
        self._ask = add(self, "Change what is asked", "F4", self.to_asks)
        self._find = add(self, "Filter the reports", "Ctrl+F", self._list.words.setFocus)
        self._rows = add(self, "To the rows", "F6", self._table.setFocus)
        self._fold = add(self, "Ties, one by one", "F7", self._ties.toggle)
        self._to_list = add(self, "To the list", "Ctrl+L", self._list.menu.setFocus)
        self._print = add(self, "Print", "Ctrl+P", self.print_it, tip="On plain paper")
        self._save = add(self, "Spreadsheet", "Ctrl+S", lambda: self.save("xlsx"))
        self._csv = add(self, "CSV", "Ctrl+Shift+S", lambda: self.save("csv"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        row.addWidget(self._list)
        column = QVBoxLayout()
        column.setSpacing(dp(12))
        self._asks.add_action(button_for(self._run, primary=True))
        column.addWidget(self._asks)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(dp(12))
        paper = Panel(flush=True)
        paper.add(self._table, 1)
        self._table.setMinimumHeight(dp(120))
        self._table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._middle.addWidget(paper, 1)
        self._middle.addWidget(self._month)
        self._month.hide()
        column.addLayout(self._middle, 1)
        column.addWidget(self._ties)
        row.addLayout(column, 1)
        self.setFocusProxy(self._list.words)

    def header_widget(self) -> QWidget:
        """Where a report goes from here, beside the title."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(8))
        for action in (self._print, self._save):
            row.addWidget(button_for(action))
        row.addStretch(1)
        return holder

    def _connect(self) -> None:
        self._list.picked.connect(self._choose)
        self._list.wanted.connect(self.run)
        self._table.entered.connect(self._enter)
        self._table.moved.connect(self._say_enter)
        self._work.made.connect(self._show)
        self._work.given_up.connect(lambda: self._nothing("Cancelled. Enter makes it again."))
        self._work.broke.connect(lambda error: tell(error, self, say=self.notify.emit))
        self._work.said.connect(self.notify)
        self._work.closed.connect(self._closed)
        self._month.wanted.connect(self._work.close_month)
        self._month.reprint.connect(self._reprint)

    def commands(self) -> Sequence[QAction]:
        """What can be done now."""
        own = list(self.actions())
        return own if self._month.isHidden() else [*own, *self._month.actions()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the month's side stands under its figures."""
        super().resizeEvent(event)
        narrow = self.width() < dp(_NARROW)
        ways = QBoxLayout.Direction
        self._middle.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        self._month.setFixedWidth(16777215 if narrow else dp(300))
        self._list.setFixedWidth(dp(176 if self.width() < dp(940) else 212))
        seen = self.parentWidget()  # what can be seen of the page: it scrolls where it must
        self._ties.fold(short=(seen or self).height() < dp(_SHORT))

    # --- choosing -----------------------------------------------------------------------------
    def _months(self) -> Sequence[date]:
        """Months to ask for: open ones first, then this one and those before it."""
        month = self._today().replace(day=1)
        past = []
        for _ in range(_MONTHS_BACK):
            past.append(month)
            month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        return tuple(dict.fromkeys((*self._money.open_months(), *past)))

    def _info(self) -> ReportInfo:
        return self._infos[self._list.key()]

    def _choose(self, key: str) -> None:
        info = self._infos[key]
        if self._form is not None:
            self._form.hide()
        if key not in self._forms:
            form = self._forms[key] = AskForm(info, self._sources)
            form.setMaximumWidth(dp(780))
            form.submitted.connect(self._make)
            self._asks.add(form)
        self._form = self._forms[key]
        self._form.show()
        self._asks.set_title(info.title, info.answers)
        self._month.setVisible(key == MONTH)
        if self._made is None or self._made.info.key != key:
            self._work.forget()
            self._nothing("Enter makes this report with what is chosen above. F4 changes it.")

    def to_asks(self) -> None:
        """Puts the cursor where what is asked can be changed."""
        if self._form is not None and self._form.names():
            self._form.go_to(self._form.names()[0])

    def open(self, target: object) -> None:
        """A report's key, or ``(key, ReportParameters)``; it is made at once."""
        key, asked = target if isinstance(target, tuple) else (target, None)
        if not self._list.choose(str(key)) or self._form is None:
            return
        if isinstance(asked, ReportParameters):
            self._form.show_parameters(asked)
        self.run()

    # --- making -------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads the lists to choose from, and makes the report shown again."""
        with guard(self, say=self.notify.emit):
            for form in self._forms.values():
                form.reload()
            self._month.show_closed(self._money.closed_months())
            self.title_changed.emit(self.TITLE, "")
        if self._made is not None and not self._work.busy:
            self._begin(self._made.info, self._made.asked)

    def run(self) -> None:
        """Makes the report chosen, as asked."""
        if self._form is None:
            return
        if self._info().key == "batch_proof" and self._form.values()["payment_id"] is None:
            self.to_asks()
            self.notify.emit(NoticeText("Type the number of the check, or its payer."))
            return
        self._form.submit()

    def _make(self) -> None:
        if self._form is not None:
            self._begin(self._form.info, self._form.parameters())

    def _begin(self, info: ReportInfo, asked: ReportParameters) -> None:
        self._work.make(info, asked, closing=info.key == MONTH)

    def _show(self, made: Made) -> None:
        report = made.sheet.report
        same = self._made is not None and (self._made.info, self._made.asked) == (
            made.info,
            made.asked,
        )
        inside = self._table.hasFocus()
        self._made = made
        self._asks.set_title(report.title, report.basis)
        self._table.show_sheet(made.sheet if report.rows else None, nothing_words(report))
        self._ties.show_report(report)
        self._month.show_check(made.close)
        self._able(possible=True)
        if self.isVisible() and made.sheet.row_count and not inside and not same:
            self._table.setFocus()
        self._say_enter(self._table.row())

    def _nothing(self, words: str) -> None:
        self._made = None
        self._table.show_sheet(None, words)
        self._ties.show_report(None)
        self._month.show_check(None)
        self._able(possible=False)
        self.status.emit("")

    def _able(self, *, possible: bool) -> None:
        for action in (self._print, self._save, self._csv, self._rows):
            action.setEnabled(possible)

    def _say_enter(self, line: Line | None) -> None:
        about = line.about if line else None
        rows = f"{self._made.sheet.row_count:,} rows" if self._made else ""
        words = _ENTER.get(about.kind, "") if about else ""
        self.status.emit("     ".join(filter(None, (rows, words))))

    # --- acts ---------------------------------------------------------------------------------
    def _enter(self, about: About) -> None:
        if about.kind in _JUMPS:
            self.go.emit(_JUMPS[about.kind](about.key))
        elif self._made is not None and self._form is not None:
            asked = replace(self._made.asked, payer_id=about.key, detail=True)
            self._form.show_parameters(asked)
            self._begin(self._made.info, asked)

    def print_it(self) -> None:
        """On plain paper."""
        if self._made is not None:
            self._work.put(self._made.sheet.report)

    def save(self, suffix: str) -> None:
        """As a spreadsheet or CSV."""
        if self._made is not None:
            self._work.save(self._made.sheet.report, suffix)

    def _reprint(self, closed: ClosedMonth) -> None:
        with guard(self, say=self.notify.emit):
            self._work.reprint(closed)

    def _closed(self, closed: ClosedMonth) -> None:
        words = f"{closed.month:%B %Y} is closed. Its report is kept: Ctrl R prints it."
        self.refresh()
        self._month.history.select_key(closed.month)
        self._month.history.setFocus()
        self.notify.emit(NoticeText(words))
