"""Edits of 24J, 25, 27 and 31 to 33: who did it, where, and who is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import Address, ClaimForm, PayerType
from app.domain.findings import Severity
from app.domain.identifiers import check_npi, check_phone, check_tax_id, normal_id
from app.domain.payer_rules import rules_for
from app.scrub.codes import LABORATORY
from app.scrub.days import us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.edits_insured import incomplete
from app.scrub.facts import ScrubFacts
from app.scrub.lines import numbered

_PERSON, _ORGANISATION = 1, 2
_PO_BOX = re.compile(r"\b(p\W*o\W*box|post\s+office\s+box)\b", re.IGNORECASE)
_HOME = "12"
_NEEDS_FACILITY_NPI = frozenset({"21", "22", "23", "24", "31", "32"})
# Practitioners whose Medicare claims are always assigned (42 CFR 424.55; manual ch. 1 §30.3.1).
_ALWAYS_ASSIGNED = frozenset(
    {"PA", "PAC", "NP", "FNP", "ANP", "PNP", "ARNP", "APRN", "CRNP", "CNP", "CNS", "CNM", "CRNA"}
    | {"CSW", "LCSW", "LICSW", "RD", "MFT", "LMFT", "LPC"}
)
_CORPORATION = frozenset({"INC", "CORP", "CORPORATION", "PC", "PLLC"})


def rendering_npi(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E104: the NPI of who did it; a sole practitioner's own may be in 33a only."""
    npi = form.rendering.npi
    if not normal_id(npi) and facts.practice_npi_type == _PERSON:
        return
    who = f"{form.rendering.name.first} {form.rendering.name.last}".strip()
    if not normal_id(npi):
        words = f"{who} has no NPI (box 24J). Enter it in Setup."
    elif fault := _npi_fault(npi):
        words = f"The NPI {npi} of {who} (box 24J) is wrong. {fault}"
    else:
        return
    yield Hit(words, "J_npi", 0) if form.lines else Hit(words, "24_1_J_npi")


def _npi_fault(npi: str) -> str:
    try:
        check_npi(npi)
    except ValueError as error:
        return str(error)
    return ""


