"""ICD-10-CM through the service: search, validity by date of service, notes, new editions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codesets.validity import ValidityTable
from app.domain.icd import NoteKind, Standing, dotted
from app.services.code_set_rows import DiagnosisRow
from app.services.codesets import CodeSetService
from tests.services.front_desk import Office

SUMMER, AUTUMN = date(2026, 9, 30), date(2026, 10, 1)
TRADE = "pain acute dm2 left s/p fx knee cancer hx of w/o copd 3 htn open burn foot"
WORDS = TRADE.split()


@pytest.fixture(scope="module")
def billable(codes: CodeSetService) -> list[str]:
    (search,) = codes._shelf.editions()
    return [dotted(n.key) for n in search.file.all_nodes() if n.billable]


def found(rows: tuple[DiagnosisRow, ...]) -> list[str]:
    return [row.code for row in rows]


class TestShelf:
    def test_the_packaged_edition_has_the_official_counts(self, codes: CodeSetService) -> None:
        (edition,) = codes.editions()
        assert (edition.name, edition.codes, edition.billable) == ("FY2026", 98_186, 74_719)
        assert not edition.imported

    def test_a_damaged_file_is_built_again(self, own_codes: CodeSetService, tmp_path: Path) -> None:
        own_codes.close()
        (path,) = (tmp_path / "codes").glob("*.codes")
        path.write_bytes(path.read_bytes()[:100_000])
        steps: list[int] = []
        own_codes.prepare(lambda done, _total, _text: steps.append(done))
        assert steps == sorted(steps)
        assert steps
        assert own_codes.judge("I10", SUMMER).billable

    def test_what_is_there_is_not_built_again(self, own_codes: CodeSetService) -> None:
        own_codes.close()
        steps: list[int] = []
        own_codes.prepare(lambda done, _total, _text: steps.append(done))
        assert not steps
        assert own_codes.ready

    def test_damage_met_in_the_middle_answers_nothing_once(
        self, own_codes: CodeSetService, tmp_path: Path
    ) -> None:
        own_codes.search_diagnoses("gout", SUMMER)
        (path,) = (tmp_path / "codes").glob("*.codes")
        size = path.stat().st_size
        with path.open("rb+") as file:
            for place in range(4096, size, 4096):
                file.seek(place)
                file.write(b"\xff" * 200)
        own_codes.search_diagnoses("otitis externa", SUMMER)
        own_codes.search_diagnoses("cataract", SUMMER)
        assert "M10.9" in found(own_codes.search_diagnoses("gout", SUMMER))


class TestJudging:
    def test_one_code_on_two_sides_of_october(self, codes: CodeSetService) -> None:
        before, after = codes.judge("M72.2", SUMMER), codes.judge("m722", AUTUMN)
        assert (before.billable, before.why) == (True, Standing.OK)
        assert (after.billable, after.why) == (False, Standing.HEADER)
        assert after.replacements == ("M72.20", "M72.21", "M72.22")
        assert "M72.20" in after.note

    def test_a_code_newer_than_our_text(self, codes: CodeSetService) -> None:
        new = codes.judge("M72.21", AUTUMN)
        assert new.billable
        assert "FY2027" in new.note
        assert codes.judge("M72.21", SUMMER).why is Standing.UNKNOWN

    def test_an_old_code_that_lives_on_says_whose_text_it_is(self, codes: CodeSetService) -> None:
        standing = codes.judge("I10", AUTUMN)
        assert standing.billable
        assert "FY2026" in standing.note
        assert codes.judge("I10", SUMMER).note == ""

    @pytest.mark.parametrize("day", [SUMMER, AUTUMN])
    @pytest.mark.parametrize(
        ("code", "why"),
        [
            ("E11", Standing.HEADER),
            ("T14.8", Standing.NEEDS_SEVENTH),
            ("T14.8XX", Standing.NEEDS_SEVENTH),
            ("T14.8XXA", Standing.OK),
            ("B20", Standing.OK),
            ("S06.1X7D", Standing.UNKNOWN),
            ("Q00.77", Standing.UNKNOWN),
            ("", Standing.UNKNOWN),
            ("A00-A09", Standing.UNKNOWN),
        ],
    )
    def test_each_standing(
        self, codes: CodeSetService, code: str, why: Standing, day: date
    ) -> None:
        standing = codes.judge(code, day)
        assert standing.why is why
        assert standing.billable is (why is Standing.OK)
        assert bool(standing.replacements) is (why in (Standing.HEADER, Standing.NEEDS_SEVENTH))

    def test_thirty_codes_died_in_october(self, codes: CodeSetService) -> None:
        table, search = codes._validity, codes._shelf.editions()[0]
        billable = [n.key for n in search.file.all_nodes() if n.billable]
        dead = [code for code in billable if table.exists(code, AUTUMN) is False]
        assert len(dead) == 30
        assert all(not codes.judge(code, AUTUMN).billable for code in dead)
        assert all(codes.judge(code, SUMMER).billable for code in dead)

    def test_without_the_validity_tables_it_says_so(
        self, own_codes: CodeSetService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ValidityTable, "_loaded", lambda _self: None)
        standing = own_codes.judge("M72.2", AUTUMN)
        assert standing.billable
        assert "import the FY2027 files" in standing.note
        assert "are not here" in own_codes.judge("M72.21", AUTUMN).note

    def test_days_that_no_table_knows(self, codes: CodeSetService) -> None:
        assert "FY2020" in codes.judge("I10", date(2020, 1, 1)).note
        assert "FY2029" in codes.judge("I10", date(2029, 1, 1)).note


class TestNotes:
    def test_they_come_down_from_chapter_block_and_category(self, codes: CodeSetService) -> None:
        notes = codes.notes("E11.9", SUMMER)
        assert notes[0].at == "E11.9"
        assert {"E11"} <= {note.at for note in notes}
        assert NoteKind.USE_ADDITIONAL in {note.kind for note in notes if note.at == "E11"}
        assert "(E00-E89)" in notes[-1].at

    def test_a_7th_character_inherits_too(self, codes: CodeSetService) -> None:
        assert codes.notes("S93.401A", SUMMER)
        assert codes.notes("nonsense", SUMMER) == ()

    def test_pairs_kept_apart(self, codes: CodeSetService) -> None:
        assert codes.excludes1(["E11.9", "I10", "E10.9"], SUMMER) == (("E11.9", "E10.9"),)
        assert codes.excludes1(["I10", "M25.561"], SUMMER) == ()

    def test_what_may_come_first(self, codes: CodeSetService) -> None:
        assert codes.may_be_first("I10", SUMMER)
        assert not codes.may_be_first("W19.XXXA", SUMMER)
        assert not codes.may_be_first("F02.80", SUMMER)


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("I10", "I10"),
            ("m25561", "M25.561"),
            ("M25.56", "M25.561"),
            ("gouty", "M10.9"),
            ("abdominal pain right upper", "R10.11"),
            ("pain upper right abdominal", "R10.11"),
            ("asthm", "J45.909"),
            ("SLE", "M32.9"),
            ("bppv", "H81.10"),
            ("kidney stones", "N20.0"),
            ("pinkeye", "H10.9"),
            ("psorasis", "L40.9"),
            ("hemorhoids", "K64.9"),
            ("Ménière", "H81.09"),
            ("left ankle sprain", "S93.402A"),
            ("ankle sprain lt subsequent", "S93.402D"),
            ("rt shoulder pain", "M25.511"),
            ("diarrhoea", "R19.7"),
            ("ckd4", "N18.4"),
        ],
    )
    def test_the_code_meant_is_among_the_first(
        self, codes: CodeSetService, text: str, code: str
    ) -> None:
        assert code in found(codes.search_diagnoses(text, SUMMER))[:3]

    def test_a_header_comes_first_when_its_code_was_typed(self, codes: CodeSetService) -> None:
        rows = codes.search_diagnoses("E11", SUMMER)
        assert (rows[0].code, rows[0].billable) == ("E11", False)
        assert all(row.billable and row.code.startswith("E11.") for row in rows[1:])

    def test_a_header_opens(self, codes: CodeSetService) -> None:
        assert "N18.3" in found(codes.children("N18", SUMMER))
        assert found(codes.children("N18.3", SUMMER)) == ["N18.30", "N18.31", "N18.32"]
        assert found(codes.children("T14.8", SUMMER))[0] == "T14.8XXA"
        assert codes.children("I10", SUMMER) == ()
        assert found(codes.children("M72.2", AUTUMN)) == ["M72.20", "M72.21", "M72.22"]

    def test_a_dead_code_gives_way_to_what_replaced_it(self, codes: CodeSetService) -> None:
        assert "M72.2" in found(codes.search_diagnoses("plantar fascial", SUMMER))
        rows = codes.search_diagnoses("plantar fascial", AUTUMN)
        assert "M72.2" not in found(rows)
        assert found(rows)[:3] == ["M72.20", "M72.21", "M72.22"]
        assert "FY2027" in rows[0].note

    def test_nothing_typed_finds_nothing(self, codes: CodeSetService) -> None:
        for text in ("", "   ", "\0", "'\"*()", "zzzqqqxxx"):
            assert codes.search_diagnoses(text, SUMMER) == ()

    def test_the_limit_holds(self, codes: CodeSetService) -> None:
        assert len(codes.search_diagnoses("fracture", SUMMER, limit=3)) == 3
        assert codes.search_diagnoses("fracture", SUMMER, limit=0) == ()

    @settings(max_examples=60, deadline=None)
    @given(text=st.text(max_size=40), day=st.sampled_from([SUMMER, AUTUMN]))
    def test_no_text_is_too_odd_and_every_answer_is_valid(
        self, codes: CodeSetService, text: str, day: date
    ) -> None:
        for row in codes.search_diagnoses(text, day):
            standing = codes.judge(row.code, day)
            assert standing.valid
            assert standing.billable is row.billable

    @settings(max_examples=40, deadline=None)
    @given(
        words=st.lists(
            st.sampled_from(WORDS),
            min_size=1,
            max_size=6,
        ),
        day=st.sampled_from([SUMMER, AUTUMN]),
    )
    def test_any_words_of_the_trade_find_valid_codes_once_each(
        self, codes: CodeSetService, words: list[str], day: date
    ) -> None:
        rows = codes.search_diagnoses(" ".join(words), day)
        assert len(set(found(rows))) == len(rows) <= 10
        for row in rows:
            assert codes.judge(row.code, day).billable

    @settings(max_examples=60, deadline=None)
    @given(number=st.integers(0, 74_718), length=st.integers(3, 8), point=st.booleans())
    def test_a_code_is_found_by_its_beginning(
        self, codes: CodeSetService, billable: list[str], number: int, length: int, point: bool
    ) -> None:
        code = billable[number]
        typed = code[:length].rstrip(".")
        rows = codes.search_diagnoses(typed if point else typed.replace(".", ""), SUMMER, limit=500)
        if len(rows) < 500:
            assert code in found(rows)
        whole = codes.search_diagnoses(code, SUMMER)
        assert whole[0].code == code


def test_codes_used_before_come_first(
    office: Office, code_folder: Path, codes: CodeSetService
) -> None:
    assert codes.ready
    case = office.sent()
    used = office.services.encounters.show(case.encounter).command.diagnoses[0]
    service = CodeSetService(office.services.desk, code_folder)
    assert used not in found(codes.search_diagnoses(used[:2], SUMMER))
    mine = service.search_diagnoses(used[:2], SUMMER, case.patient)
    assert mine[0].code == used
    worded = service.search_diagnoses("osteoarthritis", SUMMER, case.patient)
    plain = found(codes.search_diagnoses("osteoarthritis", SUMMER, limit=400))
    assert found(worded).index(used) < plain.index(used)
    row = next(row for row in mine if row.code == used)
    assert row.patient_uses >= 1
    assert row.practice_uses >= row.patient_uses
    assert row.last_used is not None
    service.close()


def test_one_read_a_patient_until_an_encounter_is_written(
    office: Office, code_folder: Path
) -> None:
    case = office.sent()
    service = CodeSetService(office.services.desk, code_folder)
    service.prepare()
    with office.services.desk.db.query_counter() as first:
        service.search_diagnoses("pain", SUMMER, case.patient)
    with office.services.desk.db.query_counter() as again:
        service.search_diagnoses("pain in", SUMMER, case.patient)
    assert len(first.statements) <= 3
    assert not again.statements
    office.draft(case.patient)
    with office.services.desk.db.query_counter() as after:
        service.search_diagnoses("pain in", SUMMER, case.patient)
    assert after.statements
    service.close()
