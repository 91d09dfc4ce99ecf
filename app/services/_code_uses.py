"""How often diagnosis codes were used: in this practice, and for one patient."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from app.domain.icd import bare
from app.models.visits import Diagnosis, Encounter
from app.services.desk import Desk

MOST_CODES = 120  # the favourites of a practice
MOST_PATIENTS = 32
_TABLES = frozenset(("diagnosis", "encounter"))


@dataclass(frozen=True, slots=True)
class CodeUse:
    """Uses of one code, for the patient and in the practice; when the patient had it last."""

    patient_uses: int
    practice_uses: int
    last_used: date | None


class CodeUses:
    """Read once for a patient, and again after an encounter was written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: dict[int | None, dict[str, CodeUse]] = {}
        self._lock = threading.Lock()
        desk.db.subscribe(self._changed)

    def of(self, patient_id: int | None) -> dict[str, CodeUse]:
        """Uses by code without its point: the patient's codes and the practice's favourites."""
        with self._lock:
            kept = self._kept.get(patient_id)
        if kept is None:
            kept = self._read(patient_id)
            with self._lock:
                if len(self._kept) >= MOST_PATIENTS:
                    self._kept.clear()
                self._kept[patient_id] = kept
        return kept

    def _changed(self, tables: frozenset[str]) -> None:
        if tables & _TABLES:
            with self._lock:
                self._kept.clear()

    def _read(self, patient_id: int | None) -> dict[str, CodeUse]:
        mine = Encounter.patient_id == (0 if patient_id is None else patient_id)
        own = func.sum(case((mine, 1), else_=0))
        last = func.max(case((mine, Encounter.service_date), else_=None))
        query = (
            select(Diagnosis.code, own, func.count(), last)
            .join(Encounter, Encounter.id == Diagnosis.encounter_id)
            .where(Encounter.status != "voided")
            .group_by(Diagnosis.code)
            .order_by(own.desc(), func.count().desc(), Diagnosis.code)
            .limit(MOST_CODES)
        )
        with self._desk.read() as session:
            rows = session.execute(query).all()
        return {bare(code): CodeUse(mine, all_, last) for code, mine, all_, last in rows}
