from __future__ import annotations

import hashlib
import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import header as header_file
from app.db import keys
from app.db.header import KdfCost, read_header
from app.domain.errors import (
    DamagedFile,
    Invalid,
    NewerFile,
    NotFound,
    Refused,
    StoreTrouble,
    WrongPassphrase,
)
from tests.db.conftest import CHEAP

PHRASE = "correct horse battery staple"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, bytes, str]:
    path = tmp_path / "practice.key"
    key, recovery = keys.create_header(path, [("Dana", PHRASE), ("Lee", "another phrase")], CHEAP)
    return path, key, recovery


def rewritten(path: Path, change: dict[str, object] | None = None, version: bytes = b"1") -> None:
    """A forger's work: any content, with a checksum that fits."""
    body = json.loads(path.read_bytes().split(b"\n")[1]) | (change or {})
    data = header_file.MAGIC + version + b"\n" + json.dumps(body).encode()
    path.write_bytes(data + b"\n" + hashlib.sha256(data).hexdigest().encode() + b"\n")


def test_each_holder_opens_the_same_key(made: tuple[Path, bytes, str]) -> None:
    path, key, recovery = made
    assert len(key) == 32
    assert keys.unlock(path, "Dana", PHRASE, CHEAP) == key
    assert keys.unlock(path, "  lee ", "another phrase", CHEAP) == key
    assert keys.unlock_with_recovery(path, recovery) == key
    assert keys.user_names(path) == ("Dana", "Lee")


def test_a_name_typed_otherwise_is_the_registered_one(made: tuple[Path, bytes, str]) -> None:
    assert keys.registered_name(made[0], "  dANA ") == "Dana"
    with pytest.raises(NotFound):
        keys.registered_name(made[0], "Kim")


def test_production_cost_opens_under_the_production_floor(tmp_path: Path) -> None:
    path = tmp_path / "practice.key"
    key, _ = keys.create_header(path, [("Dana", PHRASE)])
    assert read_header(path).slots[0].cost == KdfCost(65536, 3, 4)
    assert keys.unlock(path, "Dana", PHRASE) == key


def test_wrong_secret_is_told_from_damage(made: tuple[Path, bytes, str]) -> None:
    path, _, recovery = made
    other = recovery.replace(recovery[0], "Z" if recovery[0] != "Z" else "Y", 1)
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "Dana", PHRASE + "x", CHEAP)
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "Lee", PHRASE, CHEAP)
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "nobody", PHRASE, CHEAP)
    for typed in (other, "", "1234", recovery[:-1], recovery + "0", "U" * 32):
        with pytest.raises(WrongPassphrase):
            keys.unlock_with_recovery(path, typed)


def test_every_changed_byte_is_damage_before_any_passphrase(made: tuple[Path, bytes, str]) -> None:
    path, _, _ = made
    sound = path.read_bytes()
    for place in range(len(sound)):
        for mask in (0x01, 0x20, 0xFF):
            torn = bytearray(sound)
            torn[place] ^= mask
            path.write_bytes(torn)
            with pytest.raises(DamagedFile):
                read_header(path)


def test_every_cut_and_every_tail_is_damage(made: tuple[Path, bytes, str]) -> None:
    path, _, _ = made
    sound = path.read_bytes()
    for torn in [sound[:length] for length in range(len(sound))] + [sound + b"\n", sound + b"x"]:
        path.write_bytes(torn)
        with pytest.raises(DamagedFile):
            read_header(path)


def test_a_forged_header_is_refused_after_unlocking(made: tuple[Path, bytes, str]) -> None:
    path, _, recovery = made
    slots = json.loads(path.read_bytes().split(b"\n")[1])["slots"]
    rewritten(path, {"slots": [slots[0], slots[2]]})  # Lee's slot taken away behind our back
    with pytest.raises(DamagedFile):
        keys.unlock(path, "Dana", PHRASE, CHEAP)
    with pytest.raises(DamagedFile):
        keys.unlock_with_recovery(path, recovery)
    with pytest.raises(DamagedFile):
        keys.add_user(path, bytes(32), "Kim", "phrase", CHEAP)


def test_slots_cannot_be_swapped_between_names(made: tuple[Path, bytes, str]) -> None:
    path, _, _ = made
    slots = json.loads(path.read_bytes().split(b"\n")[1])["slots"]
    slots[0]["user"], slots[1]["user"] = slots[1]["user"], slots[0]["user"]
    rewritten(path, {"slots": slots})
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "Lee", PHRASE, CHEAP)


@pytest.mark.parametrize("cost", [[8, 3, 4], [65536, 1, 4], [65536, 3, 0], [2**40, 3, 4]])
def test_weakened_or_monstrous_derivation_is_refused(tmp_path: Path, cost: list[int]) -> None:
    path = tmp_path / "practice.key"
    keys.create_header(path, [("Dana", PHRASE)], CHEAP)
    slots = json.loads(path.read_bytes().split(b"\n")[1])["slots"]
    slots[0]["argon2id"] = cost
    rewritten(path, {"slots": slots})
    with pytest.raises(DamagedFile):
        keys.unlock(path, "Dana", PHRASE)


@pytest.mark.parametrize("change", [{"slots": 7}, {"mac": "zz"}, {"slots": [{}]}])
def test_nonsense_with_a_good_checksum_is_damage(
    made: tuple[Path, bytes, str], change: dict[str, object]
) -> None:
    rewritten(made[0], change)
    with pytest.raises(DamagedFile):
        keys.user_names(made[0])


