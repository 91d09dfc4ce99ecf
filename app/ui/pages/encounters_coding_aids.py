"""Everything beside the codes, put together: chart, terms, recurring visits, favourites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject

from app.services.favourites import FavouriteCode
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.encounters_aids import Aids
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_chart import ChartPane
from app.ui.pages.encounters_chart_acts import ChartActs
from app.ui.pages.encounters_favourites import FavouritesBox
from app.ui.pages.encounters_frame import Frame
from app.ui.pages.encounters_recurring import DueLine, RecurringPanel, RepeatBar
from app.ui.pages.encounters_recurring_acts import RecurringActs
from app.ui.pages.encounters_suggestions import TermsPanel
from app.ui.pages.encounters_suggestions_acts import TermActs
from app.ui.shortcuts import button_for, make_action
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.pill import KeyButton


class CodingAids(QObject):
    """Makes the parts and their keys; the page stands them where they belong.

    Attributes:
        chart, repeating, bar, box: the parts.
        scans, terms, recurring: what can be done with them.
        chart_key, favourites_key: actions that other parts show as buttons.
        kept: where widths are remembered.
    """

    def __init__(
        self,
        aids: Aids,
        bench: CodingBench,
        owner: Page,
        today: Callable[[], date],
        due: DueLine,
    ) -> None:
        super().__init__(owner)
        self._bench, self._owner, self._favourites = bench, owner, aids.favourites
        self.kept = aids.kept
        self.found = TermsPanel()
        self.chart = ChartPane(bench.note, self.found, aids.jobs)
        self.repeating, self.bar = RecurringPanel(), RepeatBar(today)
        self.scans = ChartActs(aids.scans, bench, self.chart, owner, aids.jobs)
        self.terms = TermActs(aids.terms, bench, self.found, owner, today)
        self.recurring = RecurringActs(aids.recurring, bench, self.bar, due, self.repeating, owner)
        self.box = FavouritesBox(owner)
        self.box.taken.connect(self.take_favourites)
        self.box.gone.connect(bench.sheet.diagnoses.go_to_next)
        self.bar.closed.connect(bench.sheet.diagnoses.go_to_next)
        self._frame: Frame | None = None
        self._make_actions()

    def _make_actions(self) -> None:
        owner, scans = self._owner, self.scans
        self.chart_key = make_action(owner, "Chart", "F3", self.toggle_chart)
        self.favourites_key = make_action(owner, "Favourites", "F2", self.show_favourites)
        make_action(owner, "Terms found in the note", "F5", self.go_to_terms)
        attach = make_action(owner, "Attach", "Ctrl+O", scans.ask_file, tip="Attach a scan")
        make_action(owner, "Paste into the chart", "Ctrl+Shift+V", scans.paste)
        make_action(owner, "Remove the scan", "Ctrl+Shift+O", scans.remove)
        make_action(owner, "Next scan", "Ctrl+PgDown", lambda: scans.next_scan(1))
        make_action(owner, "Scan before", "Ctrl+PgUp", lambda: scans.next_scan(-1))
        make_action(owner, "Next page of the scan", "Alt+PgDown", lambda: scans.turn_page(1))
        make_action(owner, "Page before", "Alt+PgUp", lambda: scans.turn_page(-1))
        make_action(owner, "Repeat this visit", "Ctrl+R", self.recurring.ask)
        make_action(
            owner, "Make drafts of recurring visits", "Ctrl+Shift+R", self.recurring.make_due
        )
        self.chart.add_action(button_for(attach))
        fold = KeyButton("Close", "F3")
        fold.clicked.connect(self.chart_key.trigger)
        self.chart.add_action(fold)

    def join(self, frame: Frame) -> None:
        """The frame the chart stands in."""
        self._frame = frame

    # --- the chart ----------------------------------------------------------------------------
    def toggle_chart(self) -> None:
        """Opens the chart with the cursor in it, or folds it away."""
        if self._frame is None or not self._bench.is_open():
            return
        shown = self._frame.chart_shown()
        self._frame.want_chart(not shown)
        if shown:
            self._bench.sheet.diagnoses.go_to_next()
        else:
            self.chart.focus()

    def go_to_terms(self) -> None:
        """The cursor into the list of terms; the chart opens for it."""
        if self._frame is not None and not self._frame.chart_shown() and self.found.terms():
            self._frame.want_chart(True)
        if self.found.terms() and self.chart.is_on_scan():
            self.chart.show_note()
        self.terms.go_to()

    # --- favourites ---------------------------------------------------------------------------
    def show_favourites(self) -> None:
        """The groups of codes over the page."""
        if not self._bench.is_coding():
            return
        with guard(self._owner, say=self._owner.notify.emit):
            self.box.ask(self._favourites.groups())

    def take_favourites(self, codes: object) -> None:
        """Puts favourites on the visit; Undo takes them off again."""
        sheet = self._bench.sheet
        before = sheet.diagnoses.codes(), sheet.lines.raw()
        chosen = (
            [c for c in codes if isinstance(c, FavouriteCode)] if isinstance(codes, tuple) else []
        )
        put = [
            c for c in chosen if sheet.put(c.code, procedure=c.kind == "px", modifiers=c.modifiers)
        ]
        said = f"{', '.join(c.code for c in put)} put on the visit."
        look = ""
        if len(put) < len(chosen):
            said, look = "A claim holds 12 diagnoses; the rest was left out.", "bad"
        self._owner.notify.emit(NoticeText(said, look, undo=lambda: sheet.copy(*before)))
        if any(c.kind == "px" for c in put):
            sheet.lines.go_to_empty()
        else:
            sheet.diagnoses.go_to_next()
