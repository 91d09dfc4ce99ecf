"""What an EOB line does: it foots, it balances, and what the rules forbid is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.books import PROVISIONAL, Account, Disposition, Leg
from app.domain.errors import Refused
from app.domain.posting import (
    EobAdjustment,
    EobLine,
    LineState,
    check_foots,
    eob_line_legs,
    move,
    write_off,
)

LINE, PATIENT, PAYER, NEXT = 7, 1, 10, 11
BILLED = 10000


def off(cents: int, carc: str = "45", group: str = "CO") -> EobAdjustment:
    return EobAdjustment(group, carc, cents, Disposition.WRITEOFF)


def passed(cents: int, party: int = PATIENT, carc: str = "2") -> EobAdjustment:
    return EobAdjustment("PR", carc, cents, Disposition.TRANSFER, party)


def held(cents: int) -> EobAdjustment:
    return EobAdjustment("CO", "16", cents, Disposition.HOLD)


def info(cents: int, carc: str = "23") -> EobAdjustment:
    return EobAdjustment("OA", carc, cents, Disposition.INFO)


def line(paid: int, *adjustments: EobAdjustment, billed: int = BILLED) -> EobLine:
    return EobLine(LINE, billed, paid, adjustments)


def state(
    owed: int = BILLED, *, provisional: int = 0, adjudicated: bool = False, patient: int = 0
) -> LineState:
    buckets = {party: cents for party, cents in ((PAYER, owed), (PATIENT, patient)) if cents}
    return LineState(BILLED, buckets, provisional, adjudicated)


def legs_of(eob: EobLine, before: LineState, *, waiting: bool = False) -> tuple[Leg, ...]:
    return eob_line_legs(eob, before, payer=PAYER, patient=PATIENT, from_unapplied=waiting)


def effect(legs: tuple[Leg, ...]) -> dict[str | int, int]:
    """Cents by party for receivables, by account for the rest."""
    sums: Counter[str | int] = Counter()
    for leg in legs:
        sums[leg.party_id if leg.party_id is not None else str(leg.account)] += leg.cents
    return {key: cents for key, cents in sums.items() if cents}


def refused(eob: EobLine, before: LineState) -> str:
    with pytest.raises(Refused) as refusal:
        legs_of(eob, before)
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def test_paid_written_off_and_passed_on() -> None:
    legs = legs_of(line(6000, off(2500), passed(1500)), state())
    assert effect(legs) == {"cash": 6000, "adjustment": 2500, PAYER: -10000, PATIENT: 1500}
    assert all(leg.line_id == LINE for leg in legs)


def test_codes_travel_with_their_legs() -> None:
    legs = legs_of(line(6000, off(2500), passed(1500, NEXT, "1")), state())
    assert {(leg.group, leg.carc, leg.cents) for leg in legs if leg.carc} == {
        ("CO", "45", 2500),
        ("CO", "45", -2500),
        ("PR", "1", 1500),
        ("PR", "1", -1500),
    }


@pytest.mark.parametrize(
    ("carc", "reason"),
    [
        ("45", "contractual"),
        ("131", "contractual"),
        ("253", "sequestration"),
        ("104", "withhold"),
        ("24", "capitation"),
        ("29", "timely_filing"),
        ("97", "bundled"),
        ("234", "bundled"),
        ("50", "not_covered"),
        ("96", "not_covered"),
    ],
)
def test_write_offs_go_under_their_own_reason(carc: str, reason: str) -> None:
    legs = legs_of(line(8000, off(2000, carc)), state())
    assert {leg.reason for leg in legs if leg.carc} == {reason}
    assert effect(legs)["adjustment"] == 2000


def test_held_and_informational_amounts_move_nothing() -> None:
    assert legs_of(line(0, held(BILLED)), state()) == ()
    assert legs_of(line(0, info(BILLED)), state()) == ()
    assert effect(legs_of(line(4000, held(6000)), state())) == {"cash": 4000, PAYER: -4000}


def test_money_that_waited_comes_out_of_unapplied() -> None:
    legs = legs_of(line(10000), state(), waiting=True)
    assert effect(legs) == {"unapplied": 10000, PAYER: -10000}


@pytest.mark.parametrize("off_by", [1, -1, 10000])
def test_a_line_that_does_not_foot_is_refused(off_by: int) -> None:
    assert refused(line(6000 + off_by, off(4000)), state()) == "eob_line_not_balanced"


def test_held_and_informational_amounts_count_when_footing() -> None:
    check_foots(line(1000, off(2000), passed(3000), held(2500), info(1500)))
    assert refused(line(1000, off(2000), held(2500)), state()) == "eob_line_not_balanced"


def test_another_amount_billed_is_refused() -> None:
    assert refused(line(9000, billed=9000), state()) == "billed_differs"


def test_a_decided_line_is_not_posted_twice() -> None:
    decided = state(0, adjudicated=True)
    assert refused(line(10000), decided) == "policy:duplicate_posting"
    assert refused(line(0, off(10000)), decided) == "policy:duplicate_posting"
    assert refused(line(0, passed(10000)), decided) == "policy:duplicate_posting"


def test_a_decided_line_may_still_be_explained_or_paid_the_rest() -> None:
    assert legs_of(line(0, info(BILLED, "18")), state(0, adjudicated=True)) == ()
    rest = legs_of(line(3000, info(7000)), state(3000, adjudicated=True))
    assert effect(rest) == {"cash": 3000, PAYER: -3000}


def test_no_more_is_written_off_or_passed_on_than_is_open() -> None:
    open_now = state(3000)
    assert refused(line(0, passed(3001), info(6999)), open_now) == "exceeds_open_balance"
    assert refused(line(2000, off(1001), info(6999)), open_now) == "exceeds_open_balance"
    assert effect(legs_of(line(2000, off(1000), info(7000)), open_now))[PAYER] == -3000


def test_more_may_be_paid_than_is_open() -> None:
    legs = legs_of(line(12000, info(-2000, "94")), state())
    assert effect(legs) == {"cash": 12000, PAYER: -12000}


def test_the_copay_taken_ahead_is_given_back_first() -> None:
    before = state(8000, provisional=2000)
    legs = legs_of(line(7000, off(1500), passed(1500, carc="3")), before)
    assert [leg.cents for leg in legs if leg.reason == PROVISIONAL] == [-2000, 2000]
    assert effect(legs)[PAYER] == -8000  # the bucket ends at zero
    assert effect(legs)[PATIENT] == -500  # 20.00 collected, 15.00 owed


def test_the_copay_is_kept_while_the_line_is_only_held_or_explained() -> None:
    before = state(8000, provisional=2000)
    assert legs_of(line(0, held(BILLED)), before) == ()
    assert legs_of(line(0, held(4000), info(6000)), before) == ()
    assert legs_of(line(0, info(BILLED)), before) == ()
    assert effect(legs_of(line(1, held(9999)), before))[PATIENT] == -2000


def test_what_the_copay_gives_back_may_be_moved() -> None:
    before = state(8000, provisional=2000)
    assert effect(legs_of(line(0, passed(10000)), before))[PAYER] == -8000


def test_a_transfer_names_who_owes_next() -> None:
    nobody = EobAdjustment("PR", "2", 100, Disposition.TRANSFER)
    with pytest.raises(ValueError, match="who owes next"):
        legs_of(line(9900, nobody), state())


DISPOSED = st.sampled_from(list(Disposition))


@st.composite
def footing_lines(draw: st.DrawFn) -> EobLine:
    """Any line that foots, reversals and overpayments included."""
    paid = draw(st.integers(-20000, 20000))
    adjustments = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(DISPOSED)
        to = draw(st.sampled_from([PATIENT, NEXT])) if kind is Disposition.TRANSFER else None
        adjustments.append(EobAdjustment("CO", "45", draw(st.integers(-9000, 9000)), kind, to))
    rest = BILLED - paid - sum(a.cents for a in adjustments)
    return line(paid, *adjustments, info(rest))


@given(
    footing_lines(),
    st.integers(-5000, BILLED),
    st.integers(0, 5000),
    st.booleans(),
    st.booleans(),
)
def test_legs_always_sum_to_zero(
    eob: EobLine, owed: int, provisional: int, adjudicated: bool, waiting: bool
) -> None:
    before = state(owed, provisional=provisional, adjudicated=adjudicated)
    try:
        legs = legs_of(eob, before, waiting=waiting)
    except Refused as refusal:
        assert refusal.code in ("policy:duplicate_posting", "exceeds_open_balance")  # noqa: PT017
        return
    assert sum(leg.cents for leg in legs) == 0
    assert all(leg.cents for leg in legs)
    receivable = [leg for leg in legs if leg.account is Account.RECEIVABLE]
    assert all(leg.party_id is not None for leg in receivable)
    money = sum(leg.cents for leg in legs if leg.account in (Account.CASH, Account.UNAPPLIED))
    assert money == eob.paid


@given(st.integers(-10000, 10000), st.integers(1, 9), st.integers(1, 9))
def test_moves_and_write_offs_sum_to_zero(cents: int, source: int, target: int) -> None:
    assert sum(leg.cents for leg in move(LINE, source, target, cents)) == 0
    assert sum(leg.cents for leg in write_off(LINE, source, cents, reason="courtesy")) == 0
