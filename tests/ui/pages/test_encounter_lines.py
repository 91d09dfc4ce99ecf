"""The rules of a line nobody typed out: defaults, prices, pointers, drafts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.coding_desk import PolicyChoice
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from app.ui.pages import encounters_drafts as drafts
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages.encounters_payers import BY_ORDER, payer_choices, to_answer, to_command

DAY = date(2026, 10, 22)
PRICES = rules.Prices.of(
    (
        SaveProcedure("99213", 14500, "Visit"),
        SaveProcedure("71046", 9000, "Chest film"),
        SaveProcedure("71046", 4000, "Reading only", "26"),
        SaveProcedure("J1030", 6233, "Drug"),
        SaveProcedure("99999", 1, active=False),
    )
)
letters = st.lists(st.sampled_from(rules.LETTERS), max_size=4, unique=True).map("".join)
lines = st.builds(
    SaveLine,
    code=st.sampled_from(("99213", "71046", "J1030", "97110")),
    charge_cents=st.none() | st.integers(0, 10**6),
    modifiers=st.sampled_from(("", "26", "25 RT")),
    pointers=letters,
    units=st.sampled_from(("1", "2", "1.5")),
    service_from=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    place_of_service=st.sampled_from(("", "11", "31")),
)


@pytest.mark.parametrize(
    ("code", "modifiers", "units", "cents"),
    [
        ("99213", "25", "1", 14500),
        ("71046", "", "1", 9000),
        ("71046", "26", "1", 4000),
        ("71046", "RT 26", "2", 8000),
        ("J1030", "", "1.5", 9350),
        ("99999", "", "1", None),
    ],
)
def test_charge_by_code_modifier_and_units(
    code: str, modifiers: str, units: str, cents: int | None
) -> None:
    assert PRICES.charge(SaveLine(code, modifiers=modifiers, units=units)) == cents


@pytest.mark.parametrize(
    ("number", "diagnoses", "pointers"),
    [(0, 0, ""), (0, 2, "AB"), (0, 7, "ABCD"), (1, 7, "A"), (3, 0, "")],
)
def test_default_pointers(number: int, diagnoses: int, pointers: str) -> None:
    assert rules.default_pointers(number, rules.Visit(DAY, "11", diagnoses)) == pointers


@given(lines, st.integers(0, 5))
def test_a_saved_line_opened_and_saved_again_is_the_same(line: SaveLine, number: int) -> None:
    visit = rules.Visit(DAY, "11", 12)
    saved = rules.filled_in(line, number, visit, PRICES)
    command = SaveEncounter(1, 1, DAY, place_of_service="11")
    again = rules.filled_in(rules.unfilled(saved, command, PRICES), number, visit, PRICES)
    assert again == saved


@given(lines)
def test_a_line_survives_a_draft(line: SaveLine) -> None:
    assert drafts.line_of(drafts.line_body(line)) == line


@given(letters, st.permutations(rules.LETTERS))
def test_moving_diagnoses_keeps_what_a_line_points_to(pointers: str, order: list[str]) -> None:
    moved = dict(zip(rules.LETTERS, order, strict=True))
    (line,) = rules.repointed([SaveLine("99213", pointers=pointers)], moved)
    back = {new: old for old, new in moved.items()}
    assert "".join(back[letter] for letter in line.pointers) == pointers


@pytest.mark.parametrize(
    ("typed", "shaped"), [("25rt", "25 RT"), ("25, rt", "25 RT"), ("", ""), ("gt", "GT")]
)
def test_modifiers_are_put_into_shape(typed: str, shaped: str) -> None:
    assert rules.shape_modifiers(typed) == shaped


@pytest.mark.parametrize("typed", ["2", "25 R", "25 RT 59 76 77"])
def test_modifiers_that_cannot_be(typed: str) -> None:
    with pytest.raises(ValueError, match="4 modifiers"):
        rules.shape_modifiers(typed)


@pytest.mark.parametrize("typed", ["0", "-1", "1000", "two", "nan", "1e9"])
def test_units_that_cannot_be(typed: str) -> None:
    with pytest.raises(ValueError, match="from 1 to 999"):
        rules.shape_units(typed)


def test_pointers_take_letters_once() -> None:
    assert rules.shape_pointers("a, b,a") == "AB"
    for typed in ("abcde", "m", "1"):
        with pytest.raises(ValueError, match="letters"):
            rules.shape_pointers(typed)


def test_payer_answers_and_commands_go_both_ways() -> None:
    first = PolicyChoice(7, "Blue", "1", 1, None, None)
    second = PolicyChoice(9, "Harbor", "2", 2, None, None)
    ended = PolicyChoice(5, "Cedar", "3", 1, None, date(2026, 6, 30))
    choices = payer_choices((ended, first, second), DAY)
    assert [c.text for c in choices] == [
        "Blue, then Harbor",
        "Harbor, then Blue",
        "Blue",
        "Harbor",
        "Cedar (ended 06/30/2026)",
        "Self-pay: the patient is billed",
    ]
    for choice in choices:
        command = to_command(choice.value)
        assert to_answer(command, (ended, first, second), DAY) == choice.value
    assert to_answer((7, 9), (ended, first, second), DAY) == BY_ORDER
