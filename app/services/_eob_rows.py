"""Inner functions: what an EOB said, kept line by line; and what posting it did, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain import posting
from app.domain.books import Disposition
from app.models.base import table_of
from app.models.books import Eob, EobAdjustment, EobLine
from app.models.people import Party, Payer, Policy
from app.services.desk import Desk
from app.services.payment_commands import PostEob


def record(
    session: Session,
    desk: Desk,
    command: PostEob,
    status_before: str,
    journal: int | None,
    on: date,
) -> Eob:
    """Keeps an EOB with its lines."""
    eob = Eob(
        payment_id=command.payment_id,
        claim_id=command.claim_id,
        journal_id=journal,
        posted_at=desk.clock.now(),
        accounting_date=on,
        from_unapplied=command.from_unapplied,
        remarks=" ".join(command.remarks) or None,
        payer_claim_number=command.payer_claim_number or None,
        status_before=status_before,
    )
    session.add(eob)
    session.flush()
    _record_lines(session, eob.id, command.lines)
    return eob


def _record_lines(session: Session, eob_id: int, lines: Sequence[posting.EobLine]) -> None:
    """All lines in one statement and all their amounts in another."""
    table = table_of(EobLine)
    ids = session.scalars(
        insert(table).returning(table.c.id, sort_by_parameter_order=True),
        [
            {
                "eob_id": eob_id,
                "charge_line_id": line.line_id,
                "billed_cents": line.billed,
                "allowed_cents": line.allowed,
                "paid_cents": line.paid,
            }
            for line in lines
        ],
    ).all()
    amounts = [
        {
            "eob_line_id": row_id,
            "group_code": a.group,
            "carc": a.carc,
            "rarc": a.rarc or None,
            "amount_cents": a.cents,
            "disposition": str(a.disposition),
            "to_party_id": a.to_party,
        }
        for row_id, line in zip(ids, lines, strict=True)
        for a in line.adjustments
    ]
    if amounts:
        session.execute(insert(table_of(EobAdjustment)), amounts)


def record_again(
    session: Session, desk: Desk, eob: Eob, payment_id: int, journal: int | None, on: date
) -> Eob:
    """Keeps an EOB that was taken back once more, as it was."""
    again = Eob(
        payment_id=payment_id,
        claim_id=eob.claim_id,
        journal_id=journal,
        posted_at=desk.clock.now(),
        accounting_date=on,
        from_unapplied=eob.from_unapplied,
        remarks=eob.remarks,
        payer_claim_number=eob.payer_claim_number,
        status_before=eob.status_before,
    )
    session.add(again)
    session.flush()
    lines = session.scalars(select(EobLine).where(EobLine.eob_id == eob.id).order_by(EobLine.id))
    for line in lines.all():
        _copy_line(session, again.id, line)
    session.flush()
    return again


def _copy_line(session: Session, eob_id: int, line: EobLine) -> None:
    row = EobLine(
        eob_id=eob_id,
        charge_line_id=line.charge_line_id,
        billed_cents=line.billed_cents,
        allowed_cents=line.allowed_cents,
        paid_cents=line.paid_cents,
    )
    session.add(row)
    session.flush()
    amounts = session.scalars(
        select(EobAdjustment).where(EobAdjustment.eob_line_id == line.id).order_by(EobAdjustment.id)
    )
    session.add_all(
        EobAdjustment(
            eob_line_id=row.id,
            group_code=a.group_code,
            carc=a.carc,
            rarc=a.rarc,
            amount_cents=a.amount_cents,
            disposition=a.disposition,
            to_party_id=a.to_party_id,
        )
        for a in amounts.all()
    )


def record_reversal(
    session: Session,
    desk: Desk,
    eob: Eob,
    payment_id: int,
    journal: int | None,
    on: date,
    status: str,
) -> Eob:
    """Keeps that an EOB was taken back on a check."""
    row = Eob(
        payment_id=payment_id,
        claim_id=eob.claim_id,
        journal_id=journal,
        reverses_id=eob.id,
        posted_at=desk.clock.now(),
        accounting_date=on,
        status_before=status,
    )
    session.add(row)
    session.flush()
    return row


def moved(session: Session, command: PostEob) -> tuple[tuple[str, int], ...]:
    """Who owes now, and how much of it is new (cents)."""
    totals: dict[int, int] = {}
    for line in command.lines:
        for a in line.adjustments:
            if a.disposition is Disposition.TRANSFER and a.to_party is not None:
                totals[a.to_party] = totals.get(a.to_party, 0) + a.cents
    names = dict(
        session.execute(
            select(Party.id, Payer.name)
            .outerjoin(Policy, Policy.id == Party.policy_id)
            .outerjoin(Payer, Payer.id == Policy.payer_id)
            .where(Party.id.in_(totals))
        ).all()
    )
    return tuple((names.get(party) or "patient", cents) for party, cents in totals.items() if cents)
