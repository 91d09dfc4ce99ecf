"""Random days at the office: moves without cash, months, statements, and the power going out."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import text

from app.domain.errors import Refused
from app.services.adjustments import WRITE_OFF_REASONS, Transfer, WriteOff
from app.services.insurance_found import InsuranceFound
from tests.services.book_keeping import BookKeeping, now_and_then
from tests.services.paper_entries import COLLECTIONS, PATIENT, Found

HALF_DONE = (
    "INSERT INTO posting (journal_id, account, amount_cents)"
    " SELECT MAX(id) + 1, 'cash', 1 FROM journal"
)
REASONS = sorted(set(WRITE_OFF_REASONS) - {"void_reversal"})


class PowerOutError(Exception):
    """The machine stops in the middle of a unit of work."""


class BooksOffice(BookKeeping):
    """Rules on what moves no cash, and on the office itself."""

    # --- who owes ---------------------------------------------------------------------------
    @rule(data=st.data())
    def transfer(self, data: st.DataObject) -> None:
        line, source = self.a_bucket(data)
        stranger = data.draw(st.integers(0, 9), "stranger") == 9
        parties = (*self.ledger.payer_of, PATIENT) if stranger else self.parties_of(line)
        target = data.draw(st.sampled_from([p for p in parties if p != source]), "to")
        cents = self.cents_near(data, self.ledger.owes[line, source])
        retro = source == PATIENT and target in self.ledger.payer_of
        ahead = data.draw(st.integers(0, 500), "already paid") if retro else 0
        on, before = self.a_day(data), self.last("claim")
        codes = self.ledger.transfer_codes(line, source, target, cents)
        command = Transfer(line, source, target, cents, "other payer", ahead, on)
        self.attempt(codes, lambda: self.do.adjustments.transfer(command))
        if not codes:
            claim = self.new_claim_since(before)
            self.ledger.transfer(line, source, target, cents, ahead, claim)

    @rule(data=st.data())
    def insurance_found(self, data: st.DataObject) -> None:
        visits = sorted(set(self.ledger.visit_of.values()))
        owing = [self.ledger.visit_of[line] for line in self.ledger.owing(PATIENT)]
        visit = self.mostly(data, owing, visits)
        party = data.draw(st.sampled_from(list(self.ledger.payer_of)), "policy")
        on, before = self.a_day(data), self.last("claim")
        codes = self.ledger.found_codes(visit, party)
        command = InsuranceFound(visit, party, on)
        done = self.attempt(codes, lambda: self.do.insurance_found.found(command))
        if done is not None:
            shares = self.ledger.found_shares(visit).values()
            assert done.passed_cents == sum(whole for whole, _ in shares)
            assert done.provisional_cents == sum(share for _, share in shares)
            held = {k for k, c in self.ledger.claims.items() if c.state == "held"}
            made = self.new_claim_since(before)
            effect = self.ledger.insurance_found(visit, party, made)
            released = [k for k in held if self.ledger.claims[k].state != "held"]
            claim = made or next(iter(released), None)
            event = self.last("claim_event")
            self.found[done.journal_id] = Found(party, effect, claim, bool(made), event)

    @precondition(lambda self: self.found)
    @rule(data=st.data())
    def no_insurance_after_all(self, data: st.DataObject) -> None:
        journal = data.draw(st.sampled_from(sorted(self.found)), "found by")
        found = self.found[journal]
        query = "SELECT COUNT(*) FROM claim_event WHERE claim_id = :claim AND id > :event"
        later = self.office.sql(query, claim=found.claim, event=found.event)[0][0]
        codes = self.ledger.not_found_codes(found, moved_on=later > 0)
        self.attempt(codes, lambda: self.do.insurance_found.take_back(journal))
        if not codes:
            self.ledger.insurance_not_found(found)

    @rule(data=st.data(), reason=st.sampled_from(REASONS))
    def write_off(self, data: st.DataObject, reason: str) -> None:
        line, party = self.a_bucket(data)
        cents = self.cents_near(data, max(self.ledger.owes[line, party], 0))
        self._write_off(data, line, party, cents, reason)

    @precondition(lambda self: any(self.ledger.all.written.values()))
    @rule(data=st.data())
    def put_write_off_back(self, data: st.DataObject) -> None:
        written = [line for line, cents in self.ledger.all.written.items() if cents]
        line = data.draw(st.sampled_from(written), "line")
        party = data.draw(st.sampled_from(self.parties_of(line)), "party")
        cents = -self.cents_near(data, self.ledger.all.written[line])
        self._write_off(data, line, party, cents, "void_reversal")

    def _write_off(
        self, data: st.DataObject, line: int, party: int, cents: int, reason: str
    ) -> None:
        on = self.a_day(data)
        codes = self.ledger.write_off_codes(line, party, cents, reason)
        command = WriteOff(line, party, cents, reason, on)
        self.attempt(codes, lambda: self.do.adjustments.write_off(command))
        if not codes:
            self.ledger.write_off(line, party, cents)

    # --- fees -------------------------------------------------------------------------------
    @precondition(lambda self: len(self.ledger.fees) < 2)
    @rule(data=st.data(), cents=st.sampled_from([1500, 4000]))
    def charge_fee(self, data: st.DataObject, cents: int) -> None:
        on = self.a_day(data)
        codes = self.ledger.date_codes()
        visit = self.attempt(codes, lambda: self.do.fees.charge(self.first, "no_show", cents, on))
        if visit is not None:
            line = self.do.encounters.show(visit).command.lines[0].line_id or 0
            self.ledger.fee(visit, line, cents, self.policies[self.first])

    @precondition(lambda self: self.ledger.fees)
    @rule(data=st.data())
    def take_fee_off(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(sorted(self.ledger.fees)), "fee")
        line = self.ledger.lines_of(visit)[0]
        codes = self.ledger.void_codes(line)
        self.attempt(codes, lambda: self.do.fees.take_off(visit))
        if not codes:
            self.ledger.void(line, PATIENT)

    # --- collections ------------------------------------------------------------------------
    @rule(data=st.data())
    def place_with_agency(self, data: st.DataObject) -> None:
        lines = self._some_lines(data)
        on = self.a_day(data)
        codes = self.ledger.place_with_agency_codes(lines)
        done = self.attempt(
            codes, lambda: self.do.collections.place(self.guarantor, lines, agency="QR", on=on)
        )
        if done is not None:
            ripe = self.ledger.to_agency(lines)
            assert set(done.lines) == set(ripe)
            self.ledger.pass_on(ripe, PATIENT, COLLECTIONS)

    def _some_lines(self, data: st.DataObject) -> list[int] | None:
        """All of the household, or one line."""
        every = st.sampled_from(sorted(self.ledger.charges))
        return data.draw(st.none() | st.lists(every, min_size=1, max_size=2, unique=True), "lines")

    @precondition(lambda self: self.ledger.owing(COLLECTIONS))
    @rule(data=st.data(), recalled=st.booleans())
    def back_from_agency(self, data: st.DataObject, recalled: bool) -> None:
        lines, on = self._some_lines(data), self.a_day(data)
        found = self.ledger.owing(COLLECTIONS, lines)
        codes = self.ledger.date_codes() if found else {"nothing_owed"}
        act = self.do.collections.recall if recalled else self.do.collections.give_up
        done = self.attempt(codes, lambda: act(self.guarantor, lines, on=on))
        if done is None:
            return
        if recalled:
            self.ledger.pass_on(found, COLLECTIONS, PATIENT)
        else:
            self.given_up[done.journal_id] = self.ledger.give_up(found)

    @precondition(lambda self: self.given_up)
    @rule(data=st.data())
    def not_given_up(self, data: st.DataObject) -> None:
        journal = data.draw(st.sampled_from(sorted(self.given_up)), "given up by")
        effect = self.given_up[journal]
        codes = self.ledger.not_given_up_codes(effect)
        self.attempt(codes, lambda: self.do.collections.take_back(journal))
        if not codes:
            self.ledger.book(effect.mirrored())
            with pytest.raises(Refused):
                self.do.collections.take_back(journal)
            del self.given_up[journal]

    # --- statements: the books stay as they are ---------------------------------------------
    @precondition(lambda self: len(self.statements) < 2 and self.ledger.owing(PATIENT))
    @rule()
    def send_statement(self) -> None:
        before = self.last("journal")
        sent = self.do.statements.freeze([self.guarantor], even_if_not_due=True)
        assert bool(sent.statement_ids) != bool(sent.left_out)
        self.statements += sent.statement_ids
        assert self.last("journal") == before

    @precondition(lambda self: self.statements)
    @rule()
    def unsend_statement(self) -> None:
        before = self.last("journal")
        self.do.statements.unsend(self.statements.pop(), "never mailed")
        assert self.last("journal") == before

    # --- time -------------------------------------------------------------------------------
    @rule(days=st.sampled_from([1, 1, 7, 30]))
    def days_pass(self, days: int) -> None:
        self.clock.day += timedelta(days=days)

    @now_and_then(4)
    @rule(data=st.data())
    def close_month(self, data: st.DataObject) -> None:
        this = self.clock.day.replace(day=1)
        months = [(this - timedelta(days=n)).replace(day=1) for n in (1, 20, 40)]
        month = data.draw(st.sampled_from([this, *months, *months]), "month")
        codes = self._close_codes(month)
        self.attempt(codes, lambda: self.do.money.close_month(month))
        if not codes:
            self.ledger.closed_through = _last_day(month)

    def _close_codes(self, month: date) -> set[str]:
        through, last = self.ledger.closed_through, _last_day(month)
        if through is not None and last <= through:
            return {"already_closed"}
        if last > self.clock.day:
            return {"month_not_over"}
        days = {entry.on for entry in self.ledger.days}
        earlier = any(day < month and (through is None or day > through) for day in days)
        return {"earlier_month_open"} if earlier else set()

    # --- the power goes out -----------------------------------------------------------------
    @now_and_then(4)
    @rule(data=st.data())
    def power_goes_out(self, data: st.DataObject) -> None:
        """What lies on the disk at that moment is all there is; nobody closed anything.

        Sometimes it is in the middle of a unit of work: nothing of that is there afterwards.
        """
        old, gone = self.do, self.folder
        self.folder = gone.with_name(f"{gone.name}x")
        if data.draw(st.booleans(), "while writing"):
            with pytest.raises(PowerOutError):
                self._die_writing(gone)
        else:
            self._pull_the_plug(gone)
        old.close()
        shutil.rmtree(gone)
        self.unlock()

    def _die_writing(self, running: Path) -> None:
        with self.do.desk.write() as session:
            session.execute(text(HALF_DONE))
            self._pull_the_plug(running)
            raise PowerOutError

    def _pull_the_plug(self, running: Path) -> None:
        """The shared memory of a running database is no file that survives."""
        shutil.copytree(running, self.folder, ignore=shutil.ignore_patterns("*-shm"))


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
