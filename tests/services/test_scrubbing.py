"""Claims checked before they leave: what stops them, what she lets pass, what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.claim_form import Address
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.services.claim_commands import ClaimCheck, PassEdit
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePolicy
from tests.services.front_desk import VISIT, Office, eob, to

WHY = "The address is on its way."


def homeless(office: Office) -> tuple[int, int]:
    """(patient, ready claim) of somebody without an address: box 5 is in error."""
    patient = office.patient("Doe", office.lists.primary, address=Address())
    encounter = office.draft(patient)
    return patient, office.services.encounters.post_charges(encounter).claim_ids[0]


def stops(office: Office, claim: int) -> list[ClaimCheck]:
    return [c for c in office.services.claims.show(claim).checks if c.stops]


def test_an_error_stops_the_claim_and_names_the_box(office: Office) -> None:
    _, claim = homeless(office)
    found = stops(office, claim)
    assert {c.finding.edit_id for c in found} >= {"E015"}
    with pytest.raises(Invalid) as error:
        office.services.claims.print_claims([claim])
    assert {f.edit_id for f in error.value.findings} == {c.finding.edit_id for c in found}
    assert office.status(claim) == "ready"
    boxes = [b for b in office.services.claims.show(claim).boxes if b.findings]
    assert {b.box.item for b in boxes} >= {"5"}


def test_with_a_reason_it_goes_out_and_the_reason_stays_with_it(office: Office) -> None:
    patient, claim = homeless(office)
    for check in stops(office, claim):
        command = PassEdit(claim, check.finding.edit_id, WHY, check.place)
        assert office.services.claims.let_pass(command) == 1
    assert stops(office, claim) == []
    shown = office.services.claims.show(claim).findings
    assert any(WHY in f.message and f.severity is Severity.WARNING for f in shown)
    office.services.claims.print_claims([claim])
    kept = office.services.claims.show(claim).checks
    assert [c.reason for c in kept if c.finding.edit_id == "E015"] == [WHY] * len(
        [c for c in kept if c.finding.edit_id == "E015"]
    )
    assert office.audited("let edit pass") == [patient] * len(
        office.sql("SELECT 1 FROM claim_override")
    )


def test_an_edit_is_let_pass_everywhere_when_no_place_is_named(office: Office) -> None:
    _, claim = homeless(office)
    wrong = [c for c in stops(office, claim) if c.finding.edit_id == "E015"]
    count = office.services.claims.let_pass(PassEdit(claim, "E015", WHY))
    assert count == len(wrong)
    assert not [c for c in stops(office, claim) if c.finding.edit_id == "E015"]


def test_what_is_put_right_needs_no_reason(office: Office) -> None:
    patient, claim = homeless(office)
    shown = office.services.patients.show(patient)
    home = Address("1 Elm St", "", "Salem", "VA", "24153")
    office.services.patients.save(replace(shown, address=home))
    assert stops(office, claim) == []
    office.services.claims.print_claims([claim])
    assert office.sql("SELECT count(*) FROM claim_override") == [(0,)]


@pytest.mark.parametrize(
    ("edit", "reason", "error"), [("E015", "  ", Invalid), ("E001", WHY, NotFound)]
)
def test_nothing_passes_without_a_reason_or_a_finding(
    office: Office, edit: str, reason: str, error: type[Exception]
) -> None:
    _, claim = homeless(office)
    with pytest.raises(error):
        office.services.claims.let_pass(PassEdit(claim, edit, reason))
    assert office.sql("SELECT count(*) FROM claim_override") == [(0,)]


def test_a_printed_claim_is_not_judged_again(office: Office) -> None:
    case = office.sent()
    with pytest.raises(Refused) as error:
        office.services.claims.let_pass(PassEdit(case.claim, "E015", WHY))
    assert error.value.code == "claim_is_out"
    shown = office.services.patients.show(case.patient)
    office.services.patients.save(replace(shown, address=Address()))
    assert not [c for c in office.services.claims.show(case.claim).checks if c.stops]


def test_the_second_sheet_keeps_its_own_place(office: Office) -> None:
    """Line 8 stands in row 2 of the second sheet: passing it leaves line 2 alone."""
    patient = office.patient("Doe", office.lists.primary)
    lines = tuple(SaveLine("99213", 10000, pointers="A", modifiers="76") for _ in range(8))
    bad = (1, 7)
    lines = tuple(replace(n, place_of_service="21") if i in bad else n for i, n in enumerate(lines))
    encounter = office.draft(patient, lines=lines)
    claim = office.services.encounters.post_charges(encounter).claim_ids[0]
    wrong = [c for c in stops(office, claim) if c.finding.field.startswith("24_2_")]
    assert {c.sheet for c in wrong} == {0, 1}
    second = next(c for c in wrong if c.sheet == 1)
    office.services.claims.let_pass(PassEdit(claim, second.finding.edit_id, WHY, second.place))
    left = [c for c in stops(office, claim) if c.finding.edit_id == second.finding.edit_id]
    assert {c.sheet for c in left} == {0}


def test_edits_switched_off_for_a_payer_are_silent(office: Office) -> None:
    _, claim = homeless(office)
    payer = office.services.directory.payer(office.lists.primary)
    office.services.setup.save_payer(replace(payer, edits_off="e015 E999"))
    assert "E015" not in {c.finding.edit_id for c in stops(office, claim)}


def test_statistics_count_printed_claims_and_what_was_let_pass(office: Office) -> None:
    _, claim = homeless(office)
    office.services.claims.let_pass(PassEdit(claim, "E015", WHY))
    for check in stops(office, claim):
        office.services.claims.let_pass(PassEdit(claim, check.finding.edit_id, WHY, check.place))
    office.services.claims.print_claims([claim])
    row = next(e for e in office.services.scrub.edits() if e.edit_id == "E015")
    assert (row.fired, row.wants_tuning) == (1, True)
    assert row.overridden >= 1
    assert len(office.services.scrub.edits()) == 128


def typed(office: Office, **changes: object) -> SaveEncounter:
    patient = office.patient("Roe", office.lists.primary)
    command = SaveEncounter(
        patient,
        office.lists.provider,
        VISIT,
        facility_id=office.lists.place,
        diagnoses=("M17.11",),
        lines=(SaveLine("99213", 10000, pointers="A"),),
    )
    return replace(command, **changes)  # type: ignore[arg-type]


def test_what_is_typed_is_checked_before_it_is_saved(office: Office) -> None:
    scrub = office.services.scrub
    command = typed(office)
    assert [f for f in scrub.as_typed(command) if f.severity is Severity.ERROR] == []
    injury = replace(command, diagnoses=("S83.241A",))
    found = {f.edit_id: f for f in scrub.as_typed(injury)}
    assert "E023" in found
    auto = replace(command, related_auto=True)
    found = {f.edit_id: f for f in scrub.as_typed(auto)}
    assert found["E020"].field == "auto_state"
    assert office.sql("SELECT count(*) FROM encounter") == [(0,)]


def test_half_a_visit_is_left_alone(office: Office) -> None:
    command = typed(office)
    for part in (
        {"diagnoses": ()},
        {"lines": ()},
        {"patient_id": 999},
        {"policy_ids": ()},
        {"service_date": VISIT + timedelta(days=1), "hospital_to": VISIT},
    ):
        assert office.services.scrub.as_typed(replace(command, **part)) == ()


def test_a_past_visit_and_an_ended_policy_are_known(office: Office) -> None:
    command = typed(office)
    patient = command.patient_id
    before = office.draft(patient, (10000,), service_date=VISIT - timedelta(days=400))
    office.services.encounters.post_charges(before)
    new = replace(command, lines=(SaveLine("99203", 10000, pointers="A"),))
    assert "E088" in {f.edit_id for f in office.services.scrub.as_typed(new)}
    shown = office.services.patients.show(patient)
    ended = replace(shown.policies[0], termination=VISIT - timedelta(days=1))
    office.services.patients.save(replace(shown, policies=(ended,)))
    keyed = replace(command, policy_ids=(ended.policy_id or 0,))
    assert "E065" in {f.edit_id for f in office.services.scrub.as_typed(keyed)}


def test_a_second_payers_claim_knows_what_the_first_decided(office: Office) -> None:
    case = office.sent(second=True, charges=(10000,))
    before = {c.finding.edit_id for c in office.services.claims.show(case.later or 0).checks}
    assert "E111" in before
    office.post(
        office.check(10000),
        case.claim,
        eob(case.lines[0], 10000, 8000, to(2000, case.later_party or 0)),
    )
    after = {c.finding.edit_id for c in office.services.claims.show(case.later or 0).checks}
    assert "E111" not in after


def test_another_policy_in_force_is_spoken_of(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    encounter = office.draft(patient)
    claim = office.services.encounters.post_charges(encounter).claim_ids[0]
    assert "E029" not in {c.finding.edit_id for c in office.services.claims.show(claim).checks}
    shown = office.services.patients.show(patient)
    more = SavePolicy(office.lists.secondary, "NEW1", rank=2, effective=date(2020, 1, 1))
    office.services.patients.save(replace(shown, policies=(*shown.policies, more)))
    assert "E029" in {c.finding.edit_id for c in office.services.claims.show(claim).checks}
