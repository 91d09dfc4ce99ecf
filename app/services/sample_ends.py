"""The sample's last day: one of every loose end a biller finds on her desk in the morning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.books import PATIENT_PARTY
from app.services.encounter_commands import SaveEncounter
from app.services.payment_commands import PatientPayment
from app.services.sample_claims import on_payers_desk
from app.services.sample_front import FrontDesk
from app.services.sample_mail import Expected, Mailbox
from app.services.sample_office import SampleOffice
from app.services.sample_people import Family, Member
from app.services.sample_visits import PlannedVisit, choose_template, encounter_of

_HOLDS = (
    "Chart note not signed yet.",
    "Asked the patient for the new insurance card.",
)
_POSTED, _TO_CODE, _CODED = 5, 3, 2
_HALF_POSTED = 4  # EOBs of the check left open; the last of them is not posted


@dataclass(slots=True)
class LastDay:
    """What is left undone today."""

    office: SampleOffice
    front: FrontDesk
    mail: Mailbox
    families: tuple[Family, ...]

    def live(self) -> None:
        """Visits of today in every state, a sheet not confirmed, a check half posted."""
        guests = self._guests()
        for family, member in guests[:_POSTED]:
            self.front.visit(family, member, self._visit(member))
        self._print_one()
        self._leave_drafts([member for _, member in guests[_POSTED:]])
        self._release_a_secondary()
        self._leave_a_check_open()
        self._leave_prepaid_money()

    def _guests(self) -> list[tuple[Family, Member]]:
        """Registered patients without an accident, in the order they come today."""
        known = [
            (family, member)
            for family in self.families
            for member in family.members
            if member in self.front.who and not family.kind.accident and member.payers
        ]
        wanted = _POSTED + _TO_CODE + _CODED + len(_HOLDS)
        return self.office.rng.sample(known, min(wanted, len(known)))

    def _visit(self, member: Member) -> PlannedVisit:
        day = self.office.today
        return PlannedVisit(day, choose_template(self.office, member, day, ("office",)))

    def _print_one(self) -> None:
        """Of the claims that wait, one is printed and one is held back for its number."""
        claims = self.office.services.claims
        ready = sorted(row.claim_id for row in claims.list_claims(("ready",)))
        claims.print_claims(ready[:1])
        if len(ready) > 3:
            claims.set_status(ready[1], "held", "Waiting for the payer's approval number.")

    def _leave_drafts(self, members: list[Member]) -> None:
        drafts = [self._draft(member) for member in members]
        encounters = self.office.services.encounters
        for draft in drafts[:_TO_CODE]:
            encounters.save(replace(draft, diagnoses=(), lines=(), clia="", chart_note=""))
        for draft in drafts[_TO_CODE : _TO_CODE + _CODED]:
            encounters.save(draft)
        for draft, reason in zip(drafts[_TO_CODE + _CODED :], _HOLDS, strict=False):
            saved = encounters.save(draft)
            until = self.office.today + timedelta(days=5)
            encounters.hold(saved.encounter_id, reason, until)

    def _draft(self, member: Member) -> SaveEncounter:
        return encounter_of(self.office, member, self.front.who[member], self._visit(member))

    def _release_a_secondary(self) -> None:
        """Medicare's money came today and left the cost share to a plan that must be billed."""
        for expected in self._decided("medicare"):
            claim = on_payers_desk(self.office, expected.claim.claim_id)
            if claim.next_party != PATIENT_PARTY and not expected.claim.forwarded_to_medigap:
                answer = self.mail.answer(replace(expected, fate="pays"))
                self.mail.post_check(claim.payer, [answer])
                return

    def _leave_a_check_open(self) -> None:
        """The paper check with the most EOBs is posted but for its last one."""
        paper = [p for p in self.office.book.payers if p.terms.method == "check"]
        found = max((self._decided(p.key) for p in paper), key=len)
        if not found:
            return
        payer = self.office.payer(found[0].claim.payer_id)
        answers = [self.mail.answer(replace(e, fate="pays")) for e in found[:_HALF_POSTED]]
        answers.sort(key=lambda answer: answer.paid_cents)
        check = self.mail.open_check(payer, sum(a.paid_cents for a in answers))
        for answer in answers[:-1]:
            self.mail.post(check, answer)

    def _decided(self, key: str) -> list[Expected]:
        """First claims a payer may have answered by now, whatever day was foreseen."""
        payer_id, today = self.office.payers[key], self.office.today
        return [
            e
            for e in self.mail.awaited.values()
            if e.claim.payer_id == payer_id
            and e.claim.rank == 1
            and 7 <= (today - e.claim.service_date).days <= 35
        ]

    def _leave_prepaid_money(self) -> None:
        guarantor = min(self.front.habits)
        command = PatientPayment(guarantor, 7500, method="card", note="Ahead of the next visit")
        self.office.services.receipts.receive(command)
