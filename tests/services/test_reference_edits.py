"""Claim edits that ask imported tables: they fire with them, and are silent without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.claim_form import PayerType
from app.domain.reference import FileKind
from app.services._code_tables import ClaimTables, LoadedTables, MedicareTerms
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePayer, SavePolicy
from tests.codesets.official_files import FILES, HCPCS_ROWS, Official, official, rvu_row
from tests.services.front_desk import VISIT, Office

WINTER = {
    FileKind.HCPCS: "HCPC2026_JAN_ANWEB.csv",
    FileKind.NCCI: "ccipra-v320r0-f1.txt",
    FileKind.MUE: "mue_2026Q1.csv",
    FileKind.RVU: "PPRRVU2026_Jan_nonQPP.csv",
    FileKind.AGES: "age_edits_fy2026.csv",
}
NCCI_WINTER = (
    ("20610", "36000", "", "20020101", "*", "1"),
    ("20610", "64450", "", "20100101", "*", "0"),
    ("20610", "76942", "", "20100101", "20260301", "0"),
)
DRUG = "J1234"


def winter(kind: FileKind) -> Official:
    """The made-up file as of the quarter of the visits here."""
    file = official(kind)
    changed = replace(file, name=WINTER.get(kind, file.name))
    if kind is FileKind.RVU:
        head = tuple(tuple(cell.replace("July", "January") for cell in row) for row in changed.head)
        return replace(changed, head=head, rows=(*changed.rows, rvu_row("99212", work="0.70")))
    if kind is FileKind.HCPCS:
        ended = tuple(
            (*row[:9], "20251231", row[10]) if row[0] == "G0999" else row for row in HCPCS_ROWS
        )
        return replace(changed, rows=ended[:-1])
    return replace(changed, rows=NCCI_WINTER) if kind is FileKind.NCCI else changed


@pytest.fixture
def tables(office: Office, tmp_path: Path, small_is_whole: None) -> Office:
    """An office with every table imported."""
    for file in FILES:
        path = tmp_path / winter(file.kind).name
        path.write_bytes(winter(file.kind).data())
        office.services.reference.import_file(path)
    return office


def line(
    code: str, *modifiers: str, cents: int = 100_000, units: str = "1", pos: str = "11"
) -> SaveLine:
    return SaveLine(
        code, cents, pointers="A", modifiers=" ".join(modifiers), units=units, place_of_service=pos
    )


def typed(
    office: Office, *lines: SaveLine, payer: int | None = None, **how: object
) -> SaveEncounter:
    patient = office.patient("Roe", payer or office.lists.primary)
    command = SaveEncounter(
        patient, office.lists.provider, VISIT, facility_id=office.lists.place,
        diagnoses=("M17.11",), lines=lines,
    )  # fmt: skip
    return replace(command, **how)  # type: ignore[arg-type]


def fired(office: Office, command: SaveEncounter) -> set[str]:
    return {f.edit_id for f in office.services.scrub.as_typed(command)}


CASES = {
    # edit: (lines over which it fires, lines over which it is silent)
    "E074": ((line("G0999"),), (line(DRUG),)),
    "E075": ((line("99213", "QX"),), (line("99213", "Q9"),)),
    "E079": ((line("20610"), line("36000")), (line("20610"), line("36000", "59"))),
    "E080": ((line("20610", units="3"),), (line("20610", units="2"),)),
    "E081": ((line("99213", "50"),), (line("20610", "50"),)),
    "E083": ((line("93000", "26"),), (line("71046", "26"),)),
    "E084": ((line("11732"),), (line("11732"), line("20610"))),
}


@pytest.mark.parametrize("edit", CASES)
def test_it_fires_with_its_table_and_is_silent_without(
    office: Office, edit: str, request: pytest.FixtureRequest
) -> None:
    wrong, right = CASES[edit]
    assert edit not in fired(office, typed(office, *wrong))
    request.getfixturevalue("tables")
    assert edit in fired(office, typed(office, *wrong))
    assert edit not in fired(office, typed(office, *right))


def test_a_pair_that_is_never_paid_and_one_that_ended(tables: Office) -> None:
    assert "E079" in fired(tables, typed(tables, line("20610"), line("64450", "59")))
    assert "E079" not in fired(tables, typed(tables, line("20610"), line("76942")))
    before = typed(tables, line("20610"), line("76942"), service_date=date(2026, 3, 1))
    assert "E079" in fired(tables, before)


def test_the_same_on_the_printed_claim(tables: Office) -> None:
    patient = tables.patient("Doe", tables.lists.primary)
    encounter = tables.draft(patient, lines=(line("20610"), line("64450")))
    claim = tables.services.encounters.post_charges(encounter).claim_ids[0]
    checks = tables.services.claims.show(claim).checks
    (pair,) = [c for c in checks if c.finding.edit_id == "E079"]
    assert "64450" in pair.finding.message
    assert "20610" in pair.finding.message


class TestGlobalPeriods:
    def operated(self, office: Office, code: str, days: int) -> int:
        patient = office.patient("Roe", office.lists.primary)
        before = office.draft(
            patient, lines=(line(code),), service_date=VISIT - timedelta(days=days)
        )
        office.services.encounters.post_charges(before)
        return patient

    def visit(self, office: Office, patient: int, *lines: SaveLine) -> SaveEncounter:
        return SaveEncounter(
            patient, office.lists.provider, VISIT, facility_id=office.lists.place,
            diagnoses=("M17.11",), lines=lines,
        )  # fmt: skip

    def test_a_visit_within_ninety_days(self, tables: Office) -> None:
        patient = self.operated(tables, "27447", 90)
        assert "E077" in fired(tables, self.visit(tables, patient, line("99213")))
        assert "E077" not in fired(tables, self.visit(tables, patient, line("99213", "24")))

    def test_a_visit_after_them(self, tables: Office) -> None:
        patient = self.operated(tables, "27447", 91)
        assert "E077" not in fired(tables, self.visit(tables, patient, line("99213")))

    def test_a_second_operation(self, tables: Office) -> None:
        patient = self.operated(tables, "27447", 30)
        assert "E078" in fired(tables, self.visit(tables, patient, line("20610")))
        assert "E078" not in fired(tables, self.visit(tables, patient, line("20610", "79")))

    def test_without_a_schedule_nobody_knows(self, office: Office) -> None:
        patient = self.operated(office, "27447", 30)
        found = fired(office, self.visit(office, patient, line("99213"), line("20610")))
        assert not {"E077", "E078"} & found


class TestPrices:
    @pytest.fixture
    def medicare(self, tables: Office) -> int:
        payer = SavePayer(
            "Medicare", PayerType.MEDICARE,
            address=tables.services.directory.payer(tables.lists.primary).address,
        )  # fmt: skip
        return tables.services.setup.save_payer(payer)

    def visit(self, office: Office, payer: int, *lines: SaveLine, **how: object) -> SaveEncounter:
        office.services.setup.save_setting("medicare_locality", "0123400")
        policy = SavePolicy(payer, "1EG4TE5MK73")
        patient = office.patient("Roe", policies=(policy,), birth_date=date(1950, 1, 1))
        command = SaveEncounter(
            patient, office.lists.provider, VISIT, facility_id=office.lists.place,
            diagnoses=("M17.11",), lines=lines,
        )  # fmt: skip
        return replace(command, **how)  # type: ignore[arg-type]

    def test_a_charge_below_medicare_s_price(self, tables: Office, medicare: int) -> None:
        below, enough = (
            self.visit(tables, medicare, line("99213", cents=cents)) for cents in (7864, 7865)
        )
        assert "E100" in fired(tables, below)
        assert "E100" not in fired(tables, enough)
        two = self.visit(tables, medicare, line("99213", cents=15_729, units="2"))
        assert "E100" in fired(tables, two)

    def test_at_a_hospital_the_facility_rate_counts(self, tables: Office, medicare: int) -> None:
        at_hospital = line("99213", cents=4790, pos="22")
        assert "E100" not in fired(tables, self.visit(tables, medicare, at_hospital))
        assert "E100" in fired(
            tables, self.visit(tables, medicare, replace(at_hospital, place_of_service="11"))
        )

    def test_other_payers_and_no_locality_are_left_alone(
        self, tables: Office, medicare: int
    ) -> None:
        cheap = line("99213", cents=100)
        assert "E100" not in fired(tables, typed(tables, cheap))
        command = self.visit(tables, medicare, cheap)
        tables.services.setup.save_setting("medicare_locality", "")
        assert "E100" not in fired(tables, command)

    def test_the_limiting_charge(self, tables: Office, medicare: int) -> None:
        provider = tables.services.directory.providers()[0]
        tables.services.setup.save_provider(replace(provider, medicare_participating=False))
        over, under = (
            self.visit(tables, medicare, line("99213", cents=cents), accept_assignment=False)
            for cents in (8594, 8593)
        )
        assert "E101" in fired(tables, over)
        assert "E101" not in fired(tables, under)
        assigned = replace(over, accept_assignment=True)
        assert "E101" not in fired(tables, assigned)

    def test_a_practitioner_is_paid_85_percent(self, tables: Office, medicare: int) -> None:
        provider = tables.services.directory.providers()[0]
        tables.services.setup.save_provider(replace(provider, credentials="FNP-BC, NP"))
        command = self.visit(tables, medicare, line("99213", cents=6685))
        assert "E100" not in fired(tables, command)
        assert "E100" in fired(tables, replace(command, lines=(line("99213", cents=6684),)))


class _Agreed:
    """A contract that says one price."""

    def __init__(self, cents: int | None) -> None:
        self.cents = cents

    def expected(self, code: str, modifiers: tuple[str, ...], on: date) -> int | None:
        return self.cents if code == "99213" else None


def test_a_contract_comes_before_the_schedule(tables: Office) -> None:
    loaded = LoadedTables(tables.services.codesets, tables.services.reference)
    terms = MedicareTerms("0123400")
    for agreed, wanted in ((_Agreed(9000), 9000), (_Agreed(None), 7865)):
        claim = ClaimTables(loaded, {}, prices=agreed, medicare=terms)
        assert claim.expected_cents("99213", (), VISIT, "11") == wanted
        assert claim.limiting_cents("99213", (), VISIT, "11") == 8593
    alone = ClaimTables(loaded, {}, prices=_Agreed(9000))
    assert alone.expected_cents("99213", (), VISIT, "11") == 9000
    assert alone.limiting_cents("99213", (), VISIT, "11") is None
    below = ClaimTables(loaded, {}, medicare=replace(terms, participating=False))
    assert below.expected_cents("99213", (), VISIT, "11") == 7472


def test_ages_of_the_imported_list(tables: Office) -> None:
    child = replace(
        typed(tables, line("99213")),
        patient_id=tables.patient("Poe", tables.lists.primary, birth_date=date(2020, 1, 1)),
        diagnoses=("F03.90",),
    )
    assert "E051" in fired(tables, child)
    tables.services.reference.remove(FileKind.AGES, "FY2026")
    assert "E051" not in fired(tables, child)


def test_the_sex_edit_until_it_was_switched_off(tables: Office) -> None:
    man = tables.patient("Poe", tables.lists.primary, sex="M")
    for day, fires in ((date(2024, 9, 30), True), (date(2024, 10, 1), False)):
        command = replace(
            typed(tables, line("99213")), patient_id=man, diagnoses=("A34",), service_date=day
        )
        assert ("E051" in fired(tables, command)) == fires


def test_words_of_the_table_where_the_practice_has_none(tables: Office) -> None:
    loaded = LoadedTables(tables.services.codesets, tables.services.reference)
    claim = ClaimTables(loaded, {"99213": "our words"})
    assert [claim.procedure_wording(c) for c in ("99213", DRUG, "99214")] == [
        "our words", "Inj made-up", "",
    ]  # fmt: skip


def test_each_answer_is_asked_for_once(tables: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = LoadedTables(tables.services.codesets, tables.services.reference)
    asked: list[str] = []
    real = tables.services.reference.fee_line

    def counted(code: str, modifier: str, on: date) -> object:
        asked.append(code)
        return real(code, modifier, on)

    monkeypatch.setattr(type(tables.services.reference), "fee_line",
                        lambda _self, *values: counted(*values))  # fmt: skip
    claim = ClaimTables(loaded, {})
    for _ in range(3):
        assert claim.policy("99213", VISIT) is not None
        assert claim.policy("12345", VISIT) is None
    assert asked == ["99213", "12345"]
