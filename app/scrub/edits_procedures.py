"""Edits of 24D, the code itself: shape, validity, the patient's age and sex, new or known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.claim_form import ClaimForm
from app.domain.dates import age_on
from app.domain.findings import Severity
from app.domain.identifiers import check_procedure
from app.scrub.codes import MAMMOGRAMS, NEW_PATIENT, Codes, codes
from app.scrub.days import plus_years, us
from app.scrub.diagnosis_fit import age_words
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, name, numbered

_NEW_PATIENT_YEARS = 3
# Not seen face to face: imaging, laboratory, supplies, drugs (CPT, definition of a new patient).
_NOT_SEEN = re.compile(r"[78]\d{4}|[AEJKLPQ]\d{4}", re.ASCII)
# CMS ended the sex edit of its code editor on this day; since then it is a question only.
_SEX_EDIT_ENDED = date(2024, 10, 1)
_FEMALE = codes("56405-58999 59000-59899 G0101 Q0091 88141-88175")
_MALE = codes("52441-52442 52500-52649 54000-55899 84152-84154 G0102 G0103")


@dataclass(frozen=True, slots=True)
class _Ages:
    """Codes with the ages (years) or days they are for, and those in words."""

    family: Codes
    words: str
    youngest: int = 0
    oldest: int = 200
    max_days: int | None = None

    def fits(self, birth: date, day: date) -> bool:
        if self.max_days is not None:
            return (day - birth).days <= self.max_days
        return self.youngest <= age_on(birth, day) <= self.oldest


# CPT preventive visits by age, newborn and pediatric critical care, counselled vaccination.
_AGES = (
    _Ages(codes("99381 99391"), "infants under 1", oldest=0),
    _Ages(codes("99382 99392"), "ages 1 to 4", 1, 4),
    _Ages(codes("99383 99393"), "ages 5 to 11", 5, 11),
    _Ages(codes("99384 99394"), "ages 12 to 17", 12, 17),
    _Ages(codes("99385 99395"), "ages 18 to 39", 18, 39),
    _Ages(codes("99386 99396"), "ages 40 to 64", 40, 64),
    _Ages(codes("99387 99397"), "age 65 and over", 65),
    _Ages(codes("99460-99465 99468 99469 99477"), "the first 28 days", max_days=28),
    _Ages(codes("99471 99472"), "29 days to 24 months", oldest=1),
    _Ages(codes("99475 99476"), "ages 2 to 5", 2, 5),
    _Ages(codes("90460 90461"), "ages up to 18", oldest=18),
)


def code_shape(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E073: a CPT or HCPCS code by its looks."""
    for index, line, code in numbered(form):
        if not code:
            yield at_line(index, "D_cpt", f"Line {index + 1} has no procedure code. Enter one.")
            continue
        try:
            check_procedure(code)
        except ValueError as error:
            yield at_line(index, "D_cpt", f"{name(index, line)}: {error}")


def code_active(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E074: in the practice's or the official table on the day."""
    for index, line, code in numbered(form):
        if code and facts.tables.procedure_active(code, line.service_from) is False:
            yield at_line(
                index,
                "D_cpt",
                f"{code} is not valid on {us(line.service_from)}. CPT changes on January 1, HCPCS "
                "each quarter; choose the code of that day.",
            )


def age_and_sex(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E087: the code is for patients of that age and sex."""
    birth, sex = form.patient.birth_date, form.patient.sex.strip().upper()
    for index, line, code in numbered(form):
        day = line.service_from
        if birth is not None and birth <= day:
            for ages in _AGES:
                if code in ages.family and not ages.fits(birth, day):
                    yield at_line(
                        index,
                        "D_cpt",
                        f"{name(index, line)} is for {ages.words}, and the patient was "
                        f"{age_words(birth, day)}. Choose the code for that age.",
                    )
        if words := _wrong_sex(code, sex):
            yield Hit(
                f"{name(index, line)} {words}. Check the code and the patient's record.",
                "D_cpt",
                index,
                _sex_severity(code, day),
            )


def _wrong_sex(code: str, sex: str) -> str:
    if sex == "M" and (code in _FEMALE or code in MAMMOGRAMS):
        return "is done on women as a rule, and the patient is recorded as male"
    if sex == "F" and code in _MALE:
        return "is done on men, and the patient is recorded as female"
    return ""


def _sex_severity(code: str, day: date) -> Severity:
    strict = day < _SEX_EDIT_ENDED and code not in MAMMOGRAMS
    return Severity.ERROR if strict else Severity.WARNING


def new_patient(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E088: nobody is new whom the same specialty of the practice saw within three years."""
    for index, line, code in numbered(form):
        if code not in NEW_PATIENT:
            continue
        since = plus_years(line.service_from, -_NEW_PATIENT_YEARS)
        seen = [
            past.on
            for past in facts.history
            if past.same_specialty
            and since < past.on < line.service_from
            and not _NOT_SEEN.fullmatch(past.code)
        ]
        if seen:
            yield at_line(
                index,
                "D_cpt",
                f"{name(index, line)} is for new patients, but the patient was seen on "
                f"{us(max(seen))}. Use the code for an established patient.",
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E073", "24D", _ERROR, Scope.ALL, "Each line has a well-formed procedure code.",
         code_shape, "NUCC 24D"),
    Edit("E074", "24D/24A", _ERROR, Scope.ALL, "Procedure codes are valid on the date.",
         code_active, "CGS CSE M20", "procedure codes (own charge master, HCPCS)"),
    Edit("E087", "24D/3", _ERROR, Scope.ALL, "Procedures fit the patient's age and sex.",
         age_and_sex, "CARC 6, 7"),
    Edit("E088", "24D", _WARN, Scope.ALL, "New-patient codes are for new patients.",
         new_patient, "CARC B16"),
)  # fmt: skip
