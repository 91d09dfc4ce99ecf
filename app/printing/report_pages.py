"""Any report on paper: Letter, upright or across, heads on every page, its ties at the end.

Nothing is ever cut off: words are broken into lines, and a table too wide for the sheet is set
smaller. The same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.domain.reports import Column, Group, Report, Row, Tie, added_up
from app.printing.report_columns import Place, Table, table_of
from app.printing.sheets import Page, pages_pdf, wrapped_words

MARGIN_PT = 36.0
_TITLE_PT, _BASIS_PT, _SMALL_PT = 14.0, 8.5, 7.5
_TOP_PT, _FOOT_PT = 40.0, 40.0
_TIE_PT, _TIE_ROW_PT = 8.0, 13.0
_AMOUNT_PT = 78.0  # room of one figure of a tie


def report_pdf(report: Report, practice: str, printed_on: date) -> bytes:
    """A report as PDF. ``practice`` and the day of printing stand on every page."""
    table = table_of(report)
    sheet = _Sheet(report, practice, table)
    for block in _blocks(report, table):
        sheet.add(block)
    for page_number, page in enumerate(sheet.pages, start=1):
        _foot(page, table, f"Page {page_number} of {len(sheet.pages)}", practice, printed_on)
    return pages_pdf(sheet.pages, "Report", landscape=table.landscape)


# --- rows ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Line:
    """Cells already broken into lines; ``words`` runs over the whole width instead."""

    cells: tuple[tuple[str, ...], ...] = ()
    words: str = ""
    bold: bool = False
    gray: bool = False
    rule_pt: float = 0.0
    above_pt: float = 0.0
    tie: Tie | None = None

    def height(self, size: float) -> float:
        """How tall it is (points)."""
        if self.tie is not None:
            return _TIE_ROW_PT + self.above_pt
        return max((len(cell) for cell in self.cells), default=1) * size * 1.28 + 2 + self.above_pt


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stay together; ``heads`` False below the table, where columns say nothing."""

    lines: tuple[_Line, ...]
    heads: bool = True


def _blocks(report: Report, table: Table) -> Iterator[_Block]:
    several = len(report.groups) > 1
    for group in report.groups:
        yield from _group_blocks(group, report.columns, table, several=several)
    if not report.rows:
        yield _Block((_Line(words="Nothing to report.", gray=True, above_pt=4),))
    if report.totals and report.rows:
        yield _Block((_row(report.totals, table, bold=True, rule_pt=1.0, above_pt=3),))
    for number, note in enumerate(report.notes):
        lines = wrapped_words(note, table.width, _BASIS_PT) or ("",)
        first = 8.0 if number == 0 else 0.0
        yield _Block(
            tuple(
                _Line(words=text, gray=True, above_pt=first if n == 0 else 0.0)
                for n, text in enumerate(lines)
            ),
            heads=False,
        )
    if report.ties:
        yield _ties(report.ties)


def _group_blocks(
    group: Group, columns: Sequence[Column], table: Table, *, several: bool
) -> Iterator[_Block]:
    rows = [_row(row, table) for row in group.rows]
    if group.sums_up and len(rows) > 1:
        rows[-1] = _row(group.rows[-1], table, bold=True, rule_pt=0.4)
    head = (_Line(words=group.title, bold=True, above_pt=7),) if group.title else ()
    adds_up = any(column.adds_up for column in columns)
    tail: tuple[_Line, ...] = ()
    if several and adds_up and len(rows) > 1:
        sums = added_up(columns, group.rows, "Subtotal")
        tail = (_row(sums, table, bold=True, rule_pt=0.4),)
    # A heading keeps its first row, a subtotal its last: neither stands alone on a page.
    if len(rows) == 1:
        yield _Block((*head, rows[0], *tail))
        return
    yield _Block((*head, *rows[:1]))
    for line in rows[1:-1]:
        yield _Block((line,))
    yield _Block((*rows[-1:], *tail))


def _row(
    row: Row, table: Table, *, bold: bool = False, rule_pt: float = 0.0, above_pt: float = 0.0
) -> _Line:
    return _Line(table.cells(row, bold=bold), bold=bold, rule_pt=rule_pt, above_pt=above_pt)


def _ties(ties: Iterable[Tie]) -> _Block:
    lines = [_Line(words="Ties", bold=True, above_pt=12)]
    lines += [_Line(tie=tie) for tie in ties]
    return _Block(tuple(lines), heads=False)


