"""A practice with a little of everything, and its real window, for stories told page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address, PayerType
from app.domain.print_ops import SheetOps
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePatient, SavePayer, SavePolicy, SaveProcedure
from app.ui.printout import PrintOut, Told
from tests.office import office_place, set_up

DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Small:
    """Ids of a small practice: one patient, two payers, one encounter of two lines."""

    provider: int
    payer: int
    secondary: int
    patient: int
    encounter: int


class KeptSheets(PrintOut):
    """A printer that keeps what it is given, unless it is told to fail."""

    def __init__(self) -> None:
        self.pdfs: list[bytes] = []
        self.sheets: list[tuple[SheetOps, ...]] = []
        self.files: list[bytes] = []
        self.gone = ""  # a sentence: no printer there
        self.jams = ""  # a sentence: the job fails

    def put(
        self,
        pdf: bytes,
        name: str,
        told: Told,
        *,
        sheets: Sequence[SheetOps] = (),
        failed: Told | None = None,
    ) -> None:
        if self.jams:
            (failed or told)(self.jams)
            return
        self.pdfs.append(pdf)
        self.sheets.append(tuple(sheets))
        told(f"Kept {name}.")

    def save(
        self, content: bytes, name: str, told: Told, *, suffix: str, failed: Told | None = None
    ) -> None:
        if self.jams:
            (failed or told)(self.jams)
            return
        self.files.append(content)
        told(f"Kept {name}.{suffix}.")

    def trouble(self, *, on_stock: bool) -> str:
        return self.gone


def small_practice(services: Services) -> Small:
    provider = set_up(services)
    box = Address("PO Box 81200", "", "Roanoke", "VA", "24038-1200")
    payer = services.setup.save_payer(SavePayer("Blue Ridge PPO", PayerType.GROUP, box))
    second = services.setup.save_payer(SavePayer("Harbor Mutual", PayerType.OTHER, box))
    services.setup.save_procedure(SaveProcedure("99214", 18500, "Visit, established"))
    services.setup.save_procedure(SaveProcedure("20610", 16500, "Joint injection"))
    patient = services.patients.save(
        SavePatient(
            last="Ames",
            first="Ruth",
            middle="E",
            birth_date=date(1964, 4, 17),
            sex="F",
            address=Address("118 Orchard Ln", "", "Salem", "VA", "24153"),
            phone="5405550118",
            release_signature_date=date(2026, 1, 5),
            policies=(
                SavePolicy(payer, "XQK 8841 0072", group_number="77120", plan_name="Ridge"),
                SavePolicy(second, "HM2260914", rank=2, plan_name="Harbor"),
            ),
        )
    ).patient_id
    encounter = services.encounters.save(
        SaveEncounter(
            patient_id=patient,
            provider_id=provider,
            service_date=date(2026, 10, 22),
            facility_id=office_place(services),
            diagnoses=("M17.11", "I10"),
            lines=(
                SaveLine("99214", modifiers="25", pointers="AB"),
                SaveLine("20610", modifiers="RT", pointers="A"),
            ),
        )
    ).encounter_id
    return Small(provider, payer, second, patient, encounter)
