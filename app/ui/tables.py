"""One table model for every list: frozen rows in, columns named once, no Qt in the rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2
PILL_ROLE = Qt.ItemDataRole.UserRole + 3
LOOK_ROLE = Qt.ItemDataRole.UserRole + 4


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table.

    Attributes:
        key: its name in settings and tests.
        title: its heading.
        text: what stands in the cell.
        sort: what it is ordered by; the text when None. Give cents and dates themselves.
        numeric: set right, in tabular figures.
        width: pixels at 100 %; 0 takes what is left over.
        pill: word and role (ok, warn, bad, neutral) drawn before the text, or None for this row.
        tooltip: more words on hovering.
        muted: drawn quietly.
        look: per row: empty, ``bold``, ``bad``, ``warn``, ``muted`` or ``link``.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    numeric: bool = False
    width: int = 120
    pill: Callable[[Row], tuple[str, str] | None] | None = None
    tooltip: Callable[[Row], str] | None = None
    muted: bool = False
    look: Callable[[Row], str] | None = None


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows of any frozen type, shown by a tuple of columns.

    Args:
        columns: what is shown.
        key: identity of a row, by which the selection survives a refresh.
        parent: the owner.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: tuple[Row, ...] = ()
        self._numbers: dict[Hashable, int] = {}

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replaces all rows; the view keeps its selection by key."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._numbers = {self._key(row): number for number, row in enumerate(self._rows)}
        self.endResetModel()

    def rows(self) -> tuple[Row, ...]:
        """All rows in the order given."""
        return self._rows

    def key_of(self, row: Row) -> Hashable:
        """Identity of ``row``."""
        return self._key(row)

    def number_of(self, key: Hashable) -> int | None:
        """Where the row with ``key`` stands in the order given."""
        return self._numbers.get(key)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, set to the side their column is set to."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        return align(column.numeric) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, by role; ``ROW_ROLE`` hands the row back through any proxy."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        answer = _ROLES.get(role)
        return answer(row, column) if answer else None


def align(numeric: bool) -> int:
    """Alignment of a column as the plain integer that item views want."""
    side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
    return (side | Qt.AlignmentFlag.AlignVCenter).value


def _pill(row: Any, column: Column[Any]) -> tuple[str, str] | None:
    return column.pill(row) if column.pill else None


def _accessible(row: Any, column: Column[Any]) -> str:
    pill = _pill(row, column)
    return " ".join(part for part in (pill[0] if pill else "", column.text(row)) if part)


def _look(row: Any, column: Column[Any]) -> str:
    special = column.look(row) if column.look else ""
    return special or ("muted" if column.muted else "")


_ROLES: dict[int, Callable[[Any, Column[Any]], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda r, c: c.text(r),
    Qt.ItemDataRole.AccessibleTextRole: _accessible,
    Qt.ItemDataRole.ToolTipRole: lambda r, c: c.tooltip(r) if c.tooltip else None,
    Qt.ItemDataRole.TextAlignmentRole: lambda _, c: align(c.numeric),
    SORT_ROLE: lambda r, c: c.sort(r) if c.sort else c.text(r).casefold(),
    ROW_ROLE: lambda r, _: r,
    PILL_ROLE: _pill,
    LOOK_ROLE: _look,
}


class RowProxy(QSortFilterProxyModel):
    """Orders by ``SORT_ROLE`` (blanks last) and filters by any word in any column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSortRole(SORT_ROLE)

    def filter_words(self, text: str) -> None:
        """Keeps rows in which every word of ``text`` occurs; empty keeps all."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: _Index) -> bool:
        """True when every word is found."""
        if not self._words:
            return True
        model = self.sourceModel()
        shown = " ".join(
            str(model.index(source_row, c).data(Qt.ItemDataRole.AccessibleTextRole) or "")
            for c in range(model.columnCount())
        ).casefold()
        return all(word in shown for word in self._words)

    def lessThan(self, source_left: _Index, source_right: _Index) -> bool:
        """Compares native values; None comes after everything when ascending."""
        left, right = source_left.data(SORT_ROLE), source_right.data(SORT_ROLE)
        if left is None or right is None:
            return left is not None and right is None
        return bool(left < right)
