"""Visits that come again: set up from a visit, made as drafts when she says so, never posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.domain.rhythm import UNITS, Rhythm
from app.models.attachments import RecurringDay
from app.services import _encounter_saving, _recurring_rows
from app.services.codesets import CodeSetService
from app.services.desk import Desk

MOST_EVERY = 366


@dataclass(frozen=True, slots=True)
class SaveRecurring:
    """A rhythm for a visit: of a new one made from ``encounter_id``, or of ``recurring_id``.

    ``until`` and ``times`` are both optional; one of them at most.
    """

    every: int
    unit: str
    first_on: date
    until: date | None = None
    times: int | None = None
    encounter_id: int | None = None
    recurring_id: int | None = None


@dataclass(frozen=True, slots=True)
class RecurringRow:
    """A visit that comes again. ``next_on`` None: nothing more to come. ``due``: days waiting."""

    recurring_id: int
    patient_id: int
    patient_name: str
    codes: str
    diagnoses: str
    rhythm: Rhythm
    next_on: date | None
    due: int
    made: int
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A day on which a recurring visit is due, up to today."""

    recurring_id: int
    patient_id: int
    patient_name: str
    day: date
    codes: str


@dataclass(frozen=True, slots=True)
class MadeDraft:
    """A draft made of a due day. ``trouble``: a sentence about what is no longer valid."""

    encounter_id: int
    patient_name: str
    day: date
    trouble: str = ""


class RecurringService:
    """Templates, their due days, and the drafts made of them."""

    def __init__(self, desk: Desk, codesets: CodeSetService) -> None:
        self._desk, self._codesets = desk, codesets

    def save(self, command: SaveRecurring) -> int:
        """Sets up or changes a rhythm; what was made before stays.

        Raises:
            Invalid: a number or date that makes no sense, or a visit without service lines.
            NotFound: the visit or the template is no longer there.
        """
        _check(command)
        with self._desk.write() as session:
            if command.recurring_id is not None:
                row = _recurring_rows.template(session, command.recurring_id)
            else:
                row = _recurring_rows.from_visit(
                    session, command.encounter_id or 0, self._desk.clock.now()
                )
            row.every, row.unit, row.first_on = command.every, command.unit, command.first_on
            row.until, row.times, row.ended_on = command.until, command.times, None
            session.flush()
            what = "save recurring visit"
            self._desk.audit(session, what, row.patient_id, "recurring_visit", row.id)
            return row.id

    def end(self, recurring_id: int) -> None:
        """Nothing more is due from today on; drafts that were made stay."""
        self._set_end(recurring_id, self._desk.today, "end recurring visit")

    def resume(self, recurring_id: int) -> None:
        """Undoes ``end``."""
        self._set_end(recurring_id, None, "resume recurring visit")

    def _set_end(self, recurring_id: int, day: date | None, what: str) -> None:
        with self._desk.write() as session:
            row = _recurring_rows.template(session, recurring_id)
            row.ended_on = day
            self._desk.audit(session, what, row.patient_id, "recurring_visit", row.id)

    def templates(self, *, ended: bool = False) -> tuple[RecurringRow, ...]:
        """Every visit that comes again, by the patient's name; with ``ended`` those, too."""
        with self._desk.read() as session:
            found = _recurring_rows.load(session)
            rows = tuple(
                RecurringRow(
                    t.row.id,
                    t.row.patient_id,
                    t.name,
                    " ".join(line.code for line in t.lines),
                    t.row.diagnoses,
                    t.rhythm,
                    t.next_on(self._desk.today),
                    len(t.due(self._desk.today)),
                    t.made,
                    t.row.ended_on,
                )
                for t in found
            )
        return tuple(row for row in rows if ended or row.ended_on is None)

    def due(self) -> tuple[DueVisit, ...]:
        """Days up to today of which nothing was made and that were not skipped, oldest first."""
        today = self._desk.today
        with self._desk.read() as session:
            found = [
                DueVisit(t.row.id, t.row.patient_id, t.name, day, " ".join(n.code for n in t.lines))
                for t in _recurring_rows.load(session)
                for day in t.due(today)
            ]
        return tuple(sorted(found, key=lambda due: (due.day, due.patient_name)))

    def make_due(self) -> tuple[MadeDraft, ...]:
        """Makes a draft of every due day, all or none; nothing is posted.

        Charges are those of the charge list on this day; diagnoses are judged on the new date.
        """
        today, made = self._desk.today, []
        with self._desk.write() as session:
            for template in _recurring_rows.load(session):
                for day in template.due(today):
                    command = _recurring_rows.command(session, template, day)
                    saved = _encounter_saving.keep(session, self._desk, command)
                    key = template.row.id
                    session.add(
                        RecurringDay(recurring_id=key, day=day, encounter_id=saved.encounter_id)
                    )
                    trouble = self._trouble(command.diagnoses, day)
                    made.append(MadeDraft(saved.encounter_id, template.name, day, trouble))
            session.flush()
        return tuple(sorted(made, key=lambda draft: (draft.day, draft.patient_name)))

    def unmake(self, encounter_ids: tuple[int, ...]) -> None:
        """Undoes ``make_due``: deletes drafts that nobody has touched; their days are due again.

        Raises:
            Refused: ``touched`` when one of them was worked on since.
        """
        with self._desk.write() as session:
            for day, visit in _recurring_rows.made(session, encounter_ids):
                if visit.status != "draft" or visit.version != 1:
                    raise Refused(
                        "touched", "One of these drafts was worked on. Delete the others by hand."
                    )
                session.delete(day)
                session.flush()
                _encounter_saving.empty(session, visit)
                what = "delete encounter"
                self._desk.audit(session, what, visit.patient_id, "encounter", visit.id)
                session.delete(visit)

    def skip(self, recurring_id: int, day: date) -> None:
        """One day of the rhythm is left out."""
        with self._desk.write() as session:
            row = _recurring_rows.template(session, recurring_id)
            if session.get(RecurringDay, (recurring_id, day)) is not None:
                raise Refused("made_already", "This day was made or skipped already.")
            session.add(RecurringDay(recurring_id=recurring_id, day=day))
            self._desk.audit(
                session, "skip recurring visit", row.patient_id, "recurring_visit", row.id
            )

    def unskip(self, recurring_id: int, day: date) -> None:
        """Undoes ``skip``."""
        with self._desk.write() as session:
            row = _recurring_rows.template(session, recurring_id)
            found = session.get(RecurringDay, (recurring_id, day))
            if found is None or found.encounter_id is not None:
                raise NotFound("This day is not skipped.")
            session.delete(found)
            self._desk.audit(
                session, "unskip recurring visit", row.patient_id, "recurring_visit", row.id
            )

    def _trouble(self, codes: tuple[str, ...], day: date) -> str:
        if not self._codesets.ready:
            return ""
        judged = (self._codesets.judge(code, day) for code in codes)
        return " ".join(standing.note for standing in judged if not standing.billable)


def _check(command: SaveRecurring) -> None:
    found = []
    if not 1 <= command.every <= MOST_EVERY:
        found.append(Finding("every", f"Type a number from 1 to {MOST_EVERY}."))
    if command.unit not in UNITS:
        found.append(Finding("unit", "Choose days, weeks or months."))
    if command.until is not None and command.until < command.first_on:
        found.append(Finding("until", "The last day lies before the first."))
    if command.times is not None and not 1 <= command.times <= 999:
        found.append(Finding("times", "Type how many times, from 1 to 999."))
    if command.until is not None and command.times is not None:
        found.append(Finding("times", "Give a last day or a number of times, not both."))
    if found:
        raise Invalid(found)
