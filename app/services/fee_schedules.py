"""Fee schedules: what the practice charges and what contracts allow, by date and payer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.fee_book import modifiers_key
from app.domain.findings import Finding
from app.models.fees import Fee, FeeRaise, FeeSchedule
from app.services import (
    _fee_file,
    _fee_import,
    _fee_list,
    _fee_prices,
    _fee_raises,
    _fee_rows,
)
from app.services._checks import FieldChecks
from app.services._fee_file import Tell
from app.services.desk import Desk
from app.services.fee_commands import (
    FeeFile,
    FeeView,
    ImportFees,
    ImportPlan,
    RaisedFee,
    RaiseFees,
    RaiseRow,
    SaveFee,
    SaveSchedule,
    ScheduleRow,
)

MAX_FEE_CENTS = 99_999_999  # box 24F has room for six figures of dollars


class FeeScheduleService:
    """Lists of prices, percent raises, imports and exports; and which price holds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- which price holds --------------------------------------------------------------------
    def charge_for(
        self, code: str, modifiers: str, on: date, payer_id: int | None = None
    ) -> int | None:
        """What the practice charges a payer for one unit on a day (cents); None: not listed."""
        with self._desk.read() as session:
            return _fee_rows.charge_of(session, code, modifiers, on, payer_id)

    def expected(self, code: str, modifiers: str, on: date, payer_id: int) -> int | None:
        """What a payer's contract allows for one unit on a day (cents); None: it does not say."""
        with self._desk.read() as session:
            book = _fee_rows.contract_book(session, payer_id, [code])
            return book.allowed(code, modifiers, on)

    # --- schedules and their fees -------------------------------------------------------------
    def schedules(self) -> tuple[ScheduleRow, ...]:
        """All schedules, the usual charges first; two queries."""
        with self._desk.read() as session:
            return _fee_list.schedules(session)

    def save_schedule(self, command: SaveSchedule) -> int:
        """Saves a schedule's name, kind and whether it is in use; answers its id.

        Raises:
            Invalid: no name, or one that is taken.
            NotFound: the schedule is gone.
            Refused: ``usual_stays``, ``schedule_in_use``.
        """
        checks = FieldChecks()
        name = checks.text("name", command.name, "Enter the name of the schedule.")
        with self._desk.write() as session:
            row = FeeSchedule(kind=str(command.kind))
            if command.schedule_id is not None:
                row = _fee_list.schedule_of(session, command.schedule_id)
            twin = session.scalar(
                select(FeeSchedule.id).where(func.lower(FeeSchedule.name) == name.lower())
            )
            if twin not in (None, command.schedule_id):
                checks.add("name", "A schedule with this name is there already.")
            checks.done()
            self._check_change(session, row, command)
            row.name, row.kind, row.active = name, str(command.kind), command.active
            session.add(row)
            session.flush()
            self._note(session, "save fee schedule", row.id)
            return row.id

    def _check_change(self, session: Session, row: FeeSchedule, command: SaveSchedule) -> None:
        other = row.kind != command.kind
        if row.usual and (other or not command.active):
            raise Refused("usual_stays", "The usual charges hold for everybody, and stay in use.")
        if row.id is not None and other and _fee_list.users(session, row.id):
            raise Refused(
                "schedule_in_use", "Payers use this schedule. Take it off their forms first."
            )

    def remove_schedule(self, schedule_id: int) -> None:
        """Takes an empty schedule away; one with fees is only taken out of use.

        Raises:
            NotFound: the schedule is gone.
            Refused: ``usual_stays``, ``schedule_in_use``, ``schedule_has_fees``.
        """
        with self._desk.write() as session:
            row = _fee_list.schedule_of(session, schedule_id)
            if row.usual:
                raise Refused("usual_stays", "The usual charges hold for everybody, and stay.")
            if names := _fee_list.users(session, schedule_id):
                raise Refused(
                    "schedule_in_use",
                    f"{', '.join(names[:3])} use this schedule. Take it off their forms first.",
                )
            if session.scalar(select(Fee.id).where(Fee.schedule_id == schedule_id).limit(1)):
                raise Refused(
                    "schedule_has_fees",
                    "This schedule has fees, which past visits may need. Untick “In use” instead.",
                )
            session.execute(delete(FeeRaise).where(FeeRaise.schedule_id == schedule_id))
            session.delete(row)
            self._note(session, "remove fee schedule", schedule_id)

    def fees(self, schedule_id: int, on: date | None = None) -> tuple[FeeView, ...]:
        """The fees of a schedule by code and day; ``on``: only those that hold that day.

        Raises:
            NotFound: the schedule is gone.
        """
        with self._desk.read() as session:
            return _fee_list.fees(session, _fee_list.schedule_of(session, schedule_id), on)

    def save_fee(self, command: SaveFee) -> int:
        """Saves a dated fee, new or corrected; answers its id.

        Raises:
            Invalid: a wrong field, or days that another fee of the code has.
            NotFound: the schedule or the fee is gone.
        """
        checks = FieldChecks()
        code = checks.need("code", ids.check_procedure, command.code, "Enter the code.")
        for modifier in command.modifiers.replace(",", " ").split():
            checks.take("modifiers", ids.check_modifier, modifier)
        if not 0 <= command.cents <= MAX_FEE_CENTS:
            checks.add("cents", "Enter 0.00 to 999,999.99.")
        if command.starts and command.ends and command.ends < command.starts:
            checks.add("ends", "It ends before it begins.")
        checks.done()
        with self._desk.write() as session:
            schedule = _fee_list.schedule_of(session, command.schedule_id)
            fee = self._put(session, schedule, code, modifiers_key(command.modifiers), command)
            session.flush()
            self._note(session, "save fee", schedule.id, code)
            return fee.id

    def _put(
        self, session: Session, schedule: FeeSchedule, code: str, modifiers: str, command: SaveFee
    ) -> Fee:
        span = command.starts, command.ends
        if schedule.usual and command.starts is None and command.fee_id is None:
            raise Invalid([Finding("starts", "Type from which day; Charges holds the plain one.")])
        row = _fee_prices.clash(session, schedule.id, code, modifiers, span, command.fee_id)
        if row is not None:
            raise Invalid([Finding("starts", _fee_prices.clash_words(code, row))])
        if command.fee_id is None:
            return _fee_prices.put(session, schedule.id, code, modifiers, command.cents, span)
        fee = session.get(Fee, command.fee_id)
        if fee is None or fee.schedule_id != schedule.id:
            raise NotFound("This fee is no longer there. Refresh the list.")
        fee.code, fee.modifiers, fee.cents = code, modifiers, command.cents
        fee.starts, fee.ends = span
        return fee

    def remove_fee(self, fee_id: int) -> None:
        """Takes one dated fee away.

        Raises:
            NotFound: the fee is gone.
        """
        with self._desk.write() as session:
            fee = session.get(Fee, fee_id)
            if fee is None:
                raise NotFound("This fee is no longer there. Refresh the list.")
            self._note(session, "remove fee", fee.schedule_id, fee.code)
            session.delete(fee)

    # --- percent raises -----------------------------------------------------------------------
    def preview_raise(self, command: RaiseFees) -> tuple[RaisedFee, ...]:
        """Every fee before and after; nothing is changed.

        Raises:
            Invalid, NotFound: as ``raise_fees``.
        """
        with self._desk.read() as session:
            schedule = _fee_raises.check(session, command, self._desk.today)
            return _fee_raises.preview(session, schedule, command)

    def raise_fees(self, command: RaiseFees) -> int:
        """New dated fees from a day on, the old ones end the day before; answers the raise's id.

        Raises:
            Invalid: a percentage, a rounding or a day that cannot be.
            NotFound: the schedule is gone.
            Refused: ``nothing_to_raise``, ``fees_begin_that_day``.
        """
        with self._desk.write() as session:
            schedule = _fee_raises.check(session, command, self._desk.today)
            made = _fee_raises.apply(session, self._desk, schedule, command)
            self._note(session, "raise fees", schedule.id, str(command.percent_hundredths))
            return made.id

    def raises(self, schedule_id: int) -> tuple[RaiseRow, ...]:
        """The raises of a schedule, latest first."""
        with self._desk.read() as session:
            return _fee_raises.made(session, schedule_id)

    def undo_raise(self, raise_id: int) -> None:
        """Takes a raise back, as long as no charge was posted with it.

        Raises:
            NotFound: the raise is gone.
            Refused: ``raise_used``, ``later_raise``.
        """
        with self._desk.write() as session:
            row = _fee_raises.undo(session, raise_id)
            self._note(session, "undo raise", row.schedule_id, str(row.percent_hundredths))

    # --- files --------------------------------------------------------------------------------
    def read_file(self, path: Path, tell: Tell | None = None) -> FeeFile:
        """Reads a CSV or XLSX file and guesses its columns by their heads; nothing is changed.

        Raises:
            Refused: no table, truncated, damaged, too big, ``nothing_found``.
            StoreTrouble: the file cannot be read.
        """
        return _fee_file.read(path, tell)

    def plan_import(self, command: ImportFees) -> ImportPlan:
        """What an import would do, row by row; nothing is changed.

        Raises:
            Invalid: the columns of code and fee are not named.
            NotFound: the schedule is gone.
        """
        with self._desk.read() as session:
            return _fee_import.plan(session, command, self._desk.today)

    def import_fees(self, command: ImportFees) -> ImportPlan:
        """Does what the plan says in one transaction; rows refused are left out.

        Raises:
            Invalid, NotFound: as ``plan_import``.
            Refused: ``nothing_to_import``.
        """
        with self._desk.write() as session:
            done = _fee_import.apply(session, command, self._desk.today)
            self._note(session, "import fees", command.schedule_id)
            return done

    def export(self, schedule_id: int, kind: str) -> bytes:
        """A schedule as ``csv`` or ``xlsx``, with the heads that an import knows.

        Raises:
            NotFound: the schedule is gone.
        """
        from app.printing import fee_sheets  # noqa: PLC0415 - XlsxWriter is loaded when needed

        with self._desk.write() as session:
            schedule = _fee_list.schedule_of(session, schedule_id)
            rows = _fee_list.sheet_rows(session, schedule)
            self._note(session, "export fees", schedule_id, kind)
        made = fee_sheets.fees_xlsx if kind == "xlsx" else fee_sheets.fees_csv
        return made(rows)

    def _note(
        self, session: Session, action: str, schedule_id: int, detail: str | None = None
    ) -> None:
        self._desk.audit(
            session, action, entity="fee_schedule", entity_id=schedule_id, detail=detail
        )
