"""The left side of follow-up: a filter, one table a list, and the sum that proves them whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.services.follow_up_commands import FollowUpLists, OpenRow
from app.ui.pages.follow_up_lists import LISTS, specs, tie_words
from app.ui.pages.patients_figures import fit_columns
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.choice import CheckField
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, label, rule


class ListPanel(Panel):
    """The lists; one of them is in front.

    Attributes:
        moved: the row the cursor stands on, or None.
        entered: Enter was pressed on a row.
    """

    moved = Signal(object)
    entered = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(flush=True)
        self._specs = specs(today)
        self._now = LISTS[0][0]
        self._found: FollowUpLists | None = None
        self.words = LineField(hint="Name, claim or payer")
        self.words.setAccessibleName("Filter the list")
        self.due = CheckField("Only what is due")
        self.due.setToolTip("Hides what need not be looked at yet (Ctrl D)")
        self._tie = label("", "muted", wrap=True)
        self._stack = QStackedWidget()
        self._tables = {key: self._table(key, word) for key, word in LISTS}
        self._lay_out()
        self.words.edited.connect(self._filter)
        self.due.edited.connect(self._refill)

    def _table(self, key: str, word: str) -> TableView[Any]:
        spec = self._specs[key]
        table = TableView[Any](spec.columns, lambda r: r.key, empty=spec.empty, name=word)
        table.current_row.connect(self.moved)
        table.activated_row.connect(lambda _row: self.entered.emit())
        self._stack.addWidget(table)
        return table

    def _lay_out(self) -> None:
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(dp(8), dp(8), dp(12), dp(8))
        row.setSpacing(dp(12))
        row.addWidget(self.words, 1)
        row.addWidget(self.due)
        # First in, first in the order of Tab: the list has the keyboard when the page is shown.
        self.add(self._stack, 1)
        self.body.insertWidget(0, top)
        self.add(rule())
        self._tie.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        self.add(self._tie)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way before words are cut."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """Shows the columns that there is room for."""
        for key, table in self._tables.items():
            spec = self._specs[key]
            fit_columns(table, self.width(), spec.widths, spec.keys)

    def show_lists(self, found: FollowUpLists) -> dict[str, int]:
        """Shows what was found without telling of the cursor; answers how much is in each list."""
        self._found = found
        outstanding: Sequence[OpenRow] = found.outstanding
        if self.due.value():
            outstanding = [r for r in outstanding if _is_due(r, found.as_of)]
        rows: dict[str, Sequence[Any]] = {
            "outstanding": outstanding,
            "denials": found.denials,
            "unbilled": (*found.unbilled, *found.old_drafts),
            "credits": found.credits,
        }
        for key, table in self._tables.items():
            with QSignalBlocker(table):
                table.set_rows(rows[key])
        self._tie.setText(tie_words(found))
        return {key: len(shown) for key, shown in rows.items()}

    def choose(self, key: str) -> None:
        """Brings a list to the front."""
        self._now = key
        self._stack.setCurrentWidget(self.table())
        self._filter()
        self.due.setVisible(key == "outstanding")

    def show_all(self) -> None:
        """Takes the filters away."""
        self.words.set_value("")
        self.due.set_value(False)
        self._refill()

    def list_of(self, claim_id: int) -> str:
        """The list that holds a claim; empty when none does."""
        held = (
            key
            for key, table in self._tables.items()
            if any(getattr(row, "claim_id", None) == claim_id for row in table.rows())
        )
        return next(held, "")

    def table(self) -> TableView[Any]:
        """The list in front."""
        return self._tables[self._now]

    def proof(self) -> str:
        """The sum under the lists."""
        return self._tie.text()

    def after(self) -> Any:
        """The row below the cursor; after the last one the first; None in an empty list."""
        rows, here = self.table().rows(), self.table().currentIndex().row()
        return rows[(here + 1) % len(rows)] if rows else None

    def _filter(self) -> None:
        self.table().filter_words(self.words.text())

    def _refill(self) -> None:
        if self._found is not None:
            self.show_lists(self._found)
            self._filter()
            self.moved.emit(self.table().row())


def _is_due(row: OpenRow, today: date) -> bool:
    return row.follow_up_on is None or row.follow_up_on <= today
