"""The values behind the entry grid: what the page says of each line, and the rules of a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.money import format_cents, parse_cents
from app.ui.tables import align

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

KIND_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2


class Kind(Enum):
    """What a column takes."""

    READ = auto()  # a fact of the claim, never typed
    MONEY = auto()
    CODE = auto()  # upper-cased, blanks removed
    CHOICE = auto()  # one of the column's choices, told by its first letters
    COMPUTED = auto()  # worked out by the page, shaded, never typed


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: ``key`` names it in signals, ``width`` is pixels at 100 % (0: what is left)."""

    key: str
    title: str
    kind: Kind = Kind.READ
    width: int = 72
    numeric: bool | None = None
    choices: tuple[str, ...] = ()
    negative: bool = False

    @property
    def right(self) -> bool:
        """True for columns of figures."""
        return self.kind is Kind.MONEY if self.numeric is None else self.numeric

    @property
    def typed(self) -> bool:
        """True when the biller may type here."""
        return self.kind in (Kind.MONEY, Kind.CODE, Kind.CHOICE)

    def read(self, text: str) -> str:
        """What is kept of typed ``text``, written as the house writes it; empty stays empty.

        Raises:
            ValueError: with a sentence, when it cannot be read.
        """
        text = text.strip()
        if not text:
            return ""
        if self.kind is Kind.MONEY:
            return format_cents(parse_cents(text, allow_negative=self.negative))
        if self.kind is Kind.CHOICE:
            return self._pick(text)
        return "".join(text.split()).upper()

    def _pick(self, text: str) -> str:
        for choice in self.choices:
            if choice.casefold().startswith(text.casefold()):
                return choice
        raise ValueError(f"Type one of: {', '.join(self.choices)}.")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line as the page wants it shown.

    Attributes:
        cells: text by column key; a column left out is blank.
        suggest: what ``=`` puts into a cell, by column key.
        looks: per column key: empty, ``bold``, ``bad``, ``warn`` or ``muted``.
        state: empty, ``error``, ``warn`` or ``done`` (greyed and skipped).
        locked: typed columns this line does not take.
        tips: what a cell means, in words, by column key.
    """

    cells: Mapping[str, str]
    suggest: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    locked: frozenset[str] = frozenset()
    tips: Mapping[str, str] = field(default_factory=dict)


class GridModel(QAbstractTableModel):
    """Lines of text by column; the page owns the meaning and answers each commit with new lines."""

    def __init__(self, columns: Sequence[GridColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[GridRow] = []

    def set_rows(self, rows: Sequence[GridRow]) -> None:
        """Shows ``rows``; with as many as before the cursor and an open editor stay put."""
        if len(rows) == len(self._rows):
            for number, row in enumerate(rows):
                self.set_row(number, row)
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def set_row(self, number: int, row: GridRow) -> None:
        """Replaces one line; only a line that differs is drawn again.

        Raises:
            IndexError: when there is no such line.
        """
        if self._rows[number] != row:
            self._rows[number] = row
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(number, 0), self.index(number, last))

    def insert_row(self, number: int, row: GridRow) -> None:
        """Puts a line in before line ``number``; the cursor and an open editor stay put."""
        self.beginInsertRows(QModelIndex(), number, number)
        self._rows.insert(number, row)
        self.endInsertRows()

    def remove_row(self, number: int) -> None:
        """Takes a line out; the cursor stays on its line, or on the one that takes its place.

        Raises:
            IndexError: when there is no such line.
        """
        self._rows[number]
        self.beginRemoveRows(QModelIndex(), number, number)
        del self._rows[number]
        self.endRemoveRows()

    def row(self, number: int) -> GridRow:
        """One line.

        Raises:
            IndexError: when there is no such line.
        """
        return self._rows[number]

    def text(self, number: int, column: int) -> str:
        """Text of a cell."""
        return self._rows[number].cells.get(self.columns[column].key, "")

    def can_type(self, number: int, column: int) -> bool:
        """True when the cell takes typing."""
        if not (0 <= number < len(self._rows) and 0 <= column < len(self.columns)):
            return False
        row, spec = self._rows[number], self.columns[column]
        return spec.typed and row.state != "done" and spec.key not in row.locked

    def suggestion(self, number: int, column: int) -> str | None:
        """What ``=`` takes into a cell; None when nothing is worked out for it."""
        return self._rows[number].suggest.get(self.columns[column].key)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many lines."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Only cells that take typing are editable."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.can_type(index.row(), index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, set to the side of their column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == KIND_ROLE:
            return self.columns[section].kind
        return align(self.columns[section].right) if role == _ALIGN else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, by role."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, spec = self._rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.cells.get(spec.key, "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{spec.title} {row.cells.get(spec.key, '')}".strip()
        if role == _ALIGN:
            return align(spec.right)
        return _of_row(row, spec, role)


def _of_row(row: GridRow, spec: GridColumn, role: int) -> Any:
    if role == KIND_ROLE:
        return spec.kind
    if role == Qt.ItemDataRole.ToolTipRole:
        return row.tips.get(spec.key)
    return row if role == STATE_ROLE else None


_ALIGN = Qt.ItemDataRole.TextAlignmentRole
