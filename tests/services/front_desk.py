"""A biller's office for tests of services: short words for what every test needs first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import text

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.claim_form import Address, PayerType
from app.domain.posting import EobAdjustment, EobLine
from app.services._ledger import party_of
from app.services.clock import SetClock
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.payment_commands import EobPosted, OpenCheck, PostEob
from app.services.people_commands import SavePatient, SavePayer, SavePolicy
from tests.office import office_place, set_up

TODAY = date(2026, 3, 16)
VISIT = date(2026, 3, 2)
HOME = Address("1 Elm St", "", "Salem", "VA", "24153")
CHARGES = (10000, 5000)


@dataclass(frozen=True, slots=True)
class Lists:
    """Ids of the short lists every test practice has."""

    provider: int
    place: int
    primary: int
    secondary: int
    medicaid: int


def stock(services: Services) -> Lists:
    """The practice's own data, a provider and three payers."""

    def payer(name: str, kind: PayerType) -> int:
        place = Address("PO Box 1", "", "Salem", "VA", "24153")
        return services.setup.save_payer(SavePayer(name, kind, address=place))

    return Lists(
        provider=set_up(services),
        place=office_place(services),
        primary=payer("Blue Ridge Health", PayerType.GROUP),
        secondary=payer("Valley Mutual", PayerType.OTHER),
        medicaid=payer("State Medicaid", PayerType.MEDICAID),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A sent claim with everything around it. ``second`` and ``later`` only with two payers."""

    patient: int
    guarantor: int
    encounter: int
    lines: tuple[int, ...]
    claim: int
    payer_party: int
    later: int | None = None  # the second payer's claim
    later_party: int | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """An open practice with its lists."""

    services: Services
    clock: SetClock
    lists: Lists

    def patient(self, last: str = "Doe", *payers: int, **changes: Any) -> int:
        """A patient with a policy of each payer, in that order."""
        policies = tuple(
            SavePolicy(payer, f"ID{rank}{last}", rank=rank, plan_name=f"Plan {rank}")
            for rank, payer in enumerate(payers, 1)
        )
        command = SavePatient(
            last,
            "Jane",
            date(1980, 1, 1),
            sex="F",
            address=HOME,
            phone="540 555 0101",
            release_signature_date=date(2025, 1, 2),
            policies=policies,
        )
        return self.services.patients.save(replace(command, **changes)).patient_id

    def draft(self, patient: int, charges: Iterable[int] = CHARGES, **changes: Any) -> int:
        """A coded encounter that is not posted."""
        lines = tuple(SaveLine("99213", cents, pointers="A") for cents in charges)
        command = SaveEncounter(
            patient,
            self.lists.provider,
            VISIT,
            facility_id=self.lists.place,
            diagnoses=("M17.11",),
            lines=lines,
        )
        return self.services.encounters.save(replace(command, **changes)).encounter_id

    def sent(
        self, *, second: bool = False, charges: Iterable[int] = CHARGES, last: str = "Doe"
    ) -> Case:
        """A patient's encounter posted, its first claim printed and confirmed."""
        payers = (self.lists.primary, self.lists.secondary)[: 2 if second else 1]
        patient = self.patient(last, *payers)
        encounter = self.draft(patient, charges)
        claims = self.services.encounters.post_charges(encounter).claim_ids
        self.services.claims.print_claims(claims[:1])
        self.services.claims.confirm_printed(claims[:1])
        policies = [p.policy_id or 0 for p in self.services.patients.show(patient).policies]
        parties = [self.party(policy) for policy in policies]
        view = self.services.encounters.show(encounter)
        return Case(
            patient=patient,
            guarantor=self.services.accounts.show(patient).guarantor_id,
            encounter=encounter,
            lines=tuple(line.line_id or 0 for line in view.command.lines),
            claim=claims[0],
            payer_party=parties[0],
            later=claims[1] if second else None,
            later_party=parties[1] if second else None,
        )

    def party(self, policy: int) -> int:
        """The party of a policy."""
        with self.services.desk.read() as session:
            return party_of(session, policy)

    def check(self, cents: int, payer: int | None = None, number: str = "4711") -> int:
        """An open check of the primary payer, or of another."""
        command = OpenCheck(payer or self.lists.primary, cents, number)
        return self.services.checks.open_check(command).payment_id

    def post(self, check: int, claim: int, *lines: EobLine, **more: Any) -> EobPosted:
        """Posts an EOB."""
        return self.services.eobs.post_eob(PostEob(check, claim, lines, **more))

    def pay_in_full(self, case: Case) -> int:
        """A closed check that pays every line of a case in full."""
        charges = self.charges(case)
        check = self.check(sum(charges.values()))
        lines = [eob(line, cents, cents) for line, cents in charges.items()]
        self.post(check, case.claim, *lines)
        self.services.checks.close_check(check)
        return check

    def charges(self, case: Case) -> dict[int, int]:
        """What each line of a case was charged."""
        view = self.services.encounters.show(case.encounter)
        return {line.line_id or 0: line.charge_cents or 0 for line in view.command.lines}

    def buckets(self, line: int) -> dict[int, int]:
        """Who owes what on a line, zero left out."""
        rows = self.sql(
            "SELECT party_id, amount_cents FROM line_balance"
            " WHERE charge_line_id = :line AND amount_cents <> 0",
            line=line,
        )
        return dict(rows)

    def status(self, claim: int) -> str:
        """A claim's status."""
        return str(self.sql("SELECT status FROM claim WHERE id = :id", id=claim)[0][0])

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows of a plain question to the file."""
        with self.services.desk.read() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def audited(self, action: str) -> list[int | None]:
        """Patients of the audit rows of an action, oldest first."""
        query = "SELECT patient_id FROM audit WHERE action = :action ORDER BY id"
        return [row[0] for row in self.sql(query, action=action)]

    def books_are_sound(self) -> None:
        """Fails when *Verify books* finds anything, or the aging does not tie."""
        assert self.services.reports.verify_books().problems == ()
        ledger = self.sql("SELECT SUM(amount_cents) FROM posting WHERE account = 'receivable'")
        assert self.services.reports.aging().total == (ledger[0][0] or 0)


def eob(
    line: int,
    billed: int,
    paid: int = 0,
    *adjustments: EobAdjustment,
) -> EobLine:
    """An EOB line as typed."""
    return EobLine(line, billed, paid, adjustments)


def off(cents: int, carc: str = "45") -> EobAdjustment:
    """CO: written off."""
    return EobAdjustment("CO", carc, cents, Disposition.WRITEOFF)


def to(cents: int, party: int = PATIENT_PARTY, carc: str = "2", group: str = "PR") -> EobAdjustment:
    """PR: passed to the patient or the next payer."""
    return EobAdjustment(group, carc, cents, Disposition.TRANSFER, party)


def held(cents: int, carc: str = "16") -> EobAdjustment:
    """CO: stays with the payer."""
    return EobAdjustment("CO", carc, cents, Disposition.HOLD)


def info(cents: int, carc: str = "23") -> EobAdjustment:
    """OA: says what happened before."""
    return EobAdjustment("OA", carc, cents, Disposition.INFO)
