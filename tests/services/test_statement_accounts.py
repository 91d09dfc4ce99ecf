"""What is kept beside statements: holds, payment plans, the count, settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Invalid, Refused
from app.domain.statement_policy import CountReset, StatementPolicy
from app.domain.statements import HoldKind, Reason, Step
from app.services.statement_commands import HoldAccount, SavePlan
from tests.services.billing import (
    decided,
    later,
    pay,
    row,
    self_pay,
    send,
    words,
)
from tests.services.front_desk import Office


def test_a_hold_stops_even_her_hand_until_it_ends(office: Office) -> None:
    guarantor, service = self_pay(office), office.services.statements
    until = office.clock.day + timedelta(days=5)
    key = service.hold(HoldAccount(guarantor, HoldKind.GFE_DISPUTE, "case 12", until=until))
    found = row(office, guarantor)
    assert found.words == "On hold until 03/21/2026: good-faith-estimate dispute"
    with pytest.raises(Refused):
        send(office, guarantor, even_if_not_due=True)
    later(office, 6)
    assert row(office, guarantor).due
    service.release(key, "settled")
    [seen] = service.show(guarantor).holds
    assert (seen.note, seen.stands, seen.released_why) == ("case 12", False, "settled")
    with pytest.raises(Refused):
        service.release(key)
    with pytest.raises(Invalid):
        service.hold(HoldAccount(guarantor, HoldKind.OTHER, until=date(2020, 1, 1)))


def test_a_visit_may_be_on_hold_alone(office: Office) -> None:
    case = decided(office)
    office.services.encounters.post_charges(office.draft(case.patient, (4000,), policy_ids=()))
    office.services.statements.hold(
        HoldAccount(case.guarantor, HoldKind.DISPUTE, encounter_id=case.encounter)
    )
    found = row(office, case.guarantor)
    assert (found.step, found.amount_cents, found.not_asked_cents) == (Step.STATEMENT, 4000, 2500)
    other = self_pay(office, last="Poe")
    with pytest.raises(Invalid):
        office.services.statements.hold(
            HoldAccount(other, HoldKind.DISPUTE, encounter_id=case.encounter)
        )


def test_a_plan_asks_for_its_installment(office: Office) -> None:
    guarantor, service = self_pay(office, 30000), office.services.statements
    plan = service.save_plan(SavePlan(guarantor, 30000, 5000, 1))
    found = row(office, guarantor)
    assert (found.reason, found.amount_cents, found.balance_cents) == (
        Reason.PLAN_KEPT,
        5000,
        30000,
    )
    assert found.words == "Payment plan is kept; 50.00 on 04/01/2026"
    office.clock.day = date(2026, 4, 10)
    found = row(office, guarantor)
    assert (found.reason, found.words) == (Reason.PLAN_BEHIND, "Payment plan is behind by 50.00")
    pdf = words(service.send([guarantor]).pdf)
    assert "Installment due" in pdf
    assert "$100.00" in pdf  # April's, and May's by the first of May
    assert "$300.00 of the plan remains" in " ".join(pdf.split())
    service.end_plan(plan, "paid by card")
    [seen] = service.show(guarantor).plans
    assert (seen.state, seen.ended_why) == (None, "paid by card")
    with pytest.raises(Refused):
        service.end_plan(plan)


def test_a_plan_is_kept_by_receipts(office: Office) -> None:
    case, service = decided(office), office.services.statements
    service.save_plan(SavePlan(case.guarantor, 2500, 1000, 1))
    pay(office, case.guarantor, case.lines[0], 1000)
    office.clock.day = date(2026, 4, 20)
    found = row(office, case.guarantor)
    assert found.plan is not None
    assert (found.reason, found.plan.left_cents) == (Reason.PLAN_KEPT, 1500)
    assert (found.plan.next_due, found.plan.next_cents) == (date(2026, 5, 1), 1000)
    with pytest.raises(Invalid) as wrong:
        service.save_plan(SavePlan(case.guarantor, 99999, 0, 40))
    assert {f.field for f in wrong.value.findings} == {
        "total_cents", "installment_cents", "day_of_month"
    }  # fmt: skip


def test_her_word_starts_the_count_again(office: Office) -> None:
    guarantor, service = self_pay(office), office.services.statements
    with pytest.raises(Refused):
        service.reset_count(guarantor)
    send(office, guarantor)
    service.reset_count(guarantor, "never came")
    assert (row(office, guarantor).number, row(office, guarantor).step) == (1, Step.STATEMENT)


def test_settings_are_kept_and_checked(office: Office) -> None:
    service = office.services.statements
    assert service.settings() == StatementPolicy()
    own = StatementPolicy(cycle_days=28, count_reset=CountReset.STEP, messages=("a", "b", "c", "d"))
    service.save_settings(own)
    assert service.settings() == own
    assert office.services.setup.setting("statement_cycle_days") == 28
    with pytest.raises(Invalid) as wrong:
        service.save_settings(replace(own, cycle_days=0, messages=("", "b", "c", "x" * 999)))
    assert {f.field for f in wrong.value.findings} == {"cycle_days", "messages.0", "messages.3"}
