"""Rows of an XLSX workbook (ECMA-376), read as a stream with the standard library alone.

Cells come as text: shared and inline strings, truth values, errors as they stand; numbers with the
fifteen digits that Excel itself keeps, filled up with zeros where their format says so (``00100``);
dates, which are numbers with a format of dates, as ISO. Formulas give their last result.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.parsers import expat
from zlib import error as ZlibError  # noqa: N812 - an error class by its trade name

from app.domain.errors import Refused

Row = tuple[int, tuple[str, ...]]
MOST_SHEET = 400 * 1024 * 1024  # bytes of XML of a sheet, which are never held at once
MOST_TEXT = 64 * 1024 * 1024  # of shared strings and styles, which are
MOST_COLUMNS = 1024
_PIECE = 1 << 16
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(50, 59)}
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|general', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,15}")
_LETTERS = re.compile(r"([A-Z]{1,3})\d+")
_EXCEL_DIGITS = 15


def sheet_names(data: bytes) -> tuple[str, ...]:
    """Names of the sheets of a workbook, in order, hidden ones last.

    Raises:
        Refused: ``damaged_workbook``, ``too_big``.
    """
    with _opened(data) as archive:
        return tuple(name for name, _ in _book(archive).sheets)


def rows_of(data: bytes, sheet: str = "") -> Iterator[Row]:
    """Row number and cells of each row of a sheet that is not blank; without a name, the first.

    Raises:
        Refused: ``damaged_workbook``, ``too_big``, ``no_sheet``.
    """
    with _opened(data) as archive:
        book = _book(archive)
        parts = dict(book.sheets)
        if sheet and sheet not in parts:
            names = ", ".join(parts)
            raise Refused("no_sheet", f"The workbook has no sheet “{sheet}”, only {names}.")
        if not parts:
            raise _damaged()
        walk = _Sheet(book, _strings(archive))
        part = parts[sheet] if sheet else book.sheets[0][1]
        for piece in _pieces(archive, part, MOST_SHEET):
            walk.feed(piece)
            yield from walk.take()
        walk.close()
        yield from walk.take()


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (
        zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, KeyError,
        expat.ExpatError, ValueError, OverflowError,
    ) as error:  # fmt: skip
        raise _damaged() from error


@dataclass(slots=True)
class _Book:
    """What a workbook says of itself. ``styles``: by number of a cell's style, how it is shown."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    from_1904: bool = False
    styles: list[str] = field(default_factory=list)


