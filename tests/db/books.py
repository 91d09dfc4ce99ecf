"""Raw rows for tests of the floor: no service, no mapper, just SQL on any DB-API connection."""

from __future__ import annotations

from typing import Any

NOW = "2026-03-02 15:00:00.000000"


def insert(connection: Any, table: str, **values: Any) -> None:
    """One row; columns that must not be NULL and are not given are 0."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    required = {name: 0 for _, name, _, notnull, _, key in columns if notnull and not key}
    row = required | values
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values()))


def add_patient(connection: Any, number: int, last: str, first: str = "Ana", **more: Any) -> None:
    insert(connection, "guarantor", id=number, last=last, first=first)
    values = {
        "id": number,
        "last": last,
        "first": first,
        "account_no": f"A-{1000 + number}",
        "birth_date": "1980-01-05",
        "guarantor_id": number,
        "created_at": NOW,
        "version": 1,
    }
    insert(connection, "patient", **(values | more))


def add_charge_line(connection: Any, number: int, cents: int = 12500) -> None:
    insert(
        connection,
        "charge_line",
        id=number,
        encounter_id=1,
        position=number,
        service_from="2026-03-02",
        service_to="2026-03-02",
        place_of_service="11",
        code="99213",
        charge_cents=cents,
        units="1",
    )


def add_payment(connection: Any, number: int, **more: Any) -> None:
    values = {
        "id": number,
        "kind": "insurer",
        "method": "check",
        "number": "778812",
        "amount_cents": 8000,
        "payment_date": "2026-03-20",
        "received_on": "2026-03-22",
        "status": "open",
        "created_at": NOW,
    }
    insert(connection, "payment", **(values | more))


def add_basics(connection: Any) -> None:
    """One user, patient, encounter, two charge lines, the patient as party, one check."""
    insert(connection, "user", id=1, name="Dana Biller", created_at=NOW, active=1)
    add_patient(connection, 1, "Zebraquill")
    insert(
        connection,
        "provider",
        id=1,
        last="Osei",
        first="Kwame",
        npi="1234567893",
    )
    insert(
        connection,
        "encounter",
        id=1,
        patient_id=1,
        provider_id=1,
        service_date="2026-03-02",
        place_of_service="11",
        status="draft",
        created_at=NOW,
        version=1,
    )
    add_charge_line(connection, 1)
    add_charge_line(connection, 2)
    insert(connection, "party", id=1, kind="PATIENT")
    insert(connection, "party", id=2, kind="COLLECTIONS")
    add_payment(connection, 1)


Leg = tuple[str, int, dict[str, Any]]


def owes(cents: int, line: int = 1, party: int = 1) -> Leg:
    return ("receivable", cents, {"charge_line_id": line, "party_id": party})


def earned(cents: int, line: int = 1) -> Leg:
    return ("revenue", -cents, {"charge_line_id": line})


def add_postings(connection: Any, journal: int, *legs: Leg) -> None:
    for account, cents, more in legs:
        insert(
            connection,
            "posting",
            journal_id=journal,
            account=account,
            amount_cents=cents,
            **more,
        )


def seal(connection: Any, journal: int, **more: Any) -> None:
    values = {
        "id": journal,
        "entered_at": NOW,
        "accounting_date": "2026-03-02",
        "kind": "charge",
        "user_id": 1,
        "mac": bytes(32),
    }
    insert(connection, "journal", **(values | more))


def post(connection: Any, journal: int, *legs: Leg, **more: Any) -> None:
    """One whole entry in one transaction, postings first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        add_postings(connection, journal, *legs)
        seal(connection, journal, **more)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
