"""Where every field of the CMS-1500 (02/12) stands, in inches and points.

The form is a character grid of 10 columns and 6 lines to the inch. Column 1 begins 0.30 inch from
the left paper edge; form line L is paper line L + 2, so that item 1 stands on line 8. Source: the
NUCC print specification as measured on stock and agreed between independent programs; the figures
are in ``resources/forms/cms1500_fields.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from app.domain import print_ops
from app.domain.paths import resource

PAGE_WIDTH_PT, PAGE_HEIGHT_PT = print_ops.PAGE_WIDTH_PT, print_ops.PAGE_HEIGHT_PT
CELL_WIDTH_PT, CELL_HEIGHT_PT = print_ops.CELL_WIDTH_PT, 12.0  # six lines to the inch
FORM_LEFT_PT = 21.6  # 0.30 inch: left border of the form and of column 1
# The one nudge. Column 1 starts on the border and tick boxes stand a little right of their cells:
# 2 points clear the border and bring every X to the middle of its box.
NUDGE_X_PT = 2.0
_BASELINE_TOP_PT = 771.0  # baseline of form line 0; a baseline is 3 points above its cell's foot
_DESCENT_PT = 3.0

LINES_PER_SHEET = 6
_LINE_STEP = 2  # form lines from one service line to the next
_CELLS = "{n}"  # in an id: one field for each service line


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the page, inches from the top left paper corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    Attributes:
        id: e.g. ``5_street`` or ``24_1_D_cpt``; stable, used in findings and stored sheets.
        item: the item as printed on the form, e.g. ``24D``.
        line: form line, 1 is the second printable line of the paper.
        column: first cell, 1-79.
        length: number of cells; text beyond it does not fit.
        kind: ``text``, ``date``, ``money``, ``mark`` (an X), ``reserved`` or ``test``.
        align: ``left``, ``right`` or ``centre`` (single cells).
        x_pt: left edge of the first cell in points from the left paper edge, nudge included.
        baseline_pt: baseline of the text in points from the bottom paper edge.
    """

    id: str
    item: str
    line: int
    column: int
    length: int
    kind: str
    align: str
    x_pt: float
    baseline_pt: float

    def text_x_pt(self, text: str) -> float:
        """Left edge of the first character's cell when ``text`` is set in this field, points."""
        if self.align == "right":
            return self.x_pt + CELL_WIDTH_PT * (self.length - len(text))
        return self.x_pt

    @property
    def rect(self) -> Rect:
        """The field's cells as a rectangle in inches, for a window to highlight or click."""
        top = PAGE_HEIGHT_PT - self.baseline_pt + _DESCENT_PT - CELL_HEIGHT_PT
        width = CELL_WIDTH_PT * self.length
        return Rect(self.x_pt / 72, top / 72, width / 72, CELL_HEIGHT_PT / 72)


@lru_cache(maxsize=1)
def fields() -> Mapping[str, Field]:
    """Every field of the form by id, in reading order of the data file."""
    with resource("forms/cms1500_fields.csv").open(encoding="utf-8", newline="") as file:
        found = [field for row in csv.DictReader(file) for field in _expand(row)]
    return MappingProxyType({field.id: field for field in found})


@lru_cache(maxsize=1)
def field_rects() -> Mapping[str, Rect]:
    """Rectangle of every field by id, inches from the top left paper corner."""
    return MappingProxyType({field.id: field.rect for field in fields().values()})


def _expand(row: Mapping[str, str]) -> Iterator[Field]:
    for n in range(LINES_PER_SHEET if _CELLS in row["id"] else 1):
        line, column = int(row["line"]) + _LINE_STEP * n, int(row["column"])
        yield Field(
            id=row["id"].replace(_CELLS, str(n + 1)),
            item=row["item"],
            line=line,
            column=column,
            length=int(row["length"]),
            kind=row["kind"],
            align=row["align"],
            x_pt=round(FORM_LEFT_PT + CELL_WIDTH_PT * (column - 1) + NUDGE_X_PT, 2),
            baseline_pt=_BASELINE_TOP_PT - CELL_HEIGHT_PT * line,
        )
