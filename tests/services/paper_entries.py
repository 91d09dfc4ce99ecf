"""Entries of the paper ledger: decisions read off EOBs, effects on buckets, documents of money."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

PATIENT, COLLECTIONS = 1, 2
CURABLE = {"16"}  # of the codes the test posts, those a corrected claim can cure

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
    """A claim: held until the earlier payer passes something on, ready, then sent."""

    party: int
    lines: tuple[int, ...]
    earlier: int | None  # party billed before
    state: str


@dataclass
class Effect:
    """What one entry did, so that it can be taken back to the cent."""

    owes: Counter[Bucket] = field(default_factory=Counter)
    share: Counter[Bucket] = field(default_factory=Counter)
    given_up: int = 0
    cash: int = 0
    waits: Counter[int] = field(default_factory=Counter)  # by payment

    def move(self, line: int, source: int, target: int, cents: int) -> None:
        self.owes[line, source] -= cents
        self.owes[line, target] += cents


@dataclass
class Posted:
    """An EOB in the books."""

    claim: int
    lines: tuple[Decided, ...]
    effect: Effect
    standing: bool = True


@dataclass
class Payment:
    """A check, receipt or refund: what it says and what of it is in the books."""

    amount: int
    payer: int | None  # party family: None for the patient's own money
    closed: bool = False
    cash: int = 0
    entries: list[Effect] = field(default_factory=list)
    returned: bool = False


def mirror(effect: Effect) -> Effect:
    def minus(counts: Counter[Bucket]) -> Counter[Bucket]:
        return Counter({key: -cents for key, cents in counts.items()})

    return Effect(
        owes=minus(effect.owes),
        share=minus(effect.share),
        given_up=-effect.given_up,
        cash=-effect.cash,
        waits=Counter({key: -cents for key, cents in effect.waits.items()}),
    )
