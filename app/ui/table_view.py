"""The list as the biller sees it: thin lines, figures that foot, everything by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.tables import LOOK_ROLE, PILL_ROLE, ROW_ROLE, Column, RowProxy, TableModel
from app.ui.theme import colour, dp, tokens_now, ui_font
from app.ui.widgets.paint import draw_pill, pill_height, pill_width

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex


class TableDelegate(QStyledItemDelegate):
    """Text, pill and separator; the chosen row is tinted and marked at its left edge."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws one cell."""
        widget: QWidget = option.widget
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, colour("accent_soft"))
            if index.column() == 0 and widget.hasFocus():
                painter.fillRect(box.x(), box.y(), dp(3), box.height(), colour("accent"))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, colour("line"))
        inner = box.adjusted(dp(16) if index.column() == 0 else dp(8), 0, -dp(8), -1)
        if pill := index.data(PILL_ROLE):
            place = QRectF(inner.x(), 0, min(pill_width(pill[0]), inner.width()), pill_height())
            place.moveCenter(QRectF(place.x(), inner.y(), place.width(), inner.height()).center())
            draw_pill(painter, place, pill[0], pill[1], tokens_now())
            inner.setLeft(round(place.right()) + dp(8))
        self._draw_text(painter, inner, index)
        painter.restore()

    def _draw_text(self, painter: QPainter, box: QRect, index: _Index) -> None:
        text = str(index.data() or "")
        look = str(index.data(LOOK_ROLE) or "")
        weight = QFont.Weight.DemiBold if look == "bold" else QFont.Weight.Normal
        painter.setFont(ui_font(dp(13), weight))
        role = {"": "text", "bold": "text", "link": "accent"}.get(look, look)
        painter.setPen(colour(role))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As wide as the text and pill need."""
        pill = index.data(PILL_ROLE)
        extra = pill_width(pill[0]) + dp(8) if pill else 0
        return QSize(super().sizeHint(option, index).width() + extra + dp(16), dp(32))


class TableView(QTableView, Generic[Row]):
    """A read-only list over a ``TableModel``.

    Enter and double click emit ``activated_row``; typing jumps to the row that begins so; Ctrl+C
    copies the chosen rows as tab-separated text; a click on a heading orders.

    Attributes:
        activated_row: the row entered.
        current_row: the row the cursor stands on, or None.
    """

    activated_row = Signal(object)
    current_row = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        parent: QWidget | None = None,
        *,
        empty: str = "Nothing here yet.",
        name: str = "",
        many: bool = False,
    ) -> None:
        super().__init__(parent)
        self._model: TableModel[Row] = TableModel(columns, key, self)
        self._proxy = RowProxy(self)
        self._proxy.setSourceModel(self._model)
        self._empty = empty
        self._typed = ""
        self._pause = QTimer(self, singleShot=True, interval=_WORD_MS)
        self._kept: tuple[frozenset[Hashable], Hashable | None, int] = (frozenset(), None, 0)
        self.setModel(self._proxy)
        self.setItemDelegate(TableDelegate(self))
        self.setAccessibleName(name or "List")
        self._dress(many)
        self._dress_headers()
        self._proxy.modelAboutToBeReset.connect(self._keep)
        self._proxy.modelReset.connect(self._restore)
        self.doubleClicked.connect(self._activate)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def _dress(self, many: bool) -> None:
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)

    def _dress_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(dp(24))
        rows.setDefaultSectionSize(dp(34))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(dp(32))
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for index, column in enumerate(self._model.columns):
            if column.width == 0:
                head.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
            else:
                self.setColumnWidth(index, dp(column.width))

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Shows ``rows``; selection, cursor and scroll position stay with their rows."""
        self._model.set_rows(rows)

    def set_empty(self, sentence: str) -> None:
        """What an empty list says; it should name the next step."""
        self._empty = sentence
        self.viewport().update()

    def filter_words(self, text: str) -> None:
        """Shows only rows that hold every word of ``text``."""
        self._proxy.filter_words(text)
        self._select_first_if_none()

    def rows(self) -> tuple[Row, ...]:
        """The rows as shown: filtered and ordered."""
        return tuple(self._proxy.index(i, 0).data(ROW_ROLE) for i in range(self._proxy.rowCount()))

    def row(self) -> Row | None:
        """The row the cursor stands on."""
        found: Row | None = self.currentIndex().data(ROW_ROLE)
        return found

    def chosen(self) -> tuple[Row, ...]:
        """All selected rows, top to bottom."""
        indexes = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return tuple(index.data(ROW_ROLE) for index in indexes)

    def select_key(self, key: Hashable) -> bool:
        """Puts the cursor on the row with ``key``; False when it is not shown."""
        index = self._index_of(key)
        if index.isValid():
            self.selectRow(index.row())
            self.scrollTo(index)
        return index.isValid()

    def _index_of(self, key: Hashable) -> QModelIndex:
        """Where the row with ``key`` is shown; invalid when it is not, or filtered away."""
        number = self._model.number_of(key)
        return (
            QModelIndex()
            if number is None
            else self._proxy.mapFromSource(self._model.index(number, 0))
        )

    def selectRow(self, row: int) -> None:
        """Chooses one row and no other, whatever keys are held down at the moment.

        Qt's own would add to the selection while Ctrl is pressed for a shortcut.
        """
        flags = QItemSelectionModel.SelectionFlag
        index = self._proxy.index(row, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def copy(self) -> None:
        """Puts the chosen rows on the clipboard, headings first, tab-separated."""
        titles = "\t".join(column.title for column in self._model.columns)
        lines = [
            "\t".join(_one_line(column.text(row)) for column in self._model.columns)
            for row in self.chosen()
        ]
        QGuiApplication.clipboard().setText("\n".join([titles, *lines]))

    def _keep(self) -> None:
        keys = frozenset(self._model.key_of(row) for row in self.chosen())
        now = self.row()
        here = None if now is None else self._model.key_of(now)
        self._kept = (keys, here, self.verticalScrollBar().value())

    def _restore(self) -> None:
        keys, here, scroll = self._kept
        selection = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        for key in {*keys, here} - {None}:
            if not (index := self._index_of(key)).isValid():
                continue
            if key in keys:
                selection.select(index, flags.Select | flags.Rows)
            if key == here:
                selection.setCurrentIndex(index, flags.NoUpdate)
        self.verticalScrollBar().setValue(scroll)
        self._select_first_if_none()

    def _select_first_if_none(self) -> None:
        if not self.currentIndex().isValid() and self._proxy.rowCount():
            self.selectRow(0)

    def _activate(self, index: QModelIndex) -> None:
        if (row := index.data(ROW_ROLE)) is not None:
            self.activated_row.emit(row)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.current_row.emit(current.data(ROW_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Ctrl+C copies, letters jump."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() is not None:
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Jumps to the next row whose first column begins with what is typed."""
        self._typed = self._typed + search if self._pause.isActive() else search
        self._pause.start()
        here = max(0, self.currentIndex().row())
        start = self._proxy.index(here if len(self._typed) > 1 else here + 1, 0)
        if not start.isValid():
            start = self._proxy.index(0, 0)
        hits = self._proxy.match(start, int(Qt.ItemDataRole.DisplayRole), self._typed, 1, _STARTS)
        if hits:
            self.selectRow(hits[0].row())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or the sentence that says what to do next."""
        super().paintEvent(event)
        if self._proxy.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(colour("muted"))
            box = self.viewport().rect().adjusted(dp(24), dp(24), -dp(24), -dp(24))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(box, flags | Qt.TextFlag.TextWordWrap, self._empty)

    def layout_state(self) -> dict[str, Any]:
        """Widths and order by column key, for settings."""
        head = self.horizontalHeader()
        widths = {c.key: self.columnWidth(i) for i, c in enumerate(self._model.columns) if c.width}
        at = head.sortIndicatorSection()
        order = self._model.columns[at].key if 0 <= at < len(self._model.columns) else ""
        down = head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return {"widths": widths, "order": order, "down": down}

    def restore_layout(self, state: dict[str, Any]) -> None:
        """Takes back what ``layout_state`` gave; unknown columns are passed over."""
        directions = Qt.SortOrder
        for index, column in enumerate(self._model.columns):
            if width := state.get("widths", {}).get(column.key):
                self.setColumnWidth(index, int(width))
            if state.get("order") == column.key:
                down = directions.DescendingOrder if state.get("down") else None
                self.sortByColumn(index, down or directions.AscendingOrder)


_WORD_MS = 900  # letters closer together than this are one word
_STARTS = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap


def _one_line(text: str) -> str:
    return " ".join(text.split())
