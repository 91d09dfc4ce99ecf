"""The list that hangs under a search box, shared by ``SearchField`` and the Ctrl+K palette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import colour, dp, ui_font

_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One hit.

    Attributes:
        key: what is handed on when it is taken.
        title: the name or code; comes first, bold.
        detail: what tells it from its neighbours.
        note: quiet words at the right (``used 41×``).
        group: heading it stands under in a grouped list; empty for none.
        opens: not a thing to take but a heading: taking it asks again for what lies under it.
    """

    key: object
    title: str
    detail: str = ""
    note: str = ""
    group: str = ""
    opens: bool = False


class ResultModel(QAbstractListModel):
    """The hits, in the order they were found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[SearchRow, ...] = ()

    def show_rows(self, rows: Sequence[SearchRow]) -> None:
        """Replaces all hits."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many hits."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for readers (``DisplayRole``) and the row itself (``ROW_ROLE``)."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (row.title, row.detail, row.note) if part)
        return row if role == ROW_ROLE else None


class ResultDelegate(QStyledItemDelegate):
    """Title, detail and note on one line; a heading above the first of each group."""

    def __init__(self, title_width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.title_width = title_width

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line, or two where a group begins."""
        return QSize(dp(240), dp(32) + (dp(26) if _begins_group(index) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws one hit."""
        row: SearchRow = index.data(ROW_ROLE)
        box: QRect = option.rect
        painter.save()
        if _begins_group(index):
            self._draw_group(painter, box, row.group)
            box = box.adjusted(0, dp(26), 0, 0)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, colour("accent_soft"))
            painter.fillRect(box.x(), box.y(), dp(3), box.height(), colour("accent"))
        elif index.row():
            painter.fillRect(box.x(), box.y(), box.width(), 1, colour("line"))
        self._draw_words(painter, box.adjusted(dp(12), 0, -dp(12), 0), row)
        painter.restore()

    def _draw_group(self, painter: QPainter, box: QRect, group: str) -> None:
        painter.setFont(ui_font(dp(11), QFont.Weight.DemiBold))
        painter.setPen(colour("muted"))
        words = QRect(box.x() + dp(12), box.y() + dp(4), box.width(), dp(22))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, group)

    def _draw_words(self, painter: QPainter, box: QRect, row: SearchRow) -> None:
        note_width = 0
        if row.note:
            painter.setFont(ui_font(dp(12)))
            painter.setPen(colour("muted"))
            note_width = painter.fontMetrics().horizontalAdvance(row.note) + dp(12)
            painter.drawText(box, _RIGHT, row.note)
        painter.setFont(ui_font(dp(13), QFont.Weight.DemiBold))
        painter.setPen(colour("text"))
        metrics = painter.fontMetrics()
        room = box.width() - note_width
        wanted = max(metrics.horizontalAdvance(row.title), dp(self.title_width)) + dp(12)
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, _LEFT, title)
        rest = box.adjusted(wanted, 0, -note_width, 0)
        if row.detail and rest.width() > dp(24):
            painter.setFont(ui_font(dp(13)))
            words = painter.fontMetrics().elidedText(
                row.detail, Qt.TextElideMode.ElideRight, rest.width()
            )
            painter.drawText(rest, _LEFT, words)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _begins_group(index: _Index) -> bool:
    row: SearchRow = index.data(ROW_ROLE)
    if not row.group:
        return False
    before = index.model().index(index.row() - 1, 0)
    return not before.isValid() or before.data(ROW_ROLE).group != row.group


class ResultList(QListView):
    """The list itself; never takes the focus from the box above it.

    Attributes:
        picked: the ``SearchRow`` clicked.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget, *, title_width: int = 64, overlay: bool = True) -> None:
        super().__init__(parent)
        self._rows = ResultModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(ResultDelegate(title_width, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Results")
        if overlay:
            self.setProperty("look", "overlay")
        self.clicked.connect(self._clicked)

    def show_rows(self, rows: Sequence[SearchRow]) -> None:
        """Shows ``rows`` with the first one chosen."""
        self._rows.show_rows(rows)
        if rows:
            self.setCurrentIndex(self._rows.index(0, 0))

    def rows(self) -> tuple[SearchRow, ...]:
        """What is shown."""
        return self._rows.rows

    def current(self) -> SearchRow | None:
        """The row Enter would take."""
        row = self.currentIndex().row()
        return self._rows.rows[row] if 0 <= row < len(self._rows.rows) else None

    def height_wanted(self) -> int:
        """Height that shows every row, up to ten of them, in pixels."""
        shown = min(10, len(self._rows.rows))
        return sum(self.sizeHintForRow(i) for i in range(shown)) + dp(4)

    def steer(self, key: int) -> bool:
        """Moves the choice by an arrow or page key; False when the key is none of those."""
        step = _STEPS.get(Qt.Key(key)) if key in _KEYS else None
        if step is None or not self._rows.rows:
            return False
        last = len(self._rows.rows) - 1
        row = self.currentIndex().row() + step
        if abs(step) == 1:  # the arrows go round
            row %= last + 1
        self.setCurrentIndex(self._rows.index(min(last, max(0, row)), 0))
        return True

    def _clicked(self, index: QModelIndex) -> None:
        self.picked.emit(index.data(ROW_ROLE))


_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}
_KEYS = frozenset(key.value for key in _STEPS)
