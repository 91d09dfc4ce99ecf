"""Follow-up: what payers owe and have not paid, why, until when, and what was said about it.

The lists partition the insurers' part of the receivable (billing rules §6): every open bucket
stands in exactly one of them, under the newest claim over its line.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.findings import Finding
from app.models.books import LineBalance
from app.models.people import Party
from app.models.records import Note
from app.services import _follow_up_claim, _follow_up_credits, _follow_up_rows
from app.services._follow_up_rows import DENIED, UNSENT
from app.services.claim_forms import claim_of, patient_of
from app.services.desk import Desk
from app.services.follow_up_commands import (
    FollowedUp,
    FollowUpClaim,
    FollowUpLists,
    OpenRow,
)


class FollowUpService:
    """The work lists, one claim of them, and her notes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def worklists(self) -> FollowUpLists:
        """All four lists as of today, and the sum they must explain; eight queries."""
        today = self._desk.today
        with self._desk.read() as session:
            rows = _follow_up_rows.open_rows(session, today)
            return FollowUpLists(
                as_of=today,
                outstanding=_by_day([r for r in rows if r.status not in (*UNSENT, *DENIED)]),
                denials=_by_deadline([r for r in rows if r.status in DENIED]),
                unbilled=_by_service([r for r in rows if r.status in UNSENT]),
                credits=tuple(_follow_up_credits.credit_rows(session)),
                insurers_cents=_insurers(session),
                old_drafts=tuple(_follow_up_rows.old_drafts(session, today)),
            )

    def show(self, claim_id: int) -> FollowUpClaim:
        """A claim with everything a call about it needs.

        Raises:
            NotFound: no such claim.
        """
        with self._desk.read() as session:
            patient = patient_of(session, claim_of(session, claim_id))
        with self._desk.viewing(patient, "claim follow-up", "claim", claim_id) as session:
            claim = claim_of(session, claim_id)
            return _follow_up_claim.opened(session, claim, self._desk.today)

    def note(self, command: FollowedUp) -> int | None:
        """Writes a note on a claim and sets when to look again; returns the note's id.

        A note is never changed afterwards; the day may be. None when only the day was set.

        Raises:
            NotFound: no such claim.
            Invalid: neither words nor a day, or a day that is over.
        """
        text = command.text.strip()
        findings = []
        if not text and command.next_on is None:
            findings.append(Finding("text", "Write what was said, or type the next day."))
        if command.next_on is not None and command.next_on < self._desk.today:
            findings.append(Finding("next_on", "The next day must not be over; try +14."))
        if findings:
            raise Invalid(findings)
        with self._desk.write() as session:
            return self._keep(session, command.claim_id, text, command.next_on)

    def _keep(self, session: Session, claim_id: int, text: str, next_on: date | None) -> int | None:
        claim = claim_of(session, claim_id)
        patient = patient_of(session, claim)
        if next_on is not None:
            claim.follow_up_on = next_on
        note = None
        if text:
            note = Note(
                claim_id=claim.id,
                patient_id=patient,
                at=self._desk.clock.now(),
                user_id=self._desk.user_id,
                text=text,
            )
            session.add(note)
            session.flush()
        self._desk.audit(session, "follow up claim", patient, "claim", claim.id)
        return note.id if note else None


def _insurers(session: Session) -> int:
    query = (
        select(func.coalesce(func.sum(LineBalance.amount_cents), 0))
        .join(Party, Party.id == LineBalance.party_id)
        .where(Party.policy_id.is_not(None))
    )
    return session.scalar(query) or 0


def _by_day(rows: list[OpenRow]) -> tuple[OpenRow, ...]:
    """By the day to look at it again, the larger amount first on the same day."""
    return tuple(sorted(rows, key=lambda r: (r.follow_up_on or date.min, -r.open_cents, r.number)))


def _by_deadline(rows: list[OpenRow]) -> tuple[OpenRow, ...]:
    return tuple(
        sorted(rows, key=lambda r: (r.appeal_by or r.file_by or date.max, -r.open_cents, r.number))
    )


def _by_service(rows: list[OpenRow]) -> tuple[OpenRow, ...]:
    return tuple(sorted(rows, key=lambda r: (r.file_by or date.max, r.service_date, r.key)))
