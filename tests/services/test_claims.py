"""Claims: frozen when printed, out when confirmed, and every later step by the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.books import PATIENT_PARTY
from app.domain.errors import Invalid, NotFound, Refused
from app.services.claim_commands import NewClaim
from app.services.payment_commands import ReverseEob
from tests.office import let_all_pass
from tests.services.front_desk import TODAY, VISIT, Office, eob, held, off, to


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def ready_claim(office: Office, *payers: int) -> int:
    patient = office.patient("Doe", *(payers or (office.lists.primary,)))
    return office.services.encounters.post_charges(office.draft(patient)).claim_ids[0]


def test_printing_freezes_and_waits_for_her_word(office: Office) -> None:
    claim = ready_claim(office)
    batch = office.services.claims.print_claims([claim])
    assert (batch.claim_ids, batch.numbers, batch.sheets) == ((claim,), ("10001",), 1)
    assert batch.pdf.startswith(b"%PDF")
    assert office.status(claim) == "printed"
    view = office.services.claims.show(claim)
    assert (view.versions, view.sheets) == ((1,), 1)
    assert [step.to_status for step in view.steps] == ["ready", "printed"]


def test_confirming_sends_and_sets_the_follow_up(office: Office) -> None:
    shown = office.services.directory.payer(office.lists.primary)
    office.services.setup.save_payer(replace(shown, follow_up_days=21))
    claim = ready_claim(office)
    office.services.claims.print_claims([claim])
    office.services.claims.confirm_printed([claim], on=date(2026, 3, 10))
    view = office.services.claims.show(claim)
    assert view.row.status == "submitted"
    assert view.row.follow_up_on == date(2026, 3, 31)
    assert office.sql("SELECT submitted_on FROM claim") == [("2026-03-10",)]


def test_without_a_word_of_the_payer_it_is_thirty_days(office: Office) -> None:
    case = office.sent()
    row = office.services.claims.show(case.claim).row
    assert row.follow_up_on == TODAY + timedelta(days=30)
    assert (row.total_cents, row.open_cents) == (15000, 15000)


def test_a_spoiled_sheet_goes_back_and_every_version_stays(office: Office) -> None:
    claim = ready_claim(office)
    office.services.claims.print_claims([claim])
    first = office.services.claims.reprint(claim)
    office.services.claims.unprint([claim])
    assert office.status(claim) == "ready"
    office.clock.day = date(2026, 3, 17)
    office.services.claims.print_claims([claim])
    assert office.services.claims.show(claim).versions == (1, 2)
    assert office.services.claims.reprint(claim, 1) == first
    assert office.services.claims.reprint(claim) != first  # signed a day later


def test_a_batch_prints_in_the_order_given_or_not_at_all(office: Office) -> None:
    claims = [ready_claim(office) for _ in range(3)]
    turned = [claims[2], claims[0]]
    assert office.services.claims.print_claims(turned).numbers == ("10003", "10001")
    with pytest.raises(NotFound):
        office.services.claims.print_claims([claims[1], 99])
    assert office.status(claims[1]) == "ready"
    assert office.services.claims.show(claims[1]).versions == ()


def test_a_claim_that_would_print_wrong_is_not_printed(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    shown = office.services.patients.show(patient)
    office.services.patients.save(replace(shown, last="Doe" * 40))
    claim = office.services.encounters.post_charges(office.draft(patient)).claim_ids[0]
    with pytest.raises(Invalid) as found:
        office.services.claims.print_claims([claim])
    assert found.value.findings
    assert office.status(claim) == "ready"


def test_only_what_is_ready_prints_and_only_what_is_printed_is_confirmed(office: Office) -> None:
    case, claim = office.sent(), ready_claim(office)
    service = office.services.claims
    assert code_of(lambda: service.print_claims([case.claim])) == "claim_not_ready"
    assert code_of(lambda: service.confirm_printed([claim])) == "claim_not_printed"
    assert code_of(lambda: service.unprint([claim])) == "claim_not_printed"
    with pytest.raises(NotFound, match="never printed"):
        service.reprint(claim)


def test_the_later_payer_waits_until_the_first_has_decided(office: Office) -> None:
    case = office.sent(second=True)
    later, party = case.later or 0, case.later_party or 0
    service = office.services.claims
    assert office.status(later) == "held"
    wait = "policy:primary_not_adjudicated"
    assert code_of(lambda: service.set_status(later, "ready")) == wait
    check = office.check(11000)
    posted = office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 7000, off(2000), to(1000, party)),
        eob(case.lines[1], 5000, 4000, off(1000)),
    )
    assert posted.released_claims == ("10001-2",)
    assert office.status(later) == "ready"
    service.print_claims([later])
    form = service.form(later)
    assert (form.policy.payer_name, form.prior_paid_cents) == ("Valley Mutual", 11000)
    assert [p.payer_name for p in form.other_policies] == ["Blue Ridge Health"]


def test_a_released_claim_set_back_to_ready_by_hand_is_still_checked(office: Office) -> None:
    case = office.sent(second=True)
    later = case.later or 0
    second = office.services.patients.show(case.patient).policies[1].policy_id or 0
    command = NewClaim(case.encounter, second)
    wait = "policy:primary_not_adjudicated"
    assert code_of(lambda: office.services.claims.new_claim(command)) == wait
    assert office.status(later) == "held"


def test_nothing_left_for_the_later_payer_closes_its_claim_until_something_comes(
    office: Office,
) -> None:
    case = office.sent(second=True, charges=(10000,))
    later, party = case.later or 0, case.later_party or 0
    check = office.check(10000)
    key = office.post(check, case.claim, eob(case.lines[0], 10000, 10000)).eob_id
    assert office.status(later) == "closed"
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    assert office.status(later) == "held"
    office.post(check, case.claim, eob(case.lines[0], 10000, 9000, to(1000, party)))
    assert office.status(later) == "ready"


def test_a_forwarded_claim_is_out_by_itself(office: Office) -> None:
    case = office.sent(second=True)
    check = office.check(8000)
    office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 8000, to(2000, case.later_party or 0)),
        remarks=("MA18",),
    )
    row = office.services.claims.show(case.later or 0).row
    assert row.status == "submitted"
    assert row.follow_up_on is not None


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_correction_needs_the_payers_own_number(office: Office, frequency: str) -> None:
    case = office.sent()
    policy = office.services.patients.show(case.patient).policies[0].policy_id or 0
    command = NewClaim(case.encounter, policy, frequency, case.claim)
    make = office.services.claims.new_claim
    assert code_of(lambda: make(command)) == "no_original_reference"
    assert code_of(lambda: make(replace(command, original_reference=" "))) == (
        "no_original_reference"
    )
    new = make(replace(command, original_reference=" ICN123 "))
    form = office.services.claims.form(new)
    assert (form.frequency, form.original_reference) == (frequency, "ICN123")
    assert [line.line_id for line in form.lines] == list(case.lines)
    assert office.services.claims.show(new).row.number == "10001B"
    assert office.status(case.claim) == "submitted"  # until the new one is out
    let_all_pass(office.services, new)  # an original without an answer stops it
    office.services.claims.print_claims([new])
    office.services.claims.confirm_printed([new])
    assert office.status(case.claim) == {"7": "replaced", "8": "voided"}[frequency]


def test_a_claim_of_a_policy_the_encounter_was_not_billed_to_prints(office: Office) -> None:
    case = office.sent()
    shown = office.services.patients.show(case.patient)
    from app.services.people_commands import SavePolicy

    more = (*shown.policies, SavePolicy(office.lists.secondary, "LATE", rank=2, plan_name="Valley"))
    office.services.patients.save(replace(shown, policies=more))
    late = office.services.patients.show(case.patient).policies[1].policy_id or 0
    office.pay_in_full(case)
    claim = office.services.claims.new_claim(NewClaim(case.encounter, late))
    assert office.services.claims.form(claim).policy.member_id == "LATE"


def test_a_claim_is_never_made_of_anothers_lines_or_policy(office: Office) -> None:
    case, other = office.sent(), office.sent(last="Poe")
    mine = office.services.patients.show(case.patient).policies[0].policy_id or 0
    theirs = office.services.patients.show(other.patient).policies[0].policy_id or 0
    make = office.services.claims.new_claim
    with pytest.raises(Invalid):
        make(NewClaim(case.encounter, mine, line_ids=other.lines))
    with pytest.raises(Invalid):
        make(NewClaim(case.encounter, theirs))


HAND = [
    (("accepted",), "accepted"),
    (("rejected",), "rejected"),
    (("accepted", "rejected"), "rejected"),
]


@pytest.mark.parametrize(("steps", "status"), HAND)
def test_steps_by_her_own_word(office: Office, steps: tuple[str, ...], status: str) -> None:
    case = office.sent()
    for step in steps:
        office.services.claims.set_status(case.claim, step, "by phone")
    view = office.services.claims.show(case.claim)
    assert view.row.status == status
    assert [s.to_status for s in view.steps][3:] == list(steps)
    assert view.steps[-1].note == "by phone"
    assert view.steps[-1].user == "Dana Biller"


@pytest.mark.parametrize("step", ["appealed", "denied", "ready", "held", "paid", "nonsense"])
def test_steps_that_are_not_possible_from_submitted(office: Office, step: str) -> None:
    case = office.sent()
    service = office.services.claims
    assert code_of(lambda: service.set_status(case.claim, step)) == "status_not_possible"


def test_a_denial_is_appealed_and_decided(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(0)
    office.post(check, case.claim, eob(case.lines[0], 10000, 0, held(10000, "50")))
    assert office.status(case.claim) == "denied"
    office.services.claims.set_status(case.claim, "appealed", "level 1")
    office.services.claims.set_status(case.claim, "denied", "upheld")
    assert office.status(case.claim) == "denied"


def test_a_ready_claim_is_held_with_a_reason(office: Office) -> None:
    claim = ready_claim(office)
    office.services.claims.set_status(claim, "held", "no authorization yet")
    assert office.services.claims.show(claim).row.note == "no authorization yet"
    office.services.claims.set_status(claim, "ready")
    assert office.services.claims.show(claim).row.note == ""


def test_the_list_filters_by_status_and_by_what_is_typed(office: Office) -> None:
    case = office.sent(second=True, last="Doe")
    office.sent(last="Poe")
    rows = office.services.claims.list_claims
    assert [r.number for r in rows()] == ["10002", "10001-2", "10001"]
    assert [r.number for r in rows(("held",))] == ["10001-2"]
    assert [r.number for r in rows(text="po")] == ["10002"]
    assert [r.number for r in rows(text="VALLEY")] == ["10001-2"]
    assert [r.number for r in rows(text="10001")] == ["10001-2", "10001"]
    assert len(rows(limit=1)) == 1
    assert rows(text="%") == ()
    row = rows(("submitted",), "doe")[0]
    assert (row.claim_id, row.patient_name, row.service_date) == (case.claim, "Doe, Jane", VISIT)
    assert office.services.claims.counts() == {"submitted": 2, "held": 1}


def test_box_29_knows_the_patient_from_the_payer(office: Office) -> None:
    from app.services.payment_commands import Application, PatientPayment

    case = office.sent(second=True, charges=(10000,))
    take = PatientPayment(
        case.guarantor, 2000, (Application(case.lines[0], 2000, case.payer_party),)
    )
    office.services.receipts.receive(take)
    check = office.check(6000)
    party = case.later_party or 0
    office.post(check, case.claim, eob(case.lines[0], 10000, 6000, off(1000), to(3000, party)))
    form = office.services.claims.form(case.later or 0)
    assert (form.patient_paid_cents, form.prior_paid_cents) == (2000, 6000)
    assert office.buckets(case.lines[0]) == {party: 3000, PATIENT_PARTY: -2000}


def test_without_the_practices_own_data_nothing_prints(office: Office) -> None:
    claim = ready_claim(office)
    with office.services.desk.write() as session:
        from sqlalchemy import text

        session.execute(text("DELETE FROM practice"))
    service = office.services.claims
    assert code_of(lambda: service.print_claims([claim])) == "practice_not_set_up"
