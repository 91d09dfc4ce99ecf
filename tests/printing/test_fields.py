"""The grid: every field where the form has it, none over another."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.printing.fields import NUDGE_X_PT, field_rects, fields

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "form" / "layout.csv"


def test_every_field_of_six_service_lines_is_there() -> None:
    assert len(fields()) == 272
    for n in range(1, 7):
        assert sum(name.startswith(f"24_{n}_") for name in fields()) == 23


@pytest.mark.parametrize(
    ("field_id", "x", "y", "length"),
    [
        ("1_medicare", 21.6, 675, 1),
        ("1a", 374.4, 675, 29),
        ("12_signature", 64.8, 411, 24),
        ("24_1_supplemental", 21.6, 255, 61),
        ("24_6_J_npi", 504.0, 123, 10),
        ("33b", 460.8, 39, 17),
    ],
)
def test_fields_stand_on_the_grid(field_id: str, x: float, y: float, length: int) -> None:
    field = fields()[field_id]
    assert field.x_pt == pytest.approx(x + NUDGE_X_PT)
    assert field.baseline_pt == pytest.approx(y)
    assert field.length == length


def test_no_two_fields_share_a_cell() -> None:
    cells = Counter(
        (f.line, column)
        for f in fields().values()
        for column in range(f.column, f.column + f.length)
    )
    assert [cell for cell, count in cells.items() if count > 1] == []
    assert all(1 <= column <= 79 for _, column in cells)


def test_rectangles_are_cells_in_inches_from_the_top() -> None:
    rect = field_rects()["1a"]
    assert rect.left == pytest.approx(5.2 + NUDGE_X_PT / 72)
    assert rect.top == pytest.approx(1.5)
    assert rect.width == pytest.approx(2.9)
    assert rect.height == pytest.approx(1 / 6)


@pytest.mark.skipif(not REFERENCE.exists(), reason="reference layout is not here")
def test_fields_agree_with_the_reference_layout() -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        reference = {row["id"]: row for row in csv.DictReader(file)}
    assert reference.keys() == fields().keys()
    for name, row in reference.items():
        field = fields()[name]
        assert field.x_pt - NUDGE_X_PT == pytest.approx(float(row["x_left_pt"]), abs=0.01), name
        assert field.baseline_pt == pytest.approx(float(row["baseline_y_pt_from_bottom"])), name
        assert (field.length, field.line) == (int(row["max_len"]), int(row["form_line"])), name
        assert row["item"].startswith(field.item), name
        assert row["align"].startswith(("-", field.align)), name
