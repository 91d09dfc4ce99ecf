"""Reports made on the worker, put on paper and saved; the window never waits for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.reports import Report
from app.services.money_reports import MoneyReportService
from app.services.report_commands import ClosedMonth, MonthToClose, ReportInfo, ReportParameters
from app.ui.jobs import Jobs, Progress
from app.ui.pages.reports_layout import Sheet, laid_out
from app.ui.printout import PrintOut
from app.ui.widgets.notice import NoticeText


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it was asked for and made.

    Attributes:
        close: of the month close: what stands in its way.
    """

    info: ReportInfo
    asked: ReportParameters
    sheet: Sheet
    close: MonthToClose | None = None


class ReportWork(QObject):
    """One thing at a time: a newer question makes the older answer unwanted.

    Attributes:
        made: a ``Made``.
        given_up: she cancelled; nothing was made.
        closed: a month was closed; the ``ClosedMonth``.
        broke: an error to be told in the usual way.
        said: a sentence for the line at the bottom.
    """

    made = Signal(object)
    given_up = Signal()
    closed = Signal(object)
    broke = Signal(object)
    said = Signal(NoticeText)

    def __init__(
        self, money: MoneyReportService, out: PrintOut, jobs: Jobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._money, self._out, self._jobs = money, out, jobs
        self._handle: Progress | None = None
        jobs.state_changed.connect(self._idle)

    @property
    def busy(self) -> bool:
        """True while something is being made."""
        return self._handle is not None

    def make(self, info: ReportInfo, asked: ReportParameters, *, closing: bool = False) -> None:
        """Makes a report; with ``closing`` also what keeps its month from closing."""

        def work() -> Made:
            sheet = laid_out(self._money.run(info.key, asked))
            close = self._money.close_check(asked.start) if closing and asked.start else None
            return Made(info, asked, sheet, close)

        self.forget()
        self._start(info.title, work)

    def forget(self) -> None:
        """What is being made is no longer wanted."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def close_month(self, month: date) -> None:
        """Closes a month for good; the books are verified first."""
        # Once begun it is not given up half-way: whether it is closed must be told.
        self._jobs.run(
            lambda _progress: self._money.close_month(month),
            self.closed.emit,
            self.broke.emit,
            name=f"Closing {month:%B %Y}",
        )

    def put(self, report: Report) -> None:
        """On plain paper."""

        def out(pdf: bytes) -> None:
            self._put(pdf, file_name(report), f"{report.title} is out.")

        self._errand(f"Printing {report.title}", lambda: self._money.pdf(report), out)

    def save(self, report: Report, suffix: str) -> None:
        """As a spreadsheet (``xlsx``) or as ``csv``."""
        make = self._money.xlsx if suffix == "xlsx" else self._money.csv

        def out(content: bytes) -> None:
            self._out.save(
                content, file_name(report), self._say, suffix=suffix, failed=self._refuse
            )

        self._errand(f"Saving {report.title}", lambda: make(report), out)

    def reprint(self, closed: ClosedMonth) -> None:
        """The report of a closed month, as it was.

        Raises:
            NotFound: the month is not closed.
        """
        words = f"{closed.month:%B %Y} printed again, unchanged."
        self._put(self._money.month_pdf(closed.month), "month-close", words)

    def _put(self, pdf: bytes, name: str, words: str) -> None:
        self._out.put(pdf, name, lambda where: self._say(f"{words} {where}"), failed=self._refuse)

    def _say(self, words: str) -> None:
        self.said.emit(NoticeText(words))

    def _refuse(self, words: str) -> None:
        self.said.emit(NoticeText(words, "bad"))

    # --- on the worker ------------------------------------------------------------------------
    def _errand(self, name: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """What changes nothing in the books: a cancelled one ends without its answer."""
        self._jobs.run(lambda progress: _unless_cancelled(progress, name, work), done,
                       self.broke.emit, name=name)  # fmt: skip

    def _start(self, name: str, work: Callable[[], Any]) -> None:
        def home(answer: Any) -> None:
            if self._handle is handle:
                self._handle = None
                self.made.emit(answer)

        def failed(error: BaseException) -> None:
            if self._handle is handle:
                self._handle = None
                self.broke.emit(error)

        handle = self._jobs.run(
            lambda progress: _unless_cancelled(progress, name, work), home, failed, name=name
        )
        self._handle = handle

    def _idle(self, state: object) -> None:
        # The worker is done before its answer is handed out: ask a moment later.
        if state is None and self._handle is not None:
            handle = self._handle
            QTimer.singleShot(0, self, lambda: self._cancelled(handle))

    def _cancelled(self, handle: Progress) -> None:
        if self._handle is handle and handle.cancelled:
            self._handle = None
            self.given_up.emit()


def _unless_cancelled(progress: Progress, name: str, work: Callable[[], Any]) -> Any:
    progress.report(0, 0, name)
    answer = work()
    progress.report(1, 1, name)  # where a cancelled one ends: its answer is not wanted
    return answer


def file_name(report: Report) -> str:
    """A neutral name for its file: which report, nothing of a person."""
    return report.key.replace("_", "-")
