"""The chart beside the codes: the note as text, the scans, and the terms found in the note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.attachments import AttachmentRow, OpenedScan
from app.ui.jobs import Jobs
from app.ui.pages.encounters_chart_note import ChartNote, holds_scan
from app.ui.pages.encounters_chart_scan import ScanView
from app.ui.theme import dp
from app.ui.widgets.panel import Panel, label

_LONGEST_TAB = 18  # characters of a scan's name


class Kept(Protocol):
    """Where the look of the window is remembered on this computer: nothing personal."""

    def value(self, key: str, default: object = None, /) -> object:
        """What was kept, or the default."""

    def setValue(self, key: str, value: object, /) -> None:  # noqa: N802 - as QSettings has it
        """Keeps."""


class ChartPane(Panel):
    """Tabs for the note and each scan; below the note what was recognised in it.

    Attributes:
        picked: index of the scan whose tab was pressed, -1 for the note.
        given: ``QMimeData`` that was dropped.
        note, scan: the faces.
    """

    picked = Signal(int)
    given = Signal(object)

    def __init__(self, note: ChartNote, below: QWidget, jobs: Jobs | None = None) -> None:
        super().__init__("Chart note", flush=True)
        self.setAcceptDrops(True)
        self.setAccessibleName("Chart")
        self.note, self.scan = note, ScanView(jobs)
        self.note.setMinimumHeight(dp(72))
        self.note.setMaximumHeight(16777215)  # Qt's word for no limit
        self.note.setProperty("look", "plain")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scans: tuple[AttachmentRow, ...] = ()
        self._tabs = QWidget()
        self._row = QHBoxLayout(self._tabs)
        self._row.setContentsMargins(dp(12), dp(6), dp(12), dp(6))
        self._row.setSpacing(dp(6))
        self._group = QButtonGroup(self)
        self._buttons: list[QPushButton] = []
        self._where = label("", "muted")
        self._faces = QStackedWidget()
        self._faces.addWidget(self._note_face(below))
        self._faces.addWidget(self._scan_face())
        self.add(self._tabs)
        self.add(self._faces, 1)
        self.scan.turned.connect(self._tell_page)
        self.show_scans(())

    def _note_face(self, below: QWidget) -> QWidget:
        face = QWidget()
        column = QVBoxLayout(face)
        column.setContentsMargins(dp(8), dp(4), dp(8), dp(8))
        column.setSpacing(dp(6))
        column.addWidget(self.note, 3)
        column.addWidget(below, 2)
        return face

    def _scan_face(self) -> QWidget:
        face = QWidget()
        column = QVBoxLayout(face)
        column.setContentsMargins(dp(4), 0, dp(4), dp(4))
        column.setSpacing(dp(4))
        column.addWidget(self.scan, 1)
        row = QHBoxLayout()
        row.setContentsMargins(dp(8), 0, dp(8), 0)
        row.addWidget(self._where)
        row.addStretch(1)
        row.addWidget(label("Alt Page ↓ ↑ pages · + − 0 zoom · R turns", "muted"))
        column.addLayout(row)
        return face

    # --- scans --------------------------------------------------------------------------------
    def show_scans(self, scans: Sequence[AttachmentRow], chosen: int = -1) -> None:
        """Tabs for the note and for scans; ``chosen`` is the one in front, -1 the note."""
        self._scans = tuple(scans)
        for button in self._buttons:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        while self._row.count():
            self._row.takeAt(0)
        names = ["Note", *(_tab(row.name) for row in self._scans)]
        for number, name in enumerate(names):
            button = QPushButton(name)
            button.setCheckable(True)
            button.setProperty("look", "filter")
            button.setToolTip(f"{self._told(number)} (Ctrl Page ↓ ↑)")
            button.clicked.connect(lambda _on=False, n=number - 1: self.picked.emit(n))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons.append(button)
        self._row.addStretch(1)
        self._tabs.setVisible(bool(self._scans))
        self._buttons[min(chosen + 1, len(names) - 1)].setChecked(True)

    def _told(self, number: int) -> str:
        if not number:
            return "The note as text"
        row = self._scans[number - 1]
        return f"{row.name}, {row.pages} page{'s' * (row.pages != 1)}"

    def scans(self) -> tuple[AttachmentRow, ...]:
        """The scans of the visit."""
        return self._scans

    def chosen(self) -> int:
        """Index of the scan in front; -1 for the note."""
        return next((n for n, b in enumerate(self._buttons) if b.isChecked()), 0) - 1

    def show_note(self) -> None:
        """The note to the front; the scan's bytes are let go of."""
        self._buttons[0].setChecked(True)
        self._faces.setCurrentIndex(0)
        self.scan.show_scan(None)

    def show_scan(self, number: int, opened: OpenedScan) -> None:
        """A scan to the front."""
        self._buttons[number + 1].setChecked(True)
        self._faces.setCurrentIndex(1)
        self.scan.show_scan(opened)

    def is_on_scan(self) -> bool:
        """True while a scan is in front."""
        return self._faces.currentIndex() == 1

    def focus(self) -> None:
        """The cursor into what is in front."""
        face = self.scan if self.is_on_scan() else self.note
        face.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tell_page(self) -> None:
        page, pages = self.scan.page()
        self._where.setText(f"Page {page} of {pages}" if pages else "")

    # --- dropping -----------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures and files are welcome."""
        if holds_scan(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands on what was dropped."""
        self.given.emit(event.mimeData())
        event.acceptProposedAction()


def _tab(name: str) -> str:
    stem = name.rsplit(".", 1)[0] or name
    return stem if len(stem) <= _LONGEST_TAB else f"{stem[: _LONGEST_TAB - 1]}…"
