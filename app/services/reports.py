"""Aging and the proof of the books: every figure ties or says where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from app.db.chain import GENESIS, next_mac, same_mac
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Account
from app.models.books import Journal, LineBalance, Payment, Posting
from app.models.people import Guarantor, Party, Patient, Payer, Policy
from app.models.records import Audit
from app.models.visits import ChargeLine, Encounter
from app.services import _ledger
from app.services.desk import AUDIT_FIELDS, Desk, audit_content

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
            problems = [p for check in _CHECKS for p in check(session)]
            problems += [*self._verify_chain(session), *self._verify_audit(session)]
            return BooksVerified(journals, postings, tuple(problems))

    def _verify_audit(self, session: Session) -> Iterator[str]:
        key, previous = self._desk.db.mac_key("audit"), GENESIS
        columns = [getattr(Audit, name) for name in AUDIT_FIELDS]
        rows = session.execute(
            select(*columns, Audit.mac).order_by(Audit.id).execution_options(yield_per=1000)
        )
        for *values, mac in rows:
            row = dict(zip(AUDIT_FIELDS, values, strict=True))
            previous = next_mac(key, previous, audit_content(row))
            if not same_mac(previous, mac):
                yield f"Audit row {row['id']} was altered outside the program."
                return

    def _verify_chain(self, session: Session) -> Iterator[str]:
        key, previous = self._desk.db.mac_key("journal"), GENESIS
        legs: dict[int, list[dict[str, object]]] = {}
        columns = [getattr(Posting, name) for name in _ledger.POSTING_FIELDS]
        for row in session.execute(select(Posting.journal_id, *columns).order_by(Posting.id)):
            legs.setdefault(row[0], []).append(
                dict(zip(_ledger.POSTING_FIELDS, row[1:], strict=True))
            )
        for journal in session.scalars(select(Journal).order_by(Journal.id)):
            head = {name: getattr(journal, name) for name in _ledger.JOURNAL_FIELDS}
            content = _ledger.journal_content(head, legs.get(journal.id, []))  # type: ignore[arg-type]
            previous = next_mac(key, previous, content)
            if not same_mac(previous, journal.mac):
                yield f"Journal {journal.id} was altered outside the program."
                return


def _age_cell(days: int) -> int:
    return next(i for i, (_, last) in enumerate(BUCKETS) if last is None or days <= last)


def _gather(kind: str, found: list[tuple[str, int, int]]) -> list[AgingRow]:
    """Rows per debtor from (debtor, age in days, cents)."""
    cells: dict[str, list[int]] = {}
    for key, days, cents in found:
        row = cells.setdefault(key, [0] * (len(BUCKETS) + 1))
        row[-1 if cents < 0 else _age_cell(max(days, 0))] += cents
    return [
        AgingRow(key, kind, (r[0], r[1], r[2], r[3], r[4]), r[5])
        for key, r in sorted(cells.items())
    ]


def _insurer_rows(session: Session, today: date) -> list[AgingRow]:
    rows = session.execute(
        select(Payer.name, ChargeLine.service_from, func.sum(LineBalance.amount_cents))
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Party, Party.id == LineBalance.party_id)
        .join(Policy, Policy.id == Party.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(LineBalance.amount_cents != 0)
        .group_by(Payer.id, ChargeLine.service_from, LineBalance.amount_cents < 0)
    )
    return _gather("insurer", [(name, (today - day).days, cents) for name, day, cents in rows])


def _patient_rows(session: Session, today: date) -> list[AgingRow]:
    passed = (
        select(func.max(Journal.accounting_date))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(
            Posting.charge_line_id == LineBalance.charge_line_id,
            Posting.party_id == LineBalance.party_id,
            Posting.amount_cents > 0,
        )
        .correlate(LineBalance)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Guarantor.last,
            Guarantor.first,
            LineBalance.party_id,
            func.coalesce(passed, ChargeLine.service_from),
            LineBalance.amount_cents,
        )
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Guarantor, Guarantor.id == Patient.guarantor_id)
        .where(
            LineBalance.party_id.in_((PATIENT_PARTY, COLLECTIONS_PARTY)),
            LineBalance.amount_cents != 0,
        )
    )
    return _gather(
        "patient",
        [
            (
                f"{last}, {first}" + (" (collections)" if party == COLLECTIONS_PARTY else ""),
                (today - day).days,
                cents,
            )
            for last, first, party, day, cents in rows
        ],
    )


def _unbalanced(session: Session) -> Iterator[str]:
    query = (
        select(Posting.journal_id, func.sum(Posting.amount_cents))
        .group_by(Posting.journal_id)
        .having(func.sum(Posting.amount_cents) != 0)
        .limit(1)
    )
    for journal, cents in session.execute(query):
        yield f"Journal {journal} does not sum to 0.00; it is off by {cents} cents."


def _gaps(session: Session) -> Iterator[str]:
    last, count = session.execute(select(func.max(Journal.id), func.count(Journal.id))).one()
    if (last or 0) != count:
        yield f"The journal runs to {last} but holds {count} entries."


def _projection(session: Session) -> Iterator[str]:
    # Both ways round, so that a missing row and a surplus one are found alike.
    query = text(
        "SELECT charge_line_id, party_id, SUM(cents) AS off FROM ("
        " SELECT charge_line_id, party_id, amount_cents AS cents FROM line_balance"
        " UNION ALL SELECT charge_line_id, party_id, -amount_cents FROM posting"
        " WHERE account = 'receivable') GROUP BY 1, 2 HAVING off <> 0 LIMIT 1"
    )
    for line, party, cents in session.execute(query):
        yield f"Line {line}, party {party}: the balance differs from its postings by {cents} cents."


def _checks(session: Session) -> Iterator[str]:
    cash = func.sum(case((Posting.account == str(Account.CASH), Posting.amount_cents), else_=0))
    signed = case((Payment.kind == "refund", -Payment.amount_cents), else_=Payment.amount_cents)
    query = (
        select(Payment.id, signed, func.coalesce(cash, 0))
        .outerjoin(Posting, Posting.payment_id == Payment.id)
        .where(Payment.status == "closed")
        .group_by(Payment.id)
        .having(func.coalesce(cash, 0) != signed)
        .limit(1)
    )
    for key, amount, booked in session.execute(query):
        yield f"Payment {key} says {amount} cents but {booked} are in the books."


def _control(session: Session) -> Iterator[str]:
    totals = dict(
        session.execute(
            select(Posting.account, func.sum(Posting.amount_cents)).group_by(Posting.account)
        ).all()
    )
    projected = session.scalar(select(func.coalesce(func.sum(LineBalance.amount_cents), 0))) or 0
    receivable = totals.get(str(Account.RECEIVABLE), 0)
    if receivable != projected:
        yield f"Receivable is {receivable} cents, the open lines are {projected}."


_CHECKS = (_unbalanced, _gaps, _projection, _checks, _control)
