"""Inner functions: the queries behind the posting window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.eob_entry import EntryLine
from app.models.books import Eob, EobAdjustment, EobLine, LineBalance
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, EncounterCoverage
from app.services import _claim_state, _ledger
from app.services.posting_commands import LineToPost


def claims_query() -> Select[Claim, str, str, str, date, int, int]:
    """Claims with name, account, date, number of lines and what the payer owes; open ones first."""
    count = (
        select(func.count())
        .select_from(ClaimLine)
        .where(ClaimLine.claim_id == Claim.id)
        .correlate(Claim)
        .scalar_subquery()
    )
    still_open = _still_open()
    return (
        select(
            Claim,
            Patient.last,
            Patient.first,
            Patient.account_no,
            Encounter.service_date,
            count,
            still_open,
        )
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .order_by(still_open <= 0, Encounter.service_date, Claim.id)
    )


def _still_open() -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(LineBalance.amount_cents), 0))
        .join(ClaimLine, ClaimLine.charge_line_id == LineBalance.charge_line_id)
        .join(Party, and_(Party.id == LineBalance.party_id, Party.policy_id == Claim.policy_id))
        .where(ClaimLine.claim_id == Claim.id)
        .correlate(Claim)
        .scalar_subquery()
    )


def next_party(session: Session, claim: Claim) -> int:
    """Who answers for the patient's share after this payer: the next policy, else the patient."""
    following = session.scalar(
        select(Party.id)
        .join(EncounterCoverage, EncounterCoverage.policy_id == Party.policy_id)
        .where(
            EncounterCoverage.encounter_id == claim.encounter_id,
            EncounterCoverage.rank > claim.rank,
        )
        .order_by(EncounterCoverage.rank)
        .limit(1)
    )
    return following or PATIENT_PARTY


def lines_to_post(
    session: Session, claim: Claim, contracted: bool, next_party_id: int
) -> tuple[LineToPost, ...]:
    """The claim's lines with what the payer decides on each."""
    party = _ledger.party_of(session, claim.policy_id)
    rows = session.scalars(
        select(ChargeLine)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(ChargeLine.position, ChargeLine.id)
    ).all()
    keys = [row.id for row in rows]
    balances = _ledger.buckets(session, keys)
    shares = _ledger.provisional_shares(session, keys, party)
    decided = {r.charge_line_id for _, r in _claim_state.standing_eob_lines(session, [claim.id])}
    return tuple(
        LineToPost(
            entry=EntryLine(
                line_id=row.id,
                billed=row.charge_cents,
                open=max(balances[row.id].get(party, 0), 0),
                provisional=shares[row.id],
                next_party=next_party_id,
                patient_party=PATIENT_PARTY,
                contracted=contracted,
            ),
            service_date=row.service_from,
            code=row.code,
            modifiers=row.modifiers or "",
            decided=row.id in decided,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class EobSums:
    """An EOB in four figures (cents); ``held`` names the first held reason."""

    billed: int
    paid: int
    written_off: int
    held: str


def eob_sums(session: Session, payment_id: int) -> dict[int, EobSums]:
    """Sums of every EOB on a check, in two queries."""
    lines = session.execute(
        select(EobLine.eob_id, func.sum(EobLine.billed_cents), func.sum(EobLine.paid_cents))
        .join(Eob, Eob.id == EobLine.eob_id)
        .where(Eob.payment_id == payment_id)
        .group_by(EobLine.eob_id)
    ).all()
    adjusted = session.execute(
        select(EobLine.eob_id, func.sum(_when(Disposition.WRITEOFF)), func.min(_held_code()))
        .join(EobLine, EobLine.id == EobAdjustment.eob_line_id)
        .join(Eob, Eob.id == EobLine.eob_id)
        .where(Eob.payment_id == payment_id)
        .group_by(EobLine.eob_id)
    ).all()
    extra = {eob: (written_off, held) for eob, written_off, held in adjusted}
    return {
        eob: EobSums(
            billed, paid, extra.get(eob, (0, ""))[0] or 0, extra.get(eob, (0, ""))[1] or ""
        )
        for eob, billed, paid in lines
    }


def _when(disposition: Disposition) -> ColumnElement[int]:
    return case(
        (EobAdjustment.disposition == str(disposition), EobAdjustment.amount_cents), else_=0
    )


def _held_code() -> ColumnElement[str | None]:
    code = EobAdjustment.group_code + "-" + EobAdjustment.carc
    return case((EobAdjustment.disposition == str(Disposition.HOLD), code), else_=None)


def owed_by_claim(
    session: Session, claim_ids: Sequence[int]
) -> dict[int, tuple[tuple[str, int], ...]]:
    """Who owes what on each claim's lines now (cents)."""
    rows = session.execute(
        select(
            ClaimLine.claim_id,
            func.coalesce(Payer.name, func.lower(Party.kind)),
            func.sum(LineBalance.amount_cents),
        )
        .join(LineBalance, LineBalance.charge_line_id == ClaimLine.charge_line_id)
        .join(Party, Party.id == LineBalance.party_id)
        .outerjoin(Policy, Policy.id == Party.policy_id)
        .outerjoin(Payer, Payer.id == Policy.payer_id)
        .where(ClaimLine.claim_id.in_(claim_ids))
        .group_by(ClaimLine.claim_id, Party.id)
    )
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for claim_id, who, cents in rows:
        if cents:
            found[claim_id] = (*found.get(claim_id, ()), (who, cents))
    return found
