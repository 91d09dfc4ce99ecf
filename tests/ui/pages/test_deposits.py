"""Checks and cash go to the bank: three keys from the list of checks, and a way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.payment_commands import PatientPayment
from app.ui.pages.payments import PaymentsPage
from app.ui.pages.payments_deposits import DepositsView
from tests.ui.pages.reports_desk import CTRL, Window, open_window


class Desk:
    """The deposits in the real window: a check of 100.00 and cash of 2.00 wait."""

    def __init__(self, window: Window) -> None:
        self.w = window
        case = window.office.sent(charges=(10000,))
        self.check = window.office.pay_in_full(case)
        other = window.office.sent(charges=(900,), last="Poe")
        self.guarantor = other.guarantor
        self.cash = self.receive(200)

    def receive(self, cents: int) -> int:
        command = PatientPayment(self.guarantor, cents, method="cash")
        return self.w.services.receipts.receive(command).payment_id

    def enter(self) -> None:
        self.w.enter(Qt.Key.Key_5)
        page = self.w.window.page("payments")
        assert isinstance(page, PaymentsPage)
        assert page.deposits is not None
        self.page, self.view = page, page.deposits

    @property
    def waiting(self) -> list[int]:
        return [money.payment_id for money in self.w.services.deposits.waiting()]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_window(qtbot) as window:
        yield Desk(window)


def test_everything_goes_to_the_bank_in_two_keys_and_back(desk: Desk) -> None:
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    assert "102.00 waits, the oldest since" in desk.w.words()
    assert "2 of 2 taken" in desk.w.words()
    desk.w.key(Qt.Key.Key_D, CTRL)
    assert desk.w.actions == 2
    (slip,) = desk.w.services.deposits.deposits()
    assert (slip.total_cents, slip.count) == (10200, 2)
    assert desk.w.sheets.pdfs == [desk.w.services.deposits.slip(slip.deposit_id)]
    assert desk.w.said() == "Slip 1: 2 items, 102.00. Kept deposit-slip."
    assert desk.waiting == []
    assert not desk.view._make_it.isEnabled()
    desk.w.undo()
    assert sorted(desk.waiting) == sorted([desk.check, desk.cash])
    assert desk.w.services.deposits.deposits()[0].voided_why


def test_a_check_is_left_for_another_day_and_the_bank_is_remembered(desk: Desk) -> None:
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    desk.view.table.select_key(desk.cash)
    desk.w.key(Qt.Key.Key_Space)
    assert "1 of 2 taken" in desk.w.words()
    desk.view.form.go_to("bank")
    desk.w.type("Valley checking")
    desk.w.key(Qt.Key.Key_D, CTRL)
    (slip,) = desk.w.services.deposits.deposits()
    assert (slip.total_cents, slip.bank) == (10000, "Valley checking")
    assert desk.waiting == [desk.cash]
    assert desk.view.form.values()["bank"] == "Valley checking"


def test_a_slip_dated_before_its_check_is_refused(desk: Desk) -> None:
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    desk.view.form.go_to("on")
    desk.w.here().selectAll()  # type: ignore[attr-defined]
    desk.w.type("0101")
    desk.w.key(Qt.Key.Key_D, CTRL)
    assert desk.w.said().startswith("A check cannot be deposited before it was received.")
    assert desk.w.services.deposits.deposits() == ()


def test_the_latest_slip_is_taken_back_with_a_reason(desk: Desk) -> None:
    key = desk.w.services.deposits.make([desk.check])
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    desk.w.key(Qt.Key.Key_F8)
    desk.w.key(Qt.Key.Key_F9)
    assert desk.view._back.form.widget("why").accessibleDescription() == (
        "Say why the slip is taken back."
    )
    desk.w.type("the bank returned it")
    desk.w.key(Qt.Key.Key_F9)
    assert desk.w.services.deposits.deposits()[0].voided_why == "the bank returned it"
    assert desk.w.said() == f"Slip {key} taken back; its checks and cash wait again."
    assert sorted(desk.waiting) == sorted([desk.check, desk.cash])


def test_printed_again_are_the_very_bytes_and_a_jam_says_what_to_do(desk: Desk) -> None:
    key = desk.w.services.deposits.make([desk.check])
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    desk.w.key(Qt.Key.Key_R, CTRL)
    assert desk.w.sheets.pdfs == [desk.w.services.deposits.slip(key)]
    desk.w.sheets.jams = "The printer is out of paper."
    desk.w.key(Qt.Key.Key_D, CTRL)
    assert desk.w.said() == "The printer is out of paper. The slip is kept: Ctrl R prints it."
    assert len(desk.w.services.deposits.deposits()) == 2


def test_the_way_back_and_nothing_waiting(desk: Desk) -> None:
    desk.w.services.deposits.make([desk.check, desk.cash], date(2026, 3, 16))
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    assert isinstance(desk.page._stack.currentWidget(), DepositsView)
    assert "nothing waits" in desk.w.words()
    desk.w.key(Qt.Key.Key_L, CTRL)
    assert desk.page._stack.currentWidget() is desk.page.list
    desk.w.key(Qt.Key.Key_D, CTRL)
    desk.w.key(Qt.Key.Key_N, CTRL)
    assert desk.page._stack.currentWidget() is desk.page.list


def test_the_list_asks_no_more_of_many_than_of_few(desk: Desk) -> None:
    desk.enter()
    desk.w.key(Qt.Key.Key_D, CTRL)
    counts = []
    for many in (1, 4):
        for _ in range(many):
            desk.receive(100)
        desk.w.idle()
        with desk.w.services.desk.db.query_counter() as counter:
            desk.view.refresh()
        counts.append(counter.count)
    assert counts[0] == counts[1] <= 2
