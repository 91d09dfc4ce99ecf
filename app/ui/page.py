"""What a page is: a name in the sidebar, the tables it watches, and a way to be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.ui.widgets.notice import NoticeText


@dataclass(frozen=True, slots=True)
class Go:
    """Where to jump: a page by its name, and what it shall open there.

    Attributes:
        page: ``Page.NAME``.
        target: what the page's ``open`` takes (a claim id, a command's name); None just shows it.
    """

    page: str
    target: object = None


class Page(QWidget):
    """One screen of the window. Pages know their services; they never know each other.

    Attributes:
        NAME: stable name (``claims``), used by ``Go``.
        TITLE: word in the sidebar and the header.
        KEY: its key (``Ctrl+4``).
        WATCHES: tables whose change makes it re-read.
        go: a jump to some page.
        notify: a sentence for the line at the bottom.
        title_changed: title and subtitle of the header.
        counted: the number beside its name in the sidebar; 0 shows none.
        status: quiet facts for the left of the footer (``Draft kept 14:05``).
    """

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    KEY: ClassVar[str] = ""
    WATCHES: ClassVar[frozenset[str]] = frozenset()

    go = Signal(Go)
    notify = Signal(NoticeText)
    title_changed = Signal(str, str)
    counted = Signal(int)
    status = Signal(str)

    def refresh(self) -> None:
        """Reads again what it shows; called when first shown and when a watched table changed."""

    def open(self, target: object) -> None:
        """Shows ``target``: whatever a ``Go`` to this page carries."""

    def leave(self) -> None:
        """Called when another page comes to the front; keeps drafts, asks nothing."""

    def header_widget(self) -> QWidget | None:
        """Pills or buttons beside the title; asked once."""
        return None

    def commands(self) -> Sequence[QAction]:
        """Actions of this page: live while it is in front, and found by Ctrl+K."""
        return ()


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page before it is built: pages are built on the first visit.

    Attributes:
        name: ``Page.NAME``.
        title: word in the sidebar.
        build: makes the page.
        key: its key; ``Ctrl+1`` to ``Ctrl+9`` by position when empty.
    """

    name: str
    title: str
    build: Callable[[], Page]
    key: str = ""
