"""The encounters page under a biller's hands: types, presses, counts, and looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.encounter_commands import EncounterView
from app.ui.page import Go
from app.ui.pages.encounters import EncountersPage
from app.ui.widgets.notice import NoticeText
from tests.ui.pages.coding_office import CodingOffice

KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier


class Story:
    """The page in its real window, the biller's hands, and a count of what they did."""

    def __init__(self, qtbot: QtBot, office: CodingOffice) -> None:
        self.office, self.services = office, office.services
        self.window = office.window()
        self.window.resize(1440, 900)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.window.show_page("encounters")
        found = self.window.page("encounters")
        assert isinstance(found, EncountersPage)
        self.page = found
        self.notices: list[NoticeText] = []
        self.jumps: list[Go] = []
        self.page.notify.connect(self.notices.append)
        self.page.go.connect(self.jumps.append)
        self.actions = 0
        self.settle()

    def settle(self) -> None:
        QTest.qWait(20)

    def hand(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def type(self, text: str) -> None:
        """One typed field, letter by letter: the first one may open a cell."""
        self.actions += 1
        for letter in text:
            QTest.keyClicks(self.hand(), letter)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.actions += 1
        QTest.keyClick(self.hand(), key, modifier)

    def enter(self, text: str = "") -> None:
        if text:
            self.type(text)
        self.key(KEYS.Key_Return)

    def down(self, text: str = "") -> None:
        if text:
            self.type(text)
        self.key(KEYS.Key_Down)

    def new_for(self, last: str) -> None:
        self.window.go(Go("encounters", ("new", self.office.patients[last])))
        self.actions = 0

    def saved(self, last: str = "Ames") -> EncounterView:
        rows = self.services.queue.list_encounters(patient_id=self.office.patients[last])
        newest = max(row.encounter_id for row in rows)
        return self.services.encounters.show(newest)

    def said(self) -> str:
        return self.notices[-1].text if self.notices else ""

    def cell(self, row: int, key: str) -> str:
        return self.page.bench.sheet.lines.grid.view.grid().row(row).cells.get(key, "")
