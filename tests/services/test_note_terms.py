"""Terms recognised in chart notes: what is offered, and above all what is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets.note_reader import belongs_to, clauses
from app.services.codesets import CodeSetService
from app.services.note_terms import MOST, NoteTermService, Suggested
from app.services.people_commands import SaveProcedure
from tests.services.front_desk import Office
from tests.services.note_cases import CASES, NoteCase

DAY, OCTOBER = date(2026, 9, 21), date(2026, 10, 1)


@pytest.fixture(scope="module")
def terms(codes: CodeSetService) -> NoteTermService:
    desk = codes._uses._desk
    from app.services.setup import SetupService

    setup = SetupService(desk)
    for code in ("99214", "20610", "J1030"):
        setup.save_procedure(SaveProcedure(code, 10000, f"our {code}"))
    return NoteTermService(desk, codes)


def offered(terms: NoteTermService, note: str, **more: object) -> dict[str, Suggested]:
    return {one.code: one for one in terms.suggest(note, DAY, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note[:40])
def test_a_note_offers_what_it_says_and_nothing_else(
    terms: NoteTermService, case: NoteCase
) -> None:
    found = offered(terms, case.note).keys()
    assert set(case.expected.split()) - found == set()
    assert found - set(case.expected.split()) - set(case.also.split()) == set()


def test_the_words_it_came_from_are_the_very_words(terms: NoteTermService) -> None:
    for case in CASES:
        for one in terms.suggest(case.note, DAY):
            assert case.note[one.start : one.end] == one.words
    found = offered(terms, CASES[0].note)
    assert found["M17.11"].words == "OA R knee"
    assert found["M17.11"].title == "Unilateral primary osteoarthritis, right knee"


def test_a_sign_of_a_disease_found_too_comes_last_and_says_so(terms: NoteTermService) -> None:
    found = terms.suggest(CASES[0].note, DAY)
    assert (found[-1].code, found[-1].part_of) == ("M25.561", "M17.11")
    assert not any(one.part_of for one in found[:-1])
    coded = terms.suggest("Cough and wheezing today. Dx: cough.", DAY, coded=("J45.909",))
    assert {one.part_of for one in coded} == {"J45.909"}
    assert not belongs_to("M25561", "I10")


def test_what_is_coded_or_dismissed_is_not_offered(terms: NoteTermService) -> None:
    note = "HTN, DM2 and GERD."
    assert offered(terms, note).keys() == {"I10", "E11.9", "K21.9"}
    assert offered(terms, note, coded=("I10",), dismissed=("K21.9",)).keys() == {"E11.9"}


def test_codes_are_judged_on_the_date_of_service(terms: NoteTermService) -> None:
    note = "Code M72.2 today."
    assert [one.code for one in terms.suggest(note, DAY)] == ["M72.2"]
    assert terms.suggest(note, OCTOBER) == ()  # a category from that day on


def test_a_procedure_comes_with_the_wording_of_the_charge_list(terms: NoteTermService) -> None:
    found = offered(terms, "99214 and 99215, room 20610A")
    assert [(one.kind, one.title) for one in found.values()] == [("px", "our 99214")]


def test_there_are_never_more_than_twelve(terms: NoteTermService) -> None:
    note = (
        "Assessment: HTN, DM2, GERD, COPD, gout, asthma, obesity, anxiety, migraine, psoriasis, "
        "rosacea, hypothyroidism, osteoporosis, sciatica, vertigo, HLD, OSA, BPH."
    )
    assert len(terms.suggest(note, DAY)) == MOST


def test_reading_goes_in_steps_and_ends(codes: CodeSetService) -> None:
    fresh = NoteTermService(codes._uses._desk, codes)
    note = "HTN stable. DM2 stable. GERD."
    steps = 1
    while fresh.step(note, DAY):
        steps += 1
    assert steps > len(clauses(note))
    assert [one.code for one in fresh.suggest(note, DAY)] == ["I10", "E11.9", "K21.9"]
    assert not fresh.step(note, DAY)


def test_without_a_code_set_nothing_is_offered(office: Office) -> None:
    assert not office.services.note_terms.step("HTN", DAY)
    assert office.services.note_terms.suggest("HTN", DAY) == ()


TEXT = "no denies HTN r/o family history of knee pain, . ; ? DM2 left (OA) I10 99214 A1c: é"
WORDS = TEXT.split()
WORDS.append("\n")


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_text_is_read_without_trouble(terms: NoteTermService, words: list[str]) -> None:
    note = " ".join(words)
    for one in terms.suggest(note, DAY):
        assert note[one.start : one.end] == one.words


@pytest.mark.parametrize("take_back", ["No", "Denies", "R/O", "Possible", "Mother had", "FH of"])
@given(term=st.sampled_from(["HTN", "DM2", "gout", "asthma", "GERD", "migraine", "psoriasis"]))
def test_what_is_taken_back_is_silent(terms: NoteTermService, take_back: str, term: str) -> None:
    assert offered(terms, f"{term} today.")
    assert not offered(terms, f"{take_back} {term}.")
