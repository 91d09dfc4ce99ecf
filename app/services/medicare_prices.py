"""What Medicare pays the practice by the imported fee schedule, and fee schedules filled from it.

Relative values × geographic indices × conversion factor (MCPM ch. 12 §20); anesthesia is paid by
base units and time, which no schedule line holds, and stays out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.fee_book import LEAST_SHARE, MOST_SHARE, STEPS, share_of
from app.domain.findings import Finding
from app.models.fees import FeeSchedule
from app.services import _fee_import, _fee_list, _fee_raises, _fee_rows
from app.services._fee_raises import InForce
from app.services.desk import Desk
from app.services.fee_commands import (
    Fate,
    FeeFile,
    Field,
    FillFees,
    ImportFees,
    ImportPlan,
    ImportRow,
    MedicareQuote,
)
from app.services.reference import ReferenceService
from app.services.setup import read_setting

_OFFICE = "11"
_COLUMNS = (Field.CODE, Field.MODIFIERS, Field.FEE)
_BY_STATUS = {
    "J": "Anesthesia is paid by base units and time.",
    "B": "Medicare pays it within other services.",
    "P": "Medicare pays it within other services.",
    "C": "Each Medicare contractor sets its own price.",
    "N": "Medicare does not cover it.",
    "I": "Medicare wants another code.",
    "X": "It is not a physician's service; another schedule has it.",
    "E": "It is not a physician's service; another schedule has it.",
    "M": "It only counts something; nothing is paid.",
    "D": "It was deleted.",
}
_NOT_LISTED = "Not in that day’s fee schedule."
_NO_LOCALITY = "Choose your Medicare locality in Setup, Code sets."
_NO_FILES = "Import the fee schedule (RVU) and the price indices (GPCI) in Setup, Code sets."


class MedicarePriceService:
    """Prices by the practice's locality. Nothing here names a patient."""

    def __init__(self, desk: Desk, reference: ReferenceService) -> None:
        self._desk, self._reference = desk, reference

    def quote(self, code: str, modifiers: str, place: str, on: date) -> MedicareQuote:
        """What Medicare pays for one unit at a place of service (blank: office) on a day."""
        with self._desk.read() as session:
            locality = str(read_setting(session, "medicare_locality") or "")
        if not locality:
            return MedicareQuote(None, why=_NO_LOCALITY)
        return self._quote(code, modifiers, place, on, locality)

    def _quote(
        self, code: str, modifiers: str, place: str, on: date, locality: str
    ) -> MedicareQuote:
        on_line = tuple(modifiers.split())
        found = self._reference.price(code, on_line, on, place or _OFFICE, locality)
        if found is None:
            return MedicareQuote(None, why=self._why(code, on, locality, modifiers))
        rows = self._reference.localities(on)
        name = next((row.name.strip(" *") for row in rows if row.key == locality), "")
        return MedicareQuote(found.allowed_cents, found.facility, name)

    def _why(self, code: str, on: date, locality: str, modifiers: str) -> str:
        if all(row.key != locality for row in self._reference.localities(on)):
            return _NO_FILES
        line = self._reference.fee_line(code, "", on)
        if line is None:
            return _NOT_LISTED
        by_case = f"With {modifiers} the payment is decided by the case."
        return _BY_STATUS.get(line.status, by_case if modifiers else "It has no price that day.")

    def plan_fill(self, command: FillFees) -> ImportPlan:
        """What filling a schedule would do, code by code; nothing is changed.

        Raises:
            Invalid: a percentage, a rounding or a day that cannot be.
            NotFound: the schedule is gone.
            Refused: ``no_locality``, ``no_fee_schedule``, ``no_codes``.
        """
        with self._desk.read() as session:
            asked, left = self._asked(session, command)
            return _joined(_fee_import.plan(session, asked, self._desk.today), left, asked)

    def fill(self, command: FillFees) -> ImportPlan:
        """Does what the plan says in one transaction; codes without a price are left.

        Raises:
            Invalid, NotFound, Refused: as ``plan_fill``; ``nothing_to_import``.
        """
        with self._desk.write() as session:
            asked, left = self._asked(session, command)
            done = _fee_import.apply(session, asked, self._desk.today)
            self._desk.audit(
                session,
                "fill fees from Medicare",
                entity="fee_schedule",
                entity_id=command.schedule_id,
                detail=str(command.percent_hundredths),
            )
            return _joined(done, left, asked)

    def _asked(self, session: Session, command: FillFees) -> tuple[ImportFees, list[ImportRow]]:
        """The priced codes as an import, and those without a price, with why."""
        schedule = _check(session, command, self._desk.today)
        locality = str(read_setting(session, "medicare_locality") or "")
        if not locality:
            raise Refused("no_locality", _NO_LOCALITY)
        if not any(row.key == locality for row in self._reference.localities(command.starts)):
            raise Refused("no_fee_schedule", _NO_FILES)
        places = {key: r.place_of_service or "" for key, r in _fee_rows.listed(session).items()}
        priced: list[tuple[int, tuple[str, ...]]] = []
        left: list[ImportRow] = []
        for line, fee in enumerate(_codes(session, schedule, command.starts), 1):
            place = places.get((fee.code, fee.modifiers)) or places.get((fee.code, "")) or ""
            found = self._quote(fee.code, fee.modifiers, place, command.starts, locality)
            if found.cents is None:
                left.append(_left(line, fee, found.why))
                continue
            cents = share_of(found.cents, command.percent_hundredths, command.round_cents)
            priced.append((line, (fee.code, fee.modifiers, f"{cents // 100}.{cents % 100:02d}")))
        columns = tuple((field, at) for at, field in enumerate(_COLUMNS))
        file = FeeFile("Medicare", tuple(map(str, _COLUMNS)), tuple(priced), columns)
        return ImportFees(command.schedule_id, file, columns, command.starts), left


def _check(session: Session, command: FillFees, today: date) -> FeeSchedule:
    schedule = _fee_list.schedule_of(session, command.schedule_id)
    found = []
    if not LEAST_SHARE <= command.percent_hundredths <= MOST_SHARE:
        found.append(Finding("percent", "Type a percentage from 1 to 1,000."))
    if command.round_cents not in STEPS:
        found.append(Finding("round_cents", "Choose what to round to."))
    if schedule.kind == "charges" and command.starts < today:
        words = "Type today or a later day: earlier visits keep their charges."
        found.append(Finding("starts", words))
    if found:
        raise Invalid(found)
    return schedule


def _codes(session: Session, schedule: FeeSchedule, on: date) -> list[InForce]:
    """The codes that a schedule has on the day; an empty one takes those of the charge list."""
    own = _fee_raises.in_force(session, schedule, on)
    if own:
        return own
    listed = _fee_rows.listed(session)
    found = [
        InForce(code, modifiers, row.wording or "", row.charge_cents, None, None)
        for (code, modifiers), row in sorted(listed.items())
        if row.active
    ]
    if not found:
        raise Refused("no_codes", "There are no codes yet. Enter them in Setup, Charges first.")
    return found


def _left(line: int, fee: InForce, why: str) -> ImportRow:
    return ImportRow(line, Fate.REFUSED, fee.code, fee.modifiers, fee.wording, why=why)


def _joined(plan: ImportPlan, left: list[ImportRow], asked: ImportFees) -> ImportPlan:
    rows = [replace(row, starts=row.starts or asked.starts) for row in plan.rows]
    return ImportPlan(tuple(sorted((*rows, *left), key=lambda row: row.line)))
