"""Half-typed work, kept as she types; it survives a crash, a lock and a closed window."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.models.records import Draft
from app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it was last kept."""

    body: dict[str, Any]
    saved_at: datetime


class DraftService:
    """Drafts by key, e.g. ``patient:new`` or ``eob:17:204``. Bodies are plain JSON values."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def keep(self, key: str, body: dict[str, Any]) -> datetime:
        """Keeps what stands in a form; returns when."""
        now = self._desk.clock.now()
        with self._desk.write() as session:
            session.merge(Draft(key=key, body=json.dumps(body), saved_at=now))
        return now

    def find(self, key: str) -> KeptDraft | None:
        """The draft of a form, if there is one."""
        with self._desk.read() as session:
            row = session.get(Draft, key)
            return None if row is None else KeptDraft(json.loads(row.body), row.saved_at)

    def drop(self, key: str) -> None:
        """The form was saved or given up."""
        with self._desk.write() as session:
            session.execute(delete(Draft).where(Draft.key == key))

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Keys that begin so, newest first."""
        query = (
            select(Draft.key)
            .where(Draft.key.startswith(prefix, autoescape=True))
            .order_by(Draft.saved_at.desc())
        )
        with self._desk.read() as session:
            return tuple(session.scalars(query))
