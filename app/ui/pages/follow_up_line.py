"""One line to say what was heard: a note and the next day; Enter keeps both and moves on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.follow_up import NEXT_DAYS
from app.services.drafts import DraftService
from app.services.follow_up_commands import FollowedUp
from app.ui.form import Form, Slot
from app.ui.theme import dp
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, label

DRAFT_MS = 1000
MOST = 500  # characters of a note


class NextDay(DateEdit):
    """A day to come: a month and day without a year is the next such day, not the last."""

    def parse(self, text: str) -> date:
        """The day meant.

        Raises:
            ValueError: when there is no such day.
        """
        day, today = super().parse(text), self._today()
        if day < today and re.fullmatch(r"\d{4}|\d{1,2}[/. -]\d{1,2}", text.strip()):
            return super().parse(f"{day:%m/%d/}{day.year + 1}")
        return day


class FollowLine(Panel):
    """Note and day for the claim shown; half-typed notes are kept by claim.

    Attributes:
        wanted: a ``FollowedUp``.
        kept: a quiet sentence about the draft.
    """

    wanted = Signal(object)
    kept = Signal(str)

    def __init__(self, drafts: DraftService, today: Callable[[], date]) -> None:
        super().__init__()
        self.body.setContentsMargins(dp(16), dp(12), dp(16), dp(12))
        self._drafts, self._today = drafts, today
        self._claim_id: int | None = None
        self.form = Form(submit_keys=("Return", "Enter", "F9", "Ctrl+Return", "Ctrl+Enter"))
        note = LineField(hint="Who said what; reference number", length=MOST)
        self.form.add_row(
            Slot("text", "&Note", note, 8),
            Slot("next_on", "Look again", NextDay(today=today), 4),
        )
        self.add(self.form)
        self._build_draft_row()
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.keep_draft)
        self.form.edited.connect(lambda _name: self._timer.start())
        self.form.submitted.connect(self._submit)

    def _build_draft_row(self) -> None:
        self._draft_row = QWidget()
        row = QHBoxLayout(self._draft_row)
        row.setContentsMargins(0, 0, 0, 0)
        self._draft_words = label("", "muted")
        discard = QPushButton("Discard")
        discard.setProperty("look", "link")
        discard.setToolTip("Throw the half-typed note away")
        discard.clicked.connect(self.discard)
        row.addWidget(self._draft_words)
        row.addWidget(discard)
        row.addStretch(1)
        self.add(self._draft_row)
        self._draft_row.hide()

    def show_claim(self, claim_id: int | None) -> None:
        """An empty line for another claim, or what was half-typed for it."""
        if claim_id == self._claim_id:
            return
        self.keep_draft()
        self._claim_id = claim_id
        self.setEnabled(claim_id is not None)
        self._fill()

    def _fill(self) -> None:
        self.form.set_values({"text": "", "next_on": self._default()})
        self._draft_row.hide()
        draft = self._drafts.find(self._key) if self._claim_id is not None else None
        if draft is None:
            return
        self.form.set_values({"text": draft.body.get("text", "")})
        if day := draft.body.get("next_on"):
            self.form.set_values({"next_on": date.fromisoformat(day)})
        self._draft_words.setText(f"Draft of {draft.saved_at.astimezone():%H:%M} brought back")
        self._draft_row.show()

    def _default(self) -> date:
        return self._today() + timedelta(days=NEXT_DAYS)

    @property
    def _key(self) -> str:
        return f"follow_up:{self._claim_id}"

    def begin(self) -> None:
        """Puts the cursor in the note."""
        if self._claim_id is not None:
            self.form.go_to("text")

    def writing(self) -> bool:
        """True while the cursor is in the line."""
        return self.form.focusWidget() is not None and self.form.focusWidget().hasFocus()

    def keep_draft(self) -> None:
        """Keeps a half-typed note; one that was emptied again is dropped."""
        self._timer.stop()
        if self._claim_id is None or not self.form.is_dirty():
            return
        values = self.form.values()
        day = values["next_on"]
        if values["text"]:
            body = {"text": values["text"], "next_on": day.isoformat() if day else None}
            when = self._drafts.keep(self._key, body)
            self.kept.emit(f"Draft kept {when.astimezone():%H:%M}")
        else:
            self._drafts.drop(self._key)
        self.form.set_clean()

    def discard(self) -> None:
        """Throws the half-typed note away."""
        self._drafts.drop(self._key)
        self.form.set_clean()
        self._fill()
        self.begin()

    def saved(self) -> None:
        """The note is in the books; the line is empty for the next one."""
        self._timer.stop()
        self._drafts.drop(self._key)
        self._fill()

    def _submit(self) -> None:
        if self._claim_id is None:
            return
        values = self.form.values()
        self.wanted.emit(FollowedUp(self._claim_id, values["text"] or "", values["next_on"]))
