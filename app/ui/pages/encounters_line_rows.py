"""A service line as the grid shows it: what is typed, what is filled in, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.dates import format_short
from app.domain.findings import Finding, Severity
from app.domain.money import format_cents
from app.services.encounter_commands import SaveLine
from app.ui.grid_model import GridRow
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages.encounters_line_cells import LineCells

_HINT = "code, or a few letters of your own wording"
_NO_CHARGE = "not on your charge list: type the charge"


@dataclass(frozen=True, slots=True)
class LineRows:
    """Makes rows of lines, with the day's defaults and prices."""

    visit: rules.Visit
    prices: rules.Prices
    cells: LineCells

    def full(self, line: SaveLine, number: int) -> SaveLine:
        """The line with its defaults; a code that only HCPCS knows has its words."""
        return rules.filled_in(line, number, self.visit, self.prices, self.cells.wording)

    def row(self, typed: SaveLine, number: int, here: Mapping[str, Finding]) -> GridRow:
        """One line; ``here``: what is wrong with its cells, by column."""
        full = self.full(typed, number)
        if rules.is_empty(typed):
            cells = _cells(full, number) | {"words": _HINT}
            return GridRow(cells, looks=dict.fromkeys(("number", "words", *rules.TYPED), "muted"))
        cells, day = _cells(full, number), full.service_from
        looks = {"number": "muted", "words": "muted"}
        looks |= {key: "muted" for key in rules.TYPED if _by_default(typed, key)}
        if self.cells.unknown(typed, day):
            looks["modifiers"] = "warn"
        if full.charge_cents is None:
            words = (full.description, _NO_CHARGE)
            cells["words"], looks["words"] = " · ".join(w for w in words if w), "warn"
        state = _mark(here, cells, looks)
        tips = self.cells.tips(full, day) | {"words": cells["words"]}
        return GridRow(cells, self._suggest(typed), looks, state, tips=tips)

    def _suggest(self, line: SaveLine) -> dict[str, str]:
        charge = self.prices.charge(line, self.visit)
        return {} if charge is None else {"charge_cents": format_cents(charge)}


def _cells(full: SaveLine, number: int) -> dict[str, str]:
    return {
        "number": str(number + 1),
        "service_from": format_short(full.service_from),
        "service_to": format_short(full.service_to),
        "place_of_service": full.place_of_service,
        "code": full.code,
        "modifiers": full.modifiers,
        "pointers": full.pointers,
        "units": full.units,
        "charge_cents": "" if full.charge_cents is None else format_cents(full.charge_cents),
        "words": full.description,
    }


def _mark(here: Mapping[str, Finding], cells: dict[str, str], looks: dict[str, str]) -> str:
    """The state of a line with findings; its words become the first of them."""
    if not here:
        return ""
    bad = [f for f in here.values() if f.severity is Severity.ERROR]
    look = "bad" if bad else "warn"
    cells["words"] = (bad or list(here.values()))[0].message
    looks |= dict.fromkeys((*here, "words"), look)
    return "error" if bad else "warn"


def _by_default(line: SaveLine, key: str) -> bool:
    value = getattr(line, key)
    return value == "1" if key == "units" else value in (None, "")
