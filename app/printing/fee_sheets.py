"""A fee schedule as a file for other programs: CSV and XLSX, with heads that an import knows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from app.domain.fee_sheet import HEADS, SheetFee
from app.printing.report_sheets import guarded

_BOM = "\ufeff"  # by which Excel knows UTF-8
_WIDTHS = (9, 11, 44, 12, 8, 12, 12)
_MADE = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a document's date; same fees, same bytes


def fees_csv(rows: Sequence[SheetFee]) -> bytes:
    """ISO dates, amounts like ``1234.50``; text that would run as a formula is guarded."""
    file = StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in rows:
        words = (guarded(text) for text in (row.code, row.modifiers, row.wording))
        days = (day.isoformat() if day else "" for day in (row.starts, row.ends))
        writer.writerow([*words, f"{_dollars(row):f}", row.units, *days])
    return file.getvalue().encode()


def fees_xlsx(rows: Sequence[SheetFee]) -> bytes:
    """One sheet: frozen heads, codes as text, fees as numbers, dates as dates."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": "Fee schedule", "author": "", "created": _MADE})
    sheet = book.add_worksheet("Fees")
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate((row.code, row.modifiers, row.wording)):
            sheet.write_string(number, column, text)
        sheet.write_number(number, 3, _dollars(row), money)
        sheet.write_string(number, 4, row.units)
        for column, when in ((5, row.starts), (6, row.ends)):
            if when is not None:
                sheet.write_datetime(number, column, when, day)
    book.close()
    return file.getvalue()


def _dollars(row: SheetFee) -> Decimal:
    return Decimal(row.cents).scaleb(-2)
