"""The books once more, in plain Python and from the trade's rules alone: what the program is
measured against. It imports nothing of the program.

Every operation first says which rules it would break (``codes``, empty when it may be done) and is
carried out only then. Amounts are cents; a receivable bucket is keyed by (line, party).
"""

from __future__ import annotations

from collections import Counter

from tests.services.paper_entries import (
    CURABLE,
    PATIENT,
    Bucket,
    Claim,
    Decided,
    Effect,
    Payment,
    Posted,
    mirror,
)


class PaperLedger:
    """All of one patient's money."""

    def __init__(self, payer_of: dict[int, int]) -> None:
        self.payer_of = payer_of  # party -> payer
        self.charges: dict[int, int] = {}
        self.owes: Counter[Bucket] = Counter()
        self.share: Counter[Bucket] = Counter()  # patient's part taken ahead, not yet given back
        self.waits: Counter[int] = Counter()
        self.claims: dict[int, Claim] = {}
        self.payments: dict[int, Payment] = {}
        self.eobs: dict[int, Posted] = {}
        self.voided: set[int] = set()
        self.earned = self.given_up = self.other_income = self.due_to_payers = 0

    # --- charges and claims -----------------------------------------------------------------
    def charge(self, lines: dict[int, int], claims: dict[int, int]) -> None:
        """``claims``: claim id -> party, first payer first."""
        self.charges |= lines
        first = next(iter(claims.values()))
        for line, cents in lines.items():
            self.owes[line, first] += cents
            self.earned += cents
        earlier = None
        for claim, party in claims.items():
            state = "ready" if earlier is None else "held"
            self.claims[claim] = Claim(party, tuple(lines), earlier, state)
            earlier = party

    def open_of(self, claim: Claim, party: int) -> int:
        return sum(self.owes[line, party] for line in claim.lines)

    def _later(self, claim: Claim, state: str) -> list[Claim]:
        return [
            c
            for c in self.claims.values()
            if c.lines == claim.lines and c.earlier == claim.party and c.state == state
        ]

    # --- EOBs -------------------------------------------------------------------------------
    def eob_codes(
        self, claim_id: int, check: int, lines: tuple[Decided, ...], waiting: bool
    ) -> set[str]:
        claim, payment = self.claims[claim_id], self.payments[check]
        codes = set()
        if payment.closed and not waiting:
            codes.add("closed_check")
        if payment.payer != self.payer_of[claim.party]:
            codes.add("wrong_payer")
        if claim.state != "sent":
            codes.add("claim_not_submitted")
        if (
            claim.earlier
            and self.open_of(claim, claim.party) <= 0
            and self.open_of(claim, claim.earlier) > 0
        ):
            codes.add("policy:primary_not_adjudicated")
        codes |= {code for line in lines if (code := self._line_code(claim_id, line))}
        if waiting and sum(d.paid for d in lines) > self.waits[check]:
            codes.add("exceeds_unapplied")
        return codes

    def _line_code(self, claim_id: int, decided: Decided) -> str | None:
        party, line = self.claims[claim_id].party, decided.line
        has = self.owes[line, party]
        known = any(
            d.line == line
            for e in self.eobs.values()
            if e.standing and e.claim == claim_id
            for d in e.lines
        )
        if known and has <= 0 and decided.moves:
            return "policy:duplicate_posting"
        moved = decided.of("writeoff", "transfer")
        if decided.opens_the_share:
            has += self.share[line, party]
        if moved > 0 and has - decided.paid - moved < 0:
            return "exceeds_open_balance"
        return None

    def post_eob(
        self, eob: int, claim_id: int, check: int, lines: tuple[Decided, ...], waiting: bool
    ) -> None:
        claim, effect = self.claims[claim_id], Effect()
        for d in lines:
            share = self.share[d.line, claim.party]
            if share and d.opens_the_share:
                effect.move(d.line, PATIENT, claim.party, share)
                effect.share[d.line, claim.party] -= share
            effect.owes[d.line, claim.party] -= d.paid + d.of("writeoff")
            effect.given_up += d.of("writeoff")
            for a in d.amounts:
                if a.to is not None:
                    effect.move(d.line, claim.party, a.to, a.cents)
        paid = sum(d.paid for d in lines)
        if waiting:
            effect.waits[check] -= paid
        else:
            effect.cash += paid
        self._book(effect, check)
        self.eobs[eob] = Posted(claim_id, lines, effect)
        for later in self._later(claim, "held"):
            if self.open_of(later, later.party) > 0:
                later.state = "ready"

    def reverse_codes(self, eob: int, check: int) -> set[str]:
        posted, payment = self.eobs[eob], self.payments[check]
        codes = set() if posted.standing else {"already_reversed"}
        if payment.closed:
            codes.add("closed_check")
        if payment.payer != self.payer_of[self.claims[posted.claim].party]:
            codes.add("wrong_payer")
        return codes

    def reverse_eob(self, eob: int, check: int) -> None:
        posted = self.eobs[eob]
        posted.standing = False
        self._book(mirror(posted.effect), check)
        claim = self.claims[posted.claim]
        for later in self._later(claim, "ready"):
            if self.open_of(later, later.party) <= 0:
                later.state = "held"

    # --- checks -----------------------------------------------------------------------------
    def close_codes(self, check: int) -> set[str]:
        payment = self.payments[check]
        if payment.closed:
            return {"closed_check"}
        return {"check_not_balanced"} if payment.cash != payment.amount else set()

    def item(self, check: int, kind: str, cents: int) -> None:
        effect = Effect(cash=cents)
        if kind == "unapplied":
            effect.waits[check] += cents
        elif kind == "interest":
            self.other_income += cents
        else:
            self.due_to_payers += cents
        self._book(effect, check)

    # --- the patient's money ----------------------------------------------------------------
    def receive_codes(self, amount: int, parts: list[tuple[int, int, int | None]]) -> set[str]:
        codes = {"exceeds_receipt"} if sum(p[1] for p in parts) > amount else set()
        ahead: Counter[Bucket] = Counter()
        for line, cents, source in parts:
            if source is not None:
                ahead[line, source] += cents
        if any(cents > self.owes[key] for key, cents in ahead.items()):
            codes.add("exceeds_open_balance")
        return codes

    def receive(self, receipt: int, amount: int, parts: list[tuple[int, int, int | None]]) -> None:
        self.payments[receipt] = Payment(amount, None, closed=True)
        effect = Effect(cash=amount)
        for line, cents, source in parts:
            if source is not None:
                effect.move(line, source, PATIENT, cents)
                effect.share[line, source] += cents
            effect.owes[line, PATIENT] -= cents
        effect.waits[receipt] = amount - sum(p[1] for p in parts)
        self._book(effect, receipt)

    def bounce(self, receipt: int) -> None:
        """Taken back as applied; a share that was already given back falls to the patient."""
        payment = self.payments[receipt]
        payment.returned = True
        touched: set[Bucket] = set()
        for effect in list(payment.entries):
            self._book(mirror(effect), receipt)
            touched |= set(effect.share)
        for line, party in touched:
            if (short := self.share[line, party]) < 0:
                back = Effect()
                back.move(line, party, PATIENT, -short)
                back.share[line, party] -= short
                self._book(back, None)

    def place_codes(self, source: int, party: int, cents: int) -> set[str]:
        payer = self.payments[source].payer
        codes = {"exceeds_unapplied"} if cents > self.waits[source] else set()
        if payer is not None and party == PATIENT:
            codes.add("policy:insurer_money_not_patient")
        elif payer is not None and self.payer_of.get(party) != payer:
            codes.add("wrong_payer")
        return codes

    def place(self, source: int, line: int, party: int, cents: int) -> None:
        effect = Effect()
        effect.owes[line, party] -= cents
        effect.waits[source] -= cents
        self._book(effect, source)

    def refund_line_codes(self, line: int, party: int, cents: int) -> set[str]:
        codes = {"refund_exceeds_credit"} if cents > -self.owes[line, party] else set()
        others = [c for (at, who), c in self.owes.items() if at == line and who != PATIENT]
        if party == PATIENT and any(c > 0 for c in others):
            codes.add("policy:payer_still_open")
        return codes

    def refund_line(self, refund: int, line: int, party: int, cents: int) -> None:
        self.payments[refund] = Payment(-cents, None, closed=True)
        effect = Effect(cash=-cents)
        effect.owes[line, party] += cents
        self._book(effect, refund)

    def refund_waiting_codes(self, source: int, party: int, cents: int) -> set[str]:
        codes = {"refund_exceeds_unapplied"} if cents > self.waits[source] else set()
        if self.payments[source].payer is not None and party == PATIENT:
            codes.add("policy:insurer_money_not_patient")
        return codes

    def refund_waiting(self, refund: int, source: int, cents: int) -> None:
        self.payments[refund] = Payment(-cents, None, closed=True)
        effect = Effect(cash=-cents)
        effect.waits[source] -= cents
        self._book(effect, refund)

    # --- moves without cash -----------------------------------------------------------------
    def transfer_codes(self, line: int, source: int, target: int, cents: int) -> set[str]:
        codes = set() if 0 < cents <= self.owes[line, source] else {"exceeds_open_balance"}
        if target == PATIENT and self._curable(line, source):
            codes.add("policy:repairable_denial_not_patient")
        return codes

    def _curable(self, line: int, party: int) -> bool:
        said = [
            d
            for e in self.eobs.values()
            if e.standing and self.claims[e.claim].party == party
            for d in e.lines
            if d.line == line
        ]
        return bool(said) and any(a.kind == "hold" and a.carc in CURABLE for a in said[-1].amounts)

    def transfer(self, line: int, source: int, target: int, cents: int, ahead: int) -> None:
        effect = Effect()
        effect.move(line, source, target, cents + ahead)
        effect.move(line, target, PATIENT, ahead)
        effect.share[line, target] += ahead
        self._book(effect, None)
        here = [c for c in self.claims.values() if c.party == target and line in c.lines]
        waiting = [c for c in here if c.state == "held"]
        if waiting and sum(self.owes[i, target] for i in waiting[0].lines) > 0:
            waiting[0].state = "ready"

    def write_off(self, line: int, party: int, cents: int) -> None:
        effect = Effect(given_up=cents)
        effect.owes[line, party] -= cents
        self._book(effect, None)

    def void(self, line: int, party: int) -> None:
        self.voided.add(line)
        self.owes[line, party] -= self.charges[line]
        self.earned -= self.charges[line]

    # --- sums -------------------------------------------------------------------------------
    def _book(self, effect: Effect, payment: int | None) -> None:
        self.owes.update(effect.owes)
        self.share.update(effect.share)
        self.waits.update(effect.waits)
        self.given_up += effect.given_up
        if payment is not None:
            self.payments[payment].cash += effect.cash
            self.payments[payment].entries.append(effect)

    def accounts(self) -> dict[str, int]:
        """Every account's total, debit positive; zero ones left out."""
        found = {
            "receivable": sum(self.owes.values()),
            "revenue": -self.earned,
            "adjustment": self.given_up,
            "cash": sum(p.cash for p in self.payments.values()),
            "unapplied": -sum(self.waits.values()),
            "due_to_payer": -self.due_to_payers,
            "other_income": -self.other_income,
        }
        return {name: cents for name, cents in found.items() if cents}

    def buckets(self) -> dict[Bucket, int]:
        return {key: cents for key, cents in self.owes.items() if cents}
