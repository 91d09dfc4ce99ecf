"""Patients' money: applied, waiting, placed, refunded, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, CheckItem
from app.domain.errors import Invalid, NotFound, Refused
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    PatientPayment,
    Refund,
)
from tests.services.front_desk import Case, Office, eob, off, to


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def receive(office: Office, case: Case, cents: int, *apply: Application, **more: Any) -> int:
    command = PatientPayment(case.guarantor, cents, apply, **more)
    return office.services.receipts.receive(command).payment_id


def owing(office: Office) -> Case:
    """A decided case: the patient owes 20.00 on the first line."""
    case = office.sent()
    check = office.check(12000)
    office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 7000, off(1000), to(2000)),
        eob(case.lines[1], 5000, 5000),
    )
    return case


def waiting(office: Office, payment: int) -> int:
    return office.services.checks.state(payment).unapplied_cents


def test_a_receipt_is_applied_and_the_rest_waits(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2500, Application(case.lines[0], 2000), number="77")
    state = office.services.checks.state(key)
    assert (state.status, state.allocated_cents, state.unapplied_cents) == ("closed", 2500, 500)
    assert (state.payer_name, state.number) == ("Doe, Jane", "77")
    assert office.buckets(case.lines[0]) == {}
    assert office.services.accounts.show(case.patient).unapplied_cents == 500
    assert office.audited("receive payment") == [case.patient]
    office.books_are_sound()


def test_one_check_for_the_whole_family(office: Office) -> None:
    one, other = office.sent(last="Doe"), office.sent(last="Poe")
    parts = (Application(one.lines[0], 100), Application(other.lines[0], 200))
    receive(office, one, 300, *parts)
    assert sorted(p or 0 for p in office.audited("receive payment")) == [one.patient, other.patient]


def test_a_receipt_with_nothing_applied_is_still_audited_to_its_patients(office: Office) -> None:
    case = office.sent()
    receive(office, case, 300)
    receive(office, case, 300, patient_id=case.patient)
    assert office.audited("receive payment") == [case.patient, case.patient]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (PatientPayment(1, 0), {"amount_cents"}),
        (PatientPayment(1, -5), {"amount_cents"}),
        (PatientPayment(1, 5, method="eob_only"), {"method"}),
        (PatientPayment(1, 5, method="gold"), {"method"}),
        (PatientPayment(1, 5, (Application(1, 0),)), {"apply"}),
        (PatientPayment(99, 5), {"guarantor_id"}),
    ],
)
def test_a_wrong_receipt_is_not_taken(
    office: Office, command: PatientPayment, wrong: set[str]
) -> None:
    office.patient("Doe")
    with pytest.raises(Invalid) as found:
        office.services.receipts.receive(command)
    assert {f.field for f in found.value.findings} == wrong
    assert office.sql("SELECT * FROM payment") == []


def test_no_more_is_applied_than_was_received(office: Office) -> None:
    case = owing(office)
    part = Application(case.lines[0], 2001)
    assert code_of(lambda: receive(office, case, 2000, part)) == "exceeds_receipt"
    with pytest.raises(NotFound):
        receive(office, case, 100, Application(999, 100))


def test_a_copay_is_never_more_than_the_payer_has_on_the_line(office: Office) -> None:
    case = office.sent()
    line, payer = case.lines[1], case.payer_party
    over = Application(line, 5001, payer)
    assert code_of(lambda: receive(office, case, 6000, over)) == "exceeds_open_balance"
    twice = (Application(line, 3000, payer), Application(line, 2001, payer))
    assert code_of(lambda: receive(office, case, 6000, *twice)) == "exceeds_open_balance"
    assert office.buckets(line) == {payer: 5000}
    receive(office, case, 5000, Application(line, 3000, payer), Application(line, 2000, payer))
    assert office.buckets(line) == {}


def test_waiting_money_is_placed_up_to_what_waits(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2000)
    place = office.services.receipts.apply_unapplied
    over = ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 2001)
    assert code_of(lambda: place(over)) == "exceeds_unapplied"
    nothing = ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 0)
    assert code_of(lambda: place(nothing)) == "amount_not_positive"
    place(ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 2000))
    assert (waiting(office, key), office.buckets(case.lines[0])) == (0, {})
    office.books_are_sound()


def test_waiting_money_has_a_line_to_go_to(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2000)
    with pytest.raises(NotFound):
        office.services.receipts.apply_unapplied(ApplyUnapplied(key, 999, PATIENT_PARTY, 1))


def insurers_waiting_money(office: Office) -> int:
    check = office.check(2000, number="X9")
    office.services.checks.add_item(AddCheckItem(check, CheckItem.UNAPPLIED, 2000))
    return check


def test_an_insurers_money_never_pays_a_patients_share(office: Office) -> None:
    case = owing(office)
    check = insurers_waiting_money(office)
    mine = ApplyUnapplied(check, case.lines[0], PATIENT_PARTY, 2000)
    code = "policy:insurer_money_not_patient"
    assert code_of(lambda: office.services.receipts.apply_unapplied(mine)) == code
    back = Refund(PATIENT_PARTY, 2000, source_id=check)
    assert code_of(lambda: office.services.receipts.refund(back)) == code


def test_an_insurers_money_pays_only_its_own_share(office: Office) -> None:
    case = office.sent(second=True)
    check = insurers_waiting_money(office)
    theirs = ApplyUnapplied(check, case.lines[0], case.later_party or 0, 2000)
    assert code_of(lambda: office.services.receipts.apply_unapplied(theirs)) == "wrong_payer"
    lost = ApplyUnapplied(check, case.lines[0], COLLECTIONS_PARTY, 2000)
    assert code_of(lambda: office.services.receipts.apply_unapplied(lost)) == "wrong_payer"


def test_a_credit_is_refunded_up_to_what_it_is(office: Office) -> None:
    case = owing(office)
    receive(office, case, 3000, Application(case.lines[0], 3000))
    refund = office.services.receipts.refund
    over = Refund(PATIENT_PARTY, 1001, line_id=case.lines[0])
    assert code_of(lambda: refund(over)) == "refund_exceeds_credit"
    key = refund(Refund(PATIENT_PARTY, 1000, line_id=case.lines[0], number="501"))
    assert office.buckets(case.lines[0]) == {}
    state = office.services.checks.state(key)
    assert (state.amount_cents, state.allocated_cents, state.remaining_cents) == (-1000, -1000, 0)
    assert state.payer_name == "Doe, Jane"
    assert office.audited("refund") == [case.patient]
    office.books_are_sound()


def test_an_insurers_credit_goes_back_to_the_insurer(office: Office) -> None:
    from tests.services.front_desk import info

    case = office.sent(charges=(10000,))
    check = office.check(12000)
    office.post(check, case.claim, eob(case.lines[0], 10000, 12000, info(-2000, "94")))
    refund = office.services.receipts.refund
    key = refund(Refund(case.payer_party, 2000, line_id=case.lines[0]))
    assert office.services.checks.state(key).payer_name == "Blue Ridge Health"
    assert office.buckets(case.lines[0]) == {}


def test_no_refund_while_a_payer_has_not_decided(office: Office) -> None:
    case = office.sent(second=True, charges=(10000,))
    receive(office, case, 1000, Application(case.lines[0], 1000))
    act = Refund(PATIENT_PARTY, 1000, line_id=case.lines[0])
    code = "policy:payer_still_open"
    assert code_of(lambda: office.services.receipts.refund(act)) == code


def test_a_receipts_rest_is_refunded_up_to_what_waits(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2500, Application(case.lines[0], 2000))
    refund = office.services.receipts.refund
    over = Refund(PATIENT_PARTY, 501, source_id=key)
    assert code_of(lambda: refund(over)) == "refund_exceeds_unapplied"
    refund(Refund(PATIENT_PARTY, 500, source_id=key))
    assert waiting(office, key) == 0
    office.books_are_sound()


@pytest.mark.parametrize("both", [True, False])
def test_a_refund_has_one_source(office: Office, both: bool) -> None:
    key = 1 if both else None
    with pytest.raises(Invalid):
        office.services.receipts.refund(Refund(PATIENT_PARTY, 1, line_id=key, source_id=key))
    nothing = Refund(PATIENT_PARTY, 0, source_id=1)
    act = lambda: office.services.receipts.refund(nothing)  # noqa: E731
    assert code_of(act) == "amount_not_positive"
    with pytest.raises(NotFound):
        office.services.receipts.refund(Refund(PATIENT_PARTY, 1, source_id=999))


def test_a_bounced_check_is_taken_back_as_it_was_applied(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 3000, Application(case.lines[0], 1500))
    place = ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 500)
    office.services.receipts.apply_unapplied(place)
    office.services.receipts.reverse_receipt(key, "NSF")
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 2000}
    state = office.services.checks.state(key)
    assert (state.status, state.allocated_cents, state.unapplied_cents) == ("returned", 0, 0)
    reverse = office.services.receipts.reverse_receipt
    assert code_of(lambda: reverse(key, "again")) == "already_reversed"
    assert office.audited("reverse receipt") == [case.patient]
    office.books_are_sound()


def test_a_bounced_rest_that_was_refunded_is_owed(office: Office) -> None:
    case = office.sent()
    key = receive(office, case, 1000)
    office.services.receipts.refund(Refund(PATIENT_PARTY, 400, source_id=key))
    office.services.receipts.reverse_receipt(key, "NSF")
    assert waiting(office, key) == -400


def test_a_bounced_copay_is_the_payers_again_before_the_eob(office: Office) -> None:
    case = office.sent(charges=(10000,))
    key = receive(office, case, 2500, Application(case.lines[0], 2500, case.payer_party))
    office.services.receipts.reverse_receipt(key, "NSF")
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}


def test_a_bounced_copay_is_the_patients_after_the_eob(office: Office) -> None:
    case = office.sent(charges=(10000,))
    key = receive(office, case, 2500, Application(case.lines[0], 2500, case.payer_party))
    line = eob(case.lines[0], 10000, 7500, to(2500, carc="3"))
    office.post(office.check(7500), case.claim, line)
    assert office.buckets(case.lines[0]) == {}
    office.services.receipts.reverse_receipt(key, "NSF")
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 2500}
    office.books_are_sound()


def test_only_a_receipt_is_taken_back_here(office: Office) -> None:
    reverse = office.services.receipts.reverse_receipt
    check = office.check(100)
    assert code_of(lambda: reverse(check, "x")) == "not_a_receipt"
    with pytest.raises(NotFound):
        reverse(999, "x")
