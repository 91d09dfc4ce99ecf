"""Inner functions: one check proved, line by line and item by item."""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from app.domain import reports
from app.domain.books import Account
from app.domain.dates import format_date
from app.domain.errors import NotFound
from app.domain.reports import About, Group, Report, Tie, day, money, text
from app.models.books import Eob, EobAdjustment, EobLine, Journal, Payment, Posting
from app.models.people import Guarantor, Patient, Payer
from app.models.visits import ChargeLine, Claim, Encounter
from app.services._deposits import from_whom
from app.services._report_base import Asked

_BATCH_PROOF_COLUMNS = (
    text("patient", "Patient"),
    text("claim", "Claim"),
    day("service", "Service"),
    text("code", "Code"),
    money("billed", "Billed"),
    money("allowed", "Allowed", sums=False),
    money("written_off", "Written off"),
    money("passed", "Passed on"),
    money("held", "Held"),
    money("paid", "Paid"),
)


def batch_proof(session: Session, p: Asked) -> Report:
    """One check with everything that stands on it; what it says is what is allocated.

    Raises:
        NotFound: no such check.
    """
    check = session.get(Payment, p.more.payment_id or 0)
    if check is None:
        raise NotFound("Choose the check to prove.")
    eobs = _eob_rows(session, check.id)
    other = _other_rows(session, check.id)
    signed = -check.amount_cents if check.kind == "refund" else check.amount_cents
    sums = _allocated(session, check.id)
    paid = sum(row[-1] for row, _ in eobs) + sum(row[-1] for row in other)
    ties = (
        Tie("Lines and items = allocated in the books", paid, sums),
        Tie("Amount = allocated (remaining 0.00)", signed, sums),
    )
    groups = (
        reports.group_about("Lines", eobs),
        Group("Items and other entries", tuple(other)),
    )
    return reports.make_report(
        "batch_proof",
        "Check proof",
        _check_words(session, check, signed),
        _BATCH_PROOF_COLUMNS,
        groups,
        ties,
    )


def _check_words(session: Session, check: Payment, signed: int) -> str:
    owner = session.scalar(
        select(from_whom())
        .select_from(Payment)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .where(Payment.id == check.id)
    )
    paper = f"{check.method.replace('_', ' ')} {check.number or ''}".strip()
    amount = reports.shown(signed, reports.Kind.MONEY)
    return f"{owner}, {paper}, {amount}, received {format_date(check.received_on)}, {check.status}"


def _allocated(session: Session, payment_id: int) -> int:
    return (
        session.scalar(
            select(func.sum(Posting.amount_cents)).where(
                Posting.payment_id == payment_id, Posting.account == str(Account.CASH)
            )
        )
        or 0
    )


def _eob_rows(session: Session, payment_id: int) -> list[tuple]:  # type: ignore[type-arg]
    """Lines of the EOBs on the check; what it takes back of an earlier one is negative."""
    original = aliased(Eob)
    adjusted = {
        name: func.coalesce(
            func.sum(
                case((EobAdjustment.disposition == name, EobAdjustment.amount_cents), else_=0)
            ),
            0,
        )
        for name in ("writeoff", "transfer", "hold")
    }
    sign = case((Eob.reverses_id.is_not(None), -1), else_=1)
    paid = case((Eob.from_unapplied, 0), else_=sign * EobLine.paid_cents)
    rows = session.execute(
        select(
            Patient.last + ", " + Patient.first, Claim.number, ChargeLine.service_from,
            ChargeLine.code, sign * EobLine.billed_cents, sign * EobLine.allowed_cents,
            sign * adjusted["writeoff"], sign * adjusted["transfer"], sign * adjusted["hold"], paid,
            func.coalesce(original.from_unapplied, False), Claim.id,
        )
        .select_from(Eob)
        .outerjoin(original, original.id == Eob.reverses_id)
        .join(EobLine, EobLine.eob_id == func.coalesce(Eob.reverses_id, Eob.id))
        .outerjoin(EobAdjustment, EobAdjustment.eob_line_id == EobLine.id)
        .join(Claim, Claim.id == Eob.claim_id)
        .join(ChargeLine, ChargeLine.id == EobLine.charge_line_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(Eob.payment_id == payment_id)
        .group_by(Eob.id, EobLine.id)
        .order_by(Eob.id, EobLine.id)
    )  # fmt: skip
    return [((*row[:9], 0 if row[10] else row[9]), About("claim", row[11])) for row in rows]


def _other_rows(session: Session, payment_id: int) -> list[tuple]:  # type: ignore[type-arg]
    """What no EOB line tells: items, receipts line by line, refunds, and their undoing."""
    of_eobs = select(Eob.journal_id).where(Eob.journal_id.is_not(None))
    item = func.max(case((Journal.kind == "check_item", Posting.reason)))
    cash = func.sum(case((Posting.account == str(Account.CASH), Posting.amount_cents), else_=0))
    rows = session.execute(
        select(
            Journal.kind, func.coalesce(item, ""), func.coalesce(Journal.memo, ""),
            func.coalesce(Patient.last + ", " + Patient.first, ""),
            ChargeLine.service_from, func.coalesce(ChargeLine.code, ""), cash,
        )
        .select_from(Posting)
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .outerjoin(Encounter, Encounter.id == ChargeLine.encounter_id)
        .outerjoin(Patient, Patient.id == Encounter.patient_id)
        .where(Posting.payment_id == payment_id, Journal.id.not_in(of_eobs))
        .group_by(Journal.id, ChargeLine.id)
        .order_by(Journal.id, ChargeLine.id)
    )  # fmt: skip
    return [
        (name, _words(kind, item, memo), on, code, None, None, None, None, None, cents)
        for kind, item, memo, name, on, code, cents in rows
        if cents or kind == "apply_unapplied"
    ]


_WORDS = {
    "patient_payment": "Receipt",
    "apply_unapplied": "Placed, was unapplied",
    "refund": "Refund",
    "reversal": "Taken back",
}


def _words(kind: str, item: str, memo: str) -> str:
    said = item or _WORDS.get(kind, kind)
    return " ".join(p for p in (said.replace("_", " ").capitalize(), memo) if p)
