"""Every reader of official files: any dress, any damage, nothing but rows or a refusal."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets import code_lists, gpci, hcpcs, mue, ncci, payer_list, rvu, taxonomy
from app.codesets.detect import kind_of
from app.codesets.reading import Heard
from app.codesets.text_rows import Table
from app.domain.errors import AppError, Refused
from app.domain.reference import FileKind
from tests.codesets.official_files import (
    FILES,
    GOOD,
    Official,
    zipped,
)

READERS: dict[FileKind, Callable[[Table, Heard], Iterator[Any]]] = {
    FileKind.HCPCS: hcpcs.read,
    FileKind.NCCI: ncci.read,
    FileKind.MUE: mue.read,
    FileKind.RVU: rvu.read,
    FileKind.GPCI: gpci.read,
    FileKind.TAXONOMY: taxonomy.read,
    FileKind.PAYERS: payer_list.read,
    FileKind.AGES: code_lists.read_ages,
    FileKind.SEXES: code_lists.read_sexes,
    FileKind.PLACES: code_lists.read_places,
    FileKind.ICD_CHANGES: code_lists.read_changes,
}


def read(kind: FileKind, data: bytes | str, name: str = "a.csv") -> tuple[list[Any], Heard]:
    heard = Heard()
    told = data.encode() if isinstance(data, str) else data
    return list(READERS[kind](Table(name, told), heard)), heard


def why(heard: Heard) -> list[str]:
    return [f"{line.number}: {line.why}" for line in heard.refused]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.kind))
class TestEvery:
    def test_it_is_known_by_its_content(self, file: Official) -> None:
        assert kind_of(Table("x", file.data())) is file.kind
        assert kind_of(Table("x", file.workbook())) is file.kind

    def test_the_same_in_every_dress(self, file: Official) -> None:
        rows, heard = read(file.kind, file.data())
        assert len(rows) == GOOD[file.kind]
        assert not heard.refused
        dresses = [
            file.text("\r\n").encode(),
            b"\xef\xbb\xbf" + file.data(),
            file.text("\r").encode(),
            file.text().encode("utf-16"),
            file.workbook(),
        ]
        for dress in dresses:
            again, refused = read(file.kind, dress)
            assert (_plain(again), why(refused)) == (_plain(rows), [])

    def test_latin_1(self, file: Official) -> None:
        rows, _ = read(file.kind, file.data())
        again, _ = read(file.kind, file.text().encode("latin-1", "replace"))
        assert again == rows

    @given(cut=st.integers(0, 3000))
    def test_cut_off_anywhere_it_reads_or_refuses(self, file: Official, cut: int) -> None:
        with suppress(Refused):
            rows, _ = read(file.kind, file.data()[:cut])
            assert len(rows) <= GOOD[file.kind]

    @given(seed=st.integers(0, 2**32))
    def test_whatever_stands_in_it(self, file: Official, seed: int) -> None:
        rnd = random.Random(seed)
        data = bytearray(file.data())
        for _ in range(rnd.randrange(1, 30)):
            data[rnd.randrange(len(data))] = rnd.choice(b'",\t\n\r;0A9*-\xff\0 .')
        with suppress(AppError):
            kind_of(Table("x", bytes(data)))
            read(file.kind, bytes(data))

    def test_another_files_content(self, file: Official) -> None:
        for other in FILES:
            if other is not file:
                with suppress(Refused):
                    assert read(file.kind, other.data())[0] == []


def _plain(rows: list[Any]) -> list[tuple[object, ...]]:
    """Line ends inside cells are as the file has them."""
    return [
        tuple(str(v).replace("\r\n", "\n").replace("\r", "\n") for v in row or ()) for row in rows
    ]


@given(st.binary(max_size=600))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    for reader in READERS.values():
        with suppress(AppError):
            list(reader(Table("a", data), Heard()))
    with suppress(AppError):
        kind_of(Table("a", data))


def test_a_zip_is_no_table_of_its_own() -> None:
    assert kind_of(Table("a", zipped(a__csv=b"a,b\n"))) is None