def credentialed(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E105: known to the payer, with the taxonomy that the payer wants printed."""
    who = f"{form.rendering.name.first} {form.rendering.name.last}".strip()
    place = "24_1_J_npi"
    if facts.credentialed is False:
        day = f" on {us(form.lines[0].service_from)}" if form.lines else ""
        yield Hit(
            f"{who} is not set up with {form.payer.name}{day}. Bill under a provider who is, or "
            "wait for the enrollment.",
            place,
        )
    if rules_for(form.payer.type).medicare:
        return
    if form.rules.taxonomy_24j and not form.rendering.taxonomy.strip():
        words = f"{form.payer.name} wants the taxonomy of {who} (24J). Enter it in Setup."
        yield Hit(words, "24_1_J_other_id")
    if form.rules.taxonomy_33b and not form.billing.taxonomy.strip():
        words = f"{form.payer.name} wants the practice's taxonomy (33b). Enter it in Setup."
        yield Hit(words, "33b")


def tax_id(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E106: nine digits of a kind."""
    kind = form.billing.tax_id_type.strip().upper()
    if kind not in ("EIN", "SSN"):
        yield Hit("Say in Setup whether the practice's tax ID is an EIN or an SSN.", "25_ein")
    try:
        check_tax_id(form.billing.tax_id, kind)
    except ValueError as error:
        yield Hit(f"The practice's tax ID (box 25) is missing or wrong. {error}", "25")


def assignment(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E108: where assignment is not a choice."""
    if form.accept_assignment:
        return
    if reason := _bound_to_assign(form, facts):
        yield Hit(f"Accept assignment (box 27) must be YES: {reason}.", "27_yes")


def _bound_to_assign(form: ClaimForm, facts: ScrubFacts) -> str:
    medicare = rules_for(form.payer.type).medicare
    title = facts.rendering_credentials.strip()
    reasons = (
        (form.payer.type is PayerType.MEDICAID, "Medicaid pays assigned claims only"),
        (facts.qmb, "the patient is a qualified Medicare beneficiary (QMB)"),
        (
            medicare and facts.medicare_participating is True,
            "the provider participates in Medicare",
        ),
        (
            medicare and bool(_credentials(title) & _ALWAYS_ASSIGNED),
            f"Medicare claims of this profession ({title}) are always assigned",
        ),
        (
            medicare and any(code in LABORATORY for _, _, code in numbered(form)),
            "laboratory tests are always assigned",
        ),
    )
    return next((words for holds, words in reasons if holds), "")


def _credentials(text: str) -> set[str]:
    plain = text.upper().replace(".", "").replace("-", "")
    return set(re.findall(r"[A-Z]+", plain))


def signature(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E114: signed, and not before the last service."""
    who = f"{form.rendering.name.first} {form.rendering.name.last}".strip()
    if not form.rendering.signature_on_file or not form.rules.signature_text.strip():
        yield Hit(
            f"Box 31 will be blank: {who} has no signature on file. Record it in Setup, or sign by "
            "hand.",
            "31_signature",
        )
    last = max((max(n.service_from, n.service_to) for n in form.lines), default=None)
    if facts.for_print and last is not None and form.signed_on < last:
        yield Hit(
            f"Box 31 is dated {us(form.signed_on)}, before the last service ({us(last)}). Correct "
            "the service date, or print it later.",
            "31_date",
        )


def service_location(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E115: a street address; a home visit may leave it out, but not to Medicare (CR 6947)."""
    place = form.facility
    if place is None:
        at_home = all(line.place_of_service.strip() == _HOME for line in form.lines)
        if rules_for(form.payer.type).medicare or not at_home:
            yield Hit("Enter where the service took place (box 32).", "32_name")
        return
    if not place.name.strip():
        yield Hit("The service location has no name (box 32).", "32_name")
    start = f"The address of {place.name.strip() or 'the service location'} (box 32)"
    yield from _street_fault(start, "32", place.address)


def _street_fault(start: str, item: str, address: Address) -> Iterator[Hit]:
    for part, words in incomplete(address):
        field = "address" if part == "street" else "city_state_zip"
        yield Hit(f"{start} lacks a valid {words}.", f"{item}_{field}")
    if _PO_BOX.search(f"{address.line1} {address.line2}"):
        yield Hit(f"{start} is a P.O. box. Enter the street.", f"{item}_address")


def facility_npi(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E116: hospitals, surgery centers and nursing homes are told by their NPI."""
    place = form.facility
    if place is None:
        return
    if not normal_id(place.npi):
        if any(n.place_of_service.strip() in _NEEDS_FACILITY_NPI for n in form.lines):
            yield Hit(f"Enter the NPI of {place.name} (box 32a).", "32a")
    elif fault := _npi_fault(place.npi):
        yield Hit(f"The NPI {place.npi} of {place.name} (box 32a) is wrong. {fault}", "32a")


def billing_address(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E117: name, street, ZIP+4 and phone of who is paid."""
    provider = form.billing
    if not provider.name.strip():
        yield Hit("The practice's name is missing (box 33). Enter it in Setup.", "33_name")
    yield from _street_fault("The practice's address (box 33)", "33", provider.address)
    digits = normal_id(provider.address.zip)
    if re.fullmatch(r"\d{5}", digits, re.ASCII):
        yield Hit(
            f"The practice's ZIP code {digits} (box 33) needs its four further digits.",
            "33_city_state_zip",
        )
    try:
        check_phone(provider.phone)
    except ValueError as error:
        yield Hit(f"The practice's phone (box 33) is missing or wrong. {error}", "33_phone")


def billing_npi(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E118: a valid NPI of the kind that the tax ID is of."""
    npi, kind = form.billing.npi, form.billing.tax_id_type.strip().upper()
    if not normal_id(npi):
        yield Hit("The practice's NPI is missing (box 33a). Enter it in Setup.", "33a")
        return
    if fault := _npi_fault(npi):
        yield Hit(f"The practice's NPI {npi} (box 33a) is wrong. {fault}", "33a")
    elif facts.practice_npi_type == _ORGANISATION and kind == "SSN":
        yield Hit(
            "Box 33a holds a group's NPI, but box 25 a Social Security number. A group bills under "
            "its EIN.",
            "33a",
        )
    elif facts.practice_npi_type == _PERSON and kind == "EIN":
        words = set(re.findall(r"[A-Z]+", form.billing.name.upper().replace(".", "")))
        if words & _CORPORATION:
            yield Hit(
                f"{form.billing.name} is a corporation, but box 33a holds a person's NPI. Enter "
                "the group's (type 2).",
                "33a",
            )


def enrolled_under(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E119: the payer knows the practice by this tax ID and NPI."""
    known = facts.payer
    for words, enrolled, billed, place in (
        ("tax ID", known.enrolled_tax_id, form.billing.tax_id, "25"),
        ("NPI", known.enrolled_npi, form.billing.npi, "33a"),
    ):
        if normal_id(enrolled) and normal_id(enrolled) != normal_id(billed):
            yield Hit(
                f"{form.payer.name} knows the practice under {words} {enrolled}, but the claim has "
                f"{billed}. Correct the enrollment or the claim.",
                place,
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E104", "24J", _ERROR, Scope.ALL, "The rendering provider's NPI is valid.",
         rendering_npi, "CMS NPI check digit; Cahaba list"),
    Edit("E105", "24J", _WARN, Scope.ALL, "The rendering provider is set up with the payer.",
         credentialed, "CARC 185, B7"),
    Edit("E106", "25", _ERROR, Scope.ALL, "The tax ID has nine digits and a type.",
         tax_id, "NUCC 25"),
    Edit("E108", "27", _ERROR, Scope.ALL, "Assignment is accepted where it must be.",
         assignment, "MCPM ch26; Noridian QMB"),
    Edit("E114", "31", _ERROR, Scope.ALL, "Signed, and not before the last service.",
         signature, "NUCC 31"),
    Edit("E115", "32", _ERROR, Scope.ALL, "The service location has a street address.",
         service_location, "CR 6947; MCPM ch26"),
    Edit("E116", "32a", _WARN, Scope.ALL, "Hospitals and the like have their NPI.",
         facility_npi, "NUCC 32a"),
    Edit("E117", "33", _ERROR, Scope.ALL, "The practice's address is a full street address.",
         billing_address, "NUCC 33"),
    Edit("E118", "33a", _ERROR, Scope.ALL, "The practice's NPI is valid and fits the tax ID.",
         billing_npi, "CMS NPI; Cahaba"),
    Edit("E119", "25/33a", _WARN, Scope.ALL, "The payer knows the practice by this ID and NPI.",
         enrolled_under, "CARC 16 N257"),
)  # fmt: skip
