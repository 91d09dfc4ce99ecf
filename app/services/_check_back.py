"""Inner functions: an insurer's check that came back, and putting back what was undone for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.models.books import Eob, Journal, Payment, Posting
from app.models.patient_money import PaymentReturn
from app.models.visits import ChargeLine, Encounter
from app.services import _dues, _eob_posting, _ledger
from app.services.desk import Desk

Bucket = tuple[int, int]  # line, party
_OWN_KINDS = ("check_item", "apply_unapplied", "patient_payment")


def take_back(session: Session, desk: Desk, check: Payment, reason: str, on: date) -> None:
    """Reverses every posting of a check, newest first; its claims wait for their money again.

    A takeback that stood on the check is put back: the payer took nothing after all. Refunds of
    its unapplied money went out of the house and stay; then the unapplied goes below zero.

    Raises:
        Refused: ``taken_back_elsewhere``, ``exceeds_due_to_payer``.
    """
    standing = _eobs(session, check.id)
    newest = _newest(session)
    for eob in standing:
        if eob.reverses_id is None:
            _eob_posting.reverse(session, desk, eob, check, on)
        else:
            _untake(session, desk, eob, check, on, newest)
    for number in _others(session, check.id):
        _ledger.mirror(session, desk, number, reason or None, on)
    _dues.check_not_negative(session, check.payer_id)


def _eobs(session: Session, payment_id: int) -> list[Eob]:
    """EOBs that stand on a check and takebacks of other checks' EOBs on it, newest first."""
    rows = session.scalars(select(Eob).where(Eob.payment_id == payment_id)).all()
    keys = {row.id for row in rows}
    taken = session.scalars(select(Eob).where(Eob.reverses_id.in_(keys))).all()
    for back in taken:
        if back.payment_id != payment_id:
            raise Refused(
                "taken_back_elsewhere",
                "The payer took an EOB of this check back on another check. Reverse that first.",
            )
    gone = {back.reverses_id for back in taken} | {back.id for back in taken}
    standing = [row for row in rows if row.id not in gone]
    return sorted(standing, key=lambda row: -row.id)


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(Eob.id))) or 0


def _untake(
    session: Session, desk: Desk, taking: Eob, check: Payment, on: date, newest: int
) -> None:
    original = session.get_one(Eob, taking.reverses_id)
    _refuse_if_decided(session, original, taking.id, newest)
    legs = [
        replace(leg, cents=-leg.cents) for leg in _ledger.legs_of(session, taking.journal_id or 0)
    ]
    _eob_posting.put_back(session, desk, original, legs, check, on)


def _refuse_if_decided(session: Session, eob: Eob, taking: int, newest: int) -> None:
    """A claim the payer has decided again since is not decided a second time.

    Since the entry ``taking`` took the EOB back, and up to ``newest``: what comes after is put back
    now. Other EOBs of the claim that stood beside it then may stand beside it again.
    """
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    later = session.scalar(
        select(Eob.id).where(
            Eob.claim_id == eob.claim_id,
            Eob.id.between(taking + 1, newest),
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversing),
        )
    )
    if later is not None:
        raise Refused(
            "decided_since",
            "The payer has decided this claim again since. Reverse that EOB first.",
        )


def _others(session: Session, payment_id: int) -> list[int]:
    """Items, placements and party payments of a check that nobody reversed, newest first."""
    reversed_ids = select(Journal.reverses_id).where(Journal.reverses_id.is_not(None))
    query = (
        select(Journal.id)
        .join(Posting, Posting.journal_id == Journal.id)
        .where(
            Posting.payment_id == payment_id,
            Journal.kind.in_(_OWN_KINDS),
            Journal.id.not_in(reversed_ids),
        )
        .distinct()
        .order_by(Journal.id.desc())
    )
    return list(session.scalars(query))


