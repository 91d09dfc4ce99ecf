"""News of the books: which tables a commit touched, told to whoever watches them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal


class Changes(QObject):
    """Carries table names from any thread to the window's.

    Attributes:
        happened: a ``frozenset`` of table names, always delivered on the GUI thread and never
            inside the caller's own stack, so that a service has returned before a page re-reads.
    """

    happened = Signal(object)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def publish(self, tables: frozenset[str]) -> None:
        """Tells that ``tables`` changed; from any thread. Nothing is not told."""
        if tables:
            self._told.emit(tables)

    def _pass_on(self, tables: object) -> None:
        self.happened.emit(tables)
