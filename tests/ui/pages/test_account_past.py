"""The account as of a past day: plainly marked, nothing can be changed, one key back to now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.account import AccountView
from app.services.payment_commands import Application, PatientPayment
from app.ui.pages.patients import PatientsPage
from app.ui.pages.patients_account import AccountPane
from tests.services.front_desk import Case
from tests.ui.pages.reports_desk import CTRL, Window, open_window


class Desk:
    """An account of 100.00 of which the patient paid 40.00 a week later."""

    def __init__(self, window: Window) -> None:
        self.w = window
        self.case: Case = window.busy_month()
        window.clock.day = date(2026, 3, 23)
        window.services.receipts.receive(
            PatientPayment(self.case.guarantor, 600, (Application(self.case.lines[0], 600),))
        )

    def view(self, pane: AccountPane) -> AccountView:
        """What is shown."""
        assert pane._view is not None
        return pane._view

    def enter(self) -> AccountPane:
        self.w.enter(Qt.Key.Key_2)
        page = self.w.window.page("patients")
        assert isinstance(page, PatientsPage)
        page.open(("account", self.case.patient))
        self.w.actions = 0
        return page._views.account


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_window(qtbot) as window:
        yield Desk(window)


def test_the_past_in_three_actions_and_back_in_one(desk: Desk) -> None:
    pane = desk.enter()
    assert desk.view(pane).balance_cents == 0
    desk.w.key(Qt.Key.Key_H, CTRL)
    desk.w.type("0320")
    desk.w.key(Qt.Key.Key_Return)
    assert desk.w.actions == 3
    assert desk.view(pane).as_of == date(2026, 3, 20)
    assert desk.view(pane).balance_cents == 600
    assert "As it stood at the end of 03/20/2026" in desk.w.words()
    assert "Balance then" in desk.w.words()
    for action in (pane._pay, pane._off, pane._pass, pane._back, pane._put):
        assert not action.isEnabled()
    desk.w.key(Qt.Key.Key_Escape)
    assert desk.view(pane).as_of is None
    assert "Balance then" not in desk.w.words()
    assert pane._pay.isEnabled()


def test_a_day_that_cannot_be_read_is_told_and_today_is_now(desk: Desk) -> None:
    pane = desk.enter()
    desk.w.key(Qt.Key.Key_H, CTRL)
    desk.w.type("13/45")
    desk.w.key(Qt.Key.Key_Return)
    assert pane._past.day is None
    assert pane._past._words.text() == pane._past.field.problem() != ""
    pane._past.field.selectAll()
    desk.w.type("t")
    desk.w.key(Qt.Key.Key_Return)
    assert pane._past.isHidden()
    assert desk.view(pane).as_of is None


def test_another_patient_is_shown_as_of_now(desk: Desk) -> None:
    other = desk.w.office.sent(last="Poe").patient
    pane = desk.enter()
    desk.w.key(Qt.Key.Key_H, CTRL)
    desk.w.type("0320")
    desk.w.key(Qt.Key.Key_Return)
    page = desk.w.window.page("patients")
    assert page is not None
    page.open(("account", other))
    now = desk.view(pane)
    assert (now.patient_id, now.as_of) == (other, None)
    assert pane._past.isHidden()
