"""Keeps what is half typed: a second after the last key, and on turning to something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.drafts import DraftService, KeptDraft
from app.services.encounter_commands import SaveLine

KEEP_MS = 1000
NEW = "encounter:new"
Body = dict[str, Any]


def plain(value: Any) -> Any:
    """A form's value as JSON: a date becomes ``{"date": "2026-01-05"}``."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def lively(value: Any) -> Any:
    """The reverse of ``plain``; lists stay lists."""
    if isinstance(value, dict):
        if set(value) == {"date"}:
            return date.fromisoformat(value["date"])
        return {key: lively(item) for key, item in value.items()}
    return [lively(item) for item in value] if isinstance(value, list) else value


def line_body(line: SaveLine) -> Body:
    """A line as JSON."""
    body: Body = plain(asdict(line))
    return body


def line_of(body: Body) -> SaveLine:
    """A line out of a draft; fields this version does not know are passed over."""
    known = {f.name for f in fields(SaveLine)}
    return SaveLine(**{k: v for k, v in lively(body).items() if k in known})


class DraftKeeper(QObject):
    """Watches one form at a time.

    Args:
        drafts: where drafts lie.
        body: what stands in the form now.

    Attributes:
        kept: the moment a draft was kept.
    """

    kept = Signal(datetime)

    def __init__(self, drafts: DraftService, body: Callable[[], Body], parent: QObject) -> None:
        super().__init__(parent)
        self._drafts, self._body = drafts, body
        self._key = ""
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep_now)

    @property
    def key(self) -> str:
        """Under which key the form's draft is kept; empty while nothing is open."""
        return self._key

    def watch(self, key: str) -> KeptDraft | None:
        """Another form is open: its draft, if one was kept."""
        self._timer.stop()
        self._key = key
        return self._drafts.find(key) if key else None

    def find_new(self, patient_id: int | None) -> str:
        """The key for a new encounter: the one whose draft is brought back, or a free one."""
        keys = self._drafts.keys(NEW)
        if patient_id is None:
            return keys[0] if keys else NEW
        own = f"{NEW}:{patient_id}"
        found = self._drafts.find(NEW) if NEW in keys and own not in keys else None
        if found is not None and found.body.get("visit", {}).get("patient_id") == patient_id:
            return NEW
        return own

    def touch(self) -> None:
        """Something was typed; the draft is kept a second later."""
        if self._key:
            self._timer.start()

    def keep_now(self) -> None:
        """Keeps the draft at once, if anything was typed since the last time."""
        self._timer.stop()
        if self._key:
            self.kept.emit(self._drafts.keep(self._key, self._body()))

    def waiting(self) -> bool:
        """True while something typed is not kept yet."""
        return self._timer.isActive()

    def flush(self) -> None:
        """Keeps what waits to be kept."""
        if self._timer.isActive():
            self.keep_now()

    def drop(self) -> None:
        """The form was saved or given up."""
        self._timer.stop()
        if self._key:
            self._drafts.drop(self._key)
