"""Inner functions: a claim checked before it is printed; what she lets pass, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_form import ClaimForm
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.findings import Finding, Severity
from app.models.scrubbing import ClaimFinding, ClaimOverride
from app.models.visits import Claim
from app.printing.claim_pages import ClaimPages
from app.scrub.code_tables import CodeTables
from app.scrub.registry import check
from app.services import _scrub_facts
from app.services._claim_form import ClaimParts
from app.services.claim_commands import ClaimCheck, PassEdit
from app.services.desk import Desk

# Nothing can make a claim hold more than twelve diagnoses.
_NEVER_PASSED = frozenset({"E045"})


def judge(
    session: Session,
    claim: Claim,
    parts: ClaimParts,
    form: ClaimForm,
    pages: ClaimPages,
    today: date,
    tables: CodeTables,
) -> tuple[ClaimCheck, ...]:
    """Everything found on an unsent claim, errors first, with her reasons where she let it pass."""
    facts = _scrub_facts.claim_facts(session, claim, parts, today, tables)
    found = dict(zip(pages.findings, pages.finding_sheets, strict=True))
    for fired in check(form, facts):
        found.setdefault(fired.finding, fired.sheet)
    reasons = _reasons(session, claim.id)
    checks = [ClaimCheck(finding, sheet) for finding, sheet in found.items()]
    told = [replace(c, reason=reasons.get((c.finding.edit_id, c.place), "")) for c in checks]
    return tuple(sorted(told, key=lambda c: c.rank))


def _reasons(session: Session, claim_id: int) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(ClaimOverride.edit_id, ClaimOverride.field, ClaimOverride.reason).where(
            ClaimOverride.claim_id == claim_id
        )
    )
    return {(edit, field): reason for edit, field, reason in rows}


def refuse_errors(checks: Iterable[ClaimCheck]) -> None:
    """Stops a claim with errors that nobody let pass.

    Raises:
        Invalid: with all of them.
    """
    errors = [c.finding for c in checks if c.stops]
    if errors:
        raise Invalid(errors)


def keep(session: Session, version_id: int, checks: Iterable[ClaimCheck]) -> None:
    """Keeps what was found with the sheet that went out."""
    session.add_all(
        ClaimFinding(
            claim_version_id=version_id,
            edit_id=c.finding.edit_id,
            severity=str(c.finding.severity),
            item=c.finding.box,
            field=c.place,
            message=c.finding.message,
            overridden=bool(c.reason),
        )
        for c in checks
    )


def kept(session: Session, version_id: int, claim_id: int) -> tuple[ClaimCheck, ...]:
    """What was found when this sheet went out."""
    reasons = _reasons(session, claim_id)
    rows = session.scalars(
        select(ClaimFinding)
        .where(ClaimFinding.claim_version_id == version_id)
        .order_by(ClaimFinding.id)
    )
    checks = []
    for row in rows:
        field, _, sheet = row.field.partition("@")
        finding = Finding(field, row.message, Severity(row.severity), row.edit_id, row.item)
        reason = reasons.get((row.edit_id, row.field), "") if row.overridden else ""
        checks.append(ClaimCheck(finding, int(sheet or 0), reason))
    return tuple(checks)


def override(
    session: Session,
    desk: Desk,
    claim: Claim,
    command: PassEdit,
    checks: Sequence[ClaimCheck],
) -> int:
    """Lets errors of one edit pass, all of them or at one place; answers how many.

    Raises:
        Invalid: no reason is given.
        Refused: ``cannot_be_overridden``.
        NotFound: there is no such finding.
    """
    reason, edit_id = command.reason.strip(), command.edit_id
    if not reason:
        raise Invalid([Finding("reason", "Say why this may go out as it is.")])
    if edit_id in _NEVER_PASSED:
        message = "The form has no room for this. Split the claim or the visit."
        raise Refused("cannot_be_overridden", message)
    stopping = [c for c in checks if c.stops and c.finding.edit_id == edit_id]
    chosen = [c for c in stopping if not command.place or c.place == command.place]
    if not chosen:
        raise NotFound("This finding is no longer there. Look at the claim again.")
    session.add_all(
        ClaimOverride(
            claim_id=claim.id,
            edit_id=edit_id,
            field=c.place,
            reason=reason,
            message=c.finding.message,
            at=desk.clock.now(),
            user_id=desk.user_id,
        )
        for c in {c.place: c for c in chosen}.values()
    )
    return len(chosen)
