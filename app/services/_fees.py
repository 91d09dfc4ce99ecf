"""Inner functions: charges that are no service; the patient owes them, no claim carries them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, Account, Leg
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.models.patient_money import AccountFee
from app.models.people import Patient, Provider
from app.models.visits import ChargeLine, Encounter
from app.services import _holds, _ledger
from app.services.desk import Desk

# What a fee stands under on the account and the statement, and its words there.
FEES = {
    "nsf": ("NSF", "Returned check fee"),
    "no_show": ("NOSHOW", "Missed appointment fee"),
    "forms": ("FORMS", "Forms completed"),
    "records": ("RECORDS", "Copies of records"),
    "other": ("FEE", "Office fee"),
}
OFFICE = "11"  # place of service: the office


def charge(
    session: Session,
    desk: Desk,
    patient_id: int,
    kind: str,
    cents: int,
    on: date | None = None,
    payment_id: int | None = None,
) -> int:
    """Charges a fee; answers its encounter's id.

    Raises:
        Invalid: no amount, an unknown kind.
        NotFound: no such patient.
        Refused: ``account_on_hold`` while an estimate is in dispute (45 CFR 149.620);
            ``no_provider``.
    """
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise NotFound("This patient is no longer there. Refresh the list.")
    _check(kind, cents)
    _holds.check_no_dispute(session, desk, patient.guarantor_id)
    visit = _visit(session, desk, patient_id, on or desk.today)
    session.add(visit)
    session.flush()
    session.add(AccountFee(encounter_id=visit.id, kind=kind, payment_id=payment_id))
    line = _line(visit, kind, cents)
    session.add(line)
    session.flush()
    legs = (
        Leg(Account.RECEIVABLE, cents, line_id=line.id, party_id=PATIENT_PARTY),
        Leg(Account.REVENUE, -cents, line_id=line.id),
    )
    _ledger.post(session, desk, "charge", legs, accounting_date=on, memo=FEES[kind][1])
    desk.audit(session, "charge fee", patient_id, "encounter", visit.id, kind)
    return visit.id


def _check(kind: str, cents: int) -> None:
    findings = []
    if kind not in FEES:
        findings.append(Finding("kind", "Choose what the fee is for."))
    if cents <= 0:
        findings.append(Finding("cents", "Enter the fee."))
    if findings:
        raise Invalid(findings)


def _visit(session: Session, desk: Desk, patient_id: int, on: date) -> Encounter:
    return Encounter(
        patient_id=patient_id,
        provider_id=_provider(session, patient_id),
        service_date=on,
        place_of_service=OFFICE,
        status="posted",
        self_pay=True,
        created_at=desk.clock.now(),
    )


def _provider(session: Session, patient_id: int) -> int:
    """Who saw the patient last; else the first provider of the practice."""
    last = session.scalar(
        select(Encounter.provider_id)
        .where(Encounter.patient_id == patient_id)
        .order_by(Encounter.service_date.desc(), Encounter.id.desc())
        .limit(1)
    )
    found = last or session.scalar(
        select(Provider.id).where(Provider.active).order_by(Provider.id).limit(1)
    )
    if found is None:
        raise Refused("no_provider", "Enter a provider in Setup first.")
    return found


def _line(visit: Encounter, kind: str, cents: int) -> ChargeLine:
    code, words = FEES[kind]
    return ChargeLine(
        encounter_id=visit.id,
        position=1,
        service_from=visit.service_date,
        service_to=visit.service_date,
        place_of_service=OFFICE,
        code=code,
        charge_cents=cents,
        description=words,
    )


def lines_of(session: Session, encounter_id: int) -> list[int]:
    """The charge lines of a fee.

    Raises:
        NotFound: the encounter is no fee.
    """
    if session.get(AccountFee, encounter_id) is None:
        raise NotFound("This fee is no longer there. Refresh the account.")
    query = select(ChargeLine.id).where(ChargeLine.encounter_id == encounter_id)
    return list(session.scalars(query))


def check_no_fee(session: Session, encounter_ids: Iterable[int]) -> None:
    """Refuses to bill a payer for a fee (billing rules §3.4.11).

    Raises:
        Refused: ``policy:fee_never_on_claim``.
    """
    query = select(AccountFee.encounter_id).where(AccountFee.encounter_id.in_(encounter_ids))
    if session.scalar(query.limit(1)) is not None:
        raise Refused(
            "policy:fee_never_on_claim",
            "A fee of the practice is no service. No insurer may be billed for it.",
        )
