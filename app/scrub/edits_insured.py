"""Edits of items 1, 1a, 4, 6 and 7: the program, the member's number, the insured."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.domain.claim_form import Address, ClaimForm, Insured, PayerType, PersonName, Relationship
from app.domain.coverage import insured_person, insured_policy, patient_is_insured, relationship
from app.domain.dates import age_on
from app.domain.findings import Severity
from app.domain.identifiers import check_mbi, check_state, check_zip, normal_id
from app.domain.payer_rules import rules_for
from app.scrub.days import us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import first_day

_ID_LENGTH = 29  # item 1a (NUCC)
# Old Medicare numbers: a Social Security number with a beneficiary code, or without one; the
# railroad board's had letters in front.
_OLD_MEDICARE = re.compile(r"\d{9}[A-Z][A-Z0-9]?|\d{9}|[A-Z]{1,3}(\d{6}|\d{9})", re.ASCII)

_KINDS = {
    PayerType.MEDICARE: "Medicare",
    PayerType.MEDICAID: "Medicaid",
    PayerType.TRICARE: "TRICARE",
    PayerType.CHAMPVA: "CHAMPVA",
    PayerType.GROUP: "a group health plan",
    PayerType.FECA: "FECA or black lung",
    PayerType.OTHER: "another plan",
    PayerType.WORKERS_COMP: "workers' compensation",
    PayerType.AUTO: "auto insurance",
}


def program(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E001: the policy billed is of the kind that item 1 marks."""
    if form.policy.payer_type is not form.payer.type:
        yield Hit(
            f"Box 1 marks {_KINDS[form.payer.type]}, but the policy billed is "
            f"{_KINDS[form.policy.payer_type]}. Choose the payer that the policy belongs to.",
            rules_for(form.payer.type).mark,
        )


