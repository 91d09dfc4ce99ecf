"""Posting an insurer's decision on a claim, line by line, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import posting
from app.domain.books import PATIENT_PARTY, Account, Disposition, Leg
from app.domain.claim_form import PayerType
from app.domain.errors import NotFound, Refused
from app.domain.posting_policy import PayerFacts, check_patient_may_owe
from app.models.books import Eob, EobAdjustment, EobLine, Payment
from app.models.people import Party, Patient, Payer, Policy
from app.models.visits import ChargeLine, Claim, Encounter
from app.services import _claim_making, _claim_state, _ledger, _payments
from app.services.desk import Desk
from app.services.payment_commands import EobPosted, PostEob, ReverseEob


@dataclass(frozen=True, slots=True)
class _Case:
    """What is known about the claim being decided."""

    claim: Claim
    patient_id: int
    payer_id: int
    party: int
    facts: PayerFacts


class EobService:
    """Post and reverse EOBs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def post_eob(self, command: PostEob) -> EobPosted:
        """Posts one claim's EOB in one transaction: books, status, release of the next payer.

        Raises:
            Refused: with the rule's code; nothing is posted.
        """
        with self._desk.write() as session:
            check = self._check(session, command)
            case = self._case(session, command.claim_id)
            self._check_may_post(session, case, check)
            legs = self._legs(session, command, case)
            self._check_unapplied(session, command, check, legs)
            on = command.accounting_date or self._desk.today
            legs = [_addressed(leg, check.id, case) for leg in legs]
            journal = (
                _ledger.post(session, self._desk, "eob", legs, accounting_date=on) if legs else None
            )
            eob = self._record(session, command, case, journal, on)
            return self._settle(session, command, case, eob, legs)

    def _check(self, session: Session, command: PostEob) -> Payment:
        if command.from_unapplied:
            return _payments.payment(session, command.payment_id)
        return _payments.open_payment(session, command.payment_id)

    def _case(self, session: Session, claim_id: int) -> _Case:
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
        facts = PayerFacts(
            PayerType(payer.type), payer.contracted, payer.nsa_protected, patient.qmb
        )
        return _Case(claim, patient.id, payer.id, party, facts)

    def _check_may_post(self, session: Session, case: _Case, check: Payment) -> None:
        _check_same_payer(check, case)
        lines = _claim_state.line_ids(session, case.claim.id)
        _claim_making.check_earlier_payers(session, case.claim, lines)
        if case.claim.status not in _claim_state.SUBMITTED:
            raise Refused(
                "claim_not_submitted",
                f"Claim {case.claim.number} is {case.claim.status}; an EOB belongs to a claim that "
                "was sent.",
            )

    def _legs(self, session: Session, command: PostEob, case: _Case) -> list[Leg]:
        on_claim = set(_claim_state.line_ids(session, case.claim.id))
        if not command.lines or {line.line_id for line in command.lines} - on_claim:
            raise Refused("line_not_on_claim", "A line of this EOB is not on the claim.")
        if len({line.line_id for line in command.lines}) < len(command.lines):
            raise Refused("line_twice", "A line stands on this EOB twice. Enter it once.")
        states = self._states(session, case, [line.line_id for line in command.lines])
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

    def _states(
        self, session: Session, case: _Case, lines: list[int]
    ) -> dict[int, posting.LineState]:
        buckets = _ledger.buckets(session, lines)
        shares = _ledger.provisional_shares(session, lines, case.party)
        same_payer = session.scalars(
            select(Claim.id).where(
                Claim.encounter_id == case.claim.encounter_id,
                Claim.policy_id == case.claim.policy_id,
            )
        )
        decided = {
            row.charge_line_id
            for _, row in _claim_state.standing_eob_lines(session, list(same_payer))
        }
        charges = session.execute(
            select(ChargeLine.id, ChargeLine.charge_cents).where(ChargeLine.id.in_(lines))
        )
        return {
            line_id: posting.LineState(
                charge, buckets[line_id], shares[line_id], line_id in decided
            )
            for line_id, charge in charges
        }

    def _check_unapplied(
        self, session: Session, command: PostEob, check: Payment, legs: list[Leg]
    ) -> None:
        if command.from_unapplied:
            wanted = sum(leg.cents for leg in legs if leg.account is Account.UNAPPLIED)
            _payments.check_unapplied(session, check, wanted, "exceeds_unapplied")

    def _record(
        self, session: Session, command: PostEob, case: _Case, journal: int | None, on: date
    ) -> Eob:
        eob = Eob(
            payment_id=command.payment_id,
            claim_id=case.claim.id,
            journal_id=journal,
            posted_at=self._desk.clock.now(),
            accounting_date=on,
            from_unapplied=command.from_unapplied,
            remarks=" ".join(command.remarks) or None,
            payer_claim_number=command.payer_claim_number or None,
            status_before=case.claim.status,
        )
        session.add(eob)
        session.flush()
        for line in command.lines:
            _record_line(session, eob.id, line)
        session.flush()
        return eob

    def _settle(
        self, session: Session, command: PostEob, case: _Case, eob: Eob, legs: list[Leg]
    ) -> EobPosted:
        claim = case.claim
        if command.payer_claim_number:
            claim.payer_claim_number = command.payer_claim_number
        status = _claim_state.decide_status(session, claim)
        _claim_state.set_status(
            session, self._desk, claim, status, f"EOB posted (entry {eob.id})", eob.accounting_date
        )
        crossover = bool(_claim_state.CROSSOVER_REMARKS & set(command.remarks))
        released = _claim_state.release_later_claims(
            session, self._desk, claim, crossover, eob.accounting_date
        )
        self._desk.audit(session, "post eob", case.patient_id, "eob", eob.id)
        session.flush()
        return EobPosted(
            eob_id=eob.id,
            claim_status=status,
            paid_cents=sum(line.paid for line in command.lines),
            written_off_cents=sum(leg.cents for leg in legs if leg.account is Account.ADJUSTMENT),
            moved=_moved(session, command),
            released_claims=tuple(c.number for c in released),
            flags=_flags(session, case, command),
        )

    def reverse_eob(self, command: ReverseEob) -> None:
        """Mirrors every leg of an EOB on a check; the payer owes again (billing rules §3.4).

        Raises:
            Refused: ``already_reversed``, ``closed_check``, ``reversal_not_reversible``.
        """
        with self._desk.write() as session:
            check = _payments.open_payment(session, command.payment_id)
            eob = session.get(Eob, command.eob_id)
            if eob is None:
                raise NotFound("This EOB is no longer there. Refresh the list.")
            _check_reversible(session, eob)
            case = self._case(session, eob.claim_id)
            _check_same_payer(check, case)
            on = command.accounting_date or self._desk.today
            journal = self._mirror(session, eob, check, on) if eob.journal_id else None
            session.add(self._reversal(eob, check, journal, on, case.claim.status))
            session.flush()
            status = command.claim_status_after or (
                case.claim.status
                if case.claim.status in ("replaced", "voided")
                else _claim_state.decide_status(session, case.claim)
            )
            note = f"EOB reversed (entry {eob.id})"
            _claim_state.set_status(session, self._desk, case.claim, status, note, on)
            _claim_state.hold_later_claims(session, self._desk, case.claim, on)
            self._desk.audit(session, "reverse eob", case.patient_id, "eob", eob.id)

    def _mirror(self, session: Session, eob: Eob, check: Payment, on: date) -> int:
        legs = [
            replace(
                leg,
                cents=-leg.cents,
                payment_id=leg.payment_id if leg.account is Account.UNAPPLIED else check.id,
            )
            for leg in _ledger.legs_of(session, eob.journal_id or 0)
        ]
        return _ledger.post(
            session, self._desk, "reversal", legs, accounting_date=on, reverses_id=eob.journal_id
        )

    def _reversal(
        self, eob: Eob, check: Payment, journal: int | None, on: date, status: str
    ) -> Eob:
        return Eob(
            payment_id=check.id,
            claim_id=eob.claim_id,
            journal_id=journal,
            reverses_id=eob.id,
            posted_at=self._desk.clock.now(),
            accounting_date=on,
            status_before=status,
        )


