"""Encounters: coded as drafts, posted to the books in one transaction, then locked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, Account, Leg
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.models.people import Patient, Payer, Policy, Provider
from app.models.visits import ChargeLine, Diagnosis, Encounter, EncounterCoverage
from app.services import (
    _claim_making,
    _encounter_rows,
    _encounter_saving,
    _estimates,
    _ledger,
    _self_pay,
)
from app.services._checks import FieldChecks
from app.services.desk import Desk
from app.services.encounter_commands import (
    ChargesPosted,
    EncounterSaved,
    EncounterView,
    SaveEncounter,
    SaveLine,
)


class EncounterService:
    """Save, post, hold, void and show encounters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, command: SaveEncounter) -> EncounterSaved:
        """Saves a draft.

        Raises:
            Invalid: with a sentence for each wrong field (``lines.0.code``, ``diagnoses.1``).
            Refused: ``policy:billed_line_locked`` once charges are posted.
            Conflict: saved elsewhere in the meantime.
        """
        with self._desk.write() as session:
            return _encounter_saving.keep(session, self._desk, command)

    def show(self, encounter_id: int) -> EncounterView:
        """An encounter opened for work; the look is audited."""
        with self._desk.read() as session:
            patient_id = _encounter(session, encounter_id).patient_id
        with self._desk.viewing(patient_id, "encounter", "encounter", encounter_id) as session:
            row = _encounter(session, encounter_id)
            lines = _lines(session, row.id)
            chosen = list(session.scalars(_coverage(row.id)))
            policies = chosen or ([] if row.self_pay else in_force(session, row))
            patient = session.get_one(Patient, row.patient_id)
            provider = session.get_one(Provider, row.provider_id)
            names = dict(
                session.execute(
                    select(Policy.id, Payer.name).join(Payer).where(Policy.id.in_(policies))
                ).all()
            )
            codes = list(
                session.scalars(
                    select(Diagnosis.code)
                    .where(Diagnosis.encounter_id == row.id)
                    .order_by(Diagnosis.position)
                )
            )
            return EncounterView(
                command=_encounter_rows.encounter_command(row, codes, lines, chosen),
                state="on hold" if row.hold_reason and row.status == "draft" else row.status,
                patient_name=f"{patient.last}, {patient.first}",
                provider_name=f"{provider.last}, {provider.first}",
                payers=tuple(names[p] for p in policies),
                total_cents=sum(line.charge_cents for line in lines),
                hold_reason=row.hold_reason or "",
                hold_until=row.hold_until,
            )

    def copy_last_visit(
        self, patient_id: int, but: int | None = None
    ) -> tuple[tuple[str, ...], tuple[SaveLine, ...]]:
        """Diagnoses and lines of the patient's latest encounter other than ``but``."""
        with self._desk.viewing(patient_id, "last encounter") as session:
            last = session.scalar(
                select(Encounter)
                .where(
                    Encounter.patient_id == patient_id,
                    Encounter.status != "voided",
                    Encounter.id.is_distinct_from(but),
                )
                .order_by(Encounter.service_date.desc(), Encounter.id.desc())
                .limit(1)
            )
            if last is None:
                return (), ()
            codes = session.scalars(
                select(Diagnosis.code)
                .where(Diagnosis.encounter_id == last.id)
                .order_by(Diagnosis.position)
            )
            lines = [_encounter_rows.line_command(line) for line in _lines(session, last.id)]
            return tuple(codes), tuple(
                SaveLine(
                    code=line.code,
                    charge_cents=line.charge_cents,
                    modifiers=line.modifiers,
                    pointers=line.pointers,
                    units=line.units,
                    place_of_service=line.place_of_service,
                    description=line.description,
                )
                for line in lines
            )

    def post_charges(self, encounter_id: int, accounting_date: date | None = None) -> ChargesPosted:
        """Posts the charges, fixes the order of payers and makes their claims, all at once.

        Raises:
            Invalid: nothing to bill, or a line without what its payer needs.
            Refused: already posted (``policy:billed_line_locked``), on hold (``on_hold``),
                closed month (``closed_period``).
        """
        with self._desk.write() as session:
            row = _encounter(session, encounter_id)
            if row.status != "draft":
                raise _encounter_saving.locked()
            if row.hold_reason:
                raise Refused("on_hold", f"This encounter is on hold: {row.hold_reason}")
            lines = _lines(session, row.id)
            policies = self._fix_coverage(session, row)
            _check_postable(session, row, lines, insured=bool(policies))
            party = _ledger.party_of(session, policies[0]) if policies else PATIENT_PARTY
            legs = [leg for line in lines for leg in _charge_legs(line, party)]
            row.status = "posted"
            on = accounting_date or self._desk.today
            journal = _ledger.post(session, self._desk, "charge", legs, accounting_date=on)
            claims = _claim_making.first_claims(session, self._desk, row, policies, lines)
            self._desk.audit(session, "post charges", row.patient_id, "encounter", row.id)
            total = sum(line.charge_cents for line in lines)
            forgiven = over = 0
            if not policies:
                forgiven = _self_pay.forgive(session, self._desk, row, lines, on)
                over = _estimates.compare(session, self._desk, row)
            name = _payer_name(session, policies)
            return ChargesPosted(journal, total, claims, name, forgiven, over)

    def _fix_coverage(self, session: Session, row: Encounter) -> list[int]:
        chosen = list(session.scalars(_coverage(row.id)))
        patient = session.get_one(Patient, row.patient_id)
        if row.self_pay or patient.do_not_bill_insurance:
            return []
        if not chosen:
            chosen = in_force(session, row)
            _encounter_rows.keep_coverage(session, row, tuple(chosen))
            session.flush()
        return chosen

    def hold(self, encounter_id: int, reason: str, until: date | None = None) -> None:
        """Sets a draft aside with a reason; ``until``: the day on which it comes back to her.

        Raises:
            Invalid: no reason, or a day that is over.
        """
        found = []
        if not reason.strip():
            found.append(Finding("hold_reason", "Say why it is on hold."))
        if until is not None and until < self._desk.today:
            found.append(Finding("hold_until", "Type today or a later day, like +3."))
        if found:
            raise Invalid(found)
        self._set_hold(encounter_id, reason.strip(), until)

    def release(self, encounter_id: int) -> None:
        """Takes a draft off hold."""
        self._set_hold(encounter_id, None, None)

    def _set_hold(self, encounter_id: int, reason: str | None, until: date | None) -> None:
        with self._desk.write() as session:
            row = _encounter(session, encounter_id)
            if row.status != "draft":
                raise _encounter_saving.locked()
            row.hold_reason, row.hold_until = reason, until
            action = "hold encounter" if reason else "release encounter"
            self._desk.audit(session, action, row.patient_id, "encounter", row.id, reason)

    def delete_draft(self, encounter_id: int) -> None:
        """Deletes an encounter that never reached the books.

        Raises:
            Refused: ``policy:billed_line_locked`` once charges are posted.
        """
        with self._desk.write() as session:
            row = _encounter(session, encounter_id)
            if row.status != "draft":
                raise _encounter_saving.locked()
            _encounter_saving.empty(session, row)
            self._desk.audit(session, "delete encounter", row.patient_id, "encounter", row.id)
            session.delete(row)


