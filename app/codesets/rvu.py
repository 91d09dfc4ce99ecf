"""The physician fee schedule's relative value file (PPRRVU) of CMS, CSV or XLSX.

The headings stand over four rows and are read downwards, so that a moved column does no harm. The
descriptors are the AMA's: they are passed over unless the user says that she holds a licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, folded, scaled, years_told
from app.codesets.text_rows import Row, Table
from app.domain.errors import Refused
from app.domain.reference import FACTOR_SCALE, RVU_SCALE, RvuRow

HEADINGS = {
    "code": "HCPCS",
    "modifier": "MOD",
    "wording": "DESCRIPTION",
    "status": "STATUS CODE",
    "work": "WORK RVU",
    "office": r"NON FAC PE RVU",
    "facility": r"FACILITY PE RVU",
    "malpractice": "MP RVU",
    "pctc": "PCTC IND",
    "global": "GLOB DAYS",
    "multiple": "MULT PROC",
    "bilateral": "BILAT SURG",
    "assistant": "ASST SURG",
    "cosurgeon": "CO SURG",
    "team": "TEAM SURG",
    "factor": "CONV FACTOR",
}
_HEADER_ROWS = 4
_MONTHS = {"JAN": 1, "APR": 2, "JUL": 3, "OCT": 4}
_RELEASE = r"(20\d\d)\s.*relative value file\s+(jan|apr|jul|oct)"
_YEAR = r"(20\d\d)\s.*relative value file"
_STATUS = re.compile(r"[A-Z]", re.ASCII)
_GLOBAL = re.compile(r"000|010|090|XXX|YYY|ZZZ|MMM|0|10|90")


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the last row of the headings."""
    return [folded(c) for c in cells[:3]] == ["HCPCS", "MOD", "DESCRIPTION"] and len(cells) > 20


def read(table: Table, heard: Heard, *, with_descriptors: bool = False) -> Iterator[RvuRow]:
    """The lines of a file.

    Args:
        table: the file.
        heard: takes refused lines, year and quarter.
        with_descriptors: she states that she holds a CPT licence; else the wording stays empty.

    Raises:
        Refused: ``not_recognized``.
    """
    rows = table.rows()
    columns, above = _columns(rows)
    if told := years_told(above, _RELEASE):
        heard.year, heard.quarter = int(told[1]), _MONTHS[told[2].upper()]
    elif told := years_told(above, _YEAR):
        heard.year = int(told[1])
    seen: set[tuple[str, str]] = set()
    for number, cells in rows:
        row = _row(cells, columns, heard, with_descriptors=with_descriptors)
        if isinstance(row, str):
            heard.refuse(number, cells, row)
        elif (row.code, row.modifier) in seen:
            heard.refuse(number, cells, f"{row.code} {row.modifier} stands in the file twice")
        else:
            seen.add((row.code, row.modifier))
            yield row


def _columns(rows: Iterator[Row]) -> tuple[dict[str, int], list[Row]]:
    above: list[Row] = []
    for number, cells in rows:
        above.append((number, cells))
        if is_header(cells):
            stacked = [row for _, row in above[-_HEADER_ROWS:]]
            width = max(len(row) for row in stacked)
            names = [
                folded(" ".join(row[n] for row in stacked if n < len(row))) for n in range(width)
            ]
            found = {key: _place(names, pattern) for key, pattern in HEADINGS.items()}
            missing = [HEADINGS[key] for key, place in found.items() if place is None]
            if missing:
                break
            return {key: place for key, place in found.items() if place is not None}, above
        if len(above) > 40:
            break
    raise Refused(
        "not_recognized", "The headings of the relative value file are not where they should be."
    )


def _place(names: list[str], pattern: str) -> int | None:
    return next((n for n, name in enumerate(names) if re.fullmatch(pattern, name)), None)


def _row(
    cells: tuple[str, ...], columns: dict[str, int], heard: Heard, *, with_descriptors: bool
) -> RvuRow | str:
    """The line, or why it is refused."""

    def text(name: str) -> str:
        return cell(cells, columns, name)

    values = [scaled(text(n), RVU_SCALE) for n in ("work", "office", "facility", "malpractice")]
    factor = scaled(text("factor"), FACTOR_SCALE)
    code = heard.procedure(text("code"))
    if code is None:
        return "it has no procedure code"
    if not _STATUS.fullmatch(text("status")):
        return "it has no status code"
    if None in values or factor is None:
        return "a relative value or its conversion factor is no number, or the line breaks off"
    if not _GLOBAL.fullmatch(text("global")):
        return "its global days are not among those of the fee schedule"
    work, office, facility, malpractice = (value or 0 for value in values)
    return RvuRow(
        code, text("modifier").upper(), text("status"), work, office, facility, malpractice,
        text("pctc"), text("global").zfill(3), text("multiple"), text("bilateral"),
        text("assistant"), text("cosurgeon"), text("team"), factor,
        text("wording") if with_descriptors else "",
    )  # fmt: skip
