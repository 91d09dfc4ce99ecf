"""Encounters, typed as a biller types: coded, held, posted, printed, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.claim_form import QualifiedDate
from app.ui.widgets.search import SearchField
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import ALT, CTRL, KEYS, Story


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
