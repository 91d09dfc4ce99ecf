"""Money moved from the account page: each deed one call, one sentence, and its Undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.money import format_cents
from app.services.adjustments import AdjustmentService, Transfer, WriteOff
from app.services.payment_commands import ApplyUnapplied, PatientPayment, Refund
from app.services.receipts import ReceiptService
from app.ui.guard import guard
from app.ui.widgets.notice import NoticeText


class Deeds(QObject):
    """Carries out what the panels ask for.

    Args:
        owner: the view; dialogs open over it.
        done: called after each change of the books.

    Attributes:
        notify: what was done, or why it cannot be.
    """

    notify = Signal(NoticeText)

    def __init__(
        self,
        owner: QWidget,
        receipts: ReceiptService,
        adjustments: AdjustmentService,
        done: Callable[[], None],
    ) -> None:
        super().__init__(owner)
        self._owner, self._done = owner, done
        self._receipts, self._adjustments = receipts, adjustments

    def _do(
        self, run: Callable[[], object], words: str, undo: Callable[[], None] | None = None
    ) -> None:
        with guard(self._owner, say=self.notify.emit) as call:
            run()
        if call.ok:
            self.notify.emit(NoticeText(words, undo=undo))
            self._done()

    def receive(self, command: PatientPayment) -> None:
        """Takes a payment; Undo takes the receipt back as it was applied."""
        placed = sum(a.cents for a in command.apply)
        rest = command.amount_cents - placed
        words = f"{format_cents(command.amount_cents)} received"
        if placed:
            count = len(command.apply)
            words += f": {format_cents(placed)} on {count} line{'s' if count != 1 else ''}"
        if rest:
            words += f", {format_cents(rest)} unapplied"
        kept: list[int] = []

        def undo() -> None:
            said = f"Payment of {format_cents(command.amount_cents)} taken back."
            self._do(lambda: self._receipts.reverse_receipt(kept[0], "entry mistake"), said)

        self._do(lambda: kept.append(self._receipts.receive(command).payment_id), f"{words}.", undo)

    def write_off(self, command: WriteOff) -> None:
        """Writes off; Undo puts the amount back on the line."""
        amount = format_cents(command.cents)
        back = replace(command, cents=-command.cents, reason="void_reversal")

        def undo() -> None:
            self._do(lambda: self._adjustments.write_off(back), f"{amount} is owed again.")

        self._do(lambda: self._adjustments.write_off(command), f"{amount} written off.", undo)

    def transfer(self, command: Transfer) -> None:
        """Passes on; Undo passes it back."""
        amount = format_cents(command.cents)
        back = replace(
            command, from_party=command.to_party, to_party=command.from_party, reason="taken back"
        )

        def undo() -> None:
            self._do(lambda: self._adjustments.transfer(back), f"{amount} passed back.")

        self._do(lambda: self._adjustments.transfer(command), f"{amount} passed on.", undo)

    def refund(self, command: Refund) -> None:
        """Pays back. Money that left the house cannot be undone, only entered again."""
        self._do(
            lambda: self._receipts.refund(command), f"{format_cents(command.cents)} paid back."
        )

    def place(self, command: ApplyUnapplied) -> None:
        """Places waiting money on a line."""
        self._do(
            lambda: self._receipts.apply_unapplied(command),
            f"{format_cents(command.cents)} placed on the line.",
        )
