"""Which edition a file is of: name, content and user brought together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets.edition_names import edition_of, quarter_in, settled
from app.codesets.reading import Heard
from app.domain.errors import Refused
from app.domain.reference import PAIR_DAY_ZERO, FileKind, Span, pair_day, quarter


class TestEditions:
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("ccipra-v323r0-f2.TXT", "2026Q4"),
            ("ccipra-v300r0-f1.TXT", "2024Q1"),
            ("HCPC2026_OCT_ANWEB.txt", "2026Q4"),
            ("october-2026-alpha-numeric-hcpcs-file.zip", "2026Q4"),
            ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", "2026Q4"),
            ("mue_2026Q3.csv", "2026Q3"),
            ("PPRRVU2026_Jul_nonQPP.csv", "2026Q3"),
            ("rvu26b.zip", "2026Q2"),
            ("2026-January.csv", "2026Q1"),
        ],
    )
    def test_quarters_in_names(self, name: str, told: str) -> None:
        found = quarter_in(name)
        assert found is not None
        assert found.name == told

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("payers (1).xlsx", "payer list"),
            ("payer_list_house_2025.csv", "house 2025"),
            ("a.zip/Two Houses.csv", "Two Houses"),
        ],
    )
    def test_whose_payer_list(self, name: str, told: str) -> None:
        assert edition_of(FileKind.PAYERS, name, None) == Span(told)
        assert edition_of(FileKind.PAYERS, name, "My House") == Span("My House")

    @pytest.mark.parametrize("name", ["codes.csv", "2026.csv", "v3.csv", "octopus.csv"])
    def test_names_that_tell_nothing(self, name: str) -> None:
        assert quarter_in(name) is None

    def test_the_zip_tells_when_the_file_does_not(self) -> None:
        found = edition_of(FileKind.HCPCS, "october-2026-hcpcs.zip/codes.txt", None)
        assert found == Span("2026Q4", date(2026, 10, 1), date(2026, 12, 31))

    def test_both_tell_and_differ(self) -> None:
        with pytest.raises(Refused, match="2026Q3 was asked for"):
            edition_of(FileKind.MUE, "mue_2026Q4.csv", "2026Q3")
        with pytest.raises(Refused, match="names no edition"):
            edition_of(FileKind.MUE, "mue.csv", "autumn")

    def test_nobody_tells(self) -> None:
        for kind, code in ((FileKind.MUE, "quarter_unknown"), (FileKind.AGES, "year_unknown")):
            with pytest.raises(Refused) as refusal:
                settled(kind, edition_of(kind, "a.csv", None), Heard())
            assert refusal.value.code == code

    def test_taxonomy_and_sex_edits(self) -> None:
        told = edition_of(FileKind.TAXONOMY, "nucc_taxonomy_260.csv", None)
        assert told == Span("26.0", date(2026, 4, 1))
        told = edition_of(FileKind.SEXES, "sex_before_2024-10-01.csv", None)
        assert told is not None
        assert told.ends == date(2024, 9, 30)

    @given(st.integers(2000, 2090), st.integers(1, 4))
    def test_quarters_follow_each_other(self, year: int, number: int) -> None:
        now = quarter(year, number)
        after = quarter(year + number // 4, number % 4 + 1)
        assert now.ends is not None
        assert after.starts is not None
        assert (after.starts - now.ends).days == 1

    @pytest.mark.parametrize(
        ("kind", "span", "heard"),
        [
            (FileKind.RVU, quarter(2026, 4), Heard(year=2026, quarter=3)),
            (FileKind.RVU, quarter(2025, 3), Heard(year=2026)),
            (FileKind.GPCI, Span("2025", date(2025, 1, 1)), Heard(year=2026)),
            (FileKind.MUE, quarter(2024, 3), Heard(year=2025)),
            (FileKind.MUE, quarter(2027, 1), Heard(year=2025)),
            (FileKind.HCPCS, quarter(2025, 3), Heard(latest=date(2026, 7, 1))),
        ],
    )
    def test_a_wrong_year(self, kind: FileKind, span: Span, heard: Heard) -> None:
        with pytest.raises(Refused) as refusal:
            settled(kind, span, heard)
        assert refusal.value.code == "wrong_year"

    def test_zero_day(self) -> None:
        assert pair_day(PAIR_DAY_ZERO) == 0
