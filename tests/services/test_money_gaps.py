"""Gaps the books machine found: each was once a way to book what never happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.books import PATIENT_PARTY, CheckItem
from app.domain.errors import Refused
from app.services.adjustments import Transfer, VoidCharge, WriteOff
from app.services.insurance_found import InsuranceFound
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    PatientPayment,
)
from tests.services.front_desk import Office, eob, to


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def test_no_more_is_put_back_than_was_written_off(office: Office) -> None:
    case, act = office.sent(), office.services.adjustments
    act.write_off(WriteOff(case.lines[0], case.payer_party, 300, "courtesy"))
    too_much = WriteOff(case.lines[0], case.payer_party, -301, "void_reversal")
    assert _code(lambda: act.write_off(too_much)) == "exceeds_written_off"


def test_nobody_elses_policy_owes(office: Office) -> None:
    case, other = office.sent(), office.sent(last="Roe")
    act = office.services.adjustments
    move = Transfer(case.lines[0], case.payer_party, other.payer_party, 100, "other payer")
    assert _code(lambda: act.transfer(move)) == "wrong_patient"
    line = eob(case.lines[0], 10000, 9000, to(1000, other.payer_party))
    assert _code(lambda: office.post(office.check(9000), case.claim, line)) == "wrong_patient"


def test_unapplied_money_that_was_placed_stays_on_its_check(office: Office) -> None:
    case, checks = office.sent(), office.services.checks
    check = office.check(500)
    checks.add_item(AddCheckItem(check, CheckItem.UNAPPLIED, 500))
    place = ApplyUnapplied(check, case.lines[0], case.payer_party, 500)
    office.services.receipts.apply_unapplied(place)
    journal = checks.items(check)[0].journal_id
    assert _code(lambda: checks.reverse_item(check, journal)) == "exceeds_unapplied"


def test_a_fee_goes_off_once(office: Office) -> None:
    case, fees = office.sent(), office.services.fees
    fee = fees.charge(case.patient, "no_show", 2500)
    line = office.services.encounters.show(fee).command.lines[0].line_id or 0
    office.services.adjustments.void_charge(VoidCharge(line, PATIENT_PARTY, "by mistake"))
    assert _code(lambda: fees.take_off(fee)) == "charge_already_voided"


def test_a_copay_is_not_provisional_twice(office: Office) -> None:
    case = office.sent()
    copay = Application(case.lines[0], 2000, case.payer_party)
    office.services.receipts.receive(PatientPayment(case.guarantor, 2000, (copay,)))
    found = InsuranceFound(case.encounter, case.payer_party)
    assert _code(lambda: office.services.insurance_found.found(found)) == "nothing_owed"
