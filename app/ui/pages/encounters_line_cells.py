"""Words for the cells of a service line: modifiers, places and HCPCS codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.services.encounter_commands import SaveLine
from app.services.line_codes import LineCode, LineCodeService, Source
from app.ui.widgets.results import SearchRow

ALL = "?"  # typed in a cell, lists every code it takes
MOST_MODIFIERS = 4  # item 24D
_SHOWN = 12
_OF_HCPCS = "HCPCS · not on your charge list"
_OF_LICENCE = "Not on your charge list · CPT © American Medical Association, kept by your licence"
_UNKNOWN = "{}: not a modifier we know; check it, some payers have their own"


@dataclass(frozen=True, slots=True)
class LineCells:
    """What lists and tips say; ``own``: the practice's procedures for a text."""

    codes: LineCodeService
    own: Callable[[str], Sequence[SearchRow]]
    today: Callable[[], date]

    # --- lists --------------------------------------------------------------------------------
    def procedures(self, text: str, day: date | None) -> Sequence[SearchRow]:
        """The practice's own first, then codes of imported files."""
        own = list(self.own(text))
        known = {row.key for row in own}
        found = self.codes.procedures(text, day or self.today()) if len(own) < _SHOWN else ()
        more = [_offered(row) for row in found if row.code not in known]
        return own + more[: _SHOWN - len(own)]

    def modifiers(self, text: str, day: date | None) -> Sequence[SearchRow]:
        """Modifiers for what is typed last; those before it stay."""
        day = day or self.today()
        words = text.upper().replace(",", " ").split()
        before: list[str] = []
        while words and self._known(words[0], day) and len(words) > 1:
            before += _pairs(words.pop(0))
        rest = " ".join(words)
        rows = self._modifiers(rest, day)
        if not rows and len(rest) > 2 and self._known(rest[:2], day):
            before.append(rest[:2])
            rows = self._modifiers(rest[2:], day)
        if not rows or len(before) >= MOST_MODIFIERS:
            return ()
        return [*self._as_typed(text, day), *(_modifier(row, before) for row in rows)]

    def _modifiers(self, text: str, day: date) -> Sequence[LineCode]:
        if text == ALL:
            return self.codes.modifiers("", day)
        # Two signs are whole: never changed for something like them, and the arrows go on.
        return self.codes.modifiers(text, day)[:_SHOWN] if text and len(text) != 2 else ()

    def _as_typed(self, text: str, day: date) -> Sequence[SearchRow]:
        """``GAGY`` may be two modifiers as well as a word: what she typed comes first."""
        pairs = _pairs(text.upper().replace(",", " "))
        whole = len(pairs) > 1 and all(self._known(pair, day) for pair in pairs)
        return [SearchRow(text.upper(), " ".join(pairs), "as typed")] if whole else ()

    def _known(self, word: str, day: date) -> bool:
        pairs = _pairs(word)
        return bool(pairs) and all(self.codes.modifier(pair, day) for pair in pairs)

    def places(self, text: str) -> Sequence[SearchRow]:
        """Places of service by number or words."""
        typed = text.strip()
        whole = not typed or self.codes.place(typed) is not None
        rows = () if whole else self.codes.places("" if typed == ALL else typed)
        return [SearchRow(r.code, r.code, r.wording, r.note) for r in rows]

    # --- words --------------------------------------------------------------------------------
    def wording(self, line: SaveLine, day: date | None) -> str:
        """HCPCS' words for the code of a line; empty when no imported file has it."""
        found = self.codes.procedure(line.code, day or self.today()) if line.code else None
        return found.wording if found else ""

    def tips(self, line: SaveLine, day: date | None) -> dict[str, str]:
        """What the cells of a line mean, by column."""
        told = [self._told(code, day or self.today()) for code in line.modifiers.split()]
        place = self.codes.place(line.place_of_service) if line.place_of_service else None
        tips = {"modifiers": "\n".join(told)} if told else {}
        return tips | ({"place_of_service": place.sentence} if place else {})

    def unknown(self, line: SaveLine, day: date | None) -> bool:
        """True when the line has a modifier that nobody here knows."""
        when = day or self.today()
        return not all(self.codes.modifier(code, when) for code in line.modifiers.split())

    def told(self, key: str, line: SaveLine, day: date | None) -> str:
        """The cell under the cursor in a line; empty for cells that speak for themselves."""
        if key not in ("modifiers", "place_of_service"):
            return ""
        said = self.tips(line, day).get(key, "").replace("\n", " · ")
        every = f"type a code or a word; {ALL} lists all"
        return said or f"{_NAMES[key]}: {every}"

    def _told(self, code: str, day: date) -> str:
        found = self.codes.modifier(code, day)
        return found.sentence if found else _UNKNOWN.format(code)


_NAMES = {"modifiers": "Modifiers", "place_of_service": "Place of service"}


def _pairs(text: str) -> list[str]:
    """``25RT`` as 25 and RT; nothing where a sign is left over."""
    bare = re.sub(r"[\s,.-]", "", text)
    return re.findall("..", bare) if bare.isalnum() and not len(bare) % 2 else []


def _modifier(row: LineCode, before: Sequence[str]) -> SearchRow:
    return SearchRow(" ".join((*before, row.code)), row.code, row.wording, row.note)


def _offered(row: LineCode) -> SearchRow:
    group = _OF_LICENCE if row.source is Source.LICENCE else _OF_HCPCS
    return SearchRow(row.code, row.code, row.wording, row.note, group)
