"""The tour's day: a patient, a visit, the claim, checks line by line, the next payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.claim_form import Address
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePatient, SavePolicy
from app.ui.page import Page
from app.ui.tour_hands import Hands, TourStuckError
from app.ui.tour_setup import fill
from app.ui.window import MainWindow

NAMES = ("Brandt", "Lind", "Okafor", "Reyes", "Wexler")
THREE = (
    SaveLine("99214", pointers="A"),
    SaveLine("20610", pointers="A"),
    SaveLine("J1030", pointers="A"),
)


class Sheets(Protocol):
    """What the tour's printer was given."""

    pdfs: list[bytes]


@dataclass(slots=True)
class Day:
    """Everything a scene needs."""

    hands: Hands
    window: MainWindow
    services: Services
    sheets: Sheets

    def page(self, name: str) -> Page:
        """A page that has been visited."""
        found = self.window.page(name)
        if found is None:
            raise TourStuckError(f"the page {name} did not open")
        return found


def day_scenes(day: Day) -> None:
    """All scenes in order."""
    register(day)
    code_and_print(day)
    post_primary(day)
    bill_secondary(day)
    post_secondary(day)
    receive_share(day)
    post_five_claims(day)


def register(day: Day) -> None:
    """A new patient with a primary and a secondary policy."""
    hands = day.hands
    hands.key("Ctrl+2")
    with hands.task("New patient with one policy", 22):
        hands.key("Ctrl+N")
        for text in ("Ames", "Ruth", "E"):
            hands.enter(text)
        hands.key("Return")  # no suffix
        for text in ("04171964", "f", "118 Orchard Ln"):
            hands.enter(text)
        hands.key("Return")  # no apartment
        for text in ("24153", "5405550118", "t"):
            hands.enter(text)
        hands.key("Return")  # statements go to the patient
        hands.key("Return")  # no alert
        for text in ("blue", "XQK 8841 0072"):
            hands.enter(text)
        hands.key("Return")  # the patient is the insured
        hands.enter("77120")
        hands.key("Return")  # the plan is named like its payer
        hands.enter("010126")
        hands.key("F9")
    hands.until(lambda: day.services.patients.find("ames"), "the patient to be saved")
    with hands.task("A second policy"):
        hands.key("F6")
        fill(hands, day.page("patients"), {"payer_id": "harb"})
        hands.key("Return")
        fill(hands, day.page("patients"), {"member_id": "HM2260914", "effective": "010126"})
        hands.key("F9")
    key = day.services.patients.find("ames")[0].patient_id
    hands.until(lambda: len(day.services.patients.show(key).policies) == 2, "the second policy")
    hands.shot(day.window, "patient")


def code_and_print(day: Day) -> None:
    """An encounter of three diagnoses and four procedures; its claim in one more key."""
    hands = day.hands
    with hands.task("Encounter of 3 diagnoses and 4 procedures", 24):
        hands.key("Ctrl+E")
        hands.enter("1022")
        hands.type("oa right knee")
        hands.settle(300)
        hands.shot(day.window, "code-search")
        hands.finish()
        for words in ("htn", "dm2"):
            hands.type(words)
            hands.settle(300)
            hands.finish()
        hands.key("Return")
        hands.type("99214")
        hands.key("Return")
        hands.type("25")
        hands.key("Down")
        hands.type("20610")
        hands.key("Return")
        hands.type("rt")
        hands.key("Down")
        hands.type("j1030")
        hands.key("Down")
        hands.type("93000")
        hands.key("Down")
    hands.shot(day.window, "encounter")
    with hands.task("Post the charges and print the claim", 1):
        hands.key("Ctrl+P")
    hands.until(lambda: day.sheets.pdfs, "the claim to be printed")
    hands.settle(200)
    hands.shot(day.window, "claim")
    claim = day.services.claims.list_claims(("printed",))[0].claim_id
    (hands.folder / "claim.pdf").write_bytes(day.services.claims.show(claim).picture_pdf)
    with hands.task("Say that the sheet is good", 1):
        hands.key("Ctrl+Return")
    hands.until(lambda: day.services.claims.counts().get("submitted"), "the claim to be out")


def open_check(hands: Hands, typed: Sequence[str]) -> None:
    """A new check: payer, number, date, amount."""
    hands.key("Ctrl+N")
    for text in typed:
        hands.enter(text)


def post_primary(day: Day) -> None:
    """The primary's check, line by line."""
    hands = day.hands
    hands.key("Ctrl+5")
    with hands.task("Post an EOB of 1 claim and 4 lines, close the check"):
        open_check(hands, ("blue", "0049217", "1118", "248.52"))
        hands.enter("ames")
        hands.type("128.40")
        hands.type("c")
        for text in ("25.68", "96.10", "19.22", "41.15", "8.23", "45", "9"):
            hands.enter(text)
        hands.shot(day.window, "posting")
        hands.key("F9")
        hands.settle(200)
        hands.shot(day.window, "posted")
        hands.key("Ctrl+Return")
    hands.until(lambda: _closed(day) == 1, "the check to close")


