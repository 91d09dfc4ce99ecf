"""A scan shown a page at a time, drawn from memory: no file is ever written."""

from __future__ import annotations

from typing import Protocol

import pypdfium2 as pdfium
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QKeyEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from app.services.attachments import OpenedScan
from app.ui.theme import dp

STEPS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)  # times the width of the pane
_MOST_WIDE = 6000  # pixels; a page at 4 × on a wide screen
_COVER = Qt.AspectRatioMode.KeepAspectRatioByExpanding
_BROKEN = "This page cannot be shown; the file may be damaged. Remove it and scan again."


class Pages(Protocol):
    """The pages of an opened scan."""

    count: int

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """One page ``wide`` pixels wide after ``turns`` quarter turns; null when it cannot be."""

    def close(self) -> None:
        """Lets go of the bytes."""


class PdfPages:
    """Pages of a PDF, by pdfium."""

    def __init__(self, content: bytes) -> None:
        self._document = pdfium.PdfDocument(content)
        self.count = len(self._document)

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """See ``Pages``."""
        page = self._document[number]
        across, high = page.get_size()
        size = high if turns % 2 else across
        bitmap = page.render(scale=wide / max(size, 1), rotation=turns * 90, prefer_bgrx=True)
        form = QImage.Format.Format_RGB32
        image = QImage(
            bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form
        ).copy()  # owns its bytes; pdfium's go with the bitmap
        bitmap.close()
        page.close()
        return image

    def close(self) -> None:
        """See ``Pages``."""
        self._document.close()


class ImagePages:
    """One picture, or the pages of a TIFF, by Qt.

    A JPEG is read at about the size it is shown in, which is several times faster; of the others
    the page last read is kept, so that zooming does not read it again.
    """

    def __init__(self, content: bytes, count: int) -> None:
        self._content, self.count = QByteArray(content), count
        self._kept: tuple[int, QImage] | None = None

    def draw(self, number: int, wide: int, turns: int) -> QImage:
        """See ``Pages``; the picture's own note on which way is up is followed."""
        image = self._read(number, wide)
        if image.isNull():
            return image
        if turns:
            image = image.transformed(QTransform().rotate(90 * turns))
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaledToWidth(max(1, wide), smooth)

    def _read(self, number: int, wide: int) -> QImage:
        if self._kept is not None and self._kept[0] == number:
            return self._kept[1]
        buffer = QBuffer(self._content)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        if number:
            reader.jumpToImage(number)
        size, quick = reader.size(), reader.format().data() == b"jpeg"
        if quick and min(size.width(), size.height()) > 2 * wide:
            reader.setScaledSize(size.scaled(2 * wide, 2 * wide, _COVER))
        image = reader.read()
        del reader  # before its buffer: the TIFF reader still touches it when it goes
        if not quick:
            self._kept = number, image
        return image

    def close(self) -> None:
        """See ``Pages``."""
        self._content, self._kept = QByteArray(), None


class ScanView(QScrollArea):
    """One page, fitted to the width until she zooms.

    Page keys turn pages, ``+``, ``-`` and ``0`` zoom, ``R`` turns the paper; Ctrl and the wheel
    zoom, too.

    Attributes:
        turned: another page, or another scan, is in front.
    """

    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
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
        self._number, self._step, self._turns, self._drawn = 0, 0, 0, 0

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
            if scan.row.kind == "pdf":
                self._pages = PdfPages(scan.content)
            else:
                self._pages = ImagePages(scan.content, scan.row.pages)
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
            self._draw()
            self.verticalScrollBar().setValue(0)
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
        if self._pages is None or self._drawn < dp(40):
            return
        ratio = self.devicePixelRatioF()
        bar = self.verticalScrollBar().sizeHint().width()
        wide = min(round((self.width() - bar - dp(2)) * STEPS[self._step] * ratio), _MOST_WIDE)
        image = self._pages.draw(self._number, max(wide, 1), self._turns)
        if image.isNull():
            self._paper.setText(_BROKEN)
            return
        image.setDevicePixelRatio(ratio)
        self._paper.setPixmap(QPixmap.fromImage(image))

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
