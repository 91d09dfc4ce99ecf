"""EOBs: posted whole or refused whole, taken back to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.books import PATIENT_PARTY, CheckItem
from app.domain.errors import Invalid, NotFound, Refused
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    PatientPayment,
    PostEob,
    ReverseEob,
)
from tests.services.front_desk import Case, Office, eob, held, info, off, to


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def books(office: Office) -> tuple[list[Any], ...]:
    tables = ("journal", "posting", "eob", "eob_line", "eob_adjustment", "claim_event")
    return tuple(office.sql(f"SELECT * FROM {table}") for table in tables)


def test_paid_written_off_and_passed_on(office: Office) -> None:
    case = office.sent()
    check = office.check(11000)
    posted = office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 7000, off(2000), to(1000)),
        eob(case.lines[1], 5000, 4000, off(1000)),
        payer_claim_number="ICN7",
    )
    assert posted.claim_status == office.status(case.claim) == "paid"
    assert (posted.paid_cents, posted.written_off_cents) == (11000, 3000)
    assert (posted.moved, posted.flags) == ((("patient", 1000),), ())
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 1000}
    assert office.buckets(case.lines[1]) == {}
    assert office.services.checks.state(check).remaining_cents == 0
    assert office.sql("SELECT payer_claim_number FROM claim") == [("ICN7",)]
    office.books_are_sound()


def test_every_line_of_an_eob_is_refused_together(office: Office) -> None:
    case = office.sent()
    check = office.check(9000)
    before = books(office)
    good = eob(case.lines[0], 10000, 8000, off(2000))
    short = eob(case.lines[1], 5000, 1000, off(2000))
    assert code_of(lambda: office.post(check, case.claim, good, short)) == "eob_line_not_balanced"
    assert books(office) == before


def test_an_eob_of_the_wrong_payer_or_line_is_refused(office: Office) -> None:
    case, other = office.sent(), office.sent(last="Poe")
    theirs = office.check(10000, office.lists.secondary)
    ours = office.check(10000)
    line = eob(case.lines[0], 10000, 10000)
    assert code_of(lambda: office.post(theirs, case.claim, line)) == "wrong_payer"
    assert code_of(lambda: office.post(ours, other.claim, line)) == "line_not_on_claim"
    assert code_of(lambda: office.post(ours, case.claim)) == "line_not_on_claim"
    wrong_bill = eob(case.lines[0], 9000, 9000)
    assert code_of(lambda: office.post(ours, case.claim, wrong_bill)) == "billed_differs"
    with pytest.raises(NotFound):
        office.post(ours, 99, line)
    with pytest.raises(NotFound):
        office.post(99, case.claim, line)


def test_a_patients_receipt_is_no_insurers_check(office: Office) -> None:
    case = office.sent()
    receipt = office.services.receipts.receive(PatientPayment(case.guarantor, 10000)).payment_id
    line = eob(case.lines[0], 10000, 10000)
    assert code_of(lambda: office.post(receipt, case.claim, line)) == "closed_check"
    waiting = lambda: office.post(receipt, case.claim, line, from_unapplied=True)  # noqa: E731
    assert code_of(waiting) == "wrong_payer"


def test_one_line_twice_on_an_eob_is_refused(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(10000)
    half = eob(case.lines[0], 10000, 5000, held(5000))
    with pytest.raises((Invalid, Refused)):
        office.post(check, case.claim, half, half)
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}


def test_an_eob_belongs_to_a_claim_that_was_sent(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    encounter = office.draft(patient)
    claim = office.services.encounters.post_charges(encounter).claim_ids[0]
    lines = office.services.encounters.show(encounter).command.lines
    check = office.check(10000)
    line = eob(lines[0].line_id or 0, 10000, 10000)
    assert code_of(lambda: office.post(check, claim, line)) == "claim_not_submitted"
    office.services.claims.print_claims([claim])
    assert code_of(lambda: office.post(check, claim, line)) == "claim_not_submitted"
    office.services.claims.confirm_printed([claim])
    office.post(check, claim, line)


def test_the_later_payers_money_waits_for_the_first(office: Office) -> None:
    case = office.sent(second=True, charges=(10000,))
    check = office.check(2000, office.lists.secondary)
    line = eob(case.lines[0], 10000, 2000, info(8000))
    act = lambda: office.post(check, case.later or 0, line)  # noqa: E731
    assert code_of(act) == "policy:primary_not_adjudicated"
    unapplied = AddCheckItem(check, CheckItem.UNAPPLIED, 2000, note="before the primary")
    office.services.checks.add_item(unapplied)
    office.services.checks.close_check(check)
    first = office.check(8000)
    office.post(first, case.claim, eob(case.lines[0], 10000, 8000, to(2000, case.later_party or 0)))
    office.services.claims.print_claims([case.later or 0])
    office.services.claims.confirm_printed([case.later or 0])
    more = replace(line, paid=2001, adjustments=(info(7999),))
    late = lambda: office.post(check, case.later or 0, more, from_unapplied=True)  # noqa: E731
    assert code_of(late) == "exceeds_unapplied"
    office.post(check, case.later or 0, line, from_unapplied=True)
    assert office.services.checks.state(check).unapplied_cents == 0
    assert office.buckets(case.lines[0]) == {}
    office.books_are_sound()


def test_a_second_payment_is_refused_and_waits_on_its_check(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.pay_in_full(case)
    again = office.check(10000, number="4712")
    line = eob(case.lines[0], 10000, 10000)
    assert code_of(lambda: office.post(again, case.claim, line)) == "policy:duplicate_posting"
    told = eob(case.lines[0], 10000, 0, info(10000, "18"))
    office.post(again, case.claim, told)  # the paper may say that it was a duplicate


def test_more_than_is_open_is_not_passed_on(office: Office) -> None:
    case = office.sent(second=True, charges=(10000,))
    party = case.later_party or 0
    first = office.check(7000)
    office.post(first, case.claim, eob(case.lines[0], 10000, 7000, off(2000), to(1000, party)))
    office.services.claims.print_claims([case.later or 0])
    office.services.claims.confirm_printed([case.later or 0])
    second = office.check(500, office.lists.secondary)
    too_much = eob(case.lines[0], 10000, 500, to(2500), info(7000))
    act = lambda: office.post(second, case.later or 0, too_much)  # noqa: E731
    assert code_of(act) == "exceeds_open_balance"
    office.post(second, case.later or 0, eob(case.lines[0], 10000, 500, to(500), info(9000)))
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 500}


def test_a_medicaid_patient_is_not_asked(office: Office) -> None:
    patient = office.patient("Doe", office.lists.medicaid)
    encounter = office.draft(patient, (10000,))
    claim = office.services.encounters.post_charges(encounter).claim_ids[0]
    office.services.claims.print_claims([claim])
    office.services.claims.confirm_printed([claim])
    line = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    check = office.check(8000, office.lists.medicaid)
    asked = eob(line, 10000, 8000, to(2000))
    code = "policy:medicaid_or_qmb_patient_not_billable"
    assert code_of(lambda: office.post(check, claim, asked)) == code
    office.post(check, claim, eob(line, 10000, 8000, off(1900), to(100, carc="3")))


def test_an_overpaying_insurer_has_a_credit(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(12000)
    posted = office.post(check, case.claim, eob(case.lines[0], 10000, 12000, info(-2000, "94")))
    assert posted.flags == ("payer_credit",)
    assert office.buckets(case.lines[0]) == {case.payer_party: -2000}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (lambda at: eob(at, 10000, 8000, off(2000)), "paid"),
        (lambda at: eob(at, 10000, 0, to(10000, carc="1")), "paid"),
        (lambda at: eob(at, 10000, 0, held(10000, "50")), "denied"),
        (lambda at: eob(at, 10000, 4000, held(6000)), "partially_paid"),
    ],
)
def test_the_claims_status_follows(office: Office, line: Callable[[int], Any], status: str) -> None:
    case = office.sent(charges=(10000,))
    posted = office.post(office.check(8000), case.claim, line(case.lines[0]))
    assert posted.claim_status == office.status(case.claim) == status


def test_a_line_that_is_not_on_the_eob_stays_open(office: Office) -> None:
    case = office.sent()
    posted = office.post(office.check(10000), case.claim, eob(case.lines[0], 10000, 10000))
    assert posted.claim_status == "partially_paid"
    assert office.buckets(case.lines[1]) == {case.payer_party: 5000}


def test_the_copay_is_given_back_before_the_patients_share_is_said(office: Office) -> None:
    case = office.sent(charges=(10000,))
    part = Application(case.lines[0], 2500, case.payer_party)
    office.services.receipts.receive(PatientPayment(case.guarantor, 2500, (part,)))
    assert office.buckets(case.lines[0]) == {case.payer_party: 7500}
    office.post(
        office.check(7000), case.claim, eob(case.lines[0], 10000, 7000, off(1000), to(2000))
    )
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: -500}
    office.books_are_sound()


def settled(office: Office) -> tuple[Case, int, int]:
    """A case with one EOB that paid, wrote off and passed on; the EOB and its open check."""
    case = office.sent(second=True, charges=(10000,))
    check = office.check(7000)
    party = case.later_party or 0
    line = eob(case.lines[0], 10000, 7000, off(2000), to(1000, party))
    return case, office.post(check, case.claim, line).eob_id, check


def test_taking_back_restores_every_part(office: Office) -> None:
    case, key, check = settled(office)
    assert office.status(case.later or 0) == "ready"
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    assert office.services.checks.state(check).allocated_cents == 0
    assert office.status(case.claim) == "submitted"
    assert office.status(case.later or 0) == "held"
    legs = "SELECT account, charge_line_id, party_id, SUM(amount_cents) FROM posting p JOIN journal"
    left = office.sql(f"{legs} j ON j.id = p.journal_id WHERE j.kind <> 'charge' GROUP BY 1, 2, 3")
    assert {row[3] for row in left} == {0}
    assert len(left) == 4  # cash, write-off, two buckets: nothing was forgotten
    office.post(check, case.claim, eob(case.lines[0], 10000, 7000, off(3000)))
    assert office.buckets(case.lines[0]) == {}
    office.books_are_sound()


def test_a_takeback_may_stand_on_a_later_check_of_the_payer(office: Office) -> None:
    case, key, check = settled(office)
    office.services.checks.close_check(check)
    reverse = office.services.eobs.reverse_eob
    assert code_of(lambda: reverse(ReverseEob(key, check))) == "closed_check"
    theirs = office.check(0, office.lists.secondary)
    assert code_of(lambda: reverse(ReverseEob(key, theirs))) == "wrong_payer"
    later = office.check(0, number="4712")
    reverse(ReverseEob(key, later, accounting_date=date(2026, 3, 20)))
    assert office.services.checks.state(later).allocated_cents == -7000
    assert office.services.checks.state(check).allocated_cents == 7000
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    office.books_are_sound()


def test_an_eob_is_taken_back_once(office: Office) -> None:
    _, key, check = settled(office)
    reverse = office.services.eobs.reverse_eob
    reverse(ReverseEob(key, check))
    assert code_of(lambda: reverse(ReverseEob(key, check))) == "already_reversed"
    [(reversal,)] = office.sql("SELECT id FROM eob WHERE reverses_id IS NOT NULL")
    assert code_of(lambda: reverse(ReverseEob(reversal, check))) == "reversal_not_reversible"
    with pytest.raises(NotFound):
        reverse(ReverseEob(99, check))


def test_taking_back_gives_the_copay_its_provisional_place_again(office: Office) -> None:
    case = office.sent(charges=(10000,))
    part = Application(case.lines[0], 2500, case.payer_party)
    office.services.receipts.receive(PatientPayment(case.guarantor, 2500, (part,)))
    check = office.check(7000)
    line = eob(case.lines[0], 10000, 7000, off(1000), to(2000))
    key = office.post(check, case.claim, line).eob_id
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert office.buckets(case.lines[0]) == {case.payer_party: 7500}
    office.post(check, case.claim, line)
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: -500}


def test_a_held_eob_moves_nothing_and_can_be_taken_back(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(0)
    key = office.post(check, case.claim, eob(case.lines[0], 10000, 0, held(10000))).eob_id
    assert office.sql("SELECT journal_id FROM eob") == [(None,)]
    assert office.status(case.claim) == "denied"
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert office.status(case.claim) == "submitted"


def test_the_accounting_date_is_the_one_given(office: Office) -> None:
    case = office.sent(charges=(10000,))
    command = PostEob(
        office.check(10000),
        case.claim,
        (eob(case.lines[0], 10000, 10000),),
        accounting_date=date(2026, 3, 12),
    )
    office.services.eobs.post_eob(command)
    last = office.sql("SELECT accounting_date FROM journal ORDER BY id DESC LIMIT 1")
    assert last == [("2026-03-12",)]
