"""Small shapes painted the same way everywhere: pills, key chips, figures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.ui.theme import dp, ui_font
from app.ui.tokens import Tokens

ROLES = ("ok", "warn", "bad", "neutral")


def pill_font() -> QFont:
    """The font of pills and chips at the scale in force."""
    return ui_font(dp(12))


def pill_width(text: str) -> int:
    """Width a pill with ``text`` needs, in pixels."""
    return round(QFontMetricsF(pill_font()).horizontalAdvance(text)) + dp(29)


def pill_height() -> int:
    """Height of every pill, in pixels."""
    return dp(20)


def draw_pill(painter: QPainter, box: QRectF, text: str, role: str, tokens: Tokens) -> None:
    """A word on a tinted ground with a shape before it; colour alone never carries the status."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(getattr(tokens, f"{role}_soft")))
    painter.drawRoundedRect(box, dp(3), dp(3))
    ink = QColor(getattr(tokens, role))
    draw_shape(painter, QPointF(box.left() + dp(11), box.center().y()), dp(3.6), role, ink)
    painter.setPen(ink)
    painter.setFont(pill_font())
    painter.drawText(
        box.adjusted(dp(20), 0, 0, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        text,
    )
    painter.restore()


def draw_shape(painter: QPainter, at: QPointF, radius: float, role: str, ink: QColor) -> None:
    """Tick for ok, triangle for warn, cross for bad, ring for neutral, round ``at``."""
    pen = QPen(ink, max(1.5, radius * 0.42))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y, r = at.x(), at.y(), radius
    if role == "ok":
        painter.drawPolyline(
            [QPointF(x - r, y), QPointF(x - r * 0.25, y + r * 0.7), QPointF(x + r, y - r * 0.8)]
        )
    elif role == "warn":
        corners = [QPointF(x, y - r), QPointF(x + r, y + r * 0.8), QPointF(x - r, y + r * 0.8)]
        painter.drawPolygon(QPolygonF(corners))
    elif role == "bad":
        s = r * 0.8
        painter.drawLine(QPointF(x - s, y - s), QPointF(x + s, y + s))
        painter.drawLine(QPointF(x - s, y + s), QPointF(x + s, y - s))
    else:
        painter.drawEllipse(at, r * 0.8, r * 0.8)


def chip_font() -> QFont:
    """The font of key chips."""
    return ui_font(dp(11))


def chip_width(text: str) -> int:
    """Width a key chip needs, in pixels."""
    return round(QFontMetricsF(chip_font()).horizontalAdvance(text)) + dp(10)


def draw_chip(painter: QPainter, box: QRectF, text: str, ink: QColor, edge: QColor) -> None:
    """A key cap: thin frame, small letters."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), dp(3), dp(3))
    painter.setFont(chip_font())
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
