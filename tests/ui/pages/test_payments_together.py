"""Payer first: every open line of the payer in one grid, keyed down the paper, saved at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.door import Services
from app.ui.pages.payments_together import TogetherEntry
from tests.office import open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.payments_office import CTRL, NAMES, Clerk, Envelope

K = Qt.Key
CLEAN = ("128.40", "96.10", "41.15")  # of each claim 265.65


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


def together(clerk: Clerk) -> TogetherEntry:
    entry = clerk.page.bench.claim.entry
    assert isinstance(entry, TogetherEntry)
    return entry


def test_a_whole_eob_in_one_grid(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services), Clerk(qtbot, services)
    clerk.open_check("1328.25")
    clerk.key(K.Key_F5)
    assert [clerk.cell(row, "patient") for row in (0, 1, 3)] == ["Ames 10/22", "", "Lind 10/22"]
    assert clerk.place() == (0, "allowed")
    for _ in NAMES:
        for typed in CLEAN:
            clerk.field(typed)
    assert clerk.page.bench.running().remaining == 0
    clerk.key(K.Key_F9)
    assert clerk.notice() == "5 claims posted: 1,328.25 paid, 731.75 written off."
    assert [paper.status(name) for name in NAMES] == ["paid"] * 5
    clerk.key(K.Key_Return, CTRL)
    assert services.checks.for_posting()[0].status == "closed"
    assert clerk.actions == 5 + 1 + 15 + 1 + 1
    paper.books_are_sound()


def test_what_is_left_blank_stays_open_and_undecided(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services), Clerk(qtbot, services)
    clerk.open_check("265.65")
    clerk.key(K.Key_F5)
    clerk.key(K.Key_F2)
    clerk.claim("okafor")  # the claim box jumps to a claim that is on the desk
    assert clerk.place() == (6, "allowed")
    for typed in CLEAN:
        clerk.field(typed)
    clerk.key(K.Key_F9)
    assert clerk.notice().startswith("Okafor posted: 265.65 paid")
    assert [paper.status(name) for name in NAMES].count("submitted") == 4
    assert len(services.posting.posted_on(services.checks.for_posting()[0].payment_id)) == 1


def test_nothing_is_posted_until_all_of_it_foots(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Ames", "Lind")), Clerk(qtbot, services)
    clerk.open_check("500")
    clerk.key(K.Key_F5)
    for typed in (*CLEAN, "128.40"):
        clerk.field(typed)
    together(clerk).type_cell(3, "paid", "100.00")  # 28.40 short
    clerk.key(K.Key_F9)
    assert clerk.place() == (3, "left")
    assert "does not foot yet" in clerk.said()
    assert paper.status("Ames") == "submitted"
    clerk.key(K.Key_H)
    clerk.key(K.Key_F9)
    assert clerk.notice().startswith("2 claims posted: 365.65 paid")
    assert "1 stays open with the payer" in clerk.notice()
    paper.books_are_sound()


def test_undo_takes_all_of_it_back_and_gives_the_typing_back(
    qtbot: QtBot, services: Services
) -> None:
    paper, clerk = Envelope(services, ("Ames", "Lind")), Clerk(qtbot, services)
    clerk.open_check("531.30")
    clerk.key(K.Key_F5)
    for typed in (*CLEAN, *CLEAN):
        clerk.field(typed)
    clerk.key(K.Key_F9)
    clerk.key(K.Key_Z, CTRL)
    clerk.settle()
    assert [paper.status(name) for name in ("Ames", "Lind")] == ["submitted"] * 2
    assert together(clerk).paid_cents() == 53130
    clerk.key(K.Key_F9)
    assert clerk.notice().startswith("2 claims posted: 531.30 paid")
    paper.books_are_sound()


def test_half_typed_claims_are_there_again(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Ames", "Lind", "Reyes"))
    clerk = Clerk(qtbot, services)
    clerk.open_check("531.30")
    clerk.key(K.Key_F5)
    clerk.field("128.40")
    for _ in range(2):
        clerk.key(K.Key_Down)
    clerk.key(K.Key_Down)
    clerk.field("96.10")
    clerk.page.leave()
    again = Clerk(qtbot, services)  # the program was killed; its window comes back
    entry = together(again)
    assert [again.cell(row, "allowed") for row in entry.touched()] == ["128.40", "96.10"]
    assert again.page.bench.check is not None
    again.key(K.Key_D, CTRL)  # discards both
    assert services.drafts.keys("eob:") == ()


def test_nothing_open_is_said(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ())
    clerk = Clerk(qtbot, services)
    clerk.open_check("10")
    clerk.key(K.Key_F5)
    assert clerk.said() == "No claim of this payer is open."


def test_many_claims_cost_no_more_questions_than_one(services: Services) -> None:
    paper = Envelope(services, ("Ames",))
    few = _questions(services, paper.payer)
    for name in ("Lind", "Okafor", "Reyes"):
        paper.claims[name] = paper._sent(name)
    assert len(services.posting.open_claims(paper.payer)) == 4
    assert _questions(services, paper.payer) == few


def _questions(services: Services, payer: int) -> int:
    """Statements but those that keep the looks."""
    with services.desk.db.query_counter() as counted:
        services.posting.open_claims(payer)
    return sum("audit" not in statement for statement in counted.statements)
