"""Runs every check of the house, in order, and stops at the first that fails: ``make check``."""

from __future__ import annotations

import subprocess
import sys

STEPS: tuple[tuple[str, list[str]], ...] = (
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("ruff", ["-m", "ruff", "check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("import contracts", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ("file sizes", ["-m", "tools.sizes"]),
    ("tests", ["-m", "tools.test"]),
)


def main() -> int:
    """0 when all steps pass; the failing step's own exit code otherwise."""
    for name, arguments in STEPS:
        print(f"— {name}", flush=True)
        code = subprocess.run([sys.executable, *arguments], check=False).returncode
        if code != 0:
            print(f"check: {name} failed", flush=True)
            return code
    print("check: all steps passed", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
