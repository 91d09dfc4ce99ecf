"""The form as a window: boxes clicked and walked, findings stepped through, versions, a split."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.claim_form import PayerType
from app.services.door import Services
from app.services.people_commands import SavePayer
from app.ui.form import Form
from app.ui.page import Go
from app.ui.pages.claims import ClaimsPage
from app.ui.pages.claims_box import BoxPanel
from app.ui.pages.claims_compare import ComparePanel, SplitPanel
from app.ui.pages.encounters import EncountersPage
from app.ui.pages.patients import PatientsPage
from app.ui.pages.patients_views import PatientServices
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_preview import PreviewPanel
from app.ui.rooms import money_of
from app.ui.widgets.choice import CheckField
from app.ui.widgets.form_picture import FormPicture, place_of
from app.ui.widgets.notice import NoticeText
from tests.office import open_office
from tests.ui.pages.coding_office import aids_of
from tests.ui.pages.office import DAY, KeptSheets, Small, small_practice

W = TypeVar("W", bound=QWidget)
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A claims page with a posted claim, its picture and its panels."""

    def __init__(self, qtbot: QtBot, services: Services) -> None:
        self.services = services
        self.small: Small = small_practice(services)
        self.claim = services.encounters.post_charges(self.small.encounter).claim_ids[0]
        self.page = ClaimsPage(services.claims, KeptSheets())
        self.notices: list[NoticeText] = []
        self.jumps: list[Go] = []
        self.page.notify.connect(self.notices.append)
        self.page.go.connect(self.jumps.append)
        qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        with qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.refresh()
        self.picture = self._found(FormPicture)
        self.box = self._found(BoxPanel)
        self.compare = self._found(ComparePanel)
        self.split = self._found(SplitPanel)
        qtbot.waitUntil(lambda: all(s.width() > 200 for s in self.picture.sheets()))

    def _found(self, kind: type[W]) -> W:
        found = self.page.findChild(kind)
        assert isinstance(found, kind)
        return found

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.page.focusWidget() or self.page, key, modifier)

    def click(self, box_id: str, sheet: int = 0, shift: int = 0) -> None:
        view = next(
            v for v in self.services.claims.show(self.claim).boxes if place_of(v) == (sheet, box_id)
        )
        paper = self.picture.sheets()[sheet]
        at = paper.to_pixels(view.box.area).center().toPoint() + QPoint(0, shift)
        QTest.mouseClick(paper, Qt.MouseButton.LeftButton, NONE, at)

    def current(self) -> str:
        view = self.picture.current()
        return view.box.box_id if view else ""

    def too_long(self) -> None:
        patient = self.services.patients.show(self.small.patient)
        long = replace(patient.address, line1="1180 Long Meadow Plantation Road East")
        self.services.patients.save(replace(patient, address=long))
        self.page.refresh()


def _words(panel: BoxPanel) -> str:

    return " | ".join(label.text() for label in panel.findChildren(QLabel))


@pytest.mark.parametrize("steps", [0, 2, -2])
def test_a_click_on_a_box_tells_its_text_and_source_at_every_zoom(qtbot: QtBot, steps: int) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        for _ in range(abs(steps)):
            desk.picture.zoom(1 if steps > 0 else -1)
        qtbot.waitUntil(lambda: all(s.isVisible() for s in desk.picture.sheets()))
        for box_id in ("2", "3_date", "3_sex_choice", "24_2_D_cpt", "33a", "carrier_name"):
            desk.click(box_id)
            assert desk.current() == box_id
        desk.click("3_date")
        assert desk.box.isVisible()
        assert "04 17 1964" in _words(desk.box)
        assert "Comes from: Patient → birth date" in _words(desk.box)
        desk.key(Qt.Key.Key_Return)
        assert desk.jumps == [Go("patients", ("field", desk.small.patient, "birth_date"))]
        desk.key(Qt.Key.Key_Escape)
        assert not desk.box.isVisible()


