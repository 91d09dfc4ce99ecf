"""The only door into the books: writes a journal with its postings, reads balances.

Inner functions: they take the session and never commit. Postings go in first and the journal
last, because SQLite proves on the journal's row that its postings sum to zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.db.chain import GENESIS, Field, canonical, next_mac
from app.domain.books import PROVISIONAL, Account, Leg
from app.domain.errors import Refused
from app.domain.money import format_cents
from app.models.base import table_of
from app.models.books import Journal, LineBalance, Posting
from app.models.people import Party
from app.services.desk import Desk

Buckets = Mapping[int, Mapping[int, int]]  # charge line id -> party id -> cents


def post(
    session: Session,
    desk: Desk,
    kind: str,
    legs: Iterable[Leg],
    *,
    accounting_date: date | None = None,
    reverses_id: int | None = None,
    memo: str | None = None,
) -> int:
    """Writes one journal; returns its number. Legs must sum to zero or SQLite refuses it.

    Raises:
        Refused: ``closed_period`` when the accounting date lies in a closed month.
    """
    rows = [_row(leg) for leg in legs if leg.cents]
    last = session.execute(
        select(Journal.id, Journal.mac).order_by(Journal.id.desc()).limit(1)
    ).first()
    number, previous = (last.id + 1, last.mac) if last else (1, GENESIS)
    for row in rows:
        row["journal_id"] = number
    session.execute(insert(table_of(Posting)), rows)
    head: dict[str, Field] = {
        "id": number,
        "entered_at": desk.clock.now(),
        "accounting_date": accounting_date or desk.today,
        "kind": kind,
        "user_id": desk.user_id,
        "reverses_id": reverses_id,
        "memo": memo,
    }
    content = journal_content(head, rows)
    mac = next_mac(desk.db.mac_key("journal"), previous, content)
    session.execute(insert(Journal).values(**head, mac=mac))
    return number


JOURNAL_FIELDS = (
    "id",
    "entered_at",
    "accounting_date",
    "kind",
    "user_id",
    "reverses_id",
    "memo",
)
POSTING_FIELDS = (
    "account",
    "amount_cents",
    "charge_line_id",
    "party_id",
    "payment_id",
    "payer_id",
    "claim_id",
    "group_code",
    "carc",
    "rarc",
    "reason",
)


def journal_content(head: Mapping[str, Field], rows: Sequence[Mapping[str, Field]]) -> bytes:
    """The bytes a journal's MAC covers: its head and every posting, in order."""
    values: list[Field] = [head[k] for k in JOURNAL_FIELDS]
    for row in rows:
        values += [row[k] for k in POSTING_FIELDS]
    return canonical(values)


def _row(leg: Leg) -> dict[str, Field]:
    return {
        "account": str(leg.account),
        "amount_cents": leg.cents,
        "charge_line_id": leg.line_id,
        "party_id": leg.party_id,
        "payment_id": leg.payment_id,
        "payer_id": leg.payer_id,
        "claim_id": leg.claim_id,
        "group_code": leg.group,
        "carc": leg.carc,
        "rarc": leg.rarc,
        "reason": leg.reason,
    }


def legs_of(session: Session, journal_id: int) -> tuple[Leg, ...]:
    """The postings of a journal as legs."""
    rows = session.execute(
        select(Posting).where(Posting.journal_id == journal_id).order_by(Posting.id)
    ).scalars()
    return tuple(
        Leg(
            Account(p.account),
            p.amount_cents,
            line_id=p.charge_line_id,
            party_id=p.party_id,
            payment_id=p.payment_id,
            payer_id=p.payer_id,
            claim_id=p.claim_id,
            group=p.group_code,
            carc=p.carc,
            rarc=p.rarc,
            reason=p.reason,
        )
        for p in rows
    )


def first_journal(session: Session, line_id: int, kind: str) -> int:
    """Number of the first journal of a kind on a line; 0 when there is none."""
    query = (
        select(func.min(Journal.id))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(Posting.charge_line_id == line_id, Journal.kind == kind)
    )
    return session.scalar(query) or 0


def last_number(session: Session) -> int:
    """Number of the newest journal; 0 in empty books."""
    return session.scalar(select(func.max(Journal.id))) or 0


def reversed_by(session: Session, journal_id: int) -> int | None:
    """Number of the journal that reverses this one, if any."""
    return session.scalar(select(Journal.id).where(Journal.reverses_id == journal_id))


def check_standing(session: Session, journal_id: int) -> None:
    """Refuses to take back twice.

    Raises:
        Refused: ``already_reversed``.
    """
    if reversed_by(session, journal_id) is not None:
        raise Refused("already_reversed", "This was already taken back.")


def mirror(
    session: Session, desk: Desk, journal_id: int, memo: str | None, on: date | None = None
) -> list[Leg]:
    """Takes a journal back whole by its mirror image; answers the legs of that.

    Raises:
        Refused: ``closed_period``.
    """
    legs = [replace(leg, cents=-leg.cents) for leg in legs_of(session, journal_id)]
    post(session, desk, "reversal", legs, accounting_date=on, reverses_id=journal_id, memo=memo)
    return legs


def check_written_off(session: Session, line_id: int, cents: int) -> None:
    """Only what was written off on a line can be put back.

    Raises:
        Refused: ``exceeds_written_off``.
    """
    query = select(func.sum(Posting.amount_cents)).where(
        Posting.charge_line_id == line_id, Posting.account == str(Account.ADJUSTMENT)
    )
    written = max(session.scalar(query) or 0, 0)
    if cents > written:
        raise Refused(
            "exceeds_written_off",
            f"{format_cents(written)} was written off on this line; no more can be put back.",
        )


def buckets(session: Session, line_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """What each party owes on each line (cents), zero buckets left out."""
    found: dict[int, dict[int, int]] = {line_id: {} for line_id in line_ids}
    rows = session.execute(
        select(LineBalance.charge_line_id, LineBalance.party_id, LineBalance.amount_cents).where(
            LineBalance.charge_line_id.in_(line_ids), LineBalance.amount_cents != 0
        )
    )
    for line_id, party_id, cents in rows:
        found[line_id][party_id] = cents
    return found


def provisional_shares(session: Session, line_ids: Sequence[int], party_id: int) -> dict[int, int]:
    """The patient's share taken out of this payer's bucket at the visit and not released."""
    rows = session.execute(
        select(Posting.charge_line_id, -func.sum(Posting.amount_cents))
        .where(
            Posting.charge_line_id.in_(line_ids),
            Posting.party_id == party_id,
            Posting.reason == PROVISIONAL,
        )
        .group_by(Posting.charge_line_id)
    )
    shares: dict[int, int] = defaultdict(int)
    shares.update({line_id: cents for line_id, cents in rows if line_id is not None})
    return shares


def party_of(session: Session, policy_id: int) -> int:
    """The party id of a policy."""
    return session.execute(select(Party.id).where(Party.policy_id == policy_id)).scalar_one()


def account_total(session: Session, account: Account, payment_id: int) -> int:
    """Sum of an account's postings for one payment (cents, debit positive)."""
    return (
        session.scalar(
            select(func.sum(Posting.amount_cents)).where(
                Posting.payment_id == payment_id, Posting.account == str(account)
            )
        )
        or 0
    )


def allocated(session: Session, payment_id: int) -> int:
    """How much of a check is in the books (cents)."""
    return account_total(session, Account.CASH, payment_id)


def unapplied(session: Session, payment_id: int) -> int:
    """Money of a check or receipt that waits for its place (cents)."""
    return -account_total(session, Account.UNAPPLIED, payment_id)
