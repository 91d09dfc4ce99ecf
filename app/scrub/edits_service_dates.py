"""Edits of item 24's lines as such and of 24A: how many, when, in time, while covered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.claim_form import ClaimForm, ClaimLine, PayerType
from app.domain.findings import Severity
from app.scrub.codes import ANESTHESIA, EQUIPMENT, MATERNITY_GLOBAL, SPAN_SERVICES
from app.scrub.days import outside, plus_days, plus_years, us
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, days, name, numbered, units

_MAX_LINES = 50  # 837P
_SOON_DAYS = 30
_VOID = "8"  # takes a claim back; that is never too late
# One calendar year by law: Medicare (42 CFR 424.44), TRICARE (TOM ch. 8), CHAMPVA (38 CFR 17.275).
_YEAR_BY_LAW = frozenset({PayerType.MEDICARE, PayerType.TRICARE, PayerType.CHAMPVA})
_SPAN_CODES = (ANESTHESIA, EQUIPMENT, MATERNITY_GLOBAL, SPAN_SERVICES)


def any_line(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E060: a form carries at least one line.

    More than six go on further forms by themselves, in the payer's manner (E125 tells it).
    """
    if not form.lines:
        yield Hit("The claim has no service line. Add at least one.", "24_1_D_cpt")


def too_many_lines(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E061: fifty at most."""
    if len(form.lines) > _MAX_LINES:
        yield at_line(
            _MAX_LINES,
            "D_cpt",
            f"A claim holds {_MAX_LINES} service lines and this one has {len(form.lines)}. Split "
            "it into two visits' claims.",
        )


def reversed_dates(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E062: from is not after to."""
    for index, line, _ in numbered(form):
        if line.service_to < line.service_from:
            yield at_line(
                index,
                "A_to_mm",
                f"{name(index, line)} ends on {us(line.service_to)}, before it begins "
                f"({us(line.service_from)}). Swap or correct the dates.",
            )


def future(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E063: nothing is billed before it is done; today is fine."""
    for index, line, _ in numbered(form):
        last = max(line.service_from, line.service_to)
        if last > facts.today:
            place = "A_from_mm" if line.service_from > facts.today else "A_to_mm"
            yield at_line(
                index,
                place,
                f"{name(index, line)} is dated {us(last)}, which is in the future. Correct the "
                "date, or bill it afterwards.",
            )


def date_span(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E064: a range is consecutive days, one unit each.

    Not judged by its units: what is billed by minutes, months or courses.
    """
    for index, line, code in numbered(form):
        if line.service_to <= line.service_from:
            continue
        span = (line.service_to - line.service_from).days + 1
        billed = units(line)
        by_day = not any(code in family for family in _SPAN_CODES)
        if by_day and billed is not None and billed != span:
            yield at_line(
                index,
                "G_units",
                f"{name(index, line)} runs over {span} days but has {line.units.strip()} units. "
                "Use one line for each day, or one unit for each day of the range.",
            )
        elif facts.payer.forbids_month_span and _month(line.service_from) != _month(
            line.service_to
        ):
            yield at_line(
                index,
                "A_to_mm",
                f"{name(index, line)} runs from one month into the next, which {form.payer.name} "
                "does not take. Use a line for each month.",
            )


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def coverage(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E065: the policy billed was in force."""
    term = next((p for p in facts.policy_dates if p.rank == form.policy.rank), None)
    if term is None:
        return
    for index, line in _once_a_day(form):
        for day in (line.service_from, line.service_to):
            if outside(day, term.effective, term.termination):
                early = term.effective is not None and day < term.effective
                when = f"begins {us(term.effective)}" if early else f"ended {us(term.termination)}"
                yield at_line(
                    index,
                    "A_from_mm",
                    f"The {form.payer.name} policy {when} and does not cover {us(day)}. Bill the "
                    "policy of that day.",
                )
                break


def _once_a_day(form: ClaimForm) -> Iterator[tuple[int, ClaimLine]]:
    seen: set[tuple[date, date]] = set()
    for index, line in enumerate(form.lines):
        if (line.service_from, line.service_to) not in seen:
            seen.add((line.service_from, line.service_to))
            yield index, line


def late(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E066: the payer must have it by then; paper counts when it arrives."""
    for index, day in days(form):
        limit = filing_limit(form, facts, day)
        if limit is not None and facts.today > limit:
            yield at_line(
                index,
                "A_from_mm",
                f"The filing limit for {us(day)} passed on {us(limit)}. Send it only with proof of "
                f"an exception that {form.payer.name} accepts.",
            )


def nearly_late(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E067: thirty days or fewer are left."""
    for index, day in days(form):
        limit = filing_limit(form, facts, day)
        left = (limit - facts.today).days if limit is not None else None
        if left is not None and 0 <= left <= _SOON_DAYS:
            yield at_line(
                index,
                "A_from_mm",
                f"Only {left} day{'' if left == 1 else 's'} left to file {us(day)} (by "
                f"{us(limit)}). Paper counts when {form.payer.name} receives it, not when it is "
                "mailed.",
            )


def filing_limit(form: ClaimForm, facts: ScrubFacts, day: date) -> date | None:
    """Last day on which the payer may receive a claim for ``day``; None: not recorded."""
    recorded = facts.payer.timely_filing_days
    if form.frequency.strip() == _VOID:
        return None
    if form.payer.type is PayerType.MEDICARE:
        return plus_years(day, 1)
    if recorded is not None:
        return plus_days(day, recorded)
    return plus_years(day, 1) if form.payer.type in _YEAR_BY_LAW else None


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E060", "24", _ERROR, Scope.ALL, "A form has one to six lines; more go on further forms.",
         any_line, "NUCC item 24"),
    Edit("E061", "24", _ERROR, Scope.ALL, "A claim has at most 50 lines.",
         too_many_lines, "837P limit"),
    Edit("E062", "24A", _ERROR, Scope.ALL, "From is not after to.",
         reversed_dates, "NUCC item 24A"),
    Edit("E063", "24A", _ERROR, Scope.ALL, "No service in the future.", future, "CARC 110"),
    Edit("E064", "24A", _ERROR, Scope.ALL, "A date range has a unit for each day.",
         date_span, "MCPM ch26 24A; RARC N64"),
    Edit("E065", "24A", _ERROR, Scope.ALL, "The policy was in force on the date.",
         coverage, "CARC 26, 27"),
    Edit("E066", "24A", _ERROR, Scope.ALL, "The payer's filing limit has not passed.",
         late, "FCSO node 5026; 42 CFR 424.44"),
    Edit("E067", "24A", _WARN, Scope.ALL, "The filing limit is more than 30 days away.",
         nearly_late, "FCSO node 5026"),
)  # fmt: skip
