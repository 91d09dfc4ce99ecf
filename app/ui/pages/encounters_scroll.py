"""Keeps the field with the cursor in sight while the coding sheet scrolls."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.ui.grid import EntryGrid
from app.ui.theme import dp


class CursorFollower(QObject):
    """Scrolls ``area`` to whatever in ``sheet`` takes the keyboard; in ``grid`` to the cell."""

    def __init__(self, area: QScrollArea, sheet: QWidget, grid: EntryGrid) -> None:
        super().__init__(area)
        self._area, self._sheet, self._grid = area, sheet, grid
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
        grid.view.selectionModel().currentChanged.connect(self._follow_cell)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self._sheet.isAncestorOf(now):
            return
        if now is self._grid.view:
            self._follow_cell()
        else:
            self._area.ensureWidgetVisible(now, dp(48), dp(48))

    def _follow_cell(self) -> None:
        view = self._grid.view
        box = view.visualRect(view.currentIndex())
        if box.isValid():
            at = view.viewport().mapTo(self._sheet, QPoint(box.center()))
            self._area.ensureVisible(at.x(), at.y(), dp(48), dp(64))
