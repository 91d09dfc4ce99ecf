"""What an EOB line does to the books (billing rules §3). Pure: facts in, legs out.

Every legs tuple sums to zero. The caller adds payment, payer and claim to each leg.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.books import PROVISIONAL, Account, Disposition, Leg
from app.domain.errors import Refused
from app.domain.money import format_cents

# Adjustments that say what an earlier payer did, or that more than the charge was paid.
INFORMATION_CARCS = frozenset({"23", "94"})

# Write-off reason by CARC; anything else written off by an EOB is contractual.
_WRITE_OFF_REASONS = {
    "253": "sequestration",
    "104": "withhold",
    "24": "capitation",
    "29": "timely_filing",
    "97": "bundled",
    "234": "bundled",
    "50": "not_covered",
    "96": "not_covered",
}


@dataclass(frozen=True, slots=True)
class Codes:
    """Group, CARC and RARC that travel with a leg."""

    group: str | None = None
    carc: str | None = None
    rarc: str | None = None


NO_CODES = Codes()


@dataclass(frozen=True, slots=True)
class EobAdjustment:
    """One group/CARC amount on an EOB line and what to do with it.

    ``to_party`` is set for transfers only. Amounts in cents; negative on reversals and OA-94.
    """

    group: str
    carc: str
    cents: int
    disposition: Disposition
    to_party: int | None = None
    rarc: str = ""


@dataclass(frozen=True, slots=True)
class EobLine:
    """One line of an EOB as it stands on the paper (cents)."""

    line_id: int
    billed: int
    paid: int
    adjustments: tuple[EobAdjustment, ...] = ()
    allowed: int | None = None


@dataclass(frozen=True, slots=True)
class LineState:
    """The line in the books before posting.

    Attributes:
        charge: what the claim billed for it (cents).
        buckets: balance by party id, zero ones left out.
        provisional: patient's share taken out of this payer's bucket at the visit, not yet
            released (cents, ≥ 0).
        adjudicated: this payer already decided the line, and nothing of it was reversed.
    """

    charge: int
    buckets: Mapping[int, int]
    provisional: int = 0
    adjudicated: bool = False


def check_foots(line: EobLine) -> None:
    """Billed = paid + every adjustment shown, held and informational ones included.

    Raises:
        Refused: ``eob_line_not_balanced`` with the difference.
    """
    difference = line.billed - line.paid - sum(a.cents for a in line.adjustments)
    if difference:
        raise Refused(
            "eob_line_not_balanced",
            f"{format_cents(difference)} of this line is in no column. Paid and adjustments must "
            "add up to what was billed.",
        )


def eob_line_legs(
    line: EobLine, state: LineState, *, payer: int, patient: int, from_unapplied: bool = False
) -> tuple[Leg, ...]:
    """Legs of one EOB line; empty when the line is only held or informational.

    ``payer`` and ``patient`` are party ids. With ``from_unapplied`` the money was already in the
    books, waiting on the check.

    Raises:
        Refused: the line does not foot, was billed differently, was already decided, or would
            move more than the payer still owes.
    """
    check_foots(line)
    _check_billed(line, state)
    _check_not_posted_before(line, state, payer)
    legs = [*_release(line, state, payer, patient), *_paid(line, payer, from_unapplied)]
    for adjustment in line.adjustments:
        legs += _adjustment(line.line_id, adjustment, payer)
    _check_open(line, state, payer, legs)
    return tuple(legs)


def _check_billed(line: EobLine, state: LineState) -> None:
    if line.billed != state.charge:
        raise Refused(
            "billed_differs",
            f"The EOB says {format_cents(line.billed)} was billed; the claim says "
            f"{format_cents(state.charge)}. Check that this is the right line.",
        )


def _moves(line: EobLine) -> bool:
    """True when the line changes the books: something paid, written off or passed on."""
    return bool(line.paid) or any(
        a.cents and a.disposition in (Disposition.WRITEOFF, Disposition.TRANSFER)
        for a in line.adjustments
    )


def _check_not_posted_before(line: EobLine, state: LineState, payer: int) -> None:
    if state.adjudicated and state.buckets.get(payer, 0) <= 0 and _moves(line):
        raise Refused(
            "policy:duplicate_posting",
            "This payer has already decided this line. Reverse the earlier EOB first, or put the "
            "money to Unapplied.",
        )


def _held_only(line: EobLine) -> bool:
    """True when every amount that is not information is held: the decision is still open."""
    posted = [a for a in line.adjustments if a.disposition is not Disposition.INFO]
    return (
        line.paid == 0 and bool(posted) and all(a.disposition is Disposition.HOLD for a in posted)
    )


def _informational(line: EobLine) -> bool:
    return line.paid == 0 and all(a.disposition is Disposition.INFO for a in line.adjustments)


def _release(line: EobLine, state: LineState, payer: int, patient: int) -> Iterable[Leg]:
    """The copay's provisional share goes back before the EOB says what the patient owes (§3.3)."""
    if not state.provisional or _held_only(line) or _informational(line):
        return ()
    return move(line.line_id, patient, payer, state.provisional, reason=PROVISIONAL)


