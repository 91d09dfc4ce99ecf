"""The operations of a sheet on a painter: one character a cell, each where the PDF has it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.domain.print_fit import NO_FIT, PrintFit
from app.domain.print_ops import (
    FONT_SIZE_PT,
    PAGE_HEIGHT_PT,
    Box,
    Caption,
    Face,
    Operation,
    Rule,
    Run,
    Shade,
    SheetOps,
)
from app.ui.theme import MONO_FAMILY, UI_FAMILY

FORM_INK, FORM_TINT = QColor(184, 33, 33), QColor(250, 230, 227)
_DASH_PT = 1.6


class SheetPainter:
    """Draws sheets on a painter whose unit is one device pixel.

    A run of text drifts by up to 1.4 points over a line when it is drawn as a string: fonts advance
    by whole pixels there. So every character is placed by itself, with the font set in pixels.

    Args:
        painter: on a page of US Letter whose upper left corner is the paper's.
        dots_per_inch: of the device.
        fit: the printer's own correction.
    """

    def __init__(self, painter: QPainter, dots_per_inch: float, fit: PrintFit = NO_FIT) -> None:
        self._painter, self._fit = painter, fit
        self._dots = dots_per_inch / 72
        self._text = QFont(MONO_FAMILY)
        self._text.setPixelSize(round(FONT_SIZE_PT * self._dots))
        self._text.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._text.setKerning(False)
        self._faces: dict[tuple[Face, float], QFont] = {}

    def draw(self, sheet: SheetOps) -> None:
        """The whole sheet."""
        self._draw_form(sheet.form)
        self._draw_form(sheet.notes)
        self._draw_data(sheet.data)

    def point(self, x_pt: float, y_pt: float) -> QPointF:
        """Where a point of the sheet (from the bottom left, y upwards) lies on the device."""
        x, y = self._fit.place(x_pt, PAGE_HEIGHT_PT - y_pt)
        return QPointF(x * self._dots, y * self._dots)

    def _draw_data(self, runs: Iterable[Run]) -> None:
        painter = self._painter
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(self._text)
        for run in runs:
            for x, char in run.cells():
                painter.drawText(self.point(x, run.y_pt), char)

    def _draw_form(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            match operation:
                case Shade(x, y, width, height):
                    self._painter.fillRect(self._rect(x, y, width, height), FORM_TINT)
                case Rule(x1, y1, x2, y2):
                    self._painter.setPen(self._pen(operation.weight_pt, dashed=operation.dashed))
                    self._painter.drawLine(self.point(x1, y1), self.point(x2, y2))
                case Box(x, y, width, height, weight):
                    self._painter.setPen(self._pen(weight))
                    self._painter.setBrush(Qt.BrushStyle.NoBrush)
                    self._painter.drawRect(self._rect(x, y, width, height))
                case Caption():
                    self._draw_caption(operation)
                case Run():
                    self._draw_data((operation,))

    def _rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        return QRectF(self.point(x, y + height), self.point(x + width, y))

    def _pen(self, weight_pt: float, *, dashed: bool = False) -> QPen:
        pen = QPen(FORM_INK, weight_pt * self._dots)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if dashed:
            pen.setDashPattern([_DASH_PT / weight_pt] * 2)  # in widths of the pen
        return pen

    def _draw_caption(self, caption: Caption) -> None:
        painter, font = self._painter, self._face(caption.face, caption.size_pt)
        painter.save()
        painter.setPen(FORM_INK)
        painter.setFont(font)
        painter.translate(self.point(caption.x_pt, caption.y_pt))
        if caption.upwards:
            painter.rotate(-90)
        wide = QFontMetricsF(font).horizontalAdvance(caption.text)
        if caption.width_pt and wide:
            painter.scale(caption.width_pt * self._dots / wide, 1)
        painter.drawText(QPointF(0, 0), caption.text)
        painter.restore()

    def _face(self, face: Face, size_pt: float) -> QFont:
        font = self._faces.get((face, size_pt))
        if font is None:
            font = QFont(UI_FAMILY)
            font.setPixelSize(max(1, round(size_pt * self._dots)))
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            font.setBold(face in (Face.BOLD, Face.BOLD_ITALIC))
            font.setItalic(face in (Face.ITALIC, Face.BOLD_ITALIC))
            self._faces[face, size_pt] = font
        return font
