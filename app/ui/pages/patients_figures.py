"""A strip of totals, and tables that give up columns before they cut words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp, repolish
from app.ui.widgets.panel import Panel, label

Figure = tuple[str, str, str]


class FigureStrip(Panel):
    """Labelled amounts side by side, right-aligned like columns of a ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.body.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        self._row = QHBoxLayout()
        self._row.setSpacing(dp(24))
        self.body.addLayout(self._row)
        self._parts: list[tuple[Any, Any]] = []

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Shows (name, amount, mark); mark is empty or ``bad``."""
        while len(self._parts) < len(figures):
            self._add()
        for (name, amount), (words, text, look) in zip(self._parts, figures, strict=True):
            name.setText(words)
            amount.setText(text)
            amount.setAccessibleName(f"{words}: {text}")
            amount.setProperty("mark", look)
            repolish(amount)

    def _add(self) -> None:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(2))
        name, amount = label("", "label"), label("", "big")
        for part in (name, amount):
            part.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            column.addWidget(part)
        self._row.addWidget(box, 1)
        self._parts.append((name, amount))


@dataclass(frozen=True, slots=True)
class Width:
    """A column, and how wide (pixels at 100 %) the view must be for it to be shown."""

    key: str
    wanted: int


def fit_columns(
    table: TableView[Any], width: int, widths: Sequence[Width], keys: Sequence[str]
) -> None:
    """Shows each column of ``widths`` only where there is room for it."""
    for rule in widths:
        table.setColumnHidden(keys.index(rule.key), width < dp(rule.wanted))


class GivesWay(QObject):
    """Columns of a list that are left out while it is too narrow for them."""

    def __init__(
        self, table: TableView[Any], columns: Sequence[Column[Any]], widths: Sequence[Width]
    ) -> None:
        super().__init__(table)
        self._table, self._widths = table, widths
        self._keys = [column.key for column in columns]
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """After each change of size, once the layout stands."""
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self.fit)
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Shows the columns that there is room for."""
        fit_columns(self._table, self._table.width(), self._widths, self._keys)
