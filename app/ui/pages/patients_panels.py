"""What the small panels under the account share: a form, F9 to do it, Esc to leave it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.form import Form
from app.ui.shortcuts import button_for, make_action
from app.ui.widgets.choice import Choice
from app.ui.widgets.panel import Panel

METHODS = (
    Choice("check", "Check"),
    Choice("card", "Card"),
    Choice("cash", "Cash"),
    Choice("eft", "Electronic"),
    Choice("other", "Other"),
)


def save_action(owner: QWidget, text: str, run: Callable[[], object]) -> QAction:
    """An action on F9 and Ctrl+Enter, wherever the cursor stands while ``owner`` is shown."""
    action = make_action(owner, text, "F9", run, everywhere=True)
    keys = ("F9", "Ctrl+Return", "Ctrl+Enter")
    action.setShortcuts([QKeySequence(key) for key in keys])
    return action


class ListPanel(Panel):
    """A panel with a list and actions on its rows; Esc leaves it.

    Attributes:
        closed: she left it.
    """

    closed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__(title, flush=True)
        self.close_action = make_action(self, "Close", "Esc", self.closed.emit, everywhere=True)
        self.add_action(button_for(self.close_action))
        self.hide()

    def offer(
        self, text: str, key: str, run: Callable[[], object], tip: str, *, primary: bool = False
    ) -> QAction:
        """A button in the title row, on a key of its own."""
        action = make_action(self, text, key, run, tip=tip, everywhere=True)
        self.add_action(button_for(action, primary=primary))
        return action


class ActionPanel(Panel):
    """A panel that asks for a few facts and then does one thing.

    Attributes:
        wanted: the command to be carried out.
        closed: she left it.
    """

    wanted = Signal(object)
    closed = Signal()

    def __init__(self, title: str, verb: str) -> None:
        super().__init__(title)
        self.form = Form(submit_keys=())
        self.save = save_action(self, verb, self.submit)
        self.close_action = make_action(self, "Close", "Esc", self.closed.emit, everywhere=True)
        self.add_action(button_for(self.close_action))
        self.add_action(button_for(self.save, primary=True))
        self.add(self.form)
        self.form.submitted.connect(self.act)
        self.hide()

    def submit(self) -> None:
        """Checks the fields, then acts."""
        self.form.submit()

    def act(self) -> None:
        """Emits ``wanted``; the fields can be read."""
        raise NotImplementedError
