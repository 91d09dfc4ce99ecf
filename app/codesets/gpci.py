"""Geographic practice cost indices by Medicare locality (GPCI, Addendum E), CSV or XLSX.

Two rows of title, the headings, some hundred localities, then footnotes: the table ends where the
contractor is no number. Names may hold commas and the footnotes' asterisks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, columns_of, header_of, scaled, years_told
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import RVU_SCALE, FileKind, GpciRow

HEADINGS = {
    "mac": r"MEDICARE ADMINISTRATIVE CONTRACTOR.*",
    "state": "STATE",
    "locality": "LOCALITY NUMBER",
    "name": "LOCALITY NAME",
    "work": r".*P?W GPCI.*|.*WORK GPCI.*",
    "practice": r".*PE GPCI.*",
    "malpractice": r".*MP GPCI.*",
}
_CONTRACTOR = re.compile(r"\d{4,5}", re.ASCII)
_LOCALITY = re.compile(r"\d{1,2}", re.ASCII)
_STATE = re.compile(r"[A-Z]{2}", re.ASCII)


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the row of headings."""
    return columns_of(cells, HEADINGS) is not None


def read(table: Table, heard: Heard) -> Iterator[GpciRow]:
    """The localities of a file.

    Raises:
        Refused: ``truncated`` when the last locality breaks off.
    """
    rows = table.rows()
    columns, above = header_of(rows, HEADINGS, FileKind.GPCI.words)
    if told := years_told(above, r"CY (20\d\d)"):
        heard.year = int(told[1])
    seen: set[tuple[str, str]] = set()
    footnotes = False
    for number, cells in rows:
        mac = cell(cells, columns, "mac")
        footnotes = footnotes or not _CONTRACTOR.fullmatch(mac)
        if footnotes:
            if len(cells) > 1:
                heard.refuse(number, cells, "it stands below the table")
            continue
        row = _row(cells, columns)
        if row is None or (row.mac, row.locality) in seen:
            why = "it stands in the file twice" if row else "a value is missing or no number"
            heard.refuse(number, cells, why)
            continue
        seen.add((row.mac, row.locality))
        yield row
    if not footnotes and not table.is_workbook and not table.data.endswith((b"\n", b"\r")):
        raise Refused(  # the last index may lack digits, which nobody could see
            "truncated", "The file breaks off in the middle of a line. Download it again."
        )


def _row(cells: tuple[str, ...], columns: dict[str, int]) -> GpciRow | None:
    def text(name: str) -> str:
        return cell(cells, columns, name)

    indices = [scaled(text(n), RVU_SCALE) for n in ("work", "practice", "malpractice")]
    good = (
        _LOCALITY.fullmatch(text("locality"))
        and _STATE.fullmatch(text("state"))
        and text("name")
        and all(index is not None and 0 < index < 10 * RVU_SCALE for index in indices)
    )
    if not good:
        return None
    work, practice, malpractice = (index or 0 for index in indices)
    return GpciRow(
        text("mac").zfill(5), text("locality").zfill(2), text("state"),
        text("name").rstrip("* "), work, practice, malpractice,
    )  # fmt: skip
