"""Codes used before, and what the coding window asks of a patient."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotFound
from app.models.records import Audit
from app.services.coding_desk import PolicyChoice, UsualVisit
from app.services.encounter_commands import SaveEncounter, SaveLine
from tests.office import office_place, open_office, set_up
from tests.ui.pages.coding_office import TODAY, CodingOffice, coding_office


@pytest.fixture
def office() -> Iterator[CodingOffice]:
    with open_office(TODAY) as (services, _):
        yield coding_office(services)


def test_diagnoses_this_patients_first_then_the_most_used(office: CodingOffice) -> None:
    for day in (1, 2, 3):
        office.visit("Okafor", date(2026, 10, day), "M17.12 M17.9", "")
    office.visit("Okafor", date(2026, 10, 4), "M17.9", "")
    found = office.services.codes.diagnoses("m17", office.patients["Ames"])
    assert [(u.code, u.patient_uses, u.practice_uses) for u in found] == [
        ("M17.11", 1, 1),
        ("M17.9", 0, 4),
        ("M17.12", 0, 3),
    ]
    assert found[0].last_used == date(2026, 9, 14)
    assert found[1].last_used is None


def test_the_encounter_being_coded_does_not_count(office: CodingOffice) -> None:
    mine, patient = office.visit("Ames", TODAY, "I10 R53.83", ""), office.patients["Ames"]
    codes = office.services.codes
    assert codes.uses(("I10", "R53.83"), patient, but=mine)["I10"].patient_uses == 1
    assert "R53.83" not in codes.uses(("I10", "R53.83"), patient, but=mine)
    assert codes.diagnoses("r53", patient, but=mine) == ()


def test_the_code_itself_comes_first_and_points_do_not_matter(office: CodingOffice) -> None:
    for day in (1, 2):
        office.visit("Okafor", date(2026, 10, day), "I10 I10.9", "")
    codes = office.services.codes
    assert [u.code for u in codes.diagnoses("i10")] == ["I10", "I10.9"]
    assert [u.code for u in codes.diagnoses("m17.1")] == ["M17.11"]
    assert codes.diagnoses("m1711")[0].practice_uses == 1
    assert codes.diagnoses("%") == codes.diagnoses("  ") == ()


def test_uses_of_several_codes_in_one_question(office: CodingOffice) -> None:
    with office.services.desk.db.query_counter() as counter:
        uses = office.services.codes.uses(("I10", "M17.11", "Z99.9"), office.patients["Ames"])
    assert counter.count == 1
    assert set(uses) == {"I10", "M17.11"}
    assert (uses["I10"].patient_uses, uses["I10"].practice_uses) == (1, 2)
    assert office.services.codes.uses(()) == {}


def test_procedures_by_code_by_wording_and_by_use(office: CodingOffice) -> None:
    codes = office.services.codes
    assert [(p.code, p.charge_cents) for p in codes.procedures("knee")] == [("20610", 16500)]
    assert [p.code for p in codes.procedures("est long")] == ["99214"]
    assert [p.code for p in codes.procedures("992")] == ["99213", "99214"]
    a1c = codes.procedures("a1c")[0]
    assert (a1c.code, a1c.modifiers, a1c.uses) == ("83036", "QW", 1)
    assert codes.procedures("50%") == codes.procedures("") == ()


def test_a_code_off_the_charge_list_is_offered_once_used(office: CodingOffice) -> None:
    office.services.encounters.save(
        _command_with(office, office.patients["Ames"], "97110", cents=4000)
    )
    (found,) = office.services.codes.procedures("971")
    assert (found.code, found.wording, found.charge_cents, found.uses) == ("97110", "", None, 1)


def test_a_patient_opened_for_coding_is_audited(office: CodingOffice) -> None:
    desk, key = office.services.desk, office.patients["Ames"]
    seen = office.services.coding.patient(key)
    assert [p.payer for p in seen.policies] == ["Blue Ridge PPO", "Harbor Mutual"]
    assert seen.last_visit == date(2026, 9, 14)
    with desk.read() as session:
        last = session.scalar(select(func.max(Audit.id)))
        row = session.get_one(Audit, last)
        assert (row.action, row.patient_id) == ("view patient for coding", key)
    with pytest.raises(NotFound):
        office.services.coding.patient(999)


def test_usual_provider_and_place_are_the_last_ones_entered(office: CodingOffice) -> None:
    assert office.services.coding.usual() == UsualVisit(
        office.provider, office_place(office.services), "11"
    )
    with open_office(TODAY) as (services, _):
        set_up(services)
        assert services.coding.usual() == UsualVisit(facility_id=office_place(services))


def test_in_force_from_first_to_last_day() -> None:
    policy = PolicyChoice(1, "P", "M", 1, date(2026, 1, 1), date(2026, 6, 30))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [policy.in_force(day) for day in days] == [False, True, True, False]
    assert PolicyChoice(1, "P", "M", 1, None, None).in_force(days[0])


def _command_with(office: CodingOffice, patient: int, code: str, *, cents: int) -> SaveEncounter:
    return SaveEncounter(patient, office.provider, TODAY, lines=(SaveLine(code, cents),))
