"""Inner functions: claims as rows of a list, with what the payer still owes on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.models.books import LineBalance
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter, EncounterCoverage
from app.services.claim_commands import ClaimRow


def rows(
    session: Session,
    statuses: Sequence[str],
    text: str,
    limit: int,
    patient_id: int | None = None,
) -> tuple[ClaimRow, ...]:
    """Claims by status, patient and beginnings of number, name or payer; one query."""
    query = _query().order_by(Encounter.service_date.desc(), Claim.id.desc()).limit(limit)
    if statuses:
        query = query.where(Claim.status.in_(statuses))
    if text.strip():
        query = query.where(_matches(text.strip().lower()))
    if patient_id is not None:
        query = query.where(Encounter.patient_id == patient_id)
    return tuple(_row(r) for r in session.execute(query))


def _matches(typed: str) -> ColumnElement[bool]:
    starts = [
        func.lower(column).startswith(typed, autoescape=True)
        for column in (Claim.number, Patient.last, Patient.account_no, Payer.name)
    ]
    return or_(*starts)


def row(session: Session, claim_id: int) -> ClaimRow:
    """One claim."""
    return _row(session.execute(_query().where(Claim.id == claim_id)).one())


def _query() -> Select[Claim, int, str, str, str, date, int, int]:
    total = (
        select(func.coalesce(func.sum(ChargeLine.charge_cents), 0))
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == Claim.id)
        .scalar_subquery()
    )
    still_open = (
        select(func.coalesce(func.sum(LineBalance.amount_cents), 0))
        .join(ClaimLine, ClaimLine.charge_line_id == LineBalance.charge_line_id)
        # "+ 0" keeps SQLite from going through all lines of the party instead of the claim's few.
        .join(Party, and_(Party.id == LineBalance.party_id + 0, Party.policy_id == Claim.policy_id))
        .where(ClaimLine.claim_id == Claim.id)
        .scalar_subquery()
    )
    return (
        select(
            Claim,
            Patient.id,
            Patient.last,
            Patient.first,
            Payer.name,
            Encounter.service_date,
            total,
            still_open,
        )
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
    )


def _row(r: Row[Claim, int, str, str, str, date, int, int]) -> ClaimRow:
    claim, patient_id, last, first, payer, service_date, total, still_open = r
    return ClaimRow(
        claim_id=claim.id,
        number=claim.number,
        patient_id=patient_id,
        patient_name=f"{last}, {first}",
        payer=payer,
        rank=claim.rank,
        status=claim.status,
        service_date=service_date,
        total_cents=total,
        open_cents=still_open,
        follow_up_on=claim.follow_up_on,
        note=claim.hold_reason or "",
    )


def rank_of(session: Session, encounter_id: int, policy_id: int) -> int:
    """A policy's place in the encounter's order of payers; the next one when it is new."""
    ranks = dict(
        session.execute(
            select(EncounterCoverage.policy_id, EncounterCoverage.rank).where(
                EncounterCoverage.encounter_id == encounter_id
            )
        ).all()
    )
    return ranks.get(policy_id) or max(ranks.values(), default=0) + 1
