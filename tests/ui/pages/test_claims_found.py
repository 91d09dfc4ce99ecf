"""What stands before printing: shown with its box, let pass for a reason, gone when put right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.claim_form import Address
from app.ui.pages.claims_found import FoundPanel
from tests.office import open_office
from tests.ui.pages.office import DAY
from tests.ui.pages.test_claims_form import CTRL, SHIFT, Desk


class Found(Desk):
    """A claim whose patient has no address and did not sign."""

    def spoil(self) -> FoundPanel:
        patient = self.services.patients.show(self.small.patient)
        bare = replace(patient, address=Address(), release_signature_date=None)
        self.services.patients.save(bare)
        self.page.refresh()
        panel = self.page.findChild(FoundPanel)
        assert isinstance(panel, FoundPanel)
        return panel

    def stops(self) -> list[str]:
        checks = self.services.claims.show(self.claim).checks
        return [c.finding.edit_id for c in checks if c.stops]


def words(panel: FoundPanel) -> str:
    return " | ".join(part.text() for part in panel.findChildren(QLabel) if part.isVisible())


def test_by_keys_each_error_is_let_pass_with_its_reason(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Found(qtbot, services)
        panel = desk.spoil()
        wrong = desk.stops()
        assert set(wrong) == {"E015", "E030"}
        assert "E015" in words(panel)
        desk.key(Qt.Key.Key_P, CTRL)
        assert services.claims.counts() == {"held": 1, "ready": 1}
        for _ in wrong:
            desk.key(Qt.Key.Key_O, CTRL | SHIFT)
            line = panel.findChild(QLineEdit)
            assert isinstance(line, QLineEdit)
            assert line.hasFocus()
            QTest.keyClicks(line, "Address follows by phone")
            QTest.keyClick(line, Qt.Key.Key_Return)
            desk.page.refresh()
        assert desk.stops() == []
        passed = "You let it pass: Address follows by phone"
        qtbot.waitUntil(lambda: passed in words(panel))
        assert "your reason is kept" in desk.notices[-1].text
        desk.key(Qt.Key.Key_P, CTRL)
        assert services.claims.counts()["printed"] == 1
        qtbot.waitUntil(lambda: passed in words(panel))
        assert "When it was printed" in words(panel)


def test_no_reason_no_way_past(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Found(qtbot, services)
        panel = desk.spoil()
        desk.key(Qt.Key.Key_O, CTRL | SHIFT)
        line = panel.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert "Say why" in words(panel)
        assert set(desk.stops()) == {"E015", "E030"}


def test_show_goes_to_the_box_and_what_is_put_right_is_gone(qtbot: QtBot) -> None:
    with open_office(DAY) as (services, _):
        desk = Found(qtbot, services)
        panel = desk.spoil()
        link = next(b for b in panel.findChildren(QPushButton) if b.text() == "Show")
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
        assert desk.current() == "5_street"
        assert desk.picture.hasFocus()
        patient = services.patients.show(desk.small.patient)
        home = Address("118 Orchard Ln", "", "Salem", "VA", "24153")
        services.patients.save(replace(patient, address=home, release_signature_date=DAY))
        desk.page.refresh()
        assert not panel.isVisible()
        assert desk.stops() == []
