"""Who may be asked for money, and what an EOB makes of a claim."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.books import PATIENT_PARTY, Disposition
from app.domain.claim_form import PayerType
from app.domain.errors import Refused
from app.domain.posting import EobAdjustment
from app.domain.posting_policy import (
    REPAIRABLE_CARCS,
    LineDecision,
    PayerFacts,
    check_patient_may_owe,
    claim_status,
    line_denied,
)


def passed(carc: str, group: str = "PR", cents: int = 1000) -> EobAdjustment:
    return EobAdjustment(group, carc, cents, Disposition.TRANSFER, PATIENT_PARTY)


def facts(kind: PayerType = PayerType.GROUP, **more: Any) -> PayerFacts:
    return PayerFacts(kind, **more)


@pytest.mark.parametrize("carc", ["1", "2", "3", "66", "96", "204", "119", "100", "27"])
def test_cost_share_and_uncovered_services_are_the_patients(carc: str) -> None:
    check_patient_may_owe(passed(carc), facts())


MEDICAID = "policy:medicaid_or_qmb_patient_not_billable"


@pytest.mark.parametrize(
    ("adjustment", "payer", "code"),
    [
        (passed("1"), facts(PayerType.MEDICAID), MEDICAID),
        (passed("45"), facts(PayerType.MEDICAID), MEDICAID),
        (passed("1"), facts(patient_qmb=True), MEDICAID),
        (passed("2"), facts(PayerType.MEDICARE, patient_qmb=True), MEDICAID),
        (passed("209", "OA"), facts(), MEDICAID),
        (passed("197", "CO"), facts(), "policy:provider_liability_not_patient"),
        (passed("29", "CO"), facts(), "policy:provider_liability_not_patient"),
        (passed("97", "CO"), facts(), "policy:provider_liability_not_patient"),
        (passed("45", "CO"), facts(contracted=False), "policy:nsa_balance_bill"),
        (passed("45"), facts(contracted=False, nsa_protected=True), "policy:nsa_balance_bill"),
        (passed("1"), facts(PayerType.WORKERS_COMP), "policy:workers_comp_not_patient"),
    ],
)
def test_what_the_patient_never_owes(
    adjustment: EobAdjustment, payer: PayerFacts, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_patient_may_owe(adjustment, payer)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("carc", sorted(REPAIRABLE_CARCS))
@pytest.mark.parametrize("group", ["CO", "PR", "OA"])
def test_a_denial_that_can_be_cured_is_nobodys_bill(carc: str, group: str) -> None:
    if (group, carc) == ("PR", "31"):  # no coverage at all: the patient's own
        check_patient_may_owe(passed(carc, group), facts())
        return
    with pytest.raises(Refused) as refusal:
        check_patient_may_owe(passed(carc, group), facts())
    assert refusal.value.code == "policy:repairable_denial_not_patient"


@pytest.mark.parametrize("carc", ["3", "178"])
def test_medicaid_leaves_its_copay_and_share_of_cost(carc: str) -> None:
    check_patient_may_owe(passed(carc), facts(PayerType.MEDICAID))


def test_out_of_network_balance_is_the_patients_unless_protected() -> None:
    check_patient_may_owe(passed("45"), facts(contracted=False))


def test_taking_an_amount_back_is_never_refused() -> None:
    check_patient_may_owe(passed("1", cents=-1000), facts(PayerType.MEDICAID))
    kept = EobAdjustment("CO", "16", 1000, Disposition.HOLD)
    check_patient_may_owe(kept, facts(PayerType.MEDICAID))


def decided(paid: int, *said: tuple[str, Disposition], bucket: int = 0) -> LineDecision:
    adjustments = tuple(
        EobAdjustment("CO", carc, 1000, kind, 1 if kind is Disposition.TRANSFER else None)
        for carc, kind in said
    )
    return LineDecision(paid, adjustments, bucket)


OFF, HOLD, INFO, TO = (
    Disposition.WRITEOFF,
    Disposition.HOLD,
    Disposition.INFO,
    Disposition.TRANSFER,
)
PAID = decided(8000, ("45", OFF))
DEDUCTIBLE = decided(0, ("45", OFF), ("1", TO))
DENIED = decided(0, ("50", HOLD), bucket=10000)
BUNDLED = decided(0, ("97", OFF))
TO_PATIENT = decided(0, ("100", TO))
EXPLAINED = decided(0, ("23", INFO))
SHORT = decided(4000, ("16", HOLD), bucket=6000)


@pytest.mark.parametrize(
    ("decision", "denied"),
    [
        (PAID, False),
        (DEDUCTIBLE, False),
        (DENIED, True),
        (BUNDLED, False),
        (TO_PATIENT, False),
        (EXPLAINED, True),
        (SHORT, False),
        (decided(0, ("29", OFF)), True),
        (decided(0, ("29", INFO), ("45", OFF)), False),  # information denies nothing
    ],
)
def test_a_line_is_denied_by_a_posted_denial_code(decision: LineDecision, denied: bool) -> None:
    assert line_denied(decision) is denied


@pytest.mark.parametrize(
    ("decisions", "still_open", "status"),
    [
        ([PAID], False, "paid"),
        ([PAID, PAID], False, "paid"),
        ([DEDUCTIBLE], False, "paid"),  # nothing paid, and yet decided
        ([BUNDLED, PAID], False, "paid"),
        ([TO_PATIENT], False, "paid"),
        ([DENIED], True, "denied"),
        ([DENIED, DENIED], True, "denied"),
        ([EXPLAINED], False, "denied"),
        ([PAID, DENIED], True, "partially_paid"),
        ([PAID, decided(0, ("29", OFF))], False, "partially_paid"),
        ([SHORT], True, "partially_paid"),
        ([PAID, None], True, "partially_paid"),  # a line absent from the EOB is not denied
        ([DENIED, None], True, "partially_paid"),
        ([PAID, EXPLAINED], False, "paid"),
    ],
)
def test_status_after_an_eob(
    decisions: list[LineDecision | None], still_open: bool, status: str
) -> None:
    assert claim_status(decisions, still_open) == status


def test_the_list_of_denial_codes_may_be_changed() -> None:
    assert claim_status([BUNDLED], False, frozenset({"97"})) == "denied"
    assert claim_status([DENIED], True, frozenset()) == "partially_paid"
