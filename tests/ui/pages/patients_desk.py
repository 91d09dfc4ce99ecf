"""The patients page under a biller's hands: types, presses, counts, and looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.services.door import Services
from app.ui.form import Form
from app.ui.page import Go
from app.ui.pages.patients import PatientsPage
from app.ui.pages.patients_views import PatientServices
from app.ui.printout import PrintOut
from app.ui.rooms import money_of
from app.ui.widgets.notice import NoticeText
from tests.ui.pages.office import KeptSheets

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


def services_of(s: Services, out: PrintOut | None = None) -> PatientServices:
    return PatientServices(
        patients=s.patients,
        households=s.households,
        directory=s.directory,
        drafts=s.drafts,
        accounts=s.accounts,
        receipts=s.receipts,
        adjustments=s.adjustments,
        queue=s.queue,
        claims=s.claims,
        money=money_of(s, out or KeptSheets()),
    )


class Desk:
    """A shown page; every field typed, key chord and click counts as one action."""

    def __init__(self, qtbot: QtBot, services: Services) -> None:
        self.out = KeptSheets()
        self.page = PatientsPage(services_of(services, self.out), lambda: services.desk.today)
        self.notices: list[NoticeText] = []
        self.jumps: list[Go] = []
        self.titles: list[tuple[str, str]] = []
        self.actions = 0
        self.page.notify.connect(self.notices.append)
        self.page.go.connect(self.jumps.append)
        self.page.title_changed.connect(lambda t, s: self.titles.append((t, s)))
        qtbot.addWidget(self.page)
        self.page.resize(1216, 780)
        with qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.refresh()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """One key chord where the cursor stands."""
        self.actions += 1
        QTest.keyClick(self.here(), key, modifier)

    def enter(self) -> None:
        """Enter, which only moves on, is not counted."""
        QTest.keyClick(self.here(), Qt.Key.Key_Return)

    def type(self, text: str) -> None:
        """A field typed, and Enter to the next."""
        self.actions += 1
        QTest.keyClicks(self.here(), text)
        self.enter()

    def into(self, name: str, text: str) -> None:
        """A field reached by name, its text replaced."""
        field = self.field(name)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, CTRL)
        self.type(text)

    def choose(self, name: str, letter: str) -> None:
        """A letter on a list of answers."""
        field = self.field(name)
        field.setFocus()
        self.actions += 1
        QTest.keyClicks(field, letter)

    def field(self, name: str) -> QWidget:
        """The field of that name that can be seen."""
        for form in self.page.findChildren(Form):
            if name in form.names() and form.widget(name).isVisible():
                return form.widget(name)
        raise AssertionError(f"no field {name} in sight")

    def seen(self, name: str) -> bool:
        """True when such a field can be seen."""
        forms = self.page.findChildren(Form)
        return any(name in f.names() and f.widget(name).isVisible() for f in forms)

    def here(self) -> QWidget:
        """Where the cursor stands."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def words(self) -> str:
        """Everything written on the page."""
        QApplication.processEvents()  # layouts show what is new a moment later
        labels = self.page.findChildren(QLabel)
        return " | ".join(w.text() for w in labels if w.isVisible() and w.text())

    def said(self) -> str:
        """The last notice."""
        return self.notices[-1].text if self.notices else ""

    def undo(self) -> None:
        """Ctrl+Z, as the window's line would do it."""
        undo = self.notices[-1].undo
        assert undo is not None
        undo()
