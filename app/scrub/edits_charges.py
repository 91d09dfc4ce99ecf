"""Edits of 24E to 24H: pointers, charges, units, child check-ups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.dates import age_on
from app.domain.findings import Severity
from app.domain.money import format_cents
from app.scrub.codes import ANESTHESIA, MILEAGE, codes
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import LETTERS, at_line, diagnosis, modifiers, name, numbered, units

_MAX_POINTERS = 4
_MAX_CHARGE = 99_999_99  # cents
_PENNY = 1
# Quality measures are reported, not paid: category II codes and Medicare's measure codes.
_QUALITY = re.compile(r"\d{4}F|G(8[3-9]|9)\d{2}\d?|M1\d{3}", re.ASCII)
_MAX_UNITS = 999
_CHECK_UPS = codes("99381-99385 99391-99395")
_EPSDT_UNDER = 21


def pointers(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E097: each line points to diagnoses that are there, four at most."""
    for index, line, _ in numbered(form):
        if words := _pointer_fault(form, line):
            yield at_line(index, "E_pointer", f"{name(index, line)} {words}")


def _pointer_fault(form: ClaimForm, line: ClaimLine) -> str:
    given = [letter.strip().upper() for letter in line.pointers if letter.strip()]
    if not given:
        return "points to no diagnosis. Choose one from A to L."
    for letter in given:
        if len(letter) != 1 or letter not in LETTERS:
            return f"points to {letter}. Pointers are letters from A to L."
        position = LETTERS.index(letter)
        if position >= len(form.diagnoses) or not diagnosis(form.diagnoses[position]):
            return f"points to diagnosis {letter}, which is empty. Choose one that is filled."
    if len(set(given)) < len(given):
        return "points to one diagnosis twice. Take one out."
    if len(given) > _MAX_POINTERS:
        return f"points to {len(given)} diagnoses; box 24E holds four."
    return ""


def one_pointer(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E098: one pointer a line where this contractor asks for it (payer's setting)."""
    if not form.rules.one_pointer_per_line:
        return
    for index, line, _ in numbered(form):
        if len(line.pointers) > 1:
            yield at_line(
                index,
                "E_pointer",
                f"{name(index, line)} points to {len(line.pointers)} diagnoses; "
                f"{form.payer.name} takes one on paper. Keep the one that explains the service.",
            )


def charge(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E099: more than nothing, less than the box; a penny belongs to quality measures."""
    for index, line, code in numbered(form):
        cents, severity = line.charge_cents, None
        if cents <= 0:
            words = "has no charge. Enter it."
        elif cents > _MAX_CHARGE:
            words = (
                f"has a charge of {format_cents(cents)}; the most is {format_cents(_MAX_CHARGE)}."
            )
        elif cents == _PENNY and not _QUALITY.fullmatch(code):
            words, severity = "has a charge of 0.01. Is that right?", Severity.WARNING
        else:
            continue
        yield Hit(f"{name(index, line)} {words}", "F_dollars", index, severity)


def low_charge(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E100: a charge below what the payer allows is all that it will pay."""
    for index, line, code in numbered(form):
        if code in ANESTHESIA:
            continue
        each = _each(facts.tables.expected_cents, code, line)
        expected = _times(each, line)
        if expected is not None and line.charge_cents < expected:
            yield at_line(
                index,
                "F_dollars",
                f"{name(index, line)} is charged at {format_cents(line.charge_cents)}, but "
                f"{form.payer.name} allows {format_cents(expected)}. Raise the fee, or money is "
                "lost.",
            )


def limiting_charge(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E101: who does not participate and does not accept assignment may charge 115 % at most."""
    if form.accept_assignment or facts.medicare_participating is not False:
        return
    for index, line, code in numbered(form):
        each = _each(facts.tables.limiting_cents, code, line)
        limit = _times(each, line)
        if limit is not None and line.charge_cents > limit:
            yield at_line(
                index,
                "F_dollars",
                f"{name(index, line)} is charged at {format_cents(line.charge_cents)}, above "
                f"Medicare's limiting charge of {format_cents(limit)}. Lower it, or accept "
                "assignment.",
            )


def _each(
    ask: Callable[[str, tuple[str, ...], date, str], int | None], code: str, line: ClaimLine
) -> int | None:
    return ask(code, modifiers(line), line.service_from, line.place_of_service.strip())


def _times(each: int | None, line: ClaimLine) -> int | None:
    billed = units(line)
    return None if each is None or billed is None else int(each * billed)


def unit_count(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E102: a whole number from 1 to 999; parts of a mile may be told."""
    for index, line, code in numbered(form):
        billed, typed = units(line), line.units.strip()
        whole = billed is not None and billed == billed.to_integral_value()
        if billed is None:
            words = f"has {typed or 'no'} units. Enter a number."
        elif billed <= 0 or (billed < 1 and code not in MILEAGE):
            words = f"has {typed} units; the least is 1."
        elif billed > _MAX_UNITS:
            words = f"has {typed} units; box 24G holds {_MAX_UNITS} at most. Use a second line."
        elif not whole and code not in MILEAGE:
            words = f"has {typed} units; parts of a unit are told for mileage only. Round it."
        else:
            continue
        yield at_line(index, "G_units", f"{name(index, line)} {words}")


def check_up(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E103: Medicaid counts a child's check-up by its EPSDT reason."""
    birth = form.patient.birth_date
    for index, line, code in numbered(form):
        child = birth is None or age_on(birth, line.service_from) < _EPSDT_UNDER
        if code in _CHECK_UPS and child and not line.epsdt.strip():
            off = (
                "; 24H is switched off on this payer's record"
                if not form.rules.epsdt_in_24h
                else ""
            )
            yield at_line(
                index,
                "H_epsdt",
                f"{name(index, line)} is a child's check-up: set its EPSDT reason (AV, S2, ST or "
                f"NU){off}.",
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E097", "24E", _ERROR, Scope.ALL, "Each line points to one to four listed diagnoses.",
         pointers, "NUCC 24E; Novitas"),
    Edit("E098", "24E", _ERROR, Scope.MEDICARE, "One pointer a line where the contractor asks.",
         one_pointer, "Novitas"),
    Edit("E099", "24F", _ERROR, Scope.ALL, "A charge is more than nothing and fits the box.",
         charge, "NUCC 24F; Cahaba M79"),
    Edit("E100", "24F", _WARN, Scope.ALL, "A charge is not below what the payer allows.",
         low_charge, "logic", "contract or fee schedule"),
    Edit("E101", "24F", _ERROR, Scope.MEDICARE, "No charge above the limiting charge.",
         limiting_charge, "42 CFR 414.48", "limiting charges"),
    Edit("E102", "24G", _ERROR, Scope.ALL, "Units are a whole number from 1 to 999.",
         unit_count, "NUCC 24G"),
    Edit("E103", "24H/24C", _WARN, Scope.MEDICAID, "A child's check-up has its EPSDT reason.",
         check_up, "state Medicaid"),
)  # fmt: skip
