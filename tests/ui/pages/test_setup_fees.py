"""Setup, Fee schedules, typed: a contract, a raise seen first, a file with its columns named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.reference import FileKind
from app.services.door import Services
from app.services.fee_commands import Fate, Field, SaveFee, SaveSchedule, ScheduleKind
from app.ui.form import Form
from app.ui.jobs import Jobs
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_fees import FeesSection
from app.ui.pages.setup_fees_room import FeesRoom
from app.ui.widgets.notice import NoticeText
from tests.codesets.official_files import official
from tests.office import open_office
from tests.services.reference_desk import take
from tests.ui.pages.office import DAY, KeptSheets, Small, small_practice

NEW_YEAR = date(2027, 1, 1)
FILE = "Price list,,\nCPT,Text,Amount\n99214,Visit,190\n20610,Injection,165\n9921,,1\n"


@dataclass
class Desk:
    """Setup at its section Fee schedules."""

    services: Services
    small: Small
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)
    out: KeptSheets = field(default_factory=KeptSheets)

    def __post_init__(self) -> None:
        s = self.services
        self.jobs = Jobs()
        room = FeesRoom(s.fee_schedules, s.medicare, self.jobs, self.out, lambda: DAY)
        self.page = SetupPage(
            s.setup, s.directory, s.drafts, fees=room, favourites=s.favourites, today=lambda: DAY
        )
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.open("fees")
        found = self.page.findChild(FeesSection)
        assert found is not None
        self.section = found

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.section.table, key)

    def type(self, form: Form, name: str, text: str) -> QWidget:
        widget = form.widget(name)
        widget.setFocus()
        if not isinstance(widget, QComboBox):
            QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)
        return widget

    def told(self, words: str) -> None:
        """Waits for a notice of the worker."""
        self.qtbot.waitUntil(
            lambda: bool(self.notices) and self.notices[-1].text == words, timeout=5000
        )

    def words(self) -> str:
        shown = (w for w in self.page.findChildren(QLabel) if w.isVisible())
        return " ".join(w.text() for w in shown)

    def fees(self, key: int) -> list[tuple[str, int, date | None, date | None]]:
        rows = self.services.fee_schedules.fees(key)
        return [(f.code, f.cents, f.starts, f.ends) for f in rows]

    def usual(self) -> int:
        return self.services.fee_schedules.schedules()[0].schedule_id

    def read(self, path: Path) -> None:
        self.section.importing.read(path)
        self.qtbot.waitUntil(lambda: bool(self.section.importing.table.rows()), timeout=5000)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_office(DAY) as (services, _):
        desk = Desk(services, small_practice(services), qtbot)
        yield desk
        desk.jobs.shutdown()
        desk.page.leave()


def test_a_contract_is_typed_with_its_fees_and_given_to_its_payer(desk: Desk) -> None:
    desk.section.table.setFocus()
    QTest.keyClick(desk.section.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.type(desk.section.schedule_form, "name", "Blue Ridge 2026")
    desk.press(Qt.Key.Key_F9)
    key = desk.services.fee_schedules.schedules()[-1].schedule_id
    assert desk.notices[-1].text == "Saved: Blue Ridge 2026"
    desk.press(Qt.Key.Key_F2)
    desk.type(desk.section.fee_form, "code", "99214")
    desk.type(desk.section.fee_form, "cents", "131.5")
    desk.press(Qt.Key.Key_F9)
    assert desk.fees(key) == [("99214", 13150, None, None)]
    desk.press(Qt.Key.Key_F2)
    desk.type(desk.section.fee_form, "code", "99214")
    desk.type(desk.section.fee_form, "cents", "140")
    desk.type(desk.section.fee_form, "starts", "010127")
    desk.press(Qt.Key.Key_F9)
    assert desk.fees(key) == [
        ("99214", 13150, None, date(2026, 12, 31)),
        ("99214", 14000, NEW_YEAR, None),
    ]
    desk.page.open(("payers", desk.small.payer, "contract_schedule_id"))
    form = next(f for f in desk.page.findChildren(Form) if f.isVisible())
    desk.type(form, "contract_schedule_id", "Blue")
    desk.page.save()
    assert desk.services.directory.payer(desk.small.payer).contract_schedule_id == key


def test_a_fee_of_days_already_taken_is_marked(desk: Desk) -> None:
    key = desk.services.fee_schedules.save_schedule(SaveSchedule("Contract"))
    desk.services.fee_schedules.save_fee(SaveFee(key, "99214", 100, starts=NEW_YEAR))
    desk.page.refresh()
    desk.section.list.select_key(key)
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F2)
    desk.type(desk.section.fee_form, "cents", "2")
    desk.type(desk.section.fee_form, "starts", "010127")
    desk.press(Qt.Key.Key_F9)
    assert "has a fee from 01/01/2027 already" in desk.words()


def test_a_removed_fee_comes_back_with_undo(desk: Desk) -> None:
    key = desk.services.fee_schedules.save_schedule(SaveSchedule("Contract"))
    desk.services.fee_schedules.save_fee(SaveFee(key, "99214", 100, starts=NEW_YEAR))
    desk.page.refresh()
    desk.section.list.select_key(key)
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F8)
    assert desk.fees(key) == []
    undo = desk.notices[-1].undo
    assert undo is not None
    undo()
    assert desk.fees(key) == [("99214", 100, NEW_YEAR, None)]


def test_a_schedule_is_renamed_and_an_empty_one_removed(desk: Desk) -> None:
    key = desk.services.fee_schedules.save_schedule(SaveSchedule("Contract"))
    desk.page.refresh()
    desk.section.list.select_key(key)
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F5)
    desk.type(desk.section.schedule_form, "name", "Blue Ridge")
    desk.press(Qt.Key.Key_F9)
    names = [row.name for row in desk.services.fee_schedules.schedules()]
    assert names == ["Usual charges", "Blue Ridge"]
    desk.press(Qt.Key.Key_F5)
    desk.press(Qt.Key.Key_F8)
    assert desk.notices[-1].text == "Removed: Blue Ridge"
    assert len(desk.services.fee_schedules.schedules()) == 1
    desk.press(Qt.Key.Key_F5)
    desk.press(Qt.Key.Key_F8)
    assert "usual charges" in desk.notices[-1].text


def test_all_charges_are_raised_after_being_seen_and_taken_back(desk: Desk) -> None:
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F3)
    form = desk.section.raising.form
    desk.type(form, "percent", "4.25")
    desk.type(form, "round_cents", "to the d")
    desk.type(form, "starts", "010127")
    desk.qtbot.waitUntil(lambda: bool(desk.section.raising.table.rows()), timeout=2000)
    seen = [(r.code, r.before, r.after) for r in desk.section.raising.table.rows()]
    assert seen == [("20610", 16500, 17200), ("99214", 18500, 19300)]
    assert "2 fees: one of each was 350.00, will be 365.00." in desk.words()
    assert len(desk.fees(desk.usual())) == 2
    desk.press(Qt.Key.Key_F9)
    desk.told("Raised by 4.25 % from 01/01/2027.")
    assert desk.services.fee_schedules.charge_for("99214", "", NEW_YEAR) == 19300
    desk.press(Qt.Key.Key_F3)
    assert "4.25 % from 01/01/2027, rounded to the dollar" in str(
        desk.section.raising.past.model().index(0, 0).data()
    )
    desk.section.raising.past.selectRow(0)
    desk.press(Qt.Key.Key_F8)
    desk.told("The raise was taken back.")
    assert desk.services.fee_schedules.charge_for("99214", "", NEW_YEAR) == 18500
    desk.press(Qt.Key.Key_Escape)
    assert desk.section.table.isVisible()


def test_a_raise_in_the_past_is_marked(desk: Desk) -> None:
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F3)
    desk.press(Qt.Key.Key_F9)
    assert "Type the percentage." in desk.words()
    desk.type(desk.section.raising.form, "percent", "3")
    desk.type(desk.section.raising.form, "starts", "010126")
    desk.press(Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: "earlier visits keep their charges" in desk.words(), timeout=5000)
    assert desk.services.fee_schedules.raises(desk.usual()) == ()


def test_a_contract_is_filled_from_medicare_after_being_seen(desk: Desk, tmp_path: Path) -> None:
    services = desk.services
    for kind in (FileKind.RVU, FileKind.GPCI):
        take(services.reference, tmp_path, official(kind))
    services.fee_schedules.save_schedule(SaveSchedule("Medicare", ScheduleKind.CONTRACT))
    desk.page.refresh()
    desk.section.list.selectRow(1)
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F11)
    form = desk.section.filling.form
    desk.type(form, "percent", "120")
    desk.type(form, "starts", "112326")
    desk.qtbot.waitUntil(lambda: bool(desk.notices), timeout=5000)
    assert "Choose your Medicare locality" in desk.notices[-1].text
    services.setup.save_setting("medicare_locality", "0123401")
    desk.type(form, "percent", "110")
    desk.qtbot.waitUntil(lambda: bool(desk.section.filling.table.rows()), timeout=5000)
    assert "2 codes: 1 new · 0 changed · 0 same · 1 refused" in desk.words()
    (key,) = (r.schedule_id for r in services.fee_schedules.schedules() if r.name == "Medicare")
    assert services.fee_schedules.fees(key) == ()
    desk.press(Qt.Key.Key_F9)
    desk.told("1 fee at 110 % of Medicare; 1 code left as before.")
    assert desk.fees(key) == [("20610", 7291, DAY, None)]


def test_a_file_is_judged_row_by_row_before_it_is_imported(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(FILE, encoding="utf-8")
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F4)
    picker = desk.section.importing.findChild(QFileDialog)
    assert picker is not None
    picker.close()
    with desk.qtbot.waitActive(desk.page):
        desk.page.activateWindow()
    desk.read(path)
    fates = [row.fate for row in desk.section.importing.table.rows()]
    assert fates == [Fate.CHANGED, Fate.CHANGED, Fate.REFUSED]
    assert "prices.csv: 3 rows · 0 new · 2 changed · 0 same · 1 refused" in desk.words()
    form = desk.section.importing.form
    wording = form.widget(str(Field.WORDING))
    wording.setFocus()
    QTest.keyClick(wording, Qt.Key.Key_Delete)
    desk.qtbot.waitUntil(lambda: "1 changed · 1 same · 1 refused" in desk.words(), timeout=5000)
    assert desk.services.fee_schedules.charge_for("99214", "", DAY) == 18500
    desk.press(Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: bool(desk.notices), timeout=5000)
    assert desk.notices[-1].text == "Imported: 0 new, 1 changed; 1 row left out."
    assert desk.services.fee_schedules.charge_for("99214", "", DAY) == 19000
    assert desk.section.table.isVisible()


def test_a_file_that_is_no_table_is_said(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    desk.section.begin_import()
    desk.section.importing.read(path)
    desk.qtbot.waitUntil(lambda: bool(desk.notices), timeout=5000)
    assert "no table" in desk.notices[-1].text


def test_fees_are_exported_by_key(desk: Desk) -> None:
    desk.section.table.setFocus()
    desk.press(Qt.Key.Key_F7)
    desk.press(Qt.Key.Key_F6)
    text = desk.out.files[0].decode("utf-8-sig")
    assert text.splitlines()[1] == "20610,,Joint injection,165.00,1,,"
    assert desk.out.files[1].startswith(b"PK")
    assert desk.notices[-1].text == "Kept fee-schedule.xlsx."


def test_typed_words_narrow_the_fees(desk: Desk) -> None:
    QTest.keyClicks(desk.section.words, "joint")
    assert [row.code for row in desk.section.table.rows()] == ["20610"]


def test_the_section_takes_few_statements(desk: Desk) -> None:
    desk.services.fee_schedules.save_schedule(SaveSchedule("W", ScheduleKind.CHARGES))
    with desk.services.desk.db.query_counter() as queries:
        desk.page.refresh()
    assert queries.count <= 8
