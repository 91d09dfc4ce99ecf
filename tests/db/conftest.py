"""A real encrypted practice for each test, with a cheap key derivation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.db import keys
from app.db.connection import connect
from app.db.database import Database
from app.db.header import KdfCost
from app.db.practice import DATABASE, HEADER, create_practice, open_practice
from tests.db.books import add_basics

CHEAP = KdfCost(memory_kib=8, passes=1, lanes=1)
USER = "Dana Biller"
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "practice"
    db, _ = create_practice(folder, USER, PASSPHRASE, cost=CHEAP)
    db.close()
    return folder


@pytest.fixture
def practice_folder(_template: Path, tmp_path: Path) -> Path:
    """A closed practice: user ``USER``, passphrase ``PASSPHRASE``, no rows."""
    return Path(shutil.copytree(_template, tmp_path / "practice"))


@pytest.fixture
def db(practice_folder: Path) -> Iterator[Database]:
    """The practice of ``practice_folder``, open."""
    database = open_practice(practice_folder, USER, PASSPHRASE, floor=CHEAP)
    yield database
    database.close()


@pytest.fixture
def raw(practice_folder: Path) -> Iterator[Any]:
    """A stranger's raw connection with the key, past all our code, holding a few basic rows."""
    key = keys.unlock(practice_folder / HEADER, USER, PASSPHRASE, CHEAP)
    connection = connect(practice_folder / DATABASE, key)
    connection.execute("PRAGMA recursive_triggers = OFF")  # a stranger's default
    add_basics(connection)
    yield connection
    connection.close()
