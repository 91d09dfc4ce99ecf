"""How the entry grid looks: cells, the cell being typed into, totals under their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.findings import Severity
from app.ui.grid_model import KIND_ROLE, STATE_ROLE, GridModel, GridRow, Kind
from app.ui.theme import colour, dp, ui_font
from app.ui.widgets.field import set_mark

_Index = QModelIndex | QPersistentModelIndex
_GROUNDS = {"error": "bad_soft", "warn": "warn_soft"}


def _is_first(view: QTableView, column: int) -> bool:
    """True for the first column that is not hidden: it stands further in."""
    return view.horizontalHeader().sectionPosition(column) == 0


class GridDelegate(QStyledItemDelegate):
    """Paints cells and opens a bare line edit in the one being typed into."""

    key_filter: QObject | None = None
    keep: Callable[[str, _Index], object] | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground by state and kind, text by look, a ring round the cursor."""
        view = option.widget
        if not isinstance(view, QTableView):
            return
        box: QRect = option.rect
        row: GridRow = index.data(STATE_ROLE)
        painter.save()
        here = view.currentIndex()
        ground = _GROUNDS.get(row.state, "")
        if not ground and here.row() == index.row():
            ground = "accent_soft"
        elif not ground and index.data(KIND_ROLE) is Kind.COMPUTED:
            ground = "shade"
        if ground:
            painter.fillRect(box, colour(ground))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, colour("line"))
        self._draw_text(painter, box, index, view)
        if here.row() == index.row() and here.column() == index.column():
            self._draw_cursor(painter, box, view)
        painter.restore()

    def _draw_text(self, painter: QPainter, box: QRect, index: _Index, view: QTableView) -> None:
        model = index.model()
        if not isinstance(model, GridModel):
            return
        row: GridRow = index.data(STATE_ROLE)
        look = row.looks.get(model.columns[index.column()].key, "")
        quiet = row.state == "done" or index.data(KIND_ROLE) is Kind.COMPUTED
        role = {"bold": "text", "": "muted" if quiet else "text"}.get(look, look)
        strong = look in ("bold", "bad")
        painter.setFont(ui_font(dp(13), QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        painter.setPen(colour(role))
        inner = box.adjusted(dp(16) if _is_first(view, index.column()) else dp(8), 0, -dp(8), -1)
        text = str(index.data() or "")
        if not text and model.can_type(index.row(), index.column()):
            text = "–"
            painter.setPen(colour("muted"))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)

    def _draw_cursor(self, painter: QPainter, box: QRect, view: QTableView) -> None:
        pen = QPen(colour("accent" if view.hasFocus() else "field_line"), dp(2))
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(1, 1, -dp(2) + 1, -dp(2)))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line."""
        return QSize(dp(72), dp(32))

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> QLineEdit:
        """A line edit without frame or margins, its keys watched by the grid."""
        editor = QLineEdit(parent)
        editor.setProperty("look", "cell")
        editor.setAlignment(Qt.AlignmentFlag(int(index.data(Qt.ItemDataRole.TextAlignmentRole))))
        editor.setAccessibleName(
            str(index.model().headerData(index.column(), Qt.Orientation.Horizontal))
        )
        editor.textEdited.connect(lambda: self._forgive(editor))
        if self.key_filter is not None:
            editor.installEventFilter(self.key_filter)
        return editor

    def _forgive(self, editor: QLineEdit) -> None:
        set_mark(editor, None)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Shows what stands in the cell, all of it selected."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data() or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        """Only when the keyboard goes elsewhere; the grid's own keys commit and then close."""
        if self.keep is not None and isinstance(editor, QLineEdit) and editor.isModified():
            self.keep(editor.text(), index)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        """The whole cell."""
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaves Enter and Tab to the grid; losing the keyboard keeps readable text."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() != Qt.Key.Key_Escape
        ):
            return False
        return super().eventFilter(watched, event)

    def refuse(self, editor: QLineEdit) -> None:
        """Marks the open cell as unreadable and selects its text."""
        set_mark(editor, Severity.ERROR)
        editor.selectAll()

    def close(self, editor: QLineEdit) -> None:
        """Takes the editor away; the page has the text already."""
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)


class GridFooter(QWidget):
    """Totals set under their columns; scrolls sideways with them."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view.parentWidget())
        self._view = view
        self._totals: Mapping[str, str] = {}
        self._looks: Mapping[str, str] = {}
        self.setFixedHeight(dp(32))
        view.horizontalHeader().sectionResized.connect(self._moved)
        view.horizontalScrollBar().valueChanged.connect(self._moved)

    def show_totals(self, totals: Mapping[str, str], looks: Mapping[str, str]) -> None:
        """Shows totals by column key; empty hides the footer."""
        self._totals, self._looks = dict(totals), dict(looks)
        self.setVisible(bool(totals))
        self.setAccessibleName("Totals: " + ", ".join(f"{k} {v}" for k, v in totals.items()))
        self.update()

    def _moved(self, *_: int) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each total right under its column."""
        model = self._view.model()
        if not isinstance(model, GridModel):
            return
        painter = QPainter(self)
        for at, spec in enumerate(model.columns):
            left, width = self._view.columnViewportPosition(at), self._view.columnWidth(at)
            box = QRect(left, 0, width, self.height())
            if spec.kind is Kind.COMPUTED:
                painter.fillRect(box, colour("shade"))
            look = self._looks.get(spec.key, "")
            painter.setPen(colour("bad" if look == "bad" else "text"))
            strong = QFont.Weight.DemiBold if spec.right else QFont.Weight.Normal
            painter.setFont(ui_font(dp(13), strong))
            side = Qt.AlignmentFlag.AlignRight if spec.right else Qt.AlignmentFlag.AlignLeft
            inner = box.adjusted(dp(16) if _is_first(self._view, at) else dp(8), 0, -dp(8), 0)
            text = self._totals.get(spec.key, "")
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
