"""Migrations: all of one or nothing, whatever kills them."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.db import keys, upgrade
from app.db.connection import connect
from app.db.integrity import check_path
from app.db.practice import DATABASE, HEADER, open_practice
from app.db.upgrade import HISTORY, History, bring_up_to_date, revision_of
from app.domain.errors import DamagedFile, NewerFile, StoreTrouble
from tests.db.books import earned, owes, post
from tests.db.conftest import CHEAP, PASSPHRASE, USER

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
{declared}

def upgrade():
    op.create_table("tag", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO tag VALUES (1)")
    # A parent of charge lines is rebuilt: with foreign keys on, their rows would be at stake.
    with op.batch_alter_table("encounter") as batch:
        batch.add_column(sa.Column("room", sa.String))
        batch.drop_column("chart_note")
    op.execute("UPDATE patient SET middle = 'Q'")
    {more}
"""


def history(folder: Path, more: str = "", declared: str = "") -> History:
    scripts = folder / "migrations"
    shutil.copytree(HISTORY.scripts, scripts)
    (scripts / "versions" / "0002_second.py").write_text(
        SECOND.format(more=more, declared=declared)
    )
    return History(scripts, ("0001", "0002"))


@pytest.fixture
def old(practice_folder: Path, raw: Any) -> tuple[Path, bytes]:
    """A file of revision 0001 with rows in it, and its key."""
    post(raw, 1, owes(12500), earned(12500))
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    key = keys.unlock(practice_folder / HEADER, USER, PASSPHRASE, CHEAP)
    return practice_folder / DATABASE, key


def state(path: Path, key: bytes) -> tuple[object, ...]:
    """Everything a migration may change."""
    connection = connect(path, key)
    try:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2")
        rows = [schema.fetchall()]
        rows += [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("alembic_version", "patient", "charge_line", "journal", "posting")
        ]
        return tuple(map(tuple, rows))
    finally:
        connection.close()


def test_history_names_the_scripts_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(HISTORY.scripts))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    walked = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(walked)) == HISTORY.revisions


def test_an_old_file_is_backed_up_and_migrated(old: tuple[Path, bytes], tmp_path: Path) -> None:
    path, key = old
    before = state(path, key)
    bring_up_to_date(path, key, history(tmp_path))
    assert revision_of(path, key) == "0002"
    assert check_path(path, key) == []
    connection = connect(path, key)
    assert connection.execute("SELECT count(*) FROM charge_line").fetchone() == (2,)
    assert connection.execute("SELECT middle FROM patient").fetchall() == [("Q",)]
    assert connection.execute("SELECT room FROM encounter").fetchall() == [(None,)]
    connection.close()
    saved = path.parent / "backups" / "pre-migration-0001.db"
    assert state(saved, key) == before


def test_a_current_file_is_left_alone(old: tuple[Path, bytes]) -> None:
    path, key = old
    before = path.read_bytes()
    bring_up_to_date(path, key)
    assert path.read_bytes() == before
    assert not (path.parent / "backups").exists()


def test_opening_migrates(practice_folder: Path, tmp_path: Path) -> None:
    db = open_practice(
        practice_folder, USER, PASSPHRASE, floor=CHEAP, history=history(tmp_path / "h")
    )
    assert revision_of(db.path, db.raw_key()) == "0002"
    db.close()
    with pytest.raises(NewerFile):
        open_practice(practice_folder, USER, PASSPHRASE, floor=CHEAP)


@pytest.mark.parametrize(
    "more",
    [
        "op.execute('PRAGMA defer_foreign_keys = ON'); op.execute('DROP TABLE line_balance')",
        "op.execute('DELETE FROM provider')",
        "op.execute('UPDATE encounter SET patient_id = 77')",
        "op.execute('INSERT INTO setting VALUES (1, 2)')",
    ],
)
def test_lost_or_dangling_rows_stop_it(
    old: tuple[Path, bytes], tmp_path: Path, more: str, logged: list[logging.LogRecord]
) -> None:
    path, key = old
    before = state(path, key)
    with pytest.raises(StoreTrouble, match="left as it was"):
        bring_up_to_date(path, key, history(tmp_path, more))
    assert state(path, key) == before
    assert len(logged) == 1


