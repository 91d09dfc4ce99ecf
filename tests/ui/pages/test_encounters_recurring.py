"""A visit that comes again, from Ctrl+R to the draft that is coded and posted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.services.clock import SetClock
from app.ui.page import Go
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import ALT, CTRL, KEYS, Story
from tests.ui.pages.test_encounters_chart import SHIFT


@pytest.fixture
def clock() -> SetClock:
    return SetClock(TODAY)


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(TODAY) as (services, clock):
        made = Story(qtbot, coding_office(services))
        made.clock = clock  # type: ignore[attr-defined]
        yield made


def later(story: Story, days: int) -> None:
    clock: SetClock = story.clock  # type: ignore[attr-defined]
    clock.day += timedelta(days=days)
    story.page.refresh()


def test_a_weekly_visit_is_set_up_made_by_one_key_and_posted_by_hand(story: Story) -> None:
    key = story.office.visit("Ames", TODAY, "M17.11", "20610-RT:A", post=True)
    story.window.go(Go("encounters", key))
    story.settle()
    story.key(KEYS.Key_R, CTRL)
    bar = story.page.aids.bar
    assert bar.isVisible()
    story.enter("2")
    story.type("weeks")
    story.enter()
    story.enter("t")
    story.key(KEYS.Key_Return, CTRL)
    assert not bar.isVisible()
    assert story.said().startswith("This visit comes again every 2 weeks;")
    due = story.page.queue.due
    assert due.text() == "1 recurring visit due"
    later(story, 14)
    assert due.text() == "2 recurring visits due"
    before = story.services.queue.counts()
    story.key(KEYS.Key_R, CTRL | SHIFT)
    assert story.said() == "2 drafts made, to be looked over; nothing is posted."
    assert due.text() == ""
    counts = story.services.queue.counts()
    assert counts["draft"] == before.get("draft", 0) + 2
    assert counts["posted"] == before["posted"]
    story.page.close_encounter()
    rows = [row for row in story.page.queue.rows() if row.recurring]
    assert [row.service_date for row in rows] == [TODAY + timedelta(days=14), TODAY]
    shown = story.page.queue.table.model().index(0, 0).data()
    assert shown == "Ames, Ruth · recurring"
    story.window.go(Go("encounters", rows[0].encounter_id))
    story.settle()
    story.key(KEYS.Key_F9)
    view = story.services.encounters.show(rows[0].encounter_id)
    assert (view.state, view.total_cents) == ("posted", 16500)


def test_undo_takes_untouched_drafts_away(story: Story) -> None:
    key = story.office.visit("Ames", TODAY, "I10", "99213:A")
    story.window.go(Go("encounters", key))
    story.settle()
    story.key(KEYS.Key_R, CTRL)
    story.key(KEYS.Key_Return, CTRL)
    later(story, 7)
    before = story.services.queue.counts()
    story.key(KEYS.Key_R, CTRL | SHIFT)
    story.notices[-1].undo()  # type: ignore[misc]
    assert story.services.queue.counts() == before
    assert story.page.queue.due.text() == "1 recurring visit due"


def test_a_jump_leads_to_the_list_of_recurring_visits(story: Story) -> None:
    story.window.go(Go("encounters", ("show", "recurring")))
    story.settle()
    assert story.page.aids.repeating.isVisible()


def test_the_list_skips_changes_and_ends_by_key(story: Story) -> None:
    key = story.office.visit("Ames", TODAY, "I10", "99213:A")
    story.window.go(Go("encounters", key))
    story.settle()
    story.key(KEYS.Key_R, CTRL)
    story.key(KEYS.Key_Return, CTRL)
    story.key(KEYS.Key_7, ALT)
    panel = story.page.aids.repeating
    assert panel.table.hasFocus()
    (row,) = panel.table.rows()
    assert row.next_on == TODAY + timedelta(days=7)
    story.key(KEYS.Key_S)
    assert story.said() == f"Skipped: Ames, Ruth on {date(2026, 11, 30):%m/%d/%Y}."
    assert panel.table.rows()[0].next_on == TODAY + timedelta(days=14)
    story.key(KEYS.Key_Return)
    story.type("3")
    story.key(KEYS.Key_Return, CTRL)
    assert panel.table.rows()[0].rhythm.words() == "every 3 weeks"
    panel.setFocus()
    story.key(KEYS.Key_Delete)
    assert panel.table.rows() == ()
    story.notices[-1].undo()  # type: ignore[misc]
    assert len(panel.table.rows()) == 1
    panel.setFocus()
    story.key(KEYS.Key_Escape)
    assert story.page.aids.chart.isVisible()


def test_a_visit_without_lines_says_what_is_missing(story: Story) -> None:
    key = story.office.visit("Ames", TODAY, "", "")
    story.window.go(Go("encounters", key))
    story.settle()
    story.key(KEYS.Key_R, CTRL)
    story.key(KEYS.Key_Return, CTRL)
    assert story.said() == "Enter the service lines first; they are what repeats."
    story.key(KEYS.Key_Escape)
    assert not story.page.aids.bar.isVisible()
