"""Inner functions on claims' states: events, status after an EOB, release of later payers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.books import Disposition
from app.domain.posting import EobAdjustment
from app.domain.posting_policy import LineDecision, claim_status
from app.models.books import Eob, EobLine
from app.models.books import EobAdjustment as EobAdjustmentRow
from app.models.people import Payer, Policy
from app.models.visits import Claim, ClaimEvent, ClaimLine
from app.services import _ledger
from app.services.desk import Desk

SUBMITTED = ("submitted", "accepted", "denied", "paid", "partially_paid", "appealed")
# Remark codes by which a payer says that it forwarded the claim itself.
CROSSOVER_REMARKS = frozenset({"MA18", "N89", "MA07"})
DEFAULT_FOLLOW_UP_DAYS = 30


def set_status(
    session: Session, desk: Desk, claim: Claim, to: str, note: str = "", on: date | None = None
) -> None:
    """Moves a claim to a status and keeps who did it, when and why; no event when unchanged."""
    before = claim.status
    if before == to and not note:
        return
    claim.status = to
    session.add(
        ClaimEvent(
            claim_id=claim.id,
            at=desk.clock.now(),
            on_date=on or desk.today,
            user_id=desk.user_id,
            from_status=before,
            to_status=to,
            note=note or None,
        )
    )


def mark_submitted(session: Session, desk: Desk, claim: Claim, on: date, note: str) -> None:
    """The claim is out: its follow-up date is set by the payer's days."""
    claim.submitted_on = on
    claim.hold_reason = None
    days = session.scalar(
        select(Payer.follow_up_days)
        .join(Policy, Policy.payer_id == Payer.id)
        .where(Policy.id == claim.policy_id)
    )
    claim.follow_up_on = on + timedelta(days=days or DEFAULT_FOLLOW_UP_DAYS)
    set_status(session, desk, claim, "submitted", note, on)


def line_ids(session: Session, claim_id: int) -> list[int]:
    """The charge lines a claim carries, in order."""
    return list(
        session.scalars(
            select(ClaimLine.charge_line_id)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(ClaimLine.charge_line_id)
        )
    )


def standing_eob_lines(session: Session, claim_ids: list[int]) -> list[tuple[int, EobLine]]:
    """(claim id, EOB line) of every EOB that is neither reversed nor a reversal, oldest first."""
    reversed_ids = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    rows = session.execute(
        select(Eob.claim_id, EobLine)
        .join(EobLine, EobLine.eob_id == Eob.id)
        .where(
            Eob.claim_id.in_(claim_ids),
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversed_ids),
        )
        .order_by(Eob.id)
    )
    return [(claim_id, line) for claim_id, line in rows]


def adjustments_of(session: Session, eob_line_id: int) -> tuple[EobAdjustment, ...]:
    """What was done with each amount of an EOB line."""
    return adjustments_by_line(session, [eob_line_id])[eob_line_id]


def adjustments_by_line(
    session: Session, eob_line_ids: Collection[int]
) -> dict[int, tuple[EobAdjustment, ...]]:
    """What was done with each amount of EOB lines, by line; one query."""
    rows = session.scalars(
        select(EobAdjustmentRow)
        .where(EobAdjustmentRow.eob_line_id.in_(eob_line_ids))
        .order_by(EobAdjustmentRow.id)
    )
    found: dict[int, list[EobAdjustment]] = {key: [] for key in eob_line_ids}
    for r in rows:
        amount = EobAdjustment(
            r.group_code,
            r.carc,
            r.amount_cents,
            Disposition(r.disposition),
            r.to_party_id,
            r.rarc or "",
        )
        found[r.eob_line_id].append(amount)
    return {key: tuple(amounts) for key, amounts in found.items()}


def decide_status(session: Session, claim: Claim) -> str:
    """The status the claim's standing EOBs give it (billing rules §2.2)."""
    lines = line_ids(session, claim.id)
    latest = {row.charge_line_id: row for _, row in standing_eob_lines(session, [claim.id])}
    if not latest:
        return "submitted"
    party = _ledger.party_of(session, claim.policy_id)
    owed = {i: b.get(party, 0) for i, b in _ledger.buckets(session, lines).items()}
    amounts = adjustments_by_line(session, {row.id for row in latest.values()})
    decisions = [
        LineDecision(latest[i].paid_cents, amounts[latest[i].id], owed[i]) if i in latest else None
        for i in lines
    ]
    return claim_status(decisions, any(cents > 0 for cents in owed.values()))


def release_later_claims(
    session: Session, desk: Desk, claim: Claim, crossover: bool, on: date
) -> list[Claim]:
    """Claims of later payers whose bucket is now above zero become ready, or sent if forwarded.

    Where no earlier payer has anything left to decide or pass on, the later claim is closed
    unsent; a third payer's claim waits on while the second still owes.
    """
    released = []
    for later in _unsent_later(session, claim, ("held", "closed")):
        if open_with_payer(session, later) > 0:
            _release(session, desk, later, crossover, on)
            released.append(later)
        elif claim.status == "paid" and later.status == "held" and not _awaited(session, later):
            note = "the earlier payer left nothing to bill"
            set_status(session, desk, later, "closed", note, on)
    return released


def _awaited(session: Session, later: Claim) -> bool:
    """Whether an earlier payer still owes on a line of the claim."""
    earlier = session.scalars(
        select(Claim.policy_id).where(
            Claim.encounter_id == later.encounter_id, Claim.rank < later.rank
        )
    )
    parties = {_ledger.party_of(session, policy_id) for policy_id in set(earlier)}
    balances = _ledger.buckets(session, line_ids(session, later.id))
    return any(b.get(party, 0) > 0 for b in balances.values() for party in parties)


def _release(session: Session, desk: Desk, later: Claim, crossover: bool, on: date) -> None:
    if crossover:
        mark_submitted(session, desk, later, on, "forwarded by the earlier payer")
    else:
        later.hold_reason = None
        set_status(session, desk, later, "ready", "released by the earlier payer's EOB", on)


def hold_later_claims(session: Session, desk: Desk, claim: Claim, on: date) -> None:
    """After a reversal: later payers' unsent claims with nothing open wait again.

    A sheet that was printed and not yet sent is taken back too: it tells of a payment that is gone.
    """
    for later in _unsent_later(session, claim, ("ready", "printed", "closed")):
        if open_with_payer(session, later) <= 0:
            later.hold_reason = "waits for the earlier payer"
            set_status(session, desk, later, "held", "the earlier payer's EOB was reversed", on)


def _unsent_later(session: Session, claim: Claim, statuses: tuple[str, ...]) -> list[Claim]:
    """Claims of later payers of the same encounter that never went out, first payer first."""
    query = select(Claim).where(
        Claim.encounter_id == claim.encounter_id,
        Claim.status.in_(statuses),
        Claim.submitted_on.is_(None),
        Claim.rank > claim.rank,
    )
    return list(session.scalars(query.order_by(Claim.rank)))


def open_with_payer(session: Session, claim: Claim) -> int:
    """What the claim's payer owes on its lines (cents)."""
    party = _ledger.party_of(session, claim.policy_id)
    balances = _ledger.buckets(session, line_ids(session, claim.id))
    return sum(b.get(party, 0) for b in balances.values())
