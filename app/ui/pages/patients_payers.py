"""Choosing a payer while typing, and the short lists of the insurance card."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.claim_form import Relationship
from app.services.people_commands import SavePayer
from app.ui.widgets.choice import Choice
from app.ui.widgets.results import SearchRow

ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th")
RELATIONS = (
    Choice(Relationship.SELF, "Self", "S"),
    Choice(Relationship.SPOUSE, "Spouse", "P"),
    Choice(Relationship.CHILD, "Child", "C"),
    Choice(Relationship.OTHER, "Other", "O"),
)
# Why Medicare is not first: X12 005010X222 SBR05, Medicare Secondary Payer manual ch. 5.
MSP_TYPES = (
    Choice("12", "12 working aged, employer plan"),
    Choice("13", "13 kidney disease, employer plan"),
    Choice("14", "14 no-fault or auto"),
    Choice("15", "15 workers' compensation"),
    Choice("16", "16 public health service"),
    Choice("41", "41 black lung"),
    Choice("42", "42 Veterans Affairs"),
    Choice("43", "43 disabled, large employer plan"),
    Choice("47", "47 other liability"),
)
NEW_PAYER = "new payer"


def payer_rows(payers: Sequence[SavePayer], text: str) -> list[SearchRow]:
    """Payers any of whose words begin so, those named so first; else the way to add one."""
    typed = text.casefold()
    hits = [p for p in payers if p.active and _matches(p, typed)]
    hits.sort(key=lambda p: (not p.name.casefold().startswith(typed), p.name.casefold()))
    if not hits:
        return [SearchRow(NEW_PAYER, "New payer", f"add “{text}” in Setup")]
    return [payer_row(p) for p in hits[:20]]


def _matches(payer: SavePayer, typed: str) -> bool:
    name = payer.name.casefold()
    words = (*name.split(), payer.electronic_id.casefold())
    return name.startswith(typed) or any(w.startswith(typed) for w in words if w)


def payer_row(payer: SavePayer) -> SearchRow:
    """A payer in the list under the field."""
    place = ", ".join(part for part in (payer.address.city, payer.address.state) if part)
    return SearchRow(payer.payer_id, payer.name, place, payer.electronic_id)
