"""*Verify books* notices a stranger's hand on EOBs, slips, reversals and closed months."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.db.triggers import BOOK_TRIGGERS
from app.services.payment_commands import PatientPayment, ReverseEob
from tests.services.front_desk import Office, eob, off, to

TAMPERING = {
    "an EOB line's paid": (
        "UPDATE eob_line SET paid_cents = paid_cents + 1 WHERE id = 1",
        ("EOB 1, line 1: paid and adjustments differ from what was billed by -1 cents",
         "EOB 1 says 7001 cents were paid but 7000"),
    ),
    "an EOB adjustment": (
        "UPDATE eob_adjustment SET amount_cents = amount_cents - 1 WHERE id = 1",
        ("EOB 1, line 1",),
    ),
    "a slip's total": (
        "UPDATE deposit SET total_cents = total_cents + 1",
        ("Deposit 1 says 601 cents but its checks are 600",),
    ),
    "an amount on a slip": (
        "UPDATE deposit_item SET amount_cents = 1",
        ("Deposit 1 says 600 cents but its checks are 1.", "stands on it with 1 cents but has 600"),
    ),
    "the date of a reversal": (
        "UPDATE journal SET accounting_date = '2026-03-30' WHERE reverses_id IS NOT NULL",
        ("dated 2026-03-30, but the month of 2026-03-01 was closed",),
    ),
    "a reversal's amount": (
        "UPDATE posting SET amount_cents = amount_cents * 2 WHERE journal_id ="
        " (SELECT id FROM journal WHERE reverses_id IS NOT NULL)",
        ("does not mirror journal",),
    ),
    "a returned receipt": (
        "UPDATE payment SET status = 'returned' WHERE kind = 'patient'",
        ("is returned but 600 cents of it are still in the books",),
    ),
    "a closed month's postings": (
        "UPDATE posting SET amount_cents = amount_cents * 2 WHERE journal_id = 1",
        ("March 2026 was closed with charges 100.00; the books now say 200.00",),
    ),
    "a closed month's figures": (
        "UPDATE month_close SET figures_json ="
        " replace(figures_json, '\"ending\": ', '\"ending\": 1')",
        ("March 2026 was closed with ending",),
    ),
}  # fmt: skip


def lived(office: Office) -> None:
    """March with an EOB, a receipt on a slip, closed; in April the EOB is taken back."""
    case = office.sent(charges=(10000,))
    check = office.check(7000)
    line = eob(case.lines[0], 10000, 7000, off(2000), to(1000))
    key = office.post(check, case.claim, line).eob_id
    paid = office.services.receipts.receive(PatientPayment(case.guarantor, 600))
    office.services.deposits.make([paid.payment_id])
    office.clock.day = date(2026, 4, 2)
    office.services.money.close_month(date(2026, 3, 1))
    office.services.eobs.reverse_eob(ReverseEob(key, check))


def test_what_was_lived_is_sound(office: Office) -> None:
    lived(office)
    office.books_are_sound()


@pytest.mark.parametrize("what", TAMPERING)
def test_verify_names_what_a_stranger_changed(office: Office, what: str) -> None:
    lived(office)
    statement, words = TAMPERING[what]
    with office.services.desk.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for trigger in BOOK_TRIGGERS:
            session.execute(text(f"DROP TRIGGER {trigger.name}"))
        assert session.connection().exec_driver_sql(statement).rowcount > 0
    said = " ".join(office.services.reports.verify_books().problems)
    for word in words:
        assert word in said
