"""Setup, Charges and Favourites, typed; what the charge list says is filled in while coding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Invalid
from app.domain.reference import FileKind
from app.services.door import Services
from app.services.favourites import FavouriteCode, FavouriteGroup
from app.services.fee_commands import RaiseFees
from app.services.people_commands import SaveProcedure
from app.ui.form import Form
from app.ui.pages import setup_favourites
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_charges import ChargeAids
from app.ui.pages.setup_codes_lookup import CodeLookup
from app.ui.pages.setup_editor import Editor
from app.ui.widgets.notice import NoticeText
from tests.codesets.official_files import official
from tests.office import open_office
from tests.services.reference_desk import take
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import KEYS, Story
from tests.ui.pages.office import DAY, small_practice


@dataclass
class Desk:
    """Setup in a shown window."""

    services: Services
    qtbot: QtBot
    notices: list[NoticeText] = field(default_factory=list)

    def __post_init__(self) -> None:
        s = self.services
        self.page = SetupPage(
            s.setup,
            s.directory,
            s.drafts,
            favourites=s.favourites,
            today=lambda: DAY,
            charges=ChargeAids(s.line_codes, s.medicare, lambda: DAY),
        )
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()

    @property
    def form(self) -> Form:
        return next(f for f in self.page.findChildren(Form) if f.isVisible())

    def type(self, name: str, text: str) -> QWidget:
        widget = self.form.widget(name)
        widget.setFocus()
        if isinstance(widget, QComboBox):
            QTest.keyClicks(widget, text)
            return widget
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        for line, part in enumerate(text.split("\n")):
            if line:
                QTest.keyClick(widget, Qt.Key.Key_Return)
            QTest.keyClicks(widget, part)
        return widget

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key)

    def words(self) -> str:
        return " ".join(w.text() for w in self.form.findChildren(QLabel) if w.isVisible())


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_office(DAY) as (services, _):
        small_practice(services)
        desk = Desk(services, qtbot)
        yield desk
        desk.page.leave()


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(TODAY) as (services, _):
        yield Story(qtbot, coding_office(services))


# --- Charges ----------------------------------------------------------------------------------
def test_a_drug_is_typed_with_all_that_it_fills_in(desk: Desk) -> None:
    desk.page.open(("procedures", "new"))
    for name, text in (
        ("code", "j1030"),
        ("charge_cents", "12"),
        ("units", "2"),
        ("wording", "Methylprednisolone"),
        ("category", "Drugs"),
        ("diagnoses", "m1711, m1712"),
        ("place_of_service", "12"),
        ("ndc_code", "0009-0280-02"),
        ("ndc_unit", "ML"),
        ("ndc_quantity", "0.5"),
        ("effective", "010126"),
        ("termination", "123127"),
    ):
        desk.type(name, text)
    desk.press(Qt.Key.Key_F9)
    assert desk.notices[-1].text == "Saved: J1030"
    (row,) = (p for p in desk.services.directory.procedures() if p.code == "J1030")
    assert replace(row, procedure_id=None) == SaveProcedure(
        "J1030",
        1200,
        "Methylprednisolone",
        units="2",
        place_of_service="12",
        diagnoses="M17.11 M17.12",
        ndc_code="00009028002",
        ndc_unit="ML",
        ndc_quantity="0.5",
        effective=date(2026, 1, 1),
        termination=date(2027, 12, 31),
        category="Drugs",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ndc_code": "0009-0280-02"}, "needs its unit and quantity"),
        ({"ndc_quantity": "1"}, "Enter the NDC"),
        ({"ndc_code": "12"}, "Type the NDC"),
        ({"diagnoses": "e1165 i10 m1711 m1712 z00.00"}, "4 diagnoses at most"),
        ({"modifiers": "2"}, "two characters"),
        ({"units": "x"}, "above 0"),
        ({"effective": "010127", "termination": "010126"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_is_marked_and_not_kept(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    desk.page.open(("procedures", "new"))
    desk.type("code", "J1030")
    desk.type("charge_cents", "12")
    for name, text in typed.items():
        desk.type(name, text)
    desk.press(Qt.Key.Key_F9)
    assert said in desk.words()
    assert all(row.code != "J1030" for row in desk.services.directory.procedures())


def test_a_charge_is_added_from_hcpcs_by_words(desk: Desk, tmp_path: Path) -> None:
    take(desk.services.reference, tmp_path, official(FileKind.HCPCS))
    desk.page.open(("procedures", "new"))
    field = desk.type("code", "made-up drug")
    assert isinstance(field, CodeLookup)
    desk.qtbot.waitUntil(lambda: bool(field.rows()), timeout=2000)
    desk.press(Qt.Key.Key_Return)
    assert (field.value(), desk.form.values()["wording"]) == ("J1234", "Inj made-up")
    assert desk.form.values()["charge_cents"] is None
    desk.type("charge_cents", "12")
    desk.press(Qt.Key.Key_F9)
    assert desk.notices[-1].text == "Saved: J1234"
    (row,) = (p for p in desk.services.directory.procedures() if p.code == "J1234")
    assert (row.charge_cents, row.wording) == (1200, "Inj made-up")


def test_what_medicare_pays_here_stands_above_the_charge(desk: Desk, tmp_path: Path) -> None:
    desk.page.open(("procedures", "new"))
    told = next(e for e in desk.page.findChildren(Editor) if e.isVisible()).told
    assert told.text() == ""
    desk.type("code", "99213")
    desk.qtbot.waitUntil(lambda: "Choose your Medicare locality" in told.text(), timeout=2000)
    for kind in (FileKind.RVU, FileKind.GPCI):
        take(desk.services.reference, tmp_path, official(kind))
    desk.services.setup.save_setting("medicare_locality", "0123401")
    desk.type("place_of_service", "22")
    words = "Medicare pays about 51.92 in Salem, facility."
    desk.qtbot.waitUntil(lambda: told.text() == words, timeout=2000)
    desk.type("place_of_service", "11")
    words = "Medicare pays about 86.09 in Salem, non-facility."
    desk.qtbot.waitUntil(lambda: told.text() == words, timeout=2000)


def test_the_eight_minute_rule_wants_units_of_fifteen_minutes(desk: Desk) -> None:
    row = SaveProcedure("97110", 4500, minutes_per_unit=30, eight_minute_rule=True)
    with pytest.raises(Invalid, match="15 minutes"):
        desk.services.setup.save_procedure(row)
    with pytest.raises(Invalid, match="1 to 480"):
        desk.services.setup.save_procedure(replace(row, minutes_per_unit=481))


def test_the_kind_of_a_service_finds_its_codes(desk: Desk) -> None:
    for code in ("83036", "36415"):
        desk.services.setup.save_procedure(SaveProcedure(code, 100, "Test", category="Labs"))
    assert {p.code for p in desk.services.codes.procedures("labs")} == {"83036", "36415"}


# --- while coding -----------------------------------------------------------------------------
def test_the_charge_list_fills_a_line_while_it_is_coded(story: Story) -> None:
    services = story.office.services
    listed = {row.code: row for row in services.directory.procedures()}
    services.setup.save_procedure(
        replace(
            listed["J1030"],
            units="2",
            place_of_service="12",
            diagnoses="I10",
            ndc_code="0009-0280-02",
            ndc_unit="ML",
            ndc_quantity="0.5",
        )
    )
    services.setup.save_procedure(
        SaveProcedure("97110", 4500, "Exercise", minutes_per_unit=15, eight_minute_rule=True)
    )
    story.page.refresh()
    story.new_for("Ames")
    story.enter("1022")
    for code in ("m1711", "i10"):
        story.enter(code)
    story.enter()
    story.down("j1030")
    story.type("97110")
    story.enter()
    grid = story.page.bench.sheet.lines
    grid.go_to(1, "units")
    story.enter("38m")
    lines = grid.lines()
    drug, therapy = lines[0], lines[1]
    assert (drug.units, drug.place_of_service, drug.pointers) == ("2", "12", "B")
    assert (drug.ndc_code, drug.ndc_unit, drug.ndc_quantity) == ("00009028002", "ML", "1")
    assert drug.charge_cents == 12400
    assert (therapy.units, therapy.charge_cents, therapy.pointers) == ("3", 13500, "A")
    grid.go_to(1, "units")
    story.enter("7m")
    assert grid.lines()[1].units == "1"
    assert any("at least 8" in f.message for f in grid._findings.values())
    story.key(KEYS.Key_F9)


def test_a_raise_holds_from_its_day_while_coding(story: Story) -> None:
    services = story.office.services
    usual = services.fee_schedules.schedules()[0].schedule_id
    services.fee_schedules.raise_fees(RaiseFees(usual, 1000, TODAY))
    story.page.refresh()
    charges = []
    for day in ("1022", "1123"):
        story.new_for("Ames")
        story.enter(day)
        story.enter("i10")
        story.enter()
        story.type("99214")
        story.enter()
        charges.append(story.page.bench.sheet.lines.lines()[0].charge_cents)
    assert charges == [18500, 20350]


# --- Favourites -------------------------------------------------------------------------------
def test_a_group_is_typed_a_code_a_line(desk: Desk) -> None:
    desk.page.open(("favourites", "new"))
    desk.type("name", "Diabetes visit")
    desk.type("specialty", "Family practice")
    desk.type("diagnoses", "e1165\ni10 High blood pressure")
    desk.type("procedures", "99214-25\n83036-qw A1c")
    desk.press(Qt.Key.Key_F9)
    assert desk.notices[-1].text == "Saved: Diabetes visit"
    (group,) = desk.services.favourites.groups()
    assert group.codes == (
        FavouriteCode("dx", "E11.65"),
        FavouriteCode("dx", "I10", "High blood pressure"),
        FavouriteCode("px", "99214", "Visit, established", "25"),
        FavouriteCode("px", "83036", "A1c", "QW"),
    )


def test_a_wrong_code_is_named_under_its_list(desk: Desk) -> None:
    desk.page.open(("favourites", "new"))
    desk.type("name", "Diabetes visit")
    desk.type("diagnoses", "i10\nnonsense")
    desk.type("procedures", "99214\n99214")
    desk.press(Qt.Key.Key_F9)
    assert "nonsense: A diagnosis code looks like" in desk.words()
    assert "99214: 99214 is in this group already." in desk.words()
    assert desk.services.favourites.groups() == ()


def test_a_group_removed_by_key_comes_back_with_undo(desk: Desk) -> None:
    desk.services.favourites.save(FavouriteGroup(None, "Knee", "", (FavouriteCode("dx", "I10"),)))
    desk.page.open("favourites")
    desk.form.widget("name").setFocus()
    desk.press(Qt.Key.Key_F8)
    assert desk.services.favourites.groups() == ()
    undo = desk.notices[-1].undo
    assert undo is not None
    undo()
    assert [g.name for g in desk.services.favourites.groups()] == ["Knee"]
    with desk.services.desk.db.query_counter() as queries:
        desk.page.refresh()
    assert queries.count <= 6


def test_a_group_survives_its_form() -> None:
    group = FavouriteGroup(
        3,
        "Knee",
        "Ortho",
        (
            FavouriteCode("dx", "M17.11", "Right knee"),
            FavouriteCode("px", "20610", "", "RT 59"),
        ),
    )
    form = setup_favourites.form_of(group)
    assert (form.procedures, form.count) == ("20610-RT-59", 2)
    assert setup_favourites.group_of(form) == group
