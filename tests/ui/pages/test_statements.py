"""Statements by keyboard: sent in one key, many on the worker, held, planned, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.clock import SetClock
from app.services.door import Services
from app.services.statement_commands import SentLately, StatementRow
from app.ui.changes import Changes
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_editor import Editor
from app.ui.pages.setup_statements import habits_of, policy_of
from app.ui.pages.statements import StatementsPage
from app.ui.rooms import Rooms
from app.ui.window import MainWindow
from tests.office import open_office
from tests.services.front_desk import TODAY, Office, stock
from tests.ui.pages.office import KeptSheets

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
NAMES = ("Abel", "Bird", "Cruz", "Dunn", "Eads")


class Desk:
    """A biller on the first of the month: the real window over people who owe."""

    def __init__(self, qtbot: QtBot, services: Services, clock: SetClock) -> None:
        self.services, self.clock, self.qtbot = services, clock, qtbot
        self.office = Office(services, clock, stock(services))
        self.jobs, self.sheets, self.actions = Jobs(), KeptSheets(), 0
        self.changes = Changes()
        services.subscribe(self.changes.publish)

    def owing(self, *names: str, cents: int = 3000) -> list[int]:
        """People who pay for their visit themselves; their guarantors' ids."""
        found = []
        for name in names:
            patient = self.office.patient(name)
            visit = self.office.draft(patient, (cents,), policy_ids=())
            self.services.encounters.post_charges(visit)
            found.append(self.services.accounts.show(patient).guarantor_id)
        return found

    def enter(self) -> None:
        self.window: MainWindow = Rooms(self.services, self.jobs, self.sheets).window(self.changes)
        self.qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.key(Qt.Key.Key_7, CTRL)
        page = self.window.page("statements")
        assert isinstance(page, StatementsPage)
        self.page, self.jumps = page, list[Go]()
        page.go.disconnect()
        page.go.connect(self.jumps.append)
        QTest.qWait(10)
        self.actions = 0

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        self.actions += 1
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, text: str) -> None:
        self.actions += 1
        QTest.keyClicks(self.focused(), text)

    def idle(self) -> None:
        self.qtbot.waitUntil(
            lambda: not self.jobs.busy() and not self.page._sending.waiting, timeout=20000
        )
        QTest.qWait(20)

    def names(self) -> list[str]:
        return [row.name.partition(",")[0] for row in self.page._lists.table().rows()]

    def due(self) -> list[str]:
        return [row.name.partition(",")[0] for row in self.services.statements.worklist().due]

    def said(self) -> str:
        return self.window._footer.notice.text()

    def undo(self) -> None:
        self.window._footer.notice.undo()

    def row(self) -> StatementRow | SentLately:
        row = self.page._lists.table().row()
        assert isinstance(row, (StatementRow, SentLately))
        return row


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_office(TODAY) as (services, clock):
        made = Desk(qtbot, services, clock)
        yield made
        made.jobs.shutdown()


def pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(BytesIO(pdf)).pages)


def test_one_key_sends_the_statement_shown_and_undo_takes_it_back(desk: Desk) -> None:
    (abel, _) = desk.owing("Abel", "Bird")
    desk.enter()
    assert desk.names() == ["Abel", "Bird"]
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.actions == 1
    assert desk.said() == "1 statement sent, 30.00 asked for. Kept statements."
    assert desk.due() == desk.names() == ["Bird"]
    assert pages(desk.sheets.pdfs[0]) == 1
    assert desk.sheets.sheets == [()], "plain paper"
    desk.undo()
    assert desk.due() == desk.names() == ["Abel", "Bird"]
    (sent,) = desk.services.statements.history(abel)
    assert sent.voided_why == "taken back right after sending"


def test_the_statement_is_seen_before_it_goes_out(desk: Desk) -> None:
    desk.owing("Abel")
    desk.enter()
    desk.qtbot.waitUntil(lambda: desk.page._picture.pages.sheet_count() == 1)
    assert desk.page._picture.currentWidget() is desk.page._picture.pages
    desk.key(Qt.Key.Key_2, ALT)
    desk.qtbot.waitUntil(lambda: desk.page._picture.currentWidget() is not desk.page._picture.pages)


def test_all_due_go_out_on_the_worker_in_one_document(desk: Desk) -> None:
    desk.owing(*NAMES)
    desk.enter()
    desk.key(Qt.Key.Key_P, CTRL | SHIFT)
    assert desk.sheets.pdfs == [], "the key does not wait for the sheets"
    desk.idle()
    assert [pages(pdf) for pdf in desk.sheets.pdfs] == [len(NAMES)]
    assert desk.said() == "5 statements sent, 150.00 asked for. Kept statements."
    assert desk.due() == []
    assert desk.page._tabs.words() == ("Due", "Letters", "Not due 5", "Sent lately 5")
    assert desk.window._sidebar.count("statements") == 0
    desk.undo()
    desk.idle()
    assert desk.due() == list(NAMES)
    assert desk.said() == "5 statements taken back."


