"""Fictional claims for the printing tests: one practice, one patient, every kind of payer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.claim_form import (
    Address,
    BillingProvider,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    ConditionRelated,
    Insured,
    PayerType,
    PersonName,
    PrintRules,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.money import Cents

HOME = Address("12 Harbor Vw.", "Unit #3", "Portside", "ME", "04101-2233")
SPOUSE = Insured(
    name=PersonName("Peña-Ruiz", "Tomás", "Luis", "Jr."),
    birth_date=date(1960, 11, 9),
    sex="M",
    address=HOME,
    phone="(207) 555-0131",
)
EMPLOYER = Insured(
    organization="Gull & Daughters, Inc.",
    address=Address("8 Wharf Rd.", "", "Portside", "ME", "04101"),
    phone="207 555 0190",
)


def policy(rank: int = 1, kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimPolicy:
    own = ClaimPolicy(
        rank=rank,
        payer_name="Lantern Health",
        payer_type=kind,
        relationship=Relationship.SELF,
        member_id="LH 20-4471",
        group_number="G-77",
        plan_name="Lantern Choice",
    )
    return replace(own, **changes)


def line(number: int = 1, **changes: Any) -> ClaimLine:
    own = ClaimLine(
        line_id=number,
        service_from=date(2026, 3, 4),
        service_to=date(2026, 3, 4),
        place_of_service="11",
        code="99213",
        charge_cents=Cents(11850),
        modifiers=("25",),
        pointers=("A", "B"),
    )
    return replace(own, **changes)


def claim(kind: PayerType = PayerType.GROUP, **changes: Any) -> ClaimForm:
    """A claim of one line; ``changes`` replace whole parts."""
    own = ClaimForm(
        claim_number="7",
        signed_on=date(2026, 3, 9),
        payer=ClaimPayer(
            "Lantern Health", kind, Address("P.O. Box 12", "", "Bangor", "ME", "04401")
        ),
        rules=PrintRules(),
        policy=policy(kind=kind),
        patient=ClaimPatient(
            name=PersonName("Peña-Ruiz", "Zoë", "Ann"),
            birth_date=date(1962, 7, 5),
            sex="F",
            address=HOME,
            phone="207-555-0131",
            account_no="PT-100",
            release_signature_date=date(2026, 1, 2),
        ),
        billing=BillingProvider(
            "Tidewater Medical, P.C.",
            Address("77 Beacon St.", "Ste. 2", "Portside", "ME", "04101-0099"),
            "207.555.0100",
            "1234567893",
            "01-0999888",
            "EIN",
            "208D00000X",
        ),
        rendering=RenderingProvider(PersonName("Okafor", "Ada"), "1111111112", "207R00000X"),
        lines=(line(),),
        diagnoses=("J06.9", "I10"),
        facility=ServiceFacility(
            "Tidewater Office", Address("77 Beacon St.", "Ste. 2", "Portside", "ME", "04101-0099")
        ),
        related=ConditionRelated(employment=False, auto=False, other=False),
    )
    return replace(own, **changes)


# What every claim of ``claim()`` prints, whoever pays.
COMMON = {
    "carrier_name": "LANTERN HEALTH",
    "carrier_address1": "PO BOX 12",
    "carrier_city_state_zip": "BANGOR ME 04401",
    "1a": "LH204471",
    "2": "PENA-RUIZ, ZOE, A",
    "3_month": "07",
    "3_day": "05",
    "3_year": "1962",
    "3_sex_F": "X",
    "5_street": "12 HARBOR VW UNIT 3",
    "5_city": "PORTSIDE",
    "5_state": "ME",
    "5_zip": "041012233",
    "5_area": "207",
    "5_phone": "5550131",
    "10a_no": "X",
    "10b_no": "X",
    "10c_no": "X",
    "12_signature": "SIGNATURE ON FILE",
    "20_no": "X",
    "21_icd_ind": "0",
    "21_A": "J069",
    "21_B": "I10",
    "24_1_A_from_mm": "03",
    "24_1_A_from_dd": "04",
    "24_1_A_from_yy": "26",
    "24_1_A_to_mm": "03",
    "24_1_A_to_dd": "04",
    "24_1_A_to_yy": "26",
    "24_1_B_pos": "11",
    "24_1_D_cpt": "99213",
    "24_1_D_mod1": "25",
    "24_1_E_pointer": "AB",
    "24_1_F_dollars": "118",
    "24_1_F_cents": "50",
    "24_1_G_units": "1",
    "24_1_J_npi": "1111111112",
    "25": "010999888",
    "25_ein": "X",
    "26": "PT100",
    "27_yes": "X",
    "28_dollars": "118",
    "28_cents": "50",
    "31_signature": "SIGNATURE ON FILE",
    "31_date": "03 09 26",
    "32_name": "TIDEWATER OFFICE",
    "32_address": "77 BEACON ST STE 2",
    "32_city_state_zip": "PORTSIDE ME 041010099",
    "33_area": "207",
    "33_phone": "5550100",
    "33_name": "TIDEWATER MEDICAL PC",
    "33_address": "77 BEACON ST STE 2",
    "33_city_state_zip": "PORTSIDE ME 041010099",
    "33a": "1234567893",
}
# What everybody but Medicare asks about the insured, when the patient is the insured.
SELF_INSURED = {
    "4": "PENA-RUIZ, ZOE, A",
    "6_self": "X",
    "7_street": "12 HARBOR VW UNIT 3",
    "7_city": "PORTSIDE",
    "7_state": "ME",
    "7_zip": "041012233",
    "7_area": "207",
    "7_phone": "5550131",
    "11": "G77",
    "11a_month": "07",
    "11a_day": "05",
    "11a_year": "1962",
    "11a_sex_F": "X",
    "11c": "LANTERN CHOICE",
    "11d_no": "X",
    "13_signature": "SIGNATURE ON FILE",
}
SPOUSE_INSURED = SELF_INSURED | {
    "4": "PENA-RUIZ JR, TOMAS, L",
    "6_spouse": "X",
    "6_self": "",
    "11a_month": "11",
    "11a_day": "09",
    "11a_year": "1960",
    "11a_sex_M": "X",
    "11a_sex_F": "",
}
