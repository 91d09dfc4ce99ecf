"""Random days at the office: charges, claims and what insurers decide."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.domain.books import Disposition
from app.domain.errors import Invalid
from app.domain.posting import EobAdjustment, EobLine
from app.services.adjustments import VoidCharge
from app.services.claim_commands import NewClaim
from app.services.payment_commands import ClaimLevel, CorrectEobs, PostEob, ReverseEob
from tests.office import let_all_pass
from tests.services.book_keeping import BookKeeping, now_and_then
from tests.services.front_desk import VISIT
from tests.services.paper_entries import PATIENT, Amount, Claim, Decided

BILLED = st.sampled_from([100, 2500, 9999, 10000, 12345])


class BooksClaims(BookKeeping):
    """Rules on charges, claims and EOBs."""

    # --- charges and claims -----------------------------------------------------------------
    @precondition(lambda self: len(self.drafts) < 4)
    @rule(billed=st.lists(BILLED, min_size=1, max_size=2), who=st.integers(0, 2))
    def post_charges(self, billed: list[int], who: int) -> None:
        patient = self.second if who == 1 else self.first
        self.encounter(patient, billed, self_pay=who == 2)

    def encounter(self, patient: int, billed: list[int], *, self_pay: bool = False) -> None:
        payers: dict[str, tuple[int, ...]] = {"policy_ids": ()} if self_pay else {}
        day = VISIT - timedelta(days=len(self.drafts))
        visit = self.office.draft(patient, billed, service_date=day, **payers)
        posted = self.do.encounters.post_charges(visit)
        lines = self.do.encounters.show(visit).command.lines
        assert posted.total_cents == sum(billed)
        self.drafts.append(visit)
        self.ledger.charge(
            visit,
            {line.line_id or 0: line.charge_cents or 0 for line in lines},
            self.policies[patient],
            dict(zip(posted.claim_ids, self.policies[patient], strict=not self_pay)),
        )
        if posted.claim_ids:
            self._send(posted.claim_ids[0])

    @now_and_then(7)
    @rule(data=st.data())
    def post_charges_twice(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(self.drafts), "visit")
        self.attempt({"policy:billed_line_locked"}, lambda: self.do.encounters.post_charges(visit))

    def _send(self, claim: int) -> None:
        self._print(claim)
        self.do.claims.confirm_printed([claim])
        self.ledger.claims[claim].state = "sent"

    def _print(self, claim: int) -> None:
        try:
            self.do.claims.freeze([claim])
        except Invalid:  # what is wrong with a claim is not what is tested
            let_all_pass(self.do, claim)
            self.do.claims.freeze([claim])

    @precondition(lambda self: any(c.state == "ready" for c in self.ledger.claims.values()))
    @rule(data=st.data())
    def submit_claim(self, data: st.DataObject) -> None:
        ready = [key for key, c in self.ledger.claims.items() if c.state == "ready"]
        key = data.draw(st.sampled_from(ready), "claim")
        claim = self.ledger.claims[key]
        codes = self.ledger.submit_codes(claim)
        if codes:
            self.attempt(codes, lambda: self.do.claims.freeze([key]))
        else:
            self._send(key)

    @now_and_then(6)
    @rule(data=st.data())
    def claim_rejected(self, data: st.DataObject) -> None:
        """A claim the payer would not even look at goes out once more as another."""
        good = [key for key in self.ledger.claims if not self.ledger.rejected_codes(key)]
        key = self.mostly(data, good, list(self.ledger.claims))
        codes = self.ledger.rejected_codes(key)
        self.attempt(codes, lambda: self.do.claims.set_status(key, "rejected", "payer id"))
        if not codes:
            self.ledger.claims[key].state = "rejected"

    @precondition(lambda self: any(c.state == "rejected" for c in self.ledger.claims.values()))
    @rule()
    def send_rejected_again(self) -> None:
        key = next(k for k, c in self.ledger.claims.items() if c.state == "rejected")
        claim = self.ledger.claims[key]
        visit, policy = self.ledger.visit_of[claim.lines[0]], self.policy_ids[claim.party]
        codes = self.ledger.submit_codes(claim) if claim.earlier else set()
        again = self.attempt(
            codes, lambda: self.do.claims.new_claim(NewClaim(visit, policy, replaces_id=key))
        )
        if again is not None:
            self.ledger.send_again(key, again)

    @precondition(lambda self: self.ledger.eobs)
    @rule(data=st.data(), to=st.sampled_from(["appealed", "denied"]))
    def appeal(self, data: st.DataObject, to: str) -> None:
        """An appeal, and the payer's answer to it, touch no cent."""
        key = data.draw(st.sampled_from(list(self.ledger.claims)), "claim")
        may = {"appealed": ("denied", "partially_paid"), "denied": ("appealed",)}[to]
        codes = set() if self.office.status(key) in may else {"status_not_possible"}
        self.attempt(codes, lambda: self.do.claims.set_status(key, to, "appeal"))

    @precondition(lambda self: len(self.ledger.eobs) > 2)
    @rule(data=st.data())
    def void_charge(self, data: st.DataObject) -> None:
        line, party = self.a_bucket(data)
        on = self.a_day(data)
        codes = self.ledger.void_codes(line)
        command = VoidCharge(line, party, "wrong patient", accounting_date=on)
        self.attempt(codes, lambda: self.do.adjustments.void_charge(command))
        if not codes:
            self.ledger.void(line, party)

    # --- EOBs -------------------------------------------------------------------------------
    @rule(data=st.data())
    def post_eob(self, data: st.DataObject) -> None:
        self._post_eob(data, [key for key, c in self.ledger.claims.items() if c.state == "sent"])

    @rule(data=st.data())
    def post_fresh_eob(self, data: st.DataObject) -> None:
        """On a claim that nobody decided yet; the days of an office are mostly these."""
        self._post_fresh(data)

    @now_and_then(2)
    @rule(data=st.data())
    def post_next_eob(self, data: st.DataObject) -> None:
        self._post_fresh(data)

    def _post_fresh(self, data: st.DataObject) -> None:
        claims = self.ledger.claims
        sent = [key for key, c in claims.items() if c.state == "sent"]
        self._post_eob(data, [key for key in sent if not self.ledger.decided(key)])

    def _post_eob(self, data: st.DataObject, likely: list[int]) -> None:
        claim = self.mostly(data, likely, list(self.ledger.claims))
        payer = self.ledger.payer_of[self.ledger.claims[claim].party]
        waits = [key for key in self.checks if self.ledger.waits[key] > 0]
        waiting = bool(waits) and data.draw(st.integers(0, 3), "from unapplied") == 3
        check = data.draw(st.sampled_from(waits), "check") if waiting else self.a_check(data, payer)
        lines = self._decided(data, claim, self.ledger.waits[check] if waiting else None)
        on = self.a_day(data)
        command = PostEob(check, claim, paper(lines), from_unapplied=waiting, accounting_date=on)
        codes = self.ledger.eob_codes(claim, check, lines, waiting)
        posted = self.attempt(codes, lambda: self.do.eobs.post_eob(command))
        if posted is not None:
            assert posted.paid_cents == sum(line.paid for line in lines)
            self.ledger.post_eob(posted.eob_id, claim, check, lines, waiting)

    @precondition(lambda self: any(c.state == "sent" for c in self.ledger.claims.values()))
    @rule(data=st.data())
    def post_claim_level(self, data: st.DataObject) -> None:
        """An EOB that tells only of the whole claim: what it pays, what is the patient's."""
        fresh = [k for k, c in self.ledger.claims.items() if c.state == "sent" and self._fresh(c)]
        if not fresh:
            return
        claim = data.draw(st.sampled_from(fresh), "claim")
        case = self.ledger.claims[claim]
        billed = sum(self.ledger.charges[line] for line in case.lines)
        paid = data.draw(st.integers(0, billed), "paid")
        share = data.draw(st.integers(0, billed - paid), "share")
        amounts = (paid, share, billed - paid - share)
        check = self.a_check(data, self.ledger.payer_of[case.party])
        lines = self._spread(case.lines, amounts)
        said = (("PR", "2", "transfer", PATIENT), ("CO", "45", "writeoff", None))
        level = ClaimLevel(
            paid,
            tuple(
                EobAdjustment(group, carc, cents, Disposition(kind), to)
                for (group, carc, kind, to), cents in zip(said, amounts[1:], strict=True)
            ),
        )
        codes = self.ledger.eob_codes(claim, check, lines, False)
        command = PostEob(check, claim, (), claim_level=level)
        posted = self.attempt(codes, lambda: self.do.eobs.post_eob(command))
        if posted is not None:
            self._read_back(posted.eob_id, claim, check, lines)

    def _fresh(self, claim: Claim) -> bool:
        """Nothing but the patient's share was moved on its lines, so that every split fits."""
        owes, share = self.ledger.owes, self.ledger.share
        return all(
            owes[line, claim.party] + share[line, claim.party] == self.ledger.charges[line]
            for line in claim.lines
        )

    def _spread(self, on: tuple[int, ...], amounts: tuple[int, ...]) -> tuple[Decided, ...]:
        """Any split that foots will do to see what is refused; what is booked is read back."""
        left, lines = list(amounts), []
        for line in on:
            room, parts = self.ledger.charges[line], []
            for n, cents in enumerate(left):
                parts.append(min(cents, room))
                room -= parts[n]
                left[n] -= parts[n]
            lines.append(_said(line, sum(parts), parts))
        return tuple(lines)

    def _read_back(self, eob: int, claim: int, check: int, meant: tuple[Decided, ...]) -> None:
        """The lines as kept: each and the total must foot, and be as fair as cents allow."""
        query = (
            "SELECT l.charge_line_id, l.paid_cents,"
            " COALESCE(SUM(CASE a.carc WHEN '2' THEN a.amount_cents END), 0),"
            " COALESCE(SUM(CASE a.carc WHEN '45' THEN a.amount_cents END), 0)"
            " FROM eob_line l LEFT JOIN eob_adjustment a ON a.eob_line_id = l.id"
            " WHERE l.eob_id = :eob GROUP BY l.id ORDER BY l.charge_line_id"
        )
        rows = self.office.sql(query, eob=eob)
        whole = sum(d.billed for d in meant)
        for column, total in enumerate(
            (sum(d.paid for d in meant), _of(meant, "2"), _of(meant, "45"))
        ):
            assert sum(row[column + 1] for row in rows) == total
            for row in rows:
                fair = total * self.ledger.charges[row[0]] / whole
                assert abs(row[column + 1] - fair) < 2, (rows, total)
        lines = tuple(_said(row[0], self.ledger.charges[row[0]], row[1:]) for row in rows)
        assert all(d.billed == d.paid + d.of("transfer", "writeoff") for d in lines)
        self.ledger.post_eob(eob, claim, check, lines, False)

    def _decided(self, data: st.DataObject, key: int, most: int | None) -> tuple[Decided, ...]:
        claim = self.ledger.claims[key]
        on = data.draw(
            st.lists(st.sampled_from(claim.lines), min_size=1, max_size=3, unique=True), "lines"
        )
        return tuple(self._decided_line(data, key, line, most) for line in sorted(on))

    def _decided_line(self, data: st.DataObject, key: int, line: int, most: int | None) -> Decided:
        """A footing line: what does not fit the payer's bucket is what earlier payers did."""
        billed, party = self.ledger.charges[line], self.ledger.claims[key].party
        fits = max(self.ledger.owes[line, party] + self.ledger.share[line, party], 0)
        rooms = st.sampled_from([fits, fits, fits, fits + 1, billed])
        room = min(data.draw(rooms, "room"), billed)
        paid = data.draw(st.integers(0, room) | st.just(room) | st.just(0), "paid")
        paid = min(paid, most) if most is not None else paid
        left, amounts = room - paid, []
        for _ in range(data.draw(st.integers(0, 2), "adjustments")):
            cents = data.draw(st.integers(0, left) | st.just(left), "adjustment")
            amounts.append(self._amount(data, key, cents))
            left -= cents
        if left:
            amounts.append(self._amount(data, key, left))
        if billed - room:
            amounts.append(Amount("info", "23", billed - room))
        return Decided(line, billed, paid, tuple(amounts))

    def _amount(self, data: st.DataObject, key: int, cents: int) -> Amount:
        kinds = ["writeoff", "patient", "next", "next", "hold", "info"]
        kind = data.draw(st.sampled_from(kinds), "disposition")
        if kind == "patient":
            return Amount("transfer", "2", cents, PATIENT)
        if kind == "next":
            claim = self.ledger.claims[key]
            nexts = [c.party for c in self.ledger.claims.values()
                     if c.lines == claim.lines and c.earlier == claim.party]  # fmt: skip
            strangers = [
                p for p in self.ledger.payer_of if not self.ledger.may_owe(claim.lines[0], p)
            ]
            wrong = data.draw(st.integers(0, 19), "stranger") == 19
            to = strangers[0] if wrong and strangers else next(iter(nexts), PATIENT)
            return Amount("transfer", "1", cents, to)
        return Amount(kind, {"writeoff": "45", "hold": "16", "info": "23"}[kind], cents)

    @precondition(lambda self: self.ledger.eobs)
    @rule(data=st.data())
    def reverse_eob(self, data: st.DataObject) -> None:
        eob = self._an_eob(data)
        party = self.ledger.claims[self.ledger.eobs[eob].claim].party
        check = self.a_check(data, self.ledger.payer_of[party])
        on = self.a_day(data)
        codes = self.ledger.reverse_codes(eob, check)
        command = ReverseEob(eob, check, accounting_date=on)
        self.attempt(codes, lambda: self.do.eobs.reverse_eob(command))
        if not codes:
            self.ledger.reverse_eob(eob, check, self.last("eob"))

    def _an_eob(self, data: st.DataObject) -> int:
        standing = [key for key, e in self.ledger.eobs.items() if e.standing]
        return self.mostly(data, standing, list(self.ledger.eobs))

    @precondition(lambda self: self.ledger.eobs)
    @rule(data=st.data())
    def correct_eob(self, data: st.DataObject) -> None:
        """What was posted to the wrong claim or patient is put right in one transaction."""
        now, eob = self.ledger, self._an_eob(data)
        check = self.mostly(data, [now.eobs[eob].check], self.checks)
        payment, taken = now.payments[check], now.eobs[eob].effect.cash
        codes = now.reverse_codes(eob, check, correcting=True)
        if payment.voided or payment.returned:
            codes.add("voided_check")
        then = self.ledger = deepcopy(now)
        if not codes:
            then.reverse_eob(eob, check, 0)
        sent = [k for k, c in then.claims.items() if c.state == "sent"]
        claim = self.mostly(data, sent, list(then.claims))
        lines = self._decided(data, claim, None)
        codes |= then.eob_codes(claim, check, lines, False, correcting=True)
        if payment.closed and sum(d.paid for d in lines) != taken:
            codes.add("correction_changes_check")
        part = PostEob(check, claim, paper(lines))
        command = CorrectEobs(check, (ReverseEob(eob, check),), (part,))
        posted = self.attempt(codes, lambda: self.do.eobs.correct(command))
        if posted is None:
            self.ledger = now
            return
        then.eobs[eob].taking = posted[0].eob_id - 1
        then.post_eob(posted[0].eob_id, claim, check, lines, False)


def _said(line: int, billed: int, parts: list[int] | tuple[int, ...]) -> Decided:
    paid, share, off = parts
    amounts = (Amount("transfer", "2", share, PATIENT), Amount("writeoff", "45", off))
    return Decided(line, billed, paid, tuple(a for a in amounts if a.cents))


def _of(lines: tuple[Decided, ...], carc: str) -> int:
    return sum(a.cents for d in lines for a in d.amounts if a.carc == carc)


def paper(lines: tuple[Decided, ...]) -> tuple[EobLine, ...]:
    groups = {"45": "CO", "16": "CO", "1": "PR", "2": "PR", "23": "OA"}
    return tuple(
        EobLine(
            line.line,
            line.billed,
            line.paid,
            tuple(
                EobAdjustment(groups[a.carc], a.carc, a.cents, Disposition(a.kind), a.to)
                for a in line.amounts
            ),
        )
        for line in lines
    )
