"""Calls of the services of money that must leave an audit row with the patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.domain.books import PATIENT_PARTY
from app.domain.patient_papers import EstimateItem
from app.services.estimate_commands import MakeEstimate
from app.services.insurance_found import InsuranceFound
from app.services.payment_commands import (
    Application,
    CorrectEobs,
    PatientPayment,
    PostEob,
    ReverseEob,
)
from app.services.returns import BouncedCheck
from app.services.sliding_fees import SaveSlidingFee
from app.services.third_parties import OpenPartyCheck, PartyPayment, PartyReceipt
from tests.services.front_desk import VISIT, Case, Office, eob, held

Call = Callable[[Office, Case], object]


def denied(office: Office, case: Case) -> tuple[int, int]:
    check = office.check(0)
    return office.post(check, case.claim, eob(case.lines[0], 10000, 0, held(10000))).eob_id, check


def receipt(office: Office, case: Case, *apply: Application) -> int:
    command = PatientPayment(case.guarantor, 500, apply, case.patient)
    return office.services.receipts.receive(command).payment_id


def owing(office: Office, case: Case) -> int:
    """The case's guarantor, who owes for a visit without insurance."""
    encounter = office.draft(case.patient, (3000,), policy_ids=())
    office.services.encounters.post_charges(encounter)
    return case.guarantor


def charged(office: Office, case: Case) -> int:
    return office.services.fees.charge(case.patient, "no_show", 2500)


def placed(office: Office, case: Case) -> int:
    """The case's guarantor, whose debt lies with an agency."""
    office.services.collections.place(owing(office, case))
    return case.guarantor


def estimate(office: Office, case: Case) -> int:
    items = (EstimateItem("99213", "Visit", "1", 10000),)
    command = MakeEstimate(case.patient, office.lists.provider, "Visit", items, service_date=VISIT)
    today, office.clock.day = office.clock.day, VISIT - timedelta(days=20)
    try:
        return office.services.estimates.give(command).estimate_id
    finally:
        office.clock.day = today


def above_estimate(office: Office, case: Case) -> int:
    """A visit charged far above its estimate."""
    estimate(office, case)
    visit = office.draft(case.patient, (90000,), policy_ids=())
    office.services.encounters.post_charges(visit)
    return visit


def bounced(office: Office, case: Case) -> int:
    key = receipt(office, case)
    office.services.returns.nsf(BouncedCheck(key))
    return key


def discounted(office: Office, case: Case) -> int:
    office.services.sliding_fees.save(SaveSlidingFee(case.guarantor, 20))
    return case.guarantor


def owed_line(office: Office, case: Case) -> int:
    visit = self_paid(office, case)
    return office.services.encounters.show(visit).command.lines[0].line_id or 0


def self_paid(office: Office, case: Case) -> int:
    visit = office.draft(case.patient, (3000,), policy_ids=())
    office.services.encounters.post_charges(visit)
    return visit


def third_party(office: Office, case: Case) -> int:
    command = OpenPartyCheck("Hale & Moss", 100, patient_id=case.patient)
    return office.services.third_parties.open_check(command)


def correction(office: Office, case: Case) -> CorrectEobs:
    """An EOB posted again as it was."""
    eob_id, check = denied(office, case)
    again = PostEob(check, case.claim, (eob(case.lines[0], 10000, 0, held(10000)),))
    return CorrectEobs(check, (ReverseEob(eob_id, check),), (again,))


def decision(office: Office, case: Case) -> PostEob:
    """One claim's EOB that holds everything."""
    check = office.check(0)
    return PostEob(check, case.claim, (eob(case.lines[0], 10000, 0, held(10000)),))


def with_policy(office: Office, case: Case) -> InsuranceFound:
    visit = self_paid(office, case)
    return InsuranceFound(visit, case.payer_party)


def given_up(office: Office, case: Case) -> int:
    """A debt that the agency did not recover; answers its journal."""
    placed(office, case)
    return office.services.collections.give_up(case.guarantor).journal_id


MONEY: dict[str, Call] = {
    "eobs.post_eobs": lambda o, c: o.services.eobs.post_eobs((decision(o, c),)),
    "eobs.reverse_eobs": lambda o, c: o.services.eobs.reverse_eobs((ReverseEob(*denied(o, c)),)),
    "eobs.correct": lambda o, c: o.services.eobs.correct(correction(o, c)),
    "receipts.receipt_pdf": lambda o, c: o.services.receipts.receipt_pdf(receipt(o, c)),
    "returns.return_check": lambda o, c: o.services.returns.return_check(denied(o, c)[1]),
    "returns.nsf": lambda o, c: o.services.returns.nsf(BouncedCheck(receipt(o, c))),
    "returns.put_back": lambda o, c: o.services.returns.put_back(bounced(o, c)),
    "third_parties.open_check": third_party,
    "third_parties.apply": lambda o, c: o.services.third_parties.apply(
        PartyPayment(third_party(o, c), owed_line(o, c), PATIENT_PARTY, 100)
    ),
    "third_parties.receive": lambda o, c: o.services.third_parties.receive(
        PartyReceipt(OpenPartyCheck("Hale", 100), (Application(owed_line(o, c), 100),))
    ),
    "insurance_found.found": lambda o, c: o.services.insurance_found.found(with_policy(o, c)),
    "insurance_found.take_back": lambda o, c: o.services.insurance_found.take_back(
        o.services.insurance_found.found(with_policy(o, c)).journal_id
    ),
    "collections.take_back": lambda o, c: o.services.collections.take_back(given_up(o, c)),
    "collections.place": placed,
    "collections.recall": lambda o, c: o.services.collections.recall(placed(o, c)),
    "collections.give_up": lambda o, c: o.services.collections.give_up(placed(o, c)),
    "fees.charge": charged,
    "fees.take_off": lambda o, c: o.services.fees.take_off(charged(o, c)),
    "superbills.superbill": lambda o, c: o.services.superbills.superbill(c.encounter),
    "superbills.superbill_pdf": lambda o, c: o.services.superbills.superbill_pdf(c.encounter),
    "estimates.give": estimate,
    "estimates.pdf": lambda o, c: o.services.estimates.pdf(estimate(o, c)),
    "estimates.withdraw": lambda o, c: o.services.estimates.withdraw(estimate(o, c)),
    "estimates.of_patient": lambda o, c: o.services.estimates.of_patient(c.patient),
    "estimates.settle": lambda o, c: o.services.estimates.settle(above_estimate(o, c)),
    "estimates.dispute": lambda o, c: o.services.estimates.dispute(above_estimate(o, c)),
    "sliding_fees.save": lambda o, c: o.services.sliding_fees.save(SaveSlidingFee(c.guarantor, 20)),
    "sliding_fees.end": lambda o, c: o.services.sliding_fees.end(discounted(o, c)),
}