def _closed(day: Day) -> int:
    """How many insurers' checks are closed."""
    return sum(1 for c in day.services.checks.for_posting() if c.status == "closed")


def bill_secondary(day: Day) -> None:
    """The claim released by the primary's EOB: one key prints it."""
    hands = day.hands
    day.window.show_page("claims")
    day.page("claims").open(("show", "ready"))
    hands.settle(200)
    before = len(day.sheets.pdfs)
    with hands.task("Bill the secondary", 1):
        hands.key("Ctrl+P")
    hands.until(lambda: len(day.sheets.pdfs) > before, "the secondary's sheet")
    hands.settle(200)
    hands.shot(day.window, "secondary")
    hands.key("Ctrl+Return")


def post_secondary(day: Day) -> None:
    """The secondary pays part; the rest is the patient's share."""
    hands = day.hands
    hands.key("Ctrl+5")
    with hands.task("Post the secondary's EOB"):
        hands.key("Ctrl+L")
        open_check(hands, ("harb", "88120", "1120", "42.13"))
        hands.enter("ames")
        hands.type("25.68")
        hands.type("y")
        for text in ("20", "19.22", "8.23", "9"):
            hands.enter(text)
        hands.shot(day.window, "posting-secondary")
        hands.key("F9")
        hands.settle(200)
        hands.key("Ctrl+Return")
    hands.until(lambda: _closed(day) == 2, "the second check to close")


def receive_share(day: Day) -> None:
    """The patient's account, and the payment of what she owes."""
    hands = day.hands
    patient = day.services.patients.find("ames")[0].patient_id
    hands.key("Ctrl+2")
    day.page("patients").open(("account", patient))
    hands.settle(200)
    hands.shot(day.window, "account")
    with hands.task("Take the patient's share"):
        hands.key("Ctrl+T")
        hands.type("20")
        hands.key("F9")
    hands.settle(300)
    hands.shot(day.window, "account-paid")
    if day.services.accounts.show(patient).patient_cents:
        raise TourStuckError("the patient still owes")


def post_five_claims(day: Day) -> None:
    """The measure of the posting window: five claims of three lines on one check."""
    hands = day.hands
    _send_five(day)
    hands.key("Ctrl+5")
    hands.key("Ctrl+L")
    with hands.task("Post an EOB of 5 claims × 3 lines", 40):
        open_check(hands, ("blue", "0049431", "1120", "1148.32"))
        hands.enter("brandt")
        hands.type("128.40")
        hands.type("c")
        for text in ("25.68", "96.10", "19.22", "41.15", "8.23"):
            hands.enter(text)
        hands.key("F9")
        hands.enter("okafor")
        hands.type("120")
        hands.type("y")
        for text in ("20", "90", "40"):
            hands.enter(text)
        hands.key("F9")
        hands.enter("wex")
        hands.type("128.40")
        hands.type("d")
        for text in ("50", "96.10", "41.15"):
            hands.enter(text)
        hands.key("F9")
        hands.enter("reyes")
        for text in ("128.40", "96.10", "41.15"):
            hands.enter(text)
        hands.shot(day.window, "posting-five")
        hands.key("F9")
        hands.enter("lind")
        for text in ("128.40", "96.10", "0", "16"):
            hands.enter(text)
        hands.key("Ctrl+Return")
    hands.until(lambda: _closed(day) == 3, "the third check to close")
    hands.shot(day.window, "posted-five")


def _send_five(day: Day) -> None:
    """Five more patients with a claim out each; entered by the services, not by hand."""
    s = day.services
    payer = next(p.payer_id for p in s.directory.payers() if p.name.startswith("Blue"))
    provider = s.directory.providers()[0].provider_id
    office = s.directory.facilities()[0].facility_id
    if payer is None or provider is None:
        raise TourStuckError("Setup is incomplete")
    for last in NAMES:
        patient = s.patients.save(
            SavePatient(
                last=last,
                first="Ruth",
                birth_date=date(1964, 4, 17),
                sex="F",
                address=Address("118 Orchard Ln", "", "Salem", "VA", "24153"),
                release_signature_date=date(2026, 1, 5),
                policies=(SavePolicy(payer, f"XQK{last.upper()}"),),
            )
        ).patient_id
        visit = SaveEncounter(
            patient,
            provider,
            date(2026, 10, 22),
            facility_id=office,
            diagnoses=("M17.11",),
            lines=THREE,
        )
        claims = s.encounters.post_charges(s.encounters.save(visit).encounter_id).claim_ids
        s.claims.print_claims(claims[:1])
        s.claims.confirm_printed(claims[:1])


def see_aging(day: Day) -> None:
    """Today's loose ends and aging; the books are proved."""
    hands = day.hands
    hands.key("Ctrl+1")
    hands.settle(200)
    with hands.task("Verify the books", 1):
        hands.key("F5")
    hands.settle(800)
    hands.shot(day.window, "today-verified")
