"""Agencies, attorneys and employers pay; fees and collections keep to the rules."""

from __future__ import annotations

from functools import partial

import pytest

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, CheckItem
from app.domain.errors import Invalid, NotFound
from app.domain.statements import HoldKind
from app.services.adjustments import Transfer, WriteOff
from app.services.claim_commands import NewClaim
from app.services.insurance_found import InsuranceFound
from app.services.payment_commands import AddCheckItem, Application, PatientPayment, Refund
from app.services.people_commands import SavePolicy
from app.services.returns import BouncedCheck
from app.services.statement_commands import HoldAccount
from app.services.third_parties import OpenPartyCheck, PartyPayment, PartyReceipt
from tests.services.front_desk import Case, Office, eob, off, to
from tests.services.test_receipts import code_of, owing, receive


def self_pay(office: Office, *charges: int, last: str = "Doe") -> tuple[int, int, list[int]]:
    """Guarantor, patient and lines of a posted visit that the patient pays."""
    patient = office.patient(last)
    visit = office.draft(patient, charges or (12000,), policy_ids=())
    office.services.encounters.post_charges(visit)
    view = office.services.accounts.show(patient)
    lines = [line.line_id or 0 for line in office.services.encounters.show(visit).command.lines]
    return view.guarantor_id, patient, lines


# --- agencies, attorneys ------------------------------------------------------------------------
def test_an_agency_pays_the_debt_in_full_and_its_fee_is_an_expense(office: Office) -> None:
    guarantor, _, (line,) = self_pay(office, 12000)
    placed = office.services.collections.place(guarantor, agency="Ridge Recovery")
    assert (placed.cents, placed.lines) == (12000, (line,))
    assert office.buckets(line) == {COLLECTIONS_PARTY: 12000}
    header = OpenPartyCheck("Ridge Recovery", 5600, "agency", "88", guarantor_id=guarantor)
    done = office.services.third_parties.receive(
        PartyReceipt(header, (Application(line, 8000),), fee_cents=2400)
    )
    assert done.unapplied_cents == 0
    assert office.buckets(line) == {COLLECTIONS_PARTY: 4000}
    state = office.services.checks.state(done.payment_id)
    assert (state.payer_name, state.allocated_cents, state.status) == (
        "Ridge Recovery",
        5600,
        "closed",
    )
    assert office.sql("SELECT SUM(amount_cents) FROM posting WHERE account = 'expense'") == [
        (2400,)
    ]
    given_up = office.services.collections.give_up(guarantor)
    assert given_up.cents == 4000
    assert office.buckets(line) == {}
    office.services.collections.take_back(given_up.journal_id)
    assert office.buckets(line) == {COLLECTIONS_PARTY: 4000}
    again = partial(office.services.collections.take_back, given_up.journal_id)
    assert code_of(again) == "already_reversed"
    office.books_are_sound()


def test_only_a_debt_that_was_given_up_is_taken_back(office: Office) -> None:
    guarantor, _, (line,) = self_pay(office, 12000)
    office.services.collections.place(guarantor)
    with pytest.raises(NotFound):
        office.services.collections.take_back(1)
    given_up = office.services.collections.give_up(guarantor)
    put_back = WriteOff(line, COLLECTIONS_PARTY, -2000, "void_reversal")
    office.services.adjustments.write_off(put_back)
    again = partial(office.services.collections.take_back, given_up.journal_id)
    assert code_of(again) == "exceeds_written_off"
    assert office.buckets(line) == {COLLECTIONS_PARTY: 2000}


def test_an_agencys_payment_is_taken_back_with_its_fee(office: Office) -> None:
    guarantor, _, (line,) = self_pay(office, 12000)
    office.services.collections.place(guarantor)
    header = OpenPartyCheck("Ridge Recovery", 700, "agency", guarantor_id=guarantor)
    receipt = PartyReceipt(header, (Application(line, 900),), fee_cents=300)
    done = office.services.third_parties.receive(receipt)
    assert done.unapplied_cents == 100
    office.services.receipts.reverse_receipt(done.payment_id, "wrong check")
    assert office.buckets(line) == {COLLECTIONS_PARTY: 12000}
    assert office.services.checks.state(done.payment_id).allocated_cents == 0
    office.books_are_sound()


