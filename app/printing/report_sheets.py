"""Reports as files for other programs: a spreadsheet (XLSX) and plain rows (CSV, RFC 4180).

What a patient's name or a note begins with must never run as a formula: a spreadsheet gets such
text as text; CSV, which knows no types, gets an apostrophe before it (CWE-1236).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.reports import Column, Kind, Report, Row, Value, added_up

# Leads that spreadsheet programs take for a formula, full-width twins included.
_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_BOM = "\ufeff"  # by which Excel knows UTF-8
_SCALES = {Kind.MONEY: 2, Kind.QUANTITY: 3, Kind.PERCENT: 4}
_FORMATS = {
    Kind.MONEY: "#,##0.00;[Red]-#,##0.00",
    Kind.COUNT: "#,##0",
    Kind.QUANTITY: "#,##0.###",
    Kind.PERCENT: "0.00%",
    Kind.DATE: "mm/dd/yyyy",
}
_WIDTHS = {Kind.MONEY: 14, Kind.DATE: 12, Kind.COUNT: 10, Kind.QUANTITY: 10, Kind.PERCENT: 10}


def guarded(text: str) -> str:
    """Text that a spreadsheet program takes for nothing but text."""
    return f"'{text}" if text.startswith(_LEADS) else text


# --- CSV ----------------------------------------------------------------------------------------
def report_csv(report: Report) -> bytes:
    """Rows with their group, one record each; ISO dates, amounts like ``-1234.50``, no totals."""
    file = StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["Group", *(guarded(column.title) for column in report.columns)])
    for group in report.groups:
        for row in group.rows:
            cells = (_plain(v, c) for v, c in zip(row, report.columns, strict=True))
            writer.writerow([guarded(group.title), *cells])
    return file.getvalue().encode()


def _plain(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return guarded(value)
    if column.kind is Kind.PERCENT:
        return str(Decimal(value).scaleb(-2))
    return f"{_number(value, column.kind):f}"


def _number(value: int, kind: Kind) -> Decimal:
    """Cents as dollars, thousandths as units, hundredths of a percent as a share; exact."""
    return Decimal(value).scaleb(-_SCALES.get(kind, 0))


# --- XLSX ---------------------------------------------------------------------------------------
def report_xlsx(report: Report, made_on: date) -> bytes:
    """One sheet: title, basis, frozen heads, rows, totals, notes, ties. Same input, same bytes."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    noon = datetime.combine(made_on, time(12))
    book.set_properties({"title": "Report", "author": "", "created": noon})
    sheet = book.add_worksheet("Report")
    _Filler(book, sheet, report).fill()
    book.close()
    return file.getvalue()


class _Filler:
    """Writes a report into a sheet from the top; amounts go in as the exact decimals they are."""

    def __init__(self, book: Workbook, sheet: Worksheet, report: Report) -> None:
        self._sheet, self._report = sheet, report
        self._at = 0
        self._formats: dict[tuple[Kind, bool], Any] = {}
        for kind in Kind:
            for bold in (False, True):
                look: dict[str, Any] = {"bold": bold, "num_format": _FORMATS.get(kind, "@")}
                self._formats[kind, bold] = book.add_format(look)
        self._bold = book.add_format({"bold": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._head_right = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}
        )

    def fill(self) -> None:
        """The whole sheet."""
        report, sheet = self._report, self._sheet
        sheet.write_string(0, 0, report.title, self._title)
        sheet.write_string(1, 0, report.basis)
        self._heads(3)
        self._at = 4
        for group in report.groups:
            self._group(group.title, group.rows, several=len(report.groups) > 1)
        if report.totals:
            self._row(report.totals, bold=True)
        for note in report.notes:
            sheet.write_string(self._at + 1, 0, note)
            self._at += 1
        self._ties()
        self._page()

    def _heads(self, row: int) -> None:
        for n, column in enumerate(self._report.columns):
            left = column.kind in (Kind.TEXT, Kind.DATE)
            self._sheet.write_string(row, n, column.title, self._head if left else self._head_right)
            self._sheet.set_column(n, n, self._column_width(n, column))
        self._sheet.freeze_panes(row + 1, 0)

    def _column_width(self, n: int, column: Column) -> float:
        if column.kind is not Kind.TEXT:
            return _WIDTHS[column.kind]
        longest = max((len(str(row[n] or "")) for row in self._report.rows), default=0)
        return min(max(longest, len(column.title)) + 2, 60)

    def _group(self, title: str, rows: Sequence[Row], *, several: bool) -> None:
        if title:
            self._sheet.write_string(self._at, 0, title, self._bold)
            self._at += 1
        for row in rows:
            self._row(row)
        columns = self._report.columns
        if several and len(rows) > 1 and any(column.adds_up for column in columns):
            self._row(added_up(columns, rows, "Subtotal"), bold=True)

    def _row(self, row: Row, *, bold: bool = False) -> None:
        for n, (value, column) in enumerate(zip(row, self._report.columns, strict=True)):
            self._cell(n, value, column, bold=bold)
        self._at += 1

    def _cell(self, n: int, value: Value, column: Column, *, bold: bool) -> None:
        look = self._formats[column.kind, bold]
        if isinstance(value, str):
            self._sheet.write_string(self._at, n, value, self._bold if bold else None)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._at, n, datetime.combine(value, time()), look)
        elif value is not None:
            self._sheet.write_number(self._at, n, _number(value, column.kind), look)

    def _ties(self) -> None:
        if not self._report.ties:
            return
        self._at += 2
        self._sheet.write_string(self._at, 0, "Ties", self._bold)
        money = self._formats[Kind.MONEY, False]
        for tie in self._report.ties:
            self._at += 1
            self._sheet.write_string(self._at, 0, tie.words)
            self._sheet.write_number(self._at, 1, _number(tie.left_cents, Kind.MONEY), money)
            self._sheet.write_number(self._at, 2, _number(tie.right_cents, Kind.MONEY), money)
            self._sheet.write_string(self._at, 3, "ties" if tie.holds else "DOES NOT TIE")

    def _page(self) -> None:
        self._sheet.repeat_rows(3)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_paper(1)  # US Letter
        if len(self._report.columns) > 6:
            self._sheet.set_landscape()
