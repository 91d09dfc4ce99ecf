"""The payments of a household: printed again, bounced, put back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.domain.dates import format_short
from app.domain.money import format_cents
from app.services.households import ReceiptRow
from app.services.returns import BouncedCheck
from app.ui.form import Slot
from app.ui.pages.patients_panels import METHODS, ActionPanel, ListPanel
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit

_TENDERS = {choice.value: choice.text for choice in METHODS}
_STATUS = {"open": ("open", "warn"), "returned": ("came back", "bad")}


def tender(row: ReceiptRow) -> str:
    """How it was paid: ``Check 1042``, ``Card``."""
    return f"{_TENDERS.get(row.method, row.method)} {row.number}".strip()


COLUMNS: tuple[Column[ReceiptRow], ...] = (
    Column(
        "on",
        "Received",
        lambda r: format_short(r.received_on),
        sort=lambda r: r.received_on,
        width=88,
    ),
    Column("how", "Paid by", tender, width=148),
    Column("who", "From", lambda r: r.from_name or "the household", width=0),
    Column(
        "amount",
        "Amount",
        lambda r: format_cents(r.amount_cents),
        sort=lambda r: r.amount_cents,
        numeric=True,
        width=92,
    ),
    Column(
        "waits",
        "Unapplied",
        lambda r: format_cents(r.unapplied_cents, blank_zero=True),
        sort=lambda r: r.unapplied_cents,
        numeric=True,
        width=92,
    ),
    Column("status", "", lambda _: "", width=112, pill=lambda r: _STATUS.get(r.status)),
)


class ReceiptsPanel(ListPanel):
    """What the household paid, newest first.

    Attributes:
        print_wanted: id of the payment whose receipt is to be printed.
        bounced_wanted: the ``ReceiptRow`` of a check the bank sent back.
        back_wanted: the ``ReceiptRow`` of one the bank honoured after all.
    """

    print_wanted = Signal(int)
    bounced_wanted = Signal(object)
    back_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Payments of this household")
        self.table = TableView[ReceiptRow](
            COLUMNS,
            lambda r: r.payment_id,
            empty="Nothing was received yet. Ctrl T takes a payment.",
            name="Payments of this household",
        )
        self._back = self.offer(
            "Put back", "Ctrl+Shift+B", self._put_back, "The bank honoured the check after all"
        )
        self._nsf = self.offer(
            "Bounced", "Ctrl+B", self._bounced, "The bank sent this check back unpaid"
        )
        self._print = self.offer(
            "Print receipt", "F9", self._printed, "Print this receipt again", primary=True
        )
        self.add(self.table, 1)
        self.table.current_row.connect(lambda _row: self._show_possible())
        self.table.activated_row.connect(lambda row: self.print_wanted.emit(row.payment_id))

    def begin(self, rows: Sequence[ReceiptRow]) -> None:
        """Opens with the payments, the cursor on the newest."""
        self.table.set_rows(rows)
        if rows:
            self.table.selectRow(0)
        self._show_possible()
        self.show()
        self.table.setFocus()

    def _show_possible(self) -> None:
        row = self.table.row()
        returned = row is not None and row.status == "returned"
        self._print.setEnabled(row is not None)
        self._nsf.setEnabled(row is not None and not returned and row.method != "cash")
        self._back.setEnabled(returned)

    def _printed(self) -> None:
        if (row := self.table.row()) is not None:
            self.print_wanted.emit(row.payment_id)

    def _bounced(self) -> None:
        if (row := self.table.row()) is not None:
            self.bounced_wanted.emit(row)

    def _put_back(self) -> None:
        if (row := self.table.row()) is not None:
            self.back_wanted.emit(row)


class BouncedPanel(ActionPanel):
    """A check came back: everything it paid is owed again, and a fee if the practice asks one."""

    def __init__(self) -> None:
        super().__init__("Bounced check", "Take it back")
        self._row: ReceiptRow | None = None
        self._patient: int | None = None
        self.form.add_row(
            Slot("fee_cents", "Fee for it", MoneyEdit(), 3),
            Slot("reason", "Why the bank sent it back", LineField(length=80), 9),
        )

    def begin(self, row: ReceiptRow, patient_id: int, fee_cents: int) -> None:
        """Opens for a payment; the fee goes on the account of ``patient_id``."""
        self._row, self._patient = row, patient_id
        words = f"{tender(row)} of {format_short(row.received_on)}"
        self.set_title(f"Bounced · {words} · {format_cents(row.amount_cents)}")
        self.form.set_values({"fee_cents": fee_cents or None, "reason": "insufficient funds"})
        self.show()
        self.form.go_to("fee_cents")

    def act(self) -> None:
        """Hands it over."""
        if self._row is not None:
            values = self.form.values()
            self.wanted.emit(
                BouncedCheck(
                    self._row.payment_id,
                    values["fee_cents"] or 0,
                    self._patient,
                    values["reason"],
                )
            )