def put_back(session: Session, desk: Desk, row: Payment, back: PaymentReturn, on: date) -> None:
    """The bank honours it after all: what the return took off is posted again as it was.

    Raises:
        Refused: ``decided_since`` when the payer has decided a claim again meanwhile;
            ``exceeds_open_balance`` when a line is no longer owed.
    """
    newest = _newest(session)
    _check_nothing_paid_since(session, back)
    for eob in _eobs_of_return(session, row.id, back):
        if eob.reverses_id is None:
            _eob_posting.reverse(session, desk, eob, row, on)
            continue
        original = session.get_one(Eob, eob.reverses_id)
        _refuse_if_decided(session, original, back.last_eob or 0, newest)
        legs = _ledger.legs_of(session, original.journal_id) if original.journal_id else ()
        _eob_posting.put_back(session, desk, original, legs, row, on)
    for journal in _journals_of_return(session, back):
        if journal.reverses_id is None:
            _ledger.mirror(session, desk, journal.id, "put back", on)
        else:
            _post_again(session, desk, journal.reverses_id, on)


def _eobs_of_return(session: Session, payment_id: int, back: PaymentReturn) -> list[Eob]:
    """What the return did to EOBs, the last thing first."""
    if back.first_eob is None:
        return []
    query = select(Eob).where(
        Eob.payment_id == payment_id, Eob.id.between(back.first_eob, back.last_eob)
    )
    return list(session.scalars(query.order_by(Eob.id.desc())))


def _journals_of_return(session: Session, back: PaymentReturn) -> list[Journal]:
    """What the return wrote besides EOBs, the last thing first."""
    if back.first_journal is None:
        return []
    of_eobs = select(Eob.journal_id).where(Eob.journal_id.is_not(None))
    query = select(Journal).where(
        Journal.id.between(back.first_journal, back.last_journal), Journal.id.not_in(of_eobs)
    )
    return list(session.scalars(query.order_by(Journal.id.desc())))


def _post_again(session: Session, desk: Desk, number: int, on: date) -> None:
    journal = session.get_one(Journal, number)
    legs = _ledger.legs_of(session, number)
    _ledger.post(session, desk, journal.kind, legs, accounting_date=on, memo=journal.memo)


def _check_nothing_paid_since(session: Session, back: PaymentReturn) -> None:
    """What came off a line and was paid otherwise meanwhile is not put on it a second time.

    A line that was overpaid before the return may be overpaid again: that is how it was.
    """
    wanted = _owed_by_return(session, back)
    owed = _ledger.buckets(session, sorted({line for line, _ in wanted}))
    since = _moved_since(session, back.last_journal or 0, owed)
    if any(
        since.get((line, party), 0) < 0 and cents > max(owed[line].get(party, 0), 0)
        for (line, party), cents in wanted.items()
    ):
        raise Refused(
            "exceeds_open_balance",
            "A line of it was paid in the meantime. Enter the money again and place it by hand.",
        )


def _owed_by_return(session: Session, back: PaymentReturn) -> dict[Bucket, int]:
    """What the return laid back on each line and party besides EOBs (cents)."""
    wanted: dict[Bucket, int] = {}
    for journal in _journals_of_return(session, back):
        for leg in _ledger.legs_of(session, journal.id):
            if leg.line_id is not None and leg.party_id is not None:
                key = leg.line_id, leg.party_id
                wanted[key] = wanted.get(key, 0) + leg.cents
    return wanted


def _moved_since(session: Session, journal: int, lines: Iterable[int]) -> dict[Bucket, int]:
    """How buckets moved after a journal (cents)."""
    rows = session.execute(
        select(Posting.charge_line_id, Posting.party_id, func.sum(Posting.amount_cents))
        .where(
            Posting.charge_line_id.in_(list(lines)),
            Posting.party_id.is_not(None),
            Posting.journal_id > journal,
        )
        .group_by(Posting.charge_line_id, Posting.party_id)
    )
    return {(line or 0, party or 0): cents for line, party, cents in rows}


def lines_on(session: Session, payment_id: int) -> list[int]:
    """Charge lines a payment touched."""
    query = select(Posting.charge_line_id).where(
        Posting.payment_id == payment_id, Posting.charge_line_id.is_not(None)
    )
    return sorted({line for line in session.scalars(query) if line is not None})


def patients_on(session: Session, payment_id: int) -> list[int]:
    """Whose lines a payment touched."""
    query = (
        select(Encounter.patient_id)
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .join(Posting, Posting.charge_line_id == ChargeLine.id)
        .where(Posting.payment_id == payment_id)
        .distinct()
    )
    return sorted(session.scalars(query))
