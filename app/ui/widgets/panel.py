"""White cards, empty screens and the little ledgers beside a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import dp, repolish


def label(text: str, look: str = "", *, wrap: bool = False) -> QLabel:
    """A label dressed by ``look`` (see the style sheet); always plain text, whatever it holds."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if look:
        made.setProperty("look", look)
    return made


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit is cut with an ellipsis and told on hovering."""

    def __init__(self, text: str = "", look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        if look:
            self.setProperty("look", look)

    def minimumSizeHint(self) -> QSize:
        """Almost nothing."""
        return QSize(min(dp(24), self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the line as there is room for."""
        painter = QStylePainter(self)
        box = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, box.width() + 1
        )
        self.setToolTip("" if shown == self.text() else self.text())
        role = self.foregroundRole()
        painter.drawItemText(box, int(self.alignment()), self.palette(), True, shown, role)


def scrolled(widget: QWidget) -> QScrollArea:
    """``widget`` in a frameless scroll area: full size when it fits, scroll bars when it does not.

    At 200 % on a small screen nothing is squeezed.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    for part in (widget, area.viewport()):
        part.setAutoFillBackground(False)
    return area


def rule() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    line.setProperty("look", "rule")
    return line


class Panel(QFrame):
    """A white card with a title, an optional quiet note and actions at its right.

    Args:
        title: shown bold at the top; empty for none.
        note: muted words right of the title.
        flush: the body reaches the edges (for tables).
    """

    def __init__(
        self, title: str = "", parent: QWidget | None = None, *, note: str = "", flush: bool = False
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self._title, self._note = label(title, "heading"), ElidedLabel(note, "muted")
        self._head = self._build_head()
        outer.addWidget(self._head)  # shown without a parent it would flash up as a window
        self._head.setVisible(bool(title or note))
        self._rule = rule()
        outer.addWidget(self._rule)
        self._rule.setVisible(flush and bool(title))
        edge = 0 if flush else dp(16)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(edge, 0 if title or flush else edge, edge, edge)
        self.body.setSpacing(0 if flush else dp(8))
        outer.addLayout(self.body, 1)

    def _build_head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(dp(16), dp(10), dp(12), dp(10))
        row.setSpacing(dp(8))
        row.addWidget(self._title)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(dp(6))
        row.addLayout(self._beside)
        row.addStretch(1)
        row.addWidget(self._note)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(dp(8))
        row.addLayout(self._actions)
        return head

    def set_title(self, title: str, note: str = "") -> None:
        """Shows another title and note."""
        self._title.setText(title)
        self._note.setText(note)
        self.setAccessibleName(title)
        self._head.setVisible(bool(title or note))

    def add_beside_title(self, widget: QWidget) -> None:
        """Puts a pill or the like right after the title."""
        self._beside.addWidget(widget)
        self._head.setVisible(True)

    def add_action(self, widget: QWidget) -> None:
        """Puts a button at the right end of the title row."""
        self._actions.addWidget(widget)
        self._head.setVisible(True)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Adds to the body, top to bottom."""
        self.body.addWidget(widget, stretch)


class EmptyState(QWidget):
    """What to do next where there is nothing yet: a sentence and, at most, one action."""

    def __init__(
        self, sentence: str, action: QPushButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(24), dp(24), dp(24), dp(24))
        column.setSpacing(dp(12))
        column.addStretch(1)
        self._words = label(sentence, "muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._words)
        if action is not None:
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def set_sentence(self, sentence: str) -> None:
        """Shows another sentence."""
        self._words.setText(sentence)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A label and its amount, both as text.

    ``look``: empty, ``total`` (bold) or ``big`` (bold and large); ``mark``: empty or ``bad``.
    """

    name: str
    amount: str
    look: str = ""
    mark: str = ""


class FigureList(QWidget):
    """Label and right-aligned amount, one under the other, like the foot of a ledger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(dp(4), 0, dp(4), 0)
        self._grid.setHorizontalSpacing(dp(12))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._shown: list[tuple[QLabel, QLabel]] = []
        self._rules: list[QFrame] = []

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        """Shows ``rows``, reusing labels so that a running total does not flicker."""
        while len(self._shown) < len(rows):
            self._add_pair()
        for index, (name, amount) in enumerate(self._shown):
            row = rows[index] if index < len(rows) else None
            for part in (name, amount):
                part.setVisible(row is not None)
            self._rules[index].setVisible(row is not None and index + 1 < len(rows))
            if row is not None:
                _fill(name, row.name, {"": "", "big": "figure"}.get(row.look, "figure"))
                plain = "figure" if row.look == "total" else ""
                _fill(amount, row.amount, "big" if row.look == "big" else plain, row.mark)
                name.setAccessibleName(f"{row.name}: {row.amount}")

    def _add_pair(self) -> None:
        at = len(self._shown) * 2
        name, amount = label("", wrap=True), label("")
        for part in (name, amount):
            part.setContentsMargins(0, dp(6), 0, dp(6))
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(name, at, 0)
        self._grid.addWidget(amount, at, 1)
        line = rule()
        self._grid.addWidget(line, at + 1, 0, 1, 2)
        self._shown.append((name, amount))
        self._rules.append(line)


def _fill(part: QLabel, text: str, look: str, mark: str = "") -> None:
    part.setText(text)
    if (part.property("look") or "", part.property("mark") or "") != (look, mark):
        part.setProperty("look", look)
        part.setProperty("mark", mark)
        repolish(part)
