"""The desk a service works at: the open practice, who sits there, and what day it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.chain import GENESIS, Field, canonical, next_mac
from app.db.database import Database
from app.domain.errors import NotFound
from app.models.people import Patient
from app.models.records import Audit
from app.services.clock import Clock


@dataclass(frozen=True, slots=True)
class Desk:
    """Built once in bootstrap and handed to every service."""

    db: Database
    clock: Clock
    user_id: int

    @property
    def today(self) -> date:
        """The practice's calendar day."""
        return self.clock.today()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A question that shows no single patient."""
        with self.db.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A change: all of it is kept, or nothing."""
        with self.db.write() as session:
            yield session

    @contextmanager
    def viewing(
        self, patient_id: int, what: str, entity: str | None = None, entity_id: int | None = None
    ) -> Iterator[Session]:
        """A look at one patient; who looked is kept in the same transaction (45 CFR 164.312(b)).

        Raises:
            NotFound: no such patient.
        """
        with self.db.write() as session:
            # Named, so that the session keeps it: whoever looks needs it next.
            patient = session.get(Patient, patient_id)
            if patient is None:
                raise NotFound("This patient is no longer there. Refresh the list.")
            self.audit(session, f"view {what}", patient_id, entity, entity_id)
            yield session

    def audit(
        self,
        session: Session,
        action: str,
        patient_id: int | None = None,
        entity: str | None = None,
        entity_id: int | None = None,
        detail: str | None = None,
    ) -> None:
        """Adds one row to the audit chain: who, when, whom, what."""
        last = session.execute(
            select(Audit.id, Audit.mac).order_by(Audit.id.desc()).limit(1)
        ).first()
        row_id, previous = (last.id + 1, last.mac) if last else (1, GENESIS)
        row: dict[str, Field] = {
            "id": row_id,
            "at": self.clock.now(),
            "user_id": self.user_id,
            "action": action,
            "patient_id": patient_id,
            "entity": entity,
            "entity_id": entity_id,
            "detail": detail,
        }
        mac = next_mac(self.db.mac_key("audit"), previous, audit_content(row))
        session.execute(insert(Audit).values(**row, mac=mac))


AUDIT_FIELDS = ("id", "at", "user_id", "action", "patient_id", "entity", "entity_id", "detail")


def audit_content(row: Mapping[str, Field]) -> bytes:
    """The bytes an audit row's MAC covers."""
    return canonical([row[name] for name in AUDIT_FIELDS])
