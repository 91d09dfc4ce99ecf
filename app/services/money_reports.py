"""Money reports with their tie-outs, and the close of a month.

A closed month stays closed: there is no way back. What is wrong in it is corrected with entries
dated in the open month, and its report is reprinted byte by byte.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.domain.errors import NotFound, Refused
from app.domain.findings import Finding
from app.domain.reports import Report
from app.models.books import Journal, PeriodClose
from app.models.closing import MonthClose
from app.models.people import Practice, User
from app.services import _month_close, _report_base, _report_catalog, _verify_books
from app.services.desk import Desk
from app.services.report_commands import ClosedMonth, MonthToClose, ReportInfo, ReportParameters

SPREADSHEET = "xlsx"


class MoneyReportService:
    """Every money report, as a value and as a file; closing months."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- reports ----------------------------------------------------------------------------
    def catalog(self) -> tuple[ReportInfo, ...]:
        """What reports there are, in the order a biller goes through them."""
        return tuple(entry.info for entry in _report_catalog.REPORTS)

    def run(self, key: str, parameters: ReportParameters | None = None) -> Report:
        """A report as of now; one that names patients is audited once.

        Raises:
            NotFound: no such report, or no such check.
        """
        entry = _report_catalog.entry_of(key)
        p = _report_base.asked(parameters or ReportParameters(), self._desk.today)
        with self._desk.read() as session:
            report = entry.make(session, p)
        if entry.info.patients:
            self._note("view report", report)
        return report

    def pdf(self, report: Report) -> bytes:
        """A report on paper, US Letter, its ties at the end; audited."""
        from app.printing.report_pages import report_pdf  # noqa: PLC0415 - reportlab is heavy

        with self._desk.read() as session:
            practice = _practice(session)
        self._note("print report", report)
        return report_pdf(report, practice, self._desk.today)

    def xlsx(self, report: Report) -> bytes:
        """A report as a spreadsheet, numbers as numbers; audited."""
        from app.printing.report_sheets import report_xlsx  # noqa: PLC0415 - loaded when needed

        self._note("export report", report, SPREADSHEET)
        return report_xlsx(report, self._desk.today)

    def csv(self, report: Report) -> bytes:
        """A report's rows as CSV for other programs; audited."""
        from app.printing.report_sheets import report_csv  # noqa: PLC0415 - loaded when needed

        self._note("export report", report, "csv")
        return report_csv(report)

    def _note(self, action: str, report: Report, form: str = "") -> None:
        detail = " ".join(part for part in (f"{len(report.rows)} rows", form) if part)
        with self._desk.write() as session:
            self._desk.audit(session, f"{action} {report.key}", entity="report", detail=detail)

    # --- months -----------------------------------------------------------------------------
    def close_check(self, month: date) -> MonthToClose:
        """What keeps a month from closing (errors) and what to look at first (warnings)."""
        first = month.replace(day=1)
        with self._desk.read() as session:
            found = [*_month_close.loose_ends(session, first, self._desk.today)]
            stop = _month_close.obstacle(session, first, self._desk.today)
            if stop is None and not self._ties(session, first):
                stop = _DO_NOT_TIE
        if stop is not None:
            found.insert(0, Finding(*stop))
        return MonthToClose(first, tuple(found))

    def close_month(self, month: date) -> ClosedMonth:
        """Closes a month for good: its report is kept, and no entry may be dated in it.

        Raises:
            Refused: ``already_closed``, ``month_not_over``, ``earlier_month_open``,
                ``books_do_not_tie``.
        """
        first = month.replace(day=1)
        with self._desk.write() as session:
            stop = _month_close.obstacle(session, first, self._desk.today)
            if stop is None and (
                any(_verify_books.problems(session, self._desk)) or not self._ties(session, first)
            ):
                stop = _DO_NOT_TIE
            if stop is not None:
                raise Refused(*stop)
            row = self._keep(session, first)
            self._desk.audit(session, "close month", entity="month_close", entity_id=row.id,
                             detail=f"{first:%Y-%m}")  # fmt: skip
            return _closed(row, self._user(session))

    def _ties(self, session: Session, first: date) -> bool:
        return _month_close.report_of(_month_close.figures(session, first)).holds

    def _keep(self, session: Session, first: date) -> MonthClose:
        from app.printing.report_pages import report_pdf  # noqa: PLC0415 - reportlab is heavy

        figures = _month_close.figures(session, first)
        report = _month_close.report_of(figures)
        pdf = report_pdf(report, _practice(session), self._desk.today)
        now = self._desk.clock.now()
        through = _month_close.month_ends(first)
        period = PeriodClose(through=through, at=now, user_id=self._desk.user_id)
        session.add(period)
        session.flush()
        told = asdict(figures) | {"month": f"{first:%Y-%m-%d}"}
        row = MonthClose(
            month=first,
            period_close_id=period.id,
            journal_id=session.scalar(select(func.max(Journal.id))) or 0,
            closed_at=now,
            user_id=self._desk.user_id,
            ending_cents=figures.ending,
            figures_json=json.dumps(told, sort_keys=True),
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
        )
        session.add(row)
        session.flush()
        return row

    def _user(self, session: Session) -> str:
        return session.get_one(User, self._desk.user_id).name

    def closed_months(self) -> tuple[ClosedMonth, ...]:
        """Closed months, newest first."""
        query = (
            select(MonthClose, User.name)
            .join(User, User.id == MonthClose.user_id)
            .order_by(MonthClose.month.desc())
            .options(defer(MonthClose.pdf))
        )
        with self._desk.read() as session:
            return tuple(_closed(row, name) for row, name in session.execute(query))

    def open_months(self) -> tuple[date, ...]:
        """Months that are over and have entries but are not closed, by their first days."""
        with self._desk.read() as session:
            return tuple(_month_close.open_months(session, self._desk.today))

    def closed_through(self) -> date | None:
        """The last closed day; None while no month is closed."""
        with self._desk.read() as session:
            return _month_close.closed_through(session)

    def month_pdf(self, month: date) -> bytes:
        """The report of a closed month, the very bytes of that day; audited.

        Raises:
            NotFound: the month is not closed.
        """
        with self._desk.write() as session:
            row = session.scalar(select(MonthClose).where(MonthClose.month == month.replace(day=1)))
            if row is None:
                raise NotFound("This month is not closed yet. Close it first.")
            self._desk.audit(session, "reprint month close", entity="month_close",
                             entity_id=row.id)  # fmt: skip
            return row.pdf


_DO_NOT_TIE = (
    "books_do_not_tie",
    "The books do not tie. Run Verify books; it names the first row that breaks a rule.",
)


def _practice(session: Session) -> str:
    practice = session.get(Practice, 1)
    return practice.name if practice is not None else ""


def _closed(row: MonthClose, user: str) -> ClosedMonth:
    told = json.loads(row.figures_json)
    return ClosedMonth(
        month=row.month,
        closed_on=row.closed_at.date(),
        closed_by=user,
        beginning_cents=told["beginning"],
        charges_cents=told["charges"],
        payments_cents=told["insurer_payments"] + told["patient_payments"],
        adjustments_cents=told["adjustments"],
        refunds_cents=told["refunds"],
        ending_cents=told["ending"],
    )
