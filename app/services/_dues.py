"""Inner functions: what announced takebacks the practice still owes a payer."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.errors import Refused
from app.domain.money import format_cents
from app.models.books import Posting, stands_in


def due_to(session: Session, payer_id: int | None) -> int:
    """What is due to a payer (cents)."""
    query = select(func.sum(Posting.amount_cents)).where(
        stands_in(Account.DUE_TO_PAYER), Posting.payer_id == payer_id
    )
    return -(session.scalar(query) or 0)


def check_withheld(session: Session, payer_id: int | None, cents: int) -> None:
    """A payer withholds what it announced, no more (billing rules §3.4.4).

    Raises:
        Refused: ``exceeds_due_to_payer``.
    """
    due = due_to(session, payer_id)
    if cents > due:
        raise Refused(
            "exceeds_due_to_payer",
            f"{format_cents(due)} is due to this payer; {format_cents(cents)} is more than that. "
            "Reverse the EOB it takes back on this check, or enter its forward balance first.",
        )


def check_not_negative(session: Session, payer_id: int | None) -> None:
    """After a forward balance came off: what it announced may have been withheld already.

    Raises:
        Refused: ``exceeds_due_to_payer``.
    """
    if due_to(session, payer_id) < 0:
        raise Refused(
            "exceeds_due_to_payer",
            "The forward balance of this check was already withheld on a later one. Take that "
            "withholding off first.",
        )
