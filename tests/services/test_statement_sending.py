"""Statements sent, reprinted, taken back; the books are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.books import PATIENT_PARTY
from app.domain.errors import NotFound, Refused
from app.domain.statement_policy import CountReset, StatementPolicy
from app.domain.statements import HoldKind, Reason, Step
from app.services.adjustments import WriteOff
from app.services.statement_commands import HoldAccount
from tests.services.billing import (
    books,
    content_of,
    decided,
    later,
    pay,
    row,
    self_pay,
    send,
    words,
)
from tests.services.front_desk import Office


def test_sending_leaves_the_books_alone(office: Office) -> None:
    case = decided(office)
    before = books(office)
    statement = send(office, case.guarantor)
    office.services.statements.reprint(statement)
    office.services.statements.unsend(statement, "never mailed")
    send(office, case.guarantor)
    assert books(office) == before
    office.books_are_sound()


def test_a_reprint_is_the_very_bytes_whatever_happens_later(office: Office) -> None:
    case = decided(office)
    batch = office.services.statements.send([case.guarantor])
    pdf = office.services.statements.reprint(batch.statement_ids[0])
    assert pdf == batch.pdf  # one statement: the batch is that statement
    pay(office, case.guarantor, case.lines[0], 2000)
    practice = office.services.setup.practice()
    assert practice is not None
    office.services.setup.save_practice(replace(practice, name="Another Name"))
    assert office.services.statements.reprint(batch.statement_ids[0]) == pdf


def test_the_same_day_twice_is_refused(office: Office) -> None:
    guarantor = self_pay(office)
    send(office, guarantor)
    found = row(office, guarantor)
    assert (found.reason, found.words) == (Reason.CYCLE, "Statement 1 was sent today")
    with pytest.raises(Refused):
        send(office, guarantor)
    assert send(office, guarantor, even_if_not_due=True)
    assert row(office, guarantor).last_number == 2


def test_the_dunning_runs_to_the_letter_and_stops(office: Office) -> None:
    guarantor = self_pay(office)
    for number in (1, 2, 3):
        statement = send(office, guarantor)
        [sent, *_] = office.services.statements.history(guarantor)
        assert (sent.statement_id, sent.number) == (statement, number)
        later(office, 29)
        assert row(office, guarantor).step is Step.NOTHING
        later(office, 1)
    assert row(office, guarantor).step is Step.LETTER
    batch = office.services.statements.to_pre_collection(guarantor)
    text = words(batch.pdf)
    assert "$90.00" in text
    assert "3 statements" in " ".join(text.split())
    found = row(office, guarantor)
    assert (found.reason, found.last_kind, found.balance_cents) == (
        Reason.LETTER_SENT,
        "letter",
        9000,
    )
    assert office.services.statements.reprint(batch.statement_ids[0]) == batch.pdf


def test_no_letter_before_a_statement(office: Office) -> None:
    guarantor = self_pay(office)
    with pytest.raises(Refused) as refusal:
        office.services.statements.to_pre_collection(guarantor, even_if_not_due=True)
    assert refusal.value.code == "no_statement_sent"
    send(office, guarantor)
    with pytest.raises(Refused) as refusal:
        office.services.statements.to_pre_collection(guarantor)
    assert refusal.value.code == "letter_not_due"


def test_full_payment_begins_anew_with_fresh_debts_at_once(office: Office) -> None:
    case = decided(office)
    send(office, case.guarantor)
    later(office, 5)
    fresh = office.draft(case.patient, (4000,), policy_ids=())
    office.services.encounters.post_charges(fresh)
    assert (row(office, case.guarantor).reason, row(office, case.guarantor).number) == (
        Reason.CYCLE,
        2,
    )
    pay(office, case.guarantor, case.lines[0], 2500)
    later(office, 10)
    found = row(office, case.guarantor)
    assert (found.reason, found.number, found.amount_cents) == (Reason.DUE, 1, 4000)


@pytest.mark.parametrize(
    ("rule", "number"), [(CountReset.FULL, 3), (CountReset.ANY, 1), (CountReset.STEP, 2)]
)
def test_what_a_part_payment_does_to_the_count(
    office: Office, rule: CountReset, number: int
) -> None:
    case = decided(office)
    office.services.statements.save_settings(StatementPolicy(count_reset=rule))
    for _ in range(2):
        send(office, case.guarantor)
        later(office, 30)
    pay(office, case.guarantor, case.lines[0], 500)
    later(office, 15)
    assert row(office, case.guarantor).number == number


def test_a_recent_payment_waits(office: Office) -> None:
    case = decided(office)
    pay(office, case.guarantor, case.lines[0], 500)
    later(office, 9)
    assert row(office, case.guarantor).words == "Paid 9 days ago"
    later(office, 1)
    assert row(office, case.guarantor).due


def test_unsending_restores_what_was(office: Office) -> None:
    guarantor = self_pay(office)
    first = send(office, guarantor)
    later(office, 30)
    before = row(office, guarantor)
    second = send(office, guarantor)
    service = office.services.statements
    for statement, why, code in ((first, "x", "not_the_latest"), (second, " ", "no_reason")):
        with pytest.raises(Refused) as refusal:
            service.unsend(statement, why)
        assert refusal.value.code == code
    service.unsend(second, "wrong address")
    assert row(office, guarantor) == before
    [sent, earlier] = service.history(guarantor)
    assert (sent.voided_why, sent.may_be_unsent, earlier.may_be_unsent) == (
        "wrong address",
        False,
        True,
    )
    assert service.reprint(second)
    assert content_of(office, send(office, guarantor))["number"] == 2
    with pytest.raises(Refused) as refusal:
        service.unsend(second, "again")
    assert refusal.value.code == "already_unsent"


def test_the_second_statement_tells_what_happened_since(office: Office) -> None:
    case = decided(office)
    send(office, case.guarantor)
    later(office, 3)
    pay(office, case.guarantor, case.lines[0], 700)
    office.services.adjustments.write_off(WriteOff(case.lines[0], PATIENT_PARTY, 100, "courtesy"))
    office.services.encounters.post_charges(office.draft(case.patient, (4000,), policy_ids=()))
    later(office, 30)
    found = content_of(office, send(office, case.guarantor))
    sums = [found[k + "_cents"] for k in ("previous", "new", "paid", "other", "balance", "amount")]
    assert sums == [2500, 4000, 700, -100, 5700, 5700]
    assert [(p["words"], p["cents"]) for p in found["payments"]] == [("Check 77", 700)]
    why = {w["words"]: w["cents"] for p in found["patients"] for v in p["visits"] for w in v["why"]}
    assert why == {
        "Blue Ridge Health: applied to your deductible": 2000,
        "Blue Ridge Health: your coinsurance": 500,
        "Less what you have paid": -700,
        "Adjusted in your favor": -100,
        "No insurance was billed: self-pay": 4000,
    }


def test_a_batch_leaves_out_who_is_not_due_and_says_so(office: Office) -> None:
    good, held_up = self_pay(office, last="Good"), self_pay(office, last="Held")
    office.services.statements.hold(HoldAccount(held_up, HoldKind.BANKRUPTCY))
    batch = office.services.statements.freeze([good, held_up])
    assert len(batch.statement_ids) == 1
    assert [(o.guarantor_id, o.words) for o in batch.left_out] == [(held_up, "On hold: bankruptcy")]
    assert office.services.statements.pages_pdf(batch.drawn) == office.services.statements.reprint(
        batch.statement_ids[0]
    )
    with pytest.raises(NotFound):
        office.services.statements.freeze([999])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statement SET amount_cents = 1",
        "UPDATE statement SET pdf = x'00'",
        "UPDATE statement SET number = 9",
        "DELETE FROM statement",
        "REPLACE INTO statement SELECT * FROM statement",
    ],
)
def test_sqlite_itself_keeps_what_was_sent(office: Office, change: str) -> None:
    statement = send(office, self_pay(office))
    pdf = office.services.statements.reprint(statement)
    with pytest.raises(Exception, match="statement is"), office.services.desk.write() as session:
        session.execute(text(change))
    assert office.services.statements.reprint(statement) == pdf


@pytest.mark.parametrize(
    ("kind", "number", "shown"), [("EIN", "54-1234567", True), ("SSN", "987654321", False)]
)
def test_a_social_security_number_never_stands_on_a_bill(
    office: Office, kind: str, number: str, shown: bool
) -> None:
    practice = office.services.setup.practice()
    assert practice is not None
    office.services.setup.save_practice(replace(practice, tax_id=number, tax_id_type=kind))
    text = words(office.services.statements.send([self_pay(office)]).pdf)
    assert ("Tax ID" in text) is (number in text) is shown
