"""Rows of tables, whatever program wrote them: encodings, line ends, quotes, workbooks, bombs."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.codesets.text_rows import Row, Table, rows_of, tables_in
from app.domain.errors import Refused, StoreTrouble
from tests.codesets.official_files import workbook, zipped

TEXT = 'code,wording,fee\n99213,"Visit, known",65.00\nG0438,"Two\nlines ""quoted""",1\n'
ROWS = [
    (1, ("code", "wording", "fee")),
    (2, ("99213", "Visit, known", "65.00")),
    (3, ("G0438", 'Two\nlines "quoted"', "1")),
]


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows(data: bytes, sheet: str = "") -> list[Row]:
    return list(Table("a.csv", data).rows(sheet))


def refused(data: bytes, sheet: str = "") -> str:
    with pytest.raises(Refused) as refusal:
        rows(data, sheet)
    assert refusal.value.message.endswith(".")
    return refusal.value.code


class TestText:
    @pytest.mark.parametrize(
        "data",
        [
            TEXT.encode(),
            b"\xef\xbb\xbf" + TEXT.encode(),
            TEXT.encode("utf-16"),
            b"\xfe\xff" + TEXT.encode("utf-16-be"),
            TEXT.replace(",", "\t").replace("Visit\t", "Visit,").encode(),
            TEXT.replace(",", ";").replace("Visit;", "Visit,").encode(),
        ],
    )
    def test_every_encoding_and_separator(self, data: bytes) -> None:
        assert rows(data) == ROWS

    @pytest.mark.parametrize("end", ["\r\n", "\r"])
    def test_every_line_end(self, end: str) -> None:
        found = rows(TEXT.replace("\n", end).encode())
        plain = [
            (n, tuple(c.replace("\r\n", "\n").replace("\r", "\n") for c in r)) for n, r in found
        ]
        assert plain == ROWS

    @pytest.mark.parametrize(
        ("data", "word"),
        [
            ("Ménière".encode(), "Ménière"),
            (b"M\xe9ni\xe8re", "Ménière"),
            (b"\x93so\x94", "“so”"),
            (b"caf\xe9\x81", "café\x81"),
        ],
    )
    def test_letters_of_the_west(self, data: bytes, word: str) -> None:
        assert rows(b"a,b\n" + data + b",1\n")[1] == (2, (word, "1"))

    def test_blank_rows_are_passed_over_and_counted(self) -> None:
        assert rows(b"\n a , ,\n,,\n\nb\n") == [(2, ("a",)), (5, ("b",))]

    def test_a_quote_inside_a_cell_opens_nothing(self) -> None:
        assert rows(b'tape 5" wide,1\nx,2\n') == [(1, ('tape 5" wide', "1")), (2, ("x", "2"))]

    def test_a_quote_that_is_never_closed(self) -> None:
        assert refused(b'a,b\n1,"and so on\n2,3\n') == "truncated"

    def test_prose_with_bars_is_no_table_of_bars(self) -> None:
        assert rows(b"a,b,c|d\n1,2,3|4\n")[1] == (2, ("1", "2", "3|4"))

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7 ...", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x89PNG\r\n", b"a\0b\0c"]
    )
    def test_what_is_no_table(self, data: bytes) -> None:
        assert refused(data) == "not_a_table"

    @pytest.mark.parametrize(
        ("data", "short"),
        [
            (b"a,b,c\n1,2,3\n4,5,6\n7,8", True),
            (b"a,b,c\n1,2,3\n4,5,6\n7,8,9", False),
            (b'a,b,c\n1,2,3\n4,5,6\n7,"8,8",', False),
            (b'a,b,c\n1,2,3\n4,5,6\n7,"8,8"', True),
            (b"a,b\n1", False),
            ("a\tb\tc\n1\t2\t3\n4\t5\t6\n7".encode("utf-16"), True),
        ],
    )
    def test_a_last_line_shorter_than_the_others(self, data: bytes, short: bool) -> None:
        assert Table("a", data).ends_short == short

    def test_more_rows_than_wanted(self, tmp_path: Path) -> None:
        path = put(tmp_path, "a.csv", TEXT.encode())
        assert len(list(rows_of(path, most=3))) == 3
        with pytest.raises(Refused, match="more than 2 rows"):
            list(rows_of(path, most=2))

    def test_a_file_that_is_gone(self, tmp_path: Path) -> None:
        with pytest.raises(StoreTrouble):
            list(rows_of(tmp_path / "gone.csv"))

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
                .map(str.strip),
                min_size=1,
                max_size=5,
            ),
            max_size=8,
        )
    )  # fmt: skip
    def test_what_was_written_is_read(self, table: list[list[str]]) -> None:
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *table])
        wanted = []
        for row in table:
            cells = list(row)
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                wanted.append(tuple(cells))
        assert [cells for _, cells in rows(out.getvalue().encode())][1:] == wanted

    @given(st.binary(max_size=400))
    def test_any_bytes_are_rows_or_refused(self, data: bytes) -> None:
        with suppress(Refused):
            assert all(cells and cells[-1] for _, cells in rows(data))


