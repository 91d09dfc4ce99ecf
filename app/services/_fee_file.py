"""Inner functions: reading somebody's list of prices: its columns, and each row's cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

from app.codesets.text_rows import rows_of
from app.domain import identifiers as ids
from app.domain.dates import parse_date
from app.domain.errors import Refused
from app.domain.fee_book import modifiers_key
from app.domain.money import format_cents, parse_cents
from app.services.fee_commands import Fate, FeeFile, Field, ImportRow

MOST_ROWS = 100_000
MOST_CENTS = 99_999_999
_TOP = 20  # the heads stand among the first rows; above them there may be titles
Tell = Callable[[int, int, str], None]
# Words that heads are known by, likeliest first; each column is guessed once.
_HEADS = {
    Field.CODE: ("code", "cpt", "hcpcs", "proc", "procedure", "cptcode", "procedurecode", "svc"),
    Field.MODIFIERS: ("modifiers", "modifier", "mod", "mods", "mod1"),
    Field.FEE: (
        *("fee", "charge", "amount", "allowed", "price", "rate", "allowable", "cost"),
        *("nonfacility", "standardfee", "feeamount", "chargeamount", "allowedamount"),
    ),
    Field.WORDING: ("wording", "description", "desc", "name", "descriptor", "service", "text"),
    Field.UNITS: ("units", "unit", "qty", "quantity", "defaultunits"),
    Field.STARTS: ("from", "starts", "effective", "effectivedate", "start", "begin", "begins"),
    Field.ENDS: ("to", "until", "ends", "end", "termination", "terminationdate", "through"),
}
_LEADS = re.compile(r"'(?=[=+\-@\t\r\n])")


def read(path: Path, tell: Tell | None = None) -> FeeFile:
    """The rows of a CSV or XLSX file, and what its heads say of the columns.

    Raises:
        Refused: what ``rows_of`` refuses; ``nothing_found`` for a file without rows.
        StoreTrouble: the file cannot be read.
    """
    rows = []
    for count, row in enumerate(rows_of(path, most=MOST_ROWS), 1):
        rows.append(row)
        if tell is not None and count % 500 == 0:
            tell(count, 0, f"Reading {path.name}: {count:,} rows")
    if not rows:
        raise Refused("nothing_found", "This file has no rows. Choose another one.")
    at, guess = _find_heads(rows)
    width = max(len(cells) for _, cells in rows)
    heads = rows[at][1] if guess else ()
    names = tuple(
        (heads[n] if n < len(heads) and heads[n] else f"Column {n + 1}") for n in range(width)
    )
    return FeeFile(path.name, names, tuple(rows[at + 1 :] if guess else rows), guess)


def _find_heads(
    rows: Sequence[tuple[int, tuple[str, ...]]],
) -> tuple[int, tuple[tuple[Field, int], ...]]:
    """The row of the heads and the columns they name; nothing when no row names two."""
    best: tuple[int, tuple[tuple[Field, int], ...]] = (0, ())
    for at, (_, cells) in enumerate(islice(rows, _TOP)):
        guess = guess_columns(cells)
        if len(guess) > max(len(best[1]), 1):
            best = at, guess
    return best


def guess_columns(heads: Sequence[str]) -> tuple[tuple[Field, int], ...]:
    """The column of each field that the heads name; whole names come before words in them."""
    plain = [re.sub(r"[^a-z0-9]", "", head.lower()) for head in heads]
    words = [set(re.findall(r"[a-z0-9]+", head.lower())) for head in heads]
    found: dict[Field, int] = {}
    for whole in (True, False):
        for wanted, names in _HEADS.items():
            if wanted in found:
                continue
            at = next(
                (
                    n
                    for name in names
                    for n in range(len(heads))
                    if n not in found.values() and (plain[n] == name if whole else name in words[n])
                ),
                None,
            )
            if at is not None:
                found[wanted] = at
    return tuple(sorted(found.items(), key=lambda pair: list(Field).index(pair[0])))


@dataclass(slots=True)
class CellReader:
    """Reads cells of one row; what is wrong is kept as the row's reason."""

    columns: dict[Field, int]
    cells: tuple[str, ...] = ()
    wrong: list[str] = field(default_factory=list)

    def text(self, which: Field) -> str:
        at = self.columns.get(which)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def take(self, which: Field, read: Callable[[str], str]) -> str:
        try:
            return read(self.text(which)) if self.text(which) else ""
        except ValueError as error:
            self.wrong.append(str(error))
            return ""

    def day(self, which: Field, today: date) -> date | None:
        typed = self.text(which)
        try:
            return _day(typed, today) if typed else None
        except ValueError:
            self.wrong.append(f"“{typed}” is no date.")
            return None

    def cents(self) -> int | None:
        typed = self.text(Field.FEE)
        if not typed:
            self.wrong.append("There is no fee.")
            return None
        try:
            cents = _money(typed)
        except ValueError as error:
            self.wrong.append(f"“{typed}”: {error}")
            return None
        if cents > MOST_CENTS:
            self.wrong.append(f"{format_cents(cents)} is too large; box 24F has six figures.")
        return cents


def _day(typed: str, today: date) -> date:
    try:
        return date.fromisoformat(typed[:10])
    except ValueError:
        return parse_date(typed, today)


def _money(typed: str) -> int:
    """Cents; a spreadsheet may keep ``81.5`` or ``81.2500``, but never part of a cent."""
    text = typed.replace("USD", "").strip()
    if re.fullmatch(r"\d+\.\d{2}0+", text, re.ASCII):
        text = text.rstrip("0").ljust(text.index(".") + 3, "0")
    return parse_cents(text)


def _modifiers(typed: str) -> str:
    found = typed.upper().replace(",", " ").replace("-", " ").split()
    if len(found) == 1 and len(found[0]) in (4, 6, 8):
        found = re.findall("..", found[0])
    if len(found) > 4:
        raise ValueError("A line has room for 4 modifiers.")
    return modifiers_key(" ".join(ids.check_modifier(m) for m in found))


def _units(typed: str) -> str:
    try:
        units = Decimal(typed)
    except InvalidOperation:
        raise ValueError(f"“{typed}” is no number of units.") from None
    if not units.is_finite() or not 0 < units <= 999:
        raise ValueError("Units are a number from 1 to 999.")
    return format(units.normalize(), "f")


def row_of(reader: CellReader, line: int, starts: date | None, today: date) -> ImportRow:
    """A row of the file with its cells read; ``starts`` holds where the row has no day."""
    code = reader.take(Field.CODE, ids.check_procedure)
    if not reader.text(Field.CODE):
        reader.wrong.append("There is no code.")
    ends = reader.day(Field.ENDS, today)
    begins = reader.day(Field.STARTS, today) or starts
    if begins and ends and ends < begins:
        reader.wrong.append("It ends before it begins.")
    return ImportRow(
        line,
        Fate.NEW,
        code or reader.text(Field.CODE),
        reader.take(Field.MODIFIERS, _modifiers),
        _LEADS.sub("", " ".join(reader.text(Field.WORDING).split()), count=1),
        reader.cents(),
        None,
        begins,
        ends,
        reader.take(Field.UNITS, _units),
    )
