"""Inner functions: claims are born, numbered, corrected."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.findings import Finding
from app.models.people import Payer, Policy
from app.models.visits import (
    ChargeLine,
    Claim,
    ClaimEvent,
    ClaimLine,
    Encounter,
    EncounterCoverage,
)
from app.services import _ledger
from app.services.claim_commands import NewClaim
from app.services.desk import Desk

FIRST_NUMBER = 10001


def first_claims(
    session: Session,
    desk: Desk,
    encounter: Encounter,
    policies: Sequence[int],
    lines: Sequence[ChargeLine],
) -> tuple[int, ...]:
    """One claim per payer: the first ready, the later ones held until the earlier has decided."""
    if not policies:
        return ()
    base = _next_base(session)
    ids = []
    for rank, policy_id in enumerate(policies, start=1):
        claim = Claim(
            number=str(base) if rank == 1 else f"{base}-{rank}",
            encounter_id=encounter.id,
            policy_id=policy_id,
            rank=rank,
            status="ready" if rank == 1 else "held",
            hold_reason=None if rank == 1 else "waits for the earlier payer",
            created_at=desk.clock.now(),
        )
        ids.append(keep(session, desk, claim, [line.id for line in lines], "charges posted"))
    return tuple(ids)


def keep(session: Session, desk: Desk, claim: Claim, line_ids: Sequence[int], note: str) -> int:
    """Adds a claim with its lines and the first event of its life; returns its id."""
    session.add(claim)
    session.flush()
    session.add_all(ClaimLine(claim_id=claim.id, charge_line_id=i) for i in line_ids)
    session.add(
        ClaimEvent(
            claim_id=claim.id,
            at=desk.clock.now(),
            on_date=desk.today,
            user_id=desk.user_id,
            from_status=None,
            to_status=claim.status,
            note=note,
        )
    )
    session.flush()
    return claim.id


def _next_base(session: Session) -> int:
    # "10418-2" casts to 10418: later payers and corrections share their first claim's base.
    last = session.scalar(select(func.max(cast(Claim.number, Integer))))
    return (last or FIRST_NUMBER - 1) + 1


def next_number(session: Session, encounter_id: int, rank: int) -> str:
    """Number of a further claim of an encounter: ``10418B`` after ``10418``, ``10418-2B``."""
    taken = set(session.scalars(select(Claim.number).where(Claim.encounter_id == encounter_id)))
    bases = {number.rstrip("BCDEFGHIJKLMNOPQRSTUVWXYZ").partition("-")[0] for number in taken}
    base = min(bases) if bases else str(_next_base(session))
    stem = base if rank == 1 else f"{base}-{rank}"
    if stem not in taken:
        return stem
    return next(f"{stem}{c}" for c in "BCDEFGHIJKLMNOPQRSTUVWXYZ" if f"{stem}{c}" not in taken)


def check_parts(session: Session, command: NewClaim, line_ids: Sequence[int]) -> None:
    """A claim speaks of one encounter and of a policy of its patient.

    Raises:
        Invalid: the policy is another patient's, or a line is of another encounter.
    """
    findings = []
    patient = select(Encounter.patient_id).where(Encounter.id == command.encounter_id)
    holder = select(Policy.patient_id).where(Policy.id == command.policy_id)
    if session.scalar(patient) != session.scalar(holder):
        findings.append(Finding("policy_id", "Choose a policy of this patient."))
    own = select(ChargeLine.id).where(ChargeLine.encounter_id == command.encounter_id)
    if not line_ids or set(line_ids) - set(session.scalars(own)):
        findings.append(Finding("line_ids", "Choose lines of this encounter."))
    if findings:
        raise Invalid(findings)


def cover(session: Session, encounter_id: int, policy_id: int, rank: int) -> None:
    """A policy billed for the first time joins the encounter's order of payers."""
    known = select(EncounterCoverage.policy_id).where(
        EncounterCoverage.encounter_id == encounter_id
    )
    if policy_id not in set(session.scalars(known)):
        row = EncounterCoverage(encounter_id=encounter_id, rank=rank, policy_id=policy_id)
        session.add(row)


def check_earlier_payers(session: Session, claim: Claim, line_ids: Sequence[int]) -> None:
    """A later payer is billed for what the earlier one passed on, never before it decided.

    Raises:
        Refused: ``policy:primary_not_adjudicated``.
    """
    if claim.rank == 1:
        return
    party, earlier = _ledger.party_of(session, claim.policy_id), _earlier_parties(session, claim)
    balances = _ledger.buckets(session, list(line_ids))
    mine = sum(b.get(party, 0) for b in balances.values())
    elsewhere = sum(
        cents for b in balances.values() for other, cents in b.items() if other in earlier
    )
    if mine <= 0 and elsewhere > 0:
        raise Refused(
            "policy:primary_not_adjudicated",
            "The earlier payer has not decided yet. Post its EOB first; this claim is then "
            "released by itself.",
        )


def _earlier_parties(session: Session, claim: Claim) -> set[int]:
    earlier = session.scalars(
        select(Claim.policy_id).where(
            Claim.encounter_id == claim.encounter_id, Claim.rank < claim.rank
        )
    )
    return {_ledger.party_of(session, policy_id) for policy_id in set(earlier)}


def payer_of(session: Session, policy_id: int) -> Payer:
    """The payer behind a policy."""
    return session.execute(
        select(Payer).join(Policy, Policy.payer_id == Payer.id).where(Policy.id == policy_id)
    ).scalar_one()