def member_id(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E002: item 1a is there and fits; blanks and hyphens are dropped when it is printed."""
    number = normal_id(form.policy.member_id)
    if not number:
        yield Hit(
            f"The insured's ID for {form.payer.name} is missing. Copy it from the card into the "
            "policy.",
            "1a",
        )
    elif len(number) > _ID_LENGTH:
        yield Hit(
            f"The insured's ID has {len(number)} characters and box 1a holds {_ID_LENGTH}. Compare "
            "it with the card.",
            "1a",
        )


def medicare_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E003: an MBI has CMS's pattern."""
    if normal_id(form.policy.member_id):
        try:
            check_mbi(form.policy.member_id)
        except ValueError as error:
            yield Hit(f"{error} Copy it again from the red, white and blue card.", "1a")


def old_medicare_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E004: numbers made from Social Security numbers ended with 2019."""
    if _OLD_MEDICARE.fullmatch(normal_id(form.policy.member_id)):
        yield Hit(
            "This looks like a Medicare number of the old kind, made from a Social Security "
            "number. Ask the patient for the new card.",
            "1a",
        )


def id_mask(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E005: the payer's own pattern: ``#`` a digit, ``@`` a letter, ``*`` either, else itself."""
    mask, number = normal_id(facts.payer.id_mask), normal_id(form.policy.member_id)
    if mask and number and not re.fullmatch(_mask_pattern(mask), number, re.ASCII):
        yield Hit(
            f"{number} does not look like the other IDs of {form.payer.name}, which go like "
            f"{facts.payer.id_mask.strip()}. Compare it with the card.",
            "1a",
        )


def patient_only(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E006: Medicare and Medicaid have no dependants."""
    if form.policy.relationship is not Relationship.SELF:
        yield Hit(
            f"{form.payer.name} covers the patient only, but the policy says the patient is the "
            f"insured's {_kin(form.policy.relationship)}. Set the relationship to Self.",
            "6_self",
        )


def insured_name(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E012: whoever holds the policy that items 4 to 7 speak of has a name."""
    policy = insured_policy(form)
    if policy is None:
        return
    if patient_is_insured(policy):
        if relationship(policy) is not Relationship.SELF:
            yield Hit(
                f"The patient is the insured's {_kin(policy.relationship)}, but nobody is recorded "
                f"as insured on the {policy.payer_name} policy. Enter the insured's name, birth "
                "date and address.",
                "4",
            )
    elif not named(insured_person(form, policy)):
        who = "employer" if rules_for(policy.payer_type).insured_is_employer else "insured"
        yield Hit(
            f"The {who}'s name is missing on the {policy.payer_name} policy (box 4). Enter it as "
            "the payer has it.",
            "4",
        )


def named(holder: Insured) -> bool:
    """True when a policyholder has a name to print: last and first, or an organisation."""
    if holder.name is not None:
        return bool(holder.name.last.strip() and holder.name.first.strip())
    return bool(holder.organization.strip())


def self_is_other(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E013: Self means that insured and patient are one."""
    for policy in {p.rank: p for p in (form.policy, insured_policy(form)) if p}.values():
        holder = policy.insured
        if policy.relationship is not Relationship.SELF or holder is None or holder.name is None:
            continue
        if faults := _differences(form, holder.name, holder):
            yield Hit(
                f"The relationship on the {policy.payer_name} policy is Self, but its insured has "
                f"another {' and '.join(faults)} than the patient. Correct one of them, or choose "
                "Spouse, Child or Other.",
                "6_self",
            )


def _differences(form: ClaimForm, name: PersonName, holder: Insured) -> list[str]:
    patient, faults = form.patient, []
    if _plain(name) != _plain(patient.name):
        faults.append("name")
    if holder.birth_date and patient.birth_date and holder.birth_date != patient.birth_date:
        faults.append("birth date")
    return faults


def _plain(name: PersonName) -> tuple[str, str]:
    last, first = (
        "".join(c for c in unicodedata.normalize("NFKD", part).casefold() if c.isalpha())
        for part in (name.last, name.first)
    )
    return last, first


def kinship_ages(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E014: a parent is older than the child; a spouse is at least 16."""
    policy = insured_policy(form)
    birth = form.patient.birth_date
    if policy is None or policy.insured is None or birth is None:
        return
    kin, holder = relationship(policy), policy.insured
    if kin is Relationship.CHILD and holder.birth_date is not None and holder.birth_date > birth:
        yield Hit(
            f"The patient is the insured's child but was born {us(birth)}, before the insured "
            f"({us(holder.birth_date)}). Check relationship and birth dates.",
            "6_child",
        )
    day = first_day(form)
    if kin is Relationship.SPOUSE and day is not None and 0 <= age_on(birth, day) < 16:
        yield Hit(
            f"The patient is the insured's spouse at the age of {age_on(birth, day)}. Check "
            "relationship and birth date.",
            "6_spouse",
        )


def insured_address(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E016: item 7 goes with item 4; the patient's own address is E015's."""
    policy = insured_policy(form)
    if policy is None or patient_is_insured(policy):
        return
    for part, words in incomplete(insured_person(form, policy).address):
        who = "employer" if rules_for(policy.payer_type).insured_is_employer else "insured"
        yield Hit(
            f"The {who}'s {words} on the {policy.payer_name} policy is missing or not valid "
            "(box 7).",
            f"7_{part}",
        )


def incomplete(address: Address) -> Iterator[tuple[str, str]]:
    """(field, words) of what a complete US address lacks."""
    if not address.line1.strip():
        yield "street", "street"
    if not address.city.strip():
        yield "city", "city"
    for part, words, text, check in (
        ("state", "two-letter state", address.state, check_state),
        ("zip", "ZIP code", address.zip, check_zip),
    ):
        try:
            check(text)
        except ValueError:
            yield part, words


def _mask_pattern(mask: str) -> str:
    wild = {"#": "[0-9]", "@": "[A-Z]", "*": "[A-Z0-9]"}
    return "".join(wild.get(c, re.escape(c)) for c in mask)


def _kin(kin: Relationship) -> str:
    return "dependent" if kin is Relationship.OTHER else kin.value


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E001", "1", _ERROR, Scope.ALL, "The policy is of the kind of payer that box 1 marks.",
         program, "NUCC manual item 1"),
    Edit("E002", "1a", _ERROR, Scope.ALL, "The insured's ID is there, 29 characters at most.",
         member_id, "NUCC item 1a; MCPM ch26 §10.2"),
    Edit("E003", "1a", _ERROR, Scope.MEDICARE, "A Medicare number has CMS's pattern.",
         medicare_number, "CMS, Understanding the MBI format"),
    Edit("E004", "1a", _WARN, Scope.MEDICARE,
         "No Medicare number made from a Social Security number.",
         old_medicare_number, "CMS MBI"),
    Edit("E005", "1a", _WARN, Scope.ALL, "The ID looks like the payer's other IDs.",
         id_mask, "payer's record"),
    Edit("E006", "1a/6", _ERROR, Scope.MEDICARE_MEDICAID,
         "Medicare and Medicaid cover the patient only: relationship Self.",
         patient_only, "MCPM ch26; state Medicaid manuals"),
    Edit("E012", "4", _ERROR, Scope.ALL, "The insured has a name.", insured_name, "NUCC item 4"),
    Edit("E013", "4/6", _ERROR, Scope.ALL, "Self, but the insured is a different person.",
         self_is_other, "logic"),
    Edit("E014", "4/6", _WARN, Scope.ALL, "Ages fit the relationship to the insured.",
         kinship_ages, "logic"),
    Edit("E016", "7", _ERROR, Scope.ALL, "The insured's address is complete.",
         insured_address, "NUCC item 7"),
)  # fmt: skip
