"""Edits of items 10, 14, 15, 16 and 18: accidents and dates of the illness."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import ClaimForm, DateSpan, PayerType
from app.domain.findings import Severity
from app.domain.identifiers import check_state
from app.domain.payer_rules import rules_for
from app.scrub.codes import CHIROPRACTIC, MATERNITY_GLOBAL
from app.scrub.days import us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, diagnosis, diagnosis_place, modifiers, name, numbered, shown

_ONSET, _LAST_PERIOD = "431", "484"
_OTHER_DATES = frozenset({"454", "304", "453", "439", "455", "471", "090", "091", "444"})
_WORK_PAYERS = frozenset({PayerType.WORKERS_COMP, PayerType.FECA})
_NO_HEALTH_PLAN = _WORK_PAYERS | {PayerType.AUTO}
_INPATIENT = "21"
# Maintenance care, for which Medicare's AT does not go, carries one of these instead.
_NOT_ACTIVE_CARE = frozenset({"GA", "GX", "GY", "GZ"})
# Chapter 19 and 20 codes no accident stands behind: allergic reactions, complications of care,
# adverse effects of drugs rightly given, and the external causes that only describe care or place.
_NO_ACCIDENT = re.compile(r"T78|T8[0-8]|T(3[6-9]|4\d|50).{2}[56]|Y(6[2-9]|[78]\d|9\d)")
_LONG_DATE = re.compile(r"(?<!\d)(0[1-9]|1[0-2])[ /-]?([0-2]\d|3[01])[ /-]?(19|20)\d\d(?!\d)")


def questions(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E019: all three are answered."""
    related = form.related
    for place, answer, words in (
        ("10a_no", related.employment, "the patient's employment (10a)"),
        ("10b_no", related.auto, "an auto accident (10b)"),
        ("10c_no", related.other, "another accident (10c)"),
    ):
        if answer is None:
            yield Hit(f"Answer YES or NO: is the condition related to {words}?", place)