def test_cancelled_counts_as_never_sent(desk: Desk) -> None:
    desk.owing(*NAMES)
    desk.enter()
    freeze = desk.services.statements.freeze
    done: list[int] = []

    def slowly(ids: list[int], *, even_if_not_due: bool = False) -> object:
        done.extend(ids)
        if len(done) == 3:
            desk.jobs.cancel()
        return freeze(ids, even_if_not_due=even_if_not_due)

    desk.services.statements.freeze = slowly  # type: ignore[method-assign,assignment]
    desk.key(Qt.Key.Key_P, CTRL | SHIFT)
    desk.idle()
    assert len(done) == 3
    assert desk.said().startswith("Cancelled.")
    assert desk.sheets.pdfs == []
    assert desk.due() == list(NAMES)


def test_a_printer_that_jams_sends_nothing(desk: Desk) -> None:
    desk.owing("Abel")
    desk.enter()
    desk.sheets.jams = "The printer is out of paper."
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.said() == "The printer is out of paper. Nothing counts as sent."
    assert desk.due() == ["Abel"]
    desk.sheets.jams, desk.sheets.gone = "", "The printer is not there."
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.said() == "The printer is not there."
    assert len(desk.services.statements.history(desk.row().guarantor_id)) == 1


def test_hold_and_release_with_a_reason(desk: Desk) -> None:
    (abel,) = desk.owing("Abel")
    desk.enter()
    desk.key(Qt.Key.Key_F4)
    desk.type("Dispute")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_Return)
    desk.type("says insurance should pay")
    desk.key(Qt.Key.Key_F9)
    assert desk.due() == []
    (hold,) = desk.services.statements.show(abel).holds
    assert (str(hold.kind), hold.note) == ("dispute", "says insurance should pay")
    assert "nothing is sent" in desk.said()
    desk.key(Qt.Key.Key_3, ALT)
    row = desk.row()
    assert isinstance(row, StatementRow)
    assert row.words == "On hold: dispute"
    assert not desk.page._send.isEnabled(), "a hold is never passed over"
    desk.key(Qt.Key.Key_F4)
    desk.type("settled on the phone")
    desk.key(Qt.Key.Key_F9)
    assert desk.due() == ["Abel"]
    assert desk.services.statements.show(abel).holds[0].released_why == "settled on the phone"
    desk.undo()
    assert desk.due() == []


def test_a_hold_without_a_reason_is_marked(desk: Desk) -> None:
    desk.owing("Abel")
    desk.enter()
    desk.key(Qt.Key.Key_F4)
    desk.key(Qt.Key.Key_F9)
    widget = desk.page._panels.hold.form.widget("kind")
    assert widget.accessibleDescription() == "Choose why nothing is sent."
    desk.key(Qt.Key.Key_Escape)
    assert desk.page._panels.isHidden()
    assert desk.focused() is desk.page._lists.table()


def test_a_payment_plan_in_four_actions(desk: Desk) -> None:
    (abel,) = desk.owing("Abel", cents=12000)
    desk.enter()
    desk.key(Qt.Key.Key_F5)
    desk.type("40")
    desk.key(Qt.Key.Key_F9)
    assert desk.actions <= 4
    (plan,) = desk.services.statements.show(abel).plans
    assert (plan.total_cents, plan.installment_cents) == (12000, 4000)
    assert plan.day_of_month == TODAY.day
    assert desk.said() == "Plan agreed: 40.00 a month."
    desk.undo()
    (plan,) = desk.services.statements.show(abel).plans
    assert plan.ended_why == "taken back"


def test_a_plan_that_cannot_be_is_marked_at_its_field(desk: Desk) -> None:
    (abel,) = desk.owing("Abel", cents=12000)
    desk.enter()
    desk.key(Qt.Key.Key_F5)
    desk.type("0.50")
    desk.key(Qt.Key.Key_F9)
    words = desk.page._panels.plan.form.widget("installment_cents").accessibleDescription()
    assert "more than 120 months" in words
    assert desk.services.statements.show(abel).plans == ()


def test_printed_again_are_the_very_bytes(desk: Desk) -> None:
    (abel,) = desk.owing("Abel")
    key = desk.services.statements.freeze([abel]).statement_ids[0]
    desk.enter()
    desk.key(Qt.Key.Key_4, ALT)
    assert isinstance(desk.row(), SentLately)
    desk.key(Qt.Key.Key_R, CTRL)
    assert desk.sheets.pdfs == [desk.services.statements.reprint(key)]
    assert desk.said() == "Printed again, unchanged. Kept statements."


