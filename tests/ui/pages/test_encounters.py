"""Encounters, typed as a biller types: coded, held, posted, printed, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.claim_form import QualifiedDate
from app.services.encounter_commands import EncounterView, SaveEncounter
from app.ui.page import Go
from app.ui.pages.encounters import EncountersPage
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.search import SearchField
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, CodingOffice, coding_office

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


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(TODAY) as (services, _):
        yield Story(qtbot, coding_office(services))


def test_three_diagnoses_and_four_procedures_in_24_actions(story: Story) -> None:
    """Typed fields and every key count, Enter and arrows too."""
    story.new_for("Ames")
    story.enter("1022")
    for code in ("m1711", "i10", "e119"):
        story.enter(code)
    story.enter()
    story.type("99214")
    story.enter()
    story.down("25")
    story.type("20610")
    story.enter()
    story.down("rt")
    story.down("j1030")
    story.down("93000")
    story.key(KEYS.Key_F9)
    assert story.actions <= 24
    view = story.saved()
    assert view.state == "posted"
    assert view.command.service_date == date(2026, 10, 22)
    assert view.command.diagnoses == ("M17.11", "I10", "E11.9")
    lines = [(n.code, n.modifiers, n.pointers, n.units, n.charge_cents) for n in view.command.lines]
    assert lines == [
        ("99214", "25", "ABC", "1", 18500),
        ("20610", "RT", "A", "1", 16500),
        ("J1030", "", "A", "1", 6200),
        ("93000", "", "A", "1", 6000),
    ]
    assert view.payers == ("Blue Ridge PPO", "Harbor Mutual")
    assert view.command.lines[1].description == "Knee injection"
    assert story.said() == (
        "Charges posted: 472.00 to Blue Ridge PPO; the claim is ready to print."
    )


def test_post_and_print_goes_to_the_claim(story: Story) -> None:
    story.new_for("Okafor")
    story.enter("y")
    story.enter("i10")
    story.enter()
    story.type("99213")
    story.key(KEYS.Key_P, CTRL)
    (sheet,) = story.office.sheets.pdfs
    assert sheet.startswith(b"%PDF")
    jump = story.jumps[-1]
    assert jump.page == "claims"
    assert isinstance(jump.target, int)
    row = story.services.claims.show(jump.target).row
    assert (row.status, row.total_cents, row.patient_name) == ("printed", 14500, "Okafor, Daniel")
    assert row.service_date == date(2026, 11, 22)


def test_a_patient_is_found_by_one_letter_and_bills_the_policies_of_that_day(
    story: Story,
) -> None:
    story.key(KEYS.Key_N, CTRL)
    story.type("a")
    story.settle()
    who = story.hand()
    assert isinstance(who, SearchField)
    QTest.qWait(60)
    assert "Ames, Ruth" in [row.title for row in who.rows()]
    story.enter()
    visit = story.page.bench.sheet.visit
    assert visit.values()["patient_id"] == story.office.patients["Ames"]
    bill_to = visit.form.widget("policy_ids")
    words = [bill_to.itemText(n) for n in range(bill_to.count())]  # type: ignore[attr-defined]
    assert words == [
        "Blue Ridge PPO, then Harbor Mutual",
        "Harbor Mutual, then Blue Ridge PPO",
        "Blue Ridge PPO",
        "Harbor Mutual",
        "Self-pay: the patient is billed",
    ]
    visit.form.set_values({"service_date": date(2024, 12, 31)})
    visit._edited("service_date")
    assert bill_to.currentText() == "Self-pay: no policy in force on this date"  # type: ignore[attr-defined]


def test_payers_chosen_for_this_visit_are_billed_in_that_order(story: Story) -> None:
    story.new_for("Ames")
    story.page.bench.sheet.visit.form.go_to("policy_ids")
    story.key(KEYS.Key_Down)
    assert "Harbor Mutual, then Blue Ridge PPO" in story.page.bench.title()[1]
    story.page.bench.sheet.diagnoses.go_to_next()
    story.enter("i10")
    story.enter()
    story.type("99213")
    story.key(KEYS.Key_F9)
    assert story.saved().payers == ("Harbor Mutual", "Blue Ridge PPO")


def test_self_pay_posts_to_the_patient_and_makes_no_claim(story: Story) -> None:
    story.new_for("Ames")
    story.page.bench.sheet.visit.form.go_to("policy_ids")
    story.type("s")
    story.page.bench.sheet.diagnoses.finished.emit()
    story.type("99213")
    story.key(KEYS.Key_F9)
    assert story.said() == "Charges posted: 145.00, billed to the patient."
    assert story.services.coding.happened(story.saved().command.encounter_id or 0).claims == ()


def test_own_wording_finds_the_code_its_modifier_and_charge(story: Story) -> None:
    story.new_for("Okafor")
    story.enter("t")
    story.enter("e119")
    story.enter()
    story.type("a1c")
    lines = story.page.bench.sheet.lines
    assert [row.key for row in lines.suggestions()] == ["83036"]
    story.enter()
    assert [story.cell(0, key) for key in ("code", "modifiers", "charge_cents", "words")] == [
        "83036",
        "QW",
        "35.00",
        "A1c in the office",
    ]
    assert lines.suggestions() == ()
    lines.go_to(0, "units")
    story.enter("3")
    assert story.cell(0, "charge_cents") == "105.00"
    story.enter("99.5")
    assert story.cell(0, "charge_cents") == "99.50"
    assert lines.grid.current() == (1, "code")


def test_past_codes_are_offered_this_patients_first(story: Story) -> None:
    story.new_for("Okafor")
    story.enter("t")
    story.type("e1")
    QTest.qWait(60)
    field = story.hand()
    assert isinstance(field, SearchField)
    assert [row.title for row in field.rows()] == ["E11.9"]
    assert field.rows()[0].detail == "this patient, last on 10/05/2026"
    story.enter()
    story.enter("z0000")
    sheet = story.page.bench.sheet
    assert sheet.diagnoses.codes() == ("E11.9", "Z00.00")
    assert sheet.diagnoses._words[1].text() == "first time in this practice"


def test_findings_stand_beside_their_fields_and_hold_the_post_back(story: Story) -> None:
    story.new_for("Ames")
    story.enter("t")
    story.enter("m17.11")
    story.type("knee")
    story.enter()
    bench = story.page.bench
    assert bench.sheet.diagnoses._words[1].text().startswith("A diagnosis code looks like M17.11")
    story.key(KEYS.Key_A, CTRL)
    story.enter("m1711")
    assert bench.sheet.diagnoses._words[1].text() == "M17.11 is on the list already."
    story.key(KEYS.Key_Backtab)
    story.key(KEYS.Key_A, CTRL)
    story.enter("i10")
    story.enter()
    story.type("99999")
    story.key(KEYS.Key_F9)
    assert story.cell(0, "words") == "Enter the charge; this code is not on your charge list."
    assert [f.field for f in bench.sheet.findings.table.rows()] == ["lines.0.charge_cents"]
    assert bench.sheet.lines.grid.current() == (0, "charge_cents")
    assert story.said() == "1 thing to put right first."
    story.type("80")
    story.key(KEYS.Key_F9)
    assert story.saved().state == "posted"
    assert not bench.sheet.findings.isVisible()


def test_an_unreadable_cell_stays_open_and_stops_the_post(story: Story) -> None:
    story.new_for("Ames")
    story.enter("t")
    story.enter("i10")
    story.enter()
    story.enter("99213")
    story.type("2")
    story.key(KEYS.Key_F9)
    assert story.said().startswith("A line has room for 4 modifiers")
    assert story.page.bench.encounter_id() is None
    story.type("5")
    story.key(KEYS.Key_F9)
    assert story.saved().command.lines[0].modifiers == "25"


def test_hold_asks_why_and_undo_releases(story: Story) -> None:
    story.new_for("Ames")
    story.enter("t")
    story.enter("i10")
    story.key(KEYS.Key_F4)
    story.enter("waiting for the lab")
    assert story.saved().state == "on hold"
    assert story.services.queue.counts()["on hold"] == 1
    assert story.said() == "On hold: waiting for the lab"
    story.key(KEYS.Key_F9)
    assert "on hold" in story.said()
    undo = next(n.undo for n in story.notices if n.undo)
    undo()
    assert story.saved().state == "draft"
    story.key(KEYS.Key_F4)
    story.enter("again")
    story.key(KEYS.Key_F4)
    assert story.saved().state == "draft"


def test_copy_last_visit_at_todays_charges_with_undo(story: Story) -> None:
    story.new_for("Ames")
    story.key(KEYS.Key_D, CTRL)
    sheet = story.page.bench.sheet
    assert sheet.diagnoses.codes() == ("M17.11", "I10")
    assert [(n.code, n.modifiers, n.pointers) for n in sheet.lines.lines()] == [
        ("99213", "", "AB"),
        ("20610", "RT", "A"),
    ]
    assert {n.service_from for n in sheet.lines.lines()} == {TODAY}
    assert story.said() == "Copied from the last visit: 2 diagnoses, 2 lines."
    undo = story.notices[-1].undo
    assert undo is not None
    undo()
    assert (sheet.diagnoses.codes(), sheet.lines.raw()) == ((), ())


def test_pointers_follow_when_diagnoses_move_or_go(story: Story) -> None:
    story.new_for("Ames")
    story.enter("t")
    for code in ("m1711", "i10", "e119"):
        story.enter(code)
    story.enter()
    story.enter("99213")
    story.enter()
    story.down("bc")
    sheet = story.page.bench.sheet
    assert story.cell(0, "pointers") == "BC"
    sheet.diagnoses.go_to(2)
    story.key(KEYS.Key_Up, ALT)
    assert sheet.diagnoses.codes() == ("M17.11", "E11.9", "I10")
    assert story.cell(0, "pointers") == "CB"
    sheet.diagnoses.go_to(0)
    story.key(KEYS.Key_F8)
    assert sheet.diagnoses.codes() == ("E11.9", "I10")
    assert story.cell(0, "pointers") == "BA"
    sheet.lines.go_to(0)
    story.key(KEYS.Key_F8)
    assert sheet.lines.raw() == ()


def test_more_about_visit_and_line_reach_the_encounter(story: Story) -> None:
    story.new_for("Okafor")
    story.enter("t")
    story.enter("s8001xa")
    story.enter()
    story.type("j1030")
    story.key(KEYS.Key_F7)
    assert story.page.bench.sheet.extras.is_open()
    story.enter("0009-0280-02")
    story.enter("ml")
    story.enter("1")
    story.key(KEYS.Key_F6)
    form = story.page.bench.sheet.more_form
    form.go_to("related_auto")
    story.key(KEYS.Key_Space)
    story.enter()
    story.enter("va")
    form.go_to("accident_date")
    story.enter("1101")
    form.go_to("onset")
    story.enter("1102")
    story.page.bench.sheet.visit.form.go_to("referring_id")
    story.key(KEYS.Key_Down)
    story.key(KEYS.Key_S, CTRL)
    command = story.saved("Okafor").command
    assert (command.related_auto, command.auto_state) == (True, "VA")
    assert command.accident_date == date(2026, 11, 1)
    assert command.onset == QualifiedDate(date(2026, 11, 2), "431")
    assert command.referring_qualifier == "DN"
    line = command.lines[0]
    assert (line.ndc_code, line.ndc_unit, line.ndc_quantity) == ("0009-0280-02", "ML", "1")


def test_a_half_typed_encounter_comes_back_after_a_crash(story: Story, qtbot: QtBot) -> None:
    story.new_for("Ames")
    story.enter("1022")
    story.enter("m1711")
    story.enter()
    story.type("77")
    story.key(KEYS.Key_Return)
    story.page.leave()
    assert story.services.drafts.keys("encounter:new")
    again = Story(qtbot, story.office)
    again.new_for("Ames")
    bench = again.page.bench
    assert bench.draft_line.text().startswith("Draft of ")
    assert bench.sheet.diagnoses.codes() == ("M17.11",)
    assert bench.sheet.visit.day() == date(2026, 10, 22)
    assert [n.code for n in bench.sheet.lines.raw()] == ["77"]
    again.key(KEYS.Key_D, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert bench.sheet.diagnoses.codes() == ()
    assert again.services.drafts.keys("encounter:new") == ()


def test_turning_to_another_encounter_puts_the_typed_one_into_the_queue(story: Story) -> None:
    story.new_for("Ames")
    story.enter("1022")
    story.enter("m1711")
    story.enter()
    story.enter("77")
    story.key(KEYS.Key_N, CTRL)
    view = story.saved()
    assert (view.state, view.command.service_date) == ("draft", date(2026, 10, 22))
    story.window.go(Go("encounters", view.command.encounter_id))
    sheet = story.page.bench.sheet
    assert [n.code for n in sheet.lines.raw()] == ["77"]
    sheet.lines.go_to(0)
    story.enter("99213")
    story.key(KEYS.Key_S, CTRL)
    assert story.saved().command.lines[0].code == "99213"
    assert story.services.drafts.keys("encounter:") == ()


def test_a_saved_draft_opens_with_defaults_that_still_follow(story: Story) -> None:
    key = story.office.visit("Ames", date(2026, 10, 1), "I10", "99213:A 99214:A")
    story.window.go(Go("encounters", key))
    sheet = story.page.bench.sheet
    sheet.visit.form.go_to("service_date")
    story.key(KEYS.Key_A, CTRL)
    story.enter("1003")
    story.key(KEYS.Key_S, CTRL)
    command = story.saved().command
    assert {n.service_from for n in command.lines} == {date(2026, 10, 3)}
    assert [n.line_id for n in command.lines] == [n.line_id for n in command.lines if n.line_id]


def test_a_posted_encounter_is_read_only_and_leads_to_its_claim(story: Story) -> None:
    rows = story.services.queue.list_encounters("posted")
    key = next(r.encounter_id for r in rows if r.patient_name == "Ames, Ruth")
    story.window.go(Go("encounters", key))
    page = story.page
    assert not page.bench.is_coding()
    assert "Still open: 310.00." in page.bench.posted.story()
    assert not page._post.isEnabled()
    story.key(KEYS.Key_Return)
    assert story.jumps[-1].page == "claims"
    assert story.jumps[-1].target == story.services.coding.happened(key).claims[0].claim_id


def test_states_filter_and_counts(story: Story) -> None:
    story.office.visit("Lindqvist", date(2026, 11, 2), "", "")
    story.office.visit("Okafor", date(2026, 11, 3), "I10", "99213:A")
    story.settle()
    queue = story.page.queue
    assert [queue.buttons[s].count() for s in ("draft", "coded", "posted")] == [1, 1, 2]
    assert [r.patient_name for r in queue.rows()] == ["Lindqvist, Åsa"]
    story.key(KEYS.Key_3, ALT)
    assert [r.patient_name for r in queue.rows()] == ["Okafor, Daniel"]
    story.key(KEYS.Key_6, ALT)
    story.key(KEYS.Key_F, CTRL)
    story.enter("ames")
    assert story.page.bench.view is not None
    assert story.page.bench.view.patient_name == "Ames, Ruth"
    story.window.go(Go("encounters", ("show", "hold")))
    assert queue.state() == "on hold"


def test_what_is_typed_is_kept_without_a_word(story: Story, qtbot: QtBot) -> None:
    story.new_for("Ames")
    story.enter("1022")
    story.enter("m1711")
    qtbot.waitUntil(lambda: bool(story.services.drafts.keys("encounter:new")), timeout=5000)
    assert story.page.bench.facts().startswith("Draft kept ")


def test_choosing_a_patient_and_turning_away_leaves_nothing_behind(story: Story) -> None:
    story.new_for("Ames")
    story.enter("1022")
    story.key(KEYS.Key_W, CTRL)
    assert not story.page.bench.is_open()
    assert "draft" not in story.services.queue.counts()
    assert story.services.drafts.keys("encounter:") == ()


def test_deleting_an_encounter_that_never_reached_the_books(story: Story) -> None:
    key = story.office.visit("Lindqvist", date(2026, 11, 2), "", "")
    story.window.go(Go("encounters", key))
    story.key(KEYS.Key_Delete, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert "draft" not in story.services.queue.counts()
    assert not story.page.bench.is_open()


def test_refresh_asks_a_bounded_number_of_questions(story: Story) -> None:
    for day in range(1, 21):
        story.office.visit("Ames", date(2026, 10, day), "I10", "99213:A")
    with story.services.desk.db.query_counter() as counter:
        story.page.refresh()
    assert counter.count <= 9


def test_a_narrow_window_shows_one_thing_at_a_time(story: Story) -> None:
    story.window.resize(1024, 640)
    story.new_for("Ames")
    page = story.page
    assert not page.queue.isVisible()
    assert page.bench.isVisible()
    assert not page.bench.note.isVisible()
    story.key(KEYS.Key_F3)
    assert page.bench.note.hasFocus()
    story.key(KEYS.Key_L, CTRL)
    assert page.queue.isVisible()
    assert not page.bench.isVisible()


def test_an_empty_practice_says_what_to_do_next(qtbot: QtBot) -> None:
    with open_office(TODAY) as (services, _):
        story = Story(qtbot, CodingOffice(services))
        assert "Ctrl N" in story.page.queue.table._empty
        story.key(KEYS.Key_N, CTRL)
        story.key(KEYS.Key_F9)
        fields = [f.field for f in story.page.bench.sheet.findings.table.rows()]
        assert fields == ["patient_id", "provider_id"]


def test_the_chart_note_is_kept_with_the_encounter(story: Story) -> None:
    story.new_for("Ames")
    story.page.bench.note.setFocus()
    story.type("Knee pain.")
    story.key(KEYS.Key_S, CTRL)
    command = story.saved().command
    assert isinstance(command, SaveEncounter)
    assert command.chart_note == "Knee pain."
