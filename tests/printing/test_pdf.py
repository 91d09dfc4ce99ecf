from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from app.domain.claim_form import (
    PayerType,
)
from app.printing.claim_pages import lay_out
from app.printing.drawing import NOT_OFFICIAL
from app.printing.pdf import alignment_pdf, claim_pdf, claims_pdf
from tests.acceptance.printed_boxes import compare, own_layout, read_sheets
from tests.printing.samples import claim, line

LAYOUT = own_layout()


@pytest.mark.parametrize("whole_form", [False, True])
def test_the_same_claim_is_the_same_bytes(whole_form: bool) -> None:
    first, second = (claim_pdf(lay_out(claim()), whole_form=whole_form) for _ in range(2))
    assert first == second
    assert claim_pdf(lay_out(claim(diagnoses=("I10",))), whole_form=whole_form) != first


@pytest.mark.parametrize("whole_form", [False, True])
def test_properties_say_nothing_of_the_patient(whole_form: bool) -> None:
    pdf = pypdf.PdfReader(BytesIO(claim_pdf(lay_out(claim()), whole_form=whole_form)))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Claim"
    assert not pdf.metadata.author
    said = " ".join(map(str, pdf.metadata.values())).upper()
    assert not [word for word in ("PENA", "ZOE", "TIDEWATER", "LANTERN") if word in said]
    assert pdf.viewer_preferences is not None
    assert str(pdf.viewer_preferences.print_scaling) == "/None"


def test_whole_form_holds_the_same_data_and_says_it_is_no_original() -> None:
    pages = lay_out(claim(lines=tuple(line(n) for n in range(7))))
    pdf = pypdf.PdfReader(BytesIO(claim_pdf(pages, whole_form=True)))
    assert len(pdf.pages) == 2
    text = pdf.pages[1].extract_text()
    assert "Page 2 of 2" in text
    assert "PENA-RUIZ, ZOE, A" in text
    assert NOT_OFFICIAL in text
    one_page = claim_pdf(lay_out(claim()), whole_form=True)
    assert len(claim_pdf(pages, whole_form=True)) < len(one_page) * 1.5, "the form is stored once"


def test_several_claims_in_one_file_in_order() -> None:
    one, two = lay_out(claim()), lay_out(claim(PayerType.MEDICARE))
    pdf = claims_pdf([one, two, one], whole_form=False)
    expected = [pages.sheets[0].boxes for pages in (one, two, one)]
    assert compare(pdf, expected, LAYOUT) == []


def test_a_printers_shift_moves_everything_alike() -> None:
    pages = lay_out(claim())
    pdf = claim_pdf(pages, whole_form=False, shift_in=(0.01, 0.01))
    assert compare(pdf, [pages.sheets[0].boxes], LAYOUT) == []
    far = claim_pdf(pages, whole_form=False, shift_in=(0.05, 0.0))
    assert compare(far, [pages.sheets[0].boxes], LAYOUT) != []


def test_alignment_page_marks_the_corners() -> None:
    (sheet,) = read_sheets(alignment_pdf(), LAYOUT)
    assert sheet.problems == ()
    assert sheet.boxes["pica_left"] == sheet.boxes["pica_right"] == "XXX"
    assert {"1_medicare", "1_other", "27_no", "33a", "33b"} <= sheet.boxes.keys()


def drawn(
    *, font: str = "Courier", size: float = 12, shift: float = 0, line: bool = False
) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(612, 792))
    canvas.setFont(font, size)
    place = LAYOUT["2"]
    canvas.drawString(place.x_pt + shift, place.baseline_pt, "ROE, JAN")
    if line:
        canvas.line(10, 10, 20, 20)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    ("pdf", "complaint"),
    [
        (drawn(font="Courier-Bold"), "not Courier 12"),
        (drawn(font="Courier", size=11), "not Courier 12"),
        (drawn(shift=3), "is in no field"),
        (drawn(line=True), "on pre-printed stock"),
        (claims_pdf([lay_out(claim())], whole_form=True), "on pre-printed stock"),
    ],
    ids=["bold", "small", "shifted", "line", "form"],
)
def test_the_reader_of_printed_boxes_sees_faults(pdf: bytes, complaint: str) -> None:
    (sheet,) = read_sheets(pdf, LAYOUT)
    assert any(complaint in problem for problem in sheet.problems)


def test_the_comparison_sees_missing_wrong_and_extra_text() -> None:
    pdf = drawn()
    assert compare(pdf, [{"2": "ROE, JAN"}], LAYOUT) == []
    assert compare(pdf, [{"2": "ROE, JANE"}], LAYOUT) != []
    assert compare(pdf, [{}], LAYOUT) != []
    assert compare(pdf, [{"2": "ROE, JAN", "1a": "7"}], LAYOUT) != []
    assert compare(pdf, [{"2": "ROE, JAN"}, {}], LAYOUT) == ["1 sheets, not 2"]
