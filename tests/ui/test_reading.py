"""Reading off the window's thread: a blink's patience, the newest wish, errors, the way out."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs
from app.ui.reading import Reading


class Slow:
    """A read that waits for leave."""

    def __init__(self, answer: str) -> None:
        self.answer, self.leave, self.thread = answer, threading.Event(), ""

    def __call__(self) -> str:
        self.thread = threading.current_thread().name
        assert self.leave.wait(10)
        return self.answer


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(patience=0.0)
    yield made
    made.shutdown()


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def reading(jobs: Jobs, errors: list[BaseException]) -> Reading:
    return Reading(jobs, jobs, errors.append)


def test_a_quick_answer_is_there_at_once() -> None:
    jobs, errors, shown = Jobs(patience=30.0), list[BaseException](), list[str]()
    reading = Reading(jobs, jobs, errors.append)
    reading.ask(lambda: threading.current_thread().name, shown.append)
    assert (len(shown), errors) == (1, [])
    assert shown[0].startswith("reader"), "never on the window's thread"
    jobs.shutdown()


def test_a_slow_answer_comes_later_and_the_window_goes_on(qtbot: QtBot, reading: Reading) -> None:
    slow, shown, then = Slow("rows"), list[str](), list[int]()
    reading.ask(slow, shown.append)
    reading.after(lambda: then.append(len(shown)))
    assert (shown, then) == ([], []), "the window has not waited"
    slow.leave.set()
    qtbot.waitUntil(lambda: bool(then))
    assert (shown, then) == (["rows"], [1]), "what was to come after came after"


def test_of_several_wishes_only_the_newest_is_shown(qtbot: QtBot, reading: Reading) -> None:
    first, second, third = Slow("first"), Slow("second"), Slow("third")
    shown: list[str] = []
    for wish in (first, second, third):
        reading.ask(wish, shown.append)
        wish.leave.set()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["third"]
    assert second.thread == "", "what nobody wants any more is not read"


def test_an_error_is_told_and_the_next_wish_is_read(
    qtbot: QtBot, reading: Reading, errors: list[BaseException]
) -> None:
    slow, shown = Slow("gone"), list[str]()

    def breaks() -> str:
        raise LookupError(slow())

    reading.ask(breaks, shown.append)
    reading.after(lambda: shown.append("must not run"))
    slow.leave.set()
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], LookupError)
    reading.ask(lambda: "again", shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["again"]


def test_reading_goes_on_beside_long_work(qtbot: QtBot, jobs: Jobs, reading: Reading) -> None:
    work, shown = Slow("work"), list[str]()
    jobs.run(lambda _progress: work(), shown.append)
    reading.ask(lambda: "list", shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["list"], "the long work still runs"
    work.leave.set()
    qtbot.waitUntil(lambda: len(shown) == 2)


def test_without_a_worker_it_is_a_plain_call() -> None:
    errors, shown = list[BaseException](), list[str]()
    reading = Reading(None, QObject(), errors.append)
    reading.ask(lambda: "rows", shown.append)
    reading.ask(lambda: str(1 // 0), shown.append)
    assert shown == ["rows"]
    assert isinstance(errors[0], ZeroDivisionError)


def test_after_the_end_nothing_is_read(jobs: Jobs, reading: Reading) -> None:
    jobs.shutdown()
    shown: list[str] = []
    reading.ask(lambda: "rows", shown.append)
    assert shown == []
