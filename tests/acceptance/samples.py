"""``python -m tests.acceptance.samples FOLDER``: every official file of a folder, imported.

A file passes when it goes through the one entry as what it is, with as many rows as counting its
lines in another way gives (rows and refused lines together), and dates that hold its own quarter
or year. Excerpts of the ICD-10-CM order file are imported as such.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.errors import AppError
from app.domain.reference import FileKind
from app.services.door import Services
from app.services.reference_rows import ReferenceReport
from tests.office import open_office

DAY = date(2026, 11, 2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file with its report, or the sentence that refused it, and what is wrong with it."""

    name: str
    report: ReferenceReport | None
    problem: str


def run_folder(folder: Path, services: Services) -> list[Outcome]:
    """Imports every file, in the order of names."""
    return [_imported(path, services) for path in sorted(folder.iterdir()) if path.is_file()]


def _imported(path: Path, services: Services) -> Outcome:
    try:
        report = services.reference.import_file(path, partial="order" in path.name)
    except AppError as error:
        return Outcome(path.name, None, error.message)
    return Outcome(path.name, report, _problem(path, report, services))


def _problem(path: Path, report: ReferenceReport, services: Services) -> str:
    kind, begins, count = _expected(path)
    if report.kind is not kind:
        return f"taken for {report.kind}, not {kind}"
    if report.rows + report.refused_count != count:
        return f"{report.rows} rows and {report.refused_count} refused, {count} counted"
    if begins not in (report.starts, report.ends):
        return f"dates {report.starts} to {report.ends}, expected {begins}"
    shelved = FileKind.ICD if kind is FileKind.ICD_CHANGES else kind
    here = {(e.kind, e.name) for e in services.reference.editions()}
    return "" if (shelved, report.edition) in here else "not among the editions afterwards"


def _expected(path: Path) -> tuple[FileKind, date | None, int]:
    """Kind by the name, first (or last) day by its figures, lines of data by plain patterns."""
    name, text = path.name.lower(), path.read_text(encoding="utf-8-sig")
    table: tuple[tuple[str, FileKind, Callable[[str], int]], ...] = (
        ("gpci", FileKind.GPCI, lambda t: len(re.findall(r"^\d{5},", t, re.M))),
        ("hcpcs", FileKind.HCPCS, lambda t: len(re.findall(r"^.{5},\d+,[37],", t, re.M))),
        ("status_changes", FileKind.ICD_CHANGES, _after_header),
        ("order", FileKind.ICD, lambda t: len(re.findall(r"^\d{5} ", t, re.M))),
        ("age_edits", FileKind.AGES, _after_header),
        ("sex_edits", FileKind.SEXES, _after_header),
        ("mue", FileKind.MUE, lambda t: len(re.findall(r"^\w{5},\d+,", t, re.M))),
        ("ncci", FileKind.NCCI, lambda t: len(re.findall(r"^\w{5}\t\w{5}\t", t, re.M))),
        ("taxonomy", FileKind.TAXONOMY, _after_header),
        ("payer", FileKind.PAYERS, _after_header),
        ("pos_", FileKind.PLACES, _after_header),
        ("rvu", FileKind.RVU, lambda t: len(re.findall(r"^\w{5},\w{0,2},", t, re.M))),
    )
    _, kind, count = next(row for row in table if row[0] in name)
    return kind, _day(kind, name), count(text)


def _after_header(text: str) -> int:
    return sum(1 for row in csv.reader(text.splitlines(keepends=True)) if row) - 1


def _day(kind: FileKind, name: str) -> date | None:
    """A day on which the edition begins, or ends, as its name tells a person."""
    year = re.search(r"20\d\d", name)
    if kind in (FileKind.ICD, FileKind.ICD_CHANGES, FileKind.AGES) and year:
        return date(int(year[0]) - 1, 10, 1)
    if kind is FileKind.GPCI and year:
        return date(int(year[0]), 1, 1)
    if kind is FileKind.SEXES:
        return date(2024, 9, 30)
    if kind is FileKind.TAXONOMY:
        return date(2025, 10, 1)  # version 25.1 is in use from October
    if kind in (FileKind.PAYERS, FileKind.PLACES) or year is None:
        # NCCI's version 322 is the third quarter of 2026.
        return date(2026, 7, 1) if kind is FileKind.NCCI else None
    month = {"jan": 1, "apr": 4, "jul": 7, "oct": 10, "q1": 1, "q2": 4, "q3": 7, "q4": 10}
    return date(int(year[0]), next(m for word, m in month.items() if word in name), 1)


def _told(outcome: Outcome) -> None:
    report = outcome.report
    if report is None:
        print(f"FAILED {outcome.name}: {outcome.problem}")
        return
    days = f"{report.starts or '…'} to {report.ends or '…'}"
    print(
        f"{'FAILED' if outcome.problem else 'passed'} {outcome.name}: {report.kind.words}, "
        f"{report.edition}, {days}, {report.rows:,} rows, {report.refused_count} refused"
        f"{': ' + outcome.problem if outcome.problem else ''}"
    )
    for line in report.refused:
        print(f"    line {line.number}: {line.why} ({line.text})")
    for note in report.notes:
        print(f"    {note}")


def main(arguments: Sequence[str]) -> int:
    """Runs one folder; closes with ``N passed, N failed``."""
    if len(arguments) != 1:
        print("usage: python -m tests.acceptance.samples FOLDER")
        return 2
    folder = Path(arguments[0])
    if not folder.is_dir():
        print(f"{folder} is not there; nothing to import")
        return 0
    with tempfile.TemporaryDirectory() as place, open_office(DAY, codes=Path(place)) as (office, _):
        outcomes = run_folder(folder, office)
    for outcome in outcomes:
        _told(outcome)
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed or not outcomes else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
