"""Five hundred generated claims, every payer type, read back from the PDF character by character.

The reader (``printed_boxes``) complains of a character outside its field's cells by more than 0.02
inch, of two in one cell, of anything but upright black Courier 12, and of any drawing on stock.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.claim_form import (
    Address,
    BillingProvider,
    Box29,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    ConditionRelated,
    DateSpan,
    DrugCode,
    Insured,
    MultiPage,
    PayerType,
    PersonName,
    PrintRules,
    QualifiedDate,
    ReferringOrder,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.money import Cents
from app.printing.claim_pages import lay_out
from app.printing.fields import LINES_PER_SHEET, fields
from app.printing.pdf import claim_pdf
from tests.acceptance.printed_boxes import compare, own_layout
from tests.printing.samples import line

LAYOUT = own_layout()
EXAMPLES = 56  # for each of nine payer types: 504 claims

# Half of what is typed is ordinary, half is anything at all.
TEXT = st.sampled_from(
    ("", "Núñez-O'Brien", "Unit #4, 2nd Fl.", "ABC 123-45", "W" * 60, "3 Elm St.", "62704-1188")
) | st.text(max_size=30)
CODE = st.text("AB12 .-", max_size=12)
DATE = st.dates(date(1920, 1, 1), date(2030, 12, 31))
CENTS = st.integers(0, 10**8).map(Cents)
NAME = st.builds(PersonName, TEXT, TEXT, TEXT, st.sampled_from(("", "Jr.", "III")), TEXT)
ADDRESS = st.builds(Address, TEXT, TEXT, TEXT, TEXT, st.sampled_from(("24153", "24153-0040")))
SEX = st.sampled_from(("M", "F", ""))
SPAN = st.builds(DateSpan, DATE, st.none() | DATE)
DATED = st.builds(QualifiedDate, DATE, st.sampled_from(("431", "484", "454", "")))
INSURED = st.builds(Insured, st.none() | NAME, TEXT, st.none() | DATE, SEX, ADDRESS, TEXT)
REFERRING = st.builds(
    ReferringProvider, st.sampled_from(("DN", "DK", "DQ")), NAME, CODE, CODE, CODE
)
FACILITY = st.builds(ServiceFacility, TEXT, ADDRESS, CODE)
YES_NO = st.none() | st.booleans()
LINE = st.builds(
    line,
    service_from=DATE,
    service_to=DATE,
    place_of_service=CODE,
    code=CODE,
    charge_cents=CENTS,
    units=st.sampled_from(("1", "02", "0.5", "999", "12.5")) | TEXT,
    modifiers=st.lists(st.sampled_from(("25", "59", "RT", "GP", "KX")), max_size=5).map(tuple),
    pointers=st.lists(st.sampled_from("ABCDEFGHIJKL"), max_size=4).map(tuple),
    emergency=st.booleans(),
    epsdt=st.sampled_from(("", "AV", "S2", "NU")),
    family_planning=st.booleans(),
    drug=st.none()
    | st.builds(DrugCode, CODE, st.sampled_from(("UN", "ML")), st.sampled_from(("1", "0.5"))),
    supplemental=TEXT,
    anesthesia_start=st.sampled_from(("", "0805")),
    anesthesia_end=st.sampled_from(("", "0940")),
    anesthesia_minutes=st.none() | st.integers(0, 999),
)
RULES = st.builds(
    PrintRules,
    date_style=st.sampled_from(("MMDDYY", "MMDDYYYY")),
    signature_text=st.sampled_from(("SIGNATURE ON FILE", "SOF")),
    print_release_date=st.booleans(),
    box20_no_when_none=st.booleans(),
    zip_hyphen=st.booleans(),
    multi_page=st.sampled_from(MultiPage),
    one_pointer_per_line=st.booleans(),
    box29=st.sampled_from(Box29),
    referring_order=st.none() | st.sampled_from(ReferringOrder),
    taxonomy_24j=st.booleans(),
    taxonomy_33b=st.booleans(),
    emg_in_24c=st.booleans(),
    epsdt_in_24h=st.booleans(),
    anesthesia_times_in_shaded=st.booleans(),
)
# One sheet mostly, up to nine.
LINE_COUNT = st.integers(0, 6) | st.integers(0, 6) | st.integers(7, 13) | st.integers(14, 50)


def policies(kind: st.SearchStrategy[PayerType], rank: int) -> st.SearchStrategy[ClaimPolicy]:
    return st.builds(
        ClaimPolicy,
        rank=st.just(rank),
        payer_name=TEXT,
        payer_type=kind,
        relationship=st.sampled_from(Relationship),
        member_id=TEXT,
        insured=st.none() | INSURED,
        group_number=CODE,
        plan_name=TEXT,
        assignment_of_benefits=st.booleans(),
        msp_type=st.sampled_from(("", "12", "43")),
        medigap=st.booleans(),
        coba_id=CODE,
        claim_number=CODE,
    )


@st.composite
def service_lines(draw: st.DrawFn) -> tuple[ClaimLine, ...]:
    """As many lines as drawn, made of a few that differ in everything."""
    kinds = draw(st.lists(LINE, min_size=1, max_size=3))
    count = draw(LINE_COUNT)
    return tuple(replace(kinds[n % len(kinds)], line_id=n + 1) for n in range(count))


@st.composite
def claims(draw: st.DrawFn, kind: PayerType) -> ClaimForm:
    """Any claim to a payer of one type, however odd what was typed."""
    rank = draw(st.integers(1, 3))
    others = [
        draw(policies(st.sampled_from(PayerType), other))
        for other in range(1, 4)
        if other != rank and draw(st.booleans())
    ]
    return ClaimForm(
        claim_number=draw(CODE),
        signed_on=draw(DATE),
        payer=ClaimPayer(draw(TEXT), kind, draw(ADDRESS)),
        rules=draw(RULES),
        policy=draw(policies(st.just(kind), rank)),
        patient=draw(
            st.builds(ClaimPatient, NAME, st.none() | DATE, SEX, ADDRESS, TEXT, CODE, DATE)
        ),
        billing=draw(
            st.builds(
                BillingProvider,
                TEXT,
                ADDRESS,
                TEXT,
                CODE,
                CODE,
                st.sampled_from(("EIN", "SSN")),
                CODE,
            )
        ),
        rendering=draw(st.builds(RenderingProvider, NAME, CODE, CODE, st.booleans())),
        lines=draw(service_lines()),
        diagnoses=tuple(
            draw(st.lists(st.sampled_from(("M17.11", "I10", "", "Z99.89X")) | TEXT, max_size=13))
        ),
        other_policies=tuple(others),
        facility=draw(st.none() | FACILITY),
        referring=draw(st.none() | REFERRING),
        related=draw(st.builds(ConditionRelated, YES_NO, YES_NO, CODE, YES_NO)),
        onset=draw(st.none() | DATED),
        other_date=draw(st.none() | DATED),
        unable_to_work=draw(st.none() | SPAN),
        hospital=draw(st.none() | SPAN),
        additional_info=draw(TEXT | st.text(max_size=90)),
        outside_lab_cents=draw(st.none() | CENTS),
        frequency=draw(st.sampled_from(("1", "7", "8"))),
        original_reference=draw(CODE),
        authorization=draw(TEXT),
        claim_codes=draw(TEXT),
        accept_assignment=draw(st.booleans()),
        patient_paid_cents=draw(CENTS),
        prior_paid_cents=draw(CENTS),
    )


@pytest.mark.parametrize("kind", PayerType)
def test_every_character_of_every_claim_lies_in_a_cell_of_its_field(kind: PayerType) -> None:
    read = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(claims(kind))
    def check(form: ClaimForm) -> None:
        nonlocal read
        pages = lay_out(form)
        assert len(pages.sheets) == max(1, -(-len(form.lines) // LINES_PER_SHEET))
        pdf = claim_pdf(pages, whole_form=False)
        assert compare(pdf, [sheet.boxes for sheet in pages.sheets], LAYOUT) == []
        again = claim_pdf(lay_out(form), whole_form=False)
        assert hashlib.sha256(pdf).digest() == hashlib.sha256(again).digest()
        read += 1

    check()
    assert read >= EXAMPLES


def test_every_field_stands_on_the_grid_of_ten_by_six_to_the_inch() -> None:
    nudge = min(field.x_pt for field in fields().values()) - 21.6
    assert 0 <= nudge <= 2.4, "the nudge keeps an X inside its tick box"
    for field in fields().values():
        columns, lines = (field.x_pt - 21.6 - nudge) / 7.2, (771 - field.baseline_pt) / 12
        assert columns == pytest.approx(round(columns), abs=1e-6), field.id
        assert lines == pytest.approx(round(lines), abs=1e-6), field.id
