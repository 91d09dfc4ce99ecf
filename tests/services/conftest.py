"""A stocked, encrypted practice: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.services.clock import SetClock
from tests.office import PASSPHRASE, USER, door
from tests.services.front_desk import TODAY, Lists, Office, stock


@dataclass(frozen=True, slots=True)
class Template:
    """A closed practice on disk, and the ids of its lists."""

    folder: Path
    lists: Lists

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Office]:
        """A copy of it in ``folder``, open."""
        shutil.copytree(self.folder, folder)
        clock = SetClock(TODAY)
        services = door(clock).unlock(folder, USER, PASSPHRASE)
        try:
            yield Office(services, clock, self.lists)
        finally:
            services.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("template") / "practice"
    services, _ = door(SetClock(TODAY)).create(folder, USER, PASSPHRASE)
    lists = stock(services)
    services.close()
    return Template(folder, lists)


@pytest.fixture
def practice_folder(tmp_path: Path) -> Path:
    """Where ``office`` lies."""
    return tmp_path / "practice"


@pytest.fixture
def office(template: Template, practice_folder: Path) -> Iterator[Office]:
    """An office of one's own."""
    with template.opened(practice_folder) as opened:
        yield opened
