"""Setup, Code sets, typed: files in, a quarter asked for, an edition out, what October changes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.reference import FileKind
from app.services import _reference_reading
from app.services.code_change_rows import Place
from app.services.code_file_rows import TableState
from app.services.door import Services
from app.ui.form import Form
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_codes import CodesSection
from app.ui.pages.setup_codes_lookup import CodeLookup, Lookups
from app.ui.pages.setup_codes_room import AMA_NOTICE, CodesRoom
from app.ui.widgets.notice import NoticeText
from tests.codesets.official_files import HCPCS_ROWS, official
from tests.office import open_office
from tests.services.changing_office import NAMES, autumn_files, put
from tests.ui.pages.office import DAY, Small, small_practice

OCTOBER = date(2026, 10, 1)


@dataclass
class Desk:
    """Setup at its section Code sets."""

    services: Services
    small: Small
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)
    jumps: list[Go] = field(default_factory=list)

    def __post_init__(self) -> None:
        s, self.jobs = self.services, Jobs()
        room = CodesRoom(s.code_files, s.code_changes, self.jobs, lambda: DAY)
        lookups = Lookups(s.reference.search_taxonomy, s.reference.search_payers)
        self.page = SetupPage(s.setup, s.directory, s.drafts, codes=room, lookups=lookups)
        self.page.notify.connect(self.notices.append)
        self.page.go.connect(self.jumps.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.open("codes")
        found = self.page.findChild(CodesSection)
        assert found is not None
        self.section = found
        self.section.list.setFocus()

    def press(self, key: Qt.Key) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    def type(self, form: Form, name: str, text: str) -> QWidget:
        widget = form.widget(name)
        widget.setFocus()
        if not isinstance(widget, QComboBox):
            QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)
        return widget

    def words(self) -> str:
        shown = (w for w in self.page.findChildren(QLabel) if w.isVisible())
        return " ".join(w.text() for w in shown)

    def choose(self, *paths: Path) -> None:
        """F4, then the dialog's answer."""
        self.press(Qt.Key.Key_F4)
        pickers = self.section.importing.findChildren(QFileDialog)
        picker = pickers[-1]
        picker.filesSelected.emit([str(path) for path in paths])
        picker.close()
        with self.qtbot.waitActive(self.page):
            self.page.activateWindow()
        self.read()

    def read(self) -> None:
        table = self.section.importing.table
        self.qtbot.waitUntil(lambda: not self.jobs.busy() and bool(table.rows()), timeout=5000)
        table.setFocus()

    def state(self, kind: FileKind) -> TableState:
        return next(r.state for r in self.section.list.rows() if r.kind is kind)


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(_reference_reading, "_WHOLE", dict.fromkeys(FileKind, 1))
    monkeypatch.setattr(_reference_reading, "_OF_BEFORE", 0)
    with open_office(DAY) as (services, _):
        desk = Desk(services, small_practice(services), qtbot)
        yield desk
        desk.jobs.shutdown()
        desk.page.leave()


def test_what_is_missing_says_where_to_get_it_and_what_sleeps(desk: Desk) -> None:
    assert desk.state(FileKind.NCCI) is TableState.MISSING
    assert desk.section.list.select_key((FileKind.NCCI, ""))
    assert "CMS: NCCI procedure-to-procedure edits, practitioner services" in desk.words()
    assert "stay silent for want of it: E079." in desk.words()
    assert "9 missing" in desk.words()
    with desk.services.desk.db.query_counter() as queries:
        desk.page.refresh()
    assert queries.count <= 4


