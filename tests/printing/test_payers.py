"""A whole sheet for every kind of payer, read back from the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.claim_form import (
    ClaimForm,
    ConditionRelated,
    DateSpan,
    PayerType,
    PersonName,
    PrintRules,
    QualifiedDate,
    ReferringProvider,
    Relationship,
)
from app.domain.money import Cents
from app.printing.claim_pages import lay_out
from app.printing.pdf import claim_pdf
from tests.acceptance.printed_boxes import compare, own_layout
from tests.printing.samples import (
    COMMON,
    EMPLOYER,
    SELF_INSURED,
    SPOUSE,
    SPOUSE_INSURED,
    claim,
    line,
    policy,
)

ALL_WISHES = PrintRules(taxonomy_24j=True, taxonomy_33b=True, emg_in_24c=True, epsdt_in_24h=True)
REFERRED = ReferringProvider(
    "DN", PersonName("Lund", "Ida", "B", credentials="MD"), "1222222223", "12-34", "0B"
)
EVERYTHING: dict[str, Any] = {
    "rules": ALL_WISHES,
    "lines": (line(emergency=True, epsdt="AV", family_planning=True),),
    "referring": REFERRED,
    "other_date": QualifiedDate(date(2026, 2, 1), "454"),
    "frequency": "7",
    "original_reference": "26-0042",
}  # fmt: skip
TAXONOMIES = {
    "24_1_I_qualifier": "ZZ",
    "24_1_J_other_id": "207R00000X",
    "33b": "ZZ208D00000X",
}
REFERRED_BY = {"17_qualifier": "DN", "17_name": "IDA B LUND MD", "17b_npi": "1222222223"}
WISHES_PRINTED = (
    TAXONOMIES
    | REFERRED_BY
    | {
        "15_qualifier": "454",
        "15_month": "02",
        "15_day": "01",
        "15_year": "26",
        "17a_qualifier": "0B",
        "17a_id": "1234",
        "22_code": "7",
        "22_ref": "260042",
        "24_1_C_emg": "Y",
        "24_1_H_epsdt": "AV",
    }
)


def check(form: ClaimForm, *expected: Mapping[str, str]) -> None:
    pages = lay_out(form)
    assert pages.findings == ()
    wanted = [{name: text for name, text in sheet.items() if text} for sheet in expected]
    assert compare(claim_pdf(pages, whole_form=False), wanted, own_layout()) == []
    assert [dict(sheet.boxes) for sheet in pages.sheets] == wanted


def test_group_plan_with_everything_the_payer_may_want() -> None:
    check(claim(**EVERYTHING), COMMON | SELF_INSURED | WISHES_PRINTED | {"1_group": "X"})


def test_group_plan_of_the_husband_with_an_own_second_plan() -> None:
    form = claim(
        policy=policy(relationship=Relationship.SPOUSE, insured=SPOUSE),
        other_policies=(policy(2, member_id="OWN-1", group_number="", plan_name="Own Plan"),),
    )
    others = {"9": "PENA-RUIZ, ZOE, A", "9a": "OWN1", "9d": "OWN PLAN"}
    answer = {"1_group": "X", "11d_yes": "X", "11d_no": ""}
    check(form, COMMON | SPOUSE_INSURED | others | answer)


def test_medicare_primary_leaves_its_blanks() -> None:
    expected = COMMON | {"1_medicare": "X", "11": "NONE", **REFERRED_BY, "17_name": "IDA LUND"}
    check(claim(PayerType.MEDICARE, **EVERYTHING), expected)


def test_medicare_after_the_husbands_group_plan() -> None:
    form = claim(
        PayerType.MEDICARE,
        policy=policy(2, PayerType.MEDICARE),
        other_policies=(policy(1, relationship=Relationship.SPOUSE, insured=SPOUSE),),
        patient_paid_cents=Cents(500),
        prior_paid_cents=Cents(9000),
    )
    expected = COMMON | SPOUSE_INSURED | {"1_medicare": "X", "29_dollars": "5", "29_cents": "00"}
    check(form, expected | {"11d_no": "", "13_signature": ""})


def test_medicare_after_the_patients_own_plan_says_same() -> None:
    form = claim(
        PayerType.MEDICARE,
        policy=policy(2, PayerType.MEDICARE),
        other_policies=(policy(1, group_number=""),),
    )
    expected = COMMON | SELF_INSURED | {"1_medicare": "X", "4": "SAME", "11": "LH204471"}
    check(form, expected | {"11d_no": "", "13_signature": ""})


@pytest.mark.parametrize(("holder", "name"), [(None, "SAME"), (SPOUSE, "PENA-RUIZ JR, TOMAS, L")])
def test_medigap_prints_nine_and_thirteen(holder: object, name: str) -> None:
    gap = policy(
        2, PayerType.OTHER, medigap=True, coba_id="55-123", member_id="MG 1-2", insured=holder
    )
    expected = COMMON | {
        "1_medicare": "X",
        "11": "NONE",
        "9": name,
        "9a": "MEDIGAPMG12",
        "9d": "55123",
        "13_signature": "SIGNATURE ON FILE",
    }
    check(claim(PayerType.MEDICARE, other_policies=(gap,)), expected)


def test_medigap_benefits_not_assigned_stay_off_the_form() -> None:
    gap = policy(2, PayerType.OTHER, medigap=True, coba_id="55123", assignment_of_benefits=False)
    check(
        claim(PayerType.MEDICARE, other_policies=(gap,)),
        COMMON | {"1_medicare": "X", "11": "NONE"},
    )


def test_medicaid_member_is_the_patient() -> None:
    form = claim(
        PayerType.MEDICAID,
        policy=policy(kind=PayerType.MEDICAID, relationship=Relationship.CHILD, insured=SPOUSE),
        **EVERYTHING,
    )
    expected = COMMON | SELF_INSURED | WISHES_PRINTED | {"1_medicaid": "X", "24_1_H_family": "Y"}
    check(form, expected)


def test_tricare_prints_the_sponsor() -> None:
    sponsor = policy(
        kind=PayerType.TRICARE, relationship=Relationship.SPOUSE, insured=SPOUSE, group_number=""
    )
    check(
        claim(PayerType.TRICARE, policy=sponsor),
        COMMON | SPOUSE_INSURED | {"1_tricare": "X", "11": ""},
    )


def test_champva_member_is_the_patient() -> None:
    form = claim(
        PayerType.CHAMPVA,
        policy=policy(kind=PayerType.CHAMPVA, insured=SPOUSE, assignment_of_benefits=False),
    )
    check(form, COMMON | SELF_INSURED | {"1_champva": "X", "13_signature": ""})


def test_feca_number_in_eleven() -> None:
    form = claim(PayerType.FECA, policy=policy(kind=PayerType.FECA, group_number="55 1234567"))
    check(form, COMMON | SELF_INSURED | {"1_feca": "X", "11": "551234567"})


def test_workers_compensation_prints_the_employer() -> None:
    form = claim(
        PayerType.WORKERS_COMP,
        policy=policy(
            kind=PayerType.WORKERS_COMP,
            relationship=Relationship.SELF,
            insured=EMPLOYER,
            group_number="",
            claim_number="WC-26 0917",
        ),
        related=ConditionRelated(employment=True, auto=False, other=False),
        onset=QualifiedDate(date(2026, 3, 1), "431"),
        unable_to_work=DateSpan(date(2026, 3, 2)),
        claim_codes="W2",
    )
    employer = {
        "1_other": "X",
        "4": "GULL & DAUGHTERS INC",
        "6_other": "X",
        "7_street": "8 WHARF RD",
        "7_city": "PORTSIDE",
        "7_state": "ME",
        "7_zip": "04101",
        "7_area": "207",
        "7_phone": "5550190",
        "11b_qualifier": "Y4",
        "11b_id": "WC260917",
        "11c": "LANTERN CHOICE",
        "11d_no": "X",
        "13_signature": "SIGNATURE ON FILE",
    }
    injury = {
        "10a_yes": "X",
        "10a_no": "",
        "10d": "W2",
        "14_month": "03",
        "14_day": "01",
        "14_year": "26",
        "14_qualifier": "431",
        "16_from_month": "03",
        "16_from_day": "02",
        "16_from_year": "26",
    }
    check(form, COMMON | employer | injury)


def test_workers_compensation_without_employer_leaves_four_and_seven_blank() -> None:
    form = claim(PayerType.WORKERS_COMP, policy=policy(kind=PayerType.WORKERS_COMP))
    boxes = lay_out(form).sheets[0].boxes
    assert not {"4", "7_street", "11a_month"} & boxes.keys()
    assert boxes["6_other"] == "X"


def test_auto_accident_with_state_and_eight_digit_dates() -> None:
    form = claim(
        PayerType.AUTO,
        rules=replace(PrintRules(), date_style="MMDDYYYY", print_release_date=True),
        policy=policy(kind=PayerType.AUTO, claim_number="AC 9"),
        related=ConditionRelated(employment=False, auto=True, auto_state="me", other=False),
        onset=QualifiedDate(date(2026, 3, 1), "431"),
        hospital=DateSpan(date(2026, 3, 1), date(2026, 3, 2)),
    )
    accident = {
        "1_other": "X",
        "10b_yes": "X",
        "10b_no": "",
        "10b_state": "ME",
        "11b_qualifier": "Y4",
        "11b_id": "AC9",
        "12_date": "01 02 2026",
        "14_month": "03",
        "14_day": "01",
        "14_year": "2026",
        "14_qualifier": "431",
        "18_from_month": "03",
        "18_from_day": "01",
        "18_from_year": "2026",
        "18_to_month": "03",
        "18_to_day": "02",
        "18_to_year": "2026",
    }
    check(form, COMMON | SELF_INSURED | accident)


def test_other_plan_with_outside_lab_ssn_and_no_assignment() -> None:
    own = claim(PayerType.OTHER)
    form = replace(
        own,
        outside_lab_cents=Cents(2275),
        accept_assignment=False,
        billing=replace(own.billing, tax_id="900-11-2233", tax_id_type="SSN"),
        rendering=replace(own.rendering, signature_on_file=False),
    )
    changed = {
        "1_other": "X",
        "20_no": "",
        "20_yes": "X",
        "20_dollars": "22",
        "20_cents": "75",
        "25": "900112233",
        "25_ein": "",
        "25_ssn": "X",
        "27_yes": "",
        "27_no": "X",
        "31_signature": "",
        "31_date": "",
    }
    check(form, COMMON | SELF_INSURED | changed)