def test_an_agencys_check_for_many_is_placed_piece_by_piece(office: Office) -> None:
    found = [self_pay(office, 5000, last=last) for last in ("Doe", "Roe")]
    for guarantor, _, _ in found:
        office.services.collections.place(guarantor)
    do = office.services.third_parties
    key = do.open_check(OpenPartyCheck("Ridge Recovery", 6000, "agency", "9"))
    for _, _, (line,) in found:
        do.apply(PartyPayment(key, line, COLLECTIONS_PARTY, 4000))
    fee = AddCheckItem(key, CheckItem.AGENCY_FEE, -2000)
    office.services.checks.add_item(fee)
    office.services.checks.close_check(key)
    assert [office.buckets(line) for _, _, (line,) in found] == [{COLLECTIONS_PARTY: 1000}] * 2
    assert office.audited("receive party payment") == [patient for _, patient, _ in found]
    office.books_are_sound()


def test_an_attorney_pays_the_patients_part_and_the_rest_waits(office: Office) -> None:
    guarantor, _, (line,) = self_pay(office, 3000)
    header = OpenPartyCheck("Hale & Moss", 3500, "attorney", guarantor_id=guarantor)
    receipt = PartyReceipt(header, (Application(line, 3000),))
    done = office.services.third_parties.receive(receipt)
    assert (office.buckets(line), done.unapplied_cents) == ({}, 500)
    assert office.services.households.waiting(guarantor)[0].cents == 500


def test_a_third_party_pays_no_more_than_is_owed(office: Office) -> None:
    guarantor, _, (line,) = self_pay(office, 3000)
    do = office.services.third_parties
    key = do.open_check(OpenPartyCheck("Hale & Moss", 9000, "attorney"))
    over = PartyPayment(key, line, PATIENT_PARTY, 3001)
    assert code_of(lambda: do.apply(over)) == "exceeds_open_balance"
    header = OpenPartyCheck("Hale & Moss", 2000, "attorney", guarantor_id=guarantor)
    twice = PartyReceipt(header, (Application(line, 1500), Application(line, 501)))
    assert code_of(lambda: do.receive(twice)) == "exceeds_receipt"
    double = PartyReceipt(OpenPartyCheck("A", 4000), (Application(line, 2000),) * 2)
    assert code_of(lambda: do.receive(double)) == "exceeds_open_balance"
    case = owing(office)
    check = office.check(100, number="8")
    own = PartyPayment(check, case.lines[0], PATIENT_PARTY, 100)
    assert code_of(lambda: do.apply(own)) == "policy:insurer_money_not_patient"


@pytest.mark.parametrize(
    ("header", "fee", "field"),
    [
        (OpenPartyCheck(" ", 100), 0, "from_name"),
        (OpenPartyCheck("A", 100, kind="friend"), 0, "kind"),
        (OpenPartyCheck("A", -1), 0, "amount_cents"),
        (OpenPartyCheck("A", 100, number="4111 1111 1111 1111"), 0, "number"),
        (OpenPartyCheck("A", 100), 10, "fee_cents"),
        (OpenPartyCheck("A", 100, kind="agency"), -10, "fee_cents"),
    ],
)
def test_a_third_partys_header_is_checked(
    office: Office, header: OpenPartyCheck, fee: int, field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        office.services.third_parties.receive(PartyReceipt(header, (), fee))
    assert field in {finding.field for finding in wrong.value.findings}


# --- collections --------------------------------------------------------------------------------
def test_only_lines_without_an_open_payer_go_to_collections(office: Office) -> None:
    case = office.sent()
    check = office.check(1000)
    office.post(check, case.claim, eob(case.lines[0], 10000, 1000, to(8000), off(1000)))
    do = office.services.collections
    assert do.place(case.guarantor).cents == 8000
    do.recall(case.guarantor)
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 8000}
    mixed = Transfer(case.lines[1], case.payer_party, PATIENT_PARTY, 100, "not covered")
    office.services.adjustments.transfer(mixed)
    refused = code_of(lambda: do.place(case.guarantor, [case.lines[1]]))
    assert refused == "policy:payer_still_open"
    assert do.place(case.guarantor).lines == (case.lines[0],)
    assert code_of(lambda: do.place(case.guarantor)) == "nothing_owed"
    office.books_are_sound()


@pytest.mark.parametrize("kind", [HoldKind.DISPUTE, HoldKind.GFE_DISPUTE, HoldKind.BANKRUPTCY])
def test_an_account_on_hold_is_not_pressed(office: Office, kind: HoldKind) -> None:
    guarantor, patient, _ = self_pay(office)
    hold = office.services.statements.hold(HoldAccount(guarantor, kind))
    place = office.services.collections.place
    assert code_of(lambda: place(guarantor)) == "account_on_hold"
    charge = office.services.fees.charge
    if kind is HoldKind.GFE_DISPUTE:
        assert code_of(lambda: charge(patient, "no_show", 100)) == "account_on_hold"
    office.services.statements.release(hold)
    assert place(guarantor).cents == 12000
    with pytest.raises(NotFound):
        place(9999)


