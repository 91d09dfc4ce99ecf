"""Edits of items 2, 3, 5, 12 and 26: who the patient is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import ClaimForm
from app.domain.findings import Severity
from app.domain.identifiers import normal_id
from app.scrub.codes import listed
from app.scrub.days import plus_years, us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.edits_insured import incomplete
from app.scrub.facts import ScrubFacts
from app.scrub.lines import days

_TITLES = listed("MR MRS MS MISS DR REV PROF")
_CREDENTIALS = listed("MD DO PHD ESQ RN DDS DVM")
_ACCOUNT_LENGTH = 14  # item 26 (NUCC)
_OLDEST_YEARS = 120


def patient_name(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E007: last and first name, no titles or figures.

    Characters that cannot be printed, or that a payer's reader may refuse, are found where the
    sheet is laid out, under this same id.
    """
    name = form.patient.name
    for part, words in ((name.last, "last"), (name.first, "first")):
        if not part.strip():
            yield Hit(f"The patient's {words} name is missing. Enter it as on the card.", "2")
        elif word := _stray_word(part):
            yield Hit(
                f"Take {word} out of the patient's {words} name: box 2 holds no titles or figures.",
                "2",
            )


def _stray_word(part: str) -> str:
    words = part.replace(".", "").replace(",", " ").upper().split()
    if not words:
        return ""
    if words[0] in _TITLES:
        return words[0]
    if len(words) > 1 and words[-1] in _CREDENTIALS:
        return words[-1]
    return next((word for word in words if re.search(r"\d", word)), "")


def birth_date(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E008: a birth date that can be."""
    birth = form.patient.birth_date
    if birth is None:
        yield Hit("The patient's birth date is missing (box 3).", "3_month")
    elif birth > facts.today:
        yield Hit(f"The patient's birth date {us(birth)} lies in the future.", "3_month")
    elif birth < plus_years(facts.today, -_OLDEST_YEARS):
        yield Hit(
            f"The patient would be over {_OLDEST_YEARS} years old (born {us(birth)}). Check the "
            "year.",
            "3_year",
        )


def sex(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E009: the form has no third box."""
    if form.patient.sex.strip().upper() not in ("M", "F"):
        yield Hit("Mark the patient's sex, M or F, as the payer has it on file (box 3).", "3_sex_M")


def before_birth(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E010: nobody is treated before birth; the day itself is fine."""
    birth = form.patient.birth_date
    for index, day in days(form):
        if birth is not None and day < birth:
            yield Hit(
                f"Line {index + 1} is dated {us(day)}, before the patient was born ({us(birth)}). "
                "Correct the service date or the birth date.",
                "A_from_mm",
                index,
            )


def after_death(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E011: the day of death itself is fine."""
    died = facts.death_date
    for index, day in days(form):
        if died is not None and day > died:
            yield Hit(
                f"Line {index + 1} is dated {us(day)}, after the recorded date of death "
                f"({us(died)}). Check both dates.",
                "A_from_mm",
                index,
            )


def patient_address(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E015: street, city, state and ZIP."""
    for part, words in incomplete(form.patient.address):
        yield Hit(f"The patient's {words} is missing or not valid (box 5).", f"5_{part}")


def release(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E030: consent to release information, with its date."""
    if form.patient.release_signature_date is None:
        yield Hit(
            "No signature for the release of information is on file (box 12). Have the patient "
            "sign and record the date.",
            "12_signature",
        )
    elif not form.rules.signature_text.strip():
        yield Hit(
            "Box 12 would be blank: say in Setup what is printed for a signature on file.",
            "12_signature",
        )


def account_number(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E107: it comes back on the EOB, so it should come back as it is."""
    number = form.patient.account_no.strip()
    if not number:
        yield Hit(
            "The patient has no account number (box 26); EOBs quote it, so give the patient one.",
            "26",
        )
    elif len(normal_id(number)) > _ACCOUNT_LENGTH:
        yield Hit(
            f"The account number {number} is longer than {_ACCOUNT_LENGTH} characters and will "
            "not come back whole on the EOB. Shorten it.",
            "26",
        )
    elif re.search(r"\s", number):
        yield Hit(
            f"The account number {number} has a blank and will come back on the EOB as "
            f"{normal_id(number)}. Take the blank out.",
            "26",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E007", "2", _ERROR, Scope.ALL, "The patient's name is complete and without titles.",
         patient_name, "NUCC item 2"),
    Edit("E008", "3", _ERROR, Scope.ALL, "The birth date is there and possible.",
         birth_date, "NUCC item 3"),
    Edit("E009", "3", _ERROR, Scope.ALL, "Sex M or F is marked.", sex, "NUCC item 3"),
    Edit("E010", "3/24A", _ERROR, Scope.ALL, "No service before birth.",
         before_birth, "logic; CARC 14"),
    Edit("E011", "24A", _WARN, Scope.ALL, "No service after death.", after_death, "CARC 13"),
    Edit("E015", "5", _ERROR, Scope.ALL, "The patient's address is complete.",
         patient_address, "NUCC item 5"),
    Edit("E030", "12", _ERROR, Scope.ALL, "A release signature with its date is on file.",
         release, "NUCC item 12; MCPM ch26"),
    Edit("E107", "26", _WARN, Scope.ALL,
         "The account number has at most 14 characters and no blanks.",
         account_number, "NUCC item 26"),
)  # fmt: skip
