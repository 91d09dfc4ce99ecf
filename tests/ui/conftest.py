"""One dressed application for all tests of the face, and a host window to stand widgets in."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import apply_theme

TODAY = date(2026, 11, 23)
Host = Callable[..., QWidget]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Passes over what only the memory platform complains of."""
    mark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        item.add_marker(mark)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application in the light scheme at 100 %."""
    apply_theme(qapp)
    return qapp


@pytest.fixture(autouse=True)
def _answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows what it read before a test looks, however busy the machine is."""
    monkeypatch.setattr("app.ui.jobs.PATIENCE_SECONDS", 30.0)


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    """Stands widgets one under the other in a shown, active window and answers the window."""
    kept: list[QWidget] = []  # qtbot holds its widgets weakly

    def show(*widgets: QWidget) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        window.resize(900, 600)
        kept.append(window)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show
