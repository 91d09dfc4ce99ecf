"""The acts of a claim's life: good or spoiled, let pass, sent again, and her own word on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.models.visits import ChargeLine, Claim
from app.services import (
    _claim_making,
    _claim_printing,
    _claim_rows,
    _claim_state,
    _fees,
    _scrubbing,
)
from app.services.claim_commands import NewClaim, PassEdit
from app.services.claim_forms import ClaimForms, claim_of, patient_of

# From which states a claim may go to which, by her own word (billing rules §2.2).
_BY_HAND = {
    "accepted": ("submitted",),
    "rejected": ("submitted", "accepted"),
    "appealed": ("denied", "partially_paid"),
    "denied": ("appealed",),
    "held": ("ready",),
    "ready": ("held",),
}


class ClaimLife(ClaimForms):
    """What happens to a claim besides printing; only used as a part of ``ClaimService``."""

    def confirm_printed(self, claim_ids: Sequence[int], on: date | None = None) -> None:
        """Her word that the sheets are good: the claims are out, follow-up dates are set."""
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = claim_of(session, claim_id)
                if claim.status != "printed":
                    raise Refused("claim_not_printed", f"Claim {claim.number} is not printed yet.")
                day = on or self._desk.today
                _claim_state.mark_submitted(session, self._desk, claim, day, "sheet is good")
                self._settle_replaced(session, claim)
                patient = patient_of(session, claim)
                self._desk.audit(session, "confirm claim", patient, "claim", claim.id)

    def unprint(self, claim_ids: Sequence[int], why: str = "sheet was spoiled") -> None:
        """The sheet was spoiled: the claims are ready again; what was printed stays on record."""
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = claim_of(session, claim_id)
                if claim.status != "printed":
                    raise Refused("claim_not_printed", f"Claim {claim.number} is not printed yet.")
                _claim_state.set_status(session, self._desk, claim, "ready", why)
                patient = patient_of(session, claim)
                self._desk.audit(session, "unprint claim", patient, "claim", claim.id)

    def _settle_replaced(self, session: Session, claim: Claim) -> None:
        if claim.replaces_id is None:
            return
        earlier = claim_of(session, claim.replaces_id)
        if earlier.status == "closed":  # it had been rejected and was closed by this one
            return
        to = "voided" if claim.frequency == "8" else "replaced"
        _claim_state.set_status(session, self._desk, earlier, to, f"by claim {claim.number}")

    def let_pass(self, command: PassEdit) -> int:
        """Errors of an edit go out as they are, for the reason given; answers how many.

        Raises:
            Invalid: no reason is given.
            NotFound: nothing of the kind stands on the claim now.
            Refused: ``claim_is_out``, ``cannot_be_overridden``.
        """
        with self._desk.write() as session:
            claim = claim_of(session, command.claim_id)
            if claim.status not in ("ready", "held"):
                raise Refused("claim_is_out", "This claim is printed; nothing is checked any more.")
            judged = _claim_printing.judge(session, claim, self._desk.today, self._tables)
            count = _scrubbing.override(session, self._desk, claim, command, judged.checks)
            patient = patient_of(session, claim)
            detail = f"{command.edit_id}: {command.reason.strip()}"
            self._desk.audit(session, "let edit pass", patient, "claim", claim.id, detail)
            return count

    def new_claim(self, command: NewClaim) -> int:
        """Makes a corrected, void or fresh claim; it starts ready.

        Raises:
            Invalid: the policy or a line is not of this encounter's patient.
            Refused: ``no_original_reference`` for a 7 or 8 without the payer's claim number;
                ``policy:fee_never_on_claim``.
        """
        if command.frequency in ("7", "8") and not command.original_reference.strip():
            raise Refused(
                "no_original_reference",
                "A corrected or void claim needs the payer's own claim number (box 22).",
            )
        with self._desk.write() as session:
            _fees.check_no_fee(session, [command.encounter_id])
            lines = self._lines_for(session, command)
            _claim_making.check_parts(session, command, lines)
            rank = _claim_rows.rank_of(session, command.encounter_id, command.policy_id)
            claim = Claim(
                number=_claim_making.next_number(session, command.encounter_id, rank),
                encounter_id=command.encounter_id,
                policy_id=command.policy_id,
                rank=rank,
                status="ready",
                frequency=command.frequency,
                replaces_id=command.replaces_id,
                original_reference=command.original_reference.strip() or None,
                created_at=self._desk.clock.now(),
            )
            _claim_making.check_earlier_payers(session, claim, lines)
            _claim_making.cover(session, command.encounter_id, command.policy_id, rank)
            key = _claim_making.keep(session, self._desk, claim, lines, "made by hand")
            self._close_rejected(session, claim)
            self._desk.audit(session, "new claim", patient_of(session, claim), "claim", key)
            return key

    def _close_rejected(self, session: Session, claim: Claim) -> None:
        """A claim never decided on goes out again as a new one, which closes it (§2.2)."""
        earlier = claim_of(session, claim.replaces_id) if claim.replaces_id else None
        if earlier is not None and earlier.status == "rejected":
            earlier.follow_up_on = None
            note = f"goes out again as claim {claim.number}"
            _claim_state.set_status(session, self._desk, earlier, "closed", note)

    def _lines_for(self, session: Session, command: NewClaim) -> list[int]:
        if command.line_ids is not None:
            return list(command.line_ids)
        if command.replaces_id is not None:
            return _claim_state.line_ids(session, command.replaces_id)
        query = select(ChargeLine.id).where(ChargeLine.encounter_id == command.encounter_id)
        return list(session.scalars(query))

    def set_status(self, claim_id: int, to: str, note: str = "") -> None:
        """Her own word on a claim: accepted, rejected, appealed, decided, held, ready.

        Raises:
            Refused: ``status_not_possible`` from where the claim stands.
        """
        with self._desk.write() as session:
            claim = claim_of(session, claim_id)
            if claim.status not in _BY_HAND.get(to, ()):
                raise Refused(
                    "status_not_possible", f"A claim that is {claim.status} cannot become {to}."
                )
            if to == "ready":
                lines = _claim_state.line_ids(session, claim.id)
                _claim_making.check_earlier_payers(session, claim, lines)
            claim.hold_reason = note or None if to == "held" else None
            _claim_state.set_status(session, self._desk, claim, to, note)
            self._desk.audit(session, f"claim {to}", patient_of(session, claim), "claim", claim.id)
