"""Inner functions on payments: looking one up, what state it is in, what money it still has."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.errors import NotFound, Refused
from app.domain.money import format_cents
from app.models.books import Payment, Posting
from app.models.people import Guarantor, Payer
from app.services import _deposits, _ledger
from app.services.payment_commands import CheckState


def payment(session: Session, payment_id: int) -> Payment:
    """The payment, or NotFound."""
    found = session.get(Payment, payment_id)
    if found is None:
        raise NotFound("This check is no longer there. Refresh the list.")
    return found


def open_payment(session: Session, payment_id: int) -> Payment:
    """The payment if it may still take postings.

    Raises:
        Refused: ``closed_check`` when it is closed, voided or returned.
    """
    found = payment(session, payment_id)
    if found.status != "open":
        raise Refused(
            "closed_check",
            f"Check {found.number or found.id} is {found.status}. Corrections go on a new entry: "
            "reverse the posting, or open the correcting check.",
        )
    return found


def state_query() -> Select[Payment, str | None, str | None, str | None, int, int, date]:
    """Payments with payer, guarantor, sums of cash and unapplied (cents), and day of deposit."""
    cash = func.sum(case((Posting.account == str(Account.CASH), Posting.amount_cents), else_=0))
    waits = func.sum(
        case((Posting.account == str(Account.UNAPPLIED), -Posting.amount_cents), else_=0)
    )
    return (
        select(
            Payment,
            Payer.name,
            Guarantor.last,
            Guarantor.first,
            func.coalesce(cash, 0),
            func.coalesce(waits, 0),
            _deposits.deposited_on(),
        )
        .outerjoin(Posting, Posting.payment_id == Payment.id)
        .outerjoin(Payer, Payer.id == Payment.payer_id)
        .outerjoin(Guarantor, Guarantor.id == Payment.guarantor_id)
        .group_by(Payment.id)
    )


def check_state(
    row: Row[Payment, str | None, str | None, str | None, int, int, date | None],
) -> CheckState:
    """A row of ``state_query`` as a value; an open check with nothing remaining is balanced."""
    found, payer_name, last, first, cash, waits, deposited_on = row
    signed = -found.amount_cents if found.kind == "refund" else found.amount_cents
    status = found.status
    if status == "open" and cash == signed:
        status = "balanced"
    return CheckState(
        payment_id=found.id,
        payer_id=found.payer_id,
        payer_name=found.from_name or payer_name or f"{last}, {first}",
        number=found.number or "",
        method=found.method,
        payment_date=found.payment_date,
        received_on=found.received_on,
        amount_cents=signed,
        allocated_cents=cash,
        unapplied_cents=waits,
        status=status,
        deposited_on=deposited_on,
    )


def state_of(session: Session, payment_id: int) -> CheckState:
    """One payment's state."""
    row = session.execute(state_query().where(Payment.id == payment_id)).one_or_none()
    if row is None:
        raise NotFound("This check is no longer there. Refresh the list.")
    return check_state(row)


def check_unapplied(session: Session, source: Payment, cents: int, code: str) -> None:
    """Refuses to take more waiting money than there is."""
    waits = _ledger.unapplied(session, source.id)
    if cents > max(waits, 0):
        raise Refused(
            code,
            f"Only {format_cents(waits)} of this payment is unapplied; "
            f"{format_cents(cents)} is more than that.",
        )


def check_positive(cents: int) -> None:
    """Refuses an amount of nothing or less."""
    if cents <= 0:
        raise Refused("amount_not_positive", "Enter an amount above 0.00.")