# --- fees ---------------------------------------------------------------------------------------
def test_a_fee_is_the_patients_alone_and_never_on_a_claim(office: Office) -> None:
    case = office.sent()
    claims = office.sql("SELECT COUNT(*) FROM claim")
    key = office.services.fees.charge(case.patient, "no_show", 3500)
    assert office.sql("SELECT COUNT(*) FROM claim") == claims
    line = office.services.encounters.show(key).command.lines[0].line_id or 0
    assert office.buckets(line) == {PATIENT_PARTY: 3500}
    policy = office.services.patients.show(case.patient).policies[0].policy_id or 0
    for act in (
        lambda: office.services.claims.new_claim(NewClaim(key, policy)),
        lambda: office.services.adjustments.transfer(
            Transfer(line, PATIENT_PARTY, case.payer_party, 100, "cover")
        ),
        lambda: office.services.insurance_found.found(InsuranceFound(key, case.payer_party)),
    ):
        assert code_of(act) == "policy:fee_never_on_claim"
    office.services.fees.take_off(key)
    assert office.buckets(line) == {}
    assert code_of(lambda: office.services.fees.take_off(key)) == "charge_already_voided"
    with pytest.raises(NotFound):
        office.services.fees.take_off(case.encounter)
    office.books_are_sound()


@pytest.mark.parametrize(("kind", "cents"), [("nsf", 0), ("nsf", -1), ("tip", 100)])
def test_a_fee_is_checked(office: Office, kind: str, cents: int) -> None:
    with pytest.raises(Invalid):
        office.services.fees.charge(office.patient(), kind, cents)


def test_usual_fees_are_the_practices_settings(office: Office) -> None:
    office.services.setup.save_setting("fee_no_show_cents", 4000)
    assert office.services.fees.usual()["no_show"] == 4000


# --- small balances -----------------------------------------------------------------------------
def test_a_small_balance_is_forgiven_once_nobody_else_owes(office: Office) -> None:
    office.services.setup.save_setting("small_balance_cents", 300)
    case = office.sent(charges=(10000,))
    check = office.check(9000)
    office.post(check, case.claim, eob(case.lines[0], 10000, 9000, to(700), off(300)))
    write_off = office.services.adjustments.write_off
    small = WriteOff(case.lines[0], PATIENT_PARTY, 301, "small_balance")
    assert code_of(lambda: write_off(small)) == "exceeds_small_balance"
    write_off(WriteOff(case.lines[0], PATIENT_PARTY, 400, "courtesy"))
    write_off(WriteOff(case.lines[0], PATIENT_PARTY, 300, "small_balance"))
    assert office.buckets(case.lines[0]) == {}


# --- insurance found ----------------------------------------------------------------------------
def covered(office: Office, patient: int) -> int:
    """A policy found afterwards; answers its party."""
    from dataclasses import replace

    shown = office.services.patients.show(patient)
    found = SavePolicy(office.lists.primary, "ID9", rank=1, plan_name="Plan")
    office.services.patients.save(replace(shown, policies=(found,)))
    policy = office.services.patients.show(patient).policies[0].policy_id or 0
    return office.party(policy)


def test_insurance_found_makes_what_was_paid_provisional(office: Office) -> None:
    guarantor, patient, (first, second) = self_pay(office, 9000, 4000)
    paid = PatientPayment(guarantor, 5500, (Application(first, 5500),))
    office.services.receipts.receive(paid)
    party = covered(office, patient)
    visit = office.services.accounts.show(patient).lines[0].encounter_id
    done = office.services.insurance_found.found(InsuranceFound(visit, party))
    assert (done.passed_cents, done.provisional_cents) == (13000, 5500)
    assert office.buckets(first) == {party: 3500}
    assert office.buckets(second) == {party: 4000}
    (claim,) = office.services.claims.list_claims(("ready",))
    assert claim.number == done.claim_number
    office.services.claims.print_claims([claim.claim_id])
    office.services.claims.confirm_printed([claim.claim_id])
    check = office.check(9000)
    office.post(
        check,
        claim.claim_id,
        eob(first, 9000, 6000, off(2000), to(1000)),
        eob(second, 4000, 3000, off(1000)),
    )
    assert office.buckets(first) == {PATIENT_PARTY: -4500}
    office.services.receipts.refund(Refund(PATIENT_PARTY, 4500, line_id=first))
    assert office.buckets(first) == {}
    office.books_are_sound()


def test_insurance_found_on_a_visit_paid_in_full(office: Office) -> None:
    guarantor, patient, (line,) = self_pay(office, 9000)
    office.services.receipts.receive(PatientPayment(guarantor, 9000, (Application(line, 9000),)))
    party = covered(office, patient)
    visit = office.services.accounts.show(patient).lines[0].encounter_id
    done = office.services.insurance_found.found(InsuranceFound(visit, party))
    assert (done.passed_cents, done.provisional_cents) == (9000, 9000)
    assert office.buckets(line) == {}
    office.books_are_sound()


