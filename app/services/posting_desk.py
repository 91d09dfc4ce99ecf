"""What the EOB grid needs: which claim, its open lines, what is posted on a check so far."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.books import Disposition
from app.domain.dates import parse_date
from app.domain.errors import NotFound
from app.models.books import ReasonRule
from app.models.people import Patient, Payer, Policy
from app.models.visits import Claim, Encounter
from app.services import _claim_state, _posting_rows
from app.services.account import party_names
from app.services.desk import Desk
from app.services.posting_commands import (
    ClaimToPost,
    PostedClaim,
    PostingClaim,
    Reason,
)


class PostingDeskService:
    """Looks things up for posting; changes nothing but the reason table."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find_claims(self, payer_id: int, text: str, limit: int = 20) -> tuple[ClaimToPost, ...]:
        """Sent claims of a payer by account number, claim number, name, or name and date.

        Open ones first. An empty text lists the payer's open claims, oldest service first.
        """
        with self._desk.read() as session:
            query = _posting_rows.claims_query().where(
                Policy.payer_id == payer_id, Claim.status.in_(_claim_state.SUBMITTED)
            )
            for word in text.lower().split():
                query = query.where(self._word(word))
            rows = session.execute(query.limit(limit))
            return tuple(
                ClaimToPost(
                    claim_id=claim.id,
                    number=claim.number,
                    patient_name=f"{last}, {first}",
                    account_no=account,
                    service_date=day,
                    lines=lines,
                    open_cents=cents,
                )
                for claim, last, first, account, day, lines, cents in rows
            )

    def _word(self, word: str) -> ColumnElement[bool]:
        columns = (Patient.last, Patient.first, Patient.account_no, Claim.number)
        begins = or_(*(func.lower(c).startswith(word, autoescape=True) for c in columns))
        try:
            return or_(begins, Encounter.service_date == parse_date(word, self._desk.today))
        except ValueError:
            return begins

    def open_claim(self, claim_id: int) -> PostingClaim:
        """A claim with its lines in the order of the paper; the look is audited."""
        with self._desk.read() as session:
            patient_id = session.scalar(
                select(Encounter.patient_id)
                .join(Claim, Claim.encounter_id == Encounter.id)
                .where(Claim.id == claim_id)
            )
        if patient_id is None:
            raise NotFound("This claim is no longer there. Refresh the list.")
        with self._desk.viewing(patient_id, "claim to post", "claim", claim_id) as session:
            return self._posting_claim(session, claim_id)

    def _posting_claim(self, session: Session, claim_id: int) -> PostingClaim:
        claim, patient, policy, payer = session.execute(
            select(Claim, Patient, Policy, Payer)
            .join(Encounter, Encounter.id == Claim.encounter_id)
            .join(Patient, Patient.id == Encounter.patient_id)
            .join(Policy, Policy.id == Claim.policy_id)
            .join(Payer, Payer.id == Policy.payer_id)
            .where(Claim.id == claim_id)
        ).one()
        next_party = _posting_rows.next_party(session, claim)
        lines = _posting_rows.lines_to_post(session, claim, payer.contracted, next_party)
        return PostingClaim(
            claim_id=claim.id,
            number=claim.number,
            patient_id=patient.id,
            patient_name=f"{patient.last}, {patient.first}",
            member_id=policy.member_id,
            status=claim.status,
            next_name=party_names(session, patient.id)[next_party],
            lines=lines,
            provisional_cents=sum(line.entry.provisional for line in lines),
            payer_claim_number=claim.payer_claim_number or "",
            earlier=_posting_rows.earlier_eobs(session, claim.id),
        )

    def posted_on(self, payment_id: int) -> tuple[PostedClaim, ...]:
        """What stands on a check so far, in the order it was posted."""
        with self._desk.read() as session:
            rows = _posting_rows.eobs_on(session, payment_id)
            originals = [row.original for row in rows]
            sums = _posting_rows.eob_sums(session, originals)
            owed = _posting_rows.owed_by_claim(session, [row.claim_id for row in rows])
            return tuple(_posting_rows.posted(row, sums[row.original], owed) for row in rows)

    def reasons(self) -> tuple[Reason, ...]:
        """The practice's reason table."""
        query = select(ReasonRule).order_by(ReasonRule.group_code, ReasonRule.carc)
        with self._desk.read() as session:
            return tuple(
                Reason(r.group_code, r.carc, Disposition(r.disposition), r.wording)
                for r in session.scalars(query)
            )

    def save_reason(self, reason: Reason) -> None:
        """Changes what a reason does by default."""
        with self._desk.write() as session:
            session.merge(
                ReasonRule(
                    group_code=reason.group,
                    carc=reason.carc,
                    disposition=str(reason.disposition),
                    wording=reason.wording,
                )
            )
            detail = f"{reason.group}-{reason.carc} {reason.disposition}"
            self._desk.audit(session, "save reason", entity="reason_rule", detail=detail)
