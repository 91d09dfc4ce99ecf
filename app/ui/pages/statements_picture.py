"""The statement as it goes out, or why there is none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from app.domain.errors import Refused
from app.ui.widgets.pages_view import PagesView
from app.ui.widgets.panel import EmptyState

SOON_MS = 60  # the list is drawn first, so that running down it stays light

Draw = Callable[[], bytes]


class StatementPicture(QStackedWidget):
    """Draws a little after it was asked, and only while it can be seen.

    Args:
        guarded: runs a call to a service and tells its errors.
    """

    def __init__(self, guarded: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self._guarded = guarded
        self.pages = PagesView()
        self.pages.setAccessibleName("The statement as it goes out")
        self.reason = EmptyState("")
        self.addWidget(self.pages)
        self.addWidget(self.reason)
        self._draw: Draw | None = None
        self._timer = QTimer(self, singleShot=True, interval=SOON_MS)
        self._timer.timeout.connect(self.draw)

    def ask(self, draw: Draw | None) -> None:
        """Shows what ``draw`` answers, soon; None for nothing."""
        self._draw = draw
        self._timer.start()

    def draw(self) -> None:
        """Shows it now."""
        self._timer.stop()
        if not self.isVisible():
            return
        draw = self._draw
        if draw is None:
            self._say("")
            return
        self._guarded(lambda: self._show(draw))

    def _show(self, draw: Draw) -> None:
        try:
            pdf = draw()
        except Refused as refusal:
            self._say(refusal.message)
        else:
            self.pages.show_pdf(pdf)
            self.setCurrentWidget(self.pages)

    def _say(self, sentence: str) -> None:
        self.reason.set_sentence(sentence)
        self.setCurrentWidget(self.reason)

    def showEvent(self, event: QShowEvent) -> None:
        """Draws what was asked for while it was hidden."""
        super().showEvent(event)
        self._timer.start()
