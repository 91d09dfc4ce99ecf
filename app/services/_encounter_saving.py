"""Inner functions: a draft checked and kept, and everything of it thrown away again."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.errors import Conflict, NotFound, Refused
from app.domain.findings import Severity
from app.models.attachments import ChartScan, RecurringDay
from app.models.people import Facility, Patient, Policy, Provider
from app.models.visits import Encounter
from app.services import _encounter_rows
from app.services._checks import FieldChecks
from app.services.desk import Desk
from app.services.encounter_commands import EncounterSaved, SaveEncounter


def keep(session: Session, desk: Desk, command: SaveEncounter) -> EncounterSaved:
    """Saves a draft; audited.

    Raises:
        Invalid, Refused, Conflict, NotFound: see ``EncounterService.save``.
    """
    checks = FieldChecks()
    row = _row(session, desk, command)
    _check_people(session, desk, checks, command)
    values = _encounter_rows.encounter_values(checks, command)
    codes = _encounter_rows.diagnosis_codes(checks, command)
    lines = [
        (line.line_id, _encounter_rows.line_values(session, checks, command, n, line))
        for n, line in enumerate(command.lines)
    ]
    warnings = checks.done()
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _encounter_rows.keep_children(session, row, codes, lines)
    _encounter_rows.keep_coverage(session, row, command.policy_ids)
    session.flush()
    desk.audit(session, "save encounter", row.patient_id, "encounter", row.id)
    return EncounterSaved(row.id, row.version, warnings)


def _row(session: Session, desk: Desk, command: SaveEncounter) -> Encounter:
    if command.encounter_id is None:
        return Encounter(created_at=desk.clock.now())
    row = session.get(Encounter, command.encounter_id)
    if row is None:
        raise NotFound("This encounter is no longer there. Refresh the list.")
    if row.status != "draft":
        raise locked()
    if command.version is not None and command.version != row.version:
        raise Conflict("This encounter was changed in another window. Reopen it.")
    flag_modified(row, "status")  # changed lines alone are a new version of the visit, too
    return row


def _check_people(
    session: Session, desk: Desk, checks: FieldChecks, command: SaveEncounter
) -> None:
    patient = session.get(Patient, command.patient_id)
    if patient is None:
        checks.add("patient_id", "Choose the patient.")
    elif command.service_date < patient.birth_date:
        checks.add("service_date", "This date lies before the patient's birth.")
    if session.get(Provider, command.provider_id) is None:
        checks.add("provider_id", "Choose the provider who saw the patient.")
    if command.facility_id is not None and session.get(Facility, command.facility_id) is None:
        checks.add("facility_id", "Choose the place of service.")
    if command.service_date > desk.today:
        message = "The date of service lies in the future."
        checks.add("service_date", message, Severity.WARNING)
    for policy_id in command.policy_ids or ():
        policy = session.get(Policy, policy_id)
        if policy is None or policy.patient_id != command.patient_id:
            checks.add("policy_ids", "This policy belongs to another patient.")


def locked() -> Refused:
    """What is said when somebody would change charges that are in the books."""
    return Refused(
        "policy:billed_line_locked",
        "These charges are posted and stay as they are. Void the charge and enter it again; both "
        "stay in sight.",
    )


def empty(session: Session, row: Encounter) -> None:
    """Throws away what hangs on a draft that is deleted; a recurring day then counts as skipped."""
    _encounter_rows.keep_children(session, row, [], [])
    _encounter_rows.keep_coverage(session, row, None)
    session.execute(delete(ChartScan).where(ChartScan.encounter_id == row.id))
    session.execute(
        update(RecurringDay).where(RecurringDay.encounter_id == row.id).values(encounter_id=None)
    )
    session.flush()
