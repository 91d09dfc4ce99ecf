"""A sheet as one list of print operations, the same for PDF and for a printer's painter.

Points from the bottom left paper corner, y upwards. Colours are roles, not values: a back end
knows what ink and form red are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.printing.claim_pages import Sheet
from app.printing.fields import CELL_WIDTH_PT, fields

FONT_SIZE_PT = 12.0  # Courier 12: advance 7.2 points, ten characters to the inch


class Face(StrEnum):
    """Type faces of the captions."""

    REGULAR = "regular"
    BOLD = "bold"
    ITALIC = "italic"
    BOLD_ITALIC = "bold_italic"


@dataclass(frozen=True, slots=True)
class Run:
    """Data in black Courier 12: consecutive characters, each in its own cell 7.2 points wide.

    A back end whose font does not advance exactly 7.2 points draws ``cells`` one by one.
    """

    x_pt: float
    y_pt: float
    text: str

    def cells(self) -> Iterator[tuple[float, str]]:
        """Left edge of each cell in points with its character; blanks are passed over."""
        for n, char in enumerate(self.text):
            if char != " ":
                yield self.x_pt + CELL_WIDTH_PT * n, char


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line of the form, ``weight_pt`` thick, solid or dashed."""

    x1_pt: float
    y1_pt: float
    x2_pt: float
    y2_pt: float
    weight_pt: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Shade:
    """A lightly tinted area of the form, lower left corner and size."""

    x_pt: float
    y_pt: float
    width_pt: float
    height_pt: float


@dataclass(frozen=True, slots=True)
class Box:
    """An outlined box: a tick box or an alignment square."""

    x_pt: float
    y_pt: float
    width_pt: float
    height_pt: float
    weight_pt: float


@dataclass(frozen=True, slots=True)
class Caption:
    """Pre-printed words of the form in a sans-serif face, or upright along the right edge."""

    x_pt: float
    y_pt: float
    text: str
    size_pt: float
    face: Face = Face.REGULAR
    upwards: bool = False


Operation = Run | Rule | Shade | Box | Caption


def data_operations(sheet: Sheet) -> list[Run]:
    """What is printed on red stock: the data and nothing else."""
    known = fields()
    return [
        Run(field.text_x_pt(text), field.baseline_pt, text)
        for field, text in ((known[field_id], text) for field_id, text in sheet.boxes.items())
    ]
