"""Rules between services: NCCI pairs, unit limits, add-ons, claims already sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.scrub.code_tables import UnitLimit
from app.scrub.facts import BilledService
from tests.scrub.claims import (
    DAY,
    OWN_NPI,
    claim,
    done,
    facts,
    fires,
    line,
    lines,
    past,
    silent,
    tables,
)

NEXT = DAY + timedelta(days=1)


def _billed(**changes: Any) -> BilledService:
    own = BilledService("12", "submitted", DAY, "99213", (), OWN_NPI)
    return replace(own, **changes)


BOTH_PAIR = lines(line(code="11042"), line(code="97597"))
CASES = (
    fires("E086", "sent already", claim(), facts(billed=(_billed(),))),
    silent("E086", "another day", claim(), facts(billed=(_billed(on=NEXT),))),
    silent("E086", "another provider", claim(), facts(billed=(_billed(rendering_npi="1"),))),
    silent("E086", "replaced", claim(), facts(billed=(_billed(status="replaced"),))),
    silent("E086", "a replacement", replace(claim(), frequency="7"), facts(billed=(_billed(),))),
    fires("E079", "never together", BOTH_PAIR, tables(pairs={("11042", "97597"): 0})),
    fires("E079", "59 does not help", lines(line(code="11042"),
                                            line(code="97597", modifiers=("59",))),
          tables(pairs={("11042", "97597"): 0})),
    fires("E079", "not told apart", BOTH_PAIR, tables(pairs={("11042", "97597"): 1})),
    silent("E079", "59 on either line",
           lines(line(code="11042", modifiers=("59",)), line(code="97597")),
           tables(pairs={("11042", "97597"): 1})),
    silent("E079", "25 on the visit",
           lines(line(code="20610"), line(modifiers=("25",))),
           tables(pairs={("20610", "99213"): 1})),
    silent("E079", "another day", lines(line(code="11042"), line(code="97597", on=NEXT)),
           tables(pairs={("11042", "97597"): 0})),
    fires("E079", "25 on the wrong line",
          lines(line(code="20610", modifiers=("25",)), line()),
          tables(pairs={("20610", "99213"): 1})),
    fires("E080", "per line", done("97110", "GP", units="7"),
          tables(limits={"97110": UnitLimit(6, 1)})),
    fires("E080", "over the day",
          lines(line(code="97110", modifiers=("GP",), units="4"),
                line(code="97110", modifiers=("GP", "59"), units="4")),
          tables(limits={"97110": UnitLimit(6, 2)})),
    silent("E080", "at the limit", done("97110", "GP", units="6"),
           tables(limits={"97110": UnitLimit(6, 1)})),
    silent("E080", "per line, two lines",
           lines(line(code="97110", modifiers=("GP",), units="4"),
                 line(code="97110", modifiers=("GP", "59"), units="4")),
           tables(limits={"97110": UnitLimit(6, 1)})),
    silent("E080", "unpublished", done("97110", "GP", units="60")),
    fires("E084", "alone", done("99417"), tables(primaries={"99417": frozenset({"99215"})})),
    fires("E084", "primary on another day",
          lines(line(code="99417"), line(code="99215", on=NEXT)),
          tables(primaries={"99417": frozenset({"99215"})})),
    silent("E084", "with its primary", lines(line(code="99417"), line(code="99215")),
           tables(primaries={"99417": frozenset({"99215"})})),
    silent("E084", "the contractor decides", lines(line(code="99417"), line()),
           tables(primaries={"99417": frozenset()})),
    silent("E084", "no table", done("99417")),
    silent("E077", "no fee schedule", claim(), past(date(2026, 3, 1), "29881")),
)  # fmt: skip
