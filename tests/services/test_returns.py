"""Payments that come back: everything they did is undone to the cent, and can be put back."""

from __future__ import annotations

import pytest

from app.domain.books import PATIENT_PARTY, CheckItem
from app.domain.errors import NotFound, Refused
from app.services.payment_commands import (
    AddCheckItem,
    Application,
    ApplyUnapplied,
    PatientPayment,
    PostEob,
    Refund,
    ReverseEob,
)
from app.services.returns import BouncedCheck
from tests.services.front_desk import Case, Office, eob, held, off, to
from tests.services.test_receipts import code_of, owing, receive


def state(office: Office) -> dict[str, object]:
    """All the sums that a return and its undoing must bring back."""
    return {
        "lines": office.sql(
            "SELECT charge_line_id, party_id, amount_cents FROM line_balance"
            " WHERE amount_cents <> 0 ORDER BY 1, 2"
        ),
        "accounts": office.sql("SELECT account, SUM(amount_cents) FROM posting GROUP BY 1"),
        "claims": office.sql("SELECT id, status FROM claim ORDER BY 1"),
    }


def paid_check(office: Office) -> tuple[Case, int, dict[str, object]]:
    """A closed check: one claim with a write-off and a copay, interest, money unapplied."""
    case = office.sent(second=True)
    before = state(office)
    check = office.check(13000)
    next_party = case.later_party or 0
    office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 7000, off(1000), to(2000, next_party)),
        eob(case.lines[1], 5000, 5000),
    )
    for kind, cents in ((CheckItem.INTEREST, 100), (CheckItem.UNAPPLIED, 900)):
        office.services.checks.add_item(AddCheckItem(check, kind, cents))
    office.services.checks.close_check(check)
    return case, check, before


def test_a_stopped_check_leaves_nothing_behind(office: Office) -> None:
    case, check, before = paid_check(office)
    assert office.status(case.later or 0) == "ready"
    office.services.returns.return_check(check, "lost in the mail", stopped=True)
    after = state(office)
    assert after["lines"] == before["lines"]
    assert after["claims"] == before["claims"]
    found = office.services.checks.state(check)
    assert (found.status, found.allocated_cents, found.unapplied_cents) == ("returned", 0, 0)
    assert office.audited("return check") == [case.patient]
    office.books_are_sound()


def test_a_returned_check_can_be_put_back_and_come_back_again(office: Office) -> None:
    _, check, before = paid_check(office)
    posted = state(office)
    for _ in range(2):
        office.services.returns.return_check(check)
        assert state(office)["lines"] == before["lines"]
        office.services.returns.put_back(check)
        assert state(office) == posted
        assert office.services.checks.state(check).status == "closed"
        office.books_are_sound()
    items = office.services.checks.items(check)
    assert [(item.kind, item.amount_cents) for item in items] == [
        (CheckItem.INTEREST, 100),
        (CheckItem.UNAPPLIED, 900),
    ]
    assert code_of(lambda: office.services.returns.put_back(check)) == "not_returned"


