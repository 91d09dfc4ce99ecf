"""Runs all tests in two processes side by side, one for each of two cores: ``make test``.

The windows' tests and the machine of the books take about as long as all others together. What
one process says is shown when the other has ended, so that neither talks into the other's lines.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

ASIDE = (
    *("tests/ui", "tests/xvfb", "tests/crash", "tests/services_sample"),
    "tests/services/test_books_machine.py",
)
SHARES: tuple[tuple[str, list[str]], ...] = (
    ("all others", ["tests", *(f"--ignore={place}" for place in ASIDE)]),
    ("the windows and the machine of the books", list(ASIDE)),
)


def main() -> int:
    """0 when both shares pass; else the exit code of the first that failed."""
    pytest = [sys.executable, "-m", "pytest"]
    (_, live), (title, aside) = SHARES
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        beside = subprocess.Popen([*pytest, *aside], stdout=said, stderr=subprocess.STDOUT)
        try:
            first = subprocess.run([*pytest, *live], check=False).returncode
            second = beside.wait()
        finally:
            beside.kill()
        said.seek(0)
        print(f"— {title}", said.read(), sep="\n", flush=True)
    return first or second


if __name__ == "__main__":
    raise SystemExit(main())
