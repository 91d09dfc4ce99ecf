"""Setup, Account rules: fees, small balances and the sliding fee, typed wrong and then right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.money_rules import MoneyRules
from app.services.door import Services
from app.ui.form import Form
from app.ui.pages.setup import SetupPage
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.office import DAY, small_practice


@dataclass
class Desk:
    """Setup at its section Account rules."""

    services: Services
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)

    def __post_init__(self) -> None:
        s = self.services
        self.page = SetupPage(s.setup, s.directory, s.drafts)
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        self.page.open("money")

    @property
    def form(self) -> Form:
        return next(f for f in self.page.findChildren(Form) if f.isVisible())

    def type(self, name: str, text: str) -> None:
        widget = self.form.widget(name)
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)

    def words(self) -> str:
        return " ".join(w.text() for w in self.form.findChildren(QLabel) if w.isVisible())


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_office(DAY) as (services, _):
        small_practice(services)
        desk = Desk(services, qtbot)
        yield desk
        desk.page.leave()


def test_the_rules_are_shown_typed_and_kept(desk: Desk) -> None:
    assert desk.form.values()["fee_nsf_cents"] == 2500
    desk.type("fee_nsf_cents", "30")
    desk.type("fee_no_show_cents", "45.50")
    desk.type("small_balance_cents", "9.99")
    box = desk.form.widget("sliding_fee_at_posting")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    desk.page.save()
    rules = desk.services.setup.money_rules()
    assert rules == MoneyRules(3000, 4550, small_balance_cents=999, sliding_fee_at_posting=False)
    assert desk.services.fees.usual()["no_show"] == 4550
    assert desk.services.setup.setting("small_balance_cents") == 999
    assert desk.notices[-1].text == "Saved: Account rules"


def test_an_amount_out_of_bounds_is_marked_and_nothing_is_kept(desk: Desk) -> None:
    desk.type("fee_nsf_cents", "31")
    desk.type("small_balance_cents", "100.01")
    desk.page.save()
    assert "Enter 0.00 to 100.00." in desk.words()
    assert desk.services.setup.money_rules() == MoneyRules()


def test_a_blank_amount_asks_for_one(desk: Desk) -> None:
    desk.type("fee_forms_cents", "")
    desk.page.save()
    assert "0.00 leaves it open" in desk.words()
    assert desk.services.setup.money_rules() == MoneyRules()
