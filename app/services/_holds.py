"""Inner functions: what is on hold and may not be pressed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.statements import HOLD_WORDS, HoldKind
from app.models.statements import AccountHold
from app.services.desk import Desk

_PRESSING_STOPS = (
    *(HoldKind.DISPUTE, HoldKind.GFE_DISPUTE),
    *(HoldKind.BANKRUPTCY, HoldKind.DECEASED),
)


def check_no_dispute(session: Session, desk: Desk, guarantor_id: int) -> None:
    """No fee is added while an estimate is disputed (45 CFR 149.620).

    Raises:
        Refused: ``account_on_hold``.
    """
    _check(session, desk, guarantor_id, (HoldKind.GFE_DISPUTE,), "No fee may be added")


def check_may_press(session: Session, desk: Desk, guarantor_id: int) -> None:
    """Nothing goes to collections while a dispute, a bankruptcy or an estate is open.

    Raises:
        Refused: ``account_on_hold``.
    """
    _check(session, desk, guarantor_id, _PRESSING_STOPS, "Nothing may go to collections")


def _check(
    session: Session, desk: Desk, guarantor_id: int, kinds: Iterable[HoldKind], what: str
) -> None:
    today = desk.today
    found = session.scalar(
        select(AccountHold.kind)
        .where(
            AccountHold.guarantor_id == guarantor_id,
            AccountHold.kind.in_([str(kind) for kind in kinds]),
            AccountHold.released_at.is_(None),
            AccountHold.since <= today,
            or_(AccountHold.until.is_(None), AccountHold.until >= today),
        )
        .limit(1)
    )
    if found is not None:
        words = HOLD_WORDS[HoldKind(found)]
        raise Refused("account_on_hold", f"{what}: the account is on hold ({words}).")
