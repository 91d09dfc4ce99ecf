"""Inner functions: the facts behind every statement decision, in a bounded number of queries.

Each query serves one guarantor as well as thousands: ``guarantors`` None means all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.domain.account_standing import OpenLine, Standing, standing_of
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY, PROVISIONAL
from app.domain.claim_form import PayerType
from app.domain.statement_policy import StatementPolicy
from app.domain.statements import AccountFacts, HoldKind
from app.models.books import STILL_OPEN, Journal, LineBalance, Posting
from app.models.people import Guarantor, Patient, Payer, Policy
from app.models.visits import ChargeLine, Encounter, EncounterCoverage
from app.services import _statement_past
from app.services._statement_past import Ids, Past, PastIds, of

# Journals by which the patient's responsibility arises; money that comes and goes is none.
PASSING = ("charge", "eob", "transfer")
_RESTRICTED = (PayerType.MEDICAID, PayerType.WORKERS_COMP, PayerType.FECA)


@dataclass(frozen=True, slots=True)
class Account:
    """One guarantor with everything a decision needs (cents)."""

    guarantor_id: int
    name: str
    facts: AccountFacts
    lines: tuple[OpenLine, ...]
    patient_ids: tuple[int, ...]
    ids: PastIds


def accounts(
    session: Session, policy: StatementPolicy, today: date, guarantors: Ids = None
) -> list[Account]:
    """Every guarantor with an open line or waiting money, by name; eleven queries in all."""
    past = _statement_past.read(session, policy, today, guarantors)
    lines, patients = _open_lines(session, past.held_visits, guarantors)
    found = []
    for row in _guarantors(session, guarantors):
        if guarantors is None and row.id not in lines and past.unapplied(row.id) <= 0:
            continue
        own = tuple(lines.get(row.id, ()))
        found.append(
            Account(
                guarantor_id=row.id,
                name=f"{row.last}, {row.first}",
                facts=_facts(row, standing_of(own, today), past),
                lines=own,
                patient_ids=tuple(sorted(patients.get(row.id, ()))),
                ids=past.ids(row.id),
            )
        )
    return found


_Guarantor = Row[int, str, str, str | None, str | None, str | None, str | None]


def _facts(row: _Guarantor, standing: Standing, past: Past) -> AccountFacts:
    hold, payment = past.holds.get(row.id), past.payments.get(row.id)
    return AccountFacts(
        standing=standing,
        has_address=bool(row.address1 and row.city and row.state and row.zip),
        unapplied_cents=past.unapplied(row.id),
        last=past.last(row.id),
        last_payment_on=payment.received_on if payment else None,
        hold=HoldKind(hold.kind) if hold else None,
        hold_until=hold.until if hold else None,
        plan=past.plans.get(row.id),
    )


def _guarantors(session: Session, ids: Ids) -> Sequence[_Guarantor]:
    # Plain columns: thousands of mapped objects would take longer than all the rest.
    columns = (Guarantor.address1, Guarantor.city, Guarantor.state, Guarantor.zip)
    query = select(Guarantor.id, Guarantor.last, Guarantor.first, *columns)
    query = query.where(*of(Guarantor.id, ids))
    return session.execute(query.order_by(Guarantor.last, Guarantor.first, Guarantor.id)).all()


# --- open lines ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known of lines and visits beside their balances."""

    passed: dict[int, date]
    carcs: dict[int, list[tuple[str, int]]]
    payers: dict[int, set[PayerType]]
    held_visits: set[int]


def _open_lines(
    session: Session, held_visits: set[int], ids: Ids
) -> tuple[dict[int, list[OpenLine]], dict[int, set[int]]]:
    """Open lines and their patients by guarantor; the buckets of a line become one value."""
    buckets: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_BUCKETS, 0))
    heads = {}
    for row in session.execute(_balances(ids)):
        key = _BUCKET_OF.get(row.party_id, "insurer_cents")
        # A payer's credit is the practice's debt to it; it is no reason to wait.
        buckets[row.line_id][key] += max(row.cents, 0) if key == "insurer_cents" else row.cents
        heads[row.line_id] = row
    beside = _Beside(
        _passed_on(session, ids), _carcs(session, ids), _restricted(session, ids), held_visits
    )
    lines: dict[int, list[OpenLine]] = defaultdict(list)
    patients: dict[int, set[int]] = defaultdict(set)
    for line_id, head in sorted(heads.items()):
        patients[head.guarantor_id].add(head.patient_id)
        lines[head.guarantor_id].append(_line(head, buckets[line_id], beside))
    return lines, patients


