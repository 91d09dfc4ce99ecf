"""Claims: shown as they would print, printed and frozen, confirmed, followed through their life."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.models.people import User
from app.models.visits import ChargeLine, Claim, ClaimEvent, ClaimVersion, Encounter
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.pdf import claim_pdf, claims_pdf
from app.services import _claim_form, _claim_making, _claim_rows, _claim_state
from app.services.claim_commands import ClaimRow, ClaimStep, ClaimView, NewClaim, PrintedBatch
from app.services.desk import Desk

# From which states a claim may go to which, by her own word (billing rules §2.2).
_BY_HAND = {
    "accepted": ("submitted",),
    "rejected": ("submitted", "accepted"),
    "appealed": ("denied", "partially_paid"),
    "denied": ("appealed",),
    "held": ("ready",),
    "ready": ("held",),
}


class ClaimService:
    """Everything a claim goes through, except the posting of its EOB."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list_claims(
        self,
        statuses: Sequence[str] = (),
        text: str = "",
        limit: int = 500,
        patient_id: int | None = None,
    ) -> tuple[ClaimRow, ...]:
        """Claims by status and beginnings of number, name or payer; newest service first."""
        with self._desk.read() as session:
            return _claim_rows.rows(session, statuses, text, limit, patient_id)

    def counts(self) -> dict[str, int]:
        """How many claims stand in each status."""
        with self._desk.read() as session:
            query = select(Claim.status, func.count()).group_by(Claim.status)
            return dict(session.execute(query).all())

    def show(self, claim_id: int) -> ClaimView:
        """A claim opened: as it was printed, or as it would print today."""
        with self._desk.read() as session:
            patient_id = _patient_id(session, _claim(session, claim_id))
        with self._desk.viewing(patient_id, "claim", "claim", claim_id) as session:
            claim = _claim(session, claim_id)
            pages = lay_out(self._form(session, claim))
            return ClaimView(
                row=_claim_rows.row(session, claim_id),
                picture_pdf=claim_pdf(pages, whole_form=True),
                sheets=len(pages.sheets),
                findings=pages.findings,
                steps=_steps(session, claim_id),
                versions=tuple(
                    session.scalars(
                        select(ClaimVersion.number)
                        .where(ClaimVersion.claim_id == claim_id)
                        .order_by(ClaimVersion.number)
                    )
                ),
                encounter_id=claim.encounter_id,
                policy_id=claim.policy_id,
                payer_claim_number=claim.payer_claim_number or "",
            )

    def _form(self, session: Session, claim: Claim) -> ClaimForm:
        """The form frozen at the last printing; built anew while the claim has not gone out."""
        if claim.status not in ("ready", "held"):
            kept = session.scalar(
                select(ClaimVersion.form_json)
                .where(ClaimVersion.claim_id == claim.id)
                .order_by(ClaimVersion.number.desc())
                .limit(1)
            )
            if kept is not None:
                return _claim_form.from_json(kept)
        return _claim_form.build(session, claim, self._desk.today)

    def form(self, claim_id: int) -> ClaimForm:
        """The claim as a value, as it stands or as it was printed."""
        with self._desk.read() as session:
            patient_id = _patient_id(session, _claim(session, claim_id))
        with self._desk.viewing(patient_id, "claim form", "claim", claim_id) as session:
            return self._form(session, _claim(session, claim_id))

    def print_claims(self, claim_ids: Sequence[int], *, whole_form: bool = False) -> PrintedBatch:
        """Freezes and prints ready claims in the order given; they await her word that it is good.

        Raises:
            Invalid: a claim has errors that would print wrong; nothing is printed.
            Refused: ``claim_not_ready``, ``policy:primary_not_adjudicated``.
        """
        with self._desk.write() as session:
            batch: list[ClaimPages] = []
            numbers = []
            for claim_id in claim_ids:
                claim = _claim(session, claim_id)
                batch.append(self._freeze(session, claim, whole_form))
                _claim_state.set_status(session, self._desk, claim, "printed", "printed")
                patient = _patient_id(session, claim)
                self._desk.audit(session, "print claim", patient, "claim", claim.id)
                numbers.append(claim.number)
            pdf = claims_pdf(batch, whole_form=whole_form)
            sheets = sum(len(pages.sheets) for pages in batch)
            return PrintedBatch(tuple(claim_ids), tuple(numbers), pdf, sheets)

    def _freeze(self, session: Session, claim: Claim, whole_form: bool) -> ClaimPages:
        if claim.status not in ("ready", "printed"):
            raise Refused(
                "claim_not_ready",
                f"Claim {claim.number} is {claim.status}. Only a ready claim is printed; a sent "
                "one is reprinted.",
            )
        lines = _claim_state.line_ids(session, claim.id)
        _claim_making.check_earlier_payers(session, claim, lines)
        form = _claim_form.build(session, claim, self._desk.today)
        pages = lay_out(form)
        errors = [f for f in pages.findings if f.severity is Severity.ERROR]
        if errors:
            raise Invalid(errors)
        pdf = claim_pdf(pages, whole_form=whole_form)
        last = session.scalar(
            select(func.max(ClaimVersion.number)).where(ClaimVersion.claim_id == claim.id)
        )
        session.add(
            ClaimVersion(
                claim_id=claim.id,
                number=(last or 0) + 1,
                form_json=_claim_form.to_json(form),
                pdf=pdf,
                sha256=hashlib.sha256(pdf).hexdigest(),
                sheets=len(pages.sheets),
                created_at=self._desk.clock.now(),
                user_id=self._desk.user_id,
            )
        )
        return pages

    def confirm_printed(self, claim_ids: Sequence[int], on: date | None = None) -> None:
        """Her word that the sheets are good: the claims are out, follow-up dates are set."""
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = _claim(session, claim_id)
                if claim.status != "printed":
                    raise Refused("claim_not_printed", f"Claim {claim.number} is not printed yet.")
                day = on or self._desk.today
                _claim_state.mark_submitted(session, self._desk, claim, day, "sheet is good")
                self._settle_replaced(session, claim)
                patient = _patient_id(session, claim)
                self._desk.audit(session, "confirm claim", patient, "claim", claim.id)

    def unprint(self, claim_ids: Sequence[int]) -> None:
        """The sheet was spoiled: the claims are ready again; what was printed stays on record."""
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = _claim(session, claim_id)
                if claim.status != "printed":
                    raise Refused("claim_not_printed", f"Claim {claim.number} is not printed yet.")
                _claim_state.set_status(session, self._desk, claim, "ready", "sheet was spoiled")
                patient = _patient_id(session, claim)
                self._desk.audit(session, "unprint claim", patient, "claim", claim.id)

    def _settle_replaced(self, session: Session, claim: Claim) -> None:
        if claim.replaces_id is None:
            return
        earlier = _claim(session, claim.replaces_id)
        to = "voided" if claim.frequency == "8" else "replaced"
        _claim_state.set_status(session, self._desk, earlier, to, f"by claim {claim.number}")

    def reprint(self, claim_id: int, version: int | None = None) -> bytes:
        """The very bytes that were printed; the latest version unless one is named."""
        with self._desk.read() as session:
            patient_id = _patient_id(session, _claim(session, claim_id))
        with self._desk.viewing(patient_id, "claim sheet", "claim", claim_id) as session:
            query = select(ClaimVersion.pdf).where(ClaimVersion.claim_id == claim_id)
            if version is not None:
                query = query.where(ClaimVersion.number == version)
            pdf = session.scalar(query.order_by(ClaimVersion.number.desc()).limit(1))
            if pdf is None:
                raise NotFound("This claim was never printed.")
            return pdf

    def new_claim(self, command: NewClaim) -> int:
        """Makes a corrected, void or fresh claim; it starts ready.

        Raises:
            Invalid: the policy or a line is not of this encounter's patient.
            Refused: ``no_original_reference`` for a 7 or 8 without the payer's claim number.
        """
        if command.frequency in ("7", "8") and not command.original_reference.strip():
            raise Refused(
                "no_original_reference",
                "A corrected or void claim needs the payer's own claim number (box 22).",
            )
        with self._desk.write() as session:
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
            self._desk.audit(session, "new claim", _patient_id(session, claim), "claim", key)
            return key

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
            claim = _claim(session, claim_id)
            if claim.status not in _BY_HAND.get(to, ()):
                raise Refused(
                    "status_not_possible", f"A claim that is {claim.status} cannot become {to}."
                )
            if to == "ready":
                lines = _claim_state.line_ids(session, claim.id)
                _claim_making.check_earlier_payers(session, claim, lines)
            claim.hold_reason = note or None if to == "held" else None
            _claim_state.set_status(session, self._desk, claim, to, note)
            self._desk.audit(session, f"claim {to}", _patient_id(session, claim), "claim", claim.id)


def _claim(session: Session, claim_id: int) -> Claim:
    row = session.get(Claim, claim_id)
    if row is None:
        raise NotFound("This claim is no longer there. Refresh the list.")
    return row


def _patient_id(session: Session, claim: Claim) -> int:
    query = select(Encounter.patient_id).where(Encounter.id == claim.encounter_id)
    return session.execute(query).scalar_one()


def _steps(session: Session, claim_id: int) -> tuple[ClaimStep, ...]:
    rows = session.execute(
        select(ClaimEvent, User.name)
        .join(User, User.id == ClaimEvent.user_id)
        .where(ClaimEvent.claim_id == claim_id)
        .order_by(ClaimEvent.id)
    )
    return tuple(
        ClaimStep(event.at, event.on_date, user, event.to_status, event.note or "")
        for event, user in rows
    )
