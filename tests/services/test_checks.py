"""Insurers' checks: opened, explained to the cent, closed at nothing left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.books import CheckItem
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.services.payment_commands import AddCheckItem, ApplyUnapplied, EditCheck, OpenCheck
from tests.services.front_desk import TODAY, Office, eob


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def add(office: Office, check: int, kind: CheckItem, cents: int) -> None:
    office.services.checks.add_item(AddCheckItem(check, kind, cents, "72", "from the paper"))


def test_a_check_as_it_was_entered(office: Office) -> None:
    command = OpenCheck(office.lists.primary, 12345, " 88 ", date(2026, 3, 2), date(2026, 3, 9))
    check = office.services.checks.open_check(command).payment_id
    state = office.services.checks.state(check)
    assert (state.number, state.payer_name, state.method) == ("88", "Blue Ridge Health", "check")
    assert (state.payment_date, state.received_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert (state.amount_cents, state.allocated_cents, state.remaining_cents) == (12345, 0, 12345)
    assert state.status == "open"


def test_dates_not_typed_are_today(office: Office) -> None:
    state = office.services.checks.state(office.check(100))
    assert (state.payment_date, state.received_on) == (TODAY, TODAY)


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (OpenCheck(99, 100), {"payer_id"}),
        (OpenCheck(1, 100, method="gold"), {"method"}),
        (OpenCheck(1, 100, method="eob_only"), {"amount_cents"}),
        (OpenCheck(99, 100, method="gold"), {"payer_id", "method"}),
    ],
)
def test_a_wrong_header_is_not_taken(office: Office, command: OpenCheck, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as found:
        office.services.checks.open_check(command)
    assert {f.field for f in found.value.findings} == wrong
    assert office.services.checks.list_checks() == ()


def test_a_negative_check_is_refused(office: Office) -> None:
    opened = OpenCheck(office.lists.primary, -1)
    assert code_of(lambda: office.services.checks.open_check(opened)) == "negative_check"
    check = office.check(100)
    edit = EditCheck(check, amount_cents=-1)
    assert code_of(lambda: office.services.checks.edit_check(edit)) == "negative_check"


def test_the_same_check_twice_is_pointed_out(office: Office) -> None:
    office.check(5000, number="77")
    again = office.services.checks.open_check(OpenCheck(office.lists.primary, 5000, " 77"))
    assert [(f.field, f.severity) for f in again.warnings] == [("number", Severity.WARNING)]
    assert "03/16/2026" in again.warnings[0].message
    for other in (
        OpenCheck(office.lists.secondary, 5000, "77"),
        OpenCheck(office.lists.primary, 5001, "77"),
        OpenCheck(office.lists.primary, 5000, ""),
    ):
        assert office.services.checks.open_check(other).warnings == ()


def test_a_zero_check_is_an_eob_only(office: Office) -> None:
    check = office.check(0)
    state = office.services.checks.state(check)
    assert (state.method, state.status) == ("eob_only", "balanced")
    office.services.checks.close_check(check)
    assert office.services.checks.state(check).status == "closed"


def test_a_check_closes_only_when_every_cent_is_explained(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(10001)
    office.post(check, case.claim, eob(case.lines[0], 10000, 10000))
    close = office.services.checks.close_check
    assert code_of(lambda: close(check)) == "check_not_balanced"
    assert office.services.checks.state(check).remaining_cents == 1
    add(office, check, CheckItem.INTEREST, 1)
    assert office.services.checks.state(check).status == "balanced"
    close(check)
    assert code_of(lambda: close(check)) == "closed_check"
    office.books_are_sound()


def test_nothing_is_posted_on_a_closed_check(office: Office) -> None:
    case = office.sent()
    check = office.check(0)
    office.services.checks.close_check(check)
    service = office.services.checks
    for act in (
        lambda: office.post(check, case.claim, eob(case.lines[0], 10000, 10000)),
        lambda: add(office, check, CheckItem.INTEREST, 1),
        lambda: service.edit_check(EditCheck(check, amount_cents=1)),
        lambda: service.void_check(check, "why"),
    ):
        assert code_of(act) == "closed_check"


def test_an_open_check_may_be_corrected(office: Office) -> None:
    check = office.check(100)
    edit = EditCheck(check, 200, " 99 ", date(2026, 3, 1))
    office.services.checks.edit_check(edit)
    state = office.services.checks.state(check)
    assert (state.amount_cents, state.number, state.payment_date) == (200, "99", date(2026, 3, 1))
    office.services.checks.edit_check(EditCheck(check))
    assert office.services.checks.state(check) == state


def test_a_check_with_postings_is_not_voided(office: Office) -> None:
    case = office.sent()
    check, mistake = office.check(10000), office.check(1)
    office.post(check, case.claim, eob(case.lines[0], 10000, 10000))
    void = office.services.checks.void_check
    assert code_of(lambda: void(check, "mistake")) == "policy:check_has_postings"
    void(mistake, "entered twice")
    assert office.services.checks.state(mistake).status == "voided"
    assert code_of(lambda: void(mistake, "again")) == "closed_check"


POSITIVE = (
    CheckItem.INTEREST,
    CheckItem.CAPITATION,
    CheckItem.WITHHOLD_RETURN,
    CheckItem.UNAPPLIED,
    CheckItem.FORWARD_BALANCE,
)


@pytest.mark.parametrize("kind", list(CheckItem))
def test_each_item_has_its_sign(office: Office, kind: CheckItem) -> None:
    check = office.check(5000)
    sign = 1 if kind in POSITIVE else -1
    assert code_of(lambda: add(office, check, kind, 0)) == "wrong_sign"
    assert code_of(lambda: add(office, check, kind, -100 * sign)) == "wrong_sign"
    if kind is CheckItem.WITHHOLDING:  # no more than was announced
        add(office, office.check(100, number="4712"), CheckItem.FORWARD_BALANCE, 100)
    add(office, check, kind, 100 * sign)
    assert office.services.checks.state(check).allocated_cents == 100 * sign
    assert office.services.reports.aging().total == 0  # never touches what patients owe
    office.books_are_sound()


def test_an_announced_takeback_is_owed_until_it_is_withheld(office: Office) -> None:
    case = office.sent(charges=(10000,))
    notice, taking = office.check(0), office.check(6000, number="4712")
    add(office, notice, CheckItem.FORWARD_BALANCE, 4000)
    assert office.services.checks.due_to_payers() == {office.lists.primary: 4000}
    office.post(taking, case.claim, eob(case.lines[0], 10000, 10000))
    add(office, taking, CheckItem.WITHHOLDING, -4000)
    assert office.services.checks.due_to_payers() == {}
    office.services.checks.close_check(taking)  # paid in full, less what was taken
    office.books_are_sound()


def test_money_nobody_can_place_waits_and_is_placed_later(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(10000)
    add(office, check, CheckItem.UNAPPLIED, 10000)
    office.services.checks.close_check(check)
    assert office.services.checks.state(check).unapplied_cents == 10000
    place = ApplyUnapplied(check, case.lines[0], case.payer_party, 10000)
    office.services.receipts.apply_unapplied(place)
    assert office.services.checks.state(check).unapplied_cents == 0
    assert office.buckets(case.lines[0]) == {}
    office.books_are_sound()


def test_the_list_shows_the_newest_first_and_open_ones_apart(office: Office) -> None:
    first, second = office.check(0, number="1"), office.check(100, number="2")
    office.services.checks.close_check(first)
    rows = office.services.checks.list_checks()
    assert [row.payment_id for row in rows] == [second, first]
    assert [r.payment_id for r in office.services.checks.list_checks(open_only=True)] == [second]
    assert len(office.services.checks.list_checks(limit=1)) == 1


def test_a_check_that_is_not_there(office: Office) -> None:
    for act in (
        lambda: office.services.checks.state(99),
        lambda: office.services.checks.close_check(99),
        lambda: add(office, 99, CheckItem.INTEREST, 1),
    ):
        with pytest.raises(NotFound):
            act()
