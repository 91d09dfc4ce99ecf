"""Statements on paper: where things stand, that nothing is clipped, that it is the same twice."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pdfplumber
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from app.domain.money import format_cents
from app.domain.owed import LineFigures, Why
from app.domain.statement_content import BilledPatient, StatementContent, to_json
from app.printing.bill_frame import REMIT_FIRST_PT, SIDE_PT, SLIP_TOP_PT
from app.printing.envelopes import NUMBER_10, Envelope, Window, always_seen
from app.printing.letter import letter_pages
from app.printing.sheets import LEFT_PT, RIGHT_PT, SMALLEST_PT, Page, pages_pdf
from app.printing.statement import statement_pages
from app.printing.statement_table import COLUMNS
from tests.printing.bills import DAY, HOME, bill, letter, visit

NUMBER_9 = Envelope(8.875, 3.875, Window(0.875, 0.5, 4.5, 1.125))
SLIP_IN = 11 - SLIP_TOP_PT / 72
Word = dict[str, Any]


def pages_of(content: StatementContent) -> list[Any]:
    file = pdfplumber.open(BytesIO(pages_pdf(statement_pages(content), "Statement")))
    return list(file.pages)


def words_of(page: Any) -> list[Word]:
    found: list[Word] = page.extract_words(keep_blank_chars=False)
    return found


def ever_seen(envelope: Envelope, panel: float) -> tuple[float, float, float, float]:
    """Left, top, right and foot of all that a window could show, in points from the panel's top."""
    sideways, upwards = envelope.width - 8.5, envelope.height - panel
    window = envelope.window
    top = panel - window.bottom - window.height
    right = window.left + window.width
    foot = panel - window.bottom + upwards
    return (window.left - sideways) * 72, top * 72, right * 72, foot * 72


def inside(word: Word, box: tuple[float, float, float, float]) -> bool:
    left, top, right, foot = box
    return bool(
        word["x1"] > left and word["x0"] < right and word["bottom"] > top and word["top"] < foot
    )


def seen_area(envelope: Envelope, panel: float) -> tuple[float, float, float, float]:
    seen = always_seen(envelope, panel)
    assert seen is not None
    right, foot = seen.left + seen.width, seen.top + seen.height
    return seen.left * 72, seen.top * 72, right * 72, foot * 72


LONG = replace(HOME, line1="12345 Northwest Saint Christopher Boulevard Extension, Building 14")


@pytest.mark.parametrize("content", [bill(), bill(9), bill(guarantor="J" * 60, address=LONG)])
def test_the_guarantors_address_and_nothing_else_is_in_the_window(
    content: StatementContent,
) -> None:
    page = pages_of(content)[0]
    shown = [w for w in words_of(page) if inside(w, ever_seen(NUMBER_10, 11 / 3))]
    left, top, right, foot = seen_area(NUMBER_10, 11 / 3)
    assert " ".join(w["text"] for w in shown).endswith("CHRISTIANSBURG VA 24073-4418")
    for word in shown:
        assert left <= word["x0"]
        assert word["x1"] <= right
        assert top <= word["top"]
        assert word["bottom"] <= foot
    assert shown[0]["x0"] == pytest.approx(72, abs=0.5)


def test_the_practices_address_and_nothing_else_is_in_the_return_window() -> None:
    page = pages_of(bill(card_fields=True))[0]
    moved = [
        {**w, "top": w["top"] - SLIP_TOP_PT, "bottom": w["bottom"] - SLIP_TOP_PT}
        for w in words_of(page)
        if w["top"] > SLIP_TOP_PT
    ]
    shown = [w for w in moved if inside(w, ever_seen(NUMBER_9, SLIP_IN))]
    said = "LARKFIELD FAMILY PRACTICE PO BOX 310 SALEM VA 24153-0310"
    assert " ".join(w["text"] for w in shown) == said
    left, top, right, foot = seen_area(NUMBER_9, SLIP_IN)
    for word in shown:
        assert left <= word["x0"]
        assert word["x1"] <= right
        assert top <= word["top"]
        assert word["bottom"] <= foot
    assert REMIT_FIRST_PT == 711


def test_figures_stand_right_aligned_in_their_columns() -> None:
    [page] = pages_of(bill(1))
    words = words_of(page)
    expected = {"185.00": 0, "91.50": 1, "36.00": 2, "40.00": 5, "17.50": 5, "-15.00": 5}
    for figure, column in expected.items():
        rights = [w["x1"] for w in words if w["text"] == figure]
        assert any(x == pytest.approx(COLUMNS[column][1], abs=0.3) for x in rights), figure
    large = next(c for c in page.chars if c["size"] == pytest.approx(24))
    assert large["text"] == "$"
    box = [w for w in words if w["text"] == "$42.50" and w["x0"] > SIDE_PT]
    assert [w["top"] > SLIP_TOP_PT for w in box] == [False, True]  # above, and on the slip


