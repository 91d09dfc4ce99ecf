"""A payer's envelope on the desk: sent claims of three lines, and hands that count what they do."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.domain.claim_form import Address, PayerType
from app.services.door import Services
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.services.people_commands import SavePatient, SavePayer, SavePolicy
from app.ui.changes import Changes
from app.ui.page import PageSpec
from app.ui.pages.payments import PaymentsPage
from app.ui.window import MainWindow
from tests.office import office_place, set_up

VISIT = date(2026, 10, 22)
CHARGES = (("99214", 18500), ("20610", 16500), ("J1030", 6200))
NAMES = ("Ames", "Lind", "Okafor", "Reyes", "Whitcomb")
PO_BOX = Address("PO Box 81200", "", "Roanoke", "VA", "24038")
HOME = Address("118 Orchard Ln", "", "Salem", "VA", "24153")
CTRL = Qt.KeyboardModifier.ControlModifier
_PLAIN = Qt.KeyboardModifier.NoModifier


class Envelope:
    """Claims that are out with one payer; Ames has a second payer, Harbor Mutual.

    Attributes:
        claims: claim id by last name.
    """

    def __init__(self, services: Services, names: tuple[str, ...] = NAMES) -> None:
        self.services = services
        self.provider = set_up(services)
        save = services.setup.save_payer
        self.payer = save(SavePayer("Blue Ridge PPO", PayerType.GROUP, PO_BOX))
        self.second = save(SavePayer("Harbor Mutual", PayerType.OTHER, PO_BOX))
        self.claims = {name: self._sent(name) for name in names}

    def _sent(self, last: str) -> int:
        policies = [SavePolicy(self.payer, f"XQK{last.upper()}", plan_name="Ridge")]
        if last == "Ames":
            policies.append(SavePolicy(self.second, "HM2260914", rank=2, plan_name="Harbor"))
        patient = self.services.patients.save(
            SavePatient(
                last=last,
                first="Ruth",
                birth_date=date(1964, 4, 17),
                sex="F",
                address=HOME,
                release_signature_date=date(2026, 1, 5),
                policies=tuple(policies),
            )
        ).patient_id
        lines = tuple(SaveLine(code, cents, pointers="A") for code, cents in CHARGES)
        encounter = self.services.encounters.save(
            SaveEncounter(
                patient,
                self.provider,
                VISIT,
                facility_id=office_place(self.services),
                diagnoses=("M17.11",),
                lines=lines,
            )
        ).encounter_id
        claims = self.services.encounters.post_charges(encounter).claim_ids
        self.services.claims.print_claims(claims[:1])
        self.services.claims.confirm_printed(claims[:1])
        return claims[0]

    def status(self, last: str) -> str:
        """Status of a patient's first claim."""
        statement = text("SELECT status FROM claim WHERE id = :id")
        with self.services.desk.read() as session:
            return str(session.execute(statement, {"id": self.claims[last]}).scalar_one())

    def owed(self, last: str) -> dict[str, int]:
        """Who owes what on a patient's claim (cents)."""
        claim = self.services.posting.open_claim(self.claims[last])
        with self.services.desk.read() as session:
            rows = session.execute(
                text(
                    "SELECT COALESCE(payer.name, lower(party.kind)), SUM(b.amount_cents)"
                    " FROM line_balance b JOIN party ON party.id = b.party_id"
                    " LEFT JOIN policy ON policy.id = party.policy_id"
                    " LEFT JOIN payer ON payer.id = policy.payer_id"
                    " JOIN charge_line l ON l.id = b.charge_line_id"
                    " JOIN encounter e ON e.id = l.encounter_id"
                    " WHERE e.patient_id = :patient GROUP BY party.id"
                ),
                {"patient": claim.patient_id},
            )
            return {who: cents for who, cents in rows if cents}

    def books_are_sound(self) -> None:
        """Fails when *Verify books* finds anything."""
        assert self.services.reports.verify_books().problems == ()


class Clerk:
    """Types as a biller would and counts it: a field with the Enter that ends it is one action,
    every other key is one more.
    """

    def __init__(self, qtbot: QtBot, services: Services) -> None:
        changes = Changes()
        services.subscribe(changes.publish)
        self.pages: list[PaymentsPage] = []
        self.window = MainWindow(
            [PageSpec("payments", "Payments", lambda: self._page(services))], "Larkfield", changes
        )
        self.window.resize(1440, 900)
        self.actions = 0
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.settle()

    def _page(self, services: Services) -> PaymentsPage:
        s = services
        page = PaymentsPage(
            s.checks,
            s.eobs,
            s.posting,
            s.directory,
            s.drafts,
            lambda: s.desk.today,
            returns=s.returns,
        )
        self.pages.append(page)
        return page

    @property
    def page(self) -> PaymentsPage:
        """The page."""
        return self.pages[-1]

    def settle(self) -> None:
        """Lets queued news and timers of the moment happen."""
        QTest.qWait(60)

    def field(self, typed: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        """A field typed and ended by Enter: one action."""
        self.write(typed)
        QTest.keyClick(_focused(), end)
        self.actions += 1

    def write(self, typed: str) -> None:
        """Letters only, not counted."""
        for letter in typed:
            QTest.keyClicks(_focused(), letter)

    def jump(self, typed: str, letter: str) -> None:
        """A field ended by a letter that jumps along the line: two actions."""
        self.write(typed + letter)
        self.actions += 2

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _PLAIN) -> None:
        """One key: one action."""
        QTest.keyClick(_focused(), key, modifier)
        self.actions += 1

    def open_check(self, amount: str, number: str = "0049217") -> None:
        """A new check, dated 11/18."""
        self.key(Qt.Key.Key_N, CTRL)
        for typed in ("blue", number, "1118", amount):
            self.field(typed)

    def claim(self, words: str) -> None:
        """Finds a claim by the words on the EOB."""
        self.field(words)

    def said(self) -> str:
        """The sentence in place."""
        return self.page.bench.banner.text()

    def notice(self) -> str:
        """The sentence at the bottom."""
        return self.window._footer.notice.text()

    def cell(self, row: int, key: str) -> str:
        """A cell of the grid."""
        grid = self.page.bench.claim.grid.view.grid()
        at = next(i for i, c in enumerate(grid.columns) if c.key == key)
        return grid.text(row, at)

    def place(self) -> tuple[int, str] | None:
        """Where the cursor of the grid stands."""
        return self.page.bench.claim.grid.current()


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