def auto_state(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E020: the state where the auto accident happened."""
    if form.related.auto:
        try:
            check_state(form.related.auto_state)
        except ValueError:
            yield Hit(
                "Enter the two-letter state where the auto accident happened (box 10b).",
                "10b_state",
            )


def accident_date(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E021: an accident has a date."""
    related = form.related
    if (related.employment or related.auto or related.other) and form.onset is None:
        yield Hit("Box 10 says accident: enter its date in box 14.", "14_month")


def work_related(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E022: work injuries go to the compensation carrier first.

    A health plan behind a workers' compensation or FECA policy of the same visit is in order.
    """
    payer, employed = form.payer, form.related.employment
    before = any(
        p.payer_type in _WORK_PAYERS and p.rank < form.policy.rank for p in form.other_policies
    )
    if employed and payer.type not in _NO_HEALTH_PLAN and not before:
        yield Hit(
            f"Box 10a says work-related: this belongs to workers' compensation, not to "
            f"{payer.name}. Bill the employer's carrier, or correct 10a.",
            "10a_yes",
        )
    if employed is False and payer.type is PayerType.WORKERS_COMP:
        yield Hit(
            f"{payer.name} pays for work injuries only, but box 10a says NO. Correct one of them.",
            "10a_no",
        )


def injury_without_accident(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E023: an injury code asks for a YES in item 10.

    Left out: reactions, complications of care and adverse effects, which are no accidents.
    """
    related = form.related
    if (related.employment, related.auto, related.other) != (False, False, False):
        return
    for position, code in enumerate(form.diagnoses):
        plain = diagnosis(code)
        if plain[:1] in tuple("STVWXY") and not _NO_ACCIDENT.match(plain):
            yield Hit(
                f"{shown(code)} is an injury, but box 10 says no accident. The payer may hold the "
                "claim for an accident letter; check 10a to 10c.",
                diagnosis_place(position),
            )
            return


def onset_qualifier(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E032: 431 or 484."""
    if form.onset is not None and form.onset.qualifier.strip() not in (_ONSET, _LAST_PERIOD):
        yield Hit(
            "Say what the date in box 14 is: 431 onset of illness or injury, 484 last menstrual "
            "period.",
            "14_qualifier",
        )


def chiropractic(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E033: start of the course of treatment, and AT while care is active."""
    treated = [entry for entry in numbered(form) if entry[2] in CHIROPRACTIC]
    if treated and form.onset is None:
        yield Hit(
            "Chiropractic: enter the date the course of treatment began (box 14).", "14_month"
        )
    for index, line, code in treated:
        if not {"AT", *_NOT_ACTIVE_CARE} & set(modifiers(line)):
            yield at_line(
                index,
                "D_mod1",
                f"Line {index + 1}: Medicare pays {code} only with AT (active treatment); add it, "
                "or GA or GZ for maintenance care.",
            )


def last_period(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E034: pregnancy care counts from the last menstrual period."""
    for index, line, code in numbered(form):
        if code in MATERNITY_GLOBAL:
            if form.onset is None or form.onset.qualifier.strip() != _LAST_PERIOD:
                yield Hit(
                    f"{name(index, line)}: obstetric care wants the date of the last menstrual "
                    "period in box 14, qualifier 484.",
                    "14_month",
                )
            return


def other_date_qualifier(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E035: one of NUCC's nine; Medicare leaves 15 blank."""
    if form.other_date is None or rules_for(form.payer.type).medicare:
        return
    if form.other_date.qualifier.strip() not in _OTHER_DATES:
        yield Hit(
            "Say what the date in box 15 is: 454 initial treatment, 304 latest visit, 439 "
            "accident, 444 first visit, 453, 455, 471, 090 or 091.",
            "15_qualifier",
        )


def spans(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E036: spans run forward; inpatient services have an admission date."""
    for item, span, words in (
        ("16", form.unable_to_work, "unable to work"),
        ("18", form.hospital, "in hospital"),
    ):
        if _reversed(span):
            yield Hit(
                f"Box {item}: the patient was {words} until {us(span.end) if span else ''}, before "
                f"the start {us(span.start) if span else ''}. Swap or correct the dates.",
                f"{item}_from_month",
            )
    for index, line, _ in numbered(form):
        if line.place_of_service.strip() == _INPATIENT and form.hospital is None:
            yield Hit(
                f"{name(index, line)} was an inpatient service: enter the admission date (box 18).",
                "18_from_month",
            )
            return


def _reversed(span: DateSpan | None) -> bool:
    return span is not None and span.end is not None and span.end < span.start


def date_styles(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E126: one style of date on a Medicare claim; 24A has room for six digits only.

    Birth dates (3, 11a) always have eight, 12 and 31 are exempt.
    """
    dated = {"14": form.onset, "16": form.unable_to_work, "18": form.hospital}
    long = [item for item, value in dated.items() if value is not None]
    if form.rules.date_style == "MMDDYYYY" and long:
        place = "14_year" if long[0] == "14" else f"{long[0]}_from_year"
        yield Hit(
            f"Box {' and '.join(long)} would print years in four digits, 24A in two. Set this "
            "payer's date style to MMDDYY.",
            place,
        )
    if found := _LONG_DATE.search(form.additional_info):
        yield Hit(
            f"Box 19 writes {found[0]} with a four-digit year, 24A has two digits. Write it with "
            "two.",
            "19_line2",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E019", "10a-c", _ERROR, Scope.ALL, "10a, 10b and 10c are answered.",
         questions, "NUCC item 10"),
    Edit("E020", "10b", _ERROR, Scope.ALL, "An auto accident has its state.",
         auto_state, "NUCC item 10b"),
    Edit("E021", "10/14", _ERROR, Scope.ALL, "An accident has its date in 14.",
         accident_date, "NUCC items 10, 14"),
    Edit("E022", "10a/1", _ERROR, Scope.ALL, "Work injuries go to workers' compensation.",
         work_related, "NUCC item 10a; MSP manual"),
    Edit("E023", "10/21", _WARN, Scope.ALL, "An injury code goes with a YES in 10.",
         injury_without_accident, "payer practice; CARC 16/N305"),
    Edit("E032", "14", _ERROR, Scope.ALL, "The date in 14 has its qualifier.",
         onset_qualifier, "NUCC item 14"),
    Edit("E033", "14", _WARN, Scope.MEDICARE,
         "Chiropractic: start of treatment in 14, AT on the line.",
         chiropractic, "MCPM ch26; ch12"),
    Edit("E034", "14", _WARN, Scope.ALL, "Maternity care: last menstrual period in 14.",
         last_period, "payer practice"),
    Edit("E035", "15", _ERROR, Scope.ALL, "The date in 15 has its qualifier.",
         other_date_qualifier, "NUCC item 15"),
    Edit("E036", "16/18", _ERROR, Scope.ALL,
         "Spans run forward; inpatient care has its admission date.",
         spans, "NUCC items 16,18; MCPM ch26"),
    Edit("E126", "dates", _ERROR, Scope.MEDICARE, "One style of dates on the claim.",
         date_styles, "MCPM ch26"),
)  # fmt: skip
