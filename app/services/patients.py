"""Patients with their guarantor and policies: find, read, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.db.search import find_patients
from app.domain import identifiers as ids
from app.domain.claim_form import Address
from app.domain.errors import Conflict, NotFound
from app.domain.findings import Finding, Severity
from app.models.people import Guarantor, Patient, Payer, Policy
from app.services._addresses import address_of, check_address
from app.services._checks import FieldChecks, blank_to_none
from app.services._policies import keep_policies, policy_command
from app.services.desk import Desk
from app.services.people_commands import SaveGuarantor, SavePatient


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient in a list."""

    patient_id: int
    account_no: str
    name: str
    birth_date: date
    phone: str
    payer: str  # primary payer in force, or empty


@dataclass(frozen=True, slots=True)
class PatientSaved:
    """The id, and what to look at once (a possible duplicate, an odd Medicare number)."""

    patient_id: int
    account_no: str
    warnings: tuple[Finding, ...] = ()


class PatientService:
    """Everything about the person treated, except the money."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, text: str, limit: int = 50) -> tuple[PatientRow, ...]:
        """Patients by the beginnings of name, account number, birth date or phone."""
        with self._desk.read() as session:
            if text.strip():
                keys = find_patients(session, text, limit)
            else:
                newest = select(Patient.id).order_by(Patient.last, Patient.first).limit(limit)
                keys = list(session.scalars(newest))
            return _rows(session, keys, self._desk.today)

    def rows(self, patient_ids: Sequence[int]) -> tuple[PatientRow, ...]:
        """These patients as rows of a list, in the order given."""
        with self._desk.read() as session:
            return _rows(session, list(patient_ids), self._desk.today)

    def show(self, patient_id: int) -> SavePatient:
        """A patient as she or he can be edited; the look is audited."""
        with self._desk.viewing(patient_id, "patient") as session:
            row = _patient(session, patient_id)
            policies = session.scalars(
                select(Policy)
                .where(Policy.patient_id == patient_id)
                .order_by(Policy.termination.is_not(None), Policy.rank, Policy.id)
            )
            guarantor = session.get_one(Guarantor, row.guarantor_id)
            return _command(row, guarantor, tuple(policy_command(p) for p in policies))

    def save(self, command: SavePatient) -> PatientSaved:
        """Saves patient, guarantor and policies in one transaction.

        Raises:
            Invalid: with a sentence for each wrong field (``policies.0.member_id`` and so on).
            Conflict: somebody saved the patient in the meantime.
            Refused: ``policy:policy_was_billed`` when a billed policy would be overwritten.
        """
        checks = FieldChecks()
        values = _values(checks, command, self._desk.today)
        with self._desk.write() as session:
            if command.patient_id is None:
                self._warn_duplicates(session, checks, command)
            row = self._keep(session, checks, command, values)
            keep_policies(session, checks, row, command.policies, self._desk.today)
            warnings = checks.done()
            session.flush()
            self._desk.audit(session, "save patient", row.id, "patient", row.id)
            return PatientSaved(row.id, row.account_no, warnings)

    def _keep(
        self, session: Session, checks: FieldChecks, command: SavePatient, values: dict[str, Any]
    ) -> Patient:
        if command.patient_id is None:
            row = Patient(**values, created_at=self._desk.clock.now())
            row.account_no = command.account_no.strip() or _next_account_no(session)
        else:
            row = _patient(session, command.patient_id)
            if command.version is not None and command.version != row.version:
                raise Conflict(
                    "This patient was changed in another window. Reopen the patient; what you "
                    "typed is kept as a draft."
                )
            for name, value in values.items():
                setattr(row, name, value)
            # A change of policies or guarantor alone is a new version of the patient, too.
            flag_modified(row, "last")
            if command.account_no.strip():
                row.account_no = command.account_no.strip()
        self._check_account_no(session, checks, row)
        checks.done()
        self._keep_guarantor(session, command, row)
        session.add(row)
        session.flush()
        return row

    def _check_account_no(self, session: Session, checks: FieldChecks, row: Patient) -> None:
        with session.no_autoflush:
            twin = session.scalar(select(Patient.id).where(Patient.account_no == row.account_no))
        if twin is not None and twin != row.id:
            checks.add("account_no", "Another patient has this account number.")
        if len(row.account_no) > 14:
            checks.add("account_no", "Box 26 has room for 14 characters.")

    def _keep_guarantor(self, session: Session, command: SavePatient, row: Patient) -> None:
        own_account = row.guarantor_id is not None and row.guarantor_is_patient
        row.guarantor_is_patient = command.guarantor is None
        wanted = command.guarantor or SaveGuarantor(
            last=command.last,
            first=command.first,
            middle=command.middle,
            address=command.address,
            phone=command.phone,
            birth_date=command.birth_date,
        )
        found = session.get(Guarantor, wanted.guarantor_id) if wanted.guarantor_id else None
        if found is None and own_account and command.guarantor is None:
            found = session.get(Guarantor, row.guarantor_id)
        guarantor = found or Guarantor()
        checks = FieldChecks("guarantor.")
        guarantor.last = checks.text("last", wanted.last, "Enter the guarantor's last name.")
        guarantor.first = checks.text("first", wanted.first, "Enter the guarantor's first name.")
        guarantor.middle = blank_to_none(wanted.middle)
        guarantor.birth_date = wanted.birth_date
        for name, value in check_address(checks, "", wanted.address).items():
            setattr(guarantor, name, value)
        guarantor.phone = checks.take("phone", ids.check_phone, wanted.phone)
        checks.done()
        session.add(guarantor)
        session.flush()
        row.guarantor_id = guarantor.id

    def _warn_duplicates(self, session: Session, checks: FieldChecks, command: SavePatient) -> None:
        same_day = session.scalars(select(Patient).where(Patient.birth_date == command.birth_date))
        name = f"{command.last} {command.first}".casefold()
        for other in same_day:
            if ratio(name, f"{other.last} {other.first}".casefold()) >= 85:
                checks.add(
                    "last",
                    f"A patient with nearly this name and the same birth date is on file, "
                    f"account {other.account_no}. Is it the same person?",
                    Severity.WARNING,
                )

    def guarantors(self, text: str, limit: int = 20) -> tuple[tuple[int, str], ...]:
        """Guarantors whose last name begins with ``text``: (id, name)."""
        query = (
            select(Guarantor.id, Guarantor.last, Guarantor.first)
            .where(func.lower(Guarantor.last).startswith(text.strip().lower(), autoescape=True))
            .order_by(Guarantor.last, Guarantor.first)
            .limit(limit)
        )
        with self._desk.read() as session:
            return tuple((i, f"{last}, {first}") for i, last, first in session.execute(query))


def _patient(session: Session, patient_id: int) -> Patient:
    row = session.get(Patient, patient_id)
    if row is None:
        raise NotFound("This patient is no longer there. Refresh the list.")
    return row


def _next_account_no(session: Session) -> str:
    """The next free number; those typed by hand are stepped over."""
    number = 10001 + (session.scalar(select(func.max(Patient.id))) or 0)
    while session.scalar(select(Patient.id).where(Patient.account_no == str(number))):
        number += 1
    return str(number)


def _values(checks: FieldChecks, command: SavePatient, today: date) -> dict[str, Any]:
    if command.birth_date is None:
        checks.add("birth_date", "Enter the birth date.")
    elif command.birth_date > today:
        checks.add("birth_date", "A birth date cannot lie in the future.")
    elif today.year - command.birth_date.year > 120:
        checks.add("birth_date", "Nobody is more than 120 years old. Check the year.")
    if command.sex not in ("", "M", "F"):
        checks.add("sex", "Sex is M or F, as the payer has it on file.")
    return {
        "last": checks.text("last", command.last, "Enter the last name."),
        "first": checks.text("first", command.first, "Enter the first name."),
        "middle": blank_to_none(command.middle),
        "suffix": blank_to_none(command.suffix),
        "birth_date": command.birth_date,
        "sex": command.sex or None,
        **check_address(checks, "", command.address),
        "phone": checks.take("phone", ids.check_phone, command.phone),
        "email": blank_to_none(command.email),
        "release_signature_date": command.release_signature_date,
        "death_date": command.death_date,
        "do_not_bill_insurance": command.do_not_bill_insurance,
        "hospice": command.hospice,
        "qmb": command.qmb,
        "alert": blank_to_none(command.alert),
    }


def _rows(session: Session, keys: list[int], today: date) -> tuple[PatientRow, ...]:
    """Rows in the order of ``keys``, in two queries whatever their number."""
    found = {p.id: p for p in session.scalars(select(Patient).where(Patient.id.in_(keys)))}
    payers: dict[int, str] = {}
    in_force = (
        select(Policy.patient_id, Payer.name)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(
            Policy.patient_id.in_(keys),
            (Policy.termination.is_(None)) | (Policy.termination >= today),
        )
        .order_by(Policy.rank.desc())
    )
    # Highest order first, so that the payer billed first is the one that stays.
    payers.update(session.execute(in_force).all())
    return tuple(
        PatientRow(
            patient_id=p.id,
            account_no=p.account_no,
            name=f"{p.last}, {p.first}" + (f" {p.middle[0]}" if p.middle else ""),
            birth_date=p.birth_date,
            phone=p.phone or "",
            payer=payers.get(p.id, ""),
        )
        for key in keys
        if (p := found.get(key)) is not None
    )


def _command(row: Patient, guarantor: Guarantor, policies: tuple[Any, ...]) -> SavePatient:
    return SavePatient(
        last=row.last,
        first=row.first,
        middle=row.middle or "",
        suffix=row.suffix or "",
        birth_date=row.birth_date,
        sex=row.sex or "",
        address=address_of(row),
        phone=row.phone or "",
        email=row.email or "",
        account_no=row.account_no,
        guarantor=None if row.guarantor_is_patient else _guarantor_command(guarantor),
        release_signature_date=row.release_signature_date,
        death_date=row.death_date,
        do_not_bill_insurance=row.do_not_bill_insurance,
        hospice=row.hospice,
        qmb=row.qmb,
        alert=row.alert or "",
        policies=policies,
        patient_id=row.id,
        version=row.version,
    )


def _guarantor_command(row: Guarantor) -> SaveGuarantor:
    address: Address = address_of(row)
    return SaveGuarantor(
        last=row.last,
        first=row.first,
        middle=row.middle or "",
        address=address,
        phone=row.phone or "",
        birth_date=row.birth_date,
        guarantor_id=row.id,
    )
