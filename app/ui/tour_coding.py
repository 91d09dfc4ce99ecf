"""The tour's second visit: favourites and fees in Setup, a chart note whose terms become codes."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.ui.page import Go
from app.ui.pages.encounters import EncountersPage
from app.ui.pages.setup import SetupPage
from app.ui.pages.setup_fees import FeesSection
from app.ui.tour_day import Day
from app.ui.tour_hands import TourStuckError
from app.ui.tour_setup import field_of, fill

FAVOURITES = {"name": "Knee visit", "specialty": "Family practice"}
CODES = {
    "diagnoses": ("m17.11 Right knee", "i10 High blood pressure"),
    "procedures": ("99214-25", "20610-RT"),
}
NOTE = (
    "Right knee OA, worse on stairs; injected today. HTN at goal on lisinopril.\n"
    "DM2 without complications, A1c next month. Denies chest pain. Father had CAD."
)


def coding_scenes(day: Day) -> None:
    """All scenes in order."""
    keep_favourites(day)
    see_fees(day)
    code_from_note(day)


def _setup(day: Day) -> SetupPage:
    day.hands.key("Ctrl+9")
    page = day.page("setup")
    if not isinstance(page, SetupPage):
        raise TourStuckError("Setup did not open")
    return page


def keep_favourites(day: Day) -> None:
    """A group of codes that go together."""
    hands, page = day.hands, _setup(day)
    with hands.task("A group of favourites"):
        page.show_section("favourites")
        hands.key("Ctrl+N")
        fill(hands, page, FAVOURITES)
        for name, lines in CODES.items():
            field_of(page, name).setFocus()
            for line in lines:
                hands.type(line)
                hands.finish()
        hands.key("F9")
    hands.until(day.services.favourites.groups, "the favourites to be saved")
    hands.settle(200)
    hands.shot(day.window, "setup-favourites")


def see_fees(day: Day) -> None:
    """All charges with a raise, seen before it is made; this time it is left."""
    hands, page = day.hands, _setup(day)
    page.show_section("fees")
    hands.settle(200)
    section = page.findChild(FeesSection)
    if section is None:
        raise TourStuckError("the fee schedules did not open")
    section.table.setFocus()
    hands.shot(day.window, "setup-fees")
    with hands.task("See a raise of all charges"):
        hands.key("F3")
        fill(hands, section, {"percent": "4", "round_cents": "to the d", "starts": "010127"})
    hands.until(section.raising.table.rows, "the raise to be worked out")
    hands.shot(day.window, "setup-raise")
    hands.key("Esc")


def code_from_note(day: Day) -> None:
    """A note is pasted; what it says is offered beside the codes and taken by key."""
    hands = day.hands
    patient = day.services.patients.find("ames")[0].patient_id
    day.window.go(Go("encounters", ("new", patient)))
    page = day.page("encounters")
    if not isinstance(page, EncountersPage):
        raise TourStuckError("the encounters did not open")
    hands.enter("1120")
    QApplication.clipboard().setText(NOTE)
    with hands.task("Codes from a pasted note"):
        hands.key("Ctrl+Shift+V")
        hands.until(lambda: len(page.aids.found.terms()) == 3, "the terms of the note")
        hands.key("F5")
        hands.shot(day.window, "note-terms")
        for digit in "111":
            hands.key(digit)
    diagnoses = page.bench.sheet.diagnoses
    hands.until(lambda: len(diagnoses.codes()) == 3, "three diagnoses of the note")
    with hands.task("A procedure by favourites"):
        hands.key("F2")
        hands.settle(200)
        hands.shot(day.window, "favourites")
        hands.enter("99214")
    hands.until(page.bench.sheet.lines.raw, "the favourite on the visit")
    with hands.task("Keep the visit to be coded", 1):
        hands.key("Ctrl+S")
    hands.settle(200)
    hands.shot(day.window, "note-coded")
