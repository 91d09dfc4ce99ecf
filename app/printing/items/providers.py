"""Items 25 to 27 and 31 to 33: tax ID, account, assignment, who did it, where, who is paid."""

from __future__ import annotations

from app.domain.claim_form import ClaimForm
from app.domain.payer_rules import rules_for
from app.printing.items.entries import Entries, when, yes_no
from app.printing.text import (
    MARK,
    NOTHING,
    Written,
    city_state_zip,
    identifier,
    joined,
    phone,
    prose,
    street,
)

TAXONOMY_QUALIFIER = Written("ZZ")


def account(form: ClaimForm) -> Entries:
    """Items 25, 26 and 27; the tax ID is the billing provider's, nine digits without hyphen."""
    ids = {"EIN": "25_ein", "SSN": "25_ssn"}
    mark = ids.get(form.billing.tax_id_type.upper())
    return {
        "25": identifier(form.billing.tax_id),
        **({mark: MARK} if mark else {}),
        "26": identifier(form.patient.account_no),
        **yes_no("27", form.accept_assignment),
    }


def signature(form: ClaimForm) -> Entries:
    """Item 31: signature on file with the date of the claim; both blank to be signed by hand."""
    if not form.rendering.signature_on_file:
        return {}
    return {
        "31_signature": prose(form.rules.signature_text),
        "31_date": Written(form.signed_on.strftime("%m %d %y")),
    }


def facility(form: ClaimForm) -> Entries:
    """Items 32 and 32a, printed whenever a facility is recorded; 32b stays blank."""
    place = form.facility
    if place is None:
        return {}
    return {
        "32_name": prose(place.name),
        "32_address": street(place.address),
        "32_city_state_zip": city_state_zip(place.address, zip_hyphen=form.rules.zip_hyphen),
        "32a": identifier(place.npi),
    }


def billing(form: ClaimForm) -> Entries:
    """Items 33, 33a and 33b; Medicare returns claims with an entry in 33b."""
    provider, rules = form.billing, form.rules
    area, number = phone(provider.phone) if provider.phone else (NOTHING, NOTHING)
    wanted = rules.taxonomy_33b and not rules_for(form.payer.type).medicare
    taxonomy = identifier(provider.taxonomy)
    return {
        "33_area": area,
        "33_phone": number,
        "33_name": prose(provider.name),
        "33_address": street(provider.address),
        "33_city_state_zip": city_state_zip(provider.address, zip_hyphen=rules.zip_hyphen),
        "33a": identifier(provider.npi),
        "33b": when(wanted and taxonomy.text, joined("", TAXONOMY_QUALIFIER, taxonomy)),
    }
