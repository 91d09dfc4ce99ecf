"""Inner functions: one claim opened for follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_form import PayerType
from app.domain.follow_up import APPEALS, appeal_by, file_by
from app.models.books import Eob, EobAdjustment, EobLine, LineBalance, Payment
from app.models.people import Party, Patient, Payer, Policy, Practice, User
from app.models.records import Note
from app.models.visits import ChargeLine, Claim, ClaimEvent, ClaimLine, Encounter
from app.services import _follow_up_rows
from app.services._follow_up_rows import DENIED
from app.services.claim_commands import ClaimStep
from app.services.follow_up_commands import (
    ClaimNote,
    DecidedLine,
    Denied,
    FollowUpClaim,
    OpenRow,
)


@dataclass(frozen=True, slots=True)
class _Notice:
    """The newest standing EOB of a claim, and every line on an EOB of it."""

    payment_id: int | None
    decided_on: date | None
    payer_claim_number: str
    lines: dict[int, EobLine]


@dataclass(frozen=True, slots=True)
class _People:
    """Who a claim is about and who is asked for its money."""

    visit: Encounter
    patient: Patient
    policy: Policy
    payer: Payer


def opened(session: Session, claim: Claim, today: date) -> FollowUpClaim:
    """A claim with its payer's words, life and notes; nine queries."""
    people = _People(
        *session.execute(
            select(Encounter, Patient, Policy, Payer)
            .join(Patient, Patient.id == Encounter.patient_id)
            .join(Policy, Policy.id == claim.policy_id)
            .join(Payer, Payer.id == Policy.payer_id)
            .where(Encounter.id == claim.encounter_id)
        ).one()
    )
    notice, notes = _notice(session, claim), _notes(session, claim.id)
    lines = _lines(session, claim, notice)
    practice = session.scalar(select(Practice).limit(1))
    rule = APPEALS.get(PayerType(people.payer.type))
    return FollowUpClaim(
        row=_row(claim, people, lines, notice.decided_on, today),
        birth_date=people.patient.birth_date,
        member_id=people.policy.member_id,
        group_number=people.policy.group_number or "",
        payer_phone=people.payer.phone or "",
        npi=practice.npi if practice else "",
        tax_id=practice.tax_id if practice else "",
        payer_claim_number=notice.payer_claim_number or claim.payer_claim_number or "",
        total_cents=sum(line.charge_cents for line in lines),
        lines=lines,
        steps=_steps(session, claim.id),
        notes=notes,
        appeal_name=rule.name if rule else "",
        payment_id=notice.payment_id,
        decided_on=notice.decided_on,
    )


def _row(
    claim: Claim,
    people: _People,
    lines: tuple[DecidedLine, ...],
    noticed_on: date | None,
    today: date,
) -> OpenRow:
    visit, patient, payer = people.visit, people.patient, people.payer
    kind = PayerType(payer.type)
    decided = noticed_on if claim.status in DENIED else None
    first = min((line.service_date for line in lines), default=visit.service_date)
    return OpenRow(
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        number=claim.number,
        patient_id=patient.id,
        patient_name=f"{patient.last}, {patient.first}",
        payer=payer.name,
        status=claim.status,
        service_date=visit.service_date,
        open_cents=sum(line.open_cents for line in lines),
        sent_on=claim.submitted_on,
        days_out=(today - claim.submitted_on).days if claim.submitted_on else None,
        follow_up_on=claim.follow_up_on,
        file_by=None if decided else file_by(kind, payer.timely_filing_days, first),
        appeal_by=None if claim.status == "rejected" else appeal_by(kind, decided),
        note=claim.hold_reason or "",
    )


def _notice(session: Session, claim: Claim) -> _Notice:
    reversed_ids = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    rows = session.execute(
        select(Eob, EobLine, Payment.payment_date)
        .join(EobLine, EobLine.eob_id == Eob.id)
        .join(Payment, Payment.id == Eob.payment_id)
        .where(Eob.claim_id == claim.id, Eob.reverses_id.is_(None), Eob.id.not_in(reversed_ids))
        .order_by(Eob.id)
    ).all()
    if not rows:
        return _Notice(None, None, "", {})
    newest, _, on = rows[-1]
    lines = {line.charge_line_id: line for _, line, _ in rows}
    return _Notice(newest.payment_id, on, newest.payer_claim_number or "", lines)


def _lines(session: Session, claim: Claim, notice: _Notice) -> tuple[DecidedLine, ...]:
    owed = dict(
        session.execute(
            select(LineBalance.charge_line_id, LineBalance.amount_cents)
            .join(Party, Party.id == LineBalance.party_id)
            .join(ClaimLine, ClaimLine.charge_line_id == LineBalance.charge_line_id)
            .where(ClaimLine.claim_id == claim.id, Party.policy_id == claim.policy_id)
        ).all()
    )
    rows = session.scalars(
        select(ChargeLine)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(ChargeLine.position, ChargeLine.id)
    )
    reasons = _reasons(session, notice)
    return tuple(_line(row, owed.get(row.id, 0), notice, reasons) for row in rows)


def _line(
    row: ChargeLine, owed: int, notice: _Notice, reasons: dict[int, tuple[Denied, ...]]
) -> DecidedLine:
    said = notice.lines.get(row.id)
    return DecidedLine(
        service_date=row.service_from,
        code=" ".join(part for part in (row.code, row.modifiers) if part),
        charge_cents=row.charge_cents,
        open_cents=owed,
        allowed_cents=said.allowed_cents if said else None,
        paid_cents=said.paid_cents if said else None,
        reasons=reasons.get(said.id, ()) if said else (),
    )


def _reasons(session: Session, notice: _Notice) -> dict[int, tuple[Denied, ...]]:
    """All that the newest EOB says of each line, what was settled by it included."""
    if not notice.lines:
        return {}
    words = _follow_up_rows.wordings(session)
    ids = [line.id for line in notice.lines.values()]
    query = select(EobAdjustment).where(EobAdjustment.eob_line_id.in_(ids))
    found: dict[int, tuple[Denied, ...]] = {}
    for a in session.scalars(query.order_by(EobAdjustment.id)):
        text = words.get((a.group_code, a.carc), "")
        said = Denied(a.group_code, a.carc, a.rarc or "", a.amount_cents, text)
        found[a.eob_line_id] = (*found.get(a.eob_line_id, ()), said)
    return found


def _steps(session: Session, claim_id: int) -> tuple[ClaimStep, ...]:
    query: Any = (
        select(ClaimEvent, User.name)
        .join(User, User.id == ClaimEvent.user_id)
        .where(ClaimEvent.claim_id == claim_id)
        .order_by(ClaimEvent.id.desc())
    )
    return tuple(
        ClaimStep(event.at, event.on_date, user, event.to_status, event.note or "")
        for event, user in session.execute(query)
    )


def _notes(session: Session, claim_id: int) -> tuple[ClaimNote, ...]:
    """Newest first."""
    query = (
        select(Note.at, User.name, Note.text)
        .join(User, User.id == Note.user_id)
        .where(Note.claim_id == claim_id)
        .order_by(Note.id.desc())
    )
    return tuple(ClaimNote(at, user, text) for at, user, text in session.execute(query))
