"""Payments: the list of checks, and the workbench on which an EOB is posted to the cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from app.domain.dates import format_date
from app.services.checks import CheckService
from app.services.deposits import DepositService
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.eobs import EobService
from app.services.payment_commands import CheckState
from app.services.people_commands import SavePayer
from app.services.posting_desk import PostingDeskService
from app.services.returns import ReturnService
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.payments_bench import Bench
from app.ui.pages.payments_checks import CheckDesk
from app.ui.pages.payments_deposits import DepositsView
from app.ui.pages.payments_desk import PostingDesk
from app.ui.pages.payments_list import ChecksView, is_open, takes_claims
from app.ui.pages.payments_posted import OnCheck
from app.ui.pages.payments_words import about, heading
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.widgets.notice import NoticeText

_DRAFT = "check:new"
_KEEP_MS = 1000


class PaymentsPage(Page):
    """Ctrl+N a check; then claim, lines, F9, claim, lines, F9 … Ctrl+Enter closes at 0.00."""

    NAME = "payments"
    TITLE = "Payments"
    WATCHES = frozenset({"payment", "posting", "eob", "payer", "claim", "patient", "deposit"})

    def __init__(
        self,
        checks: CheckService,
        eobs: EobService,
        posting: PostingDeskService,
        directory: DirectoryService,
        drafts: DraftService,
        today: Callable[[], date],
        deposits: DepositService | None = None,
        out: PrintOut | None = None,
        returns: ReturnService | None = None,
    ) -> None:
        super().__init__()
        self._checks, self._posting, self._directory = checks, posting, directory
        self._drafts, self._today = drafts, today
        self._all_payers: tuple[SavePayer, ...] = ()
        self._first = True
        self.desk = PostingDesk(eobs, posting, drafts, self)
        self.list = ChecksView(lambda: self._all_payers, today)
        self.bench = Bench(self.desk.find, self.desk.reasons, today)
        self.desk.serve(self.bench)
        self.counter = CheckDesk(checks, self.bench, returns)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.bench)
        self.deposits = DepositsView(deposits, out, today) if deposits and out else None
        if self.deposits is not None:
            self._stack.addWidget(self.deposits)
        self.setFocusProxy(self.list)
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._make_actions()
        self._connect()

    def _make_actions(self) -> None:
        page, bench = self, self.bench
        self._new = make_action(page, "New check", "Ctrl+N", self.new_check)
        self._filter = make_action(page, "Filter the checks", "Ctrl+F", self._to_filter)
        self._bank = make_action(
            self.list, "Deposits", "Ctrl+D", self.show_deposits, tip="What goes to the bank"
        )
        claim = make_action(bench, "Open claims", "F2", self._to_claim, tip="List the open claims")
        every = make_action(
            bench, "All open lines", "F5", self.desk.open_all, tip="Every open line of the payer"
        )
        item = self._item = make_action(bench, "Interest, withheld", "F7", self.counter.add_item)
        wait = self._wait = make_action(
            bench, "Unapplied", "F8", self.counter.add_unapplied, tip="Unapplied, noted"
        )
        close = self._close = make_action(bench, "Close check", "Ctrl+Return", self.close_check)
        hold = make_action(bench, "Hold", "F4", bench.claim.hold, tip="Hold with the payer")
        off = make_action(bench, "Write off", "F6", bench.claim.write_off, tip="Write off the rest")
        save = make_action(bench, "Save claim", "F9", self.save)
        back = make_action(bench, "All checks", "Ctrl+L", self.show_list)
        self._back = button_for(back)
        self._bench_actions: list[QAction] = [
            *(claim, every, item, wait, close, hold, off, save),
            make_action(bench, "Reasons", "F3", bench.claim.ask_reason),
            make_action(bench, "Take back the earlier decision", "Ctrl+R", self.desk.take_back),
            make_action(bench, "Correct the header", "Ctrl+E", self.counter.edit_header),
            make_action(bench, "Discard what is typed", "Ctrl+D", self.desk.discard),
            back,
            make_action(bench, "Remove this check", "Ctrl+Shift+Backspace", self.counter.remove),
            make_action(
                bench, "Move to the right claim", "Ctrl+Shift+M", self._move, tip="Wrong patient"
            ),
            make_action(
                bench,
                "Check returned",
                "Ctrl+Shift+R",
                partial(self.counter.came_back, stopped=False),
            ),
            make_action(
                bench,
                "Payment stopped",
                "Ctrl+Shift+S",
                partial(self.counter.came_back, stopped=True),
            ),
        ]
        bench.add_buttons((claim, every, item, close), (hold, off, save))

    def _connect(self) -> None:
        self.list.opened.connect(self.open_check)
        self.list.form.submitted.connect(self._open_new)
        self.list.form.edited.connect(lambda _name: self._timer.start())
        self._timer.timeout.connect(self._keep_new)
        self.bench.posted.undo_wanted.connect(self._undo_row)
        self.counter.changed.connect(self._read_check)
        self.counter.done.connect(self._done)
        self.counter.notify.connect(self.notify)
        self.desk.changed.connect(self._read_check)
        self.desk.notify.connect(self.notify)
        self.desk.status.connect(self._say_status)
        if self.deposits is not None:
            self.deposits.notify.connect(self.notify)
            self.deposits.left.connect(self.show_list)
            self.list.add_button(button_for(self._bank))

    def commands(self) -> Sequence[QAction]:
        """What can be done now."""
        if self._at_bench():
            return (self._new, *self._bench_actions)
        if self.deposits is not None and self._at_bank():
            return self.deposits.actions()
        return (self._new, self._filter, self._bank)

    def header_widget(self) -> QWidget:
        """The way back from a check to all of them."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._back)
        row.addStretch(1)
        self._back.setVisible(self._at_bench() or self._at_bank())
        return holder

    def _at_bench(self) -> bool:
        return self._stack.currentWidget() is self.bench

    def _at_bank(self) -> bool:
        return self.deposits is not None and self._stack.currentWidget() is self.deposits

    # --- reading ----------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads the list, and the check on the bench, again."""
        with guard(self, say=self.notify.emit) as call:
            self._all_payers = self._directory.payers()
            checks, owed = self._checks.for_posting(), self._checks.due_to_payers()
        if not call.ok:
            return
        names = {p.payer_id: p.name for p in self._all_payers}
        self.list.show_checks(checks, [(names.get(k, ""), c) for k, c in owed.items() if c > 0])
        self.counted.emit(sum(1 for c in checks if is_open(c)))
        if self._at_bench():
            self._read_check()
        elif self._at_bank():
            self._read_deposits()
        else:
            self.title_changed.emit(self.TITLE, "")
        if self._first:
            self._first = False
            self._bring_back(checks)

    def _bring_back(self, checks: Sequence[CheckState]) -> None:
        """Opens where a crash or a closed window left off."""
        self.list.form.clear_for(checks[0] if checks else None)
        if draft := self._drafts.find(_DRAFT):
            self.list.form.restore(draft.body)
            self.list.draft_words.setText(f"Draft of {draft.saved_at.astimezone():%H:%M}.")
            self.list.draft_words.show()
        if self.list.words.hasFocus() or self.focusWidget() is self.list.words:
            self.list.table.setFocus()
        for key in self._drafts.keys("eob:"):
            payment_id = int(key.split(":")[1])
            if any(c.payment_id == payment_id and is_open(c) for c in checks):
                self.open_check(payment_id)
                return

    def _read_check(self) -> None:
        check = self.bench.check
        if check is None:
            return
        with guard(self, say=self.notify.emit) as call:
            check = self._checks.state(check.payment_id)
            eobs = self._posting.posted_on(check.payment_id)
            items = self._checks.items(check.payment_id)
        if not call.ok:
            return
        self.bench.show_check(check, eobs, items, self.desk.ready)
        self.title_changed.emit(*heading(check))
        for action in (self._item, self._wait, self._close):
            action.setEnabled(is_open(check))
        if self.bench.claim.entry is None:
            self.desk.offer_next()

    def open(self, target: object) -> None:
        """A payment's id, or ``("show", …)`` from Today."""
        if isinstance(target, int):
            self.open_check(target)
        elif target == ("show", "deposits"):
            self.show_deposits()
        elif isinstance(target, tuple):
            self.show_list()

    # --- between list and bench -------------------------------------------------------------
    def open_check(self, payment_id: int, warnings: Sequence[str] = ()) -> None:
        """Puts a check on the bench, with the claim that was left half typed on it."""
        self.desk.put_away()
        with guard(self, say=self.notify.emit) as call:
            check = self._checks.state(payment_id)
        if not call.ok:
            return
        self.bench.check = check
        self.bench.look_once(warnings)
        self.bench.say(about(check), "warn")
        self._stack.setCurrentWidget(self.bench)
        self._back.show()
        self.setFocusProxy(self.bench)
        self._read_check()
        if not (takes_claims(check) and self.desk.resume(check)):
            (self.bench.box if takes_claims(check) else self.bench.posted).setFocus()

    def show_list(self) -> None:
        """Back to the checks; what is typed is kept."""
        self.bench.claim.finish()
        self.desk.put_away()
        self._stack.setCurrentWidget(self.list)
        self._back.hide()
        self.setFocusProxy(self.list)
        self.refresh()
        self.list.table.setFocus()
        self.status.emit("")

    def show_deposits(self) -> None:
        """What waits for the bank, and the slips."""
        if self.deposits is None:
            return
        self._stack.setCurrentWidget(self.deposits)
        self._back.show()
        self.setFocusProxy(self.deposits)
        self._read_deposits()
        self.deposits.begin()

    def _read_deposits(self) -> None:
        if self.deposits is not None:
            with guard(self, say=self.notify.emit):
                self.deposits.refresh()
            self.title_changed.emit("Deposits", self.deposits.words())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both the list and the bench follow the width, whichever is in front."""
        super().resizeEvent(event)
        self.list.fit_width(self.width())
        self.bench.fit_width(self.width())
        if self.deposits is not None:
            self.deposits.fit_width(self.width())

    def leave(self) -> None:
        """Keeps what is typed."""
        self.bench.claim.finish()
        self.desk.keep()
        if self._timer.isActive():
            self._keep_new()

    def new_check(self) -> None:
        """Begins the header of a new check."""
        if self._stack.currentWidget() is not self.list:
            self.show_list()
        self.list.new_check()

    def _keep_new(self) -> None:
        self._timer.stop()
        with guard(self, say=self.notify.emit):
            self._drafts.keep(_DRAFT, self.list.form.body())

    def _open_new(self) -> None:
        form = self.list.form
        with guard(self, form=form, say=self.notify.emit) as call:
            opened = self._checks.open_check(form.command())
            self._timer.stop()
            self._drafts.drop(_DRAFT)
            state = self._checks.state(opened.payment_id)
        if not call.ok:
            return
        form.clear_for(state)
        self.list.draft_words.hide()
        self.open_check(opened.payment_id, [f.message for f in opened.warnings])

    def _to_filter(self) -> None:
        if self._stack.currentWidget() is not self.list:
            self.show_list()
        self.list.words.setFocus()

    def _to_claim(self) -> None:
        if self.bench.claim.finish():
            self.bench.box.setFocus()
            self.bench.box.list_all()

    def _say_status(self, words: str) -> None:
        day = f"Posting date {format_date(self._today())}"
        self.status.emit(f"{words}     {day}" if words else day)

    # --- the check --------------------------------------------------------------------------
    def _undo_row(self, row: OnCheck) -> None:
        if row.eob is not None:
            self.desk.undo(row.eob.eob_id)
        elif row.item is not None:
            self.counter.take_off(row.item)

    def _move(self) -> None:
        row = self.bench.posted.row()
        self.desk.move(row.eob if row is not None else None)

    def _done(self, words: str) -> None:
        self.show_list()
        self.notify.emit(NoticeText(words))

    def save(self) -> None:
        """F9: the open inline panel, else the claim."""
        panel = self.bench.inline()
        if panel is not None:
            panel.form.submit()
        else:
            self.desk.save()

    def close_check(self) -> None:
        """Saves the claim on the bench and closes the check, when all of it is explained."""
        check = self.bench.check
        if self.bench.inline() is not None:
            self.save()
            return
        entry = self.bench.claim.entry
        if check is None or not self.bench.claim.finish():
            return
        if entry is not None and entry.touched() and not self.desk.save():
            return
        self.counter.close()
