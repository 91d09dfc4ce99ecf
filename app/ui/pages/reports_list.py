"""The list of reports, grouped by what they are about; typing keeps those that are meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from app.services.report_commands import ReportInfo
from app.ui.theme import dp, ui_font
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, label

GROUPS: tuple[tuple[str, str], ...] = (
    (
        "Day and month",
        "day_sheet month_close batch_proof deposits payments production collections adjustments "
        "refunds reversals",
    ),
    ("Money owed", "total_aging insurance_aging patient_aging credits unapplied"),
    ("Claims", "outstanding unbilled denials underpaid"),
    ("Rates", "collection_rate key_figures"),
)
_KEY = Qt.ItemDataRole.UserRole
_WORDS = Qt.ItemDataRole.UserRole + 1


class ReportList(Panel):
    """Filter above, reports below.

    Attributes:
        picked: key of the report the cursor stands on.
        wanted: the report there shall be run.
    """

    picked = Signal(str)
    wanted = Signal()

    def __init__(self, catalog: Sequence[ReportInfo]) -> None:
        super().__init__(flush=True)
        self.words = LineField(hint="Type to filter")
        self.words.setAccessibleName("Filter reports")
        self.menu = QListWidget()
        self.menu.setAccessibleName("Reports")
        self.menu.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.menu.setProperty("look", "menu")
        self.menu.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        top = QWidget()
        box = QVBoxLayout(top)
        box.setContentsMargins(dp(8), dp(8), dp(8), dp(4))
        box.addWidget(self.words)
        self._none = label("No report has these words. Empty the field to see all.", "", wrap=True)
        self._none.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        self._none.hide()
        self.add(top)
        self.add(self._none)
        self.add(self.menu, 1)
        self._fill({info.key: info for info in catalog})
        self.setFocusProxy(self.menu)
        self.words.edited.connect(self.filter_now)
        self.words.installEventFilter(self)
        self.menu.installEventFilter(self)
        self.menu.currentItemChanged.connect(self._moved)
        self.menu.itemClicked.connect(lambda _item: self.wanted.emit())

    def _fill(self, infos: dict[str, ReportInfo]) -> None:
        known = " ".join(keys for _, keys in GROUPS).split()
        left = " ".join(key for key in infos if key not in known)
        for title, keys in (*GROUPS, ("More", left)):
            here = [infos[key] for key in keys.split() if key in infos]
            if not here:
                continue
            head = QListWidgetItem(title)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(ui_font(dp(12), QFont.Weight.DemiBold))
            self.menu.addItem(head)
            for info in here:
                item = QListWidgetItem(info.title)
                item.setData(_KEY, info.key)
                words = f"{info.title} {title} {info.answers} {info.key.replace('_', ' ')}"
                item.setData(_WORDS, words.casefold())
                item.setToolTip(info.answers)
                self.menu.addItem(item)

    def key(self) -> str:
        """The report the cursor stands on; empty for none."""
        item = self.menu.currentItem()
        return str(item.data(_KEY) or "") if item is not None else ""

    def choose(self, key: str) -> bool:
        """Puts the cursor on a report; False when there is none of that key."""
        for item in self._items():
            if item.data(_KEY) == key:
                self.words.set_value("")
                self.filter_now()
                self.menu.setCurrentItem(item)
                return True
        return False

    def seen(self) -> tuple[str, ...]:
        """Keys of the reports that pass the filter."""
        return tuple(
            str(item.data(_KEY))
            for item in self._items()
            if item.data(_KEY) and not item.isHidden()
        )

    def _items(self) -> list[QListWidgetItem]:
        return [self.menu.item(n) for n in range(self.menu.count())]

    def filter_now(self) -> None:
        """Keeps reports that hold every word typed, and headings that still have any."""
        words = self.words.text().casefold().split()
        head: QListWidgetItem | None = None
        for item in self._items():
            if not item.data(_KEY):
                head = item
                head.setHidden(True)
                continue
            hidden = not all(word in str(item.data(_WORDS)) for word in words)
            item.setHidden(hidden)
            if not hidden and head is not None:
                head.setHidden(False)
        self._none.setVisible(not self.seen())
        now = self.menu.currentItem()
        first = next((i for i in self._items() if i.data(_KEY) and not i.isHidden()), None)
        if (now is None or now.isHidden()) and first is not None:
            self.menu.setCurrentItem(first)

    def _moved(self) -> None:
        if key := self.key():
            self.picked.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter runs the report; from the filter the arrows go on into the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.key():
                self.wanted.emit()
            return True
        if watched is self.words and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.menu.setFocus()
            return True
        return super().eventFilter(watched, event)
