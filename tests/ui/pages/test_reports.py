"""Reports by keyboard: chosen, made on the worker, gone into, printed, saved; the month closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pdfplumber
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.findings import Severity
from app.domain.reports import Report, Tie
from app.services.report_commands import ReportParameters
from app.ui.page import Go
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports_asks import MONTH, days_of
from app.ui.pages.reports_layout import HEAD, SUBTOTAL, TOTAL, laid_out
from app.ui.pages.reports_list import GROUPS
from tests.services.front_desk import TODAY
from tests.ui.pages.reports_desk import CTRL, SHIFT, Window, open_window

MARCH = date(2026, 3, 1)


class Desk:
    """The reports page in the real window."""

    def __init__(self, window: Window) -> None:
        self.w = window

    def enter(self) -> None:
        self.w.enter(Qt.Key.Key_8)
        page = self.w.window.page("reports")
        assert isinstance(page, ReportsPage)
        self.page = page

    def pick(self, words: str) -> None:
        """Filter, type, Enter: three actions."""
        self.w.key(Qt.Key.Key_F, CTRL)
        self.w.here().selectAll()  # type: ignore[attr-defined]
        self.w.type(words)
        self.w.key(Qt.Key.Key_Return)
        self.w.idle()

    def cells(self) -> list[tuple[str, ...]]:
        return [line.cells for line in self.page._table.lines()]

    def report(self) -> Report:
        assert self.page._made is not None
        return self.page._made.sheet.report


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_window(qtbot) as window:
        yield Desk(window)


def test_a_report_in_three_actions_with_its_ties_and_the_way_on(desk: Desk) -> None:
    case = desk.w.busy_month()
    desk.enter()
    desk.pick("patient aging")
    assert desk.w.actions == 3
    assert desk.cells()[0] == ("Patients",)
    assert desk.cells()[1][-1] == "6.00"
    assert "Yes, every figure ties to the cent." in desk.w.words()
    assert QApplication.focusWidget() is desk.page._table
    desk.w.key(Qt.Key.Key_Return)
    assert desk.w.jumps == [Go("patients", ("account", case.patient))]


def test_enter_in_what_is_asked_runs_it_again(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("day sheet")
    assert desk.report().total("payments") == 7400
    desk.w.key(Qt.Key.Key_F4)
    desk.w.type("y")
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.report().rows == ()
    assert "Nothing was entered in these days." in desk.page._table._empty
    desk.w.key(Qt.Key.Key_Tab)
    desk.w.type("t")
    form = desk.page._form
    assert form is not None
    assert form.values()["preset"] == "chosen"
    desk.w.key(Qt.Key.Key_Tab)
    desk.w.type("t")
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.report().total("payments") == 7400


def test_a_payer_is_gone_into_and_its_patients_shown(desk: Desk) -> None:
    case = desk.w.office.sent()
    desk.enter()
    desk.pick("insurance aging")
    assert desk.cells()[0][0] == "Blue Ridge Health"
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.cells()[1][0].startswith("Doe, ")
    form = desk.page._form
    assert form is not None
    assert (form.values()["detail"], form.values()["payer_id"]) == (
        True,
        desk.w.office.lists.primary,
    )
    desk.w.key(Qt.Key.Key_Return)
    assert desk.w.jumps == [Go("patients", ("account", case.patient))]
    desk.pick("outstanding")
    desk.w.key(Qt.Key.Key_Return)
    assert desk.w.jumps[-1] == Go("claims", case.claim)


def test_a_check_is_proved_by_its_number(desk: Desk) -> None:
    case = desk.w.busy_month()
    desk.enter()
    desk.pick("check proof")
    assert desk.w.said() == "Type the number of the check, or its payer."
    desk.w.type("4711")
    QTest.qWait(80)
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.report().total("paid") == 7000
    assert desk.report().holds
    desk.page._table.setFocus()
    desk.w.key(Qt.Key.Key_Return)
    assert desk.w.jumps == [Go("claims", case.claim)]


def test_paper_spreadsheet_and_csv(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("payments")
    desk.page.open("payments")
    desk.w.idle()
    desk.w.key(Qt.Key.Key_P, CTRL)
    desk.w.idle()
    assert desk.w.said() == "Payments by tender is out. Kept payments."
    assert desk.w.sheets.sheets == [()], "plain paper"
    with pdfplumber.open(BytesIO(desk.w.sheets.pdfs[0])) as document:
        assert "70.00" in document.pages[0].extract_text()
    desk.w.key(Qt.Key.Key_S, CTRL)
    desk.w.idle()
    assert desk.w.said() == "Kept payments.xlsx."
    desk.w.key(Qt.Key.Key_S, CTRL | SHIFT)
    desk.w.idle()
    assert desk.w.said() == "Kept payments.csv."
    assert desk.w.sheets.files[0][:2] == b"PK"
    assert desk.w.sheets.files[1] == desk.w.services.money.csv(desk.report())
    desk.w.sheets.jams = "The printer is out of paper."
    desk.w.key(Qt.Key.Key_P, CTRL)
    desk.w.idle()
    assert desk.w.said() == "The printer is out of paper."


def test_every_report_of_the_catalog_is_listed_made_and_drawn(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    keys = [info.key for info in desk.w.services.money.catalog()]
    assert sorted(" ".join(keys for _, keys in GROUPS).split()) == sorted(keys)
    for key in keys:
        if key == "batch_proof":
            continue
        desk.page.open(key)
        desk.w.idle()
        assert desk.report().key == key
        assert desk.report().holds
        desk.w.window.grab()


def test_a_report_is_found_from_anywhere(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.w.key(Qt.Key.Key_1, CTRL)
    desk.w.key(Qt.Key.Key_K, CTRL)
    desk.w.type("patient aging")
    QTest.qWait(80)
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.w.window.current_page() == "reports"
    assert desk.report().key == "patient_aging"


def test_the_filter_knows_what_a_report_answers(desk: Desk) -> None:
    desk.enter()
    desk.w.key(Qt.Key.Key_F, CTRL)
    desk.w.type("whose money")
    assert desk.page._list.seen() == ("credits",)
    assert desk.page._list.key() == "credits"
    desk.w.key(Qt.Key.Key_Down)
    desk.w.key(Qt.Key.Key_Return)
    desk.w.idle()
    assert desk.report().key == "credits"


def test_a_slow_report_never_holds_the_window_and_can_be_cancelled(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    gate, run = threading.Event(), desk.w.services.money.run
    threads = []

    def slowly(key: str, asked: ReportParameters | None = None) -> Report:
        threads.append(threading.current_thread())
        gate.wait(10)
        return run(key, asked)

    desk.w.services.money.run = slowly  # type: ignore[method-assign,assignment]
    desk.w.key(Qt.Key.Key_F5)
    QTest.qWait(30)
    assert desk.w.jobs.busy(), "the window goes on"
    desk.w.jobs.cancel()
    gate.set()
    desk.w.idle()
    assert desk.page._made is None
    assert desk.page._table._empty.startswith("Cancelled.")
    desk.w.key(Qt.Key.Key_F5)
    desk.w.idle()
    assert desk.report().key == "day_sheet"
    assert all(thread is not threading.main_thread() for thread in threads)


def test_a_newer_question_makes_the_older_answer_unwanted(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.page.open("adjustments")
    desk.page.open("total_aging")
    desk.w.idle()
    assert desk.report().key == "total_aging"


def test_a_new_report_does_not_call_off_one_being_printed(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("adjustments")
    desk.w.key(Qt.Key.Key_P, CTRL)
    desk.page.open("total_aging")
    desk.w.idle()
    assert len(desk.w.sheets.pdfs) == 1
    assert desk.report().key == "total_aging"


def test_what_was_shown_is_made_again_when_the_books_change(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("accounts receivable aging")
    before = desk.report().total("total")
    desk.w.office.sent(last="Poe", charges=(2500,))
    desk.w.idle()
    assert desk.report().total("total") == before + 2500


def test_the_month_is_closed_in_two_keys_and_stays_so(desk: Desk) -> None:
    desk.w.busy_month()
    desk.w.clock.day = date(2026, 4, 2)
    desk.enter()
    desk.pick("month close")
    assert "1 payment with money that waits unapplied." in desk.w.words()
    assert "There is no way back" in desk.w.words()
    desk.w.actions = 0
    desk.w.key(Qt.Key.Key_F9)
    assert "Press F9 once more and March 2026 is closed for good." in desk.w.words()
    assert desk.w.services.money.closed_months() == ()
    desk.w.key(Qt.Key.Key_Escape)
    assert "Press F9 once more" not in desk.w.words()
    desk.w.key(Qt.Key.Key_F9)
    desk.w.key(Qt.Key.Key_F9)
    desk.w.idle()
    (closed,) = desk.w.services.money.closed_months()
    assert (closed.month, closed.ending_cents) == (MARCH, 600)
    assert desk.w.said() == "March 2026 is closed. Its report is kept: Ctrl R prints it."
    assert "is closed and stays so" in desk.w.words()
    assert "waits unapplied" not in desk.w.words()
    assert not desk.page._month.close_action.isEnabled()
    desk.w.key(Qt.Key.Key_R, CTRL)
    assert desk.w.sheets.pdfs == [desk.w.services.money.month_pdf(MARCH)]
    assert desk.w.said().startswith("March 2026 printed again, unchanged.")


def test_a_month_that_is_not_over_says_when_it_can_be_closed(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.page.open((MONTH, ReportParameters(start=MARCH)))
    desk.w.idle()
    assert "March 2026 can be closed from 03/31/2026 on." in desk.w.words()
    desk.w.key(Qt.Key.Key_F9)
    desk.w.idle()
    assert desk.w.services.money.closed_months() == ()
    check = desk.w.services.money.close_check(MARCH)
    assert check.findings[0].severity is Severity.ERROR


def test_a_tie_that_does_not_hold_is_told_in_words(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("accounts receivable aging")
    made = desk.page._made
    assert made is not None
    wrong = replace(made.sheet.report, ties=(Tie("Aging = postings", 60000, 59900),))
    desk.page._show(replace(made, sheet=laid_out(wrong)))
    assert "No: 1 of 1 do not. Verify books on Today (F5) says where." in desk.w.words()
    assert desk.page._ties._rows[0][0].text() == "off by 1.00"
    assert "600.00 is not 599.00" in desk.w.words()


def test_refresh_asks_a_few_questions_whatever_there_is(desk: Desk) -> None:
    desk.w.office.sent(last="Abel")
    desk.enter()
    desk.pick("outstanding")
    counts = []
    for names in (("Bird",), ("Cruz", "Dunn", "Eads")):
        for name in names:
            desk.w.office.sent(last=name)
        desk.w.idle()
        with desk.w.services.desk.db.query_counter() as counter:
            desk.page.refresh()
            desk.w.idle()
        counts.append(counter.count)
    assert counts[0] == counts[1]
    assert counts[0] <= 30, counts


def test_rows_are_copied_with_their_headings(desk: Desk) -> None:
    desk.w.busy_month()
    desk.enter()
    desk.pick("adjustments")
    desk.w.key(Qt.Key.Key_C, CTRL)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Payer", "Entries", "Adjusted"]
    assert lines[1].split("\t") == ["Blue Ridge Health", "1", "20.00"]


def test_subtotals_and_totals_stand_where_the_paper_has_them(desk: Desk) -> None:
    desk.w.busy_month()
    money = desk.w.services.money
    sheet = laid_out(money.run(MONTH, ReportParameters(start=MARCH)))
    looks = [line.look for line in sheet.lines]
    assert looks[0] == HEAD
    assert sheet.lines[7].look == SUBTOTAL
    assert sheet.lines[7].cells == ("Ending receivable", "6.00")
    day = laid_out(money.run("day_sheet", ReportParameters(start=TODAY, end=TODAY)))
    assert day.lines[-1].look == TOTAL
    assert day.row_count == len(day.report.rows)


@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2028, 2, 29), date(2026, 12, 1)])
def test_presets_are_days_of_the_calendar(today: date) -> None:
    first, last = days_of("last", today)
    assert last + timedelta(days=1) == today.replace(day=1)
    assert first.day == 1
    assert (first.year, first.month) == (last.year, last.month)
    assert days_of("year", today)[0] == date(today.year, 1, 1)
    assert days_of("yesterday", today)[0] == today - timedelta(days=1)
