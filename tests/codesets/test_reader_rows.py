"""Readers of official files, one by one: rows as they stand, lines refused with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codesets import ncci, rvu
from app.codesets.detect import kind_of
from app.codesets.reading import Heard
from app.codesets.text_rows import Table
from app.domain.errors import Refused
from app.domain.reference import FileKind, code_number, pair_day
from tests.codesets.official_files import (
    CHANGES_HEAD,
    CHANGES_ROWS,
    HCPCS_HEAD,
    Official,
    fixed_line,
    official,
    rvu_row,
)
from tests.codesets.test_readers import read, why


class TestHcpcs:
    def test_codes_modifiers_and_texts_that_go_on(self) -> None:
        rows, heard = read(FileKind.HCPCS, official(FileKind.HCPCS).data())
        found = {row.code: row for row in rows}
        assert list(found) == ["Q9", "QX", "J1234", "G0999", "G1111"]
        assert found["J1234"].wording == "Injection, made-up drug, first 10 mg"
        assert (found["QX"].added, found["QX"].ended) == ("2001-01-01", "2025-12-31")
        assert heard.latest == date(2026, 7, 1)

    def test_fixed_columns(self) -> None:
        lines = [
            fixed_line("J1234", "00100", "3", "Injection, made-up drug,", "Inj made-up"),
            fixed_line("J1234", "00200", "4", "ten milligrams"),
            fixed_line("   Q9", "00100", "7", "Made-up modifier", "Made up", ended="20251231"),
            "J9 too short",
            "",
        ]
        data = "\r\n".join(lines)
        assert kind_of(Table("a.txt", data.encode())) is FileKind.HCPCS
        rows, heard = read(FileKind.HCPCS, data)
        assert [(r.code, r.wording, r.short, r.ended) for r in rows] == [
            ("J1234", "Injection, made-up drug, ten milligrams", "Inj made-up", ""),
            ("Q9", "Made-up modifier", "Made up", "2025-12-31"),
        ]
        assert why(heard) == ["4: the columns are not where the file has them"]

    def test_what_is_refused(self) -> None:
        good = ["J1234", "0100", "3", "Words", "w", "", "D", "20100101", "20100101", "", "N"]
        rows = [
            good,
            good,
            ["J12", *good[1:]],
            ["J1235", "0100", "9", *good[3:]],
            ["J1236", *good[1:7], "20101301", *good[8:]],
            ["J1237", *good[1:7], "", *good[8:]],
            ["J9999", "0200", "4", "goes on", "", "", "", "", "", "", ""],
        ]
        kept, heard = read(
            FileKind.HCPCS, Official(FileKind.HCPCS, "", (HCPCS_HEAD,), tuple(rows)).data()
        )
        assert [row.code for row in kept] == ["J1234"]
        assert why(heard) == [
            "3: J1234 stands in the file twice",
            "4: it has no HCPCS code",
            "5: “9” is no kind of record",
            "6: 20101301 is no date",
            "8: it continues no code",
            "7: it does not say since when the code is valid",
        ]


class TestNcci:
    def test_pairs_with_their_dates(self) -> None:
        rows, heard = read(FileKind.NCCI, official(FileKind.NCCI).data())
        first, old, new, never, before, gone = rows
        assert first == (
            code_number("20610"), code_number("36000"), pair_day(date(2002, 1, 1)), None, 1
        )  # fmt: skip
        assert (old.ends, new.starts) == (pair_day(date(2025, 12, 31)), pair_day(date(2026, 7, 1)))
        assert never is None
        assert before.indicator == 0
        assert gone is not None
        assert heard.latest == date(2026, 7, 1)

    def test_long_deleted_ones_are_left_out(self) -> None:
        heard = Heard()
        table = Table("a", official(FileKind.NCCI).data())
        rows = list(ncci.read(table, heard, date(2023, 1, 1)))
        assert [row is None for row in rows] == [False, False, False, True, False, True]

    def test_what_is_refused(self) -> None:
        text = official(FileKind.NCCI).text()
        bad = (
            "20610\t36000\t\t20020101\t*\t5\twrong\n20610\t3600\t\t20020101\t*\t1\twrong\n"
            "20610\t36000\t\t20021301\t*\t1\twrong\n20610\t36000\t\t20020101\t20\t1\twrong\n20610\t36\n"
        )
        rows, heard = read(FileKind.NCCI, text + bad)
        assert len(rows) == 6
        assert why(heard) == [
            "13: its dates or its modifier indicator cannot be read",
            "14: it does not have two procedure codes",
            "15: its dates cannot be read",
            "16: its dates cannot be read",
            "17: the line breaks off",
        ]

    @pytest.mark.parametrize(
        ("name", "part"), [("ccipra-v323r0-f3.TXT", 3), ("a.zip/ccipra_f1.txt", 1), ("a.txt", 0)]
    )
    def test_its_part(self, name: str, part: int) -> None:
        assert ncci.part_of(name) == part

    def test_the_hospitals_edits(self) -> None:
        with pytest.raises(Refused, match="practitioner edits"):
            ncci.refuse_hospital("ccioph-v323r0-f1.TXT")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=5), st.data())
def test_codes_as_numbers_keep_their_order(code: str, data: st.DataObject) -> None:
    other = data.draw(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=5))
    one, two = code_number(code), code_number(other)
    assert one is not None
    assert two is not None
    assert (one < two) == (code < other)
    assert one < 2**26
    assert code_number(code.lower() + "x") is None


class TestMue:
    def test_limits(self) -> None:
        rows, heard = read(FileKind.MUE, official(FileKind.MUE).data())
        assert rows == [("20610", 2, 1), ("93000", 1, 2), ("96372", 4, 3)]
        assert heard.year == 2025

    def test_leading_zeros_are_put_back(self) -> None:
        text = official(FileKind.MUE).text() + "100,1,2 Date,x\n"
        rows, heard = read(FileKind.MUE, text)
        assert (rows[-1].code, heard.zeros) == ("00100", 1)

    def test_limits_for_others(self) -> None:
        text = official(FileKind.MUE).text().replace("Practitioner", "Outpatient Hospital")
        with pytest.raises(Refused, match="Outpatient Hospital"):
            read(FileKind.MUE, text)

    def test_what_is_refused(self) -> None:
        bad = "abc,1,2,x\n20610,1,2,x\n11111,many,2,x\n11112,1,4,x\n11113\n"
        _, heard = read(FileKind.MUE, official(FileKind.MUE).text() + bad)
        assert [line.why for line in heard.refused] == [
            "it has no procedure code",
            "20610 stands in the file twice",
            "its limit is no number",
            "its adjudication indicator is not 1, 2 or 3",
            "the line breaks off",
        ]


class TestFeeSchedule:
    def test_lines_without_the_ama_s_words(self) -> None:
        rows, heard = read(FileKind.RVU, official(FileKind.RVU).data())
        visit = rows[0]
        assert (visit.code, visit.work, visit.practice_office, visit.factor) == (
            "99213", 970, 1330, 334009,
        )  # fmt: skip
        assert (heard.year, heard.quarter) == (2026, 3)
        assert {row.wording for row in rows} == {""}
        held = rvu.read(Table("a", official(FileKind.RVU).data()), Heard(), with_descriptors=True)
        assert {row.wording for row in held} == {"SOMEBODY'S WORDS"}

    def test_a_column_more_does_no_harm(self) -> None:
        file = official(FileKind.RVU)
        moved = replace(
            file,
            head=tuple([*row[:4], "", *row[4:]] for row in file.head),
            rows=tuple([*row[:4], "x", *row[4:]] for row in file.rows),
        )
        assert read(FileKind.RVU, moved.data())[0] == read(FileKind.RVU, file.data())[0]

    def test_what_is_refused(self) -> None:
        file = official(FileKind.RVU)
        bad = (
            rvu_row("9921"), rvu_row("99214", status=""), rvu_row("99215", work="1.2.3"),
            rvu_row("99216", days="007"), rvu_row("99213"), ("99217", "", "W", "A"),
            rvu_row("99218", work="0.00001"),
        )  # fmt: skip
        rows, heard = read(FileKind.RVU, replace(file, rows=(*file.rows, *bad)).data())
        assert [row.code for row in rows[len(file.rows) :]] == ["09921"]
        assert [line.why for line in heard.refused] == [
            "it has no status code",
            "a relative value or its conversion factor is no number, or the line breaks off",
            "its global days are not among those of the fee schedule",
            "99213  stands in the file twice",
            "a relative value or its conversion factor is no number, or the line breaks off",
            "a relative value or its conversion factor is no number, or the line breaks off",
        ]

    def test_localities_end_at_the_footnotes(self) -> None:
        rows, heard = read(FileKind.GPCI, official(FileKind.GPCI).data())
        assert [(row.key, row.name, row.work) for row in rows] == [
            ("0123400", "VIRGINIA, MADE UP", 1000),
            ("0123401", "SALEM", 1050),
            ("1130201", "MONTANA", 1000),
        ]
        assert (heard.year, heard.refused) == (2026, [])

    def test_a_locality_cut_short_is_never_taken(self) -> None:
        data = official(FileKind.GPCI).text()
        end = data.index("1.111") + 4
        with pytest.raises(Refused, match="breaks off"):
            read(FileKind.GPCI, data[:end])

    def test_a_locality_without_its_index(self) -> None:
        text = official(FileKind.GPCI).text().replace("1.050", "").replace("1.100", "99")
        _, heard = read(FileKind.GPCI, text)
        assert why(heard) == ["4: a value is missing or no number"]


class TestLists:
    def test_taxonomy(self) -> None:
        rows, heard = read(
            FileKind.TAXONOMY, official(FileKind.TAXONOMY).text() + "12,a,b\n101A00000X,a,b\n"
        )
        assert [row.display for row in rows] == ["Code Reader", "Night Code Reader"]
        assert [line.why for line in heard.refused] == [
            "it has no taxonomy code (ten signs, the last an X)",
            "101A00000X stands in the file twice",
        ]

    def test_payers(self) -> None:
        bad = ',1,837P\nNobody,,837P\nNobody,1, undefined\nNobody,"<1>",837P\nNobody,1,\n'
        rows, heard = read(FileKind.PAYERS, official(FileKind.PAYERS).text() + bad)
        assert [(row.name, row.payer_id) for row in rows][-1] == ("Élan Mutual", "EL001")
        assert rows[0].notes == "One line, and another"
        assert [line.why for line in heard.refused] == [
            "it has no payer's name",
            "it has no payer ID",
            "“undefined” is no transaction",
            "“<1>” is no payer ID",
            "it does not say for which transaction",
        ]

    def test_a_clearinghouse_with_two_columns(self) -> None:
        rows, _ = read(FileKind.PAYERS, "Payer Name,Payer ID\nBlue,123\n")
        assert [(row.name, row.payer_id, row.transaction) for row in rows] == [("Blue", "123", "")]

    def test_ages_and_sexes(self) -> None:
        rows, heard = read(
            FileKind.AGES, official(FileKind.AGES).text() + "A1,x\nB20,adult 15-12\nB21,old 1\n"
        )
        assert rows[1] == ("F0390", "adult", 15, 124)
        assert [line.why for line in heard.refused] == [
            "it has no diagnosis code",
            "adult 15-12 are not the ages of that class",
            "its age class is not one of the code editor's",
        ]
        rows, heard = read(FileKind.SEXES, official(FileKind.SEXES).text() + "B20,X\nN40.0,M\n")
        assert rows == [("N400", "M"), ("A34", "F")]
        assert [line.why for line in heard.refused] == [
            "its sex is not M or F",
            "N400 stands in the file twice",
        ]

    def test_places(self) -> None:
        bad = "1,Pharmacy,Non-Facility\n123,x,Facility\n12,Home,Perhaps\n11,Office,Facility\n"
        rows, heard = read(FileKind.PLACES, official(FileKind.PLACES).text() + bad)
        assert [(row.code, row.facility) for row in rows] == [
            ("11", 0), ("21", 1), ("95", 1), ("01", 0)
        ]  # fmt: skip
        assert len(heard.refused) == 3

    def test_changes(self) -> None:
        file = Official(FileKind.ICD_CHANGES, "", (CHANGES_HEAD,), CHANGES_ROWS)
        assert kind_of(Table("a", file.data())) is FileKind.ICD_CHANGES
        rows, heard = read(FileKind.ICD_CHANGES, file.text() + "M7222,M72.22,true,maybe,x,y\n")
        assert rows[0] == ("M722", 0, "Plantar fascial fibromatosis")
        assert len(heard.refused) == 1
