from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.shortcuts import button_for, make_action
from app.ui.widgets.field import LineField
from app.ui.widgets.pill import KeyButton, Pill, key_text
from tests.ui.conftest import Host


@pytest.mark.parametrize(
    ("key", "cap"),
    [("Ctrl+K", "Ctrl K"), ("Ctrl+Return", "Ctrl Enter"), ("F9", "F9"), ("+", "+"), ("", "")],
)
def test_keys_are_written_as_on_the_caps(key: str, cap: str) -> None:
    assert key_text(key) == cap


def test_an_action_runs_by_key_and_by_button_and_shows_its_key(host: Host) -> None:
    ran: list[int] = []
    field = LineField()
    window = host(field)
    action = make_action(window, "&Hold", "F4", lambda: ran.append(1))
    button = button_for(action, window)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_F4)
    button.click()
    assert ran == [1, 1]
    assert action.toolTip() == button.toolTip() == "Hold (F4)"
    action.setEnabled(False)
    assert not button.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_F4)
    assert ran == [1, 1]


def test_a_key_is_given_once(host: Host) -> None:
    window = host(QWidget())
    make_action(window, "Hold", "F4", lambda: None)
    make_action(window, "No key", "", lambda: None)
    make_action(window, "None either", "", lambda: None)
    with pytest.raises(ValueError, match="F4"):
        make_action(window, "Help", "F4", lambda: None)


def test_a_button_has_room_for_its_words_and_its_key(host: Host) -> None:
    plain, keyed = KeyButton("Post charges"), KeyButton("Post charges", "Ctrl+P")
    host(plain, keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width() + 30
    assert keyed.toolTip() == "Post charges (Ctrl P)"


def test_a_pill_tells_by_word_and_refuses_unknown_roles(host: Host) -> None:
    pill = Pill("to fix", "bad")
    host(pill)
    assert pill.accessibleName() == "to fix"
    pill.show_status("ready", "ok")
    assert (pill.text(), pill.role()) == ("ready", "ok")
    with pytest.raises(ValueError, match="purple"):
        pill.show_status("ready", "purple")