def test_a_newer_header_is_not_called_damaged(made: tuple[Path, bytes, str]) -> None:
    rewritten(made[0], version=b"2")
    with pytest.raises(NewerFile):
        read_header(made[0])


def test_missing_header(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        keys.user_names(tmp_path / "practice.key")


def test_changed_passphrase_closes_the_old_one(made: tuple[Path, bytes, str]) -> None:
    path, key, recovery = made
    keys.change_passphrase(path, "dana", PHRASE, "new phrase", cost=CHEAP, floor=CHEAP)
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "Dana", PHRASE, CHEAP)
    assert keys.unlock(path, "Dana", "new phrase", CHEAP) == key
    assert keys.unlock(path, "Lee", "another phrase", CHEAP) == key
    assert keys.unlock_with_recovery(path, recovery) == key
    assert keys.user_names(path) == ("Dana", "Lee")


def test_wrong_old_passphrase_changes_nothing(made: tuple[Path, bytes, str]) -> None:
    before = made[0].read_bytes()
    with pytest.raises(WrongPassphrase):
        keys.change_passphrase(made[0], "Dana", "guess", "new", cost=CHEAP, floor=CHEAP)
    assert made[0].read_bytes() == before


def test_users_come_and_go(made: tuple[Path, bytes, str]) -> None:
    path, key, recovery = made
    keys.add_user(path, key, "Kim", "third phrase", CHEAP)
    assert keys.user_names(path) == ("Dana", "Lee", "Kim")
    assert keys.unlock(path, "Kim", "third phrase", CHEAP) == key
    with pytest.raises(Invalid):
        keys.add_user(path, key, "KIM", "x", CHEAP)
    keys.remove_user(path, key, "Lee")
    with pytest.raises(WrongPassphrase):
        keys.unlock(path, "Lee", "another phrase", CHEAP)
    keys.remove_user(path, key, "Kim")
    with pytest.raises(Refused):
        keys.remove_user(path, key, "Dana")
    for missing in ("Kim", ""):
        with pytest.raises(NotFound):
            keys.remove_user(path, key, missing)
        with pytest.raises(NotFound):
            keys.set_passphrase(path, key, missing, "x", CHEAP)
    assert keys.unlock_with_recovery(path, recovery) == key


def test_a_new_recovery_key_revokes_the_old_sheet(made: tuple[Path, bytes, str]) -> None:
    path, key, old = made
    new = keys.replace_recovery_key(path, key)
    with pytest.raises(WrongPassphrase):
        keys.unlock_with_recovery(path, old)
    assert keys.unlock_with_recovery(path, new) == key
    assert keys.unlock(path, "Dana", PHRASE, CHEAP) == key


@pytest.mark.parametrize("users", [[], [("", PHRASE)], [("Dana", " ")], [("A", "x"), ("a ", "y")]])
def test_blank_or_double_users_are_refused(tmp_path: Path, users: list[tuple[str, str]]) -> None:
    with pytest.raises(Invalid):
        keys.create_header(tmp_path / "practice.key", users, CHEAP)
    assert not (tmp_path / "practice.key").exists()


def test_composed_and_decomposed_accents_are_one_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "practice.key"
    key, _ = keys.create_header(path, [("Zoé", "clé du cabinet")], CHEAP)
    assert keys.unlock(path, "Zoe\u0301", "cle\u0301 du cabinet", CHEAP) == key


@given(st.lists(st.integers(0, 59), min_size=39, max_size=39))
@settings(max_examples=40, deadline=None)
def test_recovery_key_survives_copying_by_hand(
    tmp_path_factory: pytest.TempPathFactory, choices: list[int]
) -> None:
    path = tmp_path_factory.mktemp("k") / "practice.key"
    key, recovery = keys.create_header(path, [("Dana", PHRASE)], CHEAP)
    assert [len(group) for group in recovery.split("-")] == [4] * 8
    assert not set("ILOU") & set(recovery)
    readings = {"0": [*"0oO"], "1": [*"1iIlL"], "-": ["-", " ", "", " - ", "\u2013"]}
    typed = ""
    for character, choice in zip(recovery, choices, strict=True):
        ways = readings.get(character, [character, character.lower()])
        typed += ways[choice % len(ways)]
    assert keys.unlock_with_recovery(path, typed) == key


def test_secrets_are_not_in_the_header(made: tuple[Path, bytes, str]) -> None:
    path, key, recovery = made
    content = path.read_bytes()
    for secret in (key, key.hex().encode(), recovery.encode(), PHRASE.encode()):
        assert secret not in content


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_header_is_for_its_owner_only(made: tuple[Path, bytes, str]) -> None:
    assert stat.S_IMODE(made[0].stat().st_mode) == 0o600


def test_a_failed_write_leaves_the_old_header(
    made: tuple[Path, bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key, _ = made
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreTrouble, match="disk is full"):
        keys.add_user(path, key, "Kim", "phrase", CHEAP)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["practice.key"]


def test_derived_keys_differ_by_purpose() -> None:
    assert keys.derive(b"k" * 32, "a") != keys.derive(b"k" * 32, "b")
    assert len(keys.derive(b"k" * 32, "a")) == 32
