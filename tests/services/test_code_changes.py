"""What a new edition changes: only the practice's codes, each place by its own date of service."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.reference import FileKind
from app.services import _reference_reading
from app.services.clock import SetClock
from app.services.code_change_rows import CodeChange, Place, What
from app.services.codesets import CodeSetService
from app.services.encounter_commands import SaveLine
from app.services.favourites import FavouriteCode, FavouriteGroup
from app.services.people_commands import SaveProcedure
from app.services.recurring import SaveRecurring
from tests.office import PASSPHRASE, USER, door, let_all_pass
from tests.services.changing_office import JULY, OCTOBER, autumn_files, hcpcs, put, take
from tests.services.conftest import Template
from tests.services.front_desk import Office

SEPTEMBER = date(2026, 9, 30)
AUTUMN = date(2026, 10, 20)


@pytest.fixture
def office(
    template: Template, code_folder: Path, codes: CodeSetService, tmp_path: Path
) -> Iterator[Office]:
    """An office in October with the packaged diagnoses ready, whose files may be changed."""
    assert codes.ready
    mine, folder = tmp_path / "codes", tmp_path / "practice"
    shutil.copytree(code_folder, mine)
    shutil.copytree(template.folder, folder)
    clock = SetClock(AUTUMN)
    services = door(clock, mine).unlock(folder, USER, PASSPHRASE)
    services.codesets.prepare()
    try:
        yield Office(services, clock, template.lists)
    finally:
        services.close()


@pytest.fixture
def quarters(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The same with two quarters of every table."""
    monkeypatch.setattr(_reference_reading, "_WHOLE", dict.fromkeys(FileKind, 1))
    monkeypatch.setattr(_reference_reading, "_OF_BEFORE", 0)
    autumn_files(office.services, tmp_path)
    return office


def visit(office: Office, day: date, *lines: str, dx: str = "I10", last: str = "Doe") -> int:
    """A draft; lines as ``99213`` or ``96372 x3``."""
    parts = [line.partition(" x") for line in lines or ("99213",)]
    rows = tuple(SaveLine(c, 10000, units=n or "1", pointers="A") for c, _, n in parts)
    patient = office.patient(last, office.lists.primary)
    return office.draft(patient, service_date=day, diagnoses=(dx,), lines=rows)


def changes(office: Office, day: date = OCTOBER) -> dict[tuple[str, ...], CodeChange]:
    found = office.services.code_changes.preview(day)
    assert len({change.key for change in found}) == len(found)
    return {(change.what, *change.codes): change for change in found}


def places(change: CodeChange) -> list[tuple[Place, int]]:
    return [(t.place, t.key) for t in change.touched]


