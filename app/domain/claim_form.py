"""The claim exactly as it leaves the practice: paper, edits and wire read this and nothing else.

Values are kept as facts (dates, cents, names in parts); how a payer wants them written is decided
by whoever writes them, guided by ``PrintRules``. Text is as the biller typed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.money import Cents


class PayerType(StrEnum):
    """What item 1 marks; workers' comp, auto and HMO plans go under OTHER on the form."""

    MEDICARE = "medicare"
    MEDICAID = "medicaid"
    TRICARE = "tricare"
    CHAMPVA = "champva"
    GROUP = "group"
    FECA = "feca"
    OTHER = "other"
    WORKERS_COMP = "workers_comp"
    AUTO = "auto"


class Relationship(StrEnum):
    """Patient's relationship to the insured (item 6)."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class MultiPage(StrEnum):
    """What a payer wants when a claim has more than six lines (item 28)."""

    SEPARATE = "separate"  # each sheet is a claim of its own with its own total
    CONTINUED_LAST_PAGE = "continued_last_page"  # CONTINUED, total on the last sheet
    GRAND_TOTAL_EACH = "grand_total_each"  # the whole total on every sheet


class Box29(StrEnum):
    """What item 29 holds."""

    PATIENT_ONLY = "patient_only"
    PRIOR_PAYERS_PLUS_PATIENT = "prior_payers_plus_patient"
    BLANK = "blank"


class ReferringOrder(StrEnum):
    """How item 17 is written: NUCC ``FIRST M LAST CREDENTIALS`` or Medicare ``FIRST LAST``."""

    NUCC = "nucc"
    FIRST_LAST = "first_last"


@dataclass(frozen=True, slots=True)
class PrintRules:
    """How this claim is written; the practice's settings overlaid with the payer's own wishes."""

    date_style: str = "MMDDYY"  # items 14, 15, 16, 18: MMDDYY or MMDDYYYY
    signature_text: str = "SIGNATURE ON FILE"  # items 12, 13, 31
    print_release_date: bool = False  # item 12 date
    box20_no_when_none: bool = True
    medigap_prefix: str = "MEDIGAP"  # item 9a
    zip_hyphen: bool = False
    multi_page: MultiPage = MultiPage.SEPARATE
    one_pointer_per_line: bool = False
    box29: Box29 = Box29.PRIOR_PAYERS_PLUS_PATIENT
    referring_order: ReferringOrder | None = None  # None: Medicare FIRST_LAST, others NUCC
    taxonomy_24j: bool = False  # ZZ + rendering taxonomy in shaded 24I/24J
    taxonomy_33b: bool = False  # ZZ + billing taxonomy
    emg_in_24c: bool = False
    epsdt_in_24h: bool = False
    anesthesia_times_in_shaded: bool = False
    accepts_plain_paper: bool = False


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, as typed."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""
    credentials: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A US postal address; ``zip`` may hold 5 or 9 digits, with or without hyphen."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class ClaimPayer:
    """The payer this claim goes to (carrier block, item 1)."""

    name: str
    type: PayerType
    address: Address = Address()
    electronic_id: str = ""


@dataclass(frozen=True, slots=True)
class Insured:
    """The policyholder: a person, or for workers' comp the employer (``organization``)."""

    name: PersonName | None = None
    organization: str = ""
    birth_date: date | None = None
    sex: str = ""  # M, F or unknown
    address: Address = Address()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ClaimPolicy:
    """One of the patient's policies as it stood for this encounter.

    ``insured`` is None when the patient is the insured. ``rank`` 1 is billed first.
    """

    rank: int
    payer_name: str
    payer_type: PayerType
    relationship: Relationship
    member_id: str
    insured: Insured | None = None
    group_number: str = ""
    plan_name: str = ""
    assignment_of_benefits: bool = True
    msp_type: str = ""  # why Medicare is secondary: 12, 13, 14, 15, 16, 41, 43, 47
    medigap: bool = False
    coba_id: str = ""
    claim_number: str = ""  # property/casualty or workers' comp claim number (item 11b, Y4)