def _check_same_payer(check: Payment, case: _Case) -> None:
    if check.payer_id != case.payer_id:
        raise Refused("wrong_payer", "This check is of another payer than the claim was sent to.")


def _addressed(leg: Leg, payment_id: int, case: _Case) -> Leg:
    return replace(leg, payment_id=payment_id, payer_id=case.payer_id, claim_id=case.claim.id)


def _record_line(session: Session, eob_id: int, line: posting.EobLine) -> None:
    row = EobLine(
        eob_id=eob_id,
        charge_line_id=line.line_id,
        billed_cents=line.billed,
        allowed_cents=line.allowed,
        paid_cents=line.paid,
    )
    session.add(row)
    session.flush()
    session.add_all(
        EobAdjustment(
            eob_line_id=row.id,
            group_code=a.group,
            carc=a.carc,
            rarc=a.rarc or None,
            amount_cents=a.cents,
            disposition=str(a.disposition),
            to_party_id=a.to_party,
        )
        for a in line.adjustments
    )


def _moved(session: Session, command: PostEob) -> tuple[tuple[str, int], ...]:
    totals: dict[int, int] = {}
    for line in command.lines:
        for a in line.adjustments:
            if a.disposition is Disposition.TRANSFER and a.to_party is not None:
                totals[a.to_party] = totals.get(a.to_party, 0) + a.cents
    names = dict(
        session.execute(
            select(Party.id, Payer.name)
            .outerjoin(Policy, Policy.id == Party.policy_id)
            .outerjoin(Payer, Payer.id == Policy.payer_id)
            .where(Party.id.in_(totals))
        ).all()
    )
    return tuple((names.get(party) or "patient", cents) for party, cents in totals.items() if cents)


def _flags(session: Session, case: _Case, command: PostEob) -> tuple[str, ...]:
    buckets = _ledger.buckets(session, [line.line_id for line in command.lines])
    credit = any(b.get(case.party, 0) < 0 for b in buckets.values())
    return ("payer_credit",) if credit else ()


def _check_reversible(session: Session, eob: Eob) -> None:
    if eob.reverses_id is not None:
        raise Refused("reversal_not_reversible", "A reversal is not reversed; post the EOB again.")
    if session.scalar(select(Eob.id).where(Eob.reverses_id == eob.id)) is not None:
        raise Refused("already_reversed", "This EOB was already reversed.")
