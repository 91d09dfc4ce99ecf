"""Inner functions: rows as the values a ``ClaimForm`` is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.domain.claim_form import (
    BillingProvider,
    ClaimLine,
    ClaimPatient,
    ClaimPolicy,
    ConditionRelated,
    DateSpan,
    DrugCode,
    Insured,
    PayerType,
    PersonName,
    QualifiedDate,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.money import Cents
from app.models.people import Facility, Patient, Payer, Policy, Practice, Provider
from app.models.people import ReferringProvider as ReferringRow
from app.models.visits import ChargeLine, Encounter
from app.services._addresses import address_of
from app.services._policies import insured_of


def policy_value(policy: Policy, payer: Payer, rank: int) -> ClaimPolicy:
    """A policy as it stood for the encounter."""
    return ClaimPolicy(
        rank=rank,
        payer_name=payer.name,
        payer_type=PayerType(payer.type),
        relationship=Relationship(policy.relationship),
        member_id=policy.member_id,
        insured=insured_value(policy),
        group_number=policy.group_number or "",
        plan_name=policy.plan_name or "",
        assignment_of_benefits=policy.assignment_of_benefits,
        msp_type=policy.msp_type or "",
        medigap=policy.medigap,
        coba_id=policy.coba_id or "",
        claim_number=policy.claim_number or "",
    )


def insured_value(policy: Policy) -> Insured | None:
    """The policyholder; None when the patient is."""
    person = insured_of(policy)
    if person is None:
        return None
    name = PersonName(person.last, person.first, person.middle, person.suffix)
    return Insured(
        name=name if person.last else None,
        organization=person.organization,
        birth_date=person.birth_date,
        sex=person.sex,
        address=person.address,
        phone=person.phone,
    )


def name_value(row: Any) -> PersonName:
    """A person's name in parts."""
    credentials = getattr(row, "credentials", None) or ""
    return PersonName(row.last, row.first, row.middle or "", row.suffix or "", credentials)


def patient_value(row: Patient) -> ClaimPatient:
    """Items 2, 3, 5, 12 and 26."""
    return ClaimPatient(
        name=name_value(row),
        birth_date=row.birth_date,
        sex=row.sex or "",
        address=address_of(row),
        phone=row.phone or "",
        account_no=row.account_no,
        release_signature_date=row.release_signature_date,
    )


def billing_value(row: Practice) -> BillingProvider:
    """Items 25 and 33."""
    return BillingProvider(
        name=row.name,
        address=address_of(row),
        phone=row.phone or "",
        npi=row.npi,
        tax_id=row.tax_id,
        tax_id_type=row.tax_id_type,
        taxonomy=row.taxonomy or "",
    )


def rendering_value(row: Provider) -> RenderingProvider:
    """Items 24J and 31."""
    return RenderingProvider(name_value(row), row.npi, row.taxonomy or "", row.signature_on_file)


def facility_value(session: Session, facility_id: int | None) -> ServiceFacility | None:
    """Item 32; None when none is recorded."""
    row = session.get(Facility, facility_id) if facility_id else None
    if row is None:
        return None
    return ServiceFacility(row.name, address_of(row), row.npi or "")


def referring_value(session: Session, encounter: Encounter) -> ReferringProvider | None:
    """Item 17; None when none is recorded."""
    row = session.get(ReferringRow, encounter.referring_id) if encounter.referring_id else None
    if row is None:
        return None
    return ReferringProvider(
        qualifier=encounter.referring_qualifier or "DN",
        name=name_value(row),
        npi=row.npi or "",
        other_id=row.other_id or "",
        other_id_qualifier=row.other_id_qualifier or "",
    )


def line_value(row: ChargeLine) -> ClaimLine:
    """One line of item 24."""
    drug = (
        DrugCode(row.ndc_code, row.ndc_unit or "", row.ndc_quantity or "") if row.ndc_code else None
    )
    return ClaimLine(
        line_id=row.id,
        service_from=row.service_from,
        service_to=row.service_to,
        place_of_service=row.place_of_service,
        code=row.code,
        charge_cents=Cents(row.charge_cents),
        units=row.units,
        modifiers=tuple((row.modifiers or "").split()),
        pointers=tuple(row.pointers or ""),
        emergency=row.emergency,
        epsdt=row.epsdt or "",
        family_planning=row.family_planning,
        drug=drug,
        supplemental=row.supplemental or "",
        anesthesia_start=row.anesthesia_start or "",
        anesthesia_end=row.anesthesia_end or "",
        anesthesia_minutes=row.anesthesia_minutes,
    )


def conditions_value(row: Encounter) -> dict[str, Any]:
    """Items 10, 14-20, 23, 10d and 27. An accident's date stands in item 14 when no onset does."""
    onset_date = row.onset_date or row.accident_date
    lab = row.outside_lab_cents
    return {
        "related": ConditionRelated(
            row.related_employment, row.related_auto, row.auto_state or "", row.related_other
        ),
        "onset": QualifiedDate(onset_date, row.onset_qualifier or "431") if onset_date else None,
        "other_date": QualifiedDate(row.other_date, row.other_date_qualifier or "")
        if row.other_date
        else None,
        "unable_to_work": DateSpan(row.unable_from, row.unable_to) if row.unable_from else None,
        "hospital": DateSpan(row.hospital_from, row.hospital_to) if row.hospital_from else None,
        "additional_info": row.additional_info or "",
        "outside_lab_cents": None if lab is None else Cents(lab),
        "authorization": row.prior_authorization or row.clia or row.mammography_certificate or "",
        "claim_codes": row.claim_codes or "",
        "accept_assignment": row.accept_assignment,
    }
