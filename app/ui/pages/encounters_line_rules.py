"""What a service line holds when she types nothing: dates, place, pointers, charge, wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from app.domain.dates import format_short, parse_date
from app.domain.fee_book import ChargeBook, times
from app.domain.identifiers import check_modifier, check_place_of_service
from app.domain.money import Cents
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from app.ui.grid_model import GridColumn, Kind
from app.ui.pages import encounters_line_defaults as defaults

LETTERS = "ABCDEFGHIJKL"  # item 21 has twelve places
MOST_POINTERS = 4  # item 24E
EMPTY = SaveLine(code="")
TYPED = (
    "service_from",
    "service_to",
    "place_of_service",
    "code",
    "modifiers",
    "pointers",
    "units",
    "charge_cents",
)


@dataclass(frozen=True, slots=True)
class DayColumn(GridColumn):
    """A date in a cell, typed as everywhere: ``t``, ``y``, ``0105``."""

    today: Callable[[], date] = date.today

    def read(self, text: str) -> str:
        """``01/05/26``; see ``GridColumn.read``."""
        return format_short(parse_date(text, self.today())) if text.strip() else ""


@dataclass(frozen=True, slots=True)
class CheckedColumn(GridColumn):
    """A cell whose text is put into shape by ``shape``."""

    shape: Callable[[str], str] = str.strip

    def read(self, text: str) -> str:
        """The text in shape; see ``GridColumn.read``."""
        return self.shape(text) if text.strip() else ""


def columns(today: Callable[[], date]) -> tuple[GridColumn, ...]:
    """The grid's columns in the order of item 24."""
    code = Kind.CODE
    return (
        GridColumn("number", "#", width=38),
        DayColumn("service_from", "From", code, 76, today=today),
        DayColumn("service_to", "To", code, 76, today=today),
        CheckedColumn("place_of_service", "POS", code, 46, shape=check_place_of_service),
        CheckedColumn("code", "Code", code, 74, shape=shape_code),
        CheckedColumn("modifiers", "Modifiers", code, 90, shape=shape_modifiers),
        CheckedColumn("pointers", "Dx", code, 58, shape=shape_pointers),
        CheckedColumn("units", "Units", code, 54, numeric=True, shape=shape_units),
        GridColumn("charge_cents", "Charge", Kind.MONEY, 84),
        GridColumn("words", "", width=0),
    )


def shape_code(text: str) -> str:
    """Upper case; whether such a code can exist is said by the finding beside the line."""
    return "".join(text.split()).upper()


def shape_modifiers(text: str) -> str:
    """``25rt`` and ``25, rt`` become ``25 RT``.

    Raises:
        ValueError: for more than four, or one that has not two characters.
    """
    bare = re.sub(r"[\s,.-]", "", text).upper()
    if len(bare) % 2 or len(bare) > 8:
        raise ValueError("A line has room for 4 modifiers of two characters, like 25 RT.")
    return " ".join(check_modifier(m) for m in re.findall("..", bare))


def shape_pointers(text: str) -> str:
    """``a, b`` becomes ``AB``.

    Raises:
        ValueError: for anything but one to four different letters from A to L.
    """
    letters = re.sub(r"[\s,.]", "", text).upper()
    if len(letters) > MOST_POINTERS or not re.fullmatch("[A-L]*", letters):
        raise ValueError("Type up to 4 letters of the diagnoses above, like AB.")
    return "".join(dict.fromkeys(letters))


def shape_units(text: str) -> str:
    """A number from 1 to 999, with decimals where a drug needs them; or minutes, ``47m``.

    Raises:
        ValueError: when it is none.
    """
    if defaults.minutes(text) is not None:
        return text.strip()
    try:
        units = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("Units are a number from 1 to 999.") from None
    if not units.is_finite() or not 0 < units <= 999:
        raise ValueError("Units are a number from 1 to 999.")
    return format(units.normalize(), "f")


Worded = Callable[[SaveLine, date | None], str]


