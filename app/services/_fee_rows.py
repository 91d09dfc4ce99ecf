"""Inner functions: reading the rows of fee schedules, and which of them holds for a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.fee_book import ChargeBook, FeeBook, FeeRow, modifiers_key
from app.models.fees import Fee, FeeSchedule
from app.models.people import Payer, Policy
from app.models.visits import Procedure


def usual_id(session: Session) -> int:
    """The schedule that holds for every payer without charges of its own."""
    found = session.scalar(select(FeeSchedule.id).where(FeeSchedule.usual))
    if found is None:
        raise LookupError("every practice has its usual charges from the first day")
    return found


def begin(session: Session) -> None:
    """The usual charges of a new practice; harmless when they are there."""
    if session.scalar(select(FeeSchedule.id).where(FeeSchedule.usual)) is None:
        session.add(FeeSchedule(name="Usual charges", kind="charges", usual=True))


def book(session: Session, schedule_id: int | None, codes: Iterable[str] | None = None) -> FeeBook:
    """The dated rows of a schedule, of some codes or all; one query."""
    if schedule_id is None:
        return FeeBook()
    query = _rows().where(Fee.schedule_id == schedule_id)
    if codes is not None:
        query = query.where(Fee.code.in_(set(codes)))
    return FeeBook.of(FeeRow(*row[1:]) for row in session.execute(query))


def _rows() -> Select[int, str, str, int, date | None, date | None]:
    return select(Fee.schedule_id, Fee.code, Fee.modifiers, Fee.cents, Fee.starts, Fee.ends)


def charge_book(session: Session) -> ChargeBook:
    """Everything the practice charges by date and payer, plain charges included; three queries."""
    usual, by_schedule = None, dict[int, list[FeeRow]]()
    query = _rows().add_columns(FeeSchedule.usual).join(FeeSchedule)
    for key, *row, is_usual in session.execute(
        query.where(FeeSchedule.kind == "charges", FeeSchedule.active)
    ):
        usual = key if is_usual else usual
        by_schedule.setdefault(key, []).append(FeeRow(*row))
    plain = _plain(session, by_schedule.get(usual or 0, []))
    books = {key: FeeBook.of(rows) for key, rows in by_schedule.items()}
    payers = session.execute(
        select(Payer.id, Payer.charge_schedule_id).where(Payer.charge_schedule_id.is_not(None))
    )
    own = {payer: books[key] for payer, key in payers if key in books}
    return ChargeBook(FeeBook.of([*by_schedule.get(usual or 0, []), *plain]), own)


def _plain(session: Session, dated: Sequence[FeeRow]) -> list[FeeRow]:
    """The charge list's own charges, which hold where no dated row does."""
    begins: dict[tuple[str, str], date | None] = {}
    for row in sorted(dated, key=lambda r: r.starts or date.min):
        begins.setdefault((row.code, row.modifiers), row.starts)
    found = []
    for key, listed_row in listed(session).items():
        first = begins.get(key)
        if listed_row.active and (first is not None or key not in begins):
            ends = first - timedelta(days=1) if first else None
            found.append(FeeRow(*key, listed_row.charge_cents, None, ends))
    return found


def charge_of(
    session: Session, code: str, modifiers: str, on: date, payer_id: int | None
) -> int | None:
    """What the practice charges for one unit (cents): dated rows first, then the charge list.

    A row of the charge list with modifiers of its own serves a line without them, too.
    """
    rows = session.scalars(
        select(Procedure).where(Procedure.code == code, Procedure.active).order_by(Procedure.id)
    ).all()
    on_line = set(modifiers.split())

    def fit(row: Procedure) -> tuple[bool, int]:
        asked = set((row.modifiers or "").split())
        return not asked <= on_line, -len(asked)

    listed = min(rows, key=fit, default=None)
    for wanted in (modifiers, (listed.modifiers or "") if listed else modifiers):
        found = _dated(session, code, wanted, on, payer_id)
        if found is not None:
            return found
    return None if listed is None else listed.charge_cents


def _dated(
    session: Session, code: str, modifiers: str, on: date, payer_id: int | None
) -> int | None:
    own = payer_id and session.scalar(
        select(FeeSchedule.id)
        .join(Payer, Payer.charge_schedule_id == FeeSchedule.id)
        .where(Payer.id == payer_id, FeeSchedule.active)
    )
    for schedule in (own, usual_id(session)):
        row = book(session, schedule, [code]).find(code, modifiers, on) if schedule else None
        if row is not None:
            return row.cents
    return None


def payer_of(
    session: Session, patient_id: int, policies: Sequence[int] | None, on: date
) -> int | None:
    """The payer billed first for a visit; None where the patient pays."""
    query = select(Policy.payer_id).where(Policy.patient_id == patient_id)
    if policies is not None:
        return session.scalar(query.where(Policy.id == policies[0])) if policies else None
    return session.scalar(
        query.where(
            or_(Policy.effective.is_(None), Policy.effective <= on),
            or_(Policy.termination.is_(None), Policy.termination >= on),
        ).order_by(Policy.rank, Policy.id)
    )


def contract_book(session: Session, payer_id: int, codes: Iterable[str]) -> FeeBook:
    """What a payer's contract says of some codes; one query."""
    return contract_books(session, codes, [payer_id]).get(payer_id, FeeBook())


def contract_books(
    session: Session, codes: Iterable[str], payers: Sequence[int] | None = None
) -> dict[int, FeeBook]:
    """What each payer's contract says of some codes; payers without one are left out."""
    query = (
        select(Payer.id, Fee.code, Fee.modifiers, Fee.cents, Fee.starts, Fee.ends)
        .join(FeeSchedule, FeeSchedule.id == Payer.contract_schedule_id)
        .join(Fee, Fee.schedule_id == FeeSchedule.id)
        .where(FeeSchedule.active, Fee.code.in_(set(codes)))
    )
    if payers is not None:
        query = query.where(Payer.id.in_(payers))
    found: dict[int, list[FeeRow]] = {}
    for payer, code, modifiers, cents, starts, ends in session.execute(query):
        row = FeeRow(code, modifiers, cents, starts, ends)
        found.setdefault(payer, []).append(row)
    return {payer: FeeBook.of(rows) for payer, rows in found.items()}


def listed(session: Session) -> dict[tuple[str, str], Procedure]:
    """The charge list by code and modifiers, active rows before others."""
    query = select(Procedure).order_by(Procedure.active, Procedure.id.desc())
    return {(p.code, modifiers_key(p.modifiers or "")): p for p in session.scalars(query)}


@dataclass(frozen=True, slots=True)
class ContractPrices:
    """What the billed payer allows, for the claim edits."""

    book: FeeBook

    @classmethod
    def of(cls, session: Session, payer_id: int, codes: Iterable[str]) -> ContractPrices:
        """The payer's contract for some codes; one query."""
        return cls(contract_book(session, payer_id, codes))

    def expected(self, code: str, modifiers: tuple[str, ...], on: date) -> int | None:
        """Allowed cents for one unit on a day; None where the contract does not say."""
        return self.book.allowed(code, " ".join(modifiers), on)
