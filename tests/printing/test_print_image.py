"""The plain-text print image: every text on the line and in the columns of its field."""

from __future__ import annotations

import csv

import pytest

from app.domain.claim_form import PayerType
from app.domain.paths import resource
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.fields import fields
from app.printing.print_image import COLUMNS, FORM_FEED, LINE_END, LINES, print_image
from tests.printing.samples import claim, line


def grid(image: str) -> list[list[str]]:
    """Sheets of rows of 80 characters."""
    pages = [page.split(LINE_END) for page in image.split(FORM_FEED)]
    assert all(page[-1] == "" for page in pages), "every line is ended"
    return [page[:-1] for page in pages]


@pytest.mark.parametrize("kind", PayerType)
def test_every_text_stands_in_its_field(kind: PayerType) -> None:
    pages = lay_out(claim(kind, lines=tuple(line(n) for n in range(8))))
    sheets = grid(print_image([pages]))
    assert len(sheets) == len(pages.sheets) == 2
    for rows, sheet in zip(sheets, pages.sheets, strict=True):
        assert len(rows) == LINES
        assert {len(row) for row in rows} == {COLUMNS}
        left = [list(row) for row in rows]
        for field_id, text in sheet.boxes.items():
            field = fields()[field_id]
            # points, not columns: the PDF says where the text stands on the paper
            column = round((field.text_x_pt(text) - field.x_pt) / 7.2) + field.column
            row = round((792 - field.baseline_pt + 3) / 12)
            assert "".join(left[row - 1][column - 1 : column - 1 + len(text)]) == text, field_id
            left[row - 1][column - 1 : column - 1 + len(text)] = " " * len(text)
        assert "".join(map("".join, left)).strip() == "", "nothing but the data"


def test_lines_and_columns_are_those_of_the_data_file() -> None:
    with resource("forms/cms1500_fields.csv").open(encoding="utf-8", newline="") as file:
        rows = {r["id"]: (int(r["line"]), int(r["column"])) for r in csv.DictReader(file)}
    pages = lay_out(claim())
    (sheet,) = grid(print_image([pages]))
    line_no, column = rows["2"]
    assert sheet[line_no + 1][column - 1 :].startswith(pages.sheets[0].boxes["2"])
    assert {row[79] for row in sheet} == {" "}, "column 80 stays blank"


def test_several_claims_are_parted_by_a_form_feed() -> None:
    one, two = lay_out(claim()), lay_out(claim(PayerType.MEDICARE))
    assert print_image([one, two]) == print_image([one]) + FORM_FEED + print_image([two])
    assert print_image([one]).isascii()
    assert print_image([ClaimPages((), ())]) == ""
