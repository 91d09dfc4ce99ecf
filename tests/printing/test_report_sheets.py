"""Reports as spreadsheet and CSV, read back: numbers are numbers, text is never a formula."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import reports
from app.domain.reports import Column, Group, Kind, Report, Tie
from app.printing.report_sheets import guarded, report_csv, report_xlsx

ON = date(2026, 4, 2)
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
LEADS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
COLUMNS = (
    reports.text("who", "Patient"),
    reports.day("on", "Date"),
    Column("units", "Units", Kind.QUANTITY),
    reports.percent("share", "Share"),
    reports.money("cents", "Amount"),
)


def report(who: str = "Doe, Jane", cents: int = -123456) -> Report:
    rows = ((who, date(2026, 3, 1), 1500, 6667, cents), (who, None, None, None, 7))
    groups = (Group("Group 1", rows), Group("Group 2", rows[:1]))
    ties = (Tie("Holds", 5, 5), Tie("Not", 5, 6))
    return reports.make_report("x", "A report", "By date", COLUMNS, groups, ties, ("A note.",))


def sheet(content: bytes) -> tuple[dict[str, tuple[str, str]], ET.Element]:
    """Cells of the only sheet by place: (type, value), strings looked up; and the sheet itself."""
    with ZipFile(BytesIO(content)) as file:
        texts = ET.fromstring(file.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
        root = ET.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    strings = ["".join(t.text or "" for t in item.iter(f"{{{NS['s']}}}t")) for item in texts]
    cells = {}
    for cell in root.iterfind(".//s:c", NS):
        assert cell.find("s:f", NS) is None, "a formula"
        value = cell.findtext("s:v", "", NS)
        kind = cell.get("t", "n")
        cells[cell.get("r", "")] = (kind, strings[int(value)] if kind == "s" else value)
    return cells, root


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    cells, root = sheet(report_xlsx(report(), ON))
    assert cells["A1"] == ("s", "A report")
    assert cells["E4"] == ("s", "Amount")
    assert cells["A5"] == ("s", "Group 1")
    assert cells["A6"] == ("s", "Doe, Jane")
    assert cells["B6"] == ("n", "46082")  # days since 12/30/1899
    assert (cells["C6"][1], cells["D6"][1], cells["E6"][1]) == ("1.500", "0.6667", "-1234.56")
    assert cells["A8"] == ("s", "Subtotal")
    assert cells["E8"] == ("n", "-1234.49")
    assert cells["E11"] == ("n", "-2469.05")
    assert ("s", "DOES NOT TIE") in cells.values()
    pane = root.find(".//s:pane", NS)
    assert pane is not None
    assert (pane.get("ySplit"), pane.get("state")) == ("4", "frozen")


def test_the_same_report_gives_the_same_file() -> None:
    assert report_xlsx(report(), ON) == report_xlsx(report(), ON)


@pytest.mark.parametrize("lead", LEADS)
def test_text_is_never_a_formula(lead: str) -> None:
    cells, _ = sheet(report_xlsx(report(who=lead), ON))
    assert cells["A6"][0] == "s"
    rows = list(csv.reader(StringIO(report_csv(report(who=lead)).decode("utf-8-sig"), newline="")))
    assert rows[1][1] == f"'{lead}"
    assert rows[1][-1] == "-1234.56"  # a negative amount is no formula and stays a number


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_guard_is_lossless_and_keeps_every_lead_out(text: str) -> None:
    kept = guarded(text)
    assert kept in (text, "'" + text)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))


@given(
    who=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    cents=st.integers(-(10**11), 10**11),
)
def test_csv_reads_back_what_the_report_says(who: str, cents: int) -> None:
    content = report_csv(report(who, cents))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Group", "Patient", "Date", "Units", "Share", "Amount"]
    assert len(rows) == 4
    assert {len(row) for row in rows} == {6}
    group, name, day, units, share, amount = rows[1]
    assert (group, name, day) == ("Group 1", guarded(who), "2026-03-01")
    assert (units, share) == ("1.500", "66.67")
    assert round(float(amount) * 100) == cents
    assert amount == f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
