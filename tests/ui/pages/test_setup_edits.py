"""Setup, Claim edits: all are listed, with what they need, their counts and the payers spared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.findings import Severity
from app.services.claim_commands import PassEdit
from app.services.door import Services
from app.ui.form import Form
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_edits import EditsRoom, EditsSection, ListedEdit
from app.ui.table_view import TableView
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.office import DAY, Small, small_practice


@dataclass
class Desk:
    """Setup at its section Claim edits."""

    services: Services
    small: Small
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)

    def __post_init__(self) -> None:
        s = self.services
        room = EditsRoom(s.scrub, s.directory)
        self.page = SetupPage(s.setup, s.directory, s.drafts, edits=room)
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        self.page.open("edits")
        found = self.page.findChild(EditsSection)
        assert found is not None
        self.section = found

    @property
    def list(self) -> TableView[ListedEdit]:
        found: TableView[ListedEdit] | None = self.section.findChild(TableView)
        assert found is not None
        return found

    def row(self, edit: str) -> ListedEdit:
        return next(row for row in self.list.rows() if row.edit.edit_id == edit)

    def words(self) -> str:
        labels = self.section.findChildren(QLabel)
        return " ".join(w.text() for w in labels if w.isVisible())

    def payer_form(self) -> Form:
        self.page.open(("payers", self.small.payer, "edits_off"))
        return next(f for f in self.page.findChildren(Form) if f.isVisible())

    def switch_off(self, typed: str) -> None:
        line = self.payer_form().widget("edits_off")
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(line, typed)
        self.page.save()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_office(DAY) as (services, _):
        desk = Desk(services, small_practice(services), qtbot)
        yield desk
        desk.page.leave()  # as the window does: no draft is kept after the practice is closed


def test_all_edits_are_listed_with_their_severity_and_the_table_they_need(desk: Desk) -> None:
    rows = desk.list.rows()
    assert len(rows) == 128
    assert {row.edit.severity for row in rows} == set(Severity)
    assert (desk.row("E079").edit.table, desk.row("E080").edit.table) == ("NCCI PTP", "MUE")
    assert desk.row("E015").edit.table == ""
    with desk.services.desk.db.query_counter() as queries:
        desk.page.refresh()
    assert queries.count <= 4


def test_typed_words_find_an_edit_and_it_is_told_in_full(desk: Desk) -> None:
    QTest.keyClicks(desk.section._words, "e080")
    assert [row.edit.edit_id for row in desk.list.rows()] == ["E080"]
    assert "needs the table: MUE" in desk.words()
    assert "stood on: 0; let pass: 0." in desk.words()


def test_an_edit_is_switched_off_for_one_payer_in_its_form(desk: Desk) -> None:
    desk.switch_off("e015, e033 e015")
    assert desk.services.directory.payer(desk.small.payer).edits_off == "E015 E033"
    desk.page.open("edits")
    name = desk.services.directory.payer(desk.small.payer).name
    assert desk.row("E033").off_for == (name,)
    assert desk.row("E034").off_for == ()
    desk.list.select_key("E015")
    assert f"Switched off for {name}." in desk.words()


def test_a_word_that_is_no_edit_is_marked_and_not_kept(desk: Desk) -> None:
    desk.switch_off("NPI")
    shown = [w.text() for w in desk.page.findChildren(QLabel) if w.isVisible()]
    assert any("“NPI” is no edit" in text for text in shown)
    assert desk.services.directory.payer(desk.small.payer).edits_off == ""


def test_an_edit_always_let_pass_asks_to_be_tuned(desk: Desk) -> None:
    claims, small = desk.services.claims, desk.small
    payer = desk.services.directory.payer(small.payer)
    address = replace(payer.address, line1="", city="", state="", zip="")
    desk.services.setup.save_payer(replace(payer, address=address))
    claim = desk.services.encounters.post_charges(small.encounter).claim_ids[0]
    passed = {c.finding.edit_id for c in claims.show(claim).checks if c.stops}
    assert passed, "the claim has something to let pass"
    for edit in passed:
        claims.let_pass(PassEdit(claim, edit, "She sends it by hand."))
    claims.print_claims([claim])
    desk.page.refresh()
    assert {r.edit.edit_id for r in desk.list.rows() if r.edit.wants_tuning} == passed
    desk.list.select_key(min(passed))
    assert "stood on: 1; let pass: " in desk.words()
    assert "let pass more often than not" in desk.words()
