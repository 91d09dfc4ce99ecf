"""Items 9 and 11 with their letters: the other plan and the insured's own."""

from __future__ import annotations

from app.domain.claim_form import ClaimForm, ClaimPolicy
from app.domain.coverage import (
    insured_person,
    insured_policy,
    other_policy,
    patient_is_insured,
    primary_to_medicare,
)
from app.domain.payer_rules import rules_for
from app.printing.items.entries import Entries, long_date, sex, yes_no
from app.printing.items.people import holder_name
from app.printing.text import Written, identifier, joined, prose


def other_insured(form: ClaimForm) -> Entries:
    """Items 9, 9a and 9d; 9b and 9c are reserved.

    Medigap: SAME when the patient is insured, the prefix and number run together, the COBA number
    in 9d (Medicare Claims Processing Manual ch. 26). Others: group number, else member number.
    """
    policy = other_policy(form)
    if policy is None:
        return {}
    if rules_for(form.payer.type).medicare:
        return _medigap(form, policy)
    return {
        "9": holder_name(insured_person(form, policy)),
        "9a": identifier(policy.group_number or policy.member_id),
        "9d": prose(policy.plan_name),
    }


def _medigap(form: ClaimForm, policy: ClaimPolicy) -> Entries:
    same = patient_is_insured(policy)
    prefix, number = identifier(form.rules.medigap_prefix), identifier(policy.member_id)
    return {
        "9": Written("SAME") if same else holder_name(insured_person(form, policy)),
        "9a": joined("", prefix, number),
        "9d": identifier(policy.coba_id),
    }


def insured_plan(form: ClaimForm) -> Entries:
    """Items 11 and 11a-11d.

    Medicare never leaves 11 empty: the primary payer's group (else policy) number, or NONE, and
    skips 11d (manual ch. 26, item 11). Y4 in 11b is the property and casualty claim number (NUCC).
    """
    if rules_for(form.payer.type).medicare:
        return _plan_before_medicare(form)
    policy = form.policy
    return {
        "11": identifier(policy.group_number),
        **_birth(form),
        "11b_qualifier": Written("Y4" if policy.claim_number else ""),
        "11b_id": identifier(policy.claim_number),
        "11c": prose(policy.plan_name),
        **yes_no("11d", bool(form.other_policies)),
    }


def _plan_before_medicare(form: ClaimForm) -> Entries:
    primary = primary_to_medicare(form)
    if primary is None:
        return {"11": Written("NONE")}
    return {
        "11": identifier(primary.group_number or primary.member_id),
        **_birth(form),
        "11c": prose(primary.plan_name),
    }


def _birth(form: ClaimForm) -> Entries:
    """11a: birth date and sex of the insured; an employer has neither."""
    policy = insured_policy(form)
    if policy is None or rules_for(policy.payer_type).insured_is_employer:
        return {}
    holder = insured_person(form, policy)
    return {**long_date("11a", holder.birth_date), **sex("11a_sex", holder.sex)}
