"""Edits of items 9, 11 and 13: other plans, Medicare's place among them, claim numbers."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.claim_form import ClaimForm, ClaimPolicy, PayerType
from app.domain.coverage import (
    insured_person,
    other_policy,
    patient_is_insured,
    primary_to_medicare,
)
from app.domain.dates import age_on
from app.domain.findings import Severity
from app.domain.identifiers import normal_id
from app.domain.payer_rules import rules_for
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.edits_insured import incomplete, named
from app.scrub.facts import ScrubFacts
from app.scrub.lines import first_day

# Why Medicare is secondary (CMS value codes as contractors ask for them).
_WORKING_AGED, _DISABILITY = "12", "43"
_MSP_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "43", "47"})
# Reasons that hold for every visit, not only for those an accident or illness brought about.
_LASTING_MSP = frozenset({"12", "13", "43"})
_MEDICARE_AGE = 65
# Payers whose plan has no second signature: they pay the provider by law or contract.
_PAYS_PROVIDER = frozenset({PayerType.MEDICARE, PayerType.MEDICAID, PayerType.WORKERS_COMP})
_PROGRAMS = frozenset(
    {PayerType.MEDICARE, PayerType.MEDICAID, PayerType.TRICARE, PayerType.CHAMPVA, PayerType.FECA}
)


def other_plan(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E017: 11d YES brings 9, 9a and 9d with it; a public program has no plan name of its own."""
    policy = other_policy(form)
    if policy is None:
        return
    start = f"Box 11d says that {policy.payer_name} covers the patient too, but"
    if not named(insured_person(form, policy)):
        yield Hit(f"{start} that policy has no insured's name (box 9). Enter it.", "9")
    if not normal_id(policy.group_number or policy.member_id):
        yield Hit(f"{start} that policy has no group or member number (box 9a). Enter it.", "9a")
    if not policy.plan_name.strip() and policy.payer_type not in _PROGRAMS:
        yield Hit(f"{start} that policy has no plan name (box 9d). Enter it.", "9d")


