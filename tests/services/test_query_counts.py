"""A list of many costs as many questions to the file as a list of few."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services.payment_commands import Application, PatientPayment
from app.services.recurring import SaveRecurring
from tests.services.front_desk import VISIT, Case, Office, eob, off, to

# Statements that one screen may send, whatever is in the practice.
MOST = 24

Screen = Callable[[Office, Case], object]

SCREENS: dict[str, Screen] = {
    "patients.find": lambda o, _: o.services.patients.find("doe"),
    "patients.find all": lambda o, _: o.services.patients.find(""),
    "patients.show": lambda o, c: o.services.patients.show(c.patient),
    "patients.guarantors": lambda o, _: o.services.patients.guarantors("d"),
    "encounters.show": lambda o, c: o.services.encounters.show(c.encounter),
    "encounters.copy_last_visit": lambda o, c: o.services.encounters.copy_last_visit(c.patient),
    "queue.list_encounters": lambda o, _: o.services.queue.list_encounters(),
    "attachments.of_encounter": lambda o, c: o.services.attachments.of_encounter(c.encounter),
    "recurring.templates": lambda o, _: o.services.recurring.templates(),
    "recurring.due": lambda o, _: o.services.recurring.due(),
    "queue.counts": lambda o, _: o.services.queue.counts(),
    "coding.patient": lambda o, c: o.services.coding.patient(c.patient),
    "codes.diagnoses": lambda o, c: o.services.codes.diagnoses("m17", c.patient),
    "codes.procedures": lambda o, _: o.services.codes.procedures("99"),
    "claims.list_claims": lambda o, _: o.services.claims.list_claims(),
    "claims.counts": lambda o, _: o.services.claims.counts(),
    "claims.show": lambda o, c: o.services.claims.show(c.claim),
    "claims.form": lambda o, c: o.services.claims.form(c.later or 0),
    "checks.list_checks": lambda o, _: o.services.checks.list_checks(),
    "checks.state": lambda o, _: o.services.checks.state(1),
    "checks.due_to_payers": lambda o, _: o.services.checks.due_to_payers(),
    "posting.find_claims": lambda o, _: o.services.posting.find_claims(o.lists.primary, ""),
    "posting.open_claim": lambda o, c: o.services.posting.open_claim(c.claim),
    "fee_schedules.schedules": lambda o, _: o.services.fee_schedules.schedules(),
    "fee_schedules.fees": lambda o, _: o.services.fee_schedules.fees(1),
    "fee_schedules.raises": lambda o, _: o.services.fee_schedules.raises(1),
    "favourites.groups": lambda o, _: o.services.favourites.groups(),
    "directory.procedures": lambda o, _: o.services.directory.procedures(),
    "directory.charges": lambda o, _: o.services.directory.charges(),
    "posting.posted_on": lambda o, _: o.services.posting.posted_on(1),
    "statements.worklist": lambda o, _: o.services.statements.worklist(),
    "statements.sent_lately": lambda o, _: o.services.statements.sent_lately(),
    "follow_up.worklists": lambda o, _: o.services.follow_up.worklists(),
    "follow_up.show": lambda o, c: o.services.follow_up.show(c.claim),
    "statements.show": lambda o, c: o.services.statements.show(c.guarantor),
    "statements.history": lambda o, c: o.services.statements.history(c.guarantor),
    "statements.preview": lambda o, c: o.services.statements.preview(c.guarantor),
    "accounts.show": lambda o, c: o.services.accounts.show(c.patient),
    "accounts.open_lines": lambda o, c: o.services.accounts.open_lines(c.guarantor),
    "households.receipts": lambda o, c: o.services.households.receipts(c.guarantor),
    "households.collected_lines": lambda o, c: o.services.households.collected_lines(c.guarantor),
    "estimates.of_patient": lambda o, c: o.services.estimates.of_patient(c.patient),
    "estimates.too_high": lambda o, _: o.services.estimates.too_high(),
    "superbills.superbill": lambda o, c: o.services.superbills.superbill(c.encounter),
    "reports.aging": lambda o, _: o.services.reports.aging(),
    "reports.verify_books": lambda o, _: o.services.reports.verify_books(),
    "money.close_check": lambda o, _: o.services.money.close_check(o.services.desk.today),
    "money.closed_months": lambda o, _: o.services.money.closed_months(),
    "deposits.waiting": lambda o, _: o.services.deposits.waiting(),
    "deposits.deposits": lambda o, _: o.services.deposits.deposits(),
    "today.loose_ends": lambda o, _: o.services.today.loose_ends(),
    "code_files.tables": lambda o, _: o.services.code_files.tables(),
    "code_changes.preview": lambda o, _: o.services.code_changes.preview(VISIT),
    "today.month_so_far": lambda o, _: o.services.today.month_so_far(),
    "find.find": lambda o, _: o.services.find.find("do"),
    "directory.payers": lambda o, _: o.services.directory.payers(),
    "directory.providers": lambda o, _: o.services.directory.providers(),
}


def busy(office: Office, number: int) -> Case:
    """A patient with two payers, several lines, an EOB on check 1 and a receipt."""
    last = "Doe" + "abcdefghij"[number % 10] * (1 + number // 10)
    case = office.sent(second=True, charges=(10000,) * (1 + number), last=last)
    check = 1 if number else office.check(10**8, number="1")
    lines = [
        eob(i, 10000, 6000, off(1000), to(1000), to(2000, case.later_party or 0, "1"))
        for i in case.lines
    ]
    office.post(check, case.claim, *lines)
    parts = tuple(Application(i, 100) for i in case.lines)
    office.services.receipts.receive(PatientPayment(case.guarantor, 5000, parts))
    again = SaveRecurring(1, "weeks", VISIT, encounter_id=case.encounter)
    office.services.recurring.save(again)
    return case


def statements(office: Office, screen: Screen, case: Case) -> int:
    with office.services.desk.db.query_counter() as counter:
        screen(office, case)
    return counter.count


def test_screens_ask_as_much_of_a_big_practice_as_of_a_small_one(office: Office) -> None:
    small = busy(office, 0)
    few = {name: statements(office, screen, small) for name, screen in SCREENS.items()}
    cases = [busy(office, n) for n in range(1, 9)]
    many = {name: statements(office, screen, cases[-1]) for name, screen in SCREENS.items()}
    assert many == few


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_asks_little(office: Office, screen: str) -> None:
    case = busy(office, 0)
    assert 1 <= statements(office, SCREENS[screen], case) <= MOST


def test_an_account_is_six_questions(office: Office) -> None:
    case = busy(office, 0)
    assert statements(office, SCREENS["accounts.show"], case) <= 6
    past = statements(office, lambda o, c: o.services.accounts.show(c.patient, VISIT), case)
    assert past <= 6
