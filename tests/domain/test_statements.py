"""The decision who is sent a statement, why a patient owes, and payment plans: pure rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.account_standing import (
    AGE_EDGES,
    NotAsked,
    OpenLine,
    aging_of,
    not_asked,
    standing_of,
)
from app.domain.books import PROVISIONAL
from app.domain.claim_form import PayerType
from app.domain.owed import (
    LineEntry,
    Party,
    figures_of,
    waiting_plans,
    why_owed,
)
from app.domain.payment_plans import PlanTerms, check_terms, due_days, plan_state
from app.domain.statement_policy import CountReset, StatementPolicy, check_policy, filled
from app.domain.statements import (
    AccountFacts,
    HoldKind,
    LastSent,
    Reason,
    Step,
    ask_cents,
    decide,
    next_number,
)

TODAY = date(2026, 6, 15)
POLICY = StatementPolicy()

MONEY = st.integers(-100_000, 100_000)
LINES = st.builds(
    OpenLine,
    line_id=st.integers(1, 10**6),
    encounter_id=st.integers(1, 20),
    patient_id=st.integers(1, 3),
    patient_cents=MONEY,
    passed_on=st.dates(date(2025, 1, 1), TODAY),
    insurer_cents=st.sampled_from((0, 0, 5000)),
    collections_cents=st.sampled_from((0, 0, 300)),
    qmb=st.sampled_from((False, False, False, True)),
    visit_held=st.sampled_from((False, False, False, True)),
    payer_types=st.frozensets(st.sampled_from((PayerType.GROUP, PayerType.MEDICAID)), max_size=2),
)


def line(cents: int = 5000, **changes: object) -> OpenLine:
    return OpenLine(1, 1, 1, cents, TODAY, **changes)  # type: ignore[arg-type]


def facts(cents: int = 5000, **changes: object) -> AccountFacts:
    return AccountFacts(standing_of([line(cents)], TODAY), **changes)  # type: ignore[arg-type]


@given(st.lists(LINES, max_size=8))
def test_what_is_asked_is_the_sum_of_the_lines_that_may_be(lines: list[OpenLine]) -> None:
    standing = standing_of(lines, TODAY)
    assert standing.balance_cents == sum(n.patient_cents for n in standing.asked) >= 0
    assert all(not_asked(n) is None for n in standing.asked if n.patient_cents > 0)
    barred = sum(cents for _, cents in standing.barred)
    everything = sum(n.patient_cents for n in lines)
    assert standing.balance_cents + barred - standing.credit_cents == everything
    assert standing.credit_cents >= 0
    assert not any(n.qmb for n in standing.asked if n.patient_cents > 0)


@given(st.lists(LINES, max_size=6), st.integers(0, 5000), st.booleans())
def test_never_a_negative_ask(lines: list[OpenLine], unapplied: int, by_hand: bool) -> None:
    account = AccountFacts(standing_of(lines, TODAY), unapplied_cents=unapplied)
    decision = decide(account, POLICY, TODAY)
    assert ask_cents(account) >= 0
    if decision.may_send(by_hand=by_hand):
        assert ask_cents(account) > 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"qmb": True}, NotAsked.QMB),
        ({"deceased": True, "qmb": True}, NotAsked.DECEASED),
        ({"payer_types": frozenset({PayerType.FECA})}, NotAsked.WORKERS_COMP),
        ({"payer_types": frozenset({PayerType.MEDICAID})}, NotAsked.MEDICAID),
        (
            {"payer_types": frozenset({PayerType.MEDICAID}), "carc_cents": (("3", 5000),)},
            None,
        ),
        (
            {"payer_types": frozenset({PayerType.MEDICAID}), "carc_cents": (("3", 400),)},
            NotAsked.MEDICAID,
        ),
        ({"carc_cents": (("209", 5000),)}, NotAsked.QMB),
        ({"carc_cents": (("209", 0), ("2", 5000))}, None),
        ({"carc_cents": (("24", 5000),)}, NotAsked.CAPITATION),
        ({"visit_held": True}, NotAsked.VISIT_HOLD),
    ],
)
def test_whom_the_law_lets_ask(changes: dict[str, object], reason: NotAsked | None) -> None:
    assert not_asked(line(**changes)) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "cell"), [(0, 0), (30, 0), (31, 1), (90, 2), (91, 3), (121, 4)])
def test_each_line_ages_by_itself(days: int, cell: int) -> None:
    old = OpenLine(1, 1, 1, 700, TODAY - timedelta(days=days))
    aging = aging_of([old, OpenLine(2, 1, 1, -200, TODAY - timedelta(days=400))], TODAY)
    assert [n for n, cents in enumerate(aging.cells) if cents] == [cell]
    assert (aging.credit, aging.total) == (-200, 500)
    assert len(aging.cells) == len(AGE_EDGES) + 1


def test_a_credit_that_awaits_a_payer_reduces_nothing() -> None:
    credit = OpenLine(2, 1, 1, -2000, TODAY, insurer_cents=6000)
    standing = standing_of([line(5000), credit], TODAY)
    assert (standing.balance_cents, standing.credit_cents) == (5000, 2000)
    free = OpenLine(2, 1, 1, -2000, TODAY)
    assert standing_of([line(5000), free], TODAY).balance_cents == 3000


def sent(number: int, days: int, owed: int = 5000, kind: str = "statement") -> LastSent:
    return LastSent(kind, number, TODAY - timedelta(days=days), owed)


@pytest.mark.parametrize(
    ("account", "step", "reason"),
    [
        (facts(), Step.STATEMENT, Reason.DUE),
        (facts(hold=HoldKind.DISPUTE), Step.NOTHING, Reason.HOLD),
        (facts(0), Step.NOTHING, Reason.NOTHING_OWED),
        (facts(499), Step.NOTHING, Reason.MINIMUM),
        (facts(500), Step.STATEMENT, Reason.DUE),
        (facts(has_address=False), Step.NOTHING, Reason.NO_ADDRESS),
        (facts(last=sent(1, 29)), Step.NOTHING, Reason.CYCLE),
        (facts(last=sent(1, 30)), Step.STATEMENT, Reason.DUE),
        (facts(last=sent(1, 1, owed=0)), Step.STATEMENT, Reason.DUE),
        (facts(last=sent(3, 29)), Step.NOTHING, Reason.LETTER_WAITS),
        (facts(last=sent(3, 30)), Step.LETTER, Reason.LETTER_DUE),
        (facts(last=sent(3, 90, kind="letter")), Step.NOTHING, Reason.LETTER_SENT),
        (facts(last=sent(3, 90, owed=0)), Step.STATEMENT, Reason.DUE),
        (facts(last_payment_on=TODAY - timedelta(days=9)), Step.NOTHING, Reason.PAID),
        (facts(last_payment_on=TODAY - timedelta(days=10)), Step.STATEMENT, Reason.DUE),
        (facts(unapplied_cents=1), Step.NOTHING, Reason.UNAPPLIED),
    ],
)
def test_one_reason_decides(account: AccountFacts, step: Step, reason: Reason) -> None:
    decision = decide(account, POLICY, TODAY)
    assert (decision.step, decision.reason) == (step, reason)
    assert decision.words


def test_without_a_letter_the_final_notice_goes_on() -> None:
    policy = StatementPolicy(statements_before_letter=0)
    decision = decide(facts(last=sent(7, 30)), policy, TODAY)
    assert (decision.step, decision.number) == (Step.STATEMENT, 8)
    assert policy.message(8) == policy.messages[3]
    assert policy.due_days_of(8) == policy.final_due_days


def test_the_number_goes_by_the_rule() -> None:
    partly = LastSent("statement", 2, TODAY, 100, paid_since=True)
    assert [next_number(partly, rule) for rule in CountReset] == [3, 1, 2]
    assert next_number(None, CountReset.FULL) == 1


def test_settings_are_checked_and_unknown_words_kept() -> None:
    assert check_policy(POLICY) == []
    assert [f.field for f in check_policy(StatementPolicy(cycle_days=0, letter=("",)))] == [
        "cycle_days",
        "letter",
    ]
    assert filled("{a} {b}", a="1") == "1 {b}"


# --- why it is owed -----------------------------------------------------------------------------
KINDS = ("charge", "charge_void", "eob", "transfer", "write_off", "patient_payment", "refund")
ENTRIES = st.builds(
    LineEntry,
    line_id=st.just(1),
    party=st.sampled_from(Party),
    cents=MONEY.filter(bool),
    kind=st.sampled_from((*KINDS, "apply_unapplied", "something new")),
    carc=st.sampled_from(("", "1", "2", "3", "96", "555")),
    reason=st.sampled_from(("", "", PROVISIONAL, "contractual")),
    other=st.sampled_from((None, *Party)),
    plan=st.sampled_from(("", "Blue Ridge Health", "Valley Mutual")),
    owner=st.sampled_from(("", "Blue Ridge Health")),
)


@given(st.lists(ENTRIES, max_size=12))
def test_the_reasons_sum_to_the_patients_bucket(entries: list[LineEntry]) -> None:
    bucket = sum(e.cents for e in entries if e.party is Party.PATIENT)
    reasons = why_owed(entries)
    assert sum(why.cents for why in reasons) == bucket
    assert all(why.cents and why.words and "{" not in why.words for why in reasons)


def entry(cents: int, kind: str, party: Party = Party.PATIENT, **more: str) -> LineEntry:
    return LineEntry(1, party, cents, kind, **more)  # type: ignore[arg-type]


def test_a_line_is_told_in_columns_and_reasons() -> None:
    plan = "Blue Ridge Health"
    entries = [
        entry(10000, "charge", Party.PAYER, owner=plan),
        entry(-6000, "eob", Party.PAYER, owner=plan),
        entry(-1500, "eob", Party.PAYER, reason="contractual", carc="45", owner=plan),
        entry(-2000, "eob", Party.PAYER, carc="1", owner=plan),
        entry(2000, "eob", carc="1", plan=plan),
        entry(-700, "patient_payment"),
    ]
    figures = figures_of(entries)
    assert (figures.charge, figures.insurance, figures.adjusted) == (10000, 6000, 1500)
    assert (figures.paid, figures.pending, figures.owes) == (700, 500, 1300)
    assert waiting_plans(entries) == {plan: 500}
    assert [(why.words, why.cents) for why in why_owed(entries)] == [
        ("Blue Ridge Health: applied to your deductible", 2000),
        ("Less what you have paid", -700),
    ]


def test_a_charge_that_was_billed_after_all_is_no_reason() -> None:
    plan = "Blue Ridge Health"
    entries = [
        entry(9000, "charge"),
        LineEntry(1, Party.PATIENT, -9000, "transfer", other=Party.PAYER, plan=plan),
        entry(1000, "eob", carc="2", plan=plan),
    ]
    assert [why.cents for why in why_owed(entries)] == [1000]


# --- payment plans ------------------------------------------------------------------------------
def terms(total: int = 10000, part: int = 3000, day: int = 31) -> PlanTerms:
    return PlanTerms(total, part, day, date(2026, 1, 10), date(2026, 1, 31))


def test_installments_fall_on_the_last_day_of_a_short_month() -> None:
    assert list(due_days(terms())) == [
        (date(2026, 1, 31), 3000),
        (date(2026, 2, 28), 3000),
        (date(2026, 3, 31), 3000),
        (date(2026, 4, 30), 1000),
    ]


@pytest.mark.parametrize(
    ("today", "received", "behind", "ask"),
    [
        (date(2026, 1, 20), 0, 0, 3000),
        (date(2026, 2, 5), 0, 0, 6000),
        (date(2026, 2, 6), 0, 3000, 6000),
        (date(2026, 2, 6), 3500, 0, 2500),
        (date(2026, 9, 1), 10000, 0, 0),
    ],
)
def test_a_plan_is_kept_or_behind(today: date, received: int, behind: int, ask: int) -> None:
    due_on = today + timedelta(days=25)
    state = plan_state(terms(), received, today, due_on=due_on, grace_days=5)
    assert (state.behind_cents, state.ask_cents) == (behind, ask)
    assert state.kept is (behind == 0)


@given(st.integers(1, 10**6), st.integers(1, 10**5), st.integers(0, 10**6), st.integers(0, 900))
def test_a_plan_never_asks_more_than_is_left(
    total: int, part: int, received: int, days: int
) -> None:
    part = max(part, total // 100)
    today = date(2026, 1, 10) + timedelta(days=days)
    state = plan_state(terms(total, part), received, today, due_on=today, grace_days=5)
    assert 0 <= state.behind_cents <= state.left_cents
    assert 0 <= state.ask_cents <= state.left_cents
    assert state.left_cents == max(total - received, 0)


def test_terms_are_checked() -> None:
    assert check_terms(terms(), 10000) == []
    wrong = PlanTerms(0, 0, 0, date(2026, 2, 1), date(2026, 1, 1))
    assert len(check_terms(wrong, 10000)) == 4
    assert [f.field for f in check_terms(terms(), 9999)] == ["total_cents"]
