"""The sample's front desk: patients register, come, pay a copay, and later what is left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.services.account import AccountLine
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.payment_commands import Application, ApplyUnapplied, PatientPayment, Refund
from app.services.sample_claims import (
    OpenVisitLine,
    owed_on,
    party_of_policy,
    registered_ids,
    visit_lines,
)
from app.services.sample_office import Registered, SampleOffice
from app.services.sample_people import Family, Member
from app.services.sample_visits import PlannedVisit, encounter_of

_TOO_MUCH_CENTS = 1000  # now and then a copay is collected too high
_SMALL_CENTS = 500
_TENDERS = ("check", "check", "card", "cash")


@dataclass(slots=True)
class FrontDesk:
    """Registers, posts charges, takes the patients' money. ``habits``: how a guarantor pays."""

    office: SampleOffice
    who: dict[Member, Registered] = field(default_factory=dict)
    habits: dict[int, str] = field(default_factory=dict)
    receipts: int = 0

    def register(self, family: Family) -> None:
        """A household comes to the practice; the first guarantor answers for the children."""
        guarantor: int | None = None
        for member in family.members:
            registered = self._register(member, guarantor if member.dependent else None)
            guarantor = guarantor or registered.guarantor_id

    def _register(self, member: Member, guarantor: int | None) -> Registered:
        command = replace(member.command, release_signature_date=self.office.today)
        if command.guarantor is not None and guarantor is not None:
            owner = replace(command.guarantor, guarantor_id=guarantor)
            command = replace(command, guarantor=owner)
        saved = self.office.services.patients.save(command)
        owner_id, policies = registered_ids(self.office, saved.patient_id)
        keys = {value: key for key, value in self.office.payers.items()}
        found = Registered(
            saved.patient_id, owner_id, {keys[payer]: policy for payer, policy in policies}
        )
        self.who[member] = found
        roll = self.office.rng.randrange(100)
        habit = "prompt" if roll < 65 else "partly" if roll < 85 else "never"
        self.habits.setdefault(owner_id, habit)
        return found

    def visit(self, family: Family, member: Member, visit: PlannedVisit) -> int:
        """A visit coded and posted on its day; returns the encounter's id."""
        who = self.who[member]
        encounters = self.office.services.encounters
        command = encounter_of(self.office, member, who, visit)
        encounter_id = encounters.save(command).encounter_id
        encounters.post_charges(encounter_id)
        lines = visit_lines(self.office, encounter_id)
        if not command.policy_ids:
            self._self_pay(who, lines)
        elif len(command.policy_ids) == 1 and visit.accident is None:
            copay = member.command.policies[0].copay_cents
            first = self.office.book.charges[command.lines[0].code]
            if copay and first.kind == "visit" and self.office.chance(85):
                self._copay(who, command.policy_ids[0], lines[0], copay)
        return encounter_id

    def new_card(self, member: Member) -> None:
        """A new year, a new card: the old policy ends, the new one stands beside it."""
        who, patients = self.who[member], self.office.services.patients
        command = patients.show(who.patient_id)
        old = command.policies[0]
        ended = replace(old, termination=self.office.today - timedelta(days=1))
        number = f"N{old.member_id[:-1]}"
        fresh = replace(old, policy_id=None, member_id=number, effective=self.office.today)
        patients.save(replace(command, policies=(ended, fresh)))
        _, policies = registered_ids(self.office, who.patient_id)
        who.policies[member.payers[0]] = policies[-1][1]

    def _copay(self, who: Registered, policy_id: int, line: OpenVisitLine, copay: int) -> None:
        too_much = self.office.chance(6)
        cents = min(copay + (_TOO_MUCH_CENTS if too_much else 0), line.charge_cents)
        party = party_of_policy(self.office, policy_id)
        self._receive(who.guarantor_id, cents, (Application(line.line_id, cents, party),))
        if self.office.chance(70):
            self.office.later(80, lambda: self._give_back(line.line_id))

    def _give_back(self, line_id: int) -> None:
        """Refunds a copay that turned out too high, once its payer has decided."""
        balances = owed_on(self.office, line_id)
        credit = -balances.get(PATIENT_PARTY, 0)
        if credit > 0 and all(cents <= 0 for cents in balances.values()):
            number = f"R{9000 + self.receipts}"
            refund = Refund(PATIENT_PARTY, credit, line_id=line_id, number=number)
            self.office.services.receipts.refund(refund)

    def _self_pay(self, who: Registered, lines: list[OpenVisitLine]) -> None:
        adjust = self.office.services.adjustments
        if len(lines) > 1 and self.office.once("void"):
            # The second line was keyed by mistake, and is taken out the same day.
            adjust.void_charge(VoidCharge(lines[-1].line_id, PATIENT_PARTY, "Keyed twice"))
            lines = lines[:-1]
        discount = self.office.chance(40)
        for line in lines:
            if discount:
                fifth = line.charge_cents // 5
                adjust.write_off(WriteOff(line.line_id, PATIENT_PARTY, fifth, "sliding_fee"))
        if self.office.chance(50):
            self.collect(who.guarantor_id, "prompt")
        else:
            self.owes(who.guarantor_id)

    def _receive(
        self, guarantor: int, cents: int, apply: tuple[Application, ...], note: str = ""
    ) -> tuple[int, str]:
        self.receipts += 1
        method = self.office.rng.choice(_TENDERS)
        number = f"{1000 + self.receipts * 7 % 8999}" if method == "check" else ""
        command = PatientPayment(guarantor, cents, apply, method=method, number=number, note=note)
        return self.office.services.receipts.receive(command).payment_id, number

    def owes(self, guarantor: int) -> None:
        """Something passed to the guarantor: money will come, or not."""
        habit = self.habits[guarantor]
        if habit != "never":
            days = self.office.rng.randint(14, 45)
            self.office.later(days, lambda: self.collect(guarantor, habit))
        elif self.office.once(f"dunned {guarantor}"):
            self.office.later(150, lambda: self._give_up(guarantor))

    def collect(self, guarantor: int, habit: str) -> None:
        """The guarantor pays all that is open, or half of it."""
        lines = self.office.services.accounts.open_lines(guarantor)
        total = sum(line.balance_cents for line in lines)
        if not total:
            return
        if total < _SMALL_CENTS:
            self._write_off(lines, "small_balance")
        elif habit == "partly":
            halves = [(line, (line.balance_cents + 1) // 2) for line in lines]
            self._pay(guarantor, halves, 0)
            self.office.later(60, lambda: self.collect(guarantor, "prompt"))
        else:
            over = -total % 500 if self.office.chance(8) else 0
            self._pay(guarantor, [(line, line.balance_cents) for line in lines], over)

    def _pay(self, guarantor: int, parts: list[tuple[AccountLine, int]], over: int) -> None:
        apply = tuple(Application(line.line_id, cents) for line, cents in parts)
        cents = sum(a.cents for a in apply) + over
        note = "Rounded up" if over else ""
        receipt, number = self._receive(guarantor, cents, apply, note)
        if over and self.office.chance(60):
            self.office.later(90, lambda: self._place(guarantor, receipt, over))
        elif number and self.office.once("bounced"):
            self.office.later(6, lambda: self._bounce(guarantor, receipt))

    def _place(self, guarantor: int, receipt: int, cents: int) -> None:
        """Waiting money goes on what has come open since, or back to the guarantor."""
        lines = self.office.services.accounts.open_lines(guarantor)
        receipts = self.office.services.receipts
        if lines:
            part = min(cents, lines[0].balance_cents)
            receipts.apply_unapplied(ApplyUnapplied(receipt, lines[0].line_id, PATIENT_PARTY, part))
        else:
            receipts.refund(Refund(PATIENT_PARTY, cents, source_id=receipt, number=f"R{receipt}"))

    def _bounce(self, guarantor: int, receipt: int) -> None:
        """The bank returned the check: taken back as it was applied, paid again weeks later."""
        self.office.services.receipts.reverse_receipt(receipt, "Check returned by the bank")
        self.office.later(25, lambda: self.collect(guarantor, "prompt"))

    def _give_up(self, guarantor: int) -> None:
        """After three statements: the first goes to collections, the second is given up."""
        lines = self.office.services.accounts.open_lines(guarantor)
        if not lines:
            return
        if self.office.once("collections"):
            for line in lines:
                command = Transfer(
                    line.line_id, PATIENT_PARTY, COLLECTIONS_PARTY, line.balance_cents, "To agency"
                )
                self.office.services.adjustments.transfer(command)
        elif self.office.once("bad debt"):
            self._write_off(lines, "bad_debt")

    def _write_off(self, lines: tuple[AccountLine, ...], reason: str) -> None:
        for line in lines:
            command = WriteOff(line.line_id, PATIENT_PARTY, line.balance_cents, reason)
            self.office.services.adjustments.write_off(command)
