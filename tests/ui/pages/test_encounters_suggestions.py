"""Terms of the note, taken and dismissed by key; favourites put on the visit by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.favourites import FavouriteCode, FavouriteGroup
from app.ui.page import Go
from tests.office import open_office
from tests.ui.pages.coding_office import TODAY, coding_office
from tests.ui.pages.coding_story import CTRL, KEYS, Story

NOTE = (
    "62 y/o with right knee pain, known OA R knee. HTN controlled. DM2, no complications. "
    "Denies chest pain. Code 99214."
)


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("codes")


@pytest.fixture
def story(qtbot: QtBot, codes: Path) -> Iterator[Story]:
    with open_office(TODAY, codes=codes) as (services, _):
        services.codesets.prepare()
        yield Story(qtbot, coding_office(services))


def read(story: Story, qtbot: QtBot, note: str = NOTE) -> list[str]:
    key = story.office.visit("Ames", TODAY, "", "", note=note)
    story.window.go(Go("encounters", key))
    qtbot.waitUntil(lambda: not story.page.aids.terms.busy(), timeout=20_000)
    return [one.code for one in story.page.aids.found.terms()]


def test_codes_are_taken_by_digit_and_only_so(story: Story, qtbot: QtBot) -> None:
    assert read(story, qtbot) == ["M17.11", "I10", "E11.9", "99214", "M25.561"]
    sheet = story.page.bench.sheet
    assert sheet.diagnoses.codes() == ()
    story.actions = 0
    story.key(KEYS.Key_F5)
    story.key(KEYS.Key_2)  # I10
    story.key(KEYS.Key_1)  # M17.11
    story.key(KEYS.Key_1)  # E11.9
    story.key(KEYS.Key_1)  # 99214
    assert story.actions == 5
    assert sheet.diagnoses.codes() == ("I10", "M17.11", "E11.9")
    assert [line.code for line in sheet.lines.raw()] == ["99214"]
    assert [one.code for one in story.page.aids.found.terms()] == ["M25.561"]
    assert story.said() == "99214 taken from “99214”."
    story.notices[-1].undo()  # type: ignore[misc]
    assert sheet.lines.raw() == ()
    story.key(KEYS.Key_S, CTRL)
    assert story.saved().command.diagnoses == ("I10", "M17.11", "E11.9")


def test_the_words_of_the_term_under_the_cursor_stand_out(story: Story, qtbot: QtBot) -> None:
    read(story, qtbot)
    story.key(KEYS.Key_F5)
    story.key(KEYS.Key_Down)
    story.key(KEYS.Key_Up)
    note = story.page.bench.note
    (chosen,) = [tint for tint in note.tints() if tint.role == "warn_soft"]
    assert note.toPlainText()[chosen.start : chosen.end] == "OA R knee"
    story.key(KEYS.Key_Escape)
    assert story.page.bench.sheet.diagnoses.current() == 0


def test_a_dismissed_term_stays_away_until_undo(story: Story, qtbot: QtBot) -> None:
    read(story, qtbot, "HTN and GERD.")
    story.key(KEYS.Key_F5)
    story.key(KEYS.Key_Delete)
    assert [one.code for one in story.page.aids.found.terms()] == ["K21.9"]
    story.page.bench.note.setFocus()
    story.type(" ")
    qtbot.waitUntil(lambda: not story.page.aids.terms.busy())
    assert [one.code for one in story.page.aids.found.terms()] == ["K21.9"]
    story.key(KEYS.Key_S, CTRL)
    qtbot.waitUntil(lambda: not story.page.aids.terms.busy())
    assert [one.code for one in story.page.aids.found.terms()] == ["K21.9"]
    story.page.aids.terms.go_to()
    story.key(KEYS.Key_Return)
    assert story.page.bench.sheet.diagnoses.codes() == ("K21.9",)
    assert story.page.bench.sheet.diagnoses.current() == 1  # nothing left in the list


def test_a_note_typed_is_read_while_the_hands_rest(story: Story, qtbot: QtBot) -> None:
    story.new_for("Okafor")
    assert not story.page.aids.found.isVisible()
    story.page.bench.note.setFocus()
    story.type("Dx: gout.")
    qtbot.waitUntil(lambda: bool(story.page.aids.found.terms()), timeout=20_000)
    assert [one.code for one in story.page.aids.found.terms()] == ["M10.9"]
    assert story.page.bench.sheet.diagnoses.codes() == ()


def test_favourites_are_put_on_the_visit_by_keys(story: Story) -> None:
    save = story.services.favourites.save
    knee = (
        FavouriteCode("dx", "M17.11", "OA right knee"),
        FavouriteCode("px", "20610", "Knee injection", "RT"),
    )
    save(FavouriteGroup(None, "Knee", "Orthopedics", knee))
    save(FavouriteGroup(None, "Visits", "", (FavouriteCode("px", "99214", "Visit, long"),)))
    story.new_for("Ames")
    story.enter("t")
    story.actions = 0
    story.key(KEYS.Key_F2)
    story.type("knee")
    story.key(KEYS.Key_Space)
    story.key(KEYS.Key_Space)
    story.enter()
    assert story.actions == 5
    sheet = story.page.bench.sheet
    assert sheet.diagnoses.codes() == ("M17.11",)
    (line,) = sheet.lines.lines()
    assert (line.code, line.modifiers, line.pointers, line.charge_cents) == (
        "20610",
        "RT",
        "A",
        16500,
    )
    assert story.said() == "M17.11, 20610 put on the visit."
    story.notices[-1].undo()  # type: ignore[misc]
    assert (sheet.diagnoses.codes(), sheet.lines.raw()) == ((), ())
    story.key(KEYS.Key_F2)
    story.key(KEYS.Key_Escape)
    assert not story.page.aids.box.isVisible()
