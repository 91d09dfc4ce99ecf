"""The books against raw SQL: whoever holds the key, the rules stand."""

from __future__ import annotations

from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from tests.db.books import (
    NOW,
    Leg,
    add_payment,
    add_postings,
    earned,
    insert,
    owes,
    post,
    seal,
)


def refused(connection: Any, words: str, statement: str, *values: Any) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match=words):
        connection.execute(statement, values)


def balances(connection: Any) -> list[tuple[int, int, int]]:
    return list(connection.execute("SELECT * FROM line_balance ORDER BY 1, 2"))


@pytest.fixture
def books(raw: Any) -> Any:
    """One charge of 125.00 on line 1, owed by the patient, plus a row in every other log."""
    post(raw, 1, owes(12500), earned(12500))
    insert(raw, "audit", id=1, at=NOW, user_id=1, action="LOOK", mac=bytes(32))
    insert(raw, "period_close", id=1, through="2025-12-31", at=NOW, user_id=1)
    return raw


LOGS = ("journal", "posting", "audit", "period_close")


@pytest.mark.parametrize("table", LOGS)
def test_logs_only_grow(books: Any, table: str) -> None:
    words = f"append-only: {table}"
    before = books.execute(f"SELECT * FROM {table}").fetchall()
    column = books.execute(f"SELECT * FROM {table}").description[-1][0]
    for verb in ("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"):
        refused(books, words, f"{verb} {table} SET {column} = {column}")
    refused(books, words, f"DELETE FROM {table}")
    refused(books, words, f"DELETE FROM {table} WHERE id = 1")
    for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO"):
        refused(books, words, f"{verb} {table} SELECT * FROM {table} WHERE id = 1")
    assert books.execute(f"SELECT * FROM {table}").fetchall() == before


def test_claim_logs_only_grow(raw: Any) -> None:
    raw.execute("PRAGMA foreign_keys = OFF")  # no claim is needed to prove the rule
    insert(raw, "claim_event", id=1, claim_id=1, at=NOW, on_date=NOW, user_id=1, to_status="ready")
    insert(
        raw,
        "claim_version",
        id=1,
        claim_id=1,
        number=1,
        form_json="{}",
        pdf=b"%PDF",
        sha256="00",
        sheets=1,
        created_at=NOW,
        user_id=1,
    )
    for table in ("claim_event", "claim_version"):
        words = f"append-only: {table}"
        refused(raw, words, f"UPDATE {table} SET user_id = user_id")
        refused(raw, words, f"DELETE FROM {table}")
        refused(raw, words, f"REPLACE INTO {table} SELECT * FROM {table}")
    columns = "claim_id, number, form_json, pdf, sha256, sheets, created_at, user_id"
    refused(
        raw,
        "append-only: claim_version",
        f"REPLACE INTO claim_version ({columns}) SELECT {columns} FROM claim_version",
    )


def test_a_reversal_cannot_replace_another_by_its_unique_key(books: Any) -> None:
    post(books, 2, owes(-12500), earned(-12500), reverses_id=1)
    books.execute("BEGIN")
    add_postings(books, 3, owes(-12500), earned(-12500))
    refused(
        books,
        "append-only: journal",
        "REPLACE INTO journal SELECT 3, entered_at, accounting_date, kind, user_id, 1, memo, mac"
        " FROM journal WHERE id = 1",
    )
    books.execute("ROLLBACK")


def test_posting_after_the_seal_is_refused(books: Any) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="journal is sealed"):
        add_postings(books, 1, owes(100))


def test_orphan_postings_cannot_be_committed(books: Any) -> None:
    books.execute("BEGIN")
    add_postings(books, 2, owes(100), earned(100))
    with pytest.raises(sqlcipher.IntegrityError, match="FOREIGN KEY"):
        books.execute("COMMIT")
    books.execute("ROLLBACK")
    assert balances(books) == [(1, 1, 12500)]


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (owes(100),),
        (owes(100), earned(99)),
        (owes(100), earned(100), owes(1, line=2)),
    ],
)
def test_a_journal_foots_or_is_refused(books: Any, legs: tuple[Leg, ...]) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="does not balance"):
        post(books, 2, *legs)
    assert books.execute("SELECT count(*) FROM posting").fetchone() == (2,)


@pytest.mark.parametrize("number", [0, -1, 1, 3, 99, None])
def test_the_journal_has_no_gap(books: Any, number: int | None) -> None:
    books.execute("BEGIN")
    if number not in (None, 1):
        add_postings(books, number or 0, owes(100), earned(100))
    with pytest.raises(sqlcipher.IntegrityError, match=r"gap in journal|append-only: journal"):
        seal(books, number)  # type: ignore[arg-type]
    books.execute("ROLLBACK")


@pytest.mark.parametrize("day", ["2025-12-31", "2025-01-01", "0001-01-01"])
def test_a_closed_period_stays_closed(books: Any, day: str) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match=r"^closed period$"):
        post(books, 2, owes(100), earned(100), accounting_date=day)
    post(books, 2, owes(100), earned(100), accounting_date="2026-01-01")


