"""What the reference service says of codes, pairs, limits and prices, by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.reference import FileKind
from app.services.reference import ReferenceService
from tests.codesets.official_files import (
    NCCI_ROWS,
    Official,
    official,
    zipped,
)
from tests.services.reference_desk import (
    SUMMER,
    put,
    refused,
    state,
    take,
)


@pytest.mark.usefixtures("small_is_whole")
class TestWhole:
    def many(self, count: int) -> Official:
        rows = tuple((f"{10000 + n}", "2", "3 Day", "x") for n in range(count))
        return replace(official(FileKind.MUE), rows=rows)

    def test_far_fewer_rows_are_a_truncated_file(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, self.many(100))
        before = reference.editions()
        for name in ("mue_2026Q3.csv", "mue_2026Q4.csv"):
            less = replace(self.many(79), name=name)
            assert refused(lambda f=less: take(reference, tmp_path, f)) == "truncated"  # type: ignore[misc]
        assert reference.editions() == before
        assert take(reference, tmp_path, replace(self.many(80), name="mue_2026Q4.csv")).rows == 80

    def test_an_excerpt_leans_upon_the_edition_before(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, self.many(100))
        some = replace(self.many(2), name="mue_2026Q4.csv", rows=(("10001", "7", "2 Day", "x"),))
        assert not take(reference, tmp_path, some, partial=True).notes
        autumn = date(2026, 11, 2)
        limits = [reference.unit_limit(code, autumn) for code in ("10001", "10002", "20000")]
        assert [limit and limit.units for limit in limits] == [7, 2, None]
        whole = replace(some, name="mue_2026Q3.csv")
        assert refused(lambda: take(reference, tmp_path, whole, partial=True)) == "whole_there"

    def test_a_truncated_part_of_ncci(self, reference: ReferenceService, tmp_path: Path) -> None:
        file = official(FileKind.NCCI)
        take(reference, tmp_path, file)
        before = state(reference)
        less = replace(file, name="ccipra-v323r0-f1.txt", rows=file.rows[:1])
        assert refused(lambda: take(reference, tmp_path, less)) == "truncated"
        assert state(reference) == before


@pytest.mark.usefixtures("small_is_whole")
class TestNcci:
    def part(self, version: str, part: int, *rows: tuple[str, ...]) -> Official:
        file = official(FileKind.NCCI)
        return replace(file, name=f"ccipra-{version}r0-f{part}.txt", rows=rows)

    def test_parts_join_their_quarter(self, reference: ReferenceService, tmp_path: Path) -> None:
        def row(first: str) -> tuple[str, ...]:
            return (first, "99000", "", "20200101", "*", "1")

        for part, first in enumerate(("11111", "22222", "33333", "G0001"), 1):
            report = take(reference, tmp_path, self.part("v322", part, row(first)))
            assert any("Import part" in note for note in report.notes) == (part < 4)
        (edition,) = reference.editions()
        assert (edition.parts, edition.rows) == ((1, 2, 3, 4), 4)

    def test_the_newest_part_holds_and_a_whole_quarter_replaces_all(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        old = [("11111", "99000", "", "20200101", "*", "1"),
               ("22222", "99000", "", "20200101", "*", "1")]  # fmt: skip
        for part, row in enumerate(old, 1):
            take(reference, tmp_path, self.part("v322", part, row))
        ended = ("11111", "99000", "", "20200101", "20260930", "1")
        take(reference, tmp_path, self.part("v323", 1, ended))
        autumn = date(2026, 10, 5)
        assert reference.pair("11111", "99000", autumn) is None
        assert reference.pair("11111", "99000", date(2026, 9, 30)) == 1
        assert reference.pair("22222", "99000", autumn) == 1  # only the older quarter has it
        for part, first in enumerate(("22222", "33333", "44444"), 2):
            row = (first, "12345", "", "20200101", "*", "0")
            report = take(reference, tmp_path, self.part("v323", part, row))
        assert "It takes the place of 2026Q3." in report.notes
        assert [e.name for e in reference.editions()] == ["2026Q4"]
        assert reference.pair("22222", "99000", autumn) is None

    def test_days_at_both_ends(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.NCCI))
        asked = [date(2010, 1, 1), date(2009, 12, 31), date(2025, 12, 31), date(2026, 1, 1),
                 date(2026, 6, 30), date(2026, 7, 1)]  # fmt: skip
        assert [reference.pair("20610", "64450", day) for day in asked] == [
            0, None, 0, None, None, 1
        ]  # fmt: skip
        assert reference.pair("64450", "20610", SUMMER) is None
        assert reference.pair("2061", "x", SUMMER) is None

    def test_four_parts_in_one_zip(self, reference: ReferenceService, tmp_path: Path) -> None:
        parts = {
            f"ccipra-v322r0-f{n}__TXT": self.part("v322", n, (f"{n}0000", *NCCI_ROWS[0][1:])).data()
            for n in range(1, 5)
        }
        report = reference.import_file(put(tmp_path, "ncci.zip", zipped(**parts)))
        assert len(report.also) == 3
        assert reference.pair("40000", "36000", SUMMER) == 1

    def test_the_hospitals(self, reference: ReferenceService, tmp_path: Path) -> None:
        file = replace(official(FileKind.NCCI), name="ccioph-v322r0-f1.txt")
        assert refused(lambda: take(reference, tmp_path, file)) == "not_practitioner"


class TestLookups:
    def test_hcpcs_by_its_dates(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.HCPCS))
        found = reference.code("g0999", date(2026, 6, 30))
        assert found is not None
        assert (found.active, found.ends, found.edition) == (True, date(2026, 6, 30), "2026Q3")
        asked = {
            "G0999": False, "G1111": True, "QX": False, "Q9": True, "J9999": None, "25": None,
            "99213": None, "ZZ": None,
        }  # fmt: skip
        assert {code: reference.code_active(code, SUMMER) for code in asked} == asked
        assert reference.code_active("G1111", date(2026, 6, 30)) is False
        assert reference.wording("J1234") == "Inj made-up"
        assert reference.wording("99213") == ""

    @pytest.mark.usefixtures("small_is_whole")
    def test_what_a_whole_edition_lacks_does_not_exist_in_its_quarter(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, official(FileKind.HCPCS))
        asked = {"J9999": False, "ZZ": False, "25": None, "P3": None, "99213": None, "D0120": None}
        assert {code: reference.code_active(code, SUMMER) for code in asked} == asked
        assert reference.code_active("J9999", date(2026, 11, 2)) is None

    def test_the_fee_schedule_knows_cpt(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.RVU))
        asked = {"99213": True, "99990": False, "12345": None}
        assert {code: reference.code_active(code, SUMMER) for code in asked} == asked

    def test_an_edition_serves_a_year_after_its_end(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, official(FileKind.MUE))
        days = [date(2026, 6, 30), date(2026, 7, 1), date(2027, 9, 30), date(2027, 10, 2)]
        assert [reference.unit_limit("20610", day) is not None for day in days] == [
            False, True, True, False,
        ]  # fmt: skip

    def test_indicators_serve_a_year_back_but_prices_do_not(
        self, reference: ReferenceService, tmp_path: Path
    ) -> None:
        take(reference, tmp_path, official(FileKind.RVU))
        take(reference, tmp_path, official(FileKind.GPCI))
        spring = date(2026, 6, 30)
        line = reference.fee_line("27447", "", spring)
        assert line is not None
        assert line.global_days == "090"
        assert reference.price("99213", (), spring, "11", "0123400") is None
        assert reference.fee_line("27447", "", date(2025, 6, 1)) is None

    def test_diagnoses(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.AGES))
        take(reference, tmp_path, official(FileKind.SEXES))
        assert reference.diagnosis_ages("F0390", date(2026, 10, 1)) == (15, 124)
        assert reference.diagnosis_ages("F0390", SUMMER) is None
        assert reference.diagnosis_sex("A34", date(2024, 9, 30)) == "F"
        assert reference.diagnosis_sex("A34", date(2024, 10, 1)) == ""

    def test_lists_by_words(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.TAXONOMY))
        take(reference, tmp_path, official(FileKind.PAYERS))
        assert [r.code for r in reference.search_taxonomy("reader night")] == ["101A00001X"]
        assert [r.payer_id for r in reference.search_payers("ridge 123")] == ["12345", "12345"]
        assert reference.search_payers("%") == ()
        assert len(reference.search_payers("", limit=2)) == 2
        lists = replace(official(FileKind.PAYERS), name="other house.csv")
        take(reference, tmp_path, lists)
        assert len(reference.search_payers("")) == 6


class TestPrices:
    @pytest.fixture(autouse=True)
    def files(self, reference: ReferenceService, tmp_path: Path) -> None:
        take(reference, tmp_path, official(FileKind.RVU))
        take(reference, tmp_path, official(FileKind.GPCI))

    def cents(
        self, reference: ReferenceService, code: str, *modifiers: str, **how: Any
    ) -> int | None:
        price = reference.price(
            code, modifiers, how.pop("on", SUMMER), how.pop("place", "11"),
            how.pop("locality", "0123400"), **how,
        )  # fmt: skip
        return price.allowed_cents if price else None

    def test_by_hand(self, reference: ReferenceService) -> None:
        # (0.97 × 1.000 + 1.33 × 0.990 + 0.08 × 0.850) × 33.4009 = 78.6491...
        price = reference.price("99213", (), SUMMER, "11", "0123400")
        assert price is not None
        assert (price.allowed_cents, price.facility, price.edition) == (7865, False, "2026Q3")
        # 95 % of 78.65 = 74.7175 → 74.72; 115 % of that = 85.928 → 85.93
        assert (price.nonparticipating_cents, price.limiting_cents) == (7472, 8593)
        # (0.97 + 0.40 × 0.990 + 0.068) × 33.4009 = 47.8969...
        assert self.cents(reference, "99213", place="21") == 4790

    def test_locality_and_share(self, reference: ReferenceService) -> None:
        # (0.97 × 1.05 + 1.33 × 1.1 + 0.08 × 1.2) × 33.4009 = 86.0908...
        assert self.cents(reference, "99213", locality="0123401") == 8609
        assert self.cents(reference, "99213", percent=85) == 6685

    def test_components_and_both_sides(self, reference: ReferenceService) -> None:
        # 71046-26: (0.22 + 0.09 × 0.99 + 0.01 × 0.85) × 33.4009 = 10.6081...
        assert self.cents(reference, "71046", "26") == 1061
        assert self.cents(reference, "71046", "TC") is None  # the file has no such line
        one, both = self.cents(reference, "20610"), self.cents(reference, "20610", "50")
        assert (one, both) == (6026, 9039)  # 60.2596..., and half as much again
        assert self.cents(reference, "99213", "50") is None

    @pytest.mark.parametrize(
        ("code", "modifiers", "how"),
        [
            ("00100", (), {}),
            ("99000", (), {}),
            ("J1234", (), {}),
            ("99213", ("52",), {}),
            ("99213", ("80",), {}),
            ("99213", (), {"place": "97"}),
            ("99213", (), {"locality": ""}),
            ("99213", (), {"on": date(2028, 1, 1)}),
        ],
    )
    def test_what_has_no_price(
        self,
        reference: ReferenceService,
        code: str,
        modifiers: tuple[str, ...],
        how: dict[str, Any],
    ) -> None:
        assert self.cents(reference, code, *modifiers, **how) is None

    def test_localities_in_order(self, reference: ReferenceService) -> None:
        assert [row.key for row in reference.localities(SUMMER)] == [
            "1130201", "0123401", "0123400",
        ]  # fmt: skip
