"""Payments: an EOB keyed by hand, in one window, to the cent, and nothing of it lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.door import Services
from app.ui.pages.payments_entry import ClaimEntry
from tests.office import open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.payments_office import CTRL, Clerk, Envelope

K = Qt.Key


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


def test_an_eob_of_five_claims_in_forty_actions(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services), Clerk(qtbot, services)
    clerk.open_check("1148.32")

    clerk.claim("ames")  # coinsurance on every line; Harbor Mutual follows
    clerk.jump("128.40", "c")
    for typed in ("25.68", "96.10", "19.22", "41.15", "8.23"):
        clerk.field(typed)
    clerk.key(K.Key_F9)
    assert clerk.notice() == (
        "Ames posted: 212.52 paid, 146.35 written off, Harbor Mutual owes 53.13, "
        "secondary 10001-2 ready."
    )

    clerk.claim("okafor")  # a copay on the visit
    clerk.jump("120", "y")
    for typed in ("20", "90", "40"):
        clerk.field(typed)
    clerk.key(K.Key_F9)

    clerk.claim("whit")  # the rest of the deductible on the first line
    clerk.jump("128.40", "d")
    for typed in ("50", "96.10", "41.15"):
        clerk.field(typed)
    clerk.key(K.Key_F9)

    clerk.claim("reyes")  # paid as expected
    for typed in ("128.40", "96.10", "41.15"):
        clerk.field(typed)
    clerk.key(K.Key_F9)

    clerk.claim("lind")  # the last line denied
    for typed in ("128.40", "96.10", "0", "16"):
        clerk.field(typed)
    clerk.key(K.Key_Return, CTRL)  # saves the claim and closes the check

    print(f"\nEOB of 5 claims x 3 lines, header and close included: {clerk.actions} actions")
    assert clerk.actions <= 40
    assert clerk.notice() == "Check 0049217 closed: 1,148.32."
    state = services.checks.for_posting()[0]
    assert (state.status, state.remaining_cents) == ("closed", 0)
    assert paper.owed("Ames") == {"Harbor Mutual": 5313}
    assert paper.owed("Okafor") == {"patient": 2000}
    assert paper.owed("Whitcomb") == {"patient": 5000}
    assert paper.owed("Reyes") == {}
    assert paper.owed("Lind") == {"Blue Ridge PPO": 6200}
    assert [paper.status(n) for n in ("Ames", "Reyes", "Lind")] == [
        "paid",
        "paid",
        "partially_paid",
    ]
    paper.books_are_sound()


def test_next_open_claim_comes_by_one_key(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Ames", "Lind")), Clerk(qtbot, services)
    clerk.open_check("100")
    clerk.settle()
    clerk.key(K.Key_Return)
    entry = clerk.page.bench.claim.entry
    assert isinstance(entry, ClaimEntry)
    assert entry.claim.claim_id == paper.claims["Ames"]


def test_left_over_is_asked_for_and_placed_by_a_letter(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Ames",)), Clerk(qtbot, services)
    clerk.open_check("30.92")
    clerk.claim("ames")
    clerk.page.bench.claim.grid.go_to(2, "allowed")
    clerk.jump("41.15", "c")
    clerk.jump("8.23", "p")
    clerk.field("30.92")
    assert clerk.place() == (2, "left")
    assert clerk.cell(2, "left") == "2.00"
    bar = clerk.page.bench.claim.rest
    assert bar.text().startswith("2.00 of J1030 is in no column.")
    assert "T to Harbor" in bar.text()
    clerk.key(K.Key_F9)
    assert clerk.said().startswith("J1030 does not foot yet")
    clerk.write("t")
    assert clerk.cell(2, "goes_to") == "Harbor 10.23"
    clerk.key(K.Key_F9)
    assert clerk.notice().startswith("Ames posted: 30.92 paid, 20.85 written off")
    assert paper.owed("Ames") == {"Blue Ridge PPO": 35000, "Harbor Mutual": 1023}
    assert paper.status("Ames") == "partially_paid"


def test_sequestration_stays_on_for_the_check(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.claim("lind")
    clerk.write("100")
    clerk.write("s")
    assert clerk.cell(0, "paid") == "98.00"
    clerk.field("50")
    assert (clerk.cell(1, "paid"), clerk.cell(1, "write_off")) == ("49.00", "116.00")
    assert clerk.page.bench.claim.rest.text() == ""


def test_a_denial_is_held_and_f4_holds_a_whole_line(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    clerk.open_check("0")
    clerk.claim("lind")
    clerk.field("0")
    assert clerk.place() == (0, "reason")
    clerk.field("16")
    assert clerk.cell(0, "goes_to") == "held 185.00"
    clerk.key(K.Key_F4)
    assert clerk.place() == (1, "reason")
    clerk.field("97")  # bundled: written off by default, but F4 said hold
    assert clerk.cell(1, "goes_to") == "held 165.00"
    clerk.field("0")
    clerk.field("pr204")
    assert clerk.cell(2, "goes_to") == "patient 62.00"
    clerk.key(K.Key_F9)
    assert paper.owed("Lind") == {"Blue Ridge PPO": 35000, "patient": 6200}


def test_reason_is_found_by_its_words(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("0")
    clerk.claim("lind")
    clerk.field("0")
    clerk.key(K.Key_F3)
    clerk.field("authorization missing")
    assert clerk.cell(0, "reason") == "CO-15"
    assert clerk.place() == (1, "allowed")


def test_a_kill_loses_nothing(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Ames", "Lind")), Clerk(qtbot, services)
    clerk.open_check("500")
    clerk.claim("lind")
    clerk.jump("128.40", "c")
    clerk.field("25.68")
    clerk.settle()  # the line is left: it is kept at once, without leave() or close

    again = Clerk(qtbot, services)
    entry = again.page.bench.claim.entry
    assert isinstance(entry, ClaimEntry)
    assert entry.claim.claim_id == paper.claims["Lind"]
    assert (again.cell(0, "coinsurance"), again.cell(0, "paid")) == ("25.68", "102.72")
    assert again.place() == (1, "allowed")
    again.field("96.10")
    assert again.place() == (1, "coinsurance")  # asked for, as on the line above
    again.field("")
    again.field("41.15")
    again.key(K.Key_F9)
    assert services.drafts.keys("eob:") == ()
    assert paper.owed("Lind") == {"patient": 2568}


def test_half_typed_header_is_kept(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ())
    clerk = Clerk(qtbot, services)
    clerk.key(K.Key_N, CTRL)
    clerk.field("blue")
    clerk.field("0049217")
    clerk.page.leave()
    again = Clerk(qtbot, services)
    values = again.page.list.form.values()
    assert values["number"] == "0049217"
    assert values["payer_id"] is not None


def test_undo_puts_the_typing_back(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    clerk.open_check("265.65")
    clerk.claim("lind")
    for typed in ("128.40", "96.10", "41.15"):
        clerk.field(typed)
    clerk.key(K.Key_F9)
    clerk.settle()
    clerk.key(K.Key_Z, CTRL)
    clerk.settle()
    assert paper.owed("Lind") == {"Blue Ridge PPO": 41200}
    assert clerk.cell(2, "paid") == "41.15"
    assert [row.can_undo for row in clerk.page.bench.posted.rows()] == [False]
    clerk.key(K.Key_F9)
    assert paper.owed("Lind") == {}
    paper.books_are_sound()


def test_remaining_money_keeps_a_check_open(qtbot: QtBot, services: Services) -> None:
    Envelope(services, ("Lind",))
    clerk = Clerk(qtbot, services)
    clerk.open_check("300")
    clerk.key(K.Key_Return, CTRL)
    assert clerk.said().startswith("300.00 of this check is not yet posted.")
    clerk.key(K.Key_F7)
    clerk.field("i")
    clerk.field("12.50")
    clerk.key(K.Key_F9)
    assert clerk.page.bench.running().items == 1250
    clerk.key(K.Key_F8)
    clerk.field("")  # the amount stands there already
    clerk.field("")
    clerk.key(K.Key_F9)
    clerk.field("block 3 cannot be read")
    clerk.key(K.Key_F9)
    assert clerk.page.bench.running().remaining == 0
    clerk.key(K.Key_Return, CTRL)
    assert services.checks.for_posting()[0].status == "closed"
    assert services.checks.for_posting()[0].unapplied_cents == 28750


def test_an_item_is_taken_off_again(qtbot: QtBot, services: Services) -> None:
    paper = Envelope(services, ())
    clerk = Clerk(qtbot, services)
    clerk.open_check("40")
    clerk.key(K.Key_F7)
    clerk.field("l")
    clerk.field("15")
    clerk.key(K.Key_F9)
    assert clerk.page.bench.running().remaining == 5500
    clerk.settle()
    clerk.key(K.Key_Z, CTRL)
    assert clerk.page.bench.running().remaining == 4000
    assert services.checks.items(clerk.page.bench.check.payment_id) == ()  # type: ignore[union-attr]
    paper.books_are_sound()


def test_a_later_check_takes_an_earlier_decision_back(qtbot: QtBot, services: Services) -> None:
    paper, clerk = Envelope(services, ("Lind",)), Clerk(qtbot, services)
    clerk.open_check("265.65", "A1")
    clerk.claim("lind")
    for typed in ("128.40", "96.10", "41.15"):
        clerk.field(typed)
    clerk.key(K.Key_Return, CTRL)
    clerk.open_check("0", "A2")
    clerk.claim("lind")
    assert clerk.place() is None or clerk.cell(0, "goes_to") == "decided"
    clerk.key(K.Key_R, CTRL)
    assert clerk.page.bench.running().posted == -26565
    row = clerk.page.bench.posted.rows()[0]
    assert row.eob is not None
    assert (row.eob.takeback, row.eob.paid_cents, row.can_undo) == (True, -26565, False)
    for typed in ("128.40", "96.10", "41.15"):
        clerk.field(typed)
    clerk.key(K.Key_Return, CTRL)
    assert {c.status for c in services.checks.for_posting()} == {"closed"}
    paper.books_are_sound()
