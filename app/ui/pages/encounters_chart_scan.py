"""A scan shown a page at a time, drawn from memory: no file is ever written."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from app.services.attachments import OpenedScan
from app.ui.jobs import Jobs
from app.ui.pages.encounters_chart_pages import Pages, pages_of
from app.ui.reading import Reading
from app.ui.theme import dp

STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)  # times the width of the pane
_MOST_WIDE = 6000  # pixels; a page at 4 × on a wide screen
_BROKEN = "This page cannot be shown; the file may be damaged. Remove it and scan again."


class ScanView(QScrollArea):
    """One page, fitted to the width until she zooms; drawn beside the window's thread.

    While a page is being drawn the one before it stays in sight.

    Page keys turn pages, ``+``, ``-`` and ``0`` zoom, ``R`` turns the paper; Ctrl and the wheel
    zoom, too.

    Attributes:
        turned: another page, or another scan, is asked for.
        shown: it is in sight.
    """

    turned = Signal()
    shown = Signal()

    def __init__(self, jobs: Jobs | None = None, parent: QWidget | None = None) -> None:
        """Args: ``jobs`` draws beside the window; None on the spot."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Scan")
        self._paper = QLabel()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setWordWrap(True)
        self.setWidget(self._paper)
        self._pages: Pages | None = None
        self._reading = Reading(jobs, self, _bug)
        self._number, self._step, self._turns, self._drawn = 0, 0, 0, 0
        self._top = False

    # --- what it shows ------------------------------------------------------------------------
    def show_scan(self, scan: OpenedScan | None) -> None:
        """Shows another scan from its first page; None lets go of the one before."""
        if self._pages is not None:
            self._pages.close()
        self._pages = None
        self._number = self._step = self._turns = 0
        self._paper.clear()
        if scan is not None:
            self.setAccessibleName(f"Scan {scan.row.name}")
            self._pages = pages_of(scan)
            self._top = True
            self._draw()
        self.turned.emit()

    def page(self) -> tuple[int, int]:
        """The page shown, counted from 1, and how many there are; (0, 0) for none."""
        return (self._number + 1, self._pages.count) if self._pages is not None else (0, 0)

    def picture(self) -> QPixmap:
        """What is drawn."""
        return self._paper.pixmap()

    def turn_page(self, step: int) -> None:
        """Another page, ``step`` further; the first and the last stay."""
        if self._pages is None:
            return
        number = min(max(self._number + step, 0), self._pages.count - 1)
        if number != self._number:
            self._number = number
            self._top = True
            self._draw()
            self.turned.emit()

    def zoom(self, step: int) -> None:
        """Larger (+1), smaller (−1), fitted to the width (0)."""
        last = len(STEPS) - 1
        self._step = 0 if step == 0 else min(max(self._step + step, 0), last)
        self._draw()

    def rotate(self) -> None:
        """A quarter turn to the right; for looking at only, the scan stays as it is."""
        self._turns = (self._turns + 1) % 4
        self._draw()

    def _draw(self) -> None:
        self._drawn = self.viewport().width()
        pages = self._pages
        if pages is None or self._drawn < dp(40):
            return
        ratio = self.devicePixelRatioF()
        bar = self.verticalScrollBar().sizeHint().width()
        room = round((self.width() - bar - dp(2)) * STEPS[self._step] * ratio)
        number, wide, turns = self._number, max(1, min(room, _MOST_WIDE)), self._turns

        def home(image: QImage) -> None:
            if pages is self._pages:  # else another scan, or none, is in front by now
                self._put(image, ratio)
                self.shown.emit()

        self._reading.ask(lambda: pages.draw(number, wide, turns), home)

    def _put(self, image: QImage, ratio: float) -> None:
        if image.isNull():
            self._paper.setText(_BROKEN)
            return
        image.setDevicePixelRatio(ratio)
        self._paper.setPixmap(QPixmap.fromImage(image))
        if self._top:  # another page begins at its top
            self._top = False
            self.verticalScrollBar().setValue(0)

    # --- keys ---------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the page again."""
        super().resizeEvent(event)
        if self._pages is not None and abs(self.viewport().width() - self._drawn) > dp(20):
            self._draw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class; arrows scroll."""
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        ends = {Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
        key = Qt.Key(event.key())
        if (step := (pages | ends).get(key)) is not None:
            self.turn_page(step)
        elif (step := zooms.get(key)) is not None:
            self.zoom(step)
        elif key == Qt.Key.Key_R:
            self.rotate()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """A sheet of paper in small."""
        return QSize(dp(320), dp(400))


def _bug(error: BaseException) -> None:
    raise error
