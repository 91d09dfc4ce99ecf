"""A biller at the reports, at the bank's slips and at an account of the past: types and counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.services.clock import SetClock
from app.services.door import Services
from app.services.payment_commands import Application, PatientPayment
from app.ui.changes import Changes
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.rooms import Rooms
from app.ui.window import MainWindow
from tests.office import open_office
from tests.services.front_desk import TODAY, Case, Office, eob, off, stock, to
from tests.ui.pages.office import KeptSheets

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


class Window:
    """The real window; every key, chord and typed field counts as one action."""

    def __init__(self, qtbot: QtBot, services: Services, clock: SetClock) -> None:
        self.services, self.clock, self.qtbot = services, clock, qtbot
        self.office = Office(services, clock, stock(services))
        self.jobs, self.sheets, self.actions = Jobs(), KeptSheets(), 0
        self.jumps: list[Go] = []
        self.changes = Changes()
        services.subscribe(self.changes.publish)

    def busy_month(self) -> Case:
        """A charge of 100.00: 70.00 paid by check, 20.00 written off, 4.00 of 5.00 cash placed."""
        case = self.office.sent(charges=(10000,))
        check = self.office.check(7000)
        self.office.post(check, case.claim, eob(case.lines[0], 10000, 7000, off(2000), to(1000)))
        self.services.checks.close_check(check)
        self.services.receipts.receive(
            PatientPayment(case.guarantor, 500, (Application(case.lines[0], 400),), method="cash")
        )
        return case

    def enter(self, key: Qt.Key) -> None:
        """Opens the window at the page of Ctrl and a digit."""
        self.window: MainWindow = Rooms(self.services, self.jobs, self.sheets).window(self.changes)
        self.qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.key(key, CTRL)
        page = self.window.page(self.window.current_page())
        assert page is not None
        page.go.disconnect()
        page.go.connect(self.jumps.append)
        self.idle()
        self.actions = 0

    def here(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.actions += 1
        QTest.keyClick(self.here(), key, modifier)

    def type(self, text: str) -> None:
        self.actions += 1
        QTest.keyClicks(self.here(), text)

    def idle(self) -> None:
        QTest.qWait(20)
        self.qtbot.waitUntil(lambda: not self.jobs.busy(), timeout=20000)
        QTest.qWait(20)

    def said(self) -> str:
        return self.window._footer.notice.text()

    def undo(self) -> None:
        self.window._footer.notice.undo()

    def words(self) -> str:
        QTest.qWait(10)  # layouts show what is new a moment later
        labels = self.window.findChildren(QLabel)
        return " | ".join(w.text() for w in labels if w.isVisible() and w.text())


@contextmanager
def open_window(qtbot: QtBot) -> Iterator[Window]:
    """A fresh practice on the day of the tests."""
    with open_office(TODAY) as (services, clock):
        made = Window(qtbot, services, clock)
        yield made
        made.jobs.shutdown()
