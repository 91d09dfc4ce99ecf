"""Printing from the claims page: many at once, cancelled, jammed, whole or data only, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.printing.print_image import COLUMNS, FORM_FEED, LINES
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.ui.jobs import Jobs, JobState
from app.ui.pages.claims import ClaimsPage
from app.ui.pages.encounters import EncountersPage
from app.ui.runs import AT_ONCE
from app.ui.widgets.notice import NoticeText
from tests.acceptance.printed_boxes import own_layout, read_sheets
from tests.office import office_place, open_office
from tests.ui.pages.coding_office import aids_of
from tests.ui.pages.office import DAY, KeptSheets, Small, small_practice

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
MANY = 8


@dataclass
class Room:
    """A claims page with its worker, over a practice with ready claims."""

    services: Services
    small: Small
    jobs: Jobs
    qtbot: QtBot
    page: ClaimsPage = field(init=False)
    sheets: KeptSheets = field(default_factory=KeptSheets)
    notices: list[NoticeText] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = ClaimsPage(self.services.claims, self.sheets, self.jobs)
        self.page.notify.connect(self.notices.append)
        self.qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()

    def claims(self, count: int, diagnoses: tuple[str, ...] = ("M17.11",)) -> list[int]:
        made = []
        known = len(self.services.claims.list_claims())
        for n in range(known, known + count):
            command = SaveEncounter(
                patient_id=self.small.patient,
                provider_id=self.small.provider,
                service_date=date(2026, 9, 1 + n),
                facility_id=office_place(self.services),
                diagnoses=diagnoses,
                lines=(SaveLine("99214", pointers="A"),),
            )
            encounter = self.services.encounters.save(command).encounter_id
            made.append(self.services.encounters.post_charges(encounter).claim_ids[0])
        self.page.refresh()
        return made

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.page, key, modifier)

    def idle(self) -> None:
        self.qtbot.waitUntil(
            lambda: not self.jobs.busy() and not self.page._printing.waiting, timeout=20000
        )

    def statuses(self) -> dict[str, int]:
        return {s: n for s, n in self.services.claims.counts().items() if s != "held"}


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    jobs = Jobs()
    with open_office(DAY) as (services, _):
        yield Room(services, small_practice(services), jobs, qtbot)
        jobs.shutdown()


def test_many_claims_print_on_the_worker_in_one_document(room: Room) -> None:
    room.claims(MANY)
    steps: list[tuple[int, int]] = []
    room.jobs.state_changed.connect(lambda s: steps.append((s.done, s.total)) if s else None)
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    assert room.sheets.pdfs == [], "the key does not wait for the sheets"
    room.idle()
    assert room.statuses() == {"printed": MANY}
    assert len(room.sheets.pdfs) == 1
    assert len(read_sheets(room.sheets.pdfs[0], own_layout())) == MANY
    assert len(room.sheets.sheets[0]) == MANY
    assert room.notices[-1].text == f"{MANY} claims on {MANY} sheets. Kept claims."
    assert [at for at, _ in steps if at] == sorted(at for at, _ in steps if at)
    assert (MANY, MANY) in steps
    undo = room.notices[-1].undo
    assert undo is not None
    undo()
    room.idle()
    assert room.statuses() == {"ready": MANY}


def test_cancelled_leaves_every_claim_ready_and_prints_nothing(room: Room) -> None:
    room.claims(MANY)

    def stop(state: JobState | None) -> None:
        if state is not None and state.done == 3:
            room.jobs.cancel()

    room.jobs.state_changed.connect(stop)
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.idle()
    assert room.statuses() == {"ready": MANY}
    assert room.sheets.pdfs == []
    assert "Cancelled" in room.notices[-1].text
    room.jobs.state_changed.disconnect(stop)
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.idle()
    assert room.statuses() == {"printed": MANY}, "printing works again afterwards"


def test_a_run_cancelled_before_its_turn_does_not_block_the_next(room: Room) -> None:
    room.claims(MANY)
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.jobs.cancel()
    room.idle()
    assert room.statuses() == {"ready": MANY}
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.idle()
    assert room.statuses() == {"printed": MANY}


@pytest.mark.parametrize("count", [1, AT_ONCE, MANY])
@pytest.mark.parametrize("how", ["gone", "jams"])
def test_a_missing_printer_or_a_jam_leaves_the_claims_ready(
    room: Room, count: int, how: str
) -> None:
    room.claims(count)
    setattr(room.sheets, how, "The printer is out of paper.")
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.idle()
    room.idle()  # the claims are taken back by a run of its own
    assert room.statuses() == {"ready": count}
    said = [n.text for n in room.notices if "out of paper" in n.text]
    assert said
    versions = [v for c in room.services.claims.list_claims() if c.status == "ready"
                for v in room.services.claims.show(c.claim_id).versions]  # fmt: skip
    assert len(versions) == (0 if how == "gone" else count), "spoiled sheets stay on record"


def test_what_cannot_print_is_left_out_and_named(room: Room) -> None:
    good = room.claims(MANY)
    room.services.claims.print_claims(good[:1])
    room.services.claims.confirm_printed(good[:1])
    room.page._print_claims(good)
    room.idle()
    assert room.statuses() == {"printed": MANY - 1, "submitted": 1}
    assert "1 left out: Claim 10001 is submitted." in room.notices[-1].text


def test_all_are_confirmed_in_one_go(room: Room) -> None:
    room.claims(MANY)
    room.key(Qt.Key.Key_P, CTRL | SHIFT)
    room.idle()
    room.page._list.selectAll()
    room.key(Qt.Key.Key_Return, CTRL)
    room.idle()
    assert room.statuses() == {"submitted": MANY}
    assert room.notices[-1].text == f"{MANY} claims are out."


def accept_plain(room: Room, payer: int) -> None:
    kept = next(p for p in room.services.directory.payers() if p.payer_id == payer)
    room.services.setup.save_payer(replace(kept, accepts_plain_paper=True))


def test_the_payers_record_says_which_paper(room: Room) -> None:
    room.claims(1)
    room.key(Qt.Key.Key_P, CTRL)
    assert [s.on_stock for s in room.sheets.sheets[-1]] == [True]
    accept_plain(room, room.small.payer)
    room.claims(1)
    room.page._filter.choose("ready")
    room.page.refresh()
    room.page._list.selectRow(0)
    room.key(Qt.Key.Key_P, CTRL)
    assert [s.on_stock for s in room.sheets.sheets[-1]] == [False]
    assert room.sheets.sheets[-1][0].form
    assert "claims-plain" in room.notices[-1].text


def test_plain_paper_for_a_payer_of_red_stock_says_so(room: Room) -> None:
    room.claims(1)
    room.key(Qt.Key.Key_P, CTRL | ALT)
    assert [s.on_stock for s in room.sheets.sheets[-1]] == [False]
    assert "takes red stock only" in room.notices[-1].text


def test_a_reprint_hands_out_the_same_bytes_and_their_sheets(room: Room) -> None:
    (claim,) = room.claims(1)
    room.key(Qt.Key.Key_P, CTRL)
    room.page.open(claim)
    room.key(Qt.Key.Key_R, CTRL)
    assert room.sheets.pdfs[0] == room.sheets.pdfs[1]
    assert room.sheets.sheets[0] == room.sheets.sheets[1] != ()


def image_key(room: Room) -> Callable[[], None]:
    return next(a for a in room.page.actions() if a.text().startswith("Print image")).trigger


def test_the_print_image_is_a_text_file_of_sheets(room: Room) -> None:
    claims = room.claims(2)
    room.page._list.selectAll()
    image_key(room)()
    (content,) = room.sheets.files
    pages = content.decode("ascii").split(FORM_FEED)
    assert len(pages) == 2
    assert {len(page.split("\r\n")) for page in pages} == {LINES + 1}
    assert {len(row) for page in pages for row in page.split("\r\n")[:-1]} == {COLUMNS}
    assert room.statuses() == {"printed": 2}
    assert room.services.claims.show(claims[0]).steps[-1].note == "print image"
    undo = room.notices[-1].undo
    assert undo is not None
    undo()
    assert room.statuses() == {"ready": 2}


def test_a_print_image_that_cannot_be_saved_leaves_the_claims_ready(room: Room) -> None:
    room.claims(1)
    room.sheets.jams = "The folder is full."
    image_key(room)()
    assert room.statuses() == {"ready": 1}
    assert any("folder is full" in n.text for n in room.notices)


def test_from_the_encounter_a_jam_leaves_the_claim_ready(room: Room, qtbot: QtBot) -> None:
    s = room.services
    page = EncountersPage(
        s.encounters, s.queue, s.coding, s.codes, s.patients, s.directory, s.claims, s.drafts,
        room.sheets, lambda: DAY, s.codesets, s.scrub, aids_of(s),
    )  # fmt: skip
    qtbot.addWidget(page)
    said: list[NoticeText] = []
    page.notify.connect(said.append)
    page.refresh()
    page.open(room.small.encounter)
    room.sheets.jams = "The printer is out of paper."
    page.acts.post_and_print()
    assert room.statuses() == {"ready": 1}
    assert "Charges are posted. The printer is out of paper." in said[-1].text
