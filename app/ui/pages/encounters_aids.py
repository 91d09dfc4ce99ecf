"""What helps while coding: the chart's scans, terms of its note, visits that repeat, favourites."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.attachments import AttachmentService
from app.services.favourites import FavouriteService
from app.services.line_codes import LineCodeService
from app.services.note_terms import NoteTermService
from app.services.recurring import RecurringService
from app.ui.jobs import Jobs
from app.ui.pages.encounters_chart import Kept


@dataclass(frozen=True, slots=True)
class Aids:
    """``jobs`` None does everything at once; ``kept`` remembers widths on this computer."""

    scans: AttachmentService
    terms: NoteTermService
    recurring: RecurringService
    favourites: FavouriteService
    line_codes: LineCodeService
    jobs: Jobs | None
    kept: Kept
