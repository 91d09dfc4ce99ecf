"""The door: who comes in, and what is said to those who do not."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from app.db.practice import DATABASE, HEADER
from app.domain.errors import DamagedFile, InUse, NotFound, Refused, StoreTrouble, WrongPassphrase
from app.services.clock import SetClock
from tests.office import PASSPHRASE, USER, door
from tests.services.conftest import Template
from tests.services.front_desk import TODAY


@pytest.fixture
def folder(template: Template, tmp_path: Path) -> Path:
    """A closed practice."""
    return Path(shutil.copytree(template.folder, tmp_path / "practice"))


def unlock(folder: Path, user: str = USER, passphrase: str = PASSPHRASE) -> None:
    door(SetClock(TODAY)).unlock(folder, user, passphrase).close()


def test_a_wrong_passphrase_is_not_called_damage(folder: Path) -> None:
    for user, passphrase in ((USER, "wrong"), ("Nobody", PASSPHRASE), (USER, "")):
        with pytest.raises(WrongPassphrase) as complaint:
            unlock(folder, user, passphrase)
        assert "damage" not in complaint.value.message.lower()
    unlock(folder)  # and the file is as it was


def _read_every_page(folder: Path) -> None:
    """A page in the middle is only seen to be damaged when it is read."""
    services = door(SetClock(TODAY)).unlock(folder, USER, PASSPHRASE)
    try:
        with services.desk.read() as session:
            run = session.connection().exec_driver_sql
            run("PRAGMA integrity_check").fetchall()
            if run("PRAGMA cipher_integrity_check").fetchall():
                raise DamagedFile("found by the check of every page")
    finally:
        services.close()


@pytest.mark.parametrize("name", [DATABASE, HEADER])
def test_damage_is_not_called_a_wrong_passphrase(
    folder: Path, name: str, logged: list[logging.LogRecord]
) -> None:
    file = folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedFile):
        _read_every_page(folder)
    assert file.read_bytes()[len(content) // 2] == content[len(content) // 2]
    # Where the byte lies in a page that closing reads, closing says so and goes on.
    assert {r.getMessage() for r in logged} <= {"checkpoint at closing failed: SQLITE_CORRUPT"}


def test_a_zeroed_beginning_is_damage(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.write(bytes(4096))
    with pytest.raises(DamagedFile):
        unlock(folder)


def test_a_lost_file_is_named(folder: Path) -> None:
    (folder / HEADER).rename(folder / "elsewhere")
    with pytest.raises(StoreTrouble, match=r"practice\.key"):
        unlock(folder)


def test_no_practice_here(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        unlock(tmp_path / "nowhere")


def test_a_second_copy_is_refused_until_the_first_is_closed(folder: Path) -> None:
    services = door(SetClock(TODAY)).unlock(folder, USER, PASSPHRASE)
    with pytest.raises(InUse):
        unlock(folder)
    services.close()
    unlock(folder)


def test_a_practice_is_not_made_over_another(folder: Path) -> None:
    with pytest.raises(Refused) as refusal:
        door(SetClock(TODAY)).create(folder, USER, PASSPHRASE)
    assert refusal.value.code == "folder_not_empty"


def test_the_recovery_key_opens_and_its_use_is_on_record(tmp_path: Path) -> None:
    way_in = door(SetClock(TODAY))
    services, key = way_in.create(tmp_path / "practice", USER, PASSPHRASE)
    services.close()
    with pytest.raises(WrongPassphrase):
        way_in.recover(tmp_path / "practice", key[:-1] + ("A" if key[-1] != "A" else "B"))
    services = way_in.recover(tmp_path / "practice", key)
    with services.desk.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT action, user.name FROM audit JOIN user ON user.id = user_id ORDER BY audit.id"
        )
        said = [tuple(row) for row in rows]
    services.close()
    assert said == [
        ("unlock", USER),
        ("unlock", USER),
        ("EMERGENCY recovery key used", USER),
    ]


def test_every_practice_knows_the_patient_collections_and_the_reasons(folder: Path) -> None:
    services = door(SetClock(TODAY)).unlock(folder, USER, PASSPHRASE)
    with services.desk.read() as session:
        run = session.connection().exec_driver_sql
        parties = run("SELECT id, kind FROM party WHERE policy_id IS NULL ORDER BY id").fetchall()
        [(rules,)] = run("SELECT COUNT(*) FROM reason_rule").fetchall()
        [(users,)] = run("SELECT COUNT(*) FROM user").fetchall()
    services.close()
    assert [tuple(row) for row in parties] == [(1, "PATIENT"), (2, "COLLECTIONS")]
    assert rules > 50
    assert users == 1
