from __future__ import annotations

import stat
import sys
import threading
from pathlib import Path

import pytest

from app.db.backup import backup, header_beside
from app.db.connection import connect
from app.db.database import Database
from app.db.integrity import check_file, check_path
from app.domain.errors import DamagedFile, StoreTrouble
from app.models.people import Setting


def fill(db: Database, rows: int, size: int = 2000) -> None:
    with db.write() as session:
        session.add_all(Setting(key=f"{n:05}", value="x" * size) for n in range(rows))


def count(path: Path, key: bytes) -> int:
    connection = connect(path, key)
    try:
        return int(connection.execute("SELECT count(*) FROM setting").fetchone()[0])
    finally:
        connection.close()


def found(path: Path, key: bytes) -> list[str]:
    """Complaints, be it that the file does not even open."""
    try:
        return check_path(path, key)
    except DamagedFile as error:
        return [error.message]


def test_a_sound_file_has_no_complaints(db: Database) -> None:
    fill(db, 100)
    assert check_file(db) == []


def test_a_flipped_bit_anywhere_is_found(db: Database) -> None:
    fill(db, 20)
    key = db.raw_key()
    db.close()
    sound = db.path.read_bytes()
    for place in range(4096 + 77, len(sound), 4096 * 7):
        db.path.write_bytes(sound[:place] + bytes([sound[place] ^ 4]) + sound[place + 1 :])
        assert found(db.path, key), place
    db.path.write_bytes(sound)
    assert check_path(db.path, key) == []


def test_a_file_cut_at_a_page_is_found(db: Database) -> None:
    fill(db, 100)
    key = db.raw_key()
    db.close()
    db.path.write_bytes(db.path.read_bytes()[: -4096 * 3])
    assert found(db.path, key)


def test_a_dangling_reference_is_found(db: Database) -> None:
    connection = connect(db.path, db.raw_key(), foreign_keys=False)
    connection.execute("INSERT INTO party VALUES (1, 'POLICY', 77)")
    connection.close()
    assert check_file(db) == ["party row 1 points to a missing policy"]


def test_a_backup_holds_what_was_committed(db: Database, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "monday.db"
    fill(db, 50)
    told: list[tuple[int, int]] = []
    backup(db, target, lambda done, total: told.append((done, total)))
    assert count(target, db.raw_key()) == 50
    assert told[-1][0] == told[-1][1] > 0
    assert header_beside(target).read_bytes() == (db.path.with_suffix(".key")).read_bytes()
    assert sorted(path.name for path in target.parent.iterdir()) == ["monday.db", "monday.key"]
    assert target.read_bytes()[:6] != b"SQLite"
    if sys.platform != "win32":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    fill_more(db)
    backup(db, target)
    assert count(target, db.raw_key()) == 51


def fill_more(db: Database) -> None:
    with db.write() as session:
        session.add(Setting(key="more", value="1"))


def test_backups_of_a_busy_file_are_sound(db: Database, tmp_path: Path) -> None:
    """Pairs are written together; no copy may hold one of a pair."""
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            with db.write() as session:
                session.add(Setting(key=f"a{number}", value="x" * 3000))
                session.add(Setting(key=f"b{number}", value="x" * 3000))
            number += 1

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(5):
            target = tmp_path / f"{number}.db"
            backup(db, target)
            assert check_path(target, db.raw_key()) == []
            assert count(target, db.raw_key()) % 2 == 0
    finally:
        stop.set()
        writer.join()


def test_a_damaged_file_makes_no_backup_and_keeps_the_old_one(db: Database, tmp_path: Path) -> None:
    fill(db, 100)
    target = tmp_path / "monday.db"
    backup(db, target)
    before = target.read_bytes()
    db.close()
    content = db.path.read_bytes()
    place = len(content) - 3000
    db.path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    from app.db.practice import open_practice
    from tests.db.conftest import CHEAP, PASSPHRASE, USER

    hurt = open_practice(db.path.parent, USER, PASSPHRASE, floor=CHEAP)
    with pytest.raises(DamagedFile):
        backup(hurt, target)
    hurt.close()
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*monday*")) == ["monday.db", "monday.key"]


def test_cancelling_leaves_nothing(db: Database, tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel(_done: int, _total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        backup(db, tmp_path / "copies" / "monday.db", cancel)
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a file-size limit")
def test_no_room_for_the_backup(db: Database, tmp_path: Path) -> None:
    """A file-size limit stands in for a full disk: SQLite reports both as a failed write."""
    import resource
    import signal

    fill(db, 300)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreTrouble):
            backup(db, tmp_path / "copies" / "monday.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert list((tmp_path / "copies").iterdir()) == []
    assert check_file(db) == []
