"""A ruled table that goes on over as many pages as it takes; for papers without a slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.printing.sheets import LEFT_PT, RIGHT_PT, Page, wrapped_words

ROW_PT = 13.5
FOOT_PT = 742.0
_NEXT_TOP_PT = 54.0
_SIZE_PT, _HEAD_SIZE_PT = 9.0, 7.5
_VALUE_PT = 184.0  # room for a fact's value


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its left edge (its right one when ``right``), in points."""

    x_pt: float
    title: str
    width_pt: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; ``title`` rows stand bold over the whole width."""

    cells: tuple[str, ...]
    bold: bool = False
    title: bool = False
    ruled: bool = False


class Paper:
    """Pages being filled from top to bottom."""

    def __init__(self, first: Page, down_pt: float, running: str) -> None:
        self.pages = [first]
        self.down_pt = down_pt
        self._running = running  # what stands at the top of every later page

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    def room(self, height_pt: float) -> bool:
        """Makes room; True when a new page was begun for it."""
        if self.down_pt + height_pt <= FOOT_PT:
            return False
        page = Page()
        page.put(LEFT_PT, 36, self._running, 8, gray=True)
        self.pages.append(page)
        self.down_pt = _NEXT_TOP_PT
        return True

    def table(self, columns: Sequence[Column], lines: Sequence[Line]) -> None:
        """Heads and rows; the heads stand again on every page."""
        self.room(3 * ROW_PT)
        self._heads(columns)
        for line in lines:
            if self.room(ROW_PT):
                self._heads(columns)
            self._row(columns, line)

    def _heads(self, columns: Sequence[Column]) -> None:
        for column in columns:
            put = self.page.right if column.right else self.page.put
            put(column.x_pt, self.down_pt, column.title, _HEAD_SIZE_PT, gray=True)
        self.page.line(LEFT_PT, self.down_pt + 4, RIGHT_PT, self.down_pt + 4, 0.8)
        self.down_pt += ROW_PT + 2

    def _row(self, columns: Sequence[Column], line: Line) -> None:
        if line.ruled:
            self.page.line(LEFT_PT, self.down_pt - 10, RIGHT_PT, self.down_pt - 10)
            self.down_pt += 1.5
        if line.title:
            self.page.put(
                LEFT_PT, self.down_pt, line.cells[0], _SIZE_PT, bold=True, width_pt=RIGHT_PT - 72
            )
        else:
            for column, text in zip(columns, line.cells, strict=True):
                put = self.page.right if column.right else self.page.put
                put(
                    column.x_pt,
                    self.down_pt,
                    text,
                    _SIZE_PT,
                    bold=line.bold,
                    width_pt=column.width_pt,
                )
        self.down_pt += ROW_PT

    def text(self, words: str, size_pt: float = 9.0, *, gray: bool = False) -> None:
        """A paragraph over the whole width."""
        for part in wrapped_words(words, RIGHT_PT - LEFT_PT, size_pt):
            self.room(size_pt * 1.35)
            self.page.put(LEFT_PT, self.down_pt, part, size_pt, gray=gray)
            self.down_pt += size_pt * 1.35

    def heading(self, words: str) -> None:
        """A small title with air above it."""
        self.room(4 * ROW_PT)
        self.down_pt += 7
        self.page.put(LEFT_PT, self.down_pt, words, 10.5, bold=True)
        self.down_pt += ROW_PT + 1

    def gap(self, points: float) -> None:
        """Air."""
        self.down_pt += points

    def finished(self) -> list[Page]:
        """The pages, numbered when there are several."""
        if len(self.pages) > 1:
            for number, page in enumerate(self.pages, start=1):
                words = f"Page {number} of {len(self.pages)}"
                page.right(RIGHT_PT, FOOT_PT + 16, words, 8, gray=True)
        return self.pages


def facts(page: Page, x_pt: float, down_pt: float, rows: Sequence[tuple[str, str]]) -> float:
    """Labels with their values beside them, blank ones left out; returns the next baseline."""
    for label, value in rows:
        if value:
            page.put(x_pt, down_pt, label, 8, gray=True)
            for part in wrapped_words(value, _VALUE_PT, _SIZE_PT):
                page.put(x_pt + 76, down_pt, part, _SIZE_PT)
                down_pt += 12.5
    return down_pt
