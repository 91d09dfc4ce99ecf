"""Encounters: coded as drafts, posted all at once, locked from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.claim_form import QualifiedDate
from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from tests.services.front_desk import TODAY, VISIT, Office


def coded(office: Office, **changes: object) -> SaveEncounter:
    """A good visit of a fresh patient with a policy."""
    if "patient_id" not in changes:
        changes["patient_id"] = office.patient("Doe", office.lists.primary)
    command = SaveEncounter(
        0,
        office.lists.provider,
        VISIT,
        diagnoses=("M17.11", "I10"),
        lines=(SaveLine("99213", 12500, pointers="AB"), SaveLine("20610", 8000, "25 RT", "A")),
    )
    return replace(command, **changes)  # type: ignore[arg-type]


def wrong_fields(office: Office, command: SaveEncounter) -> set[str]:
    with pytest.raises(Invalid) as found:
        office.services.encounters.save(command)
    assert office.sql("SELECT * FROM encounter") == []
    assert all(f.message.endswith(".") for f in found.value.findings)
    return {f.field for f in found.value.findings if f.severity is Severity.ERROR}


def test_a_draft_comes_back_as_it_was_saved(office: Office) -> None:
    command = coded(
        office,
        onset=QualifiedDate(date(2026, 2, 1), "431"),
        hospital_from=date(2026, 2, 1),
        hospital_to=date(2026, 2, 3),
        prior_authorization="AUTH1",
        related_auto=True,
        auto_state="va",
        outside_lab_cents=4500,
    )
    saved = office.services.encounters.save(command)
    view = office.services.encounters.show(saved.encounter_id)
    assert view.state == "draft"
    assert view.total_cents == 20500
    assert view.patient_name == "Doe, Jane"
    assert view.payers == ("Blue Ridge Health",)
    lines = tuple(
        replace(
            line,
            line_id=kept.line_id,
            service_from=VISIT,
            service_to=VISIT,
            place_of_service="11",
        )
        for line, kept in zip(command.lines, view.command.lines, strict=True)
    )
    assert view.command == replace(
        command,
        lines=lines,
        auto_state="VA",
        place_of_service="11",
        encounter_id=saved.encounter_id,
        version=saved.version,
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"provider_id": 99}, {"provider_id"}),
        ({"facility_id": 99}, {"facility_id"}),
        ({"policy_ids": (99,)}, {"policy_ids"}),
        ({"service_date": date(1979, 12, 31)}, {"service_date"}),
        ({"diagnoses": ("M17.11", "nonsense")}, {"diagnoses.1"}),
        ({"diagnoses": ("M17.11", "m1711"), "lines": ()}, {"diagnoses.1"}),
        (
            {"diagnoses": tuple(f"I{n + 10}" for n in range(13))},
            {"diagnoses"},
        ),
        ({"hospital_to": TODAY}, {"hospital_from"}),
        ({"unable_from": TODAY, "unable_to": VISIT}, {"unable_to"}),
        ({"auto_state": "XX"}, {"auto_state"}),
        ({"place_of_service": "1"}, {"place_of_service"}),
    ],
)
def test_wrong_fields_of_a_visit(
    office: Office, changes: dict[str, object], wrong: set[str]
) -> None:
    assert wrong_fields(office, coded(office, **changes)) == wrong


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (SaveLine("", 100), "code"),
        (SaveLine("992", 100), "code"),
        (SaveLine("99213", -1), "charge_cents"),
        (SaveLine("99213", 100_000_000), "charge_cents"),
        (SaveLine("99213"), "charge_cents"),  # not on the charge list
        (SaveLine("99213", 100, "25 RT LT 59 GA"), "modifiers"),
        (SaveLine("99213", 100, "2"), "modifiers"),
        (SaveLine("99213", 100, pointers="ABCAB"), "pointers"),
        (SaveLine("99213", 100, pointers="C"), "pointers"),
        (SaveLine("99213", 100, pointers="1"), "pointers"),
        (SaveLine("99213", 100, units="0"), "units"),
        (SaveLine("99213", 100, units="NaN"), "units"),
        (SaveLine("99213", 100, units="many"), "units"),
        (SaveLine("99213", 100, units="1000"), "units"),
        (SaveLine("99213", 100, service_to=date(2026, 3, 1)), "service_to"),
        (SaveLine("99213", 100, place_of_service="ABC"), "place_of_service"),
    ],
)
def test_wrong_fields_of_a_line(office: Office, line: SaveLine, wrong: str) -> None:
    good = SaveLine("99213", 100, pointers="A")
    assert wrong_fields(office, coded(office, lines=(good, line))) == {f"lines.1.{wrong}"}


def test_modifiers_may_be_typed_in_one_run(office: Office) -> None:
    line = SaveLine("20610", 8000, "25rt59", "A")
    saved = office.services.encounters.save(coded(office, lines=(line,)))
    view = office.services.encounters.show(saved.encounter_id)
    assert view.command.lines[0].modifiers == "25 RT 59"


def test_a_visit_to_come_is_only_a_warning(office: Office) -> None:
    saved = office.services.encounters.save(coded(office, service_date=date(2026, 3, 17)))
    assert [(f.field, f.severity) for f in saved.warnings] == [("service_date", Severity.WARNING)]


def test_the_practices_own_charge_is_taken_when_none_is_typed(office: Office) -> None:
    office.services.setup.save_procedure(SaveProcedure("99213", 14250))
    office.services.setup.save_procedure(SaveProcedure("99214", 19000, active=False))
    own = coded(office, lines=(SaveLine("99213", pointers="A"),))
    saved = office.services.encounters.save(own)
    assert office.services.encounters.show(saved.encounter_id).total_cents == 14250
    with pytest.raises(Invalid):
        office.services.encounters.save(replace(own, lines=(SaveLine("99214"),)))


def test_kept_lines_keep_their_id_and_dropped_ones_go(office: Office) -> None:
    saved = office.services.encounters.save(coded(office))
    first = office.services.encounters.show(saved.encounter_id).command
    again = replace(first, lines=(replace(first.lines[1], charge_cents=9000), SaveLine("99214", 1)))
    office.services.encounters.save(again)
    lines = office.services.encounters.show(saved.encounter_id).command.lines
    assert [line.code for line in lines] == ["20610", "99214"]
    assert lines[0].line_id == first.lines[1].line_id
    assert lines[0].charge_cents == 9000
    assert lines[1].line_id not in {line.line_id for line in first.lines}


@pytest.mark.parametrize("change", ["prior_authorization", "lines", "diagnoses"])
def test_a_save_over_another_window_is_refused(office: Office, change: str) -> None:
    saved = office.services.encounters.save(coded(office))
    read = office.services.encounters.show(saved.encounter_id).command
    new: dict[str, object] = {
        "prior_authorization": "X1",
        "lines": (replace(read.lines[0], charge_cents=1), read.lines[1]),
        "diagnoses": ("M17.11", "I11.9"),
    }
    office.services.encounters.save(replace(read, **{change: new[change]}))  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        office.services.encounters.save(replace(read, chart_note="mine"))


def test_the_version_a_save_returns_serves_the_next(office: Office) -> None:
    command = coded(office)
    saved = office.services.encounters.save(command)
    for note in ("a", "b"):
        command = replace(
            command, encounter_id=saved.encounter_id, version=saved.version, chart_note=note
        )
        saved = office.services.encounters.save(command)
    assert office.services.encounters.show(saved.encounter_id).command.chart_note == "b"


def test_posting_puts_the_charges_with_the_first_payer_and_makes_the_claims(
    office: Office,
) -> None:
    patient = office.patient("Doe", office.lists.primary, office.lists.secondary)
    encounter = office.draft(patient)
    posted = office.services.encounters.post_charges(encounter)
    assert (posted.total_cents, posted.first_payer) == (15000, "Blue Ridge Health")
    assert [office.status(claim) for claim in posted.claim_ids] == ["ready", "held"]
    numbers = office.sql("SELECT number, rank FROM claim ORDER BY id")
    assert numbers == [("10001", 1), ("10001-2", 2)]
    policy = office.services.patients.show(patient).policies[0].policy_id or 0
    party = office.party(policy)
    balances = office.sql("SELECT party_id, amount_cents FROM line_balance")
    assert balances == [(party, 10000), (party, 5000)]
    assert office.services.encounters.show(encounter).state == "posted"
    office.books_are_sound()


def test_self_pay_charges_are_the_patients_and_make_no_claim(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    posted = office.services.encounters.post_charges(office.draft(patient, policy_ids=()))
    assert (posted.claim_ids, posted.first_payer) == ((), "")
    assert office.services.accounts.show(patient).patient_cents == 15000
    nobody = office.patient("Poe")
    assert office.services.encounters.post_charges(office.draft(nobody)).claim_ids == ()
    private = office.patient("Roe", office.lists.primary, do_not_bill_insurance=True)
    assert office.services.encounters.post_charges(office.draft(private)).claim_ids == ()


def test_policies_are_those_in_force_on_the_day_of_service(office: Office) -> None:
    patient = office.patient("Doe", office.lists.primary)
    shown = office.services.patients.show(patient)
    ended = replace(shown.policies[0], termination=date(2026, 3, 1))
    office.services.patients.save(replace(shown, policies=(ended,)))
    late, early = office.draft(patient), office.draft(patient, service_date=date(2026, 3, 1))
    assert office.services.encounters.post_charges(late).claim_ids == ()
    assert len(office.services.encounters.post_charges(early).claim_ids) == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"lines": ()}, "lines"),
        ({"lines": (SaveLine("99213", 0, pointers="A"),)}, "lines"),
        ({"diagnoses": (), "lines": (SaveLine("99213", 100),)}, "diagnoses"),
        ({"lines": (SaveLine("99213", 100),)}, "lines.0.pointers"),
    ],
)
def test_what_no_payer_would_take_is_not_posted(
    office: Office, changes: dict[str, object], wrong: str
) -> None:
    saved = office.services.encounters.save(coded(office, **changes))
    with pytest.raises(Invalid) as found:
        office.services.encounters.post_charges(saved.encounter_id)
    assert [f.field for f in found.value.findings] == [wrong]
    assert office.sql("SELECT * FROM journal") == []
    assert office.services.encounters.show(saved.encounter_id).state == "draft"


def test_a_posted_encounter_is_locked(office: Office) -> None:
    encounter = office.sent().encounter
    read = office.services.encounters.show(encounter).command
    service = office.services.encounters
    for act in (
        lambda: service.save(replace(read, chart_note="x")),
        lambda: service.post_charges(encounter),
        lambda: service.hold(encounter, "why"),
        lambda: service.release(encounter),
        lambda: service.delete_draft(encounter),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "policy:billed_line_locked"
    assert office.services.encounters.show(encounter).command == read


def test_a_draft_on_hold_is_not_posted_until_released(office: Office) -> None:
    saved = office.services.encounters.save(coded(office))
    office.services.encounters.hold(saved.encounter_id, " needs authorization ", TODAY)
    view = office.services.encounters.show(saved.encounter_id)
    assert (view.state, view.hold_reason) == ("on hold", "needs authorization")
    with pytest.raises(Refused) as refusal:
        office.services.encounters.post_charges(saved.encounter_id)
    assert refusal.value.code == "on_hold"
    office.services.encounters.release(saved.encounter_id)
    assert office.services.encounters.post_charges(saved.encounter_id).total_cents == 20500


def test_a_hold_needs_a_reason(office: Office) -> None:
    saved = office.services.encounters.save(coded(office))
    with pytest.raises(Invalid):
        office.services.encounters.hold(saved.encounter_id, "  ")


def test_a_deleted_draft_leaves_nothing_but_its_audit(office: Office) -> None:
    command = coded(office)
    saved = office.services.encounters.save(command)
    office.services.encounters.delete_draft(saved.encounter_id)
    for table in ("encounter", "charge_line", "diagnosis", "encounter_coverage"):
        assert office.sql(f"SELECT * FROM {table}") == []
    assert office.audited("delete encounter") == [command.patient_id]
    with pytest.raises(NotFound):
        office.services.encounters.show(saved.encounter_id)


def test_the_last_visit_is_copied_without_its_dates(office: Office) -> None:
    command = coded(office)
    assert office.services.encounters.copy_last_visit(command.patient_id) == ((), ())
    office.services.encounters.save(
        replace(command, service_date=date(2026, 1, 2), diagnoses=(), lines=())
    )
    office.services.encounters.save(command)
    codes, lines = office.services.encounters.copy_last_visit(command.patient_id)
    assert codes == ("M17.11", "I10")
    assert [(line.code, line.charge_cents, line.pointers) for line in lines] == [
        ("99213", 12500, "AB"),
        ("20610", 8000, "A"),
    ]
    assert all(line.service_from is None and line.line_id is None for line in lines)


def test_a_missing_encounter(office: Office) -> None:
    with pytest.raises(NotFound):
        office.services.encounters.post_charges(999)
    with pytest.raises(NotFound):
        office.services.encounters.show(999)


def test_nothing_is_posted_into_a_closed_month(office: Office) -> None:
    saved = office.services.encounters.save(coded(office))
    with office.services.desk.write() as session:
        from app.models.books import PeriodClose

        session.add(PeriodClose(through=date(2026, 2, 28), at=office.clock.now(), user_id=1))
    with pytest.raises(Refused) as refusal:
        office.services.encounters.post_charges(saved.encounter_id, date(2026, 2, 28))
    assert refusal.value.code == "closed_period"
    assert office.services.encounters.show(saved.encounter_id).state == "draft"
    office.services.encounters.post_charges(saved.encounter_id, date(2026, 3, 1))
