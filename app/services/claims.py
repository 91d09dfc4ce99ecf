"""Claims: shown as they would print, printed and frozen, confirmed, followed through their life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import Refused
from app.domain.print_ops import SheetOps
from app.models.people import User
from app.models.visits import ChargeLine, Claim, ClaimEvent, ClaimVersion
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.drawing import claim_sheets
from app.printing.pdf import claim_pdf, sheets_pdf
from app.printing.print_image import print_image
from app.services import _claim_boxes, _claim_making, _claim_printing, _claim_rows, _claim_state
from app.services.claim_commands import (
    ClaimLineRow,
    ClaimRow,
    ClaimStep,
    ClaimView,
    NewClaim,
    PrintedBatch,
    PrintedImage,
    Reprint,
)
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


class ClaimService(ClaimForms):
    """Everything a claim goes through, except the posting of its EOB."""

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
            patient_id = patient_of(session, claim_of(session, claim_id))
        with self._desk.viewing(patient_id, "claim", "claim", claim_id) as session:
            claim = claim_of(session, claim_id)
            form = self._form(session, claim)
            pages = lay_out(form)
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
                boxes=_claim_boxes.box_views(session, claim, form, pages),
                lines=tuple(
                    ClaimLineRow(n.line_id, n.code, " ".join(n.modifiers), n.charge_cents)
                    for n in form.lines
                ),
            )

    def print_claims(
        self, claim_ids: Sequence[int], *, whole_form: bool | None = False
    ) -> PrintedBatch:
        """Freezes and prints ready claims in the order given; they await her word that it is good.

        Args:
            claim_ids: the claims.
            whole_form: False for red stock, True for our drawing on plain paper, None for
                whichever each payer takes.

        Raises:
            Invalid: a claim has errors that would print wrong; nothing is printed.
            Refused: ``claim_not_ready``, ``policy:primary_not_adjudicated``.
        """
        batch = self.freeze(claim_ids, whole_form=whole_form)
        return replace(batch, pdf=self.sheets_pdf(batch.drawn))

    def freeze(self, claim_ids: Sequence[int], *, whole_form: bool | None = None) -> PrintedBatch:
        """``print_claims`` without the PDF of them all: a part of a long batch, in one go.

        Raises:
            Invalid, Refused: as ``print_claims``.
        """
        drawn: list[SheetOps] = []
        numbers, want_stock = [], []
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = claim_of(session, claim_id)
                pages, form, whole = self._freeze(session, claim, whole_form, "printed")
                drawn += claim_sheets(pages, whole_form=whole)
                numbers.append(claim.number)
                if whole and not form.rules.accepts_plain_paper:
                    want_stock.append(claim.number)
        return PrintedBatch(
            tuple(claim_ids), tuple(numbers), b"", len(drawn), tuple(drawn), tuple(want_stock)
        )

    def sheets_pdf(self, sheets: Sequence[SheetOps]) -> bytes:
        """One PDF of sheets that were handed out before; the books are not asked."""
        return sheets_pdf(sheets)

    def print_image(self, claim_ids: Sequence[int]) -> PrintedImage:
        """Freezes ready claims like printing does, and hands them out as plain text.

        Raises:
            Invalid, Refused: as ``print_claims``.
        """
        batch, numbers = [], []
        with self._desk.write() as session:
            for claim_id in claim_ids:
                claim = claim_of(session, claim_id)
                batch.append(self._freeze(session, claim, False, "print image")[0])
                numbers.append(claim.number)
        sheets = sum(len(pages.sheets) for pages in batch)
        content = print_image(batch).encode("ascii")
        return PrintedImage(tuple(claim_ids), tuple(numbers), content, sheets)

    def _freeze(
        self, session: Session, claim: Claim, whole_form: bool | None, note: str
    ) -> tuple[ClaimPages, ClaimForm, bool]:
        frozen = _claim_printing.freeze(session, self._desk, claim, whole_form)
        _claim_state.set_status(session, self._desk, claim, "printed", note)
        patient = patient_of(session, claim)
        self._desk.audit(session, "print claim", patient, "claim", claim.id)
        return frozen

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

    def reprint(self, claim_id: int, version: int | None = None) -> bytes:
        """The very bytes that were printed; the latest version unless one is named."""
        return self.reprint_sheets(claim_id, version).pdf

    def reprint_sheets(self, claim_id: int, version: int | None = None) -> Reprint:
        """What was printed, as PDF and, where it draws the very same today, as sheets.

        Raises:
            NotFound: the claim was never printed.
        """
        with self._desk.read() as session:
            patient_id = patient_of(session, claim_of(session, claim_id))
        with self._desk.viewing(patient_id, "claim sheet", "claim", claim_id) as session:
            return _claim_printing.reprint(_claim_printing.kept(session, claim_id, version))

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
