"""Codes the practice has used before, offered again while she types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.models.visits import ChargeLine, Diagnosis, Encounter, Procedure
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class DiagnosisUse:
    """A diagnosis code with how often it was coded: for this patient, and in the practice."""

    code: str
    patient_uses: int
    practice_uses: int
    last_used: date | None  # for this patient


@dataclass(frozen=True, slots=True)
class ProcedureUse:
    """A procedure with the practice's own wording, charge (cents; None: not on the list), uses."""

    code: str
    wording: str
    charge_cents: int | None
    modifiers: str
    uses: int


class CodeMemoryService:
    """Search as you type among codes used before and the charge master; no code list needed.

    Shows no person's record: whoever asks for a patient's codes has that patient open, and the
    opening was audited.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def diagnoses(
        self, text: str, patient_id: int | None = None, limit: int = 8, *, but: int | None = None
    ) -> tuple[DiagnosisUse, ...]:
        """Codes that begin so: the code itself first, then this patient's, then the most used.

        ``but`` is the encounter being coded; its own codes do not count.
        """
        typed = re.sub(r"[^0-9A-Z]", "", text.upper())
        if not typed:
            return ()
        with self._desk.read() as session:
            rows = session.execute(_diagnosis_query(typed, patient_id, but).limit(limit))
            return tuple(DiagnosisUse(*row) for row in rows)

    def uses(
        self, codes: Sequence[str], patient_id: int | None = None, *, but: int | None = None
    ) -> dict[str, DiagnosisUse]:
        """How often each of ``codes`` was coded elsewhere than in ``but``; unused are left out."""
        if not codes:
            return {}
        with self._desk.read() as session:
            query = _counted(patient_id, but).where(Diagnosis.code.in_(codes))
            return {row[0]: DiagnosisUse(*row) for row in session.execute(query)}

    def procedures(self, text: str, limit: int = 8) -> tuple[ProcedureUse, ...]:
        """Codes that begin so, or whose wording and kind hold every word typed; most used first."""
        words = text.lower().split()
        if not words:
            return ()
        with self._desk.read() as session:
            rows = _charge_master(session, words)
            uses = _procedure_uses(
                session, words[0] if len(words) == 1 else "", [r[0] for r in rows]
            )
        known = {r[0] for r in rows}
        found = [
            ProcedureUse(code, wording or "", charge, modifiers or "", uses.get(code, 0))
            for code, wording, charge, modifiers in rows
        ]
        found += [ProcedureUse(c, "", None, "", n) for c, n in uses.items() if c not in known]
        typed = words[0].upper()
        found.sort(key=lambda p: (p.code != typed, -p.uses, p.code))
        return tuple(found[:limit])


def _diagnosis_query(
    typed: str, patient_id: int | None, but: int | None
) -> Select[str, int, int, date | None]:
    bare = func.replace(Diagnosis.code, ".", "")
    own = _own_uses(patient_id)
    return (
        _counted(patient_id, but)
        .where(bare.startswith(typed))
        .order_by(bare != typed, own.desc(), func.count().desc(), Diagnosis.code)
    )


def _mine(patient_id: int | None) -> ColumnElement[bool]:
    # A key that no patient has counts nobody's uses.
    return Encounter.patient_id == (0 if patient_id is None else patient_id)


def _own_uses(patient_id: int | None) -> ColumnElement[int]:
    return func.sum(case((_mine(patient_id), 1), else_=0))


def _counted(patient_id: int | None, but: int | None) -> Select[str, int, int, date | None]:
    last = func.max(case((_mine(patient_id), Encounter.service_date), else_=None))
    return (
        select(Diagnosis.code, _own_uses(patient_id), func.count(), last)
        .join(Encounter, Encounter.id == Diagnosis.encounter_id)
        .where(Encounter.status != "voided", Encounter.id.is_distinct_from(but))
        .group_by(Diagnosis.code)
    )


def _charge_master(
    session: Session, words: list[str]
) -> list[tuple[str, str | None, int, str | None]]:
    columns = (Procedure.code, Procedure.wording, Procedure.charge_cents, Procedure.modifiers)
    rows = session.execute(
        select(*columns)
        .where(Procedure.active, _wording_or_code(words))
        .order_by(Procedure.code)
        .limit(200)
    )
    return [(code, wording, cents, modifiers) for code, wording, cents, modifiers in rows]


def _wording_or_code(words: list[str]) -> ColumnElement[bool]:
    own = func.coalesce(Procedure.wording, "") + " " + func.coalesce(Procedure.category, "")
    worded = and_(*(func.lower(own).contains(word, autoescape=True) for word in words))
    if len(words) > 1:
        return worded
    return or_(Procedure.code.startswith(words[0].upper(), autoescape=True), worded)


def _procedure_uses(session: Session, beginning: str, codes: list[str]) -> dict[str, int]:
    """Uses by code: of ``codes``, and of every code that begins so."""
    wanted: list[ColumnElement[bool]] = [ChargeLine.code.in_(codes)]
    if beginning:
        wanted.append(ChargeLine.code.startswith(beginning.upper(), autoescape=True))
    query = select(ChargeLine.code, func.count()).where(or_(*wanted)).group_by(ChargeLine.code)
    return dict(session.execute(query).all())
