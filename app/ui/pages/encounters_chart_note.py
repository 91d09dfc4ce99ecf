"""The chart note as text: typed, pasted, with the words that were recognised tinted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from app.ui.theme import colour
from app.ui.widgets.choice import TextArea

HINT = "Paste or type the chart note, or drop a scan here; code from it at the right."


@dataclass(frozen=True, slots=True)
class Tint:
    """A stretch of the note (characters from ``start`` to ``end``) and the ground it stands on."""

    start: int
    end: int
    role: str  # a colour of the theme


class ChartNote(TextArea):
    """Takes words; pictures and files that are pasted or dropped here become scans.

    Attributes:
        scan_given: the ``QMimeData`` of a picture or of files.
    """

    scan_given = Signal(object)

    def __init__(self) -> None:
        super().__init__(hint=HINT)
        self.setAccessibleName("Chart note")
        self._tints: tuple[Tint, ...] = ()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Words, pictures and files."""
        return holds_scan(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """A picture or a file goes to the scans, words into the note."""
        if holds_scan(source):
            self.scan_given.emit(source)
        elif not self.isReadOnly():
            self.insertPlainText(source.text())

    def tint(self, tints: Sequence[Tint]) -> None:
        """Tints stretches of the note in place of those before."""
        self._tints = tuple(tints)
        made = []
        for one in self._tints:
            selection = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(colour(one.role))
            look.setForeground(colour("text"))
            cursor = QTextCursor(self.document())
            last = max(0, self.document().characterCount() - 1)
            cursor.setPosition(min(one.start, last))
            cursor.setPosition(min(one.end, last), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, look
            made.append(selection)
        self.setExtraSelections(made)

    def tints(self) -> tuple[Tint, ...]:
        """What is tinted."""
        return self._tints

    def show_place(self, start: int) -> None:
        """Scrolls a place of the note into sight; the cursor stays where it is."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, max(0, self.document().characterCount() - 1)))
        block = cursor.block()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset())
        if top.top() < 0 or top.bottom() > self.viewport().height():
            self.verticalScrollBar().setValue(block.firstLineNumber())


def holds_scan(source: QMimeData) -> bool:
    """True for a picture, or for files of this computer; text with a picture of itself is text."""
    if source.hasUrls() and any(url.isLocalFile() for url in source.urls()):
        return True
    return source.hasImage() and not source.hasText()
