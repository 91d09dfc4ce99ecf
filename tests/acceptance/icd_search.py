"""``python -m tests.acceptance.icd_search FILE``: what a biller types, and the codes she means.

Asks the service that the coding window asks. A row passes when one of its accepted codes is among
the ten first.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from app.services.codesets import CodeSetService
from tests.office import open_office

DAY = date(2026, 9, 15)  # within the edition that the accepted codes are of
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A row with the place of its first accepted code (0 is the first; None is not shown)."""

    query: str
    kind: str
    accepted: tuple[str, ...]
    first: str
    place: int | None
    seconds: float


def run_file(path: Path, codesets: CodeSetService) -> list[Answer]:
    """Every row of a file with the columns ``query``, ``accepted`` (by ``;``) and ``kind``."""
    codesets.prepare()
    codesets.search_diagnoses("a", DAY)
    with path.open(encoding="utf-8", newline="") as file:
        return [_asked(row, codesets) for row in csv.DictReader(file)]


def _asked(row: dict[str, str], codesets: CodeSetService) -> Answer:
    accepted = tuple(code.strip() for code in row["accepted"].split(";"))
    start = perf_counter()
    found = [r.code for r in codesets.search_diagnoses(row["query"], DAY, limit=SHOWN)]
    seconds = perf_counter() - start
    place = next((n for n, code in enumerate(found) if code in accepted), None)
    first = found[0] if found else "nothing"
    return Answer(row["query"], row["kind"], accepted, first, place, seconds)


def rate(answers: Sequence[Answer], most: int) -> float:
    """Share of the answers whose accepted code is among the first ``most``."""
    return sum(a.place is not None and a.place < most for a in answers) / max(len(answers), 1)


def _report(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.place is None:
            wanted = ", ".join(answer.accepted[:3])
            print(f"missed ({answer.kind}): {answer.query} → {answer.first}, not {wanted}")
    for kind in ("overall", *sorted({a.kind for a in answers})):
        some = [a for a in answers if kind in ("overall", a.kind)]
        print(f"{kind:10} {len(some):4}  hit@1 {rate(some, 1):.3f}  hit@10 {rate(some, SHOWN):.3f}")
    times = sorted(a.seconds for a in answers)
    median, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"one search: median {median * 1000:.1f} ms, 95th percentile {late * 1000:.1f} ms")


def main(arguments: Sequence[str]) -> int:
    """Runs one file; closes with ``N passed, N failed``."""
    if len(arguments) != 1:
        print("usage: python -m tests.acceptance.icd_search FILE")
        return 2
    with open_office(DAY) as (services, _):
        answers = run_file(Path(arguments[0]), services.codesets)
    _report(answers)
    failed = sum(a.place is None for a in answers)
    print(f"{len(answers) - failed} passed, {failed} failed")
    return 1 if failed or not answers else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
