"""Commands and rows about the practice, its people, payers, patients and policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import Address, PayerType, Relationship


@dataclass(frozen=True, slots=True)
class SavePractice:
    """The billing provider. ``npi_type`` 1 individual, 2 organisation."""

    name: str
    address: Address
    phone: str
    npi: str
    tax_id: str
    tax_id_type: str = "EIN"
    npi_type: int = 2
    taxonomy: str = ""
    pay_to_name: str = ""
    pay_to: Address = Address()
    fte: int | None = None
    medicare_paper_exception: bool = False


@dataclass(frozen=True, slots=True)
class SaveProvider:
    """A rendering provider; ``provider_id`` None makes a new one."""

    last: str
    first: str
    npi: str
    middle: str = ""
    suffix: str = ""
    credentials: str = ""
    taxonomy: str = ""
    medicare_participating: bool = True
    signature_on_file: bool = True
    active: bool = True
    provider_id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveFacility:
    """A place where services are rendered."""

    name: str
    address: Address
    place_of_service: str
    npi: str = ""
    phone: str = ""
    active: bool = True
    facility_id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveReferring:
    """A referring, ordering or supervising provider."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""
    credentials: str = ""
    npi: str = ""
    other_id: str = ""
    other_id_qualifier: str = ""
    is_person: bool = True
    medicare_enrolled: bool | None = None
    active: bool = True
    referring_id: int | None = None


@dataclass(frozen=True, slots=True)
class SavePayer:
    """A payer with its wishes on paper. Code lists are typed separated by blanks or commas."""

    name: str
    type: PayerType
    address: Address = Address()
    phone: str = ""
    electronic_id: str = ""
    contracted: bool = True
    capitated: bool = False
    nsa_protected: bool = False
    forwards_to_secondary: bool = False
    multi_page: str = "separate"
    one_pointer_per_line: bool = False
    accepts_plain_paper: bool = False
    box29: str = "prior_payers_plus_patient"
    referring_order: str | None = None
    zip_hyphen: bool = False
    date_style: str | None = None
    signature_text: str | None = None
    taxonomy_24j: bool = False
    taxonomy_33b: bool = False
    emg_in_24c: bool = False
    epsdt_in_24h: bool = False
    anesthesia_times_in_shaded: bool = False
    ndc_required: bool = False
    telehealth_modifier: str = ""
    prior_auth_required_codes: str = ""
    referring_required_codes: str = ""
    id_mask: str = ""
    bilateral: str | None = None
    separate_denied_lines: bool = False
    forbids_month_span: bool = False
    wants_preventive_33: bool = False
    enrolled_tax_id: str = ""
    enrolled_npi: str = ""
    edits_off: str = ""
    timely_filing_days: int | None = None
    follow_up_days: int | None = None
    charge_schedule_id: int | None = None
    contract_schedule_id: int | None = None
    active: bool = True
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveProcedure:
    """A line of the practice's own charge master.

    What stands here is filled into a line of a visit when its code is typed. ``charge_cents``: the
    charge of one unit today. ``diagnoses`` up to four codes, to point to when the visit has them;
    ``ndc_quantity`` for one unit; ``minutes_per_unit`` None: not billed by time.
    """

    code: str
    charge_cents: int
    wording: str = ""
    modifiers: str = ""
    units: str = ""
    place_of_service: str = ""
    diagnoses: str = ""
    ndc_code: str = ""
    ndc_unit: str = ""
    ndc_quantity: str = ""
    minutes_per_unit: int | None = None
    eight_minute_rule: bool = False
    effective: date | None = None
    termination: date | None = None
    clia_required: bool = False
    waived_test: bool = False
    single_dose: bool = False
    category: str = ""
    active: bool = True
    procedure_id: int | None = None


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """The policyholder when it is not the patient; ``organization`` for workers' comp."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    organization: str = ""
    birth_date: date | None = None
    sex: str = ""
    address: Address = Address()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SavePolicy:
    """A patient's coverage; ``policy_id`` None adds one. ``insured`` None: the patient himself."""

    payer_id: int
    member_id: str
    rank: int = 1
    relationship: Relationship = Relationship.SELF
    insured: InsuredPerson | None = None
    group_number: str = ""
    plan_name: str = ""
    effective: date | None = None
    termination: date | None = None
    assignment_of_benefits: bool = True
    copay_cents: int | None = None
    msp_type: str = ""
    medigap: bool = False
    coba_id: str = ""
    claim_number: str = ""
    policy_id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveGuarantor:
    """Who gets the statements when it is not the patient."""

    last: str
    first: str
    middle: str = ""
    address: Address = Address()
    phone: str = ""
    birth_date: date | None = None
    guarantor_id: int | None = None


@dataclass(frozen=True, slots=True)
class SavePatient:
    """A patient with the policies typed on the same screen; ``patient_id`` None makes a new one.

    ``version`` is the one read; when somebody saved in between, the save is refused.
    """

    last: str
    first: str
    birth_date: date | None
    middle: str = ""
    suffix: str = ""
    sex: str = ""
    address: Address = Address()
    phone: str = ""
    email: str = ""
    account_no: str = ""
    guarantor: SaveGuarantor | None = None
    release_signature_date: date | None = None
    death_date: date | None = None
    do_not_bill_insurance: bool = False
    hospice: bool = False
    qmb: bool = False
    alert: str = ""
    policies: tuple[SavePolicy, ...] = ()
    patient_id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a short list: id, what it is called, a detail."""

    key: int
    title: str
    detail: str = ""
