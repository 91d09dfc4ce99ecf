"""A practice with something to code: payers, a charge list, patients, earlier visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.domain.claim_form import Address, PayerType
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import (
    SaveFacility,
    SavePatient,
    SavePayer,
    SavePolicy,
    SaveProcedure,
    SaveReferring,
)
from app.ui.changes import Changes
from app.ui.page import Page, PageSpec
from app.ui.pages.encounters import EncountersPage
from app.ui.pages.encounters_aids import Aids
from app.ui.window import MainWindow
from tests.office import office_place, set_up
from tests.ui.pages.office import KeptSheets

TODAY = date(2026, 11, 23)
HOME = Address("12 Elm St", "", "Salem", "VA", "24153")
CHARGES = (
    ("99213", 14500, "Visit, established, moderate", ""),
    ("99214", 18500, "Visit, established, long", ""),
    ("20610", 16500, "Knee injection", ""),
    ("J1030", 6200, "Methylprednisolone 40 mg", ""),
    ("83036", 3500, "A1c in the office", "QW"),
    ("93000", 6000, "EKG with reading", ""),
)


class KeptWidths(dict[str, object]):
    """What a computer would remember."""

    def value(self, key: str, default: object = None, /) -> object:
        return self.get(key, default)

    def setValue(self, key: str, value: object, /) -> None:  # noqa: N802
        self[key] = value


def aids_of(s: Services, kept: KeptWidths | None = None) -> Aids:
    """The aids of the coding window, without a worker."""
    return Aids(
        s.attachments,
        s.note_terms,
        s.recurring,
        s.favourites,
        s.line_codes,
        None,
        KeptWidths() if kept is None else kept,
    )


@dataclass
class CodingOffice:
    """Ids by name."""

    services: Services
    provider: int = 0
    payers: dict[str, int] = field(default_factory=dict)
    patients: dict[str, int] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    sheets: KeptSheets = field(default_factory=KeptSheets)
    kept: KeptWidths = field(default_factory=KeptWidths)

    def save_patient(self, last: str, first: str, *payers: str, **more: object) -> int:
        policies = tuple(
            SavePolicy(
                self.payers[name],
                f"XQK88410{rank}",
                rank,
                plan_name=name,
                effective=date(2025, 1, 1),
            )
            for rank, name in enumerate(payers, start=1)
        )
        command = SavePatient(
            last,
            first,
            date(1964, 2, 3),
            sex="F",
            address=HOME,
            phone="5405550118",
            release_signature_date=date(2025, 1, 2),
            policies=policies,
            **more,  # type: ignore[arg-type]
        )
        self.patients[last] = self.services.patients.save(command).patient_id
        return self.patients[last]

    def visit(
        self, last: str, day: date, codes: str, lines: str, *, post: bool = False, note: str = ""
    ) -> int:
        """Codes and lines as words: ``I10 E11.9``, ``99213:AB 83036-QW:B``."""
        made = []
        for word in lines.split():
            rest, _, pointers = word.partition(":")
            code, _, modifiers = rest.partition("-")
            made.append(SaveLine(code, modifiers=modifiers, pointers=pointers))
        saved = self.services.encounters.save(
            SaveEncounter(
                self.patients[last],
                self.provider,
                day,
                facility_id=office_place(self.services),
                diagnoses=tuple(codes.split()),
                lines=tuple(made),
                chart_note=note,
            )
        )
        if post:
            self.services.encounters.post_charges(saved.encounter_id)
        return saved.encounter_id

    def page(self) -> EncountersPage:
        s = self.services
        return EncountersPage(
            s.encounters,
            s.queue,
            s.coding,
            s.codes,
            s.patients,
            s.directory,
            s.claims,
            s.drafts,
            self.sheets,
            lambda: s.desk.today,
            s.codesets,
            s.scrub,
            aids_of(s, self.kept),
        )

    def window(self) -> MainWindow:
        others = tuple(PageSpec(t.lower(), t, Page) for t in ("Today", "Patients"))
        rest = tuple(PageSpec(t.lower(), t, Page) for t in ("Claims", "Payments", "Setup"))
        mine = PageSpec(EncountersPage.NAME, EncountersPage.TITLE, self.page)
        window = MainWindow((*others, mine, *rest), "Larkfield Family Practice", self.changes)
        self.services.subscribe(self.changes.publish)
        return window


def coding_office(services: Services) -> CodingOffice:
    """Payers, charges, places, three patients and a few earlier visits."""
    office = CodingOffice(services, set_up(services))
    for name, kind in (("Blue Ridge PPO", PayerType.GROUP), ("Harbor Mutual", PayerType.OTHER)):
        office.payers[name] = services.setup.save_payer(
            SavePayer(name, kind, Address("PO Box 1", "", "Salem", "VA", "24153"))
        )
    for code, cents, wording, modifiers in CHARGES:
        services.setup.save_procedure(SaveProcedure(code, cents, wording, modifiers))
    services.setup.save_facility(SaveFacility("Salem Nursing Center", HOME, "31", npi="1245319599"))
    services.setup.save_referring(SaveReferring("Moreau", "Lucien", npi="1679576722"))
    office.save_patient("Ames", "Ruth", "Blue Ridge PPO", "Harbor Mutual")
    office.save_patient("Okafor", "Daniel", "Blue Ridge PPO")
    office.save_patient("Lindqvist", "Åsa")
    office.visit("Ames", date(2026, 9, 14), "M17.11 I10", "99213:AB 20610-RT:A", post=True)
    office.visit("Okafor", date(2026, 10, 5), "E11.9 I10", "99214:AB 83036-QW:A", post=True)
    return office
