"""Good faith estimates: given, revised, printed; compared with the bill; disputed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.estimates import last_day_of_dispute, may_be_disputed
from app.domain.findings import Finding, Severity
from app.domain.money import format_cents
from app.domain.statements import HoldKind
from app.models.estimates import Estimate, EstimateComparison
from app.models.people import Facility, Patient, Provider
from app.models.statements import Statement, StatementLine
from app.models.visits import ChargeLine, Encounter
from app.services import _estimates, _statement_acts
from app.services.desk import Desk
from app.services.estimate_commands import EstimateMade, EstimateRow, MakeEstimate
from app.services.statement_commands import HoldAccount


class EstimateService:
    """What a patient who pays himself is told before, and held to after."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def give(self, command: MakeEstimate) -> EstimateMade:
        """Keeps an estimate as it is handed out, or one that takes another's place.

        Raises:
            Invalid: with a sentence for each wrong field.
            NotFound: no such patient.
            Refused: ``already_revised``, ``estimate_withdrawn``, ``no_practice``.
        """
        with self._desk.write() as session:
            _check(session, command)
            row = _estimates.keep(session, self._desk, command)
            action = "revise estimate" if command.revises_id else "give estimate"
            self._desk.audit(session, action, row.patient_id, "estimate", row.id)
            return EstimateMade(row.id, row.due_on, row.total_cents, _late(row))

    def pdf(self, estimate_id: int) -> bytes:
        """The very bytes that were handed out.

        Raises:
            NotFound: no such estimate.
        """
        with self._desk.write() as session:
            row = _estimates.kept(session, estimate_id)
            self._desk.audit(session, "view estimate", row.patient_id, "estimate", row.id)
            return row.pdf

    def withdraw(self, estimate_id: int) -> None:
        """The estimate no longer stands; it stays on record.

        Raises:
            NotFound: no such estimate.
            Refused: ``estimate_withdrawn``.
        """
        with self._desk.write() as session:
            row = _estimates.kept(session, estimate_id)
            if row.withdrawn_at is not None:
                raise Refused("estimate_withdrawn", "This estimate was already withdrawn.")
            row.withdrawn_at = self._desk.clock.now()
            self._desk.audit(session, "withdraw estimate", row.patient_id, "estimate", row.id)

    def of_patient(self, patient_id: int) -> tuple[EstimateRow, ...]:
        """A patient's estimates, newest first, each with the visit it was compared with.

        Raises:
            NotFound: no such patient.
        """
        with self._desk.viewing(patient_id, "estimates") as session:
            revised = set(session.scalars(select(Estimate.revises_id)))
            rows = session.execute(
                select(Estimate, EstimateComparison)
                .outerjoin(EstimateComparison, EstimateComparison.estimate_id == Estimate.id)
                .where(Estimate.patient_id == patient_id)
                .order_by(Estimate.id.desc())
            )
            return tuple(_row(row, beside, revised) for row, beside in rows)

    def too_high(self) -> tuple[int, ...]:
        """Patients with a bill that may be disputed and was not dealt with, oldest first."""
        with self._desk.read() as session:
            found = _estimates.too_high(session)
        return tuple(dict.fromkeys(patient for patient, _, _ in found))

    def settle(self, encounter_id: int) -> None:
        """The biller has dealt with a bill above its estimate; it is no loose end any more.

        Raises:
            NotFound: the visit had no estimate.
        """
        with self._desk.write() as session:
            beside = _beside(session, encounter_id)
            beside.seen_at = self._desk.clock.now()
            self._audit(session, "settle estimate", encounter_id)

    def dispute(self, encounter_id: int, note: str = "") -> int:
        """The patient disputes a bill: its statements stop, and no fee is added (45 CFR 149.620).

        Answers the hold's id; it is released on the Statements page.

        Raises:
            NotFound: the visit had no estimate.
            Refused: ``not_far_enough_above``, ``dispute_too_late``.
        """
        with self._desk.write() as session:
            beside = _beside(session, encounter_id)
            self._check_dispute(session, beside)
            visit = session.get_one(Encounter, encounter_id)
            patient = session.get_one(Patient, visit.patient_id)
            hold = HoldAccount(
                patient.guarantor_id,
                HoldKind.GFE_DISPUTE,
                encounter_id=encounter_id,
                note=note.strip() or f"billed {format_cents(beside.over_cents)} above the estimate",
            )
            row = _statement_acts.hold(session, self._desk, hold)
            beside.seen_at = self._desk.clock.now()
            self._audit(session, "dispute estimate", encounter_id)
            return row.id

    def _check_dispute(self, session: Session, beside: EstimateComparison) -> None:
        if not may_be_disputed(beside.over_cents, 0):
            raise Refused(
                "not_far_enough_above",
                "A bill may be disputed when it lies 400.00 or more above its estimate.",
            )
        last = last_day_of_dispute(_first_billed(session, beside))
        if self._desk.today > last:
            raise Refused("dispute_too_late", "A dispute starts within 120 days of the bill.")

    def _audit(self, session: Session, action: str, encounter_id: int) -> None:
        patient = session.get_one(Encounter, encounter_id).patient_id
        self._desk.audit(session, action, patient, "encounter", encounter_id)


