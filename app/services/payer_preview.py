"""How a claim to a payer would look with the wishes typed right now: an invented claim, laid out.

Nobody in it exists. It has what the wishes speak of: more than six lines, a referring provider with
credentials, a drug, an emergency, EPSDT, anesthesia times, nine-digit ZIP codes, money received.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.domain.claim_boxes import BoxChange
from app.domain.claim_form import (
    Address,
    BillingProvider,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    ConditionRelated,
    DrugCode,
    Insured,
    PayerType,
    PersonName,
    PrintRules,
    QualifiedDate,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.money import Cents
from app.printing.boxes import differences
from app.printing.claim_pages import lay_out
from app.printing.pdf import claim_pdf
from app.services._claim_form import rules_of
from app.services.desk import Desk
from app.services.people_commands import SavePayer

_DAY = date(2026, 5, 8)
_HOME = Address("27 Alder Ct", "", "Fairhaven", "VT", "05743-1187")
_OFFICE = Address("400 Mill St", "Suite 3", "Fairhaven", "VT", "05743-2204")
_PATIENT = ClaimPatient(
    name=PersonName("Sample", "Robin", "Q"),
    birth_date=date(1961, 9, 14),
    sex="F",
    address=_HOME,
    phone="8025550142",
    account_no="S-100",
    release_signature_date=date(2026, 1, 5),
)
_BILLING = BillingProvider(
    name="Mill Street Practice",
    address=_OFFICE,
    phone="8025550100",
    npi="1234567893",
    tax_id="03-0000000",
    tax_id_type="EIN",
    taxonomy="207Q00000X",
)
_RENDERING = RenderingProvider(
    PersonName("Example", "Alex", credentials="MD"), "1111111112", "207Q00000X"
)
_REFERRING = ReferringProvider(
    "DN", PersonName("Specimen", "Jordan", "T", credentials="MD"), "1234567893"
)
_CODES = (
    *(("99214", "25"), ("J1030", ""), ("20610", "RT"), ("00400", "")),
    *(("99392", ""), ("36415", ""), ("81002", "")),
)


@dataclass(frozen=True, slots=True)
class PayerPreview:
    """A sample claim to a payer.

    Attributes:
        pdf: every sheet, our own drawing of the form.
        changes: boxes that its wishes fill otherwise than a payer without wishes has them.
    """

    pdf: bytes
    changes: tuple[BoxChange, ...]


class PayerPreviewService:
    """Draws sample claims; nothing is kept and nobody's data is read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def preview(self, command: SavePayer) -> PayerPreview:
        """A sample claim to the payer as typed, saved or not."""
        with self._desk.read() as session:
            wished, plain = rules_of(session, command), self._plain(session, command)
        pages = lay_out(sample_form(command, wished))
        usual = lay_out(sample_form(command, plain))
        return PayerPreview(claim_pdf(pages, whole_form=True), differences(usual, pages))

    def _plain(self, session: Session, command: SavePayer) -> PrintRules:
        return rules_of(session, SavePayer(command.name, command.type))


def sample_form(payer: SavePayer, rules: PrintRules) -> ClaimForm:
    """An invented claim of seven lines to ``payer``."""
    return ClaimForm(
        claim_number="10001",
        signed_on=_DAY,
        payer=ClaimPayer(payer.name or "PAYER", payer.type, payer.address),
        rules=rules,
        policy=_policy(payer),
        patient=_PATIENT,
        billing=_BILLING,
        rendering=_RENDERING,
        lines=_lines(),
        diagnoses=("M17.11", "I10", "E11.9"),
        facility=ServiceFacility("Mill Street Practice", _OFFICE),
        referring=_REFERRING,
        related=ConditionRelated(employment=False, auto=False, other=False),
        onset=QualifiedDate(date(2026, 4, 2), "431"),
        patient_paid_cents=Cents(2000),
        prior_paid_cents=Cents(4500),
    )


def _policy(payer: SavePayer) -> ClaimPolicy:
    own = ClaimPolicy(
        rank=1,
        payer_name=payer.name,
        payer_type=payer.type,
        relationship=Relationship.SELF,
        member_id="SAMPLE 12345",
        group_number="G-100",
        plan_name="Sample plan",
    )
    if payer.type is PayerType.WORKERS_COMP:
        employer = Insured(organization="Sample Employer", address=_OFFICE)
        return replace(own, insured=employer, claim_number="WC-100")
    return own


def _lines() -> tuple[ClaimLine, ...]:
    lines = [
        ClaimLine(
            line_id=number,
            service_from=_DAY,
            service_to=_DAY,
            place_of_service="11",
            code=code,
            charge_cents=Cents(2500 * number),
            modifiers=tuple(modifier.split()),
            pointers=("A", "B"),
        )
        for number, (code, modifier) in enumerate(_CODES, start=1)
    ]
    lines[0] = replace(lines[0], emergency=True)
    lines[1] = replace(lines[1], drug=DrugCode("0009-0280-02", "ML", "1"))
    lines[3] = replace(
        lines[3], anesthesia_start="0815", anesthesia_end="0905", anesthesia_minutes=50
    )
    lines[4] = replace(lines[4], epsdt="NU")
    return tuple(lines)
