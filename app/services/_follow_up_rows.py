"""Inner functions: the payers' open buckets, each given to the newest claim over its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import PayerType
from app.domain.follow_up import OLD_DRAFT_DAYS, appeal_by, file_by
from app.models.books import (
    STILL_OPEN,
    Eob,
    EobAdjustment,
    EobLine,
    LineBalance,
    Payment,
    ReasonRule,
)
from app.models.people import Party, Patient, Payer, Policy
from app.models.records import Note
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter
from app.services.follow_up_commands import Denied, OpenRow

UNSENT = ("", "ready", "held", "printed")
DENIED = ("rejected", "denied", "partially_paid")
# Adjustments that explain nothing that is still open.
_SETTLED = ("writeoff", "transfer")


@dataclass(frozen=True, slots=True)
class Said:
    """What the payer last said about a line: when, and its reasons."""

    eob_id: int
    decided_on: date
    reasons: tuple[Denied, ...]


@dataclass(slots=True)
class _Open:
    """Open lines of one claim, or of one encounter and policy without a claim."""

    head: Any
    cents: int = 0
    first_day: date = date.max
    lines: list[int] = field(default_factory=list)


def open_rows(session: Session, today: date) -> list[OpenRow]:
    """Every open bucket of a payer, once; four queries whatever the practice holds."""
    groups: dict[tuple[int, int], _Open] = {}
    for row in session.execute(_buckets()):
        key = (row.claim_id, 0) if row.claim_id else (-row.encounter_id, row.line_policy)
        group = groups.setdefault(key, _Open(row))
        group.cents += row.cents
        group.first_day = min(group.first_day, row.service_from)
        group.lines.append(row.line_id)
    said, notes = last_said(session, DENIED), _last_notes(session)
    return [_row(group, today, said, notes) for group in groups.values()]


def _buckets() -> Select[*tuple[Any, ...]]:
    newest = (
        select(func.max(Claim.id))
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            ClaimLine.charge_line_id == LineBalance.charge_line_id,
            Claim.policy_id == Policy.id,
            Claim.status != "voided",
        )
        .correlate(LineBalance, Policy)
        .scalar_subquery()
    )
    return (
        select(
            LineBalance.charge_line_id.label("line_id"),
            LineBalance.amount_cents.label("cents"),
            ChargeLine.service_from,
            Policy.id.label("line_policy"),
            Payer.name.label("payer"),
            Payer.type.label("payer_type"),
            Payer.timely_filing_days,
            Encounter.id.label("encounter_id"),
            Encounter.service_date,
            Patient.id.label("patient_id"),
            Patient.last,
            Patient.first,
            Claim.id.label("claim_id"),
            Claim.number,
            Claim.status,
            Claim.submitted_on,
            Claim.follow_up_on,
            Claim.hold_reason,
        )
        .join(Party, Party.id == LineBalance.party_id)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .outerjoin(Claim, Claim.id == newest)
        .where(STILL_OPEN, LineBalance.amount_cents > 0)
    )


def _row(
    group: _Open, today: date, said: dict[int, Said], notes: dict[int, tuple[str, datetime]]
) -> OpenRow:
    head = group.head
    kind = PayerType(head.payer_type)
    status = head.status or ""
    denied = status in DENIED
    found = [said[line] for line in group.lines if line in said] if denied else []
    decided = max((s.decided_on for s in found), default=None)
    note, noted_at = notes.get(head.claim_id or 0, ("", None))
    out = status not in UNSENT
    return OpenRow(
        encounter_id=head.encounter_id,
        claim_id=head.claim_id,
        number=head.number or "",
        patient_id=head.patient_id,
        patient_name=f"{head.last}, {head.first}",
        payer=head.payer,
        status=status,
        service_date=head.service_date,
        open_cents=group.cents,
        sent_on=head.submitted_on,
        days_out=(today - head.submitted_on).days if out and head.submitted_on else None,
        follow_up_on=head.follow_up_on,
        # Once a payer has decided, the clock that runs is the appeal's.
        file_by=None if decided else file_by(kind, head.timely_filing_days, group.first_day),
        appeal_by=None if status == "rejected" else appeal_by(kind, decided),
        why=_merged(reason for s in found for reason in s.reasons),
        note=note or head.hold_reason or "",
        noted_at=noted_at,
    )


def _merged(reasons: Iterable[Denied]) -> tuple[Denied, ...]:
    """One reason a code, what hangs on it added up, the largest first."""
    sums: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for r in reasons:
        sums[r.group, r.carc, r.rarc, r.words] += r.cents
    merged = [Denied(g, c, r, cents, words) for (g, c, r, words), cents in sums.items()]
    return tuple(sorted(merged, key=lambda r: (-r.cents, r.code)))


def _last_notes(session: Session) -> dict[int, tuple[str, datetime]]:
    newest = select(func.max(Note.id)).where(Note.claim_id.is_not(None)).group_by(Note.claim_id)
    query = select(Note.claim_id, Note.text, Note.at).where(Note.id.in_(newest))
    return {claim: (words, at) for claim, words, at in session.execute(query) if claim}


# --- what the payer said ------------------------------------------------------------------------
def last_said(
    session: Session, statuses: tuple[str, ...] = (), claim_id: int | None = None
) -> dict[int, Said]:
    """The newest standing EOB of each line, with the reasons that still hold something up."""
    words = wordings(session)
    found: dict[int, Said] = {}
    for row in session.execute(_said_query(statuses, claim_id)):
        before = found.get(row.charge_line_id)
        if before is None or row.eob_id > before.eob_id:
            before = Said(row.eob_id, row.payment_date, ())
        reasons = before.reasons
        if row.carc is not None and row.disposition not in _SETTLED and row.amount_cents > 0:
            text = words.get((row.group_code, row.carc), "")
            new = Denied(row.group_code, row.carc, row.rarc or "", row.amount_cents, text)
            reasons = (*reasons, new)
        found[row.charge_line_id] = Said(before.eob_id, before.decided_on, reasons)
    return found


def _said_query(statuses: tuple[str, ...], claim_id: int | None) -> Select[*tuple[Any, ...]]:
    reversed_ids = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    query = (
        select(
            Eob.id.label("eob_id"),
            Payment.payment_date,
            EobLine.charge_line_id,
            EobAdjustment.group_code,
            EobAdjustment.carc,
            EobAdjustment.rarc,
            EobAdjustment.amount_cents,
            EobAdjustment.disposition,
        )
        .join(Claim, Claim.id == Eob.claim_id)
        .join(Payment, Payment.id == Eob.payment_id)
        .join(EobLine, EobLine.eob_id == Eob.id)
        .outerjoin(EobAdjustment, EobAdjustment.eob_line_id == EobLine.id)
        .where(Eob.reverses_id.is_(None), Eob.id.not_in(reversed_ids))
        .order_by(Eob.id, EobAdjustment.id)
    )
    if statuses:
        query = query.where(Claim.status.in_(statuses))
    return query if claim_id is None else query.where(Eob.claim_id == claim_id)


def wordings(session: Session) -> dict[tuple[str, str], str]:
    """Our own short wording of each (group, CARC)."""
    query = select(ReasonRule.group_code, ReasonRule.carc, ReasonRule.wording)
    return {(group, carc): words for group, carc, words in session.execute(query)}


# --- not in the books yet -----------------------------------------------------------------------
def old_drafts(session: Session, today: date) -> list[OpenRow]:
    """Visits not posted some days after the service; what they will charge is not in the books."""
    query = (
        select(
            Encounter,
            Patient.last,
            Patient.first,
            func.coalesce(func.sum(ChargeLine.charge_cents), 0),
        )
        .join(Patient, Patient.id == Encounter.patient_id)
        .outerjoin(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(
            Encounter.status == "draft",
            Encounter.service_date < today - timedelta(days=OLD_DRAFT_DAYS),
        )
        .group_by(Encounter.id)
        .order_by(Encounter.service_date, Encounter.id)
    )
    return [
        OpenRow(
            encounter_id=visit.id,
            claim_id=None,
            number="",
            patient_id=visit.patient_id,
            patient_name=f"{last}, {first}",
            payer="",
            status="draft",
            service_date=visit.service_date,
            open_cents=cents,
            note=visit.hold_reason or "",
        )
        for visit, last, first, cents in session.execute(query)
    ]
