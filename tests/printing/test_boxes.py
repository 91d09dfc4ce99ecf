"""Boxes: every printed field belongs to one, each knows its source, two claims are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from app.domain.claim_boxes import Feed
from app.domain.claim_form import MultiPage, PayerType, PrintRules, QualifiedDate, Relationship
from app.printing.box_sources import source_of
from app.printing.boxes import differences, finding_box, sheet_boxes
from app.printing.claim_pages import lay_out
from app.printing.fields import fields
from tests.printing.samples import EMPLOYER, SPOUSE, claim, line, policy


def _text(form: object, box_id: str, sheet: int = 0) -> str:
    found = {(b.sheet, b.box_id): b.text for b in sheet_boxes(lay_out(form))}  # type: ignore[arg-type]
    return found[sheet, box_id]


def test_every_field_that_prints_is_in_exactly_one_box() -> None:
    boxes = sheet_boxes(lay_out(claim()))
    ids = [field_id for box in boxes for field_id in box.field_ids]
    assert len(ids) == len(set(ids))
    assert set(ids) == {f.id for f in fields().values() if f.kind not in ("test", "reserved")}


def test_no_two_boxes_of_a_sheet_lie_over_each_other() -> None:
    areas = [(b.box_id, b.area) for b in sheet_boxes(lay_out(claim()))]
    slack = 0.001
    for (one, a), (other, b) in combinations(areas, 2):
        apart = (
            a.left + a.width <= b.left + slack
            or b.left + b.width <= a.left + slack
            or a.top + a.height <= b.top + slack
            or b.top + b.height <= a.top + slack
        )
        assert apart, (one, other)


def test_a_box_is_read_as_a_person_reads_it() -> None:
    form = claim(onset=QualifiedDate(date(2026, 4, 2), "431"))
    assert _text(form, "3_date") == "07 05 1962"
    assert _text(form, "3_sex_choice") == "F"
    assert _text(form, "1_choice") == "Group health plan"
    assert _text(form, "6_choice") == "Self"
    assert _text(form, "10a_choice") == "NO"
    assert _text(form, "28_amount") == "118.50"
    assert _text(form, "5_phone") == "(207) 5550131"
    assert _text(form, "14_date") == "04 02 26"
    assert _text(form, "24_1_A_from_date") == "03 04 26"
    continued = replace(
        form,
        lines=tuple(line(n) for n in range(1, 8)),
        rules=PrintRules(multi_page=MultiPage.CONTINUED_LAST_PAGE),
    )
    assert _text(continued, "28_amount") == "CONTINUED"
    assert _text(continued, "28_amount", 1) == "829.50"


@pytest.mark.parametrize("kind", list(PayerType))
def test_every_box_knows_what_feeds_it(kind: PayerType) -> None:
    form = claim(kind, lines=tuple(line(n) for n in range(1, 8)))
    for box in sheet_boxes(lay_out(form)):
        source = source_of(form, box.box_id, box.sheet)
        assert source.words
        assert source.field or source.feed in (Feed.CLAIM, Feed.ACCOUNT)
        assert (source.rank > 0) == (source.feed is Feed.POLICY), box.box_id


def test_what_the_insured_is_decides_where_4_and_7_and_11a_come_from() -> None:
    own = claim()
    assert source_of(own, "4").feed is Feed.PATIENT
    spouse = claim(policy=policy(insured=SPOUSE, relationship=Relationship.SPOUSE))
    for box, field in (("4", "insured_last"), ("7_zip", "insured_zip")):
        assert (source_of(spouse, box).feed, source_of(spouse, box).field) == (Feed.POLICY, field)
    assert source_of(spouse, "11a_date").field == "insured_birth_date"
    comp = PayerType.WORKERS_COMP
    employer = claim(comp, policy=policy(kind=comp, insured=EMPLOYER))
    assert source_of(employer, "4").field == "insured_organization"
    first = policy(1, PayerType.GROUP, member_id="P1")
    second = claim(
        PayerType.MEDICARE, policy=policy(2, PayerType.MEDICARE), other_policies=(first,)
    )
    assert source_of(second, "11").rank == 1
    assert source_of(second, "1a").rank == 2


def test_lines_count_on_over_sheets_and_a_drug_leads_to_its_ndc() -> None:
    form = claim(lines=tuple(line(n) for n in range(1, 9)))
    assert source_of(form, "24_2_D_cpt", 1).field == "lines.7.code"
    assert "line 8" in source_of(form, "24_2_D_cpt", 1).words
    assert source_of(form, "24_1_supplemental").field == "lines.0.supplemental"


def test_differences_name_the_box_once_with_both_texts() -> None:
    then = claim()
    patient = replace(then.patient, birth_date=date(1963, 8, 6))
    now = replace(then, patient=patient, frequency="7", original_reference="ICN 4")
    found = {c.box.name: (c.then, c.now) for c in differences(lay_out(then), lay_out(now))}
    assert found == {
        "3": ("07 05 1962", "08 06 1963"),
        "11a": ("07 05 1962", "08 06 1963"),
        "22 (code)": ("", "7"),
        "22 (reference)": ("", "ICN4"),
    }
    assert differences(lay_out(then), lay_out(then)) == ()


@pytest.mark.parametrize("turned", [False, True])
def test_a_sheet_that_only_one_of_them_has_counts_as_blank(turned: bool) -> None:
    short, long = claim(), claim(lines=tuple(line(n) for n in range(1, 8)))
    pair = (long, short) if turned else (short, long)
    found = differences(*map(lay_out, pair))
    code = next(c for c in found if (c.box.sheet, c.box.box_id) == (1, "24_1_D_cpt"))
    assert (code.then, code.now) == (("99213", "") if turned else ("", "99213"))
    places = [(c.box.sheet, c.box.area.top) for c in found]
    assert places == sorted(places)


def test_a_finding_is_found_on_its_box_and_its_sheet() -> None:
    lines = (*(line(n) for n in range(1, 8)), line(8, supplemental="X" * 70))
    pages = lay_out(claim(lines=lines))
    assert [f.field for f in pages.findings] == ["24_2_supplemental"]
    assert pages.finding_sheets == (1,)
    assert finding_box("3_month", "3") == "3_date"
    assert finding_box("referring", "17b") == "17b_npi"
    assert finding_box("nothing", "") == ""
