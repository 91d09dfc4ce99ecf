"""The services against the paper ledger: random days at the office, checked after every step.

Each run is a patient of its own inside one practice. ``BOOKS_RUNS`` and ``BOOKS_STEPS`` lengthen
the run at night.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.books import CheckItem, Disposition
from app.domain.posting import EobAdjustment, EobLine
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    OpenCheck,
    PatientPayment,
    PostEob,
    Refund,
    ReverseEob,
)
from tests.services.book_keeping import SOME, TAMPERING, BookKeeping
from tests.services.conftest import Template
from tests.services.front_desk import Office
from tests.services.paper_entries import COLLECTIONS, PATIENT, Amount, Decided, Payment
from tests.services.paper_ledger import PaperLedger

RUNS = int(os.environ.get("BOOKS_RUNS", "200"))
STEPS = int(os.environ.get("BOOKS_STEPS", "30"))
PHASES = tuple(Phase) if os.environ.get("BOOKS_SHRINK") else (Phase.explicit, Phase.generate)

BILLED = st.sampled_from([100, 2500, 9999, 10000, 12345])


class Books(BookKeeping):
    """One patient with two policies; ``ledger`` says what the books must say."""

    # --- charges and claims -----------------------------------------------------------------
    @initialize(billed=st.lists(BILLED, min_size=1, max_size=3))
    def new_patient(self, billed: list[int]) -> None:
        self.last_journal = self.office.sql("SELECT COALESCE(MAX(id), 0) FROM journal")[0][0]
        self.patient = self.office.patient("Doe", *self.payers)
        policies = self.do.patients.show(self.patient).policies
        self.parties = [self.office.party(p.policy_id or 0) for p in policies]
        self.guarantor = self.do.accounts.show(self.patient).guarantor_id
        self.ledger = PaperLedger(dict(zip(self.parties, self.payers, strict=True)))
        self._encounter(billed)
        self._open(15000, 0)
        self._open(5000, 1)

    @precondition(lambda self: self.encounters < 2)
    @rule(billed=st.lists(BILLED, min_size=1, max_size=2))
    def post_charges(self, billed: list[int]) -> None:
        self._encounter(billed)

    def _encounter(self, billed: list[int]) -> None:
        self.encounters += 1
        encounter = self.office.draft(self.patient, billed)
        posted = self.do.encounters.post_charges(encounter)
        lines = self.do.encounters.show(encounter).command.lines
        assert posted.total_cents == sum(billed)
        self.ledger.charge(
            {line.line_id or 0: line.charge_cents or 0 for line in lines},
            dict(zip(posted.claim_ids, self.parties, strict=True)),
        )
        self._submit(posted.claim_ids[0])

    def _submit(self, claim: int) -> None:
        self.do.claims.print_claims([claim])
        self.do.claims.confirm_printed([claim])
        self.ledger.claims[claim].state = "sent"

    @precondition(lambda self: any(c.state == "ready" for c in self.ledger.claims.values()))
    @rule()
    def submit_claim(self) -> None:
        ready = next(key for key, c in self.ledger.claims.items() if c.state == "ready")
        claim = self.ledger.claims[ready]
        waits = (
            self.ledger.open_of(claim, claim.party)
            <= 0
            < self.ledger.open_of(claim, claim.earlier or 0)
        )
        codes = {"policy:primary_not_adjudicated"} if waits else set()
        self.attempt(codes, lambda: self.do.claims.print_claims([ready]))
        if not codes:
            self.do.claims.confirm_printed([ready])
            claim.state = "sent"

    # --- checks and EOBs --------------------------------------------------------------------
    @rule(cents=st.just(0) | SOME, which=st.sampled_from([0, 0, 1]))
    def open_check(self, cents: int, which: int) -> None:
        self._open(cents, which)

    def _open(self, cents: int, which: int) -> None:
        command = OpenCheck(self.payers[which], cents, f"{len(self.checks)}")
        check = self.do.checks.open_check(command).payment_id
        self.checks.append(check)
        self.ledger.payments[check] = Payment(cents, self.payers[which])

    @rule(data=st.data())
    def post_eob(self, data: st.DataObject) -> None:
        self._post_eob(data, [key for key, c in self.ledger.claims.items() if c.state == "sent"])

    @rule(data=st.data())
    def post_fresh_eob(self, data: st.DataObject) -> None:
        """On a claim that nobody decided yet; the days of an office are mostly these."""
        known = {e.claim for e in self.ledger.eobs.values() if e.standing}
        sent = [key for key, c in self.ledger.claims.items() if c.state == "sent"]
        self._post_eob(data, [key for key in sent if key not in known])

    def _post_eob(self, data: st.DataObject, likely: list[int]) -> None:
        claim = self.mostly(data, likely, list(self.ledger.claims))
        payer = self.ledger.payer_of[self.ledger.claims[claim].party]
        waits = [key for key in self.checks if self.ledger.waits[key]]
        waiting = bool(waits) and data.draw(st.integers(0, 3), "from unapplied") == 3
        check = data.draw(st.sampled_from(waits), "check") if waiting else self.a_check(data, payer)
        lines = self._decided(data, claim, check if waiting else None)
        command = PostEob(check, claim, tuple(map(_paper, lines)), from_unapplied=waiting)
        codes = self.ledger.eob_codes(claim, check, lines, waiting)
        posted = self.attempt(codes, lambda: self.do.eobs.post_eob(command))
        if posted is not None:
            assert posted.paid_cents == sum(line.paid for line in lines)
            self.ledger.post_eob(posted.eob_id, claim, check, lines, waiting)

    def _decided(
        self, data: st.DataObject, claim_id: int, source: int | None
    ) -> tuple[Decided, ...]:
        claim = self.ledger.claims[claim_id]
        on = data.draw(
            st.lists(st.sampled_from(claim.lines), min_size=1, max_size=3, unique=True), "lines"
        )
        most = self.ledger.waits[source] if source is not None else None
        return tuple(self._decided_line(data, claim.party, line, most) for line in sorted(on))

    def _decided_line(
        self, data: st.DataObject, party: int, line: int, most: int | None
    ) -> Decided:
        """A footing line: what does not fit the payer's bucket is what earlier payers did."""
        billed = self.ledger.charges[line]
        fits = max(self.ledger.owes[line, party] + self.ledger.share[line, party], 0)
        rooms = st.sampled_from([fits, fits, fits, fits + 1, billed])
        room = min(data.draw(rooms, "room"), billed)
        paid = data.draw(st.integers(0, room) | st.just(room) | st.just(0), "paid")
        paid = min(paid, most) if most is not None else paid
        left, amounts = room - paid, []
        for _ in range(data.draw(st.integers(0, 2), "adjustments")):
            cents = data.draw(st.integers(0, left) | st.just(left), "adjustment")
            amounts.append(self._amount(data, party, cents))
            left -= cents
        if left:
            amounts.append(self._amount(data, party, left))
        if billed - room:
            amounts.append(Amount("info", "23", billed - room))
        return Decided(line, billed, paid, tuple(amounts))

    def _amount(self, data: st.DataObject, party: int, cents: int) -> Amount:
        kind = data.draw(
            st.sampled_from(["writeoff", "patient", "next", "next", "hold", "info"]), "disposition"
        )
        if kind == "patient":
            return Amount("transfer", "2", cents, PATIENT)
        if kind == "next":
            last = self.parties[-1]
            return Amount("transfer", "1", cents, PATIENT if party == last else last)
        return Amount(kind, {"writeoff": "45", "hold": "16", "info": "23"}[kind], cents)

    @precondition(lambda self: self.ledger.eobs)
    @rule(data=st.data())
    def reverse_eob(self, data: st.DataObject) -> None:
        standing = [key for key, e in self.ledger.eobs.items() if e.standing]
        eob = self.mostly(data, standing, list(self.ledger.eobs))
        party = self.ledger.claims[self.ledger.eobs[eob].claim].party
        check = self.a_check(data, self.ledger.payer_of[party])
        codes = self.ledger.reverse_codes(eob, check)
        self.attempt(codes, lambda: self.do.eobs.reverse_eob(ReverseEob(eob, check)))
        if not codes:
            self.ledger.reverse_eob(eob, check)

    @rule(data=st.data(), kind=st.sampled_from(["unapplied", "interest", "forward_balance"]))
    def check_item(self, data: st.DataObject, kind: str) -> None:
        check = self.a_check(data)
        payment = self.ledger.payments[check]
        cents = self.cents_near(data, payment.amount - payment.cash)
        codes = {"closed_check"} if payment.closed else set()
        item = AddCheckItem(check, CheckItem(kind), cents, note="from the paper")
        self.attempt(codes, lambda: self.do.checks.add_item(item))
        if not codes:
            self.ledger.item(check, kind, cents)

    @precondition(
        lambda self: (
            any(not self.ledger.close_codes(key) for key in self.checks)
            or len(self.ledger.eobs) == 2
        )
    )
    @rule(data=st.data())
    def close_check(self, data: st.DataObject) -> None:
        ready = [key for key in self.checks if not self.ledger.close_codes(key)]
        check = self.mostly(data, ready, self.checks)
        codes = self.ledger.close_codes(check)
        self.attempt(codes, lambda: self.do.checks.close_check(check))
        if not codes:
            self.ledger.payments[check].closed = True

    # --- the patient's money ----------------------------------------------------------------
    @rule(data=st.data(), amount=SOME)
    def patient_pays(self, data: st.DataObject, amount: int) -> None:
        parts: list[tuple[int, int, int | None]] = []
        for _ in range(data.draw(st.integers(0, 2), "applications")):
            line, party = self.a_bucket(data)
            most = min(self.ledger.owes[line, party], amount)
            source = party if party in self.parties else None
            parts.append((line, self.cents_near(data, most), source))
        command = PatientPayment(
            self.guarantor, amount, tuple(Application(*part) for part in parts)
        )
        codes = self.ledger.receive_codes(amount, parts)
        received = self.attempt(codes, lambda: self.do.receipts.receive(command))
        if received is not None:
            self.ledger.receive(received.payment_id, amount, parts)
            self.receipts.append(received.payment_id)
            assert received.unapplied_cents == self.ledger.waits[received.payment_id]

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def receipt_bounces(self, data: st.DataObject) -> None:
        receipt = data.draw(st.sampled_from(self.receipts), "receipt")
        codes = {"already_reversed"} if self.ledger.payments[receipt].returned else set()
        self.attempt(codes, lambda: self.do.receipts.reverse_receipt(receipt, "NSF"))
        if not codes:
            self.ledger.bounce(receipt)

    @precondition(lambda self: any(self.ledger.waits.values()))
    @rule(data=st.data())
    def apply_unapplied(self, data: st.DataObject) -> None:
        source = self._waiting(data)
        line, party = self.a_bucket(data)
        cents = self.cents_near(data, self.ledger.waits[source])
        codes = self.ledger.place_codes(source, party, cents)
        command = ApplyUnapplied(source, line, party, cents)
        self.attempt(codes, lambda: self.do.receipts.apply_unapplied(command))
        if not codes:
            self.ledger.place(source, line, party, cents)

    def _waiting(self, data: st.DataObject) -> int:
        sources = [key for key, cents in self.ledger.waits.items() if cents]
        return data.draw(st.sampled_from(sources), "source")

    @precondition(lambda self: any(c < 0 for c in self.ledger.owes.values()))
    @rule(data=st.data())
    def refund_credit(self, data: st.DataObject) -> None:
        in_credit = [key for key, cents in self.ledger.owes.items() if cents < 0]
        line, party = data.draw(st.sampled_from(in_credit), "credit")
        cents = self.cents_near(data, -self.ledger.owes[line, party])
        codes = self.ledger.refund_line_codes(line, party, cents)
        command = Refund(party, cents, line_id=line)
        refund = self.attempt(codes, lambda: self.do.receipts.refund(command))
        if refund is not None:
            self.ledger.refund_line(refund, line, party, cents)

    @precondition(lambda self: any(self.ledger.waits.values()))
    @rule(data=st.data())
    def refund_unapplied(self, data: st.DataObject) -> None:
        source = self._waiting(data)
        party = data.draw(st.sampled_from([PATIENT, *self.parties]), "to")
        cents = self.cents_near(data, self.ledger.waits[source])
        codes = self.ledger.refund_waiting_codes(source, party, cents)
        command = Refund(party, cents, source_id=source)
        refund = self.attempt(codes, lambda: self.do.receipts.refund(command))
        if refund is not None:
            self.ledger.refund_waiting(refund, source, cents)

    # --- moves without cash -----------------------------------------------------------------
    @rule(data=st.data())
    def transfer(self, data: st.DataObject) -> None:
        line, source = self.a_bucket(data)
        target = data.draw(
            st.sampled_from([p for p in (*self.parties, PATIENT, COLLECTIONS) if p != source]), "to"
        )
        cents = self.cents_near(data, self.ledger.owes[line, source])
        retro = source == PATIENT and target in self.parties
        ahead = data.draw(st.integers(0, 500), "already paid") if retro else 0
        codes = self.ledger.transfer_codes(line, source, target, cents)
        command = Transfer(line, source, target, cents, "other payer", provisional_paid=ahead)
        self.attempt(codes, lambda: self.do.adjustments.transfer(command))
        if not codes:
            self.ledger.transfer(line, source, target, cents, ahead)

    @rule(data=st.data())
    def write_off(self, data: st.DataObject) -> None:
        line, party = self.a_bucket(data)
        has = max(self.ledger.owes[line, party], 0)
        cents = self.cents_near(data, has)
        codes = {"exceeds_open_balance"} if cents > has else set()
        command = WriteOff(line, party, cents, "courtesy")
        self.attempt(codes, lambda: self.do.adjustments.write_off(command))
        if not codes:
            self.ledger.write_off(line, party, cents)

    @precondition(lambda self: len(self.ledger.eobs) > 3)
    @rule(data=st.data())
    def void_charge(self, data: st.DataObject) -> None:
        line, party = self.a_bucket(data)
        codes = {"charge_already_voided"} if line in self.ledger.voided else set()
        command = VoidCharge(line, party, "wrong patient")
        self.attempt(codes, lambda: self.do.adjustments.void_charge(command))
        if not codes:
            self.ledger.void(line, party)


