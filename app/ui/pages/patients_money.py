"""The rarer money of an account: panels, keys and the More menu, beside those of every day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.services.account import AccountLine, AccountView
from app.services.households import ReceiptRow
from app.ui.guard import guard
from app.ui.pages.patients_estimate import EstimatePanel, EstimatesPanel
from app.ui.pages.patients_money_deeds import MoneyDeeds, MoneyServices
from app.ui.pages.patients_more import (
    CollectPanel,
    FeePanel,
    FoundPanel,
    PartyPanel,
    SlidingPanel,
)
from app.ui.pages.patients_panels import ActionPanel, ListPanel
from app.ui.pages.patients_receipts import BouncedPanel, ReceiptsPanel
from app.ui.shortcuts import make_action
from app.ui.widgets.choice import Choice
from app.ui.widgets.notice import NoticeText


class MoneyDesk(QObject):
    """Opens the panels over an account and carries out what they ask for.

    Args:
        owner: the account's view; keys work while it is shown.
        services: what it uses.
        today: the practice's day.
        account: the account shown and the line under its cursor.
        open_panel: brings a panel in front.
        done: called after each change of the books.

    Attributes:
        notify: what was done, or why it cannot be.
    """

    notify = Signal(NoticeText)

    def __init__(
        self,
        owner: QWidget,
        services: MoneyServices,
        today: Callable[[], date],
        account: Callable[[], tuple[AccountView | None, AccountLine | None]],
        open_panel: Callable[[ActionPanel | ListPanel], None],
        done: Callable[[], None],
    ) -> None:
        super().__init__(owner)
        self._owner, self._s = owner, services
        self._account, self._open = account, open_panel
        self.receipts, self.bounced = ReceiptsPanel(), BouncedPanel()
        self.fee, self.collect = FeePanel(today), CollectPanel()
        self.party, self.found = PartyPanel(today), FoundPanel()
        self.estimates, self.estimate = EstimatesPanel(), EstimatePanel(today)
        self.sliding = SlidingPanel(today)
        self.panels: tuple[ActionPanel | ListPanel, ...] = (
            *(self.receipts, self.bounced, self.fee, self.collect, self.party, self.found),
            *(self.estimates, self.estimate, self.sliding),
        )
        self._deeds = MoneyDeeds(owner, services, done)
        self._deeds.notify.connect(self.notify)
        self._make_actions()
        self._connect()

    def _make_actions(self) -> None:
        def add(text: str, key: str, run: Callable[[], object], tip: str) -> QAction:
            return make_action(self._owner, text, key, run, tip=tip, everywhere=True)

        self.actions = (
            add("Print last receipt", "Ctrl+P", self.print_last, "Print the newest receipt"),
            add("Payments received", "F3", self.show_receipts, "Every payment of the household"),
            add("Itemized receipt", "Ctrl+I", self.superbill, "For the patient's own plan"),
            add("Estimates", "Ctrl+G", self.show_estimates, "Good faith estimates"),
            add("Fee", "F4", self.charge_fee, "Charge a fee that no insurer sees"),
            add("Insurance found", "F10", self.insurance, "A payer covers a visit after all"),
            add("Paid by somebody else", "F11", self.third_party, "Agency, attorney, employer"),
            add("Collections", "F12", self.collections, "Place, recall or give up the debt"),
            add("Sliding fee", "Ctrl+Shift+F", self.sliding_fee, "The household's discount"),
        )
        self.more = add("More", "Ctrl+M", self._show_menu, "Receipts, fees, collections, estimates")
        self._menu = QMenu(self._owner)
        self._menu.addActions(list(self.actions))

    def _connect(self) -> None:
        deeds = self._deeds
        self.receipts.print_wanted.connect(deeds.print_receipt)
        self.receipts.bounced_wanted.connect(self._bounce)
        self.receipts.back_wanted.connect(deeds.put_back)
        self.bounced.wanted.connect(deeds.bounce)
        self.fee.wanted.connect(deeds.charge)
        self.collect.wanted.connect(deeds.collect)
        self.party.wanted.connect(deeds.third_party)
        self.found.wanted.connect(deeds.insurance)
        self.sliding.wanted.connect(deeds.sliding_fee)
        self.estimates.new_wanted.connect(self._new_estimate)
        self.estimates.print_wanted.connect(deeds.print_estimate)
        self.estimates.dispute_wanted.connect(deeds.dispute)
        self.estimate.wanted.connect(deeds.give_estimate)

    def set_enabled(self, enabled: bool) -> None:
        """Everything, while an account is shown; nothing else."""
        for action in (*self.actions, self.more):
            action.setEnabled(enabled)

    def _show_menu(self) -> None:
        self._menu.popup(self._owner.mapToGlobal(QPoint(0, self._owner.height() // 2)))

    def _view(self) -> AccountView | None:
        return self._account()[0]

    # --- opening --------------------------------------------------------------------------------
    def print_last(self) -> None:
        """Prints the receipt of the newest payment that stands."""
        view = self._view()
        if view is None:
            return
        rows = self._s.households.receipts(view.guarantor_id)
        newest = next((row for row in rows if row.status == "closed"), None)
        if newest is None:
            self.notify.emit(NoticeText("Nothing was received yet. Ctrl T takes a payment."))
        else:
            self._deeds.print_receipt(newest.payment_id)

    def show_receipts(self) -> None:
        """Opens the household's payments."""
        if (view := self._view()) is not None:
            self._open(self.receipts)
            self.receipts.begin(self._s.households.receipts(view.guarantor_id))

    def _bounce(self, row: ReceiptRow) -> None:
        if (view := self._view()) is not None:
            self._open(self.bounced)
            self.bounced.begin(row, view.patient_id, self._s.fees.usual()["nsf"])

    def charge_fee(self) -> None:
        """Opens the panel for a fee."""
        if (view := self._view()) is not None:
            self._open(self.fee)
            self.fee.begin(view.patient_id, self._s.fees.usual())

    def _owed(self, view: AccountView) -> list[tuple[int, int]]:
        lines = self._s.accounts.open_lines(view.guarantor_id)
        return [(line.line_id, line.balance_cents) for line in lines]

    def collections(self) -> None:
        """Opens the panel for collections."""
        view = self._view()
        if view is None:
            return
        owed = sum(cents for _, cents in self._owed(view))
        placed = sum(cents for _, cents in self._s.households.collected_lines(view.guarantor_id))
        if self.collect.begin(view, owed, placed):
            self._open(self.collect)
        else:
            self.notify.emit(NoticeText("The household owes nothing."))

    def third_party(self) -> None:
        """Opens the panel for an agency's, attorney's or employer's payment."""
        if (view := self._view()) is not None:
            placed = self._s.households.collected_lines(view.guarantor_id)
            self._open(self.party)
            self.party.begin(view, placed, self._owed(view))

    def insurance(self) -> None:
        """Opens the panel that passes a visit to a payer."""
        view, line = self._account()
        if view is None:
            return
        if why := self.found.begin(view, line):
            self.notify.emit(NoticeText(why))
        else:
            self._open(self.found)

    def sliding_fee(self) -> None:
        """Opens the panel for the household's discount."""
        if (view := self._view()) is not None:
            self._open(self.sliding)
            self.sliding.begin(view.guarantor_id, self._s.sliding_fees.percent(view.guarantor_id))

    def superbill(self) -> None:
        """Prints the itemized receipt of the visit the cursor stands on."""
        _, line = self._account()
        if line is None:
            self.notify.emit(NoticeText("Choose a line of the visit first."))
        else:
            self._deeds.print_superbill(line.encounter_id)

    def show_estimates(self) -> None:
        """Opens the patient's estimates."""
        view = self._view()
        if view is None:
            return
        with guard(self._owner, say=self.notify.emit) as call:
            rows = self._s.estimates.of_patient(view.patient_id)
        if call.ok:
            self._open(self.estimates)
            self.estimates.begin(rows)

    def _new_estimate(self, revises: object) -> None:
        view = self._view()
        if view is None:
            return
        directory = self._s.directory
        providers = [
            Choice(p.provider_id, f"{p.first} {p.last}") for p in directory.providers() if p.active
        ]
        prices = {p.code: (p.wording or "", p.charge_cents or 0) for p in directory.procedures()}
        self._open(self.estimate)
        self.estimate.begin(view.patient_id, providers, prices, revises)  # type: ignore[arg-type]
