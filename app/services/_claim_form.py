"""Inner function: builds the ``ClaimForm`` of a claim from its rows, once, for paper and wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cattrs.preconf.json import make_converter
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.books import Account
from app.domain.claim_form import (
    Box29,
    ClaimForm,
    ClaimPayer,
    MultiPage,
    PayerType,
    PrintRules,
    ReferringOrder,
)
from app.domain.errors import Refused
from app.domain.money import Cents
from app.models.books import Payment, Posting
from app.models.people import (
    Patient,
    Payer,
    Policy,
    Practice,
    Provider,
)
from app.models.visits import ChargeLine, Claim, Diagnosis, Encounter, EncounterCoverage
from app.models.visits import ClaimLine as ClaimLineRow
from app.services._addresses import address_of
from app.services._claim_values import (
    billing_value,
    conditions_value,
    facility_value,
    line_value,
    patient_value,
    policy_value,
    referring_value,
    rendering_value,
)
from app.services.people_commands import SavePayer
from app.services.setup import read_setting

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


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """The rows a claim is made of; those of a visit still being coded are not kept anywhere yet.

    Attributes:
        policy_id: the policy billed.
        coverage: every policy of the visit with its payer and rank, first payer first.
        paid: items 29: what the patient and what earlier payers paid (cents).
    """

    encounter: Encounter
    lines: Sequence[ChargeLine]
    diagnoses: tuple[str, ...]
    policy_id: int
    coverage: Sequence[tuple[Policy, Payer, int]]
    number: str = ""
    frequency: str = "1"
    original_reference: str = ""
    paid: tuple[Cents, Cents] = (Cents(0), Cents(0))


def build(session: Session, claim: Claim, signed_on: date) -> ClaimForm:
    """The claim as it would leave today.

    Raises:
        Refused: ``practice_not_set_up`` before the practice's own data is entered.
    """
    return assemble(session, parts_of(session, claim), signed_on)


def parts_of(session: Session, claim: Claim) -> ClaimParts:
    """The rows a claim is made of."""
    encounter = session.get_one(Encounter, claim.encounter_id)
    lines = _lines(session, claim.id)
    return ClaimParts(
        encounter=encounter,
        lines=lines,
        diagnoses=_diagnoses(session, encounter.id),
        policy_id=claim.policy_id,
        coverage=_with_own_policy(session, claim, coverage_of(session, encounter.id)),
        number=claim.number,
        frequency=claim.frequency,
        original_reference=claim.original_reference or "",
        paid=_paid(session, claim, lines),
    )


def assemble(session: Session, parts: ClaimParts, signed_on: date) -> ClaimForm:
    """The form made of its rows.

    Raises:
        Refused: ``practice_not_set_up`` before the practice's own data is entered.
    """
    practice = session.get(Practice, 1)
    if practice is None:
        raise Refused("practice_not_set_up", "Enter the practice's own data in Setup first.")
    encounter = parts.encounter
    payer = next(payer for policy, payer, _ in parts.coverage if policy.id == parts.policy_id)
    policies = {
        policy.id: policy_value(policy, payer, rank) for policy, payer, rank in parts.coverage
    }
    return ClaimForm(
        claim_number=parts.number,
        signed_on=signed_on,
        payer=ClaimPayer(
            payer.name, PayerType(payer.type), address_of(payer), payer.electronic_id or ""
        ),
        rules=rules_of(session, payer),
        policy=policies.pop(parts.policy_id),
        other_policies=tuple(policies.values()),
        patient=patient_value(session.get_one(Patient, encounter.patient_id)),
        billing=billing_value(practice),
        rendering=rendering_value(session.get_one(Provider, encounter.provider_id)),
        lines=tuple(line_value(line) for line in parts.lines),
        diagnoses=parts.diagnoses,
        facility=facility_value(session, encounter.facility_id),
        referring=referring_value(session, encounter),
        frequency=parts.frequency,
        original_reference=parts.original_reference,
        patient_paid_cents=parts.paid[0],
        prior_paid_cents=parts.paid[1],
        **conditions_value(encounter),
    )


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


def coverage_of(session: Session, encounter_id: int) -> list[tuple[Policy, Payer, int]]:
    """Every policy of an encounter with its payer and rank, first payer first."""
    rows = session.execute(
        select(Policy, Payer, EncounterCoverage.rank)
        .join(EncounterCoverage, EncounterCoverage.policy_id == Policy.id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(EncounterCoverage.encounter_id == encounter_id)
        .order_by(EncounterCoverage.rank)
    )
    return [(policy, payer, rank) for policy, payer, rank in rows]


def _with_own_policy(
    session: Session, claim: Claim, coverage: list[tuple[Policy, Payer, int]]
) -> list[tuple[Policy, Payer, int]]:
    """A claim that was voided still shows the policy it was made for, which left the visit."""
    if any(policy.id == claim.policy_id for policy, _, _ in coverage):
        return coverage
    policy = session.get_one(Policy, claim.policy_id)
    return [*coverage, (policy, session.get_one(Payer, policy.payer_id), claim.rank)]


def _paid(session: Session, claim: Claim, lines: Sequence[ChargeLine]) -> tuple[Cents, Cents]:
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
    return Cents(max(row[0], 0)), Cents(max(row[1], 0))
