"""The file of an edition: built whole or not at all, and known again when it is damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.db.codes_file import MAKE, CodesFile, build_codes_file
from app.domain.errors import DamagedFile, StoreTrouble
from app.domain.icd import EditionRows, IcdNode, Note, NoteKind, edition_of

NODES = (
    IcdNode("ch9", "", "Guts", notes=(Note(NoteKind.EXCLUDES1, "lumps elsewhere (R22.-)"),)),
    IcdNode("K30-K39", "ch9", "Lumps"),
    IcdNode("K35", "K30-K39", "Lumpy gut"),
    IcdNode("K350", "K35", "Lumpy gut, left", billable=True, short="Lumpy gut, l"),
    IcdNode("K351", "K35", "Lumpy gut, right"),
    IcdNode("K351XXA", "K351", "Lumpy gut, right, first", True, "K351", "first"),
    IcdNode("K351XXD", "K351", "Lumpy gut, right, AFTER", True, "K351", "later"),
)
ROWS = EditionRows(edition_of(2031, "a test"), NODES)
TERMS = [("K350", "t", "lumpy gut left"), ("K351", "t", "lumpy gut right"), ("K35", "o", "bumps")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "codes" / "one.codes"
    build_codes_file(place, ROWS, TERMS, "first")
    return place


def test_what_goes_in_comes_out(path: Path) -> None:
    file = CodesFile(path)
    try:
        assert tuple(file.all_nodes()) == NODES
        assert (file.make, file.counts, file.edition) == ("first", (5, 3), ROWS.edition)
        assert [n.key for n in file.children("K35")] == ["K350", "K351"]
        assert [n.key for n in file.under("K35", 9)] == ["K350", "K351XXA", "K351XXD"]
        assert [n.key for n in file.leaves("K35", 9)] == ["K350", "K351"]
        assert next(n.key for n in file.beginning("K3", 9)) == "K35"
        assert [key for _, key, _, _ in file.terms('"lum"* AND "gut"*', 9)] == ["K350", "K351"]
        assert [n.text for n in file.notes("ch9")] == ["lumps elsewhere (R22.-)"]
        assert ("lumpy", 2) in file.vocabulary()
        file.prove()
    finally:
        file.close()


def test_every_row_says_from_when_to_when_it_is_valid(path: Path) -> None:
    db = sqlite3.connect(path)
    days = db.execute("SELECT DISTINCT valid_from, valid_to FROM node").fetchall()
    db.close()
    assert days == [("2030-10-01", "2031-09-30")]


def test_a_build_that_is_stopped_leaves_the_old_file(path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, _total: int, _text: str) -> None:
        if done == 4:
            raise StoppedError

    before = path.read_bytes()
    with pytest.raises(StoppedError):
        build_codes_file(path, ROWS, TERMS, "second", stop)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_build_over_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "codes").write_text("in the way")
    with pytest.raises(StoreTrouble):
        build_codes_file(tmp_path / "codes" / "one.codes", ROWS, TERMS, "x")


@pytest.mark.parametrize("keep", [0, 100, 5000, -4096])
def test_a_cut_file_is_damaged(path: Path, keep: int) -> None:
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DamagedFile):
        _proved(path)


def test_a_file_with_a_page_of_rubbish_is_damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedFile):
        _proved(path)


def test_a_file_of_another_make_is_built_again(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={MAKE + 1}")
    db.commit()
    db.close()
    with pytest.raises(DamagedFile):
        CodesFile(path)


def test_a_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        CodesFile(tmp_path / "none.codes")
    assert not list(tmp_path.iterdir())


def test_it_cannot_be_written_through_the_reader(path: Path) -> None:
    file = CodesFile(path)
    try:
        with pytest.raises(DamagedFile):
            file._ask("DELETE FROM node")
    finally:
        file.close()


def _proved(path: Path) -> None:
    file = CodesFile(path)
    try:
        file.prove()
    finally:
        file.close()
