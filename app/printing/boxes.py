"""The fields of a sheet gathered to boxes as a biller reads them, and two claims compared.

A date is one box and not three, an amount one and not two, a row of tick boxes says which one is
marked: so a box can be pointed at, read out and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.claim_boxes import BoxArea, BoxChange, BoxText
from app.printing.claim_pages import ClaimPages
from app.printing.fields import LINES_PER_SHEET, Field, fields

# Several printed fields that are one box: how the field's id ends, and the box's ending.
_MERGED = (
    (re.compile(r"_(month|day|year|mm|dd|yy)$"), "_date"),
    (re.compile(r"_(dollars|cents)$"), "_amount"),
    (re.compile(r"_(area|phone)$"), "_phone"),
    (re.compile(r"_mod\d$"), "_modifiers"),
    (re.compile(r"_line\d$"), "_text"),
)
_MARKS = {
    "1_medicare": "Medicare", "1_medicaid": "Medicaid", "1_tricare": "TRICARE",
    "1_champva": "CHAMPVA", "1_group": "Group health plan", "1_feca": "FECA, black lung",
    "1_other": "Other", "6_self": "Self", "6_spouse": "Spouse", "6_child": "Child",
    "6_other": "Other", "25_ssn": "SSN", "25_ein": "EIN",
}  # fmt: skip
_ANSWERS = {"yes": "YES", "no": "NO", "M": "M", "F": "F"}
_PARTS = {
    "name": "name", "address1": "address", "address2": "second address line", "street": "street",
    "address": "address", "city": "city", "state": "state", "zip": "ZIP code",
    "city_state_zip": "city, state, ZIP", "phone": "phone", "qualifier": "qualifier",
    "supplemental": "shaded line", "signature": "signature", "from_date": "from",
    "to_date": "to", "A_from_date": "from", "A_to_date": "to", "sex_choice": "sex",
    "epsdt": "EPSDT", "family": "family planning", "other_id": "taxonomy", "emg": "emergency",
    "J_other_id": "shaded", "I_qualifier": "shaded", "H_epsdt": "EPSDT", "H_family": "family",
    "D_cpt": "code", "D_modifiers": "modifiers", "icd_ind": "ICD indicator", "code": "code",
    "ref": "reference", "npi": "NPI", "type_choice": "kind of number", "npi_id": "NPI",
}  # fmt: skip
_SHOWN_KINDS = ("text", "date", "money", "mark")


@dataclass(frozen=True, slots=True)
class _Group:
    """Fields of the form that are one box."""

    box_id: str
    item: str
    fields: tuple[Field, ...]

    @property
    def area(self) -> BoxArea:
        rects = [field.rect for field in self.fields]
        left, top = min(r.left for r in rects), min(r.top for r in rects)
        right = max(r.left + r.width for r in rects)
        foot = max(r.top + r.height for r in rects)
        return BoxArea(left, top, right - left, foot - top)


def box_id(field: Field) -> str:
    """The box a field belongs to."""
    if field.kind == "mark":
        head = field.id.rpartition("_")[0]
        return f"{head}_type_choice" if head == "25" else f"{head}_choice"
    for ending, box in _MERGED:
        if ending.search(field.id):
            return ending.sub(box, field.id)
    return field.id


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, _Group]:
    """Every box in the order of the form, top to bottom and left to right."""
    found: dict[str, list[Field]] = {}
    for field in fields().values():
        if field.kind in _SHOWN_KINDS:
            found.setdefault(box_id(field), []).append(field)
    groups = [_Group(key, parts[0].item, tuple(parts)) for key, parts in found.items()]
    groups.sort(key=lambda g: (g.fields[0].line, g.fields[0].column))
    return {group.box_id: group for group in groups}


def sheet_boxes(pages: ClaimPages) -> tuple[BoxText, ...]:
    """Every box of every sheet, filled or blank, in reading order."""
    return tuple(
        _box(group, number, sheet.boxes)
        for number, sheet in enumerate(pages.sheets)
        for group in _groups().values()
    )


def differences(then: ClaimPages, now: ClaimPages) -> tuple[BoxChange, ...]:
    """The boxes that two claims fill differently, in reading order.

    Where they have not equally many sheets, a box of a missing sheet counts as blank.
    """
    before, after = _by_place(then), _by_place(now)
    changes = []
    for place in before | after if len(before) > len(after) else after | before:
        old, new = before.get(place), after.get(place)
        texts = (old.text if old else "", new.text if new else "")
        box = new or old
        if box is not None and texts[0] != texts[1]:
            changes.append(BoxChange(box, *texts))
    return tuple(changes)


def _by_place(pages: ClaimPages) -> dict[tuple[int, str], BoxText]:
    return {(box.sheet, box.box_id): box for box in sheet_boxes(pages)}


def finding_box(field: str, item: str) -> str:
    """The box a finding speaks of: by its printed field, else by its item; empty when none."""
    if field in fields():
        return box_id(fields()[field])
    if field == "diagnoses":
        return "21_A"
    return next((g.box_id for g in _groups().values() if item and g.item == item), "")


def _box(group: _Group, sheet: int, texts: Mapping[str, str]) -> BoxText:
    return BoxText(
        box_id=group.box_id,
        sheet=sheet,
        item=group.item,
        name=_name(group, sheet),
        area=group.area,
        text=_read(group, texts),
        field_ids=tuple(field.id for field in group.fields),
    )


def _name(group: _Group, sheet: int) -> str:
    head, _, rest = group.box_id.partition("_")
    if head == "carrier":
        return f"Carrier block ({_PARTS.get(rest, rest)})"
    if head == "24":
        row, _, part = rest.partition("_")
        name = f" ({_PARTS[part]})" if part in _PARTS else ""
        return f"{group.item}{name}, line {sheet * LINES_PER_SHEET + int(row)}"
    if head == "21" and len(rest) == 1:
        return f"21{rest}"
    return f"{group.item} ({_PARTS[rest]})" if rest in _PARTS else group.item


def _read(group: _Group, texts: Mapping[str, str]) -> str:
    """The box's text as it is read aloud."""
    parts = list(_parts(group.fields, texts))
    if group.box_id.endswith("_amount") and len(parts) == 2:
        return ("." if parts[0].isdigit() else "").join(parts)
    if group.box_id.endswith("_phone") and len(parts) == 2:
        return f"({parts[0]}) {parts[1]}"
    return " ".join(parts)


def _parts(group: Sequence[Field], texts: Mapping[str, str]) -> Iterator[str]:
    for field in group:
        if text := texts.get(field.id, ""):
            yield _mark_word(field.id) if field.kind == "mark" else text


def _mark_word(field_id: str) -> str:
    return _MARKS.get(field_id) or _ANSWERS.get(field_id.rpartition("_")[2], "X")
