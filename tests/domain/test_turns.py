"""One thread at a time, and nobody at the window waits for what can be done later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.turns import Turns


def test_only_one_thread_is_ever_inside() -> None:
    turns, inside, most = Turns(), 0, 0
    start = threading.Barrier(4)

    def work() -> None:
        nonlocal inside, most
        start.wait()
        for _ in range(300):
            with turns:
                inside += 1
                most = max(most, inside)
                inside -= 1

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work) for _ in range(4)]:
            future.result()
    assert most == 1


def test_whoever_has_the_turn_may_take_it_again() -> None:
    turns = Turns()
    with turns, turns:
        assert turns.take()
        turns.give_back()


def test_what_is_wanted_soon_is_done_by_whoever_ends_its_turn() -> None:
    turns, done = Turns(), list[str]()
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with turns:
            held.set()
            free.wait(5)
        done.append("after the turn")

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    assert not turns.take()
    turns.soon(lambda: done.append("soon"))
    assert done == []
    free.set()
    thread.join(5)
    assert done == ["soon", "after the turn"]


def test_what_is_wanted_soon_is_done_at_once_where_nobody_is() -> None:
    turns, done = Turns(), list[int]()
    turns.soon(lambda: done.append(1))
    assert done == [1]
    assert turns.take()
    turns.give_back()


def test_a_turn_that_failed_is_given_back() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns:
        _ = 1 // 0
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(turns.take).result()
        pool.submit(turns.give_back).result()
