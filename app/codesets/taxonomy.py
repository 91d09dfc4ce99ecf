"""NUCC's provider taxonomy (CSV): twice a year, copyright of the AMA, brought by the user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, columns_of, header_of
from app.codesets.text_rows import Table
from app.domain.reference import FileKind, TaxonomyRow

HEADINGS = {
    "code": "CODE",
    "grouping": "GROUPING",
    "classification": "CLASSIFICATION",
    "specialization": "SPECIALIZATION",
    "definition?": "DEFINITION",
    "notes?": "NOTES",
    "display?": "DISPLAY NAME",
    "section?": "SECTION",
}
_CODE = re.compile(r"[0-9A-Z]{9}X", re.ASCII)


def is_header(cells: tuple[str, ...]) -> bool:
    """True for the row of headings."""
    return columns_of(cells, HEADINGS) is not None


def read(table: Table, heard: Heard) -> Iterator[TaxonomyRow]:
    """The codes of a file.

    Raises:
        Refused: what the row reader refuses.
    """
    rows = table.rows()
    columns, _ = header_of(rows, HEADINGS, FileKind.TAXONOMY.words)
    names = [name.rstrip("?") for name in HEADINGS]
    seen: set[str] = set()
    for number, cells in rows:
        row = TaxonomyRow(*(cell(cells, columns, name) for name in names))
        why = ""
        if not _CODE.fullmatch(row.code):
            why = "it has no taxonomy code (ten signs, the last an X)"
        elif row.code in seen:
            why = f"{row.code} stands in the file twice"
        elif not row.classification:
            why = "it has no classification, or the line breaks off"
        if why:
            heard.refuse(number, cells, why)
            continue
        seen.add(row.code)
        yield row
