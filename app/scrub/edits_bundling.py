"""Edits between services: global periods, NCCI pairs, unit limits, add-ons, claims already sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.findings import Severity
from app.scrub.codes import ANESTHESIA, NO_GLOBAL, SMALL_PROCEDURES, SURGERY, VISITS, listed
from app.scrub.days import plus_days, us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import PastService, ScrubFacts
from app.scrub.lines import at_line, days, modifiers, name, numbered, on_day, units

_SMALL_GLOBAL = frozenset({"000", "010"})
_FOLLOW_UP_DAYS = {"010": 10, "090": 90}
_SEPARATE_VISIT = frozenset({"25", "57"})
_UNRELATED_VISIT = frozenset({"24", "57", "FT"})
_SECOND_OPERATION = frozenset({"58", "78", "79", "76", "77"})
_SURGERY_ONLY = "54"  # somebody else does the follow-up
# NCCI's own modifiers; 59 and its X kinds count on either line (CMS since 2019-07-01).
_DISTINCT_SERVICE = frozenset({"59", "XE", "XP", "XS", "XU"})
_NCCI = _DISTINCT_SERVICE | listed(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI "
    "24 25 27 57 58 78 79 91"
)
_PER_LINE, _ABSOLUTE = 1, 2  # MUE adjudication indicators; 3 may be appealed
# Claims that ask the payer for nothing any more.
_SETTLED = frozenset({"denied", "rejected", "void", "voided", "replaced", "closed"})


def visit_with_procedure(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E076: a visit beside a small procedure of the day is paid with 25 only.

    Without the fee schedule a procedure is what stands among surgery (blood draws apart), and
    manipulation, dialysis and debridement. Injections and vaccinations (96372, 90471) have no
    global period; whether a visit goes with them is for the NCCI pairs (E079).
    """
    for index, line, code in numbered(form):
        if code not in VISITS or _SEPARATE_VISIT & set(modifiers(line)):
            continue
        others = on_day(form, line.service_from)
        done = [c for _, _, c in others if _has_small_global(c, line.service_from, facts)]
        if done:
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} is on the day of {done[0]}. If the visit was more than the "
                "decision to do it, add 25; else take the visit out.",
            )


def _has_small_global(code: str, day: date, facts: ScrubFacts) -> bool:
    if code in VISITS:
        return False
    policy = facts.tables.policy(code, day)
    if policy is not None:
        return policy.global_days in _SMALL_GLOBAL
    return (code in SURGERY and code not in NO_GLOBAL) or code in SMALL_PROCEDURES


def visit_in_global(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E077: follow-up belongs to the operation; the visit that decided on it takes 57."""
    for index, line, code in numbered(form):
        if code not in VISITS or _UNRELATED_VISIT & set(modifiers(line)):
            continue
        if past := _open_global(line.service_from, facts):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} falls in the global period of {past.code} of {us(past.on)}. "
                "It is paid only with 24, if it had another reason.",
            )
        elif major := _major_today(form, line, facts):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} is on the day of {major}, or the day before. Add 57 if the "
                "visit decided on the operation.",
            )


def _open_global(day: date, facts: ScrubFacts) -> PastService | None:
    for past in facts.history:
        near = past.on < day <= plus_days(past.on, max(_FOLLOW_UP_DAYS.values()))
        if near and past.same_provider and _SURGERY_ONLY not in past.modifiers:
            policy = facts.tables.policy(past.code, past.on)
            length = _FOLLOW_UP_DAYS.get(policy.global_days) if policy else None
            if length is not None and day <= plus_days(past.on, length):
                return past
    return None


def _major_today(form: ClaimForm, line: ClaimLine, facts: ScrubFacts) -> str:
    for _, other, code in numbered(form):
        if other.service_from in (line.service_from, plus_days(line.service_from, 1)):
            policy = facts.tables.policy(code, other.service_from)
            if policy is not None and policy.global_days == "090":
                return code
    return ""


def second_operation(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E078: an operation inside the global period of another says why."""
    for index, line, code in numbered(form):
        policy = facts.tables.policy(code, line.service_from)
        if policy is None or policy.global_days not in ("000", "010", "090"):
            continue
        past = _open_global(line.service_from, facts)
        if past is not None and not _SECOND_OPERATION & set(modifiers(line)):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} falls in the global period of {past.code} of {us(past.on)}: "
                "add 58 (planned or staged), 78 (return for a complication) or 79 (unrelated).",
            )


