"""Making a practice and unlocking it, typed in the first window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.services.clock import SetClock
from app.services.door import Services
from app.ui.dialogs.door import DoorKeys, DoorWindow
from app.ui.jobs import Jobs
from app.ui.widgets.notice import Banner
from tests.office import PASSPHRASE, USER, door


def _window(qtbot: QtBot, folder: Path, *, exists: bool) -> tuple[DoorWindow, Jobs]:
    real = door(SetClock(date(2026, 11, 23)))
    keys = DoorKeys(real.unlock, real.create, real.recover, real.users)
    jobs = Jobs()
    window = DoorWindow(keys, folder, jobs, exists=exists)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window, jobs


def _field(window: DoorWindow, name: str) -> QLineEdit:
    field = next(f for f in window.findChildren(QLineEdit, name) if f.isVisible())
    field.setFocus()
    return field


def _type(window: DoorWindow, name: str, text: str) -> QLineEdit:
    field = _field(window, name)
    field.clear()
    QTest.keyClicks(field, text)
    return field


def _shown_words(window: DoorWindow) -> str:
    return window.findChild(Banner).text()  # type: ignore[union-attr]


def test_a_practice_is_made_and_its_recovery_key_opens_it(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    window, jobs = _window(qtbot, folder, exists=False)
    opened: list[Any] = []
    window.opened.connect(opened.append)
    _type(window, "user", USER)
    _type(window, "passphrase", "short")
    QTest.keyClick(_type(window, "again", "short"), Qt.Key.Key_F9)
    assert not folder.exists()
    _type(window, "passphrase", PASSPHRASE)
    QTest.keyClick(_type(window, "again", PASSPHRASE), Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: bool(window.findChildren(QCheckBox)), timeout=5000)
    shown = [
        f.text() for f in window.findChildren(QLineEdit) if f.accessibleName() == "Recovery key"
    ]
    enter = next(b for b in window.findChildren(QPushButton) if b.text() == "Open the practice")
    assert not enter.isEnabled(), "the key must be written down first"
    window.findChildren(QCheckBox)[0].setChecked(True)
    enter.click()
    assert isinstance(opened[0], Services)
    opened[0].close()
    jobs.shutdown()
    again = door(SetClock(date(2026, 11, 23))).recover(folder, shown[0].lower())
    again.close()


def test_a_wrong_passphrase_says_so_and_the_right_one_opens(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    services, _ = door(SetClock(date(2026, 11, 23))).create(folder, USER, PASSPHRASE)
    services.close()
    window, jobs = _window(qtbot, folder, exists=True)
    opened: list[Any] = []
    window.opened.connect(opened.append)
    qtbot.waitUntil(lambda: _field(window, "user").text() == USER, timeout=5000)
    QTest.keyClick(_type(window, "passphrase", "not the passphrase"), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "passphrase" in _shown_words(window).lower(), timeout=5000)
    assert not opened
    QTest.keyClick(_type(window, "passphrase", PASSPHRASE), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened), timeout=5000)
    opened[0].close()
    jobs.shutdown()


def test_a_damaged_key_file_is_told_apart(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    services, _ = door(SetClock(date(2026, 11, 23))).create(folder, USER, PASSPHRASE)
    services.close()
    header = folder / "practice.key"
    content = bytearray(header.read_bytes())
    content[len(content) // 2] ^= 1
    header.write_bytes(content)
    window, jobs = _window(qtbot, folder, exists=True)
    qtbot.waitUntil(lambda: "damaged" in _shown_words(window).lower(), timeout=5000)
    jobs.shutdown()
