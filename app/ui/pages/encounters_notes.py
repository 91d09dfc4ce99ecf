"""The instructional notes of the diagnosis under the cursor, in one or two quiet lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from app.domain.icd import NoteKind
from app.services.code_set_rows import CodeNote
from app.ui.widgets.panel import ElidedLabel

# What must be known before a code is left: in this order; the rest stands in the tooltip.
_WORDS = {
    NoteKind.CODE_FIRST: "Code first",
    NoteKind.EXCLUDES1: "Never with (Excludes1)",
    NoteKind.SEVENTH: "7th character",
    NoteKind.USE_ADDITIONAL: "Add",
    NoteKind.CODE_ALSO: "Code also",
    NoteKind.EXCLUDES2: "Not included here (Excludes2)",
    NoteKind.INCLUDES: "Includes",
    NoteKind.INCLUSION: "Also called",
    NoteKind.NOTE: "Note",
}
_URGENT = (
    NoteKind.CODE_FIRST,
    NoteKind.EXCLUDES1,
    NoteKind.USE_ADDITIONAL,
    NoteKind.CODE_ALSO,
)


class CodeNotes(ElidedLabel):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__("", "muted")
        self.setAccessibleName("Notes on this diagnosis")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def show_notes(self, notes: Sequence[CodeNote]) -> None:
        """The urgent notes in a line; all of them, with where they stand, in the tooltip."""
        urgent = [note for kind in _URGENT for note in notes if note.kind is kind]
        self.setText(" · ".join(f"{_WORDS[n.kind]}: {n.text}" for n in urgent))
        self.setVisible(bool(urgent))
        lines = [
            f"{_WORDS[note.kind]}: {note.text}  ({note.at})"
            for kind in _WORDS
            for note in notes
            if note.kind is kind
        ]
        self.setToolTip("\n".join(lines))
