"""Money at ten years of data, and at ten times that: post an EOB, open an account, age the books.

Floors are bare SQL on a raw connection to the same encrypted file: the rows a 40-line EOB needs
and one durable commit; the rows of the same account, with the audit row that a look at a patient
must leave (45 CFR 164.312(b)) and its durable commit; the sums of the aging by debtor and cell,
over the projection.
``MONEY_TEN`` in the environment adds the tenfold run and how much each grew.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from app.db.connection import connect
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, Disposition
from app.domain.claim_form import Address, PayerType
from app.domain.posting import EobAdjustment, EobLine
from app.services.clock import SetClock
from app.services.door import Door, Services
from app.services.payment_commands import OpenCheck, PostEob
from app.services.people_commands import SavePayer, SavePractice, SaveProvider
from benchmarks.ledger_data import TODAY, Filled, Filler
from benchmarks.measure import BenchResult, interleave

EOB_PAIRS, READ_PAIRS = 12, 9
EOB_TARGET, ACCOUNT_TARGET, AGING_TARGET = 5.0, 5.0, 3.0
GROWTH = {"post": 1.5, "account": 1.5, "aging": 11.0}
HOME = Address("PO Box 1", "", "Salem", "VA", "24153")


@dataclass(slots=True)
class Measured:
    """Ratios to the floor, and the program's own seconds for the growth."""

    ratios: dict[str, float]
    seconds: dict[str, float]


def run() -> tuple[BenchResult, ...]:
    """One line a ratio; with ``MONEY_TEN`` the tenfold ratios and the growth, too."""
    one = measure(1)
    found = list(_lines(one, ""))
    if os.environ.get("MONEY_TEN"):
        ten = measure(10)
        found += _lines(ten, " at ten times")
        for name, limit in GROWTH.items():
            grown = ten.seconds[name] / one.seconds[name]
            found.append(BenchResult(f"{name}: growth to ten times the data", grown, limit))
    return tuple(found)


def _lines(measured: Measured, where: str) -> Iterator[BenchResult]:
    titles = {
        "post": ("post a 40-line EOB", EOB_TARGET),
        "account": ("open an account", ACCOUNT_TARGET),
        "account of 2,000 visits": ("open an account of 2,000 visits", ACCOUNT_TARGET),
        "aging": ("aging", AGING_TARGET),
    }
    for name, ratio in measured.ratios.items():
        title, target = titles[name]
        yield BenchResult(f"{title}{where}", ratio, target)


def measure(times: int) -> Measured:
    """Everything on one practice of ``times`` ten years."""
    with _practice(times) as (services, filled):
        raw = connect(services.desk.db.path, services.desk.db.raw_key())
        gc.collect()
        gc.freeze()  # as the program does once its window stands
        try:
            measured = Measured({}, {})
            _post(services, raw, filled, measured)
            _accounts(services, raw, filled, measured)
            _aging(services, raw, measured)
        finally:
            raw.close()
    return measured


@contextmanager
def _practice(times: int) -> Iterator[tuple[Services, Filled]]:
    with TemporaryDirectory() as place:
        door = Door(clock=SetClock(TODAY))
        services, _ = door.create(Path(place) / "practice", "Dana Biller", "correct horse battery")
        try:
            services.setup.save_practice(
                SavePractice("Sample Practice", HOME, "5405550140", "1245319599", "541234567")
            )
            provider = services.setup.save_provider(SaveProvider("Cole", "Imani", npi="1679576722"))
            kinds = (PayerType.GROUP, PayerType.MEDICARE, PayerType.MEDICAID, PayerType.OTHER)
            payers = [
                services.setup.save_payer(SavePayer(f"Plan {kind}", kind, HOME)) for kind in kinds
            ]
            filled = Filler(services, payers, provider, times).fill(2 * EOB_PAIRS + 4)
            yield services, filled
        finally:
            services.close()


