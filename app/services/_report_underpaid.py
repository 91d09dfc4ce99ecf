"""Inner functions: decided lines that a payer allowed less than its contract says (rules §3.13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.domain import reports
from app.domain.fee_book import FeeBook, times
from app.domain.reports import About, Report, day, money, text
from app.models.books import Eob, EobLine
from app.models.people import Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import _fee_rows
from app.services._report_base import Asked

_COLUMNS = (
    text("patient", "Patient"),
    text("claim", "Claim"),
    day("service", "Service"),
    text("code", "Code"),
    text("units", "Units"),
    day("on", "Decided"),
    money("contract", "Contract"),
    money("allowed", "Allowed"),
    money("short", "Short"),
)
_Found = Row[int | None, date, ChargeLine, Claim, Patient, Payer]


def underpaid(session: Session, p: Asked) -> Report:
    """Standing decisions of the period below contract, by payer; two queries.

    A line allowed at 0.00 was denied, not underpaid: *Denials* has it.
    """
    found = _decided(session, p)
    books = _fee_rows.contract_books(session, {row[2].code for row in found})
    rows = []
    for allowed, on, line, claim, patient, payer in found:
        book = books.get(payer.id, FeeBook())
        each = book.allowed(line.code, line.modifiers or "", line.service_from)
        contract = None if each is None else times(each, line.units)
        if contract is None or allowed is None or allowed >= contract:
            continue
        name = f"{patient.last}, {patient.first}"
        code = f"{line.code} {line.modifiers or ''}".strip()
        words = (name, claim.number, line.service_from, code, line.units, on)
        cells = (*words, contract, allowed, contract - allowed)
        rows.append((payer.name, cells, About("claim", claim.id)))
    basis = f"Decided {p.period} by accounting date; contract as Setup has it today"
    groups = reports.grouped_about(rows)
    return reports.make_report("underpaid", "Underpaid lines", basis, _COLUMNS, groups, ())


def _decided(session: Session, p: Asked) -> Sequence[_Found]:
    reversing = select(Eob.reverses_id).where(Eob.reverses_id.is_not(None))
    query = (
        select(EobLine.allowed_cents, Eob.accounting_date, ChargeLine, Claim, Patient, Payer)
        .join(Eob, Eob.id == EobLine.eob_id)
        .join(Claim, Claim.id == Eob.claim_id)
        .join(ChargeLine, ChargeLine.id == EobLine.charge_line_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .where(
            Eob.reverses_id.is_(None),
            Eob.id.not_in(reversing),
            Payer.contract_schedule_id.is_not(None),
            EobLine.allowed_cents > 0,
            Eob.accounting_date.between(p.start, p.end),
            *(() if p.more.payer_id is None else (Payer.id == p.more.payer_id,)),
        )
        .order_by(Payer.name, Eob.accounting_date, Claim.id, ChargeLine.position)
    )
    return session.execute(query).all()
