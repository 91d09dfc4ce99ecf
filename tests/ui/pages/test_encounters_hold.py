"""An encounter on hold until a day: typed, shown in the queue, and told when the day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from app.domain.errors import Invalid
from app.services.clock import SetClock
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import CTRL, KEYS, Story


@pytest.fixture
def clocked(qtbot: QtBot) -> Iterator[tuple[Story, SetClock]]:
    with open_office(TODAY) as (services, clock):
        yield Story(qtbot, coding_office(services)), clock


def shown(table: QTableView) -> dict[str, str]:
    """The first row by the headings in sight."""
    model, across = table.model(), Qt.Orientation.Horizontal
    return {
        str(model.headerData(at, across)): str(model.index(0, at).data())
        for at in range(model.columnCount())
        if not table.isColumnHidden(at)
    }


def test_the_day_is_typed_beside_the_reason_and_comes_back(
    clocked: tuple[Story, SetClock],
) -> None:
    story, clock = clocked
    story.new_for("Ames")
    story.enter("t")
    story.enter("i10")
    story.key(KEYS.Key_F4)
    story.type("waiting for the lab")
    story.key(KEYS.Key_Tab)
    story.enter("+3")
    assert story.said() == "On hold until 11/26/2026: waiting for the lab"
    assert story.saved().hold_until == date(2026, 11, 26)
    assert story.page.bench.sheet.banner.text().startswith("On hold until 11/26/2026: waiting")
    story.page.queue.show_state("on hold")
    table = story.page.queue.table
    assert shown(table)["Again"] == "11/26/26"
    ends = {end.key: end for end in story.services.today.loose_ends()}
    assert (ends["hold"].count, ends["hold"].detail) == (1, "")
    clock.day = TODAY + timedelta(days=3)
    ends = {end.key: end for end in story.services.today.loose_ends()}
    assert ends["hold"].detail == "1 to look at again"
    story.page.queue.refresh()
    assert shown(table)["Again"] == "now"
    story.page.queue.show_state("draft")
    assert "Again" not in shown(table)


def test_what_is_no_day_or_is_over_is_said_and_nothing_set_aside(
    clocked: tuple[Story, SetClock],
) -> None:
    story, _ = clocked
    story.new_for("Ames")
    story.enter("t")
    story.enter("i10")
    story.key(KEYS.Key_F4)
    story.type("lab")
    story.key(KEYS.Key_Tab)
    story.enter("soon")
    assert "date" in story.said().lower()
    story.key(KEYS.Key_A, CTRL)
    story.enter("0101")
    assert story.said() == "Type today or a later day, like +3."
    assert story.saved().state == "draft"


def test_release_forgets_the_day(clocked: tuple[Story, SetClock]) -> None:
    story, _ = clocked
    encounters = story.services.encounters
    key = story.office.visit("Ames", TODAY, "I10", "99213:A")
    encounters.hold(key, "lab", TODAY)
    (row,) = story.services.queue.list_encounters("on hold")
    assert (row.hold_until, row.hold_over) == (TODAY, True)
    encounters.release(key)
    assert encounters.show(key).hold_until is None
    with pytest.raises(Invalid, match="later day"):
        encounters.hold(key, "lab", TODAY - timedelta(days=1))