# --- posting --------------------------------------------------------------------------------------
def _post(services: Services, raw: Any, filled: Filled, measured: Measured) -> None:
    waiting = iter(filled.claims_to_post)
    payer = min(p.payer_id or 0 for p in services.directory.payers())
    check = services.checks.open_check(OpenCheck(payer, 10**9, "BENCH")).payment_id
    own: list[float] = []

    def app() -> None:
        claim, lines = next(waiting)
        command = PostEob(check, claim, tuple(_eob_line(line) for line in lines))
        start = time.perf_counter()
        services.eobs.post_eob(command)
        own.append(time.perf_counter() - start)

    app()
    bare = _BareRows(raw)
    own.clear()
    measured.ratios["post"] = interleave(app, bare.insert, EOB_PAIRS)
    measured.seconds["post"] = median(own)


def _eob_line(line: int) -> EobLine:
    return EobLine(
        line,
        10_000,
        6_000,
        (
            EobAdjustment("CO", "45", 3_000, Disposition.WRITEOFF),
            EobAdjustment("PR", "2", 1_000, Disposition.TRANSFER, PATIENT_PARTY),
        ),
        allowed=7_000,
    )


class _BareRows:
    """The floor: the very rows that the last EOB wrote, put in once more by bare statements.

    Same tables, same triggers, one durable commit. Journal and audit rows are numbered on, since
    SQLite refuses a gap; the books of this throw-away practice mean nothing afterwards.
    """

    TABLES = (
        ("eob", "id = (SELECT max(id) FROM eob)", None),
        ("eob_line", "eob_id = (SELECT max(id) FROM eob)", "eob_id"),
        (
            "eob_adjustment",
            "eob_line_id IN (SELECT id FROM eob_line WHERE eob_id = (SELECT max(id) FROM eob))",
            "eob_line_id",
        ),
        ("claim_event", "id = (SELECT max(id) FROM claim_event)", None),
        ("audit", "id = (SELECT max(id) FROM audit)", None),
        ("posting", "journal_id = (SELECT max(id) FROM journal)", "journal_id"),
        ("journal", "id = (SELECT max(id) FROM journal)", None),
    )

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._kept = []
        for table, which, _ in self.TABLES:
            rows = raw.execute(f"SELECT * FROM {table} WHERE {which} ORDER BY id")
            names = [column[0] for column in rows.description]
            self._kept.append((table, names, [list(row) for row in rows.fetchall()]))

    def insert(self) -> None:
        """Everything once more under the next numbers."""
        self._raw.execute("BEGIN IMMEDIATE")
        renumbered: dict[str, dict[int, int]] = {}
        last = {
            table: self._raw.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            for table, _, _ in self._kept
        }
        renumbered["journal"] = {self._kept[-1][2][0][0]: last["journal"] + 1}
        for (table, names, rows), (_, _, parent) in zip(self._kept, self.TABLES, strict=True):
            ids = {row[0]: last[table] + n for n, row in enumerate(rows, start=1)}
            renumbered[table] = ids
            where = names.index(parent) if parent else None
            above = {"eob_id": "eob", "eob_line_id": "eob_line", "journal_id": "journal"}
            fresh = []
            for row in rows:
                copy = [ids[row[0]], *row[1:]]
                if where is not None and parent:
                    copy[where] = renumbered[above[parent]][row[where]]
                fresh.append(copy)
            marks = ",".join("?" * len(names))
            self._raw.executemany(f"INSERT INTO {table} VALUES ({marks})", fresh)
        self._raw.execute("COMMIT")


# --- accounts -------------------------------------------------------------------------------------
_ACCOUNT_ROWS = (
    "SELECT l.*, e.* FROM charge_line l JOIN encounter e ON e.id = l.encounter_id"
    " WHERE e.patient_id = ?",
    "SELECT p.*, j.* FROM posting p JOIN journal j ON j.id = p.journal_id"
    " JOIN charge_line l ON l.id = p.charge_line_id JOIN encounter e ON e.id = l.encounter_id"
    " WHERE e.patient_id = ?",
    "SELECT b.* FROM line_balance b JOIN charge_line l ON l.id = b.charge_line_id"
    " JOIN encounter e ON e.id = l.encounter_id WHERE e.patient_id = ? AND b.amount_cents <> 0",
)


