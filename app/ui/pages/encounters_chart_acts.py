"""What can be done with the chart: attach, paste, drop, look at, turn, remove with Undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from app.domain.errors import AppError, Refused
from app.services.attachments import AttachmentRow, AttachmentService
from app.ui.guard import guard
from app.ui.jobs import Jobs
from app.ui.page import Page
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_chart import ChartPane
from app.ui.pages.encounters_chart_note import holds_scan
from app.ui.widgets.notice import NoticeText

_WANTED = "Scans (*.pdf *.png *.jpg *.jpeg *.tif *.tiff);;All files (*)"
_BIG = 2 * 1024 * 1024  # bytes; what is larger is written by the worker


class ChartActs(QObject):
    """Keeps the chart pane and the visit's scans together."""

    def __init__(
        self,
        scans: AttachmentService,
        bench: CodingBench,
        pane: ChartPane,
        owner: Page,
        jobs: Jobs | None,
    ) -> None:
        super().__init__(owner)
        self._scans, self._bench, self._pane, self._owner = scans, bench, pane, owner
        self._jobs = jobs
        self._shown_for: int | None = None
        pane.picked.connect(self.look_at)
        pane.given.connect(self.take)
        pane.note.scan_given.connect(self.take)
        bench.shown.connect(self.follow)

    # --- looking ------------------------------------------------------------------------------
    def follow(self) -> None:
        """Another visit is in front: its scans, the note first."""
        encounter_id = self._bench.encounter_id()
        if encounter_id == self._shown_for and encounter_id is not None:
            return
        self._shown_for = encounter_id
        with guard(self._owner, say=self._owner.notify.emit):
            self._pane.show_scans(self._scans.of_encounter(encounter_id) if encounter_id else ())
        self._pane.show_note()
        rows = self._pane.scans()
        if rows and not self._pane.note.value():
            self.look_at(0)

    def look_at(self, number: int) -> None:
        """A scan, or the note (-1), to the front; the look is audited."""
        if number < 0:
            self._pane.show_note()
            return
        with guard(self._owner, say=self._owner.notify.emit):
            opened = self._scans.open(self._pane.scans()[number].attachment_id)
            self._pane.show_scan(number, opened)

    def next_scan(self, step: int) -> None:
        """The next of note and scans, round and round."""
        count = len(self._pane.scans()) + 1
        self.look_at((self._pane.chosen() + 1 + step) % count - 1)

    def turn_page(self, step: int) -> None:
        """Another page of the scan in front, wherever the cursor is."""
        self._pane.scan.turn_page(step)

    # --- attaching ----------------------------------------------------------------------------
    def ask_file(self) -> None:
        """Asks which file to attach."""
        if not self._bench.is_open():
            return
        path, _ = QFileDialog.getOpenFileName(self._owner, "Attach a scan", "", _WANTED)
        if path:
            self.attach_file(Path(path))

    def attach_file(self, path: Path) -> None:
        """Reads a file and keeps it with the visit; the file itself stays where it is."""
        with guard(self._owner, say=self._owner.notify.emit):
            try:
                if path.stat().st_size > self._scans.most_bytes:
                    raise Refused(
                        "file_too_big",
                        "This file has more than 25 MB. Scan at 200 or 300 dpi, or split it.",
                    )
                content = path.read_bytes()
            except OSError as error:
                raise Refused(
                    "unreadable", "This file cannot be read. Check that it is still there."
                ) from error
            self._attach(path.name, content)

    def paste(self) -> None:
        """What lies in the clipboard: a picture or files become scans, words go into the note."""
        found = QApplication.clipboard().mimeData()
        if holds_scan(found):
            self.take(found)
        elif found.hasText() and self._bench.is_coding():
            self._pane.show_note()
            self._pane.note.insertFromMimeData(found)
            self._pane.note.setFocus()
        else:
            self._say("The clipboard holds neither a picture nor text.", "bad")

    def take(self, found: QMimeData) -> None:
        """Keeps pictures and files that were pasted or dropped."""
        files = [Path(url.toLocalFile()) for url in found.urls() if url.isLocalFile()]
        for path in files:
            self.attach_file(path)
        image = None if files else found.imageData()
        if isinstance(image, QImage) and not image.isNull():
            count = len(self._pane.scans()) + 1
            with guard(self._owner, say=self._owner.notify.emit):
                self._attach(f"Picture {count}.png", _png(image))

    def _attach(self, name: str, content: bytes) -> None:
        if not self._bench.is_open():
            raise Refused("no_visit", "Open a visit first; a scan belongs to one.")
        scan = self._scans.examine(name, content)
        encounter_id = self._bench.kept_id()
        if self._jobs is None or len(content) <= _BIG:
            self._attached(self._scans.add(encounter_id, scan))
            return
        self._jobs.run(
            lambda _progress: self._scans.add(encounter_id, scan),
            self._attached,
            self._failed,
            name="Keeping the scan",
        )

    def _failed(self, error: BaseException) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            raise error

    def _attached(self, row: AttachmentRow) -> None:
        self._say_with_undo(
            f"{row.name} attached, encrypted with the visit.", lambda: self._remove(row)
        )
        if self._bench.encounter_id() == row.encounter_id:
            self._show(row.encounter_id, row.attachment_id)

    # --- removing -----------------------------------------------------------------------------
    def remove(self) -> None:
        """Takes the scan in front away from the visit; Undo puts it back."""
        number = self._pane.chosen()
        if number < 0 or number >= len(self._pane.scans()):
            self._say("Show the scan first (Ctrl Page ↓), then remove it.", "bad")
            return
        row = self._pane.scans()[number]
        self._remove(row)
        self._say_with_undo(f"{row.name} removed.", lambda: self._bring_back(row))

    def _remove(self, row: AttachmentRow) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            self._scans.remove(row.attachment_id)
            self._show(row.encounter_id)

    def _bring_back(self, row: AttachmentRow) -> None:
        with guard(self._owner, say=self._owner.notify.emit):
            self._scans.bring_back(row.attachment_id)
            self._show(row.encounter_id, row.attachment_id)

    def _show(self, encounter_id: int, wanted: int | None = None) -> None:
        """The scans read again, ``wanted`` in front; only while their visit is."""
        if self._bench.encounter_id() != encounter_id:
            return
        self._shown_for = encounter_id
        rows = self._scans.of_encounter(encounter_id)
        number = next((n for n, r in enumerate(rows) if r.attachment_id == wanted), -1)
        self._pane.show_scans(rows, number)
        self.look_at(number)

    def _say(self, words: str, look: str = "") -> None:
        self._owner.notify.emit(NoticeText(words, look))

    def _say_with_undo(self, words: str, undo: Callable[[], None]) -> None:
        self._owner.notify.emit(NoticeText(words, undo=undo))


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise AppError("The picture in the clipboard cannot be read. Copy it again.")
    return bytes(buffer.data().data())
