"""Inner part of the list of code tables: the kinds, where they come from, how old they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.codesets.places import places_of_service
from app.domain.dates import format_date
from app.domain.icd import fiscal_year
from app.domain.reference import FileKind, ReferenceEdition, calendar_year, fiscal, quarter
from app.services.code_file_rows import CodeTableRow, TableState

BUILT_IN = "built in"
_NCCI_PARTS = {1, 2, 3, 4}
_TAXONOMY_LASTS = timedelta(days=183)  # a new version takes effect every April and October


@dataclass(frozen=True, slots=True)
class _Kind:
    """``tables``: words by which edits name it; ``also``: edits that name none but ask it."""

    title: str
    where: str
    tables: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


_QUARTER = "every quarter"
KINDS: dict[FileKind, _Kind] = {
    FileKind.ICD: _Kind(
        "ICD-10-CM diagnoses",
        "CDC (NCHS) or CMS: ICD-10-CM code descriptions (order file), tabular list and index, "
        "each October 1, a small update each April 1",
        ("ICD-10-CM", "Excludes1 notes"),
        ("E049",),
    ),
    FileKind.HCPCS: _Kind(
        "HCPCS codes, modifiers",
        f"CMS: HCPCS quarterly update, alpha-numeric file (ANWEB), {_QUARTER}",
        ("procedure codes (own charge master, HCPCS)",),
        ("E075",),
    ),
    FileKind.NCCI: _Kind(
        "NCCI pairs (PTP)",
        f"CMS: NCCI procedure-to-procedure edits, practitioner services, four files {_QUARTER}",
        ("NCCI PTP",),
    ),
    FileKind.MUE: _Kind(
        "Unit limits (MUE)",
        f"CMS: medically unlikely edits, practitioner services, {_QUARTER}",
        ("MUE",),
    ),
    FileKind.RVU: _Kind(
        "Medicare fee schedule",
        f"CMS: physician fee schedule, national relative value file (PPRRVU, non-QPP), {_QUARTER}",
        ("physician fee schedule", "add-on codes", "contract or fee schedule", "limiting charges"),
    ),
    FileKind.GPCI: _Kind(
        "Medicare localities (GPCI)",
        "CMS: in the zip of the relative value file (GPCI), every January",
        ("contract or fee schedule", "limiting charges"),
    ),
    FileKind.AGES: _Kind(
        "Diagnoses by age",
        "CMS: definitions of the Medicare Code Editor, as a list of codes and ages, each October",
        (),
        ("E051",),
    ),
    FileKind.SEXES: _Kind(
        "Diagnoses by sex",
        "CMS: definitions of the Medicare Code Editor before October 2024, as a list; it ended",
        (),
        ("E051",),
    ),
    FileKind.PLACES: _Kind(
        "Places of service",
        "Comes with the program; CMS tells of new ones: import its list when one is missing",
        ("place of service codes",),
    ),
    FileKind.TAXONOMY: _Kind(
        "Provider taxonomy",
        "NUCC: health care provider taxonomy as CSV, every January and July",
    ),
    FileKind.PAYERS: _Kind(
        "Payer list",
        "Your clearinghouse: its payer list as CSV",
    ),
}
_QUARTERLY = (FileKind.HCPCS, FileKind.NCCI, FileKind.MUE, FileKind.RVU)


def rows_of(
    editions: Sequence[ReferenceEdition], edits: Iterable[tuple[str, str]], today: date
) -> tuple[CodeTableRow, ...]:
    """Every kind in order, its editions newest first; a kind of which none is here has one row.

    Args:
        editions: all that are here, oldest first by kind.
        edits: (id of an edit, the table it names).
        today: the practice's day.
    """
    asked = list(edits)
    found: list[CodeTableRow] = []
    for kind in KINDS:
        here = [e for e in editions if e.kind is kind]
        if kind is FileKind.PLACES and not here:
            count = len(places_of_service())
            here = [ReferenceEdition(kind, BUILT_IN, None, None, count, True, BUILT_IN)]
        found += _of_kind(kind, here, _edits_of(kind, asked), today)
    return tuple(found)


def _edits_of(kind: FileKind, edits: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    about = KINDS[kind]
    return tuple(edit for edit, table in edits if table in about.tables or edit in about.also)


def _of_kind(
    kind: FileKind, here: list[ReferenceEdition], edits: tuple[str, ...], today: date
) -> list[CodeTableRow]:
    about = KINDS[kind]
    blank = CodeTableRow(
        kind, about.title, "", None, None, 0, TableState.MISSING, "", about.where, edits, ()
    )
    if not here:
        return [replace(blank, sleeping=edits)]
    rows = []
    for number, edition in enumerate(here):
        state, advice = _state(kind, here, number, today)
        rows.append(
            replace(
                blank,
                edition=edition.name,
                starts=edition.starts,
                ends=edition.ends,
                rows=edition.rows,
                state=state,
                advice=advice,
                source=edition.source,
                removable=edition.source != BUILT_IN,
            )
        )
    return rows[::-1]


def _state(
    kind: FileKind, here: list[ReferenceEdition], number: int, today: date
) -> tuple[TableState, str]:
    edition = here[number]
    if edition.starts is not None and edition.starts > today:
        return TableState.COMING, f"It takes effect on {format_date(edition.starts)}."
    if kind is not FileKind.PAYERS and any(_begun(e, today) for e in here[number + 1 :]):
        return TableState.EARLIER, "It is kept for earlier dates of service."
    if advice := _outdated(kind, edition, today):
        return TableState.OLD, advice
    if advice := _lacking(kind, edition):
        return TableState.PART, advice
    return TableState.CURRENT, ""


def _begun(edition: ReferenceEdition, today: date) -> bool:
    return edition.starts is None or edition.starts <= today


def _outdated(kind: FileKind, edition: ReferenceEdition, today: date) -> str:
    """A sentence when a newer edition has to exist by today."""
    if kind is FileKind.TAXONOMY and edition.starts is not None:
        late = today > edition.starts + _TAXONOMY_LASTS
        return "NUCC has published a newer version since." if late else ""
    if edition.ends is None or edition.ends >= today or kind is FileKind.SEXES:
        return ""
    wanted = wanted_today(kind, today)
    return f"Import {wanted}: {edition.name} ended on {format_date(edition.ends)}."


def wanted_today(kind: FileKind, today: date) -> str:
    """Name of the edition of a day."""
    if kind in _QUARTERLY:
        return quarter(today.year, (today.month + 2) // 3).name
    if kind is FileKind.GPCI:
        return calendar_year(today.year).name
    return fiscal(fiscal_year(today)).name


def _lacking(kind: FileKind, edition: ReferenceEdition) -> str:
    if kind is FileKind.NCCI and 0 not in edition.parts and edition.parts:
        missing = sorted(_NCCI_PARTS - set(edition.parts))
        if missing:
            return f"Import part {', '.join(map(str, missing))} of {edition.name} too."
    if not edition.whole:
        return "It is an excerpt: what it lacks counts as not known."
    return ""
