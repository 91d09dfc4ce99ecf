"""The claim form as a picture whose boxes can be pointed at, walked through and marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.domain.claim_boxes import BoxArea, BoxView
from app.domain.findings import Severity
from app.ui.theme import dp
from app.ui.tokens import LIGHT
from app.ui.widgets.pages_view import PagesView, SheetView

PAGE_HEIGHT_IN = 11.0
_NEAR_IN = 0.12  # a click this far from a box still means it
_SIDEWAYS = 3.0  # how much worse a box aside is than one straight ahead
_TINT = 46  # alpha of a mark's ground, of 255

Place = tuple[int, str]  # sheet and box
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class FormPicture(PagesView):
    """Click a box, or walk: arrows to the box beside, Tab to the next filled one, Esc lets go.

    The paper is white in the dark scheme too, so marks are always drawn in the light colours.

    Attributes:
        chosen: the box pointed at (a ``BoxView``), or None.
        entered: Enter or a double click on a box.
    """

    chosen = Signal(object)
    entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[Place, BoxView] = {}
        self._changed: frozenset[Place] = frozenset()
        self._now: Place | None = None
        self._hover: Place | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # --- what is shown --------------------------------------------------------------------------
    def show_form(self, pdf: bytes, boxes: Sequence[BoxView]) -> None:
        """Shows a claim; the box pointed at stays when the form still has it."""
        self._boxes = {place_of(view): view for view in boxes}
        self._changed, self._hover = frozenset(), None
        self.show_pdf(pdf)
        self._point(self._now if self._now in self._boxes else None)

    def mark_changed(self, places: Iterable[Place]) -> None:
        """Tints the boxes that another version fills differently."""
        self._changed = frozenset(places)
        self._repaint()

    def current(self) -> BoxView | None:
        """The box pointed at."""
        return self._boxes.get(self._now) if self._now else None

    def go_to(self, place: Place | None) -> None:
        """Points at a box and scrolls it into sight; None lets go."""
        self._point(place if place in self._boxes else None)
        if self._now is not None:
            QTimer.singleShot(0, self, self._reveal)

    def _point(self, place: Place | None) -> None:
        self._now = place
        self._repaint()
        view = self.current()
        words = f"Box {view.box.name}: {view.box.text or 'blank'}" if view else ""
        self.setAccessibleDescription(words)
        self.chosen.emit(view)

    def _reveal(self) -> None:
        view = self.current()
        if view is None or view.box.sheet >= len(self._sheets):
            return
        sheet = self._sheets[view.box.sheet]
        middle = sheet.mapTo(self._inner, sheet.to_pixels(view.box.area).center().toPoint())
        self.ensureVisible(middle.x(), middle.y(), dp(120), dp(120))

    def _repaint(self) -> None:
        for sheet in self._sheets:
            sheet.update()

    # --- painting -------------------------------------------------------------------------------
    def _paint_over(self, painter: QPainter, sheet: SheetView) -> None:
        for place, view in self._boxes.items():
            if view.box.sheet != sheet.number:
                continue
            if role := self._role(place, view):
                ground = QColor(getattr(LIGHT, role))
                ground.setAlpha(_TINT)
                edge = QPen(QColor(getattr(LIGHT, role)), 1.5 if view.findings else 1.0)
                _frame(painter, sheet, view.box.area, edge, ground, 1.0)
        if (near := self._boxes.get(self._hover)) and near.box.sheet == sheet.number:  # type: ignore[arg-type]
            edge = QPen(QColor(LIGHT.accent), 1.0)
            _frame(painter, sheet, near.box.area, edge, QColor(0, 0, 0, 0), 2.0)
        if (view := self.current()) and view.box.sheet == sheet.number:  # type: ignore[assignment]
            edge = QPen(QColor(LIGHT.accent), 2.5)
            ground = QColor(LIGHT.accent)
            ground.setAlpha(0 if view.findings else _TINT // 2)
            _frame(painter, sheet, view.box.area, edge, ground, 3.0)

    def _role(self, place: Place, view: BoxView) -> str:
        if view.findings:
            bad = any(f.severity is Severity.ERROR for f in view.findings)
            return "bad" if bad else "warn"
        return "accent" if place in self._changed else ""

    # --- the mouse ------------------------------------------------------------------------------
    def _adopt(self, sheet: SheetView) -> None:
        sheet.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks and moves over a page."""
        if isinstance(watched, SheetView) and isinstance(event, QMouseEvent):
            place = self._place_at(watched, event.position())
            if event.type() == QEvent.Type.MouseMove:
                self._hover_at(watched, place)
            elif event.button() == Qt.MouseButton.LeftButton:
                self._clicked(event, place)
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _clicked(self, event: QMouseEvent, place: Place | None) -> None:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._point(place)
        elif event.type() == QEvent.Type.MouseButtonDblClick and place is not None:
            self._enter()

    def _hover_at(self, sheet: SheetView, place: Place | None) -> None:
        if place != self._hover:
            self._hover = place
            view = self._boxes[place] if place else None
            sheet.setToolTip(f"Box {view.box.name} · {view.comes_from}" if view else "")
            self._repaint()

    def _place_at(self, sheet: SheetView, at: QPointF) -> Place | None:
        x, y = sheet.to_inches(at)
        near = [
            (_distance(view.box.area, x, y), view.box.area.width * view.box.area.height, place)
            for place, view in self._boxes.items()
            if view.box.sheet == sheet.number
        ]
        if not near:
            return None
        distance, _, place = min(near)
        return place if distance <= _NEAR_IN else None

    # --- the keyboard ---------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter follows the box to its source, Esc lets go; the rest zooms."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._boxes:
            self.go_to(self._beside(*_STEPS[key]) if self._now else self._filled()[0])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not _held(event) and self._boxes:
            if self._now is None:
                self.go_to(self._filled()[0])
            else:
                self._enter()
        elif key == Qt.Key.Key_Escape and self._now is not None:
            self.go_to(None)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if (view := self.current()) is not None:
            self.entered.emit(view)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """While a box is pointed at, Tab goes through the filled ones; else it leaves."""
        if self._now is not None:
            order = self._filled()
            at = order.index(self._now) + (1 if forward else -1)
            if 0 <= at < len(order):
                self.go_to(order[at])
                return True
        return super().focusNextPrevChild(forward)

    def _filled(self) -> list[Place]:
        """What Tab stops at: boxes with a text or a finding, and the one pointed at."""
        found = [p for p, v in self._boxes.items() if v.box.text or v.findings or p == self._now]
        return found or list(self._boxes)[:1]

    def _beside(self, right: int, down: int) -> Place | None:
        """The nearest box in a direction; over the foot of a sheet it goes on to the next."""
        view = self.current()
        if view is None:
            return None
        x, y = _middle(view)
        best = (float("inf"), self._now)
        for place, other in self._boxes.items():
            east, south = _middle(other)[0] - x, _middle(other)[1] - y
            ahead, aside = (
                (east * right, abs(south)) if right else (south * down, _aside(view, other))
            )
            if ahead > 0.02 and (not right or aside < 0.1):
                best = min(best, (ahead + _SIDEWAYS * aside, place), key=lambda b: b[0])
        return best[1]


