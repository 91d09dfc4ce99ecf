"""Where things stand on the encounters page: list or chart at the left, the codes at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app.ui.pages.encounters_chart import Kept
from app.ui.theme import dp, scale_now

LIST, AGAIN, CHART = 0, 1, 2
LIST_WIDE, CHART_WIDE, CHART_LEAST = 320, 392, 240  # pixels at 100 %
NARROW = 1040  # below this left and right take turns
_WIDTH_KEY, _OPEN_KEY = "encounters/chart_width", "encounters/chart_open"


class Frame(QSplitter):
    """List or chart, and the codes beside it; in a narrow window they take turns.

    The chart's width, and whether it is open, are remembered on this computer.

    Attributes:
        changed: something else is in front.
    """

    changed = Signal()

    def __init__(self, faces: tuple[QWidget, QWidget, QWidget], right: QWidget, kept: Kept) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._kept = kept
        self._list, self._list_wanted = LIST, False
        self._chart_wide = str(kept.value(_OPEN_KEY, "yes")) == "yes"
        self._chart_narrow = False
        self._open = False
        self.left, self.right = QStackedWidget(), right
        for face in faces:
            self.left.addWidget(face)
        for part in (self.left, self.right):
            self.addWidget(part)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(dp(16))
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self._placed: tuple[bool, bool, int] | None = None
        self.splitterMoved.connect(self._moved)

    # --- what is wanted -----------------------------------------------------------------------
    def is_narrow(self) -> bool:
        """True when left and right have no room side by side."""
        return self.width() < dp(NARROW)

    def list_shown(self) -> bool:
        """True while a list is in front at the left."""
        return self.left.isVisibleTo(self) and self.left.currentIndex() != CHART

    def chart_shown(self) -> bool:
        """True while the chart is in sight."""
        return self.left.isVisibleTo(self) and self.left.currentIndex() == CHART

    def want_list(self, on: bool, which: int | None = None) -> None:
        """A list at the left instead of the chart; ``which``: LIST or AGAIN."""
        self._list_wanted = on
        self._list = self._list if which is None else which
        self.arrange(self._open)

    def list_wanted(self) -> bool:
        """True while she asked for a list beside the open encounter."""
        return self._list_wanted

    def want_chart(self, on: bool) -> None:
        """Opens the chart, or folds it away."""
        self._list_wanted = False
        if self.is_narrow():
            self._chart_narrow = on
        else:
            self._chart_wide = on
            self._kept.setValue(_OPEN_KEY, "yes" if on else "no")
        self.arrange(self._open)

    # --- arranging ----------------------------------------------------------------------------
    def arrange(self, open_now: bool) -> None:
        """Places everything for the width there is; ``open_now``: an encounter is in front."""
        if not open_now:
            self._list_wanted = self._chart_narrow = False
        self._open = open_now
        narrow = self.is_narrow()
        chart = self._chart_narrow if narrow else self._chart_wide
        face = self._list if self._list_wanted or not open_now else CHART
        left = not open_now or self._list_wanted or chart
        right = open_now and not (narrow and left)
        self.left.setCurrentIndex(face)
        self.left.setMinimumWidth(dp(CHART_LEAST) if right else 0)
        self.left.setVisible(left)
        self.right.setVisible(right)
        placed = (left, right, face)
        if left and right and placed != self._placed:
            self._place(face)
        self._placed = placed
        self.changed.emit()

    def _place(self, face: int) -> None:
        wide = dp(LIST_WIDE)
        if face == CHART:
            kept = str(self._kept.value(_WIDTH_KEY, CHART_WIDE))
            wide = dp(int(kept) if kept.isdigit() else CHART_WIDE)
        room = self.width() - self.handleWidth()
        wide = max(dp(CHART_LEAST), min(wide, room - dp(560)))
        self.setSizes([wide, room - wide])

    def _moved(self, at: int, _index: int) -> None:
        if self.left.currentIndex() == CHART:
            self._kept.setValue(_WIDTH_KEY, round(at / scale_now()))
