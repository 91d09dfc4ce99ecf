"""What the EOB grid needs: which claim, its open lines, what is posted on a check so far."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.books import Disposition
from app.domain.dates import parse_date
from app.domain.errors import NotFound
from app.models.books import ReasonRule
from app.models.people import Patient, Policy
from app.models.visits import Claim, Encounter
from app.services import _claim_state, _claims_to_post, _posting_rows
from app.services.desk import Desk
from app.services.posting_commands import (
    ClaimToPost,
    PostedClaim,
    PostingClaim,
    Reason,
)

MOST_CLAIMS = 100  # opened at once in one grid


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
        """A claim with its lines in the order of the paper; the look is audited.

        Raises:
            NotFound: no such claim.
        """
        (claim,) = self._opened([claim_id]) or (None,)
        if claim is None:
            raise NotFound("This claim is no longer there. Refresh the list.")
        return claim

    def open_claims(self, payer_id: int, most: int = MOST_CLAIMS) -> tuple[PostingClaim, ...]:
        """All sent claims of a payer with something open, by patient; the looks are audited.

        More than ``most`` are not opened at once: the oldest come first.
        """
        with self._desk.read() as session:
            wanted = _claims_to_post.open_claims_of(session, payer_id, most)
        return self._opened(wanted)

    def _opened(self, claim_ids: Sequence[int]) -> tuple[PostingClaim, ...]:
        with self._desk.write() as session:
            claims = _claims_to_post.opened(session, claim_ids)
            for claim in claims:
                self._desk.audit(
                    session, "view claim to post", claim.patient_id, "claim", claim.claim_id
                )
            return claims

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
