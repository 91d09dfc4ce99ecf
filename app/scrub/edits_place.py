"""Edits of 24B and 24C: where it was done, from afar, in an emergency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.claim_form import ClaimForm
from app.domain.findings import Severity
from app.domain.payer_rules import rules_for
from app.scrub.codes import Codes, codes
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, modifiers, name, numbered

_PLACE = re.compile(r"\d{2}", re.ASCII)
_TELEHEALTH = frozenset({"02", "10"})
_VIDEO, _AUDIO = "95", "93"
_OFFICE = "11"
_EMERGENCY = frozenset({"20", "23"})
_THERAPY_PLANS = frozenset({"GP", "GO", "GN"})
# From 2024 on Medicare tells telehealth by place of service (CMS CY2024 fee schedule rule).
_BY_PLACE_SINCE = date(2024, 1, 1)

# Where visits of a kind may happen (CPT section guidelines since 2023, CMS place of service set):
# codes, places, words. Telehealth places belong to those on Medicare's telehealth list.
_HOSPITAL = frozenset({"02", "10", "19", "21", "22", "23", "26", "34", "51", "52", "61"})
_NURSING = frozenset({"02", "10", "31", "32", "54", "56"})
_HOME = frozenset({"02", "04", "10", "12", "13", "14", "16", "33", "54", "55"})
_WHERE: tuple[tuple[Codes, frozenset[str], str], ...] = (
    (codes("99281-99285"), frozenset({"02", "23"}), "23 (emergency room)"),
    (codes("99221-99239"), _HOSPITAL, "21, 22 or another hospital place"),
    (codes("99304-99310"), _NURSING, "31 or 32 (nursing facility)"),
    (codes("99341-99350"), _HOME, "12, 13 or 14 (home, assisted living, group home)"),
)
_OFFICE_VISITS = codes("99202-99215")
_INPATIENT = "21"
# What nobody can do from afar: surgery, imaging, laboratory, injections and infusions, ECG
# tracings, manipulation, modalities, drugs and supplies.
_HANDS_ON = codes(
    "00100-01999 10004-69990 70010-79999 80047-89398 90471-90759 93000-93010 94010-94799 "
    "96360-96549 97010-97036 97140 98925-98943 A4206-A9999 E0100-E8002 J0120-J9999"
)


def place_valid(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E068: two digits, and on CMS's list where that is loaded."""
    for index, line, _ in numbered(form):
        place = line.place_of_service.strip()
        if not place:
            words = "has no place of service. Enter two digits, such as 11 for the office."
        elif not _PLACE.fullmatch(place) or facts.tables.place_known(place) is False:
            words = f"has place of service {place}, which is not on CMS's list. Choose one from it."
        else:
            continue
        yield at_line(index, "B_pos", f"{name(index, line)} {words}")


def place_fits(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E069: visits of a kind happen in places of a kind."""
    for index, line, code in numbered(form):
        place = line.place_of_service.strip()
        if not _PLACE.fullmatch(place):
            continue
        wanted = next(
            (w for family, places, w in _WHERE if code in family and place not in places), ""
        )
        if code in _OFFICE_VISITS and place == _INPATIENT:
            wanted = "an outpatient place; for an inpatient use 99221 to 99233"
        if wanted:
            yield at_line(
                index,
                "B_pos",
                f"{name(index, line)} does not fit place of service {place}: it wants {wanted}.",
            )


def telehealth(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E070: places 02 and 10 go with what can be done from afar; Medicare dropped 95 and 93.

    Therapists and hospital clinicians still report 95; their lines carry a therapy modifier or a
    hospital place.
    """
    medicare = rules_for(form.payer.type).medicare
    for index, line, code in numbered(form):
        place, given = line.place_of_service.strip(), set(modifiers(line))
        if place in _TELEHEALTH and code in _HANDS_ON:
            yield at_line(
                index,
                "B_pos",
                f"{name(index, line)} cannot be done by telehealth (place {place}). Check code and "
                "place: 10 is the patient's home, 02 elsewhere.",
            )
        old = medicare and place == _OFFICE and line.service_from >= _BY_PLACE_SINCE
        if old and given & {_VIDEO, _AUDIO} and not given & _THERAPY_PLANS:
            yield at_line(
                index,
                "B_pos",
                f"{name(index, line)} has a telehealth modifier in the office. Medicare tells "
                "telehealth by place: 10 for the patient's home, 02 elsewhere.",
            )


def telehealth_modifier(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E071: the modifier this payer wants with 02 and 10; 93 where there was sound only."""
    wanted = set(re.findall(r"[A-Z0-9]{2}", facts.payer.telehealth_modifier.upper()))
    for index, line, code in numbered(form):
        if not wanted or line.place_of_service.strip() not in _TELEHEALTH or code in _HANDS_ON:
            continue
        if not (wanted | {_AUDIO}) & set(modifiers(line)):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)}: {form.payer.name} wants modifier "
                f"{facts.payer.telehealth_modifier.strip()} (video) or 93 (audio only) with "
                "telehealth.",
            )


def emergency(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E072: emergencies happen in emergency rooms and urgent care."""
    for index, line, _ in numbered(form):
        place = line.place_of_service.strip()
        if line.emergency and place not in _EMERGENCY:
            yield at_line(
                index,
                "C_emg",
                f"{name(index, line)} is marked as an emergency at place of service {place}. Is "
                "that right?",
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E068", "24B", _ERROR, Scope.ALL, "The place of service is a code of CMS's list.",
         place_valid, "NUCC 24B; CMS POS list", "place of service codes"),
    Edit("E069", "24B/24D", _ERROR, Scope.ALL, "The visit fits the place of service.",
         place_fits, "CARC 5"),
    Edit("E070", "24B", _WARN, Scope.ALL, "Telehealth places and modifiers make sense.",
         telehealth, "NGS telehealth 2024"),
    Edit("E071", "24B", _WARN, Scope.ALL, "Telehealth has the modifier this payer wants.",
         telehealth_modifier, "payer's record"),
    Edit("E072", "24C", _WARN, Scope.ALL, "Emergency is marked in an emergency place.",
         emergency, "NUCC 24C"),
)  # fmt: skip
