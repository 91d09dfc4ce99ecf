"""Claims as PDF, by reportlab: data only for red stock, or the whole form for plain paper.

The same claim gives the same bytes, so that a reprint can be compared with what was sent. Nothing
personal is in the document's properties, and viewers are asked not to scale the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from app.domain.print_ops import (
    FONT_SIZE_PT,
    PAGE_HEIGHT_PT,
    PAGE_WIDTH_PT,
    Box,
    Caption,
    Operation,
    Rule,
    Run,
    Shade,
    SheetOps,
)
from app.printing.claim_pages import ClaimPages
from app.printing.drawing import CAPTION_FONTS, claim_sheets
from app.printing.fields import fields

_TITLE = "Claim"
_FORM = "cms1500"  # name of a form drawn once and placed on every page
_FORM_INK = Color(0.72, 0.13, 0.13)
_FORM_TINT = Color(0.98, 0.90, 0.89)
_DASH = (1.6, 1.6)
_TEST_LINES = ("pica_left", "pica_right", "1_medicare", "1_other", "27_no", "33a", "33b")

Shift = tuple[float, float]  # inches right and down, a printer's own correction
NO_SHIFT: Shift = (0.0, 0.0)


def claim_pdf(pages: ClaimPages, *, whole_form: bool, shift_in: Shift = NO_SHIFT) -> bytes:
    """One claim as PDF, US Letter, a page for each sheet.

    Args:
        pages: the claim as laid out.
        whole_form: False for pre-printed red stock: the data in black Courier 12 and nothing else.
            True for plain paper: our drawing of the form, marked as not official, with the data.
        shift_in: correction of the printer's feed in inches, right and down.
    """
    return claims_pdf([pages], whole_form=whole_form, shift_in=shift_in)


def claims_pdf(
    claims: Sequence[ClaimPages], *, whole_form: bool, shift_in: Shift = NO_SHIFT
) -> bytes:
    """Several claims in one PDF, in the given order; arguments as for ``claim_pdf``."""
    sheets = [sheet for pages in claims for sheet in claim_sheets(pages, whole_form=whole_form)]
    return sheets_pdf(sheets, shift_in=shift_in)


def sheets_pdf(sheets: Sequence[SheetOps], *, shift_in: Shift = NO_SHIFT) -> bytes:
    """Sheets in one PDF, a page each, in the given order; a form they share is stored once."""
    file, canvas = _new_canvas()
    forms = {id(sheet.form): sheet.form for sheet in sheets if sheet.form}
    names = {key: f"{_FORM}{n or ''}" for n, key in enumerate(forms)}
    for key, form in forms.items():
        _define_form(canvas, names[key], form)
    for sheet in sheets:
        if shift_in != NO_SHIFT:
            canvas.translate(shift_in[0] * 72, -shift_in[1] * 72)
        if sheet.form:
            canvas.doForm(names[id(sheet.form)])
        if sheet.notes:
            _draw_all(canvas, sheet.notes)
        _draw_data(canvas, sheet.data)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def alignment_pdf(*, shift_in: Shift = NO_SHIFT) -> bytes:
    """A test page for one sheet of stock: X in the alignment squares and at the corners' boxes.

    It shows shift, scale and skew at once; these marks never stand on a claim.
    """
    file, canvas = _new_canvas()
    canvas.translate(shift_in[0] * 72, -shift_in[1] * 72)
    marked = [fields()[field_id] for field_id in _TEST_LINES]
    _draw_data(canvas, [Run(f.x_pt, f.baseline_pt, "X" * f.length) for f in marked])
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _new_canvas() -> tuple[BytesIO, Canvas]:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(PAGE_WIDTH_PT, PAGE_HEIGHT_PT), invariant=1, pageCompression=1)
    canvas.setTitle(_TITLE)
    canvas.setAuthor("")
    canvas.setCreator("")
    canvas.setSubject("")
    # "Fit to page" is the commonest reason for data outside the boxes.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "Simplex")
    return file, canvas


def _draw_data(canvas: Canvas, runs: Iterable[Run]) -> None:
    """All data of a page as one text object: a run's characters advance exactly one cell each."""
    text = canvas.beginText()
    text.setFont("Courier", FONT_SIZE_PT)
    for run in runs:
        text.setTextOrigin(run.x_pt, run.y_pt)
        text.textOut(run.text)
    canvas.drawText(text)


def _define_form(canvas: Canvas, name: str, operations: Sequence[Operation]) -> None:
    canvas.beginForm(name, 0, 0, PAGE_WIDTH_PT, PAGE_HEIGHT_PT)
    canvas.setLineCap(0)
    _draw_all(canvas, operations)
    canvas.endForm()


def _draw_all(canvas: Canvas, operations: Iterable[Operation]) -> None:
    canvas.saveState()
    canvas.setStrokeColor(_FORM_INK)
    canvas.setFillColor(_FORM_INK)
    for operation in operations:
        match operation:
            case Shade(x, y, width, height):
                canvas.setFillColor(_FORM_TINT)
                canvas.rect(x, y, width, height, stroke=0, fill=1)
                canvas.setFillColor(_FORM_INK)
            case Rule():
                _draw_rule(canvas, operation)
            case Box(x, y, width, height, weight):
                canvas.setLineWidth(weight)
                canvas.rect(x, y, width, height)
            case Caption():
                _draw_caption(canvas, operation)
            case Run(x, y, text):
                canvas.setFont("Courier", FONT_SIZE_PT)
                canvas.drawString(x, y, text)
    canvas.restoreState()


def _draw_rule(canvas: Canvas, rule: Rule) -> None:
    canvas.setLineWidth(rule.weight_pt)
    canvas.setDash(*_DASH) if rule.dashed else canvas.setDash()
    canvas.line(rule.x1_pt, rule.y1_pt, rule.x2_pt, rule.y2_pt)
    canvas.setDash()


def _draw_caption(canvas: Canvas, caption: Caption) -> None:
    canvas.setFont(CAPTION_FONTS[caption.face], caption.size_pt)
    if not caption.upwards:
        canvas.drawString(caption.x_pt, caption.y_pt, caption.text)
        return
    canvas.saveState()
    canvas.translate(caption.x_pt, caption.y_pt)
    canvas.rotate(90)
    canvas.drawString(0, 0, caption.text)
    canvas.restoreState()
