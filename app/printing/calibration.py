"""The test page of a printer: four crosses to be measured with a ruler, XXX in the PICA squares.

Printed on plain paper it is measured; laid on a sheet of stock against the light, or printed on
one, the X's show whether they stand in their squares.
"""

from __future__ import annotations

from app.domain.print_fit import CROSS_BOTTOM_IN, CROSS_LEFT_IN, CROSS_RIGHT_IN, CROSS_TOP_IN
from app.domain.print_ops import PAGE_HEIGHT_PT, Caption, Face, Operation, Rule, Run, SheetOps
from app.printing.fields import fields

_ARM_PT = 14.0
_WEIGHT_PT = 0.4
_TEST_FIELDS = ("pica_left", "pica_right", "1_medicare", "1_other", "27_no", "33a", "33b")
_WORDS = (
    (3.0, 9.0, "Test page: print at actual size, then measure with a ruler."),
    (3.3, 8.0, "1   from the left paper edge to the upper left cross (1 inch when all is well)"),
    (3.6, 8.0, "2   from the top paper edge to the upper left cross (1 inch)"),
    (3.9, 8.0, "3   from the upper left to the upper right cross (6 1/2 inches)"),
    (4.2, 8.0, "4   from the upper left to the lower left cross (9 inches)"),
    (
        4.6,
        8.0,
        "Type the four lengths in Setup, Printers. Hundredths, 1/32 or millimeters will do.",
    ),
    (4.9, 8.0, "On red stock, or held against it: every X stands in its square or box."),
)


def calibration_sheet() -> SheetOps:
    """The test page for one tray. Its X's never stand on a claim."""
    marked = (fields()[field_id] for field_id in _TEST_FIELDS)
    return SheetOps(
        on_stock=False,
        data=tuple(Run(f.x_pt, f.baseline_pt, "X" * f.length) for f in marked),
        form=tuple(_crosses()),
        notes=tuple(
            Caption(108.0, PAGE_HEIGHT_PT - 72 * top, words, size, Face.REGULAR)
            for top, size, words in _WORDS
        ),
    )


def _crosses() -> list[Operation]:
    drawn: list[Operation] = []
    for across in (CROSS_LEFT_IN, CROSS_RIGHT_IN):
        for down in (CROSS_TOP_IN, CROSS_BOTTOM_IN):
            x, y = float(across * 72), PAGE_HEIGHT_PT - float(down * 72)
            drawn.append(Rule(x - _ARM_PT, y, x + _ARM_PT, y, _WEIGHT_PT))
            drawn.append(Rule(x, y - _ARM_PT, x, y + _ARM_PT, _WEIGHT_PT))
    return drawn
