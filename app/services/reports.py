"""Aging and the proof of the books: every figure ties or says where it does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import CTE, ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.models.books import STILL_OPEN, Journal, LineBalance, Posting
from app.models.people import Guarantor, Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Encounter
from app.services import _report_open, _verify_books
from app.services.desk import Desk

BUCKETS = ((0, 30), (31, 60), (61, 90), (91, 120), (121, None))
_OWN = (PATIENT_PARTY, COLLECTIONS_PARTY)
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
    """The whole aging by debtor."""

    as_of: date
    rows: tuple[AgingRow, ...]

    @property
    def total(self) -> int:
        """Sum of all cells and credits; equals the receivable of the books."""
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
            rows = [*_insurer_rows(session, today), *_patient_rows(session, today)]
            return Aging(today, tuple(rows))

    def verify_books(self) -> BooksVerified:
        """Proves every journal, projection and check; names the first row that breaks a rule."""
        with self._desk.read() as session:
            journals = session.scalar(select(func.count()).select_from(Journal)) or 0
            postings = session.scalar(select(func.count()).select_from(Posting)) or 0
            problems = tuple(_verify_books.problems(session, self._desk))
            return BooksVerified(journals, postings, problems)


def _open_lines(name: str, whose: ColumnElement[bool], since: SQLColumnExpression[date]) -> CTE:
    """What is owed on each line by some parties, and since when it is theirs.

    Worked out once a line and kept aside: merged into the sums around it, SQLite would look for
    the day again for each cell, or begin with the policies, most of which owe nothing.
    """
    return (
        select(
            LineBalance.party_id,
            ChargeLine.encounter_id,
            LineBalance.amount_cents.label("cents"),
            since.label("since"),
        )
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .where(whose, STILL_OPEN)
        .cte(name)
        .prefix_with("MATERIALIZED")
    )


def _cell(lines: CTE, today: date) -> ColumnElement[int]:
    """The cell an open balance stands in by its age; a credit stands in the last one."""
    edges = [last for _, last in BUCKETS if last is not None]
    aged = [(lines.c.since >= today - timedelta(days=last), n) for n, last in enumerate(edges)]
    return case((lines.c.cents < 0, len(BUCKETS)), *aged, else_=len(edges))


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
    open_lines = _open_lines("insurers", LineBalance.party_id.not_in(_OWN), ChargeLine.service_from)
    cell = _cell(open_lines, today)
    rows = session.execute(
        select(Payer.name, cell, func.sum(open_lines.c.cents))
        .select_from(open_lines)
        .join(Party, Party.id == open_lines.c.party_id)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .group_by(Payer.id, cell)
    )
    return _gather("insurer", rows.all())


def _patient_rows(session: Session, today: date) -> list[AgingRow]:
    since = func.coalesce(_report_open.passed_to_patient(today), ChargeLine.service_from)
    open_lines = _open_lines("patients", LineBalance.party_id.in_(_OWN), since)
    # Patient by patient first: their rows and their guarantors' are then read once, in order.
    sums = (
        select(
            Encounter.patient_id,
            open_lines.c.party_id,
            _cell(open_lines, today).label("cell"),
            func.sum(open_lines.c.cents).label("cents"),
        )
        .select_from(open_lines)
        .join(Encounter, Encounter.id == open_lines.c.encounter_id)
        .group_by(Encounter.patient_id, open_lines.c.party_id, "cell")
        .cte("sums")
        .prefix_with("MATERIALIZED")
    )
    by_guarantor = (Guarantor.id, sums.c.party_id, sums.c.cell)
    rows = session.execute(
        select(
            Guarantor.last, Guarantor.first, sums.c.party_id, sums.c.cell, func.sum(sums.c.cents)
        )
        .select_from(sums)
        .join(Patient, Patient.id == sums.c.patient_id)
        .join(Guarantor, Guarantor.id == Patient.guarantor_id)
        .group_by(*by_guarantor)
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
