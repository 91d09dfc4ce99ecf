"""Schedules filled from Medicare's prices by locality: seen first, refused with a reason, exact."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.fee_book import parse_share, share_of
from app.domain.reference import FileKind
from app.services.fee_commands import Fate, FillFees, ImportPlan, SaveFee, SaveSchedule
from app.services.people_commands import SaveProcedure
from tests.codesets.official_files import official
from tests.services.front_desk import Office
from tests.services.reference_desk import SUMMER, take

SALEM = "0123401"
# 99213 in the made-up files: (0.97 × 1.05 + 1.33 × 1.10 + 0.08 × 1.20) × 33.4009
OFFICE, FACILITY = 8609, 5192


@pytest.fixture
def filled(office: Office, tmp_path: Path) -> Office:
    """A practice with both files and its locality."""
    s = office.services
    for kind in (FileKind.RVU, FileKind.GPCI):
        take(s.reference, tmp_path, official(kind))
    s.setup.save_setting("medicare_locality", SALEM)
    return office


def contract(office: Office) -> int:
    return office.services.fee_schedules.save_schedule(SaveSchedule("Medicare"))


def fates(plan: ImportPlan) -> dict[str, tuple[Fate, int | None, str]]:
    return {f"{r.code} {r.modifiers}".strip(): (r.fate, r.cents, r.why) for r in plan.rows}


def charges(office: Office) -> None:
    rows = [
        SaveProcedure("99213", 15000, "Visit"),
        SaveProcedure("71046", 9000, "Chest film"),
        SaveProcedure("71046", 4000, "Reading only", "26"),
        SaveProcedure("00100", 50000, "Anesthesia"),
        SaveProcedure("99000", 1500, "Handling"),
        SaveProcedure("20610", 16000, "Injection", "80"),
        SaveProcedure("J9999", 100, "Drug"),
    ]
    for row in rows:
        office.services.setup.save_procedure(row)


def test_the_price_here_by_place(filled: Office) -> None:
    medicare = filled.services.medicare
    at_office = medicare.quote("99213", "", "", SUMMER)
    assert (at_office.cents, at_office.facility, at_office.place) == (OFFICE, False, "SALEM")
    assert medicare.quote("99213", "25", "22", SUMMER).cents == FACILITY


def test_without_locality_or_files_it_is_said_why(office: Office) -> None:
    medicare = office.services.medicare
    assert "Choose your Medicare locality" in medicare.quote("99213", "", "", SUMMER).why
    command = FillFees(contract(office), 100_00, SUMMER)
    with pytest.raises(Refused, match="locality"):
        medicare.plan_fill(command)
    office.services.setup.save_setting("medicare_locality", SALEM)
    assert "Import the fee schedule" in medicare.quote("99213", "", "", SUMMER).why
    with pytest.raises(Refused, match="price indices"):
        medicare.plan_fill(command)


def test_an_empty_contract_takes_the_codes_of_the_charge_list(filled: Office) -> None:
    charges(filled)
    s = filled.services
    command = FillFees(contract(filled), 150_00, SUMMER, 100)
    seen = s.medicare.plan_fill(command)
    told = fates(seen)
    assert told["99213"] == (Fate.NEW, 12900, "")
    assert told["71046 26"][0] is Fate.NEW
    assert told["00100"][0] is Fate.REFUSED
    assert "base units" in told["00100"][2]
    assert "within other services" in told["99000"][2]
    assert "decided by the case" in told["20610 80"][2]
    assert "that day’s fee schedule" in told["J9999"][2]
    assert s.fee_schedules.fees(command.schedule_id) == ()
    done = s.medicare.fill(command)
    assert fates(done) == told
    rows = {(f.code, f.modifiers): f for f in s.fee_schedules.fees(command.schedule_id)}
    assert set(rows) == {("71046", ""), ("71046", "26"), ("99213", "")}
    assert rows["99213", ""].cents == 12900
    assert rows["99213", ""].starts == SUMMER
    again = s.medicare.plan_fill(command)
    assert again.count(Fate.SAME) == 3
    with pytest.raises(Refused, match="new or changed"):
        s.medicare.fill(command)


def test_the_usual_charges_get_dated_rows_and_earlier_visits_keep_theirs(filled: Office) -> None:
    charges(filled)
    s = filled.services
    usual = s.fee_schedules.schedules()[0].schedule_id
    day = date(2026, 12, 1)
    s.medicare.fill(FillFees(usual, 200_00, day))
    assert s.fee_schedules.charge_for("99213", "", date(2026, 11, 30)) == 15000
    assert s.fee_schedules.charge_for("99213", "", day) == 2 * OFFICE
    assert s.fee_schedules.charge_for("J9999", "", day) == 100


def test_the_place_of_a_charge_decides_its_rate(filled: Office) -> None:
    s = filled.services
    s.setup.save_procedure(SaveProcedure("99213", 15000, place_of_service="22"))
    key = contract(filled)
    s.fee_schedules.save_fee(SaveFee(key, "99213", 100))
    seen = s.medicare.plan_fill(FillFees(key, 100_00, SUMMER))
    assert fates(seen)["99213"] == (Fate.CHANGED, FACILITY, "")


@pytest.mark.parametrize(
    ("percent", "step", "day", "said"),
    [(0, 1, SUMMER, "1 to 1,000"), (100_00, 7, SUMMER, "round to"), (1_000_01, 1, SUMMER, "1,000")],
)
def test_what_cannot_be_is_refused(
    filled: Office, percent: int, step: int, day: date, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        filled.services.medicare.plan_fill(FillFees(contract(filled), percent, day, step))


def test_past_days_of_charges_and_lost_schedules_are_refused(filled: Office) -> None:
    usual = filled.services.fee_schedules.schedules()[0].schedule_id
    with pytest.raises(Invalid, match="earlier visits"):
        filled.services.medicare.plan_fill(FillFees(usual, 100_00, date(2026, 1, 1)))
    with pytest.raises(NotFound):
        filled.services.medicare.plan_fill(FillFees(999, 100_00, SUMMER))


@given(st.integers(0, 10**7), st.integers(1_00, 1_000_00), st.sampled_from((1, 100, 500)))
def test_a_share_is_exact_and_half_up(cents: int, percent: int, step: int) -> None:
    found = share_of(cents, percent, step)
    exact = Fraction(cents * percent, 10_000)
    assert found % step == 0
    assert -Fraction(step, 2) < found - exact <= Fraction(step, 2)


@pytest.mark.parametrize(
    ("typed", "value"), [("150", 15000), ("112.5 %", 11250), ("1", 100), ("1000", 100000)]
)
def test_a_share_is_read(typed: str, value: int) -> None:
    assert parse_share(typed) == value


@pytest.mark.parametrize("typed", ["", "0", "0.99", "1000.01", "-5", "ten", "1.234", "٣"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="percentage"):
        parse_share(typed)