@pytest.mark.parametrize("day", ["2026-3-2", "03/02/2026", "", "zzz", "2026-02-30", 20260302])
def test_an_accounting_date_is_a_date(books: Any, day: Any) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="no date"):
        post(books, 2, owes(100), earned(100), accounting_date=day)


def test_reversals(books: Any) -> None:
    post(books, 2, owes(-12500), earned(-12500), reverses_id=1)
    assert balances(books) == [(1, 1, 0)]
    with pytest.raises(sqlcipher.IntegrityError, match="a reversal is not reversed"):
        post(books, 3, owes(12500), earned(12500), reverses_id=2)
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
        post(books, 3, owes(-12500), earned(-12500), reverses_id=1)


@pytest.mark.parametrize(
    "legs",
    [
        (owes(-12400), earned(-12400)),
        (owes(-12500, party=2), earned(-12500)),
        (owes(-12500, line=2), earned(-12500, line=2)),
        (owes(-12500), ("adjustment", 12500, {"charge_line_id": 1})),
    ],
)
def test_a_reversal_is_the_mirror(books: Any, legs: tuple[Leg, ...]) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="mirrors"):
        post(books, 2, *legs, reverses_id=1)


@pytest.mark.parametrize("amount", [1.5, "12.50", b"1", "abc"])
def test_cents_are_whole(raw: Any, amount: Any) -> None:
    with pytest.raises(sqlcipher.IntegrityError, match="cents are whole"):
        add_postings(raw, 1, ("revenue", amount, {}))


def test_balances_follow_the_postings(books: Any) -> None:
    post(books, 2, owes(-12500), owes(12500, party=2))
    post(books, 3, owes(4000, line=2), earned(4000, line=2))
    post(books, 4, owes(-1500, line=2), ("cash", 1500, {"payment_id": 1}))
    assert balances(books) == [(1, 1, 0), (1, 2, 12500), (2, 1, 2500)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE line_balance SET amount_cents = 0",
        "UPDATE OR REPLACE line_balance SET amount_cents = amount_cents + 1",
        "UPDATE line_balance SET party_id = 2",
        "UPDATE line_balance SET charge_line_id = 2",
        "DELETE FROM line_balance",
        "INSERT INTO line_balance VALUES (2, 1, 0)",
        "INSERT INTO line_balance VALUES (2, 1, 500)",
        "REPLACE INTO line_balance VALUES (1, 1, 1)",
    ],
)
def test_the_projection_cannot_be_falsified(books: Any, statement: str) -> None:
    refused(books, "line_balance is a projection", statement)
    assert balances(books) == [(1, 1, 12500)]


@pytest.mark.parametrize(
    "change",
    [
        "charge_cents = 1",
        "units = '2'",
        "code = '99214'",
        "modifiers = '25'",
        "service_from = '2026-03-01'",
        "service_to = '2026-03-03'",
        "encounter_id = 2",
    ],
)
def test_a_posted_line_is_fixed(books: Any, change: str) -> None:
    refused(books, "charge line is posted", f"UPDATE charge_line SET {change} WHERE id = 1")
    if change != "encounter_id = 2":
        books.execute(f"UPDATE charge_line SET {change} WHERE id = 2")


def test_a_posted_line_stays(books: Any) -> None:
    refused(books, "charge line is posted", "DELETE FROM charge_line WHERE id = 1")
    refused(
        books, "there already", "REPLACE INTO charge_line SELECT * FROM charge_line WHERE id = 1"
    )
    refused(books, "keeps its id", "UPDATE OR REPLACE charge_line SET id = 1 WHERE id = 2")
    books.execute("UPDATE charge_line SET supplemental = 'N4' WHERE id = 1")
    books.execute("DELETE FROM charge_line WHERE id = 2")


@pytest.mark.parametrize(
    "change",
    ["amount_cents = 1", "number = '9'", "payer_id = NULL", "method = 'eft'", "kind = 'patient'"],
)
def test_a_closed_check_is_fixed(books: Any, change: str) -> None:
    books.execute("UPDATE payment SET amount_cents = 9000, payer_id = NULL WHERE id = 1")
    books.execute("PRAGMA foreign_keys = OFF")
    books.execute("UPDATE payment SET payer_id = 7, status = 'closed' WHERE id = 1")
    refused(books, "payment is closed", f"UPDATE payment SET {change} WHERE id = 1")
    refused(books, "payment is posted", "DELETE FROM payment WHERE id = 1")
    books.execute("UPDATE payment SET note = 'scanned', amount_cents = 9000 WHERE id = 1")


def test_a_posted_check_stays(books: Any) -> None:
    add_payment(books, 2)
    post(books, 2, owes(-500), ("cash", 500, {"payment_id": 1}))
    refused(books, "payment is posted", "DELETE FROM payment WHERE id = 1")
    refused(books, "there already", "REPLACE INTO payment SELECT * FROM payment WHERE id = 1")
    refused(books, "keeps its id", "UPDATE OR REPLACE payment SET id = 1 WHERE id = 2")
    books.execute("DELETE FROM payment WHERE id = 2")
