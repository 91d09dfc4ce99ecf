"""PDF pages as a crisp picture, zoomable, drawn from memory: no file is ever written."""

from __future__ import annotations

import pypdfium2 as pdfium
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme import dp

POINTS_PER_INCH = 72
STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)


class PagesView(QScrollArea):
    """Shows every page of a PDF under the other, fitted to the width until she zooms.

    Ctrl with the wheel, ``+`` and ``-`` zoom; ``0`` fits the width again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._zoom = 0.0  # 0 fits the width
        self._sheets: list[QLabel] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName("The claim as it prints")
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(dp(12))
        self.setWidget(self._inner)

    def show_pdf(self, pdf: bytes) -> None:
        """Shows another document; empty shows nothing."""
        if pdf != self._pdf:
            self._pdf = pdf
            self._draw()

    def zoom(self, step: int) -> None:
        """One step larger (+1), smaller (−1), or fitted to the width (0)."""
        now = self._zoom or self._fitted()
        if step == 0:
            self._zoom = 0.0
        elif step > 0:
            self._zoom = next((s for s in STEPS if s > now + 0.01), STEPS[-1])
        else:
            self._zoom = next((s for s in reversed(STEPS) if s < now - 0.01), STEPS[0])
        self._draw()

    def sheet_count(self) -> int:
        """How many pages are shown."""
        return len(self._sheets)

    def _fitted(self) -> float:
        """Pixels per CSS pixel (96 to the inch) that make a letter page as wide as the view."""
        wide = self.viewport().width() - dp(4)
        return max(0.3, wide / (8.5 * 96))

    def _draw(self) -> None:
        for sheet in self._sheets:
            self._column.removeWidget(sheet)
            sheet.deleteLater()
        self._sheets = []
        if not self._pdf:
            return
        scale = (self._zoom or self._fitted()) * 96 / POINTS_PER_INCH
        ratio = self.devicePixelRatioF()
        document = pdfium.PdfDocument(self._pdf)
        for number in range(len(document)):
            image = _image(document[number], scale * ratio)
            image.setDevicePixelRatio(ratio)
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(image))
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            sheet.setAccessibleName(f"Sheet {number + 1} of {len(document)}")
            self._column.addWidget(sheet)
            self._sheets.append(sheet)
        document.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the pages again while she has not zoomed."""
        super().resizeEvent(event)
        if not self._zoom and event.size().width() != event.oldSize().width():
            self._draw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """``+``, ``-`` and ``0`` zoom."""
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.zoom(step)


def _image(page: pdfium.PdfPage, scale: float) -> QImage:
    bitmap = page.render(scale=scale, prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
    )
    return image.copy()  # owns its bytes; pdfium's go with the bitmap
