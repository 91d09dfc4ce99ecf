from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.db import connection as connection_module
from app.db import database as database_module
from app.db.connection import PRAGMAS, connect
from app.db.database import Database
from app.db.files import FolderLock
from app.domain.errors import Conflict, DamagedFile, InUse, Refused, StoreTrouble
from app.models.people import Patient, Setting
from tests.db.books import add_basics, add_patient, seal


def settings_of(db: Database) -> dict[str, str]:
    with db.read() as session:
        return {row.key: row.value for row in session.scalars(select(Setting))}


def raw_of(session: Session) -> Any:
    return session.connection().connection.driver_connection


def test_every_pragma_took_on_both_connections(db: Database) -> None:
    with db.read() as session:
        for name, _, wanted in PRAGMAS:
            assert session.execute(text(f"PRAGMA {name}")).scalar() == wanted, name
    with db.write() as session:
        for name, _, wanted in PRAGMAS:
            assert session.execute(text(f"PRAGMA {name}")).scalar() == wanted, name


def test_a_pragma_that_does_not_take_stops_the_opening(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = (*PRAGMAS, ("synchronous", "NORMAL", 2))
    monkeypatch.setattr(connection_module, "PRAGMAS", wrong)
    with pytest.raises(StoreTrouble, match="synchronous"):
        connect(db.path, db.raw_key())


def test_a_key_of_another_length_is_a_bug(db: Database) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        connect(db.path, b"short")


def test_a_unit_of_work_is_saved_whole(db: Database) -> None:
    with db.write() as session:
        session.add(Setting(key="a", value="1"))
        session.execute(insert(Setting).values(key="b", value="2"))
    assert settings_of(db) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Refused])
def test_any_exception_undoes_all_of_it(db: Database, error: type[BaseException]) -> None:
    def work(session: Session) -> None:
        session.add(Setting(key="a", value="1"))
        session.flush()
        session.execute(text("CREATE TABLE half (a)"))
        raise error("code", "x") if error is Refused else error("x")

    with pytest.raises(error), db.write() as session:
        work(session)
    assert settings_of(db) == {}
    with db.read() as session:
        assert session.execute(text("SELECT 1 FROM sqlite_schema WHERE name='half'")).all() == []
    with db.write() as session:
        session.add(Setting(key="b", value="2"))


def test_units_of_work_do_not_nest(db: Database) -> None:
    with db.write():
        with pytest.raises(RuntimeError, match="inside"), db.write():
            pass
        with pytest.raises(RuntimeError, match="inside"), db.read():
            pass


def test_a_read_session_refuses_to_write(db: Database) -> None:
    with pytest.raises(RuntimeError, match="read session"), db.read() as session:
        session.execute(insert(Setting).values(key="a", value="1"))
    with pytest.raises(RuntimeError, match="read session"), db.read() as session:
        session.add(Setting(key="a", value="1"))
    assert settings_of(db) == {}


def test_a_read_session_sees_one_state(db: Database) -> None:
    with db.read() as before:
        assert before.scalars(select(Setting)).all() == []
        done = threading.Thread(target=_write_setting, args=(db, "a"))
        done.start()
        done.join()
        assert before.scalars(select(Setting)).all() == []
    assert settings_of(db) == {"a": "1"}


def _write_setting(db: Database, key: str) -> None:
    with db.write() as session:
        session.add(Setting(key=key, value="1"))


def test_writers_of_two_threads_take_turns(db: Database) -> None:
    def count_up() -> None:
        for _ in range(20):
            with db.write() as session:
                row = session.get(Setting, "n") or Setting(key="n", value="0")
                session.add(row)
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settings_of(db) == {"n": "60"}


def test_listeners_hear_the_tables_written(db: Database) -> None:
    heard: list[frozenset[str]] = []
    leave = db.subscribe(heard.append)
    with db.write() as session:
        session.add(Setting(key="a", value="1"))
    with db.write() as session:
        session.execute(update(Setting).values(value="2"))
    with db.write() as session:
        session.execute(delete(Setting))
    with db.write() as session:
        session.execute(text("INSERT OR IGNORE INTO setting VALUES ('b', '1')"))
        session.execute(select(Setting))
    with db.write() as session:
        session.execute(select(Setting))
    assert heard == [frozenset({"setting"})] * 4
    leave()
    leave()
    _write_setting(db, "z")
    assert len(heard) == 4


def test_listeners_hear_nothing_of_what_was_undone(db: Database) -> None:
    heard: list[frozenset[str]] = []
    db.subscribe(heard.append)
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(insert(Setting), [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])
    with db.write() as session:
        session.execute(text("UPDATE user SET active = 1"))
    assert heard == [frozenset({"user"})]


def test_a_listener_may_read_and_write_and_fail(
    db: Database, logged: list[logging.LogRecord]
) -> None:
    heard: list[dict[str, str]] = []

    def fails(_: frozenset[str]) -> None:
        raise ValueError("redraw")

    db.subscribe(fails)
    db.subscribe(lambda _: heard.append(settings_of(db)))
    _write_setting(db, "a")
    assert heard == [{"a": "1"}]
    assert [record.getMessage() for record in logged] == ["a listener to changes failed"]


