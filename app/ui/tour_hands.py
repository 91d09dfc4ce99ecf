"""Hands of the tour: they type into the real windows, count every action, and take pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

IDLE_MS = 60
PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the day and how many actions it took: typed field, click or key, one each."""

    name: str
    actions: int
    budget: int | None

    @property
    def kept(self) -> bool:
        """True within its budget, or without one."""
        return self.budget is None or self.actions <= self.budget


class TourStuckError(RuntimeError):
    """The window did not do what the tour expected of it; the tour fails loudly."""


class Hands:
    """Types like a biller: a field with its Enter is one action, so is a key chord or a click."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tasks: list[Task] = []
        self._actions = 0
        self._shots = 0

    @contextmanager
    def task(self, name: str, budget: int | None = None) -> Iterator[None]:
        """Counts the actions made inside under a name."""
        before = self._actions
        yield
        self.tasks.append(Task(name, self._actions - before, budget))

    def focused(self) -> QWidget:
        """The widget that has the keyboard."""
        widget = QApplication.focusWidget()
        if widget is None:
            raise TourStuckError("no widget has the keyboard")
        return widget

    def enter(self, text: str) -> None:
        """Types into the focused field and presses Enter: one action."""
        self.type(text)
        QTest.keyClick(self.focused(), Qt.Key.Key_Return)
        self.settle()

    def finish(self) -> None:
        """The Enter that belongs to what was just typed: no action of its own."""
        QTest.keyClick(self.focused(), Qt.Key.Key_Return)
        self.settle()

    def type(self, text: str) -> None:
        """Types into the focused field and leaves it at that: one action."""
        self._actions += 1
        for letter in text:  # the first letter may open a cell, which then has the keyboard
            QTest.keyClicks(self.focused(), letter)
        self.settle()

    def key(self, chord: str) -> None:
        """Presses a key or chord such as ``Ctrl+N``, ``F9`` or ``Return``: one action."""
        self._actions += 1
        QTest.keySequence(self.focused(), QKeySequence(chord))
        self.settle()

    def click(self, widget: QWidget) -> None:
        """Clicks a widget: one action."""
        self._actions += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def settle(self, milliseconds: int = IDLE_MS) -> None:
        """Lets timers, the worker and queued signals of the next moments happen."""
        end = time.monotonic() + milliseconds / 1000
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.002)  # gives the worker its turn; Qt's own wait does not

    def until(self, happened: Callable[[], object], what: str) -> None:
        """Waits for something.

        Raises:
            TourStuckError: when it does not happen.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            if time.monotonic() > end:
                raise TourStuckError(f"waited in vain for {what}")
            self.settle(20)

    def shot(self, window: QWidget, name: str) -> None:
        """Saves a numbered picture of a window."""
        self.settle()
        self._shots += 1
        path = self.folder / f"{self._shots:02d}-{name}.png"
        if not window.grab().save(str(path)):
            raise TourStuckError(f"could not save {path.name}")
