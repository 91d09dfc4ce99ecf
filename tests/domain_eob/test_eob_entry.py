"""What is computed of a typed EOB line, and that whatever she types foots once it is placed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.eob_entry import (
    EntryLine,
    TypedLine,
    default_action,
    eob_line,
    parse_reason,
    unplaced,
    work_out,
)
from app.domain.posting import LineState, check_foots, eob_line_legs

PAYER, NEXT = 7, 8
LINE = EntryLine(1, 18500, 18500, 0, next_party=NEXT, patient_party=PATIENT_PARTY)
W, T, H, K = Disposition.WRITEOFF, Disposition.TRANSFER, Disposition.HOLD, Disposition.INFO


def test_allowed_alone_says_write_off_and_payment() -> None:
    worked = work_out(LINE, TypedLine(allowed=12840))
    assert (worked.write_off, worked.paid, worked.left_over) == (5660, 12840, 0)


def test_patients_share_comes_off_the_payment() -> None:
    worked = work_out(LINE, TypedLine(allowed=12840, deductible=1000, coinsurance=2368))
    assert (worked.paid, worked.patient_share, worked.left_over) == (9472, 3368, 0)


def test_paid_typed_lower_leaves_a_rest() -> None:
    typed = TypedLine(allowed=4115, coinsurance=823, paid=3092)
    line = replace(LINE, billed=6200, open=6200)
    assert work_out(line, typed).left_over == 200


def test_two_percent_missing_is_known_as_sequestration() -> None:
    typed = TypedLine(allowed=10000, paid=9800)
    assert work_out(LINE, typed).sequestration == 200
    posted = eob_line(LINE, replace(typed, rest_action=W), {})
    assert [(a.group, a.carc, a.cents) for a in posted.adjustments] == [
        ("CO", "45", 8500),
        ("CO", "253", 200),
    ]


def test_a_sequestered_line_needs_its_allowed_amount_only() -> None:
    typed = TypedLine(allowed=12840, coinsurance=2568, sequestered=True)
    worked = work_out(LINE, typed)
    assert (worked.paid, worked.kept_back, worked.left_over) == (10067, 205, 0)
    posted = eob_line(LINE, typed, {})
    assert ("253", 205) in [(a.carc, a.cents) for a in posted.adjustments]
    check_foots(posted)


def test_more_than_allowed_shrinks_the_write_off() -> None:
    typed = TypedLine(allowed=10000, paid=10500, rest_action=K)
    worked = work_out(LINE, typed)
    assert (worked.write_off, worked.left_over) == (8000, 0)
    assert all(a.carc != "94" for a in eob_line(LINE, typed, {}).adjustments)


def test_more_than_charged_is_the_payers_credit() -> None:
    posted = eob_line(LINE, TypedLine(allowed=18500, paid=19000, rest_action=K), {})
    assert [(a.group, a.carc, a.cents) for a in posted.adjustments] == [("OA", "94", -500)]
    legs = eob_line_legs(posted, LineState(18500, {PAYER: 18500}), payer=PAYER, patient=1)
    assert sum(leg.cents for leg in legs) == 0


def test_denied_line_has_no_contractual_part() -> None:
    typed = TypedLine(allowed=0, other=18500, carc="16")
    posted = eob_line(LINE, typed, {("CO", "16"): H})
    assert [(a.carc, a.disposition) for a in posted.adjustments] == [("16", H)]


def test_second_payer_repeats_nothing_of_the_first() -> None:
    """Billing rules §3.3: what the primary settled is OA-23, information only."""
    line = EntryLine(1, 18500, 2568, 0, next_party=PATIENT_PARTY, patient_party=PATIENT_PARTY)
    posted = eob_line(line, TypedLine(allowed=12840), {})
    assert (posted.paid, posted.adjustments[0].carc, posted.adjustments[0].cents) == (
        2568,
        "23",
        15932,
    )
    check_foots(posted)


def test_out_of_network_bills_the_patient() -> None:
    posted = eob_line(replace(LINE, contracted=False), TypedLine(allowed=10000), {})
    assert (posted.adjustments[0].group, posted.adjustments[0].to_party) == ("PR", PATIENT_PARTY)


_CENTS = st.integers(0, 30000)
_MAYBE = st.none() | _CENTS


@given(
    billed=st.integers(1, 30000),
    earlier=_CENTS,
    typed=st.builds(
        TypedLine,
        allowed=_MAYBE,
        deductible=_MAYBE,
        coinsurance=_MAYBE,
        copay=_MAYBE,
        other=_MAYBE,
        carc=st.sampled_from(("16", "97", "204")),
        paid=_MAYBE,
        rest_action=st.sampled_from((None, W, T, H, K)),
        sequestered=st.booleans(),
    ),
)
def test_whatever_is_typed_foots_once_nothing_is_left(
    billed: int, earlier: int, typed: TypedLine
) -> None:
    assume(earlier < billed)
    line = EntryLine(1, billed, billed - earlier, 0, NEXT, PATIENT_PARTY)
    worked = work_out(line, typed)
    posted = eob_line(line, typed, {})
    assert worked.write_off >= 0
    if worked.left_over == 0:
        check_foots(posted)
    else:
        assert worked.left_over == unplaced(line, typed, worked)
        assert worked.left_over == billed - posted.paid - sum(a.cents for a in posted.adjustments)


@pytest.mark.parametrize(
    ("text", "group", "carc"),
    [("16", "CO", "16"), ("co16", "CO", "16"), ("PR-96", "PR", "96"), ("oa 23", "OA", "23")],
)
def test_reasons_as_they_are_typed(text: str, group: str, carc: str) -> None:
    assert parse_reason(text) == (group, carc)


@pytest.mark.parametrize("text", ["CO", "hello", "PR-", "12345"])
def test_no_reason(text: str) -> None:
    with pytest.raises(ValueError, match="looks like CO-16"):
        parse_reason(text)


def test_unknown_reasons_are_held_except_the_patients() -> None:
    assert default_action({}, "CO", "999") is H
    assert default_action({}, "PR", "999") is T
    assert default_action({("CO", "97"): W}, "CO", "97") is W