def test_a_long_statement_goes_on_numbered_with_everything_once() -> None:
    content = bill(14)
    pages = pages_of(content)
    texts = [page.extract_text() for page in pages]
    assert len(pages) == 3
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of 3" in text
        assert ("Detach here" in text) is (number == 1)
    assert "Jane Doe, continued" in texts[1]
    whole = "\n".join(texts)
    assert whole.count("You owe for this visit 42.50") == 14
    assert f"New balance {format_cents(content.balance_cents)}" in texts[-1]


def test_one_visit_stays_on_one_page() -> None:
    [page] = pages_of(bill(1))
    text = page.extract_text()
    assert "Page 1" not in text
    assert "120.00 is with Blue Ridge Health; nothing of it is due from you yet." in text


cents = st.integers(-99_999_99, 99_999_99)
text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=90)
visits = st.builds(
    visit,
    st.integers(0, 27),
    description=text.map(lambda t: t or "x"),
    provider=text,
    note=text,
    figures=st.builds(LineFigures, cents, cents, cents, cents, cents),
    why=st.lists(st.builds(Why, text.map(lambda t: t.strip() or "x"), cents), max_size=5).map(
        tuple
    ),
)


@given(
    content=st.builds(
        bill,
        guarantor=text,
        message=text,
        amount_cents=st.integers(0, 99_999_999),
        other_cents=cents,
        patients=st.lists(
            st.builds(BilledPatient, st.just(1), text, st.lists(visits, max_size=6).map(tuple)),
            max_size=4,
        ).map(tuple),
    )
)
@settings(max_examples=40, deadline=None)
def test_nothing_ever_leaves_the_paper(content: StatementContent) -> None:
    pages = statement_pages(content)
    for number, page in enumerate(pages):
        for drawn in page.texts:
            width = stringWidth(drawn.text, drawn.face, drawn.size_pt)
            assert drawn.x_pt >= LEFT_PT - 0.1
            assert drawn.size_pt == SMALLEST_PT or drawn.x_pt + width <= RIGHT_PT + 0.1
            assert 36 <= drawn.down_pt <= 792 - 30
            if number == 0 and drawn.down_pt < SLIP_TOP_PT:
                assert drawn.down_pt <= SLIP_TOP_PT - 2
    assert pages_pdf(pages, "Statement")


def test_the_same_statement_is_the_same_bytes_and_names_nobody() -> None:
    first, second = (pages_pdf(statement_pages(bill()), "Statement") for _ in range(2))
    assert first == second
    about = pypdf.PdfReader(BytesIO(first)).metadata
    assert about is not None
    assert about.title == "Statement"
    assert not any("Doe" in str(value) for value in about.values())


def test_names_are_kept_or_transliterated() -> None:
    patients = (BilledPatient(1, "Tomás Núñez", (visit(),)), BilledPatient(2, "Łucja Ðo", ()))
    [page] = pages_of(bill(patients=patients))
    assert "Tomás Núñez" in page.extract_text()
    pages_pdf(statement_pages(bill(guarantor="Łucja Đỗ")), "Statement")


def test_a_plan_asks_for_the_installment() -> None:
    content = bill(1, amount_cents=2000, plan_left_cents=4250)
    text = pages_of(content)[0].extract_text()
    assert "Installment due" in text
    assert text.count("$20.00") == 2
    assert "New balance 42.50" in text


def test_the_letter_is_one_page_with_its_slip() -> None:
    [page] = letter_pages(letter())
    said = " ".join(t.text for t in page.texts)
    for part in ("Dear Jane Q Doe:", "$85.00", "Detach here", "Sincerely,", "04/12/2026"):
        assert part in said
    assert len(letter_pages(letter(paragraphs=("Words of a letter. " * 60,) * 3))) == 2
    longest = max(t.down_pt for t in page.texts if t.down_pt < SLIP_TOP_PT)
    assert longest <= SLIP_TOP_PT - 2


def test_pages_of_several_statements_make_one_document() -> None:
    drawn: list[Page] = [p for n in (1, 9) for p in statement_pages(bill(n))]
    assert len(pypdf.PdfReader(BytesIO(pages_pdf(drawn, "Statement"))).pages) == len(drawn) > 2


def test_the_content_is_kept_as_text_with_iso_dates() -> None:
    kept = to_json(bill(1))
    assert f'"on": "{DAY.isoformat()}"' in kept
    assert kept == to_json(bill(1))
