"""Inner functions: an encounter's command checked and turned into rows, and back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain import identifiers as ids
from app.domain.claim_form import QualifiedDate
from app.domain.fee_book import times
from app.models.visits import ChargeLine, Diagnosis, Encounter, EncounterCoverage
from app.services import _fee_rows
from app.services._checks import FieldChecks, blank_to_none
from app.services.encounter_commands import SaveEncounter, SaveLine

LETTERS = "ABCDEFGHIJKL"

_PLAIN = (
    "patient_id",
    "provider_id",
    "facility_id",
    "referring_id",
    "service_date",
    "related_employment",
    "related_auto",
    "related_other",
    "accident_date",
    "unable_from",
    "unable_to",
    "hospital_from",
    "hospital_to",
    "outside_lab_cents",
    "accept_assignment",
    "signed",
    "abn_on_file",
)
_TEXTS = (
    "referring_qualifier",
    "prior_authorization",
    "clia",
    "mammography_certificate",
    "claim_codes",
    "additional_info",
    "chart_note",
)
_LINE_TEXTS = (
    "epsdt",
    "ndc_code",
    "ndc_unit",
    "ndc_quantity",
    "supplemental",
    "anesthesia_start",
    "anesthesia_end",
    "description",
)
_LINE_PLAIN = ("emergency", "family_planning", "anesthesia_minutes")


def encounter_values(checks: FieldChecks, command: SaveEncounter) -> dict[str, Any]:
    """Column values of the encounter itself."""
    onset, other = command.onset, command.other_date
    _check_spans(checks, command)
    pos = checks.take("place_of_service", ids.check_place_of_service, command.place_of_service)
    return {
        **{name: getattr(command, name) for name in _PLAIN},
        **{name: blank_to_none(getattr(command, name)) for name in _TEXTS},
        "place_of_service": pos or "11",
        "auto_state": checks.take("auto_state", ids.check_state, command.auto_state),
        "onset_date": onset.date if onset else None,
        "onset_qualifier": onset.qualifier if onset else None,
        "other_date": other.date if other else None,
        "other_date_qualifier": other.qualifier if other else None,
        "self_pay": command.policy_ids == (),
    }


def _check_spans(checks: FieldChecks, command: SaveEncounter) -> None:
    for name in ("unable", "hospital"):
        start, end = getattr(command, f"{name}_from"), getattr(command, f"{name}_to")
        if end is not None and start is None:
            checks.add(f"{name}_from", "Enter the first day.")
        elif start is not None and end is not None and end < start:
            checks.add(f"{name}_to", "The last day lies before the first.")


def diagnosis_codes(checks: FieldChecks, command: SaveEncounter) -> list[str]:
    """Checked ICD-10-CM codes in order."""
    if len(command.diagnoses) > len(LETTERS):
        checks.add(
            "diagnoses",
            "A claim holds 12 diagnoses. Put the lines that need the others on a second encounter "
            "of the same day: it makes a claim of its own.",
        )
    codes = []
    for number, typed in enumerate(command.diagnoses[: len(LETTERS)]):
        code = checks.take(f"diagnoses.{number}", ids.check_icd10, typed)
        if code in codes:
            checks.add(f"diagnoses.{number}", f"{code} is on the list already.")
        elif code:
            codes.append(code)
    return codes


def line_values(
    session: Session, checks: FieldChecks, command: SaveEncounter, number: int, line: SaveLine
) -> dict[str, Any]:
    """Column values of one service line; dates, place and charge fall back to the encounter's."""
    part = FieldChecks(f"lines.{number}.")
    code = part.need("code", ids.check_procedure, line.code, "Enter the procedure code.")
    start = line.service_from or command.service_date
    end = line.service_to or start
    if end < start:
        part.add("service_to", "The last day of service lies before the first.")
    pos = part.take("place_of_service", ids.check_place_of_service, line.place_of_service)
    modifiers = _modifiers(part, line.modifiers)
    priced = replace(line, code=code, modifiers=modifiers or "")
    values = {
        "position": number + 1,
        "service_from": start,
        "service_to": end,
        "place_of_service": pos or command.place_of_service or "11",
        "code": code,
        "modifiers": modifiers,
        "pointers": _pointers(part, line.pointers, len(command.diagnoses)),
        "charge_cents": _charge(session, part, command, priced, start),
        "units": _units(part, line.units),
        **{name: blank_to_none(getattr(line, name)) for name in _LINE_TEXTS},
        **{name: getattr(line, name) for name in _LINE_PLAIN},
    }
    checks.findings += part.findings
    return values


def _modifiers(part: FieldChecks, typed: str) -> str | None:
    found = typed.replace(",", " ").split()
    if len(found) == 1 and len(found[0]) in (4, 6, 8):
        found = re.findall("..", found[0])
    if len(found) > 4:
        part.add("modifiers", "A line has room for 4 modifiers.")
    checked = [part.take("modifiers", ids.check_modifier, m) for m in found]
    return " ".join(m for m in checked if m) or None


