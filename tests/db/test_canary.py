"""Nothing readable on the disk: a name goes in, and no file of the folder may hold it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from app.db.backup import backup
from app.db.database import Database
from tests.db.books import add_patient

CANARY = "Zebraquill"
SPELLINGS = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")] + [
    CANARY.lower().encode(),  # as a search index would fold it
    b"SQLite format 3",
]


def leaks(folder: Path) -> list[str]:
    return [
        f"{path.name}: {spelling!r}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for spelling in SPELLINGS
        if spelling in path.read_bytes()
    ]


def test_no_name_in_any_file(db: Database, tmp_path: Path) -> None:
    with db.write() as session:
        add_patient(session.connection().connection.driver_connection, 1, CANARY, CANARY)
    folder = db.path.parent
    assert (folder / "practice.db-wal").stat().st_size > 0
    assert leaks(folder) == []
    backup(db, folder / "backups" / "x.db")
    assert leaks(folder) == []
    with db.read() as session:
        session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert leaks(folder) == []
    db.close()
    assert leaks(folder) == []
    assert leaks(tmp_path) == []


def test_the_canary_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"..." + CANARY.encode("utf-16-le"))
    assert leaks(tmp_path) != []