@dataclass(frozen=True, slots=True)
class ClaimPatient:
    """Items 2, 3, 5, 12 and 26."""

    name: PersonName
    birth_date: date | None
    sex: str
    address: Address
    phone: str = ""
    account_no: str = ""
    release_signature_date: date | None = None


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Who is paid: items 25, 33, 33a, 33b."""

    name: str
    address: Address
    phone: str
    npi: str
    tax_id: str
    tax_id_type: str  # EIN or SSN
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class RenderingProvider:
    """Who did it: items 24J and 31."""

    name: PersonName
    npi: str
    taxonomy: str = ""
    signature_on_file: bool = True


@dataclass(frozen=True, slots=True)
class ReferringProvider:
    """Items 17, 17a, 17b. ``qualifier``: DN referring, DK ordering, DQ supervising."""

    qualifier: str
    name: PersonName
    npi: str = ""
    other_id: str = ""
    other_id_qualifier: str = ""


@dataclass(frozen=True, slots=True)
class ServiceFacility:
    """Item 32."""

    name: str
    address: Address
    npi: str = ""


@dataclass(frozen=True, slots=True)
class DrugCode:
    """NDC of a line: ``code`` as on the package, ``unit`` F2 GR ME ML UN, quantity as typed."""

    code: str
    unit: str
    quantity: str


@dataclass(frozen=True, slots=True)
class QualifiedDate:
    """A date with its three-digit qualifier (items 14 and 15)."""

    date: date
    qualifier: str


@dataclass(frozen=True, slots=True)
class DateSpan:
    """From and to; ``to`` is None while it lasts (items 16 and 18)."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ConditionRelated:
    """Items 10a-10c; None means not answered."""

    employment: bool | None = None
    auto: bool | None = None
    auto_state: str = ""
    other: bool | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One service line (item 24). ``line_id`` is the charge line's own id."""

    line_id: int
    service_from: date
    service_to: date
    place_of_service: str
    code: str
    charge_cents: Cents
    units: str = "1"  # whole or with a decimal part, as printed
    modifiers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()  # letters A-L in print order
    emergency: bool = False
    epsdt: str = ""  # AV, S2, ST, NU
    family_planning: bool = False
    drug: DrugCode | None = None
    supplemental: str = ""  # free shaded text, with its qualifier
    anesthesia_start: str = ""  # HHMM
    anesthesia_end: str = ""
    anesthesia_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """A whole claim. ``policy`` is the one billed; ``other_policies`` are the rest, by rank."""

    claim_number: str
    signed_on: date  # item 31
    payer: ClaimPayer
    rules: PrintRules
    policy: ClaimPolicy
    patient: ClaimPatient
    billing: BillingProvider
    rendering: RenderingProvider
    lines: tuple[ClaimLine, ...]
    diagnoses: tuple[str, ...]  # item 21, with or without the decimal point, A first
    other_policies: tuple[ClaimPolicy, ...] = ()
    facility: ServiceFacility | None = None
    referring: ReferringProvider | None = None
    related: ConditionRelated = field(default_factory=ConditionRelated)
    onset: QualifiedDate | None = None  # 14
    other_date: QualifiedDate | None = None  # 15
    unable_to_work: DateSpan | None = None  # 16
    hospital: DateSpan | None = None  # 18
    additional_info: str = ""  # 19
    outside_lab_cents: Cents | None = None  # 20; None: no outside lab
    frequency: str = "1"  # 22: 1 original, 7 replacement, 8 void
    original_reference: str = ""  # 22
    authorization: str = ""  # 23
    claim_codes: str = ""  # 10d
    accept_assignment: bool = True  # 27
    patient_paid_cents: Cents = Cents(0)  # 29
    prior_paid_cents: Cents = Cents(0)  # 29, what earlier payers paid

    @property
    def total_cents(self) -> Cents:
        """Sum of the lines' charges (item 28)."""
        return Cents(sum(line.charge_cents for line in self.lines))
