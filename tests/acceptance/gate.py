"""What of the acceptance cases must hold: ``python -m tests.acceptance.gate``.

Every money scenario and every claim, and the rates of the code search. The case files beside the
project are samples of larger sets; without them there is nothing to hold against, and that is said.
"""

from __future__ import annotations

from pathlib import Path

from tests.acceptance import claims, icd_search, scenarios
from tests.office import open_office

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"

# Kind of query, how many hits are looked at, and the share of rows that must be found there.
RATES = (("overall", icd_search.SHOWN, 0.90), ("overall", 1, 0.65), ("abbrev", 10, 0.85))


def search_problems() -> list[str]:
    """Rates of the code search below what is promised."""
    with open_office(icd_search.DAY) as (services, _):
        answers = icd_search.run_file(CASES / "icd_queries.csv", services.codesets)
    found = []
    for kind, most, wanted in RATES:
        some = [a for a in answers if kind in ("overall", a.kind)]
        if (rate := icd_search.rate(some, most)) < wanted:
            found.append(f"code search, {kind}, hit@{most}: {rate:.3f}, wanted {wanted}")
    return found


def main() -> int:
    """Runs all three files; closes with ``N passed, N failed`` over what must hold."""
    if not CASES.is_dir():
        print("gate: no case files beside the project; its own tests stand alone")
        return 0
    must = scenarios.run_file(CASES / "scenarios.json") | claims.run_file(CASES / "claims.json")
    must |= {"code search": search_problems()}
    failed = {key: problems for key, problems in must.items() if problems}
    for key, problems in failed.items():
        print(f"{key} must hold: {problems[0]}")
    print(f"{len(must) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
