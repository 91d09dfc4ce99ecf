"""Aging and the proof of the books: every figure ties or says where it does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account
from app.models.books import Journal, LineBalance, Posting
from app.models.people import Guarantor, Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Encounter
from app.services import _report_open, _verify_books
from app.services.desk import Desk

BUCKETS = ((0, 30), (31, 60), (61, 90), (91, 120), (121, None))
BUCKET_TITLES = ("0–30", "31–60", "61–90", "91–120", "121+")


@dataclass(frozen=True, slots=True)
class AgingRow:
    """What one debtor owes by age in days (cents); credits stand apart, never netted."""

    key: str  # payer or guarantor
    kind: str  # insurer, patient
    cells: tuple[int, int, int, int, int]
    credit: int

    @property
    def total(self) -> int:
        """Owed less credits."""
        return sum(self.cells) + self.credit


@dataclass(frozen=True, slots=True)
class Aging:
    """The whole aging, and the receivable it must tie to."""

    as_of: date
    rows: tuple[AgingRow, ...]
    ledger_cents: int

    @property
    def total(self) -> int:
        """Sum of all cells and credits; equals ``ledger_cents``."""
        return sum(row.total for row in self.rows)


@dataclass(frozen=True, slots=True)
class BooksVerified:
    """What *Verify books* found: nothing, or the first row that breaks each rule."""

    journals: int
    postings: int
    problems: tuple[str, ...]


class ReportService:
    """Reports over the books."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def aging(self) -> Aging:
        """Open balances by debtor and age: insurers by date of service, patients by the day
        the responsibility passed to them (billing rules §6).
        """
        today = self._desk.today
        with self._desk.read() as session:
            ledger = session.scalar(
                select(func.coalesce(func.sum(Posting.amount_cents), 0)).where(
                    Posting.account == str(Account.RECEIVABLE)
                )
            )
            rows = [*_insurer_rows(session, today), *_patient_rows(session, today)]
            return Aging(today, tuple(rows), ledger or 0)

    def verify_books(self) -> BooksVerified:
        """Proves every journal, projection and check; names the first row that breaks a rule."""
        with self._desk.read() as session:
            journals = session.scalar(select(func.count()).select_from(Journal)) or 0
            postings = session.scalar(select(func.count()).select_from(Posting)) or 0
            problems = tuple(_verify_books.problems(session, self._desk))
            return BooksVerified(journals, postings, problems)


def _cell(day: SQLColumnExpression[date], today: date) -> ColumnElement[int]:
    """The cell an open balance stands in by its age; a credit stands in the last one."""
    edges = [last for _, last in BUCKETS if last is not None]
    aged = [(day >= today - timedelta(days=last), n) for n, last in enumerate(edges)]
    credit = (LineBalance.amount_cents < 0, len(BUCKETS))
    return case(credit, *aged, else_=len(edges))


def _gather(kind: str, found: Iterable[tuple[str, int, int]]) -> list[AgingRow]:
    """Rows per debtor from (debtor, cell, cents)."""
    cells: dict[str, list[int]] = {}
    for key, cell, cents in found:
        cells.setdefault(key, [0] * (len(BUCKETS) + 1))[cell] += cents
    return [
        AgingRow(key, kind, (r[0], r[1], r[2], r[3], r[4]), r[5])
        for key, r in sorted(cells.items())
    ]


def _insurer_rows(session: Session, today: date) -> list[AgingRow]:
    cell = _cell(ChargeLine.service_from, today)
    rows = session.execute(
        select(Payer.name, cell, func.sum(LineBalance.amount_cents))
        .select_from(LineBalance)
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Party, Party.id == LineBalance.party_id)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(LineBalance.amount_cents != 0)
        .group_by(Payer.id, cell)
    )
    return _gather("insurer", rows.all())


def _patient_rows(session: Session, today: date) -> list[AgingRow]:
    since = func.coalesce(_report_open.passed_to_patient(today), ChargeLine.service_from)
    cell = _cell(since, today)
    rows = session.execute(
        select(
            Guarantor.last,
            Guarantor.first,
            LineBalance.party_id,
            cell,
            func.sum(LineBalance.amount_cents),
        )
        .select_from(LineBalance)
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Guarantor, Guarantor.id == Patient.guarantor_id)
        .where(
            LineBalance.party_id.in_((PATIENT_PARTY, COLLECTIONS_PARTY)),
            LineBalance.amount_cents != 0,
        )
        .group_by(Guarantor.id, LineBalance.party_id, cell)
    )
    return _gather(
        "patient",
        (
            (
                f"{last}, {first}" + (" (collections)" if party == COLLECTIONS_PARTY else ""),
                n,
                cents,
            )
            for last, first, party, n, cents in rows
        ),
    )
