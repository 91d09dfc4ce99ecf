"""An encounter with three payers, for tests of what happens between them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.services.front_desk import Office


@dataclass(frozen=True)
class Three:
    """An encounter of one line of 100.00 and its three payers' claims, the first one sent."""

    office: Office
    patient: int
    encounter: int
    line: int
    claims: tuple[int, ...]
    parties: tuple[int, ...]

    @property
    def states(self) -> list[str]:
        return [self.office.status(claim) for claim in self.claims]

    def send(self, rank: int) -> None:
        claim = self.claims[rank - 1]
        self.office.services.claims.print_claims([claim])
        self.office.services.claims.confirm_printed([claim])


def three(office: Office, charge: int = 10000) -> Three:
    lists = office.lists
    patient = office.patient("Doe", lists.primary, lists.secondary, lists.medicaid)
    encounter = office.draft(patient, (charge,))
    claims = office.services.encounters.post_charges(encounter).claim_ids
    policies = office.services.patients.show(patient).policies
    line = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    case = Three(
        office,
        patient,
        encounter,
        line,
        claims,
        tuple(office.party(p.policy_id or 0) for p in policies),
    )
    case.send(1)
    return case
