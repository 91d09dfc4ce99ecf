"""PySide6 6.12.0 under CPython 3.11 loses a reference to True at every emit and then aborts."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QPushButton


class _Bell(QObject):
    rung = Signal()
    heard = Signal(bool)


def test_emitting_loses_no_reference(qapp: QApplication) -> None:
    bell = _Bell()
    bell.heard.connect(lambda _on: None)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(100):
        bell.rung.emit()
        bell.heard.emit(True)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert all(abs(now - then) < 50 for now, then in zip(after, before, strict=True))


def test_void_calls_lose_no_reference(qapp: QApplication) -> None:
    button = QPushButton()
    before = sys.getrefcount(None)
    for _ in range(100):
        button.setEnabled(True)
    assert abs(sys.getrefcount(None) - before) < 50
