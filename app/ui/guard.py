"""The one place where errors become words: marks, a line, a dialog, or a crash report."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError, Invalid, StoreTrouble
from app.ui.form import Form
from app.ui.theme import dp, mono_font
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import label

_LOG = logging.getLogger("app.crash")

Say = Callable[[NoticeText], object]


class Guarded:
    """A block of code whose errors are told instead of thrown; see ``guard``.

    Attributes:
        ok: False once something was told.
    """

    def __init__(self, parent: QWidget, form: Form | None, say: Say | None) -> None:
        self.ok = True
        self._parent, self._form, self._say = parent, form, say

    def __enter__(self) -> Guarded:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.ok = False
        tell(error, self._parent, form=self._form, say=self._say)
        return True


def guard(parent: QWidget, *, form: Form | None = None, say: Say | None = None) -> Guarded:
    """Tells whatever the block under it raises, usually a call to a service.

    Args:
        parent: the page; dialogs open over it.
        form: takes the marks of ``Invalid``.
        say: takes one-line refusals, usually ``page.notify.emit``.

    Returns:
        A context; ask its ``ok`` after the block.
    """
    return Guarded(parent, form, say)


def tell(
    error: BaseException,
    parent: QWidget | None,
    *,
    form: Form | None = None,
    say: Say | None = None,
) -> None:
    """Turns one error into words; the kinds of ``AppError`` are the table.

    ``Invalid`` marks fields (what belongs to no field becomes a line), ``StoreTrouble`` opens a
    dialog, every other ``AppError`` becomes a line, anything else is ours: crash dialog and log.
    """
    if isinstance(error, Invalid):
        left = form.show_findings(error.findings) if form is not None else error.findings
        if left:
            _line(" ".join(f.message for f in left), parent, say)
    elif isinstance(error, StoreTrouble):
        TroubleDialog(error.message, parent).open()
    elif isinstance(error, AppError):
        _line(error.message, parent, say)
    else:
        report_crash(error, parent)


def _line(sentence: str, parent: QWidget | None, say: Say | None) -> None:
    if say is not None:
        say(NoticeText(sentence, "bad"))
    else:
        TroubleDialog(sentence, parent, title="This cannot be done").open()


def report_crash(error: BaseException, parent: QWidget | None = None) -> None:
    """Logs a bug of ours and shows it, once at a time, with details that can be copied."""
    details = crash_text(error)
    _LOG.error("unexpected error\n%s", details)
    # A broken paint fails a hundred times a second; one dialog is enough.
    if QApplication.instance() is not None and not _crash_shown():
        CrashDialog(details, parent).open()


def _crash_shown() -> bool:
    tops = QApplication.topLevelWidgets()
    return any(isinstance(top, CrashDialog) and top.isVisible() for top in tops)


def crash_text(error: BaseException) -> str:
    """Kind of error and where it passed: no messages, no values, no folders of this machine."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        kind = type(cause)
        lines.append(f"{kind.__module__}.{kind.__qualname__}")
        for frame in traceback.extract_tb(cause.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")  # noqa: PERF401
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


def _short(filename: str) -> str:
    parts = PurePath(filename).parts
    at = next((i for i, part in enumerate(parts) if part in ("app", "tests")), len(parts) - 1)
    return "/".join(parts[at:])


class TroubleDialog(QDialog):
    """A sentence that needs an answer: what the disk or the file does, and what to do."""

    def __init__(
        self, sentence: str, parent: QWidget | None = None, *, title: str = "Trouble with the file"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(24), dp(20), dp(24), dp(16))
        column.setSpacing(dp(12))
        column.addWidget(label(title, "heading"))
        words = label(sentence, wrap=True)
        words.setMinimumWidth(dp(360))
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setProperty("look", "primary")
        buttons.accepted.connect(self.accept)
        column.addWidget(buttons)
        self.sentence = sentence


class CrashDialog(QDialog):
    """Our mistake, said plainly; the details hold nothing personal and can be copied."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("The program made a mistake")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(24), dp(20), dp(24), dp(16))
        column.setSpacing(dp(12))
        column.addWidget(label("The program made a mistake", "heading"))
        column.addWidget(label(_CRASH_WORDS, wrap=True))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setFont(mono_font(dp(12)))
        self.details.setAccessibleName("Details without personal data")
        self.details.setMinimumSize(dp(520), dp(180))
        column.addWidget(self.details)
        buttons = QDialogButtonBox()
        copy = QPushButton("&Copy details")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        close = QPushButton("Clo&se")
        close.setProperty("look", "primary")
        close.setDefault(True)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        column.addWidget(buttons)
        close.setFocus()


_CRASH_WORDS = (
    "What you were doing was not finished; what was saved before is safe, and drafts are kept. "
    "You can go on working. To have it mended, send these details: they name places in the "
    "program, nothing of your patients."
)


def install_excepthook(window: Callable[[], QWidget | None]) -> None:
    """Sends whatever escapes a slot through ``tell``; without it Qt prints and goes on.

    Args:
        window: the window to open dialogs over; None before there is one.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            tell(error, window())

    sys.excepthook = hook
