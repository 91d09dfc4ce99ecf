"""A report as lines of words, ready for the screen; no Qt here, so the worker can do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.domain.reports import About, Group, Kind, Report, Row, added_up, shown

HEAD, SUBTOTAL, TOTAL = "head", "subtotal", "total"
WORDS = (Kind.TEXT, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        cells: as they read; of a heading only the first.
        look: empty for a row of the report, else ``HEAD``, ``SUBTOTAL`` or ``TOTAL``.
        about: where Enter leads.
    """

    cells: tuple[str, ...]
    look: str = ""
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report laid out.

    Attributes:
        longest: the longest text of each column, headings of groups apart; what its width must be.
    """

    report: Report
    lines: tuple[Line, ...]
    longest: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """Rows of the report itself."""
        return sum(1 for line in self.lines if not line.look)


def laid_out(report: Report) -> Sheet:
    """Headings, rows, subtotals and the total, in the order of the paper."""
    several = len(report.groups) > 1
    lines = [line for group in report.groups for line in _of_group(group, report, several=several)]
    if report.totals and report.rows:
        lines.append(Line(_cells(report.totals, report), TOTAL))
    return Sheet(report, tuple(lines), _longest(report, lines))


def _of_group(group: Group, report: Report, *, several: bool) -> Iterator[Line]:
    if group.title:
        yield Line((group.title,), HEAD)
    last = len(group.rows) - 1
    for at, (row, about) in enumerate(zip_longest(group.rows, group.about)):
        outcome = group.sums_up and at == last > 0
        yield Line(_cells(row, report), SUBTOTAL if outcome else "", about)
    adds_up = any(column.adds_up for column in report.columns)
    if several and adds_up and len(group.rows) > 1:
        sums = added_up(report.columns, group.rows, "Subtotal")
        yield Line(_cells(sums, report), SUBTOTAL)


def _cells(row: Row, report: Report) -> tuple[str, ...]:
    return tuple(shown(v, c.kind) for v, c in zip(row, report.columns, strict=True))


def _longest(report: Report, lines: Sequence[Line]) -> tuple[str, ...]:
    longest = [""] * len(report.columns)
    for line in lines:
        if line.look != HEAD:
            for n, cell in enumerate(line.cells):
                if len(cell) > len(longest[n]):
                    longest[n] = cell
    return tuple(longest)


_NOTHING = {
    "day_sheet": "Nothing was entered in these days.",
    "batch_proof": "Nothing stands on this check yet.",
    "deposits": "No slip was made in these days, and nothing waits for the bank.",
    "payments": "No money came in these days.",
    "production": "Nothing was charged in these days.",
    "collections": "Nothing was collected in these days.",
    "adjustments": "Nothing was written off in these days.",
    "refunds": "Nothing was paid back in these days, and nothing is due.",
    "reversals": "Nothing was taken back in these days.",
    "credits": "We held nobody's money on that day.",
    "unapplied": "No money waited for its place on that day.",
    "insurance_aging": "Payers owed nothing on that day.",
    "patient_aging": "Patients owed nothing on that day.",
    "total_aging": "Nobody owed anything on that day.",
    "outstanding": "No claim waited for a payer on that day.",
    "unbilled": "Every charge was with its payer on that day.",
    "denials": "Nothing was refused or held in these days.",
    "underpaid": "No payer allowed less than its contract in these days.",
    "collection_rate": "No services were charged in these days.",
}


def nothing_words(report: Report) -> str:
    """Why a report is empty, and what to change."""
    return f"{_NOTHING.get(report.key, 'Nothing to report.')} Other days or another choice: F4."
