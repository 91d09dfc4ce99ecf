from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.database import Database
from app.db.search import REBUILD, find_patients, patient_match
from tests.db.books import add_patient

PEOPLE: list[tuple[int, str, str, dict[str, Any]]] = [
    (1, "Zebraquill", "Ana", {"birth_date": "1980-01-05", "phone": "(973) 555-0123"}),
    (2, "O'Brien", "Máire", {"birth_date": "1975-12-31", "phone": "973.555.0199"}),
    (3, "Smith-Jones", "Orla", {"birth_date": "2001-07-04", "phone": None}),
    (4, "de la Cruz", "José", {"birth_date": "1980-10-15", "middle": "María"}),
    (5, "Orson", "Andy", {"birth_date": "1990-01-05", "account_no": "ZQ-77"}),
]


@pytest.fixture
def people(db: Database) -> Database:
    with db.write() as session:
        raw = session.connection().connection.driver_connection
        for number, last, first, more in PEOPLE:
            add_patient(raw, number, last, first, **more)
    return db


def found(db: Database, typed: str, limit: int = 50) -> list[int]:
    with db.read() as session:
        return find_patients(session, typed, limit)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("zeb", [1]),
        ("ZEBRAQUILL ana", [1]),
        ("ana zeb", [1]),
        ("Zebraquill, Ana", [1]),
        ("obrien", [2]),
        ("O'Br", [2]),
        ("O’Brien", [2]),
        ("brien", [2]),
        ("maire", [2]),
        ("Máire", [2]),
        ("smith", [3]),
        ("jones", [3]),
        ("smith-j", [3]),
        ("smithjones", [3]),
        ("de la c", [4]),
        ("delacruz", [4]),
        ("cruz jose maria", [4]),
        ("or", [5, 3]),
        ("OR AND", [5]),
        ("1/5/1980", [1]),
        ("01/05/1980", [1]),
        ("1-5-80", [1]),
        ("1/5", [5, 1]),
        ("01051980", [1]),
        ("1980", [4, 1]),
        ("0105", [5, 1]),
        ("zeb 1980", [1]),
        ("973-555-0123", [1]),
        ("(973) 555-0123", [1]),
        ("1 973 555 0123", [1]),
        ("555-0123", [1]),
        ("0123", [1]),
        ("9735550199", [2]),
        ("A-1003", [3]),
        ("a1003", [3]),
        ("zq-77", [5]),
        ("nobody", []),
        ("zeb nobody", []),
        ("", []),
        ('"', []),
        ("* - ()", []),
    ],
)
def test_found_by_what_is_in_hand(people: Database, typed: str, ids: list[int]) -> None:
    assert found(people, typed) == ids


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_breaks_the_query(people: Database, typed: str) -> None:
    assert set(found(people, typed)) <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize("typed", ["NEAR(a b)", 'x" OR "y', "last:zeb", "{a b}:c", "^zeb", "a + b"])
def test_words_of_the_query_language_are_plain_words(people: Database, typed: str) -> None:
    found(people, typed)
    assert not set(patient_match(typed)) & set("(){}:^+")


def test_the_index_follows_changes(people: Database) -> None:
    with people.write() as session:
        session.execute(text("UPDATE patient SET last = 'Marigold' WHERE id = 1"))
        session.execute(text("DELETE FROM patient WHERE id = 2"))
        session.execute(text("UPDATE patient SET alert = 'x'"))
    assert found(people, "zebra") == []
    assert found(people, "mari ana") == [1]
    assert found(people, "obrien") == []
    with people.write() as session:
        session.execute(text("UPDATE patient SET phone = '(201) 555-0000' WHERE id = 3"))
    assert found(people, "201-555-0000") == [3]


def test_an_undone_change_leaves_the_index(people: Database) -> None:
    def work() -> None:
        with people.write() as session:
            session.execute(text("UPDATE patient SET last = 'Marigold' WHERE id = 1"))
            raise ValueError("undo")

    with pytest.raises(ValueError, match="undo"):
        work()
    assert found(people, "zebra") == [1]
    assert found(people, "mari ana") == []


def test_rebuilding_finds_the_same(people: Database) -> None:
    questions = ["zeb", "or", "obrien", "1980", "0123", "zq77"]
    before = [found(people, typed) for typed in questions]
    with people.write() as session:
        session.execute(text("INSERT INTO patient_search(patient_search) VALUES ('delete-all')"))
        assert find_patients(session, "zeb") == []
        for statement in REBUILD:
            session.connection().exec_driver_sql(statement)
    assert [found(people, typed) for typed in questions] == before


def test_the_limit_holds(people: Database) -> None:
    assert found(people, "0105", limit=1) == [5]
