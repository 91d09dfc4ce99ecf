"""New editions of ICD-10-CM: official files in, all of them or nothing."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import NotFound, Refused
from app.domain.icd import Standing
from app.services.codesets import CodeSetService
from tests.codesets.test_order_file import order_line
from tests.services.test_codesets import AUTUMN, SUMMER, found

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"


class TestImport:
    def text(self, codes: CodeSetService, year_codes: int = 74_719) -> str:
        """An order file of everything we have, as if it were next year's."""
        (search,) = codes._shelf.editions()
        table = codes._validity
        lines: list[str] = []
        for node in search.file.all_nodes():
            if node.is_code:
                dead = node.billable and table.exists(node.key, AUTUMN) is False
                flag = int(node.billable and not dead)
                lines.append(order_line(len(lines) + 1, node.key, flag, node.title))
        return "\n".join(lines[:year_codes]) + "\n"

    def test_a_whole_year(self, own_codes: CodeSetService, tmp_path: Path) -> None:
        path = tmp_path / "order-2027.txt"
        path.write_text(self.text(own_codes, 200_000), encoding="latin-1", errors="replace")
        report = own_codes.import_official([path])
        assert (report.name, report.codes, report.billable) == ("FY2027", 98_186, 74_689)
        assert report.starts == AUTUMN
        assert not report.refused
        assert report.notes > 20_000  # lent by the year before
        assert [e.name for e in own_codes.editions()] == ["FY2026", "FY2027"]
        assert own_codes.judge("M72.2", SUMMER).billable
        assert not own_codes.judge("M72.2", AUTUMN).billable
        assert own_codes.judge("I10", AUTUMN).note == ""
        assert own_codes.notes("E11.9", AUTUMN)
        assert "E11.9" in found(own_codes.search_diagnoses("sugar diabetes", AUTUMN))
        own_codes.remove_edition("FY2027")
        assert [e.name for e in own_codes.editions()] == ["FY2026"]

    def test_a_truncated_year_leaves_nothing(
        self, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        path = tmp_path / "order-2027.txt"
        path.write_text(self.text(own_codes, 60_000), encoding="latin-1", errors="replace")
        before = sorted(p.name for p in (tmp_path / "codes").iterdir())
        with pytest.raises(Refused, match="not whole"):
            own_codes.import_official([path])
        assert sorted(p.name for p in (tmp_path / "codes").iterdir()) == before
        assert [e.name for e in own_codes.editions()] == ["FY2026"]

    def test_last_years_file_under_this_years_name(
        self, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        (search,) = own_codes._shelf.editions()
        lines = [
            order_line(n, node.key, int(node.billable), node.title)
            for n, node in enumerate(search.file.all_nodes(), 1)
            if node.is_code
        ]
        path = tmp_path / "order-2027.txt"
        path.write_text("\n".join(lines) + "\n", encoding="latin-1", errors="replace")
        with pytest.raises(Refused, match="another year"):
            own_codes.import_official([path])

    def test_a_cancelled_import_leaves_nothing(
        self, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        class StoppedError(Exception):
            pass

        def stop(done: int, _total: int, _text: str) -> None:
            if done >= 3:
                raise StoppedError

        path = tmp_path / "order-2027.txt"
        path.write_text(order_line(1, "M7220", 1, "Odd foot") + "\n")
        with pytest.raises(StoppedError):
            own_codes.import_official([path], partial=True, tell=stop)
        assert [e.name for e in own_codes.editions()] == ["FY2026"]
        assert len(list((tmp_path / "codes").iterdir())) == 1

    def test_a_mid_year_update_takes_over_on_its_day(
        self, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        path = tmp_path / "april.txt"
        path.write_text(order_line(1, "I10", 1, "High pressure, new words") + "\n")
        report = own_codes.import_official([path], 2026, starts=date(2026, 4, 1), partial=True)
        assert report.name == "FY2026-04"
        assert own_codes.judge("I10", date(2026, 3, 31)).edition == "FY2026"
        assert own_codes.judge("I10", date(2026, 4, 1)).title == "High pressure, new words"
        assert own_codes.judge("B20", date(2026, 4, 1)).edition == "FY2026-04"
        with pytest.raises(Refused, match="does not lie in"):
            own_codes.import_official([path], 2026, starts=date(2026, 11, 1), partial=True)

    def test_a_list_of_changes_makes_an_edition(self, own_codes: CodeSetService) -> None:
        changes = [("G47.33", False, ""), ("G47.331", True, "Snoring, loud")]
        report = own_codes.import_status_changes(changes, 2027)
        assert (report.codes, report.billable) == (98_187, 74_719)
        assert own_codes.judge("G47.33", SUMMER).billable
        judged = own_codes.judge("G47.33", AUTUMN)
        assert judged.why is Standing.HEADER
        assert judged.replacements == ("G47.331",)
        assert own_codes.judge("G47.331", AUTUMN).title == "Snoring, loud"
        assert own_codes.judge("G47.331", SUMMER).why is Standing.NOT_YET
        with pytest.raises(Refused):
            own_codes.import_status_changes([("?", True, "")], 2027)

    def test_only_what_was_imported_can_be_removed(self, codes: CodeSetService) -> None:
        with pytest.raises(NotFound):
            codes.remove_edition("FY2026")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample files beside the project")
class TestSamples:
    @pytest.mark.parametrize(
        ("name", "edition", "count", "billable"),
        [
            ("icd10cm_order_2026.sample.txt", "FY2026", 7, 5),
            ("icd10cm_order_2027.composed_sample.txt", "FY2027", 17, 13),
        ],
    )
    def test_the_order_files(
        self, own_codes: CodeSetService, name: str, edition: str, count: int, billable: int
    ) -> None:
        report = own_codes.import_official([SAMPLES / name], partial=True)
        assert report.name == edition
        assert (report.codes, report.billable) == (count, billable)
        assert not report.refused
        (now,) = [e for e in own_codes.editions() if e.name == edition]
        assert now.imported
        assert now.codes >= 98_186  # upon the edition before
        with pytest.raises(Refused, match="not whole"):
            own_codes.import_official([SAMPLES / name])

    def test_the_changes_of_a_year(self, own_codes: CodeSetService) -> None:
        path = SAMPLES / "icd10cm_fy2027_billable_status_changes.csv"
        with path.open(encoding="utf-8", newline="") as file:
            changes = [
                (row["codeDotted"], row["newBillable"] == "true", row["longTitle"])
                for row in csv.DictReader(file)
            ]
        report = own_codes.import_status_changes(changes, 2027)
        assert report.billable == 74_719 - len(changes)
        assert all(not own_codes.judge(code, AUTUMN).billable for code, _, _ in changes)
        assert all(own_codes.judge(code, SUMMER).billable for code, _, _ in changes)

    def test_other_official_files_are_not_taken(self, own_codes: CodeSetService) -> None:
        for name in ("mue_practitioner_2026Q3.sample.csv", "nucc_taxonomy_251.csv"):
            with pytest.raises(Refused) as refused:
                own_codes.import_official([SAMPLES / name], 2027, partial=True)
            assert refused.value.code == "nothing_found"
