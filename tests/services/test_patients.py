"""Patients with guarantor and policies: saved whole or not at all, found, and never mixed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.claim_form import Address, Relationship
from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.services.people_commands import InsuredPerson, SaveGuarantor, SavePatient, SavePolicy
from tests.services.front_desk import HOME, TODAY, Office


def jane(**changes: object) -> SavePatient:
    command = SavePatient("Doe", "Jane", date(1980, 1, 1), sex="F", address=HOME)
    return replace(command, **changes)  # type: ignore[arg-type]


def fields(error: Invalid) -> set[str]:
    assert all(f.message.endswith((".", "?")) for f in error.findings)
    return {f.field for f in error.findings if f.severity is Severity.ERROR}


def refused_fields(office: Office, command: SavePatient) -> set[str]:
    before = office.sql("SELECT COUNT(*) FROM patient")
    with pytest.raises(Invalid) as found:
        office.services.patients.save(command)
    assert office.sql("SELECT COUNT(*) FROM patient") == before
    return fields(found.value)


def test_what_was_saved_is_shown(office: Office) -> None:
    command = jane(
        middle="Q",
        suffix="JR",
        phone="540-555-0101",
        email="jane@example.org",
        account_no="A-77",
        guarantor=SaveGuarantor("Doe", "John", "R", HOME, "5405550102", date(1950, 2, 3)),
        release_signature_date=TODAY,
        alert="prefers mornings",
        policies=(
            SavePolicy(
                office.lists.primary,
                "XYZ123",
                relationship=Relationship.SPOUSE,
                insured=InsuredPerson("Doe", "John", birth_date=date(1950, 2, 3), sex="M"),
                group_number="G1",
                effective=date(2025, 1, 1),
                copay_cents=2500,
            ),
            SavePolicy(office.lists.secondary, "V9", rank=2),
        ),
    )
    saved = office.services.patients.save(command)
    shown = office.services.patients.show(saved.patient_id)
    assert (saved.account_no, saved.warnings) == ("A-77", ())
    assert shown.guarantor is not None
    expected = replace(
        command,
        phone="(540) 555-0101",
        guarantor=replace(
            command.guarantor or SaveGuarantor("", ""),
            phone="(540) 555-0102",
            guarantor_id=shown.guarantor.guarantor_id,
        ),
        policies=tuple(
            replace(p, policy_id=kept.policy_id)
            for p, kept in zip(command.policies, shown.policies, strict=True)
        ),
        patient_id=saved.patient_id,
        version=shown.version,
    )
    assert shown == expected
    office.services.patients.save(shown)  # what is shown can be saved again
    assert replace(office.services.patients.show(saved.patient_id), version=None) == replace(
        shown, version=None
    )


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (jane(last=" "), {"last"}),
        (jane(first=""), {"first"}),
        (jane(birth_date=None), {"birth_date"}),
        (jane(birth_date=date(2026, 3, 17)), {"birth_date"}),
        (jane(birth_date=date(1899, 1, 1)), {"birth_date"}),
        (jane(sex="X"), {"sex"}),
        (jane(address=replace(HOME, state="ZZ", zip="1")), {"state", "zip"}),
        (jane(phone="12"), {"phone"}),
        (jane(account_no="123456789012345"), {"account_no"}),
        (jane(guarantor=SaveGuarantor("Doe", "J", phone="1")), {"guarantor.phone"}),
        (jane(guarantor=SaveGuarantor("", "")), {"guarantor.last", "guarantor.first"}),
        (jane(last="", first="", birth_date=None), {"last", "first", "birth_date"}),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_kept(
    office: Office, command: SavePatient, wrong: set[str]
) -> None:
    assert refused_fields(office, command) == wrong


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"payer_id": 999}, "payer_id"),
        ({"member_id": " "}, "member_id"),
        ({"member_id": "X" * 30}, "member_id"),
        ({"rank": 0}, "rank"),
        ({"rank": 10}, "rank"),
        ({"effective": TODAY, "termination": date(2026, 3, 15)}, "termination"),
        ({"relationship": Relationship.CHILD}, "relationship"),
        ({"insured": InsuredPerson(first="Jo")}, "insured.last"),
        ({"insured": InsuredPerson("A", "B", phone="1")}, "insured.phone"),
        ({"insured": InsuredPerson("A", "B", address=Address(zip="1"))}, "insured.zip"),
    ],
)
def test_wrong_policies_are_named_by_place(
    office: Office, change: dict[str, object], wrong: str
) -> None:
    good = SavePolicy(office.lists.primary, "A1")
    bad = replace(SavePolicy(office.lists.secondary, "B1", rank=2), **change)  # type: ignore[arg-type]
    assert f"policies.1.{wrong}" in refused_fields(office, jane(policies=(good, bad)))


def test_two_policies_billed_first_at_once_are_refused(office: Office) -> None:
    one = SavePolicy(office.lists.primary, "A1", termination=date(2026, 1, 31))
    other = SavePolicy(office.lists.secondary, "B1", effective=date(2026, 1, 31))
    assert refused_fields(office, jane(policies=(one, other))) == {"policies"}
    apart = replace(other, effective=date(2026, 2, 1))
    office.services.patients.save(jane(policies=(one, apart)))


def test_an_odd_medicare_number_is_a_warning_only(office: Office) -> None:
    from app.domain.claim_form import PayerType
    from app.services.people_commands import SavePayer

    medicare = office.services.setup.save_payer(SavePayer("Medicare B", PayerType.MEDICARE))
    saved = office.services.patients.save(jane(policies=(SavePolicy(medicare, "123"),)))
    assert [f.field for f in saved.warnings] == ["policies.0.member_id"]
    good = jane(first="Ann", policies=(SavePolicy(medicare, "1EG4-TE5-MK73"),))
    assert office.services.patients.save(good).warnings == ()


def test_a_possible_duplicate_is_pointed_out_and_still_saved(office: Office) -> None:
    office.services.patients.save(jane())
    twin = office.services.patients.save(jane(last="DOE", first="Jané"))
    assert [f.severity for f in twin.warnings] == [Severity.WARNING]
    assert "10001" in twin.warnings[0].message
    assert office.services.patients.save(jane(birth_date=date(1980, 1, 2))).warnings == ()
    assert office.services.patients.save(jane(last="Fitzgerald", first="Bo")).warnings == ()


def test_account_numbers_count_up_and_are_taken_once(office: Office) -> None:
    saved = [office.services.patients.save(jane(first=f"J{n}" * 3)) for n in range(3)]
    assert [s.account_no for s in saved] == ["10001", "10002", "10003"]
    assert refused_fields(office, jane(first="Zed", account_no="10002")) == {"account_no"}
    shown = office.services.patients.show(saved[0].patient_id)
    with pytest.raises(Invalid) as taken:
        office.services.patients.save(replace(shown, account_no="10003"))
    assert fields(taken.value) == {"account_no"}
    office.services.patients.save(replace(shown, account_no="NEW-1"))
    assert office.services.patients.show(saved[0].patient_id).account_no == "NEW-1"


def test_a_number_typed_by_hand_never_blocks_the_next_new_patient(office: Office) -> None:
    office.services.patients.save(jane(account_no="10002"))
    assert office.services.patients.save(jane(first="Kim")).account_no not in ("", "10002")


@pytest.mark.parametrize(
    "change",
    [
        {"last": "Smith"},
        {"guarantor": SaveGuarantor("Poe", "Ann")},
        {"policies": ()},  # replaced below by a changed policy
    ],
)
def test_a_save_over_somebody_elses_is_refused(office: Office, change: dict[str, object]) -> None:
    key = office.patient("Doe", office.lists.primary)
    read = office.services.patients.show(key)
    if "policies" in change:
        change = {"policies": (replace(read.policies[0], group_number="G9"),)}
    office.services.patients.save(replace(read, **change))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="another window"):
        office.services.patients.save(replace(read, first="Mine"))
    assert office.services.patients.show(key).first == "Jane"


def test_a_policy_is_never_overwritten_once_billed(office: Office) -> None:
    case = office.sent()
    shown = office.services.patients.show(case.patient)
    for change in (
        {"member_id": "OTHER"},
        {"payer_id": office.lists.secondary},
        {"relationship": Relationship.CHILD, "insured": InsuredPerson("Doe", "Jo")},
    ):
        changed = replace(shown.policies[0], **change)
        with pytest.raises(Refused) as refusal:
            office.services.patients.save(replace(shown, policies=(changed,)))
        assert refusal.value.code == "policy:policy_was_billed"
    ended = replace(shown.policies[0], termination=TODAY)
    new = SavePolicy(office.lists.secondary, "NEW", effective=date(2026, 3, 17))
    office.services.patients.save(replace(shown, policies=(ended, new)))
    assert len(office.services.patients.show(case.patient).policies) == 2


def test_a_policy_not_yet_billed_may_be_corrected(office: Office) -> None:
    key = office.patient("Doe", office.lists.primary)
    shown = office.services.patients.show(key)
    changed = replace(shown.policies[0], member_id="RIGHT")
    office.services.patients.save(replace(shown, policies=(changed,)))
    assert [p.member_id for p in office.services.patients.show(key).policies] == ["RIGHT"]


def test_a_policy_of_another_patient_is_not_there(office: Office) -> None:
    mine, other = office.patient("Doe", office.lists.primary), office.patient("Poe")
    policy = office.services.patients.show(mine).policies[0]
    shown = office.services.patients.show(other)
    with pytest.raises(NotFound):
        office.services.patients.save(replace(shown, policies=(policy,)))


def test_a_grown_child_leaves_the_mothers_account_as_it_is(office: Office) -> None:
    mother = office.patient("Doe")
    account = office.services.accounts.show(mother).guarantor_id
    child = office.patient(
        "Doe", first="Kid", guarantor=SaveGuarantor("Doe", "Jane", guarantor_id=account)
    )
    assert office.services.accounts.show(child).guarantor_id == account
    grown = replace(office.services.patients.show(child), guarantor=None, last="Roe")
    office.services.patients.save(grown)
    assert office.services.accounts.show(child).guarantor_id != account
    names = dict(office.services.patients.guarantors(""))
    assert names[account] == "Doe, Jane"


def test_a_patients_own_account_follows_the_patients_name(office: Office) -> None:
    key = office.patient("Doe")
    account = office.services.accounts.show(key).guarantor_id
    office.services.patients.save(replace(office.services.patients.show(key), last="Roe"))
    assert office.services.patients.guarantors("ro") == ((account, "Roe, Jane"),)
    assert office.services.patients.guarantors("doe") == ()


def test_patients_are_found_by_what_the_caller_says(office: Office) -> None:
    key = office.patient("O'Neill", office.lists.secondary, office.lists.primary)
    office.patient("Poe")
    for typed in ("o'n", "oneill jane", "10001", "5405550101"):
        found = office.services.patients.find(typed)
        assert key in [row.patient_id for row in found], typed
    row = office.services.patients.find("o'neill")[0]
    assert (row.name, row.account_no, row.payer) == ("O'Neill, Jane", "10001", "Valley Mutual")
    assert office.services.patients.find("zzz") == ()
    assert [r.name for r in office.services.patients.find("")] == ["O'Neill, Jane", "Poe, Jane"]
    assert len(office.services.patients.find("", limit=1)) == 1


def test_an_ended_policy_is_not_the_payer_in_the_list(office: Office) -> None:
    key = office.patient("Doe", office.lists.primary)
    shown = office.services.patients.show(key)
    ended = replace(shown.policies[0], termination=date(2026, 3, 15))
    office.services.patients.save(replace(shown, policies=(ended,)))
    assert office.services.patients.find("doe")[0].payer == ""


def test_a_patient_who_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.patients.save(jane(patient_id=999))
    with pytest.raises(NotFound):
        office.services.patients.show(999)
