"""The one window. It knows its pages by their contract only, and nothing of what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui.changes import Changes
from app.ui.guard import guard
from app.ui.header import Footer, Header
from app.ui.jobs import Jobs, ProgressStrip
from app.ui.page import Go, Page, PageSpec
from app.ui.palette import FoundItem, Palette, Provider, command_provider
from app.ui.sidebar import Sidebar, page_key
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import scrolled

_HISTORY = 50


@dataclass(slots=True)
class _Room:
    """A page that has been built, and what the frame shows for it."""

    page: Page
    area: QWidget
    extras: QWidget | None
    title: tuple[str, str]
    status: str = ""
    stale: bool = True


class MainWindow(QMainWindow):
    """Sidebar, header, pages, footer, Ctrl+K.

    A page is built on its first visit. When the books change, the page in front re-reads if it
    watches one of the tables; the others are marked stale and re-read when next shown.

    Args:
        pages: in the order of the sidebar; the first one is shown.
        practice_name: under the brand and in the window's title.
        changes: news of the books.
        jobs: shows its progress in the footer; None for none.
        providers: what Ctrl+K asks besides pages and commands.

    Attributes:
        closing: the window is about to close; drafts are kept, jobs can be shut down.
    """

    closing = Signal()

    def __init__(
        self,
        pages: Sequence[PageSpec],
        practice_name: str,
        changes: Changes,
        *,
        jobs: Jobs | None = None,
        providers: Sequence[Provider] = (),
    ) -> None:
        super().__init__()
        self._specs = {spec.name: spec for spec in pages}
        self._rooms: dict[str, _Room] = {}
        self._trail: list[str] = []
        self._now = ""
        self.setMinimumSize(900, 560)  # pixels at any scale: pages scroll
        self._sidebar = Sidebar(pages, practice_name)
        self.show_practice(practice_name)
        self._header = Header()
        self._stack = QStackedWidget()
        self._footer = Footer(ProgressStrip(jobs) if jobs else None)
        self._lay_out()
        self._palette = Palette(
            self, (self._find_pages, *providers, command_provider(self.commands))
        )
        self._connect(changes)
        if pages:
            self.show_page(pages[0].name)

    def _lay_out(self) -> None:
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar)
        right = QVBoxLayout()
        right.setSpacing(0)
        row.addLayout(right, 1)
        inner = QVBoxLayout()
        inner.setContentsMargins(dp(24), dp(16), dp(24), dp(16))
        inner.addWidget(self._stack)
        right.addWidget(self._header)
        right.addLayout(inner, 1)
        right.addWidget(self._footer)
        self.setCentralWidget(middle)

    def _connect(self, changes: Changes) -> None:
        changes.happened.connect(self._on_changes)
        self._sidebar.picked.connect(self.show_page)
        self._header.find_wanted.connect(self.find_anything)
        self._palette.go.connect(self.go)
        self._key("Ctrl+K", self.find_anything)
        self._key("Alt+Left", self.go_back)
        for number, spec in enumerate(self._specs.values(), start=1):
            if key := page_key(spec, number):
                self._key(key, lambda name=spec.name: self.show_page(name))

    def _key(self, key: str, run: object) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(run)

    def show_page(self, name: str) -> None:
        """Brings a page to the front, building it on the first visit.

        Raises:
            KeyError: when there is no such page.
        """
        self._specs[name]
        if self._now and self._now != name:
            self._trail = [*self._trail[-_HISTORY:], self._now]
            self._rooms[self._now].page.leave()
        room = self._room(name)
        self._now = name
        self._sidebar.show_page(name)
        self._stack.setCurrentWidget(room.area)
        self._show_frame()
        if room.stale:
            self._refresh(room)
        (room.page.focusWidget() or room.page).setFocus()

    def go(self, jump: Go) -> None:
        """Shows a page and opens there what the jump carries.

        Raises:
            KeyError: when there is no such page.
        """
        self.show_page(jump.page)
        if jump.target is not None:
            with guard(self, say=self.notify):
                self._rooms[jump.page].page.open(jump.target)

    def go_back(self) -> None:
        """Back to the page shown before (Alt+Left)."""
        if self._trail:
            name = self._trail.pop()
            self.show_page(name)
            self._trail.pop()

    def find_anything(self) -> None:
        """Opens Ctrl+K."""
        self._palette.open()

    def notify(self, notice: NoticeText) -> None:
        """Shows a sentence in the line at the bottom."""
        self._footer.notice.say(notice)

    def page(self, name: str) -> Page | None:
        """A page that has been built, else None."""
        room = self._rooms.get(name)
        return room.page if room else None

    def current_page(self) -> str:
        """Name of the page in front."""
        return self._now

    def commands(self) -> tuple[QAction, ...]:
        """What can be done now: the window's and the front page's actions."""
        front = self.page(self._now)
        return (*self.actions(), *(front.commands() if front else ()))

    def set_counter(self, name: str, count: int) -> None:
        """Shows how much waits in a page, whether it has been built or not.

        Raises:
            KeyError: when there is no such page.
        """
        self._sidebar.show_count(name, count)

    def show_practice(self, name: str) -> None:
        """The practice got another name."""
        self.setWindowTitle(f"{name} – CleanClaim")
        self._sidebar.show_practice(name)

    def set_facts(self, facts: Sequence[str]) -> None:
        """Quiet lines at the foot of the sidebar."""
        self._sidebar.show_facts(facts)

    def _room(self, name: str) -> _Room:
        if name not in self._rooms:
            page = self._specs[name].build()
            room = _Room(page, scrolled(page), page.header_widget(), (self._specs[name].title, ""))
            page.go.connect(self.go)
            page.notify.connect(self.notify)
            page.counted.connect(lambda count: self.set_counter(name, count))
            page.title_changed.connect(lambda t, s: self._on_title(room, t, s))
            page.status.connect(lambda text: self._on_status(room, text))
            self._stack.addWidget(room.area)
            self._rooms[name] = room
        return self._rooms[name]

    def _refresh(self, room: _Room) -> None:
        room.stale = False
        with guard(self, say=self.notify):
            room.page.refresh()

    def _on_changes(self, tables: object) -> None:
        if not isinstance(tables, frozenset):
            return
        for name, room in self._rooms.items():
            room.stale = room.stale or bool(room.page.WATCHES & tables)
            if room.stale and name == self._now and self.isVisible():
                self._refresh(room)

    def _on_title(self, room: _Room, title: str, subtitle: str) -> None:
        room.title = (title, subtitle)
        self._show_frame()

    def _on_status(self, room: _Room, text: str) -> None:
        room.status = text
        self._show_frame()

    def _show_frame(self) -> None:
        if room := self._rooms.get(self._now):
            self._header.show_title(*room.title)
            self._header.show_extras(room.extras)
            self._footer.show_status(room.status)

    def _find_pages(self, text: str) -> Sequence[FoundItem]:
        found = []
        for number, spec in enumerate(self._specs.values(), start=1):
            if text.casefold() in spec.title.casefold():
                key = page_key(spec, number).replace("+", " ")
                found.append(FoundItem("Pages", spec.title, "", Go(spec.name), key))
        return found

    def showEvent(self, event: QShowEvent) -> None:
        """Catches up with what changed while the window was hidden (locked)."""
        super().showEvent(event)
        room = self._rooms.get(self._now)
        if room and room.stale:
            self._refresh(room)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keeps drafts and lets the builder shut down; asks nothing."""
        if self._now:
            self._rooms[self._now].page.leave()
        self.closing.emit()
        super().closeEvent(event)
