"""The one place that builds things. Reads the command line, opens the practice, shows the window."""

from __future__ import annotations


def run(argv: list[str] | None = None) -> int:
    """Starts the program; returns its exit code."""
    raise NotImplementedError(argv)
