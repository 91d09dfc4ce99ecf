"""Claim edits while she codes, and what is known of the edits themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claim_boxes import Feed
from app.domain.errors import Invalid, Refused
from app.domain.findings import Finding, Severity
from app.models.people import Patient, Payer, Policy, Practice, Provider
from app.models.scrubbing import ClaimFinding
from app.models.visits import ChargeLine, Encounter
from app.printing.box_sources import source_of
from app.printing.boxes import finding_box
from app.scrub.code_tables import CodeTables
from app.scrub.registry import EDITS, check
from app.services import _encounter_rows, _scrub_facts
from app.services._checks import FieldChecks
from app.services._claim_form import ClaimParts, assemble
from app.services.desk import Desk
from app.services.encounter_commands import SaveEncounter
from app.services.encounters import in_force


@dataclass(frozen=True, slots=True)
class EditRow:
    """A claim edit as Setup lists it.

    Attributes:
        fired, overridden: on how many printed claims it stood, and was let pass.
        table: the code table it needs, in words; empty when none.
    """

    edit_id: str
    item: str
    severity: Severity
    scope: str
    rule: str
    source: str
    table: str
    fired: int
    overridden: int

    @property
    def wants_tuning(self) -> bool:
        """Let pass more often than not: the edit asks too much (billing rules §5)."""
        return self.overridden * 2 > self.fired


class ScrubService:
    """Checks what is being typed, and lists the edits with how often they were right."""

    def __init__(self, desk: Desk, tables: CodeTables) -> None:
        self._desk, self._tables = desk, tables

    def as_typed(self, command: SaveEncounter) -> tuple[Finding, ...]:
        """What the first payer's claim would trip over, by field of the coding window.

        Findings about other records (the patient, the payer) carry an empty field and say where
        to go. Nothing is said while the visit has no diagnosis, no line, or no payer yet.
        """
        if not command.diagnoses or not any(line.code for line in command.lines):
            return ()
        with self._desk.read() as session:
            try:
                parts = _typed_parts(session, command)
                if parts is None:
                    return ()
                form = assemble(session, parts, self._desk.today)
            except (Invalid, Refused):
                return ()  # the fields' own checks say it when she saves
            facts = _scrub_facts.standing_facts(session, parts, self._desk.today, self._tables)
        found = []
        for fired in check(form, replace(facts, for_print=False)):
            finding = fired.finding
            box = finding_box(finding.field, finding.box)
            source = source_of(form, box, fired.sheet) if box else None
            here = source is not None and source.feed is Feed.ENCOUNTER
            found.append(replace(finding, field=source.field if source and here else ""))
        return tuple(found)

    def edits(self) -> tuple[EditRow, ...]:
        """Every edit with how often it stood on a printed claim and was let pass."""
        passed = func.coalesce(func.sum(ClaimFinding.overridden), 0)
        with self._desk.read() as session:
            counts = {
                edit: (fired, int(over))
                for edit, fired, over in session.execute(
                    select(
                        ClaimFinding.edit_id,
                        func.count(ClaimFinding.claim_version_id.distinct()),
                        passed,
                    ).group_by(ClaimFinding.edit_id)
                )
            }
        return tuple(
            EditRow(
                e.id,
                e.item,
                e.severity,
                str(e.scope),
                e.rule,
                e.source,
                e.table,
                *counts.get(e.id, (0, 0)),
            )
            for e in EDITS
        )


def _typed_parts(session: Session, command: SaveEncounter) -> ClaimParts | None:
    """The rows that saving would write, kept nowhere; None for a visit the patient pays.

    Raises:
        Invalid: a field cannot be read.
    """
    checks = FieldChecks()
    row = Encounter(**_encounter_rows.encounter_values(checks, command))
    row.id = command.encounter_id or 0
    codes = _encounter_rows.diagnosis_codes(checks, command)
    lines = [
        ChargeLine(id=-n, **_encounter_rows.line_values(session, checks, command, n - 1, line))
        for n, line in enumerate(command.lines, start=1)
        if line.code
    ]
    checks.done()
    known = (Patient, command.patient_id), (Provider, command.provider_id), (Practice, 1)
    if any(session.get(table, key) is None for table, key in known):
        return None
    policies = _coverage(session, row, command.policy_ids)
    if not policies:
        return None
    return ClaimParts(row, lines, tuple(codes), policies[0][0].id, policies)


def _coverage(
    session: Session, row: Encounter, chosen: Sequence[int] | None
) -> list[tuple[Policy, Payer, int]]:
    order = list(in_force(session, row) if chosen is None else chosen)
    rows = session.execute(
        select(Policy, Payer).join(Payer, Payer.id == Policy.payer_id).where(Policy.id.in_(order))
    )
    found = {policy.id: (policy, payer) for policy, payer in rows}
    return [
        (*found[key], rank) for rank, key in enumerate((k for k in order if k in found), start=1)
    ]
