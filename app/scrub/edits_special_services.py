"""Edits of services with rules of their own: anesthesia, therapy, hospice, Medicare notices."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.findings import Severity
from app.scrub.codes import ANESTHESIA, THERAPY
from app.scrub.edit import Edit, Hit, Scope
from app.scrub.facts import ScrubFacts
from app.scrub.lines import at_line, modifiers, name, numbered, units

_PRICING = frozenset({"AA", "QK", "QX", "QY", "QZ", "AD"})
# Fewer minutes than this are more likely units of 15 minutes that were typed as such.
_FEWEST_MINUTES = 15
_PLANS = frozenset({"GP", "GO", "GN"})
_HOSPICE = frozenset({"GV", "GW"})
_WITH_NOTICE, _VOLUNTARY, _WITHOUT_NOTICE = "GA", "GX", "GZ"


def anesthesia(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E089: minutes in 24G, the pricing modifier first, times where the payer prints them."""
    for index, line, code in numbered(form):
        if code not in ANESTHESIA:
            continue
        start = f"{name(index, line)} is anesthesia:"
        if words := _minutes_fault(line):
            yield at_line(index, "G_units", f"{start} {words}")
        given = modifiers(line)
        if not given or given[0] not in _PRICING:
            yield at_line(
                index,
                "D_mod1",
                f"{start} the first modifier says who gave it: AA, QK, QX, QY, QZ or AD.",
            )
        times = line.anesthesia_start.strip() and line.anesthesia_end.strip()
        if form.rules.anesthesia_times_in_shaded and not times:
            yield at_line(
                index, "supplemental", f"{start} {form.payer.name} wants its start and end times."
            )


def _minutes_fault(line: ClaimLine) -> str:
    billed, minutes = units(line), line.anesthesia_minutes
    if minutes is None:
        if billed is None or billed < _FEWEST_MINUTES:
            return f"enter its minutes; box 24G shows {line.units.strip() or 'nothing'}."
    elif minutes <= 0:
        return f"{minutes} minutes cannot be right. Check start and end."
    elif billed != minutes:
        return f"it took {minutes} minutes, but box 24G shows {line.units.strip()}."
    return ""


def therapy(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E090: whose plan of care. KX depends on the year's total, which is not recorded here."""
    for index, line, code in numbered(form):
        if code in THERAPY and not _PLANS & set(modifiers(line)):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)} is therapy: add GP (physical), GO (occupational) or GN "
                "(speech).",
            )


def hospice(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E091: during a hospice election a line says whether it belongs to the terminal illness."""
    if not facts.hospice:
        return
    for index, line, _ in numbered(form):
        if not _HOSPICE & set(modifiers(line)):
            yield at_line(
                index,
                "D_mod1",
                f"{name(index, line)}: the patient is in hospice. Add GV (attending, related) or "
                "GW (not related), or it will be denied (B9).",
            )


def notices(form: ClaimForm, facts: ScrubFacts) -> Iterator[Hit]:
    """E092: GA, GX and GZ agree with the advance notice on file; GY needs none."""
    signed, used = facts.abn_on_file, set[str]()
    for index, line, _ in numbered(form):
        given = set(modifiers(line))
        used |= given
        if words := _notice_fault(given, signed):
            yield at_line(index, "D_mod1", f"{name(index, line)} {words}")
    if signed and form.lines and not used & {_WITH_NOTICE, _VOLUNTARY, _WITHOUT_NOTICE}:
        yield at_line(
            0,
            "D_mod1",
            "An advance notice (ABN) is signed for this visit, but no line has GA or GX. Add it "
            "where it applies; without it the patient cannot be billed.",
        )


def _notice_fault(given: set[str], signed: bool | None) -> str:
    if {_WITH_NOTICE, _WITHOUT_NOTICE} <= given:
        return "has GA and GZ, which contradict each other. GA with a signed ABN, GZ without."
    if signed is False and given & {_WITH_NOTICE, _VOLUNTARY}:
        told = min(given & {_WITH_NOTICE, _VOLUNTARY})
        return f"has {told}, but no ABN is on file. Record the ABN, or use GZ."
    if signed and _WITHOUT_NOTICE in given:
        return "has GZ, but an ABN is on file. Use GA, so that the patient can be billed."
    return ""


_ERROR, _WARN = Severity.ERROR, Severity.WARNING

EDITS = (
    Edit("E089", "24D", _ERROR, Scope.ALL, "Anesthesia has minutes and its pricing modifier first.",
         anesthesia, "NGS anesthesia instructions"),
    Edit("E090", "24D", _ERROR, Scope.ALL, "Therapy carries GP, GO or GN.", therapy, "MCPM ch5"),
    Edit("E091", "24D", _WARN, Scope.MEDICARE, "During hospice lines carry GV or GW.",
         hospice, "Novitas/FCSO B9"),
    Edit("E092", "24D", _WARN, Scope.MEDICARE, "GA, GX and GZ agree with the ABN on file.",
         notices, "MCPM ch30; CARC 96"),
)  # fmt: skip
