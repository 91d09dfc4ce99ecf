"""For every test: Qt draws to memory, and a warning nobody expected fails the test."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# One seed for everybody: a change must not fail on what it did not touch. Say
# HYPOTHESIS_PROFILE=search to look for new examples.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile(
    "search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class _Collector(logging.Handler):
    """Keeps what was logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _collector() -> Iterator[_Collector]:
    """Fails the test when anything logs a warning, unless it asked for ``logged``."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield collector
    root.removeHandler(collector)
    if collector.records and not collector.expected:
        said = "\n".join(f"{r.name}: {r.getMessage()}" for r in collector.records)
        pytest.fail(f"unexpected log records:\n{said}", pytrace=False)


@pytest.fixture
def logged(_collector: _Collector) -> list[logging.LogRecord]:
    """For tests in which a warning is right: the records, to be asserted on."""
    _collector.expected = True
    return _collector.records
