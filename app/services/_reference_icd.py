"""Inner part of the reference import: ICD-10-CM files go on to the code sets."""

from __future__ import annotations

import re
from pathlib import Path

from app.codesets import code_lists
from app.codesets.edition_names import ask, edition_of, settled, year_in
from app.codesets.reading import Heard
from app.domain.errors import Refused
from app.domain.reference import FileKind, RefusedLine
from app.services._code_import import EXCERPT
from app.services._code_shelf import Tell
from app.services._reference_reading import Found
from app.services.code_set_rows import ImportReport
from app.services.codesets import CodeSetService
from app.services.reference_rows import ReferenceReport

_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)


def import_icd(
    codesets: CodeSetService,
    path: Path,
    found: list[Found],
    edition: str | None,
    partial: bool,
    tell: Tell | None,
) -> ReferenceReport:
    """Official files of a year, or a list of changed codes.

    Raises:
        Refused: ``bad_edition``, and what the code sets refuse.
    """
    if found[0].kind is FileKind.ICD_CHANGES:
        return _changes(codesets, found[0], edition)
    year = None
    if edition:
        year = year_in(edition.upper().removeprefix("FY"))
        if year is None:
            raise Refused("bad_edition", f"“{edition}” names no edition. {ask(FileKind.ICD)}")
    report = codesets.import_official([path], year, partial=partial, tell=tell)
    return _told(report)


def _told(report: ImportReport) -> ReferenceReport:
    refused = []
    for text in report.refused:
        told = _LINE.fullmatch(text)
        refused.append(RefusedLine(int(told[1]), "", told[2]) if told else RefusedLine(0, "", text))
    return ReferenceReport(
        FileKind.ICD, report.name, report.starts, report.ends, report.codes, report.codes,
        tuple(refused), len(refused), (f"{report.billable:,} of the codes may stand on a claim.",),
    )  # fmt: skip


def _changes(codesets: CodeSetService, found: Found, edition: str | None) -> ReferenceReport:
    heard = Heard()
    told = edition_of(found.kind, found.table.name, edition)
    rows = list(code_lists.read_changes(found.table, heard))
    if not rows:
        raise Refused("nothing_found", "The list names no changed code.")
    span = settled(found.kind, told, heard)
    assert span.starts is not None  # noqa: S101 - a fiscal year begins on a day
    _refuse_over_official(codesets, span.name)
    changes = [(row.code, bool(row.billable), row.title) for row in rows]
    codesets.import_status_changes(changes, span.starts.year + 1)
    return ReferenceReport(
        FileKind.ICD_CHANGES, span.name, span.starts, span.ends, len(rows), len(rows),
        tuple(heard.refused), heard.refused_count,
        (f"{span.name} now is the edition before it with these changes. Import the official files "
         "when you have them.",),
    )  # fmt: skip


def _refuse_over_official(codesets: CodeSetService, name: str) -> None:
    """A list of changes never takes the place of the whole official files."""
    for row in codesets.editions():
        official = row.name == name and row.imported and row.source.startswith("imported:")
        if official and not row.source.endswith(EXCERPT):
            raise Refused(
                "whole_there",
                f"The official files of {name} are here already, and say more than a list of "
                "changes. Nothing was imported.",
            )
