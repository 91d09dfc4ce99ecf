"""Commands and rows about fee schedules: lists of prices, percent raises, imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ScheduleKind(StrEnum):
    """What the prices of a schedule are."""

    CHARGES = "charges"  # what the practice charges
    CONTRACT = "contract"  # what a payer allows by contract


@dataclass(frozen=True, slots=True)
class SaveSchedule:
    """A fee schedule; ``schedule_id`` None makes a new one."""

    name: str
    kind: ScheduleKind = ScheduleKind.CONTRACT
    active: bool = True
    schedule_id: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule in the list. ``usual``: holds for every payer without charges of its own."""

    schedule_id: int
    name: str
    kind: ScheduleKind
    usual: bool
    active: bool
    fees: int
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveFee:
    """One unit of a code in cents, from ``starts`` to ``ends`` (days of service, inclusive).

    A new fee from a day on ends the one before it the day before.
    """

    schedule_id: int
    code: str
    cents: int
    modifiers: str = ""
    starts: date | None = None
    ends: date | None = None
    fee_id: int | None = None


@dataclass(frozen=True, slots=True)
class FeeView:
    """A fee as listed. ``fee_id`` None: the plain charge of the charge list."""

    fee_id: int | None
    code: str
    modifiers: str
    wording: str
    cents: int
    starts: date | None
    ends: date | None
    raised: bool = False  # made by a percent raise


@dataclass(frozen=True, slots=True)
class RaiseFees:
    """Changes every fee in force on ``starts`` by a percentage (hundredths), rounded (cents)."""

    schedule_id: int
    percent_hundredths: int
    starts: date
    round_cents: int = 1


@dataclass(frozen=True, slots=True)
class FillFees:
    """Prices of a schedule's codes from a day on: a percentage (hundredths) of what Medicare pays
    in the practice's locality, rounded (cents).
    """

    schedule_id: int
    percent_hundredths: int
    starts: date
    round_cents: int = 1


@dataclass(frozen=True, slots=True)
class MedicareQuote:
    """What Medicare pays for one unit (cents); None, and why, where the schedule does not say.

    ``place``: the locality's name.
    """

    cents: int | None
    facility: bool = False
    place: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RaisedFee:
    """A fee before and after a raise (cents)."""

    code: str
    modifiers: str
    wording: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RaiseRow:
    """A raise that was made. ``used``: charges were posted with it, so that it stays."""

    raise_id: int
    percent_hundredths: int
    round_cents: int
    starts: date
    made_at: datetime
    fees: int
    used: bool


class Field(StrEnum):
    """What a column of an imported file may hold."""

    CODE = "code"
    MODIFIERS = "modifiers"
    WORDING = "wording"
    FEE = "fee"
    UNITS = "units"
    STARTS = "starts"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class FeeFile:
    """A file read: its name, the heads of its columns, its rows with their line numbers.

    ``guess``: the column (from 0) of each field that the heads name.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    guess: tuple[tuple[Field, int], ...]


@dataclass(frozen=True, slots=True)
class ImportFees:
    """A file, what its columns mean, where it goes. ``starts``: for rows without a day."""

    schedule_id: int
    file: FeeFile
    columns: tuple[tuple[Field, int], ...]
    starts: date | None = None


class Fate(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file and its fate; ``why`` says what is wrong, or what it was before."""

    line: int
    fate: Fate
    code: str
    modifiers: str = ""
    wording: str = ""
    cents: int | None = None
    before: int | None = None
    starts: date | None = None
    ends: date | None = None
    units: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, or did, row by row."""

    rows: tuple[ImportRow, ...]

    def count(self, fate: Fate) -> int:
        """How many rows have this fate."""
        return sum(row.fate is fate for row in self.rows)
