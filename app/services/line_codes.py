"""What may stand in the cells of a service line: modifiers, places, HCPCS codes, with words.

Modifiers and places come with the program; imported HCPCS files add theirs. All of it is public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.codesets.modifiers import Modifier, ModifierKind, modifiers
from app.codesets.places import PlaceOfService, places_of_service
from app.services.reference import ReferenceService

_MOST = 400
_PAID = {ModifierKind.PRICING: "changes the payment", ModifierKind.INFORMATIONAL: ""}


class Source(StrEnum):
    """Whose words a code has."""

    OWN = "ours"
    HCPCS = "HCPCS"
    LICENCE = "licence"  # AMA descriptors, kept by the practice's own licence


@dataclass(frozen=True, slots=True)
class LineCode:
    """A code with words. ``note``: what it does to the payment, in two words; may be empty."""

    code: str
    wording: str
    note: str = ""
    source: Source = Source.OWN

    @property
    def sentence(self) -> str:
        """``50: both sides (bilateral) in one session (changes the payment)``."""
        return f"{self.code}: {self.wording}" + (f" ({self.note})" if self.note else "")


class LineCodeService:
    """Searches and explains; never waits and changes nothing."""

    def __init__(self, reference: ReferenceService) -> None:
        self._reference = reference

    # --- modifiers ----------------------------------------------------------------------------
    def modifiers(self, text: str, on: date) -> tuple[LineCode, ...]:
        """Modifiers that begin so, then those whose words hold each word typed; all for nothing."""
        imported = self._reference.search_codes(text, on, _MOST, modifiers=True)
        found = {row.code: LineCode(row.code, _words(row.short, row.wording), "", Source.HCPCS)
                 for row in imported}  # fmt: skip
        found |= {own.code: _own(own) for own in modifiers().values()}
        return _matching(found.values(), text)

    def modifier(self, code: str, on: date) -> LineCode | None:
        """A modifier by its two signs; None: neither known to us nor in an imported file."""
        own = modifiers().get(code)
        if own is not None:
            return _own(own)
        row = self._reference.code(code, on)
        if row is None:
            return None
        return LineCode(code, _words(row.short, row.wording), _ended(row.ends, on), Source.HCPCS)

    # --- places -------------------------------------------------------------------------------
    def places(self, text: str) -> tuple[LineCode, ...]:
        """Places of service that begin so, then by their words; all for nothing."""
        return _matching(map(_place, places_of_service().values()), text)

    def place(self, code: str) -> LineCode | None:
        """A place of service; None: CMS assigned no such code."""
        found = self._reference.place(code)
        return _place(found) if found is not None else None

    # --- procedures ---------------------------------------------------------------------------
    def procedures(self, text: str, on: date, limit: int = 8) -> tuple[LineCode, ...]:
        """HCPCS codes in use on a day by code or words; then what she keeps by her licence."""
        found = [
            LineCode(row.code, _words(row.short, row.wording), "", Source.HCPCS)
            for row in self._reference.search_codes(text, on, limit)
        ]
        known = {row.code for row in found}
        licensed = self._reference.search_descriptors(text, on, limit)
        found += [
            LineCode(row.code, row.wording, "", Source.LICENCE)
            for row in licensed
            if row.code not in known
        ]
        return tuple(found[:limit])

    def procedure(self, code: str, on: date) -> LineCode | None:
        """A HCPCS code of an imported file; None for any other, CPT's among them."""
        row = self._reference.code(code, on) if len(code) == 5 else None
        if row is None:
            return None
        return LineCode(code, _words(row.short, row.wording), _ended(row.ends, on), Source.HCPCS)


def _own(row: Modifier) -> LineCode:
    return LineCode(row.code, row.wording, _PAID[row.kind])


def _place(row: PlaceOfService) -> LineCode:
    return LineCode(row.code, row.name, "facility rate" if row.facility else "office rate")


def _words(short: str, long: str) -> str:
    return short or long


def _ended(ends: date | None, on: date) -> str:
    return f"ended {ends:%m/%d/%Y}" if ends is not None and ends < on else ""


def _matching(rows: Iterable[LineCode], text: str) -> tuple[LineCode, ...]:
    """By code where the text begins one, else by the beginnings of their words; codes first."""
    rows, typed = tuple(rows), text.strip().lower()
    words = typed.split()

    def fits(row: LineCode) -> bool:
        own = re.split(r"[^0-9a-z]+", row.wording.lower())
        return all(any(part.startswith(word) for part in own) for word in words)

    begins = sorted((r for r in rows if r.code.lower().startswith(typed)), key=_by_code)
    known = {row.code for row in begins}
    worded = sorted((r for r in rows if r.code not in known and fits(r)), key=_by_code)
    # ``right`` is the right side before any finger of it.
    worded.sort(key=lambda r: (not r.wording.lower().startswith(typed), len(r.wording.split())))
    return (*begins, *worded)


def _by_code(row: LineCode) -> str:
    return row.code
