"""Commands and rows about encounters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import QualifiedDate
from app.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class SaveLine:
    """One service line. ``modifiers`` and ``pointers`` as typed: ``25 RT``, ``AB``.

    ``service_from`` None means the encounter's date; ``charge_cents`` None means the practice's
    own charge for the code.
    """

    code: str
    charge_cents: int | None = None
    modifiers: str = ""
    pointers: str = ""
    units: str = "1"
    service_from: date | None = None
    service_to: date | None = None
    place_of_service: str = ""
    emergency: bool = False
    epsdt: str = ""
    family_planning: bool = False
    ndc_code: str = ""
    ndc_unit: str = ""
    ndc_quantity: str = ""
    supplemental: str = ""
    anesthesia_start: str = ""
    anesthesia_end: str = ""
    anesthesia_minutes: int | None = None
    description: str = ""
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveEncounter:
    """A visit as far as it is known; a draft may miss anything but patient, provider and date.

    ``policy_ids`` None: the policies in force on the day, by their order; empty: self-pay.
    """

    patient_id: int
    provider_id: int
    service_date: date
    facility_id: int | None = None
    place_of_service: str = ""
    referring_id: int | None = None
    referring_qualifier: str = ""
    policy_ids: tuple[int, ...] | None = None
    diagnoses: tuple[str, ...] = ()
    lines: tuple[SaveLine, ...] = ()
    related_employment: bool | None = False
    related_auto: bool | None = False
    auto_state: str = ""
    related_other: bool | None = False
    accident_date: date | None = None
    onset: QualifiedDate | None = None
    other_date: QualifiedDate | None = None
    unable_from: date | None = None
    unable_to: date | None = None
    hospital_from: date | None = None
    hospital_to: date | None = None
    prior_authorization: str = ""
    clia: str = ""
    mammography_certificate: str = ""
    claim_codes: str = ""
    additional_info: str = ""
    outside_lab_cents: int | None = None
    accept_assignment: bool = True
    signed: bool = True
    abn_on_file: bool | None = None
    chart_note: str = ""
    encounter_id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EncounterSaved:
    """The id, its version for the next save, and what to look at."""

    encounter_id: int
    version: int
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ChargesPosted:
    """What posting made: the total (cents) and the claims by number and id, first payer first."""

    journal_id: int
    total_cents: int
    claim_ids: tuple[int, ...]
    first_payer: str  # empty: the patient pays
    forgiven_cents: int = 0  # by the household's sliding fee
    over_estimate_cents: int = 0  # how far the charges lie above the good faith estimate


@dataclass(frozen=True, slots=True)
class EncounterRow:
    """An encounter in the queue. ``state``: draft, coded, on hold, posted, billed, voided.

    ``recurring``: it was made of a visit that comes again. ``hold_until``: when one on hold is to
    be looked at again; ``hold_over``: that day has come.
    """

    encounter_id: int
    patient_id: int
    patient_name: str
    service_date: date
    provider: str
    payer: str
    codes: str
    total_cents: int
    state: str
    note: str = ""
    recurring: bool = False
    hold_until: date | None = None
    hold_over: bool = False


@dataclass(frozen=True, slots=True)
class EncounterView:
    """An encounter opened for work: the command that would save it, and its state."""

    command: SaveEncounter
    state: str
    patient_name: str
    provider_name: str
    payers: tuple[str, ...]
    total_cents: int
    hold_reason: str = ""
    hold_until: date | None = None
