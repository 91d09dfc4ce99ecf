"""Claims: shown as they would print, printed and frozen, confirmed, followed through their life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.print_ops import SheetOps
from app.models.people import User
from app.models.visits import Claim, ClaimEvent, ClaimVersion
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.drawing import claim_sheets
from app.printing.pdf import claim_pdf, sheets_pdf
from app.printing.print_image import print_image
from app.services import (
    _claim_boxes,
    _claim_form,
    _claim_printing,
    _claim_rows,
    _claim_state,
    _scrubbing,
)
from app.services.claim_commands import (
    ClaimCheck,
    ClaimLineRow,
    ClaimRow,
    ClaimStep,
    ClaimView,
    PrintedBatch,
    PrintedImage,
    Reprint,
)
from app.services.claim_forms import claim_of, patient_of
from app.services.claim_life import ClaimLife


class ClaimService(ClaimLife):
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
            form, pages, checks = self._seen(session, claim)
            return ClaimView(
                row=_claim_rows.row(session, claim_id),
                picture_pdf=claim_pdf(pages, whole_form=True),
                sheets=len(pages.sheets),
                checks=checks,
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
                boxes=_claim_boxes.box_views(session, claim, form, pages, checks),
                lines=tuple(
                    ClaimLineRow(n.line_id, n.code, " ".join(n.modifiers), n.charge_cents)
                    for n in form.lines
                ),
            )

    def _seen(
        self, session: Session, claim: Claim
    ) -> tuple[ClaimForm, ClaimPages, tuple[ClaimCheck, ...]]:
        """A claim as it went out with what was found then, or as it would go today."""
        version = self._frozen(session, claim)
        if version is None:
            judged = _claim_printing.judge(session, claim, self._desk.today, self._tables)
            return judged.form, judged.pages, judged.checks
        form = _claim_form.from_json(version.form_json)
        return form, lay_out(form), _scrubbing.kept(session, version.id, claim.id)

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
        frozen = _claim_printing.freeze(session, self._desk, claim, whole_form, self._tables)
        _claim_state.set_status(session, self._desk, claim, "printed", note)
        patient = patient_of(session, claim)
        self._desk.audit(session, "print claim", patient, "claim", claim.id)
        return frozen

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
