"""Inner functions: what earlier payers decided on a claim's lines, and who gets which envelope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import Disposition
from app.domain.claim_form import Address, ClaimForm
from app.domain.posting import EobAdjustment
from app.models.books import Eob, EobLine, Payment, ReasonRule
from app.models.people import Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, Encounter
from app.printing.decision_summary import (
    Adjustment,
    DecidedLine,
    DecisionSummary,
    EarlierDecision,
)
from app.printing.fields import LINES_PER_SHEET
from app.printing.mailing import MailedClaim, Mailing
from app.services import _claim_state

# The patient's shares that remittances print in columns of their own.
_OWN_COLUMN = {("PR", "1"): "deductible", ("PR", "2"): "coinsurance", ("PR", "3"): "copay"}
_UNKNOWN = "See the payer's remittance"


def summary_of(session: Session, claim: Claim, form: ClaimForm) -> DecisionSummary | None:
    """The earlier payers' decisions on this claim's lines; None when nobody has decided yet."""
    lines = _charge_lines(session, claim.id)
    decisions = tuple(_decisions(session, claim, lines))
    if not decisions:
        return None
    codes = {a.code for d in decisions for line in d.lines for a in line.other}
    return DecisionSummary(form, decisions, _wordings(session, codes))


def _charge_lines(session: Session, claim_id: int) -> dict[int, ChargeLine]:
    rows = session.scalars(
        select(ChargeLine)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim_id)
        .order_by(ChargeLine.position, ChargeLine.id)
    )
    return {row.id: row for row in rows}


def _decisions(
    session: Session, claim: Claim, lines: dict[int, ChargeLine]
) -> Iterator[EarlierDecision]:
    rows = session.execute(
        select(Eob, Payment, Payer.name, Claim)
        .join(Payment, Payment.id == Eob.payment_id)
        .join(Claim, Claim.id == Eob.claim_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(
            Claim.encounter_id == claim.encounter_id,
            Claim.rank < claim.rank,
            Eob.reverses_id.is_(None),
            Eob.id.not_in(select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))),
        )
        .order_by(Claim.rank, Payment.payment_date, Eob.id)
    ).all()
    for _, of_payer in groupby(rows, key=lambda row: row[3].policy_id):
        decided = _standing(session, list(of_payer), lines)
        on_any = {row.charge_line_id for _, kept in decided for row, _ in kept}
        missing = [_code(line) for key, line in lines.items() if key not in on_any]
        for number, (head, kept) in enumerate(decided, start=1):
            yield _decision(head, kept, lines, missing if number == len(decided) else [])


Kept = list[tuple[EobLine, tuple[EobAdjustment, ...]]]


def _standing(
    session: Session, heads: Sequence[Any], lines: dict[int, ChargeLine]
) -> list[tuple[Any, Kept]]:
    """Each remittance with the lines that count: what moved money, or else the last word said.

    A later *duplicate of a claim already decided* does not take the place of the payment.
    """
    found: list[tuple[Any, Kept]] = []
    last: dict[int, int] = {}
    moving: set[int] = set()
    for head in heads:
        rows = session.scalars(
            select(EobLine).where(EobLine.eob_id == head[0].id, EobLine.charge_line_id.in_(lines))
        )
        kept = [(row, _claim_state.adjustments_of(session, row.id)) for row in rows]
        kept.sort(key=lambda pair: list(lines).index(pair[0].charge_line_id))
        found.append((head, kept))
        last |= {row.charge_line_id: row.id for row, _ in kept}
        moving |= {row.charge_line_id for row, adjustments in kept if _moves(row, adjustments)}
    standing = [
        (head, [pair for pair in kept if _counts(*pair, last=last, moving=moving)])
        for head, kept in found
    ]
    return [(head, kept) for head, kept in standing if kept]


def _moves(row: EobLine, adjustments: Sequence[EobAdjustment]) -> bool:
    kinds = (Disposition.WRITEOFF, Disposition.TRANSFER)
    return bool(row.paid_cents) or any(a.cents and a.disposition in kinds for a in adjustments)


def _counts(
    row: EobLine,
    adjustments: Sequence[EobAdjustment],
    *,
    last: dict[int, int],
    moving: set[int],
) -> bool:
    if row.charge_line_id in moving:
        return _moves(row, adjustments)
    return last[row.charge_line_id] == row.id


def _decision(
    head: Any, kept: Kept, lines: dict[int, ChargeLine], missing: Sequence[str]
) -> EarlierDecision:
    eob, payment, payer, claim = head
    remarks = [*(eob.remarks or "").split(), *(a.rarc for _, own in kept for a in own)]
    return EarlierDecision(
        payer=payer,
        remitted_on=payment.payment_date,
        check_number=payment.number or "",
        claim_number=claim.number,
        payer_claim_number=eob.payer_claim_number or claim.payer_claim_number or "",
        lines=tuple(_line(row, own, lines[row.charge_line_id]) for row, own in kept),
        missing=tuple(missing),
        remarks=", ".join(dict.fromkeys(filter(None, remarks))),
    )


def _line(row: EobLine, adjustments: Sequence[EobAdjustment], line: ChargeLine) -> DecidedLine:
    shares = dict.fromkeys(_OWN_COLUMN.values(), 0)
    other = []
    for a in adjustments:
        column = _OWN_COLUMN.get((a.group, a.carc))
        if column is not None:
            shares[column] += a.cents
        elif a.cents:
            other.append(Adjustment(f"{a.group}-{a.carc}", a.cents))
    return DecidedLine(
        service_date=line.service_from,
        code=_code(line),
        billed=row.billed_cents,
        allowed=row.allowed_cents,
        paid=row.paid_cents,
        other=tuple(other),
        **shares,
    )


def _code(line: ChargeLine) -> str:
    return f"{line.code} {line.modifiers or ''}".strip()


def _wordings(session: Session, codes: set[str]) -> tuple[tuple[str, str], ...]:
    table = session.execute(select(ReasonRule.group_code, ReasonRule.carc, ReasonRule.wording))
    known = {f"{group}-{carc}": wording for group, carc, wording in table}
    return tuple((code, known.get(code, _UNKNOWN)) for code in sorted(codes))


def has_earlier_decision(session: Session, claim_ids: Sequence[int]) -> set[int]:
    """Of these claims, the ones of later payers: they travel with the earlier decisions."""
    query = select(Claim.id).where(Claim.id.in_(claim_ids), Claim.rank > 1)
    return set(session.scalars(query))


def mailings(session: Session, claim_ids: Sequence[int]) -> tuple[list[tuple[int, int]], Any]:
    """(claim id, patient id) in mailing order, and the envelopes they go into; one query."""
    later = has_earlier_decision(session, claim_ids)
    rows = sorted(session.execute(_mailed(claim_ids)), key=_mailing_order)
    order = [(row.id, row.patient_id) for row in rows]
    found = []
    for _, of_payer in groupby(rows, key=lambda row: row[0].id):
        own = list(of_payer)
        claims = tuple(_mailed_claim(row, row.id in later) for row in own)
        found.append(Mailing(own[0][0].name, address_of_payer(own[0][0]), claims))
    return order, tuple(found)


def _mailed(claim_ids: Sequence[int]) -> Any:
    return (
        select(
            Payer,
            Claim.id,
            Claim.number,
            Patient.id.label("patient_id"),
            Patient.last,
            Patient.first,
            Encounter.service_date,
            func.count(ChargeLine.id).label("lines"),
            func.sum(ChargeLine.charge_cents).label("cents"),
        )
        .join(Policy, Policy.payer_id == Payer.id)
        .join(Claim, Claim.policy_id == Policy.id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .where(Claim.id.in_(claim_ids))
        .group_by(Claim.id)
    )


def _mailing_order(row: Any) -> tuple[str, int, int, str]:
    """Payer by payer, as the envelopes are filled; within one by claim number."""
    payer, number = row[0], str(row.number)
    digits = len(number) - len(number.lstrip("0123456789"))
    return payer.name.lower(), payer.id, int(number[:digits] or 0), number


def _mailed_claim(row: Any, later: bool) -> MailedClaim:
    return MailedClaim(
        number=row.number,
        patient=f"{row.last}, {row.first}",
        service_date=row.service_date,
        sheets=-(-row.lines // LINES_PER_SHEET),
        total_cents=row.cents,
        plain_pages=int(later),
    )


def address_of_payer(payer: Payer) -> Address:
    """Where the payer takes its mail today."""
    parts = (payer.address1, payer.address2, payer.city, payer.state, payer.zip)
    return Address(*(part or "" for part in parts))