class TestDiagnoses:
    def test_the_dead_codes_of_october_touch_only_services_from_that_day_on(
        self, office: Office
    ) -> None:
        before = visit(office, SEPTEMBER, dx="M72.2", last="Early")
        after = visit(office, OCTOBER, dx="M72.2", last="Late")
        visit(office, OCTOBER, dx="I10", last="Well")
        (change,) = office.services.code_changes.preview(OCTOBER)
        assert (change.what, change.codes, change.uses) == (What.CATEGORY, ("M72.2",), 2)
        assert change.last_used == OCTOBER
        assert places(change) == [(Place.ENCOUNTER, after)]
        assert before not in [t.key for t in change.touched]
        assert change.touched[0].title == "Late, Jane"
        assert change.instead
        assert all(new.code.startswith("M72.2") for new in change.instead)
        assert change.says.startswith("From 10/01/2026 on M72.2 is a category only")
        turn = next(t for t in office.services.code_changes.turns() if t.day == OCTOBER)
        assert turn.editions == ("ICD-10-CM FY2027",)
        assert turn.codes_only

    def test_today_counts_the_draft_and_names_setup(self, office: Office) -> None:
        visit(office, SEPTEMBER, dx="M72.2", last="Early")
        assert "codes" not in {end.key for end in office.services.today.loose_ends()}
        visit(office, OCTOBER, dx="M72.2", last="Late")
        (end,) = [e for e in office.services.today.loose_ends() if e.key == "codes"]
        assert (end.count, end.oldest, end.page, end.detail) == (1, OCTOBER, "setup", "1 visit")

    def test_a_code_corrected_is_touched_no_more(self, office: Office) -> None:
        visit(office, OCTOBER, dx="M72.2")
        (change,) = office.services.code_changes.preview(OCTOBER)
        office.services.encounters.delete_draft(change.touched[0].key)
        assert office.services.code_changes.open_touched().count == 0
        assert office.services.code_changes.preview(OCTOBER) == ()

    def test_before_october_it_is_said_45_days_ahead(self, office: Office) -> None:
        visit(office, OCTOBER, dx="M72.2")
        office.clock.day = OCTOBER - timedelta(days=46)
        assert office.services.code_changes.open_touched().count == 0
        office.clock.day = OCTOBER - timedelta(days=45)
        assert office.services.code_changes.open_touched().count == 1

    def test_claims_favourites_charges_and_recurring_visits_are_named(self, office: Office) -> None:
        s = office.services
        key = visit(office, OCTOBER, dx="M72.2", last="Post")
        rhythm = SaveRecurring(1, "weeks", date(2026, 10, 27), encounter_id=key)
        recurring = s.recurring.save(rhythm)
        claim = s.encounters.post_charges(key).claim_ids[0]
        charge = s.setup.save_procedure(SaveProcedure("20550", 9000, diagnoses="M72.2"))
        group = FavouriteGroup(None, "Feet", codes=(FavouriteCode("dx", "M72.2"),))
        favourite = s.favourites.save(group)
        (change,) = s.code_changes.preview(OCTOBER)
        assert places(change) == [
            (Place.CLAIM, claim),
            (Place.RECURRING, recurring),
            (Place.CHARGE, charge),
            (Place.FAVOURITE, favourite),
        ]
        assert [t.place for t in change.open] == [Place.CLAIM, Place.RECURRING]
        touched = s.code_changes.open_touched()
        assert (touched.visits, touched.claims, touched.recurring) == (0, 1, 1)
        let_all_pass(s, claim)
        s.claims.print_claims([claim])
        s.claims.confirm_printed([claim])
        assert s.code_changes.open_touched().claims == 0
        s.claims.set_status(claim, "rejected")
        assert s.code_changes.open_touched().claims == 1

    def test_a_use_of_years_ago_does_not_count(self, office: Office) -> None:
        key = visit(office, date(2024, 10, 1), dx="M72.2")
        office.services.encounters.post_charges(key)
        assert office.services.code_changes.preview(OCTOBER) == ()
        visit(office, date(2024, 10, 25), dx="M72.2", last="Later")
        (change,) = office.services.code_changes.preview(OCTOBER)
        assert (change.uses, change.touched) == (1, ())


