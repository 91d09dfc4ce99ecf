"""Claims: one key prints, one says that the sheet is good; corrections need their reference."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.door import Services
from app.ui.page import Go
from app.ui.pages.claims import ClaimsPage
from app.ui.pages.claims_bar import ConfirmBar
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.pages_view import PagesView
from tests.office import open_office
from tests.ui.pages.office import DAY, KeptSheets, small_practice


class Told:
    """A claims page, what it printed and what it said."""

    def __init__(self, qtbot: QtBot, services: Services) -> None:
        self.sheets = KeptSheets()
        self.page = ClaimsPage(services.claims, self.sheets)
        self.notices: list[NoticeText] = []
        self.jumps: list[Go] = []
        self.page.notify.connect(self.notices.append)
        self.page.go.connect(self.jumps.append)
        qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        with qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.refresh()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.page, key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_one_key_prints_and_one_confirms(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        posted = services.encounters.post_charges(small.encounter)
        told = Told(qtbot, services)
        view = told.page.findChild(PagesView)
        assert view is not None
        assert view.sheet_count() == 1
        told.key(Qt.Key.Key_P, CTRL)
        assert len(told.sheets.pdfs) == 1
        assert told.notices[-1].text.startswith("1 claim on 1 sheet.")
        told.page.open(posted.claim_ids[0])
        bar = told.page.findChild(ConfirmBar)
        assert bar is not None
        assert bar.isVisible()
        told.key(Qt.Key.Key_Return, CTRL)
        row = services.claims.show(posted.claim_ids[0]).row
        assert row.status == "submitted"
        assert row.follow_up_on is not None
        told.key(Qt.Key.Key_R, CTRL)
        assert told.sheets.pdfs[0] == services.claims.reprint(posted.claim_ids[0])


def test_a_spoiled_sheet_makes_the_claim_ready_again(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        posted = services.encounters.post_charges(small.encounter)
        told = Told(qtbot, services)
        told.key(Qt.Key.Key_P, CTRL)
        undo = told.notices[-1].undo
        assert undo is not None
        undo()
        assert services.claims.show(posted.claim_ids[0]).row.status == "ready"


def test_a_correction_without_the_payers_number_is_refused_in_words(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        claim = services.encounters.post_charges(small.encounter).claim_ids[0]
        services.claims.print_claims([claim])
        services.claims.confirm_printed([claim])
        told = Told(qtbot, services)
        told.page.open(claim)
        told.key(Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)
        told.page._make_correction("7", "")
        assert "payer's own claim number" in told.notices[-1].text
        told.page._make_correction("7", "ICN 4711")
        rows = services.claims.list_claims(("ready",))
        assert [r.number for r in rows] == ["10001B"]
        assert services.claims.form(rows[0].claim_id).original_reference == "ICN 4711"


def test_printing_nothing_says_so_and_refresh_is_bounded(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        told = Told(qtbot, services)
        told.key(Qt.Key.Key_P, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert told.notices[-1].text == "No claim is ready to print."
        with services.desk.db.query_counter() as queries:
            told.page.refresh()
        assert queries.count <= 40