def medigap(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E018: what a Medigap crossover needs; without assignment of the claim there is none."""
    if not form.accept_assignment:
        return
    for policy in (p for p in form.other_policies if p.medigap):
        start = f"The Medigap crossover to {policy.payer_name} needs"
        if not policy.assignment_of_benefits:
            yield Hit(f"{start} the patient's signature for its benefits (box 13).", "13_signature")
        if not named(insured_person(form, policy)):
            yield Hit(f"{start} the name of its insured (box 9).", "9")
        if not normal_id(policy.member_id):
            yield Hit(f"{start} its policy number (box 9a).", "9a")
        if not normal_id(policy.coba_id):
            yield Hit(f"{start} its five-digit COBA Medigap ID (box 9d).", "9d")


def medicare_place(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E024: NONE means that Medicare is first; else 11 holds the first plan's number."""
    primary = primary_to_medicare(form)
    if primary is None:
        if form.policy.rank > 1 or form.policy.msp_type.strip() in _LASTING_MSP:
            yield Hit(
                "Medicare is recorded as secondary, but no plan stands before it on this visit, so "
                "box 11 would say NONE. Add the primary policy, or make Medicare the first.",
                "11",
            )
    elif not normal_id(primary.group_number or primary.member_id):
        yield Hit(
            f"Medicare is secondary: box 11 needs the group or policy number of "
            f"{primary.payer_name}.",
            "11",
        )


def medicare_secondary(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E025: everything a Medicare-secondary claim is returned without."""
    primary = primary_to_medicare(form)
    if primary is None:
        return
    gaps = list(_gaps(form, primary))
    if not any(d.rank == primary.rank for d in facts.decisions):
        gaps.append(("", "the primary's EOB, posted and attached"))
    if gaps:
        listed = ", ".join(words for _, words in gaps)
        yield Hit(
            f"This Medicare-secondary claim behind {primary.payer_name} still needs: {listed}.",
            gaps[0][0] or "11",
        )


def _gaps(form: ClaimForm, primary: ClaimPolicy) -> Iterator[tuple[str, str]]:
    holder, own = insured_person(form, primary), patient_is_insured(primary)
    if not own and not named(holder):
        yield "4", "the insured's name (4)"
    if not own and any(incomplete(holder.address)):
        yield "7_street", "the insured's address (7)"
    related = form.related
    if None in (related.employment, related.auto, related.other):
        yield "10a_no", "answers to 10a, 10b and 10c"
    if not normal_id(primary.group_number or primary.member_id):
        yield "11", "the primary's policy number (11)"
    employer = rules_for(primary.payer_type).insured_is_employer
    if holder.birth_date is None and not employer:
        yield "11a_month", "the insured's birth date (11a)"
    if not primary.plan_name.strip():
        yield "11c", "the primary's plan name (11c)"


def msp_reason(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E026: the reason is known and fits the age on the first date of service."""
    if primary_to_medicare(form) is None:
        return
    reason, birth, day = form.policy.msp_type.strip(), form.patient.birth_date, first_day(form)
    if reason not in _MSP_TYPES:
        yield Hit(
            "Say on the Medicare policy why Medicare is secondary (12 working aged, 13 ESRD, 14 "
            "no-fault, 15 workers' comp, 16 PHS, 41 black lung, 43 disability, 47 liability).",
            "11",
        )
    elif birth is not None and day is not None:
        age = age_on(birth, day)
        if reason == _WORKING_AGED and age < _MEDICARE_AGE:
            yield Hit(
                f"Reason 12 (working aged) needs age 65; the patient is {age}. With a disability "
                "and a large group plan it is 43.",
                "11",
            )
        elif reason == _DISABILITY and age >= _MEDICARE_AGE:
            yield Hit(
                f"Reason 43 (disability) ends at 65; the patient is {age}. While somebody works it "
                "is 12.",
                "11",
            )


def casualty_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E027: workers' compensation and auto carriers find a claim by their own number."""
    if not normal_id(form.policy.claim_number):
        yield Hit(
            f"{form.payer.name} wants its own claim number in box 11b (with Y4). Enter it on the "
            "policy.",
            "11b_id",
        )


def same_plan_twice(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E028: 11d is answered from the policies of the visit; one listed twice makes it wrong."""
    if rules_for(form.payer.type).medicare:
        return
    seen = {_key(form.policy)}
    for policy in form.other_policies:
        if _key(policy) in seen:
            yield Hit(
                f"The same {policy.payer_name} policy stands on this visit twice, so box 11d says "
                "YES to another plan. Take one of them off.",
                "11d_yes",
            )
        seen.add(_key(policy))


def _key(policy: ClaimPolicy) -> tuple[str, str]:
    return policy.payer_name.strip().casefold(), normal_id(policy.member_id)


def forgotten_plan(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E029: 11d NO although another policy is in force; Medicare leaves 11d blank."""
    if facts.other_coverage and not form.other_policies:
        if rules_for(form.payer.type).medicare:
            return
        yield Hit(
            f"The patient also has {', '.join(facts.other_coverage)} on file. Is NO in box 11d "
            "right? If not, add the policy to this visit.",
            "11d_no",
        )


def assignment_of_benefits(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E031: without item 13 a plan may send its check to the patient."""
    if not form.policy.assignment_of_benefits and form.payer.type not in _PAYS_PROVIDER:
        yield Hit(
            f"Benefits are not assigned on the {form.payer.name} policy, so the plan may pay the "
            "patient. Have box 13 signed.",
            "13_signature",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E017", "9-9d", _ERROR, Scope.COMMERCIAL,
         "With another plan (11d YES), 9, 9a and 9d are complete.",
         other_plan, "NUCC items 9, 11d"),
    Edit("E018", "9", _ERROR, Scope.MEDICARE, "A Medigap crossover has 9, 9a, 9d and 13.",
         medigap, "MCPM ch26 §10.2"),
    Edit("E024", "11", _ERROR, Scope.MEDICARE,
         "11 says NONE when Medicare is first, else the first plan's number.",
         medicare_place, "Novitas MSP page; MCPM ch26 §10.2"),
    Edit("E025", "11a-c", _ERROR, Scope.MEDICARE,
         "A Medicare-secondary claim is complete and has the primary's EOB.",
         medicare_secondary, "Novitas MSP page"),
    Edit("E026", "11", _ERROR, Scope.MEDICARE, "Why Medicare is secondary, and it fits the age.",
         msp_reason, "CGS MSP reminders 2025"),
    Edit("E027", "11b", _ERROR, Scope.INJURY, "Workers' comp and auto: the carrier's claim number.",
         casualty_number, "NUCC item 11b"),
    Edit("E028", "11d", _ERROR, Scope.ALL, "11d is answered, and not by the same policy twice.",
         same_plan_twice, "NUCC item 11d"),
    Edit("E029", "11d", _WARN, Scope.ALL, "Another policy is in force but not on the visit.",
         forgotten_plan, "logic; CARC 22"),
    Edit("E031", "13", _WARN, Scope.ALL, "Benefits are assigned to the practice.",
         assignment_of_benefits, "NUCC item 13; CARC 100"),
)  # fmt: skip
