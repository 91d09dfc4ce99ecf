"""Stacked bars: who owes, by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.money import Cents, format_cents
from app.ui.theme import colour, dp, ui_font

BUCKETS = ("0–30", "31–60", "61–90", "91–120", "121+")


@dataclass(frozen=True, slots=True)
class AgingBar:
    """One age bucket (days in ``name``); amounts in cents, credits count as nothing here."""

    name: str
    insurers: Cents
    patients: Cents

    @property
    def total(self) -> int:
        """Height of the bar, in cents."""
        return max(0, self.insurers) + max(0, self.patients)


class AgingBars(QWidget):
    """Insurers over patients per age bucket, whole dollars above each bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[AgingBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[AgingBar]) -> None:
        """Shows ``bars`` from left to right; a reader hears them as sentences."""
        self._bars = tuple(bars)
        self.setAccessibleName("Who owes, by age")
        self.setAccessibleDescription(
            ". ".join(
                f"{b.name} days: insurers {format_cents(b.insurers)},"
                f" patients {format_cents(b.patients)}"
                for b in self._bars
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for five buckets."""
        return QSize(dp(300), dp(150))

    def minimumSizeHint(self) -> QSize:
        """Narrower it cannot be read."""
        return QSize(dp(220), dp(150))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, amounts, names, legend."""
        painter = QPainter(self)
        painter.setFont(ui_font(dp(11)))
        top = max((bar.total for bar in self._bars), default=0)
        slot = self.width() / max(1, len(self._bars))
        for index, bar in enumerate(self._bars):
            self._draw_bar(painter, QRectF(index * slot, 0, slot, self.height() - dp(22)), bar, top)
        self._draw_legend(painter)

    def _draw_bar(self, painter: QPainter, slot: QRectF, bar: AgingBar, top: int) -> None:
        left, width = slot.left() + dp(4), min(dp(52), slot.width() - dp(16))
        base = slot.bottom() - dp(18)
        room = base - dp(18)
        total = room * bar.total / top if top else 0.0
        lower = room * max(0, bar.patients) / top if top else 0.0
        painter.fillRect(QRectF(left, base - total, width, total - lower), colour("accent"))
        painter.fillRect(QRectF(left, base - lower, width, lower), colour("accent_light"))
        painter.fillRect(QRectF(left, base, width, 1), colour("field_line"))
        painter.setPen(colour("text"))
        painter.drawText(
            QRectF(left, base - total - dp(18), slot.width(), dp(16)),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            f"{(bar.total + 50) // 100:,}",
        )
        painter.setPen(colour("muted"))
        painter.drawText(
            QRectF(left, base + dp(2), slot.width(), dp(16)), Qt.AlignmentFlag.AlignLeft, bar.name
        )

    def _draw_legend(self, painter: QPainter) -> None:
        x, y = dp(4), self.height() - dp(18)
        for role, word in (("accent", "insurers"), ("accent_light", "patients")):
            painter.fillRect(QRectF(x, y + dp(5), dp(8), dp(8)), colour(role))
            painter.setPen(colour("muted"))
            painter.drawText(
                QRectF(x + dp(12), y, dp(80), dp(18)), Qt.AlignmentFlag.AlignVCenter, word
            )
            x += dp(24) + painter.fontMetrics().horizontalAdvance(word)
