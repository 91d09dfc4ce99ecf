"""Edits of 24D, the modifiers: shape, sides, components, repeats, prevention."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.findings import Severity
from app.domain.payer_rules import rules_for
from app.scrub.codes import codes, listed
from app.scrub.days import us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, modifiers, name, numbered, on_day, pointed, shown, units

_MAX_MODIFIERS = 4
_SHAPE = re.compile(r"[A-Z0-9]{2}", re.ASCII)
_BOTH, _RIGHT, _LEFT = "50", "RT", "LT"
_PROFESSIONAL, _TECHNICAL = "26", "TC"
_HOSPITAL = frozenset({"21", "22", "23"})
# Sides told by RT and LT, eyelids, fingers and toes (HCPCS level II).
_SIDES = {
    "right": listed("RT E3 E4 F5 F6 F7 F8 F9 T5 T6 T7 T8 T9"),
    "left": listed("LT E1 E2 FA F1 F2 F3 F4 TA T1 T2 T3 T4"),
}
_REPEATED = frozenset({"76", "77", "91", "59", "XE", "XP", "XS", "XU"})
# What tells two lines of one code and day apart: where, which part, who, which drug amount.
_DISTINCT = (
    _SIDES["right"]
    | _SIDES["left"]
    | listed("26 TC 50 JW JZ GP GO GN 62 66 80 81 82 AS LC LD LM RC RI KP KQ")
)
_COLONOSCOPY_DONE = codes("45379-45398")
_SCREENING_COLON = ("Z121", "Z800", "Z8601", "Z83710", "Z83711")
# Services that are preventive or not by their reason, so that 33 has to tell.
_EITHER_REASON = codes(
    "45330-45350 45378-45398 74263 76706 76977 77078-77081 80061 82270 82274 82465 82947 82950 "
    "82951 83036 83718 84478 86592 86593 86689 86701-86703 86803 87340 87490-87491 87590-87591"
)
_SCREENING = ("Z00", "Z01419", "Z01411", "Z11", "Z12", "Z13", "Z3684")


def modifier_shape(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E075: up to four, two signs each, none twice, valid on the day."""
    for index, line, _ in numbered(form):
        given = modifiers(line)
        if len(given) > _MAX_MODIFIERS:
            yield at_line(
                index,
                "D_mod4",
                f"{name(index, line)} has {len(given)} modifiers and the form holds four. Keep "
                "those that decide payment.",
            )
        for place, modifier in enumerate(given):
            if words := _fault(given, place, line, facts):
                field = f"D_mod{min(place, _MAX_MODIFIERS - 1) + 1}"
                yield at_line(index, field, f"{name(index, line)}: modifier {modifier} {words}")


def _fault(given: tuple[str, ...], place: int, line: ClaimLine, facts: ScrubFacts) -> str:
    modifier = given[place]
    if not _SHAPE.fullmatch(modifier):
        return "is not two letters or digits. Correct it."
    if modifier in given[:place]:
        return "stands twice. Take one out."
    if facts.tables.modifier_active(modifier, line.service_from) is False:
        return f"is not valid on {us(line.service_from)}. Choose another."
    return ""


def bilateral(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E081: both sides in one manner, the one this payer wants."""
    for index, line, code in numbered(form):
        given = set(modifiers(line))
        words = _two_manners(line, given)
        policy = facts.tables.policy(code, line.service_from)
        if not words and _BOTH in given:
            if facts.payer.bilateral == "rt_lt":
                words = f"has 50, but {form.payer.name} wants two lines, RT and LT."
            elif policy is not None and policy.bilateral not in ("1", "3", ""):
                words = f"has 50, but {code} is not paid for both sides. Take 50 out."
        if words:
            yield at_line(index, "D_mod1", f"{name(index, line)} {words}")
    if facts.payer.bilateral == _BOTH:
        yield from _split_sides(form)


def _two_manners(line: ClaimLine, given: set[str]) -> str:
    if _BOTH not in given:
        return ""
    if given & {_RIGHT, _LEFT}:
        return "has 50 together with RT or LT. Use 50 for both sides, or a line for each side."
    billed = units(line)
    if billed is not None and billed != 1:
        return f"has 50 and {line.units.strip()} units. Both sides on one line are one unit."
    return ""


def _split_sides(form: ClaimForm) -> Iterator[Hit]:
    for index, line, code in numbered(form):
        if _LEFT not in modifiers(line):
            continue
        others = (e for e in on_day(form, line.service_from) if e[2] == code and e[0] != index)
        if any(_RIGHT in modifiers(other) for _, other, _ in others):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} stands on two lines, RT and LT, but {form.payer.name} wants "
                "one line with modifier 50 and one unit.",
            )


def sides(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E082: the diagnosis' side is the modifier's, read from the official title."""
    for index, line, _ in numbered(form):
        given = set(modifiers(line))
        treated = [side for side, known in _SIDES.items() if given & known]
        if len(treated) != 1:
            continue
        told = [(code, _title_side(code, line, facts)) for code in pointed(form, line)]
        wrong = [code for code, side in told if side not in ("", treated[0])]
        if wrong and treated[0] not in [side for _, side in told]:
            other = "left" if treated[0] == "right" else "right"
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)}: diagnosis {shown(wrong[0])} says {other}, the modifier says "
                f"{treated[0]}. Correct one of them.",
            )


