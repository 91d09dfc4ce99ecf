"""Small panels of the statements page: hold, release, payment plan, taking a statement back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal

from app.domain.dates import format_short
from app.domain.statements import HOLD_WORDS
from app.services.statement_commands import (
    HoldAccount,
    HoldRow,
    PlanRow,
    SavePlan,
    SentRow,
    StatementRow,
)
from app.ui.form import Slot
from app.ui.pages.patients_panels import ActionPanel
from app.ui.shortcuts import button_for, make_action
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField, NumberEdit
from app.ui.widgets.money import MoneyEdit

KINDS = tuple(Choice(kind, words.capitalize()) for kind, words in HOLD_WORDS.items())


class HoldPanel(ActionPanel):
    """Stops an account's statements; ``wanted`` carries a ``HoldAccount``."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Hold the account", "Hold")
        self._guarantor_id = 0
        self.form.add_row(
            Slot("kind", "Reason", ChoiceEdit(KINDS), 8, "Choose why nothing is sent."),
            Slot("until", "Last day, if known", DateEdit(today=today), 4),
        )
        self.form.add_row(Slot("note", "Note", LineField(length=200), 12))

    def begin(self, row: StatementRow) -> None:
        """Opens for an account that is not held."""
        self._guarantor_id = row.guarantor_id
        self.set_title(f"Hold · {row.name}")
        self.form.set_values({"kind": None, "until": None, "note": ""})
        self.show()
        self.form.go_to("kind")

    def act(self) -> None:
        """Emits the command."""
        values = self.form.values()
        self.wanted.emit(
            HoldAccount(
                self._guarantor_id, values["kind"], values["note"] or "", until=values["until"]
            )
        )


class ReleasePanel(ActionPanel):
    """Ends a hold; ``wanted`` carries the hold and why."""

    def __init__(self) -> None:
        super().__init__("Release the account", "Release")
        self.guarantor_id = 0
        self._hold: HoldRow | None = None
        self.form.add_row(Slot("why", "Why it may be billed again", LineField(length=200), 12))

    def begin(self, row: StatementRow, hold: HoldRow) -> None:
        """Opens for an account on hold."""
        self._hold, self.guarantor_id = hold, row.guarantor_id
        self.set_title(f"Release · {row.name}")
        self.form.set_values({"why": ""})
        self.show()
        self.form.go_to("why")

    def act(self) -> None:
        """Emits the hold and the reason."""
        self.wanted.emit((self._hold, self.form.values()["why"] or ""))


class PlanPanel(ActionPanel):
    """A payment plan; ``wanted`` carries a ``SavePlan``.

    Attributes:
        ended: the plan that runs shall end; carries its id.
    """

    ended = Signal(int)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Payment plan", "Agree")
        self._today = today
        self._guarantor_id, self._running = 0, 0
        self.form.add_row(
            Slot("total_cents", "To be paid off", MoneyEdit(), 6, "Enter the balance."),
            Slot("installment_cents", "Each month", MoneyEdit(), 6, "Enter the installment."),
        )
        self.form.add_row(
            Slot(
                "day_of_month", "On day", NumberEdit(low=1, high=31), 3, "Enter a day of the month."
            ),
            Slot("first_due", "First on, if not the next", DateEdit(today=today), 4),
            Slot("note", "Note", LineField(length=200), 5),
        )
        self.end = make_action(self, "End the plan", "Ctrl+Delete", self._end, everywhere=True)
        self._end_button = button_for(self.end)
        self.add_action(self._end_button)

    def begin(self, row: StatementRow, running: PlanRow | None) -> None:
        """Opens with the whole balance, or what is left of the plan that runs."""
        self._guarantor_id = row.guarantor_id
        self._running = running.plan_id if running else 0
        self.set_title(f"{'Another plan' if running else 'Payment plan'} · {row.name}")
        self.end.setEnabled(running is not None)
        self._end_button.setVisible(running is not None)
        self.form.set_values(
            {
                "total_cents": row.balance_cents,
                "installment_cents": running.installment_cents if running else None,
                "day_of_month": running.day_of_month if running else self._today().day,
                "first_due": None,
                "note": "",
            }
        )
        self.show()
        self.form.go_to("installment_cents")

    def act(self) -> None:
        """Emits the command."""
        values = self.form.values()
        self.wanted.emit(
            SavePlan(
                guarantor_id=self._guarantor_id,
                total_cents=values["total_cents"],
                installment_cents=values["installment_cents"],
                day_of_month=values["day_of_month"],
                first_due=values["first_due"],
                note=values["note"] or "",
            )
        )

    def _end(self) -> None:
        if self._running:
            self.ended.emit(self._running)


class TakeBackPanel(ActionPanel):
    """Takes the newest statement back; ``wanted`` carries its id and why."""

    def __init__(self) -> None:
        super().__init__("Take back", "Take back")
        self._statement_id = 0
        why = LineField(length=200, hint="Wrong address, spoiled, sent too early …")
        self.form.add_row(Slot("why", "Why", why, 12, "Say why it counts as never sent."))

    def begin(self, row: SentRow) -> None:
        """Opens for a statement that stands."""
        self._statement_id = row.statement_id
        self.set_title(f"Take back what was sent {format_short(row.printed_on)}")
        self.form.set_values({"why": ""})
        self.show()
        self.form.go_to("why")

    def act(self) -> None:
        """Emits the statement and the reason."""
        self.wanted.emit((self._statement_id, self.form.values()["why"]))
