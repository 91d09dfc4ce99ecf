"""Follow-up: every open cent of a payer stands in one list, deadlines run, notes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.books import PATIENT_PARTY, CheckItem
from app.domain.claim_form import PayerType
from app.domain.errors import Invalid, NotFound
from app.domain.follow_up import appeal_by, days_left, file_by, refund_by
from app.services.adjustments import WriteOff
from app.services.claim_commands import NewClaim
from app.services.follow_up_commands import FollowedUp, FollowUpLists
from app.services.payment_commands import AddCheckItem, Application, PatientPayment, ReverseEob
from tests.office import open_office
from tests.services.front_desk import TODAY, VISIT, Case, Office, eob, held, off, stock, to


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office(TODAY) as (services, clock):
        yield Office(services, clock, stock(services))


def lists(office: Office) -> FollowUpLists:
    """The lists; whatever they say, they must explain the insurers' part of the receivable."""
    found = office.services.follow_up.worklists()
    assert found.ties
    keys = [row.key for rows in (found.outstanding, found.denials, found.unbilled) for row in rows]
    assert len(keys) == len(set(keys))
    return found


def medicare(office: Office) -> None:
    """The first payer turns out to be Medicare."""
    payer = next(p for p in office.services.directory.payers() if p.payer_id == 1)
    office.services.setup.save_payer(replace(payer, type=PayerType.MEDICARE))


def deny(office: Office, case: Case, on: date | None = None) -> int:
    """A zero-pay EOB that holds both lines for missing information."""
    check = office.check(0, number="Z1")
    lines = [eob(line, c, 0, held(c)) for line, c in office.charges(case).items()]
    office.post(check, case.claim, *lines)
    return check


def test_a_claim_that_is_out_waits_until_its_day(office: Office) -> None:
    case = office.sent()
    (row,) = lists(office).outstanding
    assert (row.claim_id, row.open_cents, row.status) == (case.claim, 15000, "submitted")
    assert (row.sent_on, row.days_out) == (TODAY, 0)
    assert row.follow_up_on == TODAY + timedelta(days=30)
    assert lists(office).waiting == 0
    office.clock.day = TODAY + timedelta(days=30)
    assert lists(office).waiting == 1
    assert lists(office).outstanding[0].days_out == 30


def test_a_denial_says_why_and_how_long_it_may_be_appealed(office: Office) -> None:
    case = office.sent()
    medicare(office)
    deny(office, case)
    found = lists(office)
    assert found.outstanding == ()
    (row,) = found.denials
    assert row.status == "denied"
    assert [(w.code, w.cents) for w in row.why] == [("CO-16", 15000)]
    assert "missing or wrong" in row.why[0].words
    assert row.appeal_by == TODAY + timedelta(days=120)
    assert row.file_by is None
    office.services.claims.set_status(case.claim, "appealed", "sent with the chart note")
    found = lists(office)
    assert (found.denials, [r.status for r in found.outstanding]) == ((), ["appealed"])


def test_paid_in_part_with_a_held_line_is_a_denial_of_that_line(office: Office) -> None:
    case = office.sent()
    check = office.check(8000)
    first, second = case.lines
    lines = (eob(first, 10000, 8000, off(2000)), eob(second, 5000, 0, held(5000, "197")))
    office.post(check, case.claim, *lines)
    (row,) = lists(office).denials
    assert (row.status, row.open_cents) == ("partially_paid", 5000)
    assert [w.carc for w in row.why] == ["197"]
    assert row.appeal_by == TODAY + timedelta(days=180)


def test_what_was_written_off_is_no_more_work(office: Office) -> None:
    case = office.sent()
    deny(office, case)
    for line, cents in office.charges(case).items():
        command = WriteOff(line, case.payer_party, cents, "appeal_lost")
        office.services.adjustments.write_off(command)
    found = lists(office)
    assert (found.denials, found.outstanding, found.unbilled) == ((), (), ())


def test_a_reversed_denial_is_out_again(office: Office) -> None:
    case = office.sent()
    check = office.check(0, number="Z1")
    lines = [eob(line, c, 0, held(c)) for line, c in office.charges(case).items()]
    posted = office.post(check, case.claim, *lines)
    office.services.eobs.reverse_eob(ReverseEob(posted.eob_id, check))
    found = lists(office)
    assert (found.denials, [r.status for r in found.outstanding]) == ((), ["submitted"])


def test_a_corrected_claim_takes_the_place_of_the_one_denied(office: Office) -> None:
    case = office.sent()
    deny(office, case)
    policy = office.services.patients.show(case.patient).policies[0].policy_id or 0
    fresh = office.services.claims.new_claim(
        NewClaim(case.encounter, policy, "7", case.claim, "PAYER-77")
    )
    found = lists(office)
    assert (found.denials, [r.claim_id for r in found.unbilled]) == ((), [fresh])
    assert found.unbilled[0].status == "ready"


def test_rejected_claims_come_back_to_the_denials_and_keep_their_filing_limit(
    office: Office,
) -> None:
    case = office.sent()
    medicare(office)
    office.services.claims.set_status(case.claim, "rejected", "MA130")
    (row,) = lists(office).denials
    assert row.status == "rejected"
    assert row.appeal_by is None
    assert row.file_by == VISIT.replace(year=VISIT.year + 1)


