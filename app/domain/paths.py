"""Where the program's own files lie, in the source tree or a frozen bundle."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(name: str) -> Path:
    """Path of a file under ``resources/``, e.g. ``resource("forms/cms1500_fields.csv")``."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources" / name