def test_files_are_imported_by_key_and_told(desk: Desk, tmp_path: Path) -> None:
    bad_line = ("J99", "0100", "3", "No code", "No", "", "C", "20150101", "20150101", "", "N")
    one = put(tmp_path, FileKind.HCPCS, [*HCPCS_ROWS, bad_line], NAMES[FileKind.HCPCS])
    two = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, NAMES[FileKind.MUE])
    desk.choose(one, two)
    rows = desk.section.importing.table.rows()
    assert [(r.report.edition, r.report.kept) for r in rows if r.report] == [
        ("2026Q4", 5),
        ("2026Q4", 3),
    ]
    assert desk.notices[-1].text == "Imported: 2 files."
    assert desk.section.importing.lines.rows()[0].number == 8
    desk.press(Qt.Key.Key_F7)
    copied = QApplication.clipboard().text()
    assert copied.startswith("HCPC2026_OCT_ANWEB.csv\n")
    assert copied.splitlines()[-1].startswith("8\t")
    desk.press(Qt.Key.Key_Escape)
    assert desk.section.list.isVisible()
    assert desk.state(FileKind.HCPCS) is TableState.CURRENT
    assert desk.state(FileKind.MUE) is TableState.CURRENT


def test_a_quarter_that_no_name_tells_is_asked_in_place(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, "mue.csv")
    desk.choose(path)
    row = desk.section.importing.table.rows()[0]
    assert row.pill == ("Asks", "warn")
    assert "Enter the quarter it is for, like 2026Q3." in desk.words()
    form = desk.section.importing.form
    desk.type(form, "edition", "2026Q4")
    desk.press(Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: desk.state(FileKind.MUE) is TableState.CURRENT, timeout=5000)
    assert desk.services.reference.editions()[0].name == "2026Q4"
    assert desk.notices[-1].text == "Imported: 1 file."


def test_a_refusal_says_why(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir\n")
    desk.choose(path)
    assert desk.section.importing.table.rows()[0].pill == ("Refused", "bad")
    assert "none of the official files" in desk.notices[-1].text


def test_descriptors_are_kept_only_by_a_tick_with_the_notice(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path, FileKind.RVU, official(FileKind.RVU).rows)
    desk.choose(path)
    line = desk.services.reference.fee_line("99213", "", date(2026, 8, 3))
    assert line is not None
    assert line.wording == ""
    assert AMA_NOTICE not in desk.words()
    licence = desk.section.importing.form.widget("licence")
    licence.setFocus()
    QTest.keyClick(licence, Qt.Key.Key_Space)
    assert AMA_NOTICE in desk.words()
    desk.press(Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: not desk.jobs.busy(), timeout=5000)
    desk.qtbot.waitUntil(lambda: len(desk.notices) == 2, timeout=5000)
    line = desk.services.reference.fee_line("99213", "", date(2026, 8, 3))
    assert line is not None
    assert line.wording == "SOMEBODY'S WORDS"
    desk.press(Qt.Key.Key_Escape)
    desk.section.list.select_key((FileKind.RVU, "2026Q3"))
    assert AMA_NOTICE in desk.words()


def test_escape_stops_an_import_and_nothing_is_half_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    real = desk.services.reference.import_file

    def slow(path: Path, **how: object) -> object:
        begun.set()
        assert go_on.wait(5)
        how["tell"](0, 1, "Reading")  # type: ignore[operator]
        return real(path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.services.reference, "import_file", slow)
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows)
    desk.section.list.setFocus()
    desk.section.importing.take([path])
    desk.section._bring(desk.section.importing)
    assert begun.wait(5)
    desk.section.importing.table.setFocus()
    desk.press(Qt.Key.Key_Escape)
    go_on.set()
    desk.qtbot.waitUntil(lambda: bool(desk.notices), timeout=5000)
    assert desk.notices[-1].text.startswith("Stopped.")
    assert desk.state(FileKind.MUE) is TableState.MISSING
    desk.press(Qt.Key.Key_Escape)
    assert desk.section.list.isVisible()


def test_files_dropped_on_the_section_are_imported(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, NAMES[FileKind.MUE])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl("https://example.org/x.zip")])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    no_key = Qt.KeyboardModifier.NoModifier
    desk.section.dropEvent(QDropEvent(QPointF(9, 9), actions, data, buttons, no_key))
    desk.read()
    assert desk.state(FileKind.MUE) is TableState.CURRENT


