"""Today: what is waiting, the month that ties, and the proof of the books."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.payment_commands import OpenCheck
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.today import TodayPage
from app.ui.table_view import TableView
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.office import DAY, small_practice


def test_loose_ends_lead_where_they_are_tied(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        services.encounters.post_charges(small.encounter)
        services.checks.open_check(OpenCheck(small.payer, 21200, "0049217"))
        jobs = Jobs()
        page = TodayPage(services.today, services.reports, jobs, "Monday")
        jumps: list[Go] = []
        notices: list[NoticeText] = []
        page.go.connect(jumps.append)
        page.notify.connect(notices.append)
        qtbot.addWidget(page)
        page.show()
        with services.desk.db.query_counter() as queries:
            page.refresh()
        assert queries.count <= 18
        table = page.findChild(TableView)
        assert table is not None
        assert [(e.title, e.count, e.cents) for e in table.rows()] == [
            ("Claims ready to print", 1, 35000),
            ("Checks with money remaining", 1, 21200),
        ]
        table.selectRow(0)
        QTest.keyClick(table, Qt.Key.Key_Return)
        assert jumps == [Go("claims", ("show", "ready"))]
        assert services.today.month_so_far().ties
        page.verify()
        qtbot.waitUntil(lambda: bool(notices), timeout=5000)
        assert notices[0].text.startswith("Books verified: 1 entries, 4 postings")
        jobs.shutdown()
