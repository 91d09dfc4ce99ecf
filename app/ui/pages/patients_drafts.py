"""A half-typed patient as plain JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Body = dict[str, Any]


def plain(value: Any) -> Any:
    """Form values as JSON: a date becomes ``{"day": "2026-01-05"}``."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def lively(value: Any) -> Any:
    """The reverse of ``plain``."""
    if isinstance(value, dict):
        if set(value) == {"day"}:
            return date.fromisoformat(value["day"])
        return {key: lively(item) for key, item in value.items()}
    return [lively(item) for item in value] if isinstance(value, list) else value


def draft_key(patient_id: int | None) -> str:
    """Under which key the draft of a patient is kept."""
    return f"patient:{patient_id or 'new'}"


def clock(moment: datetime) -> str:
    """The time of day a draft was kept, here: ``14:05``."""
    return f"{moment.astimezone():%H:%M}"
