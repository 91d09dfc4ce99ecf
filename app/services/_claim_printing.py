"""Inner functions: a claim is laid out, frozen with its PDF, and handed out as sheets or text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import NotFound, Refused
from app.models.visits import Claim, ClaimVersion
from app.printing.claim_pages import ClaimPages, lay_out
from app.printing.drawing import claim_sheets
from app.printing.pdf import claim_pdf
from app.scrub.code_tables import CodeTables
from app.services import _claim_form, _claim_making, _claim_state, _scrubbing
from app.services.claim_commands import ClaimCheck, Reprint
from app.services.desk import Desk


def freeze(
    session: Session, desk: Desk, claim: Claim, whole_form: bool | None, tables: CodeTables
) -> tuple[ClaimPages, ClaimForm, bool]:
    """Keeps the claim as it prints now, and its PDF; answers pages, form and whether it was whole.

    ``whole_form`` None prints as the payer takes it: our drawing on plain paper where the payer
    says that it accepts that, data only for red stock everywhere else.

    Raises:
        Invalid: it has errors that nobody let pass.
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
    judged = judge(session, claim, desk.today, tables)
    pages, form = judged.pages, judged.form
    _scrubbing.refuse_errors(judged.checks)
    whole = form.rules.accepts_plain_paper if whole_form is None else whole_form
    pdf = claim_pdf(pages, whole_form=whole)
    version_id = _keep(session, desk, claim, form, pdf, len(pages.sheets))
    _scrubbing.keep(session, version_id, judged.checks)
    return pages, form, whole


@dataclass(frozen=True, slots=True)
class Judged:
    """An unsent claim as it would print today, and everything found on it."""

    form: ClaimForm
    pages: ClaimPages
    checks: tuple[ClaimCheck, ...]


def judge(session: Session, claim: Claim, today: date, tables: CodeTables) -> Judged:
    """Builds, lays out and checks an unsent claim."""
    parts = _claim_form.parts_of(session, claim)
    form = _claim_form.assemble(session, parts, today)
    pages = lay_out(form)
    checks = _scrubbing.judge(session, claim, parts, form, pages, today, tables)
    return Judged(form, pages, checks)


def _keep(
    session: Session, desk: Desk, claim: Claim, form: ClaimForm, pdf: bytes, sheets: int
) -> int:
    last = session.scalar(
        select(func.max(ClaimVersion.number)).where(ClaimVersion.claim_id == claim.id)
    )
    row = ClaimVersion(
        claim_id=claim.id,
        number=(last or 0) + 1,
        form_json=_claim_form.to_json(form),
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        sheets=sheets,
        created_at=desk.clock.now(),
        user_id=desk.user_id,
    )
    session.add(row)
    session.flush()
    return row.id


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
