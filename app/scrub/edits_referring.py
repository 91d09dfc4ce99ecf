"""Edits of items 17, 19 and 20: who ordered, what is told, what an outside lab charged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.findings import Severity
from app.domain.identifiers import check_npi, normal_id
from app.domain.money import format_cents
from app.domain.payer_rules import rules_for
from app.scrub.codes import (
    CONSULTATIONS,
    DIAGNOSTIC_TESTS,
    EQUIPMENT,
    FOOT_CARE,
    IMAGING,
    LABORATORY,
    SCREENING_MAMMOGRAMS,
    THERAPY,
    UNLISTED,
)
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, modifiers, name, numbered

_QUALIFIERS = frozenset({"DN", "DK", "DQ"})
_ORDERED = (CONSULTATIONS, LABORATORY, IMAGING, DIAGNOSTIC_TESTS, EQUIPMENT, THERAPY)
_FOOT_FINDINGS = frozenset({"Q7", "Q8", "Q9"})
_ORGANISATION = 2
# Words by which tables and charge masters describe a code for what has no code.
_UNLISTED_WORDS = re.compile(
    r"\bunlisted\b|\bunclassified\b|not otherwise (classified|specified)|\bn\.?o\.?[cs]\b", re.I
)
# Every CPT number ending in 999 closes its section with the unlisted procedure.
_UNLISTED_NUMBER = re.compile(r"\d\d999", re.ASCII)
_DATE = re.compile(r"(?<!\d)\d{1,2}[ /-]?\d{1,2}[ /-]?(\d{4}|\d{2})(?!\d)", re.ASCII)
_NPI = re.compile(r"(?<!\d)[12]\d{9}(?!\d)", re.ASCII)


def ordering(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E037: ordered services name who ordered them; a payer may add codes of its own."""
    for index, line, code in numbered(form):
        if not _needs_order(form, facts, code):
            continue
        for words, place in _order_gaps(form):
            yield Hit(
                f"{name(index, line)} needs {words}. If the rendering provider ordered it, enter "
                "that name and NPI.",
                place,
            )
        return


def _needs_order(form: ClaimForm, facts: ScrubFacts, code: str) -> bool:
    if code in facts.payer.referring_codes:
        return True
    medicare = rules_for(form.payer.type).medicare
    return medicare and code not in SCREENING_MAMMOGRAMS and any(code in f for f in _ORDERED)


def _order_gaps(form: ClaimForm) -> Iterator[tuple[str, str]]:
    provider = form.referring
    if provider is None or not provider.name.last.strip():
        yield "the referring or ordering provider (box 17)", "17_name"
        return
    if provider.qualifier.strip().upper() not in _QUALIFIERS:
        yield "a qualifier in box 17: DN referring, DK ordering, DQ supervising", "17_qualifier"
    if not _npi_ok(provider.npi):
        yield "a valid NPI of the referring or ordering provider (box 17b)", "17b_npi"


def _npi_ok(npi: str) -> bool:
    try:
        check_npi(npi)
    except ValueError:
        return False
    return True


