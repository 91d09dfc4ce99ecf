"""PDF pages as a crisp picture, zoomable, drawn from memory: no file is ever written."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2 as pdfium
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.claim_boxes import BoxArea
from app.domain.turns import PDFIUM
from app.ui.theme import dp

POINTS_PER_INCH = 72
PIXELS_PER_INCH = 96  # at zoom 1
STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)

Overlay = Callable[[QPainter, "SheetView"], None]


class SheetView(QWidget):
    """One page. Knows how inches on paper and pixels on the screen relate, at every zoom.

    Attributes:
        number: of the sheet, from 0.
    """

    def __init__(self, number: int, image: QImage, pixels_per_inch: float, over: Overlay) -> None:
        super().__init__()
        self.number = number
        self._pixmap, self._per_inch, self._over = QPixmap.fromImage(image), pixels_per_inch, over
        size = self._pixmap.deviceIndependentSize()
        self.setMinimumSize(round(size.width()), round(size.height()))
        self.setMouseTracking(True)

    def _left(self) -> float:
        return (self.width() - self._pixmap.deviceIndependentSize().width()) / 2

    def to_pixels(self, area: BoxArea, margin: float = 0.0) -> QRectF:
        """An area of the paper in this widget's pixels, ``margin`` pixels larger all round."""
        scale = self._per_inch
        box = QRectF(area.left * scale, area.top * scale, area.width * scale, area.height * scale)
        return box.translated(self._left(), 0).adjusted(-margin, -margin, margin, margin)

    def to_inches(self, at: QPointF) -> tuple[float, float]:
        """A point of this widget in inches from the top left paper corner."""
        return (at.x() - self._left()) / self._per_inch, at.y() / self._per_inch

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, and what stands over it."""
        painter = QPainter(self)
        painter.drawPixmap(QPointF(self._left(), 0), self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._over(painter, self)


class PagesView(QScrollArea):
    """Shows every page of a PDF under the other, fitted to the width until she zooms.

    Ctrl with the wheel, ``+`` and ``-`` zoom; ``0`` fits the width again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._zoom = 0.0  # 0 fits the width
        self._drawn_wide = 0
        self._sheets: list[SheetView] = []
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

    def sheets(self) -> tuple[SheetView, ...]:
        """The pages shown, first page first."""
        return tuple(self._sheets)

    def _paint_over(self, painter: QPainter, sheet: SheetView) -> None:
        """Nothing stands over the page here; a subclass may mark places of it."""

    def _fitted(self) -> float:
        """Pixels per CSS pixel (96 to the inch) that make a letter page as wide as the view."""
        # The scroll bar's room is always left free: else it comes and goes with every drawing.
        wide = self.width() - self.verticalScrollBar().sizeHint().width() - dp(4)
        return max(0.3, wide / (8.5 * PIXELS_PER_INCH))

    def _draw(self) -> None:
        for sheet in self._sheets:
            self._column.removeWidget(sheet)
            sheet.hide()
            sheet.deleteLater()
        self._sheets, self._drawn_wide = [], self.width()
        if not self._pdf:
            return
        per_inch = (self._zoom or self._fitted()) * PIXELS_PER_INCH
        ratio = self.devicePixelRatioF()
        images = _images(self._pdf, per_inch / POINTS_PER_INCH * ratio)
        for number, image in enumerate(images):
            image.setDevicePixelRatio(ratio)
            sheet = SheetView(number, image, per_inch, self._paint_over)
            sheet.setAccessibleName(f"Sheet {number + 1} of {len(images)}")
            self._adopt(sheet)
            self._column.addWidget(sheet)
            self._sheets.append(sheet)

    def _adopt(self, sheet: SheetView) -> None:
        """Called with every new page before it is shown."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the pages again while she has not zoomed."""
        super().resizeEvent(event)
        if not self._zoom and self.width() != self._drawn_wide:
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


def _images(pdf: bytes, scale: float) -> list[QImage]:
    with PDFIUM:
        document = pdfium.PdfDocument(pdf)
        try:
            return [_image(document[number], scale) for number in range(len(document))]
        finally:
            document.close()


def _image(page: pdfium.PdfPage, scale: float) -> QImage:
    bitmap = page.render(scale=scale, prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
    ).copy()  # owns its bytes; pdfium's go with the bitmap
    bitmap.close()
    page.close()
    return image