def styled() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Codes")
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    code = book.add_format({"num_format": "00000"})
    money = book.add_format({"num_format": '[Red]#,##0.00" days"'})
    sheet.write(0, 0, "Code")
    sheet.write(1, 0, 100, code)
    sheet.write(1, 1, 33.4009)
    sheet.write_datetime(1, 2, datetime(2026, 10, 1), day)  # noqa: DTZ001
    sheet.write_datetime(1, 3, datetime(2026, 10, 1, 13, 30), day)  # noqa: DTZ001
    sheet.write(3, 0, 0.1 + 0.2)
    sheet.write(3, 1, True)
    sheet.write(3, 2, 45000, money)
    sheet.write_formula(3, 4, "=1+1", None, 2)
    sheet.write_rich_string(4, 0, "two ", book.add_format({"bold": True}), "parts")
    book.add_worksheet("Fees").write(0, 0, "x")
    book.close()
    return out.getvalue()


def without(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with a part of its XML changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old_zip, zipfile.ZipFile(out, "w") as new_zip:
        for info in old_zip.infolist():
            body = old_zip.read(info)
            if info.filename == name:
                assert re.search(old, body)
                body = re.sub(old, new, body)
            new_zip.writestr(info.filename, body)
    return out.getvalue()


class TestWorkbooks:
    def test_cells_as_text(self) -> None:
        assert rows(styled()) == [
            (1, ("Code",)),
            (2, ("00100", "33.4009", "2026-10-01", "2026-10-01 13:30:00")),
            (4, ("0.3", "TRUE", "45000", "", "2")),
            (5, ("two parts",)),
        ]

    def test_sheets_by_name(self, tmp_path: Path) -> None:
        path = put(tmp_path, "a.xlsx", styled())
        (table,) = tables_in(path)
        assert table.sheets() == ("Codes", "Fees")
        assert list(rows_of(path, sheet="Fees")) == [(1, ("x",))]
        with pytest.raises(Refused, match="only Codes, Fees"):
            list(rows_of(path, sheet="Prices"))

    def test_the_calendar_of_1904(self) -> None:
        book = without(
            workbook([[1]]), "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" '
        )
        assert rows(book) == [(1, ("1",))]
        early = without(styled(), "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
        assert rows(early)[1][1][2] == str(date(2026, 10, 1).replace(year=2030, day=2))

    def test_inline_strings(self) -> None:
        book = without(
            workbook([["a"]]),
            "xl/worksheets/sheet1.xml",
            rb'<c r="A1" t="s"><v>0</v></c>',
            b'<c t="inlineStr"><is><t>here</t></is></c><c><v>7</v></c>',
        )
        assert rows(book) == [(1, ("here", "7"))]

    @pytest.mark.parametrize(
        ("part", "old", "new"),
        [
            (
                "xl/worksheets/sheet1.xml",
                b"<worksheet",
                b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet',
            ),
            ("xl/sharedStrings.xml", b"<sst", b"<!DOCTYPE sst><sst"),
            ("xl/workbook.xml", b"<workbook ", b'<!DOCTYPE a SYSTEM "x"><workbook '),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
            ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="1A"'),
            ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"nowhere.xml"),
        ],
    )
    def test_what_no_table_has(self, part: str, old: bytes, new: bytes) -> None:
        assert refused(without(workbook([["a"]]), part, old, new)) == "damaged_workbook"

    def test_a_cell_far_to_the_right(self) -> None:
        book = without(workbook([["a"]]), "xl/worksheets/sheet1.xml", b'r="A1"', b'r="ZZZ1"')
        assert refused(book) == "too_big"

    @given(cut=st.integers(20, 4000))
    def test_cut_off_anywhere(self, cut: int) -> None:
        data = workbook([["a", 1, "b"]] * 5)
        assert refused(data[: min(cut, len(data) - 1)]) in ("damaged_workbook", "not_a_table")


class TestZips:
    def test_the_only_table_of_a_zip_in_a_zip(self, tmp_path: Path) -> None:
        inner = zipped(a__csv=TEXT.encode(), readme__pdf=b"%PDF")
        path = put(tmp_path, "a.zip", zipped(inner__zip=inner))
        assert list(rows_of(path)) == ROWS

    def test_a_workbook_in_a_zip(self, tmp_path: Path) -> None:
        path = put(tmp_path, "a.zip", zipped(a__xlsx=workbook([["a", "b"]])))
        assert list(rows_of(path)) == [(1, ("a", "b"))]

    def test_two_tables(self, tmp_path: Path) -> None:
        path = put(tmp_path, "a.zip", zipped(a__csv=b"a,b\n", b__csv=b"c,d\n"))
        assert [table.name for table in tables_in(path)] == ["a.zip/a.csv", "a.zip/b.csv"]
        with pytest.raises(Refused, match="several tables"):
            list(rows_of(path))

    def test_nothing_but_pictures(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="no table"):
            list(rows_of(put(tmp_path, "a.zip", zipped(a__pdf=b"%PDF"))))

    @pytest.mark.parametrize("name", ["bomb.csv", "xl/worksheets/sheet1.xml"])
    def test_a_bomb_of_ten_gigabytes(self, tmp_path: Path, name: str) -> None:
        path = bomb(tmp_path / "bomb.zip", name)
        assert path.stat().st_size < 100_000
        tracemalloc.start()
        try:
            with pytest.raises(Refused) as refusal:
                list(rows_of(path))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert refusal.value.code == "too_big"
        assert peak < 20_000_000


def bomb(path: Path, name: str) -> Path:
    """A zip that says it holds ten gigabytes of zeros; a workbook when the name is a sheet's."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if name.startswith("xl/"):
            with zipfile.ZipFile(io.BytesIO(workbook([["a"]]))) as book:
                for info in book.infolist():
                    if info.filename != name:
                        archive.writestr(info.filename, book.read(info))
        archive.writestr(name, b"0" * 1_000_000)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")  # the last entry of the directory is ours
    data[entry + 24 : entry + 28] = b"\xff\xff\xff\xff"
    extra = b"\x01\x00\x08\x00" + (10 * 2**30).to_bytes(8, "little")
    length = int.from_bytes(data[entry + 28 : entry + 30], "little")
    data[entry + 30 : entry + 32] = (len(extra)).to_bytes(2, "little")
    data[entry + 46 + length : entry + 46 + length] = extra
    end = data.rindex(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little") + len(extra)
    data[end + 12 : end + 16] = size.to_bytes(4, "little")
    path.write_bytes(data)
    return path