def test_unbilled_are_ready_held_and_old_drafts(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary, office.lists.secondary)
    visit = office.draft(patient, (4000,))
    office.draft(patient, (2500,), service_date=TODAY - timedelta(days=1))
    found = lists(office)
    assert [(r.encounter_id, r.open_cents) for r in found.old_drafts] == [(visit, 4000)]
    assert found.insurers_cents == 0
    office.services.encounters.post_charges(visit)
    found = lists(office)
    assert found.old_drafts == ()
    assert [(r.status, r.open_cents) for r in found.unbilled] == [("ready", 4000)]


def test_credits_have_an_owner_an_age_and_medicares_have_sixty_days(office: Office) -> None:
    case = office.sent()
    medicare(office)
    first = case.lines[0]
    office.services.adjustments.write_off(WriteOff(first, case.payer_party, 500, "courtesy"))
    check = office.check(20000)
    office.post(check, case.claim, eob(first, 10000, 10000))
    office.services.checks.add_item(AddCheckItem(check, CheckItem.UNAPPLIED, 700, note="who?"))
    paid = PatientPayment(case.guarantor, 900, (), case.patient)
    office.services.receipts.receive(paid)
    found = lists(office)
    assert {(r.kind, r.owner, r.cents) for r in found.credits} == {
        ("credit", "Blue Ridge Health", 500),
        ("unapplied", "Blue Ridge Health", 700),
        ("unapplied", "Doe, Jane", 900),
    }
    top = found.credits[0]
    assert (top.kind, top.refund_by) == ("credit", TODAY + timedelta(days=60))
    assert found.payer_credits_cents == 500
    assert [r.patient_id for r in found.credits if r.owner == "Doe, Jane"] == [case.patient]


def test_a_patients_credit_is_hers(office: Office) -> None:
    case = office.sent()
    apply = (Application(case.lines[0], 2000),)
    office.services.receipts.receive(PatientPayment(case.guarantor, 2000, apply, case.patient))
    check = office.check(10000)
    office.post(check, case.claim, eob(case.lines[0], 10000, 10000))
    (row,) = lists(office).credits
    assert (row.owner, row.of_payer, row.cents, row.refund_by) == ("Patient", False, 2000, None)


def test_notes_are_kept_in_order_and_the_day_moves(office: Office) -> None:
    case = office.sent()
    follow = office.services.follow_up
    follow.note(FollowedUp(case.claim, "in process, ref 81", TODAY + timedelta(days=14)))
    follow.note(FollowedUp(case.claim, "  paid by check, wait  "))
    shown = follow.show(case.claim)
    assert [n.text for n in shown.notes] == ["paid by check, wait", "in process, ref 81"]
    assert shown.notes[0].user == "Dana Biller"
    assert shown.row.follow_up_on == TODAY + timedelta(days=14)
    (row,) = lists(office).outstanding
    assert row.note == "paid by check, wait"
    assert follow.note(FollowedUp(case.claim, next_on=TODAY)) is None


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (FollowedUp(1, "  "), "text"),
        (FollowedUp(1, "said", TODAY - timedelta(days=1)), "next_on"),
    ],
)
def test_nothing_said_or_a_day_that_is_over_is_marked(
    office: Office, command: FollowedUp, field: str
) -> None:
    office.sent()
    with pytest.raises(Invalid) as wrong:
        office.services.follow_up.note(command)
    assert [f.field for f in wrong.value.findings] == [field]


def test_a_claim_that_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.follow_up.show(99)
    with pytest.raises(NotFound):
        office.services.follow_up.note(FollowedUp(99, "hello"))


def test_the_claim_tells_what_a_clerk_asks_and_what_the_payer_said(office: Office) -> None:
    case = office.sent()
    check = office.check(8000, number="5566")
    first, second = case.lines
    lines = (
        eob(first, 10000, 8000, off(1000), to(1000, PATIENT_PARTY, "2")),
        eob(second, 5000, 0, held(5000)),
    )
    office.post(check, case.claim, *lines, payer_claim_number="ICN 9")
    shown = office.services.follow_up.show(case.claim)
    assert shown.payer_claim_number == "ICN 9"
    assert (shown.payment_id, shown.decided_on) == (check, TODAY)
    assert (shown.npi, shown.member_id) == ("1245319599", "ID1Doe")
    assert [(n.paid_cents, n.open_cents) for n in shown.lines] == [(8000, 0), (0, 5000)]
    assert [r.code for r in shown.lines[0].reasons] == ["CO-45", "PR-2"]
    assert [r.code for r in shown.lines[1].reasons] == ["CO-16"]
    assert shown.total_cents == 15000
    assert next(s.to_status for s in shown.steps) == "partially_paid"


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 900))
def test_deadlines_are_never_before_what_starts_them(day: date, days: int) -> None:
    for kind in PayerType:
        limits = (appeal_by(kind, day), file_by(kind, days, day), refund_by(kind, day))
        assert all(limit is None or limit > day for limit in limits)
        assert days_left(limits[1], day) == (limits[1] - day).days if limits[1] else True
    assert file_by(PayerType.MEDICARE, days, date(2024, 2, 29)) == date(2025, 2, 28)
