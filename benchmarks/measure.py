"""How every benchmark measures: the program against a bare floor, side by side in one process."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class BenchResult:
    """One line of ``make bench``.

    Attributes:
        name: what was measured.
        ratio: time of the program over time of the floor, median of interleaved pairs.
        target: the ratio that must not be exceeded.
    """

    name: str
    ratio: float
    target: float

    @property
    def met(self) -> bool:
        """True when the ratio is within the target."""
        return self.ratio <= self.target


def interleave(app: Callable[[], object], floor: Callable[[], object], pairs: int) -> float:
    """Median of ``pairs`` ratios app/floor.

    The two run in turn, each first every other time, so that a busy machine slows both alike. Each
    runs once unmeasured: caches that a working program would have filled are filled.
    """
    return interleave_timed(lambda: _seconds(app), lambda: _seconds(floor), pairs)


def interleave_timed(app: Callable[[], float], floor: Callable[[], float], pairs: int) -> float:
    """Like ``interleave`` for callables that answer their own seconds (another process's, say)."""
    app()
    floor()
    ratios = []
    for pair in range(pairs):
        first, second = (app, floor) if pair % 2 == 0 else (floor, app)
        one, two = first(), second()
        ratios.append(one / two if first is app else two / one)
    return statistics.median(ratios)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start
