"""The data of a sheet as print operations: where each text stands, cell by cell."""

from __future__ import annotations

from app.domain.print_ops import Run
from app.printing.claim_pages import Sheet
from app.printing.fields import fields


def data_operations(sheet: Sheet) -> list[Run]:
    """What is printed on red stock: the data and nothing else."""
    known = fields()
    return [
        Run(field.text_x_pt(text), field.baseline_pt, text)
        for field, text in ((known[field_id], text) for field_id, text in sheet.boxes.items())
    ]
