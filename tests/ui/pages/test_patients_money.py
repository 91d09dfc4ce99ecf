"""The rarer money by keyboard: receipts, a bounced check, fees, collections, estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.services.account import AccountView
from app.services.clock import SetClock
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SaveProcedure
from app.services.statement_commands import SavePlan
from app.ui.pages.patients_views import ACCOUNT
from app.ui.widgets.choice import ChoiceEdit
from tests.office import office_place, open_office
from tests.ui.pages.office import DAY, Small, small_practice
from tests.ui.pages.patients_desk import CTRL, Desk

SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Story:
    """A patient who pays 90.00 himself, and the desk."""

    services: Services
    small: Small
    desk: Desk
    clock: SetClock
    visit: int

    def view(self) -> AccountView:
        return self.services.accounts.show(self.small.patient)

    def owed(self, party: int = PATIENT_PARTY) -> int:
        """What a party owes on the account (cents)."""
        return sum(o.cents for n in self.view().lines for o in n.owes if o.party_id == party)

    def pay(self, amount: str, number: str = "1042") -> None:
        """Takes a check for what is owed, oldest first."""
        self.desk.press(Qt.Key.Key_T, CTRL)
        self.desk.type(amount)
        self.desk.enter()
        self.desk.type(number)
        self.desk.press(Qt.Key.Key_F9)


def self_pay(services: Services, small: Small, cents: int) -> int:
    saved = services.encounters.save(
        SaveEncounter(
            small.patient,
            small.provider,
            DAY - timedelta(days=20),
            facility_id=office_place(services),
            policy_ids=(),
            lines=(SaveLine("99213", cents),),
        )
    )
    services.encounters.post_charges(saved.encounter_id)
    return saved.encounter_id


@pytest.fixture
def story(qtbot: QtBot) -> Iterator[Story]:
    with open_office(DAY) as (services, clock):
        small = small_practice(services)
        visit = self_pay(services, small, 9000)
        desk = Desk(qtbot, services)
        desk.page.open(small.patient)
        desk.page.show_view(ACCOUNT)
        yield Story(services, small, desk, clock, visit)


def test_a_receipt_is_one_key_after_the_payment(story: Story) -> None:
    story.pay("50")
    story.desk.actions = 0
    story.desk.press(Qt.Key.Key_P, CTRL)
    assert story.desk.actions == 1
    assert story.desk.said() == "Kept receipt."
    story.pay("40")
    story.desk.press(Qt.Key.Key_F3)  # the earlier one again, from the list
    story.desk.press(Qt.Key.Key_Down)
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.out.pdfs[0] == story.desk.out.pdfs[1]
    assert len(story.desk.out.pdfs) == 2


def test_a_payment_plans_installment_stands_as_the_amount(story: Story) -> None:
    guarantor = story.view().guarantor_id
    story.services.statements.save_plan(SavePlan(guarantor, 9000, 3000, 1))
    story.desk.press(Qt.Key.Key_T, CTRL)
    assert "payment plan: 30.00 due 12/01/26" in story.desk.words()
    story.desk.press(Qt.Key.Key_F9)
    assert story.owed() == 6000
    assert story.services.households.installment(guarantor) is not None


def test_without_a_payment_there_is_no_receipt(story: Story) -> None:
    story.desk.press(Qt.Key.Key_P, CTRL)
    assert story.desk.said().startswith("Nothing was received yet.")
    assert story.desk.out.pdfs == []


def test_a_bounced_check_with_its_fee_and_back(story: Story) -> None:
    story.pay("90")
    story.desk.actions = 0
    story.desk.press(Qt.Key.Key_F3)
    story.desk.press(Qt.Key.Key_B, CTRL)
    story.desk.press(Qt.Key.Key_F9)  # the practice's fee stands there already
    assert story.desk.actions == 3
    assert story.desk.said() == (
        "Check taken back: what it paid is owed again. Fee of 25.00 charged."
    )
    assert story.owed() == 9000 + 2500
    story.desk.undo()
    assert story.desk.said() == "The check counts again."
    assert story.owed() == 0
    story.desk.press(Qt.Key.Key_F3)
    story.desk.press(Qt.Key.Key_B, CTRL)
    story.desk.into("fee_cents", "0")
    story.desk.press(Qt.Key.Key_F9)
    story.desk.press(Qt.Key.Key_F3)
    story.desk.press(Qt.Key.Key_B, CTRL | SHIFT)
    assert story.owed() == 0
    assert story.desk.said().startswith("90.00 counts again.")


def test_cash_does_not_bounce(story: Story) -> None:
    story.desk.press(Qt.Key.Key_T, CTRL)
    story.desk.type("10")
    method = story.desk.field("method")
    assert isinstance(method, ChoiceEdit)
    method.set_value("cash")
    story.desk.press(Qt.Key.Key_F9)
    story.desk.press(Qt.Key.Key_F3)
    panel = story.desk.page._views.account.money.receipts
    assert not panel._nsf.isEnabled()
    assert panel._print.isEnabled()


def test_a_fee_in_three_actions_and_off_again(story: Story) -> None:
    story.services.setup.save_setting("fee_no_show_cents", 3500)
    story.desk.actions = 0
    story.desk.press(Qt.Key.Key_F4)
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.actions == 2
    assert story.desk.said() == "Fee of 35.00 charged to the patient."
    assert story.owed() == 9000 + 3500
    assert "NOSHOW" in {line.code for line in story.view().lines}
    story.desk.undo()
    assert story.owed() == 9000


def test_collections_there_and_back_and_paid_by_the_agency(story: Story) -> None:
    story.desk.press(Qt.Key.Key_F12)
    story.desk.into("agency", "Ridge Recovery")
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.said() == "90.00 placed with the agency; no statement asks for it."
    story.desk.undo()
    assert story.owed() == 9000
    story.desk.press(Qt.Key.Key_F12)
    story.desk.press(Qt.Key.Key_F9)
    story.desk.press(Qt.Key.Key_F11)
    story.desk.into("from_name", "Ridge Recovery")
    story.desk.type("35")
    story.desk.type("15")
    assert story.desk.page._views.account.money.party._rest.text() == "pays 50.00 of the debt"
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.said() == "35.00 received, 15.00 kept as fee: pays 50.00 of the debt."
    assert story.owed(COLLECTIONS_PARTY) == 4000
    story.desk.press(Qt.Key.Key_F12)
    story.desk.choose("deed", "g")
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.said().startswith("40.00 written off as bad debt.")
    assert story.view().balance_cents == 0


def test_an_attorney_keeps_no_fee(story: Story) -> None:
    story.desk.press(Qt.Key.Key_F11)
    story.desk.into("from_name", "Hale & Moss")
    story.desk.type("80")
    story.desk.type("10")
    story.desk.press(Qt.Key.Key_F9)
    assert "Only an agency keeps a fee." in story.desk.words()
    story.desk.into("fee_cents", "0")
    story.desk.press(Qt.Key.Key_F9)
    assert story.owed() == 1000
    story.desk.undo()
    assert story.owed() == 9000


def test_insurance_found_bills_the_payer(story: Story) -> None:
    story.pay("30")
    story.desk.press(Qt.Key.Key_F10)
    story.desk.press(Qt.Key.Key_F9)
    assert story.owed() == 0
    assert story.view().insurance_cents == 6000
    said = story.desk.said()
    assert said.startswith("90.00 passed to the payer; 30.00 paid by the patient waits. Claim ")
    story.desk.press(Qt.Key.Key_F10)
    assert story.desk.said() == "No visit is the patient's own to pay."


def test_insurance_found_by_mistake_is_undone(story: Story) -> None:
    story.pay("30")
    story.desk.press(Qt.Key.Key_F10)
    story.desk.press(Qt.Key.Key_F9)
    story.desk.undo()
    assert story.owed() == 6000
    assert story.view().insurance_cents == 0
    assert story.desk.said() == "The patient owes the visit again; the claim is void."


def test_the_itemized_receipt_of_the_line(story: Story) -> None:
    story.desk.press(Qt.Key.Key_I, CTRL)
    assert story.desk.said() == "Kept itemized-receipt."
    assert story.desk.out.pdfs[0].startswith(b"%PDF")


def test_an_estimate_is_given_held_against_the_bill_and_disputed(story: Story) -> None:
    price = SaveProcedure("20610", 18500, wording="Injection, large joint")
    story.services.setup.save_procedure(price)
    story.clock.day = DAY - timedelta(days=40)
    story.desk.press(Qt.Key.Key_G, CTRL)
    story.desk.press(Qt.Key.Key_F9)
    story.desk.type("Knee injection")
    story.desk.into("service_date", f"{DAY - timedelta(days=20):%m%d%Y}")
    story.desk.into("code0", "20610")
    assert story.desk.page._views.account.money.estimate.form.values()["cents0"] == 18500
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.said() == "Estimate of 185.00 given."
    assert len(story.desk.out.pdfs) == 1
    story.clock.day = DAY
    self_pay(story.services, story.small, 58500)
    story.desk.page.open(("show", "estimates"))
    story.desk.press(Qt.Key.Key_G, CTRL)
    panel = story.desk.page._views.account.money.estimates
    row = panel.table.row()
    assert row is not None
    assert row.over_cents == 40000
    story.desk.press(Qt.Key.Key_P, CTRL | SHIFT)
    assert story.desk.out.pdfs[0] == story.desk.out.pdfs[1]
    story.desk.press(Qt.Key.Key_D, CTRL)
    assert story.desk.said().startswith("On hold:")
    story.desk.page.open(("show", "estimates"))
    assert story.desk.said() == "No bill is above its estimate."


def test_a_sliding_fee_for_the_household(story: Story) -> None:
    story.desk.press(Qt.Key.Key_F, CTRL | SHIFT)
    story.desk.type("40")
    story.desk.press(Qt.Key.Key_F9)
    assert story.desk.said().startswith("40 percent of each self-pay charge")
    assert story.services.sliding_fees.percent(story.view().guarantor_id) == 40


def test_the_more_menu_names_every_action_and_where_it_opens(story: Story) -> None:
    money = story.desk.page._views.account.money
    story.desk.press(Qt.Key.Key_M, CTRL)
    assert money._menu.isVisible()
    assert money._menu.actions() == list(money.actions)
    money._menu.close()


def test_every_action_shows_its_key(story: Story) -> None:
    money = story.desk.page._views.account.money
    actions: list[QAction] = [*money.actions, money.more]
    for action in actions:
        assert action.shortcut().toString()
        assert action.toolTip().endswith(")")
    assert len({action.shortcut().toString() for action in actions}) == len(actions)
    offered = {action.text() for action in story.desk.page.commands()}
    assert {action.text() for action in money.actions} <= offered
