"""Short lists by code: ages and sexes of diagnoses, places of service, changed diagnoses (CSV)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codesets.reading import Heard, cell, columns_of, header_of
from app.codesets.text_rows import Table
from app.domain.icd import bare
from app.domain.reference import AgeRow, ChangeRow, FileKind, PlaceRow, SexRow

AGE_HEADINGS = {"code": "CODE|DIAGNOSIS( CODE)?", "category": "CATEGORY|AGE( CATEGORY)?"}
SEX_HEADINGS = {"code": "CODE|DIAGNOSIS( CODE)?", "sex": "ONLY SEX|SEX"}
PLACE_HEADINGS = {
    "code": "CODE|PLACE OF SERVICE CODES?|POS( CODE)?",
    "name": "NAME|PLACE OF SERVICE NAME",
    "facility": "FACILITY TYPE|FACILITY( INDICATOR)?|RATE",
    "description?": "DESCRIPTION|PLACE OF SERVICE DESCRIPTION",
}
CHANGE_HEADINGS = {
    "code": "CODE",
    "billable": "NEWBILLABLE|NEW BILLABLE",
    "title": "LONGTITLE|LONG TITLE|TITLE",
}
_DIAGNOSIS = re.compile(r"[A-Z][0-9A][0-9A-Z]{1,5}", re.ASCII)
_CLASS = re.compile(r"(newborn|p(?:a)?ediatric|maternity|adult) (\d{1,3})(?:-(\d{1,3}))?")
_CLASSES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}
_FACILITY = {"FACILITY": 1, "F": 1, "NON FACILITY": 0, "NONFACILITY": 0, "NF": 0, "OFFICE": 0}
_TRUTH = {"true": 1, "1": 1, "yes": 1, "false": 0, "0": 0, "no": 0}


def is_ages(cells: tuple[str, ...]) -> bool:
    """True for the headings of the age edits."""
    return len(cells) <= 4 and columns_of(cells, AGE_HEADINGS) is not None


def is_sexes(cells: tuple[str, ...]) -> bool:
    """True for the headings of the sex edits."""
    return len(cells) <= 4 and columns_of(cells, SEX_HEADINGS) is not None


def is_places(cells: tuple[str, ...]) -> bool:
    """True for the headings of the places of service."""
    return columns_of(cells, PLACE_HEADINGS) is not None


def is_changes(cells: tuple[str, ...]) -> bool:
    """True for the headings of a list of changed diagnoses."""
    return columns_of(cells, CHANGE_HEADINGS) is not None


def read_ages(table: Table, heard: Heard) -> Iterator[AgeRow]:
    """Diagnoses with the ages they are for (Medicare Code Editor's classes).

    Raises:
        Refused: what the row reader refuses.
    """
    for number, cells, (code, category) in _coded(table, heard, AGE_HEADINGS, FileKind.AGES):
        found = _CLASS.fullmatch(category.lower())
        if found is None:
            heard.refuse(number, cells, "its age class is not one of the code editor's")
            continue
        kind = found[1].replace("paed", "ped")
        youngest, oldest = int(found[2]), int(found[3] or found[2])
        if (youngest, oldest) != _CLASSES[kind]:
            heard.refuse(number, cells, f"{category} are not the ages of that class")
            continue
        yield AgeRow(code, kind, youngest, oldest)


def read_sexes(table: Table, heard: Heard) -> Iterator[SexRow]:
    """Diagnoses with the only sex they were for.

    Raises:
        Refused: what the row reader refuses.
    """
    for number, cells, (code, sex) in _coded(table, heard, SEX_HEADINGS, FileKind.SEXES):
        if sex.upper() in ("M", "F"):
            yield SexRow(code, sex.upper())
        else:
            heard.refuse(number, cells, "its sex is not M or F")


def read_changes(table: Table, heard: Heard) -> Iterator[ChangeRow]:
    """Diagnoses whose standing changed.

    Raises:
        Refused: what the row reader refuses.
    """
    coded = _coded(table, heard, CHANGE_HEADINGS, FileKind.ICD_CHANGES)
    for number, cells, (code, billable, title) in coded:
        if billable.lower() in _TRUTH and title:
            yield ChangeRow(code, _TRUTH[billable.lower()], title)
        else:
            why = "it does not say whether the code may stand on a claim, or the line breaks off"
            heard.refuse(number, cells, why)


def _coded(
    table: Table, heard: Heard, headings: dict[str, str], kind: FileKind
) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Line, cells, and the wanted cells of each row whose diagnosis code is well formed and new."""
    rows = table.rows()
    columns, _ = header_of(rows, headings, kind.words)
    seen: set[str] = set()
    for number, cells in rows:
        code = bare(cell(cells, columns, "code"))
        if not _DIAGNOSIS.fullmatch(code):
            heard.refuse(number, cells, "it has no diagnosis code")
        elif code in seen:
            heard.refuse(number, cells, f"{code} stands in the file twice")
        else:
            seen.add(code)
            rest = (cell(cells, columns, name) for name in list(headings)[1:])
            yield number, cells, (code, *rest)


def read_places(table: Table, heard: Heard) -> Iterator[PlaceRow]:
    """Places of service; a column that lost its leading zero gets it back.

    Raises:
        Refused: what the row reader refuses.
    """
    rows = table.rows()
    columns, _ = header_of(rows, PLACE_HEADINGS, FileKind.PLACES.words)
    seen: set[str] = set()
    for number, cells in rows:
        code = cell(cells, columns, "code").zfill(2)
        name = cell(cells, columns, "name")
        kind = " ".join(re.findall(r"[A-Z]+", cell(cells, columns, "facility").upper()))
        why = ""
        if not (len(code) == 2 and code.isascii() and code.isdecimal() and code != "00"):
            why = "it has no place of service code of two digits"
        elif code in seen:
            why = f"{code} stands in the file twice"
        elif not name or kind not in _FACILITY:
            why = "it does not say whether the place is a facility, or the line breaks off"
        if why:
            heard.refuse(number, cells, why)
            continue
        seen.add(code)
        yield PlaceRow(code, name, _FACILITY[kind], cell(cells, columns, "description"))
