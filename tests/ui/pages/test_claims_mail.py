"""One key from the primary's EOB to the secondary's packet; labels and cover lists by Ctrl+K."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.books import Disposition
from app.domain.posting import EobAdjustment, EobLine
from app.services._ledger import party_of
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.payment_commands import OpenCheck, PostEob
from app.ui.jobs import Jobs
from app.ui.pages.claims import ClaimsPage
from app.ui.pages.today import TodayPage
from app.ui.table_view import TableView
from app.ui.widgets.notice import NoticeText
from tests.office import office_place, open_office
from tests.ui.pages.office import DAY, KeptSheets, Small, small_practice

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class Room:
    """A claims page over a practice whose first payer has just decided."""

    services: Services
    small: Small
    jobs: Jobs
    qtbot: QtBot
    page: ClaimsPage = field(init=False)
    sheets: KeptSheets = field(default_factory=KeptSheets)
    notices: list[NoticeText] = field(default_factory=list)
    secondary: int = 0

    def __post_init__(self) -> None:
        s = self.services
        self.page = ClaimsPage(s.claims, self.sheets, self.jobs, s.packets)
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.secondary = self.decided(self.small.encounter)
        self.page.refresh()

    def decided(self, encounter: int) -> int:
        """Posts, sends and decides the primary claim; returns the secondary's, now ready."""
        s = self.services
        first, second = s.encounters.post_charges(encounter).claim_ids
        s.claims.print_claims([first])
        s.claims.confirm_printed([first])
        policy = s.patients.show(self.small.patient).policies[1].policy_id or 0
        with s.desk.read() as session:
            party = party_of(session, policy)
        lines = s.claims.form(first).lines
        share = EobAdjustment("PR", "2", 2000, Disposition.TRANSFER, party)
        eob = tuple(
            EobLine(n.line_id, n.charge_cents, n.charge_cents - 2000, (share,)) for n in lines
        )
        paid = sum(line.paid for line in eob)
        check = s.checks.open_check(OpenCheck(self.small.payer, paid, "0049217")).payment_id
        s.eobs.post_eob(PostEob(check, first, eob))
        return second

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.page, key, modifier)

    def command(self, words: str) -> None:
        """What Ctrl+K runs."""
        next(a for a in self.page.commands() if a.text() == words).trigger()

    def page_words(self, number: int) -> str:
        reader = pypdf.PdfReader(BytesIO(self.sheets.pdfs[number]))
        return " ".join(page.extract_text() for page in reader.pages)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    jobs = Jobs()
    with open_office(DAY) as (services, _):
        yield Room(services, small_practice(services), jobs, qtbot)
        jobs.shutdown()


def test_one_key_prints_the_claim_and_the_earlier_decision(room: Room) -> None:
    room.key(Qt.Key.Key_P, CTRL)
    claim, summary = (room.page_words(n) for n in range(2))
    assert "HARBOR MUTUAL" in claim
    assert "Earlier payers' decisions" not in claim, "red stock carries data only"
    assert "Blue Ridge PPO" in summary
    assert "check 0049217" in summary
    said = room.notices[-1]
    assert said.text.startswith("1 claim on 1 sheet.")
    assert "With 1 page of earlier decisions on plain paper." in said.text
    assert said.undo is not None
    assert room.services.claims.show(room.secondary).row.status == "printed"


def test_printing_again_puts_out_the_same_two(room: Room) -> None:
    room.key(Qt.Key.Key_P, CTRL)
    room.page.open(room.secondary)
    room.key(Qt.Key.Key_R, CTRL)
    assert room.sheets.pdfs[2:] == room.sheets.pdfs[:2]


def test_a_first_payers_claim_goes_alone(room: Room) -> None:
    first = room.services.claims.list_claims(("paid",))[0].claim_id
    room.page.open(first)
    room.key(Qt.Key.Key_R, CTRL)
    assert len(room.sheets.pdfs) == 1
    assert "earlier decisions" not in room.notices[-1].text


def test_a_claim_that_did_not_come_out_takes_no_page_with_it(room: Room) -> None:
    room.sheets.jams = "The printer is out of paper."
    room.key(Qt.Key.Key_P, CTRL)
    assert room.sheets.pdfs == []
    assert room.services.claims.show(room.secondary).row.status == "ready"
    room.sheets.jams = ""
    room.page.refresh()
    room.page.open(room.secondary)
    room.key(Qt.Key.Key_P, CTRL)
    assert len(room.sheets.pdfs) == 2


def test_a_batch_on_the_worker_brings_its_pages_in_the_order_of_the_envelopes(room: Room) -> None:
    s, seconds = room.services, [room.secondary]
    for n in range(4):
        command = SaveEncounter(
            patient_id=room.small.patient,
            provider_id=room.small.provider,
            service_date=DAY - timedelta(days=1 + n),
            facility_id=office_place(s),
            diagnoses=("M17.11",),
            lines=(SaveLine("99214", pointers="A"),),
        )
        seconds.append(room.decided(s.encounters.save(command).encounter_id))
    room.page.refresh()
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.qtbot.waitUntil(lambda: len(room.sheets.pdfs) == 2, timeout=20000)
    room.qtbot.waitUntil(lambda: not room.jobs.busy(), timeout=20000)
    pages = [p.extract_text() for p in pypdf.PdfReader(BytesIO(room.sheets.pdfs[1])).pages]
    numbers = [s.claims.show(claim).row.number for claim in seconds]
    assert [n in p for n, p in zip(numbers, pages, strict=True)] == [True] * 5
    assert "With 5 pages of earlier decisions" in room.notices[-1].text


def test_today_leads_to_the_claim_that_was_released(qtbot: QtBot, room: Room) -> None:
    s = room.services
    today = TodayPage(s.today, s.reports, room.jobs, "Monday")
    qtbot.addWidget(today)
    today.go.connect(lambda go: room.page.open(go.target))
    today.refresh()
    table = today.findChild(TableView)
    assert table is not None
    titles = [end.title for end in table.rows()]
    table.selectRow(titles.index("Claims ready to print"))
    QTest.keyClick(table, Qt.Key.Key_Return)
    room.key(Qt.Key.Key_P, CTRL)
    assert len(room.sheets.pdfs) == 2


def test_labels_and_cover_list_of_the_chosen_claims(room: Room) -> None:
    room.command("Mailing labels")
    assert "HARBOR MUTUAL" in room.page_words(0)
    assert room.notices[-1].text.startswith("1 label for 1 claim.")
    room.command("Cover list")
    assert "Ames, Ruth" in room.page_words(1)
    assert room.notices[-1].text.startswith("1 cover sheet for 1 claim.")


def test_labels_of_nothing_say_what_to_do(room: Room) -> None:
    room.page._words.set_value("nobody")
    room.page.refresh()
    room.command("Mailing labels")
    assert room.sheets.pdfs == []
    assert room.notices[-1].text.startswith("Choose the claims")
