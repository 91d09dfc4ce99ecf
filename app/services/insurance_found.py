"""Insurance found after the patient was billed: a visit's lines pass to the payer (§3.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.books import PATIENT_PARTY, PROVISIONAL, Account, Leg
from app.domain.errors import NotFound, Refused
from app.domain.posting import move
from app.models.books import Journal, Payment, Posting
from app.models.people import Party, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import _fees, _ledger, _transfer_rules
from app.services.desk import Desk

# Memos of the journal; the second also says what the visit was before.
FOUND, FOR_SELF_PAY = "insurance found", "insurance found for a self-pay visit"


@dataclass(frozen=True, slots=True)
class InsuranceFound:
    """A visit the patient was billed for, and the policy that turns out to cover it."""

    encounter_id: int
    party_id: int  # of the policy
    accounting_date: date | None = None


@dataclass(frozen=True, slots=True)
class PassedToPayer:
    """What the payer now owes, what of it the patient had paid (cents), and the claim's number.

    ``journal_id`` takes it back.
    """

    passed_cents: int
    provisional_cents: int
    claim_number: str
    journal_id: int


class InsuranceFoundService:
    """Passes a visit from the patient to a payer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def found(self, command: InsuranceFound) -> PassedToPayer:
        """The unpaid rest passes to the payer; what the patient paid becomes provisional.

        The payer's EOB releases the provisional part first, like a copay; until then the
        patient's money stays where it is and no statement asks for the rest. The claim is made.

        Raises:
            NotFound: no such visit or policy.
            Refused: ``wrong_patient``, ``charges_not_posted``, ``nothing_owed``,
                ``policy:fee_never_on_claim``, ``closed_period``.
        """
        with self._desk.write() as session:
            visit, policy = _checked(session, command)
            party = command.party_id
            lines = _lines(session, visit.id)
            legs, passed, provisional = _legs(session, lines, party)
            if not passed:
                raise Refused("nothing_owed", "Nothing of this visit was the patient's to pay.")
            _transfer_rules.cover(session, visit.id, party)
            memo = FOR_SELF_PAY if visit.self_pay else FOUND
            visit.self_pay = False
            journal = _ledger.post(
                session,
                self._desk,
                "transfer",
                legs,
                accounting_date=command.accounting_date,
                memo=memo,
            )
            _transfer_rules.bill_new_party(
                session, self._desk, lines[0], party, _billed_by(journal)
            )
            session.flush()
            self._desk.audit(session, "insurance found", visit.patient_id, "encounter", visit.id)
            number = _claim_number(session, visit.id, policy.id)
            return PassedToPayer(passed, provisional, number, journal)

    def take_back(self, journal_id: int) -> None:
        """Found by mistake: the patient owes as before, and the claim made for it is void.

        Raises:
            NotFound: the journal passed no visit to a payer found late.
            Refused: ``already_reversed``; ``claim_moved_on`` once its claim was printed or sent;
                ``exceeds_open_balance`` when the payer no longer owes all of it; ``closed_period``.
        """
        with self._desk.write() as session:
            row = session.get(Journal, journal_id)
            if row is None or row.memo not in (FOUND, FOR_SELF_PAY):
                raise NotFound("This is no longer there. Refresh the account.")
            _ledger.check_standing(session, journal_id)
            party = _check_still_owed(session, journal_id)
            legs = _ledger.mirror(session, self._desk, journal_id, "no insurance after all")
            line = session.get_one(ChargeLine, legs[0].line_id)
            visit = session.get_one(Encounter, line.encounter_id)
            _transfer_rules.unbill(session, self._desk, visit.id, party, _billed_by(journal_id))
            visit.self_pay = row.memo == FOR_SELF_PAY
            self._desk.audit(
                session, "insurance not found", visit.patient_id, "encounter", visit.id
            )


def _billed_by(journal_id: int) -> str:
    """What the claim's event says of where it comes from."""
    return f"insurance found, entry {journal_id}"


