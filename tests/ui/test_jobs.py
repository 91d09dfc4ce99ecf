from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs, JobState, Progress, ProgressStrip


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def jobs(qapp: QApplication, errors: list[BaseException]) -> Iterator[Jobs]:
    made = Jobs(on_error=errors.append)
    yield made
    made.shutdown()


def workers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("worker")]


def test_answers_come_home_in_order_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[tuple[int, bool, bool]] = []

    def work(number: int, _progress: Progress) -> tuple[int, bool]:
        return number, threading.current_thread() is threading.main_thread()

    def home(answer: tuple[int, bool]) -> None:
        heard.append((*answer, threading.current_thread() is threading.main_thread()))

    for number in range(100):
        jobs.run(partial(work, number), home)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert heard == [(number, False, True) for number in range(100)]


def test_errors_come_home_to_who_asked_else_to_all(
    jobs: Jobs, qtbot: QtBot, errors: list[BaseException]
) -> None:
    mine: list[BaseException] = []

    def fail(_p: Progress) -> None:
        raise OSError("disk")

    jobs.run(fail, lambda _a: None, mine.append)
    jobs.run(fail, lambda _a: None)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert [type(e) for e in (*mine, *errors)] == [OSError, OSError]


def test_progress_is_told_and_shown(jobs: Jobs, qtbot: QtBot) -> None:
    strip, seen = ProgressStrip(jobs), []
    states: list[JobState | None] = []
    jobs.state_changed.connect(states.append)

    def work(progress: Progress) -> str:
        for at in range(1, 4):
            progress.report(at, 3, f"claim {at} of 3")
        return "done"

    with qtbot.waitSignal(jobs.state_changed, check_params_cb=lambda s: s is None):
        jobs.run(work, lambda _a: None, progress=lambda *told: seen.append(told), name="Printing")
    assert seen == [(at, 3, f"claim {at} of 3") for at in (1, 2, 3)]
    assert states[0] == JobState("Printing")
    assert states[-1] is None
    strip.show_state(JobState("Printing", 1, 3, "claim 1 of 3"))
    assert (strip._bar.value(), strip._bar.maximum()) == (1, 3)
    strip.show_state(None)
    assert strip.isHidden()


def test_cancel_stops_the_running_job_and_all_that_wait(
    jobs: Jobs, qtbot: QtBot, errors: list[BaseException]
) -> None:
    started = threading.Event()
    answers: list[object] = []

    def endless(progress: Progress) -> None:
        started.set()
        while True:
            progress.report(0, 0)

    jobs.run(endless, answers.append)
    jobs.run(lambda _p: 1, answers.append)
    assert started.wait(5)
    jobs.cancel()
    qtbot.waitUntil(lambda: not jobs.busy())
    assert (answers, errors) == ([], [])


def test_shutdown_leaves_no_thread_and_takes_no_more_work(qapp: QApplication) -> None:
    made = Jobs()
    answers: list[object] = []
    started = threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        while not progress.cancelled:
            time.sleep(0.01)
        time.sleep(0.2)  # the last page of a print run

    made.run(work, answers.append)
    assert started.wait(5)
    assert len(workers()) == 1
    made.shutdown()
    qapp.processEvents()
    assert (workers(), answers) == ([], [])
    with pytest.raises(RuntimeError, match="closing"):
        made.run(lambda _p: 1, answers.append)