def place_of(view: BoxView) -> Place:
    """Sheet and id of a box."""
    return view.box.sheet, view.box.box_id


def _held(event: QKeyEvent) -> bool:
    return bool(event.modifiers().value & ~Qt.KeyboardModifier.KeypadModifier.value)


def _middle(view: BoxView) -> tuple[float, float]:
    area = view.box.area
    top = view.box.sheet * PAGE_HEIGHT_IN + area.top
    return area.left + area.width / 2, top + area.height / 2


def _aside(one: BoxView, other: BoxView) -> float:
    """How far apart two boxes are sideways, inches; 0 where one stands over the other."""
    a, b = one.box.area, other.box.area
    return max(0.0, max(a.left, b.left) - min(a.left + a.width, b.left + b.width))


def _distance(area: BoxArea, x: float, y: float) -> float:
    """Inches from a point to a box; 0 inside."""
    east = max(area.left - x, 0.0, x - area.left - area.width)
    south = max(area.top - y, 0.0, y - area.top - area.height)
    return float((east**2 + south**2) ** 0.5)


def _frame(
    painter: QPainter, sheet: SheetView, area: BoxArea, edge: QPen, ground: QColor, margin: float
) -> None:
    painter.setPen(edge)
    painter.setBrush(ground)
    painter.drawRoundedRect(sheet.to_pixels(area, margin), 2, 2)
