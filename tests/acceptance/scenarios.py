"""Money scenarios, event by event: ``python -m tests.acceptance.scenarios FILE``.

After each event the whole state of the books is compared with what the file expects.
"""

from __future__ import annotations

import json
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.errors import AppError, Refused
from tests.acceptance.scenario_events import EVENTS
from tests.acceptance.scenario_office import ScenarioOffice
from tests.acceptance.scenario_state import state_of
from tests.office import open_office

Scenario = dict[str, Any]

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
        for event in scenario["events"]:
            clock.day = date.fromisoformat(event["date"])
            problems = _run_event(office, event)
            if problems:
                return [f"event {event['seq']} {event['type']}: {p}" for p in problems]
    return []


def _run_event(office: ScenarioOffice, event: dict[str, Any]) -> list[str]:
    handler = EVENTS.get(event["type"])
    if handler is None:
        return ["this kind of event is not built yet"]
    code = None
    try:
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
