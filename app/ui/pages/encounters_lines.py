"""Item 24 as a grid: a code is enough for a line; the rest is filled in and can be typed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.dates import parse_date
from app.domain.findings import Finding
from app.domain.identifiers import check_procedure
from app.domain.money import format_cents, parse_cents
from app.services.encounter_commands import SaveLine
from app.ui.grid import EntryGrid
from app.ui.pages import encounters_line_defaults as defaults
from app.ui.pages import encounters_line_rules as rules
from app.ui.pages.encounters_code_cell import CodeSuggestions
from app.ui.pages.encounters_line_cells import LineCells
from app.ui.pages.encounters_line_rows import LineRows
from app.ui.widgets.results import SearchRow

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LinesGrid(QWidget):
    """The service lines of an encounter; an empty line waits below the last.

    Attributes:
        edited: something was typed.
        row_changed: the line the cursor stands on, counted from 0.
        finished: Enter on the empty line.
        refused: a sentence: what stands in the open cell cannot be read.
        told: the cursor stands on another cell, or its words are others; see ``words_here``.
    """

    edited = Signal()
    row_changed = Signal(int)
    finished = Signal()
    refused = Signal(str)
    told = Signal()

    def __init__(self, today: Callable[[], date], cells: LineCells) -> None:
        super().__init__()
        self._today = today
        self._lines: list[SaveLine] = [rules.EMPTY]
        self._visit, self._prices = rules.Visit(), rules.Prices()
        self._findings: dict[tuple[int, str], Finding] = {}
        self._skip = False
        self.grid = EntryGrid(rules.columns(today), name="Service lines")
        self._cells = cells
        self._lists = (
            CodeSuggestions(self.grid, "code", self._procedures),
            CodeSuggestions(self.grid, "modifiers", self._modifiers, _never),
            CodeSuggestions(self.grid, "place_of_service", cells.places, _never),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        self.grid.cell_committed.connect(self._committed)
        self.grid.cell_refused.connect(lambda _row, _key, words: self.refused.emit(words))
        self.grid.row_changed.connect(self.row_changed)
        self.grid.view.selectionModel().currentChanged.connect(self._moved)
        self.grid.view.installEventFilter(self)
        self.grid.view.viewport().installEventFilter(self)
        self.show_lines(())

    # --- what it holds ------------------------------------------------------------------------
    def show_lines(self, lines: Sequence[SaveLine]) -> None:
        """Shows lines as typed; the cursor goes to the first code."""
        self._lines = [*lines, rules.EMPTY]
        self._findings.clear()
        self.grid.set_rows([])
        self._show()
        self.grid.view.go_to(0, rules.TYPED.index("code") + 1)

    def raw(self) -> tuple[SaveLine, ...]:
        """The lines as typed, without the empty one."""
        return tuple(line for line in self._lines if not rules.is_empty(line))

    def lines(self) -> tuple[SaveLine, ...]:
        """The lines with their defaults, to be saved."""
        return tuple(self._rows().full(line, number) for number, line in enumerate(self.raw()))

    def line(self, number: int) -> SaveLine:
        """One line as typed."""
        return self._lines[number] if 0 <= number < len(self._lines) else rules.EMPTY

    def add(self, code: str, modifiers: str = "") -> None:
        """Puts a service under the last one, with what the charge master says of it."""
        found = self._prices.find(code, modifiers, self._visit.day)
        line = defaults.coded(SaveLine(code, modifiers=modifiers), found)
        self._lines.insert(len(self._lines) - 1, line)
        self._show()
        self.edited.emit()

    def change(self, number: int, **values: Any) -> None:
        """Changes fields of a line that the grid does not show (NDC, EPSDT …)."""
        self._put(number, replace(self._lines[number], **values))

    def set_visit(self, visit: rules.Visit, prices: rules.Prices | None = None) -> None:
        """Shows the defaults of another day, place, number of diagnoses or charge master."""
        self._visit = visit
        self._prices = self._prices if prices is None else prices
        self._show()

    def repoint(self, moved: Mapping[str, str]) -> None:
        """Lets typed pointers follow diagnoses that changed places."""
        self._lines = rules.repointed(self._lines, moved)
        self._show()

    def current_line(self) -> int:
        """The line the cursor stands on."""
        here = self.grid.current()
        return here[0] if here else 0

    def delete_current(self) -> None:
        """Takes out the line under the cursor; the empty one stays."""
        number = self.current_line()
        if number >= len(self._lines) - 1:
            return
        del self._lines[number]
        self._findings.clear()
        self.grid.view.grid().remove_row(number)
        self._show()
        self.go_to(min(number, len(self._lines) - 1), "code")
        self.row_changed.emit(self.current_line())
        self.edited.emit()

    def commit_open(self) -> bool:
        """Takes what stands in an open cell; False when it cannot be read (the cell stays open)."""
        view = self.grid.view
        editor = view.indexWidget(view.currentIndex())
        if isinstance(editor, QLineEdit) and editor.isVisible():
            for offered in self._lists:
                offered.close_list()
            if not view.commit(editor.text()):
                editor.setFocus()
                return False
            view.setFocus()
        return True

    def go_to(self, row: int, key: str = "code") -> None:
        """Puts the cursor on a cell."""
        known = key if key in rules.TYPED else "code"
        self.grid.go_to(min(row, len(self._lines) - 1), known)

    def go_to_empty(self) -> None:
        """Puts the cursor on the code of the empty line."""
        self.go_to(len(self._lines) - 1)

    def suggestions(self) -> tuple[SearchRow, ...]:
        """What the list under the cell shows."""
        return next((rows for offered in self._lists if (rows := offered.rows())), ())

    def _procedures(self, text: str) -> Sequence[SearchRow]:
        return self._cells.procedures(text, self._visit.day)

    def _modifiers(self, text: str) -> Sequence[SearchRow]:
        return self._cells.modifiers(text, self._visit.day)

    def words_here(self) -> str:
        """What the modifier or the place under the cursor means; empty elsewhere."""
        here = self.grid.current()
        if here is None or not self.grid.view.hasFocus():
            return ""
        full = self._rows().full(self.line(here[0]), here[0])
        return self._cells.told(here[1], full, full.service_from)

    # --- findings -----------------------------------------------------------------------------
    def show_findings(self, findings: Mapping[tuple[int, str], Finding]) -> None:
        """Marks cells by line and field."""
        self._findings = dict(findings)
        self._show()

    # --- typing -------------------------------------------------------------------------------
    def _committed(self, row: int, key: str, text: str) -> None:
        line = self._lines[row]
        if key in ("service_from", "service_to"):
            value: Any = parse_date(text, self._today()) if text else None
        elif key == "charge_cents":
            value = parse_cents(text) if text else None
        else:
            value = text or ("1" if key == "units" else "")
        self._findings.pop((row, key), None)
        line = self._follow(row, line, key, value)
        if key == "code" and text:
            self._check_code(row, text)
        self._put(row, line)

    def _follow(self, row: int, line: SaveLine, key: str, value: Any) -> SaveLine:
        """The line with a cell typed, and what the charge master puts in after it."""
        day = line.service_from or self._visit.day
        if key == "units":
            listed = self._prices.find(line.code, line.modifiers, day)
            try:
                value = defaults.units_for(value, listed)
            except ValueError as error:
                self._findings[row, "units"] = Finding("units", str(error))
                value = "1"
            return defaults.recounted(line, replace(line, units=value), listed)
        after = replace(line, **{key: value})
        if key != "code":
            return after
        after = replace(after, description="")  # the words were those of the code before
        return defaults.coded(after, self._prices.find(value, after.modifiers, day))

    def _check_code(self, row: int, text: str) -> None:
        try:
            check_procedure(text)
        except ValueError as error:
            self._findings[row, "code"] = Finding("code", str(error))

    def _put(self, row: int, line: SaveLine) -> None:
        self._lines[row] = line
        if not rules.is_empty(self._lines[-1]):
            self._lines.append(rules.EMPTY)
        self._show()
        self.edited.emit()

    def _rows(self) -> LineRows:
        return LineRows(self._visit, self._prices, self._cells)

    def _show(self) -> None:
        model, made = self.grid.view.grid(), self._rows()
        for number, line in enumerate(self._lines):
            here = {key: f for (at, key), f in self._findings.items() if at == number}
            row = made.row(line, number, here)
            if number < model.rowCount():
                model.set_row(number, row)
            else:
                model.insert_row(number, row)
        while model.rowCount() > len(self._lines):
            model.remove_row(model.rowCount() - 1)
        known = self.lines()
        words = f"{len(known)} line{'s' * (len(known) != 1)}" if known else ""
        amount = format_cents(rules.total(known)) if known else ""
        totals = {"charge_cents": amount, "service_from": words}
        self.grid.set_totals(totals)
        self.grid.fit(50)
        self.told.emit()

    # --- moving -------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on the empty line ends the lines; past a charge the next stop is a code."""
        if event.type() == QEvent.Type.ChildPolished:
            child = event.child()  # type: ignore[attr-defined]
            if isinstance(child, QLineEdit):
                child.installEventFilter(self)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        here = self.grid.current()
        if here is None:
            return False
        row, key = here
        onward = event.key() in (*_ENTER, Qt.Key.Key_Tab)
        blank = not isinstance(watched, QLineEdit) or not watched.text()
        if event.key() in _ENTER and blank and key == "code" and row == len(self._lines) - 1:
            self.finished.emit()
            return True
        self._skip = (onward and key == "charge_cents") or event.key() == Qt.Key.Key_Down
        return False

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        self.told.emit()
        if not self._skip or not now.isValid() or now.row() != before.row() + 1:
            return
        self._skip = False
        if now.row() == len(self._lines) - 1 or rules.TYPED[now.column() - 1] == "service_from":
            self.grid.view.go_to(now.row(), rules.TYPED.index("code") + 1)


def _never(_text: str) -> bool:
    return False
