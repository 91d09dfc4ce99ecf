"""Where each box of the form gets its text: which record, which field, and the way there in words.

The same decisions as in ``items``: whose insurance stands in 4, 7, 9 and 11 is asked of
``items.coverage``. Lines and diagnoses are counted as the claim counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.domain.claim_boxes import BoxSource, Feed
from app.domain.claim_form import ClaimForm, ClaimPolicy
from app.domain.coverage import insured_policy, other_policy, patient_is_insured
from app.domain.payer_rules import rules_for
from app.printing.fields import LINES_PER_SHEET
from app.printing.items.condition import DIAGNOSIS_LETTERS

_ORDINALS = ("First", "Second", "Third")
_NAME = ("last", "name")
_ADDRESS_PARTS = {
    "street": ("line1", "street"),
    "city": ("city", "city"),
    "state": ("state", "state"),
    "zip": ("zip", "ZIP"),
    "phone": ("phone", "phone"),
    "name": ("name", "name"),
    "address": ("line1", "street"),
    "address1": ("line1", "street"),
    "address2": ("line2", "second address line"),
    "city_state_zip": ("city", "city, state, ZIP"),
}

# Boxes whose record and field never change: box id, record, field, words.
_FIXED: Mapping[str, tuple[Feed, str, str]] = {
    "1_choice": (Feed.PAYER, "type", "Setup → Payers → type"),
    "2": (Feed.PATIENT, "last", "Patient → name"),
    "3_date": (Feed.PATIENT, "birth_date", "Patient → birth date"),
    "3_sex_choice": (Feed.PATIENT, "sex", "Patient → sex"),
    "10a_choice": (Feed.ENCOUNTER, "related_employment", "Encounter → more → work (10a)"),
    "10b_choice": (Feed.ENCOUNTER, "related_auto", "Encounter → more → auto accident (10b)"),
    "10b_state": (Feed.ENCOUNTER, "auto_state", "Encounter → more → state of the accident"),
    "10c_choice": (Feed.ENCOUNTER, "related_other", "Encounter → more → other accident (10c)"),
    "10d": (Feed.ENCOUNTER, "claim_codes", "Encounter → more → claim codes"),
    "11d_choice": (Feed.POLICY, "rank", "Patient → Insurance → whether there is another policy"),
    "12_signature": (Feed.PATIENT, "release_signature_date", "Patient → signed on (12)"),
    "12_date": (Feed.PATIENT, "release_signature_date", "Patient → signed on (12)"),
    "14_date": (Feed.ENCOUNTER, "onset", "Encounter → more → onset or accident date"),
    "14_qualifier": (Feed.ENCOUNTER, "onset_qualifier", "Encounter → more → which date (14)"),
    "15_date": (Feed.ENCOUNTER, "other_date", "Encounter → more → other date"),
    "15_qualifier": (Feed.ENCOUNTER, "other_date_qualifier", "Encounter → more → which date (15)"),
    "16_from_date": (Feed.ENCOUNTER, "unable_from", "Encounter → more → unable to work from"),
    "16_to_date": (Feed.ENCOUNTER, "unable_to", "Encounter → more → unable to work to"),
    "17_qualifier": (Feed.ENCOUNTER, "referring_qualifier", "Encounter → more → role (17)"),
    "18_from_date": (Feed.ENCOUNTER, "hospital_from", "Encounter → more → in hospital from"),
    "18_to_date": (Feed.ENCOUNTER, "hospital_to", "Encounter → more → in hospital to"),
    "19_text": (Feed.ENCOUNTER, "additional_info", "Encounter → more → additional information"),
    "20_choice": (Feed.ENCOUNTER, "outside_lab_cents", "Encounter → more → outside lab charge"),
    "20_amount": (Feed.ENCOUNTER, "outside_lab_cents", "Encounter → more → outside lab charge"),
    "21_icd_ind": (Feed.ENCOUNTER, "diagnoses", "0 stands for ICD-10 when there is a diagnosis"),
    "22_code": (Feed.CLAIM, "", "Made with the claim: correct or void (F4)"),
    "22_ref": (Feed.CLAIM, "", "Made with the claim: the payer's claim number (F4)"),
    "23": (
        Feed.ENCOUNTER,
        "prior_authorization",
        "Encounter → authorization, else CLIA or mammography number",
    ),
    "25": (Feed.PRACTICE, "tax_id", "Setup → Practice → tax ID"),
    "25_type_choice": (Feed.PRACTICE, "tax_id_type", "Setup → Practice → kind of tax ID"),
    "26": (Feed.PATIENT, "account_no", "Patient → more → account"),
    "27_choice": (Feed.ENCOUNTER, "accept_assignment", "Encounter → more → accept assignment"),
    "28_amount": (Feed.ENCOUNTER, "lines.0.charge_cents", "Sum of the service lines' charges"),
    "29_amount": (Feed.ACCOUNT, "", "Payments posted on these lines; the payer's rule for box 29"),
    "31_signature": (
        Feed.PROVIDER,
        "signature_on_file",
        "Setup → Providers → signature on file",
    ),
    "31_date": (Feed.CLAIM, "", "The day the claim is printed"),
    "32a": (Feed.FACILITY, "npi", "Setup → Places of service → NPI"),
    "33a": (Feed.PRACTICE, "npi", "Setup → Practice → NPI"),
    "33b": (Feed.PRACTICE, "taxonomy", "Setup → Practice → taxonomy, if the payer wants it"),
}

# Item 24 by what follows the line's number: field of the line, words.
_LINE: Mapping[str, tuple[str, str]] = {
    "A_from_date": ("service_from", "from"),
    "A_to_date": ("service_to", "to"),
    "B_pos": ("place_of_service", "place of service"),
    "C_emg": ("emergency", "emergency, if the payer wants it"),
    "D_cpt": ("code", "code"),
    "D_modifiers": ("modifiers", "modifiers"),
    "E_pointer": ("pointers", "diagnoses pointed to"),
    "F_amount": ("charge_cents", "charge"),
    "G_units": ("units", "units"),
    "H_family": ("family_planning", "family planning"),
    "H_epsdt": ("epsdt", "EPSDT, if the payer wants it"),
    "supplemental": ("supplemental", "drug, anesthesia times, shaded text"),
}
_LINE_ID = re.compile(r"24_(\d)_(\w+)")


def source_of(form: ClaimForm, box_id: str, sheet: int = 0) -> BoxSource:
    """What feeds a box of ``printing.boxes``.

    Args:
        form: the claim.
        box_id: the box.
        sheet: from 0; lines of later sheets count on.

    Raises:
        KeyError: the form has no such box.
    """
    if line := _LINE_ID.fullmatch(box_id):
        return _line(form, sheet * LINES_PER_SHEET + int(line[1]) - 1, line[2])
    if box_id == "11d_choice":
        return BoxSource(*_FIXED[box_id], rank=form.policy.rank)
    if box_id in _FIXED:
        return BoxSource(*_FIXED[box_id])
    head, _, part = box_id.partition("_")
    return _BY_ITEM[head](form, part)


def _line(form: ClaimForm, number: int, part: str) -> BoxSource:
    if part in ("I_qualifier", "J_other_id"):
        words = "Setup → Providers → taxonomy, if the payer wants it"
        return BoxSource(Feed.PROVIDER, "taxonomy", words)
    if part == "J_npi":
        return BoxSource(Feed.PROVIDER, "npi", "Setup → Providers → NPI")
    name, words = _LINE[part]
    if part == "supplemental" and number < len(form.lines) and form.lines[number].drug:
        name = "ndc_code"
    return BoxSource(
        Feed.ENCOUNTER, f"lines.{number}.{name}", f"Encounter → line {number + 1} → {words}"
    )


def _carrier(form: ClaimForm, part: str) -> BoxSource:
    name, words = _ADDRESS_PARTS[part]
    return BoxSource(Feed.PAYER, name, f"Setup → Payers → {words}")


def _patient_address(form: ClaimForm, part: str) -> BoxSource:
    name, words = _ADDRESS_PARTS[part]
    return BoxSource(Feed.PATIENT, name, f"Patient → {words}")


def _of_policy(policy: ClaimPolicy, name: str, words: str) -> BoxSource:
    which = _ORDINALS[min(policy.rank, len(_ORDINALS)) - 1]
    return BoxSource(
        Feed.POLICY, name, f"Patient → Insurance → {which} payer → {words}", policy.rank
    )


def _of_insured(policy: ClaimPolicy, name: str, words: str) -> BoxSource:
    """A fact about the policyholder: on the patient's own sheet when the patient holds it."""
    if rules_for(policy.payer_type).insured_is_employer and name == "last":
        return _of_policy(policy, "insured_organization", "employer")
    if patient_is_insured(policy):
        return BoxSource(Feed.PATIENT, name, f"Patient → {words} (the patient is the insured)")
    return _of_policy(policy, f"insured_{name}", f"insured's {words}")


