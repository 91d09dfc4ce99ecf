"""What every random day at the office stands on: choices that make sense, and what must hold."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Refused
from app.services.clock import SetClock
from app.services.door import Services
from app.services.payment_commands import OpenCheck
from app.services.people_commands import SaveGuarantor
from tests.office import PASSPHRASE, USER, door
from tests.services.conftest import Template
from tests.services.front_desk import HOME, TODAY, Office
from tests.services.month_ends import MonthEnds
from tests.services.paper_entries import COLLECTIONS, PATIENT, Effect, Found, Payment
from tests.services.paper_ledger import PaperLedger

T = TypeVar("T")
Act = TypeVar("Act", bound=Callable[..., object])

SOME = st.integers(min_value=1, max_value=13000)
PROVE_EVERY, TAMPER_EVERY = 10, 5  # steps

# What a stranger with the key might try; every one must be refused by SQLite itself.
TAMPERING = (
    "UPDATE posting SET amount_cents = amount_cents + 1 WHERE id = (SELECT MAX(id) FROM posting)",
    "DELETE FROM posting WHERE id = (SELECT MAX(id) FROM posting)",
    "UPDATE journal SET memo = 'x' WHERE id = (SELECT MAX(id) FROM journal)",
    "DELETE FROM journal WHERE id = (SELECT MAX(id) FROM journal)",
    "INSERT OR REPLACE INTO posting SELECT * FROM posting WHERE id = (SELECT MAX(id) FROM posting)",
    "INSERT INTO posting (journal_id, account, amount_cents)"
    " SELECT MAX(id), 'cash', 1 FROM journal",
    "UPDATE line_balance SET amount_cents = amount_cents + 1",
    "DELETE FROM line_balance",
    "UPDATE charge_line SET charge_cents = 1"
    " WHERE id IN (SELECT charge_line_id FROM posting WHERE charge_line_id IS NOT NULL)",
)

_UNEQUAL = (
    "SELECT journal_id FROM posting GROUP BY journal_id"
    " HAVING SUM(amount_cents) <> 0 OR COUNT(*) < 2"
)
_KEPT = (
    "SELECT charge_line_id, party_id, SUM(amount_cents) FROM line_balance"
    " WHERE amount_cents <> 0 GROUP BY 1, 2"
)
_SUMMED = (
    "SELECT charge_line_id, party_id, SUM(amount_cents) FROM posting WHERE account = 'receivable'"
    " GROUP BY 1, 2 HAVING SUM(amount_cents) <> 0"
)
_ACCOUNTS = (
    "SELECT account, SUM(amount_cents) FROM posting GROUP BY account HAVING SUM(amount_cents) <> 0"
)
_PAYMENTS = (
    "SELECT payment_id, SUM(CASE account WHEN 'cash' THEN amount_cents ELSE 0 END),"
    " SUM(CASE account WHEN 'unapplied' THEN -amount_cents ELSE 0 END)"
    " FROM posting WHERE payment_id IS NOT NULL GROUP BY payment_id"
)
_CLAIMS = "SELECT id, status FROM claim"

# What a claim may be called while it is, in the paper ledger's words, waiting or out. A later claim
# to which nothing came is closed; it wakes like one that is held.
STATES = {
    "held": {"held", "closed"},
    "ready": {"ready"},
    "sent": {"submitted", "accepted", "denied", "paid", "partially_paid", "appealed"},
    "rejected": {"rejected"},
    "gone": {"closed"},
    "void": {"voided"},
}


# What the first day leaves behind, besides the practice.
KEPT = (
    *("payers", "first", "second", "guarantor", "policies", "policy_ids"),
    *("ledger", "checks", "drafts"),
)


def now_and_then(every: int) -> Callable[[Act], Act]:
    """A rule for one step in so many: what is rare at an office, or ends much else."""
    return precondition(lambda self: self.steps % every == every - 1)


class BookKeeping(MonthEnds, RuleBasedStateMachine):
    """A household: one patient with two policies, one with one; ``ledger`` says what must be."""

    numbers = count()
    lived: ClassVar[dict[Path, tuple[Path, dict[str, Any]]]] = {}  # by template

    def __init__(self, template: Template, place: Path) -> None:
        super().__init__()
        self.template, self.place = template, place
        self.number = next(self.numbers)
        self.clock = SetClock(TODAY)
        self.checks: list[int] = []
        self.receipts: list[int] = []
        self.statements: list[int] = []
        self.given_up: dict[int, Effect] = {}  # by journal
        self.found: dict[int, Found] = {}  # insurance found, by journal
        self.drafts: list[int] = []
        self.steps = 0
        self.open = False

    @property
    def do(self) -> Services:
        return self.office.services

    # --- the day begins ---------------------------------------------------------------------
    @initialize()
    def a_household(self) -> None:
        """The first day is the same in every run: it is lived once and copied."""
        self.folder = self.place / f"{self.number}"
        kept = self.lived.get(self.template.folder)
        if kept is None:
            shutil.copytree(self.template.folder, self.folder)
            self.unlock()
            self.first_day()
            self.do.close()
            values = {name: self.__dict__[name] for name in KEPT}
            folder = self.place.with_name("household")
            shutil.copytree(self.folder, folder)
            self.lived[self.template.folder] = folder, deepcopy(values)
        else:
            folder, values = kept
            shutil.copytree(folder, self.folder)
            self.__dict__.update(deepcopy(values))
        self.unlock()

    def first_day(self) -> None:
        lists = self.template.lists
        self.payers = (lists.primary, lists.secondary)
        self.first = self.office.patient("Doe", *self.payers)
        self.guarantor = self.do.accounts.show(self.first).guarantor_id
        household = SaveGuarantor("Doe", "Jane", address=HOME, guarantor_id=self.guarantor)
        self.second = self.office.patient("Doe", self.payers[1], first="Kid", guarantor=household)
        self.policies: dict[int, tuple[int, ...]] = {}  # patient -> parties
        self.policy_ids: dict[int, int] = {}  # party -> policy
        payer_of = {}
        for patient in (self.first, self.second):
            parties = []
            for policy in self.do.patients.show(patient).policies:
                party = self.office.party(policy.policy_id or 0)
                self.policy_ids[party] = policy.policy_id or 0
                payer_of[party] = policy.payer_id
                parties.append(party)
            self.policies[patient] = tuple(parties)
        self.ledger = PaperLedger(payer_of, self.clock.day)
        self.encounter(self.first, [10000, 5000])
        self.open_of_payer(15000, 0)
        self.open_of_payer(5000, 1)

    def unlock(self) -> None:
        services = door(self.clock).unlock(self.folder, USER, PASSPHRASE)
        self.office = Office(services, self.clock, self.template.lists)
        self.open = True

    def encounter(self, patient: int, billed: list[int]) -> None:
        raise NotImplementedError

    def open_of_payer(self, cents: int, which: int) -> None:
        command = OpenCheck(self.payers[which], cents, f"{len(self.checks)}")
        check = self.do.checks.open_check(command).payment_id
        self.checks.append(check)
        self.ledger.payments[check] = Payment(cents, self.payers[which])

    # --- helpers ----------------------------------------------------------------------------
    def attempt(self, codes: set[str], act: Callable[[], Any]) -> Any:
        """Runs ``act``; it must be refused with one of ``codes``, or pass when there are none."""
        if not codes:
            return act()
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code in codes, (refusal.value.code, codes)
        return None

    def mostly(self, data: st.DataObject, good: Sequence[T], every: Sequence[T]) -> T:
        """Nine times in ten one that should do, else any."""
        usual = bool(good) and data.draw(st.integers(0, 9), "usual") < 9
        return data.draw(st.sampled_from(list(good) if usual else list(every)), "chosen")

    def a_day(self, data: st.DataObject) -> date | None:
        """An accounting date: mostly today's, else one of the last weeks, closed or not."""
        back = data.draw(st.sampled_from([0, 0, 0, 0, 0, 0, 3, 20, 40]), "days back")
        self.ledger.on = date.fromordinal(self.clock.day.toordinal() - back)
        return self.ledger.on if back else None

    def parties_of(self, line: int) -> tuple[int, ...]:
        return (*self.ledger.parties[line], PATIENT, COLLECTIONS)

    def a_bucket(self, data: st.DataObject) -> tuple[int, int]:
        """A line and a party, mostly one that owes."""
        every = [(line, p) for line in self.ledger.charges for p in self.parties_of(line)]
        return self.mostly(data, [key for key in every if self.ledger.owes[key] > 0], every)

    def a_check(self, data: st.DataObject, payer: int | None = None) -> int:
        """A check, mostly an open one, of a payer if one is named."""
        good = [
            key
            for key in self.checks
            if not self.ledger.payments[key].closed
            and payer in (None, self.ledger.payments[key].payer)
        ]
        return self.mostly(data, good, self.checks)

    def cents_near(self, data: st.DataObject, most: int) -> int:
        """Mostly an amount that fits, often the very amount, now and then a cent or more over."""
        if most <= 0:
            return data.draw(SOME, "cents")
        part = data.draw(st.integers(0, 9), "how much")
        if part == 9:
            return data.draw(st.just(most + 1) | SOME, "cents")
        return most if part > 5 else data.draw(st.integers(1, most), "cents")

    def last(self, table: str) -> int:
        """The newest row of a table."""
        return int(self.office.sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0])

    def new_claim_since(self, before: int) -> int | None:
        newest = self.last("claim")
        return newest if newest > before else None

    # --- what must hold after every step ----------------------------------------------------
    @invariant()
    def books_are_those_on_paper(self) -> None:
        if not self.open:
            return
        self.ledger.on = self.clock.day
        ledger, paper = self.ledger, self.ledger.buckets()
        with self.do.desk.read() as session:
            ask = session.connection().exec_driver_sql
            assert ask(_UNEQUAL).all() == []
            assert {(a, b): c for a, b, c in ask(_KEPT)} == paper
            assert {(a, b): c for a, b, c in ask(_SUMMED)} == paper
            assert _pairs(ask(_ACCOUNTS)) == ledger.all.accounts()
            found = {key: (cash, waits) for key, cash, waits in ask(_PAYMENTS)}
            statuses = _pairs(ask(_CLAIMS))
        for key, payment in ledger.payments.items():
            assert found.get(key, (0, 0)) == (payment.cash, ledger.waits[key]), key
        for key, claim in ledger.claims.items():
            assert statuses.pop(key) in STATES[claim.state], (key, claim)
        assert not statuses  # no claim that the paper ledger knows nothing of

    @invariant()
    def books_are_sound(self) -> None:
        if not self.open:
            return
        self.steps += 1
        if self.steps % PROVE_EVERY == 0:
            assert self.do.reports.verify_books().problems == ()
        if self.steps % TAMPER_EVERY == 0:
            self.tamper(TAMPERING[(self.steps + self.number) % len(TAMPERING)])

    def tamper(self, statement: str) -> None:
        with pytest.raises(IntegrityError), self.do.desk.write() as session:
            session.execute(text(statement))

    def teardown(self) -> None:
        if not self.open:
            return
        try:
            if sys.exc_info()[0] is None:  # a failed step is what matters, not what follows of it
                self.everything_ties()
        finally:
            self.do.close()
            shutil.rmtree(self.place)
            self.place.mkdir()


def _pairs(rows: Iterable[Any]) -> dict[Any, Any]:
    return dict(tuple(row) for row in rows)
