"""Refuses source files over 400 lines: past 300, a file holds a second thing worth a name."""

from __future__ import annotations

from pathlib import Path

LIMIT = 400
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Prints every file over the limit; 1 when there is one."""
    long = [
        (path.relative_to(ROOT), lines)
        for folder in ("app", "tests", "tools", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
    ]
    for path, lines in long:
        print(f"{path}: {lines} lines, more than {LIMIT}")
    return 1 if long else 0


if __name__ == "__main__":
    raise SystemExit(main())
