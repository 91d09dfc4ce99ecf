"""Identifiers: the right ones in every way they are typed, the wrong ones with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain import identifiers as ids

NINE_DIGITS = st.from_regex(r"[12][0-9]{8}", fullmatch=True)


def npi_of(nine: str) -> str:
    """The NPI that begins with nine digits: the check digit by trial."""
    return next(nine + d for d in "0123456789" if ids.luhn_ok("80840" + nine + d))


@given(NINE_DIGITS)
def test_every_npi_with_its_check_digit_is_good(nine: str) -> None:
    npi = npi_of(nine)
    assert ids.check_npi(npi) == npi
    assert ids.check_npi(f" {npi[:3]}-{npi[3:6]} {npi[6:]} ") == npi


@given(NINE_DIGITS, st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_breaks_an_npi(nine: str, place: int, off: int) -> None:
    npi = npi_of(nine)
    wrong = npi[:place] + str((int(npi[place]) + off) % 10) + npi[place + 1 :]
    with pytest.raises(ValueError, match="wrong digit"):
        ids.check_npi(wrong)


@given(NINE_DIGITS, st.integers(1, 8))
def test_two_digits_changed_over_break_an_npi(nine: str, place: int) -> None:
    npi = npi_of(nine)
    one, two = npi[place], npi[place + 1]
    assume(one != two and {one, two} != {"0", "9"})  # the one exchange that Luhn cannot see
    with pytest.raises(ValueError, match="wrong digit"):
        ids.check_npi(npi[:place] + two + one + npi[place + 2 :])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "10 digits"),
        ("124531959", "10 digits"),
        ("12453195999", "10 digits"),
        ("124531959X", "10 digits"),
        ("٣٤٥٦٧٨٩٠١٢", "10 digits"),
        ("3245319599", "begins with 1 or 2"),
        ("0000000000", "begins with 1 or 2"),
        ("1245319598", "wrong digit"),
    ],
)
def test_wrong_npis(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ids.check_npi(typed)


@pytest.mark.parametrize("typed", ["1EG4TE5MK73", "1eg4-te5-mk73", " 1EG4 TE5 MK73 "])
def test_medicare_numbers_as_on_the_card(typed: str) -> None:
    assert ids.check_mbi(typed) == "1EG4TE5MK73"


@pytest.mark.parametrize("letter", "SLOIBZ")
@pytest.mark.parametrize("place", [1, 4, 7, 8])
def test_medicare_numbers_never_hold_mistakable_letters(letter: str, place: int) -> None:
    good = "1EG4TE5MK73"
    with pytest.raises(ValueError, match="Medicare number"):
        ids.check_mbi(good[:place] + letter + good[place + 1 :])


@pytest.mark.parametrize(
    "typed", ["", "1EG4TE5MK7", "1EG4TE5MK733", "0EG4TE5MK73", "123456789A", "1EGATE5MK73"]
)
def test_wrong_medicare_numbers(typed: str) -> None:
    with pytest.raises(ValueError, match="Medicare number"):
        ids.check_mbi(typed)


def test_tax_ids_as_typed() -> None:
    assert ids.check_tax_id("54-1234567", "EIN") == "541234567"
    assert ids.check_tax_id("123-45-6789", "SSN") == "123456789"


@pytest.mark.parametrize(
    ("typed", "kind", "sentence"),
    [
        ("54-123456", "EIN", "9 digits"),
        ("", "EIN", "9 digits"),
        ("54-123456A", "EIN", "9 digits"),
        ("07-1234567", "EIN", "No EIN begins with 07"),
        ("00-1234567", "EIN", "No EIN begins with 00"),
        ("000-12-3456", "SSN", "cannot exist"),
        ("666-12-3456", "SSN", "cannot exist"),
        ("123-00-4567", "SSN", "cannot exist"),
        ("123-45-0000", "SSN", "cannot exist"),
    ],
)
def test_wrong_tax_ids(typed: str, kind: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ids.check_tax_id(typed, kind)


@pytest.mark.parametrize(
    ("typed", "eleven"),
    [
        ("0009-0280-02", "00009028002"),  # 4-4-2
        ("50242-040-62", "50242004062"),  # 5-3-2
        ("60574-4114-1", "60574411401"),  # 5-4-1
        ("60574-4114-01", "60574411401"),  # 5-4-2
        ("60574411401", "60574411401"),
        (" 60574 4114 01 ", "60574411401"),
    ],
)
def test_drug_codes_fill_to_eleven(typed: str, eleven: str) -> None:
    assert ids.check_ndc(typed) == eleven


@given(st.sampled_from([(4, 4, 2), (5, 3, 2), (5, 4, 1)]), st.data())
def test_a_filled_drug_code_keeps_its_digits(shape: tuple[int, ...], data: st.DataObject) -> None:
    parts = [data.draw(st.from_regex(rf"[0-9]{{{n}}}", fullmatch=True)) for n in shape]
    eleven = ids.check_ndc("-".join(parts))
    assert len(eleven) == 11
    split = (eleven[:5], eleven[5:9], eleven[9:])
    assert [int(a) for a in split] == [int(b) for b in parts]
    assert ids.check_ndc(eleven) == eleven


@pytest.mark.parametrize("typed", ["", "0009-0280", "0009-280-02", "6057441140", "605744114012"])
def test_a_drug_code_without_its_hyphens_is_ambiguous(typed: str) -> None:
    with pytest.raises(ValueError, match="NDC"):
        ids.check_ndc(typed)


CASES: list[tuple[Callable[[str], str], str, str]] = [
    (ids.check_icd10, "m1711", "M17.11"),
    (ids.check_icd10, " M17.11 ", "M17.11"),
    (ids.check_icd10, "i10", "I10"),
    (ids.check_icd10, "S72.001A", "S72.001A"),
    (ids.check_icd10, "C4A.0", "C4A.0"),
    (ids.check_icd10, "Z3A.20", "Z3A.20"),
    (ids.check_icd10, "U07.1", "U07.1"),
    (ids.check_procedure, "99213", "99213"),
    (ids.check_procedure, "j1030", "J1030"),
    (ids.check_procedure, "0001F", "0001F"),
    (ids.check_procedure, "0042t", "0042T"),
    (ids.check_modifier, "rt", "RT"),
    (ids.check_modifier, "25", "25"),
    (ids.check_place_of_service, "11", "11"),
    (ids.check_taxonomy, "207q00000x", "207Q00000X"),
    (ids.check_state, "va", "VA"),
    (ids.check_state, "PR", "PR"),
    (ids.check_zip, "24153", "24153"),
    (ids.check_zip, "241530040", "24153-0040"),
    (ids.check_zip, "24153-0040", "24153-0040"),
    (ids.check_phone, "5405550140", "(540) 555-0140"),
    (ids.check_phone, "(540) 555-0140", "(540) 555-0140"),
    (ids.check_phone, "1-540-555-0140", "(540) 555-0140"),
    (ids.normal_id, "xyz 123-456", "XYZ123456"),
]


@pytest.mark.parametrize(("check", "typed", "normal"), CASES)
def test_as_typed_and_as_kept(check: Callable[[str], str], typed: str, normal: str) -> None:
    assert check(typed) == normal
    assert check(normal) == normal  # what is kept is taken again


@pytest.mark.parametrize(
    ("check", "typed"),
    [
        (ids.check_icd10, ""),
        (ids.check_icd10, "M1"),
        (ids.check_icd10, "117.11"),
        (ids.check_icd10, "M17.11111"),
        (ids.check_icd10, "MB7.1"),
        (ids.check_procedure, "9921"),
        (ids.check_procedure, "992133"),
        (ids.check_procedure, "W1234"),
        (ids.check_procedure, "9921X"),
        (ids.check_modifier, "2"),
        (ids.check_modifier, "255"),
        (ids.check_modifier, "2-"),
        (ids.check_place_of_service, "1"),
        (ids.check_place_of_service, "111"),
        (ids.check_place_of_service, "1A"),
        (ids.check_taxonomy, "207Q00000"),
        (ids.check_taxonomy, "207Q000000"),
        (ids.check_state, "XX"),
        (ids.check_state, "Virginia"),
        (ids.check_zip, "2415"),
        (ids.check_zip, "24153-00"),
        (ids.check_zip, "ABCDE"),
        (ids.check_phone, "555-0140"),
        (ids.check_phone, "2-540-555-0140"),
        (ids.check_phone, ""),
    ],
)
def test_wrong_ones_get_a_sentence(check: Callable[[str], str], typed: str) -> None:
    with pytest.raises(ValueError, match=re.compile(r"\.$")):
        check(typed)


@given(st.text(max_size=14))
def test_any_text_is_taken_or_refused_with_a_sentence(typed: str) -> None:
    for check in {case[0] for case in CASES} - {ids.normal_id}:
        try:
            kept = check(typed)
        except ValueError as complaint:
            assert str(complaint).endswith(".")  # noqa: PT017 - both outcomes are right
        else:
            assert kept.isascii()
