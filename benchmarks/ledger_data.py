"""Ten years of a solo practice put into its file at once, or ten times as much.

Seven thousand patients with 42,000 visits and 116,000 charge lines (multiplied by ``times``),
entered in the order of their days, as an office does. Most is long settled; of the last year a
part is open with payers and patients. Rows go in as SQLAlchemy core inserts under the same triggers
as any write; journals carry their true chain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from app.db.chain import GENESIS, next_mac
from app.domain.books import PATIENT_PARTY, Account
from app.models.base import Base
from app.models.books import Journal
from app.services import _ledger
from app.services.door import Services

PATIENTS, VISITS, LINES = 7_000, 42_000, 116_000
TODAY = date(2026, 11, 23)
DAYS = 3_650
BIG_PATIENT_VISITS = 2_000
_CHUNK = 2_000  # visits written in one go
_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(slots=True)
class Filled:
    """Ids that the benchmarks ask for."""

    typical: int  # a patient with six visits
    big: int  # a patient with 2,000 visits
    claims_to_post: list[tuple[int, list[int]]]  # claim id and its 40 lines; all of one payer


@dataclass(slots=True)
class _Batch:
    """Rows of one chunk by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def write(self, session: Session) -> None:
        order = (
            *("guarantor", "patient", "policy", "party", "encounter", "encounter_coverage"),
            *("charge_line", "claim", "claim_line", "posting", "journal"),
        )
        for name in order:
            if rows := self.rows.pop(name, None):
                session.execute(insert(_table(name)), rows)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


