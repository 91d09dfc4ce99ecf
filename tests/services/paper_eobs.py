"""The paper ledger: charges, claims, and what an insurer's decision does."""

from __future__ import annotations

from tests.services.paper_base import PaperBase
from tests.services.paper_entries import CURABLE, PATIENT, Claim, Decided, Effect, Posted


class PaperEobs(PaperBase):
    """Every operation first says which rules it would break (``..._codes``)."""

    # --- charges and claims -----------------------------------------------------------------
    def charge(
        self, visit: int, lines: dict[int, int], policies: tuple[int, ...], claims: dict[int, int]
    ) -> None:
        """``claims``: claim id -> party, first payer first; none: the patient pays himself."""
        first = next(iter(claims.values()), PATIENT)
        self._charged(visit, lines, policies, first)
        earlier = None
        for claim, party in claims.items():
            state = "ready" if earlier is None else "held"
            self.claims[claim] = Claim(party, tuple(lines), earlier, state)
            earlier = party

    def fee(self, visit: int, line: int, cents: int, policies: tuple[int, ...]) -> None:
        self.fees.add(visit)
        self._charged(visit, {line: cents}, policies, PATIENT)

    def _charged(
        self, visit: int, lines: dict[int, int], policies: tuple[int, ...], party: int
    ) -> None:
        self.charges |= lines
        effect = Effect(earned=sum(lines.values()))
        for line, cents in lines.items():
            self.parties[line], self.visit_of[line] = policies, visit
            effect.owes[line, party] += cents
        self.book(effect)

    def void_codes(self, line: int) -> set[str]:
        return {"charge_already_voided"} if line in self.voided else self.date_codes()

    def void(self, line: int, party: int) -> None:
        self.voided.add(line)
        effect = Effect(earned=-self.charges[line])
        effect.owes[line, party] -= self.charges[line]
        self.book(effect)

    def submit_codes(self, claim: Claim) -> set[str]:
        """A later payer is billed for what the earlier one passed on, never before."""
        mine, theirs = self.open_of(claim, claim.party), self.open_of(claim, claim.earlier or 0)
        return {"policy:primary_not_adjudicated"} if mine <= 0 < theirs else set()

    def decided(self, claim: int) -> bool:
        return any(e.standing and e.claim == claim for e in self.eobs.values())

    def rejected_codes(self, claim: int) -> set[str]:
        waits = self.claims[claim].state == "sent" and not self.decided(claim)
        return set() if waits else {"status_not_possible"}

    def send_again(self, claim: int, again: int) -> None:
        old = self.claims[claim]
        old.state = "gone"
        self.claims[again] = Claim(old.party, old.lines, old.earlier, "ready")

    def later(self, claim: Claim, state: str) -> list[Claim]:
        return [
            c
            for c in self.claims.values()
            if c.lines == claim.lines and c.earlier == claim.party and c.state == state
        ]

    # --- EOBs -------------------------------------------------------------------------------
    def eob_codes(
        self,
        claim_id: int,
        check: int,
        lines: tuple[Decided, ...],
        waiting: bool,
        *,
        correcting: bool = False,
    ) -> set[str]:
        claim, payment = self.claims[claim_id], self.payments[check]
        codes = self.date_codes(moves=any(d.moves or self._opened(claim, d) for d in lines))
        if payment.closed and not (waiting or correcting):
            codes.add("closed_check")
        if payment.payer != self.payer_of[claim.party]:
            codes.add("wrong_payer")
        if claim.state != "sent":
            codes.add("claim_not_submitted")
        if claim.earlier:
            codes |= self.submit_codes(claim)
        codes |= {code for line in lines if (code := self._line_code(claim, line))}
        if waiting and sum(d.paid for d in lines) > self.waits[check]:
            codes.add("exceeds_unapplied")
        strangers = {
            a.to for d in lines for a in d.amounts if a.to and not self.may_owe(d.line, a.to)
        }
        return codes | ({"wrong_patient"} if strangers else set())

    def may_owe(self, line: int, party: int) -> bool:
        """Only the patient, the agency and the patient's own policies owe on a line."""
        return party not in self.payer_of or party in self.parties[line]

    def _opened(self, claim: Claim, decided: Decided) -> bool:
        return bool(self.share[decided.line, claim.party]) and decided.opens_the_share

    def _line_code(self, claim: Claim, decided: Decided) -> str | None:
        party, line = claim.party, decided.line
        has = self.owes[line, party]
        known = any(
            d.line == line
            for e in self.eobs.values()
            if e.standing and self.claims[e.claim].party == party
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
            effect.pay(d.line, claim.party, d.paid)
            effect.forgive(d.line, claim.party, d.of("writeoff"))
            for a in d.amounts:
                if a.to is not None:
                    effect.move(d.line, claim.party, a.to, a.cents)
        paid = sum(d.paid for d in lines)
        if waiting:
            effect.waits[check] -= paid
        else:
            effect.cash += paid
        self.stand(eob, Posted(claim_id, check, lines, effect))

    def stand(self, eob: int, posted: Posted) -> None:
        self.book(posted.effect, posted.check)
        self.eobs[eob] = posted
        for later in self.later(self.claims[posted.claim], "held"):
            if self.open_of(later, later.party) > 0:
                later.state = "ready"

    def reverse_codes(self, eob: int, check: int, *, correcting: bool = False) -> set[str]:
        posted, payment = self.eobs[eob], self.payments[check]
        codes = self.date_codes(moves=not posted.effect.empty)
        codes |= set() if posted.standing else {"already_reversed"}
        if payment.closed and not correcting:
            codes.add("closed_check")
        if payment.payer != self.payer_of[self.claims[posted.claim].party]:
            codes.add("wrong_payer")
        return codes

    def reverse_eob(self, eob: int, check: int, taking: int) -> None:
        """``taking``: number of the entry that took it back."""
        posted = self.eobs[eob]
        posted.standing, posted.taken_on, posted.taking = False, check, taking
        self.book(posted.effect.mirrored(), check)
        for later in self.later(self.claims[posted.claim], "ready"):
            if self.open_of(later, later.party) <= 0:
                later.state = "held"

    def curable(self, line: int, party: int) -> bool:
        """The payer's latest word on the line is a denial that can be cured."""
        said = [
            d
            for e in self.eobs.values()
            if e.standing and self.claims[e.claim].party == party
            for d in e.lines
            if d.line == line
        ]
        return bool(said) and any(a.kind == "hold" and a.carc in CURABLE for a in said[-1].amounts)
