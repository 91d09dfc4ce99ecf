"""One thread at a time in a library that can only serve one.

pdfium keeps its state for the whole process and is not safe to be entered by two threads (its own
documentation says so). Every use of it in this program stands inside ``with PDFIUM:``, the closing
of what it opened among them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType


class Turns:
    """A turn is taken with ``with``; who has it may take it again."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._later: deque[Callable[[], object]] = deque()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
        self._run_later()

    def take(self) -> bool:
        """Takes the turn if nobody has it; answers whether. Give it back with ``give_back``."""
        return self._lock.acquire(blocking=False)

    def give_back(self) -> None:
        """Ends a turn that ``take`` began."""
        self._lock.release()
        self._run_later()

    def soon(self, call: Callable[[], object]) -> None:
        """Runs ``call`` in a turn: at once if it is free, else by whoever ends the running one.

        For the window's thread, which must not wait for a page being drawn.
        """
        self._later.append(call)
        self._run_later()

    def _run_later(self) -> None:
        while self._later and self._lock.acquire(blocking=False):
            try:
                while self._later:
                    self._later.popleft()()
            finally:
                self._lock.release()


PDFIUM = Turns()  # of the process, as the library itself is
