"""Inner functions: the queries behind the posting window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.eob_entry import EntryLine
from app.models.books import Eob, EobAdjustment, EobLine, LineBalance, Payment
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, EncounterCoverage
from app.services import _claim_state, _ledger
from app.services.posting_commands import EarlierEob, LineToPost, PostedClaim


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


def eob_sums(session: Session, eob_ids: Sequence[int]) -> dict[int, EobSums]:
    """Sums of EOBs, in two queries."""
    lines = session.execute(
        select(EobLine.eob_id, func.sum(EobLine.billed_cents), func.sum(EobLine.paid_cents))
        .where(EobLine.eob_id.in_(eob_ids))
        .group_by(EobLine.eob_id)
    ).all()
    adjusted = session.execute(
        select(EobLine.eob_id, func.sum(_when(Disposition.WRITEOFF)), func.min(_held_code()))
        .join(EobLine, EobLine.id == EobAdjustment.eob_line_id)
        .where(EobLine.eob_id.in_(eob_ids))
        .group_by(EobLine.eob_id)
    ).all()
    extra = {eob: (written_off, held) for eob, written_off, held in adjusted}
    return {
        eob: EobSums(
            billed, paid, extra.get(eob, (0, ""))[0] or 0, extra.get(eob, (0, ""))[1] or ""
        )
        for eob, billed, paid in lines
    }


@dataclass(frozen=True, slots=True)
class EobOnCheck:
    """An EOB standing on a check, or the taking back of one; ``original`` holds the lines."""

    eob_id: int
    original: int
    claim_id: int
    number: str
    patient_name: str
    reversed: bool

    @property
    def takeback(self) -> bool:
        """True for a decision of an earlier check taken back on this one."""
        return self.eob_id != self.original


def eobs_on(session: Session, payment_id: int) -> tuple[EobOnCheck, ...]:
    """EOBs of a check in the order posted; its own reversals show as ``reversed`` originals."""
    first = aliased(Eob)
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    rows = session.execute(
        select(Eob, Claim, Patient.last, Patient.first, Eob.id.in_(reversing))
        .join(Claim, Claim.id == Eob.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .outerjoin(first, first.id == Eob.reverses_id)
        .where(
            Eob.payment_id == payment_id,
            or_(first.id.is_(None), first.payment_id != payment_id),
        )
        .order_by(Eob.id)
    )
    return tuple(
        EobOnCheck(
            eob.id,
            eob.reverses_id or eob.id,
            claim.id,
            claim.number,
            f"{last}, {given}",
            bool(gone),
        )
        for eob, claim, last, given, gone in rows
    )


def posted(
    row: EobOnCheck, sums: EobSums, owed: dict[int, tuple[tuple[str, int], ...]]
) -> PostedClaim:
    """An EOB of a check as the window lists it."""
    sign = -1 if row.takeback else 1
    return PostedClaim(
        eob_id=row.eob_id,
        claim_id=row.claim_id,
        number=row.number,
        patient_name=row.patient_name,
        billed_cents=sums.billed,
        paid_cents=sign * sums.paid,
        written_off_cents=sign * sums.written_off,
        owed=owed.get(row.claim_id, ()),
        held="" if row.takeback else sums.held,
        reversed=row.reversed,
        takeback=row.takeback,
    )


def earlier_eobs(session: Session, claim_id: int) -> tuple[EarlierEob, ...]:
    """Decisions on a claim that are neither reversed nor reversals, oldest first."""
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    rows = session.execute(
        select(
            Eob.id,
            Payment.id,
            Payment.number,
            Payment.payment_date,
            func.coalesce(func.sum(EobLine.paid_cents), 0),
        )
        .join(Payment, Payment.id == Eob.payment_id)
        .outerjoin(EobLine, EobLine.eob_id == Eob.id)
        .where(Eob.claim_id == claim_id, Eob.reverses_id.is_(None), Eob.id.not_in(reversing))
        .group_by(Eob.id)
        .order_by(Eob.id)
    )
    return tuple(EarlierEob(eob, pay, num or "", day, paid) for eob, pay, num, day, paid in rows)


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