def test_an_edition_is_removed_by_the_key_pressed_twice(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, NAMES[FileKind.MUE])
    desk.choose(path)
    desk.press(Qt.Key.Key_Escape)
    desk.section.list.select_key((FileKind.MUE, "2026Q4"))
    desk.press(Qt.Key.Key_F8)
    assert "F8 once more removes Unit limits (MUE) 2026Q4" in desk.notices[-1].text
    assert desk.state(FileKind.MUE) is TableState.CURRENT
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_F8)
    assert desk.state(FileKind.MUE) is TableState.CURRENT  # another row was in between
    desk.press(Qt.Key.Key_F8)
    assert desk.notices[-1].text == "Removed: Unit limits (MUE) 2026Q4"
    assert desk.state(FileKind.MUE) is TableState.MISSING
    desk.section.list.select_key((FileKind.PLACES, "built in"))
    desk.press(Qt.Key.Key_F8)
    assert desk.state(FileKind.PLACES) is TableState.CURRENT


def test_the_locality_is_chosen_by_its_letters(desk: Desk, tmp_path: Path) -> None:
    assert not desk.section.locality.isEnabled()
    assert "Import the price indices (GPCI)" in desk.words()
    path = tmp_path / "GPCI2026.csv"
    path.write_bytes(official(FileKind.GPCI).data())
    desk.choose(path)
    desk.press(Qt.Key.Key_Escape)
    desk.section.locality.setFocus()
    QTest.keyClicks(desk.section.locality, "VA · S")
    desk.press(Qt.Key.Key_F9)
    assert desk.services.code_files.locality() == "0123401"
    assert desk.notices[-1].text == "Saved: VA · SALEM"


def test_a_damaged_store_is_told(desk: Desk, tmp_path: Path, monkeypatch: object) -> None:
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, NAMES[FileKind.MUE])
    desk.choose(path)
    assert "cannot be read" not in desk.words()
    desk.services.reference._shelf.damaged = True
    desk.page.refresh()
    assert "The file of imported tables on this computer cannot be read" in desk.words()


# --- what changes -------------------------------------------------------------------------------
@pytest.fixture
def october(desk: Desk, tmp_path: Path) -> Desk:
    """Two quarters are here; the visit of October 22 has a new pair and no modifier 25."""
    autumn_files(desk.services, tmp_path)
    visit = desk.services.encounters.show(desk.small.encounter).command
    lines = tuple(replace(line, modifiers="") for line in visit.lines)
    desk.services.encounters.save(replace(visit, lines=lines))
    return desk


def test_what_changes_leads_where_it_is_put_right(october: Desk) -> None:
    desk = october
    desk.press(Qt.Key.Key_F3)
    table, places = desk.section.changes.table, desk.section.changes.places
    desk.qtbot.waitUntil(lambda: bool(table.rows()), timeout=5000)
    assert table.rows()[0].codes == ("20610", "99214")
    assert desk.section.changes.turn.currentText() == "10/01/2026"
    assert "In effect from then: HCPCS 2026Q4, NCCI 2026Q4" in desk.words()
    assert "1 change, 1 to put right" in desk.words()
    assert "only as a separate service" in desk.words()
    assert [p.place for p in places.rows()] == [Place.ENCOUNTER]
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    assert desk.jumps == [Go("encounters", desk.small.encounter)]
    desk.press(Qt.Key.Key_F7)
    copied = QApplication.clipboard().text().splitlines()
    assert copied[1].split("\t")[0] == "20610 + 99214"
    assert copied[1].split("\t")[-4:-1] == ["Visit to post", "Ames, Ruth", ""]
    desk.press(Qt.Key.Key_Escape)
    assert desk.section.list.isVisible()


