from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.claim_form import (
    Address,
    Box29,
    ClaimPayer,
    DrugCode,
    MultiPage,
    PayerType,
    PersonName,
    PrintRules,
)
from app.domain.findings import Severity
from app.domain.money import Cents
from app.printing.claim_pages import lay_out
from app.printing.fields import fields
from app.printing.items.totals import share_of_payment
from tests.printing.samples import claim, line

THIRTEEN = tuple(line(n, charge_cents=Cents(1000 * n + 5)) for n in range(1, 14))


def rules(manner: MultiPage, **changes: object) -> PrintRules:
    return PrintRules(multi_page=manner, **changes)  # type: ignore[arg-type]


def totals(manner: MultiPage, paid: int = 0) -> list[tuple[str, ...]]:
    form = claim(rules=rules(manner), lines=THIRTEEN, patient_paid_cents=Cents(paid))
    names = ("28_dollars", "28_cents", "29_dollars", "29_cents")
    return [tuple(s.boxes.get(name, "") for name in names) for s in lay_out(form).sheets]


def test_six_lines_a_sheet_and_the_rest_on_every_sheet() -> None:
    sheets = lay_out(claim(lines=THIRTEEN)).sheets
    counts = [sum(name.endswith("_D_cpt") for name in sheet.boxes) for sheet in sheets]
    assert counts == [6, 6, 1]
    for name in ("2", "21_A", "31_signature", "33a"):
        assert len({sheet.boxes[name] for sheet in sheets}) == 1
    assert sheets[1].boxes["24_1_F_dollars"] == "70"


def test_six_lines_fit_one_sheet() -> None:
    assert len(lay_out(claim(lines=THIRTEEN[:6])).sheets) == 1


def test_a_claim_without_lines_is_one_sheet() -> None:
    assert len(lay_out(claim(lines=())).sheets) == 1


def test_separate_sheets_carry_their_own_totals_and_share_the_payment() -> None:
    assert totals(MultiPage.SEPARATE, 25000) == [
        ("210", "30", "210", "30"),
        ("570", "30", "39", "70"),
        ("130", "05", "", ""),
    ]


def test_continued_until_the_last_sheet() -> None:
    assert totals(MultiPage.CONTINUED_LAST_PAGE, 2500) == [
        ("CONTINU", "ED", "", ""),
        ("CONTINU", "ED", "", ""),
        ("910", "65", "25", "00"),
    ]


def test_grand_total_on_each_sheet() -> None:
    assert totals(MultiPage.GRAND_TOTAL_EACH, 2500) == [("910", "65", "25", "00")] * 3


@settings(deadline=None)
@given(
    st.integers(0, 10**7),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=9),
)
def test_shared_payments_add_up(paid: int, charges: list[int]) -> None:
    parts = share_of_payment(Cents(paid), [Cents(c) for c in charges])
    assert sum(parts) == paid
    assert all(0 <= part <= charge for part, charge in zip(parts[:-1], charges, strict=False))


@pytest.mark.parametrize(
    ("kind", "rule", "dollars"),
    [
        (PayerType.GROUP, Box29.PRIOR_PAYERS_PLUS_PATIENT, "115"),
        (PayerType.GROUP, Box29.PATIENT_ONLY, "15"),
        (PayerType.GROUP, Box29.BLANK, None),
        (PayerType.MEDICARE, Box29.PRIOR_PAYERS_PLUS_PATIENT, "15"),
    ],
)
def test_amount_paid(kind: PayerType, rule: Box29, dollars: str | None) -> None:
    form = claim(
        kind,
        rules=PrintRules(box29=rule),
        patient_paid_cents=Cents(1500),
        prior_paid_cents=Cents(10000),
    )
    assert lay_out(form).sheets[0].boxes.get("29_dollars") == dollars


def test_too_long_is_cut_and_said() -> None:
    own = claim()
    long_street = Address("1234567890 Extraordinarily Long Avenue", "", "Portside", "ME", "04101")
    pages = lay_out(replace(own, patient=replace(own.patient, address=long_street)))
    assert pages.sheets[0].boxes["5_street"] == "1234567890 EXTRAORDINARILY L"
    finding = pages.findings[0]
    assert (finding.field, finding.box, finding.edit_id) == ("5_street", "5", "E123")
    assert finding.severity is Severity.ERROR
    assert "box 5 (street)" in finding.message
    assert "38 characters, room for 28" in finding.message
    assert "AVENUE" not in finding.message.upper().replace("SHORTEN", "")


def test_a_line_is_named_by_its_number_over_all_sheets() -> None:
    lines = (*THIRTEEN[:7], line(8, supplemental="Z" * 62))
    (finding,) = lay_out(claim(lines=lines)).findings
    assert "24 (shaded line), line 8" in finding.message


def test_a_charge_that_does_not_fit_is_an_error() -> None:
    pages = lay_out(claim(lines=(line(charge_cents=Cents(1_000_000_00)),)))
    assert [f.field for f in pages.findings] == ["24_1_F_dollars"]


def test_negative_money_is_never_printed_as_positive_silently() -> None:
    pages = lay_out(claim(lines=(line(charge_cents=Cents(-500)),)))
    assert {f.severity for f in pages.findings} == {Severity.ERROR}


