"""Inner functions: the postings of an account's lines, and what came in since the last bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, PROVISIONAL, Account
from app.domain.owed import PATIENTS_MONEY, LineEntry
from app.domain.owed import Party as Side
from app.domain.statement_content import PaidItem
from app.models.books import Journal, Payment, Posting
from app.models.people import Party, Patient, Payer, Policy
from app.models.statements import Statement
from app.models.visits import ChargeLine, Encounter

_METHODS = {"check": "Check", "card": "Card payment", "cash": "Cash", "eft": "Bank transfer"}


def _kind() -> tuple[type[Journal], ColumnElement[str]]:
    """The journal a reversal takes back, and the kind that counts: its own, or that one's."""
    original = aliased(Journal)
    return original, func.coalesce(original.kind, Journal.kind)


def entries_of(session: Session, line_ids: Sequence[int]) -> dict[int, list[LineEntry]]:
    """Every receivable posting of the lines, oldest first, by line; one query."""
    original, kind = _kind()
    owner, decided = aliased(Payer), aliased(Payer)
    query = (
        select(
            Posting.journal_id,
            Posting.charge_line_id,
            Posting.party_id,
            Posting.amount_cents,
            kind,
            Posting.carc,
            Posting.reason,
            owner.name,
            decided.name,
        )
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(original, original.id == Journal.reverses_id)
        .outerjoin(Party, Party.id == Posting.party_id)
        .outerjoin(Policy, Policy.id == Party.policy_id)
        .outerjoin(owner, owner.id == Policy.payer_id)
        .outerjoin(decided, decided.id == Posting.payer_id)
        .where(
            Posting.charge_line_id.in_(line_ids),
            Posting.account == str(Account.RECEIVABLE),
        )
        .order_by(Posting.id)
    )
    journals: dict[tuple[int, int], list[LineEntry]] = defaultdict(list)
    for journal, line, party, cents, word, carc, reason, own, by in session.execute(query):
        entry = LineEntry(
            line_id=line or 0,
            party=_side(party),
            cents=cents,
            kind=word,
            carc=carc or "",
            reason=reason or "",
            plan=by or own or "",
            owner=own or "",
        )
        journals[line or 0, journal].append(entry)
    found: dict[int, list[LineEntry]] = {line_id: [] for line_id in line_ids}
    for (line_id, _), legs in journals.items():
        found[line_id] += [_with_other(leg, legs) for leg in legs]
    return found


def _side(party_id: int | None) -> Side:
    known = {PATIENT_PARTY: Side.PATIENT, COLLECTIONS_PARTY: Side.AGENCY}
    return known.get(party_id or 0, Side.PAYER)


def _with_other(leg: LineEntry, legs: Sequence[LineEntry]) -> LineEntry:
    """A transfer told with the party on its other side, and the plan where that is a payer."""
    if leg.kind != "transfer":
        return leg
    across = next((o for o in legs if o.party is not leg.party and o.cents == -leg.cents), None)
    across = across or next((o for o in legs if o.party is not leg.party), None)
    if across is None:
        return leg
    return replace(leg, other=across.party, plan=leg.plan or across.plan)


@dataclass(frozen=True, slots=True)
class Before:
    """The statement before: its balance (cents) and the last journal it knew of."""

    balance_cents: int = 0
    journal_id: int = 0


def before(session: Session, guarantor_id: int) -> Before | None:
    """The newest bill that stands; None before the first."""
    row = session.execute(
        select(Statement.balance_cents, Statement.journal_id)
        .where(Statement.guarantor_id == guarantor_id, Statement.voided_at.is_(None))
        .order_by(Statement.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Before(row[0], row[1])


@dataclass(frozen=True, slots=True)
class Movement:
    """What happened to the patients' part since a bill (cents)."""

    new_cents: int
    payments: tuple[PaidItem, ...]

    @property
    def paid_cents(self) -> int:
        """All payments, less those returned."""
        return sum(item.cents for item in self.payments)


def movement(
    session: Session, guarantor_id: int, since: Before | None, line_ids: Sequence[int]
) -> Movement:
    """New charges and payments since a bill; before the first one, those of ``line_ids``."""
    query = _patients_postings(guarantor_id)
    if since is None:
        query = query.where(Posting.charge_line_id.in_(line_ids))
    else:
        query = query.where(Posting.journal_id > since.journal_id)
    new = 0
    money: dict[int, int] = defaultdict(int)
    papers: dict[int, tuple[date, str]] = {}
    for cents, kind, reason, payment, on, method, number in session.execute(query):
        if kind in PATIENTS_MONEY and reason != PROVISIONAL:
            money[payment or 0] -= cents
            papers[payment or 0] = (on, _paper(method, number))
        elif kind != "write_off":
            new += cents
    items = [PaidItem(*papers[key], cents) for key, cents in money.items() if cents]
    return Movement(max(new, 0), tuple(sorted(items, key=lambda item: item.on)))


def _patients_postings(
    guarantor_id: int,
) -> Select[int, str, str | None, int | None, date, str | None, str | None]:
    original, kind = _kind()
    return (
        select(
            Posting.amount_cents,
            kind,
            Posting.reason,
            Payment.id,
            func.coalesce(Payment.received_on, Journal.accounting_date),
            Payment.method,
            Payment.number,
        )
        .join(Journal, Journal.id == Posting.journal_id)
        .outerjoin(original, original.id == Journal.reverses_id)
        .outerjoin(Payment, Payment.id == Posting.payment_id)
        .join(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(
            Patient.guarantor_id == guarantor_id,
            Posting.party_id == PATIENT_PARTY,
            Posting.account == str(Account.RECEIVABLE),
        )
        .order_by(Posting.id)
    )


def _paper(method: str | None, number: str | None) -> str:
    return " ".join(part for part in (_METHODS.get(method or "", "Payment"), number) if part)
