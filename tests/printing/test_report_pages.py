"""Reports on paper: where things stand, that nothing is cut off, that the same gives the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.domain import reports
from app.domain.reports import Column, Group, Kind, Report, Tie
from app.printing.report_pages import report_pdf

ON = date(2026, 4, 2)
PRACTICE = "Larkfield Family Practice"
COLUMNS = (
    reports.text("who", "Patient"),
    reports.day("on", "Date"),
    reports.count("n", "Lines"),
    reports.money("cents", "Amount"),
)


def report(rows: int = 3, name: str = "Doe, Jane", columns: tuple[Column, ...] = COLUMNS) -> Report:
    made = tuple((f"{name} {n}", date(2026, 3, 1), n, 100 * n - 250) for n in range(rows))
    groups = (Group("Blue Ridge", made), Group("Valley", made[:1]))
    ties = (Tie("Amount = control", 5, 5), Tie("This one does not", 5, 6))
    return reports.make_report("x", "A report", "By date", columns, groups, ties, ("A note.",))


def pages(pdf: bytes) -> list[pdfplumber.page.Page]:
    return list(pdfplumber.open(BytesIO(pdf)).pages)


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pages(pdf))


def test_everything_stands_on_it_in_its_place() -> None:
    pdf = report_pdf(report(), PRACTICE, ON)
    [page] = pages(pdf)
    assert (page.width, page.height) == (612, 792)
    found = {w["text"]: w for w in page.extract_words()}
    assert round(found["Patient"]["x0"], 1) == 36.0
    heads = [w for w in page.extract_words() if w["text"] == "Amount"]
    assert round(heads[0]["x1"], 1) == 576.0
    right = [round(w["x1"], 1) for w in page.extract_words() if w["text"] in ("-2.50", "-4.50")]
    assert right
    assert set(right) == {576.0}
    said = page.extract_text()
    for text in ("A report", "By date", PRACTICE, "Subtotal", "Total", "A note.", "Ties",
                 "Page 1 of 1", "printed 04/02/2026", "is not"):  # fmt: skip
        assert text in said


def test_heads_are_repeated_and_pages_counted() -> None:
    many = pages(report_pdf(report(200), PRACTICE, ON))
    assert len(many) >= 4
    for number, page in enumerate(many, start=1):
        said = page.extract_text()
        assert f"Page {number} of {len(many)}" in said
        assert "Amount" in said
    assert "continued" in many[1].extract_text()


def test_the_same_report_gives_the_same_bytes_and_names_nobody_in_its_properties() -> None:
    one, two = (report_pdf(report(name="Zebraquill"), PRACTICE, ON) for _ in range(2))
    assert one == two
    about = str(PdfReader(BytesIO(one)).metadata)
    assert "Report" in about
    assert "Zebraquill" not in about
    assert PRACTICE not in about


def wide() -> Report:
    columns = (
        *(reports.text(f"t{n}", f"Words {n}") for n in range(5)),
        *(reports.money(f"m{n}", f"Amount {n}") for n in range(7)),
    )
    row: reports.Row = (
        *("Wolfeschlegelsteinhausenbergerdorff, Anna-Maria" for _ in range(5)),
        *(99999999,) * 7,
    )
    return reports.make_report("x", "Wide", "By date", columns, (Group("", (row,) * 30),))


def test_a_wide_report_lies_across() -> None:
    [first, *_] = pages(report_pdf(wide(), PRACTICE, ON))
    assert (first.width, first.height) == (792, 612)


def inside(pdf: bytes) -> None:
    """No letter lies outside the margins, and no two cells of a row run into each other."""
    for page in pages(pdf):
        for char in page.chars:
            assert char["x0"] >= 35.5
            assert char["x1"] <= page.width - 35.5
            assert char["top"] >= 20
            assert char["bottom"] <= page.height - 15


def test_long_names_are_broken_never_cut() -> None:
    long = "Papadiamantopoulou-Hatzigeorgiou, Konstantina-Alexandra Evangelia " * 3
    pdf = report_pdf(report(12, name=long), PRACTICE, ON)
    inside(pdf)
    said = "".join(words(pdf).split())
    assert said.count("Konstantina-Alexandra") == 3 * 13
    inside(report_pdf(wide(), PRACTICE, ON))


@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(codec="cp1252", exclude_categories=("C", "Z")), min_size=1,
                           max_size=120), min_size=1, max_size=4),
    cents=st.integers(-10**11, 10**11),
    count=st.integers(1, 60),
)  # fmt: skip
def test_whatever_is_in_it_stays_on_the_sheet(texts: list[str], cents: int, count: int) -> None:
    columns = (*(reports.text(f"t{n}", f"Words {n}") for n in range(len(texts))),
               *(reports.money(f"m{n}", "Amount") for n in range(8)))  # fmt: skip
    row: reports.Row = (*texts, *(cents for _ in range(8)))
    rows = (row,) * count
    inside(report_pdf(reports.make_report("x", texts[0], "By date", columns,
                                          (Group(texts[0], rows),)), texts[0], ON))  # fmt: skip


def test_an_empty_report_says_so() -> None:
    empty = reports.make_report("x", "Empty", "By date", COLUMNS, ())
    assert "Nothing to report." in words(report_pdf(empty, PRACTICE, ON))


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [(None, Kind.MONEY, ""), (-5, Kind.MONEY, "-0.05"), (1500, Kind.QUANTITY, "1.5"),
     (2000, Kind.QUANTITY, "2"), (6667, Kind.PERCENT, "66.67%"), (1234, Kind.COUNT, "1,234"),
     (ON, Kind.DATE, "04/02/2026")],
)  # fmt: skip
def test_cells_are_said_in_us_form(value: reports.Value, kind: Kind, said: str) -> None:
    assert reports.shown(value, kind) == said


def test_a_tie_that_does_not_hold_makes_the_report_not_hold() -> None:
    assert not report().holds
    assert replace(report(), ties=()).holds
    assert reports.ratio(1, 3) == 3333
    assert reports.ratio(2, 3) == 6667
    assert reports.ratio(-1, 3) == -3333
    assert reports.ratio(1, 0) is None
