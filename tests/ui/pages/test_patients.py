"""Patients: registering with counted actions, drafts, warnings, new cards, and what is refused."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.claim_form import PayerType, Relationship
from app.services.door import Services
from app.services.people_commands import SavePayer
from app.ui.page import Go
from tests.office import open_office
from tests.ui.pages.office import DAY, small_practice
from tests.ui.pages.patients_desk import CTRL, Desk


def _register(desk: Desk) -> None:
    """The registration sheet of a new patient with one card, key by key."""
    desk.press(Qt.Key.Key_N, CTRL)
    for text in ("Larrabee", "Noel", "T"):
        desk.type(text)
    desk.enter()  # no suffix
    desk.type("03141988")
    desk.type("m")
    desk.type("12 Mill Rd")
    desk.enter()  # no apartment
    desk.type("24153")
    desk.type("5405550144")
    desk.type("t")
    desk.enter()  # statements to the patient
    desk.enter()  # no alert
    desk.type("blue")
    desk.type("XQK 1122 3344")
    desk.enter()  # self
    desk.type("77120")
    desk.type("Ridge Select")
    desk.type("010126")
    desk.enter()  # not ended
    desk.type("25")
    desk.press(Qt.Key.Key_F9)


def test_a_new_patient_with_a_card_takes_at_most_22_actions(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        desk = Desk(qtbot, services)
        _register(desk)
        found = services.patients.find("larrabee")
        assert len(found) == 1, desk.words()
        saved = services.patients.show(found[0].patient_id)
        assert (saved.last, saved.first, saved.middle) == ("Larrabee", "Noel", "T")
        assert (saved.birth_date, saved.sex) == (date(1988, 3, 14), "M")
        assert (saved.address.city, saved.address.state) == ("Salem", "VA")
        assert (saved.phone, saved.release_signature_date) == ("(540) 555-0144", DAY)
        policy = saved.policies[0]
        assert (policy.payer_id, policy.member_id) == (small.payer, "XQK 1122 3344")
        assert (policy.group_number, policy.plan_name) == ("77120", "Ridge Select")
        assert (policy.copay_cents, policy.effective) == (2500, date(2026, 1, 1))
        assert desk.actions <= 22
        assert "Saved: Larrabee, Noel T" in desk.said()
        assert desk.titles[-1][0] == "Larrabee, Noel T"


def test_blank_fields_are_marked_where_they_stand(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        desk = Desk(qtbot, services)
        desk.press(Qt.Key.Key_N, CTRL)
        desk.into("member_id", "ABC")
        desk.press(Qt.Key.Key_F9)
        words = desk.words()
        for sentence in ("Enter the last name.", "Enter the birth date.", "Choose the payer."):
            assert sentence in words
        assert desk.here() is desk.field("last")
        assert len(services.patients.find("")) == 1


def test_a_half_typed_patient_waits_as_a_draft(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        desk = Desk(qtbot, services)
        desk.press(Qt.Key.Key_N, CTRL)
        desk.type("Halloran")
        desk.into("birth_date", "01021950")
        desk.into("payer_id", "blue")
        desk.page.leave()
        desk.page.open(small.patient)
        assert desk.titles[-1][0] == "Ames, Ruth E"
        desk.press(Qt.Key.Key_N, CTRL)
        sheet = desk.page._views.sheet
        assert sheet.person.values()["last"] == "Halloran"
        assert sheet.person.values()["birth_date"] == date(1950, 1, 2)
        assert sheet.cards.card().values()["payer_id"] == small.payer
        assert "brought back" in desk.words()
        desk.press(Qt.Key.Key_Backspace, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert sheet.person.values()["last"] == ""
        assert services.drafts.find("patient:new") is None
        assert "brought back" not in desk.words()


def test_duplicates_and_odd_medicare_numbers_are_told_after_the_save(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        services.setup.save_payer(SavePayer("Medicare Part B", PayerType.MEDICARE))
        desk = Desk(qtbot, services)
        desk.press(Qt.Key.Key_N, CTRL)
        desk.type("Ames")
        desk.type("Ruth")
        desk.into("birth_date", "04171964")
        desk.into("payer_id", "medi")
        desk.into("member_id", "1EG4TE5MK7")
        desk.press(Qt.Key.Key_F9)
        assert len(services.patients.find("ames")) == 2
        assert "nearly this name" in desk.words()
        assert "Look at what is marked" in desk.said()
        card = desk.page._views.sheet.cards.card()
        assert card.widget("member_id").property("mark") == "warning"
        desk.page.refresh()  # the window reads again after every write; the marks stay
        assert card.widget("member_id").property("mark") == "warning"


def test_another_insured_lives_at_the_patients_address(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        assert not desk.seen("insured_last")
        desk.choose("relationship", "p")
        assert desk.seen("insured_last")
        desk.into("insured_first", "Walter")
        desk.press(Qt.Key.Key_F9)
        policy = services.patients.show(small.patient).policies[0]
        assert policy.relationship is Relationship.SPOUSE
        assert policy.insured is not None
        assert (policy.insured.last, policy.insured.first) == ("Ames", "Walter")
        assert policy.insured.address.line1 == "118 Orchard Ln"


def test_fields_appear_when_the_policy_asks_for_them(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        services.setup.save_payer(SavePayer("Medicare Part B", PayerType.MEDICARE))
        comp = services.setup.save_payer(SavePayer("Stone Comp", PayerType.WORKERS_COMP))
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        desk.press(Qt.Key.Key_F6)  # a third payer
        desk.type("medi")
        assert desk.seen("msp_type")
        desk.into("payer_id", "stone")
        assert desk.seen("claim_number")
        assert not desk.seen("msp_type")
        desk.into("member_id", "WC-1")
        desk.press(Qt.Key.Key_F9)
        assert "Enter the employer." in desk.words()
        desk.into("insured_organization", "Roanoke Freight")
        desk.into("claim_number", "WC77120")
        desk.press(Qt.Key.Key_F9)
        added = next(p for p in services.patients.show(small.patient).policies if p.rank == 3)
        assert (added.payer_id, added.claim_number) == (comp, "WC77120")
        assert added.insured is not None
        assert added.insured.organization == "Roanoke Freight"


def _bill(services: Services, encounter: int) -> None:
    claims = services.encounters.post_charges(encounter).claim_ids[:1]
    services.claims.print_claims(claims)
    services.claims.confirm_printed(claims)


def test_a_billed_policy_stays_and_f7_puts_the_new_card_beside_it(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        _bill(services, small.encounter)
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        desk.into("member_id", "NEW 555")
        desk.press(Qt.Key.Key_F9)
        assert "F7 does both" in desk.words()
        desk.press(Qt.Key.Key_F7)
        desk.into("effective", "112026")
        desk.press(Qt.Key.Key_F9)
        policies = services.patients.show(small.patient).policies
        old = next(p for p in policies if p.member_id == "XQK 8841 0072")
        new = next(p for p in policies if p.member_id == "NEW 555")
        assert old.termination == date(2026, 11, 19)
        assert (new.effective, new.rank, new.payer_id) == (date(2026, 11, 20), 1, small.payer)


def test_an_unknown_payer_leads_to_setup_and_the_draft_stays(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        desk = Desk(qtbot, services)
        desk.press(Qt.Key.Key_N, CTRL)
        desk.type("Halloran")
        desk.into("payer_id", "Cedar")
        assert desk.jumps == [Go("setup", ("payers", "new"))]
        desk.page.leave()
        assert services.drafts.find("patient:new") is not None


def test_a_guarantor_on_file_is_found_and_shared(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        desk = Desk(qtbot, services)
        desk.press(Qt.Key.Key_N, CTRL)
        desk.type("Ames")
        desk.type("Tom")
        desk.into("birth_date", "05052018")
        desk.choose("pays", "s")
        desk.into("on_file", "am")
        assert desk.page._views.sheet.guarantor.values()["first"] == "Ruth"
        desk.press(Qt.Key.Key_F9)
        tom = services.patients.find("tom")[0].patient_id
        ruth = services.accounts.show(small.patient).guarantor_id
        assert services.accounts.show(tom).guarantor_id == ruth
        assert services.households.guarantor(ruth).address.line1 == "118 Orchard Ln"


def test_typing_finds_and_n_begins_a_visit(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        desk = Desk(qtbot, services)
        _register(desk)
        desk.press(Qt.Key.Key_F, CTRL)
        QTest.keyClicks(desk.here(), "am")
        desk.enter()
        assert desk.titles[-1][0] == "Ames, Ruth E"
        desk.page._list.table.setFocus()
        desk.press(Qt.Key.Key_N)
        assert desk.jumps[-1] == Go("encounters", ("new", small.patient))


def test_resting_on_a_row_shows_and_audits_it_once(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small_practice(services)
        desk = Desk(qtbot, services)
        _register(desk)
        desk.press(Qt.Key.Key_F, CTRL)
        QTest.keyClick(desk.here(), Qt.Key.Key_Escape)
        QTest.keyClick(desk.here(), Qt.Key.Key_Up)
        qtbot.waitUntil(lambda: desk.titles[-1][0] == "Ames, Ruth E")


def test_refresh_asks_few_questions_and_leaves_typing_alone(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = small_practice(services)
        services.encounters.post_charges(small.encounter)
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        for view in range(3):
            desk.page.show_view(view)
            with services.desk.db.query_counter() as queries:
                desk.page.refresh()
            assert queries.count <= 32, view
        desk.page.show_view(0)
        desk.into("phone", "5405559999")
        desk.page.refresh()
        assert desk.page._views.sheet.person.values()["phone"] == "5405559999"
