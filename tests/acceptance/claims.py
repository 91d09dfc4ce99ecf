"""Claims as a biller would enter them: ``python -m tests.acceptance.claims FILE [--pdf DIR]``.

Each print case goes through the services into a data-only PDF, which is then read back character
by character. Findings of claim edits are compared once the edits are built; until then scrub
cases count as failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.errors import AppError
from tests.acceptance.claim_office import ClaimOffice
from tests.acceptance.printed_boxes import Place, compare, layout_from, own_layout
from tests.office import open_office

NOT_BUILT = "claim edits are not built yet"  # scrub cases wait for them


def run_case(case: dict[str, Any], layout: dict[str, Place], pdf_dir: Path | None) -> list[str]:
    """What is wrong with one case; empty when it holds."""
    if case["kind"] != "print":
        return [NOT_BUILT]
    with open_office(date.fromisoformat(case["today"])) as (services, _):
        office = ClaimOffice(services, case)
        batch = services.claims.print_claims([office.claim_id()])
    if pdf_dir is not None:
        (pdf_dir / f"{case['id']}.pdf").write_bytes(batch.pdf)
    expect = case["expect"]
    problems = compare(batch.pdf, expect["boxes"], layout)
    if batch.sheets != expect["forms"]:
        problems.append(f"{batch.sheets} sheets, expected {expect['forms']}")
    return problems


def run_file(path: Path, pdf_dir: Path | None = None) -> dict[str, list[str]]:
    """Problems by case id. Positions are those of the layout beside the cases, where it is."""
    beside = path.resolve().parent.parent / "form" / "layout.csv"
    layout = layout_from(beside) if beside.exists() else own_layout()
    if pdf_dir is not None:
        pdf_dir.mkdir(parents=True, exist_ok=True)
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return {case["id"]: _guarded(case, layout, pdf_dir) for case in cases}


def _guarded(case: dict[str, Any], layout: dict[str, Place], pdf_dir: Path | None) -> list[str]:
    try:
        return run_case(case, layout, pdf_dir)
    except AppError as error:
        return [f"{type(error).__name__}: {error.message}"]
    except Exception:
        return [traceback.format_exc()]


def main(argv: list[str]) -> int:
    """Prints a line a case and closes with ``N passed, N failed``."""
    parser = argparse.ArgumentParser(prog="claims")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pdf", type=Path, help="folder for data-only PDFs, one a print case")
    arguments = parser.parse_args(argv[1:])
    results = run_file(arguments.file, arguments.pdf)
    for key, problems in results.items():
        print(f"{key} {'passed' if not problems else 'FAILED'}")
        for problem in problems:
            print(f"    {problem}")
    failed = sum(1 for problems in results.values() if problems)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
