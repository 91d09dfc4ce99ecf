"""The workbench of one check: claim box, claim, what is posted, running figures. One window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.payment_commands import CheckState, PostedItem
from app.services.posting_commands import PostedClaim, Reason
from app.ui.pages.payments_claim import ClaimPanel
from app.ui.pages.payments_grid import ClaimBox
from app.ui.pages.payments_items import HeaderPanel, ItemPanel
from app.ui.pages.payments_list import is_open, takes_claims
from app.ui.pages.payments_posted import PostedTable
from app.ui.pages.payments_side import Running, SidePanels, Strip
from app.ui.shortcuts import button_for
from app.ui.theme import dp
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.results import SearchRow

# Pixels at 100 %: from _WIDE on the figures stand beside the grid, below _NARROW (200 % on a small
# screen) only what cannot be missed is left.
_WIDE, _NARROW = 1080, 720


class Bench(QWidget):
    """Shows a check and its claim; knows no service."""

    def __init__(
        self,
        find: Callable[[str], Sequence[SearchRow]],
        reasons: Callable[[], Sequence[Reason]],
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self.check: CheckState | None = None
        self._items: tuple[PostedItem, ...] = ()
        self._once: tuple[str, ...] = ()
        self.box, self.banner = ClaimBox(find), Banner()
        self.claim, self.posted = ClaimPanel(reasons), PostedTable()
        self.items, self.header = ItemPanel(), HeaderPanel(today)
        self.side, self.strip = SidePanels(), Strip()
        self._notes = label("", "warn", wrap=True)
        self._top = QHBoxLayout()
        self._spare: list[QWidget] = []
        self._room = -1
        self._lay_out()
        self.claim.edited.connect(self.show_running)
        self.claim.said.connect(self.say)
        for panel in (self.items, self.header):
            panel.closed.connect(self.close_inline)
        self.setFocusProxy(self.box)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        middle = QVBoxLayout()
        middle.setSpacing(dp(8))
        caption = label("&Claim – account no., claim no., name, or name and date", "label")
        caption.setBuddy(self.box)
        self.box.setAccessibleName("Claim")
        box = QVBoxLayout()
        box.setSpacing(dp(3))
        box.addWidget(caption)
        self._top.setSpacing(dp(8))
        self._top.addWidget(self.box, 1)
        box.addLayout(self._top)
        middle.addWidget(self.strip)
        middle.addLayout(box)
        for part in (self.banner, self.header, self.items, self.claim, self._notes):
            middle.addWidget(part)
        posted = Panel(flush=True)
        posted.add(self.posted, 1)
        self.posted.setMinimumHeight(dp(72))
        self.posted.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        middle.addWidget(posted, 1)
        row.addLayout(middle, 1)
        row.addWidget(self.side)
        self.side.hide()

    def add_buttons(self, top: Sequence[QAction], claim: Sequence[QAction]) -> None:
        """Buttons beside the claim box and under the grid; the last of each is the main one."""
        for actions, layout in ((top, self._top), (claim, self.claim.buttons)):
            for action in actions:
                button = button_for(action, primary=action is actions[-1])
                layout.addWidget(button)
                if action is not actions[-1]:
                    self._spare.append(button)

    # --- showing ----------------------------------------------------------------------------
    def show_check(
        self,
        check: CheckState,
        eobs: Sequence[PostedClaim],
        items: tuple[PostedItem, ...],
        ready: Mapping[int, str],
    ) -> None:
        """Shows the check as it stands."""
        self.check, self._items = check, items
        self.box.setEnabled(takes_claims(check))
        self.posted.show_posted(eobs, items, ready, may_undo=is_open(check))
        self.show_running()

    def look_once(self, words: Sequence[str]) -> None:
        """Sentences about the check itself, shown until the next check comes."""
        self._once = tuple(words)

    def running(self) -> Running:
        """The figures as they stand, what is typed included."""
        items = sum(item.amount_cents for item in self._items)
        entry = self.claim.entry
        amount = self.check.amount_cents if self.check else 0
        posted = self.check.allocated_cents - items if self.check else 0
        this_claim = entry.paid_cents() if entry else 0
        if self.check is not None and self.check.status == "closed":  # paid out of what waits
            waits = self.check.unapplied_cents
            return Running(amount, amount - items - waits, this_claim, items)
        return Running(amount, posted, this_claim, items)

    def show_running(self) -> None:
        """Figures and warnings follow what is typed."""
        running = self.running()
        self.side.show_figures(running, closed=self.check is not None and not is_open(self.check))
        self.strip.show_figures(running)
        words = (*self._once, *self.claim.warnings(self.check.payment_date)) if self.check else ()
        self.side.show_warnings(words)
        self._notes.setText("\n".join(words))
        self._notes.setVisible(bool(words) and not self.side.isVisibleTo(self))

    def say(self, words: str, look: str = "bad") -> None:
        """A sentence in place; empty takes it away."""
        if words:
            self.banner.say(words, look)
        else:
            self.banner.clear()

    def close_inline(self) -> None:
        """Hides the item and header panels."""
        for panel in (self.items, self.header):
            panel.hide()
            panel.form.set_clean()
        self.go_on()

    def inline(self) -> ItemPanel | HeaderPanel | None:
        """The inline panel that is open."""
        return next((p for p in (self.items, self.header) if p.isVisible()), None)

    def go_on(self) -> None:
        """Gives the keyboard to the claim on the desk, else to the claim box."""
        if self.claim.entry is not None:
            self.claim.grid.setFocus()
        else:
            self.box.setFocus()

    def fit_width(self, width: int) -> None:
        """Figures beside the grid where there is room, above it where there is not."""
        room = sum(width >= dp(enough) for enough in (_NARROW, _WIDE))
        if room != self._room:
            self._room = room
            QTimer.singleShot(0, self, self._fit)  # not while the layout is being laid

    def _fit(self) -> None:
        wide, tiny = self._room == 2, self._room == 0
        self.side.setVisible(wide)
        self.strip.setVisible(not wide)
        self.strip.set_tiny(tiny)
        self.claim.set_narrow(not wide, tiny=tiny)
        for button in self._spare:  # their keys work all the same
            button.setVisible(not tiny)
        self.show_running()
