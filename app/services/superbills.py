"""The itemized receipt of a visit, for a patient who sends it to his own plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.errors import NotFound, Refused
from app.domain.patient_papers import SuperbillContent, SuperbillLine
from app.models.books import Payment, Posting
from app.models.people import Facility, Patient, Payer, Policy, Practice, Provider
from app.models.visits import ChargeLine, Diagnosis, Encounter, Procedure
from app.services import _statement_content
from app.services._addresses import address_of
from app.services._estimates import tax_id_text
from app.services.desk import Desk
from app.services.encounters import in_force

_LETTERS = "ABCDEFGHIJKL"


@dataclass(slots=True)
class _Sums:
    """What the ledger says of a line, by account (cents)."""

    charged: int = 0
    adjusted: int = 0
    paid: dict[bool, int] = field(default_factory=lambda: defaultdict(int))  # by: is an insurer's


class SuperbillService:
    """Prints itemized receipts from the ledger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def superbill_pdf(self, encounter_id: int) -> bytes:
        """The itemized receipt of a visit as its ledger stands today.

        Raises:
            NotFound: no such visit.
            Refused: ``charges_not_posted``, ``no_practice``.
        """
        from app.printing.superbill import superbill_pdf  # noqa: PLC0415 - reportlab is heavy

        return superbill_pdf(self.superbill(encounter_id))

    def superbill(self, encounter_id: int) -> SuperbillContent:
        """What the itemized receipt says; equal to the ledger to the cent.

        Raises:
            NotFound: no such visit.
            Refused: ``charges_not_posted``, ``no_practice``.
        """
        with self._desk.read() as session:
            visit = session.get(Encounter, encounter_id)
            if visit is None:
                raise NotFound("This visit is no longer there. Refresh the account.")
            patient_id = visit.patient_id
        with self._desk.viewing(patient_id, "superbill", "encounter", encounter_id) as session:
            visit = session.get_one(Encounter, encounter_id)
            if visit.status != "posted":
                raise Refused(
                    "charges_not_posted", "Post the charges of this visit first; then print it."
                )
            return self._compose(session, visit)

    def _compose(self, session: Session, visit: Encounter) -> SuperbillContent:
        sender = _statement_content.sender(session)
        practice = session.get_one(Practice, 1)
        patient = session.get_one(Patient, visit.patient_id)
        provider = session.get_one(Provider, visit.provider_id)
        place = session.get(Facility, visit.facility_id) if visit.facility_id else None
        plan, policy = _plan(session, visit)
        return SuperbillContent(
            sender=sender,
            tax_id=tax_id_text(practice),
            group_npi=practice.npi,
            on=self._desk.today,
            patient=f"{patient.last}, {patient.first}",
            birth_date=patient.birth_date,
            address=address_of(patient),
            account_no=patient.account_no,
            plan=plan,
            member_id=policy.member_id if policy else "",
            group_number=(policy.group_number or "") if policy else "",
            insured=_insured(policy),
            provider=_provider(provider),
            provider_npi=provider.npi,
            taxonomy=provider.taxonomy or "",
            place=place.name if place else sender.name,
            place_address=address_of(place) if place else sender.address,
            diagnoses=_diagnoses(session, visit.id),
            lines=_lines(session, visit.id),
        )


def _provider(row: Provider) -> str:
    return f"{row.first} {row.last}" + (f", {row.credentials}" if row.credentials else "")


def _plan(session: Session, visit: Encounter) -> tuple[str, Policy | None]:
    """The plan it is sent to: the patient's first one in force on the day, billed or not."""
    keys = in_force(session, visit)
    if not keys:
        return "", None
    policy = session.get_one(Policy, keys[0])
    return session.get_one(Payer, policy.payer_id).name, policy


def _insured(policy: Policy | None) -> str:
    if policy is None or policy.relationship == "self" or not policy.insured_last:
        return ""
    return f"{policy.insured_last}, {policy.insured_first or ''}".rstrip(", ")


def _diagnoses(session: Session, encounter_id: int) -> tuple[tuple[str, str, str], ...]:
    rows = session.execute(
        select(Diagnosis.position, Diagnosis.code)
        .where(Diagnosis.encounter_id == encounter_id)
        .order_by(Diagnosis.position)
    )
    return tuple((_LETTERS[position - 1], code, "") for position, code in rows)


def _lines(session: Session, encounter_id: int) -> tuple[SuperbillLine, ...]:
    rows = session.execute(
        select(ChargeLine, func.max(Procedure.wording))
        .outerjoin(Procedure, Procedure.code == ChargeLine.code)
        .where(ChargeLine.encounter_id == encounter_id)
        .group_by(ChargeLine.id)
        .order_by(ChargeLine.position, ChargeLine.id)
    ).all()
    sums = _sums(session, [line.id for line, _ in rows])
    return tuple(
        SuperbillLine(
            service_date=line.service_from,
            place_of_service=line.place_of_service,
            code=line.code,
            modifiers=line.modifiers or "",
            units=line.units,
            pointers=line.pointers or "",
            words=line.description or wording or "",
            fee_cents=sums[line.id].charged,
            adjusted_cents=sums[line.id].adjusted,
            insurer_cents=sums[line.id].paid[True],
            patient_cents=sums[line.id].paid[False],
        )
        for line, wording in rows
        if line.id in sums
    )


def _sums(session: Session, line_ids: list[int]) -> dict[int, _Sums]:
    """By line; a line whose charge was voided and on which nothing is left stays out."""
    insurers = Payment.payer_id.is_not(None)
    rows = session.execute(
        select(Posting.charge_line_id, Posting.account, insurers, func.sum(Posting.amount_cents))
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .where(Posting.charge_line_id.in_(line_ids))
        .group_by(Posting.charge_line_id, Posting.account, insurers)
    )
    found: dict[int, _Sums] = defaultdict(_Sums)
    for line, account, insurer, cents in rows:
        if line is None or not cents:
            continue
        if account == str(Account.REVENUE):
            found[line].charged -= cents
        elif account == str(Account.ADJUSTMENT):
            found[line].adjusted += cents
        elif account in (str(Account.CASH), str(Account.UNAPPLIED)):
            found[line].paid[bool(insurer)] += cents
    return {key: sums for key, sums in found.items() if _anything(sums)}


def _anything(sums: _Sums) -> bool:
    return bool(sums.charged or sums.adjusted or any(sums.paid.values()))
