"""Sheets drawn directly: a page is a list of texts, rules and shades, and PDF is made of pages.

For paper that goes out by the hundred. The same pages give the same bytes; nothing personal is in
the document's properties. Points; ``down`` counts from the top paper edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from app.printing.fields import PAGE_HEIGHT_PT, PAGE_WIDTH_PT
from app.printing.text import fold

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
LEFT_PT, RIGHT_PT = 36.0, PAGE_WIDTH_PT - 36.0
NO_BREAK = "\u00a0"  # a blank at which no line is broken
SMALLEST_PT = 5.5  # a text never shrinks below this to fit its room
_INK, _GRAY, _TINT = 0.0, 0.36, 0.93  # 0 is black, 1 is paper


class Text(NamedTuple):
    """A text with its left edge and baseline, points from the top left paper corner."""

    x_pt: float
    down_pt: float
    text: str
    size_pt: float
    face: str
    gray: bool


class Rule(NamedTuple):
    """A straight line."""

    x1_pt: float
    down1_pt: float
    x2_pt: float
    down2_pt: float
    weight_pt: float
    dashed: bool


class Shade(NamedTuple):
    """A lightly tinted area: left, top, width, height."""

    x_pt: float
    down_pt: float
    width_pt: float
    height_pt: float


@dataclass(slots=True)
class Page:
    """One sheet while it is laid out, and afterwards to be drawn."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)

    def put(
        self,
        x_pt: float,
        down_pt: float,
        text: str,
        size_pt: float = 9.0,
        *,
        bold: bool = False,
        gray: bool = False,
        width_pt: float | None = None,
    ) -> None:
        """A text by its left edge; set smaller where it is wider than ``width_pt``."""
        shown, face = printable(text), BOLD if bold else PLAIN
        if width_pt is not None:
            size_pt = _fitting(shown, face, size_pt, width_pt)
        self.texts.append(Text(x_pt, down_pt, shown, size_pt, face, gray))

    def right(
        self,
        x_pt: float,
        down_pt: float,
        text: str,
        size_pt: float = 9.0,
        *,
        bold: bool = False,
        gray: bool = False,
        width_pt: float | None = None,
    ) -> None:
        """A text by its right edge."""
        shown, face = printable(text), BOLD if bold else PLAIN
        if width_pt is not None:
            size_pt = _fitting(shown, face, size_pt, width_pt)
        left = x_pt - _width(shown, face, size_pt)
        self.texts.append(Text(left, down_pt, shown, size_pt, face, gray))

    def line(
        self,
        x1_pt: float,
        down1_pt: float,
        x2_pt: float,
        down2_pt: float,
        weight_pt: float = 0.5,
        *,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        self.rules.append(Rule(x1_pt, down1_pt, x2_pt, down2_pt, weight_pt, dashed))

    def shade(self, x_pt: float, down_pt: float, width_pt: float, height_pt: float) -> None:
        """A tinted area; everything else is drawn over it."""
        self.shades.append(Shade(x_pt, down_pt, width_pt, height_pt))


def pages_pdf(pages: Sequence[Page], title: str, *, landscape: bool = False) -> bytes:
    """Pages as one PDF, US Letter, printed at actual size. ``title`` names no person."""
    file = BytesIO()
    size = (PAGE_HEIGHT_PT, PAGE_WIDTH_PT) if landscape else (PAGE_WIDTH_PT, PAGE_HEIGHT_PT)
    canvas = Canvas(file, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setCreator("")
    canvas.setSubject("")
    # The window shows the address at actual size only.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "Simplex")
    for page in pages:
        _draw(canvas, page, size[1])
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, page: Page, top: float) -> None:
    canvas.setFillGray(_TINT)
    for x, down, width, height in page.shades:
        canvas.rect(x, top - down - height, width, height, stroke=0, fill=1)
    for rule in page.rules:
        canvas.setLineWidth(rule.weight_pt)
        canvas.setDash(3, 3) if rule.dashed else canvas.setDash()
        canvas.line(rule.x1_pt, top - rule.down1_pt, rule.x2_pt, top - rule.down2_pt)
    _draw_texts(canvas, page.texts, top)


def _draw_texts(canvas: Canvas, texts: Iterable[Text], top: float) -> None:
    """All texts of a page as one text object; font and ink are said only when they change."""
    drawn = canvas.beginText()
    font: tuple[str, float] | None = None
    ink: bool | None = None
    for x, down, text, size, face, gray in texts:
        if gray is not ink:
            drawn.setFillGray(_GRAY if gray else _INK)
            ink = gray
        if (face, size) != font:
            drawn.setFont(face, size)
            font = (face, size)
        drawn.setTextOrigin(x, top - down)
        drawn.textOut(text)
    canvas.drawText(drawn)


@lru_cache(maxsize=8192)
def _width(text: str, face: str, size_pt: float) -> float:
    return float(stringWidth(text, face, size_pt))


def _fitting(text: str, face: str, size_pt: float, width_pt: float) -> float:
    width = _width(text, face, size_pt)
    return size_pt if width <= width_pt else max(size_pt * width_pt / width, SMALLEST_PT)


@lru_cache(maxsize=8192)
def wrapped_words(text: str, width_pt: float, size_pt: float) -> tuple[str, ...]:
    """A text broken between words into as few lines as hold it; a monstrous word within itself."""
    lines: list[str] = []
    for word in filter(None, printable(text).split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, PLAIN, size_pt) <= width_pt:
            lines[-1] = longer
        else:
            lines += _cut(word, width_pt, size_pt)
    return tuple(lines)


def _cut(word: str, width_pt: float, size_pt: float) -> list[str]:
    parts = [""]
    for char in word if _width(word, PLAIN, size_pt) > width_pt else ():
        if _width(parts[-1] + char, PLAIN, size_pt) > width_pt:
            parts.append("")
        parts[-1] += char
    return parts if parts != [""] else [word]


def printable(text: str) -> str:
    """The text with letters the standard fonts do not know transliterated."""
    if text.isascii():
        return text
    return "".join(char if _in_font(char) else fold(char) for char in text)


@lru_cache(maxsize=1024)
def _in_font(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
