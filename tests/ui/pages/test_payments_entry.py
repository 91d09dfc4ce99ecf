"""A claim being keyed: where Enter goes, what the grid says, what a draft brings back."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.eob_entry import EntryLine
from app.domain.posting import check_foots
from app.services.posting_commands import EarlierEob, LineToPost, PostingClaim
from app.ui.pages.payments_entry import TYPED, ClaimEntry
from app.ui.pages.payments_rows import grid_row, rest_words, totals, warnings

DAY = date(2026, 11, 18)
HARBOR = 8
DEFAULTS = {("CO", "16"): Disposition.HOLD, ("CO", "97"): Disposition.WRITEOFF}


def _line(number: int, billed: int, *, decided: bool = False) -> LineToPost:
    entry = EntryLine(number, billed, 0 if decided else billed, 0, HARBOR, PATIENT_PARTY)
    return LineToPost(entry, date(2026, 10, 22), f"9921{number}", "", decided)


def _claim(
    *lines: LineToPost, provisional: int = 0, earlier: tuple[EarlierEob, ...] = ()
) -> ClaimEntry:
    claim = PostingClaim(
        claim_id=1,
        number="10418",
        patient_id=1,
        patient_name="Ames, Ruth",
        member_id="XQK",
        status="submitted",
        next_name="Harbor Mutual",
        lines=lines or (_line(1, 18500), _line(2, 16500), _line(3, 6200)),
        provisional_cents=provisional,
        earlier=earlier,
    )
    return ClaimEntry(claim, DEFAULTS)


def _type(entry: ClaimEntry, row: int, **cells: str) -> None:
    for key, text in cells.items():
        entry.type_cell(row, key, text)


def test_a_clean_line_leads_to_the_next() -> None:
    entry = _claim()
    _type(entry, 0, allowed="128.40")
    assert entry.after(0, "allowed") == (1, "allowed")
    _type(entry, 2, allowed="41.15")
    assert entry.after(2, "allowed") is None


def test_decided_lines_are_passed_over() -> None:
    entry = _claim(_line(1, 18500, decided=True), _line(2, 16500), _line(3, 6200, decided=True))
    assert entry.first() == (1, "allowed")
    _type(entry, 1, allowed="100.00")
    assert entry.after(1, "allowed") is None
    assert grid_row(entry, 0).state == "done"


def test_a_denial_asks_for_its_reason_then_goes_on() -> None:
    entry = _claim()
    _type(entry, 0, allowed="0.00")
    assert entry.after(0, "allowed") == (0, "reason")
    assert entry.open_place() == (0, "reason")
    _type(entry, 0, reason="CO-16")
    assert entry.after(0, "reason") == (1, "allowed")
    assert grid_row(entry, 0).cells["goes_to"] == "held 185.00"


def test_a_denial_taken_back_leaves_nothing_behind() -> None:
    entry = _claim()
    _type(entry, 0, allowed="0.00")
    _type(entry, 0, allowed="128.40")
    assert entry.typed[0].other is None
    assert entry.open_place() is None


def test_a_reason_without_amount_asks_for_it() -> None:
    entry = _claim()
    _type(entry, 0, allowed="128.40", reason="CO-97")
    assert entry.after(0, "reason") == (0, "other")
    assert entry.open_place() == (0, "other")


def test_whole_deductible_is_asked_for_again() -> None:
    entry = _claim()
    _type(entry, 0, allowed="100.00", deductible="100.00")
    _type(entry, 1, allowed="50.00")
    assert entry.after(1, "allowed") == (1, "deductible")
    _type(entry, 0, deductible="40.00")
    assert entry.after(1, "allowed") == (2, "allowed")


def test_copay_and_placing_survive_a_new_figure() -> None:
    entry = _claim()
    _type(entry, 0, allowed="100.00", paid="90.00")
    assert entry.place(0, Disposition.TRANSFER)
    assert entry.left_over_cents() == 0
    _type(entry, 0, paid="80.00")  # a new figure, a new question
    assert entry.left_over_cents() == 2000
    assert rest_words(entry, 0)[1] == "W write off · T to Harbor · H hold with payer"


def test_too_much_paid_is_kept_by_k_only() -> None:
    entry = _claim()
    _type(entry, 0, allowed="100.00", paid="105.00")
    assert not entry.place(0, Disposition.WRITEOFF)
    assert entry.place(0, Disposition.INFO)
    assert entry.left_over_cents() == 0
    check_foots(entry.posts(0))


def test_f4_on_a_blank_line_denies_it() -> None:
    entry = _claim()
    assert entry.hold(0)
    assert (entry.typed[0].allowed, entry.typed[0].other) == (0, 18500)
    assert entry.other_does(0) is Disposition.HOLD


def test_warnings_are_sentences() -> None:
    earlier = (EarlierEob(1, 2, "A1", date(2026, 11, 20), 500),)
    entry = _claim(provisional=2000, earlier=earlier)
    _type(entry, 0, allowed="200.00", paid="210.00")
    said = " ".join(warnings(entry, DAY))
    for words in (
        "Decided before: check A1 of 11/20/2026 paid 5.00.",
        "This check is older than the decision already posted.",
        "Copay of 20.00 was taken at the visit",
        "99211 allowed 200.00 is more than was billed.",
        "99211 is paid more than allowed.",
        "99212, 99213 left blank",
    ):
        assert words in said


def test_totals_foot() -> None:
    entry = _claim()
    _type(entry, 0, allowed="128.40", coinsurance="25.68")
    _type(entry, 1, allowed="96.10")
    sums, _ = totals(entry)
    assert (sums["allowed"], sums["coinsurance"], sums["paid"]) == ("224.50", "25.68", "198.82")
    assert sums["write_off"] == "125.50"


_CELLS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([key for key in TYPED if key != "reason"]),
        st.sampled_from(("", "0.00", "10.00", "62.00", "185.00")),
    ),
    max_size=12,
)


@given(_CELLS, st.text(max_size=20))
def test_a_draft_brings_back_every_figure(cells: list[tuple[int, str, str]], remarks: str) -> None:
    entry = _claim()
    for row, key, text in cells:
        entry.type_cell(row, key, text)
    entry.remarks = remarks
    again = _claim()
    again.restore(json.loads(json.dumps(entry.body())))
    assert [again.typed[n] for n in entry.touched()] == [entry.typed[n] for n in entry.touched()]
    assert again.remarks == remarks
    assert again.body() == entry.body()


def test_a_draft_of_a_line_decided_meanwhile_is_passed_over() -> None:
    entry = _claim()
    _type(entry, 0, allowed="128.40")
    again = _claim(_line(1, 18500, decided=True), _line(2, 16500))
    again.restore(entry.body())
    assert again.touched() == []
