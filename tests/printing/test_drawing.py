"""Our drawing of the form: nothing collides, nothing leaves the paper."""

from __future__ import annotations

import itertools

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from app.domain.print_ops import Box, Caption, Face, Rule, Run, Shade
from app.printing.claim_pages import lay_out
from app.printing.drawing import NOT_OFFICIAL, form_operations, sheet_operations
from app.printing.fields import CELL_WIDTH_PT, fields
from tests.printing.samples import claim

FONTS = {
    Face.REGULAR: "Helvetica",
    Face.BOLD: "Helvetica-Bold",
    Face.ITALIC: "Helvetica-Oblique",
    Face.BOLD_ITALIC: "Helvetica-BoldOblique",
}
Area = tuple[float, float, float, float]
GLYPH_PT = 7.0  # height of a Courier 12 capital or digit


def captions() -> list[Caption]:
    return [op for op in form_operations() if isinstance(op, Caption)]


def area(caption: Caption) -> Area:
    """Left, foot, right, top of the capitals."""
    length = stringWidth(caption.text, FONTS[caption.face], caption.size_pt)
    height = caption.size_pt * 0.70
    if caption.upwards:
        return (caption.x_pt - height, caption.y_pt, caption.x_pt, caption.y_pt + length)
    return (caption.x_pt, caption.y_pt, caption.x_pt + length, caption.y_pt + height)


def overlap(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_captions_do_not_touch_each_other() -> None:
    pairs = itertools.combinations(captions(), 2)
    assert [(a.text, b.text) for a, b in pairs if overlap(area(a), area(b))] == []


def test_captions_do_not_touch_data() -> None:
    data = {
        f.id: (f.x_pt, f.baseline_pt, f.x_pt + CELL_WIDTH_PT * f.length, f.baseline_pt + GLYPH_PT)
        for f in fields().values()
        if f.kind != "reserved"
    }
    hits = [
        (caption.text, name)
        for caption in captions()
        for name, cells in data.items()
        if overlap(area(caption), cells)
    ]
    assert hits == []


def test_no_line_runs_through_a_character() -> None:
    hits = []
    # The right border: column 79 ends on it, as on stock; the nudge brings its last glyph there.
    inner = (op for op in form_operations() if isinstance(op, Rule) and op.x1_pt < 590)
    for rule in inner:
        x1, x2 = sorted((rule.x1_pt, rule.x2_pt))
        y1, y2 = sorted((rule.y1_pt, rule.y2_pt))
        for field in fields().values():
            upright = x1 == x2 and y1 < field.baseline_pt + GLYPH_PT and y2 > field.baseline_pt
            level = y1 == y2 and field.baseline_pt <= y1 <= field.baseline_pt + GLYPH_PT
            for cell in range(field.length):
                left = field.x_pt + CELL_WIDTH_PT * cell
                inside = left + 0.3 < x1 < left + CELL_WIDTH_PT - 0.3
                crossed = x1 < left + 3 and x2 > left + 4
                if field.kind != "reserved" and ((upright and inside) or (level and crossed)):
                    hits.append((field.id, cell, rule))
    assert hits == []


def test_everything_stays_on_the_paper() -> None:
    for caption in captions():
        left, foot, right, top = area(caption)
        assert left > 9, caption
        assert foot > 9, caption
        assert right < 603, caption
        assert top < 783, caption
    for op in form_operations():
        if isinstance(op, Box | Shade):
            assert op.width_pt > 0, op
            assert op.height_pt > 0, op


def test_every_tick_box_has_its_x_in_the_middle() -> None:
    boxes = [op for op in form_operations() if isinstance(op, Box)]
    for field in (f for f in fields().values() if f.kind == "mark"):
        middle = field.x_pt + CELL_WIDTH_PT / 2
        around = [
            box
            for box in boxes
            if box.x_pt + box.width_pt / 2 == pytest.approx(middle)
            and box.y_pt < field.baseline_pt < field.baseline_pt + GLYPH_PT < box.y_pt + 11
        ]
        assert len(around) == 1, field.id


def test_it_says_what_it_is_and_nothing_of_the_official_form() -> None:
    words = " ".join(caption.text for caption in captions()).upper()
    assert NOT_OFFICIAL.upper() in words
    for official in ("APPROVED", "OMB", "0938", "FORM 1500", "CMS-1500"):
        assert official not in words


def test_a_sheet_is_one_list_with_page_number_only_when_there_are_several() -> None:
    sheet = lay_out(claim()).sheets[0]
    alone, second = sheet_operations(sheet, 1, 1), sheet_operations(sheet, 2, 3)
    texts = [op.text for op in second if isinstance(op, Caption)]
    assert "Page 2 of 3" in texts
    assert not any("Page" in op.text for op in alone if isinstance(op, Caption))
    assert sum(isinstance(op, Run) for op in alone) == len(sheet.boxes)


def test_a_run_gives_one_character_a_cell() -> None:
    run = Run(10.0, 20.0, "A B")
    assert list(run.cells()) == [(10.0, "A"), (10.0 + 2 * CELL_WIDTH_PT, "B")]