def ncci_pairs(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E079: column 2 of an active pair is not paid beside column 1.

    Indicator 1 allows it with an NCCI modifier on column 2, or 59 and its kinds on either line.
    """
    for _, day in days(form):
        lines = list(on_day(form, day))
        active = _active_pairs([code for _, _, code in lines], day, facts)
        for (_, line, code), (index, other, second) in permutations(lines, 2):
            indicator = active.get((code, second))
            if indicator is None:
                continue
            start = f"{name(index, other)} is bundled into {code} on {us(day)}"
            if indicator == 0:
                yield at_line(index, "D_cpt", f"{start} and never paid beside it. Take it out.")
            elif not _told_apart(line, other):
                words = f"{start}. Take it out, or tell them apart (59, XE, XS, XP, XU, a side)."
                yield at_line(index, "D_mod1", words)


def _active_pairs(
    listed_codes: list[str], day: date, facts: ScrubFacts
) -> dict[tuple[str, str], int]:
    """Modifier indicators of the pairs among codes; each pair is asked for once."""
    asked = {
        pair: facts.tables.ncci(*pair, day)
        for pair in permutations(dict.fromkeys(filter(None, listed_codes)), 2)
    }
    return {pair: found for pair, found in asked.items() if found in (0, 1)}


def _told_apart(first: ClaimLine, second: ClaimLine) -> bool:
    return told_apart(modifiers(first), modifiers(second))


def told_apart(first: Iterable[str], second: Iterable[str]) -> bool:
    """True when the modifiers of column 1 and 2 make two services of a pair of indicator 1."""
    return bool(_NCCI.intersection(second) or _DISTINCT_SERVICE.intersection(first))


def unit_limits(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E080: medically unlikely edits; anesthesia minutes are no units."""
    told: set[tuple[str, date]] = set()
    for index, line, code in numbered(form):
        limit = facts.tables.unit_limit(code, line.service_from)
        if limit is None or code in ANESTHESIA or (code, line.service_from) in told:
            continue
        if limit.indicator == _PER_LINE:
            billed, remedy = _a_day(line), "Split it into lines with 76 or 59 if all was done."
        else:
            same = (e for e in on_day(form, line.service_from) if e[2] == code)
            billed = sum((_a_day(other) for _, other, _ in same), Decimal(0))
            told.add((code, line.service_from))
            remedy = (
                "No more is ever paid." if limit.indicator == _ABSOLUTE else "Attach the notes."
            )
        if billed > limit.units:
            over = f"{billed.normalize():f} units of {code} on {us(line.service_from)}"
            message = f"{over} are above the daily limit of {limit.units}. {remedy}"
            mild = limit.indicator not in (_PER_LINE, _ABSOLUTE)
            yield Hit(message, "G_units", index, Severity.WARNING if mild else None)


def _a_day(line: ClaimLine) -> Decimal:
    span = max((line.service_to - line.service_from).days + 1, 1)
    return (units(line) or Decimal(0)) / span


def add_ons(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E084: an add-on code follows its primary on the same day."""
    for index, line, code in numbered(form):
        primaries = facts.tables.primaries_of(code, line.service_from)
        if primaries is None:
            continue
        others = {c for _, _, c in on_day(form, line.service_from)} - {code, ""}
        if not (others & primaries if primaries else others):
            wanted = ", ".join(sorted(primaries)[:4]) or "another code"
            yield at_line(
                index,
                "D_cpt",
                f"{name(index, line)} is an add-on and needs its primary code on the same day "
                f"({wanted}{' …' if len(primaries) > 4 else ''}).",
            )


def already_billed(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E086: the same service stands on another open or paid claim to this payer."""
    if form.frequency.strip() in ("7", "8"):
        return
    sent = {
        (b.on, b.code.strip().upper(), frozenset(b.modifiers), b.rendering_npi): b
        for b in facts.billed
        if b.status not in _SETTLED and b.claim_number != form.claim_number
    }
    for index, line, code in numbered(form):
        key = (line.service_from, code, frozenset(modifiers(line)), form.rendering.npi)
        if found := sent.get(key):
            yield at_line(
                index,
                "D_cpt",
                f"{name(index, line)} of {us(line.service_from)} is already billed on claim "
                f"{found.claim_number} ({found.status}). Follow that claim up instead.",
            )


_ERROR, _WARN = Severity.ERROR, Severity.WARNING
_FEES = "physician fee schedule"

EDITS = (
    Edit("E076", "24D", _WARN, Scope.ALL, "A visit beside a small procedure carries 25.",
         visit_with_procedure, "NCCI manual ch1"),
    Edit("E077", "24D", _WARN, Scope.ALL, "A visit in a global period carries 24 or 57.",
         visit_in_global, "CARC 97", _FEES),
    Edit("E078", "24D", _WARN, Scope.ALL, "An operation in a global period carries 58, 78 or 79.",
         second_operation, "MCPM ch12 §40", _FEES),
    Edit("E079", "24D", _ERROR, Scope.ALL, "No code stands beside one that includes it.",
         ncci_pairs, "NCCI PTP", "NCCI PTP"),
    Edit("E080", "24G", _ERROR, Scope.ALL, "Units stay within the daily limit.",
         unit_limits, "NCCI MUE", "MUE"),
    Edit("E084", "24D", _ERROR, Scope.ALL, "An add-on code has its primary on the same day.",
         add_ons, "NCCI add-on list; CARC 107", "add-on codes"),
    Edit("E086", "claim", _ERROR, Scope.ALL, "The service is not on another open or paid claim.",
         already_billed, "CARC 18"),
)  # fmt: skip
