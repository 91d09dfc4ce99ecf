"""Prices from files: columns guessed, every row judged first, and the plan is what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from app.domain.errors import Invalid, NotFound, Refused
from app.services import _fee_file
from app.services.fee_commands import (
    Fate,
    Field,
    ImportFees,
    ImportPlan,
    RaiseFees,
    SaveFee,
    SaveSchedule,
)
from app.services.people_commands import SaveProcedure
from tests.services.front_desk import TODAY, Office

JULY = date(2026, 7, 1)
HEADS = "Code,Modifiers,Description,Fee,Units,From,To"
FEES = """Price list of the practice,,,
,,,
CPT,Mod,Description,Standard fee
99213,,Visit,125.00
20610,rt,"Joint injection, large",$165.5
93000,26,Reading,"1,020.00"
J1030,,Drug,7
"""
REFUSED = """Code,Mod,Fee,From,To
99213,,125.00,,
99213,,130.00,,
9921,,1.00,,
99214,!,1.00,,
99215,,,,
99215,,ten,,
99215,,-1,,
99215,,1.005,,
99215,,9999999.00,,
99211,,5.00,soon,
99212,,5.00,2026-07-01,2026-06-30
,,5.00,,
"""


def usual(office: Office) -> int:
    return office.services.fee_schedules.schedules()[0].schedule_id


def contract(office: Office, name: str = "Contract") -> int:
    return office.services.fee_schedules.save_schedule(SaveSchedule(name))


def written(folder: Path, text: str, name: str = "fees.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def asked(office: Office, path: Path, schedule: int, starts: date | None = None) -> ImportFees:
    file = office.services.fee_schedules.read_file(path)
    return ImportFees(schedule, file, file.guess, starts)


def fates(plan: ImportPlan) -> list[str]:
    return [str(row.fate) for row in plan.rows]


def all_same(plan: ImportPlan) -> bool:
    return plan.count(Fate.SAME) == len(plan.rows)


# --- reading ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heads", "wanted"),
    [
        ("CPT Code|Modifier|Description|Fee", "code modifiers wording fee"),
        ("Proc|Desc|Charge Amount|Effective Date", "code wording fee starts"),
        ("HCPCS|MOD|Short Descriptor|Non-Facility Price|Units", "code modifiers wording fee units"),
        ("Code|Allowed amount|From|To", "code fee starts ends"),
        ("procedure_code|allowed|effective|termination", "code fee starts ends"),
    ],
)
def test_heads_name_the_columns(heads: str, wanted: str) -> None:
    guess = _fee_file.guess_columns(heads.split("|"))
    in_order = [str(field) for field, _ in sorted(guess, key=lambda pair: pair[1])]
    assert in_order == wanted.split()


def test_titles_above_the_heads_are_passed_over(office: Office, tmp_path: Path) -> None:
    file = office.services.fee_schedules.read_file(written(tmp_path, FEES))
    assert file.heads == ("CPT", "Mod", "Description", "Standard fee")
    assert [number for number, _ in file.rows] == [4, 5, 6, 7]
    assert file.name == "fees.csv"


def test_a_file_without_heads_has_numbered_columns(office: Office, tmp_path: Path) -> None:
    file = office.services.fee_schedules.read_file(written(tmp_path, "99213,125\n99214,185\n"))
    assert (file.heads, file.guess, len(file.rows)) == (("Column 1", "Column 2"), (), 2)
    command = ImportFees(usual(office), file, ((Field.CODE, 0), (Field.FEE, 1)))
    assert fates(office.services.fee_schedules.plan_import(command)) == ["new", "new"]


def test_an_empty_file_says_so(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no rows"):
        office.services.fee_schedules.read_file(written(tmp_path, "\n\n"))


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        (((Field.FEE, 1),), "code"),
        (((Field.CODE, 0),), "fee"),
        (((Field.CODE, 0), (Field.FEE, 0)), "columns"),
    ],
)
def test_columns_must_be_named(
    office: Office, tmp_path: Path, columns: tuple[tuple[Field, int], ...], field: str
) -> None:
    command = replace(asked(office, written(tmp_path, FEES), usual(office)), columns=columns)
    for act in (
        office.services.fee_schedules.plan_import,
        office.services.fee_schedules.import_fees,
    ):
        with pytest.raises(Invalid) as wrong:
            act(command)
        assert {f.field for f in wrong.value.findings} == {field}


# --- judging and importing --------------------------------------------------------------------
def test_a_charge_list_is_imported_with_words_and_units(office: Office, tmp_path: Path) -> None:
    service = office.services.fee_schedules
    command = asked(office, written(tmp_path, FEES), usual(office))
    assert fates(service.plan_import(command)) == ["new"] * 4
    assert office.services.directory.procedures() == ()
    assert service.import_fees(command) is not None
    rows = [
        (p.code, p.modifiers, p.wording, p.charge_cents)
        for p in office.services.directory.procedures()
    ]
    assert rows == [
        ("20610", "RT", "Joint injection, large", 16550),
        ("93000", "26", "Reading", 102000),
        ("99213", "", "Visit", 12500),
        ("J1030", "", "Drug", 700),
    ]
    assert all_same(service.plan_import(command))
    with pytest.raises(Refused, match="new or changed"):
        service.import_fees(command)


def test_what_changes_is_told_with_what_it_was(office: Office, tmp_path: Path) -> None:
    service = office.services.fee_schedules
    office.services.setup.save_procedure(SaveProcedure("99213", 12000, "Visit"))
    office.services.setup.save_procedure(SaveProcedure("J1030", 700, "Steroid"))
    command = asked(office, written(tmp_path, FEES), usual(office))
    plan = service.import_fees(command)
    by_code = {row.code: row for row in plan.rows}
    assert (by_code["99213"].fate, by_code["99213"].before) == (Fate.CHANGED, 12000)
    assert (by_code["J1030"].fate, by_code["J1030"].why) == (
        Fate.CHANGED,
        "Wording or units change.",
    )
    words = {p.code: p.wording for p in office.services.directory.procedures()}
    assert words["J1030"] == "Drug"


def test_every_refused_row_says_why_and_the_others_are_imported(
    office: Office, tmp_path: Path
) -> None:
    service, key = office.services.fee_schedules, contract(office)
    plan = service.import_fees(asked(office, written(tmp_path, REFUSED), key))
    assert fates(plan) == ["new", *["refused"] * 11]
    assert all(row.why for row in plan.rows[1:])
    said = [row.why for row in plan.rows]
    assert "line 2 already" in said[1]
    assert "5 characters" in said[2]
    assert "no fee" in said[4]
    assert "ends before it begins" in said[10]
    assert "no code" in said[11]
    assert [(f.code, f.cents) for f in service.fees(key)] == [("99213", 12500)]


def test_a_day_for_the_whole_file_begins_new_fees(office: Office, tmp_path: Path) -> None:
    service, key = office.services.fee_schedules, contract(office)
    service.save_fee(SaveFee(key, "99213", 9000))
    service.save_fee(SaveFee(key, "99214", 14000))
    path = written(tmp_path, "Code,Fee\n99213,95\n99214,140\n")
    plan = service.import_fees(asked(office, path, key, JULY))
    assert fates(plan) == ["changed", "same"]
    found = [(f.code, f.cents, f.starts, f.ends) for f in service.fees(key)]
    assert found == [
        ("99213", 9000, None, JULY - timedelta(days=1)),
        ("99213", 9500, JULY, None),
        ("99214", 14000, None, None),
    ]
    undated = service.plan_import(asked(office, written(tmp_path, "Code,Fee\n99213,99\n"), key))
    assert "from which day" in undated.rows[0].why


def test_the_order_of_days_in_the_file_does_not_matter(office: Office, tmp_path: Path) -> None:
    service, key = office.services.fee_schedules, contract(office)
    text = "Code,Fee,From\n99213,95,2027-01-01\n99213,90,2026-01-01\n99213,85,\n"
    plan = service.import_fees(asked(office, written(tmp_path, text), key))
    assert fates(plan) == ["new", "new", "new"] or fates(plan) == ["changed", "changed", "new"]
    assert [(f.cents, f.starts) for f in service.fees(key)] == [
        (8500, None),
        (9000, date(2026, 1, 1)),
        (9500, date(2027, 1, 1)),
    ]


def test_nothing_is_kept_when_an_import_breaks(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, key = office.services.fee_schedules, contract(office)
    command = asked(office, written(tmp_path, FEES), key)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(type(office.services.desk), "audit", breaks)
    with pytest.raises(RuntimeError):
        service.import_fees(command)
    assert service.fees(key) == ()


def test_a_schedule_that_is_gone_is_said(office: Office, tmp_path: Path) -> None:
    command = asked(office, written(tmp_path, FEES), 999)
    with pytest.raises(NotFound):
        office.services.fee_schedules.plan_import(command)


# --- properties -------------------------------------------------------------------------------
codes = st.sampled_from(["99213", "99214", "J1030", "93000"])
modifiers = st.sampled_from(["", "26", "RT 50"])
days = st.sampled_from(["", "2026-01-01", "2026-07-01", "2027-01-01", "01/15/2027"])
fee = st.integers(0, 99_999_999).map(lambda c: f"{c // 100}.{c % 100:02d}")
word = st.sampled_from(["", "Visit", "=1+1", "+cmd", "@x", "-2", 'O\'Brien, "big"'])
units = st.sampled_from(["", "1", "2", "0.5"])
good = st.tuples(codes, modifiers, word, fee, units, days, days)
bad = st.tuples(st.sampled_from(["", "12"]), modifiers, word, st.just("x"), units, days, days)
files = st.lists(st.one_of(good, good, good, bad), min_size=1, max_size=12)
slow = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    quoted = (",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    return "\n".join([HEADS, *quoted, ""])


@slow
@given(files, st.booleans())
def test_an_import_does_what_its_plan_said_and_then_has_nothing_left_to_do(
    office: Office, tmp_path: Path, rows: list[tuple[str, ...]], own: bool
) -> None:
    service = office.services.fee_schedules
    name = f"S{len(service.schedules())}"
    key = usual(office) if own else contract(office, name)
    command = asked(office, written(tmp_path, as_csv(rows)), key)
    plan = service.plan_import(command)
    if not plan.count(Fate.NEW) + plan.count(Fate.CHANGED):
        return
    assert service.import_fees(command) == plan
    after = service.plan_import(command)
    refused = {row.line for row in plan.rows if row.fate is Fate.REFUSED}
    for row in after.rows:
        if row.line in refused or row.fate is Fate.SAME:
            continue
        # Two lines of one code may name it differently, and a later day cuts an earlier row short.
        worded = (Fate.CHANGED, "Wording or units change.")
        assert (row.fate, row.why) == worded or (row.ends and row.fate is Fate.REFUSED)
    no_two_fees_hold_on_one_day(office, key)


def no_two_fees_hold_on_one_day(office: Office, key: int) -> None:
    rows = office.services.fee_schedules.fees(key)
    for first, second in pairwise(rows):
        if (first.code, first.modifiers) == (second.code, second.modifiers):
            assert first.ends is not None
            assert second.starts is not None
            assert first.ends < second.starts


@slow
@given(files, st.booleans(), st.sampled_from(["csv", "xlsx"]))
def test_what_was_exported_is_imported_as_the_same(
    office: Office, tmp_path: Path, rows: list[tuple[str, ...]], own: bool, kind: str
) -> None:
    service = office.services.fee_schedules
    key = usual(office) if own else contract(office, f"S{len(service.schedules())}")
    command = asked(office, written(tmp_path, as_csv(rows)), key)
    plan = service.plan_import(command)
    if plan.count(Fate.NEW) + plan.count(Fate.CHANGED):
        service.import_fees(command)
    if not service.fees(key):
        return
    path = tmp_path / f"export.{kind}"
    path.write_bytes(service.export(key, kind))
    again = service.plan_import(asked(office, path, key))
    assert len(again.rows) == len(service.fees(key))
    assert all_same(again), [r for r in again.rows if r.fate is not Fate.SAME]


def test_an_export_goes_into_an_empty_schedule_whole(office: Office, tmp_path: Path) -> None:
    service = office.services.fee_schedules
    first, second = contract(office, "First"), contract(office, "Second")
    service.save_fee(SaveFee(first, "99213", 9000))
    service.raise_fees(RaiseFees(first, 500, JULY))
    path = tmp_path / "fees.xlsx"
    path.write_bytes(service.export(first, "xlsx"))
    service.import_fees(asked(office, path, second))

    def rows(key: int) -> list[tuple[object, ...]]:
        return [(f.code, f.modifiers, f.cents, f.starts, f.ends) for f in service.fees(key)]

    assert rows(second) == rows(first)


def test_text_that_would_run_as_a_formula_is_guarded_in_csv(office: Office, tmp_path: Path) -> None:
    office.services.setup.save_procedure(SaveProcedure("99213", 12500, "=HYPERLINK(1)"))
    text = office.services.fee_schedules.export(usual(office), "csv").decode("utf-8-sig")
    assert text.splitlines()[1] == "99213,,'=HYPERLINK(1),125.00,1,,"
    assert office.services.fee_schedules.export(usual(office), "csv").decode("utf-8-sig") == text


def test_a_workbook_of_numbers_and_dates_is_read(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "fees.xlsx"
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    sheet.write_row(0, 0, ["Code", "Fee", "From"])
    sheet.write_number(1, 0, 99213)
    sheet.write_number(1, 1, 81.5)
    sheet.write_datetime(1, 2, JULY, day)
    book.close()
    key = contract(office)
    (row,) = office.services.fee_schedules.plan_import(asked(office, path, key)).rows
    assert (row.fate, row.code, row.cents, row.starts) == (Fate.NEW, "99213", 8150, JULY)
    assert TODAY < JULY
