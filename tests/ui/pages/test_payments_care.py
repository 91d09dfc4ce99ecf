"""Payments: what is refused is said in place, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.clock import SetClock
from app.services.door import Services
from tests.office import PASSPHRASE, USER, door, open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.payments_office import CTRL, Clerk, Envelope

K = Qt.Key


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


def test_letters_in_money_are_told_and_stay(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.field("12x")
    assert clerk.said() == "This is not an amount. Type it like 65 or 65.00."
    assert clerk.place() == (0, "allowed")
    clerk.key(K.Key_F9)
    assert services.posting.posted_on(1) == ()


def test_esc_undoes_a_line(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.field("128.40")
    clerk.key(K.Key_Up)
    clerk.key(K.Key_Escape)
    assert clerk.cell(0, "allowed") == ""
    assert clerk.place() == (0, "allowed")


def test_second_posting_of_an_eob_is_refused_in_place(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    clerk.open_check("600")
    clerk.claim("lind")
    clerk.field("128.40")
    clerk.key(K.Key_F9)
    clerk.claim("lind")
    assert clerk.cell(0, "goes_to") == "decided"
    clerk.key(K.Key_F9)
    assert clerk.said().startswith("Type what the EOB says")
    assert "Decided before" in " ".join(clerk.page.bench.claim.warnings(DAY))
    assert paper.owed("Lind") == {"Blue Ridge PPO": 22700}


def test_a_closed_check_takes_nothing(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("0")
    clerk.key(K.Key_Return, CTRL)
    clerk.key(K.Key_Return)  # the list stands on it: Enter opens
    assert clerk.said().startswith("This check is closed.")
    assert not clerk.page.bench.box.isEnabled()


def test_the_same_check_twice_is_said_once(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ())
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.open_check("300")
    assert "number 0049217 and amount 300.00 was entered" in clerk.page.bench._notes.text()
    clerk.key(K.Key_Backspace, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert clerk.notice() == "Check 0049217 removed."
    assert [c.status for c in services.checks.for_posting()] == ["open", "voided"]


def test_a_wrong_amount_is_corrected(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ())
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.key(K.Key_E, CTRL)
    clerk.write("330")
    clerk.key(K.Key_F9)
    assert clerk.page.bench.running().remaining == 33000


def test_an_unknown_name_is_told(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.field("nobody")
    assert clerk.said().startswith("No claim of this payer is found by “nobody”.")
    clerk.claim("lind")  # typed over it
    assert clerk.page.bench.claim.entry is not None


def test_a_refresh_asks_little(qtbot: QtBot, services: Services) -> None:
    Envelope(services)
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.settle()
    with services.desk.db.query_counter() as counter:
        clerk.page.refresh()
    assert counter.count <= 14


def test_narrow_windows_show_the_figures_above(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.window.resize(1024, 640)
    QTest.qWait(30)
    bench = clerk.page.bench
    assert bench.strip.isVisible()
    assert not bench.side.isVisible()


def test_a_draft_survives_the_whole_program(
    qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kill") / "practice"
    with open_office(DAY, folder) as (services, _):
        Envelope(services, ("Lind",))
        clerk = Clerk(qtbot, services)
        clerk.open_check("500")
        clerk.claim("lind")
        clerk.field("128.40")
        clerk.settle()
        clerk.window.hide()
    reopened = door(SetClock(DAY)).unlock(folder, USER, PASSPHRASE)
    try:
        again = Clerk(qtbot, reopened)
        assert again.cell(0, "allowed") == "128.40"
        again.window.hide()
    finally:
        reopened.close()


def test_waiting_money_pays_its_claim_later(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    clerk.open_check("265.65")
    clerk.key(K.Key_F8)
    for typed in ("", "", "claim not found yet"):
        clerk.field(typed)
    clerk.key(K.Key_F9)
    clerk.key(K.Key_Return, CTRL)
    clerk.key(K.Key_Return)
    assert "265.65 of it waits" in clerk.said()
    clerk.claim("lind")
    for typed in ("128.40", "96.10", "41.15"):
        clerk.field(typed)
    assert clerk.page.bench.running().remaining == 0
    clerk.key(K.Key_F9)
    assert services.checks.for_posting()[0].unapplied_cents == 0
    assert paper.owed("Lind") == {}
    assert paper.status("Lind") == "paid"
    paper.books_are_sound()


def test_a_line_undone_leaves_no_draft(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.field("128.40")
    clerk.settle()
    clerk.key(K.Key_Up)
    clerk.key(K.Key_Escape)
    clerk.page.leave()
    again = Clerk(qtbot, services)
    entry = again.page.bench.claim.entry
    assert entry is None or entry.touched() == []


def test_the_eob_s_own_total_of_a_claim_is_held_against_its_lines(
    qtbot: QtBot, services: Services
) -> None:
    paper, clerk = Envelope(services, ("Ames",)), Clerk(qtbot, services)
    clerk.open_check("265.65")
    clerk.claim("ames")
    for typed in ("128.40", "91.60", "41.15"):  # 96.10 read wrongly off the paper
        clerk.field(typed)
    total = clerk.page.bench.claim.references.total
    total.setFocus()
    clerk.field("265.65")
    clerk.key(K.Key_F9)
    assert clerk.said() == (
        "The lines are paid 261.15, 4.50 less than the EOB's total of this claim. Correct a line, "
        "or the total."
    )
    assert paper.status("Ames") == "submitted"
    clerk.page.leave()
    again = Clerk(qtbot, services)  # the total is kept with the half-typed claim
    assert again.page.bench.claim.references.total.value() == 26565
    entry = again.page.bench.claim.entry
    assert entry is not None
    again.page.bench.claim.grid.go_to(1, "allowed")
    again.field("96.10")
    assert entry.off_by() == 0
    again.key(K.Key_F9)
    assert paper.status("Ames") == "paid"
