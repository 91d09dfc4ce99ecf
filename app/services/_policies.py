"""Inner functions on policies: checked, kept, ended; never overwritten once billed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.books import PartyKind
from app.domain.claim_form import PayerType, Relationship
from app.domain.dates import format_date
from app.domain.errors import NotFound, Refused
from app.domain.findings import Severity
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import Claim
from app.services._addresses import address_of, check_address
from app.services._checks import FieldChecks, blank_to_none
from app.services.people_commands import InsuredPerson, SavePolicy

# What makes a policy the one that was billed; the rest may be completed later.
_IDENTITY = ("payer_id", "member_id", "relationship", "insured_last", "insured_first")


def keep_policies(
    session: Session,
    checks: FieldChecks,
    patient: Patient,
    commands: tuple[SavePolicy, ...],
    today: date,
) -> None:
    """Adds and changes the policies typed with a patient; findings carry ``policies.N.``."""
    for number, command in enumerate(commands):
        part = FieldChecks(f"policies.{number}.")
        payer = session.get(Payer, command.payer_id)
        if payer is None:
            part.add("payer_id", "Choose the payer.")
        else:
            values = _values(part, command, payer)
            if not any(f.severity is Severity.ERROR for f in part.findings):
                _keep(session, patient, command, values)
        checks.findings += part.findings
    if not any(f.severity is Severity.ERROR for f in checks.findings):
        session.flush()
        _check_overlap(session, checks, patient, today)


def _keep(session: Session, patient: Patient, command: SavePolicy, values: dict[str, Any]) -> None:
    if command.policy_id is None:
        row = Policy(patient_id=patient.id, **values)
        session.add(row)
        session.flush()
        session.add(Party(kind=str(PartyKind.POLICY), policy_id=row.id))
        return
    found = session.get(Policy, command.policy_id)
    if found is None or found.patient_id != patient.id:
        raise NotFound("This policy is no longer there. Reopen the patient.")
    if any(getattr(found, n) != values[n] for n in _IDENTITY) and _was_billed(session, found):
        raise Refused(
            "policy:policy_was_billed",
            "A claim was sent under this policy, so it stays as it was. Give it an end date and "
            "add the new policy beside it.",
        )
    for name, value in values.items():
        setattr(found, name, value)


def _was_billed(session: Session, policy: Policy) -> bool:
    sent = select(Claim.id).where(
        Claim.policy_id == policy.id, Claim.status.not_in(("ready", "held"))
    )
    return session.scalar(sent.limit(1)) is not None


def _check_overlap(session: Session, checks: FieldChecks, patient: Patient, today: date) -> None:
    """Two policies of the same rank in force on one day: nobody could tell who is billed first."""
    rows = session.scalars(
        select(Policy).where(Policy.patient_id == patient.id).order_by(Policy.rank, Policy.id)
    ).all()
    for i, one in enumerate(rows):
        for other in rows[i + 1 :]:
            if one.rank == other.rank and _overlap(one, other):
                checks.add(
                    "policies",
                    f"Two policies of order {one.rank} are in force at once. End the earlier one "
                    f"(for example {format_date(today)}) or change the order.",
                )


def _overlap(one: Policy, other: Policy) -> bool:
    start = max(one.effective or date.min, other.effective or date.min)
    return start <= min(one.termination or date.max, other.termination or date.max)


def _values(checks: FieldChecks, command: SavePolicy, payer: Payer) -> dict[str, Any]:
    member = checks.text("member_id", command.member_id, "Enter the ID from the insurance card.")
    if payer.type == PayerType.MEDICARE and command.rank == 1 and member:
        _warn_mbi(checks, member)
    if len(ids.normal_id(member)) > 29:
        checks.add("member_id", "Box 1a has room for 29 characters.")
    if not 1 <= command.rank <= 9:
        checks.add("rank", "The order is 1 for the payer billed first, 2 for the next.")
    if command.effective and command.termination and command.termination < command.effective:
        checks.add("termination", "The policy cannot end before it begins.")
    return {
        "payer_id": command.payer_id,
        "rank": command.rank,
        "relationship": str(command.relationship),
        "member_id": member,
        **{n: blank_to_none(getattr(command, n)) for n in _TEXTS},
        **{n: getattr(command, n) for n in _PLAIN},
        **_insured_values(checks, command),
    }


_TEXTS = ("group_number", "plan_name", "msp_type", "coba_id", "claim_number")
_PLAIN = ("effective", "termination", "assignment_of_benefits", "copay_cents", "medigap")


def _warn_mbi(checks: FieldChecks, member: str) -> None:
    try:
        ids.check_mbi(member)
    except ValueError as error:
        checks.add("member_id", str(error), Severity.WARNING)


def _insured_values(checks: FieldChecks, command: SavePolicy) -> dict[str, Any]:
    insured = command.insured
    if insured is None:
        if command.relationship is not Relationship.SELF:
            checks.add("relationship", "Enter the insured person, or choose Self.")
        return _insured_columns(InsuredPerson(), {}, None)
    if not insured.organization.strip():
        checks.text("insured.last", insured.last, "Enter the insured's last name.")
        checks.text("insured.first", insured.first, "Enter the insured's first name.")
    address = check_address(checks, "insured.", insured.address)
    phone = checks.take("insured.phone", ids.check_phone, insured.phone)
    return _insured_columns(insured, address, phone)


def _insured_columns(
    insured: InsuredPerson, address: dict[str, str | None], phone: str | None
) -> dict[str, Any]:
    parts = ("last", "first", "middle", "suffix", "organization", "sex")
    places = ("address1", "address2", "city", "state", "zip")
    return {
        **{f"insured_{n}": blank_to_none(getattr(insured, n)) for n in parts},
        **{f"insured_{n}": address.get(n) for n in places},
        "insured_birth_date": insured.birth_date,
        "insured_phone": phone,
    }


def insured_of(row: Policy) -> InsuredPerson | None:
    """The policyholder of a policy, or None when it is the patient."""
    if not row.insured_last and not row.insured_organization:
        return None
    return InsuredPerson(
        last=row.insured_last or "",
        first=row.insured_first or "",
        middle=row.insured_middle or "",
        suffix=row.insured_suffix or "",
        organization=row.insured_organization or "",
        birth_date=row.insured_birth_date,
        sex=row.insured_sex or "",
        address=address_of(row, "insured_"),
        phone=row.insured_phone or "",
    )


def policy_command(row: Policy) -> SavePolicy:
    """A policy's row as the command that would save it."""
    plain: dict[str, Any] = {n: getattr(row, n) for n in _PLAIN}
    texts: dict[str, Any] = {n: getattr(row, n) or "" for n in _TEXTS}
    return SavePolicy(
        payer_id=row.payer_id,
        member_id=row.member_id,
        rank=row.rank,
        relationship=Relationship(row.relationship),
        insured=insured_of(row),
        policy_id=row.id,
        **plain,
        **texts,
    )