_BUCKETS = ("patient_cents", "insurer_cents", "collections_cents")
_BUCKET_OF = {PATIENT_PARTY: "patient_cents", COLLECTIONS_PARTY: "collections_cents"}
_Head = Row[int, int, int, int, int, int, date, bool, date | None]


def _line(head: _Head, buckets: dict[str, int], beside: _Beside) -> OpenLine:
    return OpenLine(
        line_id=head.line_id,
        encounter_id=head.encounter_id,
        patient_id=head.patient_id,
        passed_on=beside.passed.get(head.line_id, head.service_from),
        qmb=head.qmb,
        deceased=head.death_date is not None,
        visit_held=head.encounter_id in beside.held_visits,
        payer_types=frozenset(beside.payers.get(head.encounter_id, ())),
        carc_cents=tuple(beside.carcs.get(head.line_id, ())),
        **buckets,
    )


def _balances(ids: Ids) -> Select[int, int, int, int, int, int, date, bool, date | None]:
    return (
        select(
            LineBalance.charge_line_id.label("line_id"),
            LineBalance.party_id,
            LineBalance.amount_cents.label("cents"),
            ChargeLine.encounter_id,
            Patient.id.label("patient_id"),
            Patient.guarantor_id,
            ChargeLine.service_from,
            Patient.qmb,
            Patient.death_date,
        )
        .join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(STILL_OPEN, *of(Patient.guarantor_id, ids))
    )


def _patients_lines(ids: Ids) -> Select[int]:
    """Lines on which the patient owes."""
    query = select(LineBalance.charge_line_id).where(
        LineBalance.party_id == PATIENT_PARTY, STILL_OPEN, LineBalance.amount_cents > 0
    )
    if ids is None:
        return query
    return (
        query.join(ChargeLine, ChargeLine.id == LineBalance.charge_line_id)
        .join(Encounter, Encounter.id == ChargeLine.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .where(Patient.guarantor_id.in_(ids))
    )


def _passed_on(session: Session, ids: Ids) -> dict[int, date]:
    """The day each line's responsibility last passed to the patient (billing rules §6)."""
    query = (
        select(Posting.charge_line_id, func.max(Journal.accounting_date))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(
            Posting.charge_line_id.in_(_patients_lines(ids)),
            Posting.party_id == PATIENT_PARTY,
            Posting.amount_cents > 0,
            Posting.reason.is_distinct_from(PROVISIONAL),
            Journal.kind.in_(PASSING),
        )
        .group_by(Posting.charge_line_id)
    )
    return {line or 0: day for line, day in session.execute(query)}


def _carcs(session: Session, ids: Ids) -> dict[int, list[tuple[str, int]]]:
    query = (
        select(Posting.charge_line_id, Posting.carc, func.sum(Posting.amount_cents))
        .where(
            Posting.charge_line_id.in_(_patients_lines(ids)),
            Posting.party_id == PATIENT_PARTY,
            Posting.carc.is_not(None),
        )
        .group_by(Posting.charge_line_id, Posting.carc)
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for line, carc, cents in session.execute(query):
        found[line or 0].append((carc or "", cents))
    return found


def _restricted(session: Session, ids: Ids) -> dict[int, set[PayerType]]:
    """Visits with a payer whose patients may not be asked for everything."""
    query = (
        select(EncounterCoverage.encounter_id, Payer.type)
        .join(Policy, Policy.id == EncounterCoverage.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .join(Patient, Patient.id == Policy.patient_id)
        .where(Payer.type.in_([str(t) for t in _RESTRICTED]), *of(Patient.guarantor_id, ids))
    )
    found: dict[int, set[PayerType]] = defaultdict(set)
    for encounter, kind in session.execute(query):
        found[encounter].add(PayerType(kind))
    return found
