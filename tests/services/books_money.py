"""Random days at the office: checks, receipts, third parties, refunds and what comes back."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.domain.books import CheckItem
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    EditCheck,
    OpenCheck,
    PatientPayment,
    Refund,
)
from app.services.returns import BouncedCheck
from app.services.third_parties import OpenPartyCheck, PartyPayment, PartyReceipt
from tests.services.book_keeping import SOME, BookKeeping, now_and_then
from tests.services.paper_entries import COLLECTIONS, ITEMS, PATIENT, Effect, Payment, Posted
from tests.services.paper_ledger import PaperLedger


class BooksMoney(BookKeeping):
    """Rules on money that comes and goes."""

    # --- checks -----------------------------------------------------------------------------
    @rule(cents=st.just(0) | SOME | SOME | st.just(-1), which=st.sampled_from([0, 0, 1]))
    def open_check(self, cents: int, which: int) -> None:
        if cents >= 0:
            self.open_of_payer(cents, which)
            return
        command = OpenCheck(self.payers[which], cents, "1")
        self.attempt({"negative_check"}, lambda: self.do.checks.open_check(command))

    @now_and_then(3)
    @rule(data=st.data(), cents=SOME)
    def edit_check(self, data: st.DataObject, cents: int) -> None:
        check = self.a_check(data)
        payment = self.ledger.payments[check]
        wanted = payment.cash if payment.cash > 0 and data.draw(st.booleans(), "even") else cents
        codes = {"closed_check"} if payment.closed else set()
        command = EditCheck(check, amount_cents=wanted)
        self.attempt(codes, lambda: self.do.checks.edit_check(command))
        if not codes:
            payment.amount = wanted

    @rule(data=st.data(), kind=st.sampled_from([*ITEMS, "unapplied", "unapplied"]))
    def check_item(self, data: st.DataObject, kind: str) -> None:
        check, sign = self.a_check(data), ITEMS[kind][1]
        payment = self.ledger.payments[check]
        most = self.ledger.all.due[payment.payer] if kind == "withholding" else 0
        cents = self.cents_near(data, most or payment.amount - payment.cash)
        cents *= -sign if data.draw(st.integers(0, 19), "wrong sign") == 19 else sign
        on = self.a_day(data)
        codes = self.ledger.item_codes(check, kind, cents)
        item = AddCheckItem(
            check, CheckItem(kind), cents, note="from the paper", accounting_date=on
        )
        self.attempt(codes, lambda: self.do.checks.add_item(item))
        if not codes:
            self.ledger.item(check, kind, cents)

    @precondition(lambda self: any(self.standing_items(key) for key in self.checks))
    @rule(data=st.data())
    def reverse_item(self, data: st.DataObject) -> None:
        check = data.draw(st.sampled_from([k for k in self.checks if self.standing_items(k)]), "on")
        shown = self.do.checks.items(check)
        items = self.standing_items(check)
        assert [(str(i.kind), i.amount_cents) for i in shown] == [
            (i.kind, i.effect.cash) for i in items
        ]
        which = data.draw(st.integers(0, len(items) - 1), "item")
        codes = self.ledger.take_item_codes(check, items[which])
        journal = shown[which].journal_id
        self.attempt(codes, lambda: self.do.checks.reverse_item(check, journal))
        if not codes:
            self.ledger.take_item(check, items[which])

    def standing_items(self, check: int) -> list:  # type: ignore[type-arg]
        items = self.ledger.payments[check].items
        return [item for item in items if item.standing and item.kind in ITEMS]

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

    @now_and_then(6)
    @rule(data=st.data())
    def void_check(self, data: st.DataObject) -> None:
        check = data.draw(st.sampled_from(self.checks), "check")
        codes = self.ledger.void_check_codes(check)
        self.attempt(codes, lambda: self.do.checks.void_check(check, "keyed twice"))
        if not codes:
            payment = self.ledger.payments[check]
            payment.closed = payment.voided = True

    @now_and_then(5)
    @rule(data=st.data(), stopped=st.booleans())
    def return_check(self, data: st.DataObject, stopped: bool) -> None:
        used = [k for k in self.checks if self.ledger.payments[k].touched]
        check = self.mostly(data, used, [*self.checks, *self.receipts])
        on = self.a_day(data)
        codes = self.ledger.return_codes(check) or self.ledger.date_codes(
            moves=self.anything_stands(check)
        )
        before = self.last("eob")
        self.attempt(
            codes, lambda: self.do.returns.return_check(check, "lost", stopped=stopped, on=on)
        )
        if not codes:
            query = "SELECT id, reverses_id FROM eob WHERE id > :last ORDER BY id"
            rows = self.office.sql(query, last=before)
            taken = {reverses: key for key, reverses in rows if reverses is not None}
            eobs, again = self.ledger.eobs, [key for key, reverses in rows if reverses is None]
            back = sorted(self.ledger.takebacks(check), key=lambda k: -eobs[k].taking)
            then = deepcopy(self.ledger)
            self.ledger.return_check(check, taken, dict(zip(back, again, strict=True)))
            if not back and data.draw(st.booleans(), "good after all"):
                self._put_back(check, then)

    def anything_stands(self, payment: int) -> bool:
        ledger = self.ledger
        eobs = [*ledger.standing_on(payment), *ledger.takebacks(payment)]
        items = (item.standing for item in ledger.payments[payment].items)
        return any(items) or any(not ledger.eobs[k].effect.empty for k in eobs)

    # --- the patient's money ----------------------------------------------------------------
    @rule(data=st.data(), amount=SOME, method=st.sampled_from(["check", "check", "cash"]))
    def patient_pays(self, data: st.DataObject, amount: int, method: str) -> None:
        """One receipt of the guarantor, for lines of either patient."""
        parts: list[tuple[int, int, int | None]] = []
        for _ in range(data.draw(st.integers(0, 2), "applications")):
            line, party = self.a_bucket(data)
            most = min(self.ledger.owes[line, party], amount)
            source = party if party in self.ledger.payer_of else None
            parts.append((line, self.cents_near(data, most), source))
        command = PatientPayment(
            self.guarantor,
            amount,
            tuple(Application(*part) for part in parts),
            method=method,
            received_on=self.a_day(data),
        )
        codes = self.ledger.receive_codes(amount, parts)
        received = self.attempt(codes, lambda: self.do.receipts.receive(command))
        if received is not None:
            self.ledger.receive(received.payment_id, amount, parts, method)
            self.receipts.append(received.payment_id)
            assert received.unapplied_cents == self.ledger.waits[received.payment_id]

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def take_receipt_back(self, data: st.DataObject) -> None:
        receipt = self._a_receipt(data)
        codes = self.ledger.bounce_codes(receipt, nsf=False)
        self.attempt(codes, lambda: self.do.receipts.reverse_receipt(receipt, "keyed twice"))
        if not codes:
            self.ledger.bounce(receipt)

    @precondition(lambda self: self.receipts)
    @rule(data=st.data(), fee=st.sampled_from([0, 0, 2500]))
    def nsf(self, data: st.DataObject, fee: int) -> None:
        receipt, on = self._a_receipt(data), self.a_day(data)
        codes = self.ledger.bounce_codes(receipt, nsf=True)
        command = BouncedCheck(receipt, fee, self.second, on=on)
        done = self.attempt(codes, lambda: self.do.returns.nsf(command))
        if done is not None:
            then = deepcopy(self.ledger)
            self.ledger.bounce(receipt)
            if not fee and data.draw(st.booleans(), "good after all"):
                self._put_back(receipt, then)
            if fee:
                self.fee_stands(self.second, done.fee_encounter_id, fee)

    def _put_back(self, payment: int, then: PaperLedger) -> None:
        """The payment is good after all, and nothing came between: all is as it was then."""
        now, before = self.ledger, self.last("eob")
        now.on = self.clock.day
        gone = Effect()
        for entry in now.days[len(then.days) :]:
            gone.add(entry.effect)
        codes = now.date_codes(moves=not gone.empty)
        self.attempt(codes, lambda: self.do.returns.put_back(payment))
        if codes:
            return
        rows = self.office.sql("SELECT id FROM eob WHERE id > :last ORDER BY id", last=before)
        rest = gone.mirrored()
        for old, (new,) in zip(then.standing_on(payment), rows, strict=True):
            stood = then.eobs[old]
            now.stand(new, Posted(stood.claim, payment, stood.lines, stood.effect))
            rest.add(stood.effect.mirrored())
        now.book(rest)
        now.payments[payment] = then.payments[payment]
        assert now.all.accounts() == then.all.accounts()

    def fee_stands(self, patient: int, visit: int, cents: int) -> None:
        line = self.do.encounters.show(visit).command.lines[0].line_id or 0
        self.ledger.fee(visit, line, cents, self.policies[patient])

    def _a_receipt(self, data: st.DataObject) -> int:
        good = [key for key in self.receipts if not self.ledger.payments[key].returned]
        return self.mostly(data, good, self.receipts)

    # --- third parties ----------------------------------------------------------------------
    @rule(data=st.data(), fee=st.sampled_from([0, 300, 1000]))
    def agency_pays(self, data: st.DataObject, fee: int) -> None:
        """An agency sends what it collected, its fee taken off."""
        line, party = self._collected(data)
        cents = self.cents_near(data, self.ledger.owes[line, party])
        amount = max(cents - fee, 1) + data.draw(st.sampled_from([0, 0, 700, -1]), "more")
        if amount < 0 or not amount + fee:
            return
        on = self.a_day(data)
        header = OpenPartyCheck("Quick Recovery", amount, "agency", received_on=on)
        command = PartyReceipt(header, (Application(line, cents, party),), fee)
        parts = [(line, party, cents)]
        codes = self.ledger.third_codes(amount + fee, parts)
        received = self.attempt(codes, lambda: self.do.third_parties.receive(command))
        if received is not None:
            self.ledger.third_party_pays(received.payment_id, amount, fee, parts)
            self.receipts.append(received.payment_id)

    def _collected(self, data: st.DataObject) -> tuple[int, int]:
        placed = self.ledger.owing(COLLECTIONS)
        if not placed:
            return self.a_bucket(data)
        return data.draw(st.sampled_from(placed), "placed"), COLLECTIONS

    @precondition(lambda self: len(self.checks) < 12)
    @rule(cents=SOME)
    def open_party_check(self, cents: int) -> None:
        header = OpenPartyCheck("Hart & Lane", cents, "attorney", guarantor_id=self.guarantor)
        check = self.do.third_parties.open_check(header)
        self.checks.append(check)
        self.ledger.payments[check] = Payment(cents, None, third=True)

    @rule(data=st.data())
    def party_payment(self, data: st.DataObject) -> None:
        """Part of an open check for what somebody owes."""
        check = self.a_check(data)
        line, party = self.a_bucket(data)
        cents = self.cents_near(data, self.ledger.owes[line, party])
        on = self.a_day(data)
        codes = self.ledger.party_payment_codes(check, line, party, cents)
        command = PartyPayment(check, line, party, cents, on)
        self.attempt(codes, lambda: self.do.third_parties.apply(command))
        if not codes:
            self.ledger.party_payment(check, line, party, cents)

    # --- money that waits -------------------------------------------------------------------
    @precondition(lambda self: any(c > 0 for c in self.ledger.waits.values()))
    @rule(data=st.data())
    def apply_unapplied(self, data: st.DataObject) -> None:
        source = self._waiting(data)
        line, party = self.a_bucket(data)
        cents = self.cents_near(data, self.ledger.waits[source])
        on = self.a_day(data)
        codes = self.ledger.place_codes(source, party, cents)
        command = ApplyUnapplied(source, line, party, cents, accounting_date=on)
        self.attempt(codes, lambda: self.do.receipts.apply_unapplied(command))
        if not codes:
            self.ledger.place(source, line, party, cents)

    def _waiting(self, data: st.DataObject) -> int:
        sources = [key for key, cents in self.ledger.waits.items() if cents > 0]
        return data.draw(st.sampled_from(sources), "source")

    @precondition(lambda self: any(c < 0 for c in self.ledger.owes.values()))
    @rule(data=st.data())
    def refund_credit(self, data: st.DataObject) -> None:
        in_credit = [key for key, cents in self.ledger.owes.items() if cents < 0]
        line, party = data.draw(st.sampled_from(in_credit), "credit")
        cents = self.cents_near(data, -self.ledger.owes[line, party])
        on = self.a_day(data)
        codes = self.ledger.refund_line_codes(line, party, cents)
        command = Refund(party, cents, line_id=line, paid_on=on)
        refund = self.attempt(codes, lambda: self.do.receipts.refund(command))
        if refund is not None:
            self.ledger.refund_line(refund, line, party, cents)

    @precondition(lambda self: any(c > 0 for c in self.ledger.waits.values()))
    @rule(data=st.data())
    def refund_unapplied(self, data: st.DataObject) -> None:
        source = self._waiting(data)
        party = data.draw(st.sampled_from([PATIENT, *self.ledger.payer_of]), "to")
        cents = self.cents_near(data, self.ledger.waits[source])
        codes = self.ledger.refund_waiting_codes(source, party, cents)
        command = Refund(party, cents, source_id=source)
        refund = self.attempt(codes, lambda: self.do.receipts.refund(command))
        if refund is not None:
            self.ledger.refund_waiting(refund, source, cents)
