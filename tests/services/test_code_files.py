"""The list of code tables: what is here, what is old, what sleeps; many files at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.reference import FileKind
from app.services import _reference_reading
from app.services.code_file_rows import CodeTableRow, ImportWish, TableState
from app.services.reference_rows import ReferenceReport
from tests.codesets.official_files import FILES, HCPCS_ROWS, official
from tests.services.changing_office import NAMES, hcpcs, put
from tests.services.front_desk import Office
from tests.services.reference_desk import SUMMER

PLAIN = ImportWish()


@pytest.fixture(autouse=True)
def _summer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_reference_reading, "_WHOLE", dict.fromkeys(FileKind, 1))
    monkeypatch.setattr(_reference_reading, "_OF_BEFORE", 0)
    office.clock.day = SUMMER


def all_files(office: Office, folder: Path) -> None:
    paths = [put(folder, file.kind, file.rows) for file in FILES if file.kind is not FileKind.GPCI]
    gpci = official(FileKind.GPCI)
    (folder / gpci.name).write_bytes(gpci.data())
    outcomes = office.services.code_files.import_files([*paths, folder / gpci.name], PLAIN)
    assert [o.why for o in outcomes if o.report is None] == []


def rows(office: Office, kind: FileKind) -> list[CodeTableRow]:
    return [row for row in office.services.code_files.tables() if row.kind is kind]


def row(office: Office, kind: FileKind) -> CodeTableRow:
    (found,) = rows(office, kind)
    return found


def test_where_nothing_is_imported_everything_says_what_sleeps(office: Office) -> None:
    states = {r.kind: r.state for r in office.services.code_files.tables()}
    assert states.pop(FileKind.PLACES) is TableState.CURRENT
    assert set(states.values()) == {TableState.MISSING}
    assert FileKind.ICD not in states  # not ready yet: nobody waits for it
    assert row(office, FileKind.NCCI).sleeping == ("E079",)
    assert row(office, FileKind.MUE).sleeping == ("E080",)
    assert set(row(office, FileKind.RVU).sleeping) >= {"E077", "E078", "E083", "E084", "E101"}
    assert set(row(office, FileKind.HCPCS).sleeping) == {"E074", "E075"}
    assert row(office, FileKind.AGES).sleeping == ("E051",)
    assert row(office, FileKind.PLACES).sleeping == ()
    assert all(r.where for r in office.services.code_files.tables())


def test_every_edit_that_names_a_table_to_import_belongs_to_a_row(office: Office) -> None:
    named = {e.edit_id for e in office.services.scrub.edits() if e.table}
    office.services.codesets.prepare()
    known = {edit for r in office.services.code_files.tables() for edit in r.edits}
    assert named - known == {"E057", "E096"}  # the charge list's own marks; no file exists


def test_imported_tables_wake_their_edits_and_grow_old(office: Office, tmp_path: Path) -> None:
    all_files(office, tmp_path)
    for kind in (f.kind for f in FILES):
        assert row(office, kind).sleeping == ()
    now = {kind: row(office, kind).state for kind in (f.kind for f in FILES)}
    assert now.pop(FileKind.NCCI) is TableState.PART
    assert "part 2, 3, 4 of 2026Q3" in row(office, FileKind.NCCI).advice
    assert now.pop(FileKind.AGES) is TableState.COMING
    assert set(now.values()) == {TableState.CURRENT}
    office.clock.day = date(2026, 10, 1)
    hcpcs_row = row(office, FileKind.HCPCS)
    assert hcpcs_row.state is TableState.OLD
    assert hcpcs_row.advice == "Import 2026Q4: 2026Q3 ended on 09/30/2026."
    assert row(office, FileKind.TAXONOMY).state is TableState.CURRENT
    office.clock.day = date(2027, 1, 1)
    assert row(office, FileKind.GPCI).advice.startswith("Import 2027:")
    assert row(office, FileKind.TAXONOMY).state is TableState.OLD
    assert row(office, FileKind.SEXES).state is TableState.CURRENT
    assert row(office, FileKind.AGES).state is TableState.CURRENT


def test_an_earlier_quarter_is_kept_for_earlier_services(office: Office, tmp_path: Path) -> None:
    paths = [
        put(tmp_path, FileKind.HCPCS, HCPCS_ROWS),
        put(tmp_path, FileKind.HCPCS, [*HCPCS_ROWS, hcpcs("G2222")], NAMES[FileKind.HCPCS]),
    ]
    outcomes = office.services.code_files.import_files(paths, PLAIN)
    assert [o.report and o.report.edition for o in outcomes] == ["2026Q3", "2026Q4"]
    states = [r.state for r in rows(office, FileKind.HCPCS)]
    assert states == [TableState.COMING, TableState.CURRENT]
    office.clock.day = date(2026, 11, 2)
    states = [r.state for r in rows(office, FileKind.HCPCS)]
    assert states == [TableState.CURRENT, TableState.EARLIER]
    office.services.code_files.remove(FileKind.HCPCS, "2026Q4")
    assert [r.state for r in rows(office, FileKind.HCPCS)] == [TableState.OLD]
    with pytest.raises(NotFound):
        office.services.code_files.remove(FileKind.HCPCS, "2026Q4")


def test_a_refused_file_does_not_keep_the_others_out(office: Office, tmp_path: Path) -> None:
    lost = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows, "mue.csv")
    bad = tmp_path / "letter.txt"
    bad.write_text("Dear Sir\n")
    good = put(tmp_path, FileKind.HCPCS, HCPCS_ROWS)
    told: list[str] = []
    outcomes = office.services.code_files.import_files(
        [lost, bad, good, tmp_path / "gone.csv"], PLAIN, lambda _d, _t, words: told.append(words)
    )
    assert [o.code for o in outcomes] == ["quarter_unknown", "unknown_kind", "", "trouble"]
    assert [o.asks for o in outcomes] == [True, False, False, False]
    assert any(words.startswith("3 of 4: HCPC2026_JUL_ANWEB.csv · ") for words in told)
    (again,) = office.services.code_files.import_files([lost], ImportWish(edition="2026Q3"))
    assert again.report is not None
    assert again.report.edition == "2026Q3"


def test_stopped_work_leaves_what_was_taken_before(office: Office, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    paths = [
        put(tmp_path, FileKind.HCPCS, HCPCS_ROWS),
        put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows),
    ]

    def tell(_done: int, _total: int, words: str) -> None:
        if words.startswith("2 of 2"):
            raise StoppedError

    with pytest.raises(StoppedError):
        office.services.code_files.import_files(paths, PLAIN, tell)
    assert row(office, FileKind.HCPCS).edition == "2026Q3"
    assert row(office, FileKind.MUE).state is TableState.MISSING
    assert office.services.setup.setting("code_files_changed")


def test_pages_of_the_practice_hear_of_a_change(office: Office, tmp_path: Path) -> None:
    heard: list[frozenset[str]] = []
    office.services.subscribe(heard.append)
    bad = tmp_path / "letter.txt"
    bad.write_text("Dear Sir\n")
    office.services.code_files.import_files([bad], PLAIN)
    assert heard == []
    office.services.code_files.import_files([put(tmp_path, FileKind.HCPCS, HCPCS_ROWS)], PLAIN)
    assert "setting" in heard.pop()
    office.clock.day = date(2026, 8, 4)
    office.services.code_files.remove(FileKind.HCPCS, "2026Q3")
    assert "setting" in heard.pop()


def test_diagnoses_of_several_files_become_one_edition(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = office.services
    joined: list[list[Path]] = []

    def official_files(paths: list[Path], **_how: object) -> object:
        joined.append(paths)
        return type(
            "R", (), {"name": "FY2027", "starts": date(2026, 10, 1), "ends": date(2027, 9, 30),
                      "codes": 3, "notes": 2, "index_terms": 1},
        )()  # fmt: skip

    def one(path: Path, **_how: object) -> ReferenceReport:
        if path.stem == "tabular":
            raise Refused("order_wanted", "Import the order file with it.")
        name = "FY2026" if path.stem == "old" else "FY2027"
        return ReferenceReport(FileKind.ICD, name, None, None, 3, 3)

    monkeypatch.setattr(s.codesets, "import_official", official_files)
    monkeypatch.setattr(s.reference, "import_file", one)
    paths = [tmp_path / "order.zip", tmp_path / "tabular.zip"]
    outcomes = s.code_files.import_files(paths, PLAIN)
    assert joined == [paths]
    assert [o.report and o.report.notes for o in outcomes] == [
        ("Joined from 2 files: 2 notes, 1 terms.",)
    ] * 2
    old, new = tmp_path / "old.zip", tmp_path / "index.zip"
    assert all(o.report for o in s.code_files.import_files([old, paths[0], new], PLAIN))
    assert joined[1:] == [[paths[0], new]]
    years = s.code_files.import_files([old, *paths], PLAIN)
    assert [o.code for o in years] == ["", "", "order_wanted"]  # of which year, nobody can tell


def test_a_locality_is_one_of_the_imported_indices(office: Office, tmp_path: Path) -> None:
    files = office.services.code_files
    assert files.localities() == ()
    with pytest.raises(Invalid, match="price indices"):
        files.choose_locality("0123401")
    all_files(office, tmp_path)
    assert [(p.key, p.state) for p in files.localities()][-1] == ("0123400", "VA")
    files.choose_locality("0123401")
    assert files.locality() == "0123401"
    with pytest.raises(Invalid):
        files.choose_locality("9999999")
    files.choose_locality("")
    assert files.locality() == ""


def test_a_damaged_store_says_how_it_is_mended(
    office: Office, practice_folder: Path, tmp_path: Path
) -> None:
    all_files(office, tmp_path)
    assert office.services.code_files.damage() == ""
    office.services.reference.close()
    (store,) = (practice_folder / "codes").glob("reference.codes")
    store.write_bytes(b"\0" * 4096)
    assert row(office, FileKind.MUE).state is TableState.MISSING
    assert "the first import begins it anew" in office.services.code_files.damage()
    path = put(tmp_path, FileKind.MUE, official(FileKind.MUE).rows)
    office.services.code_files.import_files([path], PLAIN)
    assert office.services.code_files.damage() == ""