def test_insurance_found_is_refused_where_it_makes_no_sense(office: Office) -> None:
    case = owing(office)
    _, patient, _ = self_pay(office, last="Roe")
    visit = office.services.accounts.show(patient).lines[0].encounter_id
    found = office.services.insurance_found.found
    assert code_of(lambda: found(InsuranceFound(visit, case.payer_party))) == "wrong_patient"
    party = covered(office, patient)
    draft = office.draft(patient, policy_ids=())
    assert code_of(lambda: found(InsuranceFound(draft, party))) == "charges_not_posted"
    found(InsuranceFound(visit, party))
    assert code_of(lambda: found(InsuranceFound(visit, party))) == "nothing_owed"


def test_insurance_found_by_mistake_is_taken_back(office: Office) -> None:
    guarantor, patient, (line,) = self_pay(office, 9000)
    office.services.receipts.receive(PatientPayment(guarantor, 5500, (Application(line, 5500),)))
    party = covered(office, patient)
    visit = office.services.accounts.show(patient).lines[0].encounter_id
    done = office.services.insurance_found.found(InsuranceFound(visit, party))
    (claim,) = office.services.claims.list_claims(("ready",))
    office.services.insurance_found.take_back(done.journal_id)
    assert office.buckets(line) == {PATIENT_PARTY: 3500}
    assert office.sql("SELECT self_pay FROM encounter WHERE id = :visit", visit=visit) == [(1,)]
    assert office.services.claims.list_claims(("ready",)) == ()
    assert office.services.claims.show(claim.claim_id).row.status == "voided", "it stays in sight"
    again = partial(office.services.insurance_found.take_back, done.journal_id)
    assert code_of(again) == "already_reversed"
    anew = office.services.insurance_found.found(InsuranceFound(visit, party))
    (second,) = office.services.claims.list_claims(("ready",))
    assert second.number == anew.claim_number
    assert second.claim_id != claim.claim_id
    office.books_are_sound()


def test_insurance_found_stands_once_its_claim_was_printed(office: Office) -> None:
    _, patient, (line,) = self_pay(office, 9000)
    party = covered(office, patient)
    visit = office.services.accounts.show(patient).lines[0].encounter_id
    done = office.services.insurance_found.found(InsuranceFound(visit, party))
    (claim,) = office.services.claims.list_claims(("ready",))
    office.services.claims.print_claims([claim.claim_id])
    take_back = partial(office.services.insurance_found.take_back, done.journal_id)
    assert code_of(take_back) == "claim_moved_on"
    assert office.buckets(line) == {party: 9000}
    with pytest.raises(NotFound):
        office.services.insurance_found.take_back(1)


def test_a_claim_that_waited_waits_again(office: Office) -> None:
    case = office.sent(second=True, charges=(10000,))
    check = office.check(6000)
    lines = eob(case.lines[0], 10000, 6000, off(3000), to(1000, PATIENT_PARTY))
    office.post(check, case.claim, lines)
    visit = office.services.accounts.show(case.patient).lines[0].encounter_id
    party = case.later_party or 0
    done = office.services.insurance_found.found(InsuranceFound(visit, party))
    assert office.buckets(case.lines[0]) == {party: 1000}
    (waited,) = office.services.claims.list_claims(("ready",))
    office.services.insurance_found.take_back(done.journal_id)
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 1000}
    assert office.services.claims.show(waited.claim_id).row.status in ("held", "closed")


# --- cards --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "method", "taken"),
    [
        ("4111111111111111", "card", False),
        ("4111-1111-1111-1111", "check", False),
        ("123456789012", "card", False),
        ("00812345", "card", True),
        ("021000020000001", "eft", True),
        ("4111111111111111", "eft", False),
    ],
)
def test_a_card_number_is_never_kept(office: Office, number: str, method: str, taken: bool) -> None:
    case = owing(office)
    if taken:
        receive(office, case, 100, number=number, method=method)
        return
    with pytest.raises(Invalid) as wrong:
        receive(office, case, 100, number=number, method=method)
    assert wrong.value.findings[0].field == "number"
    assert number not in wrong.value.message


def test_a_fee_on_a_bounced_check_goes_to_the_patient_named(office: Office) -> None:
    case: Case = owing(office)
    key = receive(office, case, 100, patient_id=case.patient)
    done = office.services.returns.nsf(BouncedCheck(key, 2500, case.patient))
    assert done.fee_encounter_id is not None
