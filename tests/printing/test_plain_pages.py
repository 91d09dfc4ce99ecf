"""Plain paper: the earlier decisions, the labels, the cover sheets, and the envelope's window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pdfplumber
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.claim_form import Address, PayerType
from app.domain.money import format_cents
from app.printing.decision_summary import (
    Adjustment,
    DecidedLine,
    DecisionSummary,
    EarlierDecision,
    summary_pdf,
)
from app.printing.envelopes import (
    NUMBER_10,
    Envelope,
    always_seen,
    carrier_block,
    shows,
    window_for,
)
from app.printing.fields import Rect
from app.printing.mailing import MailedClaim, Mailing, cover_pdf, labels_pdf
from app.printing.plain_pages import wrapped
from tests.printing.samples import claim, policy

FORM = claim(PayerType.OTHER, claim_number="10418-2", policy=policy(2, member_id="HM22"))
BOX = Address("P.O. Box 81200", "Claims Dept. #4", "Roanoke", "VA", "24038-1200")
OFFICE = Address("40 Main St", "Suite 2", "Salem", "VA", "24153-0040")
DAY = date(2026, 4, 2)


def decided(number: int = 0, **changes: Any) -> DecidedLine:
    own = DecidedLine(
        service_date=date(2026, 3, 2) + timedelta(days=number),
        code="99213 25",
        billed=11850,
        allowed=8850,
        paid=6650,
        deductible=1000,
        coinsurance=1000,
        copay=200,
        other=(Adjustment("CO-45", 2900), Adjustment("CO-253", 100)),
    )
    return replace(own, **changes)


def decision(lines: int = 1, **changes: Any) -> EarlierDecision:
    own = EarlierDecision(
        payer="Lantern Health",
        remitted_on=DAY,
        check_number="0049217",
        claim_number="10418",
        payer_claim_number="ICN1",
        lines=tuple(decided(n) for n in range(lines)),
    )
    return replace(own, **changes)


def pages(pdf: bytes) -> list[Any]:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return list(document.pages)


def words(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pages(pdf)]


# --- the summary --------------------------------------------------------------------------------
@st.composite
def lines_that_foot(draw: st.DrawFn) -> DecidedLine:
    amount = st.integers(0, 99_999_99)
    paid, deductible, coinsurance, copay = (draw(amount) for _ in range(4))
    codes = st.sampled_from(("CO-45", "CO-253", "OA-23", "PI-204", "PR-96"))
    other = tuple(draw(st.lists(st.builds(Adjustment, codes, st.integers(1, 99999)), max_size=4)))
    billed = paid + deductible + coinsurance + copay + sum(a.cents for a in other)
    allowed = draw(st.none() | st.just(billed))
    return DecidedLine(DAY, "99213", billed, allowed, paid, deductible, coinsurance, copay, other)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines_that_foot(), min_size=1, max_size=50))
def test_the_printed_totals_foot(lines: list[DecidedLine]) -> None:
    assert all(line.difference == 0 for line in lines)
    pdf = summary_pdf([DecisionSummary(FORM, (replace(decision(), lines=tuple(lines)),))])
    found = words(pdf)
    total = next(row for page in found for row in page.splitlines() if row.startswith("Total"))
    figures = [int(word.replace(",", "").replace(".", "")) for word in total.split()[1:]]
    if len(figures) == 7:
        assert figures.pop(1) == sum(line.allowed or 0 for line in lines)
    billed, *parts = figures
    assert billed == sum(line.billed for line in lines)
    assert billed == sum(parts), "the totals foot"


@pytest.mark.parametrize("number", [1, 6, 20, 50])
def test_a_claim_of_up_to_fifty_lines_is_one_page(number: int) -> None:
    pdf = summary_pdf([DecisionSummary(FORM, (decision(number),), (("CO-45", "Too much"),))])
    (page,) = pages(pdf)
    assert all(char["x0"] >= 36 and char["x1"] <= 576.5 for char in page.chars)
    assert all(char["bottom"] <= 792 - 30 for char in page.chars)
    assert min(char["size"] for char in page.chars) >= 5.0


def test_two_payers_with_fifty_lines_each_take_two_numbered_pages() -> None:
    pdf = summary_pdf([DecisionSummary(FORM, (decision(50), decision(50, payer="Second")))])
    first, second = words(pdf)
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second


def test_nothing_on_the_page_runs_into_anything_else() -> None:
    big = decided(billed=9999999, allowed=9999999, paid=9999999, other=(Adjustment("CO-45", 1),))
    many = decided(
        1, code="99213 25 59 GP KX", other=tuple(Adjustment("CO-45", 9) for _ in "12345")
    )
    pdf = summary_pdf(
        [DecisionSummary(FORM, (decision(lines=0), replace(decision(), lines=(big, many))))]
    )
    (page,) = pages(pdf)
    boxes = [(w["x0"], w["top"], w["x1"], w["bottom"]) for w in page.extract_words()]
    for number, a in enumerate(boxes):
        for b in boxes[number + 1 :]:
            assert a[2] <= b[0] + 0.2 or b[2] <= a[0] + 0.2 or a[3] <= b[1] + 3 or b[3] <= a[1] + 3


def test_what_the_payer_did_not_say_stays_blank() -> None:
    silent = decision(lines=0)
    quiet = replace(silent, lines=(decided(allowed=None),), check_number="", payer_claim_number="")
    (page,) = words(summary_pdf([DecisionSummary(FORM, (quiet,))]))
    assert f"118.50 {format_cents(6650)}" in page
    assert "check" not in page
    assert "Remittance dated 04/02/2026, our claim 10418" in page


def test_the_same_summary_is_the_same_bytes_and_its_properties_name_nobody() -> None:
    summary = DecisionSummary(FORM, (decision(3),))
    pdf = summary_pdf([summary])
    assert pdf == summary_pdf([summary])
    properties = pypdf.PdfReader(BytesIO(pdf)).metadata
    assert properties is not None
    assert properties.title == "Earlier payers' decisions"
    assert "PEÑA" not in str(properties).upper()


def test_several_remittances_are_all_named_at_the_foot() -> None:
    later = decision(remitted_on=date(2026, 5, 9))
    (page,) = words(summary_pdf([DecisionSummary(FORM, (decision(), later))]))
    assert "Prepared from the remittances dated 04/02/2026 and 05/09/2026" in page


def test_letters_that_the_font_lacks_are_transliterated() -> None:
    polish = replace(FORM, patient=replace(FORM.patient, account_no="Łódź"))
    (page,) = words(summary_pdf([DecisionSummary(polish, (decision(),))]))
    assert "LódZ" in page


# --- labels and cover sheets --------------------------------------------------------------------
def mailing(payer: str = "Blue Ridge", claims: int = 1) -> Mailing:
    own = (MailedClaim(f"{10400 + n}", "Doe, Jane", DAY, 1, 5000, n % 2) for n in range(claims))
    return Mailing(payer, BOX, tuple(own))


@pytest.mark.parametrize(("first", "count"), [(1, 30), (5, 40), (30, 2)])
def test_every_label_stays_inside_its_own_rectangle(first: int, count: int) -> None:
    names = [f"Payer {n} of the Commonwealth of Massachusetts Health Plan" for n in range(count)]
    sheets = pages(labels_pdf([mailing(name) for name in names], first_label=first))
    assert len(sheets) == -(-(count + first - 1) // 30)
    used = set()
    for number, page in enumerate(sheets):
        for char in page.chars:
            column = int((char["x0"] - 13.5) // 198)
            row = int((char["top"] - 36) // 72)
            left, top = 13.5 + 198 * column, 36 + 72 * row
            assert left + 9 <= char["x0"]
            assert char["x1"] <= left + 189 - 9
            assert top + 2 <= char["top"]
            assert char["bottom"] <= top + 72 - 2
            used.add(number * 30 + row * 3 + column)
    assert used == set(range(first - 1, first - 1 + count))


def test_there_are_thirty_labels_on_a_sheet() -> None:
    for wrong in (0, 31):
        with pytest.raises(ValueError, match="1 to 30"):
            labels_pdf([mailing()], first_label=wrong)


def test_cover_sheets_add_up_and_one_envelope_needs_no_list_of_all() -> None:
    (only,) = words(cover_pdf([mailing(claims=3)], "Tidewater, P.C.", OFFICE, DAY))
    assert "3 claims enclosed" in only
    assert "Total 4 150.00" in only
    assert "TIDEWATER PC" in only
    blue, green, every = words(
        cover_pdf([mailing(claims=2), mailing("Green")], "Tidewater", OFFICE, DAY)
    )
    assert "GREEN" not in blue
    assert "10400, 10401" in every
    assert "do not mail it" in every
    assert "1 claim enclosed" in green


def test_an_envelope_of_many_claims_goes_on_to_a_second_page() -> None:
    found = words(cover_pdf([mailing(claims=80)], "Tidewater", OFFICE, DAY))
    assert ["Page 1 of 2" in found[0], "Page 2 of 2" in found[1]] == [True, True]


# --- the envelope's window ----------------------------------------------------------------------
def test_the_cover_sheets_address_shows_in_an_ordinary_number_10_window() -> None:
    (page,) = pages(cover_pdf([mailing("W" * 39)], "Tidewater", OFFICE, DAY))
    chars = [c for c in page.chars if 170 < c["top"] < 240]
    assert "ROANOKE VA 24038-1200" in page.extract_text()
    left, right = min(c["x0"] for c in chars) / 72, max(c["x1"] for c in chars) / 72
    # The ink: capitals stand on the baseline, 7/10 of the size high.
    baselines = [792 - c["matrix"][5] for c in chars]
    top, foot = (min(baselines) - 7.2) / 72, max(baselines) / 72
    assert shows(NUMBER_10, Rect(left, top, right - left, foot - top))
    others = [c for c in page.chars if c not in chars]
    seen = always_seen(NUMBER_10)
    assert seen is not None
    assert not [c for c in others if seen.top < c["top"] / 72 < seen.top + seen.height]


def test_the_claims_own_address_does_not_show_in_an_ordinary_window() -> None:
    assert not shows(NUMBER_10, carrier_block(20))
    seen = always_seen(NUMBER_10)
    assert seen is not None
    assert (seen.left, seen.left + seen.width) == pytest.approx((0.875, 4.375))
    assert (seen.top, seen.top + seen.height) == pytest.approx((2.5, 3.1667), abs=0.001)
    assert carrier_block().top + carrier_block().height < seen.top


def test_the_window_that_a_claim_needs() -> None:
    window = window_for(carrier_block(30))
    assert (window.left, window.bottom) == pytest.approx((4.328, 2.5), abs=0.001)
    assert (window.width, window.height) == pytest.approx((4.0, 1.125), abs=0.001)
    right = Envelope(9.5, 4.125, window)
    assert shows(right, carrier_block(30))
    assert not shows(right, carrier_block(31))


def test_a_window_that_slides_out_of_reach_shows_nothing_for_certain() -> None:
    low = replace(NUMBER_10, window=replace(NUMBER_10.window, height=0.4))
    assert always_seen(low) is None
    assert not shows(low, carrier_block())


@given(st.lists(st.text("abc", min_size=1, max_size=9), max_size=30))
def test_wrapping_loses_nothing(pieces: list[str]) -> None:
    assert ", ".join(wrapped(pieces, 60, 8)) == ", ".join(pieces)
