from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.db import practice
from app.db.database import Database
from app.db.files import FolderLock
from app.db.keys import user_names
from app.db.practice import (
    DATABASE,
    HEADER,
    create_practice,
    open_practice,
    open_with_recovery,
    restore_practice,
)
from app.db.upgrade import HISTORY, History, revision_of
from app.domain.errors import (
    DamagedFile,
    InUse,
    Invalid,
    NewerFile,
    NotFound,
    Refused,
    StoreTrouble,
    WrongPassphrase,
)
from app.models.people import Setting
from tests.db.conftest import CHEAP, PASSPHRASE, USER


def reopen(folder: Path, passphrase: str = PASSPHRASE, user: str = USER) -> Database:
    return open_practice(folder, user, passphrase, floor=CHEAP)


def test_create_close_open(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "practice"
    db, recovery = create_practice(folder, USER, PASSPHRASE, cost=CHEAP)
    with db.write() as session:
        session.add(Setting(key="a", value="1"))
    db.close()
    again = reopen(folder)
    with again.read() as session:
        assert session.scalars(select(Setting.value)).all() == ["1"]
    again.close()
    rescued = open_with_recovery(folder, recovery)
    practice.set_passphrase(rescued, USER, "chosen anew", CHEAP)
    practice.add_user(rescued, "Lee", "second passphrase", CHEAP)
    new_sheet = practice.replace_recovery_key(rescued)
    rescued.close()
    with pytest.raises(WrongPassphrase):
        reopen(folder)
    with pytest.raises(WrongPassphrase):
        open_with_recovery(folder, recovery)
    reopen(folder, "second passphrase", "lee").close()
    open_with_recovery(folder, new_sheet).close()
    db = reopen(folder, "chosen anew")
    practice.remove_user(db, "Lee")
    db.close()
    assert user_names(folder / HEADER) == (USER,)


def test_an_empty_folder_may_be_used_a_full_one_not(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    folder.mkdir()
    db, _ = create_practice(folder, USER, PASSPHRASE, cost=CHEAP)
    db.close()
    with pytest.raises(Refused) as refused:
        create_practice(folder, USER, PASSPHRASE, cost=CHEAP)
    assert refused.value.code == "folder_not_empty"
    reopen(folder).close()


def test_a_refused_creation_leaves_nothing(tmp_path: Path) -> None:
    for user, passphrase in (("", PASSPHRASE), (USER, "")):
        with pytest.raises(Invalid):
            create_practice(tmp_path / "practice", user, passphrase, cost=CHEAP)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_everything_is_for_its_owner_only(tmp_path: Path) -> None:
    mask = os.umask(0o000)
    try:
        db, _ = create_practice(tmp_path / "practice", USER, PASSPHRASE, cost=CHEAP)
        with db.write() as session:
            session.add(Setting(key="a", value="1"))
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (tmp_path / "practice").iterdir()
        }
        db.close()
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "practice").stat().st_mode) == 0o700
    assert {"practice.db", "practice.db-wal", "practice.key", "practice.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}, modes


def test_a_second_copy_is_kept_out(db: Database) -> None:
    with pytest.raises(InUse):
        reopen(db.path.parent)
    script = (
        "import sys; from pathlib import Path; from app.db.practice import open_practice\n"
        "from app.domain.errors import InUse\n"
        "try: open_practice(Path(sys.argv[1]), 'x', 'y')\n"
        "except InUse: sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(db.path.parent)], check=False)
    assert done.returncode == 7


def test_the_lock_dies_with_its_process(practice_folder: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from app.db.files import FolderLock\n"
        "lock = FolderLock(Path(sys.argv[1])); os._exit(9)\n"
    )
    lock = practice_folder / "practice.lock"
    done = subprocess.run([sys.executable, "-c", script, str(lock)], check=False)
    assert done.returncode == 9
    reopen(practice_folder).close()


def test_wrong_passphrase_frees_the_lock(practice_folder: Path) -> None:
    with pytest.raises(WrongPassphrase):
        reopen(practice_folder, "guess")
    reopen(practice_folder).close()


def test_each_trouble_has_its_own_word(practice_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        reopen(tmp_path / "nowhere")
    sound = (practice_folder / DATABASE).read_bytes()

    (practice_folder / DATABASE).unlink()
    with pytest.raises(StoreTrouble, match=r"practice\.db is missing"):
        reopen(practice_folder)

    torn = {
        "plain": b"SQLite format 3\x00" + sound[16:],
        "empty": b"",
        "zeroed first page": bytes(4096) + sound[4096:],
        "cut inside a page": sound[:-100],
        "other bytes": os.urandom(len(sound)),
    }
    for content in torn.values():
        (practice_folder / DATABASE).write_bytes(content)
        with pytest.raises(DamagedFile):
            reopen(practice_folder)
        assert (practice_folder / DATABASE).read_bytes() == content

    (practice_folder / DATABASE).write_bytes(sound)
    header = (practice_folder / HEADER).read_bytes()
    (practice_folder / HEADER).write_bytes(header[:50] + b"?" + header[51:])
    with pytest.raises(DamagedFile, match=r"practice\.key"):
        reopen(practice_folder)
    (practice_folder / HEADER).unlink()
    with pytest.raises(StoreTrouble, match=r"practice\.key is missing"):
        reopen(practice_folder)
    (practice_folder / HEADER).write_bytes(header)
    reopen(practice_folder).close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_linked_database_is_refused(practice_folder: Path, tmp_path: Path) -> None:
    (practice_folder / DATABASE).rename(tmp_path / "elsewhere.db")
    (practice_folder / DATABASE).symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(DamagedFile, match="link"):
        reopen(practice_folder)


def test_a_file_of_another_practice_is_told_as_damage(
    practice_folder: Path, tmp_path: Path
) -> None:
    db, _ = create_practice(tmp_path / "other", USER, PASSPHRASE, cost=CHEAP)
    db.close()
    shutil.copyfile(tmp_path / "other" / DATABASE, practice_folder / DATABASE)
    with pytest.raises(DamagedFile):
        reopen(practice_folder)


def test_a_newer_schema_is_refused_untouched(db: Database) -> None:
    with db.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    folder = db.path.parent
    db.close()
    before = db.path.read_bytes()
    with pytest.raises(NewerFile):
        reopen(folder)
    assert db.path.read_bytes() == before
    assert not (folder / "backups").exists()
    reopen_newer = open_practice(
        folder, USER, PASSPHRASE, floor=CHEAP, history=History(HISTORY.scripts, ("0001", "9999"))
    )
    assert revision_of(reopen_newer.path, reopen_newer.raw_key()) == "9999"
    reopen_newer.close()


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreTrouble):
        create_practice(tmp_path / "file" / "practice", USER, PASSPHRASE, cost=CHEAP)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="needs a second user",
)
def test_an_unwritable_folder_in_words(practice_folder: Path) -> None:
    """As another user, for whom root's file modes are real."""
    for path in (practice_folder, *practice_folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    parents = [p for p in practice_folder.parents if p.name.startswith("pytest")]
    for parent in (*parents, practice_folder.parent):
        parent.chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from app.db.practice import open_practice\n"
        "from app.domain.errors import StoreTrouble\n"
        "try: open_practice(Path(sys.argv[1]), 'x', 'y')\n"
        "except StoreTrouble as e: print(e.message); sys.exit(7)\n"
    )
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = subprocess.run([*other, sys.executable, "-c", "import app.db.practice"], check=False)
    if probe.returncode:
        pytest.skip("the interpreter is not for other users")
    done = subprocess.run(
        [*other, sys.executable, "-c", script, str(practice_folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    assert "cannot be written" in done.stdout


DIES = """
import os, sys
from pathlib import Path
import alembic.command, alembic.autogenerate
from app.db import practice
from app.db.header import KdfCost

def dying(function):
    def run(*args, **more):
        global left
        for result in (None, function):
            left -= 1
            if left < 0:
                os._exit(9)
            if result is not None:
                value = function(*args, **more)
        return value
    return run

for name in ("fsync", "open", "rename", "replace", "rmdir", "mkdir"):
    setattr(os, name, dying(getattr(os, name)))
practice.bring_up_to_date = dying(practice.bring_up_to_date)

for number in range(1000):
    child = os.fork()
    if not child:
        left = number
        db, _ = practice.create_practice(Path(sys.argv[1], str(number), "practice"), "Dana Biller",
            "correct horse battery staple", cost=KdfCost(8, 1, 1))
        db.close()
        os._exit(0)
    left = 10**6
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, flush=True)
    if code != 9:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_creation_killed_anywhere_leaves_a_practice_or_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIES, str(tmp_path)], check=True, capture_output=True
    )
    codes = [int(line) for line in done.stdout.split()]
    assert codes[-1] == 0, done.stderr
    there = []
    for number in range(len(codes)):
        folder = tmp_path / str(number) / "practice"
        there.append(folder.exists() and any(folder.iterdir()))
        if there[-1]:
            reopen(folder).close()
        else:
            db, _ = create_practice(folder, USER, PASSPHRASE, cost=CHEAP)
            db.close()
        assert [path.name for path in folder.parent.iterdir()] == ["practice"], number
    assert there.count(False) > 10
    assert there == sorted(there)  # none, until the one rename; whole from then on


def test_a_creation_at_work_is_not_swept_away(tmp_path: Path) -> None:
    busy = tmp_path / ".practice.making-1234"
    busy.mkdir()
    lock = FolderLock(busy / "practice.lock")
    db, _ = create_practice(tmp_path / "practice", USER, PASSPHRASE, cost=CHEAP)
    db.close()
    assert busy.exists()
    lock.release()


def test_restore_needs_both_files_and_the_passphrase(db: Database, tmp_path: Path) -> None:
    from app.db.backup import backup

    target = tmp_path / "copies" / "monday.db"
    with db.write() as session:
        session.add(Setting(key="a", value="1"))
    backup(db, target)
    with pytest.raises(WrongPassphrase):
        restore_practice(target, tmp_path / "new", USER, "guess", floor=CHEAP)
    with pytest.raises(NotFound):
        restore_practice(tmp_path / "tuesday.db", tmp_path / "new", USER, PASSPHRASE, floor=CHEAP)
    with pytest.raises(Refused):
        restore_practice(target, db.path.parent, USER, PASSPHRASE, floor=CHEAP)
    sound = target.read_bytes()
    target.write_bytes(sound[:9000] + bytes([sound[9000] ^ 1]) + sound[9001:])
    with pytest.raises(DamagedFile):
        restore_practice(target, tmp_path / "new", USER, PASSPHRASE, floor=CHEAP)
    assert not (tmp_path / "new").exists()
    target.write_bytes(sound)
    restore_practice(target, tmp_path / "new", USER, PASSPHRASE, floor=CHEAP)
    assert sorted(path.name for path in target.parent.iterdir()) == ["monday.db", "monday.key"]
    assert target.read_bytes() == sound
    restored = reopen(tmp_path / "new")
    with restored.read() as session:
        assert session.scalars(select(Setting.value)).all() == ["1"]
    restored.close()
