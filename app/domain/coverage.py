"""Whose insurance stands where: items 4, 6, 7, 9 and 11 are about up to two policies."""

from __future__ import annotations

from app.domain.claim_form import Box29, ClaimForm, ClaimPolicy, Insured, Relationship
from app.domain.money import Cents
from app.domain.payer_rules import rules_for


def primary_to_medicare(form: ClaimForm) -> ClaimPolicy | None:
    """The policy that pays before Medicare on a Medicare claim (MSP), or None.

    Source: Medicare Claims Processing Manual ch. 26, item 11.
    """
    if not rules_for(form.payer.type).medicare:
        return None
    earlier = [p for p in form.other_policies if p.rank < form.policy.rank]
    return min(earlier, key=lambda p: p.rank, default=None)


def insured_policy(form: ClaimForm) -> ClaimPolicy | None:
    """The policy that items 4, 6, 7 and 11 speak of: the one billed; with Medicare the one before.

    None for Medicare primary, where those items stay blank.
    """
    if rules_for(form.payer.type).medicare:
        return primary_to_medicare(form)
    return form.policy


def other_policy(form: ClaimForm) -> ClaimPolicy | None:
    """The policy of items 9, 9a and 9d.

    Medicare: only a Medigap policy whose benefits the patient assigns to a provider who accepts
    assignment (manual ch. 26, item 9). Others: the first other policy by rank.
    """
    others = sorted(form.other_policies, key=lambda p: p.rank)
    if rules_for(form.payer.type).medicare:
        others = [p for p in others if p.medigap and p.assignment_of_benefits]
        return others[0] if others and form.accept_assignment else None
    return others[0] if others else None


def insured_person(form: ClaimForm, policy: ClaimPolicy) -> Insured:
    """The policyholder; the patient where none is recorded or the plan knows no dependants.

    For workers' compensation an employer that is not recorded leaves an empty policyholder.
    """
    rules = rules_for(policy.payer_type)
    if policy.insured is not None and not rules.member_is_patient:
        return policy.insured
    if rules.insured_is_employer:
        return Insured()
    patient = form.patient
    return Insured(
        name=patient.name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        address=patient.address,
        phone=patient.phone,
    )


def patient_is_insured(policy: ClaimPolicy) -> bool:
    """True when the policy is the patient's own."""
    rules = rules_for(policy.payer_type)
    return rules.member_is_patient or (policy.insured is None and not rules.insured_is_employer)


def relationship(policy: ClaimPolicy) -> Relationship:
    """What item 6 marks."""
    rules = rules_for(policy.payer_type)
    if rules.insured_is_employer:
        return Relationship.OTHER
    return Relationship.SELF if rules.member_is_patient else policy.relationship


def amount_paid(form: ClaimForm) -> Cents:
    """Item 29 in cents for the whole claim; zero prints as a blank.

    Medicare counts the patient's money only; others add what earlier payers paid (NUCC item 29,
    Medicare Claims Processing Manual ch. 26).
    """
    rule = form.rules.box29
    if rule is Box29.BLANK:
        return Cents(0)
    if rule is Box29.PATIENT_ONLY or rules_for(form.payer.type).medicare:
        return form.patient_paid_cents
    return Cents(form.patient_paid_cents + form.prior_paid_cents)
