"""The account of a patient: every line to the cent, its story, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.account import AccountLine, AccountService, AccountView
from app.services.adjustments import AdjustmentService
from app.services.households import HouseholdService, Waiting
from app.services.receipts import ReceiptService
from app.ui.pages.patients_account_past import PastBar, figures
from app.ui.pages.patients_account_rows import (
    ENTRY_COLUMNS,
    LINE_COLUMNS,
    LineRow,
    bucket_choices,
    entry_rows,
    folded_count,
    line_row,
)
from app.ui.pages.patients_deeds import Deeds
from app.ui.pages.patients_figures import FigureStrip, Width, fit_columns
from app.ui.pages.patients_money import MoneyDesk
from app.ui.pages.patients_money_deeds import MoneyServices
from app.ui.pages.patients_moves import (
    PlacePanel,
    RefundPanel,
    TransferPanel,
    WriteOffPanel,
    line_words,
)
from app.ui.pages.patients_panels import ActionPanel, ListPanel
from app.ui.pages.patients_payment import PaymentPanel
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel

_NO_LINES = "No charges on this account yet. Code a visit first: N begins one."
_NARROW = (Width("patient", 620), Width("written_off", 620), Width("insurer", 620))

_STORY = (Width("who", 600),)


class AccountPane(QWidget):
    """Lines above, the story of the line below; panels for money take the story's place.

    Attributes:
        notify: what was done, or why it cannot be.
        open_encounter: id of the encounter of the line entered.
    """

    notify = Signal(NoticeText)
    open_encounter = Signal(int)

    def __init__(
        self,
        accounts: AccountService,
        households: HouseholdService,
        receipts: ReceiptService,
        adjustments: AdjustmentService,
        today: Callable[[], date],
        copay: Callable[[], int | None],
        money: MoneyServices,
    ) -> None:
        super().__init__()
        self._accounts, self._households = accounts, households
        self._view: AccountView | None = None
        self._waiting: tuple[Waiting, ...] = ()
        self._folded = False
        self._strip = FigureStrip()
        self._lines = TableView[LineRow](
            LINE_COLUMNS, lambda r: r.line.line_id, empty=_NO_LINES, name="Service lines"
        )
        self._entries = TableView(
            ENTRY_COLUMNS,
            lambda e: (e.journal_id, e.what, e.who, e.cents),
            empty="Choose a line.",
            name="Story of the line",
        )
        self._past = PastBar(today, self._lines)
        self._payment = PaymentPanel(today, copay)
        self._write_off, self._transfer = WriteOffPanel(), TransferPanel()
        self._refund, self._place = RefundPanel(today), PlacePanel()
        self.money = MoneyDesk(
            self, money, today, lambda: (self._view, self.line()), self._open, self._done
        )
        self._panels: tuple[ActionPanel | ListPanel, ...] = (
            *(self._payment, self._write_off, self._transfer, self._refund, self._place),
            *self.money.panels,
        )
        self._deeds = Deeds(self, receipts, adjustments, self._done)
        self._make_actions()
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        def add(text: str, key: str, run: Callable[[], object], tip: str) -> QAction:
            return make_action(self, text, key, run, tip=tip, everywhere=True)

        self._pay = add("Payment", "Ctrl+T", self.take_payment, "Take a payment from the patient")
        self._off = add("Write off", "F6", self.write_off, "Write off what is owed on the line")
        self._pass = add("Pass on", "F7", self.pass_on, "Somebody else owes it now")
        self._back = add("Refund", "F8", self.refund, "Pay a credit or unapplied money back")
        self._put = add("Place", "Ctrl+U", self.place, "Place unapplied money on the line")
        self._then = add(
            "As of", "Ctrl+H", self._past.begin, "The account as it stood on a past day"
        )
        self._fold = add("Reversed", "F2", self.toggle_folded, "Show what was reversed, too")

    def tables(self) -> tuple[QWidget, ...]:
        """Its lists."""
        return (self._lines, self._entries)

    def actions_offered(self) -> tuple[QAction, ...]:
        """What can be done here, for Ctrl+K."""
        own = (self._pay, self._off, self._pass, self._back, self._put, self._fold, self._then)
        return (*own, *self.money.actions)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        column.addWidget(self._past)
        column.addWidget(self._strip)
        lines = Panel(flush=True)
        lines.add(self._lines, 1)
        column.addWidget(lines, 3)
        self._story = Panel("Story of the line", flush=True)
        self._then_button = button_for(self._then)
        for button in (self._then_button, button_for(self._fold)):
            self._story.add_action(button)
        self._story.add(self._entries, 1)
        column.addWidget(self._story, 2)
        for panel in self._panels:
            column.addWidget(panel)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(8))
        row.addWidget(button_for(self.money.more))
        row.addStretch(1)
        self._rare = [button_for(action) for action in (self._put, self._back)]
        for button in (*self._rare, *(button_for(a) for a in (self._pass, self._off))):
            row.addWidget(button)
        for button in self._rare:
            button.hide()
        row.addWidget(button_for(self._pay, primary=True))
        column.addWidget(self._bar)
        self._lines.setMinimumHeight(dp(96))
        self._entries.setMinimumHeight(dp(72))
        self.setFocusProxy(self._lines)

    def _connect(self) -> None:
        self._lines.current_row.connect(lambda _row: self._show_story())
        self._lines.activated_row.connect(lambda r: self.open_encounter.emit(r.line.encounter_id))
        self._payment.wanted.connect(self._deeds.receive)
        self._write_off.wanted.connect(self._deeds.write_off)
        self._transfer.wanted.connect(self._deeds.transfer)
        self._refund.wanted.connect(self._deeds.refund)
        self._place.wanted.connect(self._deeds.place)
        for desk in (self._deeds, self.money):
            desk.notify.connect(self.notify)
        self._past.changed.connect(self._done)
        for panel in self._panels:
            panel.closed.connect(self.close_panels)

    # --- showing --------------------------------------------------------------------------------
    def show_account(self, patient_id: int) -> None:
        """Reads an account; another patient's closes what is open.

        Raises:
            NotFound: no such patient.
        """
        if self._view is None or self._view.patient_id != patient_id:
            self.close_panels()
            self._past.forget()
            self._lines.set_rows(())
        self._view = view = self._accounts.show(patient_id, self._past.day)
        waits = view.unapplied_cents and view.as_of is None
        self._waiting = self._households.waiting(view.guarantor_id) if waits else ()
        self._lines.set_rows([line_row(line) for line in view.lines])
        self._strip.show_figures(figures(view))
        self._show_story()

    def line(self) -> AccountLine | None:
        """The line under the cursor."""
        row = self._lines.row()
        return row.line if row else None

    def _show_story(self) -> None:
        line = self.line()
        self._entries.set_rows(entry_rows(line, folded=self._folded))
        hidden = folded_count(line)
        note = f"{hidden} reversed, {'shown' if self._folded else 'folded away'}" if hidden else ""
        self._story.set_title(line_words(line) if line else "Story of the line", note)
        self._fold.setEnabled(bool(hidden))
        now = self._view if self._past.day is None else None  # the past cannot be changed
        owed = bool(now and line and any(o.cents > 0 for o in line.owes))
        credit = bool(now and any(o.cents < 0 for n in now.lines for o in n.owes))
        self._off.setEnabled(owed)
        self._pass.setEnabled(owed)
        self._put.setEnabled(owed and bool(self._waiting))
        self._back.setEnabled(credit or bool(self._waiting))
        self._pay.setEnabled(now is not None)
        self.money.set_enabled(now is not None)
        self._then.setEnabled(self._view is not None)
        self._fit()

    def toggle_folded(self) -> None:
        """Shows reversed pairs, or folds them away again."""
        self._folded = not self._folded
        self._show_story()

    def resizeEvent(self, event: object) -> None:
        """Gives up columns that do not fit before the others are cut."""
        self._fit()

    def _fit(self) -> None:
        """What is seldom possible shows its button only then, and only where there is room."""
        for button in self._rare:
            button.setVisible(button.isEnabled() and self.width() >= dp(600))
        self._then_button.setVisible(self.width() >= dp(600))
        fit_columns(self._lines, self.width(), _NARROW, [c.key for c in LINE_COLUMNS])
        fit_columns(self._entries, self.width(), _STORY, [c.key for c in ENTRY_COLUMNS])

    # --- doing ----------------------------------------------------------------------------------
    def _open(self, panel: ActionPanel | ListPanel) -> None:
        for other in self._panels:
            other.setVisible(other is panel)
        for part in (self._story, self._bar):
            part.hide()
        self._strip.setVisible(self.height() >= dp(620))

    def close_panels(self) -> None:
        """Back to the story of the line."""
        for panel in self._panels:
            panel.hide()
        for part in (self._story, self._bar, self._strip):
            part.show()
        if self.isVisible():
            self._lines.setFocus()

    def take_payment(self) -> None:
        """Opens the panel for money from the patient."""
        if self._view is not None:
            lines = self._accounts.open_lines(self._view.guarantor_id)
            self._open(self._payment)
            plan = self._households.installment(self._view.guarantor_id)
            self._payment.begin(self._view, lines, plan)

    def write_off(self) -> None:
        """Opens the panel for a write-off on the line."""
        if (line := self.line()) is not None and bucket_choices(line):
            self._open(self._write_off)
            self._write_off.begin(line)

    def pass_on(self) -> None:
        """Opens the panel that makes somebody else owe the line."""
        line = self.line()
        if self._view is not None and line is not None and bucket_choices(line):
            self._open(self._transfer)
            self._transfer.begin(self._view, line)

    def refund(self) -> None:
        """Opens the panel that pays money back."""
        if self._view is not None and self._refund.begin(self._view, self._waiting):
            self._open(self._refund)

    def place(self) -> None:
        """Opens the panel that places unapplied money on the line."""
        line = self.line()
        if line is None or not self._place.begin(line, self._waiting):
            self.notify.emit(NoticeText("The patient owes nothing on this line."))
            return
        self._open(self._place)

    def _done(self) -> None:
        """The books changed by our own hand: close the panel and read again."""
        self.close_panels()
        if self._view is not None:
            self.show_account(self._view.patient_id)
