"""A small sample practice, built once for all tests of this floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.services.clock import SetClock
from app.services.door import Services
from app.services.sample import build_sample
from tests.office import PASSPHRASE, door

TODAY = date(2026, 11, 20)
PATIENTS, MONTHS = 25, 4

Build = Callable[[Path], Services]


def build(folder: Path) -> Services:
    """25 patients, four months, a cheap key."""
    return build_sample(
        folder,
        PASSPHRASE,
        today=TODAY,
        patients=PATIENTS,
        months=MONTHS,
        door=door(SetClock(TODAY)),
    )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = build(tmp_path_factory.mktemp("sample") / "practice")
    yield services
    services.close()