def test_another_day_is_chosen_and_nothing_changes_on_it(october: Desk) -> None:
    desk = october
    desk.press(Qt.Key.Key_F3)
    panel = desk.section.changes
    desk.qtbot.waitUntil(lambda: bool(panel.table.rows()), timeout=5000)
    panel.turn.setFocus()
    QTest.keyClicks(panel.turn, "07")
    desk.qtbot.waitUntil(lambda: "07/01/2026" in panel.table._empty, timeout=5000)
    assert panel.table.rows() == ()
    assert panel.table._empty == "Nothing of yours changes on 07/01/2026."


def test_today_leads_to_what_changes(october: Desk) -> None:
    (end,) = [e for e in october.services.today.loose_ends() if e.key == "codes"]
    assert (end.page, end.count) == ("setup", 1)
    october.page.open("practice")
    october.page.open(("show", end.key))
    table = october.section.changes.table
    october.qtbot.waitUntil(lambda: bool(table.rows()), timeout=5000)
    assert table.isVisible()
    assert table.hasFocus()


def test_a_charge_leads_to_its_form(october: Desk, tmp_path: Path) -> None:
    desk = october
    lower = [("20610", "1", "1 Line Edit", "Anatomic")]
    path = put(tmp_path, FileKind.MUE, lower, NAMES[FileKind.MUE])
    desk.services.reference.import_file(path)
    desk.press(Qt.Key.Key_F3)
    table, places = desk.section.changes.table, desk.section.changes.places
    desk.qtbot.waitUntil(lambda: bool(table.rows()), timeout=5000)
    row = next(r for r in table.rows() if r.codes == ("20610",))
    table.select_key(row.key)
    charge = next(p for p in places.rows() if p.place is Place.CHARGE)
    places.select_key((charge.place, charge.key))
    places.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert desk.jumps[-1] == Go("setup", ("procedures", charge.key, "code"))
    desk.page.open(desk.jumps[-1].target)


def test_without_new_editions_the_list_says_what_to_do(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F3)
    desk.qtbot.waitUntil(lambda: "Import one" in desk.section.changes.table._empty, timeout=5000)


# --- lookups ------------------------------------------------------------------------------------
def form_at(desk: Desk, *target: object) -> Form:
    desk.page.open(target)
    return next(f for f in desk.page.findChildren(Form) if f.isVisible())


def test_a_taxonomy_is_found_by_words_or_typed(desk: Desk, tmp_path: Path) -> None:
    taxonomy = put(tmp_path, FileKind.TAXONOMY, official(FileKind.TAXONOMY).rows)
    desk.services.reference.import_file(taxonomy)
    form = form_at(desk, "providers", desk.small.provider, "taxonomy")
    field = desk.type(form, "taxonomy", "reader night")
    assert isinstance(field, CodeLookup)
    field.search_now()
    assert [row.key for row in field.rows()] == ["101A00001X"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "101A00001X"
    assert QApplication.focusWidget() is not field
    desk.page.save()
    assert desk.services.directory.providers()[0].taxonomy == "101A00001X"
    desk.type(form, "taxonomy", "207q00000x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is not field
    desk.page.save()
    assert desk.services.directory.providers()[0].taxonomy == "207Q00000X"
    desk.type(form, "taxonomy", "family")
    desk.page.save()
    assert "A taxonomy code has 10 characters" in desk.words()


def test_a_payer_id_is_found_by_the_payers_name(desk: Desk, tmp_path: Path) -> None:
    payers = put(tmp_path, FileKind.PAYERS, official(FileKind.PAYERS).rows)
    desk.services.reference.import_file(payers)
    form = form_at(desk, "payers", desk.small.payer, "electronic_id")
    field = desk.type(form, "electronic_id", "blue ridge")
    assert isinstance(field, CodeLookup)
    field.search_now()
    (row,) = field.rows()  # of its transactions the professional claim alone
    assert (row.key, row.title) == ("12345", "12345")
    assert row.detail == "Blue Ridge Health · One line, and another"
    assert row.note == "secondary too"
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.page.save()
    assert desk.services.directory.payer(desk.small.payer).electronic_id == "12345"
    shutil.rmtree(tmp_path)
