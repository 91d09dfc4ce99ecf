"""How the sample's biller follows up: corrected claims, appeals, returned mail, a takeback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.domain.books import PATIENT_PARTY, CheckItem, Disposition
from app.domain.claim_form import PayerType
from app.domain.posting import EobAdjustment, EobLine
from app.services.adjustments import WriteOff
from app.services.claim_commands import NewClaim
from app.services.payment_commands import AddCheckItem, EobPosted, PostEob, ReverseEob
from app.services.sample_claims import SentClaim, on_payers_desk, party_of_policy, visit_lines
from app.services.sample_mail import Answer, Mailbox
from app.services.sample_office import SampleOffice

_TAKEN_BACK_CENTS = 1000
_STILL_ON_THE_PILE = 25  # days before the end: what came back since is not worked yet


@dataclass(slots=True)
class FollowUp:
    """Works what the mail brings. ``patient_owes`` is told of a guarantor with something due."""

    office: SampleOffice
    mail: Mailbox
    patient_owes: Callable[[int], None]
    paid: list[tuple[Answer, int]] = field(default_factory=list)  # answer, EOB id

    def hear(self, answer: Answer, posted: EobPosted) -> None:
        """After an EOB is posted: who must do what next."""
        claim, fate = answer.expected.claim, answer.expected.fate
        if any(who == "patient" for who, _ in posted.moved):
            self.patient_owes(claim.guarantor_id)
        if fate == "missing" and self.office.chance(80):
            self.office.later(8, lambda: self._correct(claim, answer.reference))
        if fate == "approval" and self.office.chance(75):
            self.office.later(10, lambda: self._appeal(claim))
        if fate == "pays" and claim.rank == 1 and not claim.forwarded_to_medigap:
            self.paid.append((answer, posted.eob_id))

    def work_returned_mail(self) -> None:
        """Claims that came back by mail, never decided: a fresh claim goes out, now or later."""
        returned = [
            e
            for e in self.mail.awaited.values()
            if e.fate == "returned" and e.due <= self.office.today
        ]
        for expected in returned:
            claim = expected.claim
            del self.mail.awaited[claim.claim_id]
            note = "Came back by mail: insured's ID not readable."
            self.office.services.claims.set_status(claim.claim_id, "rejected", note)
            recent = (self.office.last_day - self.office.today).days <= _STILL_ON_THE_PILE
            if not recent:
                again = NewClaim(claim.encounter_id, claim.policy_id, replaces_id=claim.claim_id)
                self._again(again)

    def _correct(self, claim: SentClaim, reference: str) -> None:
        """A corrected claim; Medicare takes no 7 on paper, so it gets a fresh one."""
        payer = self.office.payer(claim.payer_id).command
        medicare = payer.type is PayerType.MEDICARE
        self._again(
            NewClaim(
                claim.encounter_id,
                claim.policy_id,
                frequency="1" if medicare else "7",
                replaces_id=claim.claim_id,
                original_reference="" if medicare else reference,
            )
        )

    def _again(self, command: NewClaim) -> None:
        claims = self.office.services.claims
        key = claims.new_claim(command)
        number = next(r.number for r in claims.list_claims(("ready",)) if r.claim_id == key)
        self.mail.certain.add(number)

    def _appeal(self, claim: SentClaim) -> None:
        note = "Appeal with the approval letter and the chart note."
        self.office.services.claims.set_status(claim.claim_id, "appealed", note)
        if self.office.chance(60):
            due = self.office.today + timedelta(days=self.office.rng.randint(25, 40))
            self.mail.expect(claim, "won", due)
        else:
            self.office.later(35, lambda: self._lost(claim))

    def _lost(self, claim: SentClaim) -> None:
        self.office.services.claims.set_status(claim.claim_id, "denied", "Appeal refused.")
        party = party_of_policy(self.office, claim.policy_id)
        for line in visit_lines(self.office, claim.encounter_id):
            if line.owed.get(party, 0) > 0:
                command = WriteOff(line.line_id, party, line.owed[party], "appeal_lost")
                self.office.services.adjustments.write_off(command)

    def take_back(self) -> None:
        """Once: a payer takes an earlier payment back on its next check and pays less."""
        if "takeback" in self.office.done:
            return
        found = next((p for p in self.paid[-20:] if _can_be_cut(self.office, p[0])), None)
        if found is None:
            return
        answer, eob_id = found
        payer = self.office.payer(answer.expected.claim.payer_id)
        due = self.mail.due_from(payer)
        if len(due) < 2:
            return
        self.office.done.add("takeback")
        fresh = [self.mail.answer(e) for e in due]
        amount = sum(a.paid_cents for a in fresh) - _TAKEN_BACK_CENTS
        check = self.mail.open_check(payer, max(amount, 0))
        self._carry_forward(check, -amount)
        claim_id = answer.expected.claim.claim_id
        self.office.services.eobs.reverse_eob(ReverseEob(eob_id, check))
        lines = (_repriced(answer.lines[0]), *answer.lines[1:])
        command = PostEob(check, claim_id, lines, ("N381",), answer.reference)
        self.office.services.eobs.post_eob(command)
        for each in fresh:
            self.mail.post(check, each)
        self.office.services.checks.close_check(check)

    def _carry_forward(self, check: int, short: int) -> None:
        """What this check is too small for, the payer takes from a later one."""
        if short > 0:
            item = AddCheckItem(check, CheckItem.FORWARD_BALANCE, short, "FB", "Takeback to come")
            self.office.services.checks.add_item(item)


def _can_be_cut(office: SampleOffice, answer: Answer) -> bool:
    """A first line well paid by a contracted plan, with nothing left for a later payer."""
    first = answer.lines[0]
    shares = [a for a in first.adjustments if a.disposition is Disposition.TRANSFER]
    claim = on_payers_desk(office, answer.expected.claim.claim_id)
    return (
        first.paid > 3 * _TAKEN_BACK_CENTS
        and claim.next_party == PATIENT_PARTY
        and claim.payer.command.type is PayerType.GROUP
        and any(a.carc == "45" and a.group == "CO" for a in first.adjustments)
        and all(a.to_party == PATIENT_PARTY for a in shares)
    )


def _repriced(line: EobLine) -> EobLine:
    adjustments = tuple(_larger(a) if a.carc == "45" else a for a in line.adjustments)
    allowed = None if line.allowed is None else line.allowed - _TAKEN_BACK_CENTS
    paid = line.paid - _TAKEN_BACK_CENTS
    return replace(line, paid=paid, adjustments=adjustments, allowed=allowed)


def _larger(adjustment: EobAdjustment) -> EobAdjustment:
    return replace(adjustment, cents=adjustment.cents + _TAKEN_BACK_CENTS)
