"""Paper money goes to the bank on a slip: what is on it, what never is, and taking it back."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pdfplumber
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Invalid, NotFound, Refused
from app.services.payment_commands import OpenCheck, PatientPayment
from app.services.report_commands import ReportParameters
from tests.services.front_desk import TODAY, Office


def receipt(office: Office, guarantor: int, cents: int, method: str, number: str = "") -> int:
    command = PatientPayment(guarantor, cents, method=method, number=number)
    return office.services.receipts.receive(command).payment_id


def some_money(office: Office) -> tuple[int, int, int]:
    """An insurer's closed check, a patient's check and cash; EFT, card and the rest beside them."""
    case = office.sent(charges=(10000,))
    office.services.checks.open_check(OpenCheck(office.lists.primary, 5000, "E1", method="eft"))
    office.check(0, number="Z")
    check = office.pay_in_full(case)
    other = office.sent(charges=(900,), last="Poe")
    paper = receipt(office, other.guarantor, 700, "check", "88")
    cash = receipt(office, other.guarantor, 200, "cash")
    receipt(office, other.guarantor, 300, "card")
    return check, paper, cash


def words(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def refusal(office: Office, *payments: int, on: date | None = None) -> str:
    with pytest.raises(Refused) as found:
        office.services.deposits.make(payments, on)
    return found.value.code


def test_only_closed_paper_and_cash_wait(office: Office) -> None:
    check, paper, cash = some_money(office)
    office.check(100, number="open")
    waiting = office.services.deposits.waiting()
    assert [(w.payment_id, w.method, w.amount_cents, w.who) for w in waiting] == [
        (check, "check", 10000, "Blue Ridge Health"),
        (paper, "check", 700, "Poe, Jane"),
        (cash, "cash", 200, "Poe, Jane"),
    ]


def test_a_slip_is_the_sum_of_its_checks_and_is_kept_as_printed(office: Office) -> None:
    payments = some_money(office)
    key = office.services.deposits.make(payments, bank="Operating account")
    [row] = office.services.deposits.deposits()
    assert (row.deposit_id, row.count, row.total_cents, row.deposited_on) == (key, 3, 10900, TODAY)
    slip = office.services.deposits.slip(key)
    said = words(slip)
    for word in ("4711", "88", "Blue Ridge Health", "100.00", "109.00", "Operating account"):
        assert word in said
    assert office.services.deposits.waiting() == ()
    assert office.services.deposits.slip(key) == slip
    assert all(office.services.checks.state(p).deposited_on == TODAY for p in payments)
    report = office.services.money.run("deposits", ReportParameters())
    assert report.holds
    assert report.total("cents") == 10900
    office.books_are_sound()


def test_what_cannot_be_deposited(office: Office) -> None:
    check, paper, cash = some_money(office)
    with pytest.raises(Invalid):
        office.services.deposits.make([])
    eft = office.sql("SELECT id FROM payment WHERE method = 'eft'")[0][0]
    assert refusal(office, eft) == "not_waiting"
    assert refusal(office, check, check) == "not_waiting"
    assert refusal(office, paper, on=date(2026, 3, 1)) == "deposit_before_receipt"
    office.services.deposits.make([check, paper])
    assert refusal(office, check, cash) == "not_waiting"


def test_the_latest_slip_can_be_taken_back(office: Office) -> None:
    check, paper, cash = some_money(office)
    first = office.services.deposits.make([check])
    second = office.services.deposits.make([paper, cash])
    undo = office.services.deposits.undo
    for code, key, why in (("no_reason", second, " "), ("not_the_latest", first, "why")):
        with pytest.raises(Refused) as found:
            undo(key, why)
        assert found.value.code == code
    undo(second, "wrong account")
    assert [r.voided_why for r in office.services.deposits.deposits()] == ["wrong account", ""]
    assert [w.payment_id for w in office.services.deposits.waiting()] == [paper, cash]
    assert office.services.checks.state(paper).deposited_on is None
    with pytest.raises(Refused):
        undo(second, "again")
    third = office.services.deposits.make([paper])
    assert third == second + 1
    with pytest.raises(NotFound):
        undo(99, "why")
    office.books_are_sound()


def test_a_closed_month_keeps_its_deposits(office: Office) -> None:
    check, paper, _ = some_money(office)
    key = office.services.deposits.make([check])
    office.clock.day = date(2026, 4, 1)
    office.services.money.close_month(TODAY)
    with pytest.raises(Refused) as found:
        office.services.deposits.undo(key, "wrong")
    assert found.value.code == "closed_period"
    assert refusal(office, paper, on=date(2026, 3, 31)) == "closed_period"
    office.services.deposits.make([paper])


def test_a_check_returned_after_its_deposit_is_shown(office: Office) -> None:
    _, paper, cash = some_money(office)
    office.services.deposits.make([paper, cash])
    office.services.receipts.reverse_receipt(paper, "NSF")
    [row] = office.services.deposits.deposits()
    assert (row.total_cents, row.returned_cents) == (900, 700)
    report = office.services.money.run("deposits")
    assert [r[4] for g in report.groups if g.counted for r in g.rows] == ["returned", ""]
    office.books_are_sound()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deposit SET total_cents = 1",
        "UPDATE deposit SET pdf = x'00'",
        "DELETE FROM deposit",
        "UPDATE deposit_item SET amount_cents = 1",
        "DELETE FROM deposit_item",
        "INSERT INTO deposit_item (deposit_id, payment_id, amount_cents)"
        " SELECT deposit_id, payment_id, amount_cents FROM deposit_item LIMIT 1",
        "INSERT OR REPLACE INTO deposit SELECT * FROM deposit",
    ],
)
def test_a_strangers_hand_is_refused(office: Office, statement: str) -> None:
    office.services.deposits.make(some_money(office))
    with pytest.raises(IntegrityError), office.services.desk.write() as session:
        session.execute(text(statement))


def test_money_for_the_bank_is_a_loose_end_where_slips_are_made(office: Office) -> None:
    check, *_ = some_money(office)

    def ends() -> list[tuple[int, int | None]]:
        found = office.services.today.loose_ends()
        return [(end.count, end.cents) for end in found if end.key == "deposits"]

    assert ends() == [], "an office that makes no slips is not asked for them"
    office.services.deposits.make([check])
    assert ends() == [(2, 900)]
