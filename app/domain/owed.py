"""Why a patient owes: the postings of a line told in plain words, with the cents of each.

Every posting of the patient's bucket falls under one reason, so the reasons of a line always sum
to what the patient owes on it. The wording is our own; the codes are CARCs (group PR mostly).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.books import PROVISIONAL

PLAN = "Your plan"
_SHARE_WORDS = {
    "1": "{plan}: applied to your deductible",
    "2": "{plan}: your coinsurance",
    "3": "{plan}: your copay",
    "22": "{plan}: another plan should pay first; please tell us about it",
    "26": "{plan}: your coverage had not begun",
    "27": "{plan}: your coverage had ended",
    "31": "{plan}: could not find you as a member",
    "35": "{plan}: lifetime maximum reached",
    "45": "{plan}: charge above what this out-of-network plan allows",
    "49": "{plan}: routine examinations are not covered",
    "50": "{plan}: not covered as medically necessary; you agreed to pay",
    "66": "{plan}: blood deductible",
    "96": "{plan}: not covered by your plan",
    "100": "{plan}: paid you directly; please pass the payment on to us",
    "119": "{plan}: benefit maximum reached",
    "122": "{plan}: reduction for mental health care",
    "178": "{plan}: your spend-down or share of cost",
    "204": "{plan}: not a benefit of your plan",
}
_OTHER_SHARE = "{plan}: your part as your plan decided"
SELF_PAY = "No insurance was billed: self-pay"
COPAY_AT_VISIT = "Copay at the visit"
LEFT_TO_YOU = "{plan}: not paid by your plan"
NOW_BILLED = "Now billed to {plan}"
AGENCY = "Placed with our collection agency"
ADJUSTED = "Adjusted in your favor"
PUT_BACK = "Adjustment taken back"
PAID = "Less what you have paid"
PAID_BACK = "Paid back to you, or payment returned by the bank"
OTHER = "Correction"


class Party(StrEnum):
    """Who stands on the other side of a posting."""

    PATIENT = "patient"
    PAYER = "payer"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One receivable posting of a charge line (cents, debit positive).

    Attributes:
        kind: kind of its journal; a reversal goes by the kind of what it reverses.
        party: whose bucket it moves.
        other: for a transfer, the party on its other side.
        plan: name of the payer who decided it, empty when there is none.
        owner: name of the payer whose bucket it is, empty for the patient and the agency.
    """

    line_id: int
    party: Party
    cents: int
    kind: str
    carc: str = ""
    reason: str = ""
    other: Party | None = None
    plan: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason and its cents; payments and adjustments are negative."""

    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line, or several, as columns (cents).

    ``charge - insurance - adjusted - paid - pending - agency = owes``.
    """

    charge: int = 0
    insurance: int = 0
    adjusted: int = 0
    paid: int = 0
    pending: int = 0
    agency: int = 0

    @property
    def owes(self) -> int:
        """What is left for the patient; negative is a credit."""
        gone = self.insurance + self.adjusted + self.paid + self.pending + self.agency
        return self.charge - gone


PATIENTS_MONEY = ("patient_payment", "apply_unapplied", "refund")


def column_of(entry: LineEntry) -> str:
    """Under which heading a posting counts; empty for moves between parties."""
    if entry.reason == PROVISIONAL or entry.kind == "transfer":
        return ""
    if entry.kind in ("charge", "charge_void"):
        return "charge"
    if entry.kind == "write_off" or (entry.kind == "eob" and entry.reason):
        return "adjusted"
    if entry.kind == "eob":
        return "" if entry.carc else "insurance"
    return "insurance" if entry.party is Party.PAYER else "paid"


def figures_of(entries: Iterable[LineEntry]) -> LineFigures:
    """The columns of one or several lines."""
    sums = dict.fromkeys(("charge", "insurance", "adjusted", "paid", "pending", "agency"), 0)
    for entry in entries:
        column = column_of(entry)
        if column:
            sums[column] += entry.cents if column == "charge" else -entry.cents
        if entry.party is not Party.PATIENT:
            sums["agency" if entry.party is Party.AGENCY else "pending"] += entry.cents
    return LineFigures(**sums)


def waiting_plans(entries: Iterable[LineEntry]) -> dict[str, int]:
    """What each payer still owes, by name (cents); payers that owe nothing are left out."""
    sums: dict[str, int] = {}
    for entry in entries:
        if entry.party is Party.PAYER:
            sums[entry.owner] = sums.get(entry.owner, 0) + entry.cents
    return {owner: cents for owner, cents in sums.items() if cents > 0}


def why_owed(entries: Iterable[LineEntry]) -> tuple[Why, ...]:
    """The reasons for the patient's part, debts first, each once; they sum to the bucket."""
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.party is Party.PATIENT:
            key = _reason(entry)
            sums[key] = sums.get(key, 0) + entry.cents
    found = [Why(_worded(more, less, cents), cents) for (more, less), cents in sums.items()]
    whole = _without_detours([why for why in found if why.cents])
    return tuple(sorted(whole, key=lambda why: why.cents < 0))


def _without_detours(reasons: list[Why]) -> list[Why]:
    """A self-pay charge that was billed to insurance after all explains nothing any more."""
    charge = next((why for why in reasons if why.words == SELF_PAY), None)
    billed = [why for why in reasons if why.words.startswith(NOW_BILLED.partition("{")[0])]
    if charge is None or charge.cents + sum(why.cents for why in billed) != 0:
        return reasons
    return [why for why in reasons if why is not charge and why not in billed]


def _worded(more: str, less: str, cents: int) -> str:
    return more if cents > 0 else less


_BY_KIND = {
    "charge": (SELF_PAY, SELF_PAY),
    "charge_void": (SELF_PAY, SELF_PAY),
    "write_off": (PUT_BACK, ADJUSTED),
    **dict.fromkeys(PATIENTS_MONEY, (PAID_BACK, PAID)),
}


def _reason(entry: LineEntry) -> tuple[str, str]:
    """Words when the patient owes more by it, and when less."""
    plan = entry.plan or PLAN
    if entry.reason == PROVISIONAL:
        return COPAY_AT_VISIT, COPAY_AT_VISIT
    if entry.kind == "transfer":
        return _moved(entry, plan)
    if entry.kind == "eob" and entry.carc:
        words = _SHARE_WORDS.get(entry.carc, _OTHER_SHARE).replace("{plan}", plan)
        return words, words
    return _BY_KIND.get(entry.kind, (OTHER, OTHER))


def _moved(entry: LineEntry, plan: str) -> tuple[str, str]:
    if entry.other is Party.AGENCY:
        return AGENCY, AGENCY
    return LEFT_TO_YOU.replace("{plan}", plan), NOW_BILLED.replace("{plan}", plan)
