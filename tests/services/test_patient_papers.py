"""Receipts stay what they were; itemized receipts are the ledger; estimates are kept to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pdfplumber
import pytest

from app.domain.books import PATIENT_PARTY
from app.domain.errors import Invalid, NotFound
from app.domain.estimates import Occasion
from app.domain.patient_papers import EstimateItem
from app.services.adjustments import WriteOff
from app.services.estimate_commands import MakeEstimate
from app.services.payment_commands import Application, PatientPayment, Refund
from app.services.people_commands import SaveGuarantor
from app.services.returns import BouncedCheck
from app.services.sliding_fees import SaveSlidingFee
from tests.services.front_desk import VISIT, Office, eob, off, to
from tests.services.test_receipts import code_of, owing, receive
from tests.services.test_third_parties import self_pay


def words(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


# --- receipts -----------------------------------------------------------------------------------
def test_a_receipt_is_the_same_bytes_whatever_happens_since(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 2500, Application(case.lines[0], 1500), number="2207")
    pdf = office.services.receipts.receipt_pdf(key)
    text = words(pdf)
    for part in ("$25.00", "Check 2207", "Jane Doe", "Doe, Jane", "99213", "15.00", "10.00"):
        assert part in text
    assert "Credit after this payment $5.00" in text  # 20.00 owed, 25.00 paid
    receive(office, case, 300, Application(case.lines[0], 300))
    shown = office.services.patients.show(case.patient)
    office.services.patients.save(replace(shown, last="Married"))
    office.services.returns.nsf(BouncedCheck(key))
    assert office.services.receipts.receipt_pdf(key) == pdf
    assert office.audited("print receipt") == [case.patient] * 2


def test_a_receipt_printed_late_tells_of_the_day_it_was_paid(office: Office) -> None:
    case = owing(office)
    key = receive(office, case, 1500, Application(case.lines[0], 1500))
    receive(office, case, 500, Application(case.lines[0], 500))
    assert "Balance after this payment $5.00" in words(office.services.receipts.receipt_pdf(key))


def test_a_family_receipt_names_everybody_it_is_for(office: Office) -> None:
    parent = SaveGuarantor("Stone", "Pat")
    first = office.patient("Stone", guarantor=parent)
    guarantor = office.services.accounts.show(first).guarantor_id
    second = office.patient("Stone", first="Kim", guarantor=replace(parent, guarantor_id=guarantor))
    lines = []
    for patient in (first, second):
        visit = office.draft(patient, (4000,), policy_ids=())
        office.services.encounters.post_charges(visit)
        lines.append(office.services.encounters.show(visit).command.lines[0].line_id or 0)
    parts = tuple(Application(line, 3000) for line in lines)
    command = PatientPayment(guarantor, 6000, parts, method="cash")
    key = office.services.receipts.receive(command).payment_id
    text = words(office.services.receipts.receipt_pdf(key))
    for part in ("Pat Stone", "Stone, Jane", "Stone, Kim", "Cash", "$60.00", "$20.00"):
        assert part in text
    assert sorted(x or 0 for x in office.audited("print receipt")) == sorted((first, second))


def test_no_receipt_for_what_is_none(office: Office) -> None:
    case = owing(office)
    pdf = office.services.receipts.receipt_pdf
    assert code_of(lambda: pdf(office.check(1, number="8"))) == "not_a_receipt"
    key = receive(office, case, 100)
    office.services.returns.nsf(BouncedCheck(key))
    assert code_of(lambda: pdf(key)) == "receipt_taken_back"
    office.services.returns.put_back(key)
    assert "$1.00" in words(pdf(key))
    with pytest.raises(NotFound):
        pdf(9999)


# --- itemized receipts --------------------------------------------------------------------------
def test_an_itemized_receipt_is_the_ledger_to_the_cent(office: Office) -> None:
    case = office.sent()
    check = office.check(9000)
    office.post(
        check,
        case.claim,
        eob(case.lines[0], 10000, 5001, off(1999), to(3000)),
        eob(case.lines[1], 5000, 3999, off(1001)),
    )
    receive(office, case, 3100, Application(case.lines[0], 3100))
    office.services.receipts.refund(Refund(PATIENT_PARTY, 100, line_id=case.lines[0]))
    content = office.services.superbills.superbill(case.encounter)
    assert [
        (n.fee_cents, n.adjusted_cents, n.insurer_cents, n.patient_cents, n.balance_cents)
        for n in content.lines
    ] == [(10000, 1999, 5001, 3000, 0), (5000, 1001, 3999, 0, 0)]
    assert content.paid_in_full
    view = office.services.accounts.show(case.patient)
    assert content.balance_cents == view.balance_cents
    assert (content.member_id, content.provider) == ("ID1Doe", "Imani Cole, MD")
    text = words(office.services.superbills.superbill_pdf(case.encounter))
    assert "PAID IN FULL" in text
    assert "M17.11" in text
    assert office.audited("view superbill") == [case.patient] * 2


def test_a_draft_has_no_itemized_receipt(office: Office) -> None:
    draft = office.draft(office.patient())
    refused = code_of(lambda: office.services.superbills.superbill(draft))
    assert refused == "charges_not_posted"
    with pytest.raises(NotFound):
        office.services.superbills.superbill(9999)


# --- estimates ----------------------------------------------------------------------------------
def estimate(office: Office, patient: int, cents: int, **changes: object) -> MakeEstimate:
    command = MakeEstimate(
        patient,
        office.lists.provider,
        "Knee injection",
        (EstimateItem("20610", "Injection", "1", cents),),
        service_date=VISIT,
        asked_on=VISIT - timedelta(days=20),
    )
    return replace(command, **changes)  # type: ignore[arg-type]


def given(office: Office, patient: int, cents: int, **changes: object) -> int:
    """An estimate handed out well before the visit."""
    today = office.clock.day
    office.clock.day = VISIT - timedelta(days=19)
    try:
        command = estimate(office, patient, cents, **changes)
        return office.services.estimates.give(command).estimate_id
    finally:
        office.clock.day = today


def posted(office: Office, patient: int, cents: int) -> tuple[int, int]:
    """A self-pay visit posted; how far above its estimate."""
    visit = office.draft(patient, (cents,), policy_ids=())
    return visit, office.services.encounters.post_charges(visit).over_estimate_cents


def test_an_estimate_is_kept_as_given(office: Office) -> None:
    patient = office.patient()
    made = office.services.estimates.give(estimate(office, patient, 20000))
    assert made.total_cents == 20000
    assert [finding.field for finding in made.warnings] == ["given_on"]  # it was due before
    pdf = office.services.estimates.pdf(made.estimate_id)
    assert "$200.00" in words(pdf)
    shown = office.services.patients.show(patient)
    office.services.patients.save(replace(shown, last="Married"))
    assert office.services.estimates.pdf(made.estimate_id) == pdf
    assert office.audited("give estimate") == [patient]


def test_a_revision_takes_the_place_of_the_first(office: Office) -> None:
    patient = office.patient()
    first = given(office, patient, 20000)
    second = given(office, patient, 70000, revises_id=first)
    rows = office.services.estimates.of_patient(patient)
    assert [(row.estimate_id, row.state) for row in rows] == [(second, "given"), (first, "revised")]
    again = estimate(office, patient, 1, revises_id=first)
    assert code_of(lambda: office.services.estimates.give(again)) == "already_revised"
    assert posted(office, patient, 70000)[1] == 0  # held against the revision
    office.services.estimates.withdraw(second)
    assert code_of(lambda: office.services.estimates.withdraw(second)) == "estimate_withdrawn"


@pytest.mark.parametrize(("billed", "loose"), [(59999, False), (60000, True)])
def test_a_bill_400_above_its_estimate_is_a_loose_end(
    office: Office, billed: int, loose: bool
) -> None:
    patient = office.patient()
    given(office, patient, 20000)
    visit, over = posted(office, patient, billed)
    assert over == billed - 20000
    ends = {end.key: end for end in office.services.today.loose_ends()}
    assert ("estimates" in ends) is loose
    assert office.services.estimates.too_high() == ((patient,) if loose else ())
    assert office.services.estimates.of_patient(patient)[0].may_be_disputed is loose
    if loose:
        assert ends["estimates"].cents == 40000
        office.services.estimates.settle(visit)
        assert office.services.estimates.too_high() == ()


def test_a_dispute_puts_the_visit_on_hold(office: Office) -> None:
    patient = office.patient()
    given(office, patient, 20000)
    visit, _ = posted(office, patient, 70000)
    office.services.estimates.dispute(visit)
    guarantor = office.services.accounts.show(patient).guarantor_id
    (hold,) = office.services.statements.show(guarantor).holds
    assert (hold.encounter_id, str(hold.kind)) == (visit, "gfe_dispute")
    assert office.services.estimates.too_high() == ()
    charge = office.services.fees.charge
    assert code_of(lambda: charge(patient, "no_show", 100)) == "account_on_hold"


def test_a_dispute_needs_a_reason_and_is_in_time(office: Office) -> None:
    patient = office.patient()
    given(office, patient, 20000)
    visit, _ = posted(office, patient, 59999)
    dispute: Callable[[], int] = lambda: office.services.estimates.dispute(visit)  # noqa: E731
    assert code_of(dispute) == "not_far_enough_above"
    other = office.patient("Roe")
    given(office, other, 20000)
    late, _ = posted(office, other, 90000)
    office.clock.day += timedelta(days=121)
    assert code_of(lambda: office.services.estimates.dispute(late)) == "dispute_too_late"
    with pytest.raises(NotFound):
        office.services.estimates.settle(9999)


def test_insured_visits_and_other_providers_are_not_compared(office: Office) -> None:
    case = office.sent()
    given(office, case.patient, 100)
    visit = office.draft(case.patient)
    assert office.services.encounters.post_charges(visit).over_estimate_cents == 0


def test_an_estimate_on_request_counts_for_the_next_visit_only(office: Office) -> None:
    patient = office.patient()
    given(office, patient, 10000, occasion=Occasion.REQUESTED, service_date=None)
    assert posted(office, patient, 12000)[1] == 2000
    assert posted(office, patient, 12000)[1] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"provider_id": 99}, "provider_id"),
        ({"service": " "}, "service"),
        ({"items": ()}, "items"),
        ({"items": (EstimateItem("", "x", "1", 100),)}, "items.0"),
        ({"facility_id": 99}, "facility_id"),
    ],
)
def test_an_estimate_is_checked(office: Office, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        office.services.estimates.give(estimate(office, office.patient(), 100, **change))
    assert field in {finding.field for finding in wrong.value.findings}


# --- sliding fee --------------------------------------------------------------------------------
def test_a_sliding_fee_is_written_off_at_posting(office: Office) -> None:
    guarantor, patient, _ = self_pay(office)
    office.services.sliding_fees.save(SaveSlidingFee(guarantor, 35, since=VISIT))
    visit = office.draft(patient, (10001, 5000), policy_ids=())
    assert office.services.encounters.post_charges(visit).forgiven_cents == 3500 + 1750
    lines = [line.line_id or 0 for line in office.services.encounters.show(visit).command.lines]
    assert [office.buckets(n) for n in lines] == [{PATIENT_PARTY: 6501}, {PATIENT_PARTY: 3250}]
    assert office.services.sliding_fees.percent(guarantor) == 35
    office.books_are_sound()


def test_a_sliding_fee_ends_and_is_the_practices_choice(office: Office) -> None:
    guarantor, patient, _ = self_pay(office)
    do = office.services.sliding_fees
    do.save(SaveSlidingFee(guarantor, 35, since=VISIT))
    do.save(SaveSlidingFee(guarantor, 50))
    assert do.percent(guarantor) == 50
    do.end(guarantor)
    office.clock.day += timedelta(days=1)
    assert do.percent(guarantor) == 0
    assert code_of(lambda: do.end(guarantor)) == "no_sliding_fee"
    office.services.setup.save_setting("sliding_fee_at_posting", False)
    visit = office.draft(patient, (10000,), policy_ids=())
    assert office.services.encounters.post_charges(visit).forgiven_cents == 0
    for percent in (0, 101):
        with pytest.raises(Invalid):
            do.save(SaveSlidingFee(guarantor, percent))


def test_a_forgiven_share_can_be_put_back(office: Office) -> None:
    guarantor, patient, _ = self_pay(office)
    office.services.sliding_fees.save(SaveSlidingFee(guarantor, 100, since=VISIT))
    visit = office.draft(patient, (10000,), policy_ids=())
    office.services.encounters.post_charges(visit)
    line = office.services.encounters.show(visit).command.lines[0].line_id or 0
    back = WriteOff(line, PATIENT_PARTY, -10000, "void_reversal")
    office.services.adjustments.write_off(back)
    assert office.buckets(line) == {PATIENT_PARTY: 10000}
