"""A stocked, encrypted practice: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.domain.reference import FileKind
from app.services import _reference_reading
from app.services.clock import SetClock
from app.services.codesets import CodeSetService
from app.services.reference import ReferenceService
from tests.office import PASSPHRASE, USER, door
from tests.services.front_desk import TODAY, Lists, Office, stock
from tests.services.reference_desk import opened


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


@pytest.fixture(scope="session")
def code_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the packaged code set lies, built once for all tests; not to be changed."""
    return tmp_path_factory.mktemp("codes")


@pytest.fixture(scope="session")
def codes(code_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeSetService]:
    """The packaged code set in an empty practice; not to be changed."""
    with _coding(tmp_path_factory.mktemp("coding"), code_folder) as codesets:
        yield codesets


@pytest.fixture
def own_codes(code_folder: Path, codes: CodeSetService, tmp_path: Path) -> Iterator[CodeSetService]:
    """Code sets of one's own in ``tmp_path / "codes"``, to be changed."""
    assert codes.ready
    mine = tmp_path / "codes"
    shutil.copytree(code_folder, mine)
    with _coding(tmp_path, mine) as codesets:
        yield codesets


@contextmanager
def _coding(folder: Path, code_folder: Path) -> Iterator[CodeSetService]:
    own = replace(door(SetClock(TODAY)), codes=code_folder)
    services, _ = own.create(folder / "practice", USER, PASSPHRASE)
    services.codesets.prepare()
    try:
        yield services.codesets
    finally:
        services.close()


@pytest.fixture
def reference(tmp_path: Path) -> Iterator[ReferenceService]:
    service = opened(tmp_path / "codes")
    yield service
    service.close()


@pytest.fixture
def small_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up files count as whole ones."""
    monkeypatch.setattr(_reference_reading, "_WHOLE", dict.fromkeys(FileKind, 1))
