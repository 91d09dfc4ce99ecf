"""The books once more, in plain Python and from the trade's rules alone: what the program is
measured against. It imports nothing of the program.

Every operation first says which rules it would break (``codes``, empty when it may be done) and is
carried out only then. Amounts are cents; a receivable bucket is keyed by (line, party).
"""

from __future__ import annotations

from collections import Counter

from tests.services.paper_checks import PaperChecks
from tests.services.paper_entries import (
    COLLECTIONS,
    PATIENT,
    Bucket,
    Effect,
    Found,
    Payment,
)

SMALL = 500  # the practice's small balance, as a new practice has it
Part = tuple[int, int, int | None]  # line, cents, the payer's party it is taken from


class PaperLedger(PaperChecks):
    """All of one household's money."""

    # --- receipts ---------------------------------------------------------------------------
    def receive_codes(self, amount: int, parts: list[Part]) -> set[str]:
        codes = self.date_codes()
        codes |= {"exceeds_receipt"} if sum(p[1] for p in parts) > amount else set()
        ahead: Counter[Bucket] = Counter()
        for line, cents, source in parts:
            if source is not None:
                ahead[line, source] += cents
        if any(cents > self.owes[key] for key, cents in ahead.items()):
            codes.add("exceeds_open_balance")
        return codes

    def receive(self, receipt: int, amount: int, parts: list[Part], method: str) -> None:
        self.payments[receipt] = Payment(amount, None, closed=True, method=method)
        effect = Effect(cash=amount)
        for line, cents, source in parts:
            if source is not None:
                effect.move(line, source, PATIENT, cents)
                effect.share[line, source] += cents
            effect.pay(line, PATIENT, cents, patients=True)
        effect.waits[receipt] = amount - sum(p[1] for p in parts)
        self.put(receipt, effect)

    def bounce_codes(self, receipt: int, *, nsf: bool) -> set[str]:
        payment = self.payments[receipt]
        if payment.returned:
            return {"already_reversed"}
        if nsf and payment.method == "cash":
            return {"cash_does_not_bounce"}
        return self.date_codes()

    def bounce(self, receipt: int) -> None:
        """Taken back as applied; a share that was already given back falls to the patient."""
        payment = self.payments[receipt]
        payment.returned = payment.closed = True
        touched = {key for effect in self.take_all_back(receipt) for key in effect.share}
        for line, party in touched:
            if (short := self.share[line, party]) < 0:
                back = Effect()
                back.move(line, party, PATIENT, -short)
                back.share[line, party] -= short
                self.book(back)

    # --- money that waits -------------------------------------------------------------------
    def place_codes(self, source: int, party: int, cents: int) -> set[str]:
        codes = self.date_codes()
        if cents > self.waits[source]:
            codes.add("exceeds_unapplied")
        return codes | self._owner_codes(source, party)

    def _owner_codes(self, source: int, party: int) -> set[str]:
        payer = self.payments[source].payer
        if payer is not None and party == PATIENT:
            return {"policy:insurer_money_not_patient"}
        if payer is not None and self.payer_of.get(party) != payer:
            return {"wrong_payer"}
        return set()

    def place(self, source: int, line: int, party: int, cents: int) -> None:
        effect = Effect()
        effect.pay(line, party, cents, patients=not self.payments[source].insurers)
        effect.waits[source] -= cents
        self.put(source, effect)

    # --- third parties ----------------------------------------------------------------------
    def third_codes(self, gross: int, parts: list[tuple[int, int, int]]) -> set[str]:
        codes = self.date_codes()
        codes |= {"exceeds_receipt"} if sum(cents for _, _, cents in parts) > gross else set()
        wanted: Counter[Bucket] = Counter()
        for line, party, cents in parts:
            wanted[line, party] += cents
        if any(cents > max(self.owes[key], 0) for key, cents in wanted.items()):
            codes.add("exceeds_open_balance")
        return codes

    def third_party_pays(
        self, key: int, amount: int, fee: int, parts: list[tuple[int, int, int]]
    ) -> None:
        self.payments[key] = Payment(amount, None, closed=True, third=True)
        for line, party, cents in parts:
            self._third(key, line, party, cents)
        if fee:
            self.item(key, "agency_fee", -fee)
        if rest := amount + fee - sum(cents for _, _, cents in parts):
            self.item(key, "unapplied", rest)

    def party_payment_codes(self, check: int, line: int, party: int, cents: int) -> set[str]:
        codes = self.third_codes(cents, [(line, party, cents)])
        if self.payments[check].closed:
            codes.add("closed_check")
        return codes | (self._owner_codes(check, party) if party != COLLECTIONS else set())

    def _third(self, key: int, line: int, party: int, cents: int) -> None:
        effect = Effect(cash=cents)
        effect.pay(line, party, cents, patients=not self.payments[key].insurers)
        self.put(key, effect)

    def party_payment(self, check: int, line: int, party: int, cents: int) -> None:
        self._third(check, line, party, cents)

    # --- refunds ----------------------------------------------------------------------------
    def refund_line_codes(self, line: int, party: int, cents: int) -> set[str]:
        codes = self.date_codes()
        codes |= {"refund_exceeds_credit"} if cents > -self.owes[line, party] else set()
        others = [c for (at, who), c in self.owes.items() if at == line and who != PATIENT]
        if party == PATIENT and any(c > 0 for c in others):
            codes.add("policy:payer_still_open")
        return codes

    def refund_line(self, refund: int, line: int, party: int, cents: int) -> None:
        self.payments[refund] = Payment(-cents, None, closed=True)
        effect = Effect(cash=-cents)
        effect.pay(line, party, -cents, patients=True)
        self.book(effect, refund)

    def refund_waiting_codes(self, source: int, party: int, cents: int) -> set[str]:
        codes = self.date_codes()
        codes |= {"refund_exceeds_unapplied"} if cents > self.waits[source] else set()
        if self.payments[source].insurers and party == PATIENT:
            codes.add("policy:insurer_money_not_patient")
        return codes

    def refund_waiting(self, refund: int, source: int, cents: int) -> None:
        self.payments[refund] = Payment(-cents, None, closed=True)
        effect = Effect(cash=-cents)
        effect.waits[source] -= cents
        self.book(effect, refund)

    # --- moves without cash -----------------------------------------------------------------
    def transfer_codes(self, line: int, source: int, target: int, cents: int) -> set[str]:
        codes = self.date_codes()
        codes |= set() if 0 < cents <= self.owes[line, source] else {"exceeds_open_balance"}
        if target == PATIENT and self.curable(line, source):
            codes.add("policy:repairable_denial_not_patient")
        if target in self.payer_of and self.visit_of[line] in self.fees:
            codes.add("policy:fee_never_on_claim")
        return codes | (set() if self.may_owe(line, target) else {"wrong_patient"})

    def transfer(
        self, line: int, source: int, target: int, cents: int, ahead: int, new_claim: int | None
    ) -> None:
        effect = Effect()
        effect.move(line, source, target, cents + ahead)
        effect.move(line, target, PATIENT, ahead)
        effect.share[line, target] += ahead
        self.book(effect)
        self.bill([line], target, new_claim)

    def found_shares(self, visit: int) -> dict[int, tuple[int, int]]:
        """By line: what passes to a payer found late, and what of it the patient paid already."""
        found = {}
        for line in self.lines_of(visit):
            rest = self.owes[line, PATIENT]
            ahead = sum(c for (at, _), c in self.share.items() if at == line)
            paid = self.all.by_patient[line] - ahead
            share = max(paid + min(rest, 0), 0)
            found[line] = max(rest, 0) + share, share
        return found

    def found_codes(self, visit: int, party: int) -> set[str]:
        lines = self.lines_of(visit)
        codes = self.date_codes()
        if visit in self.fees:
            codes |= {"policy:fee_never_on_claim", "charges_not_posted"}  # the latter: taken off
        if not self.may_owe(lines[0], party):
            codes.add("wrong_patient")
        if not any(whole for whole, _ in self.found_shares(visit).values()):
            codes.add("nothing_owed")
        return codes

    def insurance_found(self, visit: int, party: int, new_claim: int | None) -> Effect:
        effect = Effect()
        for line, (whole, share) in self.found_shares(visit).items():
            effect.move(line, PATIENT, party, whole - share)
            effect.share[line, party] += share
        self.book(effect)
        self.bill(self.lines_of(visit), party, new_claim)
        return effect

    def not_found_codes(self, found: Found, *, moved_on: bool) -> set[str]:
        """Of taking back insurance found; ``moved_on``: its claim has been worked on since."""
        if found.taken_back:
            return {"already_reversed"}
        codes = self.date_codes() | ({"claim_moved_on"} if moved_on else set())
        effect = found.effect
        owes = any(self.owes[key] < c for key, c in effect.owes.items() if key[1] == found.party)
        if owes or any(self.share[key] < c for key, c in effect.share.items()):
            codes.add("exceeds_open_balance")
        return codes

    def insurance_not_found(self, found: Found) -> None:
        found.taken_back = True
        self.book(found.effect.mirrored())
        if found.claim is not None:
            self.claims[found.claim].state = "void" if found.made else "held"

    def write_off_codes(self, line: int, party: int, cents: int, reason: str) -> set[str]:
        codes = self.date_codes()
        if reason == "void_reversal":
            return codes | ({"exceeds_written_off"} if -cents > self.all.written[line] else set())
        if cents > max(self.owes[line, party], 0):
            codes.add("exceeds_open_balance")
        if reason == "small_balance":
            codes |= {"policy:payer_still_open"} if self.payers_open(line) else set()
            codes |= {"exceeds_small_balance"} if cents > SMALL else set()
        return codes

    def write_off(self, line: int, party: int, cents: int) -> None:
        effect = Effect()
        effect.forgive(line, party, cents)
        self.book(effect)

    # --- collections ------------------------------------------------------------------------
    def to_agency(self, lines: list[int] | None) -> list[int]:
        """Lines of the household that may go: only the patient owes on them."""
        return [n for n in self.owing(PATIENT, lines) if not self.payers_open(n)]

    def owing(self, party: int, lines: list[int] | None = None) -> list[int]:
        every = [line for (line, who), cents in self.owes.items() if who == party and cents > 0]
        return [line for line in every if lines is None or line in lines]

    def place_with_agency_codes(self, lines: list[int] | None) -> set[str]:
        codes = self.date_codes()
        if not self.to_agency(lines):
            codes.add("nothing_owed")
        if lines is not None and any(self.payers_open(n) for n in self.owing(PATIENT, lines)):
            codes.add("policy:payer_still_open")
        return codes

    def pass_on(self, lines: list[int], source: int, target: int) -> int:
        effect = Effect()
        for line in lines:
            effect.move(line, source, target, self.owes[line, source])
        cents = sum(self.owes[line, source] for line in lines)
        self.book(effect)
        return cents

    def give_up(self, lines: list[int]) -> Effect:
        effect = Effect()
        for line in lines:
            effect.forgive(line, COLLECTIONS, self.owes[line, COLLECTIONS])
        self.book(effect)
        return effect

    def not_given_up_codes(self, effect: Effect) -> set[str]:
        short = any(cents > self.all.written[line] for line, cents in effect.written.items())
        return self.date_codes() | ({"exceeds_written_off"} if short else set())