def test_a_declared_change_of_rows_is_let_through(old: tuple[Path, bytes], tmp_path: Path) -> None:
    path, key = old
    more = "op.execute(\"INSERT INTO setting VALUES ('a', '1')\")"
    bring_up_to_date(path, key, history(tmp_path, more, 'rows_change = {"setting"}'))
    assert revision_of(path, key) == "0002"


def test_a_bug_in_a_revision_leaves_the_old_file(old: tuple[Path, bytes], tmp_path: Path) -> None:
    path, key = old
    before = state(path, key)
    with pytest.raises(ZeroDivisionError):
        bring_up_to_date(path, key, history(tmp_path, "1 / 0"))
    assert state(path, key) == before


def test_a_damaged_file_is_not_migrated(old: tuple[Path, bytes], tmp_path: Path) -> None:
    path, key = old
    sound = path.read_bytes()
    place = len(sound) - 2000
    path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
    before = path.read_bytes()
    with pytest.raises(DamagedFile):
        bring_up_to_date(path, key, history(tmp_path))
    assert path.read_bytes() == before
    assert list((path.parent / "backups").glob("*.db")) == []


def test_tables_without_a_revision_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.touch()
    connection = connect(path, bytes(32))
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(DamagedFile):
        revision_of(path, bytes(32))


DIES = """
import os, shutil, sys
from pathlib import Path
from sqlalchemy import Engine, event
import alembic.command, alembic.autogenerate
from app.db.upgrade import History, _migrate

source, scripts, out = map(Path, sys.argv[1:4])
key = bytes.fromhex(sys.argv[4])
left = 0

@event.listens_for(Engine, "before_cursor_execute")
@event.listens_for(Engine, "commit")
def _step(*_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)

out.mkdir()
for number in range(0, 1000, int(sys.argv[5])):
    victim = out / f"{number}.db"
    shutil.copyfile(source, victim)
    child = os.fork()
    if not child:
        left = number
        _migrate(victim, key, History(scripts, ("0001", "0002")), "0001")
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, flush=True)
    if code != 9:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_any_statement_it_is_the_old_file_or_the_new_one(
    old: tuple[Path, bytes], tmp_path: Path
) -> None:
    """One forked child dies before each statement in turn, and before the commit.

    Most statements are alike (one per table or trigger), so every third is tried unless the
    environment asks for each with EVERY_FAULT=1.
    """
    path, key = old
    steps, out, before = history(tmp_path), tmp_path / "out", state(path, key)
    stride = 1 if os.environ.get("EVERY_FAULT") else 3
    arguments = [path, steps.scripts, out, key.hex(), stride]
    done = subprocess.run(
        [sys.executable, "-c", DIES, *map(str, arguments)], check=True, capture_output=True
    )
    codes = [int(line) for line in done.stdout.split()]
    assert codes[-1] == 0, done.stderr
    assert len(codes) > 150 // stride
    assert set(codes[:-1]) == {9}
    for place in range(len(codes)):
        victim = out / f"{place * stride}.db"
        revision = revision_of(victim, key)
        assert revision == ("0002" if place == len(codes) - 1 else "0001"), place
        assert place % 10 or check_path(victim, key) == []
        if revision == "0001":
            assert state(victim, key) == before
    bring_up_to_date(out / f"{30 * stride}.db", key, steps)  # it can go on from there


def test_rules_of_today_are_put_back_at_opening(old: tuple[Path, bytes]) -> None:
    path, key = old
    connection = connect(path, key)
    connection.execute("DROP TRIGGER journal_append")
    connection.execute("DROP TRIGGER posting_append")
    connection.execute("CREATE TRIGGER posting_append BEFORE INSERT ON posting BEGIN SELECT 1; END")
    connection.execute("CREATE TRIGGER strange AFTER INSERT ON patient BEGIN SELECT 1; END")
    connection.close()
    bring_up_to_date(path, key)
    connection = connect(path, key)
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    assert dict(rows.fetchall()) == {trigger.name: trigger.ddl for trigger in upgrade.TRIGGERS}
    assert connection.execute("SELECT count(*) FROM posting").fetchone() == (2,)
    connection.close()


def test_creation_runs_the_same_road(tmp_path: Path) -> None:
    path = tmp_path / "fresh.db"
    path.touch()
    assert revision_of(path, bytes(32)) is None
    bring_up_to_date(path, bytes(32), history(tmp_path / "h"))
    assert revision_of(path, bytes(32)) == "0002"
    assert not (tmp_path / "backups").exists()
    assert upgrade.HISTORY.head == HISTORY.revisions[-1]
