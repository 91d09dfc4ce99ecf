"""Words as the search compares them, and the codes a note names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets.excludes import keeps_apart, may_be_first, named_codes
from app.codesets.words import ascii_text, fold, stem, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ménière's", "meniere"),
        ("SJÖGREN", "sjogren"),
        ("oedema", "edema"),
        ("Haemorrhage", "hemorrhage"),
        ("Crohn’s", "crohn"),
    ],
)
def test_accents_case_possessives_and_spellings_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("diabetes", "diabetic"),
        ("fractures", "fracture"),
        ("hypertensive", "hypertension"),
        ("allergies", "allergic"),
        ("thrombosis", "thrombotic"),
    ],
)
def test_relatives_share_a_stem(one: str, two: str) -> None:
    assert stem(one) == stem(two)


@pytest.mark.parametrize(
    ("one", "two"), [("hypothyroidism", "hyperthyroidism"), ("ileum", "ilium"), ("left", "leg")]
)
def test_strangers_do_not(one: str, two: str) -> None:
    assert stem(one) != stem(two)


@given(st.text())
def test_any_text_folds_to_plain_words(text: str) -> None:
    for word in words(text):
        assert word.isascii()
        assert word.isalnum()
        assert stem(word)
    assert ascii_text(text).isascii()


def test_the_codes_a_note_names() -> None:
    assert named_codes("sugar trouble (E08.-), else (P35-P39, R22.0)") == [
        ("E08", "E08"),
        ("P35", "P39"),
        ("R220", "R220"),
    ]
    assert named_codes("nothing here (see above)") == []


@pytest.mark.parametrize(
    ("note", "code", "apart"),
    [
        ("x (E08.-)", "E0800", True),
        ("x (E08.-)", "E0900", False),
        ("x (P35-P39)", "P371", True),
        ("x (P35-P39)", "P399", True),
        ("x (P35-P39)", "P40", False),
        ("x (O24.4-)", "O2441", True),
        ("x (O24.4-)", "O245", False),
        ("x (K56.60-K56.69)", "K56609", True),
    ],
)
def test_which_codes_a_note_keeps_apart(note: str, code: str, apart: bool) -> None:
    assert keeps_apart(note, code) is apart


def test_what_may_not_come_first() -> None:
    assert not may_be_first("W19XXXA", "Unspecified fall")
    assert not may_be_first("H42", "Glaucoma in diseases classified elsewhere")
    assert may_be_first("I10", "Essential (primary) hypertension")