def _plan(form: ClaimForm) -> ClaimPolicy:
    return insured_policy(form) or form.policy


def _member(form: ClaimForm, _part: str) -> BoxSource:
    return _of_policy(form.policy, "member_id", "member ID (1a)")


def _insured_name(form: ClaimForm, _part: str) -> BoxSource:
    return _of_insured(_plan(form), *_NAME)


def _relationship(form: ClaimForm, _part: str) -> BoxSource:
    return _of_policy(_plan(form), "relationship", "what the patient is to the insured")


def _insured_address(form: ClaimForm, part: str) -> BoxSource:
    return _of_insured(_plan(form), *_ADDRESS_PARTS[part])


def _other_name(form: ClaimForm, _part: str) -> BoxSource:
    policy = other_policy(form)
    return _no_other(form) if policy is None else _of_insured(policy, *_NAME)


def _other_number(form: ClaimForm, _part: str) -> BoxSource:
    policy = other_policy(form)
    if policy is None:
        return _no_other(form)
    if rules_for(form.payer.type).medicare or not policy.group_number:
        return _of_policy(policy, "member_id", "member ID")
    return _of_policy(policy, "group_number", "group number")


def _other_plan(form: ClaimForm, _part: str) -> BoxSource:
    policy = other_policy(form)
    if policy is None:
        return _no_other(form)
    if rules_for(form.payer.type).medicare:
        return _of_policy(policy, "coba_id", "COBA ID")
    return _of_policy(policy, "plan_name", "plan")


