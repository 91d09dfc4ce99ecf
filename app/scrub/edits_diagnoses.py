"""Edits of item 21: shape, validity on the date, order and fit of the diagnoses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.claim_form import ClaimForm
from app.domain.dates import age_on
from app.domain.findings import Severity
from app.scrub.code_tables import DiagnosisStanding
from app.scrub.days import us
from app.scrub.diagnosis_fit import age_words, misfit
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import (
    LETTERS,
    days,
    diagnosis,
    diagnosis_place,
    first_day,
    shown,
)

# A letter, a figure (since FY2026 an A, too: QA0), a third sign, up to four more; of the U codes
# only those for special use.
_SHAPE = re.compile(r"([A-TV-Z][0-9A][0-9AB]|U07|U09)[0-9A-Z]{0,4}", re.ASCII)
_EXTERNAL = ("V", "W", "X", "Y")
_CODE_LENGTH = 7


def any_diagnosis(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E044: at least one."""
    if not any(diagnosis(code) for code in form.diagnoses):
        yield Hit("The claim has no diagnosis. Enter at least one in box 21.", "21_A")


def diagnosis_list(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E045: no gap and nothing twice; more than twelve are found where the sheet is laid out."""
    seen: dict[str, int] = {}
    listed = [diagnosis(code) for code in form.diagnoses]
    last = max((i for i, code in enumerate(listed) if code), default=-1)
    for position, code in enumerate(listed):
        if not code:
            if position < last:
                yield Hit(
                    f"Diagnosis {_letter(position)} is empty though others follow. Close the gap.",
                    diagnosis_place(position),
                )
        elif code in seen:
            yield Hit(
                f"Diagnosis {shown(code)} is listed twice ({_letter(seen[code])} and "
                f"{_letter(position)}). Take one out and check the pointers.",
                diagnosis_place(position),
            )
        seen.setdefault(code, position)


def _letter(position: int) -> str:
    return LETTERS[position] if position < len(LETTERS) else f"no. {position + 1}"


def shape(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E046: looks like an ICD-10-CM code."""
    for position, code in enumerate(form.diagnoses):
        plain = diagnosis(code)
        if plain and not _SHAPE.fullmatch(plain):
            yield Hit(
                f"{code.strip()} is not an ICD-10-CM code: those look like M17.11. Look the "
                "diagnosis up.",
                diagnosis_place(position),
            )


def valid_on_date(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E047: in the edition of the day; a header with codes below it is E048's."""
    for position, code, day, standing in _standings(form, facts):
        incomplete = standing.known and standing.has_children
        if standing.billable or incomplete or _wants_seventh(code, day, facts):
            continue
        yield Hit(
            f"Diagnosis {shown(code)} is not valid on {us(day)}. Codes change every October 1; "
            "choose one that was valid on that day.",
            diagnosis_place(position),
        )


def specific_enough(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E048: no header, no missing seventh character."""
    for position, code, day, standing in _standings(form, facts):
        if standing.billable:
            continue
        if standing.known and standing.has_children:
            yield Hit(
                f"Diagnosis {shown(code)} is not complete on {us(day)}: choose one of the more "
                "specific codes below it.",
                diagnosis_place(position),
            )
        elif _wants_seventh(code, day, facts):
            yield Hit(
                f"Diagnosis {shown(code)} wants a seventh character, such as A for the first "
                f"treatment: {shown(code.ljust(_CODE_LENGTH - 1, 'X'))}A.",
                diagnosis_place(position),
            )


def _standings(
    form: ClaimForm, facts: ScrubFacts
) -> Iterator[tuple[int, str, date, DiagnosisStanding]]:
    """For each code the first day on which it is not billable, else its first day."""
    dates = [day for _, day in days(form)]
    for position, typed in enumerate(form.diagnoses):
        code = diagnosis(typed)
        if not _SHAPE.fullmatch(code):
            continue
        judged = [(day, facts.tables.diagnosis(code, day)) for day in dates]
        known = [(day, standing) for day, standing in judged if standing is not None]
        if known:
            day, standing = next((e for e in known if not e[1].billable), known[0])
            yield position, code, day, standing


def _wants_seventh(code: str, day: date, facts: ScrubFacts) -> bool:
    if len(code) >= _CODE_LENGTH:
        return False
    whole = facts.tables.diagnosis(code.ljust(_CODE_LENGTH - 1, "X") + "A", day)
    return whole is not None and whole.billable


def first_listed(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E049: external causes and manifestations never come first."""
    day = first_day(form)
    code = diagnosis(form.diagnoses[0]) if form.diagnoses else ""
    if not code or day is None:
        return
    if code.startswith(_EXTERNAL):
        yield Hit(
            f"{shown(code)} tells what caused an injury and may not be the first diagnosis. List "
            "the injury first.",
            "21_A",
        )
    elif facts.tables.may_be_first(code, day) is False:
        yield Hit(
            f"{shown(code)} is a manifestation and may not be the first diagnosis. List the "
            "disease behind it first.",
            "21_A",
        )


def excludes1(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E050: pairs that an Excludes1 note keeps apart."""
    day = first_day(form)
    if day is None:
        return
    listed = tuple(dict.fromkeys(d for d in map(diagnosis, form.diagnoses) if _SHAPE.fullmatch(d)))
    for first, second in facts.tables.excludes1(listed, day) or ():
        plain = diagnosis(second)
        position = listed.index(plain) if plain in listed else 0
        yield Hit(
            f"{shown(first)} and {shown(second)} are not normally reported together (Excludes1 "
            "note). Keep the one the note describes.",
            diagnosis_place(position),
        )


def age_and_sex(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E051: newborn, childhood, maternity and adult codes; codes of one sex."""
    for position, code in enumerate(form.diagnoses):
        plain = diagnosis(code)
        for _, day in days(form):
            if words := _misfit(plain, form, day, facts):
                yield Hit(
                    f"Diagnosis {shown(plain)} {words}. Check the code and the patient's record.",
                    diagnosis_place(position),
                )
                break


def _misfit(code: str, form: ClaimForm, day: date, facts: ScrubFacts) -> str:
    """By the blocks that are plainly of one class, else by the imported edits."""
    birth, sex = form.patient.birth_date, form.patient.sex.strip().upper()
    if words := misfit(code, birth, sex, day):
        return words
    ages = facts.tables.diagnosis_ages(code, day)
    if ages is not None and birth is not None and birth <= day:
        youngest, oldest = ages
        if not youngest <= age_on(birth, day) <= oldest:
            fits = f"ages {youngest} to {oldest}" if oldest else "newborns"
            return f"is for {fits}, and the patient is {age_words(birth, day)}"
    only = facts.tables.diagnosis_sex(code, day)
    if only and sex in ("M", "F") and sex != only:
        told = {"M": "men", "F": "women"}[only], {"M": "male", "F": "female"}[sex]
        return f"is a code for {told[0]}, and the patient is recorded as {told[1]}"
    return ""


_ERROR, _WARN = Severity.ERROR, Severity.WARNING
_TABLE = "ICD-10-CM"

EDITS = (
    Edit("E044", "21", _ERROR, Scope.ALL, "There is a diagnosis.", any_diagnosis, "NUCC item 21"),
    Edit("E045", "21", _ERROR, Scope.ALL, "Up to 12 diagnoses without gaps or repetition.",
         diagnosis_list, "NUCC item 21; Novitas"),
    Edit("E046", "21", _ERROR, Scope.ALL, "Diagnoses look like ICD-10-CM codes.",
         shape, "NUCC item 21"),
    Edit("E047", "21/24A", _ERROR, Scope.ALL, "Diagnoses are valid on the date of service.",
         valid_on_date, "CARC 146/M76", _TABLE),
    Edit("E048", "21", _ERROR, Scope.ALL, "Diagnoses are coded to the last character.",
         specific_enough, "MCPM ch26; CARC 16 M76", _TABLE),
    Edit("E049", "21", _WARN, Scope.ALL, "No external cause or manifestation comes first.",
         first_listed, "ICD-10-CM guideline I.C.20"),
    Edit("E050", "21", _WARN, Scope.ALL, "No pair that an Excludes1 note keeps apart.",
         excludes1, "ICD-10-CM guidelines", "Excludes1 notes"),
    Edit("E051", "21/3", _WARN, Scope.ALL, "Diagnoses fit the patient's age and sex.",
         age_and_sex, "CARC 9, 10"),
)  # fmt: skip