def test_the_second_sheet_is_hit_as_exactly_as_the_first(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        view = services.encounters.show(small.encounter)
        lines = tuple(replace(view.command.lines[0], line_id=None) for _ in range(8))
        services.encounters.save(replace(view.command, lines=lines))
        desk = Desk.__new__(Desk)
        desk.services, desk.small = services, small
        desk.claim = services.encounters.post_charges(small.encounter).claim_ids[0]
        shown = services.claims.show(desk.claim)
        picture = FormPicture()
        desk.picture = picture
        qtbot.addWidget(picture)
        picture.resize(700, 800)
        picture.show()
        picture.show_form(shown.picture_pdf, shown.boxes)
        qtbot.waitUntil(lambda: all(s.width() > 200 for s in picture.sheets()))
        assert picture.sheet_count() == 2
        desk.click("24_2_D_cpt", 1)
        current = picture.current()
        assert current is not None
        assert place_of(current) == (1, "24_2_D_cpt")
        assert current.box.name == "24D (code), line 8"
        QTest.keyClick(picture, Qt.Key.Key_Down)
        desk.click("28_amount", 0)
        QTest.keyClick(picture, Qt.Key.Key_Down)
        for _ in range(12):
            QTest.keyClick(picture, Qt.Key.Key_Down)
        current = picture.current()
        assert current is not None
        assert current.box.sheet == 1


def test_boxes_are_walked_by_arrows_and_tab(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        desk.key(Qt.Key.Key_F6)
        assert desk.current() == "carrier_name"
        desk.click("2")
        desk.key(Qt.Key.Key_Right)
        assert desk.current() == "3_date"
        desk.key(Qt.Key.Key_Left)
        desk.key(Qt.Key.Key_Down)
        assert desk.current() == "5_street"
        desk.key(Qt.Key.Key_Tab)
        assert desk.current() == "6_choice"
        desk.key(Qt.Key.Key_Backtab, SHIFT)
        assert desk.current() == "5_street"
        assert desk.picture.hasFocus()


def test_findings_are_stepped_through_round_and_round(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        desk.key(Qt.Key.Key_F8)
        assert desk.current() == ""
        desk.too_long()
        seen = []
        for _ in range(3):
            desk.key(Qt.Key.Key_F8)
            seen.append(desk.current())
        assert seen == ["5_street", "7_street", "5_street"]
        assert "does not fit" in _words(desk.box)
        desk.key(Qt.Key.Key_F8, SHIFT)
        assert desk.current() == "7_street"
        desk.key(Qt.Key.Key_Return)
        assert desk.jumps[-1] == Go("patients", ("field", desk.small.patient, "line1"))


def test_a_box_that_nothing_feeds_says_so(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        desk.click("31_date")
        assert not desk.box.go.isVisible()
        desk.key(Qt.Key.Key_Return)
        assert desk.jumps == []
        assert "The day the claim is printed" in desk.notices[-1].text


def test_two_versions_are_compared_and_marked(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        desk.key(Qt.Key.Key_F7)
        assert "no other version" in desk.notices[-1].text
        services.claims.print_claims([desk.claim])
        services.claims.unprint([desk.claim])
        desk.too_long()
        desk.key(Qt.Key.Key_F7)
        assert desk.compare.isVisible()
        change = desk.compare.table.row()
        assert change is not None
        assert (change.then, desk.current()) == ("118 ORCHARD LN", "5_street")
        desk.key(Qt.Key.Key_Down)
        assert desk.current() == "7_street"
        desk.key(Qt.Key.Key_F7)
        assert not desk.compare.isVisible()


def test_a_claim_is_split_by_keyboard(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Desk(qtbot, services)
        desk.key(Qt.Key.Key_S, CTRL | SHIFT)
        assert desk.split.isVisible()
        desk.key(Qt.Key.Key_F9)
        assert "Choose the lines" in desk.notices[-1].text
        checks = desk.split.findChildren(CheckField)
        assert [c.text().split()[1] for c in checks] == ["99214", "20610"]
        checks[1].setFocus()
        desk.key(Qt.Key.Key_Space)
        desk.key(Qt.Key.Key_F9)
        assert "moved to a claim of their own" in desk.notices[-1].text
        rows = {r.number: r.total_cents for r in services.claims.list_claims(("ready",))}
        assert rows == {"10001": 18500, "10001B": 16500}
        desk.page.refresh()
        desk.key(Qt.Key.Key_S, CTRL | SHIFT)
        assert not desk.split.isVisible()  # one line cannot be split


def test_jumps_put_the_cursor_in_the_field(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small, s = small_practice(services), services
        own = PatientServices(
            s.patients,
            s.households,
            s.directory,
            s.drafts,
            s.accounts,
            s.receipts,
            s.adjustments,
            s.queue,
            s.claims,
            money_of(s, KeptSheets()),
        )
        policies = s.patients.show(small.patient).policies
        patients = PatientsPage(own, lambda: DAY)
        _open(qtbot, patients, ("field", small.patient, "birth_date"), "birth_date")
        second = policies[1].policy_id
        _open(qtbot, patients, ("policy", small.patient, second, "group_number"), "group_number")
        assert patients._views.sheet.cards.card().policy_id == second
        setup = SetupPage(s.setup, s.directory, s.drafts)
        _open(qtbot, setup, ("payers", small.secondary, "zip_hyphen"), "zip_hyphen")
        name = next(f for f in setup.findChildren(Form) if f.isVisible()).values()["name"]
        assert name == "Harbor Mutual"
        _open(qtbot, setup, ("practice", 1, "tax_id"), "tax_id")
        coding = EncountersPage(
            s.encounters,
            s.queue,
            s.coding,
            s.codes,
            s.patients,
            s.directory,
            s.claims,
            s.drafts,
            KeptSheets(),
            lambda: DAY,
            s.codesets,
            s.scrub,
            aids_of(s),
        )
        _open(qtbot, coding, ("field", small.encounter, "onset"), "onset")
        _open(qtbot, coding, ("field", small.encounter, "lines.1.ndc_code"), "ndc_code")
        assert coding.bench.sheet.lines.current_line() == 1


def _open(qtbot: QtBot, page: object, target: tuple[object, ...], field: str) -> None:
    assert isinstance(page, (PatientsPage, SetupPage, EncountersPage))
    qtbot.addWidget(page)
    page.resize(1300, 800)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.refresh()
    page.open(target)
    focused = page.focusWidget()
    assert focused is not None
    assert focused.objectName() == field


def test_the_payers_form_shows_a_sample_claim_that_follows_each_wish(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        services.setup.save_payer(SavePayer("Green Shield", PayerType.GROUP))
        page = SetupPage(
            services.setup, services.directory, services.drafts, None, services.previews
        )
        qtbot.addWidget(page)
        page.resize(1250, 800)
        page.show()
        page.open("payers")
        panel = page.findChild(PreviewPanel)
        assert panel is not None
        qtbot.waitUntil(lambda: "no wishes" in panel.words())
        assert panel.picture.sheet_count() == 2
        form = next(f for f in page.findChildren(Form) if f.isVisible())
        field = form.widget("one_pointer_per_line")
        assert "first diagnosis letter" in field.toolTip()
        QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, QPoint(12, field.height() // 2))
        qtbot.waitUntil(lambda: panel.words() == "Its wishes change: 24E.")
        page.resize(900, 560)
        assert not panel.isVisible()
        page.leave()  # keeps the draft now, not when the practice is closed
