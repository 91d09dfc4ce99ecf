"""Inner functions: one EOB posted, taken back or put back, in somebody's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import posting
from app.domain.books import PATIENT_PARTY, Account, Leg
from app.domain.claim_form import PayerType
from app.domain.errors import NotFound, Refused
from app.domain.posting_policy import PayerFacts, check_patient_may_owe
from app.models.books import Eob, Payment
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import (
    _claim_making,
    _claim_state,
    _eob_layout,
    _eob_rows,
    _ledger,
    _payments,
    _transfer_rules,
)
from app.services.desk import Desk
from app.services.payment_commands import EobPosted, PostEob


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about the claim being decided."""

    claim: Claim
    patient_id: int
    payer_id: int
    party: int
    facts: PayerFacts


def post(session: Session, desk: Desk, command: PostEob, check: Payment) -> EobPosted:
    """Posts one claim's EOB on a check: books, status, release of the next payer.

    Raises:
        Refused: with the rule's code.
    """
    command = _eob_layout.laid_out(session, command)
    case = _case(session, command.claim_id)
    _check_may_post(session, case, check)
    legs = _legs(session, command, case)
    _check_unapplied(session, command, check, legs)
    on = command.accounting_date or desk.today
    legs = [_addressed(leg, check.id, case) for leg in legs]
    journal = _ledger.post(session, desk, "eob", legs, accounting_date=on) if legs else None
    eob = _eob_rows.record(session, desk, command, case.claim.status, journal, on)
    return _settle(session, desk, command, case, eob, legs)


def _case(session: Session, claim_id: int) -> Case:
    row = session.execute(
        select(Claim, Patient, Payer, Party.id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(Patient, Patient.id == Encounter.patient_id)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Payer, Payer.id == Policy.payer_id)
        .join(Party, Party.policy_id == Policy.id)
        .where(Claim.id == claim_id)
    ).one_or_none()
    if row is None:
        raise NotFound("This claim is no longer there. Refresh the list.")
    claim, patient, payer, party = row
    facts = PayerFacts(PayerType(payer.type), payer.contracted, payer.nsa_protected, patient.qmb)
    return Case(claim, patient.id, payer.id, party, facts)


def _check_may_post(session: Session, case: Case, check: Payment) -> None:
    _check_same_payer(check, case)
    lines = _claim_state.line_ids(session, case.claim.id)
    _claim_making.check_earlier_payers(session, case.claim, lines)
    if case.claim.status not in _claim_state.SUBMITTED:
        raise Refused(
            "claim_not_submitted",
            f"Claim {case.claim.number} is {case.claim.status}; an EOB belongs to a claim that "
            "was sent.",
        )


def _legs(session: Session, command: PostEob, case: Case) -> list[Leg]:
    on_claim = set(_claim_state.line_ids(session, case.claim.id))
    if not command.lines or {line.line_id for line in command.lines} - on_claim:
        raise Refused("line_not_on_claim", "A line of this EOB is not on the claim.")
    if len({line.line_id for line in command.lines}) < len(command.lines):
        raise Refused("line_twice", "A line stands on this EOB twice. Enter it once.")
    states = _states(session, case, [line.line_id for line in command.lines])
    for party in {a.to_party for line in command.lines for a in line.adjustments if a.to_party}:
        _transfer_rules.check_own_policy(session, [case.claim.encounter_id], party)
    legs: list[Leg] = []
    for line in command.lines:
        for adjustment in line.adjustments:
            if adjustment.to_party == PATIENT_PARTY:
                check_patient_may_owe(adjustment, case.facts)
        legs += posting.eob_line_legs(
            line,
            states[line.line_id],
            payer=case.party,
            patient=PATIENT_PARTY,
            from_unapplied=command.from_unapplied,
        )
    return legs


def _states(session: Session, case: Case, lines: list[int]) -> dict[int, posting.LineState]:
    buckets = _ledger.buckets(session, lines)
    shares = _ledger.provisional_shares(session, lines, case.party)
    same_payer = session.scalars(
        select(Claim.id).where(
            Claim.encounter_id == case.claim.encounter_id,
            Claim.policy_id == case.claim.policy_id,
        )
    )
    decided = {
        row.charge_line_id for _, row in _claim_state.standing_eob_lines(session, list(same_payer))
    }
    charges = session.execute(
        select(ChargeLine.id, ChargeLine.charge_cents).where(ChargeLine.id.in_(lines))
    )
    return {
        line_id: posting.LineState(charge, buckets[line_id], shares[line_id], line_id in decided)
        for line_id, charge in charges
    }


