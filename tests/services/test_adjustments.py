"""Transfers, write-offs and voided charges: no cash, one journal each, never more than is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.domain.errors import NotFound, Refused
from app.services.adjustments import WRITE_OFF_REASONS, Transfer, VoidCharge, WriteOff
from app.services.payment_commands import Application, PatientPayment
from tests.services.front_desk import Office, eob, held


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def test_a_transfer_passes_on_what_is_open_and_no_more(office: Office) -> None:
    case = office.sent(charges=(10000,))
    line, payer = case.lines[0], case.payer_party
    move = office.services.adjustments.transfer
    for cents in (0, -1, 10001):
        over = Transfer(line, payer, PATIENT_PARTY, cents, "not covered")
        assert code_of(partial(move, over)) == "exceeds_open_balance"
    move(Transfer(line, payer, PATIENT_PARTY, 10000, "not covered"))
    move(Transfer(line, PATIENT_PARTY, COLLECTIONS_PARTY, 4000, "agency"))
    assert office.buckets(line) == {PATIENT_PARTY: 6000, COLLECTIONS_PARTY: 4000}
    assert office.audited("transfer") == [case.patient] * 2
    office.books_are_sound()


def test_a_denial_that_can_be_cured_is_not_passed_to_the_patient(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.post(office.check(0), case.claim, eob(case.lines[0], 10000, 0, held(10000, "16")))
    ask = Transfer(case.lines[0], case.payer_party, PATIENT_PARTY, 10000, "denied")
    act = lambda: office.services.adjustments.transfer(ask)  # noqa: E731
    assert code_of(act) == "policy:repairable_denial_not_patient"
    agency = Transfer(case.lines[0], case.payer_party, COLLECTIONS_PARTY, 1, "other")
    office.services.adjustments.transfer(agency)


def test_a_payer_found_later_owes_and_the_patients_money_becomes_provisional(
    office: Office,
) -> None:
    patient = office.patient("Doe", office.lists.primary)
    encounter = office.draft(patient, (10000,), policy_ids=())
    office.services.encounters.post_charges(encounter)
    line = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    account = office.services.accounts.show(patient).guarantor_id
    paid = PatientPayment(account, 3000, (Application(line, 3000),))
    office.services.receipts.receive(paid)
    policy = office.services.patients.show(patient).policies[0].policy_id or 0
    party = office.party(policy)
    retro = Transfer(line, PATIENT_PARTY, party, 7000, "insured after all", provisional_paid=3000)
    office.services.adjustments.transfer(retro)
    assert office.buckets(line) == {party: 7000}
    assert office.sql("SELECT rank, policy_id FROM encounter_coverage") == [(1, policy)]
    from app.services.claim_commands import NewClaim

    claim = office.services.claims.new_claim(NewClaim(encounter, policy))
    office.services.claims.print_claims([claim])
    office.services.claims.confirm_printed([claim])
    office.post(office.check(10000), claim, eob(line, 10000, 10000))
    assert office.buckets(line) == {PATIENT_PARTY: -3000}  # to be refunded
    office.books_are_sound()


# A small balance has rules of its own.
@pytest.mark.parametrize("reason", sorted(WRITE_OFF_REASONS.keys() - {"small_balance"}))
def test_a_write_off_has_a_reason_of_the_list(office: Office, reason: str) -> None:
    case = office.sent(charges=(10000,))
    command = WriteOff(case.lines[0], case.payer_party, 1000, reason)
    office.services.adjustments.write_off(command)
    legs = office.sql("SELECT reason, amount_cents FROM posting WHERE account = 'adjustment'")
    assert legs == [(reason, 1000)]
    assert office.audited("write off") == [case.patient]


def test_a_write_off_is_never_more_than_is_open(office: Office) -> None:
    case = office.sent(charges=(10000,))
    line, payer = case.lines[0], case.payer_party
    give_up = office.services.adjustments.write_off
    for command, code in (
        (WriteOff(line, payer, 10001, "courtesy"), "exceeds_open_balance"),
        (WriteOff(line, PATIENT_PARTY, 1, "courtesy"), "exceeds_open_balance"),
        (WriteOff(line, payer, 0, "courtesy"), "amount_not_positive"),
        (WriteOff(line, payer, -1, "courtesy"), "amount_not_positive"),
        (WriteOff(line, payer, 1, "because"), "unknown_reason"),
    ):
        assert code_of(partial(give_up, command)) == code
    give_up(WriteOff(line, payer, 10000, "bad_debt"))
    give_up(WriteOff(line, payer, -4000, "void_reversal"))  # put back
    assert office.buckets(line) == {payer: 4000}
    office.books_are_sound()


def test_a_charge_is_voided_once_and_stays_in_sight(office: Office) -> None:
    case = office.sent(charges=(10000, 5000))
    command = VoidCharge(case.lines[0], case.payer_party, "wrong patient")
    office.services.adjustments.void_charge(command)
    again = lambda: office.services.adjustments.void_charge(command)  # noqa: E731
    assert code_of(again) == "charge_already_voided"
    view = office.services.accounts.show(case.patient)
    voided = next(line for line in view.lines if line.line_id == case.lines[0])
    assert (voided.charge_cents, voided.balance_cents) == (10000, 0)
    assert [e.what for e in voided.entries] == ["Charge", "Charge voided"]
    assert view.balance_cents == 5000
    office.books_are_sound()


def test_a_charge_that_is_not_in_the_books_is_not_voided(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    encounter = office.draft(patient)
    line = office.services.encounters.show(encounter).command.lines[0].line_id or 0
    void = VoidCharge(line, PATIENT_PARTY, "mistake")
    act = lambda: office.services.adjustments.void_charge(void)  # noqa: E731
    assert code_of(act) == "charge_already_voided"


def test_a_line_that_is_not_there(office: Office) -> None:
    service = office.services.adjustments
    with pytest.raises(NotFound):
        service.transfer(Transfer(99, 1, 2, 1, "x"))
    with pytest.raises(NotFound):
        service.write_off(WriteOff(99, 1, 1, "courtesy"))
    with pytest.raises(NotFound):
        service.void_charge(VoidCharge(99, 1, "x"))
