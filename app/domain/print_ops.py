"""A sheet of paper as one list of operations, which reportlab and a printer's painter both draw.

Points from the bottom left paper corner, y upwards. Colours are roles, not values: a back end
knows what ink and form red are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

PAGE_WIDTH_PT, PAGE_HEIGHT_PT = 612.0, 792.0  # US Letter, portrait
CELL_WIDTH_PT = 7.2  # ten characters to the inch
FONT_SIZE_PT = 12.0  # Courier 12: advance 7.2 points


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
    """Pre-printed words of the form in a sans-serif face, or upright along the right edge.

    ``width_pt`` is the room they take in Helvetica; a back end with another face condenses its
    own to it, so that captions never touch. 0 means: as wide as they come.
    """

    x_pt: float
    y_pt: float
    text: str
    size_pt: float
    face: Face = Face.REGULAR
    upwards: bool = False
    width_pt: float = 0.0


Operation = Run | Rule | Shade | Box | Caption


@dataclass(frozen=True, slots=True)
class SheetOps:
    """One sheet of paper, ready to be drawn.

    Attributes:
        on_stock: goes on pre-printed red stock; False for plain paper.
        data: the text of this sheet.
        form: what lies under it on plain paper, drawn first; shared by all sheets of a batch.
        notes: further words of this sheet alone (``Page 2 of 3``).
    """

    on_stock: bool
    data: tuple[Run, ...]
    form: tuple[Operation, ...] = ()
    notes: tuple[Operation, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Everything, in the order in which it is drawn."""
        return (*self.form, *self.notes, *self.data)