def _check_unapplied(session: Session, command: PostEob, check: Payment, legs: list[Leg]) -> None:
    if command.from_unapplied:
        wanted = sum(leg.cents for leg in legs if leg.account is Account.UNAPPLIED)
        _payments.check_unapplied(session, check, wanted, "exceeds_unapplied")


def _settle(
    session: Session, desk: Desk, command: PostEob, case: Case, eob: Eob, legs: list[Leg]
) -> EobPosted:
    claim = case.claim
    if command.payer_claim_number:
        claim.payer_claim_number = command.payer_claim_number
    status = _claim_state.decide_status(session, claim)
    _claim_state.set_status(
        session, desk, claim, status, f"EOB posted (entry {eob.id})", eob.accounting_date
    )
    crossover = bool(_claim_state.CROSSOVER_REMARKS & set(command.remarks))
    released = _claim_state.release_later_claims(
        session, desk, claim, crossover, eob.accounting_date
    )
    desk.audit(session, "post eob", case.patient_id, "eob", eob.id)
    session.flush()
    return EobPosted(
        eob_id=eob.id,
        claim_status=status,
        paid_cents=sum(line.paid for line in command.lines),
        written_off_cents=sum(leg.cents for leg in legs if leg.account is Account.ADJUSTMENT),
        moved=_eob_rows.moved(session, command),
        released_claims=tuple(c.number for c in released),
        flags=_flags(session, case, command),
    )


def reverse(
    session: Session,
    desk: Desk,
    eob: Eob,
    check: Payment,
    on: date,
    status_after: str | None = None,
) -> Eob:
    """Mirrors every leg of an EOB on a check; the payer owes again (billing rules §3.4).

    Raises:
        Refused: ``already_reversed``, ``reversal_not_reversible``, ``wrong_payer``.
    """
    _check_reversible(session, eob)
    case = _case(session, eob.claim_id)
    _check_same_payer(check, case)
    journal = _mirror(session, desk, eob, check, on) if eob.journal_id else None
    row = _eob_rows.record_reversal(session, desk, eob, check.id, journal, on, case.claim.status)
    status = status_after or (
        case.claim.status
        if case.claim.status in ("replaced", "voided")
        else _claim_state.decide_status(session, case.claim)
    )
    note = f"EOB reversed (entry {eob.id})"
    _claim_state.set_status(session, desk, case.claim, status, note, on)
    _claim_state.hold_later_claims(session, desk, case.claim, on)
    desk.audit(session, "reverse eob", case.patient_id, "eob", eob.id)
    return row


def put_back(
    session: Session, desk: Desk, eob: Eob, legs: Sequence[Leg], check: Payment, on: date
) -> Eob:
    """Posts an EOB that had been taken back once more on a check, as it was.

    ``legs`` are those of the first time, addressed to ``check``.
    """
    case = _case(session, eob.claim_id)
    journal = _ledger.post(session, desk, "eob", legs, accounting_date=on) if legs else None
    again = _eob_rows.record_again(session, desk, eob, check.id, journal, on)
    status = _claim_state.decide_status(session, case.claim)
    note = f"EOB put back (entry {eob.id})"
    _claim_state.set_status(session, desk, case.claim, status, note, on)
    _claim_state.release_later_claims(session, desk, case.claim, crossover=False, on=on)
    desk.audit(session, "post eob", case.patient_id, "eob", again.id)
    return again


def _mirror(session: Session, desk: Desk, eob: Eob, check: Payment, on: date) -> int:
    legs = [
        replace(
            leg,
            cents=-leg.cents,
            payment_id=leg.payment_id if leg.account is Account.UNAPPLIED else check.id,
        )
        for leg in _ledger.legs_of(session, eob.journal_id or 0)
    ]
    return _ledger.post(
        session, desk, "reversal", legs, accounting_date=on, reverses_id=eob.journal_id
    )


def _check_same_payer(check: Payment, case: Case) -> None:
    if check.payer_id != case.payer_id:
        raise Refused("wrong_payer", "This check is of another payer than the claim was sent to.")


def _addressed(leg: Leg, payment_id: int, case: Case) -> Leg:
    return replace(leg, payment_id=payment_id, payer_id=case.payer_id, claim_id=case.claim.id)


def _flags(session: Session, case: Case, command: PostEob) -> tuple[str, ...]:
    buckets = _ledger.buckets(session, [line.line_id for line in command.lines])
    credit = any(b.get(case.party, 0) < 0 for b in buckets.values())
    return ("payer_credit",) if credit else ()


def _check_reversible(session: Session, eob: Eob) -> None:
    if eob.reverses_id is not None:
        raise Refused("reversal_not_reversible", "A reversal is not reversed; post the EOB again.")
    if session.scalar(select(Eob.id).where(Eob.reverses_id == eob.id)) is not None:
        raise Refused("already_reversed", "This EOB was already reversed.")