def in_force(session: Session, row: Encounter) -> list[int]:
    """Policies of the patient in force on the date of service, first payer first."""
    day = row.service_date
    return list(
        session.scalars(
            select(Policy.id)
            .where(
                Policy.patient_id == row.patient_id,
                or_(Policy.effective.is_(None), Policy.effective <= day),
                or_(Policy.termination.is_(None), Policy.termination >= day),
            )
            .order_by(Policy.rank, Policy.id)
        )
    )


def _coverage(encounter_id: int) -> Select[int]:
    return (
        select(EncounterCoverage.policy_id)
        .where(EncounterCoverage.encounter_id == encounter_id)
        .order_by(EncounterCoverage.rank)
    )


def _encounter(session: Session, encounter_id: int) -> Encounter:
    row = session.get(Encounter, encounter_id)
    if row is None:
        raise NotFound("This encounter is no longer there. Refresh the list.")
    return row


def _lines(session: Session, encounter_id: int) -> list[ChargeLine]:
    query = select(ChargeLine).where(ChargeLine.encounter_id == encounter_id)
    return list(session.scalars(query.order_by(ChargeLine.position, ChargeLine.id)))


def _charge_legs(line: ChargeLine, party: int) -> tuple[Leg, Leg]:
    return (
        Leg(Account.RECEIVABLE, line.charge_cents, line_id=line.id, party_id=party),
        Leg(Account.REVENUE, -line.charge_cents, line_id=line.id),
    )


def _check_postable(
    session: Session, row: Encounter, lines: list[ChargeLine], *, insured: bool
) -> None:
    checks = FieldChecks()
    if not lines:
        checks.add("lines", "Enter at least one service line.")
    elif not sum(line.charge_cents for line in lines):
        checks.add("lines", "Nothing is charged. Enter the charges.")
    if insured:
        diagnoses = session.scalar(
            select(func.count()).select_from(Diagnosis).where(Diagnosis.encounter_id == row.id)
        )
        if not diagnoses:
            checks.add("diagnoses", "Enter at least one diagnosis; the payer needs it.")
        for number, line in enumerate(lines):
            if diagnoses and not line.pointers:
                checks.add(f"lines.{number}.pointers", "Say which diagnosis this line is for.")
    checks.done()


def _payer_name(session: Session, policies: list[int]) -> str:
    if not policies:
        return ""
    query = select(Payer.name).join(Policy).where(Policy.id == policies[0])
    return session.scalar(query) or ""
