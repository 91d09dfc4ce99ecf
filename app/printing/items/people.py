"""Carrier block and items 1 to 7, 12 and 13: payer, patient and insured."""

from __future__ import annotations

from app.domain.claim_form import Address, ClaimForm, Insured
from app.domain.coverage import (
    insured_person,
    insured_policy,
    other_policy,
    patient_is_insured,
    primary_to_medicare,
    relationship,
)
from app.domain.payer_rules import rules_for
from app.printing.items.entries import Entries, long_date, sex, when, year
from app.printing.text import (
    MARK,
    NOTHING,
    Written,
    city_state_zip,
    identifier,
    name_last_first,
    phone,
    prose,
    street,
    zip_code,
)


def carrier(form: ClaimForm) -> Entries:
    """Payer's name and address, four lines; the third stays empty without a second line (NUCC)."""
    address = form.payer.address
    return {
        "carrier_name": prose(form.payer.name),
        "carrier_address1": prose(address.line1),
        "carrier_address2": prose(address.line2),
        "carrier_city_state_zip": city_state_zip(address, zip_hyphen=form.rules.zip_hyphen),
    }


def program(form: ClaimForm) -> Entries:
    """Items 1 and 1a: one X, and the member's number as on the card without blanks or hyphens."""
    return {
        rules_for(form.payer.type).mark: MARK,
        "1a": identifier(form.policy.member_id),
    }


def patient(form: ClaimForm) -> Entries:
    """Items 2, 3 and 5; the name is printed even when patient and insured are one."""
    person = form.patient
    return {
        "2": name_last_first(person.name),
        **long_date("3", person.birth_date),
        **sex("3_sex", person.sex),
        **_address_and_phone("5", person.address, person.phone, form.rules.zip_hyphen),
    }


def insured(form: ClaimForm) -> Entries:
    """Items 4, 6 and 7, about the policy of ``insured_policy``; blank for Medicare primary.

    Where Medicare is secondary, SAME stands in 4 when the patient holds the primary policy
    (Medicare Claims Processing Manual ch. 26); everybody else gets the name in full.
    """
    policy = insured_policy(form)
    if policy is None:
        return {}
    holder = insured_person(form, policy)
    same = primary_to_medicare(form) is not None and patient_is_insured(policy)
    return {
        "4": Written("SAME") if same else holder_name(holder),
        f"6_{relationship(policy).value}": MARK,
        **_address_and_phone("7", holder.address, holder.phone, form.rules.zip_hyphen),
    }


def holder_name(holder: Insured) -> Written:
    """A person as LAST, FIRST, M; an employer without punctuation."""
    if holder.name is not None:
        return name_last_first(holder.name)
    return prose(holder.organization)


def signatures(form: ClaimForm) -> Entries:
    """Items 12 and 13: signature on file for release and for payment to the provider.

    13 for Medicare speaks of Medigap benefits only (manual ch. 26, item 13).
    """
    signed, text = form.patient.release_signature_date, prose(form.rules.signature_text)
    dated = signed is not None and form.rules.print_release_date
    if rules_for(form.payer.type).medicare:
        assigned = other_policy(form) is not None
    else:
        assigned = form.policy.assignment_of_benefits
    entries = {"12_signature": when(signed, text), "13_signature": when(assigned, text)}
    if signed is not None and dated:
        day = f"{signed.month:02d} {signed.day:02d} {year(signed, form.rules.date_style)}"
        entries["12_date"] = Written(day)
    return entries


def _address_and_phone(item: str, address: Address, number: str, zip_hyphen: bool) -> Entries:
    area, local = phone(number) if number else (NOTHING, NOTHING)
    return {
        f"{item}_street": street(address),
        f"{item}_city": prose(address.city),
        f"{item}_state": prose(address.state),
        f"{item}_zip": zip_code(address.zip, hyphen=zip_hyphen),
        f"{item}_area": area,
        f"{item}_phone": local,
    }
