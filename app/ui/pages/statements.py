"""Statements: who is due and who is not and why, the statement as it goes out, sending it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.statement_commands import (
    SentLately,
    SentRow,
    StatementAccount,
    StatementRow,
    Worklist,
)
from app.services.statements import StatementService
from app.ui.guard import guard, tell
from app.ui.jobs import Jobs
from app.ui.page import Go, Page
from app.ui.pages.statements_deeds import DeedPanels, StatementDeeds
from app.ui.pages.statements_lists import LISTS
from app.ui.pages.statements_picture import Draw, StatementPicture
from app.ui.pages.statements_sending import Errand, StatementSending
from app.ui.pages.statements_side import StatementSide
from app.ui.pages.statements_tables import StatementLists
from app.ui.printout import PrintOut
from app.ui.reading import Reading
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.panel import scrolled
from app.ui.widgets.tabs import CountTabs

NARROW = 1000  # pixels at 100 %: below, picture and facts take turns (F6)


class StatementsPage(Page):
    """Ctrl+P sends to those chosen, Ctrl+Shift+P to everybody due; the notice takes it back."""

    NAME = "statements"
    TITLE = "Statements"
    WATCHES = frozenset(
        {"statement", "account_hold", "payment_plan", "dunning_reset", "setting", "posting"}
        | {"payment", "patient", "guarantor", "practice"}
    )

    def __init__(
        self,
        statements: StatementService,
        out: PrintOut,
        jobs: Jobs | None,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._statements = statements
        self._reading = Reading(jobs, self, lambda error: tell(error, self, say=self.notify.emit))
        self._account: StatementAccount | None = None
        self._facts_first = True
        self._tabs, self._lists = CountTabs(LISTS), StatementLists()
        self._panels, self._side = DeedPanels(today), StatementSide()
        self._picture = StatementPicture(self._guarded)
        self._sending = StatementSending(statements, out, jobs, self)
        self._deeds = StatementDeeds(self, statements, self._panels)
        self._make_actions()
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        add, deeds = make_action, self._deeds
        self._send = add(self, "Send", "Ctrl+P", self.send_chosen, tip="Send to those chosen")
        self._send_all = add(self, "Send all due", "Ctrl+Shift+P", self.send_all)
        self._hold = add(self, "Hold or release", "F4", lambda: self._with(deeds.begin_hold))
        self._plan = add(self, "Payment plan", "F5", lambda: self._with(deeds.begin_plan))
        self._reprint = add(self, "Print again", "Ctrl+R", self.reprint)
        self._back = add(
            self, "Take back", "Ctrl+Shift+U", self.begin_take_back, tip="As if it never went out"
        )
        self._account_action = add(self, "Open the account", "Ctrl+E", self.open_account)
        self._turn = add(self, "Statement or why", "F6", self.turn, tip="Show the other one")
        self._find = add(self, "Filter the list", "Ctrl+F", self._lists.words.setFocus)
        self._reset = add(self, "Begin counting anew", "", self.reset_count)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        left = QVBoxLayout()
        left.setSpacing(dp(12))
        left.addWidget(self._lists, 1)
        left.addWidget(self._panels)
        row.addLayout(left, 10)
        row.addWidget(self._picture, 9)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(dp(12))
        right.addWidget(scrolled(self._side), 1)
        right.addLayout(self._buttons())
        row.addWidget(self._right, 7)
        self._turn_button = button_for(self._turn)
        self._lists.add_beside_filter(self._turn_button)
        self.setFocusProxy(self._lists.table())

    def _buttons(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(dp(8))
        for actions in ((self._plan, self._hold), (self._reprint, self._send)):
            row = QHBoxLayout()
            row.setSpacing(dp(8))
            row.addStretch(1)
            for action in actions:
                row.addWidget(button_for(action, primary=action is self._send))
            column.addLayout(row)
        return column

    def _connect(self) -> None:
        self._tabs.picked.connect(self._show_list)
        self._lists.moved.connect(self._show)
        self._lists.entered.connect(self.open_account)
        self._side.history.current_row.connect(self._show_past)
        for part in (self._sending, self._deeds):
            part.said.connect(self.notify)
            part.changed.connect(self.refresh)
        self._sending.broke.connect(lambda error: tell(error, self, say=self.notify.emit))
        self._deeds.put_away.connect(lambda: self._lists.table().setFocus())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the statement and the facts take turns."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < dp(NARROW)
        self._picture.setVisible(not narrow or not self._facts_first)
        self._right.setVisible(not narrow or self._facts_first)
        self._turn.setEnabled(narrow)
        self._turn_button.setVisible(narrow)

    def turn(self) -> None:
        """In a narrow window: the statement instead of the facts, or back."""
        self._facts_first = not self._facts_first
        self._arrange()

    def header_widget(self) -> QWidget:
        """The lists with their counts, beside the title."""
        return self._tabs

    def commands(self) -> Sequence[QAction]:
        """Every action of the page, those without a key too."""
        return self.actions()

    # --- reading ----------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads the lists and the account shown again; after a long run, once, at its end."""
        if self._sending.running:
            return
        self.title_changed.emit(self.TITLE, "")
        self._reading.ask(self._read, self._shown)

    def _read(self) -> tuple[Worklist, tuple[SentLately, ...]]:
        return self._statements.worklist(), self._statements.sent_lately()

    def _shown(self, read: tuple[Worklist, tuple[SentLately, ...]]) -> None:
        found, sent = read
        self._tabs.show_counts(self._lists.show_lists(found, sent))
        self.counted.emit(len(found.due) + len(found.letters))
        self._show(self._lists.table().row())

    def open(self, target: object) -> None:
        """A guarantor's id, or ``("show", "letters")`` and the like from Today."""
        if isinstance(target, int):
            self._reading.after(lambda: self._show_guarantor(target))
        elif isinstance(target, tuple) and target[1] in dict(LISTS):
            self._lists.show_all()
            self._show_list(str(target[1]))

    def _show_guarantor(self, guarantor_id: int) -> None:
        self._lists.show_all()
        if key := self._lists.list_of(guarantor_id):
            self._show_list(key)
            self._lists.table().select_key(guarantor_id)

    def _show_list(self, key: str) -> None:
        self._tabs.choose(key)
        self._lists.choose(key)
        table = self._lists.table()
        self.setFocusProxy(table)
        table.setFocus()
        self._show(table.row())

    def _show(self, row: StatementRow | SentLately | None) -> None:
        before = self._account
        self._account = None
        if row is not None:
            with guard(self, say=self.notify.emit):
                self._account = self._statements.show(row.guarantor_id)
        now = self._account
        if before and (now is None or now.row.guarantor_id != before.row.guarantor_id):
            self._panels.hide_all()
        self._side.show_account(now)
        self._picture.ask(self._drawing(row))
        self._show_possible()

    def _drawing(self, row: StatementRow | SentLately | None) -> Draw | None:
        if row is None:
            return None
        if isinstance(row, SentLately):
            key = row.statement_id
            return lambda: self._statements.reprint(key)
        guarantor, letter = row.guarantor_id, self._lists.now() == "letters"
        return lambda: self._statements.preview(guarantor, letter=letter)

    def _show_past(self, past: SentRow | None) -> None:
        """The very pages of an older one, as soon as the cursor stands on it."""
        if past is not None and self._side.history.hasFocus():
            self._picture.ask(lambda: self._statements.reprint(past.statement_id))

    def _show_possible(self) -> None:
        account, now = self._account, self._lists.now()
        row = account.row if account else None
        self._send.setEnabled(row is not None and now != "sent" and not row.firm)
        self._send_all.setEnabled(now in ("due", "letters"))
        for action in (self._hold, self._account_action):
            action.setEnabled(row is not None)
        owes = row is not None and (row.balance_cents > 0 or row.plan_id is not None)
        self._plan.setEnabled(owes)
        sent = account is not None and bool(account.history)
        self._reprint.setEnabled(sent)
        self._reset.setEnabled(sent)
        self._back.setEnabled(account is not None and self._newest() is not None)

    def _guarded(self, run: Callable[[], None]) -> None:
        with guard(self, say=self.notify.emit):
            run()

    # --- acts -------------------------------------------------------------------------------
    def send_chosen(self) -> None:
        """Sends to those chosen; under Not due, because she says so."""
        table = self._lists.table()
        chosen = table.chosen() or tuple(filter(None, (table.row(),)))
        self._send_to([row.guarantor_id for row in chosen])

    def send_all(self) -> None:
        """Sends to everybody in the list of those due, or of the letters."""
        self._send_to([row.guarantor_id for row in self._lists.rows(self._lists.now())])

    def _send_to(self, guarantor_ids: Sequence[int]) -> None:
        now = self._lists.now()
        errand = Errand(tuple(guarantor_ids), letters=now == "letters", by_hand=now == "not_due")
        self._sending.send(errand)

    def reprint(self) -> None:
        """The very pages of the statement chosen in the history, or of the newest."""
        row, account = self._lists.table().row(), self._account
        if account is None or not account.history:
            return
        past = self._side.history.row() if self._side.history.hasFocus() else None
        key = past.statement_id if past else account.history[0].statement_id
        if past is None and isinstance(row, SentLately):
            key = row.statement_id
        self._guarded(lambda: self._sending.reprint(key))

    def _newest(self) -> SentRow | None:
        history = self._account.history if self._account else ()
        return next((row for row in history if row.may_be_unsent), None)

    def begin_take_back(self) -> None:
        """Asks why the newest statement counts as never sent."""
        if (newest := self._newest()) is not None:
            self._deeds.begin_take_back(newest)

    def reset_count(self) -> None:
        """The next statement is the first again."""
        self._with(lambda account: self._deeds.reset_count(account.row.guarantor_id))

    def _with(self, act: Callable[[StatementAccount], None]) -> None:
        if self._account is not None:
            act(self._account)

    def open_account(self) -> None:
        """The account of the household's patient, every line explained."""
        if self._account is not None and self._account.patient_ids:
            self.go.emit(Go("patients", ("account", self._account.patient_ids[0])))
