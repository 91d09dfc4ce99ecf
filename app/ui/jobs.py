"""Long work on one worker thread, reading beside it; answers come home through one signal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.ui.theme import dp
from app.ui.widgets.panel import label

Answer = TypeVar("Answer")

# How long a busy worker may keep the interpreter before the window has its turn. A page that reads
# gives it away at every statement, so Python's own 5 ms would add up to a visible wait.
TURN_SECONDS = 0.0005
# How long the window waits for what a page reads, before it goes on without: less than two frames.
PATIENCE_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class JobState:
    """How far the running job is. ``total`` 0 means that nobody knows."""

    name: str
    done: int = 0
    total: int = 0
    text: str = ""


class Cancelled(Exception):  # noqa: N818 - not an error: the biller asked for it
    """Raised inside the work by ``Progress.report`` once the biller has cancelled."""


class Progress:
    """Handed to the work: tells how far it is, learns that it is no longer wanted."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """True once the biller has cancelled."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Asks the work to stop at its next report."""
        self._stop.set()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tells the window; the place where a cancelled job stops.

        Raises:
            Cancelled: when it is no longer wanted.
        """
        if self.cancelled:
            raise Cancelled
        self._tell(done, total, text)


class Jobs(QObject):
    """One worker, in order; values in, values out. A job never sees a widget.

    Attributes:
        state_changed: a ``JobState`` while work runs or waits, None when all is done.
    """

    state_changed = Signal(object)
    _home = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        on_error: Callable[[BaseException], None] | None = None,
        patience: float | None = None,
    ) -> None:
        """Args: ``patience`` is how long ``glance`` waits (seconds); None for a blink."""
        super().__init__(parent)
        sys.setswitchinterval(TURN_SECONDS)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")
        self._readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._patience = patience
        self._on_error = on_error
        self._waiting: list[Progress] = []
        self._closed = False
        self._home.connect(self._run_home, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[Progress], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[BaseException], object] | None = None,
        progress: Callable[[int, int, str], object] | None = None,
        *,
        name: str = "Working",
    ) -> Progress:
        """Queues ``work``.

        Args:
            work: runs on the worker; must touch no widget.
            done: gets its answer, on the GUI thread.
            failed: gets what it raised; without it the error goes to ``on_error``. A cancelled job
                calls neither.
            progress: every report, on the GUI thread.
            name: shown in the progress strip.

        Returns:
            The job's ``Progress``, whose ``cancel`` stops it.

        Raises:
            RuntimeError: after ``shutdown``.
        """
        if self._closed:
            raise RuntimeError("The program is closing; no new work is taken.")

        def tell(at: int, total: int, text: str) -> None:
            self._post(lambda: self._show(JobState(name, at, total, text), progress))

        handle = Progress(tell)
        self._waiting.append(handle)
        self.state_changed.emit(JobState(name))
        self._pool.submit(self._work, work, handle, done, failed or self._on_error)
        return handle

    def glance(
        self,
        read: Callable[[], Answer],
        show: Callable[[Answer], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Reads beside the long work; within a blink ``show`` runs before this returns, else later.

        Never shown as work, since nobody waits for it: the page stands as it stood.
        """
        if self._closed:
            return
        answer = self._readers.submit(read)

        def home(known: Future[Answer]) -> None:
            error = known.exception()
            if error is None:
                show(known.result())
            else:
                failed(error)

        patience = PATIENCE_SECONDS if self._patience is None else self._patience
        if wait((answer,), patience).done:
            home(answer)
        else:
            answer.add_done_callback(lambda known: self._post(lambda: home(known)))

    def cancel(self) -> None:
        """Cancels the running job and all that wait."""
        for handle in self._waiting:
            handle.cancel()

    def busy(self) -> bool:
        """True while a job runs or waits."""
        return bool(self._waiting)

    def shutdown(self) -> None:
        """Cancels everything and returns once the worker has ended; call before the app quits."""
        self._closed = True
        self.cancel()
        for pool in (self._pool, self._readers):
            pool.shutdown(wait=True, cancel_futures=True)
        self._waiting.clear()

    def _work(
        self,
        work: Callable[[Progress], Answer],
        handle: Progress,
        done: Callable[[Answer], object],
        failed: Callable[[BaseException], object] | None,
    ) -> None:
        try:
            if handle.cancelled:
                raise Cancelled  # noqa: TRY301 - one way out for both kinds of cancelling
            answer = work(handle)
        except Cancelled:
            self._post(lambda: self._end(handle, lambda: None))
        except BaseException as error:
            caught = error
            self._post(lambda: self._end(handle, lambda: _tell(failed, caught)))
        else:
            self._post(lambda: self._end(handle, lambda: done(answer)))

    def _post(self, call: Callable[[], None]) -> None:
        if not self._closed:
            self._home.emit(call)

    def _run_home(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()

    def _show(self, state: JobState, progress: Callable[[int, int, str], object] | None) -> None:
        self.state_changed.emit(state)
        if progress is not None:
            progress(state.done, state.total, state.text)

    def _end(self, handle: Progress, say: Callable[[], object]) -> None:
        self._waiting.remove(handle)
        if not self._waiting:
            self.state_changed.emit(None)
        say()


def _tell(failed: Callable[[BaseException], object] | None, error: BaseException) -> None:
    if failed is None:
        raise error
    failed(error)


class ProgressStrip(QWidget):
    """Name, bar and Cancel of the running job; hidden when there is none."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(8))
        self._words = label("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(dp(160))
        self._bar.setAccessibleName("Progress")
        self._cancel = QPushButton("Cancel")
        self._cancel.setProperty("look", "link")
        self._cancel.setToolTip("Stop this work; nothing is half-written")
        self._cancel.clicked.connect(jobs.cancel)
        for part in (self._words, self._bar, self._cancel):
            row.addWidget(part)
        jobs.state_changed.connect(self.show_state)
        self.hide()

    def show_state(self, state: JobState | None) -> None:
        """Shows how far the job is; None hides the strip."""
        self.setVisible(state is not None)
        if state is None:
            return
        self._words.setText(state.text or state.name)
        self._bar.setRange(0, state.total)
        self._bar.setValue(state.done)
