"""Reads a data-only claim PDF back into fields and compares it with what should stand there.

It knows nothing of how the program lays a claim out: characters are taken from the PDF by position
and put into cells of the form's grid. Everything outside the cells, a wrong font, size or colour,
two characters in one cell, or any drawing is a problem.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber

from app.printing.fields import NUDGE_X_PT, fields

CELL_PT = 7.2
TOLERANCE_PT = 1.44  # 0.02 inch
_BLACK: tuple[Any, ...] = (None, 0, (0,), (0, 0, 0), (0, 0, 0, 1))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field's first cell begins (points from the left and bottom) and its cells."""

    x_pt: float
    baseline_pt: float
    length: int


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One page read back: text by field, blanks at both ends stripped, and what is wrong."""

    boxes: Mapping[str, str]
    problems: tuple[str, ...]


def own_layout() -> dict[str, Place]:
    """The program's own fields."""
    return {f.id: Place(f.x_pt, f.baseline_pt, f.length) for f in fields().values()}


def layout_from(path: Path, nudge_pt: float = NUDGE_X_PT) -> dict[str, Place]:
    """Fields of a layout file with columns id, x_left_pt, baseline_y_pt_from_bottom, max_len."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: Place(
                float(row["x_left_pt"]) + nudge_pt,
                float(row["baseline_y_pt_from_bottom"]),
                int(row["max_len"]),
            )
            for row in csv.DictReader(file)
        }


def read_sheets(pdf: bytes, layout: Mapping[str, Place]) -> list[PrintedSheet]:
    """Every page of ``pdf`` as fields."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [_read_page(page, layout) for page in document.pages]


def compare(
    pdf: bytes, expected: Sequence[Mapping[str, str]], layout: Mapping[str, Place]
) -> list[str]:
    """What differs from ``expected``, one dict of non-blank fields a sheet; empty when all is well.

    Item 28 with CONTINUED is compared over dollars and cents together.
    """
    sheets = read_sheets(pdf, layout)
    problems = (
        [] if len(sheets) == len(expected) else [f"{len(sheets)} sheets, not {len(expected)}"]
    )
    for number, (sheet, wanted) in enumerate(zip(sheets, expected, strict=False), start=1):
        found = [*sheet.problems, *_differences(sheet.boxes, wanted)]
        problems += [f"sheet {number}: {text}" for text in found]
    return problems


def _differences(found: Mapping[str, str], wanted: Mapping[str, str]) -> Iterable[str]:
    found, wanted = _whole_28(found), _whole_28(wanted)
    for field_id in sorted(found.keys() | wanted.keys()):
        is_, should = found.get(field_id, ""), wanted.get(field_id, "").strip()
        if is_ != should:
            yield f"{field_id}: {is_!r}, expected {should!r}"


def _whole_28(boxes: Mapping[str, str]) -> dict[str, str]:
    whole = dict(boxes)
    together = whole.get("28_dollars", "").strip() + whole.get("28_cents", "").strip()
    if together.startswith("CONTINU"):
        whole.pop("28_cents", None)
        whole["28_dollars"] = together
    return whole


def _read_page(page: Any, layout: Mapping[str, Place]) -> PrintedSheet:
    cells: dict[str, dict[int, str]] = {}
    problems = _foreign(page)
    for char in page.chars:
        if char["text"] == " ":
            continue
        problems += _wrong_type(char)
        spot = _cell(char, layout)
        if spot is None:
            x, y = char["matrix"][4], char["matrix"][5]
            problems.append(f"{char['text']!r} at {x:.2f}, {y:.2f} is in no field")
        elif spot[1] in cells.setdefault(spot[0], {}):
            problems.append(f"{spot[0]}: two characters in cell {spot[1] + 1}")
        else:
            cells[spot[0]][spot[1]] = char["text"]
    return PrintedSheet({name: _text(row) for name, row in cells.items()}, tuple(problems))


def _foreign(page: Any) -> list[str]:
    problems = [
        f"{len(getattr(page, kind))} {kind} on pre-printed stock"
        for kind in ("rects", "lines", "curves", "images", "annots")
        if getattr(page, kind)
    ]
    if (round(page.width, 2), round(page.height, 2)) != (612, 792):
        problems.append(f"the page is {page.width} x {page.height}, not US Letter")
    return problems


def _wrong_type(char: Mapping[str, Any]) -> list[str]:
    problems = []
    if char["fontname"].rpartition("+")[2] != "Courier" or abs(char["size"] - 12) > 0.01:
        problems.append(f"{char['text']!r} is {char['fontname']} {char['size']}, not Courier 12")
    if char["non_stroking_color"] not in _BLACK or not char["upright"]:
        problems.append(f"{char['text']!r} is not upright black")
    return problems


def _cell(char: Mapping[str, Any], layout: Mapping[str, Place]) -> tuple[str, int] | None:
    """Field and cell (from 0) of a character: the nearest within the tolerance."""
    x, y = char["matrix"][4], char["matrix"][5]
    best: tuple[float, str, int] | None = None
    for name, place in layout.items():
        if abs(place.baseline_pt - y) > TOLERANCE_PT:
            continue
        cell = round((x - place.x_pt) / CELL_PT)
        off = abs(place.x_pt + cell * CELL_PT - x)
        inside = 0 <= cell < place.length and off <= TOLERANCE_PT
        if inside and (best is None or off < best[0]):
            best = (off, name, cell)
    return best and (best[1], best[2])


def _text(row: Mapping[int, str]) -> str:
    return "".join(row.get(cell, " ") for cell in range(max(row) + 1)).strip()
