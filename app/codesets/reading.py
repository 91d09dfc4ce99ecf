"""What every reader of official files shares: header found by name, lines refused with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from app.codesets.text_rows import Row, Table
from app.domain.errors import Refused
from app.domain.reference import RefusedLine

CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
MOST_TOLD = 500  # refused lines that are kept with their text; more are only counted
HEADER_WITHIN = 60  # rows of notices and titles that may stand above a header
_LONGEST = 80


@dataclass(slots=True)
class Heard:
    """What a reader found out beside the rows, filled while the rows are taken.

    Attributes:
        refused: lines not taken, the first ``MOST_TOLD`` of them.
        refused_count: all of them.
        notes: sentences for the report.
        latest: the latest day on which something in the file begins; tells a wrong year.
        year: what the content says, None where it is silent. ``quarter`` likewise.
        fixed: the file has fixed columns, no separators.
        zeros: codes whose leading zeros a spreadsheet had dropped, and which were put back.
    """

    refused: list[RefusedLine] = field(default_factory=list)
    refused_count: int = 0
    notes: list[str] = field(default_factory=list)
    latest: date | None = None
    year: int | None = None
    quarter: int | None = None
    fixed: bool = False
    zeros: int = 0
    last_refused: int = 0

    def refuse(self, number: int, cells: Sequence[str], why: str) -> None:
        """Notes a line that is not taken."""
        self.refused_count += 1
        self.last_refused = number
        if len(self.refused) < MOST_TOLD:
            text = " | ".join(cell for cell in cells if cell)
            self.refused.append(RefusedLine(number, " ".join(text.split())[:_LONGEST], why))

    def begins(self, day: date) -> None:
        """Something in the file begins on ``day``."""
        if self.latest is None or day > self.latest:
            self.latest = day

    def procedure(self, text: str) -> str | None:
        """A code of five signs, its lost leading zeros put back; None when it is none."""
        code = text.upper()
        if code.isdecimal() and code.isascii() and 3 <= len(code) < 5:
            code = code.zfill(5)
            self.zeros += 1
        return code if CODE.fullmatch(code) else None


def header_of(
    rows: Iterator[Row], wanted: Mapping[str, str], what: str
) -> tuple[dict[str, int], list[Row]]:
    """Reads up to the header; answers the column of each name, and the rows above.

    Args:
        rows: of the file; afterwards the first row of data is next.
        wanted: our name → pattern of the heading (folded: capitals and digits in single blanks);
            a name with ``?`` at its end may be missing.
        what: the file in words.

    Raises:
        Refused: ``not_recognized`` when no such row comes.
    """
    above: list[Row] = []
    for number, cells in rows:
        found = columns_of(cells, wanted)
        if found is not None:
            return found, above
        above.append((number, cells))
        if len(above) >= HEADER_WITHIN:
            break
    raise Refused("not_recognized", f"The headings of a file of {what} are not in there.")


def columns_of(cells: Sequence[str], wanted: Mapping[str, str]) -> dict[str, int] | None:
    """The column of each wanted heading; None when one that must be there is not."""
    headings = [folded(cell) for cell in cells]
    found: dict[str, int] = {}
    for name, pattern in wanted.items():
        place = next((n for n, h in enumerate(headings) if re.fullmatch(pattern, h)), None)
        if place is not None:
            found[name.rstrip("?")] = place
        elif not name.endswith("?"):
            return None
    return found


def folded(text: str) -> str:
    """A heading in capitals and digits, single blanks between."""
    return " ".join(re.findall(r"[A-Z0-9]+", text.upper()))


def cell(cells: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    """A cell by its name; empty where the row or the column ends before."""
    place = columns.get(name, -1)
    return cells[place] if 0 <= place < len(cells) else ""


def scaled(text: str, scale: int) -> int | None:
    """A decimal number in whole parts of ``scale``; None when it is none, or finer than that."""
    if not re.fullmatch(r"-?\d{0,9}(\.\d{0,9})?", text) or not re.search(r"\d", text):
        return None
    try:
        value = Decimal(text) * scale
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() else None


def day_of(text: str) -> date | None:
    """A day written YYYYMMDD, YYYY-MM-DD or MM/DD/YYYY; None when it is none."""
    if found := re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text, re.ASCII):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII):
        month, day, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def years_told(rows: Iterable[Row], pattern: str) -> re.Match[str] | None:
    """The first match of ``pattern`` in the cells of some rows."""
    for _, cells in rows:
        for text in cells:
            if found := re.search(pattern, text, re.IGNORECASE):
                return found
    return None


def breaks_off(table: Table, heard: Heard) -> bool:
    """True when a text file ends within a line: no line end, and that line is bad or too short."""
    if table.is_workbook or table.data.rstrip(b"\0").endswith((b"\n", b"\r")):
        return False
    return bool(heard.last_refused) or (not heard.fixed and table.ends_short)
