"""The left side of the statements page: a filter and one table a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.money import format_cents
from app.services.statement_commands import SentLately, Worklist
from app.ui.pages.patients_figures import fit_columns
from app.ui.pages.statements_lists import LISTS, SPECS, open_first
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, label, rule


class StatementLists(Panel):
    """The lists; one of them is in front.

    Attributes:
        moved: the row the cursor stands on, or None.
        entered: Enter was pressed on a row.
    """

    moved = Signal(object)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__(flush=True)
        self._now = LISTS[0][0]
        self.words = LineField(hint="Name")
        self.words.setAccessibleName("Filter the list")
        self._foot = label("", "muted", wrap=True)
        self._stack = QStackedWidget()
        self._tables = {key: self._table(key, word) for key, word in LISTS}
        self._lay_out()
        self.words.edited.connect(self._filter)

    def _table(self, key: str, word: str) -> TableView[Any]:
        spec = SPECS[key]
        table = TableView[Any](spec.columns, _key, empty=spec.empty, name=word, many=True)
        table.current_row.connect(self.moved)
        table.activated_row.connect(lambda _row: self.entered.emit())
        self._stack.addWidget(table)
        return table

    def _lay_out(self) -> None:
        top = QWidget()
        self._top = QHBoxLayout(top)
        self._top.setContentsMargins(dp(8), dp(8), dp(8), dp(8))
        self._top.setSpacing(dp(8))
        self._top.addWidget(self.words, 1)
        # First in, first in the order of Tab: the list has the keyboard when the page is shown.
        self.add(self._stack, 1)
        self.body.insertWidget(0, top)
        self.add(rule())
        self._foot.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        self.add(self._foot)

    def add_beside_filter(self, widget: QWidget) -> None:
        """Puts a button right of the filter."""
        self._top.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way before words are cut."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        for key, table in self._tables.items():
            fit_columns(table, self.width(), SPECS[key].widths, SPECS[key].keys)

    def show_lists(self, found: Worklist, sent: tuple[SentLately, ...]) -> dict[str, int]:
        """Shows what was found without telling of the cursor; answers how much is in each list."""
        rows: dict[str, tuple[Any, ...]] = {
            "due": found.due,
            "letters": found.letters,
            "not_due": open_first(found.not_due),
            "sent": sent,
        }
        for key, table in self._tables.items():
            with QSignalBlocker(table):
                table.set_rows(rows[key])
        asked = sum(row.amount_cents for row in found.due)
        self._foot.setText(
            f"{format_cents(asked)} to ask for now, of {format_cents(found.patients_cents)} that "
            "patients owe."
        )
        return {key: len(shown) for key, shown in rows.items()}

    def choose(self, key: str) -> None:
        """Brings a list to the front."""
        self._now = key
        self._stack.setCurrentWidget(self.table())
        self._filter()

    def show_all(self) -> None:
        """Takes the filter away."""
        self.words.set_value("")
        self._filter()

    def list_of(self, guarantor_id: int) -> str:
        """The list, other than what was sent, that holds a guarantor; empty when none does."""
        held = (
            key
            for key, table in self._tables.items()
            if key != "sent" and any(row.guarantor_id == guarantor_id for row in table.rows())
        )
        return next(held, "")

    def now(self) -> str:
        """Key of the list in front."""
        return self._now

    def table(self) -> TableView[Any]:
        """The list in front."""
        return self._tables[self._now]

    def rows(self, key: str) -> tuple[Any, ...]:
        """The rows of a list as shown."""
        return self._tables[key].rows()

    def _filter(self) -> None:
        self.table().filter_words(self.words.text())


def _key(row: Any) -> int:
    return int(row.statement_id if isinstance(row, SentLately) else row.guarantor_id)