def ordering_person(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E038: a person orders, never a group; ordering for oneself is in order."""
    provider = form.referring
    if provider is None or not normal_id(provider.npi):
        return
    if not _npi_ok(provider.npi):
        yield Hit(f"The NPI {provider.npi} in box 17b has a wrong digit. Look it up.", "17b_npi")
        return
    group = facts.practice_npi_type == _ORGANISATION and provider.npi == form.billing.npi
    if group or facts.referring_is_person is False:
        yield Hit(
            f"The NPI {provider.npi} in box 17b belongs to an organization. Enter the NPI of the "
            "person who ordered.",
            "17b_npi",
        )


def ordering_enrolled(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E039: Medicare pays orders of enrolled providers only."""
    if form.referring is not None and facts.referring_enrolled is False:
        yield Hit(
            f"{form.referring.name.first} {form.referring.name.last} is not known to be enrolled "
            "in Medicare (PECOS). Look the name up before sending.",
            "17_name",
        )


def legacy_ids(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E040: Medicare takes NPIs only; the form leaves the rest out, but say so."""
    if form.referring is not None and normal_id(form.referring.other_id):
        yield Hit(
            f"The number {form.referring.other_id} of the referring provider (17a) is not for "
            "Medicare and will be left out; the NPI in 17b is enough.",
            "17a_id",
        )
    for wanted, place, words in (
        (form.rules.taxonomy_24j, "24_1_J_other_id", "shaded 24J"),
        (form.rules.taxonomy_33b, "33b", "33b"),
    ):
        if wanted:
            yield Hit(
                f"Medicare wants no taxonomy in {words}; it will be left out. Switch it off for "
                "this payer.",
                place,
            )


def unlisted(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E041: what has no code of its own is described in 19 or above the line."""
    if form.additional_info.strip():
        return
    for index, line, code in numbered(form):
        if not line.supplemental.strip() and _is_unlisted(code, facts):
            yield at_line(
                index,
                "supplemental",
                f"{name(index, line)} is an unlisted code: describe the service or drug in box 19 "
                "or in the shaded line.",
            )


def _is_unlisted(code: str, facts: ScrubFacts) -> bool:
    if code in UNLISTED or _UNLISTED_NUMBER.fullmatch(code):
        return True
    return bool(_UNLISTED_WORDS.search(facts.tables.procedure_wording(code)))


def foot_care(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E042: routine foot care: when the treating doctor last saw the patient, and a finding."""
    treated = [entry for entry in numbered(form) if entry[2] in FOOT_CARE]
    told = form.additional_info
    if treated and not (_DATE.search(_NPI.sub(" ", told)) and _NPI.search(told)):
        yield Hit(
            "Routine foot care: write in box 19 the date the treating doctor last saw the patient "
            "and that doctor's NPI.",
            "19_line2",
        )
    for index, line, _ in treated:
        if not _FOOT_FINDINGS & set(modifiers(line)):
            yield _foot_finding(index, line)


def _foot_finding(index: int, line: ClaimLine) -> Hit:
    return at_line(
        index,
        "D_mod1",
        f"{name(index, line)}: Medicare covers routine foot care with class findings; add Q7, Q8 "
        "or Q9.",
    )


def outside_lab(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E043: a purchased test: its price, the lab in 32, and nothing else on the claim."""
    price = form.outside_lab_cents
    if price is None:
        return
    if price <= 0:
        yield Hit(
            f"Box 20 says YES: enter what the outside lab charged, not {format_cents(price)}.",
            "20_dollars",
        )
    place = form.facility
    if place is None or (place.npi and place.npi == form.billing.npi):
        yield Hit("Box 20 says YES: enter the outside lab in box 32.", "32_name")
    if len(form.lines) > 1:
        yield Hit(
            f"A claim with a purchased test holds that test only; this one has {len(form.lines)} "
            "lines. Put the others on a claim of their own.",
            "20_yes",
        )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E037", "17/17b", _ERROR, Scope.MEDICARE_CONFIGURABLE,
         "Ordered and referred services name the provider, NPI and qualifier.",
         ordering, "NGS N265 page; FCSO ordering/referring"),
    Edit("E038", "17b", _ERROR, Scope.MEDICARE, "A person ordered, not a group.",
         ordering_person, "FCSO ordering/referring"),
    Edit("E039", "17", _WARN, Scope.MEDICARE, "The ordering provider is enrolled in Medicare.",
         ordering_enrolled, "FCSO CR 6417"),
    Edit("E040", "17a/24J/32b/33b", _WARN, Scope.MEDICARE,
         "No numbers but NPIs on Medicare claims.",
         legacy_ids, "Novitas; Palmetto tips"),
    Edit("E041", "19", _ERROR, Scope.ALL, "Unlisted codes are described.",
         unlisted, "MCPM ch26 §10.4; CARC 16 M51/N350"),
    Edit("E042", "19", _WARN, Scope.MEDICARE,
         "Routine foot care: last seen by whom and when, class finding.",
         foot_care, "MCPM ch26 item 19"),
    Edit("E043", "20", _ERROR, Scope.ALL, "A purchased test has its price, lab and own claim.",
         outside_lab, "NUCC item 20; MCPM ch26"),
)  # fmt: skip
