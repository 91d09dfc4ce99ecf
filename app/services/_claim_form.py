"""Inner function: builds the ``ClaimForm`` of a claim from its rows, once, for paper and wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cattrs.preconf.json import make_converter
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.claim_form import (
    BillingProvider,
    Box29,
    ClaimForm,
    ClaimLine,
    ClaimPatient,
    ClaimPayer,
    ClaimPolicy,
    ConditionRelated,
    DateSpan,
    DrugCode,
    Insured,
    MultiPage,
    PayerType,
    PersonName,
    PrintRules,
    QualifiedDate,
    ReferringOrder,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from app.domain.errors import Refused
from app.domain.money import Cents
from app.models.books import Payment, Posting
from app.models.people import (
    Facility,
    Patient,
    Payer,
    Policy,
    Practice,
    Provider,
)
from app.models.people import (
    ReferringProvider as ReferringRow,
)
from app.models.visits import ChargeLine, Claim, Diagnosis, Encounter, EncounterCoverage
from app.models.visits import ClaimLine as ClaimLineRow
from app.services._policies import insured_of
from app.services.people_commands import SavePayer
from app.services.setup import address_of, read_setting

_JSON = make_converter()


def to_json(form: ClaimForm) -> str:
    """The form as text, to be kept with the printed sheet; it is proved to read back the same.

    Raises:
        RuntimeError: it does not; a bug, and nothing is kept.
    """
    text = _JSON.dumps(form)
    if from_json(text) != form:
        raise RuntimeError("a claim form does not read back as it was written")
    return text


def from_json(text: str) -> ClaimForm:
    """The form as it was kept."""
    return _JSON.loads(text, ClaimForm)


def build(session: Session, claim: Claim, signed_on: date) -> ClaimForm:
    """The claim as it would leave today.

    Raises:
        Refused: ``practice_not_set_up`` before the practice's own data is entered.
    """
    practice = session.get(Practice, 1)
    if practice is None:
        raise Refused("practice_not_set_up", "Enter the practice's own data in Setup first.")
    encounter = session.get_one(Encounter, claim.encounter_id)
    payer = _payer(session, claim.policy_id)
    lines = _lines(session, claim.id)
    policies = _policies(session, encounter)
    mine = next(p for p in policies if p[0] == claim.policy_id)
    return ClaimForm(
        claim_number=claim.number,
        signed_on=signed_on,
        payer=ClaimPayer(
            payer.name, PayerType(payer.type), address_of(payer), payer.electronic_id or ""
        ),
        rules=rules_of(session, payer),
        policy=mine[1],
        other_policies=tuple(p[1] for p in policies if p[0] != claim.policy_id),
        patient=_patient(session.get_one(Patient, encounter.patient_id)),
        billing=_billing(practice),
        rendering=_rendering(session.get_one(Provider, encounter.provider_id)),
        lines=tuple(_line(line) for line in lines),
        diagnoses=_diagnoses(session, encounter.id),
        facility=_facility(session, encounter.facility_id),
        referring=_referring(session, encounter),
        frequency=claim.frequency,
        original_reference=claim.original_reference or "",
        **_conditions(encounter),
        **_paid(session, claim, lines),
    )


def _payer(session: Session, policy_id: int) -> Payer:
    query = select(Payer).join(Policy, Policy.payer_id == Payer.id).where(Policy.id == policy_id)
    return session.execute(query).scalar_one()


def _lines(session: Session, claim_id: int) -> list[ChargeLine]:
    return list(
        session.scalars(
            select(ChargeLine)
            .join(ClaimLineRow, ClaimLineRow.charge_line_id == ChargeLine.id)
            .where(ClaimLineRow.claim_id == claim_id)
            .order_by(ChargeLine.position, ChargeLine.id)
        )
    )


def _diagnoses(session: Session, encounter_id: int) -> tuple[str, ...]:
    query = select(Diagnosis.code).where(Diagnosis.encounter_id == encounter_id)
    return tuple(session.scalars(query.order_by(Diagnosis.position)))


def rules_of(session: Session, payer: Payer | SavePayer) -> PrintRules:
    """The practice's settings overlaid with the payer's own wishes, kept or only typed."""
    order = payer.referring_order
    return PrintRules(
        date_style=payer.date_style or read_setting(session, "date_style"),
        signature_text=payer.signature_text or read_setting(session, "signature_text"),
        print_release_date=read_setting(session, "print_release_date"),
        box20_no_when_none=read_setting(session, "box20_no_when_none"),
        medigap_prefix=read_setting(session, "medigap_prefix"),
        zip_hyphen=payer.zip_hyphen,
        multi_page=MultiPage(payer.multi_page),
        one_pointer_per_line=payer.one_pointer_per_line,
        box29=Box29(payer.box29),
        referring_order=ReferringOrder(order) if order else None,
        taxonomy_24j=payer.taxonomy_24j,
        taxonomy_33b=payer.taxonomy_33b,
        emg_in_24c=payer.emg_in_24c,
        epsdt_in_24h=payer.epsdt_in_24h,
        anesthesia_times_in_shaded=payer.anesthesia_times_in_shaded,
        accepts_plain_paper=payer.accepts_plain_paper,
    )


def _policies(session: Session, encounter: Encounter) -> list[tuple[int, ClaimPolicy]]:
    rows = session.execute(
        select(Policy, Payer, EncounterCoverage.rank)
        .join(EncounterCoverage, EncounterCoverage.policy_id == Policy.id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(EncounterCoverage.encounter_id == encounter.id)
        .order_by(EncounterCoverage.rank)
    )
    return [(policy.id, _policy(policy, payer, rank)) for policy, payer, rank in rows]


def _policy(policy: Policy, payer: Payer, rank: int) -> ClaimPolicy:
    return ClaimPolicy(
        rank=rank,
        payer_name=payer.name,
        payer_type=PayerType(payer.type),
        relationship=Relationship(policy.relationship),
        member_id=policy.member_id,
        insured=_insured(policy),
        group_number=policy.group_number or "",
        plan_name=policy.plan_name or "",
        assignment_of_benefits=policy.assignment_of_benefits,
        msp_type=policy.msp_type or "",
        medigap=policy.medigap,
        coba_id=policy.coba_id or "",
        claim_number=policy.claim_number or "",
    )


def _insured(policy: Policy) -> Insured | None:
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


def _name(row: Any) -> PersonName:
    credentials = getattr(row, "credentials", None) or ""
    return PersonName(row.last, row.first, row.middle or "", row.suffix or "", credentials)


def _patient(row: Patient) -> ClaimPatient:
    return ClaimPatient(
        name=_name(row),
        birth_date=row.birth_date,
        sex=row.sex or "",
        address=address_of(row),
        phone=row.phone or "",
        account_no=row.account_no,
        release_signature_date=row.release_signature_date,
    )


def _billing(row: Practice) -> BillingProvider:
    return BillingProvider(
        name=row.name,
        address=address_of(row),
        phone=row.phone or "",
        npi=row.npi,
        tax_id=row.tax_id,
        tax_id_type=row.tax_id_type,
        taxonomy=row.taxonomy or "",
    )


def _rendering(row: Provider) -> RenderingProvider:
    return RenderingProvider(_name(row), row.npi, row.taxonomy or "", row.signature_on_file)


def _facility(session: Session, facility_id: int | None) -> ServiceFacility | None:
    row = session.get(Facility, facility_id) if facility_id else None
    if row is None:
        return None
    return ServiceFacility(row.name, address_of(row), row.npi or "")


def _referring(session: Session, encounter: Encounter) -> ReferringProvider | None:
    row = session.get(ReferringRow, encounter.referring_id) if encounter.referring_id else None
    if row is None:
        return None
    return ReferringProvider(
        qualifier=encounter.referring_qualifier or "DN",
        name=_name(row),
        npi=row.npi or "",
        other_id=row.other_id or "",
        other_id_qualifier=row.other_id_qualifier or "",
    )


def _line(row: ChargeLine) -> ClaimLine:
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


def _conditions(row: Encounter) -> dict[str, Any]:
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


def _paid(session: Session, claim: Claim, lines: Sequence[ChargeLine]) -> dict[str, Any]:
    """Item 29: what the patient and earlier payers paid on these lines (cents)."""
    # By whose money it is, not by kind: a refund to an insurer lessens what insurers paid.
    patient = case((Payment.payer_id.is_(None), Posting.amount_cents), else_=0)
    insurer = case((Payment.payer_id.is_not(None), Posting.amount_cents), else_=0)
    row = session.execute(
        select(func.coalesce(func.sum(patient), 0), func.coalesce(func.sum(insurer), 0))
        .join(Payment, Payment.id == Posting.payment_id)
        .where(
            Posting.charge_line_id.in_([line.id for line in lines]),
            Posting.account.in_((str(Account.CASH), str(Account.UNAPPLIED))),
            (Posting.claim_id.is_(None)) | (Posting.claim_id != claim.id),
        )
    ).one()
    # A bounced check after a refund leaves less than nothing paid: then item 29 stays blank.
    paid, prior = (Cents(max(cents, 0)) for cents in row)
    return {"patient_paid_cents": paid, "prior_paid_cents": prior}
