"""Encounters: what is typed is kept, found again, and shown as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.encounter_commands import SaveEncounter
from app.ui.page import Go
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, CodingOffice, coding_office
from tests.ui.pages.coding_story import ALT, CTRL, KEYS, Story


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(TODAY) as (services, _):
        yield Story(qtbot, coding_office(services))


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


def test_one_key_goes_on_to_the_next_visit_to_code(story: Story) -> None:
    older = story.office.visit("Lindqvist", date(2026, 11, 2), "", "")
    newer = story.office.visit("Ames", date(2026, 11, 3), "", "")
    story.key(KEYS.Key_J, CTRL)
    assert story.page.bench.encounter_id() == older
    story.key(KEYS.Key_J, CTRL)
    assert story.page.bench.encounter_id() == newer
    story.services.encounters.delete_draft(older)
    story.key(KEYS.Key_J, CTRL)
    assert story.said() == "Nothing else waits to be coded."


def test_refresh_asks_a_bounded_number_of_questions(story: Story) -> None:
    for day in range(1, 21):
        story.office.visit("Ames", date(2026, 10, day), "I10", "99213:A")
    with story.services.desk.db.query_counter() as counter:
        story.page.refresh()
    # List, counts, the short lists of the sheet, dated charges, recurring visits.
    assert counter.count <= 13


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
