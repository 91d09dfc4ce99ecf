"""Every claim edit fires where it should and stays silent a hair's breadth beside it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from app.domain.claim_form import ClaimForm, PayerType
from app.domain.findings import Severity
from app.printing.fields import fields
from app.scrub.edit import Fired, Scope
from app.scrub.facts import PayerFacts
from app.scrub.registry import EDITS, check
from tests.printing.test_generated_claims import claims
from tests.scrub import (
    cases_bundling,
    cases_condition,
    cases_lines,
    cases_people,
    cases_services,
)
from tests.scrub.claims import (
    Case,
    Tables,
    claim,
    decided,
    facts,
    named,
    patient,
    secondary,
)

CASES: tuple[Case, ...] = (
    *cases_people.CASES,
    *cases_condition.CASES,
    *cases_lines.CASES,
    *cases_bundling.CASES,
    *cases_services.CASES,
)
RULES = Path(__file__).parents[3] / "shared" / "cases" / "scrub_edits.json"
ELSEWHERE = "E123"  # found where the sheet is laid out


def _of(case: Case) -> list[Fired]:
    return [f for f in check(case.form, case.facts) if f.finding.edit_id == case.edit]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.edit}-{c.note}")
def test_an_edit_fires_on_its_fault_only(case: Case) -> None:
    found = _of(case)
    assert bool(found) is case.fires, [f.finding.message for f in found]


def test_every_edit_has_a_fault_and_a_near_miss() -> None:
    tried: dict[str, set[bool]] = defaultdict(set)
    for case in CASES:
        tried[case.edit].add(case.fires)
    ids = {edit.id for edit in EDITS} - {ELSEWHERE}
    assert {id_ for id_ in ids if tried[id_] != {True, False}} == set()
    assert set(tried) - ids == {ELSEWHERE}


def test_every_finding_points_at_a_field_and_ends_as_a_sentence() -> None:
    known = fields()
    for case in CASES:
        for fired in check(case.form, case.facts):
            finding = fired.finding
            assert finding.field == "" or finding.field in known, finding
            assert finding.message.rstrip()[-1] in ".?", finding.message
            assert finding.message[0].isupper() or finding.message[0].isdigit(), finding.message
            assert "  " not in finding.message, finding.message
            assert "None" not in finding.message, finding.message


@pytest.mark.parametrize("kind", PayerType)
def test_a_clean_claim_has_no_finding_whoever_pays(kind: PayerType) -> None:
    assert [f.finding for f in check(claim(kind), facts())] == []
    empty = facts(tables=Tables())
    assert [f.finding for f in check(claim(kind), empty)] == []


@pytest.mark.parametrize("kind", [PayerType.GROUP, PayerType.MEDICARE])
def test_a_clean_secondary_claim_has_no_finding(kind: PayerType) -> None:
    assert [f.finding for f in check(secondary(kind), decided())] == []


def test_the_registry_holds_all_edits_in_order() -> None:
    assert [edit.id for edit in EDITS] == [f"E{n:03d}" for n in range(1, 129)]
    assert len({edit.rule for edit in EDITS}) == len(EDITS)
    assert all(edit.rule.endswith(".") and edit.source for edit in EDITS)


@pytest.mark.skipif(not RULES.exists(), reason="the list of edits is not beside this copy")
def test_severity_item_and_scope_are_those_of_the_list() -> None:
    severities = {"error": Severity.ERROR, "warn": Severity.WARNING}
    scopes = {str(scope).replace(", ", ","): scope for scope in Scope}
    listed = json.loads(RULES.read_text(encoding="utf-8"))
    rows = listed["edits"] if isinstance(listed, dict) else listed
    wanted = {r["id"]: (r["item"], severities[r["severity"]], scopes[r["scope"]]) for r in rows}
    assert {edit.id: (edit.item, edit.severity, edit.scope) for edit in EDITS} == wanted


def test_a_payer_can_switch_an_edit_off() -> None:
    form = patient(claim(), sex="")
    assert [f.finding.edit_id for f in check(form, facts())] == ["E009"]
    assert check(form, facts(payer=PayerFacts(off=frozenset({"E009"})))) == ()


def test_errors_come_first_and_say_on_which_sheet_they_stand() -> None:
    form = replace(
        claim(), lines=tuple(replace(claim().lines[0], line_id=n, pointers=()) for n in range(8))
    )
    found = check(patient(form, account_no=""), facts())
    severities = [f.finding.severity for f in found]
    assert severities == sorted(severities, key=lambda s: s is not Severity.ERROR)
    pointers = [(f.sheet, f.finding.field) for f in found if f.finding.edit_id == "E097"]
    assert pointers[-1] == (1, "24_2_E_pointer")


def test_a_finding_of_a_name_is_an_error() -> None:
    assert check(named(first=""), facts())[0].finding.severity is Severity.ERROR


@pytest.mark.parametrize("kind", PayerType)
def test_any_claim_at_all_is_judged_the_same_twice(kind: PayerType) -> None:
    known = (facts(), decided(), facts(tables=Tables()))

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(claims(kind))
    def judge(form: ClaimForm) -> None:
        for each in known:
            first = check(form, each)
            assert first == check(form, each)
            assert all(f.finding.field in {"", *fields()} for f in first)

    judge()