def _accounts(services: Services, raw: Any, filled: Filled, measured: Measured) -> None:
    for name, patient in (("account", filled.typical), ("account of 2,000 visits", filled.big)):
        own: list[float] = []
        app = _timed(partial(services.accounts.show, patient), own)

        def floor(p: int = patient) -> object:
            raw.execute("BEGIN IMMEDIATE")
            rows = [raw.execute(query, (p,)).fetchall() for query in _ACCOUNT_ROWS]
            raw.execute(f"INSERT INTO audit SELECT {_next_audit_row(raw)}")
            raw.execute("COMMIT")
            return rows

        measured.ratios[name] = interleave(app, floor, READ_PAIRS)
        measured.seconds[name] = median(own)


def _next_audit_row(raw: Any) -> str:
    """The newest audit row once more under the next number: who looks at an account is kept."""
    names = [row[1] for row in raw.execute("PRAGMA table_info(audit)").fetchall()[1:]]
    return f"id + 1, {', '.join(names)} FROM audit ORDER BY id DESC LIMIT 1"


def _timed(work: Callable[[], object], own: list[float]) -> Callable[[], object]:
    def timed() -> object:
        start = time.perf_counter()
        found = work()
        own.append(time.perf_counter() - start)
        return found

    return timed


# --- aging ----------------------------------------------------------------------------------------
# The very sums of the report, by debtor and age, with the edges of the cells as dates.
_CELL = """CASE WHEN b.amount_cents < 0 THEN 5 WHEN {day} >= date(:today, '-30 days') THEN 0
  WHEN {day} >= date(:today, '-60 days') THEN 1 WHEN {day} >= date(:today, '-90 days') THEN 2
  WHEN {day} >= date(:today, '-120 days') THEN 3 ELSE 4 END"""
_INSURERS = f"""
SELECT py.name, {_CELL.format(day="l.service_from")} AS cell, SUM(b.amount_cents)
FROM line_balance b JOIN charge_line l ON l.id = b.charge_line_id
  JOIN party ON party.id = b.party_id JOIN policy po ON po.id = party.policy_id
  JOIN payer py ON py.id = po.payer_id
WHERE b.amount_cents <> 0 GROUP BY py.id, cell
"""
_PASSED = """COALESCE((SELECT MAX(j.accounting_date)
    FROM posting p INDEXED BY ix_posting_passed_to_patient
    JOIN journal j ON j.id = p.journal_id
    WHERE p.charge_line_id = l.id AND p.party_id = 1 AND p.amount_cents > 0
    AND p.reason IS NOT 'provisional' AND j.kind IN ('charge', 'eob', 'transfer')), l.service_from)
"""
_PATIENTS = f"""
WITH o AS MATERIALIZED (
  SELECT b.party_id, l.encounter_id, b.amount_cents, {_PASSED} AS since
  FROM line_balance b JOIN charge_line l ON l.id = b.charge_line_id
  WHERE b.amount_cents <> 0 AND b.party_id IN ({PATIENT_PARTY}, {COLLECTIONS_PARTY})),
s AS MATERIALIZED (
  SELECT e.patient_id, b.party_id, {_CELL.format(day="b.since")} AS cell,
    SUM(b.amount_cents) AS cents
  FROM o b JOIN encounter e ON e.id = b.encounter_id GROUP BY 1, 2, 3)
SELECT g.last, g.first, s.party_id, s.cell, SUM(s.cents)
FROM s JOIN patient pa ON pa.id = s.patient_id JOIN guarantor g ON g.id = pa.guarantor_id
GROUP BY g.id, s.party_id, s.cell
"""
_WHOLE_LEDGER = "SELECT SUM(amount_cents) FROM posting WHERE account = 'receivable'"


def _aging(services: Services, raw: Any, measured: Measured) -> None:
    own: list[float] = []
    app = _timed(services.reports.aging, own)

    def floor() -> object:
        return [raw.execute(q, {"today": f"{TODAY}"}).fetchall() for q in (_INSURERS, _PATIENTS)]

    measured.ratios["aging"] = interleave(app, floor, READ_PAIRS)
    measured.seconds["aging"] = median(own)
    ledger = raw.execute(_WHOLE_LEDGER).fetchone()[0]
    if services.reports.aging().total != ledger:
        raise AssertionError("the aging does not tie to the whole ledger")


if __name__ == "__main__":
    print(*run(), sep="\n")
