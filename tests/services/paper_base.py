"""The paper ledger's pages: who owes what, what waits, and every effect with its date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from tests.services.paper_entries import OWN, Bucket, Claim, Dated, Effect, Payment, Posted


class PaperBase:
    """The state of one household's books. ``on`` is the accounting date of what comes next."""

    def __init__(self, payer_of: dict[int, int], today: date) -> None:
        self.payer_of = payer_of  # party -> payer
        self.on = today
        self.closed_through: date | None = None
        self.charges: dict[int, int] = {}
        self.visit_of: dict[int, int] = {}  # line -> its visit
        self.parties: dict[int, tuple[int, ...]] = {}  # line -> policies of its patient
        self.fees: set[int] = set()  # visits that are fees
        self.voided: set[int] = set()  # lines whose charge was taken back
        self.claims: dict[int, Claim] = {}
        self.payments: dict[int, Payment] = {}
        self.eobs: dict[int, Posted] = {}
        self.all = Effect()
        self.days: list[Dated] = []

    # --- what there is ----------------------------------------------------------------------
    @property
    def owes(self) -> Counter[Bucket]:
        return self.all.owes

    @property
    def share(self) -> Counter[Bucket]:
        """Patient's part taken out of a payer's bucket ahead, not yet given back."""
        return self.all.share

    @property
    def waits(self) -> Counter[int]:
        return self.all.waits

    def buckets(self) -> dict[Bucket, int]:
        return {key: cents for key, cents in self.owes.items() if cents}

    def until(self, day: date) -> Effect:
        """Everything with an accounting date up to a day."""
        whole = Effect()
        for entry in self.days:
            if entry.on <= day:
                whole.add(entry.effect)
        return whole

    def between(self, first: date, last: date) -> Effect:
        whole = Effect()
        for entry in self.days:
            if first <= entry.on <= last:
                whole.add(entry.effect)
        return whole

    def lines_of(self, visit: int) -> tuple[int, ...]:
        return tuple(line for line, its in self.visit_of.items() if its == visit)

    def claims_on(self, line: int, party: int) -> list[Claim]:
        return [
            c
            for c in self.claims.values()
            if line in c.lines and c.party == party and c.state != "void"
        ]

    def open_of(self, claim: Claim, party: int) -> int:
        return sum(self.owes[line, party] for line in claim.lines)

    def payers_open(self, line: int) -> int:
        """What insurers owe on a line, their credits left out."""
        return sum(
            c for (at, who), c in self.owes.items() if at == line and who not in OWN and c > 0
        )

    # --- rules that hold for every entry ----------------------------------------------------
    def date_codes(self, *, moves: bool = True) -> set[str]:
        late = self.closed_through is not None and self.on <= self.closed_through
        return {"closed_period"} if late and moves else set()

    def book(self, effect: Effect, payment: int | None = None) -> None:
        self.all.add(effect)
        if not effect.empty:
            self.days.append(Dated(self.on, effect))
        if payment is not None:
            self.payments[payment].cash += effect.cash
            self.payments[payment].touched |= not effect.empty
        for key, cents in effect.waits.items():
            self.payments[key].touched |= bool(cents)

    def bill(self, lines: Iterable[int], target: int, new_claim: int | None = None) -> None:
        """A payer that newly owes: its claim that waited is ready, or a claim is made."""
        of = tuple(lines)
        here = self.claims_on(of[0], target)
        waiting = [c for c in here if c.state == "held"]
        if waiting and self.open_of(waiting[0], target) > 0:
            waiting[0].state = "ready"
        elif not here and new_claim is not None:
            visit = self.lines_of(self.visit_of[of[0]])
            others = [c for c in self.claims.values() if c.lines == visit and c.state != "void"]
            earlier = others[-1].party if others else None
            self.claims[new_claim] = Claim(target, visit, earlier, "ready")
