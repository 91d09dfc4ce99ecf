from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.claim_form import Address, PersonName
from app.printing.text import (
    city_state_zip,
    fold,
    identifier,
    name_first_last,
    name_last_first,
    note,
    phone,
    prose,
    street,
    zip_code,
)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Núñez", "NUNEZ"),
        ("Łukasz Großmann", "LUKASZ GROSSMANN"),
        ("Ægir Þórsson", "AEGIR THORSSON"),
        ("Đặng Ngọc Ánh", "DANG NGOC ANH"),
        ("Ørsted-Œuvre", "ORSTED-OEUVRE"),
        ("ﬁne", "FINE"),
        ("e\u0301", "E"),
    ],
)
def test_accents_and_ligatures_become_letters(typed: str, printed: str) -> None:
    assert fold(typed) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (PersonName("O'Brien", "Mary-Kate", "lou"), "OBRIEN, MARY-KATE, L"),
        (PersonName("O’Brien", "Seán"), "OBRIEN, SEAN"),
        (PersonName("Smith", "John", "Q.", "Jr."), "SMITH JR, JOHN, Q"),
        (PersonName("van der  Berg", "A."), "VAN DER BERG, A"),
        (PersonName("Cher", ""), "CHER"),
    ],
)
def test_names_are_last_suffix_first_initial(name: PersonName, printed: str) -> None:
    written = name_last_first(name)
    assert (written.text, written.odd, written.unprintable) == (printed, "", "")


def test_referring_names_in_full_and_short() -> None:
    name = PersonName("Pruitt-Lane", "Sandra", "Kay", "III", "D.O.")
    assert name_first_last(name, in_full=True).text == "SANDRA K PRUITT-LANE III DO"
    assert name_first_last(name, in_full=False).text == "SANDRA PRUITT-LANE"


def test_addresses_lose_punctuation_without_leaving_blanks() -> None:
    address = Address("P.O. Box 12", "c/o St. Mary's, #4", "O'Fallon", "il", "62269-0042")
    assert street(address).text == "PO BOX 12 C/O ST MARYS 4"
    assert city_state_zip(address, zip_hyphen=False).text == "OFALLON IL 622690042"
    assert city_state_zip(address, zip_hyphen=True).text == "OFALLON IL 62269-0042"


def test_a_short_zip_takes_no_hyphen() -> None:
    assert zip_code("62269", hyphen=True).text == "62269"


def test_hyphens_that_mean_something_stay_in_addresses() -> None:
    assert prose("39-10 Bell Blvd.").text == "39-10 BELL BLVD"


def test_identifiers_lose_blanks_and_hyphens() -> None:
    assert identifier("pmx 771-20-455").text == "PMX77120455"
    assert identifier("M17.11").text == "M1711"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("0.5 mg/kg, tooth #3", "0.5 MG/KG TOOTH 3"),
        (".5", ".5"),
        ("Pt. fell.", "PT FELL"),
        ("N4ONE   ZZTWO", "N4ONE   ZZTWO"),
    ],
)
def test_notes_keep_decimal_points_and_blanks(typed: str, printed: str) -> None:
    assert note(typed).text == printed


@pytest.mark.parametrize(
    ("typed", "area", "number"),
    [
        ("(217) 555-0142", "217", "5550142"),
        ("217.555.0142", "217", "5550142"),
        ("+1 217 555 0142", "217", "5550142"),
        ("555-0142", "", "5550142"),
    ],
)
def test_phones(typed: str, area: str, number: str) -> None:
    assert [part.text for part in phone(typed)] == [area, number]


def test_an_extension_is_not_hidden() -> None:
    assert phone("217-555-0142 x9")[1].odd == "X"


def test_what_has_no_letter_is_reported_and_left_out() -> None:
    written = name_last_first(PersonName("李", "Wei"))
    assert (written.text, written.unprintable, written.person) == (", WEI", "李", True)
    assert prose("Clinic (North)").odd == "()"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_prints_as_ascii_or_is_reported(typed: str) -> None:
    for manner in (prose, identifier, note):
        written = manner(typed)
        assert written.text.isascii()
        assert written.text.isprintable()
        assert written.text == written.text.upper()
        assert not set(written.unprintable) & set(written.text)
        assert manner(written.text).text == written.text


@settings(deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=20))
def test_no_letter_disappears_silently(typed: str) -> None:
    written = prose(typed)
    assert written.text or written.unprintable