def _check_still_owed(session: Session, journal_id: int) -> int:
    """The payer's party, which must still owe what the journal passed to it, share and all."""
    moved: dict[int, int] = defaultdict(int)
    shares: dict[int, int] = defaultdict(int)
    party = 0
    for leg in _ledger.legs_of(session, journal_id):
        if leg.line_id is None or leg.party_id is None or leg.party_id == PATIENT_PARTY:
            continue
        party = leg.party_id
        moved[leg.line_id] += leg.cents
        shares[leg.line_id] -= leg.cents if leg.reason == PROVISIONAL else 0
    owed = _ledger.buckets(session, list(moved))
    held = _ledger.provisional_shares(session, list(moved), party)
    if any(owed[n].get(party, 0) < moved[n] or held[n] < shares[n] for n in moved):
        raise Refused(
            "exceeds_open_balance",
            "The payer no longer owes all of it. Take back what came after first.",
        )
    return party


def _checked(session: Session, command: InsuranceFound) -> tuple[Encounter, Policy]:
    visit = session.get(Encounter, command.encounter_id)
    policy = session.scalar(
        select(Policy).join(Party, Party.policy_id == Policy.id).where(Party.id == command.party_id)
    )
    if visit is None or policy is None:
        raise NotFound("This visit or policy is no longer there. Refresh the page.")
    if policy.patient_id != visit.patient_id:
        raise Refused("wrong_patient", "This policy belongs to another patient.")
    if visit.status != "posted":
        raise Refused("charges_not_posted", "Post the charges of this visit first.")
    _fees.check_no_fee(session, [visit.id])
    return visit, policy


def _lines(session: Session, encounter_id: int) -> list[ChargeLine]:
    query = select(ChargeLine).where(ChargeLine.encounter_id == encounter_id)
    return list(session.scalars(query.order_by(ChargeLine.position, ChargeLine.id)))


def _legs(session: Session, lines: list[ChargeLine], party: int) -> tuple[list[Leg], int, int]:
    """Legs, what passes to the payer, and what of it is provisionally the patient's (cents)."""
    keys = [line.id for line in lines]
    owed = _ledger.buckets(session, keys)
    paid = _patient_paid(session, keys)
    legs: list[Leg] = []
    passed = provisional = 0
    for key in keys:
        rest, already = owed[key].get(PATIENT_PARTY, 0), paid.get(key, 0)
        # A credit of the patient is money of his beyond the charge: it stays a credit.
        share = max(already + min(rest, 0), 0)
        whole = max(rest, 0) + share
        legs += move(key, PATIENT_PARTY, party, whole, reason="insurance_found")
        legs += move(key, party, PATIENT_PARTY, share, reason=PROVISIONAL)
        passed, provisional = passed + whole, provisional + share
    return legs, passed, provisional


def _patient_paid(session: Session, line_ids: list[int]) -> dict[int, int]:
    """Patients' money that stands on each line, less refunds and shares a payer holds (cents).

    A copay taken at the visit is provisional already; it is not released twice.
    """
    rows = session.execute(
        select(Posting.charge_line_id, -func.sum(Posting.amount_cents))
        .join(Payment, Payment.id == Posting.payment_id)
        .where(
            Posting.charge_line_id.in_(line_ids),
            Posting.account == str(Account.RECEIVABLE),
            Posting.party_id == PATIENT_PARTY,
            Posting.reason.is_(None),
            Payment.kind.in_(("patient", "refund")),
        )
        .group_by(Posting.charge_line_id)
    )
    held = _shares_held(session, line_ids)
    return {line: cents - held.get(line, 0) for line, cents in rows if line is not None}


def _shares_held(session: Session, line_ids: list[int]) -> dict[int | None, int]:
    """Provisional shares that no payer has released yet, by line (cents)."""
    rows = session.execute(
        select(Posting.charge_line_id, -func.sum(Posting.amount_cents))
        .where(
            Posting.charge_line_id.in_(line_ids),
            Posting.party_id != PATIENT_PARTY,
            Posting.reason == PROVISIONAL,
        )
        .group_by(Posting.charge_line_id)
    )
    return dict(rows.all())


def _claim_number(session: Session, encounter_id: int, policy_id: int) -> str:
    query = select(func.max(Claim.number)).where(
        Claim.encounter_id == encounter_id, Claim.policy_id == policy_id
    )
    return session.scalar(query) or ""
