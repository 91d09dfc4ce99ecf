"""Inner functions: provider-level items of a check, each a journal of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.books import Account, CheckItem, Leg
from app.domain.errors import Refused
from app.models.books import Payment
from app.services import _dues, _ledger
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class _ItemRule:
    account: Account
    positive: bool


# Where the other leg of a provider-level item goes, and the sign it must have (billing rules §3.2).
_ITEMS = {
    CheckItem.INTEREST: _ItemRule(Account.OTHER_INCOME, positive=True),
    CheckItem.CAPITATION: _ItemRule(Account.OTHER_INCOME, positive=True),
    CheckItem.WITHHOLD_RETURN: _ItemRule(Account.OTHER_INCOME, positive=True),
    CheckItem.UNAPPLIED: _ItemRule(Account.UNAPPLIED, positive=True),
    CheckItem.FORWARD_BALANCE: _ItemRule(Account.DUE_TO_PAYER, positive=True),
    CheckItem.WITHHOLDING: _ItemRule(Account.DUE_TO_PAYER, positive=False),
    CheckItem.LEVY: _ItemRule(Account.EXPENSE, positive=False),
    CheckItem.AGENCY_FEE: _ItemRule(Account.EXPENSE, positive=False),
}


def check_sign(kind: CheckItem, cents: int) -> None:
    """Refuses an amount of the wrong sign.

    Raises:
        Refused: ``wrong_sign``.
    """
    rule = _ITEMS[kind]
    if cents == 0 or (cents > 0) != rule.positive:
        word = "above" if rule.positive else "below"
        raise Refused("wrong_sign", f"This kind of item has an amount {word} 0.00.")


def add(
    session: Session,
    desk: Desk,
    row: Payment,
    kind: CheckItem,
    cents: int,
    *,
    on: date | None = None,
    memo: str | None = None,
) -> int:
    """Posts an item on a check; answers its journal's number.

    Raises:
        Refused: ``exceeds_due_to_payer``, ``closed_period``.
    """
    if kind is CheckItem.WITHHOLDING:
        _dues.check_withheld(session, row.payer_id, -cents)
    word = str(kind)
    legs = [
        Leg(account, amount, payment_id=row.id, payer_id=row.payer_id, reason=word)
        for account, amount in ((Account.CASH, cents), (_ITEMS[kind].account, -cents))
    ]
    return _ledger.post(
        session, desk, "check_item", legs, accounting_date=on or desk.today, memo=memo
    )