def _book(archive: zipfile.ZipFile) -> _Book:
    book = _Book()
    targets: dict[str, str] = {}
    named: list[tuple[bool, str, str]] = []

    def relation(tag: str, at: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[at.get("Id", "")] = at.get("Target", "")

    def part(tag: str, at: dict[str, str]) -> None:
        if tag == "sheet":
            key = next((value for name, value in at.items() if name.endswith(":id")), "")
            named.append((at.get("state", "") in ("hidden", "veryHidden"), at.get("name", ""), key))
        elif tag == "workbookPr":
            book.from_1904 = at.get("date1904", "") in ("1", "true")

    _hear(archive, "xl/_rels/workbook.xml.rels", relation)
    _hear(archive, "xl/workbook.xml", part)
    for _, name, key in sorted(named, key=lambda entry: entry[0]):
        target = targets.get(key, "")
        if target:
            at = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            book.sheets.append((name, posixpath.normpath(at)))
    book.styles = _styles(archive)
    return book


def _styles(archive: zipfile.ZipFile) -> list[str]:
    """For each cell style: ``date``, a run of zeros to fill up to, or nothing."""
    formats: dict[int, str] = {}
    styles: list[str] = []
    inside = [False]

    def heard(tag: str, at: dict[str, str]) -> None:
        if tag == "numFmt":
            formats[int(at.get("numFmtId", "0"))] = at.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside[0] = tag == "cellXfs"
        elif tag == "xf" and inside[0]:
            styles.append(_shown(int(at.get("numFmtId", "0")), formats))

    if "xl/styles.xml" in archive.namelist():
        _hear(archive, "xl/styles.xml", heard)
    return styles


def _shown(number: int, formats: dict[int, str]) -> str:
    code = formats.get(number, "")
    if number in _DATE_FORMATS:
        return "date"
    if _ZEROS.fullmatch(code):
        return code
    bare = _NOT_A_DATE.sub("", code).lower()
    return "date" if any(sign in bare for sign in "dy") else ""


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    heard = _Strings()
    _hear(archive, "xl/sharedStrings.xml", heard.start, heard.end, heard.said)
    return heard.found


class _Strings:
    """Hears the shared strings; a string may be in several pieces of different looks."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._taking = self._reading = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        """An element opens."""
        if tag == "si":
            self._text.clear()
        elif tag == "rPh":  # how a Japanese word is read; not part of the cell
            self._reading = True
        self._taking = tag == "t" and not self._reading

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "si":
            self.found.append("".join(self._text))
        elif tag == "rPh":
            self._reading = False
        self._taking = False

    def said(self, data: str) -> None:
        """A piece of text."""
        if self._taking:
            self._text.append(data)


Start = Callable[[str, dict[str, str]], None]


def _hear(
    archive: zipfile.ZipFile,
    part: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    said: Callable[[str], None] | None = None,
) -> None:
    parser = _parser(start, end, said)
    for piece in _pieces(archive, part, MOST_TEXT):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _parser(
    start: Start, end: Callable[[str], None] | None, said: Callable[[str], None] | None
) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise _damaged()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, at: start(tag.rpartition(":")[2], at)
    if end is not None:
        finish = end
        parser.EndElementHandler = lambda tag: finish(tag.rpartition(":")[2])
    if said is not None:
        parser.CharacterDataHandler = said
    return parser


def _pieces(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[bytes]:
    info = archive.getinfo(part)
    if info.file_size > most:
        raise _too_big()
    read = 0
    stream: IO[bytes]
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            read += len(piece)
            if read > most:
                raise _too_big()
            yield piece


class _Sheet:
    """Hears the XML of a sheet and hands out its rows."""

    def __init__(self, book: _Book, strings: list[str]) -> None:
        self._book, self._strings = book, strings
        self._parser = _parser(self._start, self._end, self._said)
        self._ready: list[Row] = []
        self._row: list[str] = []
        self._number = 0
        self._column = 0
        self._kind = self._style = ""
        self._text: list[str] = []
        self._taking = False

    def feed(self, piece: bytes) -> None:
        """Takes a piece of the file."""
        self._parser.Parse(piece, False)

    def close(self) -> None:
        """The file is at its end."""
        self._parser.Parse(b"", True)

    def take(self) -> list[Row]:
        """The rows that are whole by now."""
        ready, self._ready = self._ready, []
        return ready

    def _start(self, tag: str, at: dict[str, str]) -> None:
        if tag == "row":
            self._number = int(at.get("r", self._number + 1))
            self._row, self._column = [], 0
        elif tag == "c":
            self._column = _column(at["r"]) if "r" in at else self._column + 1
            self._kind, self._style = at.get("t", "n"), at.get("s", "")
            self._text.clear()
        self._taking = tag in ("v", "t")

    def _said(self, data: str) -> None:
        if self._taking:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        self._taking = False
        if tag == "c" and self._text:
            if not 1 <= self._column <= MOST_COLUMNS:
                raise _too_big()
            self._row += [""] * (self._column - len(self._row))
            self._row[self._column - 1] = self._shown("".join(self._text)).strip()
        elif tag == "row":
            while self._row and not self._row[-1]:
                self._row.pop()
            if self._row:
                self._ready.append((self._number, tuple(self._row)))

    def _shown(self, text: str) -> str:
        if self._kind == "s":
            place = int(text)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if self._kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if self._kind != "n":
            return text
        style = int(self._style) if self._style else 0
        show = self._book.styles[style] if 0 <= style < len(self._book.styles) else ""
        return _number(text.strip(), show, from_1904=self._book.from_1904)


def _column(reference: str) -> int:
    found = _LETTERS.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str, show: str, *, from_1904: bool) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return text
    if show == "date" and 0 < value < 2_958_466:
        return _date(value, from_1904=from_1904)
    places = _EXCEL_DIGITS - 1 - value.adjusted() if value else 0
    if 0 <= places < -int(value.as_tuple().exponent):
        value = round(value, places)
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain.zfill(len(show)) if show and plain.isdigit() else plain


def _date(serial: Decimal, *, from_1904: bool) -> str:
    days, part = int(serial), serial % 1
    # Excel's calendar has a February 29 in 1900, so that days before March 1900 are one off.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 + (days < 60))  # noqa: DTZ001
    moment = start + timedelta(days=days, seconds=round(part * 86_400))
    if days == 0:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if not part else f"{moment:%Y-%m-%d %H:%M:%S}"


def _damaged() -> Refused:
    return Refused(
        "damaged_workbook",
        "The workbook is damaged or holds what no table has. Open it in a spreadsheet program and "
        "save it as CSV.",
    )


def _too_big() -> Refused:
    return Refused("too_big", "The workbook is far larger than any table of codes or fees.")
