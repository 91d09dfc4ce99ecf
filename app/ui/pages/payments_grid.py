"""The EOB grid's own keys, the bar that asks where left over money goes, and the claim box."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QLineEdit, QWidget

from app.domain.books import Disposition
from app.ui.grid import EntryGrid, GridView
from app.ui.grid_model import Kind
from app.ui.pages.payments_rows import COLUMNS
from app.ui.theme import colour, dp
from app.ui.widgets.panel import label
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

# A letter typed in a column of money jumps along the line; so the hand need not Tab past blanks.
JUMPS = {
    "a": "allowed",
    "d": "deductible",
    "c": "coinsurance",
    "y": "copay",
    "r": "reason",
    "p": "paid",
}
PLACES = {
    "w": Disposition.WRITEOFF,
    "t": Disposition.TRANSFER,
    "h": Disposition.HOLD,
    "k": Disposition.INFO,
}
SEQUESTER = "s"


class EobView(GridView):
    """Enter goes where the claim needs typing; letters jump along the line and place the rest.

    Attributes:
        entered: Enter was pressed on a cell that is closed now; row and column key.
        placed: a letter that places what is left over (see ``PLACES``), or ``SEQUESTER``.
        undone: Esc on a line.
    """

    entered = Signal(int, str)
    placed = Signal(int, str)
    undone = Signal(int)

    def finish(self) -> bool:
        """Takes what stands in the open cell; False when it cannot be read."""
        return self._close(self._editor())

    def _editor(self) -> QLineEdit | None:
        for editor in self.viewport().findChildren(QLineEdit):
            if editor.property("look") == "cell" and editor.isVisible():
                return editor
        return None

    def _move(self, event: QKeyEvent, editor: QLineEdit | None) -> bool:
        control = event.modifiers() & (_CTRL | _ALT)
        letter = "" if control else event.text().casefold()
        if letter in _LETTERS and self._takes_letters(editor):
            if self._close(editor):
                self._do(letter)
            return True
        if event.key() == Qt.Key.Key_Escape and editor is None and not control:
            self.undone.emit(self.currentIndex().row())
            return True
        return super()._move(event, editor)

    def _takes_letters(self, editor: QLineEdit | None) -> bool:
        """Not where letters are typed: the reason."""
        index = self.currentIndex()
        if not index.isValid():
            return False
        return self.grid().columns[index.column()].kind is not Kind.CODE

    def _do(self, letter: str) -> None:
        row = self.currentIndex().row()
        if letter not in JUMPS:
            self.placed.emit(row, letter)
            return
        column = next(i for i, c in enumerate(self.grid().columns) if c.key == JUMPS[letter])
        if self.grid().can_type(row, column):
            self.go_to(row, column)

    def _go_on_or_end(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.entered.emit(index.row(), self.grid().columns[index.column()].key)


_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_LETTERS = frozenset({*JUMPS, *PLACES, SEQUESTER})

# Widths at 100 % where the window is narrow; the rest of the columns keep theirs.
_NARROW = {
    "patient": 92,
    "service": 66,
    "code": 92,
    "billed": 68,
    "allowed": 64,
    "deductible": 60,
    "coinsurance": 56,
    "copay": 56,
    "other": 56,
    "reason": 64,
    "paid": 70,
    "write_off": 68,
    "left": 70,
}


# Sums of many claims are longer, and their codes mostly without modifiers.
_TOGETHER = {"patient": 116, "code": 80, "billed": 76, "paid": 76}


class EobGrid(EntryGrid):
    """The lines of a claim in the order of the paper."""

    VIEW = EobView

    def __init__(self) -> None:
        super().__init__(COLUMNS, name="Lines of the EOB")
        self.view: EobView

    def set_narrow(
        self, narrow: bool, *, one_day: bool, tiny: bool = False, together: bool = False
    ) -> None:
        """Closes the columns up, or gives them room again.

        A narrow grid leaves the day out where every line has the same (the title tells it); a
        ``tiny`` one scrolls sideways, and its last column keeps a width of its own. Claims keyed
        ``together`` say whose each is.
        """
        last, modes = len(COLUMNS) - 1, QHeaderView.ResizeMode
        head = self.view.horizontalHeader()
        head.setSectionResizeMode(last, modes.Fixed if tiny else modes.Stretch)
        if tiny:
            self.view.setColumnWidth(last, dp(112))
        keys = [column.key for column in COLUMNS]
        self.view.setColumnHidden(keys.index("patient"), not together)
        self.view.setColumnHidden(keys.index("service"), (narrow or together) and one_day)
        for at, column in enumerate(COLUMNS):
            if column.width:
                close = narrow or together
                width = _NARROW.get(column.key, column.width) if close else column.width
                if together:
                    width = _TOGETHER.get(column.key, width)
                self.view.setColumnWidth(at, dp(width))


class RestBar(QFrame):
    """One line under the grid: what is in no column, and the keys that place it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "banner")
        self.setProperty("mark", "bad")
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        row.setSpacing(dp(16))
        self._words, self._keys = label("", wrap=True), label("", "figure", wrap=True)
        row.addWidget(self._words, 3)
        row.addWidget(self._keys, 2)
        self.hide()

    def ask(self, words: str, keys: str) -> None:
        """Shows the question."""
        self._words.setText(words)
        self._keys.setText(keys)
        self._words.setAccessibleName(f"{words} {keys}")
        self.show()

    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else f"{self._words.text()} {self._keys.text()}"


class ClaimBox(SearchField):
    """Finds the claim of the next block of the EOB.

    With nothing typed, Enter takes the payer's next open claim, greyed in the box, and Down lists
    all of them.
    """

    def __init__(
        self, query: Callable[[str], Sequence[SearchRow]], parent: QWidget | None = None
    ) -> None:
        super().__init__(query, parent, keep=False)
        self._find = query
        self._next: SearchRow | None = None

    def offer(self, row: SearchRow | None, instead: str = "") -> None:
        """The claim that Enter takes while nothing is typed; None shows ``instead``."""
        self._next = row
        self.setPlaceholderText("" if row else instead)
        self.update()

    def list_all(self) -> None:
        """Opens the list of everything the payer still owes on."""
        if rows := tuple(self._find("")):
            self._open_list().show_rows(rows)
            self._place()
            self.update()

    def takes_enter(self) -> bool:
        """Enter always looks for a claim here."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Enter work without a word typed."""
        empty = not self.text().strip() and not self.rows()
        key = event.key()
        if empty and key == Qt.Key.Key_Down:
            self.list_all()
        elif empty and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._next is not None:
            self.chosen.emit(self._next.key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whatever was searched before is typed over."""
        super().focusInEvent(event)
        self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, and greyed in it the claim that Enter takes."""
        super().paintEvent(event)
        if self._next is None or self.text() or self.rows() or not self.isEnabled():
            return
        painter = QPainter(self)
        painter.setPen(colour("muted"))
        box = QRectF(dp(10), 0, self.width() - dp(16), self.height())
        words = f"{self._next.title} · {self._next.detail}  ↵"
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
