"""Official files as users hand them over: zipped, nested, cut, swapped, or a bomb."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.codesets import official_zip
from app.codesets.official import OfficialFiles, compose, find_files, year_of
from app.codesets.official_zip import members
from app.codesets.order_file import read_order
from app.domain.errors import Refused
from app.domain.icd import IcdNode, NoteKind
from tests.codesets.test_order_file import ROWS, TEXT, order_line

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2031</version><chapter><name>9</name><desc>Guts (K00-K99)</desc>
<excludes1><note>lumps elsewhere (R22.-)</note></excludes1>
<section id="K30-K39"><desc>Lumps</desc><diag><name>K35</name><desc>Lumpy gut</desc>
<diag><name>K35.0</name><desc>Lumpy gut, left</desc>
<inclusionTerm><note>Sinistral lumps</note></inclusionTerm></diag>
<diag><name>K35.1</name><desc>Lumpy gut, Ménière's</desc>
<sevenChrDef><extension char="A">first visit</extension>
<extension char="D">later visit</extension></sevenChrDef></diag>
</diag></section></chapter></ICD10CM.tabular>"""
INDEX = """<?xml version="1.0"?><ICD10CM.index><version>2031</version><letter><title>L</title>
<mainTerm><title>Lump<nemod>(s)</nemod></title><code>K35.-</code><term level="1">
<title>gut <nemod>(all)</nemod> left</title><code>K35.0</code></term></mainTerm></letter>
</ICD10CM.index>"""


def zipped(**files: str | bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return box.getvalue()


def put(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_zip_in_a_zip_reads_whatever_the_names(tmp_path: Path) -> None:
    inner = zipped(odd_name=TEXT, other=TABULAR, third=INDEX, read_me="Hello.")
    found = find_files([put(tmp_path, "2031 release.bin", zipped(deep__box=inner))])
    assert found.order is not None
    assert len(found.order.lines) == len(ROWS)
    assert found.tabular is not None
    assert year_of(found, None) == 2031
    assert dict(found.index) == {"Lump": "K35", "Lump gut left": "K350"}


def test_the_order_file_wins_over_the_plain_list_beside_it(tmp_path: Path) -> None:
    plain = "K350    Lumpy gut, left\nK351XXA Lumpy gut, first visit\n" * 3
    found = find_files([put(tmp_path, "a.zip", zipped(codes_dot_txt=plain, order_dot_txt=TEXT))])
    assert found.order is not None
    assert any(not line.billable for line in found.order.lines)


def test_order_and_tabular_make_one_edition(tmp_path: Path) -> None:
    found = find_files([put(tmp_path, "a.zip", zipped(a=TEXT, b=TABULAR, c=INDEX))])
    rows = compose(found, 2031, [], partial=True)
    nodes = {node.key: node for node in rows.nodes}
    assert (rows.codes, rows.billable) == (4, 2)
    assert "K351XXD" not in nodes  # the order file does not list it
    assert nodes["K350"].notes[0].kind is NoteKind.INCLUSION
    assert nodes["K35"].parent == "K30-K39"
    assert nodes["K350"].short == "Lumpy gut, left"


def test_the_order_file_alone_borrows_notes_and_chapters(tmp_path: Path) -> None:
    first = find_files([put(tmp_path, "a.zip", zipped(a=TEXT, b=TABULAR))])
    before = compose(first, 2031, [], partial=True).nodes
    later = TEXT + order_line(5, "K359", 1, "Lumpy gut, new") + "\n"
    found = find_files([put(tmp_path, "order-2032.txt", later)])
    nodes = {n.key: n for n in compose(found, year_of(found, None), before).nodes}
    assert nodes["K350"].notes == next(n for n in before if n.key == "K350").notes
    assert nodes["K359"].parent == "K35"
    assert nodes["K35"].parent == "K30-K39"


def test_few_codes_mean_a_truncated_file(tmp_path: Path) -> None:
    before = [IcdNode(f"A{n:02}", "", "x", True) for n in range(40)]
    found = find_files([put(tmp_path, "order2031.txt", TEXT)])
    with pytest.raises(Refused, match="not whole") as refused:
        compose(found, 2031, before)
    assert refused.value.code == "truncated"


def test_codes_of_another_year_are_noticed() -> None:
    found = OfficialFiles()
    lines = "".join(f"J{n:02}1    Odd thing {n}\n" for n in range(20))
    found.order = read_order(lines)
    with pytest.raises(Refused, match="another year"):
        compose(found, 2027, [], exists=lambda code: code > "J10")


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        find_files([path])
    return refused.value.code


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "a.csv", "code,name\n11,Office\n")) == "nothing_found"
    assert refusal(put(tmp_path, "b.xml", TABULAR[:-60])) == "not_tabular"
    assert refusal(put(tmp_path, "c.xml", "<ICD10CM.index><x/></ICD10CM.index>")) == "not_index"
    assert refusal(put(tmp_path, "d.zip", zipped(a=TEXT)[:-40])) == "damaged_zip"
    assert refusal(put(tmp_path, "e.txt", TEXT[:-150])) == "truncated"
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">]>'
    bomb = TABULAR.replace("?>", "?>" + laughs, 1)
    assert refusal(put(tmp_path, "f.xml", bomb)) == "not_tabular"


def test_years_that_disagree_are_refused(tmp_path: Path) -> None:
    found = find_files([put(tmp_path, "order-2030.txt", TEXT), put(tmp_path, "t.xml", TABULAR)])
    with pytest.raises(Refused, match="not of one year"):
        year_of(found, None)
    alone = find_files([put(tmp_path, "order.txt", TEXT)])
    with pytest.raises(Refused) as refused:
        year_of(alone, None)
    assert refused.value.code == "year_unknown"
    assert year_of(alone, 2031) == 2031


class TestBombs:
    """A zip that claims little and gives much, and one that claims much."""

    @pytest.fixture(autouse=True)
    def small_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(official_zip, "MOST_BYTES", 50_000)
        monkeypatch.setattr(official_zip, "MOST_IN_ALL", 80_000)

    def refused(self, path: Path) -> str:
        with pytest.raises(Refused) as refused:
            list(members(path))
        return refused.value.code

    def test_what_it_declares(self, tmp_path: Path) -> None:
        assert self.refused(put(tmp_path, "a.zip", zipped(a=b"0" * 60_000))) == "too_big"
        many = zipped(a=b"0" * 40_000, b=b"0" * 41_000)
        assert self.refused(put(tmp_path, "b.zip", many)) == "too_big"

    def test_what_really_comes_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = put(tmp_path, "a.zip", zipped(a=b"0" * 60_000))
        real = zipfile.ZipFile.infolist

        def lying(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
            infos = real(archive)
            for info in infos:
                info.file_size = 10
            return infos

        monkeypatch.setattr(zipfile.ZipFile, "infolist", lying)
        assert self.refused(path) in ("too_big", "damaged_zip")

    def test_zips_in_zips_in_zips(self, tmp_path: Path) -> None:
        data = b"x"
        for _ in range(6):
            data = zipped(a=data)
        assert self.refused(put(tmp_path, "a.zip", data)) == "too_big"

    def test_bombs_in_a_zip_share_one_budget(self, tmp_path: Path) -> None:
        one = zipped(a=b"0" * 45_000)
        assert self.refused(put(tmp_path, "a.zip", zipped(a=one, b=one))) == "too_big"
