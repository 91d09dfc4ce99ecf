"""One cent more anywhere must be seen: ``python -m tests.acceptance.mutation FILE``.

Every amount that a scenario puts into the program (charges, checks, EOB lines, receipts, transfers
…) is raised by one cent, one at a time, and the scenario is run again: it must fail. Amounts of an
event that must be refused are left out, since a cent more is refused as well. Every amount that a
scenario expects is raised by one cent, too: of what really happened, none may equal it any more.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.acceptance.scenarios import STATE, run_scenario, states_of_scenario

Place = tuple[str | int, ...]
# Whole numbers of an event that are no amounts.
_NO_AMOUNT = frozenset({"seq", "ref", "number"})
WORKERS = 2


def amounts(part: Any, at: Place = ()) -> Iterator[Place]:
    """Where the amounts (cents) of a part of a scenario stand."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in _NO_AMOUNT:
                yield from amounts(value, (*at, key))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from amounts(value, (*at, number))
    elif isinstance(part, int) and not isinstance(part, bool):
        yield at


def put_in(scenario: dict[str, Any]) -> list[Place]:
    """Amounts that go into the program."""
    places = [("setup", "encounters", *at) for at in amounts(scenario["setup"]["encounters"])]
    for number, event in enumerate(scenario["events"]):
        if event["expect"]["refused"] is None:
            own = {key: value for key, value in event.items() if key != "expect"}
            places += [("events", number, *at) for at in amounts(own)]
    return places


def one_cent_more(scenario: dict[str, Any], place: Place) -> dict[str, Any]:
    """The scenario with one amount raised."""
    changed = copy.deepcopy(scenario)
    part: Any = changed
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] += 1
    return changed


def survives(scenario: dict[str, Any], place: Place) -> bool:
    """True when nothing notices the cent: a defect of the program or of the runner."""
    try:
        return not run_scenario(one_cent_more(scenario, place))
    except Exception:
        return False


def unseen_expectations(scenario: dict[str, Any]) -> tuple[int, list[Place]]:
    """How many expected amounts were raised, and those that could not be told from what happened.

    What stands in the middle of a correction, one transaction, is expected of nobody.
    """
    tried, unseen = 0, list[Place]()
    for number, state in states_of_scenario(scenario):
        expected = scenario["events"][number]["expect"]
        for part in STATE:
            for at in amounts(expected[part]):
                tried += 1
                raised = one_cent_more({"x": expected[part]}, ("x", *at))["x"]
                if raised == state[part]:
                    unseen.append(("events", number, "expect", part, *at))
    return tried, unseen


def run_file(path: Path) -> tuple[int, list[str]]:
    """How many amounts were raised, and where nothing noticed."""
    scenarios = json.loads(path.read_text(encoding="utf-8"))["scenarios"]
    tried, missed = 0, []
    with ProcessPoolExecutor(WORKERS) as pool:
        for scenario in scenarios:
            places = put_in(scenario)
            found = pool.map(partial(survives, scenario), places)
            missed += [
                f"{scenario['id']} {place}"
                for place, alive in zip(places, found, strict=True)
                if alive
            ]
            tried += len(places)
        expected = pool.map(unseen_expectations, scenarios)
        for scenario, (count, places) in zip(scenarios, expected, strict=True):
            missed += [f"{scenario['id']} {place}" for place in places]
            tried += count
    return tried, missed


def main(argv: list[str]) -> int:
    """Names what nothing noticed and closes with ``N passed, N failed``."""
    tried, missed = run_file(Path(argv[1]))
    for place in missed:
        print(f"unseen: {place}")
    print(f"{tried - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