def test_what_is_held_only_is_undone_too(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(0)
    office.post(check, case.claim, eob(case.lines[0], 10000, 0, held(10000)))
    assert office.status(case.claim) == "denied"
    office.services.returns.return_check(check)
    assert office.status(case.claim) == "submitted"
    office.services.returns.put_back(check)
    assert office.status(case.claim) == "denied"


def test_a_takeback_on_a_stopped_check_did_not_happen(office: Office) -> None:
    case = office.sent()
    first = office.pay_in_full(case)
    eob_id = office.sql("SELECT id FROM eob")[0][0]
    other = office.sent(last="Roe", charges=(20000,))
    second = office.check(5000, number="2")
    office.services.eobs.reverse_eob(ReverseEob(eob_id, second))
    office.post(second, other.claim, eob(other.lines[0], 20000, 20000))
    office.services.checks.close_check(second)
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    office.services.returns.return_check(second, "stop payment")
    assert office.buckets(case.lines[0]) == {}
    assert office.status(case.claim) == "paid"
    assert office.buckets(other.lines[0]) == {other.payer_party: 20000}
    assert office.services.checks.state(first).allocated_cents == 15000
    office.books_are_sound()
    office.services.returns.put_back(second)
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    assert office.services.checks.state(second).allocated_cents == 5000
    office.books_are_sound()


def test_a_check_whose_eob_was_taken_back_elsewhere_is_refused(office: Office) -> None:
    case = office.sent()
    first = office.pay_in_full(case)
    eob_id = office.sql("SELECT id FROM eob")[0][0]
    office.services.eobs.reverse_eob(ReverseEob(eob_id, office.check(0, number="2")))
    before = state(office)
    refused = code_of(lambda: office.services.returns.return_check(first))
    assert refused == "taken_back_elsewhere"
    assert state(office) == before


def test_a_forward_balance_already_withheld_is_refused(office: Office) -> None:
    notice, later = office.check(0, number="1"), office.check(100, number="2")
    add = office.services.checks.add_item
    add(AddCheckItem(notice, CheckItem.FORWARD_BALANCE, 4000))
    assert (
        code_of(lambda: add(AddCheckItem(later, CheckItem.WITHHOLDING, -4001)))
        == "exceeds_due_to_payer"
    )
    add(AddCheckItem(later, CheckItem.WITHHOLDING, -4000))
    for act in (
        lambda: office.services.returns.return_check(notice),
        lambda: office.services.checks.reverse_item(
            notice, office.services.checks.items(notice)[0].journal_id
        ),
    ):
        assert code_of(act) == "exceeds_due_to_payer"
    assert office.services.checks.due_to_payers() == {}


def test_placed_money_of_an_insurer_comes_off_its_line(office: Office) -> None:
    case = office.sent(charges=(10000,))
    check = office.check(4000)
    add = AddCheckItem(check, CheckItem.UNAPPLIED, 4000)
    office.services.checks.add_item(add)
    place = ApplyUnapplied(check, case.lines[0], case.payer_party, 3000)
    office.services.receipts.apply_unapplied(place)
    refund = Refund(case.payer_party, 600, source_id=check)
    office.services.receipts.refund(refund)
    done = office.services.returns.return_check(check)
    assert done.unapplied_cents == -600  # it was paid back to them, and they never paid
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    office.books_are_sound()


def test_it_is_returned_once_and_only_a_check(office: Office) -> None:
    case, check, _ = paid_check(office)
    receipt = receive(office, case, 500)
    back = office.services.returns
    assert code_of(lambda: back.return_check(receipt)) == "not_a_check"
    back.return_check(check)
    assert code_of(lambda: back.return_check(check)) == "already_returned"
    void = office.check(10, number="9")
    office.services.checks.void_check(void, "typed twice")
    assert code_of(lambda: back.return_check(void)) == "voided_check"
    with pytest.raises(NotFound):
        back.return_check(9999)


def test_a_returned_check_is_not_put_back_over_a_new_decision(office: Office) -> None:
    case, check, _ = paid_check(office)
    office.services.returns.return_check(check)
    again = office.check(12000, number="2")
    office.post(
        again,
        case.claim,
        eob(case.lines[0], 10000, 7000, off(3000)),
        eob(case.lines[1], 5000, 5000),
    )
    before = state(office)
    assert code_of(lambda: office.services.returns.put_back(check)) == "decided_since"
    assert state(office) == before


# --- a patient's check bounces ------------------------------------------------------------------
def test_a_bounced_check_comes_off_exactly_with_a_fee_of_its_own(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2500, Application(case.lines[0], 1500), number="77")
    waiting = ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 500)
    office.services.receipts.apply_unapplied(waiting)
    office.services.receipts.refund(Refund(PATIENT_PARTY, 200, source_id=key))
    done = office.services.returns.nsf(BouncedCheck(key, fee_cents=3000))
    assert done.unapplied_cents == -200
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 2000}
    view = office.services.accounts.show(case.patient)
    assert view.unapplied_cents == -200
    fee = next(line for line in view.lines if line.code == "NSF")
    assert (fee.balance_cents, fee.owes[0].party_id) == (3000, PATIENT_PARTY)
    assert office.audited("nsf") == [case.patient]
    assert office.audited("charge fee") == [case.patient]
    office.books_are_sound()


