"""How wide the columns of a report are, and which way round the sheet lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import stringWidth

from app.domain.reports import Column, Kind, Report, Row, shown
from app.printing.fields import PAGE_HEIGHT_PT, PAGE_WIDTH_PT
from app.printing.sheets import BOLD, PLAIN, printable, wrapped_words

_MARGIN_PT, _GAP_PT = 36.0, 9.0
_WIDEST_WORDS_PT = 190.0  # a column of words asks for no more than this
_NARROWEST_WORDS_PT = 60.0  # and is not pressed below this
_SIZES_PT = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_LEFT_KINDS = (Kind.TEXT, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands: left and right edge (points)."""

    left: float
    right: float
    words: bool  # set from the left


@dataclass(frozen=True, slots=True)
class Table:
    """A report's table as it fits on the sheet: size of type, places of columns, their heads."""

    columns: tuple[Column, ...]
    places: tuple[Place, ...]
    heads: tuple[tuple[str, ...], ...]
    size: float
    landscape: bool

    @property
    def width(self) -> float:
        """From margin to margin."""
        return (PAGE_HEIGHT_PT if self.landscape else PAGE_WIDTH_PT) - 2 * _MARGIN_PT

    @property
    def page_height(self) -> float:
        """Of the sheet as it lies."""
        return PAGE_WIDTH_PT if self.landscape else PAGE_HEIGHT_PT

    @property
    def head_size(self) -> float:
        """Size of the column heads."""
        return min(self.size, 7.5)

    def cells(self, row: Row, *, bold: bool) -> tuple[tuple[str, ...], ...]:
        """A row's cells, words broken into lines that fit their columns."""
        found = []
        for value, column, place in zip(row, self.columns, self.places, strict=True):
            text = shown(value, column.kind)
            # Bold runs wider than the plain type that lines are broken by.
            room = (place.right - place.left) * (0.92 if bold else 1.0)
            found.append(_lines(text, room, self.size) if column.kind is Kind.TEXT else (text,))
        return tuple(found)


def _lines(text: str, room: float, size: float) -> tuple[str, ...]:
    return wrapped_words(text, room, size) or ("",)


@lru_cache(maxsize=16384)
def _width(text: str, size: float, *, bold: bool = False) -> float:
    return float(stringWidth(printable(text), BOLD if bold else PLAIN, size))


def table_of(report: Report) -> Table:
    """Upright if it fits, else across, else across in smaller type."""
    rows = (*report.rows, report.totals) if report.totals else report.rows
    upright, across = PAGE_WIDTH_PT - 2 * _MARGIN_PT, PAGE_HEIGHT_PT - 2 * _MARGIN_PT
    for landscape, size in ((False, 8.5), *((True, size) for size in _SIZES_PT)):
        asked = [_asked(n, column, rows, size) for n, column in enumerate(report.columns)]
        room = (across if landscape else upright) - _GAP_PT * (len(asked) - 1)
        fixed = sum(w for w, c in zip(asked, report.columns, strict=True) if c.kind != Kind.TEXT)
        words = [w for w, c in zip(asked, report.columns, strict=True) if c.kind == Kind.TEXT]
        needed = sum(min(w, _NARROWEST_WORDS_PT * (2 if not landscape else 1)) for w in words)
        if fixed + needed <= room:
            break
    widths = _shared(report.columns, asked, room, fixed)
    places = _places(report.columns, widths)
    heads = tuple(
        _lines(column.title, max(width, 24.0), min(size, 7.5))
        for column, width in zip(report.columns, widths, strict=True)
    )
    return Table(report.columns, places, heads, size, landscape)


def _asked(n: int, column: Column, rows: Sequence[Row], size: float) -> float:
    """What a column would like: its widest cell, and a word of its heading."""
    cells = {shown(row[n], column.kind) for row in rows}
    bold = column.kind in (Kind.MONEY, Kind.COUNT, Kind.QUANTITY)
    widest = max((_width(text, size, bold=bold) for text in cells), default=0.0)
    heading = max((_width(word, min(size, 7.5)) for word in column.title.split()), default=0.0)
    if column.kind is Kind.TEXT:
        return max(min(widest * 1.08, _WIDEST_WORDS_PT), heading) + 1
    return max(widest, heading) + 1


def _shared(
    columns: Sequence[Column], asked: Sequence[float], room: float, fixed: float
) -> list[float]:
    """Figures keep what they ask for; the widest words give way first, and take what is left."""
    words = [w for w, c in zip(asked, columns, strict=True) if c.kind is Kind.TEXT]
    if not words:
        return [w * min(room / sum(asked), 1.0) for w in asked]
    cap = _cap(words, room - fixed)
    widths = [
        min(w, cap) if c.kind is Kind.TEXT else w for w, c in zip(asked, columns, strict=True)
    ]
    spare = room - sum(widths)
    if spare > 0:  # the table reaches from margin to margin; the widest words take most of it
        each = spare / (2 * len(widths))
        widths = [w + each for w in widths]
        texts = [n for n, c in enumerate(columns) if c.kind is Kind.TEXT]
        widths[max(texts, key=lambda n: widths[n])] += spare / 2
    return widths


def _cap(words: Sequence[float], room: float) -> float:
    """The width to which the widest columns shrink so that all fit."""
    left = room
    for n, width in enumerate(sorted(words)):
        share = left / (len(words) - n)
        if width >= share:
            return max(share, 1.0)
        left -= width
    return max(words)


def _places(columns: Sequence[Column], widths: Sequence[float]) -> tuple[Place, ...]:
    found, left = [], _MARGIN_PT
    for column, width in zip(columns, widths, strict=True):
        found.append(Place(left, left + width, column.kind in _LEFT_KINDS))
        left += width + _GAP_PT
    return tuple(found)
