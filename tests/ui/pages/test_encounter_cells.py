"""Modifiers, places and HCPCS codes in the cells of a line: listed, explained, never forced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.reference import FileKind
from tests.codesets.official_files import official
from tests.office import open_office
from tests.services.reference_desk import take
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import KEYS, Story


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(TODAY) as (services, _):
        story = Story(qtbot, coding_office(services))
        story.new_for("Ames")
        story.enter("1022")
        story.enter("i10")
        story.enter()
        yield story


def titles(story: Story) -> list[str]:
    return [row.title for row in story.page.bench.sheet.lines.suggestions()]


def tip(story: Story, key: str) -> str:
    return story.page.bench.sheet.lines.grid.view.grid().row(0).tips.get(key, "")


def test_a_modifier_is_picked_by_a_word(story: Story) -> None:
    story.enter("20610")
    story.type("right")
    assert titles(story)[0] == "RT"
    story.key(KEYS.Key_Return)
    assert story.cell(0, "modifiers") == "RT"
    assert tip(story, "modifiers") == "RT: right side"


def test_the_list_keeps_what_stands_before_and_whole_ones_need_none(story: Story) -> None:
    story.enter("99214")
    story.type("25")
    assert titles(story) == []
    story.type("bilat")
    assert titles(story) == ["50"]
    story.key(KEYS.Key_Return)
    assert story.cell(0, "modifiers") == "25 50"


def test_a_question_mark_lists_all_of_them(story: Story) -> None:
    story.enter("99214")
    story.type("?")
    assert len(titles(story)) > 100
    story.key(KEYS.Key_Down)
    story.key(KEYS.Key_Return)
    assert story.cell(0, "modifiers") == "23"


def test_an_unknown_modifier_is_said_softly_and_stays(story: Story) -> None:
    story.enter("99214")
    story.down("zz")
    row = story.page.bench.sheet.lines.grid.view.grid().row(0)
    assert (row.cells["modifiers"], row.looks["modifiers"], row.state) == ("ZZ", "warn", "")
    assert "not a modifier we know" in row.tips["modifiers"]
    story.key(KEYS.Key_F9)
    assert story.saved().state == "posted"


def test_the_footer_explains_the_cell_under_the_cursor(story: Story) -> None:
    said: list[str] = []
    story.page.status.connect(said.append)
    story.enter("99214")
    assert said[-1] == "Modifiers: type a code or a word; ? lists all"
    story.down("25")
    story.page.bench.sheet.lines.go_to(0, "modifiers")
    assert said[-1].startswith("25: separate visit")
    story.page.bench.sheet.lines.go_to(0, "place_of_service")
    assert said[-1] == "11: Office (office rate)"
    story.page.bench.sheet.lines.go_to(0, "units")
    assert "in force on 10/22/2026" in said[-1]


def test_a_place_is_picked_by_its_words(story: Story) -> None:
    story.enter("99214")
    story.page.bench.sheet.lines.go_to(0, "place_of_service")
    story.type("home")
    assert titles(story)[0] == "12"
    story.key(KEYS.Key_Return)
    assert story.cell(0, "place_of_service") == "12"
    story.page.bench.sheet.lines.go_to(0, "place_of_service")
    story.type("77")
    story.key(KEYS.Key_Return)
    assert story.cell(0, "place_of_service") == "77"


def test_hcpcs_is_offered_after_the_practices_own(story: Story, tmp_path: Path) -> None:
    story.type("inj")
    assert titles(story) == ["20610"]
    story.key(KEYS.Key_Escape)
    story.key(KEYS.Key_Escape)
    take(story.services.reference, tmp_path, official(FileKind.HCPCS))
    story.type("inj")
    rows = story.page.bench.sheet.lines.suggestions()
    assert [(row.title, row.group[:5]) for row in rows] == [("20610", ""), ("J1234", "HCPCS")]
    story.key(KEYS.Key_Down)
    story.key(KEYS.Key_Return)
    assert story.cell(0, "code") == "J1234"
    assert story.cell(0, "words") == "Inj made-up · not on your charge list: type the charge"
    story.page.bench.sheet.lines.go_to(0, "charge_cents")
    story.enter("12")
    story.key(KEYS.Key_F9)
    (line,) = story.saved().command.lines
    assert (line.description, line.charge_cents) == ("Inj made-up", 1200)


def test_another_code_takes_the_words_of_the_one_before_away(story: Story, tmp_path: Path) -> None:
    take(story.services.reference, tmp_path, official(FileKind.HCPCS))
    story.down("j1234")
    story.key(KEYS.Key_S, Qt.KeyboardModifier.ControlModifier)
    story.page.open(story.page.bench.sheet.encounter_id)
    sheet = story.page.bench.sheet
    sheet.lines.go_to(0, "code")
    story.down("99214")
    assert sheet.lines.lines()[0].description == "Visit, established, long"


def test_an_ended_modifier_is_found_once_the_file_is_there(story: Story, tmp_path: Path) -> None:
    take(story.services.reference, tmp_path, official(FileKind.HCPCS))
    story.enter("99214")
    story.down("qx")
    command = story.page.bench.sheet.command("")
    assert any("QX" in f.message for f in story.services.scrub.as_typed(command))