def test_a_bounced_copay_goes_back_where_it_came_from_and_may_be_put_back(office: Office) -> None:
    case = office.sent()
    part = Application(case.lines[0], 2500, case.payer_party)
    key = receive(office, case, 3000, part)
    before = state(office)
    office.services.returns.nsf(BouncedCheck(key))
    assert office.buckets(case.lines[0]) == {case.payer_party: 10000}
    office.services.returns.put_back(key)
    assert state(office) == before
    office.services.returns.nsf(BouncedCheck(key))
    assert office.services.checks.state(key).allocated_cents == 0
    office.books_are_sound()


def test_a_bounced_copay_already_released_is_the_patients_to_pay(office: Office) -> None:
    case = office.sent(charges=(10000,))
    key = receive(office, case, 2500, Application(case.lines[0], 2500, case.payer_party))
    check = office.check(7500)
    office.post(check, case.claim, eob(case.lines[0], 10000, 7500, to(2500, carc="3")))
    assert office.buckets(case.lines[0]) == {}
    office.services.returns.nsf(BouncedCheck(key))
    assert office.buckets(case.lines[0]) == {PATIENT_PARTY: 2500}
    office.services.returns.put_back(key)
    assert office.buckets(case.lines[0]) == {}
    office.books_are_sound()


def test_what_was_paid_otherwise_meanwhile_is_not_put_back(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2000, Application(case.lines[0], 2000))
    office.services.returns.nsf(BouncedCheck(key))
    receive(office, case, 100, Application(case.lines[0], 100), method="cash")
    assert code_of(lambda: office.services.returns.put_back(key)) == "exceeds_open_balance"
    assert office.services.checks.state(key).status == "returned"


@pytest.mark.parametrize(
    ("method", "code"), [("cash", "cash_does_not_bounce"), ("check", "already_reversed")]
)
def test_what_cannot_bounce_is_refused(office: Office, method: str, code: str) -> None:
    case = owing(office)
    key = receive(office, case, 100, method=method)
    if method == "check":
        office.services.returns.nsf(BouncedCheck(key))
    assert code_of(lambda: office.services.returns.nsf(BouncedCheck(key))) == code
    check = office.check(1, number="5")
    assert code_of(lambda: office.services.returns.nsf(BouncedCheck(check))) == "not_a_receipt"


def test_a_return_in_a_closed_month_is_refused_and_nothing_of_it_stays(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2000, Application(case.lines[0], 2000))
    with office.services.desk.write() as session:
        from app.models.books import PeriodClose

        now, user = office.clock.now(), office.services.desk.user_id
        session.add(PeriodClose(through=office.clock.today(), at=now, user_id=user))
    before = state(office)
    with pytest.raises(Refused) as refusal:
        office.services.returns.nsf(BouncedCheck(key, fee_cents=100))
    assert refusal.value.code == "closed_period"
    assert state(office) == before
    assert office.services.checks.state(key).status == "closed"


def test_family_check_bounces_for_everybody(office: Office) -> None:
    case = owing(office)
    command = PatientPayment(case.guarantor, 1000, (Application(case.lines[0], 1000),))
    key = office.services.receipts.receive(command).payment_id
    done = office.services.returns.nsf(BouncedCheck(key, fee_cents=100))
    assert done.fee_encounter_id is not None
    assert office.audited("charge fee") == [case.patient]


def test_posting_on_a_returned_check_is_refused(office: Office) -> None:
    case, check, _ = paid_check(office)
    office.services.returns.return_check(check)
    command = PostEob(check, case.claim, (eob(case.lines[0], 10000, 10000),))
    assert code_of(lambda: office.services.eobs.post_eob(command)) == "closed_check"


def test_an_overpaid_line_is_overpaid_again_when_the_check_is_good(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2500, Application(case.lines[0], 2000))
    office.services.receipts.apply_unapplied(ApplyUnapplied(key, case.lines[0], PATIENT_PARTY, 500))
    before = state(office)
    office.services.returns.nsf(BouncedCheck(key))
    office.services.returns.put_back(key)
    assert state(office) == before
    office.books_are_sound()