class Filler:
    """Writes the rows; ids are counted here, because nothing else is in the practice."""

    def __init__(self, services: Services, payers: list[int], provider: int, times: int) -> None:
        self._desk, self._payers, self._provider = services.desk, payers, provider
        self._times, self._rng = times, random.Random(20261123)
        self._line = self._claim = self._visit = 0
        self._batch = _Batch()
        self._key = services.desk.db.mac_key("journal")
        self._journal, self._mac = 0, GENESIS

    def fill(self, claims_to_post: int) -> Filled:
        """Everything; ``claims_to_post`` sent claims of 40 lines wait for their EOB."""
        people = PATIENTS * self._times
        with self._desk.write() as session:
            last = session.execute(
                select(Journal.id, Journal.mac).order_by(Journal.id.desc())
            ).first()
            if last is not None:
                self._journal, self._mac = last.id, last.mac
            for n in range(1, people + 1):
                self._person(n)
                if n % _CHUNK == 0:
                    self._batch.write(session)
            self._batch.write(session)
        for visits in self._chunks(self._visits(people)):
            with self._desk.write() as session:
                for day, patient in visits:
                    self._settle(patient, day, self._lines())
                self._batch.write(session)
        return self._special(people, claims_to_post)

    def _special(self, people: int, claims_to_post: int) -> Filled:
        with self._desk.write() as session:
            waiting = [self._open_claim(people, 40) for _ in range(claims_to_post)]
            self._batch.write(session)
        return Filled(typical=people // 2, big=1, claims_to_post=waiting)

    def _visits(self, people: int) -> list[tuple[date, int]]:
        """Patients by the day they came: an office enters its visits day by day."""
        order = [2 + n % (people - 1) for n in range(VISITS * self._times)]
        self._rng.shuffle(order)
        order += [1] * BIG_PATIENT_VISITS
        return sorted((self._day(), patient) for patient in order)

    def _chunks(self, visits: list[tuple[date, int]]) -> Iterator[list[tuple[date, int]]]:
        for start in range(0, len(visits), _CHUNK):
            yield visits[start : start + _CHUNK]

    def _day(self) -> date:
        return TODAY - timedelta(days=self._rng.randrange(20, DAYS))

    def _lines(self) -> list[int]:
        """Charges in cents; 2.76 lines a visit on average."""
        count = self._rng.choices((1, 2, 3, 4, 5), (12, 30, 36, 14, 8))[0]
        return [self._rng.randrange(4000, 30000) for _ in range(count)]

    def _person(self, n: int) -> None:
        add = self._batch.add
        name = {"last": f"Sample{_letters(n)}", "first": "Robin", "middle": None, "suffix": None}
        home = {
            "address1": f"{n} Orchard Ln",
            "address2": None,
            "city": "Salem",
            "state": "VA",
            "zip": "24153",
            "phone": "5405550100",
        }
        add("guarantor", id=n, birth_date=date(1970, 1, 1), **name, **home)
        add(
            "patient",
            id=n,
            account_no=f"B{n:06}",
            birth_date=date(1970, 1, 1) + timedelta(days=n % 9000),
            sex="F",
            guarantor_id=n,
            release_signature_date=date(2016, 1, 4),
            created_at=_AT,
            **name,
            **home,
        )
        payer = self._payers[n % len(self._payers)]
        values = {"rank": 1, "relationship": "self", "member_id": f"M{n:07}"}
        add("policy", id=n, patient_id=n, payer_id=payer, plan_name="Plan", **values)
        add("party", id=_party(n), kind="POLICY", policy_id=n)

    def _visit_rows(self, patient: int, day: date, cents: list[int], status: str) -> list[int]:
        self._visit += 1
        self._claim += 1
        add = self._batch.add
        add(
            "encounter",
            id=self._visit,
            patient_id=patient,
            provider_id=self._provider,
            service_date=day,
            place_of_service="11",
            status="posted",
            created_at=_AT,
        )
        add("encounter_coverage", encounter_id=self._visit, rank=1, policy_id=patient)
        lines = []
        for position, charge in enumerate(cents, start=1):
            self._line += 1
            lines.append(self._line)
            add(
                "charge_line",
                id=self._line,
                encounter_id=self._visit,
                position=position,
                service_from=day,
                service_to=day,
                place_of_service="11",
                code="99213",
                charge_cents=charge,
                pointers="A",
            )
        claim = {"number": f"B{self._claim}", "encounter_id": self._visit, "policy_id": patient}
        add(
            "claim",
            id=self._claim,
            rank=1,
            status=status,
            created_at=_AT,
            submitted_on=day,
            **claim,
        )
        for line in lines:
            add("claim_line", claim_id=self._claim, charge_line_id=line)
        return lines

    def _settle(self, patient: int, day: date, cents: list[int]) -> None:
        """A visit charged and decided; one in seven of the last year is still open somewhere."""
        recent = (TODAY - day).days < 365
        pending = recent and self._rng.random() < 0.15
        lines = self._visit_rows(patient, day, cents, "submitted" if pending else "paid")
        legs = []
        for line, charge in zip(lines, cents, strict=True):
            legs += [
                _leg(Account.RECEIVABLE, charge, line, _party(patient)),
                _leg(Account.REVENUE, -charge, line),
            ]
        self._post("charge", day, legs)
        if pending:
            return
        owes = recent and self._rng.random() < 0.3
        legs = []
        for line, charge in zip(lines, cents, strict=True):
            legs += self._decided(line, charge, _party(patient), owes=owes)
        self._post("eob", min(day + timedelta(days=30), TODAY), legs)

    def _decided(self, line: int, charge: int, party: int, *, owes: bool) -> list[Row]:
        paid, off = charge * 6 // 10, charge * 3 // 10
        share = charge - paid - off
        legs = [
            _leg(Account.CASH, paid, line),
            _leg(Account.RECEIVABLE, -paid, line, party),
            _leg(Account.ADJUSTMENT, off, line, group_code="CO", carc="45", reason="contractual"),
            _leg(Account.RECEIVABLE, -off, line, party),
            _leg(Account.RECEIVABLE, -share, line, party, group_code="PR", carc="2"),
            _leg(Account.RECEIVABLE, share, line, PATIENT_PARTY, group_code="PR", carc="2"),
        ]
        if not owes:
            legs += [
                _leg(Account.CASH, share, line),
                _leg(Account.RECEIVABLE, -share, line, PATIENT_PARTY),
            ]
        return legs

    def _open_claim(self, people: int, count: int) -> tuple[int, list[int]]:
        patient = len(self._payers) * self._rng.randrange(1, people // len(self._payers))
        cents = [10_000] * count
        lines = self._visit_rows(patient, TODAY - timedelta(days=40), cents, "submitted")
        legs = []
        for line, charge in zip(lines, cents, strict=True):
            legs += [
                _leg(Account.RECEIVABLE, charge, line, _party(patient)),
                _leg(Account.REVENUE, -charge, line),
            ]
        self._post("charge", TODAY - timedelta(days=40), legs)
        return self._claim, lines

    def _post(self, kind: str, day: date, legs: list[Row]) -> None:
        self._journal += 1
        head: Row = {
            "id": self._journal,
            "entered_at": _AT,
            "accounting_date": day,
            "kind": kind,
            "user_id": self._desk.user_id,
            "reverses_id": None,
            "memo": None,
        }
        self._mac = next_mac(self._key, self._mac, _ledger.journal_content(head, legs))
        self._batch.add("journal", **head, mac=self._mac)
        for leg in legs:
            self._batch.add("posting", **leg, journal_id=self._journal)


def _party(patient: int) -> int:
    return patient + 2  # 1 is the patient, 2 the agency


def _leg(account: Account, cents: int, line: int, party: int | None = None, **more: Any) -> Row:
    empty = dict.fromkeys(_ledger.POSTING_FIELDS)
    values = {
        "account": str(account),
        "amount_cents": cents,
        "charge_line_id": line,
        "party_id": party,
    }
    return {**empty, **values, **more}


def _letters(n: int) -> str:
    """A number as letters: a name holds no figures."""
    text = ""
    while n:
        n, rest = divmod(n, 26)
        text += "abcdefghijklmnopqrstuvwxyz"[rest]
    return text