def _check(session: Session, command: MakeEstimate) -> None:
    if session.get(Patient, command.patient_id) is None:
        raise NotFound("This patient is no longer there. Refresh the list.")
    found = []
    if session.get(Provider, command.provider_id) is None:
        found.append(Finding("provider_id", "Choose the provider."))
    if command.facility_id is not None and session.get(Facility, command.facility_id) is None:
        found.append(Finding("facility_id", "Choose the place of service."))
    if not command.service.strip():
        found.append(Finding("service", "Say in plain words what is to be done."))
    if sum(item.charge_cents for item in command.items) <= 0:
        found.append(Finding("items", "Enter what is expected to be charged."))
    for number, item in enumerate(command.items):
        if not item.code.strip() or item.charge_cents < 0:
            found.append(Finding(f"items.{number}", "Enter the code and its expected charge."))
    if found:
        raise Invalid(found)
    if command.revises_id is not None:
        _check_revisable(session, command.revises_id)


def _check_revisable(session: Session, estimate_id: int) -> None:
    row = _estimates.kept(session, estimate_id)
    if row.withdrawn_at is not None:
        raise Refused("estimate_withdrawn", "This estimate was withdrawn. Give a new one.")
    if session.scalar(select(Estimate.id).where(Estimate.revises_id == row.id)) is not None:
        raise Refused("already_revised", "A newer estimate already takes the place of this one.")


def _late(row: Estimate) -> tuple[Finding, ...]:
    if row.due_on is None or row.given_on <= row.due_on:
        return ()
    words = f"This estimate was due on {row.due_on:%m/%d/%Y}. Keep a note of why it is late."
    return (Finding("given_on", words, Severity.WARNING),)


def _row(row: Estimate, beside: EstimateComparison | None, revised: set[int | None]) -> EstimateRow:
    state = "withdrawn" if row.withdrawn_at else "revised" if row.id in revised else "given"
    return EstimateRow(
        row.id,
        row.given_on,
        row.service_date,
        row.service,
        row.total_cents,
        state,
        beside.encounter_id if beside else None,
        beside.over_cents if beside else None,
    )


def _beside(session: Session, encounter_id: int) -> EstimateComparison:
    found = session.get(EstimateComparison, encounter_id)
    if found is None:
        raise NotFound("This visit had no estimate.")
    return found


def _first_billed(session: Session, beside: EstimateComparison) -> date:
    """The day of the first statement that asked for the visit; before it, the day of posting."""
    query = (
        select(func.min(Statement.printed_on))
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .join(ChargeLine, ChargeLine.id == StatementLine.charge_line_id)
        .where(ChargeLine.encounter_id == beside.encounter_id, Statement.voided_at.is_(None))
    )
    return session.scalar(query) or beside.on_date
