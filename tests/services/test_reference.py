"""Official files through the one entry: right rows, dates and reports; kept and taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import NotFound
from app.domain.reference import FileKind, RefusedLine
from app.services.codesets import CodeSetService
from app.services.reference import ReferenceService
from tests.codesets.official_files import (
    CHANGES_HEAD,
    CHANGES_ROWS,
    GOOD,
    Official,
    official,
    rvu_row,
    workbook,
    zipped,
)
from tests.codesets.test_order_file import order_line
from tests.services.reference_desk import (
    EDITIONS,
    EVERY,
    SUMMER,
    opened,
    put,
    refused,
    state,
    take,
)


class TestImport:
    @EVERY
    def test_rows_edition_and_dates(
        self, reference: ReferenceService, tmp_path: Path, file: Official
    ) -> None:
        report = take(reference, tmp_path, file)
        assert (report.kind, report.rows, report.refused) == (file.kind, GOOD[file.kind], ())
        assert (report.edition, report.starts, report.ends) == EDITIONS[file.kind]
        (edition,) = reference.editions()
        assert (edition.name, edition.starts, edition.ends) == EDITIONS[file.kind]
        assert edition.rows == report.kept
        assert edition.source == file.name

    @EVERY
    def test_every_dress(self, reference: ReferenceService, tmp_path: Path, file: Official) -> None:
        take(reference, tmp_path, file)
        wanted = state(reference)
        name = Path(file.name).stem
        inner = zipped(**{f"{name}__csv": file.data(), "readme__pdf": b"%PDF"})
        dresses = {
            f"{name}.txt": file.text("\r\n").encode(),
            f"{name}.csv": b"\xef\xbb\xbf" + file.data(),
            f"{name}.xlsx": file.workbook(),
            f"{name}.zip": inner,
            f"{name}-in-a-zip.zip": zipped(**{f"{name}__zip": inner}),
        }
        for number, (kept, data) in enumerate(dresses.items()):
            other = opened(tmp_path / str(number))
            edition = EDITIONS[file.kind][0] if file.kind is FileKind.PAYERS else None
            report = other.import_file(put(tmp_path, kept, data), edition=edition)
            assert report.rows == GOOD[file.kind]
            assert _said(state(other)) == _said(wanted)
            other.close()

    def test_refused_lines_are_told(self, reference: ReferenceService, tmp_path: Path) -> None:
        file = official(FileKind.MUE)
        path = put(tmp_path, file.name, file.data() + b"nothing,1,2,x\n")
        report = reference.import_file(path)
        assert report.rows == 3
        assert report.refused == (
            RefusedLine(10, "nothing | 1 | 2 | x", "it has no procedure code"),
        )

    def test_more_refused_than_taken(self, reference: ReferenceService, tmp_path: Path) -> None:
        file = official(FileKind.MUE)
        path = put(tmp_path, file.name, file.data() + b"nothing,1,2,x\n" * 30)
        assert refused(lambda: reference.import_file(path)) == "not_recognized"

    def test_the_edition_has_to_be_known(self, reference: ReferenceService, tmp_path: Path) -> None:
        for kind, asked in ((FileKind.MUE, "2026Q3"), (FileKind.AGES, "2027")):
            path = put(tmp_path, "renamed.csv", official(kind).data())
            assert refused(lambda p=path: reference.import_file(p)) in (  # type: ignore[misc]
                "quarter_unknown", "year_unknown",
            )  # fmt: skip
            assert reference.import_file(path, edition=asked).edition == EDITIONS[kind][0]

    def test_descriptors_only_with_a_licence(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, official(FileKind.RVU))
        line = reference.fee_line("99213", "", SUMMER)
        assert line is not None
        assert line.wording == ""
        assert b"SOMEBODY" not in (tmp_path / "codes" / "reference.codes").read_bytes()
        take(reference, tmp_path, official(FileKind.RVU), with_descriptors=True)
        line = reference.fee_line("99213", "", SUMMER)
        assert line is not None
        assert line.wording == "SOMEBODY'S WORDS"

    def test_the_zip_of_the_fee_schedule(self, reference: ReferenceService, tmp_path: Path) -> None:
        rvu, gpci = official(FileKind.RVU), official(FileKind.GPCI)
        better = replace(rvu, rows=(rvu_row("99213", factor="33.5675"),))
        path = put(
            tmp_path,
            "rvu26c.zip",
            zipped(
                PPRRVU2026_Jul_QPP__csv=better.data(),
                PPRRVU2026_Jul_nonQPP__csv=rvu.data(),
                GPCI2026__csv=gpci.data(),
                readme__txt=b"Words\n",
            ),
        )
        report = reference.import_file(path)
        found = {r.kind: r.rows for r in (report, *report.also)}
        assert found == {FileKind.RVU: len(rvu.rows), FileKind.GPCI: 3}
        line = reference.fee_line("99213", "", SUMMER)
        assert line is not None
        assert line.factor == 334009
        only = reference.import_file(put(tmp_path, "PPRRVU2026_Jul_QPP.csv", better.data()))
        assert any("advanced payment models" in note for note in only.notes)

    def test_a_stray_file_of_a_zip_does_no_harm(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        file = official(FileKind.MUE)
        data = zipped(mue_2026Q3__csv=file.data(), layout__txt=b'a,"never closed\n' * 9 + b'"b,"\n')
        assert reference.import_file(put(tmp_path, "mue.zip", data)).rows == 3
        alone = put(tmp_path, "layout.txt", b'a,b\n1,"never closed\n')
        assert refused(lambda: reference.import_file(alone)) == "truncated"

    def test_a_zip_whose_second_file_is_bad_leaves_nothing(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        bad = official(FileKind.GPCI).text().replace("2026", "2025")
        data = zipped(PPRRVU2026_Jul__csv=official(FileKind.RVU).data(), GPCI2026__csv=bad.encode())
        assert refused(lambda: reference.import_file(put(tmp_path, "a.zip", data))) == "wrong_year"
        assert reference.editions() == ()

    def test_places_beside_the_program_s_own(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        report = take(reference, tmp_path, official(FileKind.PLACES))
        assert any("New beside" in n and "95" in n for n in report.notes)
        place = reference.place("95")
        assert place is not None
        assert place.facility
        assert reference.place("12") is not None
        assert reference.place("90") is None


def _said(found: tuple[object, ...]) -> str:
    """What lookups said, line ends inside cells and names of files apart."""
    return repr(found[1:]).replace("\\r\\n", "\\n").replace("\\r", "\\n")


class TestKeeping:
    def test_removing(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.MUE))
        reference.remove(FileKind.MUE, "2026Q3")
        assert reference.editions() == ()
        assert reference.unit_limit("20610", SUMMER) is None
        for kind in (FileKind.MUE, FileKind.HCPCS):
            with pytest.raises(NotFound):
                reference.remove(kind, "2026Q3")

    def test_it_is_there_the_next_day(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.MUE))
        reference.close()
        assert reference.unit_limit("20610", SUMMER) is not None

    def test_a_damaged_store_knows_nothing_and_is_begun_anew(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, official(FileKind.MUE))
        reference.close()
        (tmp_path / "codes" / "reference.codes").write_bytes(b"no database " * 500)
        assert reference.unit_limit("20610", SUMMER) is None
        assert reference.editions() == ()
        assert [reference.damaged] == [True]
        take(reference, tmp_path, official(FileKind.MUE))
        assert [reference.damaged] == [False]
        assert reference.unit_limit("20610", SUMMER) is not None


class TestDiagnoses:
    @pytest.fixture
    def with_codes(self, own_codes: CodeSetService, tmp_path: Path) -> ReferenceService:
        return ReferenceService(own_codes, tmp_path / "codes")

    def test_an_order_file_goes_to_the_code_sets(
        self, with_codes: ReferenceService, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        lines = [order_line(1, "M722", 0, "Plantar fascial fibromatosis"),
                 order_line(2, "M7221", 1, "Plantar fascial fibromatosis, right foot")]  # fmt: skip
        data = ("\n".join(lines) + "\nnot a line\n").encode()
        path = put(tmp_path, "icd10cm-order-2027.txt", data)
        assert refused(lambda: with_codes.import_file(path)) == "truncated"
        assert refused(lambda: with_codes.import_file(path, edition="FY2026", partial=True)) == (
            "wrong_year"
        )
        report = with_codes.import_file(path, partial=True)
        assert (report.kind, report.edition, report.rows) == (FileKind.ICD, "FY2027", 2)
        assert (report.starts, report.ends) == (date(2026, 10, 1), date(2027, 9, 30))
        assert [(line.number, line.why) for line in report.refused] == [
            (3, "not a line of an order file")
        ]
        assert not own_codes.judge("M72.2", date(2026, 10, 1)).billable
        assert [e.name for e in with_codes.editions()] == ["FY2027"]
        with_codes.remove(FileKind.ICD, "FY2027")
        assert with_codes.editions() == ()

    def test_a_list_of_changes(
        self, with_codes: ReferenceService, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        file = Official(FileKind.ICD_CHANGES, "changes_fy2027.csv", (CHANGES_HEAD,), CHANGES_ROWS)
        report = take(with_codes, tmp_path, file)
        assert (report.kind, report.edition, report.rows) == (FileKind.ICD_CHANGES, "FY2027", 2)
        assert not own_codes.judge("M72.2", date(2026, 10, 1)).billable
        assert own_codes.judge("M72.2", date(2026, 9, 30)).billable


def test_a_workbook_of_two_sheets_is_read_by_its_first(
    reference: ReferenceService, tmp_path: Path
) -> None:
    file = official(FileKind.MUE)
    data = workbook([*file.head, *file.rows], Notes=[["see above"]])
    report = reference.import_file(put(tmp_path, "mue_2026Q3.xlsx", data))
    assert report.rows == 3
