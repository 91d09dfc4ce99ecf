"""A printer's own correction: how far it prints off, from what a ruler says of its test page.

A printer feeds a little late or early and stretches or shrinks a little, and each tray does so in
its own way. Along each axis paper = late + stretch × sent; the fit sends (wanted − late) / stretch.
Offsets are kept in 1/100 inch, scales in 1/10,000, both as whole numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import Invalid
from app.domain.findings import Finding, Severity

WHOLE = 10_000  # a scale of exactly one
MAX_OFFSET = 50  # 1/100 inch: more is a wrong paper size, not a feed
MAX_SCALE_OFF = 300  # 3 %: more is "fit to page"
FIT_TO_PAGE_OFF = 100  # from 1 % on, "fit to page" is the likelier cause

# The test page's crosses, inches from the left and top paper edges.
CROSS_LEFT_IN, CROSS_RIGHT_IN = Fraction(1), Fraction(15, 2)
CROSS_TOP_IN, CROSS_BOTTOM_IN = Fraction(1), Fraction(10)
ACROSS_IN = CROSS_RIGHT_IN - CROSS_LEFT_IN
DOWN_IN = CROSS_BOTTOM_IN - CROSS_TOP_IN

_INCHES = re.compile(r"(?:(\d{1,2})(?:\.(\d{1,4}))?|(?:(\d{1,2})[ -])?(\d{1,2})/(\d{1,2}))")
_DECIMAL = re.compile(r"\.\d{1,4}")
_MM = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?mm")
_SENTENCE = "Type inches like 1.02 or 1 1/32, or millimeters like 25.9 mm."


@dataclass(frozen=True, slots=True)
class PrintFit:
    """The correction of one printer and tray.

    Attributes:
        right, down: 1/100 inch by which everything is moved.
        wide, high: scales in 1/10,000, measured from the top left paper corner.
    """

    right: int = 0
    down: int = 0
    wide: int = WHOLE
    high: int = WHOLE

    def place(self, x_pt: float, y_pt: float) -> tuple[float, float]:
        """Where a point (points from left and **top**) must be sent to land where it should."""
        return (
            x_pt * self.wide / WHOLE + self.right * 0.72,
            y_pt * self.high / WHOLE + self.down * 0.72,
        )

    def words(self) -> str:
        """What it does, in a sentence; nothing at all says so."""
        parts = [
            _moved(self.right, "right", "left"),
            _moved(self.down, "down", "up"),
            _sized(self.wide, "wider", "narrower"),
            _sized(self.high, "taller", "shorter"),
        ]
        said = ", ".join(part for part in parts if part)
        return f"Everything is sent {said}." if said else "Nothing needs correcting."


NO_FIT = PrintFit()


@dataclass(frozen=True, slots=True)
class Measured:
    """What she read off the ruler on the test page, as typed.

    Attributes:
        left, top: from the paper's left and top edges to the upper left cross.
        across, down: from the upper left cross to the upper right and to the lower left one.
    """

    left: str
    top: str
    across: str
    down: str


def parse_inches(text: str) -> Fraction:
    """Inches from ``1.02``, ``1 1/32``, ``1-1/32``, ``5/16`` or ``25.9 mm``.

    Raises:
        ValueError: with a sentence for the field.
    """
    typed = text.strip().lower().removesuffix('"').removesuffix("in").strip()
    if millimetres := _MM.fullmatch(typed):
        return Fraction(millimetres[1]) / Fraction("25.4")
    if _DECIMAL.fullmatch(typed):
        return Fraction("0" + typed)
    found = _INCHES.fullmatch(typed)
    if found is None or found[5] == "0" * len(found[5] or "x"):
        raise ValueError(_SENTENCE)
    if found[5]:
        return int(found[3] or 0) + Fraction(int(found[4]), int(found[5]))
    return Fraction(typed)


def new_fit(measured: Measured, printed_with: PrintFit = NO_FIT) -> PrintFit:
    """The fit that puts right what the ruler saw on a page printed with ``printed_with``.

    Raises:
        Invalid: a finding for each length that cannot be read or cannot be a feed error; a scale
            far off names *fit to page*, the commonest cause.
    """
    left, top, across, down = _lengths(measured)
    right, wide = _axis(
        left, across, CROSS_LEFT_IN, ACROSS_IN, printed_with.right, printed_with.wide
    )
    low, high = _axis(top, down, CROSS_TOP_IN, DOWN_IN, printed_with.down, printed_with.high)
    fit = PrintFit(right, low, wide, high)
    findings = [
        *_too_far("left", "across", fit.right, fit.wide),
        *_too_far("top", "down", fit.down, fit.high),
    ]
    if findings:
        raise Invalid(findings)
    return fit


def warning(fit: PrintFit) -> str:
    """A sentence when the scale looks like *fit to page* rather than the printer's nature."""
    if max(abs(fit.wide - WHOLE), abs(fit.high - WHOLE)) < FIT_TO_PAGE_OFF:
        return ""
    return (
        "The page came out more than 1 % too large or small. First look whether the printer is "
        "set to fit the page; choose actual size and print the test page again."
    )


def _axis(
    seen: Fraction, distance: Fraction, cross: Fraction, nominal: Fraction, moved: int, scale: int
) -> tuple[int, int]:
    """(offset, scale) of one axis; the whole page is the reason why scale is rounded first."""
    sent_scale, sent_offset = Fraction(scale, WHOLE), Fraction(moved, 100)
    stretch = distance / nominal / sent_scale
    late = seen - stretch * (sent_scale * cross + sent_offset)
    return round(-late / stretch * 100), round(WHOLE / stretch)


def _lengths(measured: Measured) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    findings, read = [], []
    for name in ("left", "top", "across", "down"):
        try:
            read.append(parse_inches(getattr(measured, name)))
        except ValueError as error:
            findings.append(Finding(name, str(error), Severity.ERROR))
    nominal = {"across": ACROSS_IN, "down": DOWN_IN}
    for name, length in zip(("left", "top", "across", "down"), read, strict=False):
        if name in nominal and not findings and abs(length - nominal[name]) > nominal[name] / 10:
            sentence = f"The crosses are about {float(nominal[name]):g} inches apart."
            findings.append(Finding(name, sentence, Severity.ERROR))
    if findings:
        raise Invalid(findings)
    left, top, across, down = read
    return left, top, across, down


def _too_far(edge: str, distance: str, offset: int, scale: int) -> list[Finding]:
    found = []
    if abs(scale - WHOLE) > MAX_SCALE_OFF:
        percent = f"{10_000 * 100 / scale:.1f}"
        words = f"The page came out at {percent} %: the printer fits it to the page. Choose actual "
        found.append(
            Finding(distance, words + "size in its settings and print the test page again.")
        )
    elif abs(offset) > MAX_OFFSET:
        words = "That is more than half an inch off: is the paper US Letter, and loaded straight?"
        found.append(Finding(edge, words))
    return found


def _moved(hundredths: int, plus: str, minus: str) -> str:
    if not hundredths:
        return ""
    return f"{abs(hundredths) / 100:.2f} in further {plus if hundredths > 0 else minus}"


def _sized(scale: int, plus: str, minus: str) -> str:
    if scale == WHOLE:
        return ""
    return f"{abs(scale - WHOLE) / 100:.2f} % {plus if scale > WHOLE else minus}"
