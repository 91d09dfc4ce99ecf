"""The form side of a claim: the value it prints, its versions compared, its lines split."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_boxes import BoxChange, Edition
from app.domain.claim_form import ClaimForm
from app.domain.errors import NotFound
from app.models.visits import Claim, ClaimVersion, Encounter
from app.printing.boxes import differences
from app.printing.claim_pages import lay_out
from app.scrub.code_tables import CodeTables
from app.services import _claim_boxes, _claim_form
from app.services.desk import Desk


class ClaimForms:
    """What ``ClaimService`` does with the form as a value; only used as a part of it."""

    def __init__(self, desk: Desk, tables: CodeTables) -> None:
        self._desk, self._tables = desk, tables

    def form(self, claim_id: int) -> ClaimForm:
        """The claim as a value, as it stands or as it was printed."""
        with self._desk.viewing(self._whose(claim_id), "claim form", "claim", claim_id) as session:
            return self._form(session, claim_of(session, claim_id))

    def editions(self, claim_id: int) -> tuple[Edition, ...]:
        """With what the claim shown can be compared: its other sheets, the claim it replaces."""
        with self._desk.read() as session:
            return _claim_boxes.editions(session, claim_of(session, claim_id))

    def compare(self, claim_id: int, edition: str) -> tuple[BoxChange, ...]:
        """The boxes in which the claim shown differs from one of its editions; older text first.

        Raises:
            NotFound: that sheet was never printed.
        """
        with self._desk.viewing(
            self._whose(claim_id), "claim comparison", "claim", claim_id
        ) as session:
            claim = claim_of(session, claim_id)
            shown = lay_out(self._form(session, claim))
            kept = _claim_boxes.edition_form(session, claim, edition)
            if not kept:
                return differences(shown, lay_out(self._built(session, claim)))
            return differences(lay_out(_claim_form.from_json(kept)), shown)

    def split(self, claim_id: int, line_ids: Sequence[int]) -> int:
        """Moves charge lines of an unsent claim to a second claim; answers the second one's id.

        Later payers' claims of the same lines are split the same way.

        Raises:
            Refused: ``claim_is_out``, ``choose_some_lines``.
        """
        with self._desk.write() as session:
            claim = claim_of(session, claim_id)
            key = _claim_boxes.split(session, self._desk, claim, line_ids)
            patient = patient_of(session, claim)
            self._desk.audit(session, "split claim", patient, "claim", claim_id)
            return key

    def _whose(self, claim_id: int) -> int:
        with self._desk.read() as session:
            return patient_of(session, claim_of(session, claim_id))

    def _form(self, session: Session, claim: Claim) -> ClaimForm:
        """The form frozen at the last printing; built anew while the claim has not gone out."""
        version = self._frozen(session, claim)
        if version is not None:
            return _claim_form.from_json(version.form_json)
        return self._built(session, claim)

    def _frozen(self, session: Session, claim: Claim) -> ClaimVersion | None:
        """What was printed last; None while the claim has not gone out."""
        if claim.status in ("ready", "held"):
            return None
        query = select(ClaimVersion).where(ClaimVersion.claim_id == claim.id)
        return session.scalar(query.order_by(ClaimVersion.number.desc()).limit(1))

    def _built(self, session: Session, claim: Claim) -> ClaimForm:
        return _claim_form.build(session, claim, self._desk.today)


def claim_of(session: Session, claim_id: int) -> Claim:
    """A claim.

    Raises:
        NotFound: it is no longer there.
    """
    row = session.get(Claim, claim_id)
    if row is None:
        raise NotFound("This claim is no longer there. Refresh the list.")
    return row


def patient_of(session: Session, claim: Claim) -> int:
    """Id of the patient a claim is about."""
    query = select(Encounter.patient_id).where(Encounter.id == claim.encounter_id)
    return session.execute(query).scalar_one()
