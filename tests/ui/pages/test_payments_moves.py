"""Payments: a posting on the wrong claim moves under its check; a check comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.door import Services
from tests.office import open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.payments_office import CTRL, Clerk, Envelope

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


def closed_on(clerk: Clerk, services: Services, name: str) -> None:
    """A check of one claim, posted and closed, on the bench again."""
    clerk.open_check("128.40")
    clerk.claim(name)
    clerk.field("128.40")
    clerk.key(K.Key_F9)
    clerk.key(K.Key_Return, CTRL)
    assert services.checks.state(1).status == "closed"
    clerk.page.open_check(1)
    clerk.settle()


def test_the_wrong_patient_in_few_keys_under_a_closed_check(
    qtbot: QtBot, services: Services
) -> None:
    paper, clerk = Envelope(services, ("Lind", "Moss")), Clerk(qtbot, services)
    closed_on(clerk, services, "lind")
    before = services.checks.state(1)
    clerk.page.bench.posted.selectRow(0)
    clerk.actions = 0
    clerk.key(K.Key_M, CTRL | SHIFT)
    assert "128.40 of Lind moves" in clerk.said()
    clerk.claim("moss")
    clerk.field("128.40")
    clerk.key(K.Key_F9)
    assert clerk.actions == 4
    assert clerk.notice().startswith("Moved under the same check. Moss posted: 128.40 paid")
    assert services.checks.state(1) == before
    assert paper.status("Lind") == "submitted"
    assert paper.status("Moss") != "submitted"
    paper.books_are_sound()


def test_a_move_that_changes_the_check_is_refused_in_place(
    qtbot: QtBot, services: Services
) -> None:
    paper, clerk = Envelope(services, ("Lind", "Moss")), Clerk(qtbot, services)
    closed_on(clerk, services, "lind")
    clerk.page.bench.posted.selectRow(0)
    clerk.key(K.Key_M, CTRL | SHIFT)
    clerk.claim("moss")
    clerk.field("128.39")
    clerk.key(K.Key_F9)
    assert clerk.said().startswith("The correction is 0.01 less")
    assert paper.status("Lind") != "submitted"


def test_without_a_posting_nothing_moves(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.key(K.Key_M, CTRL | SHIFT)
    assert clerk.said().startswith("Choose the posting")


@pytest.mark.parametrize(("key", "why"), [(K.Key_S, "stopped"), (K.Key_R, "returned")])
def test_a_check_comes_back_and_counts_again(
    qtbot: QtBot, services: Services, key: Qt.Key, why: str
) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    closed_on(clerk, services, "lind")
    posted = paper.owed("Lind")
    clerk.key(key, CTRL | SHIFT)
    assert why in clerk.notice()
    assert services.checks.state(1).status == "returned"
    assert paper.status("Lind") == "submitted"
    clerk.key(K.Key_Z, CTRL)
    assert clerk.notice() == "The check counts again, as it was posted."
    assert paper.owed("Lind") == posted
    assert services.checks.state(1).status == "closed"
    clerk.key(key, CTRL | SHIFT)
    clerk.key(key, CTRL | SHIFT)
    assert clerk.said() == "This check was already returned."
    paper.books_are_sound()
