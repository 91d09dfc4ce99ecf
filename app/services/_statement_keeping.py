"""Inner functions: a statement is kept as printed, looked up, or marked as taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.account_standing import OpenLine
from app.domain.errors import NotFound, Refused
from app.domain.statement_content import LetterContent, StatementContent, to_json
from app.models.books import Journal
from app.models.people import Patient
from app.models.statements import Statement, StatementLine
from app.services.desk import Desk


def keep(
    session: Session,
    desk: Desk,
    content: StatementContent | LetterContent,
    number: int,
    lines: Sequence[OpenLine],
    pdf: bytes,
    pages: int,
) -> Statement:
    """Freezes what goes out; ``lines`` are those it asks for."""
    balance = sum(line.patient_cents for line in lines)
    row = Statement(
        guarantor_id=content.guarantor_id,
        kind="statement" if isinstance(content, StatementContent) else "letter",
        number=number,
        printed_on=content.on,
        due_on=content.due_on,
        amount_cents=content.amount_cents,
        balance_cents=balance,
        content_json=to_json(content),
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=pages,
        journal_id=session.scalar(select(func.max(Journal.id))) or 0,
        created_at=desk.clock.now(),
        user_id=desk.user_id,
    )
    session.add(row)
    session.flush()
    session.add_all(
        StatementLine(
            statement_id=row.id, charge_line_id=line.line_id, amount_cents=line.patient_cents
        )
        for line in lines
    )
    return row


def kept(session: Session, statement_id: int) -> Statement:
    """The statement as kept.

    Raises:
        NotFound: no such statement.
    """
    row = session.get(Statement, statement_id)
    if row is None:
        raise NotFound("This statement is no longer there. Refresh the list.")
    return row


def unsend(session: Session, desk: Desk, statement_id: int, why: str) -> Statement:
    """Marks the newest bill as never sent; what was printed stays on record.

    Raises:
        Refused: ``already_unsent``, ``not_the_latest``, ``no_reason``.
    """
    row = kept(session, statement_id)
    if not why.strip():
        raise Refused("no_reason", "Say why it is taken back, for example: never mailed.")
    if row.voided_at is not None:
        raise Refused("already_unsent", "This statement was already taken back.")
    newest = session.scalar(
        select(func.max(Statement.id)).where(
            Statement.guarantor_id == row.guarantor_id, Statement.voided_at.is_(None)
        )
    )
    if row.id != newest:
        raise Refused("not_the_latest", "Only the latest statement can be taken back.")
    row.voided_at, row.voided_by_id, row.voided_why = desk.clock.now(), desk.user_id, why.strip()
    return row


def audit_household(
    session: Session,
    desk: Desk,
    guarantor_id: int,
    action: str,
    entity: str | None = None,
    entity_id: int | None = None,
) -> None:
    """One audit row for each patient of a guarantor; one without a patient where there is none."""
    patients = session.scalars(
        select(Patient.id).where(Patient.guarantor_id == guarantor_id).order_by(Patient.id)
    ).all()
    named: list[int | None] = [*patients] or [None]
    for patient in named:
        desk.audit(session, action, patient, entity, entity_id)
