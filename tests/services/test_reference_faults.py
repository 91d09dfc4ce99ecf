"""Files that are not what they should be: all of them is kept, or nothing."""

from __future__ import annotations

import random
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import AppError, Refused
from app.domain.reference import FileKind
from app.services.reference import ReferenceService
from tests.codesets.official_files import (
    FILES,
    GOOD,
    Official,
    zipped,
)
from tests.codesets.test_text_rows import bomb
from tests.services.reference_desk import (
    DATED,
    EDITIONS,
    EVERY,
    put,
    refused,
    state,
    take,
)


@EVERY
class TestNothingByHalves:
    @pytest.fixture(autouse=True)
    def before(self, reference: ReferenceService, tmp_path: Path, file: Official) -> None:
        take(reference, tmp_path, file)

    def test_refused_files_change_nothing(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        before = state(reference)
        data = file.data()
        half = data[: data.index(b"\n", len(data) // 2) + 3].rstrip(b"\n")
        bad: dict[str, bytes] = {
            "empty.csv": b"",
            "headings.csv": replace(file, rows=(), foot=()).data(),
            "prose.txt": b"Dear Sir,\nplease find enclosed the codes.\n",
            "page.html": b"<html><body>Not found</body></html>",
            "a.pdf": b"%PDF-1.7\n" + data,
            "damaged.zip": zipped(**{f"{file.name}": data})[:-30],
            "deep.zip": zipped(a=zipped(a=zipped(a=zipped(a=data)))),
            "doctype.xlsx": _with_doctype(file.workbook()),
            "cut.xlsx": file.workbook()[:-40],
        }
        for name, some in bad.items():
            path = put(tmp_path, name, some)
            with pytest.raises(AppError):
                reference.import_file(path, edition=EDITIONS[file.kind][0])
            assert state(reference) == before
        with suppress(AppError):  # a quoted cell may end where it was cut
            report = reference.import_file(put(tmp_path, file.name, half))
            assert report.rows < GOOD[file.kind]

    def test_cut_within_the_last_line(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        data = replace(file, foot=()).data()
        last = data.rstrip(b"\n").rindex(b"\n") + 1
        before = state(reference)
        first_cell = data[last:].index(b"\t" if file.tabs else b",")
        for end in (last + 2, last + first_cell + 1):
            path = put(tmp_path, file.name, data[:end])
            with pytest.raises(Refused):
                reference.import_file(path)
            assert state(reference) == before

    def test_a_bomb(self, reference: ReferenceService, tmp_path: Path, file: Official) -> None:
        before = state(reference)
        for name in ("a.csv", "xl/worksheets/sheet1.xml"):
            path = bomb(tmp_path / "bomb.zip", name)
            assert refused(lambda p=path: reference.import_file(p)) == "too_big"  # type: ignore[misc]
        assert state(reference) == before

    def test_a_wrong_year(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        if file.kind not in DATED:
            pytest.skip("neither its name nor its content tells a year that could be wrong")
        before = state(reference)
        path = put(tmp_path, "renamed.csv", file.data())
        asked = "2025" if file.kind is FileKind.GPCI else "2024Q2"
        assert refused(lambda: reference.import_file(path, edition=asked)) == "wrong_year"
        path = put(tmp_path, file.name, file.data())
        assert refused(lambda: reference.import_file(path, edition=asked)) == "wrong_year"
        assert state(reference) == before

    def test_another_files_content(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        before = state(reference)
        for other in FILES:
            if other.kind is not file.kind:
                path = put(tmp_path, file.name, other.data())
                assert refused(lambda p=path: reference.import_file(p, kind=file.kind)) == (  # type: ignore[misc]
                    "other_kind"
                )
        assert state(reference) == before

    def test_stopped_by_her(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        class StoppedError(Exception):
            pass

        def tell(_done: int, _total: int, _words: str) -> None:
            raise StoppedError

        before = state(reference)
        with pytest.raises(StoppedError):
            take(reference, tmp_path, file, tell=tell)
        assert state(reference) == before

    @settings(
        max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    @given(seed=st.integers(0, 2**32))
    def test_any_damage(
        self, reference: ReferenceService, tmp_path: Path, file: Official, seed: int
    ) -> None:
        rnd = random.Random(seed)
        data = bytearray(file.data())
        for _ in range(rnd.randrange(6)):
            data[rnd.randrange(len(data))] = rnd.choice(b'",\t\n0A\xff\0')
        path = put(tmp_path, file.name, bytes(data[: rnd.randrange(len(data) + 1)]))
        before = state(reference)
        try:
            reference.import_file(path, edition=EDITIONS[file.kind][0])
        except AppError:
            assert state(reference) == before


def _with_doctype(data: bytes) -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
            new.writestr(info.filename, body)
    return out.getvalue()