def test_unprintable_names_and_places() -> None:
    own = claim()
    person = replace(own.patient, name=PersonName("李", "Wei"), address=Address("路 9"))
    findings = lay_out(replace(own, patient=person)).findings
    assert {("2", "E007"), ("5_street", "E123")} <= {(f.field, f.edit_id) for f in findings}
    assert all(f.severity is Severity.ERROR for f in findings)


def test_odd_but_printable_characters_are_a_warning_and_stay() -> None:
    own = claim()
    pages = lay_out(replace(own, payer=ClaimPayer("Care (East)", PayerType.GROUP, Address())))
    assert pages.sheets[0].boxes["carrier_name"] == "CARE (EAST)"
    assert [(f.edit_id, f.severity) for f in pages.findings] == [("E123", Severity.WARNING)]


def test_findings_are_not_repeated_for_every_sheet() -> None:
    own = claim(lines=THIRTEEN)
    long_account = replace(own.patient, account_no="A" * 15)
    assert len(lay_out(replace(own, patient=long_account)).findings) == 1


def test_more_than_twelve_diagnoses_is_an_error() -> None:
    codes = tuple(f"R{n:02d}" for n in range(13))
    pages = lay_out(claim(diagnoses=codes))
    assert [(f.edit_id, f.box) for f in pages.findings] == [("E045", "21")]
    assert pages.sheets[0].boxes["21_L"] == "R11"


def test_twelve_diagnoses_fit() -> None:
    pages = lay_out(claim(diagnoses=tuple(f"R{n:02d}" for n in range(12))))
    assert pages.findings == ()
    assert sum(name.startswith("21_") for name in pages.sheets[0].boxes) == 13


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("X" * 48, None, "X" * 48),
        ("WORD " * 11, "WORD WORD WORD WORD", "WORD WORD WORD WORD WORD WORD WORD"),
        ("Y" * 71, "Y" * 23, "Y" * 48),
    ],
)
def test_item_19_uses_its_first_line_only_when_it_must(
    text: str, first: str | None, second: str
) -> None:
    pages = lay_out(claim(additional_info=text))
    boxes = pages.sheets[0].boxes
    assert (boxes.get("19_line1"), boxes.get("19_line2"), pages.findings) == (first, second, ())


def test_item_19_over_71_characters_is_an_error() -> None:
    assert [f.edit_id for f in lay_out(claim(additional_info="Y" * 72)).findings] == ["E123"]


def test_one_pointer_a_line_prints_the_first() -> None:
    boxes = lay_out(claim(rules=PrintRules(one_pointer_per_line=True))).sheets[0].boxes
    assert boxes["24_1_E_pointer"] == "A"


def test_a_fifth_modifier_is_reported() -> None:
    pages = lay_out(claim(lines=(line(modifiers=("25", "59", "RT", "GP", "KX")),)))
    assert [f.field for f in pages.findings] == ["24_1_D_mod4"]


def test_units_lose_leading_zeros_but_not_their_point() -> None:
    lines = (line(1, units="02"), line(2, units="0.5"), line(3, units="10"))
    boxes = lay_out(claim(lines=lines)).sheets[0].boxes
    assert [boxes[f"24_{n}_G_units"] for n in (1, 2, 3)] == ["2", "0.5", "10"]


def test_an_ndc_that_is_none_is_printed_as_typed() -> None:
    own = line(drug=DrugCode("12345", "UN", "1"))
    assert lay_out(claim(lines=(own,))).sheets[0].boxes["24_1_supplemental"] == "N412345   UN1"


def test_zip_with_hyphen_where_a_payer_wants_it() -> None:
    boxes = lay_out(claim(rules=PrintRules(zip_hyphen=True))).sheets[0].boxes
    assert boxes["5_zip"] == "04101-2233"
    assert boxes["33_city_state_zip"].endswith("04101-0099")


def test_reserved_and_alignment_fields_are_never_filled() -> None:
    boxes = lay_out(claim()).sheets[0].boxes
    never = {f.id for f in fields().values() if f.kind in ("reserved", "test")}
    assert never == {"30", "pica_left", "pica_right"}
    assert not never & boxes.keys()


def test_shaded_line_with_drug_times_and_text() -> None:
    own = line(
        drug=DrugCode("0009-0280-02", "ml", "0.5"),
        supplemental="ZZ knee pain",
        anesthesia_start="08:05",
        anesthesia_end="0940",
        anesthesia_minutes=95,
    )
    shaded = "N400009028002   ML0.5   7BEGIN 0805 END 0940 TIME 95 MINUTES   ZZ KNEE PAIN"
    form = claim(rules=PrintRules(anesthesia_times_in_shaded=True), lines=(own,))
    pages = lay_out(form)
    # 74 characters do not go into 61 cells: printed as far as they go, and said.
    assert pages.sheets[0].boxes["24_1_supplemental"] == shaded[:61].rstrip()
    assert [(f.edit_id, f.box) for f in pages.findings] == [("E123", "24")]
    short = claim(lines=(own,))
    drug = {"24_1_supplemental": "N400009028002   ML0.5   ZZ KNEE PAIN", "24_1_G_units": "95"}
    boxes = lay_out(short).sheets[0].boxes
    assert {name: boxes[name] for name in drug} == drug
