"""Rows of a table that somebody saved as CSV, TSV, plain text or XLSX, whatever program wrote it.

How to use it::

    for number, cells in rows_of(path):        # the only table of a file, or the first sheet
        ...                                    # number: line of the file, cells: text, stripped
    rows_of(path, sheet="Fees")                # a named sheet of a workbook
    rows_of(path, most=50_000)                 # more rows than that are refused

    for table in tables_in(path):              # every table of a zip (zips inside it opened)
        table.name, list(table.rows())         # and the sheets of a workbook by ``table.sheets()``

What is taken care of: UTF-8 with or without its mark, UTF-16 (Excel's "Unicode text"), Windows and
Latin-1 letters; CR, LF and CRLF; comma, tab, semicolon or bar (the head of the file tells which);
quoted cells of several lines; numbers of a workbook as they were typed and its dates as ISO
(``2026-10-01``). Rows of blank cells are passed over; blank cells at the end of a row are left out.
Everything comes as a stream, and a caller may stop at any row.

What is refused (``Refused`` with these codes): ``too_big`` a bomb or more rows than ``most``,
``damaged_zip``, ``damaged_workbook`` (document types and entities too), ``not_a_table`` a file of
no text (PDF, picture, old XLS), ``truncated`` a quote that is never closed, ``several_files`` a zip
with more than one table for ``rows_of``, ``no_sheet``. ``StoreTrouble``: the file cannot be read.
"""

from __future__ import annotations

import codecs
import csv
import io
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.codesets import xlsx_rows
from app.codesets.official_zip import Member, is_workbook, members
from app.domain.errors import Refused

Row = tuple[int, tuple[str, ...]]
MOST_ROWS = 4_000_000
_HEAD = 16_384
_SEPARATORS = ",\t;|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file: its name with the zips it lies in, and its bytes."""

    name: str
    data: bytes

    @property
    def is_workbook(self) -> bool:
        """True for XLSX."""
        return is_workbook(self.data)

    def sheets(self) -> tuple[str, ...]:
        """Names of a workbook's sheets, in order; none for text."""
        return xlsx_rows.sheet_names(self.data) if self.is_workbook else ()

    def rows(self, sheet: str = "", most: int = MOST_ROWS) -> Iterator[Row]:
        """Line number and cells of each row that is not blank.

        Raises:
            Refused: see the module.
        """
        book = self.is_workbook
        rows = xlsx_rows.rows_of(self.data, sheet) if book else _text_rows(self.data)
        for count, (number, cells) in enumerate(rows, 1):
            if count > most:
                raise Refused(
                    "too_big", f"The table has more than {most:,} rows, and was not read further."
                )
            yield number, cells

    @property
    def ends_short(self) -> bool:
        """True when the last line of a text file has fewer cells than the lines before it."""
        separator = _separator(self.data)
        encoding = encoding_of(self.data)
        tail = self.data if encoding == "utf-16" else self.data[-_HEAD:]
        text = tail.decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace")
        lines = [line for line in text.splitlines()[1:] if line.strip()]
        counts = ["".join(line.split('"')[::2]).count(separator) for line in lines]
        return len(counts) > 2 and counts[-1] < statistics.mode(counts[:-1])

    def lines(self) -> Iterator[tuple[int, str]]:
        """Numbered lines of a text file as they stand, for fixed columns; line ends are cut off.

        Raises:
            Refused: ``not_a_table``.
        """
        with _text(self.data, newline=None) as stream:
            for number, line in enumerate(stream, 1):
                yield number, line.rstrip("\n")


def tables_in(path: Path) -> Iterator[Table]:
    """Every file that may hold a table: of a zip its members, else the file itself.

    Raises:
        Refused: ``too_big``, ``damaged_zip``.
        StoreTrouble: the file cannot be read.
    """
    for member in members(path, workbooks=True):
        yield Table(member.name, member.data)


