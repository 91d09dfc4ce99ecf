"""What every random day at the office stands on: choices that make sense, and what must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Refused
from tests.services.front_desk import Office
from tests.services.paper_entries import COLLECTIONS, PATIENT
from tests.services.paper_ledger import PaperLedger

T = TypeVar("T")

SOME = st.integers(min_value=1, max_value=13000)

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


class BookKeeping(RuleBasedStateMachine):
    """One patient with two policies; ``ledger`` says what the books must say."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.do = office.services
        self.payers = (office.lists.primary, office.lists.secondary)
        self.checks: list[int] = []
        self.receipts: list[int] = []
        self.patient = self.guarantor = self.last_journal = self.encounters = 0
        self.parties: list[int] = []
        self.ledger: PaperLedger

    # --- helpers ----------------------------------------------------------------------------
    def attempt(self, codes: set[str], act: Callable[[], Any]) -> Any:
        """Runs ``act``; it must be refused with one of ``codes``, or pass when there are none."""
        if not codes:
            return act()
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code in codes
        return None

    def mostly(self, data: st.DataObject, good: Sequence[T], every: Sequence[T]) -> T:
        """Nine times in ten one that should do, else any."""
        usual = bool(good) and data.draw(st.integers(0, 9), "usual") < 9
        return data.draw(st.sampled_from(list(good) if usual else list(every)), "chosen")

    def a_bucket(self, data: st.DataObject) -> tuple[int, int]:
        """A line and a party, mostly one that owes."""
        parties = (*self.parties, PATIENT, COLLECTIONS)
        every = [(line, party) for line in self.ledger.charges for party in parties]
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

    # --- what must hold after every step ----------------------------------------------------
    @invariant()
    def every_journal_sums_to_zero(self) -> None:
        query = (
            "SELECT journal_id FROM posting WHERE journal_id > :last"
            " GROUP BY journal_id HAVING SUM(amount_cents) <> 0 OR COUNT(*) < 2"
        )
        assert self.office.sql(query, last=self.last_journal) == []

    @invariant()
    def buckets_are_those_on_paper(self) -> None:
        lines = ", ".join(map(str, self.ledger.charges))
        kept = self.office.sql(
            "SELECT charge_line_id, party_id, amount_cents FROM line_balance"
            f" WHERE charge_line_id IN ({lines}) AND amount_cents <> 0"
        )
        summed = self.office.sql(
            "SELECT charge_line_id, party_id, SUM(amount_cents) FROM posting"
            f" WHERE charge_line_id IN ({lines}) AND account = 'receivable'"
            " GROUP BY 1, 2 HAVING SUM(amount_cents) <> 0"
        )
        assert {(a, b): c for a, b, c in kept} == self.ledger.buckets()
        assert {(a, b): c for a, b, c in summed} == self.ledger.buckets()

    @invariant()
    def accounts_are_those_on_paper(self) -> None:
        rows = self.office.sql(
            "SELECT account, SUM(amount_cents) FROM posting WHERE journal_id > :last"
            " GROUP BY account HAVING SUM(amount_cents) <> 0",
            last=self.last_journal,
        )
        assert dict(rows) == self.ledger.accounts()

    @invariant()
    def checks_are_their_parts(self) -> None:
        keys = ", ".join(map(str, self.ledger.payments)) or "0"
        rows = self.office.sql(
            "SELECT payment_id, SUM(CASE account WHEN 'cash' THEN amount_cents ELSE 0 END),"
            " SUM(CASE account WHEN 'unapplied' THEN -amount_cents ELSE 0 END)"
            f" FROM posting WHERE payment_id IN ({keys}) GROUP BY payment_id"
        )
        found = {key: (cash, waits) for key, cash, waits in rows}
        for key, payment in self.ledger.payments.items():
            assert found.get(key, (0, 0)) == (payment.cash, self.ledger.waits[key])

    @invariant()
    def claims_wait_for_their_turn(self) -> None:
        for key, claim in self.ledger.claims.items():
            # A later claim to which nothing came is closed; it wakes like one that is held.
            short = {"held": "held", "closed": "held", "ready": "ready"}
            now = self.office.status(key)
            assert short.get(now, "sent") == claim.state, (key, now, claim)

    def teardown(self) -> None:
        if not hasattr(self, "ledger"):
            return
        for key, payment in self.ledger.payments.items():
            state = self.do.checks.state(key)
            assert (state.amount_cents, state.allocated_cents) == (payment.amount, payment.cash)
            assert state.unapplied_cents == self.ledger.waits[key]
        view = self.do.accounts.show(self.patient)
        assert view.balance_cents == sum(self.ledger.owes.values())
        self._tamper(TAMPERING[self.patient % len(TAMPERING)])

    def _tamper(self, statement: str) -> None:
        with pytest.raises(IntegrityError), self.do.desk.write() as session:
            session.execute(text(statement))
