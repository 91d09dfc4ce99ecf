"""What the sample must know of a claim or visit before it acts on it, read in one question each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY
from app.models.people import Party, Patient, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, EncounterCoverage
from app.services import _ledger
from app.services.sample_office import SampleOffice
from app.services.sample_remits import DecidedClaim, DecidedLine


@dataclass(frozen=True, slots=True)
class SentClaim:
    """A claim as the mail needs it; ``forwarded_to_medigap``: Medicare sends it on by itself."""

    claim_id: int
    number: str
    status: str
    rank: int
    encounter_id: int
    policy_id: int
    payer_id: int
    guarantor_id: int
    service_date: date
    forwarded_to_medigap: bool


def claims_by_number(office: SampleOffice, numbers: tuple[str, ...]) -> list[SentClaim]:
    """The claims of these numbers, oldest first."""
    query = (
        select(Claim, Encounter, Patient, Policy)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .where(Claim.number.in_(numbers))
        .order_by(Claim.id)
    )
    with office.services.desk.read() as session:
        return [
            SentClaim(
                claim_id=claim.id,
                number=claim.number,
                status=claim.status,
                rank=claim.rank,
                encounter_id=encounter.id,
                policy_id=policy.id,
                payer_id=policy.payer_id,
                guarantor_id=patient.guarantor_id,
                service_date=encounter.service_date,
                forwarded_to_medigap=_medigap_follows(session, claim),
            )
            for claim, encounter, patient, policy in session.execute(query)
        ]


def _medigap_follows(session: Session, claim: Claim) -> bool:
    following = _following_policy(session, claim)
    return following is not None and session.get_one(Policy, following).medigap


def _following_policy(session: Session, claim: Claim) -> int | None:
    return session.scalar(
        select(EncounterCoverage.policy_id)
        .where(
            EncounterCoverage.encounter_id == claim.encounter_id,
            EncounterCoverage.rank > claim.rank,
        )
        .order_by(EncounterCoverage.rank)
        .limit(1)
    )


def on_payers_desk(office: SampleOffice, claim_id: int) -> DecidedClaim:
    """A claim with what is open on each of its lines, as its payer decides it."""
    with office.services.desk.read() as session:
        claim = session.get_one(Claim, claim_id)
        policy = session.get_one(Policy, claim.policy_id)
        following = _following_policy(session, claim)
        encounter = session.get_one(Encounter, claim.encounter_id)
        return DecidedClaim(
            policy_id=policy.id,
            payer=office.payer(policy.payer_id),
            rank=claim.rank,
            copay_cents=policy.copay_cents or 0,
            next_party=_ledger.party_of(session, following) if following else PATIENT_PARTY,
            year=encounter.service_date.year,
            lines=_decided_lines(session, office, claim),
        )


def _decided_lines(session: Session, office: SampleOffice, claim: Claim) -> tuple[DecidedLine, ...]:
    query = (
        select(ChargeLine)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(ChargeLine.id)
    )
    lines = session.scalars(query).all()
    keys = [line.id for line in lines]
    party = _ledger.party_of(session, claim.policy_id)
    balances = _ledger.buckets(session, keys)
    shares = _ledger.provisional_shares(session, keys, party)
    return tuple(
        DecidedLine(
            line.id,
            line.charge_cents,
            balances[line.id].get(party, 0) + shares[line.id],
            office.book.charges[line.code],
        )
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class OpenVisitLine:
    """A posted line: its id, charge (cents), and what each party owes on it (cents)."""

    line_id: int
    charge_cents: int
    owed: dict[int, int]


def visit_lines(office: SampleOffice, encounter_id: int) -> list[OpenVisitLine]:
    """The lines of a posted visit, in order."""
    query = select(ChargeLine).where(ChargeLine.encounter_id == encounter_id)
    with office.services.desk.read() as session:
        lines = session.scalars(query.order_by(ChargeLine.position)).all()
        balances = _ledger.buckets(session, [line.id for line in lines])
        return [OpenVisitLine(line.id, line.charge_cents, balances[line.id]) for line in lines]


def owed_on(office: SampleOffice, line_id: int) -> dict[int, int]:
    """What each party owes on a line (cents), nothing left out but zeros."""
    with office.services.desk.read() as session:
        return _ledger.buckets(session, [line_id])[line_id]


def party_of_policy(office: SampleOffice, policy_id: int) -> int:
    """The party that owes under a policy."""
    with office.services.desk.read() as session:
        return _ledger.party_of(session, policy_id)


def registered_ids(office: SampleOffice, patient_id: int) -> tuple[int, list[tuple[int, int]]]:
    """A patient's guarantor, and (payer id, policy id) of each policy."""
    with office.services.desk.read() as session:
        guarantor = session.get_one(Patient, patient_id).guarantor_id
        rows = session.execute(
            select(Policy.payer_id, Policy.id)
            .join(Party, Party.policy_id == Policy.id)
            .where(Policy.patient_id == patient_id)
            .order_by(Policy.id)
        )
        return guarantor, [(payer, policy) for payer, policy in rows]
