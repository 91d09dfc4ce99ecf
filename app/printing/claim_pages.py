"""A claim laid out on sheets of the CMS-1500: which text stands in which field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.claim_form import ClaimForm, ClaimLine
from app.domain.findings import Finding, Severity
from app.printing.fields import LINES_PER_SHEET, Field, fields
from app.printing.items import condition, insurance, people, providers
from app.printing.items.condition import MAX_DIAGNOSES
from app.printing.items.entries import Entries
from app.printing.items.service_lines import service_lines
from app.printing.items.totals import totals
from app.printing.text import Written

# Every item but 24, 28 and 29, which differ from sheet to sheet; in the order of the form.
CLAIM_ITEMS: tuple[Callable[[ClaimForm], Entries], ...] = (
    people.carrier,
    people.program,
    people.patient,
    people.insured,
    insurance.other_insured,
    condition.related_to,
    insurance.insured_plan,
    people.signatures,
    condition.dates,
    condition.referring,
    condition.additional_information,
    condition.outside_lab,
    condition.diagnoses,
    condition.references,
    providers.account,
    providers.signature,
    providers.facility,
    providers.billing,
)

_PARTS = {
    "name": "name", "address1": "address", "address2": "second address line", "street": "street",
    "address": "address", "city": "city", "state": "state", "zip": "ZIP code",
    "city_state_zip": "city, state and ZIP", "area": "area code", "phone": "phone",
    "qualifier": "qualifier", "supplemental": "shaded line", "signature": "signature",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper. ``boxes``: field id to text, non-blank only, within the field."""

    boxes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClaimPages:
    """A claim ready to print.

    Attributes:
        sheets: the sheets in order, six service lines each; at least one.
        findings: text that is too long (E123) or cannot be printed (E007 in names, E123
            elsewhere) and more than twelve diagnoses (E045). With an error among them the sheets
            are not what the biller meant and should not be sent.
        finding_sheets: for each finding the sheet it speaks of, from 0.
    """

    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]
    finding_sheets: tuple[int, ...] = ()


def lay_out(form: ClaimForm) -> ClaimPages:
    """Fills the fields of as many sheets as the claim needs; nothing is cut without a finding."""
    groups = _groups(form.lines)
    common: dict[str, Written] = {}
    for item in CLAIM_ITEMS:
        common |= item(form)
    findings = dict.fromkeys(_too_many_diagnoses(form), 0)
    boxes = _boxes(common, findings)
    sheets = []
    for number, lines in enumerate(groups):
        own = {**service_lines(form, lines), **totals(form, groups, number)}
        sheets.append(Sheet(MappingProxyType(boxes | _boxes(own, findings, number))))
    return ClaimPages(tuple(sheets), tuple(findings), tuple(findings.values()))


def _groups(lines: Sequence[ClaimLine]) -> list[Sequence[ClaimLine]]:
    step = LINES_PER_SHEET
    return [lines[start : start + step] for start in range(0, len(lines), step)] or [()]


def _boxes(entries: Entries, findings: dict[Finding, int], sheet: int = 0) -> dict[str, str]:
    """Text by field, cut to its length; what was lost goes into ``findings`` with its sheet."""
    known, boxes = fields(), dict[str, str]()
    for field_id, written in entries.items():
        if written.odd or written.unprintable or len(written.text) > known[field_id].length:
            for finding in _complaints(known[field_id], written, sheet):
                findings.setdefault(finding, sheet)
        if text := written.text[: known[field_id].length].rstrip():
            boxes[field_id] = text
    return boxes


def _complaints(field: Field, written: Written, sheet: int) -> Iterator[Finding]:
    place = _place(field, sheet)
    edit = "E007" if written.person else "E123"
    if written.unprintable:
        shown = " ".join(written.unprintable)
        message = f"Box {place} holds a character the form cannot print: {shown} Retype it."
        yield Finding(field.id, message, Severity.ERROR, edit, field.item)
    if written.odd:
        shown, level = " ".join(written.odd), Severity.WARNING
        message = f"Box {place} holds a character payers may not read: {shown} Leave it out."
        yield Finding(field.id, message, level, edit, field.item)
    if len(written.text) > field.length:
        yield Finding(
            field.id, _too_long(field, written, place), Severity.ERROR, "E123", field.item
        )


def _too_long(field: Field, written: Written, place: str) -> str:
    return (
        f"Text does not fit box {place}: {len(written.text)} characters, room for "
        f"{field.length}. Shorten it."
    )


def _place(field: Field, sheet: int) -> str:
    """``5 (street)``, or ``24D, line 8`` counted over all sheets."""
    head, _, rest = field.id.partition("_")
    if head == "24":
        row, _, part = rest.partition("_")
        name = f" ({_PARTS[part]})" if part in _PARTS else ""
        return f"{field.item}{name}, line {sheet * LINES_PER_SHEET + int(row)}"
    return f"{field.item} ({_PARTS[rest]})" if rest in _PARTS else field.item


def _too_many_diagnoses(form: ClaimForm) -> Iterator[Finding]:
    if len(form.diagnoses) > MAX_DIAGNOSES:
        yield Finding(
            "diagnoses",
            f"A claim holds {MAX_DIAGNOSES} diagnoses and this one has {len(form.diagnoses)}. "
            "Put the lines that need the others on a second encounter of the same day (Ctrl N in "
            "Encounters): it makes a claim of its own.",
            Severity.ERROR,
            "E045",
            "21",
        )
