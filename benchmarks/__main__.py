"""``make bench``: one line a benchmark, and 1 when a target is missed."""

from __future__ import annotations

from benchmarks import batch_print, claims_pdf, code_search, money, start, statements_pdf
from benchmarks.measure import BenchResult

ALL = (start, claims_pdf, statements_pdf, batch_print, code_search, money)


def main() -> int:
    """Runs every benchmark."""
    missed = 0
    for module in ALL:
        found: BenchResult | tuple[BenchResult, ...] = module.run()
        for result in found if isinstance(found, tuple) else (found,):
            missed += not result.met
            word = "" if result.met else "  MISSED"
            print(f"{result.name:56} ratio {result.ratio:6.2f}  target {result.target:.2f}{word}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
