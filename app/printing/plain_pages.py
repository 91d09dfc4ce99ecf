"""Plain pages of rows: what goes into the envelope beside the claims, on ordinary paper.

The same rows give the same bytes. Nothing personal is in the document's properties. Helvetica is
one of the fonts every reader has; letters that it does not know are transliterated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from app.printing.fields import PAGE_HEIGHT_PT, PAGE_WIDTH_PT
from app.printing.text import fold

MARGIN_PT = 36.0  # half an inch on every side
RIGHT_PT = PAGE_WIDTH_PT - MARGIN_PT
ROW_PT, SIZE_PT = 12.5, 9.0
_FOOT_PT = 56.0  # rows end above the footer
_FOOTER_AT_PT, _FOOTER_SIZE_PT = 36.0, 7.5
_SMALLEST_PT = 5.0  # a cell never shrinks below this, however long its text
_PLAIN, _BOLD = "Helvetica", "Helvetica-Bold"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a row. ``x_pt`` is its left edge, or its right one when ``right``.

    ``width_pt``: longer text is set smaller to fit; None lets it run.
    """

    x_pt: float
    text: str
    right: bool = False
    bold: bool = False
    size_pt: float = SIZE_PT
    width_pt: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Cells on one baseline. ``rule_pt``: weight of a line above it, 0 for none."""

    cells: tuple[Cell, ...] = ()
    height_pt: float = ROW_PT
    rule_pt: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A text at a fixed place of the first page, points from the top left paper corner."""

    x_pt: float
    down_pt: float
    text: str
    size_pt: float = SIZE_PT
    bold: bool = False
    width_pt: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Rows that belong together and begin on a page of their own.

    Attributes:
        rows: from top to bottom.
        footer: small words at the foot of every page.
        top_pt: where the rows of the first page begin, points from the top paper edge.
        smallest: how far rows may shrink (1 is not at all) so that all stand on one page.
        placed: texts at fixed places of the first page.
    """

    rows: tuple[Row, ...]
    footer: str = ""
    top_pt: float = MARGIN_PT
    smallest: float = 1.0
    placed: tuple[Placed, ...] = ()


def plain_pdf(documents: Sequence[Document], title: str) -> bytes:
    """All documents in one PDF, US Letter. ``title`` is neutral: it names no person."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(PAGE_WIDTH_PT, PAGE_HEIGHT_PT), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setCreator("")
    canvas.setSubject("")
    # Labels and window addresses stand where they must only at actual size.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "Simplex")
    for document in documents:
        _draw(canvas, document)
    canvas.save()
    return file.getvalue()


def width_of(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Width of a text in points."""
    return float(stringWidth(_printable(text), _BOLD if bold else _PLAIN, size_pt))


def wrapped(
    pieces: Sequence[str], width_pt: float, size_pt: float, *, joint: str = ", "
) -> list[str]:
    """Pieces joined into as few lines as hold them; a piece is never broken."""
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]}{joint}{piece}" if lines else piece
        if lines and width_of(longer, size_pt) <= width_pt:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _draw(canvas: Canvas, document: Document) -> None:
    scale, pages = _fewest_pages(document)
    for number, rows in enumerate(pages, start=1):
        for text in document.placed if number == 1 else ():
            _text(canvas, text.x_pt, PAGE_HEIGHT_PT - text.down_pt, text)
        _rows(canvas, rows, document.top_pt if number == 1 else MARGIN_PT, scale)
        _footer(canvas, document.footer, number, len(pages))
        canvas.showPage()


def _fewest_pages(document: Document) -> tuple[float, list[list[Row]]]:
    """As few pages as the smallest scale allows, and on them the largest scale that fits."""
    fewest = len(list(_pages(document, document.smallest)))
    for percent in range(100, 0, -1):
        scale = max(percent / 100, document.smallest)
        pages = list(_pages(document, scale))
        if len(pages) == fewest:
            return scale, pages
    raise AssertionError("the smallest scale gives the fewest pages")


def _pages(document: Document, scale: float) -> Iterator[list[Row]]:
    page: list[Row] = []
    down, limit = document.top_pt, PAGE_HEIGHT_PT - _FOOT_PT + 0.01
    for row in document.rows:
        if page and down + row.height_pt * scale > limit:
            yield page
            page, down = [], MARGIN_PT
        page.append(row)
        down += row.height_pt * scale
    yield page


def _rows(canvas: Canvas, rows: Sequence[Row], down: float, scale: float) -> None:
    for row in rows:
        if row.rule_pt:
            y = PAGE_HEIGHT_PT - down + 0.3 * scale
            canvas.setLineWidth(row.rule_pt)
            canvas.line(MARGIN_PT, y, RIGHT_PT, y)
        down += row.height_pt * scale
        for cell in row.cells:
            _text(canvas, cell.x_pt, PAGE_HEIGHT_PT - down + 2.5 * scale, cell, scale)


def _text(canvas: Canvas, x: float, y: float, what: Cell | Placed, scale: float = 1.0) -> None:
    text, size = _printable(what.text), what.size_pt * scale
    face = _BOLD if what.bold else _PLAIN
    width = float(stringWidth(text, face, size))
    if what.width_pt is not None and width > what.width_pt:
        size = max(size * what.width_pt / width, _SMALLEST_PT)
    canvas.setFont(face, size)
    if isinstance(what, Cell) and what.right:
        canvas.drawRightString(x, y, text)
    else:
        canvas.drawString(x, y, text)


def _footer(canvas: Canvas, words: str, number: int, of: int) -> None:
    canvas.setFont(_PLAIN, _FOOTER_SIZE_PT)
    canvas.drawString(MARGIN_PT, _FOOTER_AT_PT, _printable(words))
    if of > 1:
        canvas.drawRightString(RIGHT_PT, _FOOTER_AT_PT, f"Page {number} of {of}")


def _printable(text: str) -> str:
    return "".join(char if _in_font(char) else fold(char) for char in text)


def _in_font(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
