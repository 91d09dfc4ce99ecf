"""Reading for a page: the window waits a blink for the answer; what takes longer comes later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from app.ui.jobs import Jobs

Answer = TypeVar("Answer")
Wish = tuple[Callable[[], Any], Callable[[Any], object]]


class Reading(QObject):
    """Reads one thing at a time off the window's thread; of several wishes the newest counts.

    Small practices are answered within the blink, as if it were a plain call. In a large one the
    page shows what it had until the answer is there.
    """

    def __init__(
        self, jobs: Jobs | None, parent: QObject, failed: Callable[[BaseException], object]
    ) -> None:
        """Args: ``jobs`` None reads on the spot; ``failed`` gets what a read raised."""
        super().__init__(parent)
        self._jobs, self._failed = jobs, failed
        self._under_way = False
        self._next: Wish | None = None
        self._after: list[Callable[[], object]] = []

    def ask(self, read: Callable[[], Answer], show: Callable[[Answer], object]) -> None:
        """Hands the answer of ``read`` to ``show``, unless a newer wish has come meanwhile."""
        if self._under_way:
            self._next = read, show
        else:
            self._begin((read, show))

    def after(self, call: Callable[[], object]) -> None:
        """Runs ``call`` once nothing is being read any more: at once, or after the answer."""
        if self._under_way:
            self._after.append(call)
        else:
            call()

    def _begin(self, wish: Wish) -> None:
        self._under_way = True
        read, show = wish

        def home(answer: Any) -> None:
            self._end(lambda: show(answer))

        def failed(error: BaseException) -> None:
            self._after.clear()
            self._end(lambda: self._failed(error))

        if self._jobs is not None:
            self._jobs.glance(read, home, failed)
            return
        try:
            answer = read()
        except Exception as error:
            failed(error)
        else:
            home(answer)

    def _end(self, tell: Callable[[], object]) -> None:
        self._under_way = False
        if self._next is not None:
            wish, self._next = self._next, None
            self._begin(wish)
            return
        tell()
        waiting, self._after = self._after, []
        for call in waiting:
            call()