def _title_side(code: str, line: ClaimLine, facts: ScrubFacts) -> str:
    standing = facts.tables.diagnosis(code, line.service_from)
    words = re.findall(r"[a-z]+", standing.title.lower()) if standing else []
    told = {"right", "left"} & set(words)
    return told.pop() if len(told) == 1 and "bilateral" not in words else ""


def components(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E083: professional and technical components where the fee schedule splits them."""
    for index, line, code in numbered(form):
        given = set(modifiers(line)) & {_PROFESSIONAL, _TECHNICAL}
        if words := _component_fault(line, code, given, facts):
            yield at_line(index, "D_mod1", f"{name(index, line)} {words}")


def _component_fault(line: ClaimLine, code: str, given: set[str], facts: ScrubFacts) -> str:
    if len(given) == 2:
        return "has 26 and TC, which together are the whole service. Take both out."
    policy = facts.tables.policy(code, line.service_from)
    if policy is None or not policy.pctc:
        return ""
    splits = policy.pctc == "1"
    if given and not splits:
        return f"has {given.pop()}, but {code} has no separate components. Take it out."
    if splits and line.place_of_service.strip() in _HOSPITAL and _PROFESSIONAL not in given:
        return "was done in a hospital, which bills the technical part: add 26."
    return ""


def repeated(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E085: one code twice on a day looks like one service billed twice."""
    seen: dict[tuple[str, object], list[ClaimLine]] = {}
    for index, line, code in numbered(form):
        earlier = seen.setdefault((code, line.service_from), [])
        if code and any(_alike(line, other) for other in earlier):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} repeats a line of {us(line.service_from)}. If it was done "
                "again, add 76, 77 or 91 (59 for another site); else take the line out.",
            )
        earlier.append(line)


def _alike(line: ClaimLine, other: ClaimLine) -> bool:
    mine, its = set(modifiers(line)), set(modifiers(other))
    if (mine | its) & _REPEATED or (mine ^ its) & _DISTINCT:
        return False
    return line.drug is None or other.drug is None or line.drug.code == other.drug.code


def preventive(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E093: 33, or PT for a screening colonoscopy that became more (Medicare)."""
    medicare = rules_for(form.payer.type).medicare
    for index, line, code in numbered(form):
        reasons = pointed(form, line)
        given = set(modifiers(line))
        if medicare:
            if code in _COLONOSCOPY_DONE and _any(reasons, _SCREENING_COLON) and "PT" not in given:
                yield at_line(
                    index,
                    "D_mod1",
                    f"{name(index, line)} began as a screening: add PT, so that the patient owes "
                    "no deductible.",
                )
        elif _lacks_33(code, reasons, given, facts):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} is preventive by its diagnosis: add 33, so that the patient "
                "has no cost share.",
            )


def _lacks_33(code: str, reasons: list[str], given: set[str], facts: ScrubFacts) -> bool:
    if not facts.payer.wants_preventive_33 or "33" in given or code not in _EITHER_REASON:
        return False
    return _any(reasons, (*_SCREENING, *_SCREENING_COLON))


def _any(reasons: list[str], blocks: tuple[str, ...]) -> bool:
    return any(reason.startswith(blocks) for reason in reasons)


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E075", "24D", _ERROR, Scope.ALL, "Up to four valid modifiers, none twice.",
         modifier_shape, "NUCC 24D; CARC 4"),
    Edit("E081", "24D", _ERROR, Scope.ALL, "Both sides are billed in one manner.",
         bilateral, "payer's record; MPFS bilateral indicator"),
    Edit("E082", "24D", _WARN, Scope.ALL, "Diagnosis and modifier name the same side.",
         sides, "logic"),
    Edit("E083", "24D", _ERROR, Scope.ALL, "26 and TC only where the service has components.",
         components, "MPFS PC/TC indicator", "physician fee schedule"),
    Edit("E085", "24D", _WARN, Scope.ALL, "A code stands twice on a day only with 76, 77, 91, 59.",
         repeated, "CARC 18"),
    Edit("E093", "24D", _WARN, Scope.ALL, "Preventive services carry 33 or PT.",
         preventive, "payer's record; PT: MCPM ch18"),
)  # fmt: skip
