"""Inner functions: the boxes of a claim with what feeds them, its editions, its split."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_boxes import BoxSource, BoxTarget, BoxView, Edition, Feed
from app.domain.claim_form import ClaimForm
from app.domain.dates import format_date
from app.domain.errors import NotFound, Refused
from app.domain.findings import Finding
from app.models.people import Policy
from app.models.visits import ChargeLine, Claim, ClaimLine, ClaimVersion, Encounter
from app.models.visits import EncounterCoverage as Coverage
from app.printing.box_sources import source_of
from app.printing.boxes import finding_box, sheet_boxes
from app.printing.claim_pages import ClaimPages
from app.services import _claim_making, _claim_state
from app.services.claim_commands import ClaimCheck
from app.services.desk import Desk

_LINE = re.compile(r"lines\.(\d+)\.(\w+)")
_UNSENT = ("ready", "held")
PRACTICE_ID = 1


@dataclass(frozen=True, slots=True)
class _Records:
    """Ids of the records behind a claim; ``places``: its lines as the encounter counts them."""

    ids: Mapping[Feed, int | None]
    policies: Mapping[int, int]
    places: Sequence[int]


def box_views(
    session: Session,
    claim: Claim,
    form: ClaimForm,
    pages: ClaimPages,
    checks: Sequence[ClaimCheck],
) -> tuple[BoxView, ...]:
    """Every box of every sheet, with the way to its source and what is wrong with it."""
    records = _records(session, claim, form)
    found = _findings_by_box(checks)
    views = []
    for box in sheet_boxes(pages):
        source = source_of(form, box.box_id, box.sheet)
        wrong = tuple(found.get((box.sheet, box.box_id), ()))
        views.append(BoxView(box, source.words, _target(source, records), wrong))
    return tuple(views)


def _findings_by_box(checks: Sequence[ClaimCheck]) -> dict[tuple[int, str], list[Finding]]:
    found: dict[tuple[int, str], list[Finding]] = {}
    for check in checks:
        if box_id := finding_box(check.finding.field, check.finding.box):
            found.setdefault((check.sheet, box_id), []).append(check.shown)
    return found


def _records(session: Session, claim: Claim, form: ClaimForm) -> _Records:
    encounter = session.get_one(Encounter, claim.encounter_id)
    ranks = select(Coverage.rank, Coverage.policy_id).where(Coverage.encounter_id == encounter.id)
    lines = select(ChargeLine.id).where(ChargeLine.encounter_id == encounter.id)
    order = list(session.scalars(lines.order_by(ChargeLine.position, ChargeLine.id)))
    ids: dict[Feed, int | None] = {
        Feed.PATIENT: encounter.patient_id,
        Feed.ACCOUNT: encounter.patient_id,
        Feed.ENCOUNTER: encounter.id,
        Feed.PAYER: session.get_one(Policy, claim.policy_id).payer_id,
        Feed.PRACTICE: PRACTICE_ID,
        Feed.PROVIDER: encounter.provider_id,
        Feed.FACILITY: encounter.facility_id,
        Feed.REFERRING: encounter.referring_id,
    }
    policies = dict(session.execute(ranks).all())
    places = [order.index(n.line_id) if n.line_id in order else 0 for n in form.lines]
    return _Records(ids, policies, places)


def _target(source: BoxSource, records: _Records) -> BoxTarget | None:
    if source.feed is Feed.POLICY:
        row_id = records.policies.get(source.rank)
    else:
        row_id = records.ids.get(source.feed)
    if row_id is None:
        return None
    field = source.field
    if line := _LINE.fullmatch(field):
        number = int(line[1])
        known = records.places[number] if number < len(records.places) else number
        field = f"lines.{known}.{line[2]}"
    return BoxTarget(source.feed, row_id, field)


# --- editions -------------------------------------------------------------------------------------
def editions(session: Session, claim: Claim) -> tuple[Edition, ...]:
    """What the claim can be compared with; what it is shown as is left out."""
    kept = session.execute(
        select(ClaimVersion.number, ClaimVersion.created_at)
        .where(ClaimVersion.claim_id == claim.id)
        .order_by(ClaimVersion.number.desc())
    ).all()
    frozen = bool(kept) and claim.status not in _UNSENT
    found = [
        Edition(f"version:{number}", f"Sheet {number}, printed {format_date(at.date())}")
        for number, at in (kept[1:] if frozen else kept)
    ]
    if claim.replaces_id is not None:
        earlier = session.get_one(Claim, claim.replaces_id)
        found.append(Edition(f"claim:{earlier.id}", f"Claim {earlier.number}, which it follows"))
    if frozen:
        found.append(Edition("today", "What would print today", later=True))
    return tuple(found)


def edition_form(session: Session, claim: Claim, key: str) -> str:
    """The frozen form behind an edition, as text; empty for what would print today.

    Raises:
        NotFound: no such sheet was printed.
    """
    kind, _, number = key.partition(":")
    if kind == "today":
        return ""
    query = select(ClaimVersion.form_json).order_by(ClaimVersion.number.desc()).limit(1)
    if kind == "version":
        query = query.where(ClaimVersion.claim_id == claim.id, ClaimVersion.number == int(number))
    else:
        query = query.where(ClaimVersion.claim_id == claim.replaces_id)
    kept = session.scalar(query)
    if kept is None:
        raise NotFound("That sheet was never printed, so there is nothing to compare with.")
    return kept


# --- splitting ------------------------------------------------------------------------------------
def split(session: Session, desk: Desk, claim: Claim, moving: Sequence[int]) -> int:
    """Moves lines of an unsent claim, and of later payers' claims, to claims of their own.

    Raises:
        Refused: ``claim_is_out``; ``choose_some_lines`` when none or all of its lines are to move.
    """
    if claim.status not in _UNSENT:
        raise Refused(
            "claim_is_out",
            f"Claim {claim.number} is {claim.status}. Only a claim that was not sent can be split; "
            "take a spoiled sheet back first.",
        )
    mine, chosen = set(_claim_state.line_ids(session, claim.id)), set(moving)
    if not chosen or not chosen < mine:
        raise Refused(
            "choose_some_lines",
            "Choose the lines that move to the second claim; at least one stays here.",
        )
    later = select(Claim).where(
        Claim.encounter_id == claim.encounter_id,
        Claim.rank > claim.rank,
        Claim.status.in_(_UNSENT),
        Claim.submitted_on.is_(None),
    )
    # A later payer is sent the earlier one's decision: each part must go with its own.
    for other in session.scalars(later.order_by(Claim.rank)).all():
        if chosen < set(_claim_state.line_ids(session, other.id)):
            _move(session, desk, other, chosen)
    return _move(session, desk, claim, chosen)


def _move(session: Session, desk: Desk, claim: Claim, chosen: set[int]) -> int:
    rows = session.scalars(
        select(ClaimLine).where(
            ClaimLine.claim_id == claim.id, ClaimLine.charge_line_id.in_(chosen)
        )
    ).all()
    for row in rows:
        session.delete(row)
    part = Claim(
        number=_claim_making.next_number(session, claim.encounter_id, claim.rank),
        encounter_id=claim.encounter_id,
        policy_id=claim.policy_id,
        rank=claim.rank,
        status=claim.status,
        hold_reason=claim.hold_reason,
        frequency=claim.frequency,
        replaces_id=claim.replaces_id,
        original_reference=claim.original_reference,
        created_at=desk.clock.now(),
    )
    key = _claim_making.keep(
        session, desk, part, sorted(chosen), f"split from claim {claim.number}"
    )
    _claim_state.set_status(
        session, desk, claim, claim.status, f"{len(rows)} of its lines moved to claim {part.number}"
    )
    return key
