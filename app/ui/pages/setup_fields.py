"""Rows of fields that several forms of Setup share."""

from __future__ import annotations

from app.ui.form import Slot
from app.ui.widgets.field import LineField, StateEdit, ZipEdit

Row = tuple[Slot, ...]


def address_rows(prefix: str = "") -> list[Row]:
    """Street, second line; then the ZIP, which fills city and state."""
    return [
        (
            Slot(f"{prefix}line1", "Street", LineField(), 8),
            Slot(f"{prefix}line2", "Suite, floor", LineField(), 4),
        ),
        (
            Slot(f"{prefix}zip", "ZIP", ZipEdit(), 4),
            Slot(f"{prefix}city", "City", LineField(), 6),
            Slot(f"{prefix}state", "State", StateEdit(), 2),
        ),
    ]
