"""Scans kept with a visit: examined, encrypted with the practice, looked at, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refused
from app.models.attachments import ChartScan
from app.models.visits import Encounter
from app.services._attachment_kinds import MOST_BYTES, Scan, examine
from app.services.desk import Desk

MOST_SCANS = 20  # of one visit
FORGOTTEN_AFTER = timedelta(days=30)
_COLUMNS = (
    ChartScan.id,
    ChartScan.encounter_id,
    ChartScan.kind,
    ChartScan.name,
    ChartScan.mime,
    ChartScan.pages,
    ChartScan.size,
    ChartScan.added_at,
)


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A scan as it is listed. ``kind``: pdf or image; ``size`` in bytes."""

    attachment_id: int
    encounter_id: int
    kind: str
    name: str
    mime: str
    pages: int
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedScan:
    """A scan with its bytes, for the eyes only: nobody writes them anywhere."""

    row: AttachmentRow
    content: bytes


class AttachmentService:
    """Every look and every change is audited; the bytes never leave the encrypted file but to be
    shown.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def most_bytes(self) -> int:
        """The size of the largest file that is taken."""
        return MOST_BYTES

    def examine(self, name: str, content: bytes) -> Scan:
        """Judges a file by its content, not its name; nothing is kept yet.

        Raises:
            Refused: ``empty_file``, ``file_too_big``, ``not_a_scan``, ``damaged_scan``,
                ``locked_pdf``, ``too_many_pages``: each with what to do.
        """
        return examine(name, content)

    def of_encounter(self, encounter_id: int) -> tuple[AttachmentRow, ...]:
        """The scans of a visit in the order they came; without their bytes."""
        with self._desk.read() as session:
            return _rows(session, encounter_id)

    def add(self, encounter_id: int, scan: Scan) -> AttachmentRow:
        """Keeps a scan with a visit, posted or not.

        Raises:
            NotFound: the visit is no longer there.
            Refused: ``already_attached``, ``too_many_scans``.
        """
        with self._desk.write() as session:
            visit = session.get(Encounter, encounter_id)
            if visit is None:
                raise NotFound("This encounter is no longer there. Refresh the list.")
            _forget(session, self._desk.clock.now())
            _check_room(session, encounter_id, scan)
            row = ChartScan(
                encounter_id=encounter_id,
                kind=scan.kind,
                name=scan.name,
                mime=scan.mime,
                size=len(scan.content),
                pages=scan.pages,
                sha256=scan.sha256,
                content=scan.content,
                added_at=self._desk.clock.now(),
                user_id=self._desk.user_id,
            )
            session.add(row)
            session.flush()
            self._desk.audit(session, "attach scan", visit.patient_id, "scan", row.id)
            return _rows(session, encounter_id)[-1]

    def open(self, attachment_id: int) -> OpenedScan:
        """A scan to be looked at; the look is audited.

        Raises:
            NotFound: it was taken away.
        """
        with self._desk.read() as session:
            patient_id = _patient(session, attachment_id)
        with self._desk.viewing(patient_id, "scan", "scan", attachment_id) as session:
            found = session.execute(
                select(*_COLUMNS, ChartScan.content).where(ChartScan.id == attachment_id)
            ).one()
            return OpenedScan(AttachmentRow(*found[:-1]), found[-1])

    def remove(self, attachment_id: int) -> None:
        """Takes a scan away from its visit; ``bring_back`` within 30 days undoes it.

        Raises:
            NotFound: it was taken away already.
        """
        self._set_removed(attachment_id, self._desk.clock.now(), "remove scan")

    def bring_back(self, attachment_id: int) -> None:
        """Puts a scan back that was taken away.

        Raises:
            NotFound: it is forgotten.
        """
        self._set_removed(attachment_id, None, "bring scan back")

    def _set_removed(self, attachment_id: int, at: datetime | None, action: str) -> None:
        with self._desk.write() as session:
            patient_id = _patient(session, attachment_id, removed=at is None)
            row = session.get_one(ChartScan, attachment_id)
            row.removed_at = at
            self._desk.audit(session, action, patient_id, "scan", attachment_id)


def _check_room(session: Session, encounter_id: int, scan: Scan) -> None:
    kept = list(session.scalars(select(ChartScan.sha256).where(_shown(encounter_id))))
    if scan.sha256 in kept:
        raise Refused("already_attached", "This very scan is attached already.")
    if len(kept) >= MOST_SCANS:
        raise Refused(
            "too_many_scans", f"A visit keeps {MOST_SCANS} scans. Put several pages into one PDF."
        )


def _shown(encounter_id: int) -> ColumnElement[bool]:
    return and_(ChartScan.encounter_id == encounter_id, ChartScan.removed_at.is_(None))


def _rows(session: Session, encounter_id: int) -> tuple[AttachmentRow, ...]:
    query = select(*_COLUMNS).where(_shown(encounter_id)).order_by(ChartScan.id)
    return tuple(AttachmentRow(*row) for row in session.execute(query))


def _patient(session: Session, attachment_id: int, *, removed: bool = False) -> int:
    gone = ChartScan.removed_at.is_not(None) if removed else ChartScan.removed_at.is_(None)
    query = select(Encounter.patient_id).join(ChartScan, ChartScan.encounter_id == Encounter.id)
    found = session.scalar(query.where(ChartScan.id == attachment_id, gone))
    if found is None:
        raise NotFound("This scan is no longer there.")
    return found


def _forget(session: Session, now: datetime) -> None:
    """What was taken away long ago gives its room back."""
    session.execute(delete(ChartScan).where(ChartScan.removed_at < now - FORGOTTEN_AFTER))