def _pointers(part: FieldChecks, typed: str, diagnoses: int) -> str | None:
    letters = re.sub(r"[\s,]", "", typed).upper()
    if len(letters) > 4:
        part.add("pointers", "A line points to 4 diagnoses at most.")
    for letter in letters:
        if letter not in LETTERS[:diagnoses]:
            last = LETTERS[diagnoses - 1] if diagnoses else ""
            rest = f"they go from A to {last}" if last else "enter a diagnosis first"
            part.add("pointers", f"There is no diagnosis {letter}; {rest}.")
            break
    return letters or None


def _units(part: FieldChecks, typed: str) -> str:
    try:
        units = Decimal(typed.strip() or "1")
    except InvalidOperation:
        part.add("units", "Units are a number, at least 1.")
        return "1"
    if not units.is_finite() or units <= 0 or units > 999:
        part.add("units", "Units are a number from 1 to 999.")
        return "1"
    return format(units.normalize(), "f")


def _charge(
    session: Session, part: FieldChecks, command: SaveEncounter, line: SaveLine, on: date
) -> int:
    if line.charge_cents is None:
        payer = _fee_rows.payer_of(session, command.patient_id, command.policy_ids, on)
        own = _fee_rows.charge_of(session, line.code, line.modifiers, on, payer)
        if own is None:
            part.add("charge_cents", "Enter the charge; this code is not on your charge list.")
        return times(own or 0, line.units.strip())
    if line.charge_cents < 0:
        part.add("charge_cents", "A charge cannot be negative.")
    if line.charge_cents > 99_999_999:
        part.add("charge_cents", "Box 24F has room for 999,999.99.")
    return line.charge_cents


def keep_children(
    session: Session,
    row: Encounter,
    codes: list[str],
    lines: list[tuple[int | None, dict[str, Any]]],
) -> None:
    """Replaces the diagnoses, and brings the draft's lines in line; kept lines keep their id."""
    session.execute(delete(Diagnosis).where(Diagnosis.encounter_id == row.id))
    session.add_all(
        Diagnosis(encounter_id=row.id, position=i, code=c) for i, c in enumerate(codes, start=1)
    )
    found = {
        line.id: line
        for line in session.scalars(select(ChargeLine).where(ChargeLine.encounter_id == row.id))
    }
    for line_id, values in lines:
        known = found.pop(line_id, None) if line_id else None
        if known is None:
            session.add(ChargeLine(encounter_id=row.id, **values))
        else:
            for name, value in values.items():
                setattr(known, name, value)
    for gone in found.values():
        session.delete(gone)


def keep_coverage(session: Session, row: Encounter, policy_ids: tuple[int, ...] | None) -> None:
    """Remembers the payers chosen for this visit; None leaves them to the policies in force."""
    session.execute(delete(EncounterCoverage).where(EncounterCoverage.encounter_id == row.id))
    session.add_all(
        EncounterCoverage(encounter_id=row.id, rank=rank, policy_id=policy_id)
        for rank, policy_id in enumerate(policy_ids or (), start=1)
    )


def encounter_command(
    row: Encounter, codes: list[str], lines: list[ChargeLine], policy_ids: list[int]
) -> SaveEncounter:
    """The command that would save an encounter as it stands."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    texts: dict[str, Any] = {name: getattr(row, name) or "" for name in _TEXTS}
    chosen: tuple[int, ...] | None = tuple(policy_ids) or None
    return SaveEncounter(
        place_of_service=row.place_of_service,
        policy_ids=() if row.self_pay else chosen,
        auto_state=row.auto_state or "",
        onset=_qualified(row.onset_date, row.onset_qualifier),
        other_date=_qualified(row.other_date, row.other_date_qualifier),
        diagnoses=tuple(codes),
        lines=tuple(line_command(line) for line in lines),
        encounter_id=row.id,
        version=row.version,
        **plain,
        **texts,
    )


def _qualified(day: Any, qualifier: str | None) -> QualifiedDate | None:
    return QualifiedDate(day, qualifier or "") if day else None


def line_command(line: ChargeLine) -> SaveLine:
    """The command that would save a line as it stands."""
    plain: dict[str, Any] = {name: getattr(line, name) for name in _LINE_PLAIN}
    texts: dict[str, Any] = {name: getattr(line, name) or "" for name in _LINE_TEXTS}
    return SaveLine(
        code=line.code,
        charge_cents=line.charge_cents,
        modifiers=line.modifiers or "",
        pointers=line.pointers or "",
        units=line.units,
        service_from=line.service_from,
        service_to=line.service_to,
        place_of_service=line.place_of_service,
        line_id=line.id,
        **plain,
        **texts,
    )
