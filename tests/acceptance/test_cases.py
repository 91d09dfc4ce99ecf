"""The acceptance runners: our own cases hold, the shared ones too, and a wrong cent is seen."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import gate
from tests.acceptance.scenarios import run_file, run_scenario

OWN = Path(__file__).parent / "own" / "scenarios.json"


def test_our_own_scenarios_hold() -> None:
    results = run_file(OWN)
    assert results
    assert not {key: problems for key, problems in results.items() if problems}


def _amounts(scenario: dict[str, Any]) -> list[tuple[int, str]]:
    """Every event that carries an amount of its own, by index and key."""
    return [
        (number, key)
        for number, event in enumerate(scenario["events"])
        for key in ("amount", "lines")
        if key in event and event["expect"]["refused"] is None and event["type"] != "submit_claim"
    ]


@pytest.mark.parametrize("choice", range(6))
def test_one_cent_more_anywhere_is_seen(choice: int) -> None:
    scenario = json.loads(OWN.read_text(encoding="utf-8"))["scenarios"][0]
    places = _amounts(scenario)
    assert len(places) == 6
    number, key = places[choice]
    changed = copy.deepcopy(scenario)
    event = changed["events"][number]
    if key == "amount":
        event["amount"] += 1
    else:
        event["lines"][0]["paid"] += 1
        event["lines"][0]["adjustments"][0]["amount"] -= 1
    assert run_scenario(changed)


def test_what_must_hold_of_the_shared_cases_holds() -> None:
    if not gate.CASES.is_dir():
        pytest.skip("no case files beside the project")
    assert gate.main() == 0
