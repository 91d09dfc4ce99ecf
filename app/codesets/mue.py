"""Medically unlikely edits for practitioners: the quarterly CSV or XLSX of CMS.

Above the headings stands a notice in one quoted cell of many lines. The adjudication indicator is
a digit with words after it: 1 a line, 2 a day (policy), 3 a day (clinical).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, columns_of, header_of, years_told
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import FileKind, UnitRow

HEADINGS = {
    "code": "(HCPCS )?(CPT )?CODE|HCPCS",
    "units": ".*MUE VALUES?",
    "indicator": "MUE ADJUDICATION INDICATOR|MAI",
}
_PRACTITIONER = re.compile(r"PRACTITIONER|^MUE VALUES?$")
_MOST_UNITS = 99_999


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the row of headings, of practitioners or of others."""
    return columns_of(cells, HEADINGS) is not None


def read(table: Table, heard: Heard) -> Iterator[UnitRow]:
    """The limits of a file.

    Raises:
        Refused: ``not_practitioner`` for the limits of hospitals or suppliers.
    """
    rows = table.rows()
    columns, above = header_of(_watched(rows), HEADINGS, FileKind.MUE.words)
    if told := years_told(above, r"copyright (20\d\d)"):
        heard.year = int(told[1])
    seen: set[str] = set()
    for number, cells in rows:
        code = heard.procedure(cell(cells, columns, "code"))
        units, indicator = cell(cells, columns, "units"), cell(cells, columns, "indicator")
        why = _fault(code, units, indicator, seen)
        if why or code is None:
            heard.refuse(number, cells, why)
            continue
        seen.add(code)
        yield UnitRow(code, int(units), int(indicator[0]))


def _watched(rows: Iterator[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Passes rows on; stops at the headings of somebody else's limits."""
    for number, cells in rows:
        found = columns_of(cells, HEADINGS)
        if found is not None and not _PRACTITIONER.search(cells[found["units"]].upper()):
            raise Refused(
                "not_practitioner",
                f"These are limits for others: “{cells[found['units']]}”. A practice wants the "
                "practitioner services MUE table.",
            )
        yield number, cells


def _fault(code: str | None, units: str, indicator: str, seen: set[str]) -> str:
    if code is None:
        return "it has no procedure code"
    if code in seen:
        return f"{code} stands in the file twice"
    if not (units.isascii() and units.isdecimal() and int(units[:9]) <= _MOST_UNITS):
        return "its limit is no number" if units else "the line breaks off"
    if indicator[:1] not in ("1", "2", "3"):
        return "its adjudication indicator is not 1, 2 or 3"
    return ""
