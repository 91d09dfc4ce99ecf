"""The first window: choose a practice and unlock it, or make a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.findings import Finding
from app.ui.form import Form, Slot
from app.ui.guard import tell
from app.ui.jobs import Jobs
from app.ui.theme import dp, mono_font
from app.ui.widgets.choice import CheckField
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import label

MIN_PASSPHRASE = 10
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class DoorKeys:
    """What opens practices: given by bootstrap, so that this window knows no database.

    Attributes:
        unlock: (folder, user, passphrase) → the open practice.
        create: (folder, user, passphrase) → the open practice and its recovery key.
        recover: (folder, recovery key) → the open practice.
        users: names that may unlock a folder's practice.
    """

    unlock: Callable[[Path, str, str], object]
    create: Callable[[Path, str, str], tuple[object, str]]
    recover: Callable[[Path, str], object]
    users: Callable[[Path], tuple[str, ...]]


class SecretEdit(LineField):
    """A passphrase: shown as dots, taken as typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def parse(self, text: str) -> str:
        """The text as it stands; blanks inside count."""
        return text


class _LastSecret(SecretEdit):
    """The last secret to be typed: Enter there opens.

    Attributes:
        entered: Enter was pressed.
    """

    entered = Signal()

    def takes_enter(self) -> bool:
        """The form leaves Enter alone."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is taken here, or the dialog's default button would press itself as well."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class DoorWindow(QDialog):
    """Unlock or create a practice.

    Attributes:
        opened: the open practice, as ``DoorKeys`` handed it out.
    """

    opened = Signal(object)

    def __init__(self, keys: DoorKeys, folder: Path, jobs: Jobs, *, exists: bool) -> None:
        super().__init__()
        self._keys, self._folder, self._jobs = keys, folder, jobs
        self._buttons: list[QPushButton] = []
        self._fresh: object = None
        self.setWindowTitle("CleanClaim")
        self.setMinimumWidth(dp(440))
        self._banner = Banner()
        self._stack = QStackedWidget()
        self._unlock = self._unlock_form()
        self._new_form = self._create_form()
        for view in (
            self._framed(self._unlock, exists=True),
            self._framed(self._new_form, exists=False),
        ):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(dp(28), dp(24), dp(28), dp(24))
        column.setSpacing(dp(12))
        column.addWidget(label("CleanClaim", "title"))
        column.addWidget(self._banner)
        column.addWidget(self._stack)
        self._stack.setCurrentIndex(0 if exists else 1)
        self._place = label("", "muted", wrap=True)
        column.addWidget(self._place)
        self._show_place()
        if exists:
            self._fill_user()

    def _unlock_form(self) -> Form:
        form = Form(submit_keys=("Ctrl+Return", "F9"))
        form.add_row(Slot("user", "&Your name", LineField(), 12, "Enter your name."))
        secret = _LastSecret()
        secret.entered.connect(form.submit)
        form.add_row(Slot("passphrase", "&Passphrase", secret, 12, "Enter the passphrase."))
        form.submitted.connect(self.unlock)
        return form

    def _create_form(self) -> Form:
        form = Form(submit_keys=("Ctrl+Return", "F9"))
        form.add_row(Slot("user", "&Your name", LineField(), 12, "Enter your name."))
        form.add_row(
            Slot("passphrase", "&Passphrase", SecretEdit(), 12, "Choose a passphrase."),
        )
        again = _LastSecret()
        again.entered.connect(form.submit)
        form.add_row(Slot("again", "Passphrase &again", again, 12, "Type it once more."))
        form.submitted.connect(self.create_practice)
        return form

    def _framed(self, form: Form, *, exists: bool) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        words = (
            "Unlock your practice."
            if exists
            else "A new practice. Everything in it is encrypted with your passphrase; a sentence "
            "of four or more words is easy to type and hard to guess."
        )
        column.addWidget(label(words, "muted", wrap=True))
        column.addWidget(form)
        row = QHBoxLayout()
        other = QPushButton("New practice…" if exists else "Open another…")
        other.setProperty("look", "link")
        other.clicked.connect(self._choose_new if exists else self._choose_existing)
        row.addWidget(other)
        if exists:
            lost = QPushButton("Passphrase lost…")
            lost.setProperty("look", "link")
            lost.clicked.connect(self._ask_recovery)
            row.addWidget(lost)
        row.addStretch(1)
        go = QPushButton("Unlock" if exists else "Create practice")
        go.setProperty("look", "primary")
        go.setDefault(True)
        go.clicked.connect(form.submit)
        self._buttons.append(go)
        row.addWidget(go)
        column.addLayout(row)
        column.addStretch(1)
        return box

    def _show_place(self) -> None:
        self._place.setText(f"Folder: {self._folder.name}")
        self._place.setToolTip(str(self._folder))

    def _fill_user(self) -> None:
        """Reads who may unlock; on the worker, because the first read loads the database code."""
        folder = self._folder
        self._jobs.run(
            lambda _progress: self._keys.users(folder),
            self._show_users,
            self._refused,
            name="Reading",
        )

    def _show_users(self, names: tuple[str, ...]) -> None:
        if len(names) == 1 and not self._unlock.values()["user"]:
            self._unlock.set_values({"user": names[0]})
            self._unlock.go_to("passphrase")

    def _choose_new(self) -> None:
        self._choose("Choose an empty folder for the new practice", 1)

    def _choose_existing(self) -> None:
        self._choose("Choose the folder of the practice", 0)

    def _choose(self, title: str, view: int) -> None:
        picker = QFileDialog(self, title, str(self._folder.parent))
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.fileSelected.connect(lambda name: self._take(Path(name), view))
        picker.open()

    def _take(self, folder: Path, view: int) -> None:
        self._folder = folder
        self._banner.clear()
        self._stack.setCurrentIndex(view)
        self._show_place()
        if view == 0:
            self._fill_user()

    def unlock(self) -> None:
        """Tries the passphrase; a refusal stands in the window with what to do."""
        values, folder = self._unlock.values(), self._folder
        user, passphrase = values["user"], values["passphrase"]
        self._try(lambda: self._keys.unlock(folder, user, passphrase), self._enter)

    def create_practice(self) -> None:
        """Makes the practice and shows its recovery key, once."""
        values = self._new_form.values()
        findings = []
        if len(values["passphrase"]) < MIN_PASSPHRASE:
            words = f"Use at least {MIN_PASSPHRASE} characters, better a sentence."
            findings.append(Finding("passphrase", words))
        elif values["passphrase"] != values["again"]:
            findings.append(Finding("again", "The two passphrases differ. Type them again."))
        if findings:
            self._new_form.show_findings(findings)
            return
        folder, user, passphrase = self._folder, values["user"], values["passphrase"]
        self._try(lambda: self._keys.create(folder, user, passphrase), self._show_recovery_key)

    def _show_recovery_key(self, made: tuple[object, str]) -> None:
        self._fresh, key = made
        view = QWidget()
        column = QVBoxLayout(view)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        words = (
            "This recovery key opens the practice if the passphrase is lost. It is shown this "
            "once. Write it on paper and keep it away from this computer."
        )
        column.addWidget(label(words, "", wrap=True))
        shown = LineField()
        shown.setText(key)
        shown.setReadOnly(True)
        shown.setFont(mono_font(dp(15)))
        shown.setAccessibleName("Recovery key")
        column.addWidget(shown)
        written = CheckField("I have written it down.")
        done = QPushButton("Open the practice")
        done.setProperty("look", "primary")
        done.setEnabled(False)
        written.toggled.connect(done.setEnabled)
        done.clicked.connect(lambda: self._enter(self._fresh))
        column.addWidget(written)
        column.addWidget(done)
        column.addStretch(1)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        self._banner.clear()
        written.setFocus()
        self.adjustSize()

    def _ask_recovery(self) -> None:
        form = Form(submit_keys=("Ctrl+Return", "F9"))
        form.add_row(Slot("key", "&Recovery key", LineField(), 12, "Type the recovery key."))
        form.submitted.connect(lambda: self._recover(form.values()["key"]))
        view = QWidget()
        column = QVBoxLayout(view)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)
        go = QPushButton("Open with the recovery key")
        go.setProperty("look", "primary")
        go.clicked.connect(form.submit)
        column.addWidget(go)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        form.go_to("key")

    def _recover(self, key: str) -> None:
        folder = self._folder
        self._try(lambda: self._keys.recover(folder, key), self._enter)

    def _try(self, action: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        """Runs an opening on the worker: deriving a key takes a moment by design."""
        self._banner.clear()
        self._set_busy(True)

        def home(answer: Answer) -> None:
            self._set_busy(False)
            done(answer)

        self._jobs.run(lambda _progress: action(), home, self._refused, name="Unlocking")

    def _set_busy(self, busy: bool) -> None:
        for button in self._buttons:
            button.setEnabled(not busy)

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(error, AppError):
            tell(error, self)
            return
        self._banner.say(error.message)
        if self._stack.currentIndex() == 0:
            self._unlock.go_to("passphrase")

    def _enter(self, practice: object) -> None:
        self.accept()
        self.opened.emit(practice)