def rows_of(path: Path, *, sheet: str = "", most: int = MOST_ROWS) -> Iterator[Row]:
    """Line number and cells of each row of the only table in a file; see the module.

    Raises:
        Refused: see the module.
        StoreTrouble: the file cannot be read.
    """
    tables = [table for table in tables_in(path) if table.is_workbook or _is_text(table.data)]
    if not tables:
        raise _no_table()
    if len(tables) > 1:
        names = ", ".join(table.name.rsplit("/", 1)[-1] for table in tables[:4])
        raise Refused(
            "several_files",
            f"The zip holds several tables ({names}). Unpack it and choose one of them.",
        )
    yield from tables[0].rows(sheet, most)


def table_of(member: Member) -> Table:
    """A member of a zip as a table."""
    return Table(member.name, member.data)


def encoding_of(data: bytes) -> str:
    """The encoding of a text file: by its mark, else UTF-8 if it is, else Windows' Latin letters.

    Raises:
        Refused: ``not_a_table`` when it is no text at all.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if not _is_text(data):
        raise _no_table()
    try:
        _decoded_whole(data)
    except UnicodeDecodeError:
        # Five of the Windows letters are not assigned; such a file is Latin-1 then.
        undefined = any(
            data.find(byte) >= 0 for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
        )
        return "latin-1" if undefined else "cp1252"
    return "utf-8"


def _decoded_whole(data: bytes) -> None:
    """Decodes in pieces: a file of 100 MB needs no second 100 MB for the proof."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(view), 1 << 20):
        decoder.decode(view[start : start + (1 << 20)])
    # A letter cut in two at the very end is a cut-off file, not another encoding.


def _is_text(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")):
        return False
    return b"\0" not in data[:_HEAD]


def _text(data: bytes, newline: str | None) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BytesIO(data), encoding=encoding_of(data), errors="replace", newline=newline
    )


def _separator(data: bytes) -> str:
    """The sign that stands most evenly in the lines of the head, outside of quotes."""
    with _text(data, newline=None) as stream:
        head = stream.read(_HEAD)
    outside = "".join(part for part in head.split('"')[::2])
    counts = {sign: outside.count(sign) for sign in _SEPARATORS}
    best = max(counts, key=lambda sign: counts[sign])
    # Commas stand in any prose; a tab does not, and a table of tabs has one in most lines.
    lines = [line for line in outside.splitlines() if line.strip()]
    for sign in "\t;|":
        if lines and sum(sign in line for line in lines) * 2 > len(lines):
            return sign if counts[sign] >= len(lines) / 2 and not _commas_win(lines, sign) else best
    return best if counts[best] else ","


def _commas_win(lines: list[str], sign: str) -> bool:
    """True when every line has more commas than ``sign``: then it stands in the prose."""
    return all(line.count(",") > line.count(sign) for line in lines)


def _text_rows(data: bytes) -> Iterator[Row]:
    separator = _separator(data)
    with _text(data, newline="") as stream:
        source = _Lines(stream, separator)
        reader = csv.reader(source, delimiter=separator)
        before = 0
        try:
            for cells in reader:
                number, before = before + 1, reader.line_num
                read = _trimmed(cells)
                if read:
                    yield number, read
        except csv.Error as error:
            raise Refused(
                "truncated",
                f"A quotation mark near line {reader.line_num:,} is never closed. Download or "
                "save the file again; nothing was imported.",
            ) from error


class _Lines(Iterator[str]):
    """The lines of a stream for the CSV reader, which is told when the last quote stays open."""

    def __init__(self, stream: io.TextIOWrapper, separator: str) -> None:
        self._stream, self._separator = stream, separator
        self._open = False

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            if self._open:
                raise csv.Error("open quote")
            raise StopIteration
        if "\0" in line:
            line = line.replace("\0", "")
        if '"' in line and line.count('"') % 2:
            self._open = self._toggled(line)
        return line

    def _toggled(self, line: str) -> bool:
        if self._open:
            return False
        # Only a quote at the start of a cell opens one: 5" of tape does not.
        start = line.lstrip()
        return start.startswith('"') or f'{self._separator}"' in line


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    read = [cell.strip() for cell in cells]
    while read and not read[-1]:
        read.pop()
    return tuple(read)


def _no_table() -> Refused:
    return Refused(
        "not_a_table",
        "This is no table: CSV, text or XLSX is wanted. In a spreadsheet program choose "
        "“Save as”, then CSV.",
    )