def test_a_statement_is_taken_back_with_a_reason(desk: Desk) -> None:
    (abel,) = desk.owing("Abel")
    desk.services.statements.freeze([abel])
    desk.enter()
    desk.key(Qt.Key.Key_4, ALT)
    desk.key(Qt.Key.Key_U, CTRL | SHIFT)
    desk.type("went to the old address")
    desk.key(Qt.Key.Key_F9)
    assert desk.due() == ["Abel"]
    (sent,) = desk.services.statements.history(abel)
    assert sent.voided_why == "went to the old address"
    desk.key(Qt.Key.Key_1, ALT)
    assert desk.names() == ["Abel"]


def test_one_not_due_is_sent_because_she_says_so(desk: Desk) -> None:
    (abel,) = desk.owing("Abel")
    desk.services.statements.freeze([abel])
    desk.enter()
    desk.key(Qt.Key.Key_3, ALT)
    assert desk.names() == ["Abel"]
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.said().startswith("1 statement sent")
    assert [row.number for row in desk.services.statements.history(abel)] == [2, 1]


def test_letters_are_written_and_frozen(desk: Desk) -> None:
    (abel,) = desk.owing("Abel")
    for _ in range(3):
        desk.services.statements.freeze([abel], even_if_not_due=True)
        desk.clock.day += timedelta(days=31)
    desk.enter()
    desk.key(Qt.Key.Key_2, ALT)
    assert desk.names() == ["Abel"]
    desk.qtbot.waitUntil(lambda: desk.page._picture.pages.sheet_count() == 1)
    desk.key(Qt.Key.Key_P, CTRL)
    assert desk.said().startswith("1 letter sent, 30.00 asked for.")
    assert desk.services.statements.history(abel)[0].kind == "letter"


def test_jumps_filter_and_counting_anew(desk: Desk) -> None:
    desk.owing("Abel", "Bird")
    desk.enter()
    desk.key(Qt.Key.Key_F, CTRL)
    desk.type("bird")
    assert desk.names() == ["Bird"]
    desk.key(Qt.Key.Key_E, CTRL)
    account = desk.services.statements.show(desk.row().guarantor_id)
    assert desk.jumps == [Go("patients", ("account", account.patient_ids[0]))]
    desk.key(Qt.Key.Key_P, CTRL)
    desk.page.open(account.row.guarantor_id)
    assert desk.page._tabs.chosen() == "not_due"
    desk.page._reset.trigger()
    assert desk.services.statements.show(account.row.guarantor_id).row.number == 1


def test_a_narrow_window_shows_the_statement_or_the_facts(desk: Desk) -> None:
    desk.owing("Abel")
    desk.enter()
    assert desk.page._picture.isVisible()
    assert not desk.page._turn.isEnabled()
    desk.window.resize(1024, 640)
    QTest.qWait(20)
    assert (desk.page._picture.isVisible(), desk.page._right.isVisible()) == (False, True)
    desk.key(Qt.Key.Key_F6)
    assert (desk.page._picture.isVisible(), desk.page._right.isVisible()) == (True, False)


def test_nobody_owes(desk: Desk) -> None:
    desk.enter()
    assert desk.names() == []
    assert not desk.page._send.isEnabled()
    desk.key(Qt.Key.Key_P, CTRL | SHIFT)
    assert desk.said() == "Nobody here is due. Choose a row, or another list."


def test_the_page_asks_no_more_of_many_than_of_few(desk: Desk) -> None:
    desk.owing("Abel")
    desk.enter()
    counts = []
    for names in (("Bird",), ("Cruz", "Dunn", "Eads")):
        desk.owing(*names)
        QTest.qWait(20)
        with desk.services.desk.db.query_counter() as counter:
            desk.page.refresh()
        counts.append(counter.count)
    assert counts[0] == counts[1]
    assert counts[0] <= 44, counts


# --- Setup --------------------------------------------------------------------------------------
def test_the_habits_go_through_the_form_unchanged(desk: Desk) -> None:
    policy = desk.services.statements.settings()
    assert policy_of(habits_of(policy)) == policy


def test_setup_changes_the_habits_and_marks_what_is_wrong(desk: Desk) -> None:
    desk.enter()
    desk.key(Qt.Key.Key_9, CTRL)
    page = desk.window.page("setup")
    assert isinstance(page, SetupPage)
    page.open("statements")
    editor = page._editor()
    assert isinstance(editor, Editor)
    editor.form.go_to("cycle_days")
    desk.focused().selectAll()  # type: ignore[attr-defined]
    desk.type("28")
    desk.key(Qt.Key.Key_F9)
    assert desk.services.statements.settings().cycle_days == 28
    assert desk.said() == "Saved: Statements"
    message = editor.form.widget("message_2")
    message.set_value("x" * 400)  # type: ignore[attr-defined]
    desk.key(Qt.Key.Key_F9)
    assert "Shorten" in message.accessibleDescription()
    assert len(desk.services.statements.settings().messages[1]) < 400