def _no_other(form: ClaimForm) -> BoxSource:
    words = "Patient → Insurance → another policy, when there is one"
    return BoxSource(Feed.POLICY, "member_id", words, form.policy.rank)


def _group(form: ClaimForm, _part: str) -> BoxSource:
    if insured_policy(form) is None:
        words = "NONE when no plan pays before Medicare; Patient → Insurance"
        return BoxSource(Feed.POLICY, "rank", words, form.policy.rank)
    return _of_policy(_plan(form), "group_number", "group number (11)")


def _insured_birth(form: ClaimForm, part: str) -> BoxSource:
    if part.startswith("sex"):
        return _of_insured(_plan(form), "sex", "sex")
    return _of_insured(_plan(form), "birth_date", "birth date")


def _case_number(form: ClaimForm, _part: str) -> BoxSource:
    return _of_policy(form.policy, "claim_number", "payer's case number (11b)")


def _plan_name(form: ClaimForm, _part: str) -> BoxSource:
    return _of_policy(_plan(form), "plan_name", "plan (11c)")


def _assignment(form: ClaimForm, _part: str) -> BoxSource:
    medigap = other_policy(form) if rules_for(form.payer.type).medicare else None
    return _of_policy(medigap or form.policy, "assignment_of_benefits", "pays the practice (13)")


def _referring(form: ClaimForm, part: str) -> BoxSource:
    if form.referring is None:
        return BoxSource(Feed.ENCOUNTER, "referring_id", "Encounter → referring provider")
    if part == "npi":
        return BoxSource(Feed.REFERRING, "npi", "Setup → Referring providers → NPI")
    return BoxSource(Feed.REFERRING, "last", "Encounter → referring provider → name")


def _referring_id(form: ClaimForm, part: str) -> BoxSource:
    if form.referring is None:
        return _referring(form, part)
    name = "other_id_qualifier" if part == "qualifier" else "other_id"
    return BoxSource(Feed.REFERRING, name, "Setup → Referring providers → other ID")


def _diagnosis(form: ClaimForm, part: str) -> BoxSource:
    at = DIAGNOSIS_LETTERS.index(part)
    return BoxSource(Feed.ENCOUNTER, f"diagnoses.{at}", f"Encounter → diagnosis {part}")


def _facility(form: ClaimForm, part: str) -> BoxSource:
    if form.facility is None:
        return BoxSource(Feed.ENCOUNTER, "facility_id", "Encounter → place of service")
    name, words = _ADDRESS_PARTS[part]
    return BoxSource(Feed.FACILITY, name, f"Setup → Places of service → {words}")


def _billing(form: ClaimForm, part: str) -> BoxSource:
    name, words = _ADDRESS_PARTS[part]
    return BoxSource(Feed.PRACTICE, name, f"Setup → Practice → {words}")


def _reserved(form: ClaimForm, _part: str) -> BoxSource:
    return BoxSource(Feed.CLAIM, "", "Left blank on purpose: reserved or not used by payers")


_BY_ITEM: Mapping[str, Callable[[ClaimForm, str], BoxSource]] = {
    "carrier": _carrier,
    "1a": _member,
    "4": _insured_name,
    "5": _patient_address,
    "6": _relationship,
    "7": _insured_address,
    "9": _other_name,
    "9a": _other_number,
    "9d": _other_plan,
    "11": _group,
    "11a": _insured_birth,
    "11b": _case_number,
    "11c": _plan_name,
    "13": _assignment,
    "17": _referring,
    "17a": _referring_id,
    "17b": _referring,
    "21": _diagnosis,
    "32": _facility,
    "32b": _reserved,
    "33": _billing,
}
