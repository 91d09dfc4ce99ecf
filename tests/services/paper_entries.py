"""Entries of the paper ledger: decisions off EOBs, effects on the books, documents of money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date

PATIENT, COLLECTIONS = 1, 2
OWN = (PATIENT, COLLECTIONS)
CURABLE = {"16"}  # of the codes the test posts, those a corrected claim can cure

# Provider-level items: the account that takes the other side, and the sign it must have.
ITEMS = {
    "interest": ("other_income", 1),
    "capitation": ("other_income", 1),
    "withhold_return": ("other_income", 1),
    "unapplied": ("waits", 1),
    "forward_balance": ("due", 1),
    "withholding": ("due", -1),
    "levy": ("expense", -1),
    "agency_fee": ("expense", -1),
}

Bucket = tuple[int, int]


@dataclass(frozen=True)
class Amount:
    """One adjustment as read off the paper."""

    kind: str  # writeoff, transfer, hold, info
    carc: str
    cents: int
    to: int | None = None


@dataclass(frozen=True)
class Decided:
    """One line of a decision."""

    line: int
    billed: int
    paid: int
    amounts: tuple[Amount, ...]

    def of(self, *kinds: str) -> int:
        return sum(a.cents for a in self.amounts if a.kind in kinds)

    @property
    def moves(self) -> bool:
        moved = [a for a in self.amounts if a.kind in ("writeoff", "transfer") and a.cents]
        return bool(self.paid or moved)

    @property
    def opens_the_share(self) -> bool:
        """A line that is only held, or only information, decides nothing yet."""
        said = [a.kind for a in self.amounts if a.kind != "info"]
        return bool(self.paid) or any(kind != "hold" for kind in said)


@dataclass
class Claim:
    """A claim: held until the earlier payer passes something on, ready, then sent.

    A rejected one is of no use and goes out again as another, which leaves it ``gone``.
    """

    party: int
    lines: tuple[int, ...]
    earlier: int | None  # party billed before
    state: str


@dataclass
class Effect:
    """What one entry did, so that it can be taken back to the cent. Credits are positive in
    ``waits``, ``due``, ``earned`` and ``other_income``.
    """

    owes: Counter[Bucket] = field(default_factory=Counter)
    share: Counter[Bucket] = field(default_factory=Counter)  # by line and payer's party
    by_patient: Counter[int] = field(default_factory=Counter)  # patients' money on a line
    written: Counter[int] = field(default_factory=Counter)  # given up, by line
    waits: Counter[int] = field(default_factory=Counter)  # by payment
    due: Counter[int | None] = field(default_factory=Counter)  # by payer
    cash: int = 0
    earned: int = 0
    other_income: int = 0
    expense: int = 0

    def move(self, line: int, source: int, target: int, cents: int) -> None:
        self.owes[line, source] -= cents
        self.owes[line, target] += cents

    def pay(self, line: int, party: int, cents: int, *, patients: bool = False) -> None:
        """Money on a line, wherever it comes from; a refund is money below zero."""
        self.owes[line, party] -= cents
        if patients and party == PATIENT:
            self.by_patient[line] += cents

    def forgive(self, line: int, party: int, cents: int) -> None:
        self.owes[line, party] -= cents
        self.written[line] += cents

    def add(self, other: Effect) -> None:
        for name in (f.name for f in fields(self)):
            mine, its = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(its)
            else:
                setattr(self, name, mine + its)

    def mirrored(self) -> Effect:
        """The opposite of it."""
        back = Effect()
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            counted = isinstance(value, Counter)
            setattr(back, name, Counter({k: -c for k, c in value.items()}) if counted else -value)
        return back

    def accounts(self) -> dict[str, int]:
        """Every account's total, debit positive; zero ones left out."""
        found = {
            "receivable": sum(self.owes.values()),
            "revenue": -self.earned,
            "adjustment": sum(self.written.values()),
            "cash": self.cash,
            "unapplied": -sum(self.waits.values()),
            "due_to_payer": -sum(self.due.values()),
            "other_income": -self.other_income,
            "expense": self.expense,
        }
        return {name: cents for name, cents in found.items() if cents}

    @property
    def empty(self) -> bool:
        """True when no leg would be written for it."""
        counts = (self.owes, self.waits, self.due, self.written)
        sums = (self.cash, self.earned, self.other_income, self.expense)
        return not any(sums) and not any(any(c.values()) for c in counts)


@dataclass
class Posted:
    """An EOB in the books, on the check it was posted or taken back on."""

    claim: int
    check: int
    lines: tuple[Decided, ...]
    effect: Effect
    standing: bool = True
    taken_on: int | None = None  # the check on which it was taken back
    taking: int = 0  # number of the entry that took it back


@dataclass
class Item:
    """Something besides EOBs that a payment did, by itself and once."""

    effect: Effect
    kind: str = "placement"
    standing: bool = True


@dataclass
class Payment:
    """A check, receipt or refund: what it says and what of it is in the books."""

    amount: int
    payer: int | None  # None for anybody's money but an insurer's
    closed: bool = False
    cash: int = 0
    items: list[Item] = field(default_factory=list)
    returned: bool = False
    voided: bool = False
    touched: bool = False  # it has entries, maybe taken back again
    third: bool = False  # of an agency, an attorney, an employer
    method: str = "check"

    @property
    def insurers(self) -> bool:
        return self.payer is not None


@dataclass
class Found:
    """Insurance found for a visit: what it moved, and the claim that was made or released."""

    party: int
    effect: Effect
    claim: int | None
    made: bool
    event: int  # the newest event of a claim at that time
    taken_back: bool = False


@dataclass(frozen=True)
class Dated:
    """An effect with its accounting date."""

    on: date
    effect: Effect