# --- pages --------------------------------------------------------------------------------------
class _Sheet:
    """Pages being filled from the top."""

    def __init__(self, report: Report, practice: str, table: Table) -> None:
        self._report, self._practice, self._table = report, practice, table
        self.pages: list[Page] = []
        self._down = 0.0
        self._open(heads=bool(report.rows))

    def add(self, block: _Block) -> None:
        """Puts a block on this page, or on the next when it does not fit."""
        height = sum(line.height(self._table.size) for line in block.lines)
        if self._down + height > self._table.page_height - _FOOT_PT - 6:
            self._open(heads=block.heads)
        for line in block.lines:
            self._draw(line)

    def _open(self, *, heads: bool) -> None:
        page = Page()
        self.pages.append(page)
        right = MARGIN_PT + self._table.width
        if len(self.pages) == 1:
            page.put(
                MARGIN_PT,
                _TOP_PT + 10,
                self._report.title,
                _TITLE_PT,
                bold=True,
                width_pt=self._table.width * 0.62,
            )
            page.right(right, _TOP_PT + 10, self._practice, 9, width_pt=self._table.width * 0.36)
            self._down = _TOP_PT + 18
            for text in wrapped_words(self._report.basis, self._table.width, _BASIS_PT):
                self._down += 11
                page.put(MARGIN_PT, self._down, text, _BASIS_PT, gray=True)
            self._down += 8
        else:
            page.put(
                MARGIN_PT,
                _TOP_PT,
                f"{self._report.title}, continued",
                9,
                bold=True,
                width_pt=self._table.width,
            )
            self._down = _TOP_PT + 6
        if heads:
            self._heads(page)

    def _heads(self, page: Page) -> None:
        size = self._table.head_size
        deepest = max(len(lines) for lines in self._table.heads)
        for place, lines in zip(self._table.places, self._table.heads, strict=True):
            for n, text in enumerate(lines):
                down = self._down + (deepest - len(lines) + n + 1) * size * 1.2
                _put(page, place, down, text, size, gray=True)
        self._down += deepest * size * 1.2 + 4
        page.line(MARGIN_PT, self._down, MARGIN_PT + self._table.width, self._down, 0.8)
        self._down += 2

    def _draw(self, line: _Line) -> None:
        page, size = self.pages[-1], self._table.size
        if line.rule_pt:
            at = self._down + line.above_pt / 2 + 0.5
            page.line(MARGIN_PT, at, MARGIN_PT + self._table.width, at, line.rule_pt)
        self._down += line.above_pt
        if line.tie is not None:
            self._tie(page, line.tie)
            return
        baseline = self._down + size * 1.05 + 1
        if line.words:
            page.put(
                MARGIN_PT,
                baseline,
                line.words,
                max(size, 8.0),
                bold=line.bold,
                gray=line.gray,
                width_pt=self._table.width,
            )
        for place, cell in zip(self._table.places, line.cells, strict=False):
            for n, text in enumerate(cell):
                _put(page, place, baseline + n * size * 1.28, text, size, bold=line.bold)
        self._down += line.height(size) - line.above_pt

    def _tie(self, page: Page, tie: Tie) -> None:
        down = self._down + _TIE_ROW_PT - 3.5
        left = MARGIN_PT + 14
        end = MARGIN_PT + min(self._table.width, 540.0)
        _mark(page, MARGIN_PT + 2, down, holds=tie.holds)
        page.put(left, down, tie.words, _TIE_PT, width_pt=end - 2 * _AMOUNT_PT - 16 - left)
        sign = "=" if tie.holds else "is not"
        page.right(end - _AMOUNT_PT - 12, down, format_cents(tie.left_cents), _TIE_PT)
        page.right(end - _AMOUNT_PT + 12, down, sign, _TIE_PT, bold=not tie.holds)
        page.right(end, down, format_cents(tie.right_cents), _TIE_PT, bold=not tie.holds)
        self._down += _TIE_ROW_PT


def _mark(page: Page, x: float, down: float, *, holds: bool) -> None:
    """A check mark, or a cross; drawn, because the standard fonts have none."""
    if holds:
        page.line(x, down - 2.6, x + 2.2, down - 0.2, 1.1)
        page.line(x + 2.2, down - 0.2, x + 6.4, down - 6.0, 1.1)
    else:
        page.line(x + 0.5, down - 5.8, x + 5.9, down - 0.2, 1.3)
        page.line(x + 0.5, down - 0.2, x + 5.9, down - 5.8, 1.3)


def _put(
    page: Page,
    place: Place,
    down: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    gray: bool = False,
) -> None:
    room = place.right - place.left
    if (
        bold and not place.words and text[:1].isalpha()
    ):  # ``Total`` where the first column holds figures
        page.put(place.left, down, text, size, bold=bold, gray=gray)
    elif place.words:
        page.put(place.left, down, text, size, bold=bold, gray=gray, width_pt=room)
    else:
        page.right(place.right, down, text, size, bold=bold, gray=gray, width_pt=room)


def _foot(page: Page, table: Table, number: str, practice: str, printed_on: date) -> None:
    down, right = table.page_height - 26, MARGIN_PT + table.width
    page.line(MARGIN_PT, down - 10, right, down - 10, 0.4)
    page.put(
        MARGIN_PT,
        down,
        f"{practice}  ·  printed {format_date(printed_on)}",
        _SMALL_PT,
        gray=True,
        width_pt=table.width - 80,
    )
    page.right(right, down, number, _SMALL_PT, gray=True)
