"""Every action has a key, and shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.widgets.pill import KeyButton, key_text


def make_action(
    owner: QWidget,
    text: str,
    key: str,
    run: Callable[[], object],
    *,
    tip: str = "",
    everywhere: bool = False,
) -> QAction:
    """An action of ``owner`` with its key in the tooltip.

    Args:
        owner: the page or window; the key works while the focus is inside it.
        text: what it does, as a button says it (``Print claim``).
        key: portable key sequence (``Ctrl+P``); empty only for actions found by Ctrl+K alone.
        run: called without arguments.
        tip: a longer sentence for the tooltip, when the text does not tell enough.
        everywhere: the key works in the whole window, wherever the focus is.

    Raises:
        ValueError: when ``owner`` already has an action with that key.
    """
    sequence = QKeySequence(key)
    if key and any(sequence == other.shortcut() for other in owner.actions()):
        raise ValueError(f"Two actions want the key {key}.")
    action = QAction(text, owner)
    contexts = Qt.ShortcutContext
    action.setShortcut(sequence)
    action.setShortcutContext(
        contexts.WindowShortcut if everywhere else contexts.WidgetWithChildrenShortcut
    )
    action.setAutoRepeat(False)
    words = (tip or text).replace("&", "")
    action.setToolTip(f"{words} ({key_text(key)})" if key else words)
    action.triggered.connect(lambda _checked=False: run())
    owner.addAction(action)
    return action


def button_for(
    action: QAction, parent: QWidget | None = None, *, primary: bool = False
) -> KeyButton:
    """A button that runs ``action``, shows its key and follows whether it can be used."""
    key = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
    button = KeyButton(action.text(), key, parent, primary=primary)
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
