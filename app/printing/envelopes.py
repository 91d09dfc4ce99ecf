"""Which part of a folded sheet shows through an envelope's window. Inches throughout.

A sheet folded into thirds slides in the envelope. What must be read (USPS Domestic Mail Manual
601.6.3: the whole address, wherever the insert has slid) has to lie in the part of the sheet that
every position shows. The reasons and the figures that follow: ``docs/decisions`` on envelopes.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.printing.fields import Rect, field_rects

SHEET_WIDTH_IN, SHEET_HEIGHT_IN = 8.5, 11.0
THIRD_IN = SHEET_HEIGHT_IN / 3  # the panel in front when a sheet is folded like a C or a Z
_HAIR_IN = 1e-6  # sums of inches are not exact
_CARRIER = ("carrier_name", "carrier_address1", "carrier_address2", "carrier_city_state_zip")


@dataclass(frozen=True, slots=True)
class Window:
    """A window: its lower left corner from the envelope's, face up, and its size."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope's size and its window."""

    width: float
    height: float
    window: Window


# The commercial #10 with the usual window: 1 1/8 x 4 1/2, 7/8 from the left, 1/2 from the bottom.
NUMBER_10 = Envelope(9.5, 4.125, Window(0.875, 0.5, 4.5, 1.125))


def always_seen(envelope: Envelope, panel: float = THIRD_IN) -> Rect | None:
    """The part of the sheet that shows wherever it has slid; None when there is none.

    ``panel``: height of the panel in front, from the sheet's top edge to the first fold.
    """
    sideways, upwards = envelope.width - SHEET_WIDTH_IN, envelope.height - panel
    window = envelope.window
    left, right = window.left, window.left + window.width - sideways
    top, foot = panel - window.bottom - window.height + upwards, panel - window.bottom
    if right <= left or foot <= top:
        return None
    return Rect(left, top, right - left, foot - top)


def window_for(
    area: Rect, width: float = 9.5, height: float = 4.125, panel: float = THIRD_IN
) -> Window:
    """The smallest window through which ``area`` of the sheet shows wherever it has slid."""
    sideways, upwards = width - SHEET_WIDTH_IN, height - panel
    bottom = panel - area.top - area.height
    return Window(area.left, bottom, area.width + sideways, area.height + upwards)


def carrier_block(characters: int = 39) -> Rect:
    """Where the payer's address stands on a claim whose longest line has so many characters."""
    rects = [field_rects()[name] for name in _CARRIER]
    first, last = rects[0], rects[-1]
    return Rect(first.left, first.top, characters / 10, last.top + last.height - first.top)


def shows(envelope: Envelope, area: Rect, panel: float = THIRD_IN) -> bool:
    """Whether all of ``area`` shows in every position of the sheet."""
    seen = always_seen(envelope, panel)
    return seen is not None and (
        area.left >= seen.left - _HAIR_IN
        and area.top >= seen.top - _HAIR_IN
        and area.left + area.width <= seen.left + seen.width + _HAIR_IN
        and area.top + area.height <= seen.top + seen.height + _HAIR_IN
    )
