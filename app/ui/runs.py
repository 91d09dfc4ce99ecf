"""Work over many things, one by one: a few at once, many on the worker with progress and Cancel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.ui.jobs import Cancelled, Jobs, Progress

AT_ONCE = 3  # more than these go to the worker: each takes some hundredths of a second
BREATH_MS = 100  # after a long run the list and the picture are drawn first, then sheets are put

Report = Callable[[int], bool]  # how many are done so far; False once no longer wanted


class Runs(QObject):
    """Carries one run at a time.

    Attributes:
        broke: an error to be told in the usual way.
        running: a run is on the worker.
    """

    broke = Signal(object)

    def __init__(self, jobs: Jobs | None, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.running = False
        if jobs is not None:
            jobs.state_changed.connect(self._idle)

    def _idle(self, state: object) -> None:
        # A job cancelled before its turn answers nothing else.
        self.running = self.running and state is not None

    def _run(
        self,
        count: int,
        work: Callable[[Report], object],
        done: Callable[..., object],
        name: str,
    ) -> None:
        """Does ``work`` over ``count`` things, then ``done`` with its answer, in the window."""
        if self._jobs is None or count <= AT_ONCE:
            try:
                answer = work(lambda _done: True)
            except Exception as error:
                self.broke.emit(error)
            else:
                done(answer)
            return
        self.running = True

        def at_work(progress: Progress) -> object:
            def report(at: int) -> bool:
                try:
                    progress.report(at, count, f"{name}: {at} of {count}")
                except Cancelled:
                    return False  # what was begun is brought to an end first
                return True

            return work(report)

        def home(answer: object) -> None:
            self.running = False
            done(answer)

        def failed(error: BaseException) -> None:
            self.running = False
            self.broke.emit(error)

        self._jobs.run(at_work, home, failed, name=name)
