"""Payments: the list of checks, and the workbench on which an EOB is posted to the cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedLayout

from app.domain.books import CheckItem
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.checks import CheckService
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.eobs import EobService
from app.services.payment_commands import AddCheckItem, CheckState, EditCheck, PostedItem
from app.services.people_commands import SavePayer
from app.services.posting_desk import PostingDeskService
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.payments_bench import Bench
from app.ui.pages.payments_desk import PostingDesk
from app.ui.pages.payments_items import ITEM_WORDS
from app.ui.pages.payments_list import ChecksView, is_open, method_word
from app.ui.pages.payments_posted import OnCheck
from app.ui.shortcuts import make_action
from app.ui.widgets.notice import NoticeText

_DRAFT = "check:new"
_KEEP_MS = 1000


class PaymentsPage(Page):
    """Ctrl+N a check; then claim, lines, F9, claim, lines, F9 … Ctrl+Enter closes at 0.00."""

    NAME = "payments"
    TITLE = "Payments"
    WATCHES = frozenset({"payment", "posting", "eob", "payer", "claim", "patient"})

    def __init__(
        self,
        checks: CheckService,
        eobs: EobService,
        posting: PostingDeskService,
        directory: DirectoryService,
        drafts: DraftService,
        today: Callable[[], date],
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
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.bench)
        self.setFocusProxy(self.list)
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._make_actions()
        self._connect()

    def _make_actions(self) -> None:
        page, bench = self, self.bench
        self._new = make_action(page, "New check", "Ctrl+N", self.new_check)
        self._filter = make_action(page, "Filter the checks", "Ctrl+F", self._to_filter)
        claim = make_action(bench, "Open claims", "F2", self._to_claim, tip="List the open claims")
        item = make_action(bench, "Interest, withheld", "F7", self.add_item)
        wait = make_action(bench, "Unapplied", "F8", self.add_unapplied, tip="Unapplied, noted")
        close = make_action(bench, "Close check", "Ctrl+Return", self.close_check)
        hold = make_action(bench, "Hold", "F4", bench.claim.hold, tip="Hold with the payer")
        off = make_action(bench, "Write off", "F6", bench.claim.write_off, tip="Write off the rest")
        save = make_action(bench, "Save claim", "F9", self.save)
        self._bench_actions: list[QAction] = [
            *(claim, item, wait, close, hold, off, save),
            make_action(bench, "Reasons", "F3", bench.claim.ask_reason),
            make_action(bench, "Take back the earlier decision", "Ctrl+R", self.desk.take_back),
            make_action(bench, "Correct the header", "Ctrl+E", self.edit_header),
            make_action(bench, "Discard what is typed", "Ctrl+D", self.desk.discard),
            make_action(bench, "All checks", "Ctrl+L", self.show_list),
            make_action(bench, "Remove this check", "Ctrl+Shift+Backspace", self.remove_check),
        ]
        bench.add_buttons((claim, item, close), (hold, off, save))

    def _connect(self) -> None:
        self.list.opened.connect(self.open_check)
        self.list.form.submitted.connect(self._open_new)
        self.list.form.edited.connect(lambda _name: self._timer.start())
        self._timer.timeout.connect(self._keep_new)
        self.bench.items.wanted.connect(self._add)
        self.bench.header.wanted.connect(self._edit)
        self.bench.posted.undo_wanted.connect(self._undo_row)
        self.desk.changed.connect(self._read_check)
        self.desk.notify.connect(self.notify)
        self.desk.status.connect(self._say_status)

    def commands(self) -> Sequence[QAction]:
        """What can be done now."""
        return (self._new, *self._bench_actions) if self._at_bench() else (self._new, self._filter)

    def _at_bench(self) -> bool:
        return self._stack.currentWidget() is self.bench

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
        number = check.number or "without number"
        parts = (check.payer_name, f"dated {format_date(check.payment_date)}")
        subtitle = " · ".join((*parts, method_word(check.method).lower()))
        self.title_changed.emit(f"Check {number}", subtitle)
        if self.bench.claim.entry is None:
            self.desk.offer_next()

    def open(self, target: object) -> None:
        """A payment's id, or ``("show", …)`` from Today."""
        if isinstance(target, int):
            self.open_check(target)
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
        self.bench.say("" if is_open(check) else _CLOSED.format(check.status), "warn")
        self._stack.setCurrentWidget(self.bench)
        self.setFocusProxy(self.bench)
        self._read_check()
        if not (is_open(check) and self.desk.resume(check)):
            (self.bench.box if is_open(check) else self.bench.posted).setFocus()

    def show_list(self) -> None:
        """Back to the checks; what is typed is kept."""
        self.bench.claim.finish()
        self.desk.put_away()
        self._stack.setCurrentWidget(self.list)
        self.setFocusProxy(self.list)
        self.refresh()
        self.list.table.setFocus()
        self.status.emit("")

    def leave(self) -> None:
        """Keeps what is typed."""
        self.bench.claim.finish()
        self.desk.keep()
        if self._timer.isActive():
            self._keep_new()

    def new_check(self) -> None:
        """Begins the header of a new check."""
        if self._at_bench():
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
        if self._at_bench():
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
        with guard(self, say=self._say_in_place) as call:
            self._checks.close_check(check.payment_id)
        if call.ok:
            self.show_list()
            words = f"Check {check.number} closed: {format_cents(check.amount_cents)}."
            self.notify.emit(NoticeText(words.replace("  ", " ")))

    def _say_in_place(self, notice: NoticeText) -> None:
        self.bench.say(notice.text)

    def add_item(self) -> None:
        """Opens the panel for interest, money withheld and the like."""
        self._open_items(CheckItem.INTEREST)

    def add_unapplied(self) -> None:
        """Opens the panel for money that cannot be placed yet."""
        self._open_items(CheckItem.UNAPPLIED)

    def _open_items(self, kind: CheckItem) -> None:
        if self.bench.claim.finish():
            self.bench.header.hide()
            self.bench.items.begin(kind, self.bench.running().remaining)

    def _add(self, item: AddCheckItem) -> None:
        check, panel = self.bench.check, self.bench.items
        if check is None:
            return
        with guard(self, form=panel.form, say=self._say_in_place) as call:
            self._checks.add_item(replace(item, payment_id=check.payment_id))
            standing = self._checks.items(check.payment_id)
        if call.ok:
            self.bench.say("")
            self.bench.close_inline()
            self._read_check()
            words = f"{ITEM_WORDS[item.kind]}: {format_cents(item.amount_cents)}."
            added = standing[-1]
            self.notify.emit(NoticeText(words, undo=lambda: self._take_off(added)))

    def _take_off(self, item: PostedItem) -> None:
        check = self.bench.check
        if check is None:
            return
        with guard(self, say=self._say_in_place) as call:
            self._checks.reverse_item(check.payment_id, item.journal_id)
        if call.ok:
            self._read_check()
            self.notify.emit(NoticeText(f"{ITEM_WORDS[item.kind]} taken off the check."))

    def _undo_row(self, row: OnCheck) -> None:
        if row.eob is not None:
            self.desk.undo(row.eob.eob_id)
        elif row.item is not None:
            self._take_off(row.item)

    def edit_header(self) -> None:
        """Opens number, date and amount for correction."""
        if self.bench.check is not None and self.bench.claim.finish():
            self.bench.items.hide()
            self.bench.header.begin(self.bench.check)

    def _edit(self, command: EditCheck) -> None:
        with guard(self, form=self.bench.header.form, say=self._say_in_place) as call:
            self._checks.edit_check(command)
        if call.ok:
            self.bench.close_inline()
            self._read_check()
            self.notify.emit(NoticeText("Header corrected."))

    def remove_check(self) -> None:
        """Takes back a check entered by mistake; refused once anything is posted on it."""
        check = self.bench.check
        if check is None:
            return
        with guard(self, say=self._say_in_place) as call:
            self._checks.void_check(check.payment_id, "entered by mistake")
        if call.ok:
            self.show_list()
            self.notify.emit(NoticeText(f"Check {check.number} removed."))


_CLOSED = "This check is {}. A correction goes on a new check: take the decision back there."
