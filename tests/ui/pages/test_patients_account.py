"""The account: it foots, payments go to the oldest line first, and everything has its way back."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.books import PATIENT_PARTY
from app.services.adjustments import Transfer
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.payment_commands import Application, PatientPayment
from app.ui.page import Go
from app.ui.pages.patients_account_rows import line_row, oldest_first
from app.ui.pages.patients_views import ACCOUNT
from tests.office import open_office
from tests.ui.pages.office import DAY, Small, small_practice
from tests.ui.pages.patients_desk import ALT, CTRL, Desk


@given(
    st.integers(min_value=-5000, max_value=100_000),
    st.lists(st.integers(min_value=0, max_value=30_000), max_size=8),
)
def test_oldest_first_never_places_more_than_there_is_or_is_owed(
    amount: int, owed: list[int]
) -> None:
    parts = oldest_first(amount, owed)
    assert len(parts) == len(owed)
    assert all(0 <= part <= cents for part, cents in zip(parts, owed, strict=True))
    assert sum(parts) == max(0, min(amount, sum(owed)))
    short = [n for n, (part, cents) in enumerate(zip(parts, owed, strict=True)) if part < cents]
    assert not any(parts[n] for n in range((short or [len(parts)])[0] + 1, len(parts)))


def _posted(services: Services) -> Small:
    """Charges of 185.00 and 165.00 with the first payer."""
    small = small_practice(services)
    services.encounters.post_charges(small.encounter)
    return small


def _owed_by_patient(services: Services, small: Small) -> None:
    """Both lines passed to the patient."""
    for line in services.accounts.show(small.patient).lines:
        part = line.owes[0]
        services.adjustments.transfer(
            Transfer(line.line_id, part.party_id, PATIENT_PARTY, part.cents, "not covered")
        )


def _account(desk: Desk, small: Small) -> None:
    desk.page.open(small.patient)
    desk.page.show_view(ACCOUNT)
    desk.actions = 0


def test_a_payment_goes_to_the_oldest_first_in_four_actions_and_back(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        _owed_by_patient(services, small)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)
        desk.type("200")
        desk.enter()
        desk.type("1042")
        desk.press(Qt.Key.Key_F9)
        assert desk.actions == 4
        view = services.accounts.show(small.patient)
        assert {n.code: n.balance_cents for n in view.lines} == {"99214": 0, "20610": 15000}
        assert desk.said() == "200.00 received: 200.00 on 2 lines."
        assert "150.00" in desk.words()
        desk.undo()
        assert services.accounts.show(small.patient).patient_cents == 35000
        assert desk.said() == "Payment of 200.00 taken back."


def test_a_line_can_be_changed_and_the_rest_waits(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        _owed_by_patient(services, small)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)
        desk.type("400")
        panel = desk.page._views.account._payment
        panel._grid.go_to(0, "apply")
        for character in "10":  # the first key opens the cell
            QTest.keyClicks(desk.here(), character)
        desk.enter()
        assert panel._rest.text() == "225.00 stays unapplied"
        desk.press(Qt.Key.Key_F9)
        view = services.accounts.show(small.patient)
        assert {n.code: n.balance_cents for n in view.lines} == {"99214": 17500, "20610": 0}
        assert view.unapplied_cents == 22500
        # What waits is placed on the line the cursor stands on.
        desk.page._views.account._lines.select_key(view.lines[0].line_id)
        desk.press(Qt.Key.Key_U, CTRL)
        desk.press(Qt.Key.Key_F9)
        assert services.accounts.show(small.patient).patient_cents == 0
        assert services.accounts.show(small.patient).unapplied_cents == 5000
        # And the rest is paid back.
        desk.press(Qt.Key.Key_F8)
        desk.press(Qt.Key.Key_F9)
        assert services.accounts.show(small.patient).unapplied_cents == 0
        assert desk.said() == "50.00 paid back."


def test_more_on_the_lines_than_received_is_told_at_the_amount(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        _owed_by_patient(services, small)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)
        desk.type("20")
        panel = desk.page._views.account._payment
        panel._grid.go_to(0, "apply")
        for character in "30":  # the first key opens the cell
            QTest.keyClicks(desk.here(), character)
        desk.enter()
        desk.press(Qt.Key.Key_F9)
        assert "More is placed on the lines than was received" in desk.words()
        assert services.accounts.show(small.patient).patient_cents == 35000


def test_a_copay_at_the_visit_comes_out_of_the_payers_part(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)  # nothing is owed by the patient: the visit is proposed
        desk.type("25")
        desk.press(Qt.Key.Key_F9)
        view = services.accounts.show(small.patient)
        assert (view.insurance_cents, view.patient_cents) == (32500, 0)
        assert [line_row(n).patient for n in view.lines] == [2500, 0]
        desk.undo()
        assert services.accounts.show(small.patient).insurance_cents == 35000


def test_a_write_off_needs_its_reason_and_can_be_undone(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_F6)
        desk.press(Qt.Key.Key_F9)
        assert "Choose a reason." in desk.words()
        desk.choose("reason", "n")  # a letter here chooses, it begins no visit
        assert desk.jumps == []
        desk.choose("reason", "cou")
        desk.press(Qt.Key.Key_F9)
        assert desk.said() == "185.00 written off."
        assert services.accounts.show(small.patient).balance_cents == 16500
        desk.undo()
        assert services.accounts.show(small.patient).balance_cents == 35000
        assert desk.said() == "185.00 is owed again."


def test_what_one_owes_is_passed_on_and_back(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_F7)
        desk.into("cents", "40")
        desk.into("reason", "deductible by phone")
        desk.press(Qt.Key.Key_F9)
        assert services.accounts.show(small.patient).patient_cents == 4000
        desk.undo()
        assert services.accounts.show(small.patient).patient_cents == 0


def test_reversed_pairs_are_folded_until_f2(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        _owed_by_patient(services, small)
        guarantor = services.accounts.show(small.patient).guarantor_id
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)
        desk.type("50")
        desk.press(Qt.Key.Key_F9)
        desk.undo()
        table = desk.page._views.account._entries
        before = len(table.rows())
        desk.press(Qt.Key.Key_F2)
        assert len(table.rows()) == before + 2
        assert services.households.waiting(guarantor) == ()


def test_every_line_foots(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        _owed_by_patient(services, small)
        desk = Desk(qtbot, services)
        _account(desk, small)
        desk.press(Qt.Key.Key_T, CTRL)
        desk.type("60")
        desk.press(Qt.Key.Key_F9)
        desk.press(Qt.Key.Key_F6)
        desk.choose("reason", "small")
        desk.press(Qt.Key.Key_F9)
        for row in map(line_row, services.accounts.show(small.patient).lines):
            assert row.charge - row.insurer - row.written_off - row.patient == row.balance


def test_today_leads_to_the_accounts_with_a_credit(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        desk = Desk(qtbot, services)
        desk.page.open(("show", "credits"))
        assert desk.said() == "No account has a credit."
        line = services.accounts.show(small.patient).lines[0]
        services.receipts.receive(
            PatientPayment(
                services.accounts.show(small.patient).guarantor_id,
                3000,
                (Application(line.line_id, 3000),),
            )
        )
        desk.page.open(("show", "credits"))
        assert desk.titles[-1][0] == "Ames, Ruth E"
        assert desk.page._views.account.isVisible()
        assert services.households.with_credits() == (small.patient,)


def test_visits_and_claims_jump_where_they_belong(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        small = _posted(services)
        services.encounters.save(
            SaveEncounter(
                patient_id=small.patient,
                provider_id=small.provider,
                service_date=date(2026, 11, 2),
                diagnoses=("I10",),
                lines=(SaveLine("99214", pointers="A"),),
            )
        )
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        desk.press(Qt.Key.Key_3, ALT)
        pane = desk.page._views.visits
        assert len(pane._visits.rows()) == 2
        pane._visits.select_key(small.encounter)
        desk.enter()
        assert desk.jumps[-1] == Go("encounters", small.encounter)
        pane._list.setFocus()
        desk.enter()
        claim = services.claims.list_claims(patient_id=small.patient)[0]
        assert desk.jumps[-1] == Go("claims", claim.claim_id)
