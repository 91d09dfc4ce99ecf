"""The account as it stood on a past day: which day, plainly marked, and the way back to now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.account import AccountView
from app.ui.pages.patients_figures import Figure
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.panel import ElidedLabel, label

_ASK = "Type a past day; Enter shows the account as it stood then."
_THEN = "As it stood at the end of {day}: later entries are left out, nothing can be changed."


class PastBar(QFrame):
    """A marked bar over the account; hidden while the account is shown as of now.

    Attributes:
        changed: another day shall be shown, or now again.
    """

    changed = Signal()

    def __init__(self, today: Callable[[], date], back_to: QWidget) -> None:
        super().__init__()
        self._today, self._back_to = today, back_to
        self.day: date | None = None
        self.setProperty("look", "banner")
        self.setProperty("mark", "warn")
        self.field = DateEdit(today=today)
        self.field.setAccessibleName("As of")
        self.field.setFixedWidth(dp(116))
        self._words = ElidedLabel(_ASK)
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(12), dp(6), dp(8), dp(6))
        row.setSpacing(dp(8))
        row.addWidget(label("As of"))
        row.addWidget(self.field)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self._now = make_action(self, "Back to now", "Esc", self.back, everywhere=True)
        row.addWidget(button_for(self._now))
        self.field.returnPressed.connect(self._take)
        self.hide()

    def begin(self) -> None:
        """Asks for the day."""
        self.show()
        if self.day is None:
            self.field.set_value(None)
        self.field.selectAll()
        self.field.setFocus()

    def _take(self) -> None:
        self.field.tidy()
        day, problem = self.field.value(), self.field.problem()
        if problem or day is None:
            self._words.setText(problem or _ASK)
            return
        if day >= self._today():
            self.back()
            return
        self.day = day
        self._words.setText(_THEN.format(day=format_date(day)))
        self.changed.emit()
        self._back_to.setFocus()

    def back(self) -> None:
        """Now again."""
        was, self.day = self.day, None
        self.forget()
        if was is not None:
            self.changed.emit()
        self._back_to.setFocus()

    def forget(self) -> None:
        """Now again, without telling anybody: another account comes."""
        self.day = None
        self._words.setText(_ASK)
        self.hide()


def figures(view: AccountView) -> tuple[Figure, ...]:
    """The four sums over the account, in the past tense where it is the past."""
    verb = "owed" if view.as_of else "owes"
    return (
        (f"Insurers {'owed' if view.as_of else 'owe'}", format_cents(view.insurance_cents), ""),
        (f"Patient {verb}", format_cents(view.patient_cents), ""),
        ("Balance then" if view.as_of else "Balance", format_cents(view.balance_cents), ""),
        ("Unapplied", format_cents(view.unapplied_cents), ""),
    )
