"""A practice set up from a scenario's ``setup``: names of the file mapped to our ids."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.domain.claim_form import Address, PayerType
from app.services._ledger import party_of
from app.services.clock import SetClock
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveGuarantor, SavePatient, SavePayer, SavePolicy
from tests.office import office_place, set_up

# Who pays without being an insurer: their checks are a third party's.
OUTSIDERS = {
    **dict.fromkeys(("agency", "collections", "collection_agency", "collection"), "agency"),
    "attorney": "attorney",
    "employer": "employer",
    **dict.fromkeys(("third_party", "person", "other_party"), "other"),
}

# Payer types of the scenarios that are not types of claim form item 1.
TYPES = {"commercial": "group", "medigap": "other", "capitation": "other"}


class ScenarioOffice:
    """Everything the events of one scenario refer to by name."""

    def __init__(self, services: Services, clock: SetClock, setup: dict[str, Any]) -> None:
        self.services = services
        self.clock = clock
        self.setup = setup
        self.provider = set_up(services)
        limit = setup.get("settings", {}).get("small_balance_limit")
        if limit is not None:
            services.setup.save_setting("small_balance_cents", limit)
        self.payers = {key: self._payer(key, p) for key, p in setup["payers"].items()}
        self.patients: dict[str, int] = {}
        self.guarantors: dict[str, int] = {}
        self.policies: dict[tuple[str, str], int] = {}
        self.encounters: dict[str, int] = {}
        self.lines: dict[str, int] = {}
        self.line_encounter: dict[str, str] = {}
        self.charges: dict[str, int] = {}
        self.posted: list[str] = []  # lines in the books, in order
        self.claims: dict[str, int] = {}
        self.checks: dict[str, int] = {}
        self.receipts: dict[str, int] = {}
        self.eobs: dict[int, int] = {}
        self.fees: dict[str, str] = {}  # line of a fee: whose it is
        for key, encounter in setup["encounters"].items():
            self._people(encounter)
            self._encounter(key, encounter)

    def _payer(self, key: str, payer: dict[str, Any]) -> int:
        kind = "other" if payer["type"] in OUTSIDERS else TYPES.get(payer["type"], payer["type"])
        return self.services.setup.save_payer(
            SavePayer(
                name=f"{payer['name']} {key}",
                type=PayerType(kind),
                address=Address("PO Box 1", "", "Salem", "VA", "24153"),
                contracted=payer["contracted"],
                capitated=payer["type"] == "capitation",
            )
        )

    def _people(self, encounter: dict[str, Any]) -> None:
        """The patient, with a policy of every payer; the encounter says which it bills."""
        name, guarantor = encounter["patient"], encounter["guarantor"]
        if name in self.patients:
            return
        payers = list(self.setup["payers"])
        known = self.guarantors.get(guarantor)
        saved = self.services.patients.save(
            SavePatient(
                last=f"Patient {name}",
                first="Test",
                birth_date=date(1980, 1, 1),
                sex="F",
                address=Address("1 Elm St", "", "Salem", "VA", "24153"),
                release_signature_date=date(2025, 1, 2),
                guarantor=None
                if guarantor == name
                else SaveGuarantor(f"Guarantor {guarantor}", "Test", guarantor_id=known),
                policies=tuple(
                    SavePolicy(self.payers[key], f"ID{n}", rank=n)
                    for n, key in enumerate(payers, start=1)
                ),
            )
        )
        self.patients[name] = saved.patient_id
        view = self.services.patients.show(saved.patient_id)
        account = self.services.accounts.show(saved.patient_id)
        self.guarantors[guarantor] = account.guarantor_id
        for key, policy in zip(payers, view.policies, strict=True):
            assert policy.policy_id is not None
            self.policies[name, key] = policy.policy_id

    def _encounter(self, key: str, encounter: dict[str, Any]) -> None:
        patient = encounter["patient"]
        saved = self.services.encounters.save(
            SaveEncounter(
                patient_id=self.patients[patient],
                provider_id=self.provider,
                service_date=date.fromisoformat(encounter["dos"]),
                facility_id=office_place(self.services),
                policy_ids=tuple(self.policies[patient, p] for p in encounter["payers"]),
                diagnoses=("M17.11",),
                # The scenarios' codes are placeholders; ours only need the shape of one.
                lines=tuple(
                    SaveLine("99213", line["charge"], pointers="A") for line in encounter["lines"]
                ),
            )
        )
        self.encounters[key] = saved.encounter_id
        view = self.services.encounters.show(saved.encounter_id)
        for line, ours in zip(encounter["lines"], view.command.lines, strict=True):
            assert ours.line_id is not None
            self.lines[line["line"]] = ours.line_id
            self.line_encounter[line["line"]] = key
            self.charges[line["line"]] = line["charge"]

    def patient_of_line(self, line: str) -> str:
        """The scenario's name of the patient a line belongs to."""
        if line in self.fees:
            return self.fees[line]
        patient: str = self.setup["encounters"][self.line_encounter[line]]["patient"]
        return patient

    def outsider(self, payer: str) -> str | None:
        """What kind of third party a payer is; None for an insurer."""
        known = self.setup["payers"].get(payer)
        if known is None:
            return "agency" if payer in ("COLL", "AGENCY") else "other"
        return OUTSIDERS.get(known["type"])

    def add_fee(self, name: str, patient: str, encounter_id: int) -> None:
        """A fee's line joins those of the scenario."""
        view = self.services.encounters.show(encounter_id)
        self.lines[name] = view.command.lines[0].line_id or 0
        self.fees[name] = patient
        self.posted.append(name)

    def party(self, line: str, key: str) -> int:
        """Our party id of ``PAT``, ``COLL`` or a payer's key, for one line."""
        if key == "PAT":
            return PATIENT_PARTY
        if key == "COLL":
            return COLLECTIONS_PARTY
        policy = self.policies[self.patient_of_line(line), key]
        with self.services.desk.read() as session:
            return party_of(session, policy)

    def money_source(self, name: str) -> int:
        """A check or receipt by the scenario's name."""
        return self.checks.get(name) or self.receipts[name]
