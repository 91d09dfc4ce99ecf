"""Inner functions: one bill composed, checked, frozen and kept in somebody's unit of work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.domain.statement_content import LetterContent, StatementContent
from app.domain.statement_policy import StatementPolicy
from app.domain.statements import Decision, decide
from app.printing.letter import letter_pages
from app.printing.sheets import Page, pages_pdf
from app.printing.statement import statement_pages
from app.services import (
    _statement_content,
    _statement_facts,
    _statement_keeping,
    _statement_settings,
)
from app.services._statement_facts import Account
from app.services.desk import Desk
from app.services.statement_commands import LeftOut

TITLE, LETTER_TITLE = "Statement", "Letter"  # of the documents; they name nobody


@dataclass(frozen=True, slots=True)
class Kept:
    """A bill that was frozen, and its pages (cents)."""

    statement_id: int
    amount_cents: int
    pages: tuple[Page, ...]


def account(
    session: Session, desk: Desk, guarantor_id: int
) -> tuple[StatementPolicy, Account, Decision]:
    """A guarantor's account, and what is to be done with it today.

    Raises:
        NotFound: no such guarantor.
    """
    policy = _statement_settings.read_policy(session)
    found = _statement_facts.accounts(session, policy, desk.today, [guarantor_id])
    if not found:
        raise NotFound("This guarantor is no longer there. Refresh the list.")
    return policy, found[0], decide(found[0].facts, policy, desk.today)


def preview(session: Session, desk: Desk, guarantor_id: int) -> bytes:
    """The statement of today as PDF; nothing is kept.

    Raises:
        Refused: ``nothing_to_ask`` when no line may be asked for, ``no_practice``.
    """
    policy, found, decision = account(session, desk, guarantor_id)
    if not found.facts.standing.asked:
        raise Refused("nothing_to_ask", f"There is nothing to show. {decision.words}.")
    content = _statement_content.build(session, found, decision, policy, desk.today)
    return pages_pdf(statement_pages(content), TITLE)


def preview_letter(session: Session, desk: Desk, guarantor_id: int) -> bytes:
    """The letter of today as PDF; nothing is kept.

    Raises:
        Refused: ``no_statement_sent`` when nothing of it was ever asked for, ``no_practice``.
    """
    policy, found, _ = account(session, desk, guarantor_id)
    last = found.facts.last
    if last is None or last.owed_cents <= 0:
        raise Refused("no_statement_sent", "Send a statement of this balance first.")
    content = _statement_content.letter(session, found, policy, desk.today)
    return pages_pdf(letter_pages(content), LETTER_TITLE)


def statement(session: Session, desk: Desk, guarantor_id: int, *, by_hand: bool) -> Kept | LeftOut:
    """Freezes and keeps a statement, unless something speaks against it."""
    policy, found, decision = account(session, desk, guarantor_id)
    if not decision.may_send(by_hand=by_hand):
        return LeftOut(guarantor_id, found.name, decision.words)
    content = _statement_content.build(session, found, decision, policy, desk.today)
    pages = statement_pages(content)
    pdf = pages_pdf(pages, TITLE)
    return _keep(session, desk, found, content, content.number, pages, pdf)


def letter(session: Session, desk: Desk, guarantor_id: int, *, by_hand: bool) -> tuple[Kept, bytes]:
    """Freezes and keeps the letter before collections; answers its PDF, too.

    Raises:
        Refused: ``letter_not_due``, ``no_statement_sent``, ``no_practice``.
    """
    policy, found, decision = account(session, desk, guarantor_id)
    last = found.facts.last
    if last is None or last.owed_cents <= 0:
        raise Refused("no_statement_sent", "Send a statement of this balance first.")
    if not decision.may_write(by_hand=by_hand):
        raise Refused("letter_not_due", f"No letter is due. {decision.words}.")
    content = _statement_content.letter(session, found, policy, desk.today)
    pages = letter_pages(content)
    pdf = pages_pdf(pages, LETTER_TITLE)
    return _keep(session, desk, found, content, last.number, pages, pdf), pdf


def _keep(
    session: Session,
    desk: Desk,
    found: Account,
    content: StatementContent | LetterContent,
    number: int,
    pages: list[Page],
    pdf: bytes,
) -> Kept:
    lines = found.facts.standing.asked
    row = _statement_keeping.keep(session, desk, content, number, lines, pdf, len(pages))
    action = "send statement" if isinstance(content, StatementContent) else "pre-collection letter"
    for patient in sorted({line.patient_id for line in lines}):
        desk.audit(session, action, patient, "statement", row.id)
    return Kept(row.id, content.amount_cents, tuple(pages))
