"""Claims as a biller would enter them: ``python -m tests.acceptance.claims FILE [--pdf DIR]``.

Each case goes through the services as the windows do it; its findings are compared with the edits
that must and must not fire. A print case is then printed into a data-only PDF, which is read back
character by character.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import traceback
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.domain.errors import AppError
from app.services.claim_commands import PassEdit
from app.services.door import Services
from tests.acceptance.claim_office import ClaimOffice
from tests.acceptance.printed_boxes import Place, compare, layout_from, own_layout
from tests.office import open_office

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
STATUS_CHANGES = "icd10cm_fy2027_billable_status_changes.csv"


def run_case(case: dict[str, Any], layout: dict[str, Place], pdf_dir: Path | None) -> list[str]:
    """What is wrong with one case; empty when it holds."""
    codes = CODE_SETS.folder(case["input"]["tables"]["icd10cm"])
    with open_office(date.fromisoformat(case["today"]), codes=codes) as (services, _):
        services.codesets.prepare()
        office = ClaimOffice(services, case)
        claim_id = office.claim_id()
        problems = _findings(services, office, claim_id, case["expect"])
        if case["kind"] != "print":
            return problems
        for edit in case["input"]["override"]:
            _override(services, claim_id, edit)
        batch = services.claims.print_claims([claim_id])
    if pdf_dir is not None:
        (pdf_dir / f"{case['id']}.pdf").write_bytes(batch.pdf)
    expect = case["expect"]
    problems += compare(batch.pdf, expect["boxes"], layout)
    if batch.sheets != expect["forms"]:
        problems.append(f"{batch.sheets} sheets, expected {expect['forms']}")
    return problems


def _findings(
    services: Services, office: ClaimOffice, claim_id: int, expect: dict[str, Any]
) -> list[str]:
    """Edits that should have fired and did not, and those that should not have."""
    found: dict[str, str] = dict.fromkeys(office.refused, "refused by the services")
    for check in services.claims.show(claim_id).checks:
        found.setdefault(check.finding.edit_id, check.finding.message)
    missing = [e for e in expect["findings"] if not set(e.split("|")) & found.keys()]
    wrong = [e for e in expect["findings_not"] if e in found]
    return [f"{e} did not fire" for e in missing] + [f"{e} fired: {found[e]}" for e in wrong]


def _override(services: Services, claim_id: int, edit: dict[str, Any] | str) -> None:
    """Lets one edit pass, as the case says and with its reason."""
    named = edit if isinstance(edit, dict) else {"edit": edit}
    edit_id = named.get("edit") or named.get("id") or ""
    reason = named.get("reason") or "as the case says"
    services.claims.let_pass(PassEdit(claim_id, edit_id, reason))


class CodeSets:
    """Folders of code sets as the cases name them, each built once for all cases of a run."""

    def __init__(self) -> None:
        self._place = TemporaryDirectory(prefix="code-sets-")
        self._made: dict[tuple[str, ...], Path] = {}

    def folder(self, editions: list[str]) -> Path:
        """A folder that holds these editions; ``FY2027`` is FY2026 with its list of changes."""
        key = tuple(editions)
        if key not in self._made:
            folder = Path(self._place.name) / ("-".join(key) or "none")
            with open_office(date(2026, 1, 1), codes=folder) as (services, _):
                services.codesets.prepare()
                if "FY2027" in key:
                    services.codesets.import_status_changes(_changes(), 2027)
                services.codesets.close()
            self._made[key] = folder
        return self._made[key]


def _changes() -> list[tuple[str, bool, str]]:
    """The codes that became headers in FY2027, from the list beside the cases."""
    with (SAMPLES / STATUS_CHANGES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(r["code"], r["newBillable"] == "true", r["longTitle"]) for r in rows]


CODE_SETS = CodeSets()


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
