"""Short words for tests of statements: who owes, what is sent, what it says."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pdfplumber

from app.services.payment_commands import Application, PatientPayment
from app.services.statement_commands import StatementRow
from tests.services.front_desk import Case, Office, eob, off, to


def self_pay(office: Office, cents: int = 9000, last: str = "Doe", **changes: object) -> int:
    """A patient without insurance who owes for a visit; the guarantor's id."""
    patient = office.patient(last, **changes)
    encounter = office.draft(patient, (cents,), policy_ids=())
    office.services.encounters.post_charges(encounter)
    return office.services.accounts.show(patient).guarantor_id


def decided(office: Office, last: str = "Doe") -> Case:
    """Of 100.00: paid 60.00, written off 15.00, deductible 20.00, coinsurance 5.00."""
    case = office.sent(charges=(10000,), last=last)
    line = eob(case.lines[0], 10000, 6000, off(1500), to(2000, carc="1"), to(500, carc="2"))
    office.post(office.check(6000, number=last), case.claim, line)
    return case


def row(office: Office, guarantor: int) -> StatementRow:
    found = [r for r in office.services.statements.worklist().rows if r.guarantor_id == guarantor]
    assert len(found) == 1
    return found[0]


def later(office: Office, days: int) -> None:
    office.clock.day += timedelta(days=days)


def send(office: Office, guarantor: int, **how: bool) -> int:
    return office.services.statements.send([guarantor], **how).statement_ids[0]


def pay(office: Office, guarantor: int, line: int, cents: int) -> int:
    command = PatientPayment(guarantor, cents, (Application(line, cents),), number="77")
    return office.services.receipts.receive(command).payment_id


def content_of(office: Office, statement: int) -> dict:  # type: ignore[type-arg]
    [[text]] = office.sql("SELECT content_json FROM statement WHERE id = :id", id=statement)
    found: dict = json.loads(text)  # type: ignore[type-arg]
    return found


def words(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as file:
        return "\n".join(page.extract_text() for page in file.pages)


def books(office: Office) -> list[object]:
    tables = ("journal", "posting", "line_balance", "claim", "claim_event", "payment")
    return [office.sql(f"SELECT * FROM {table}") for table in tables]
