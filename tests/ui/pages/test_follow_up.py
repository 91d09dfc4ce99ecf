"""Follow-up by keyboard: a note and a day for each claim, denials, jumps, drafts, the proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.books import CheckItem, Disposition
from app.domain.posting import EobAdjustment, EobLine
from app.services.door import Services
from app.services.follow_up_commands import FollowedUp, OpenRow
from app.services.payment_commands import AddCheckItem, OpenCheck, PostEob
from app.ui.changes import Changes
from app.ui.jobs import Jobs
from app.ui.page import Go
from app.ui.pages.follow_up import FollowUpPage
from app.ui.pages.follow_up_line import NextDay
from app.ui.rooms import Rooms
from app.ui.window import MainWindow
from tests.office import open_office
from tests.ui.pages.office import DAY, KeptSheets
from tests.ui.pages.payments_office import Envelope

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
NEXT = DAY + timedelta(days=14)


class Caller:
    """A biller with a telephone: the real window, and hands that count what they do."""

    def __init__(self, qtbot: QtBot, services: Services, jobs: Jobs) -> None:
        self.services, self.actions = services, 0
        self.changes = Changes()
        services.subscribe(self.changes.publish)
        self.window: MainWindow = Rooms(services, jobs, KeptSheets()).window(self.changes)
        qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.key(Qt.Key.Key_6, CTRL)
        page = self.window.page("follow_up")
        assert isinstance(page, FollowUpPage)
        self.page, self.jumps = page, list[Go]()
        page.go.disconnect()
        page.go.connect(self.jumps.append)
        QTest.qWait(10)

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

    def names(self) -> list[str]:
        return [row.patient_name.partition(",")[0] for row in self.page._lists.table().rows()]

    def row(self) -> OpenRow:
        row = self.page._lists.table().row()
        assert isinstance(row, OpenRow)
        return row

    def here(self) -> str:
        return self.row().patient_name.partition(",")[0]

    def said(self) -> str:
        return self.window._footer.notice.text()

    def notes(self, claim: int) -> list[str]:
        return [note.text for note in self.services.follow_up.show(claim).notes]

    def look_again(self, claim: int) -> date | None:
        return self.services.follow_up.show(claim).row.follow_up_on


@pytest.fixture
def services() -> Iterator[Services]:
    with open_office(DAY) as (opened, _):
        yield opened


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


def deny(services: Services, envelope: Envelope, last: str, carc: str = "16") -> int:
    """A zero-pay EOB that holds every line of a claim."""
    command = OpenCheck(envelope.payer, 0, "Z9", payment_date=DAY - timedelta(days=100))
    check = services.checks.open_check(command).payment_id
    claim = services.claims.show(envelope.claims[last])
    lines = tuple(
        EobLine(
            line.line_id,
            line.charge_cents,
            0,
            (EobAdjustment("CO", carc, line.charge_cents, Disposition.HOLD),),
        )
        for line in claim.lines
    )
    services.eobs.post_eob(PostEob(check, envelope.claims[last], lines))
    return check


def test_five_claims_are_followed_up_in_three_actions_each(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services)
    caller = Caller(qtbot, services, jobs)
    order = caller.names()
    assert sorted(order) == sorted(envelope.claims)
    caller.actions = 0
    caller.key(Qt.Key.Key_N)
    for number, name in enumerate(order):
        assert caller.here() == name
        caller.type(f"in process, ref {number}")
        caller.key(Qt.Key.Key_Return)
        assert caller.notes(envelope.claims[name]) == [f"in process, ref {number}"]
        assert caller.look_again(envelope.claims[name]) == NEXT
    assert caller.actions <= 3 * len(order), caller.actions
    assert caller.said().startswith("Noted on claim 1000")
    assert "look again 12/07/2026" in caller.said()
    QTest.qWait(30)  # the window hears of it, too
    assert caller.row().note.startswith("in process")


def test_another_day_is_typed_as_days_from_now(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Lind",))
    caller = Caller(qtbot, services, jobs)
    caller.key(Qt.Key.Key_N)
    caller.type("sent to review")
    caller.key(Qt.Key.Key_Tab)
    caller.type("+30")
    caller.key(Qt.Key.Key_Return)
    assert caller.look_again(envelope.claims["Lind"]) == DAY + timedelta(days=30)


def test_a_day_that_is_over_is_marked_and_nothing_is_kept(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Lind",))
    caller = Caller(qtbot, services, jobs)
    caller.key(Qt.Key.Key_N)
    caller.type("said nothing")
    caller.key(Qt.Key.Key_Tab)
    caller.type("11/02/26")
    caller.key(Qt.Key.Key_Return)
    assert caller.notes(envelope.claims["Lind"]) == []
    widget = caller.page._line.form.widget("next_on")
    assert "must not be over" in widget.accessibleDescription()
    assert caller.focused() is widget


def test_a_month_and_day_mean_the_next_one(qtbot: QtBot) -> None:
    field = NextDay(today=lambda: DAY)
    qtbot.addWidget(field)
    assert field.parse("0105") == date(2027, 1, 5)
    assert field.parse("12/01") == date(2026, 12, 1)
    assert field.parse("+14") == NEXT


def test_a_half_typed_note_is_kept_for_its_claim_and_can_be_thrown_away(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    Envelope(services, ("Ames", "Lind"))
    caller = Caller(qtbot, services, jobs)
    first = caller.here()
    caller.key(Qt.Key.Key_N)
    caller.type("spoke to Ms")
    caller.key(Qt.Key.Key_F8)
    line = caller.page._line
    assert caller.here() != first
    assert line.form.values()["text"] == ""
    caller.key(Qt.Key.Key_F8)
    assert caller.here() == first
    assert line.form.values()["text"] == "spoke to Ms"
    assert line._draft_row.isVisible()
    line.discard()
    assert line.form.values()["text"] == ""
    assert services.drafts.keys("follow_up:") == ()


def test_a_note_survives_leaving_the_page(qtbot: QtBot, services: Services, jobs: Jobs) -> None:
    Envelope(services, ("Lind",))
    caller = Caller(qtbot, services, jobs)
    caller.key(Qt.Key.Key_N)
    caller.type("on hold with")
    caller.key(Qt.Key.Key_4, CTRL)
    assert caller.window.current_page() == "claims"
    assert len(services.drafts.keys("follow_up:")) == 1


def test_the_denial_says_why_and_is_appealed_by_key(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Ames", "Lind", "Reyes"))
    check = deny(services, envelope, "Lind", "197")
    caller = Caller(qtbot, services, jobs)
    assert "denials 412.00" in caller.page._lists.proof()
    assert caller.page._lists.proof().endswith("owed by insurers ✓")
    caller.key(Qt.Key.Key_2, ALT)
    assert caller.names() == ["Lind"]
    assert caller.row().appeal_by == DAY + timedelta(days=80)
    texts = [w.text() for w in caller.page._detail.findChildren(type(caller.page._lists._tie))]
    assert any("Authorization" in text for text in texts)
    assert any(text == "CO-197" for text in texts)
    caller.key(Qt.Key.Key_B, CTRL)
    assert caller.jumps[-1] == Go("payments", check)
    caller.key(Qt.Key.Key_L, CTRL | SHIFT)
    assert envelope.status("Lind") == "appealed"
    assert "appealed" in caller.said()
    assert caller.page._tabs.chosen() == "outstanding", "it is out again, and shown there"
    assert caller.here() == "Lind"


def test_enter_opens_the_claim_and_ctrl_e_the_account(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Reyes",))
    caller = Caller(qtbot, services, jobs)
    caller.key(Qt.Key.Key_Return)
    caller.key(Qt.Key.Key_E, CTRL)
    patient = services.follow_up.worklists().outstanding[0].patient_id
    assert caller.jumps == [
        Go("claims", envelope.claims["Reyes"]),
        Go("patients", ("account", patient)),
    ]


def test_what_is_not_due_can_be_hidden_and_found_again(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Ames", "Lind"))
    services.follow_up.note(FollowedUp(envelope.claims["Lind"], "call today", DAY))
    caller = Caller(qtbot, services, jobs)
    assert caller.window._sidebar.count("follow_up") == 1
    caller.key(Qt.Key.Key_D, CTRL)
    assert caller.names() == ["Lind"]
    caller.page.open(envelope.claims["Ames"])
    assert caller.here() == "Ames"
    caller.page.open(("show", "follow_up"))
    assert caller.names() == ["Lind"]


def test_unbilled_and_credits_lead_to_where_they_are_worked(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    envelope = Envelope(services, ("Ames",))
    check = services.checks.open_check(OpenCheck(envelope.payer, 5000, "771")).payment_id
    services.checks.add_item(AddCheckItem(check, CheckItem.UNAPPLIED, 5000, note="whose?"))
    caller = Caller(qtbot, services, jobs)
    caller.key(Qt.Key.Key_4, ALT)
    caller.key(Qt.Key.Key_Return)
    assert caller.jumps[-1] == Go("payments", check)
    assert not caller.page._line.isVisible(), "a credit has no claim to write on"
    caller.key(Qt.Key.Key_3, ALT)
    assert caller.names() == []
    assert "Every posted charge is out" in caller.page._lists._specs["unbilled"].empty


def test_an_empty_practice_says_what_to_do(qtbot: QtBot, services: Services, jobs: Jobs) -> None:
    caller = Caller(qtbot, services, jobs)
    assert caller.page._lists.proof().startswith("Outstanding 0.00")
    assert not caller.page._note.isEnabled()
    assert caller.window._sidebar.count("follow_up") == 0


def test_the_page_asks_no_more_of_many_claims_than_of_one(
    qtbot: QtBot, services: Services, jobs: Jobs
) -> None:
    counts = []
    envelope = Envelope(services, ("Ames",))
    caller = Caller(qtbot, services, jobs)
    for names in (("Lind",), ("Okafor", "Reyes", "Whitcomb")):
        for name in names:
            envelope.claims[name] = envelope._sent(name)
            deny(services, envelope, name)
        QTest.qWait(30)
        with services.desk.db.query_counter() as counter:
            caller.page.refresh()
        counts.append(counter.count)
    assert counts[0] == counts[1]
    assert counts[0] <= 36, counts
