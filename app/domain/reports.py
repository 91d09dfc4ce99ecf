"""Reports as values: screen, PDF, spreadsheet and CSV read the very same rows.

A cell is text, integer cents, a date, a whole number, thousandths (units may be broken) or
hundredths of a percent; never a float. ``None`` is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.dates import format_date
from app.domain.money import format_cents

Value = str | int | date | None
Row = tuple[Value, ...]


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    MONEY = "money"  # integer cents
    DATE = "date"
    COUNT = "count"
    QUANTITY = "quantity"  # thousandths
    PERCENT = "percent"  # hundredths of a percent


@dataclass(frozen=True, slots=True)
class Column:
    """One column: stable key, heading, kind; ``sums`` False where a total would say nothing."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    sums: bool = True

    @property
    def adds_up(self) -> bool:
        """True when subtotals and totals are made of this column."""
        return self.sums and self.kind in (Kind.MONEY, Kind.COUNT, Kind.QUANTITY)


@dataclass(frozen=True, slots=True)
class About:
    """What a row speaks of, so that one can go there from the screen; never printed.

    ``kind``: ``patient``, ``claim``, ``check``, ``encounter``, or ``payer``, whose own rows the
    same report can show.
    """

    kind: str
    key: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading.

    ``counted`` False keeps them out of the report's totals; with ``sums_up`` the last row is the
    outcome of those above it. ``about``: what each row speaks of; empty where none leads anywhere.
    """

    title: str
    rows: tuple[Row, ...]
    counted: bool = True
    sums_up: bool = False
    about: tuple[About | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Two figures, found in two ways, that must be the same (cents)."""

    words: str
    left_cents: int
    right_cents: int

    @property
    def holds(self) -> bool:
        """True when both are equal to the cent."""
        return self.left_cents == self.right_cents


@dataclass(frozen=True, slots=True)
class Report:
    """A report, complete.

    Attributes:
        key: which report of the catalog it is.
        basis: which date it goes by, and which days it covers; printed under the title.
        totals: add up the groups' rows; empty when there is nothing to add.
        notes: sentences printed below the rows.
    """

    key: str
    title: str
    basis: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    totals: Row = ()
    ties: tuple[Tie, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def holds(self) -> bool:
        """True when every tie holds."""
        return all(tie.holds for tie in self.ties)

    def total(self, key: str) -> int:
        """The total of a column (cents, thousandths or whole); 0 when there are no rows."""
        value = self.totals[self.index(key)] if self.totals else 0
        return value if isinstance(value, int) else 0

    def index(self, key: str) -> int:
        """Where a column stands."""
        return next(n for n, column in enumerate(self.columns) if column.key == key)


def text(key: str, title: str) -> Column:
    """A column of words."""
    return Column(key, title)


def money(key: str, title: str, *, sums: bool = True) -> Column:
    """A column of cents."""
    return Column(key, title, Kind.MONEY, sums)


def day(key: str, title: str) -> Column:
    """A column of dates."""
    return Column(key, title, Kind.DATE)


def count(key: str, title: str, *, sums: bool = True) -> Column:
    """A column of whole numbers."""
    return Column(key, title, Kind.COUNT, sums)


def percent(key: str, title: str) -> Column:
    """A column of hundredths of a percent."""
    return Column(key, title, Kind.PERCENT)


def added_up(columns: Sequence[Column], rows: Iterable[Row], words: str = "Total") -> Row:
    """Sums under the columns that add up, blank where no row has a figure; ``words`` go first."""
    sums: list[int | None] = [None] * len(columns)
    for row in rows:
        for n, value in enumerate(row):
            if columns[n].adds_up and isinstance(value, int):
                sums[n] = (sums[n] or 0) + value
    return tuple(words if n == 0 and s is None else s for n, s in enumerate(sums))


def grouped(rows: Iterable[tuple[str, Row]]) -> tuple[Group, ...]:
    """Groups of (heading, row), in the order in which the headings first come."""
    return grouped_about((title, row, None) for title, row in rows)


def grouped_about(rows: Iterable[tuple[str, Row, About | None]]) -> tuple[Group, ...]:
    """Groups of (heading, row, what it speaks of), in the order the headings first come."""
    found: dict[str, list[tuple[Row, About | None]]] = {}
    for title, row, about in rows:
        found.setdefault(title, []).append((row, about))
    return tuple(group_about(title, part) for title, part in found.items())


def group_about(
    title: str, rows: Sequence[tuple[Row, About | None]], *, counted: bool = True
) -> Group:
    """One group of (row, what it speaks of)."""
    about = tuple(a for _, a in rows) if any(a for _, a in rows) else ()
    return Group(title, tuple(row for row, _ in rows), counted, about=about)


def make_report(
    key: str,
    title: str,
    basis: str,
    columns: tuple[Column, ...],
    groups: Iterable[Group],
    ties: Iterable[Tie] = (),
    notes: Iterable[str] = (),
) -> Report:
    """A report whose totals are the sums of the rows of its counted groups."""
    parts = tuple(group for group in groups if group.rows)
    rows = [row for group in parts if group.counted for row in group.rows]
    totals = added_up(columns, rows) if any(column.adds_up for column in columns) else ()
    return Report(key, title, basis, columns, parts, totals, tuple(ties), tuple(notes))


def ratio(part: int, whole: int) -> int | None:
    """Hundredths of a percent, half rounded up; None when there is no whole."""
    if whole == 0:
        return None
    sign = -1 if (part < 0) != (whole < 0) else 1
    return sign * ((abs(part) * 20_000 + abs(whole)) // (2 * abs(whole)))


def shown(value: Value, kind: Kind) -> str:
    """A cell as the biller reads it: US formats, blank for None."""
    if value is None:
        return ""
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, str):
        return value
    if kind is Kind.MONEY:
        return format_cents(value)
    if kind is Kind.PERCENT:
        return f"{format_cents(value)}%"
    return _thousandths(value) if kind is Kind.QUANTITY else f"{value:,}"


def _thousandths(value: int) -> str:
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 1000)
    digits = f"{part:03d}".rstrip("0")
    return f"{sign}{whole:,}" + (f".{digits}" if digits else "")
