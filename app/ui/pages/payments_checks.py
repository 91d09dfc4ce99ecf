"""What is done to a check as a whole: its items, its header, closing and removing it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.books import CheckItem
from app.domain.money import format_cents
from app.services.checks import CheckService
from app.services.payment_commands import AddCheckItem, EditCheck, PostedItem
from app.services.returns import ReturnService
from app.ui.guard import guard
from app.ui.pages.payments_bench import Bench
from app.ui.pages.payments_items import ITEM_WORDS
from app.ui.widgets.notice import NoticeText


class CheckDesk(QObject):
    """Works on the check that lies on the bench.

    Attributes:
        changed: the books changed; the check must be read again.
        done: the check is closed or gone; what to say of it.
        notify: what happened.
    """

    changed = Signal()
    done = Signal(str)
    notify = Signal(NoticeText)

    def __init__(
        self, checks: CheckService, bench: Bench, returns: ReturnService | None = None
    ) -> None:
        super().__init__(bench)
        self._checks, self._bench, self._returns = checks, bench, returns
        bench.items.wanted.connect(self._add)
        bench.header.wanted.connect(self._edit)

    def close(self) -> None:
        """Closes the check; refused in place while anything remains."""
        check = self._bench.check
        if check is None:
            return
        with guard(self._bench, say=self._say) as call:
            self._checks.close_check(check.payment_id)
        if call.ok:
            name = " ".join(("Check", check.number)).strip()
            self.done.emit(f"{name} closed: {format_cents(check.amount_cents)}.")

    def remove(self) -> None:
        """Takes back a check entered by mistake; refused once anything is posted on it."""
        check = self._bench.check
        if check is None:
            return
        with guard(self._bench, say=self._say) as call:
            self._checks.void_check(check.payment_id, "entered by mistake")
        if call.ok:
            self.done.emit(" ".join(("Check", check.number)).strip() + " removed.")

    def came_back(self, *, stopped: bool) -> None:
        """The bank sent the check back, or its payment was stopped: nothing of it stands."""
        check, returns = self._bench.check, self._returns
        if check is None or returns is None or not self._bench.claim.finish():
            return
        why = "payment stopped" if stopped else "returned by the bank"
        with guard(self._bench, say=self._say) as call:
            returns.return_check(check.payment_id, why, stopped=stopped)
        if call.ok:
            self._bench.say("")
            self._bench.claim.end()
            self.changed.emit()
            name = " ".join(("Check", check.number)).strip()
            words = f"{name} {why}: its claims wait for their money again."
            self.notify.emit(NoticeText(words, undo=lambda: self._put_back(check.payment_id)))

    def _put_back(self, payment_id: int) -> None:
        returns = self._returns
        if returns is None:
            return
        with guard(self._bench, say=self._say) as call:
            returns.put_back(payment_id)
        if call.ok:
            self.changed.emit()
            self.notify.emit(NoticeText("The check counts again, as it was posted."))

    # --- items ------------------------------------------------------------------------------
    def add_item(self) -> None:
        """Opens the panel for interest, money withheld and the like."""
        self._open_items(CheckItem.INTEREST)

    def add_unapplied(self) -> None:
        """Opens the panel for money that cannot be placed yet."""
        self._open_items(CheckItem.UNAPPLIED)

    def _open_items(self, kind: CheckItem) -> None:
        if self._bench.claim.finish():
            self._bench.header.hide()
            self._bench.items.begin(kind, self._bench.running().remaining)

    def _add(self, item: AddCheckItem) -> None:
        check = self._bench.check
        if check is None:
            return
        with guard(self._bench, form=self._bench.items.form, say=self._say) as call:
            self._checks.add_item(replace(item, payment_id=check.payment_id))
            added = self._checks.items(check.payment_id)[-1]
        if call.ok:
            self._bench.say("")
            self._bench.close_inline()
            self.changed.emit()
            words = f"{ITEM_WORDS[item.kind]}: {format_cents(item.amount_cents)}."
            self.notify.emit(NoticeText(words, undo=lambda: self.take_off(added)))

    def take_off(self, item: PostedItem) -> None:
        """Takes an item off the check again."""
        check = self._bench.check
        if check is None:
            return
        with guard(self._bench, say=self._say) as call:
            self._checks.reverse_item(check.payment_id, item.journal_id)
        if call.ok:
            self.changed.emit()
            self.notify.emit(NoticeText(f"{ITEM_WORDS[item.kind]} taken off the check."))

    # --- header -----------------------------------------------------------------------------
    def edit_header(self) -> None:
        """Opens number, date and amount for correction."""
        if self._bench.check is not None and self._bench.claim.finish():
            self._bench.items.hide()
            self._bench.header.begin(self._bench.check)

    def _edit(self, command: EditCheck) -> None:
        with guard(self._bench, form=self._bench.header.form, say=self._say) as call:
            self._checks.edit_check(command)
        if call.ok:
            self._bench.close_inline()
            self.changed.emit()
            self.notify.emit(NoticeText("Header corrected."))

    def _say(self, notice: NoticeText) -> None:
        self._bench.say(notice.text)
