"""Inner functions: the queries behind the posting window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.books import Disposition
from app.models.books import Eob, EobAdjustment, EobLine, LineBalance
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import Claim, ClaimLine, Encounter
from app.services.posting_commands import PostedClaim


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
