"""Inner functions: a claim is laid out, frozen with its PDF, and handed out as sheets or text."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Severity
from app.models.visits import Claim, ClaimVersion
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.drawing import claim_sheets
from app.printing.pdf import claim_pdf
from app.services import _claim_form, _claim_making, _claim_state
from app.services.claim_commands import Reprint
from app.services.desk import Desk


def freeze(
    session: Session, desk: Desk, claim: Claim, whole_form: bool | None
) -> tuple[ClaimPages, ClaimForm, bool]:
    """Keeps the claim as it prints now, and its PDF; answers pages, form and whether it was whole.

    ``whole_form`` None prints as the payer takes it: our drawing on plain paper where the payer
    says that it accepts that, data only for red stock everywhere else.

    Raises:
        Invalid: it has errors that would print wrong.
        Refused: ``claim_not_ready``, ``policy:primary_not_adjudicated``.
    """
    if claim.status not in ("ready", "printed"):
        raise Refused(
            "claim_not_ready",
            f"Claim {claim.number} is {claim.status}. Only a ready claim is printed; a sent "
            "one is reprinted.",
        )
    lines = _claim_state.line_ids(session, claim.id)
    _claim_making.check_earlier_payers(session, claim, lines)
    form = _claim_form.build(session, claim, desk.today)
    pages = lay_out(form)
    errors = [f for f in pages.findings if f.severity is Severity.ERROR]
    if errors:
        raise Invalid(errors)
    whole = form.rules.accepts_plain_paper if whole_form is None else whole_form
    _keep(session, desk, claim, form, claim_pdf(pages, whole_form=whole), len(pages.sheets))
    return pages, form, whole


def _keep(
    session: Session, desk: Desk, claim: Claim, form: ClaimForm, pdf: bytes, sheets: int
) -> None:
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
            sheets=sheets,
            created_at=desk.clock.now(),
            user_id=desk.user_id,
        )
    )


def kept(session: Session, claim_id: int, version: int | None) -> ClaimVersion:
    """What was printed; the latest version unless one is named.

    Raises:
        NotFound: it was never printed.
    """
    query = select(ClaimVersion).where(ClaimVersion.claim_id == claim_id)
    if version is not None:
        query = query.where(ClaimVersion.number == version)
    row = session.scalar(query.order_by(ClaimVersion.number.desc()).limit(1))
    if row is None:
        raise NotFound("This claim was never printed.")
    return row


def reprint(version: ClaimVersion) -> Reprint:
    """The frozen PDF, with its sheets as operations where they draw the very same bytes today.

    Where a later program lays out or draws differently, only the PDF tells what was printed.
    """
    pages = lay_out(_claim_form.from_json(version.form_json))
    for whole_form in (False, True):
        if claim_pdf(pages, whole_form=whole_form) == version.pdf:
            return Reprint(version.pdf, claim_sheets(pages, whole_form=whole_form))
    return Reprint(version.pdf, ())
