"""``make bench``: one line a benchmark, and 1 when a target is missed."""

from __future__ import annotations

from benchmarks import claims_pdf, start

ALL = (start, claims_pdf)


def main() -> int:
    """Runs every benchmark."""
    missed = 0
    for module in ALL:
        result = module.run()
        missed += not result.met
        word = "" if result.met else "  MISSED"
        print(f"{result.name:32} ratio {result.ratio:6.2f}  target {result.target:.2f}{word}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
