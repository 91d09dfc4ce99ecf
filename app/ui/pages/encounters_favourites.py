"""Favourites by key: groups of codes as on the superbill, several put on the visit at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.favourites import FavouriteCode, FavouriteGroup
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import label
from app.ui.widgets.results import ResultList, SearchRow

_MARK = "✓ "


class FavouritesBox(QFrame):
    """A list over the page: type to narrow, Space marks, Enter takes all that is marked.

    Attributes:
        taken: the ``FavouriteCode`` values taken, in the order of the groups.
        gone: closed without taking anything.
        field: where she types.
    """

    taken = Signal(object)
    gone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = parent
        self.setProperty("look", "overlay")
        self.setAccessibleName("Favourites")
        self._groups: tuple[FavouriteGroup, ...] = ()
        self._marked: set[FavouriteCode] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(12), dp(10), dp(12), dp(10))
        column.setSpacing(dp(6))
        head = QHBoxLayout()
        head.addWidget(label("Favourites", "heading"))
        head.addStretch(1)
        head.addWidget(label("Space marks · Enter takes · Esc closes", "muted"))
        column.addLayout(head)
        self.field = LineField(hint="Group, code or words")
        self.field.setAccessibleName("Find a favourite")
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self.list = ResultList(self, title_width=110, overlay=False)
        self.list.picked.connect(self._clicked)
        column.addWidget(self.list, 1)
        self._none = label("", "muted", wrap=True)
        column.addWidget(self._none)
        self.hide()

    def ask(self, groups: Sequence[FavouriteGroup]) -> None:
        """Opens over the page with nothing marked."""
        self._groups, self._marked = tuple(groups), set()
        self.field.set_value(None)
        self._show()
        wide, high = (
            min(dp(560), self._home.width() - dp(24)),
            min(dp(460), self._home.height() - dp(24)),
        )
        self.setGeometry((self._home.width() - wide) // 2, dp(12), wide, high)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_box(self) -> None:
        """Closes without taking anything."""
        self.hide()
        self.gone.emit()

    def marked(self) -> tuple[FavouriteCode, ...]:
        """What is marked, in the order of the groups."""
        every = [code for group in self._groups for code in group.codes]
        return tuple(dict.fromkeys(code for code in every if code in self._marked))

    def _show(self) -> None:
        typed = self.field.text().casefold().split()
        rows = []
        for group in self._groups:
            head = " · ".join(part for part in (group.name, group.specialty) if part)
            for code in group.codes:
                said = f"{head} {code.code} {code.modifiers} {code.wording}".casefold()
                if all(word in said for word in typed):
                    rows.append(self._row(code, head))
        here = self.list.currentIndex().row()
        self.list.show_rows(rows)
        if rows and 0 <= here < len(rows):
            self.list.setCurrentIndex(self.list.model().index(here, 0))
        self.list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._none.setText(
            "No favourite holds these words."
            if self._groups
            else "There are no favourites yet. Make groups in Setup, under Favourites."
        )

    def _row(self, code: FavouriteCode, head: str) -> SearchRow:
        title = f"{code.code} {code.modifiers}".strip()
        kind = "diagnosis" if code.kind == "dx" else "procedure"
        marked = code in self._marked
        return SearchRow(code, _MARK * marked + title, code.wording, kind, head)

    def _clicked(self, row: object) -> None:
        if isinstance(row, SearchRow):
            self._mark(row)

    def _mark(self, row: SearchRow) -> None:
        code = row.key
        if isinstance(code, FavouriteCode):
            self._marked ^= {code}
            self._show()

    def _take(self) -> None:
        marked = self.marked()
        row = self.list.current()
        if not marked and row is not None and isinstance(row.key, FavouriteCode):
            marked = (row.key,)
        self.hide()
        if marked:
            self.taken.emit(marked)
        else:
            self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list, Space marks, Enter takes, Esc closes; letters narrow."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
            elif key == Qt.Key.Key_Escape:
                self.close_box()
            elif key == Qt.Key.Key_Space and (row := self.list.current()) is not None:
                self._mark(row)
                self.list.steer(Qt.Key.Key_Down.value)
            else:
                return self.list.steer(key)
            return True
        return super().eventFilter(watched, event)