class TestProcedures:
    def test_a_new_pair_among_the_codes_of_the_practice(self, quarters: Office) -> None:
        both = visit(quarters, OCTOBER, "99213", "20610", last="Both")
        visit(quarters, SEPTEMBER, "99213", "20610", last="Early")
        visit(quarters, OCTOBER, "99213", last="One")
        change = changes(quarters)[What.PAIR, "20610", "99213"]
        assert places(change) == [(Place.ENCOUNTER, both)]
        assert (change.uses, change.last_used) == (2, OCTOBER)
        assert "only as a separate service" in change.says
        assert quarters.services.code_changes.open_touched().visits == 1

    def test_a_pair_told_apart_by_a_modifier_is_in_order(self, quarters: Office) -> None:
        patient = quarters.patient("Apart", quarters.lists.primary)
        lines = (
            SaveLine("99213", 10000, modifiers="25", pointers="A"),
            SaveLine("20610", 10000, modifiers="RT", pointers="A"),
        )
        quarters.draft(patient, service_date=OCTOBER, lines=lines)
        change = changes(quarters)[What.PAIR, "20610", "99213"]
        assert (change.uses, change.touched) == (1, ())
        assert quarters.services.code_changes.open_touched().count == 0

    def test_a_pair_of_old_is_no_change(self, quarters: Office) -> None:
        visit(quarters, OCTOBER, "20610", "36000")
        found = changes(quarters)
        assert (What.PAIR, "20610", "36000") not in found
        assert quarters.services.code_changes.open_touched().count == 0

    def test_a_code_that_hcpcs_ends(self, quarters: Office) -> None:
        visit(quarters, SEPTEMBER, "G0999", last="Early")
        late = visit(quarters, OCTOBER, "G0999", last="Late")
        change = changes(quarters)[What.DEAD, "G0999"]
        assert places(change) == [(Place.ENCOUNTER, late)]
        assert change.says.startswith("G0999 ended on 09/30/2026 (2026Q4).")
        assert change.uses == 2

    def test_a_lower_limit_touches_only_what_is_above_it(self, quarters: Office) -> None:
        visit(quarters, OCTOBER, "96372 x2", last="Within")
        above = visit(quarters, OCTOBER, "96372 x2", "96372 x1", last="Above")
        visit(quarters, SEPTEMBER, "96372 x3", last="Early")
        change = changes(quarters)[What.LIMIT, "96372"]
        assert places(change) == [(Place.ENCOUNTER, above)]
        assert change.says == "At most 2 units on a day; 4 before."

    def test_a_new_text_stops_nothing(self, quarters: Office) -> None:
        key = visit(quarters, OCTOBER, "J1234")
        change = changes(quarters)[What.TEXT, "J1234"]
        assert places(change) == [(Place.ENCOUNTER, key)]
        assert change.open == ()
        assert quarters.services.code_changes.open_touched().count == 0

    def test_prices_once_a_locality_is_chosen(self, quarters: Office) -> None:
        s = quarters.services
        charge = s.setup.save_procedure(SaveProcedure("99213", 5000, "Visit"))
        assert (What.PRICE, "99213") not in changes(quarters)
        s.code_files.choose_locality("0123401")
        change = changes(quarters)[What.PRICE, "99213"]
        prices = [s.reference.price("99213", (), day, "11", "0123401") for day in (OCTOBER, JULY)]
        now, then = (f"{p.allowed_cents / 100:.2f}" for p in prices if p)
        assert change.says.startswith(f"Medicare allows {now} in the office; {then} before.")
        assert "You charge 50.00, which is less." in change.says
        assert places(change) == [(Place.CHARGE, charge)]
        assert change.wording == "Visit"

    def test_one_table_alone(self, quarters: Office) -> None:
        visit(quarters, OCTOBER, "G0999", "J1234", dx="M72.2")
        preview = quarters.services.code_changes.preview
        assert {c.kind for c in preview(OCTOBER, FileKind.HCPCS)} == {FileKind.HCPCS}
        assert [c.codes for c in preview(OCTOBER, FileKind.ICD)] == [("M72.2",)]

    def test_a_mend_in_a_later_edition_is_seen(self, quarters: Office, tmp_path: Path) -> None:
        visit(quarters, OCTOBER, "G0999")
        assert quarters.services.code_changes.open_touched().count == 1
        path = put(tmp_path, FileKind.HCPCS, [hcpcs("G0999")], "HCPC2026_OCT_ANWEB.csv")
        take(quarters.services, path)
        assert quarters.services.code_changes.open_touched().count == 0
        assert (What.DEAD, "G0999") not in changes(quarters)


def test_a_preview_asks_as_much_of_many_as_of_few(quarters: Office) -> None:
    def ask() -> tuple[int, int]:
        with quarters.services.desk.db.query_counter() as preview:
            quarters.services.code_changes.preview(OCTOBER)
        with quarters.services.desk.db.query_counter() as today:
            quarters.services.code_changes.open_touched()
        return preview.count, today.count

    names = ["Ann", "Bea", "Cleo", "Dot", "Eve", "Fay"]
    key = visit(quarters, OCTOBER, "99213", "20610", "G0999", dx="M72.2", last="First")
    again = SaveRecurring(1, "weeks", date(2026, 10, 27), encounter_id=key)
    quarters.services.recurring.save(again)
    posted = visit(quarters, OCTOBER, "99213", dx="M72.2", last="Second")
    quarters.services.encounters.post_charges(posted)
    few = ask()
    for name in names:
        visit(quarters, OCTOBER, "99213", "20610", "G0999", dx="I42.0", last=name)
    assert ask() == few
    assert few[0] <= 20
    assert few[1] <= 10


def test_nothing_is_asked_where_no_edition_is_near(office: Office) -> None:
    visit(office, OCTOBER, dx="M72.2")
    office.clock.day = date(2026, 3, 1)
    with office.services.desk.db.query_counter() as queries:
        assert office.services.code_changes.open_touched().count == 0
    assert queries.count == 0
