"""Money scenarios, event by event: ``python -m tests.acceptance.scenarios FILE``.

After each event the whole state of the books is compared with what the file expects.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.errors import AppError, Refused
from tests.acceptance.scenario_events import EVENTS, correction
from tests.acceptance.scenario_office import ScenarioOffice
from tests.acceptance.scenario_state import state_of
from tests.office import open_office

Scenario = dict[str, Any]
Event = dict[str, Any]

# Parts of ``expect`` that every event carries and that are compared whole.
STATE = (
    "line_buckets",
    "line_balance",
    "who",
    "claim_status",
    "patient_balance",
    "ar_by_party",
    "ar_total",
    "credit_balance",
    "unapplied",
    "checks",
    "due_to_payer",
    "other_income",
)


def run_scenario(scenario: Scenario) -> list[str]:
    """Differences between what happened and what was expected; empty when all holds."""
    first = date.fromisoformat(scenario["events"][0]["date"])
    with open_office(first) as (services, clock):
        office = ScenarioOffice(services, clock, scenario["setup"])
        for group in _together(scenario["events"]):
            event = group[-1]
            clock.day = date.fromisoformat(event["date"])
            problems = _run_event(office, group)
            if problems:
                return [f"event {event['seq']} {event['type']}: {p}" for p in problems]
    return []


def states_of_scenario(scenario: Scenario) -> Iterator[tuple[int, dict[str, Any]]]:
    """The real state after each event of a scenario that holds, with the event's position."""
    first = date.fromisoformat(scenario["events"][0]["date"])
    with open_office(first) as (services, clock):
        office = ScenarioOffice(services, clock, scenario["setup"])
        done = 0
        for group in _together(scenario["events"]):
            clock.day = date.fromisoformat(group[-1]["date"])
            _run_event(office, group)
            done += len(group)
            yield done - 1, state_of(office)


def _together(events: list[Event]) -> Iterator[list[Event]]:
    """Events one by one; a correction's reversals and reposts, one transaction, in one group.

    What is expected in the middle of a transaction nobody can see; what stands at its end is.
    """
    group: list[Event] = []
    for event in events:
        part = event["type"] in ("reverse_eob", "post_eob")
        if group and not _goes_on(group, event):
            yield group
            group = []
        if part and (event.get("correction") or group):
            group.append(event)
        else:
            yield [event]
    if group:
        yield group


def _goes_on(group: list[Event], event: Event) -> bool:
    if event["type"] not in ("reverse_eob", "post_eob") or event["check"] != group[0]["check"]:
        return False
    reposted = any(e["type"] == "post_eob" for e in group)
    return bool(event.get("correction")) or not reposted


def _run_event(office: ScenarioOffice, group: list[Event]) -> list[str]:
    event = group[-1]
    handler = EVENTS.get(event["type"])
    if handler is None:
        return ["this kind of event is not built yet"]
    code = None
    try:
        if event.get("correction") or len(group) > 1:
            correction(office, group)
        else:
            handler(office, event)
    except Refused as refusal:
        code = refusal.code
    expected = event["expect"]
    if code != expected["refused"]:
        return [f"refused {code!r}, expected {expected['refused']!r}"]
    state = state_of(office)
    problems = [
        f"{part} is {state[part]!r}, expected {expected[part]!r}"
        for part in STATE
        if state[part] != expected[part]
    ]
    books = office.services.reports.verify_books()
    return problems + list(books.problems)


def run_file(path: Path) -> dict[str, list[str]]:
    """Problems by scenario id."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return {s["id"]: _guarded(s) for s in data["scenarios"]}


def _guarded(scenario: Scenario) -> list[str]:
    try:
        return run_scenario(scenario)
    except AppError as error:
        return [f"{type(error).__name__}: {error.message}"]
    except Exception:
        return [traceback.format_exc()]


def main(argv: list[str]) -> int:
    """Prints a line a scenario and closes with ``N passed, N failed``."""
    results = run_file(Path(argv[1]))
    for key, problems in results.items():
        print(f"{key} {'passed' if not problems else 'FAILED'}")
        for problem in problems:
            print(f"    {problem}")
    failed = sum(1 for problems in results.values() if problems)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
