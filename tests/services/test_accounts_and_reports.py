"""What the account, the aging and *Verify books* say; and that they notice a stranger's hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.db.triggers import BOOK_TRIGGERS
from app.domain.books import COLLECTIONS_PARTY, PATIENT_PARTY
from app.services.adjustments import Transfer
from app.services.payment_commands import Application, PatientPayment, ReverseEob
from tests.services.front_desk import Case, Office, eob, held, info, off, to


def decided(office: Office) -> tuple[Case, int, int]:
    """Paid 70.00, written off 20.00, 10.00 to the patient, who paid 4.00; EOB and check."""
    case = office.sent(charges=(10000,))
    check = office.check(7000, number="88")
    line = eob(case.lines[0], 10000, 7000, off(2000), to(1000))
    key = office.post(check, case.claim, line).eob_id
    part = Application(case.lines[0], 400)
    office.services.receipts.receive(PatientPayment(case.guarantor, 600, (part,), number="9"))
    return case, key, check


def test_an_account_tells_the_story_of_each_line(office: Office) -> None:
    case, _, _ = decided(office)
    view = office.services.accounts.show(case.patient)
    assert (view.patient_name, view.account_no) == ("Doe, Jane", "10001")
    assert (view.insurance_cents, view.patient_cents, view.unapplied_cents) == (0, 600, 200)
    assert view.balance_cents == 600
    [line] = view.lines
    assert [(o.who, o.cents) for o in line.owes] == [("patient", 600)]
    assert [(e.what, e.cents, e.who) for e in line.entries] == [
        ("Charge", 10000, "Blue Ridge Health"),
        ("Insurer paid", -7000, "Blue Ridge Health"),
        ("Written off", -2000, "Blue Ridge Health"),
        ("Passed on", -1000, "Blue Ridge Health"),
        ("Passed on", 1000, "patient"),
        ("Patient paid", -400, "patient"),
    ]
    assert sum(e.cents for e in line.entries) == line.balance_cents == 600
    assert line.entries[1].source == "check 88 · claim 10001"
    assert line.entries[2].reason == "CO-45 contractual"
    assert not any(e.folded for e in line.entries)


def test_what_was_taken_back_is_folded_away_and_still_there(office: Office) -> None:
    case, key, check = decided(office)
    office.services.eobs.reverse_eob(ReverseEob(key, check))
    [line] = office.services.accounts.show(case.patient).lines
    assert [e.folded for e in line.entries] == [False, *[True] * 4, False, *[True] * 4]
    assert line.balance_cents == 9600


def test_drafts_and_other_patients_are_not_on_the_account(office: Office) -> None:
    case = office.sent()
    office.sent(last="Poe")
    office.draft(case.patient)
    view = office.services.accounts.show(case.patient)
    assert {line.line_id for line in view.lines} == set(case.lines)
    assert (view.insurance_cents, view.patient_cents) == (15000, 0)


def test_collections_count_with_the_patient(office: Office) -> None:
    case, _, _ = decided(office)
    away = Transfer(case.lines[0], PATIENT_PARTY, COLLECTIONS_PARTY, 600, "agency")
    office.services.adjustments.transfer(away)
    view = office.services.accounts.show(case.patient)
    assert (view.patient_cents, view.lines[0].owes[0].who) == (600, "collections")
    assert office.services.accounts.open_lines(case.guarantor) == ()


def test_open_lines_are_what_the_patient_owes_oldest_first(office: Office) -> None:
    case, _, _ = decided(office)
    older = office.draft(case.patient, (3000,), policy_ids=(), service_date=date(2026, 1, 5))
    office.services.encounters.post_charges(older)
    lines = office.services.accounts.open_lines(case.guarantor)
    assert [(line.service_date, line.balance_cents) for line in lines] == [
        (date(2026, 1, 5), 3000),
        (date(2026, 3, 2), 600),
    ]


def test_the_aging_ties_and_keeps_credits_apart(office: Office) -> None:
    decided(office)
    over = office.sent(charges=(10000,), last="Poe")
    office.post(
        office.check(12000), over.claim, eob(over.lines[0], 10000, 12000, info(-2000, "94"))
    )
    office.sent(charges=(5000,), last="Roe")
    office.clock.day = date(2026, 5, 20)
    aging = office.services.reports.aging()
    assert {(row.key, row.kind): (row.cells, row.credit) for row in aging.rows} == {
        ("Blue Ridge Health", "insurer"): ((0, 0, 5000, 0, 0), -2000),  # 79 days since service
        ("Doe, Jane", "patient"): ((0, 0, 600, 0, 0), 0),  # 65 days since the EOB
    }
    assert aging.total == 3600


@pytest.mark.parametrize(
    ("days", "cell"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (121, 4)]
)
def test_the_edges_of_the_aging(office: Office, days: int, cell: int) -> None:
    office.sent(charges=(5000,))
    office.clock.day = date.fromordinal(date(2026, 3, 2).toordinal() + days)
    [row] = office.services.reports.aging().rows
    assert [i for i, cents in enumerate(row.cells) if cents] == [cell]


def test_verify_counts_what_it_proved(office: Office) -> None:
    decided(office)
    found = office.services.reports.verify_books()
    assert (found.journals, found.postings, found.problems) == (3, 12, ())


LAST = "(SELECT MAX(id) FROM journal)"
TAMPERING = {
    "an amount": (
        "UPDATE posting SET amount_cents = amount_cents - 1 WHERE id = 3",
        ("Journal 2 does not sum to 0.00", "Journal 2 was altered"),
    ),
    "both sides of an amount": (
        "UPDATE posting SET amount_cents = amount_cents * 2"
        " WHERE journal_id = 3 AND account IN ('cash', 'unapplied') AND charge_line_id IS NULL",
        ("Journal 3 was altered",),
    ),
    "who owes": (
        "UPDATE posting SET party_id = 2 WHERE journal_id = 1 AND account = 'receivable'",
        ("the balance differs from its postings", "Journal 1 was altered"),
    ),
    "a reason": (
        "UPDATE posting SET reason = 'courtesy' WHERE reason = 'contractual'",
        ("Journal 2 was altered",),
    ),
    "a date": (
        "UPDATE journal SET accounting_date = '2026-01-01' WHERE id = 2",
        ("Journal 2 was",),
    ),
    "who looked": (
        "UPDATE audit SET user_id = user_id, action = 'x' WHERE id = 2",
        ("Audit row 2",),
    ),
    "a look taken out": ("DELETE FROM audit WHERE id = 2", ("Audit row 3 was altered",)),
    "a memo": ("UPDATE journal SET memo = 'x' WHERE id = 1", ("Journal 1 was altered",)),
    "a whole entry dropped": (
        "DELETE FROM journal WHERE id = 2",
        ("The journal runs to 3 but holds 2",),
    ),
    "postings dropped": (
        "DELETE FROM posting WHERE journal_id = 2",
        ("the balance differs", "Journal 2 was altered"),
    ),
    "a balance": (
        "UPDATE line_balance SET amount_cents = 0 WHERE party_id = 1",
        ("the balance differs from its postings by",),
    ),
    "a balance row": (
        "DELETE FROM line_balance WHERE party_id = 1",
        ("the balance differs", "Receivable is"),
    ),
    "a closed check": (
        "UPDATE payment SET amount_cents = 1 WHERE kind = 'patient'",
        ("Payment 2 says 1 cents but 600",),
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_verify_names_what_a_stranger_changed(office: Office, what: str) -> None:
    decided(office)
    statement, words = TAMPERING[what]
    with office.services.desk.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for trigger in BOOK_TRIGGERS:
            session.execute(text(f"DROP TRIGGER {trigger.name}"))
        if "DELETE FROM journal" in statement:  # its legs and its EOB would point nowhere
            session.execute(text("DELETE FROM posting WHERE journal_id = 2"))
            session.execute(text("UPDATE eob SET journal_id = NULL"))
        assert session.connection().exec_driver_sql(statement).rowcount > 0
    said = " ".join(office.services.reports.verify_books().problems)
    for word in words:
        assert word in said


def test_a_held_line_is_still_the_insurers(office: Office) -> None:
    case = office.sent(charges=(10000,))
    office.post(office.check(0), case.claim, eob(case.lines[0], 10000, 0, held(10000)))
    view = office.services.accounts.show(case.patient)
    assert (view.insurance_cents, view.patient_cents) == (10000, 0)
    office.books_are_sound()
