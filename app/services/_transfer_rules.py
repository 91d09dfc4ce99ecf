"""Inner functions: whether a patient may be asked for a payer's part, and who is billed instead."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Disposition
from app.domain.claim_form import PayerType
from app.domain.errors import Refused
from app.domain.money import format_cents
from app.domain.posting_policy import REPAIRABLE_CARCS
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimEvent, ClaimLine, Encounter, EncounterCoverage
from app.services import _claim_making, _claim_rows, _claim_state, _ledger
from app.services.desk import Desk
from app.services.setup import read_setting

PASSED = "responsibility was passed to this payer"  # a claim event's note
_OWN = (PATIENT_PARTY, COLLECTIONS_PARTY)


def check_patient_may_take(session: Session, line_id: int, from_party: int) -> None:
    """Refuses to pass a payer's part of a line to the patient where the trade forbids it.

    Raises:
        Refused: ``policy:repairable_denial_not_patient``,
            ``policy:medicaid_or_qmb_patient_not_billable``,
            ``policy:workers_comp_not_patient`` (billing rules §3.3).
    """
    if _repairable(session, line_id, from_party):
        raise Refused(
            "policy:repairable_denial_not_patient",
            "This denial can be repaired, so the patient does not owe it. Correct the claim and "
            "send it again.",
        )
    row = session.execute(
        select(Payer.type, Patient.qmb)
        .join(Policy, Policy.payer_id == Payer.id)
        .join(Party, Party.policy_id == Policy.id)
        .join(Patient, Patient.id == Policy.patient_id)
        .where(Party.id == from_party)
    ).one_or_none()
    if row is None:
        return
    kind, qmb = row
    if kind == PayerType.MEDICAID or qmb:
        raise Refused(
            "policy:medicaid_or_qmb_patient_not_billable",
            "A Medicaid or QMB patient may not be asked for this. Write it off or bill the next "
            "payer.",
        )
    if kind == PayerType.WORKERS_COMP:
        raise Refused(
            "policy:workers_comp_not_patient",
            "A workers' compensation patient is never billed while the case is open.",
        )


def _repairable(session: Session, line_id: int, from_party: int) -> bool:
    """True when the payer's latest word on the line is a denial that can be cured."""
    claims = session.scalars(
        select(Claim.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Party, Party.policy_id == Claim.policy_id)
        .where(ClaimLine.charge_line_id == line_id, Party.id == from_party)
    )
    standing = [
        row
        for _, row in _claim_state.standing_eob_lines(session, list(claims))
        if row.charge_line_id == line_id
    ]
    if not standing:
        return False
    return any(
        a.disposition is Disposition.HOLD and a.carc in REPAIRABLE_CARCS
        for a in _claim_state.adjustments_of(session, standing[-1].id)
    )


def check_small(session: Session, line_id: int, cents: int) -> None:
    """A small balance is forgiven under the practice's limit, once no payer owes (glossary).

    Raises:
        Refused: ``policy:payer_still_open``, ``exceeds_small_balance``.
    """
    owed = _ledger.buckets(session, [line_id])[line_id]
    if any(has > 0 for party, has in owed.items() if party not in _OWN):
        raise Refused(
            "policy:payer_still_open",
            "A payer still owes on this line. Nothing of it is a small balance yet.",
        )
    limit = int(read_setting(session, "small_balance_cents"))
    if cents > limit:
        raise Refused(
            "exceeds_small_balance",
            f"A small balance is at most {format_cents(limit)} (Setup). Choose another reason.",
        )


def check_own_policy(session: Session, encounter_ids: Iterable[int], party_id: int) -> None:
    """A policy owes only for the patient it belongs to.

    Raises:
        Refused: ``wrong_patient``.
    """
    if party_id in _OWN:
        return
    holder = (
        select(Policy.patient_id)
        .join(Party, Party.policy_id == Policy.id)
        .where(Party.id == party_id)
        .scalar_subquery()
    )
    stranger = select(Encounter.id).where(
        Encounter.id.in_(encounter_ids), Encounter.patient_id.is_distinct_from(holder)
    )
    if session.scalar(stranger.limit(1)) is not None:
        raise Refused("wrong_patient", "This policy belongs to another patient.")