def _no_words(_line: SaveLine, _day: date | None) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What lines fall back to: the day, the place, the diagnoses, who is billed first."""

    day: date | None = None
    place_of_service: str = "11"
    diagnoses: int = 0
    codes: tuple[str, ...] = ()
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """The charge master by code, and what dated schedules say of its charges."""

    by_code: Mapping[str, tuple[SaveProcedure, ...]] = field(default_factory=dict)
    charges: ChargeBook = field(default_factory=ChargeBook)

    @classmethod
    def of(cls, rows: Iterable[SaveProcedure], charges: ChargeBook | None = None) -> Prices:
        """Active rows only."""
        found: dict[str, tuple[SaveProcedure, ...]] = {}
        for row in rows:
            if row.active:
                found[row.code] = (*found.get(row.code, ()), row)
        return cls(found, charges or ChargeBook())

    def find(self, code: str, modifiers: str = "", day: date | None = None) -> SaveProcedure | None:
        """The row for the code with these modifiers, else the plain one, else any.

        Rows that do not hold on ``day`` come last: she is told by the missing charge.
        """
        rows = self.by_code.get(code.strip().upper(), ())
        wanted = set(modifiers.split())

        def fit(row: SaveProcedure) -> tuple[bool, bool, int]:
            asked = set(row.modifiers.split())
            return not _holds(row, day), not asked <= wanted, -len(asked)

        return min(rows, key=fit, default=None)

    def wording(self, line: SaveLine) -> str:
        """The practice's own words for a line; empty when it has none."""
        row = self.find(line.code, line.modifiers, line.service_from)
        return row.wording if row else ""

    def charge(self, line: SaveLine, visit: Visit | None = None) -> int | None:
        """The practice's charge times units (cents, half up); None when the code is not listed.

        The day of service and the first payer pick the price.
        """
        visit = visit or Visit()
        day = line.service_from or visit.day
        row = self.find(line.code, line.modifiers, day)
        if row is not None and not _holds(row, day):
            return None
        each = None if day is None else self._dated(line, row, day, visit.payer_id)
        if each is None and row is not None:
            each = row.charge_cents
        return None if each is None else times(each, line.units)

    def _dated(
        self, line: SaveLine, row: SaveProcedure | None, day: date, payer: int | None
    ) -> int | None:
        code = line.code.strip().upper()
        found = self.charges.charge(code, line.modifiers, day, payer)
        if found is None and row is not None:
            found = self.charges.charge(code, row.modifiers, day, payer)
        return found


def _holds(row: SaveProcedure, day: date | None) -> bool:
    if day is None:
        return True
    early = row.effective is not None and day < row.effective
    return not early and (row.termination is None or day <= row.termination)


def is_empty(line: SaveLine) -> bool:
    """True for a line nobody has typed into."""
    return replace(line, line_id=None) == EMPTY


def default_pointers(number: int, visit: Visit) -> str:
    """The first line points to every diagnosis (four at most), later lines to the first."""
    most = MOST_POINTERS if number == 0 else 1
    return LETTERS[: min(visit.diagnoses, most)]


def filled_in(
    line: SaveLine, number: int, visit: Visit, prices: Prices, worded: Worded = _no_words
) -> SaveLine:
    """The line with its defaults, as it is saved; a charge nobody knows stays None.

    ``worded`` has words for a code that is not on the charge list.
    """
    row = prices.find(line.code, line.modifiers, line.service_from or visit.day)
    place = line.place_of_service or (row.place_of_service if row else "")
    pointers = line.pointers or defaults.pointers(row, visit.codes)
    charge = prices.charge(line, visit) if line.charge_cents is None else line.charge_cents
    return replace(
        line,
        service_from=line.service_from or visit.day,
        service_to=line.service_to or line.service_from or visit.day,
        place_of_service=place or visit.place_of_service,
        pointers=pointers or default_pointers(number, visit),
        charge_cents=charge,
        description=line.description or prices.wording(line) or worded(line, visit.day),
    )


def unfilled(
    line: SaveLine, command: SaveEncounter, prices: Prices, payer_id: int | None = None
) -> SaveLine:
    """A saved line without what equals its defaults, so that it follows when those change."""
    day, start = command.service_date, line.service_from
    bare = replace(line, charge_cents=None)
    same_charge = prices.charge(bare, Visit(day, payer_id=payer_id)) == line.charge_cents
    own = "" if prices.wording(line) == line.description else line.description
    row = prices.find(line.code, line.modifiers, start or day)
    place = (row.place_of_service if row else "") or command.place_of_service
    return replace(
        line,
        service_from=None if start == day else start,
        service_to=None if line.service_to == (start or day) else line.service_to,
        place_of_service="" if line.place_of_service == place else line.place_of_service,
        charge_cents=None if same_charge else line.charge_cents,
        description=own,
    )


def repointed(lines: Sequence[SaveLine], moved: Mapping[str, str]) -> list[SaveLine]:
    """Lines after diagnoses changed places; a letter mapped to nothing goes, others stay."""
    return [
        replace(line, pointers="".join(moved.get(letter, letter) for letter in line.pointers))
        for line in lines
    ]


def total(lines: Sequence[SaveLine]) -> Cents:
    """Sum of the charges that are known."""
    return Cents(sum(line.charge_cents or 0 for line in lines))


def again(line: SaveLine, prices: Prices) -> SaveLine:
    """A line of an earlier visit coded again: today's day and place, today's charge if known."""
    bare = replace(line, charge_cents=None, place_of_service="", description="", line_id=None)
    known = prices.charge(bare) is not None
    return bare if known else replace(bare, charge_cents=line.charge_cents)
