"""Fee schedules: which price holds, percent raises and taking them back, underpaid lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding
from app.services.encounter_commands import SaveLine
from app.services.fee_commands import (
    FeeView,
    RaiseFees,
    SaveFee,
    SaveSchedule,
    ScheduleKind,
)
from app.services.fee_schedules import FeeScheduleService
from app.services.people_commands import SaveProcedure
from app.services.report_commands import ReportParameters
from tests.services.front_desk import TODAY, VISIT, Office, eob, off

JULY = date(2026, 7, 1)
EVE = JULY - timedelta(days=1)


def fees(office: Office) -> FeeScheduleService:
    return office.services.fee_schedules


def usual(office: Office) -> int:
    return fees(office).schedules()[0].schedule_id


def listed(office: Office, code: str = "99213", cents: int = 12500, **more: object) -> int:
    return office.services.setup.save_procedure(SaveProcedure(code, cents, **more))  # type: ignore[arg-type]


def contract(office: Office, rows: Iterable[tuple[str, int]] = (("99213", 9000),)) -> int:
    """A contract of the primary payer; answers the schedule."""
    key = fees(office).save_schedule(SaveSchedule("Blue Ridge 2026"))
    for code, cents in rows:
        fees(office).save_fee(SaveFee(key, code, cents))
    payer = office.services.directory.payer(office.lists.primary)
    office.services.setup.save_payer(replace(payer, contract_schedule_id=key))
    return key


def sentences(wrong: Invalid) -> dict[str, str]:
    return {finding.field: finding.message for finding in wrong.findings}


def spans(rows: Iterable[FeeView]) -> list[tuple[int, date | None, date | None]]:
    return [(row.cents, row.starts, row.ends) for row in rows]


# --- which price holds ----------------------------------------------------------------------
def test_the_usual_charges_are_there_from_the_first_day(office: Office) -> None:
    (row,) = fees(office).schedules()
    assert (row.name, row.kind, row.usual) == ("Usual charges", ScheduleKind.CHARGES, True)
    for change in (
        SaveSchedule("Usual", ScheduleKind.CONTRACT, schedule_id=row.schedule_id),
        SaveSchedule("Usual", ScheduleKind.CHARGES, active=False, schedule_id=row.schedule_id),
    ):
        with pytest.raises(Refused, match="usual charges"):
            fees(office).save_schedule(change)
    with pytest.raises(Refused, match="usual charges"):
        fees(office).remove_schedule(row.schedule_id)


def test_a_dated_fee_holds_from_its_day_and_the_list_before(office: Office) -> None:
    listed(office)
    fees(office).save_fee(SaveFee(usual(office), "99213", 13000, starts=JULY))
    assert fees(office).charge_for("99213", "", EVE) == 12500
    assert fees(office).charge_for("99213", "", JULY) == 13000
    assert fees(office).charge_for("99499", "", JULY) is None
    assert spans(fees(office).fees(usual(office))) == [(12500, None, EVE), (13000, JULY, None)]
    assert spans(fees(office).fees(usual(office), JULY)) == [(13000, JULY, None)]


def test_a_payer_with_its_own_charges_is_charged_those(office: Office) -> None:
    listed(office)
    key = fees(office).save_schedule(SaveSchedule("Work comp", ScheduleKind.CHARGES))
    fees(office).save_fee(SaveFee(key, "99213", 9900))
    payer = office.services.directory.payer(office.lists.secondary)
    office.services.setup.save_payer(replace(payer, charge_schedule_id=key))
    assert fees(office).charge_for("99213", "", TODAY, office.lists.secondary) == 9900
    assert fees(office).charge_for("99213", "", TODAY, office.lists.primary) == 12500
    book = office.services.directory.charges()
    assert book.charge("99213", "", TODAY, office.lists.secondary) == 9900
    assert book.charge("99213", "", TODAY, office.lists.primary) == 12500


def test_a_line_saved_without_a_charge_takes_the_payers_fee_of_the_day_times_units(
    office: Office,
) -> None:
    listed(office, modifiers="25")
    fees(office).save_fee(SaveFee(usual(office), "99213", 13000, "25", VISIT))
    patient = office.patient("Moss", office.lists.primary)
    visit = office.draft(patient, lines=(SaveLine("99213", units="2", pointers="A"),))
    assert office.services.encounters.show(visit).command.lines[0].charge_cents == 26000
    before = office.draft(
        patient,
        lines=(SaveLine("99213", pointers="A", service_from=VISIT - timedelta(days=1)),),
        service_date=VISIT - timedelta(days=1),
    )
    assert office.services.encounters.show(before).command.lines[0].charge_cents == 12500


def test_a_charge_saved_in_setup_begins_today_once_fees_have_dates(office: Office) -> None:
    key = listed(office)
    listed_row = office.services.directory.procedures()[0]
    office.services.setup.save_procedure(replace(listed_row, charge_cents=12600))
    assert spans(fees(office).fees(usual(office))) == [(12600, None, None)]
    start = TODAY - timedelta(days=10)
    fees(office).save_fee(SaveFee(usual(office), "99213", 13000, starts=start))
    (row,) = office.services.directory.procedures()
    assert (row.procedure_id, row.charge_cents) == (key, 13000)
    office.services.setup.save_procedure(replace(row, charge_cents=13500))
    office.services.setup.save_procedure(replace(row, charge_cents=13600))
    assert spans(fees(office).fees(usual(office))) == [
        (12600, None, start - timedelta(days=1)),
        (13000, start, TODAY - timedelta(days=1)),
        (13600, TODAY, None),
    ]


# --- schedules and fees -----------------------------------------------------------------------
def test_a_new_fee_ends_the_one_before_it(office: Office) -> None:
    key = contract(office)
    fees(office).save_fee(SaveFee(key, "99213", 9500, starts=JULY))
    assert spans(fees(office).fees(key)) == [(9000, None, EVE), (9500, JULY, None)]
    payer = office.lists.primary
    assert fees(office).expected("99213", "", EVE, payer) == 9000
    assert fees(office).expected("99213", "", JULY, payer) == 9500
    assert fees(office).expected("99213", "", JULY, office.lists.secondary) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "nonsense"}, "code"),
        ({"modifiers": "!"}, "modifiers"),
        ({"cents": -1}, "cents"),
        ({"cents": 100_000_000}, "cents"),
        ({"starts": JULY, "ends": EVE}, "ends"),
        ({"starts": EVE}, "starts"),  # a fee begins in July already
        ({"starts": JULY}, "starts"),
        ({"ends": JULY}, "starts"),
    ],
)
def test_a_wrong_fee_has_its_sentence(
    office: Office, change: dict[str, object], field: str
) -> None:
    key = contract(office)
    fees(office).save_fee(SaveFee(key, "99213", 9500, starts=JULY))
    before = fees(office).fees(key)
    with pytest.raises(Invalid) as wrong:
        fees(office).save_fee(replace(SaveFee(key, "99213", 1), **change))  # type: ignore[arg-type]
    assert field in sentences(wrong.value)
    assert fees(office).fees(key) == before


def test_a_plain_fee_of_the_usual_charges_is_changed_in_charges(office: Office) -> None:
    listed(office)
    with pytest.raises(Invalid, match="Charges holds"):
        fees(office).save_fee(SaveFee(usual(office), "99213", 1))


def test_a_schedule_that_a_payer_has_stays(office: Office) -> None:
    key = contract(office)
    for act in (
        lambda: fees(office).remove_schedule(key),
        lambda: fees(office).save_schedule(SaveSchedule("X", ScheduleKind.CHARGES, True, key)),
    ):
        with pytest.raises(Refused, match="Take it off"):
            act()
    payer = office.services.directory.payer(office.lists.primary)
    with pytest.raises(Invalid):
        office.services.setup.save_payer(replace(payer, charge_schedule_id=key))
    office.services.setup.save_payer(replace(payer, contract_schedule_id=None))
    with pytest.raises(Refused, match="Untick"):
        fees(office).remove_schedule(key)
    for fee in fees(office).fees(key):
        fees(office).remove_fee(fee.fee_id or 0)
    fees(office).remove_schedule(key)
    assert [row.name for row in fees(office).schedules()] == ["Usual charges"]
    with pytest.raises(NotFound):
        fees(office).fees(key)


def test_schedules_need_a_name_of_their_own(office: Office) -> None:
    contract(office)
    for name in ("", "blue ridge 2026"):
        with pytest.raises(Invalid) as wrong:
            fees(office).save_schedule(SaveSchedule(name))
        assert set(sentences(wrong.value)) == {"name"}


# --- percent raises ---------------------------------------------------------------------------
def test_a_raise_is_previewed_made_and_taken_back(office: Office) -> None:
    listed(office)
    listed(office, "20610", 16550, modifiers="RT")
    listed(office, "99999", 100, active=False)
    command = RaiseFees(usual(office), 425, JULY, 100)
    before = fees(office).fees(usual(office))
    rows = fees(office).preview_raise(command)
    assert [(r.code, r.modifiers, r.before, r.after) for r in rows] == [
        ("20610", "RT", 16550, 17300),
        ("99213", "", 12500, 13000),
    ]
    assert fees(office).fees(usual(office)) == before
    made = fees(office).raise_fees(command)
    assert fees(office).charge_for("99213", "", EVE) == 12500
    assert fees(office).charge_for("99213", "", JULY) == 13000
    assert fees(office).charge_for("20610", "LT RT", JULY) == 17300
    (row,) = fees(office).raises(usual(office))
    assert (row.raise_id, row.fees, row.used) == (made, 2, False)
    fees(office).undo_raise(made)
    assert fees(office).fees(usual(office)) == before
    assert fees(office).raises(usual(office)) == ()


def test_raises_follow_each_other_and_go_back_in_order(office: Office) -> None:
    key = contract(office)
    before = fees(office).fees(key)
    first = fees(office).raise_fees(RaiseFees(key, 1000, JULY))
    second = fees(office).raise_fees(RaiseFees(key, 1000, date(2027, 1, 1)))
    assert [r.cents for r in fees(office).fees(key)] == [9000, 9900, 10890]
    with pytest.raises(Refused, match="later raise"):
        fees(office).undo_raise(first)
    with pytest.raises(Refused, match="that very day"):
        fees(office).raise_fees(RaiseFees(key, 200, JULY))
    fees(office).undo_raise(second)
    fees(office).undo_raise(first)
    assert spans(fees(office).fees(key)) == spans(before)


def test_a_raise_before_a_planned_fee_ends_where_that_begins(office: Office) -> None:
    listed(office)
    fees(office).save_fee(SaveFee(usual(office), "99213", 15000, starts=date(2027, 1, 1)))
    fees(office).raise_fees(RaiseFees(usual(office), 400, JULY))
    assert spans(fees(office).fees(usual(office))) == [
        (12500, None, EVE),
        (13000, JULY, date(2026, 12, 31)),
        (15000, date(2027, 1, 1), None),
    ]


def test_a_raise_that_charges_were_posted_with_stays(office: Office) -> None:
    listed(office)
    made = fees(office).raise_fees(RaiseFees(usual(office), 400, TODAY))
    patient = office.patient("Moss", office.lists.primary)
    line = SaveLine("99213", units="2", pointers="A")
    visit = office.draft(patient, lines=(line,), service_date=TODAY)
    assert not fees(office).raises(usual(office))[0].used
    office.services.encounters.post_charges(visit)
    assert fees(office).raises(usual(office))[0].used
    with pytest.raises(Refused, match="posted with this raise"):
        fees(office).undo_raise(made)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"percent_hundredths": 0}, "percent"),
        ({"percent_hundredths": 10001}, "percent"),
        ({"round_cents": 7}, "round_cents"),
        ({"starts": TODAY - timedelta(days=1)}, "starts"),
    ],
)
def test_a_raise_that_cannot_be_has_its_sentence(
    office: Office, change: dict[str, object], field: str
) -> None:
    listed(office)
    command = replace(RaiseFees(usual(office), 400, JULY), **change)  # type: ignore[arg-type]
    for act in (fees(office).preview_raise, fees(office).raise_fees):
        with pytest.raises(Invalid) as wrong:
            act(command)
        assert set(sentences(wrong.value)) == {field}
    assert fees(office).raises(usual(office)) == ()


def test_a_raise_of_nothing_is_refused(office: Office) -> None:
    key = fees(office).save_schedule(SaveSchedule("Empty"))
    with pytest.raises(Refused, match="No fee"):
        fees(office).raise_fees(RaiseFees(key, 400, JULY))


# --- contracts at work ------------------------------------------------------------------------
def test_the_posting_window_knows_what_the_contract_allows(office: Office) -> None:
    contract(office)
    case = office.sent(charges=(12000, 6000))
    lines = office.services.posting.open_claim(case.claim).lines
    assert [line.contract_cents for line in lines] == [9000, 9000]


def test_underpaid_lines_are_reported_by_payer(office: Office) -> None:
    contract(office)
    case = office.sent(charges=(12000,))
    assert underpaid(office) == []
    line = replace(eob(case.lines[0], 12000, 8000, off(4000)), allowed=8000)
    office.post(office.check(8000), case.claim, line)
    assert underpaid(office) == [("99213", 9000, 8000, 1000)]
    payer = office.services.directory.payer(office.lists.primary)
    office.services.setup.save_payer(replace(payer, contract_schedule_id=None))
    assert underpaid(office) == []


def underpaid(office: Office) -> list[tuple[object, ...]]:
    report = office.services.money.run("underpaid", ReportParameters(date(2026, 1, 1), TODAY))
    return [(row[3], *row[-3:]) for group in report.groups for row in group.rows]


def hints(office: Office, visit: int) -> list[Finding]:
    office.services.encounters.post_charges(visit)
    claim = office.services.claims.list_claims()[0].claim_id
    checks = office.services.claims.show(claim).checks
    return [check.finding for check in checks if check.finding.edit_id == "E100"]


@pytest.mark.parametrize(("charge", "fires"), [(8900, True), (9000, False)])
def test_a_charge_below_contract_is_warned_of(office: Office, charge: int, fires: bool) -> None:
    contract(office)
    patient = office.patient("Moss", office.lists.primary)
    found = hints(office, office.draft(patient, (charge,)))
    assert bool(found) is fires


def test_the_charge_list_says_which_tests_need_a_clia_number(office: Office) -> None:
    medicare = office.lists.medicaid
    payer = office.services.directory.payer(medicare)
    office.services.setup.save_payer(replace(payer, type=type(payer.type).MEDICARE))
    patient = office.patient("Moss", medicare)
    line = SaveLine("83036", 2500, pointers="A")

    def fired() -> bool:
        visit = office.draft(patient, lines=(line,), service_date=VISIT)
        claim = office.services.encounters.post_charges(visit).claim_ids[0]
        checks = office.services.claims.show(claim).checks
        return any("CLIA" in check.finding.message for check in checks)

    assert not fired()
    listed(office, "83036", 2500, clia_required=True, waived_test=True)
    assert fired()


def test_single_dose_drugs_are_known_from_the_charge_list(office: Office) -> None:
    medicare = office.lists.medicaid
    payer = office.services.directory.payer(medicare)
    office.services.setup.save_payer(replace(payer, type=type(payer.type).MEDICARE))
    patient = office.patient("Moss", medicare)

    def fired(modifiers: str = "") -> bool:
        line = SaveLine("J1030", 6200, modifiers=modifiers, pointers="A")
        visit = office.draft(patient, lines=(line,), service_date=VISIT)
        claim = office.services.encounters.post_charges(visit).claim_ids[0]
        checks = office.services.claims.show(claim).checks
        return any("JW" in check.finding.message for check in checks)

    assert not fired()
    listed(office, "J1030", 6200, single_dose=True)
    assert fired()
    assert not fired("JZ")


def test_lists_take_few_statements(office: Office) -> None:
    for code in range(99201, 99216):
        listed(office, str(code))
    key, own = contract(office), usual(office)
    fees(office).raise_fees(RaiseFees(own, 400, JULY))
    for read in (
        lambda: fees(office).schedules(),
        lambda: fees(office).fees(own),
        lambda: fees(office).fees(key),
        lambda: fees(office).raises(own),
        lambda: fees(office).preview_raise(RaiseFees(key, 300, JULY)),
        office.services.directory.charges,
        office.services.directory.procedures,
    ):
        with office.services.desk.db.query_counter() as queries:
            read()
        assert queries.count <= 4
