"""Later payers' claims: held, released, forwarded, held again (billing rules §2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.services.payment_commands import ReverseEob
from tests.office import open_office
from tests.services.front_desk import TODAY, Office, eob, held, info, off, stock, to
from tests.services_pages.three_payers import three


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(TODAY, tmp_path / "practice") as (services, clock):
        yield Office(services, clock, stock(services))


def test_three_payers_in_a_row(office: Office) -> None:
    case = three(office)
    assert case.states == ["submitted", "held", "held"]
    check = office.check(7000)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    posted = office.post(check, case.claims[0], first, payer_claim_number="ICN-1")
    assert posted.released_claims == ("10001-2",)
    assert case.states == ["paid", "ready", "held"], "the third waits for the second"
    case.send(2)
    second_check = office.check(1500, office.lists.secondary, "88")
    second = eob(case.line, 10000, 1500, info(8000), to(500, case.parties[2]))
    posted = office.post(second_check, case.claims[1], second)
    assert posted.released_claims == ("10001-3",)
    assert case.states == ["paid", "paid", "ready"]
    form = office.services.claims.form(case.claims[2])
    assert (form.prior_paid_cents, form.payer.name) == (8500, "State Medicaid")
    case.send(3)
    last = office.check(500, office.lists.medicaid, "99")
    office.post(last, case.claims[2], eob(case.line, 10000, 500, info(9500)))
    assert case.states == ["paid", "paid", "paid"]
    assert office.buckets(case.line) == {}
    office.books_are_sound()


def test_the_third_payer_is_not_asked_while_the_second_has_not_decided(office: Office) -> None:
    case = three(office)
    office.post(
        office.check(7000),
        case.claims[0],
        eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1])),
    )
    with pytest.raises(Refused) as refusal:
        office.services.claims.set_status(case.claims[2], "ready")
    assert refusal.value.code == "policy:primary_not_adjudicated"


def test_the_first_payer_may_leave_nothing_for_anybody(office: Office) -> None:
    case = three(office)
    office.post(office.check(9000), case.claims[0], eob(case.line, 10000, 9000, off(1000)))
    assert case.states == ["paid", "closed", "closed"]
    steps = office.services.claims.show(case.claims[2]).steps
    assert steps[-1].note == "the earlier payer left nothing to bill"


def test_the_second_payer_may_leave_nothing_for_the_third(office: Office) -> None:
    case = three(office)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    office.post(office.check(7000), case.claims[0], first)
    case.send(2)
    second = eob(case.line, 10000, 2000, info(8000))
    office.post(office.check(2000, office.lists.secondary, "88"), case.claims[1], second)
    assert case.states == ["paid", "paid", "closed"]


def test_a_denial_of_the_first_keeps_the_others_waiting(office: Office) -> None:
    case = three(office)
    office.post(office.check(0), case.claims[0], eob(case.line, 10000, 0, held(10000)))
    assert case.states == ["denied", "held", "held"]


@pytest.mark.parametrize("remark", ["MA18", "N89", "MA07"])
def test_a_crossover_remark_means_sent_already_and_only_for_whom_it_is(
    office: Office, remark: str
) -> None:
    case = three(office)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    office.post(office.check(7000), case.claims[0], first, remarks=(remark,))
    assert case.states == ["paid", "submitted", "held"]
    row = office.services.claims.show(case.claims[1]).row
    assert row.follow_up_on is not None
    with pytest.raises(Refused):
        office.services.claims.print_claims([case.claims[1]])


def test_a_reversal_holds_the_later_payers_again_and_the_repost_releases(office: Office) -> None:
    case = three(office)
    check = office.check(7000)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    key = office.post(check, case.claims[0], first).eob_id
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert case.states == ["submitted", "held", "held"]
    office.post(check, case.claims[0], first)
    assert case.states == ["paid", "ready", "held"]


def test_a_reversal_takes_back_a_sheet_that_was_printed_and_not_sent(office: Office) -> None:
    case = three(office)
    check = office.check(7000)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    key = office.post(check, case.claims[0], first).eob_id
    office.services.claims.print_claims([case.claims[1]])
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert case.states == ["submitted", "held", "held"]
    assert office.services.claims.show(case.claims[1]).row.note == "waits for the earlier payer"
    with pytest.raises(Refused, match="not printed"):
        office.services.claims.confirm_printed([case.claims[1]])


def test_a_reversal_of_the_second_payer_holds_the_third_alone(office: Office) -> None:
    case = three(office)
    first = eob(case.line, 10000, 7000, off(1000), to(2000, case.parties[1]))
    office.post(office.check(7000), case.claims[0], first)
    case.send(2)
    check = office.check(1500, office.lists.secondary, "88")
    second = eob(case.line, 10000, 1500, info(8000), to(500, case.parties[2]))
    key = office.post(check, case.claims[1], second).eob_id
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert case.states == ["paid", "submitted", "held"]