def cover(session: Session, encounter_id: int, party_id: int) -> None:
    """A policy that newly owes joins the encounter's order of payers.

    Raises:
        Refused: ``wrong_patient``.
    """
    if party_id in _OWN:
        return
    check_own_policy(session, [encounter_id], party_id)
    policy_id = session.scalar(select(Party.policy_id).where(Party.id == party_id))
    covered = session.execute(
        select(EncounterCoverage.rank, EncounterCoverage.policy_id).where(
            EncounterCoverage.encounter_id == encounter_id
        )
    ).all()
    if policy_id is None or policy_id in {c.policy_id for c in covered}:
        return
    rank = max((c.rank for c in covered), default=0) + 1
    session.add(EncounterCoverage(encounter_id=encounter_id, rank=rank, policy_id=policy_id))


def bill_new_party(
    session: Session, desk: Desk, line: ChargeLine, party_id: int, note: str = PASSED
) -> None:
    """A policy that now owes gets its claim: the one that waits is released, or one is made."""
    policy_id = session.scalar(select(Party.policy_id).where(Party.id == party_id))
    if policy_id is None:
        return
    query = (
        select(Claim)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            ClaimLine.charge_line_id == line.id,
            Claim.policy_id == policy_id,
            Claim.status != "voided",
        )
    )
    claims = session.scalars(query.order_by(Claim.id)).all()
    waiting = [c for c in claims if c.status in ("held", "closed") and c.submitted_on is None]
    if waiting and _claim_state.open_with_payer(session, waiting[0]) > 0:
        waiting[0].hold_reason = None
        _claim_state.set_status(session, desk, waiting[0], "ready", note)
    elif not claims and _is_posted(session, line.encounter_id):
        _make_claim(session, desk, line.encounter_id, policy_id, note)


def _is_posted(session: Session, encounter_id: int) -> bool:
    status = select(Encounter.status).where(Encounter.id == encounter_id)
    return session.scalar(status) == "posted"


def _make_claim(session: Session, desk: Desk, encounter_id: int, policy_id: int, note: str) -> None:
    session.flush()
    rank = _claim_rows.rank_of(session, encounter_id, policy_id)
    claim = Claim(
        number=_claim_making.next_number(session, encounter_id, rank),
        encounter_id=encounter_id,
        policy_id=policy_id,
        rank=rank,
        status="ready",
        created_at=desk.clock.now(),
    )
    query = select(ChargeLine.id).where(ChargeLine.encounter_id == encounter_id)
    lines = list(session.scalars(query.order_by(ChargeLine.position)))
    _claim_making.keep(session, desk, claim, lines, note)


def unbill(session: Session, desk: Desk, encounter_id: int, party_id: int, note: str) -> None:
    """Takes back what ``cover`` and ``bill_new_party`` did under ``note``, if anything.

    A claim made for it is void, and the policy leaves the visit; one that waited waits again.

    Raises:
        Refused: ``claim_moved_on`` once the claim was printed, sent or decided.
    """
    policy_id = session.scalar(select(Party.policy_id).where(Party.id == party_id))
    mine = (Claim.encounter_id == encounter_id, Claim.policy_id == policy_id)
    query = select(ClaimEvent).join(Claim, Claim.id == ClaimEvent.claim_id).where(*mine)
    events = session.scalars(query.order_by(ClaimEvent.id)).all()
    began = next((event for event in events if event.note == note), None)
    if began is None:
        return
    claim = session.get_one(Claim, began.claim_id)
    if began is not events[-1]:
        raise Refused(
            "claim_moved_on",
            f"Claim {claim.number} has been worked on meanwhile. Void it first.",
        )
    back = "no insurance after all"
    if began.from_status is not None:
        _claim_state.set_status(session, desk, claim, began.from_status, back)
        claim.hold_reason = back if began.from_status == "held" else None
        return
    _claim_state.set_status(session, desk, claim, "voided", back)
    joined = (
        EncounterCoverage.encounter_id == encounter_id,
        EncounterCoverage.policy_id == policy_id,
    )
    session.execute(delete(EncounterCoverage).where(*joined))
