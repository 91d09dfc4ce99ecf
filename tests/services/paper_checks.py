"""The paper ledger: checks, their items, and checks that come back."""

from __future__ import annotations

from tests.services.paper_entries import ITEMS, Effect, Item, Posted
from tests.services.paper_eobs import PaperEobs


class PaperChecks(PaperEobs):
    """What a check explains, and taking all of it back."""

    def close_codes(self, check: int) -> set[str]:
        payment = self.payments[check]
        if payment.closed:
            return {"closed_check"}
        return {"check_not_balanced"} if payment.cash != payment.amount else set()

    def void_check_codes(self, check: int) -> set[str]:
        payment = self.payments[check]
        if payment.closed:
            return {"closed_check"}
        return {"policy:check_has_postings"} if payment.touched else set()

    def item_codes(self, check: int, kind: str, cents: int) -> set[str]:
        payment, (_, sign) = self.payments[check], ITEMS[kind]
        codes = self.date_codes()
        if cents * sign <= 0:
            codes.add("wrong_sign")
        if payment.closed:
            codes.add("closed_check")
        if kind == "withholding" and -cents > self.all.due[payment.payer]:
            codes.add("exceeds_due_to_payer")
        return codes

    def item(self, check: int, kind: str, cents: int) -> None:
        payment, (account, _) = self.payments[check], ITEMS[kind]
        effect = Effect(cash=cents)
        if account == "waits":
            effect.waits[check] += cents
        elif account == "due":
            effect.due[payment.payer] += cents
        elif account == "expense":
            effect.expense -= cents
        else:
            effect.other_income += cents
        self.put(check, effect, kind)

    def put(self, payment: int, effect: Effect, kind: str = "placement") -> None:
        """An entry of a payment that can be taken back by itself."""
        if not effect.empty:
            self.payments[payment].items.append(Item(effect, kind))
        self.book(effect, payment)

    def take_item_codes(self, check: int, item: Item) -> set[str]:
        payment, effect = self.payments[check], item.effect
        codes = self.date_codes()
        if payment.closed:
            codes.add("closed_check")
        if not item.standing:
            codes.add("already_reversed")
        if any(cents > self.all.due[payer] for payer, cents in effect.due.items()):
            codes.add("exceeds_due_to_payer")
        if any(cents > self.waits[key] for key, cents in effect.waits.items()):
            codes.add("exceeds_unapplied")
        return codes

    def take_item(self, check: int, item: Item) -> None:
        item.standing = False
        self.book(item.effect.mirrored(), check)

    # --- the whole check comes back ---------------------------------------------------------
    def return_codes(self, check: int) -> set[str]:
        payment = self.payments[check]
        if not (payment.insurers or payment.third):
            return {"not_a_check"}
        if payment.returned:
            return {"already_returned"}
        if payment.voided:
            return {"voided_check"}
        if any(e.check == check and e.taken_on not in (None, check) for e in self.eobs.values()):
            return {"taken_back_elsewhere"}
        codes = set()
        if any(self._decided_since(key, check) for key in self.takebacks(check)):
            codes.add("decided_since")
        standing = [item.effect.due for item in payment.items if item.standing]
        for payer in {p for due in standing for p in due}:
            if sum(due[payer] for due in standing) > self.all.due[payer]:
                codes.add("exceeds_due_to_payer")
        return codes

    def takebacks(self, check: int) -> list[int]:
        """EOBs of other checks that were taken back on this one."""
        return [key for key, e in self.eobs.items() if e.taken_on == check != e.check]

    def _decided_since(self, eob: int, check: int) -> bool:
        """Whether the payer's word on the claim is another than when it was taken back."""
        taken = self.eobs[eob]
        return any(
            key > taken.taking and e.claim == taken.claim and e.standing and e.check != check
            for key, e in self.eobs.items()
        )

    def standing_on(self, check: int) -> list[int]:
        return [key for key, e in self.eobs.items() if e.check == check and e.standing]

    def return_check(self, check: int, taken: dict[int, int], again: dict[int, int]) -> None:
        """``taken``: EOB -> entry that takes it back; ``again``: an EOB of another check that was
        taken back on this one -> the one that stands for it now.
        """
        for key in reversed(self.standing_on(check)):
            self.reverse_eob(key, check, taken[key])
        for key, new in again.items():
            old = self.eobs[key]
            self.stand(new, Posted(old.claim, check, old.lines, old.effect))
        self.take_all_back(check)
        self.payments[check].returned = self.payments[check].closed = True

    def take_all_back(self, payment: int) -> list[Effect]:
        """Takes items and placements of a payment back; answers what stood."""
        stood = [item for item in self.payments[payment].items if item.standing]
        for item in stood:
            self.take_item(payment, item)
        return [item.effect for item in stood]