def _paid(line: EobLine, payer: int, from_unapplied: bool) -> Iterable[Leg]:
    if not line.paid:
        return ()
    source = Account.UNAPPLIED if from_unapplied else Account.CASH
    return (
        Leg(source, line.paid, line_id=line.line_id),
        Leg(Account.RECEIVABLE, -line.paid, line_id=line.line_id, party_id=payer),
    )


def _adjustment(line_id: int, adjustment: EobAdjustment, payer: int) -> Iterable[Leg]:
    if not adjustment.cents or adjustment.disposition in (Disposition.HOLD, Disposition.INFO):
        return ()
    codes = Codes(adjustment.group, adjustment.carc, adjustment.rarc or None)
    if adjustment.disposition is Disposition.WRITEOFF:
        reason = _WRITE_OFF_REASONS.get(adjustment.carc, "contractual")
        return write_off(line_id, payer, adjustment.cents, reason=reason, codes=codes)
    if adjustment.to_party is None:
        raise ValueError("a transfer names who owes next")
    return move(line_id, payer, adjustment.to_party, adjustment.cents, codes=codes)


def write_off(
    line_id: int, party: int, cents: int, *, reason: str, codes: Codes = NO_CODES
) -> tuple[Leg, Leg]:
    """Takes ``cents`` out of a party's bucket with no cash; negative puts a write-off back."""
    return (
        _leg(Account.ADJUSTMENT, cents, line_id, None, reason, codes),
        _leg(Account.RECEIVABLE, -cents, line_id, party, reason, codes),
    )


def move(
    line_id: int,
    source: int,
    target: int,
    cents: int,
    *,
    reason: str | None = None,
    codes: Codes = NO_CODES,
) -> tuple[Leg, Leg]:
    """Two receivable legs that pass ``cents`` of a line from one party to another."""
    return (
        _leg(Account.RECEIVABLE, -cents, line_id, source, reason, codes),
        _leg(Account.RECEIVABLE, cents, line_id, target, reason, codes),
    )


def _leg(
    account: Account, cents: int, line: int, party: int | None, reason: str | None, codes: Codes
) -> Leg:
    return Leg(
        account,
        cents,
        line_id=line,
        party_id=party,
        reason=reason,
        group=codes.group,
        carc=codes.carc,
        rarc=codes.rarc,
    )


def _check_open(line: EobLine, state: LineState, payer: int, legs: list[Leg]) -> None:
    """More may be paid than is open (a credit of the payer), but not written off or passed on."""
    after = state.buckets.get(payer, 0) + sum(
        leg.cents for leg in legs if leg.account is Account.RECEIVABLE and leg.party_id == payer
    )
    moved = sum(
        a.cents
        for a in line.adjustments
        if a.disposition in (Disposition.WRITEOFF, Disposition.TRANSFER)
    )
    if after < 0 and moved > 0:
        raise Refused(
            "exceeds_open_balance",
            f"This line moves {format_cents(-after)} more than the payer still owes on it. Amounts "
            "the earlier payer already settled are information, not a new adjustment.",
        )
