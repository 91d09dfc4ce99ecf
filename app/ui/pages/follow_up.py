"""Follow-up: what payers owe, by list; a note and the next day in one line, then the next claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.services.claims import ClaimService
from app.services.drafts import DraftService
from app.services.follow_up import FollowUpService
from app.services.follow_up_commands import (
    CreditRow,
    FollowedUp,
    FollowUpClaim,
    FollowUpLists,
    OpenRow,
)
from app.ui.guard import guard, tell
from app.ui.jobs import Jobs
from app.ui.page import Go, Page
from app.ui.pages.claims_side import status_word
from app.ui.pages.follow_up_detail import ClaimDetail
from app.ui.pages.follow_up_jumps import account_of, check_of, worked_at
from app.ui.pages.follow_up_line import FollowLine
from app.ui.pages.follow_up_lists import LISTS
from app.ui.pages.follow_up_tables import ListPanel
from app.ui.reading import Reading
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import scrolled
from app.ui.widgets.tabs import CountTabs

NOTHING = "Choose a row in the list, or another list (Alt 1 to Alt 4)."
_FROM_TODAY = {"follow_up": "outstanding", "denied": "denials"}


class FollowUpPage(Page):
    """N writes a note, Enter there keeps it and goes on; Enter in the list opens the claim."""

    NAME = "follow_up"
    TITLE = "Follow-up"
    WATCHES = frozenset(
        {"claim", "encounter", "note", "payer", "payment", "posting", "reason_rule"}
    )

    def __init__(
        self,
        follow_up: FollowUpService,
        claims: ClaimService,
        drafts: DraftService,
        jobs: Jobs | None,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._reading = Reading(jobs, self, lambda error: tell(error, self, say=self.notify.emit))
        self._follow_up, self._claims = follow_up, claims
        self._claim: FollowUpClaim | None = None
        self._tabs, self._lists = CountTabs(LISTS), ListPanel(today)
        self._detail, self._line = ClaimDetail(today), FollowLine(drafts, today)
        self._make_actions()
        self._lay_out()
        self._tabs.picked.connect(self._show_list)
        self._lists.moved.connect(self._show)
        self._lists.entered.connect(self.open_row)
        self._line.wanted.connect(self._keep)
        self._line.kept.connect(self.status)

    def _make_actions(self) -> None:
        add = make_action
        self._note = add(self, "Note", "N", self._line.begin, tip="Write a note on this claim")
        self._next = add(self, "Next", "F8", self.next_row, tip="Next row", everywhere=True)
        self._back = add(self, "Back to the list", "Esc", lambda: self._lists.table().setFocus())
        self._open = add(
            self, "Open", "Ctrl+O", self.open_row, tip="Go where it is worked; Enter in the list"
        )
        self._account = add(self, "Open the account", "Ctrl+E", self.open_account)
        self._check = add(self, "Open the check", "Ctrl+B", self.open_check)
        self._accept = add(self, "Payer has it", "Ctrl+Shift+A", lambda: self._mark("accepted"))
        self._reject = add(
            self, "Came back rejected", "Ctrl+Shift+J", lambda: self._mark("rejected")
        )
        self._appeal = add(self, "Appealed", "Ctrl+Shift+L", lambda: self._mark("appealed"))
        self._find = add(self, "Filter the list", "Ctrl+F", self._lists.words.setFocus)
        self._only_due = add(self, "Only what is due", "Ctrl+D", self._lists.due.click)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(12))
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(dp(12))
        left.addWidget(self._lists, 1)
        left.addWidget(self._line)
        row.addLayout(left, 17)
        right.setSpacing(dp(12))
        right.addWidget(scrolled(self._detail), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(dp(4))
        buttons.addStretch(1)
        for action in (self._next, self._open):
            buttons.addWidget(button_for(action))
        buttons.addWidget(button_for(self._note, primary=True))
        right.addLayout(buttons)
        row.addLayout(right, 10)
        self.setFocusProxy(self._lists.table())

    def header_widget(self) -> QWidget:
        """The lists with their counts, beside the title."""
        return self._tabs

    def commands(self) -> Sequence[QAction]:
        """Every action of the page."""
        return self.actions()

    # --- reading ----------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads all lists and what is shown of the row chosen."""
        self.title_changed.emit(self.TITLE, "")
        self._reading.ask(self._follow_up.worklists, self._shown)

    def _shown(self, found: FollowUpLists) -> None:
        self._tabs.show_counts(self._lists.show_lists(found))
        self.counted.emit(found.waiting)
        self._show(self._lists.table().row())

    def open(self, target: object) -> None:
        """A claim's id, or ``("show", "denied")`` and the like from Today."""
        if isinstance(target, int):
            self._reading.after(lambda: self._show_claim(target))
        elif isinstance(target, tuple) and target[0] == "show":
            self._lists.show_all()
            if target[1] == "follow_up":
                self._lists.due.click()
            key = _FROM_TODAY.get(str(target[1]), str(target[1]))
            if key in dict(LISTS):
                self._show_list(key)

    def _show_claim(self, claim_id: int) -> None:
        self._lists.show_all()
        if key := self._lists.list_of(claim_id):
            self._show_list(key)
            self._lists.table().select_key(f"c{claim_id}")

    def leave(self) -> None:
        """Keeps a half-typed note."""
        self._line.keep_draft()

    def _show_list(self, key: str) -> None:
        self._tabs.choose(key)
        self._lists.choose(key)
        table = self._lists.table()
        self.setFocusProxy(table)
        table.setFocus()
        self._show(table.row())

    def _show(self, row: OpenRow | CreditRow | None) -> None:
        self._claim = None
        if isinstance(row, OpenRow) and row.claim_id is not None:
            with guard(self, say=self.notify.emit):
                self._claim = self._follow_up.show(row.claim_id)
        if self._claim is not None:
            self._detail.show_claim(self._claim)
        elif isinstance(row, CreditRow):
            self._detail.show_credit(row)
        elif isinstance(row, OpenRow):
            self._detail.show_visit(row)
        else:
            self._detail.clear(NOTHING)
        self._line.show_claim(self._claim.row.claim_id if self._claim else None)
        self._show_possible(row)

    def _show_possible(self, row: OpenRow | CreditRow | None) -> None:
        claim = self._claim
        status = claim.row.status if claim else ""
        self._line.setVisible(claim is not None)
        self._note.setEnabled(claim is not None)
        self._open.setEnabled(row is not None)
        self._account.setEnabled(account_of(row) is not None)
        self._check.setEnabled(check_of(row, claim) is not None)
        self._accept.setEnabled(status == "submitted")
        self._reject.setEnabled(status in ("submitted", "accepted"))
        self._appeal.setEnabled(status in ("denied", "partially_paid"))

    # --- acts -------------------------------------------------------------------------------
    def next_row(self) -> None:
        """The row below; after the last one the first."""
        writing, after = self._line.writing(), self._lists.after()
        if after is not None:
            self._lists.table().select_key(after.key)
            if writing:
                self._line.begin()

    def _keep(self, command: FollowedUp) -> None:
        """Keeps a note and the next day, and moves on to the next row."""
        after, claim = self._lists.after(), self._claim
        with guard(self, form=self._line.form, say=self.notify.emit) as call:
            self._follow_up.note(command)
        if not call.ok or claim is None:
            return
        self._line.saved()
        self.refresh()
        self._reading.after(lambda: self._go_on(after))
        when = f"; look again {format_date(command.next_on)}" if command.next_on else ""
        verb = "Noted on" if command.text else "Moved on:"
        self.notify.emit(NoticeText(f"{verb} claim {claim.row.number}{when}."))

    def _go_on(self, row: OpenRow | CreditRow | None) -> None:
        with QSignalBlocker(self._lists.table()):
            if row is not None:
                self._lists.table().select_key(row.key)
        self._show(self._lists.table().row())
        self._line.begin()

    def _mark(self, status: str) -> None:
        if self._claim is None or self._claim.row.claim_id is None:
            return
        number, claim_id = self._claim.row.number, self._claim.row.claim_id
        with guard(self, say=self.notify.emit) as call:
            self._claims.set_status(claim_id, status)
        if call.ok:
            self.refresh()
            self._reading.after(lambda: self._show_claim(claim_id))
            words = f"Claim {number} is {status_word(status)}. N writes why."
            self.notify.emit(NoticeText(words))

    def open_row(self) -> None:
        """Where the row is worked: its claim, its encounter, its check or its account."""
        self._jump(worked_at(self._lists.table().row()))

    def open_account(self) -> None:
        """The patient's account, every line explained."""
        self._jump(account_of(self._lists.table().row()))

    def open_check(self) -> None:
        """The check whose EOB decided the claim, or the one that waits."""
        self._jump(check_of(self._lists.table().row(), self._claim))

    def _jump(self, where: Go | None) -> None:
        if where is not None:
            self.go.emit(where)
