"""The store of official files: one import is one transaction, whatever happens to it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.db.reference_file import ReferenceFile, Shelved, begin_anew
from app.domain.errors import DamagedFile, StoreTrouble
from app.domain.reference import AgeRow, FileKind, PairRow, Span, UnitRow, quarter

UNITS = [UnitRow("20610", 2, 1), UnitRow("93000", 1, 2)]
Q3, Q4 = quarter(2026, 3), quarter(2026, 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codes" / "reference.codes"


@pytest.fixture
def store(path: Path) -> Iterator[ReferenceFile]:
    file = ReferenceFile(path)
    yield file
    file.close()


def put(store: ReferenceFile, span: Span = Q3, rows: Any = UNITS, **how: Any) -> int:
    with store.changing() as change:
        return change.put(
            how.pop("kind", FileKind.MUE), span, rows,
            whole=how.pop("whole", True), source=how.pop("source", "mue.csv"), **how,
        )  # fmt: skip


def units(store: ReferenceFile) -> list[Any]:
    return store.ask(
        "SELECT edition.name, code, units FROM mue JOIN part ON part.id = mue.part"
        " JOIN edition ON edition.id = part.edition ORDER BY 1, 2"
    )


def names(store: ReferenceFile) -> list[str]:
    return [shelved.edition.name for shelved in store.editions()]


def test_an_edition_with_its_rows_and_dates(store: ReferenceFile) -> None:
    assert put(store) == 2
    (shelved,) = store.editions()
    edition = shelved.edition
    assert (edition.kind, edition.name, edition.rows, edition.whole) == (
        FileKind.MUE, "2026Q3", 2, True,
    )  # fmt: skip
    assert (edition.starts, edition.ends) == (date(2026, 7, 1), date(2026, 9, 30))
    assert units(store) == [("2026Q3", "20610", 2), ("2026Q3", "93000", 1)]


def test_editions_lie_side_by_side_and_replace_their_like(store: ReferenceFile) -> None:
    put(store)
    put(store, Q4, [UnitRow("20610", 3, 1)])
    put(store, Q3, [UnitRow("20610", 9, 1)], source="again.csv", whole=False)
    assert units(store) == [("2026Q3", "20610", 9), ("2026Q4", "20610", 3)]
    first, second = store.editions()
    assert (first.edition.source, first.edition.whole, first.edition.rows) == (
        "again.csv",
        False,
        1,
    )
    assert second.edition.name == "2026Q4"


def remove_and_stop(store: ReferenceFile) -> None:
    with store.changing() as change:
        change.remove(FileKind.MUE, "2026Q3")
        raise KeyboardInterrupt


def test_what_is_raised_undoes_everything(store: ReferenceFile) -> None:
    put(store)

    def rows() -> Iterator[UnitRow]:
        yield UnitRow("11111", 1, 1)
        raise KeyboardInterrupt

    for span in (Q3, Q4):
        with pytest.raises(KeyboardInterrupt):
            put(store, span, rows())
    assert units(store) == [("2026Q3", "20610", 2), ("2026Q3", "93000", 1)]
    with pytest.raises(KeyboardInterrupt):
        remove_and_stop(store)
    assert names(store) == ["2026Q3"]


def test_two_imports_in_one_change_are_kept_together(store: ReferenceFile) -> None:

    def rows() -> Iterator[UnitRow]:
        yield UNITS[0]
        raise ValueError("second")

    def both() -> None:
        with store.changing() as change:
            change.put(FileKind.MUE, Q3, UNITS, whole=True, source="a")
            change.put(FileKind.MUE, Q4, rows(), whole=True, source="b")

    with pytest.raises(ValueError, match="second"):
        both()
    assert names(store) == []


def test_removing_gives_the_disk_back(store: ReferenceFile, path: Path) -> None:
    rnd = random.Random(1)
    rows = sorted(
        {PairRow(rnd.randrange(2**25), rnd.randrange(2**25), 9, None, 1) for _ in range(40_000)}
    )
    put(store, rows=rows, kind=FileKind.NCCI)
    full = path.stat().st_size
    with store.changing() as change:
        assert change.remove(FileKind.NCCI, "2026Q3")
        assert not change.remove(FileKind.NCCI, "2026Q3")
    assert path.stat().st_size < full / 4
    assert names(store) == []


class TestParts:
    def rows(self, start: int) -> list[PairRow]:
        return [PairRow(start + n, 5, 10, None, 0) for n in range(3)]

    def parts(self, store: ReferenceFile) -> list[tuple[int, int, int | None, int | None]]:
        (shelved,) = store.editions()
        return [(p.number, p.rows, p.low, p.high) for p in shelved.parts]

    def join(self, store: ReferenceFile, part: int, start: int) -> Shelved:
        put(store, rows=self.rows(start), kind=FileKind.NCCI, part=part, source=f"f{part}")
        (shelved,) = store.editions()
        return shelved

    def test_they_join_and_replace_their_like(self, store: ReferenceFile) -> None:
        self.join(store, 1, 100)
        shelved = self.join(store, 2, 200)
        assert self.parts(store) == [(1, 3, 100, 102), (2, 3, 200, 202)]
        assert shelved.edition.source == "f1, f2"
        assert (shelved.edition.rows, shelved.edition.parts) == (6, (1, 2))
        self.join(store, 1, 150)
        assert self.parts(store) == [(1, 3, 150, 152), (2, 3, 200, 202)]
        assert store.ask("SELECT COUNT(*), MIN(first) FROM ncci") == [(6, 150)]

    def test_a_whole_file_replaces_parts_and_the_other_way_round(
        self, store: ReferenceFile
    ) -> None:
        self.join(store, 1, 100)
        self.join(store, 0, 300)
        assert self.parts(store) == [(0, 3, 300, 302)]
        self.join(store, 2, 200)
        assert self.parts(store) == [(2, 3, 200, 202)]
        assert store.ask("SELECT COUNT(*) FROM ncci") == [(3,)]


def test_readers_see_what_was_before_until_the_end(store: ReferenceFile) -> None:
    put(store)
    seen: list[list[Any]] = []

    def rows() -> Iterator[UnitRow]:
        yield UnitRow("20610", 7, 1)
        seen.append(units(store))

    put(store, rows=rows())
    assert seen == [[("2026Q3", "20610", 2), ("2026Q3", "93000", 1)]]
    assert units(store) == [("2026Q3", "20610", 7)]


def test_it_is_found_again_after_closing(store: ReferenceFile, path: Path) -> None:
    put(store)
    put(
        store,
        Span("FY2027", date(2026, 10, 1), None),
        [AgeRow("A33", "newborn", 0, 0)],
        kind=FileKind.AGES,
    )
    store.close()
    with pytest.raises(DamagedFile):
        store.ask("SELECT 1")
    again = ReferenceFile(path)
    assert names(again) == ["FY2027", "2026Q3"]
    again.close()
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("data", [b"no database at all, but long enough to be looked at" * 30])
def test_another_file_in_its_place(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(DamagedFile):
        ReferenceFile(path)
    assert path.read_bytes() == data
    begin_anew(path)
    store = ReferenceFile(path)
    assert names(store) == []
    store.close()


def test_a_file_of_another_make_is_begun_anew(store: ReferenceFile, path: Path) -> None:
    put(store)
    store.ask("PRAGMA user_version=99")
    store.close()
    again = ReferenceFile(path)
    assert names(again) == []
    put(again)
    assert names(again) == ["2026Q3"]
    again.close()


def test_two_programs_importing_at_once(
    store: ReferenceFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.reference_file._BUSY_MS", 50)
    other = ReferenceFile(path)
    with store.changing(), pytest.raises(StoreTrouble, match="importing"):
        put(other)
    put(other)
    assert names(store) == ["2026Q3"]
    other.close()


def test_a_full_disk_leaves_what_was_there(
    store: ReferenceFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store)
    real = ReferenceFile._connected

    def small(self: ReferenceFile) -> Any:
        db = real(self)
        db.execute("PRAGMA max_page_count=60").fetchall()
        return db

    monkeypatch.setattr(ReferenceFile, "_connected", small)
    with pytest.raises(StoreTrouble, match="disk"):
        put(store, Q4, (UnitRow(f"{n:05d}", 1, 1) for n in range(50_000)))
    assert units(store) == [("2026Q3", "20610", 2), ("2026Q3", "93000", 1)]
    assert path.with_name(path.name + "-wal").stat().st_size < 10_000


def test_a_killed_import_leaves_what_was_there(store: ReferenceFile, path: Path) -> None:
    put(store)
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from app.db.reference_file import ReferenceFile
        from app.domain.reference import FileKind, UnitRow, quarter
        def rows():
            for n in range(200_000):
                yield UnitRow(f"{{n:05d}}", 1, 1)
            print("here", flush=True)
            os.kill(os.getpid(), {int(signal.SIGKILL)})
        with ReferenceFile(Path({str(path)!r})).changing() as change:
            change.put(FileKind.MUE, quarter(2026, 3), rows(), whole=True, source="x")
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout == "here\n", done.stderr
    assert units(store) == [("2026Q3", "20610", 2), ("2026Q3", "93000", 1)]
    again = ReferenceFile(path)
    assert units(again) == units(store)
    put(again)
    again.close()
