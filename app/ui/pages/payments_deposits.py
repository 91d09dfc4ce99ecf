"""Deposits: what waits for the bank, the slip made of it, and the slips made so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.deposits import DepositService
from app.services.report_commands import DepositRow, WaitingMoney
from app.ui.form import Form, Slot
from app.ui.guard import guard
from app.ui.pages.patients_figures import Width, fit_columns
from app.ui.pages.patients_panels import ActionPanel
from app.ui.pages.payments_deposits_rows import EMPTY, SLIPS, WAITING, Waits
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import FigureList, FigureRow, Panel


class TakeBackSlip(ActionPanel):
    """Asks why the latest slip is taken back; ``wanted`` carries (slip, why)."""

    def __init__(self) -> None:
        super().__init__("Take the slip back", "Take back")
        self._slip = 0
        self.form.add_row(
            Slot("why", "Why", LineField(length=120), 12, "Say why the slip is taken back.")
        )

    def begin(self, slip: int) -> None:
        """Opens for a slip."""
        self._slip = slip
        self.set_title(f"Take slip {slip} back")
        self.form.set_values({"why": ""})
        self.show()
        self.form.go_to("why")

    def act(self) -> None:
        """Emits the slip and the reason."""
        self.wanted.emit((self._slip, self.form.values()["why"]))


class DepositsView(QWidget):
    """Space takes a check or leaves it, Ctrl+D makes the slip of what is taken and prints it.

    Attributes:
        notify: what happened.
        left: she goes back to the checks.
    """

    notify = Signal(NoticeText)
    left = Signal()

    def __init__(self, deposits: DepositService, out: PrintOut, today: Callable[[], date]) -> None:
        super().__init__()
        self._deposits, self._out, self._today = deposits, out, today
        self._waiting: tuple[WaitingMoney, ...] = ()
        self._left_out: set[int] = set()
        self.table = TableView[Waits](
            WAITING, lambda r: r.money.payment_id, empty=EMPTY, name="Waiting for the bank"
        )
        self.slips = TableView[DepositRow](
            SLIPS, lambda r: r.deposit_id, empty="No slip was made yet.", name="Slips"
        )
        for table in (self.table, self.slips):
            table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.form = Form(submit_keys=())
        self.form.add_row(
            Slot("on", "Day", DateEdit(today=today), 5, "Type the day."),
            Slot("bank", "Bank account", LineField(length=60), 7),
        )
        self._sums, self._back = FigureList(), TakeBackSlip()
        self._make_actions()
        self._lay_out()
        self.table.activated_row.connect(lambda _row: self.toggle())
        self.slips.activated_row.connect(lambda _row: self.reprint())
        self._back.wanted.connect(self._take_back)
        self._back.closed.connect(self._close_panel)
        self.form.submitted.connect(self._make)
        self.form.set_values({"on": today(), "bank": ""})

    def _make_actions(self) -> None:
        self._make_it = make_action(self, "Make the slip", "Ctrl+D", self.form.submit)
        make_action(self.table, "Take or leave", "Space", self.toggle)
        self._print = make_action(self, "Print", "Ctrl+R", self.reprint, tip="The slip again")
        self._undo = make_action(self, "Take back", "F8", self.begin_take_back)
        make_action(self, "All checks", "Ctrl+L", self.left.emit)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        waiting = Panel("Waiting for the bank", note="Space takes or leaves a row", flush=True)
        waiting.add(self.table, 1)
        row.addWidget(waiting, 1)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(dp(12))
        new = Panel("Next slip")
        new.add(self._sums)
        new.add(self.form)
        new.add(button_for(self._make_it, primary=True))
        right.addWidget(new)
        right.addWidget(self._back)
        made = Panel("Slips", flush=True)
        for action in (self._undo, self._print):
            made.add_action(button_for(action))
        made.add(self.slips, 1)
        self.slips.setMinimumHeight(dp(80))
        right.addWidget(made, 1)
        row.addWidget(self._side)
        self.setFocusProxy(self.table)
        self.fit_width(0)

    def fit_width(self, width: int) -> None:
        """Leaves out what can be spared where the window is narrow."""
        self._side.setFixedWidth(dp(308 if width < dp(940) else 380))
        widths = (Width("kind", 940), Width("number", 860), Width("received", 720))
        fit_columns(self.table, width, widths, [c.key for c in WAITING])

    # --- reading ------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads what waits and the slips.

        Raises:
            AppError: the books cannot be read.
        """
        self._waiting, slips = self._deposits.waiting(), self._deposits.deposits()
        self._left_out &= {money.payment_id for money in self._waiting}
        self.slips.set_rows(slips)
        latest = next((slip for slip in slips if not slip.voided_why), None)
        self._print.setEnabled(bool(slips))
        self._undo.setEnabled(latest is not None)
        if latest is not None and not self.form.is_dirty():
            self.form.set_values({"bank": latest.bank})
        self._show()

    def begin(self) -> None:
        """Everything goes, dated today."""
        self._left_out.clear()
        self.form.set_values({"on": self._today()})
        self._close_panel()
        self._show()
        self.table.setFocus()

    def taken(self) -> tuple[WaitingMoney, ...]:
        """What goes on the slip, oldest first."""
        return tuple(m for m in self._waiting if m.payment_id not in self._left_out)

    def _show(self) -> None:
        goes = {money.payment_id for money in self.taken()}
        self.table.set_rows([Waits(m, m.payment_id in goes) for m in self._waiting])
        checks = _sum(m for m in self.taken() if m.method == "check")
        cash = _sum(m for m in self.taken() if m.method == "cash")
        count = f"{len(goes)} of {len(self._waiting)} taken"
        self._sums.show_rows(
            (
                FigureRow("Checks", format_cents(checks)),
                FigureRow("Cash", format_cents(cash)),
                FigureRow(count, format_cents(checks + cash), "big"),
            )
        )
        self._make_it.setEnabled(bool(goes))

    # --- doing --------------------------------------------------------------------------------
    def toggle(self) -> None:
        """Takes the row, or leaves it for another day."""
        if (row := self.table.row()) is not None:
            self._left_out ^= {row.money.payment_id}
            self._show()

    def _make(self) -> None:
        values, goes = self.form.values(), self.taken()
        with guard(self, form=self.form, say=self.notify.emit) as call:
            ids = [money.payment_id for money in goes]
            slip = self._deposits.make(ids, values["on"], values["bank"])
            pdf = self._deposits.slip(slip)
            self.form.set_clean()
            self.refresh()
        if not call.ok:
            return
        items = "1 item" if len(ids) == 1 else f"{len(ids)} items"
        made = f"Slip {slip}: {items}, {format_cents(_sum(goes))}."
        self._put(pdf, made, undo=lambda: self._undo_slip(slip, "taken back right after making"))

    def _put(self, pdf: bytes, words: str, undo: Callable[[], None] | None = None) -> None:
        def told(where: str) -> None:
            self.notify.emit(NoticeText(f"{words} {where}", undo=undo, word="Take back"))

        def failed(why: str) -> None:
            again = "The slip is kept: Ctrl R prints it."
            self.notify.emit(NoticeText(f"{why} {again}", "bad", undo, "Take back"))

        self._out.put(pdf, "deposit-slip", told, failed=failed)

    def reprint(self) -> None:
        """The slip under the cursor, as it was printed."""
        if (row := self.slips.row()) is None:
            return
        with guard(self, say=self.notify.emit) as call:
            pdf = self._deposits.slip(row.deposit_id)
        if call.ok:
            self._put(pdf, f"Slip {row.deposit_id} printed again, unchanged.")

    def begin_take_back(self) -> None:
        """Asks why the latest slip is taken back; only the latest can be."""
        latest = next((slip for slip in self.slips.rows() if not slip.voided_why), None)
        if latest is not None:
            self._back.begin(latest.deposit_id)

    def _take_back(self, asked: tuple[int, str]) -> None:
        self._undo_slip(*asked, form=self._back.form)

    def _undo_slip(self, slip: int, why: str, form: Form | None = None) -> None:
        with guard(self, form=form, say=self.notify.emit) as call:
            self._deposits.undo(slip, why)
            self.refresh()
        if call.ok:
            self._close_panel()
            self.notify.emit(NoticeText(f"Slip {slip} taken back; its checks and cash wait again."))

    def _close_panel(self) -> None:
        self._back.hide()
        if self.isVisible():
            self.table.setFocus()

    def words(self) -> str:
        """How much waits, for the header."""
        if not self._waiting:
            return "nothing waits"
        oldest = format_date(min(money.received_on for money in self._waiting))
        return f"{format_cents(_sum(self._waiting))} waits, the oldest since {oldest}"


def _sum(money: Iterable[WaitingMoney]) -> int:
    return sum(m.amount_cents for m in money)
