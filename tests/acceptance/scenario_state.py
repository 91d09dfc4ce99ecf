"""The whole state of the books in the words of the scenario files."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.models.books import LineBalance, Posting
from app.models.people import Party
from app.models.visits import Claim
from tests.acceptance.scenario_office import ScenarioOffice


def state_of(office: ScenarioOffice) -> dict[str, Any]:
    """Every part of ``expect`` but ``refused``, read from the file's own tables."""
    buckets = _buckets(office)
    by_party: dict[str, int] = defaultdict(int)
    patients: dict[str, int] = defaultdict(int)
    for line, parties in buckets.items():
        for party, cents in parties.items():
            by_party[party] += cents
            if party in ("PAT", "COLL"):
                patients[office.patient_of_line(line)] += cents
    return {
        "line_buckets": buckets,
        "line_balance": {line: sum(b.values()) for line, b in buckets.items()},
        "who": {
            line: {
                "owed_by": sorted(p for p, c in b.items() if c > 0),
                "credit_to": sorted(p for p, c in b.items() if c < 0),
            }
            for line, b in buckets.items()
        },
        "claim_status": _claims(office),
        "patient_balance": {p: c for p, c in patients.items() if c},
        "ar_by_party": {p: c for p, c in by_party.items() if c},
        "ar_total": sum(by_party.values()),
        "credit_balance": -sum(c for b in buckets.values() for c in b.values() if c < 0),
        "unapplied": _unapplied(office),
        "checks": _checks(office),
        "due_to_payer": _due_to_payers(office),
        "other_income": _other_income(office),
    }


def _due_to_payers(office: ScenarioOffice) -> dict[str, int]:
    due = office.services.checks.due_to_payers()
    return {key: due[payer] for key, payer in office.payers.items() if payer in due}


def _buckets(office: ScenarioOffice) -> dict[str, dict[str, int]]:
    policy_key = {policy: key for (_, key), policy in office.policies.items()}
    with office.services.desk.read() as session:
        policy_of = dict(session.execute(select(Party.id, Party.policy_id)).all())
        rows = session.execute(
            select(
                LineBalance.charge_line_id, LineBalance.party_id, LineBalance.amount_cents
            ).where(LineBalance.amount_cents != 0)
        ).all()
    names: dict[int, str] = {PATIENT_PARTY: "PAT", COLLECTIONS_PARTY: "COLL"}
    names |= {
        party: policy_key[policy] for party, policy in policy_of.items() if policy is not None
    }
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for line_id, party, cents in rows:
        found[line_id][names[party]] = cents
    return {line: found[office.lines[line]] for line in office.posted}


def _claims(office: ScenarioOffice) -> dict[str, str]:
    with office.services.desk.read() as session:
        status = dict(session.execute(select(Claim.id, Claim.status)).all())
    return {name: status[key] for name, key in office.claims.items()}


def _unapplied(office: ScenarioOffice) -> dict[str, int]:
    sources = {**office.checks, **office.receipts}
    found = {
        name: office.services.checks.state(key).unapplied_cents for name, key in sources.items()
    }
    return {name: cents for name, cents in found.items() if cents}


def _checks(office: ScenarioOffice) -> dict[str, dict[str, Any]]:
    states = {name: office.services.checks.state(key) for name, key in office.checks.items()}
    return {
        name: {
            "amount": state.amount_cents,
            "allocated": state.allocated_cents,
            "remaining": state.remaining_cents,
            "status": state.status,
        }
        for name, state in states.items()
    }


def _other_income(office: ScenarioOffice) -> dict[str, int]:
    """Income and expense outside the receivable, by kind of item."""
    query = (
        select(Posting.reason, -func.sum(Posting.amount_cents))
        .where(Posting.account.in_(("other_income", "expense")))
        .group_by(Posting.reason)
    )
    with office.services.desk.read() as session:
        return {str(k): c for k, c in session.execute(query) if c}