def test_posting_is_heard_as_balance_too(db: Database) -> None:
    heard: list[frozenset[str]] = []
    db.subscribe(heard.append)
    with db.write() as session:
        add_basics(raw_of(session))
        session.execute(
            text(
                "INSERT INTO posting (journal_id, account, amount_cents, charge_line_id, party_id)"
                " VALUES (1, 'receivable', 100, 1, 1), (1, 'revenue', -100, 1, NULL)"
            )
        )
        seal(raw_of(session), 1)
    assert heard == [frozenset({"posting", "line_balance"})]


def test_a_closed_period_is_refused_in_words(db: Database) -> None:
    with db.write() as session:
        add_basics(raw_of(session))
        session.execute(
            text("INSERT INTO period_close VALUES (1, '2026-12-31', '2027-01-05 10:00:00', 1)")
        )
    entry = text(
        "INSERT INTO journal (id, entered_at, accounting_date, kind, user_id, mac)"
        " VALUES (1, '2026-03-02', '2026-03-02', 'charge', 1, x'00')"
    )
    with pytest.raises(Refused) as refused, db.write() as session:
        session.execute(entry)
    assert refused.value.code == "closed_period"


def test_a_broken_rule_of_ours_stays_a_bug_and_shows_no_values(db: Database) -> None:
    with pytest.raises(IntegrityError) as bug, db.write() as session:
        session.execute(insert(Setting).values(key="Zebraquill", value=None))
    assert "Zebraquill" not in str(bug.value)


def test_a_row_changed_meanwhile_is_a_conflict(db: Database) -> None:
    with db.write() as session:
        add_patient(raw_of(session), 1, "Osei")

    def change(session: Session) -> None:
        patient = session.get_one(Patient, 1)
        raw_of(session).execute("UPDATE patient SET version = 9")
        patient.first = "Abena"

    with pytest.raises(Conflict, match="Reload"), db.write() as session:
        change(session)


def test_a_full_disk_in_words(db: Database) -> None:
    with db.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreTrouble, match="disk is full"), db.write() as session:
        session.add(Setting(key="a", value="x" * 1_000_000))
    assert settings_of(db) == {}
    with db.write() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
    _write_setting(db, "b")


def test_a_file_held_by_a_stranger_in_words(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.write() as session:
        session.execute(text("PRAGMA busy_timeout = 0"))
    other = connect(db.path, db.raw_key())
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTrouble, match="busy"), db.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    _write_setting(db, "a")


def test_waiting_for_the_pen_ends(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "WRITE_TURN_SECONDS", 0)
    caught: list[StoreTrouble] = []

    def try_it() -> None:
        try:
            _write_setting(db, "a")
        except StoreTrouble as error:
            caught.append(error)

    with db.write():
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert len(caught) == 1
    assert settings_of(db) == {}


class _Failing(sqlcipher.OperationalError):  # type: ignore[misc]
    def __init__(self, name: str) -> None:
        super().__init__("disk I/O error")
        self.sqlite_errorname = name


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_CORRUPT"])
def test_after_a_failed_fsync_nothing_is_written_before_reopening(db: Database, name: str) -> None:
    with pytest.raises(StoreTrouble) as trouble, db.write():
        raise DBAPIError("COMMIT", None, _Failing(name))
    assert isinstance(trouble.value, DamagedFile) == (name == "SQLITE_CORRUPT")
    with pytest.raises(StoreTrouble, match="open the practice again"), db.write():
        pass


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_READONLY_DBMOVED", "cannot be written"),
        ("SQLITE_CANTOPEN", "cannot be written"),
        ("SQLITE_NOMEM", "out of memory"),
        ("SQLITE_BUSY_SNAPSHOT", "busy"),
    ],
)
def test_other_troubles_in_words(db: Database, name: str, words: str) -> None:
    with pytest.raises(StoreTrouble, match=words), db.write():
        raise DBAPIError("x", None, _Failing(name))


def test_queries_are_counted(db: Database) -> None:
    with db.query_counter() as queries:
        with db.read() as session:
            session.execute(select(Setting))
            session.execute(select(Setting))
        with db.write() as session:
            session.execute(select(Setting))
    settings_of(db)
    assert queries.count == 3


def test_mac_keys(db: Database) -> None:
    assert db.mac_key("journal") == db.mac_key("journal")
    assert len({db.mac_key("journal"), db.mac_key("audit"), db.raw_key()}) == 3


def test_closing_folds_the_log_and_is_final(db: Database) -> None:
    _write_setting(db, "a")
    db.close()
    db.close()
    assert not db.path.with_name("practice.db-wal").exists()
    assert db.raw_key() == b""
    with pytest.raises(RuntimeError, match="closed"), db.read():
        pass
    with pytest.raises(RuntimeError, match="closed"), db.write():
        pass


def test_the_lock_is_exclusive_and_comes_back(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "practice.lock")
    with pytest.raises(InUse):
        FolderLock(tmp_path / "practice.lock")
    lock.release()
    lock.release()
    FolderLock(tmp_path / "practice.lock").release()