def _paper(line: Decided) -> EobLine:
    groups = {"45": "CO", "16": "CO", "1": "PR", "2": "PR", "23": "OA"}
    return EobLine(
        line.line,
        line.billed,
        line.paid,
        tuple(
            EobAdjustment(groups[a.carc], a.carc, a.cents, Disposition(a.kind), a.to)
            for a in line.amounts
        ),
    )


def test_books_agree_with_the_paper_ledger(template: Template, tmp_path: Path) -> None:
    with template.opened(tmp_path / "practice") as office:
        run_state_machine_as_test(
            partial(Books, office),  # type: ignore[arg-type]  # a factory will do
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                # Shrinking a failure may take minutes; say BOOKS_SHRINK=1 to have it.
                phases=PHASES,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        office.books_are_sound()
        journals = office.sql("SELECT COUNT(*) FROM journal")[0][0]
        assert journals > RUNS * STEPS // 5  # most steps really post something


@pytest.mark.parametrize("statement", TAMPERING)
def test_no_statement_changes_the_books(office: Office, statement: str) -> None:
    office.pay_in_full(office.sent())
    before = office.sql("SELECT * FROM posting"), office.sql("SELECT * FROM line_balance")
    with pytest.raises(IntegrityError), office.services.desk.write() as session:
        session.execute(text(statement))
    assert (office.sql("SELECT * FROM posting"), office.sql("SELECT * FROM line_balance")) == before
