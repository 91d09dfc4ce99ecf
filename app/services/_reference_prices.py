"""Medicare's price of a service, from relative values, geographic indices and the factor.

Price = (work × work index + practice expense × its index + malpractice × its index) × conversion
factor (42 CFR 414.20); the practice expense is the facility's or the office's by place of service.
Anesthesia is paid by time and left out, as is what contractors price and what other modifiers
change. All in whole numbers, rounded half up to a cent once a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from app.domain.reference import FACTOR_SCALE, RVU_SCALE, GpciRow, RvuRow
from app.services.reference_rows import MedicarePrice

# Paid under the schedule: active, restricted coverage, paid alone (injections).
_PRICED = frozenset({"A", "R", "T"})
_COMPONENTS = ("26", "TC", "53")
_BOTH_SIDES = "50"
# By the bilateral indicator, percent of the price for both sides (MCPM ch12 §40.7).
_BILATERAL = {"1": 150, "2": 100, "3": 200}
# Modifiers that change what is paid by the case: part of an operation, team, assistant, reduced.
_BY_CASE = frozenset(
    {"22", "51", "52", "54", "55", "56", "62", "66", "73", "74", "78", "80", "81", "82"}
    | {"AS", "CO", "CQ", "FB", "FC", "FX", "FY"}
)
_NONPARTICIPATING, _LIMITING = 95, 115


def component_of(modifiers: Sequence[str]) -> str:
    """The modifier that has a line of its own in the schedule; empty for the whole service."""
    return next((m for m in _COMPONENTS if m in modifiers), "")


def price_of(
    line: RvuRow,
    indices: GpciRow,
    modifiers: Sequence[str],
    edition: str,
    *,
    facility: bool,
    percent: int = 100,
) -> MedicarePrice | None:
    """The price of one unit in cents; None where the schedule does not give one."""
    if line.status not in _PRICED or _BY_CASE & set(modifiers):
        return None
    share = _BILATERAL.get(line.bilateral) if _BOTH_SIDES in modifiers else 100
    practice = line.practice_facility if facility else line.practice_office
    total = line.work * indices.work + practice * indices.practice
    total += line.malpractice * indices.malpractice
    if share is None or total <= 0 or line.factor <= 0:
        return None
    # dollars = total / 1000 / 1000 × factor / 10,000
    cents = Decimal(total * line.factor * 100) / (RVU_SCALE * RVU_SCALE * FACTOR_SCALE)
    allowed = _rounded(cents * share * percent / 10_000)
    nonparticipating = _rounded(Decimal(allowed * _NONPARTICIPATING) / 100)
    limiting = _rounded(Decimal(nonparticipating * _LIMITING) / 100)
    return MedicarePrice(allowed, nonparticipating, limiting, facility, edition)


def _rounded(cents: Decimal) -> int:
    return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
