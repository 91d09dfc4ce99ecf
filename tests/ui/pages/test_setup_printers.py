"""Setup, Printers: chosen, measured with a ruler, put right, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.print_fit import NO_FIT, PrintFit
from app.services.door import Services
from app.services.printers import PLAIN, STOCK, PrinterTray
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_printers import PrinterRoom, PrintersSection
from app.ui.printing.printer_out import PrinterPrintOut
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.office import DAY, KeptSheets
from tests.ui.printing.paper import PaperPrinters


@dataclass
class Desk:
    """Setup at its section Printers."""

    services: Services
    printers: PaperPrinters
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)

    def __post_init__(self) -> None:
        s = self.services
        out = PrinterPrintOut(s.printers, self.printers, KeptSheets())
        room = PrinterRoom(s.printers, self.printers, out)
        self.page = SetupPage(s.setup, s.directory, s.drafts, room)
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.open("printers")
        found = self.page.findChild(PrintersSection)
        assert found is not None
        self.section = found

    def choose(self, paper: str, printer: str, tray: str = "") -> None:
        box = self.section._papers.widget(f"{paper}_printer")
        box.setFocus()
        QTest.keyClicks(box, printer)
        line = self.section._papers.widget(f"{paper}_tray")
        line.setFocus()
        QTest.keyClicks(line, tray)

    def measure(self, *lengths: str) -> None:
        for name, text in zip(("left", "top", "across", "down"), lengths, strict=True):
            line = self.section._ruler.widget(name)
            assert isinstance(line, QLineEdit)
            line.setFocus()
            line.clear()
            QTest.keyClicks(line, text)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.section._ruler.widget("left"), key)

    def words(self) -> str:
        labels = self.section.findChildren(QLabel)
        return " ".join(w.text() for w in labels if w.isVisible())


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_office(DAY) as (services, _):
        yield Desk(services, PaperPrinters(tmp_path), qtbot)


RED = PrinterTray("Laser", "Tray 2")


def test_a_printer_is_chosen_measured_put_right_and_checked(desk: Desk) -> None:
    desk.choose(STOCK, "Laser", "Tray 2")
    desk.key(Qt.Key.Key_F8)
    desk.qtbot.waitUntil(lambda: bool(desk.notices), timeout=10000)
    assert desk.notices[-1].text.startswith("Sent to Laser, Tray 2. Measure")
    assert desk.printers.opened == [(RED, False)], "the test page is for plain paper"
    assert desk.services.printers.chosen(STOCK) == RED
    desk.measure("1 1/32", "0.98", "6.5", "9")
    assert "From now on: Everything is sent 0.03 in further left, 0.02 in" in desk.words()
    assert desk.services.printers.fit(RED) == NO_FIT, "nothing is kept before Save"
    desk.key(Qt.Key.Key_F9)
    assert desk.services.printers.fit(RED) == PrintFit(right=-3, down=2)
    assert "Now: Everything is sent 0.03 in further left" in desk.words()
    assert "From now on" not in desk.words()
    desk.measure("1", "1.00", "6 1/2", "9")
    desk.key(Qt.Key.Key_F9)
    assert desk.services.printers.fit(RED) == PrintFit(right=-3, down=2), "it is right now"


def test_a_length_that_cannot_be_is_marked_and_nothing_is_kept(desk: Desk) -> None:
    desk.choose(STOCK, "Laser")
    desk.measure("1", "1", "6.3", "8.73")
    assert "fits it to the page" in desk.words()
    desk.key(Qt.Key.Key_F9)
    assert desk.services.printers.fit(PrinterTray("Laser")) == NO_FIT
    desk.measure("soon", "1", "6.5", "9")
    desk.key(Qt.Key.Key_F9)
    assert "Type inches like" in desk.words()
    desk.measure("1", "1", "6.4", "8.86")
    assert "fit the page; choose actual size" in desk.words()


def test_the_correction_is_forgotten_and_brought_back(desk: Desk) -> None:
    desk.services.printers.choose(STOCK, RED)
    desk.services.printers.save_fit(RED, PrintFit(4))
    desk.page.refresh()
    desk.section._clear.trigger()
    assert desk.services.printers.fit(RED) == NO_FIT
    undo = desk.notices[-1].undo
    assert undo is not None
    undo()
    assert desk.services.printers.fit(RED) == PrintFit(4)


def test_back_to_the_folder_and_few_questions_to_the_system(desk: Desk) -> None:
    desk.choose(STOCK, "Laser", "Tray 2")
    desk.choose(PLAIN, "Inkjet")
    desk.key(Qt.Key.Key_F9)
    assert desk.services.printers.chosen(PLAIN) == PrinterTray("Inkjet")
    desk.choose(STOCK, "P")
    desk.page.save()
    assert desk.services.printers.chosen(STOCK) is None
    assert sorted(desk.printers.asked) == ["Inkjet", "Laser"], "each printer is asked once"
    with desk.services.desk.db.query_counter() as queries:
        desk.page.refresh()
    assert queries.count <= 8


def test_without_printers_it_says_so_and_a_lost_one_is_named(desk: Desk) -> None:
    desk.printers.known = ()
    desk.page.refresh()
    assert "no printer set up" in desk.words()
    assert "actual size" in desk.words()
    assert not desk.section._papers.isEnabled()
    desk.services.printers.choose(STOCK, RED)
    desk.page.refresh()
    assert desk.section._papers.isEnabled(), "so that another can be chosen"
    box = desk.section._papers.widget("stock_printer")
    assert "Laser (not there)" in box.currentText()  # type: ignore[attr-defined]
