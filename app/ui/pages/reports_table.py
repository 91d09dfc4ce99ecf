"""The table of a report: its own columns every time, headings over groups, sums in bold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.reports import Kind
from app.ui.pages.reports_layout import HEAD, SUBTOTAL, TOTAL, WORDS, Line, Sheet
from app.ui.table_view import TableDelegate
from app.ui.tables import LOOK_ROLE, ROW_ROLE, align
from app.ui.theme import colour, dp, ui_font

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NARROWEST, _NAME, _WIDEST = 76, 116, 300  # pixels at 100 %: columns of words
_LOOKS = {HEAD: "bold", SUBTOTAL: "bold", TOTAL: "bold"}


class ReportModel(QAbstractTableModel):
    """The lines of a sheet. Headings and sums cannot be stood upon."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Shows another report; None shows nothing."""
        self.beginResetModel()
        self.sheet = sheet
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """The line at ``row``."""
        lines = self.sheet.lines if self.sheet else ()
        return lines[row] if 0 <= row < len(lines) else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many lines."""
        return 0 if parent.isValid() or self.sheet is None else len(self.sheet.lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns the report has."""
        return 0 if parent.isValid() or self.sheet is None else len(self.sheet.report.columns)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Only rows of the report itself can be chosen."""
        line = self.line(index.row())
        flags = Qt.ItemFlag
        if line is None or line.look:
            return flags.NoItemFlags
        return flags.ItemIsEnabled | flags.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of the columns, set to the side of their figures."""
        if orientation != Qt.Orientation.Horizontal or self.sheet is None:
            return None
        column = self.sheet.report.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        numeric = column.kind not in WORDS
        return align(numeric) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell, by role."""
        line = self.line(index.row())
        if line is None or self.sheet is None:
            return None
        at = index.column()
        text = line.cells[at] if at < len(line.cells) else ""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return align(self.sheet.report.columns[at].kind not in WORDS and line.look != HEAD)
        if role == LOOK_ROLE:
            return _LOOKS.get(line.look, "")
        return line if role == ROW_ROLE else None


class ReportDelegate(TableDelegate):
    """Headings of groups on a quiet band, a darker line above what sums up."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws one cell."""
        line: Line = index.data(ROW_ROLE)
        box: QRect = option.rect
        if line.look == HEAD:
            painter.fillRect(box, colour("shade"))
        super().paint(painter, option, index)
        if line.look in (SUBTOTAL, TOTAL):
            painter.fillRect(box.x(), box.y() - 1, box.width(), 1, colour("muted"))


class ReportTable(QTableView):
    """Read-only; Enter goes to what the row speaks of, Ctrl+C copies the rows chosen.

    Attributes:
        entered: the ``About`` of the row entered.
        moved: the row the cursor stands on, or None.
    """

    entered = Signal(object)
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = ReportModel(self)
        self._empty = ""
        self.setModel(self._model)
        self.setItemDelegate(ReportDelegate(self))
        self.setAccessibleName("The report")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._dress_headers()
        self.doubleClicked.connect(self._enter)
        self.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.moved.emit(now.data(ROW_ROLE))
        )

    def _dress_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(dp(24))
        rows.setDefaultSectionSize(dp(30))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(dp(32))

    def show_sheet(self, sheet: Sheet | None, empty: str = "") -> None:
        """Shows a report from its top; ``empty`` is said where it has no rows."""
        self._empty = empty
        self.clearSpans()
        self._model.show_sheet(sheet)
        if sheet is not None:
            wide = len(sheet.report.columns)
            for number, line in enumerate(sheet.lines):
                if line.look == HEAD and wide > 1:
                    self.setSpan(number, 0, 1, wide)
            self._fit()
            self.to_first()
        self.scrollToTop()
        self.viewport().update()

    def to_first(self) -> None:
        """Puts the cursor on the first row of the report."""
        lines = self._model.sheet.lines if self._model.sheet else ()
        first = next((n for n, line in enumerate(lines) if not line.look), None)
        if first is not None:
            flags = QItemSelectionModel.SelectionFlag
            index = self._model.index(first, 0)
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def row(self) -> Line | None:
        """The row the cursor stands on."""
        found: Line | None = self.currentIndex().data(ROW_ROLE)
        return found

    def lines(self) -> tuple[Line, ...]:
        """Every line shown."""
        return self._model.sheet.lines if self._model.sheet else ()

    def _fit(self) -> None:
        """Figures get the room they need; words share what is left, the first of them most."""
        sheet = self._model.sheet
        if sheet is None:
            return
        asked = self._asked(sheet)
        words = [n for n, c in enumerate(sheet.report.columns) if c.kind is Kind.TEXT]
        room = self.viewport().width() - sum(asked)
        if room < 0:
            for n in sorted(words, key=lambda n: -asked[n]):
                least = dp(_NAME if n == words[0] else _NARROWEST)
                give = min(-room, max(0, asked[n] - least))
                asked[n] -= give
                room += give
        elif words:
            asked[words[0]] += room
        for n, width in enumerate(asked):
            self.setColumnWidth(n, width)

    def _asked(self, sheet: Sheet) -> list[int]:
        bold = QFontMetrics(ui_font(dp(13), QFont.Weight.DemiBold))
        head = QFontMetrics(self.horizontalHeader().font())
        found = []
        for n, column in enumerate(sheet.report.columns):
            edge = dp(28) if n == 0 else dp(20)
            wide = max(
                bold.horizontalAdvance(sheet.longest[n]), head.horizontalAdvance(column.title)
            )
            most = dp(_WIDEST) if column.kind is Kind.TEXT else wide
            found.append(min(wide, most) + edge)
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the room again."""
        super().resizeEvent(event)
        self._fit()

    def _enter(self, index: QModelIndex) -> None:
        line: Line | None = index.data(ROW_ROLE)
        if line is not None and line.about is not None:
            self.entered.emit(line.about)

    def copy(self) -> None:
        """Puts the chosen rows on the clipboard, headings first, tab-separated."""
        if (sheet := self._model.sheet) is None:
            return
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = ["\t".join(column.title for column in sheet.report.columns)]
        lines += ["\t".join(sheet.lines[row].cells) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, or the sentence that says why there are none."""
        super().paintEvent(event)
        if self._model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(colour("muted"))
            box = self.viewport().rect().adjusted(dp(24), dp(24), -dp(24), -dp(24))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(box, flags | Qt.TextFlag.TextWordWrap, self._empty)
