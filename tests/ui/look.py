"""Draws the gallery into PNG files, to be looked at: ``python -m tests.ui.look DIR``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.findings import Finding, Severity
from app.ui.changes import Changes
from app.ui.guard import CrashDialog, TroubleDialog, crash_text
from app.ui.theme import apply_theme
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.search import SearchField
from app.ui.window import MainWindow
from tests.ui.gallery import GalleryPage, make_window

FINDINGS = (
    Finding("last", "Enter the last name."),
    Finding("member", "Medicare numbers have 11 characters.", Severity.WARNING),
)


def settle() -> None:
    """Lets timers and queued signals of the next moments happen."""
    QTest.qWait(80)


def focused() -> QWidget:
    """The widget that has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def fill(window: MainWindow) -> GalleryPage:
    page = window.page("gallery")
    assert isinstance(page, GalleryPage)
    page.banner.say("This claim was printed; make a replacement claim to change it.")
    page.form.set_values({"first": "Åsa", "state": "VA", "copay": 2500, "zip": "240381200"})
    page.form.set_values({"phone": "5405550118", "sex": "F", "assigned": True})
    page.form.show_findings(FINDINGS)
    window.notify(NoticeText("Lindqvist posted: 196.45 paid, 72.44 written off", "", lambda: None))
    return page


def shoot(folder: Path, app: QApplication, dark: bool, scale: float) -> None:
    apply_theme(app, dark, scale)
    name = f"{'dark' if dark else 'light'}_{round(scale * 100)}"
    window = make_window(Changes())
    window.resize(round(1440 * min(scale, 1.35)), round(960 * min(scale, 1.35)))
    window.show()
    page = fill(window)
    settle()
    window.grab().save(str(folder / f"{name}_form.png"))
    page.grid.go_to(2, "allowed")
    settle()
    window.grab().save(str(folder / f"{name}_grid.png"))
    QTest.keyClicks(page.grid.view, "4")
    QTest.keyClicks(focused(), "x")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    payer = page.form.widget("payer")
    assert isinstance(payer, SearchField)
    settle()
    window.grab().save(str(folder / f"{name}_cell.png"))
    payer.setFocus()
    QTest.keyClicks(payer, "e11")
    settle()
    window.grab().save(str(folder / f"{name}_search.png"))
    window.find_anything()
    QTest.keyClicks(focused(), "a")
    settle()
    window.grab().save(str(folder / f"{name}_palette.png"))
    for dialog in (
        CrashDialog(crash_text(ValueError("x")), window),
        TroubleDialog("The disk is full. Free some space, then save again.", window),
    ):
        dialog.show()
        settle()
        dialog.grab().save(str(folder / f"{name}_{type(dialog).__name__}.png"))
        dialog.close()
    window.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv)
    for dark in (False, True):
        shoot(folder, app, dark, 1.0)
    shoot(folder, app, False, 1.5)
    shoot(folder, app, False, 2.0)


if __name__ == "__main__":
    main()
