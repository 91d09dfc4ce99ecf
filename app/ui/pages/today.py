"""Today: the loose ends of the day, the month so far, who owes by age."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.money import Cents, format_cents
from app.services.reports import BUCKET_TITLES, Aging, BooksVerified, ReportService
from app.services.today import LooseEnd, MonthSoFar, TodayService
from app.ui.guard import tell
from app.ui.jobs import Jobs
from app.ui.page import Go, Page
from app.ui.pages.patients_figures import GivesWay, Width
from app.ui.reading import Reading
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.bars import AgingBar, AgingBars
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import FigureList, FigureRow, Panel, label

EMPTY = "Nothing is waiting. Enter a patient (Ctrl 2) or an encounter (Ctrl 3)."


def _amount(end: LooseEnd) -> str:
    return "–" if end.cents is None else format_cents(end.cents)


COLUMNS: tuple[Column[LooseEnd], ...] = (
    Column("title", "Loose ends", lambda e: e.title, width=0, look=lambda _: "bold"),
    Column("count", "How many", lambda e: str(e.count), lambda e: e.count, numeric=True, width=84),
    Column(
        "amount",
        "Amount",
        _amount,
        lambda e: e.cents or 0,
        numeric=True,
        width=104,
        look=lambda e: "bad" if e.alarm else "",
    ),
    Column(
        "oldest",
        "Oldest",
        lambda e: format_date(e.oldest) or "–",
        lambda e: str(e.oldest),
        width=104,
    ),
    Column("detail", "", lambda e: e.detail, width=0, muted=True),
)


WIDTHS = (Width("detail", 640), Width("oldest", 490))


class TodayPage(Page):
    """What wants doing now; Enter goes where it is done."""

    NAME = "today"
    TITLE = "Today"
    WATCHES = frozenset({"encounter", "claim", "payment", "posting", "patient", "setting"})

    def __init__(
        self, today: TodayService, reports: ReportService, jobs: Jobs, date_line: str
    ) -> None:
        super().__init__()
        self._today, self._reports, self._jobs = today, reports, jobs
        self._date_line = date_line
        self._reading = Reading(jobs, self, lambda error: tell(error, self, say=self.notify.emit))
        self._ends = TableView[LooseEnd](COLUMNS, lambda e: e.key, empty=EMPTY, name="Loose ends")
        GivesWay(self._ends, COLUMNS, WIDTHS)
        self._month, self._bars = FigureList(), AgingBars()
        self._proof = label("", "muted", wrap=True)
        self._verify = make_action(self, "Verify books", "F5", self.verify, everywhere=True)
        self._lay_out()
        self._ends.activated_row.connect(self._go)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        ends = Panel(flush=True)
        ends.add(self._ends, 1)
        row.addWidget(ends, 2)
        right = QVBoxLayout()
        right.setSpacing(dp(16))
        month = Panel("This month")
        self._month_panel = month
        month.add(self._month)
        month.add(self._proof)
        aging = Panel("Who owes, by age")
        aging.add(self._bars)
        right.addWidget(month)
        right.addWidget(aging)
        right.addWidget(self._verify_row())
        right.addStretch(1)
        row.addLayout(right, 1)

    def _verify_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(button_for(self._verify))
        return box

    def refresh(self) -> None:
        """Reads the loose ends, the month and the aging again."""
        self.title_changed.emit(self.TITLE, self._date_line)
        self._reading.ask(self._read, self._shown)

    def _read(self) -> tuple[Sequence[LooseEnd], MonthSoFar, Aging]:
        return self._today.loose_ends(), self._today.month_so_far(), self._reports.aging()

    def _shown(self, found: tuple[Sequence[LooseEnd], MonthSoFar, Aging]) -> None:
        ends, month, aging = found
        self._ends.set_rows(ends)
        self._show_month(month, tied=month.ties and aging.total == month.receivable)
        self._show_aging(aging)
        self.counted.emit(sum(end.count for end in ends))

    def _show_month(self, month: MonthSoFar, *, tied: bool) -> None:
        self._month_panel.set_title(f"{month.month:%B} so far")
        rows = [
            FigureRow("Open on the 1st", format_cents(month.opening)),
            FigureRow("Charges", format_cents(month.charges)),
            FigureRow("Insurer payments", format_cents(-month.insurer_payments)),
            FigureRow("Patient payments", format_cents(-month.patient_payments)),
            FigureRow("Write-offs", format_cents(-month.adjustments)),
        ]
        if month.refunds:
            rows.append(FigureRow("Refunds", format_cents(month.refunds)))
        rows.append(FigureRow("Open now (A/R)", format_cents(month.receivable), "total"))
        self._month.show_rows(rows)
        self._proof.setText(
            "Opening and movements add up to what is open, and so does who owes ✓"
            if tied
            else "The figures do not explain what is open. Verify the books (F5)."
        )

    def _show_aging(self, aging: Aging) -> None:
        def sums(kind: str) -> list[int]:
            rows = [row.cells for row in aging.rows if row.kind == kind]
            return [sum(cells) for cells in zip(*rows, strict=True)] or [0] * len(BUCKET_TITLES)

        insurers, patients = sums("insurer"), sums("patient")
        self._bars.show_bars(
            [
                AgingBar(title, Cents(insurers[n]), Cents(patients[n]))
                for n, title in enumerate(BUCKET_TITLES)
            ]
        )

    def _go(self, end: LooseEnd) -> None:
        self.go.emit(Go(end.page, ("show", end.key)))

    def verify(self) -> None:
        """Proves the books on the worker and says what was found."""
        self._jobs.run(
            lambda _progress: self._reports.verify_books(), self._verified, name="Verifying books"
        )

    def _verified(self, found: BooksVerified) -> None:
        if found.problems:
            self.notify.emit(NoticeText(found.problems[0], "bad"))
            return
        self.notify.emit(
            NoticeText(
                f"Books verified: {found.journals:,} entries, {found.postings:,} postings, "
                "every entry sums to 0.00."
            )
        )
