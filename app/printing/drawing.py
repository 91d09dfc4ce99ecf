"""Our own drawing of the form for plain paper: proofs, patients' copies, payers that accept it.

Rules, boxes and captions come from ``resources/forms/cms1500_drawing.csv`` (inches from the top
left paper corner). It carries no approval line, form number or code of the official form and says
that it is not the official form: most payers return claims that are not on red stock.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import stringWidth

from app.domain.paths import resource
from app.domain.print_ops import Box, Caption, Face, Operation, Rule, Shade, SheetOps
from app.printing.claim_pages import ClaimPages, Sheet
from app.printing.fields import PAGE_HEIGHT_PT, fields
from app.printing.operations import data_operations

CAPTION_FONTS = {
    Face.REGULAR: "Helvetica",
    Face.BOLD: "Helvetica-Bold",
    Face.ITALIC: "Helvetica-Oblique",
    Face.BOLD_ITALIC: "Helvetica-BoldOblique",
}

NOT_OFFICIAL = "Plain-paper copy, not the official form: do not send to payers that want red stock."
_NOT_OFFICIAL_AT_IN = (0.30, 10.64)
_PAGE_NUMBER_AT_IN = (7.50, 0.42)
_SMALL_PT = 7.0

_TICK_BOX_PT = 10.8  # a tick box is 0.15 inch wide
_TICK_BOX_FOOT_PT = 1.8  # its foot lies this far below the baseline of the X
_TICK_BOX_WEIGHT_PT = 0.5
_REPEAT_IN = 1 / 3  # from one service line to the next


@lru_cache(maxsize=1)
def form_operations() -> tuple[Operation, ...]:
    """The empty form: tints first, then lines and boxes, then captions."""
    with resource("forms/cms1500_drawing.csv").open(encoding="utf-8", newline="") as file:
        drawn = [operation for row in csv.DictReader(file) for operation in _drawn(row)]
    drawn += _tick_boxes()
    drawn.append(_caption(_point(*_NOT_OFFICIAL_AT_IN), NOT_OFFICIAL, _SMALL_PT, Face.ITALIC))
    order = (Shade, Rule, Box, Caption)
    return tuple(sorted(drawn, key=lambda operation: order.index(type(operation))))


def page_number(number: int, of: int) -> tuple[Operation, ...]:
    """``Page 1 of 3`` above the carrier block, on claims of several sheets."""
    if of == 1:
        return ()
    return (_caption(_point(*_PAGE_NUMBER_AT_IN), f"Page {number} of {of}", _SMALL_PT),)


def sheet_operations(sheet: Sheet, number: int, of: int) -> list[Operation]:
    """The whole form for plain paper: drawing, page number (from 1), data."""
    return [*form_operations(), *page_number(number, of), *data_operations(sheet)]


def claim_sheets(pages: ClaimPages, *, whole_form: bool) -> tuple[SheetOps, ...]:
    """A claim's sheets for any back end: data only for red stock, or the whole form."""
    of = len(pages.sheets)
    return tuple(
        SheetOps(
            on_stock=not whole_form,
            data=tuple(data_operations(sheet)),
            form=form_operations() if whole_form else (),
            notes=page_number(number, of) if whole_form else (),
        )
        for number, sheet in enumerate(pages.sheets, start=1)
    )


def _tick_boxes() -> Iterator[Operation]:
    """A box around the place of every X, so that the two cannot drift apart."""
    for field in fields().values():
        if field.kind == "mark":
            middle = field.x_pt + 3.6
            left, foot = middle - _TICK_BOX_PT / 2, field.baseline_pt - _TICK_BOX_FOOT_PT
            yield Box(left, foot, _TICK_BOX_PT, _TICK_BOX_PT, _TICK_BOX_WEIGHT_PT)


def _drawn(row: Mapping[str, str]) -> Iterator[Operation]:
    kind, size = row["kind"], float(row["size"] or 0)
    for n in range(int(row["repeat"] or 1)):
        down = n * _REPEAT_IN
        start = _point(float(row["x1"]), float(row["y1"]) + down)
        if kind in ("rule", "dash", "square", "shade"):
            end = _point(float(row["x2"]), float(row["y2"]) + down)
            yield _shape(kind, start, end, size)
        else:
            upwards = kind == "upward"
            face = Face.BOLD if upwards else Face(kind)
            yield _caption(start, row["text"], size, face, upwards=upwards)


def _caption(
    at: tuple[float, float],
    text: str,
    size: float,
    face: Face = Face.REGULAR,
    *,
    upwards: bool = False,
) -> Caption:
    width = round(stringWidth(text, CAPTION_FONTS[face], size), 2)
    return Caption(*at, text, size, face, upwards, width)


def _shape(
    kind: str, start: tuple[float, float], end: tuple[float, float], weight: float
) -> Operation:
    if kind in ("rule", "dash"):
        return Rule(*start, *end, weight, dashed=kind == "dash")
    (left, top), (right, foot) = start, end
    size = round(right - left, 2), round(top - foot, 2)
    return Shade(left, foot, *size) if kind == "shade" else Box(left, foot, *size, weight)


def _point(x_in: float, y_in: float) -> tuple[float, float]:
    return round(x_in * 72, 2), round(PAGE_HEIGHT_PT - y_in * 72, 2)
