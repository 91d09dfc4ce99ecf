"""The form as a window: boxes to point at, findings to step through, versions to compare."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.claim_boxes import BoxChange, BoxView
from app.services.claim_commands import ClaimCheck, ClaimView, PassEdit
from app.services.claims import ClaimService
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.claims_box import jump_to
from app.ui.pages.claims_side import UNSENT, ClaimSide
from app.ui.shortcuts import make_action
from app.ui.widgets.form_picture import FormPicture, place_of
from app.ui.widgets.notice import NoticeText


class ClaimForm(QObject):
    """Joins the picture with the panels beside it.

    F6 goes to the boxes, F8 and Shift+F8 to the next and the previous finding, Ctrl+Shift+O lets
    one pass for a reason, F7 compares with another version, Ctrl+Shift+S splits an unsent claim.

    Attributes:
        divided: id of the second claim, when one was split.
    """

    divided = Signal(int)

    def __init__(
        self, page: Page, claims: ClaimService, picture: FormPicture, side: ClaimSide
    ) -> None:
        super().__init__(page)
        self._page, self._claims, self._picture, self._side = page, claims, picture, side
        self._view: ClaimView | None = None
        make_action(page, "Boxes of the form", "F6", self.enter_form)
        self._compare = make_action(page, "Compare with another version", "F7", self.compare)
        self._next = make_action(page, "Next finding", "F8", lambda: self.step(1))
        self._before = make_action(page, "Finding before", "Shift+F8", lambda: self.step(-1))
        self._pass = make_action(page, "Let a finding pass", "Ctrl+Shift+O", side.found.ask)
        self._split = make_action(page, "Split the claim", "Ctrl+Shift+S", self.begin_split)
        picture.chosen.connect(side.box.show_box)
        picture.entered.connect(self._follow)
        side.box.wanted.connect(self._follow)
        side.compare.picked.connect(self._compare_with)
        side.compare.shown.connect(self._show_change)
        side.compare.closed.connect(self.close_comparison)
        side.split.wanted.connect(self._divide)
        side.found.followed.connect(self._go_to_finding)
        side.found.passed.connect(self._let_pass)

    def show_claim(self, view: ClaimView | None) -> None:
        """Shows a claim; what was open for another one is closed."""
        other = (self._view and self._view.row.claim_id) != (view and view.row.claim_id)
        self._view = view
        if other:
            self._picture.go_to(None)
        self._picture.show_form(view.picture_pdf if view else b"", view.boxes if view else ())
        self._side.compare.hide()
        self._side.split.hide()
        found = bool(view and any(v.findings for v in view.boxes))
        for action in (self._next, self._before):
            action.setEnabled(found)
        unsent = bool(view and view.row.status in UNSENT)
        self._pass.setEnabled(bool(unsent and view and any(c.stops for c in view.checks)))
        self._split.setEnabled(bool(unsent and view and len(view.lines) > 1))
        self._compare.setEnabled(view is not None)

    # --- boxes ----------------------------------------------------------------------------------
    def enter_form(self) -> None:
        """Puts the keyboard on the picture, at the box pointed at or the first one."""
        self._picture.setFocus()
        if self._picture.current() is None and self._view and self._view.boxes:
            filled = next((v for v in self._view.boxes if v.box.text), self._view.boxes[0])
            self._picture.go_to(place_of(filled))

    def step(self, by: int) -> None:
        """The next (1) or previous (-1) box with a finding, round and round."""
        boxes = self._view.boxes if self._view else ()
        wrong = [place_of(v) for v in boxes if v.findings]
        if not wrong:
            return
        now, order = self._picture.current(), [place_of(v) for v in boxes]
        at = order.index(place_of(now)) if now else (-1 if by > 0 else len(order))
        later = [p for p in wrong if (order.index(p) - at) * by > 0]
        rounds = later or wrong
        self._picture.go_to(rounds[0] if by > 0 else rounds[-1])
        self._picture.setFocus()

    def _follow(self, view: BoxView) -> None:
        if view.target is None or self._view is None:
            self._page.notify.emit(NoticeText(f"Box {view.box.name}: {view.comes_from}."))
            return
        self._page.go.emit(jump_to(view.target, self._view.row.patient_id))

    # --- findings -------------------------------------------------------------------------------
    def _go_to_finding(self, check: ClaimCheck) -> None:
        for view in self._view.boxes if self._view else ():
            if view.box.sheet == check.sheet and check.shown in view.findings:
                self._picture.go_to(place_of(view))
                self._picture.setFocus()
                return

    def _let_pass(self, check: ClaimCheck, reason: str) -> None:
        if self._view is None:
            return
        row, edit = self._view.row, check.finding.edit_id
        with guard(self._page, say=self._page.notify.emit) as call:
            self._claims.let_pass(PassEdit(row.claim_id, edit, reason, check.place))
        if call.ok:
            words = f"{edit} passes on claim {row.number}; your reason is kept with it."
            self._page.notify.emit(NoticeText(words))

    # --- versions -------------------------------------------------------------------------------
    def compare(self) -> None:
        """Opens the comparison with the newest other version, or closes it."""
        if self._side.compare.isVisible():
            self.close_comparison()
            return
        if self._view is None:
            return
        with guard(self._page, say=self._page.notify.emit) as call:
            editions = self._claims.editions(self._view.row.claim_id)
        if call.ok and editions:
            self._side.compare.begin(editions)
        elif call.ok:
            words = "There is no other version yet: a sheet is kept each time the claim is printed."
            self._page.notify.emit(NoticeText(words))

    def _compare_with(self, edition: str) -> None:
        if self._view is None:
            return
        with guard(self._page, say=self._page.notify.emit) as call:
            changes = self._claims.compare(self._view.row.claim_id, edition)
        if call.ok:
            self._picture.mark_changed((c.box.sheet, c.box.box_id) for c in changes)
            self._side.compare.show_changes(changes)

    def _show_change(self, change: BoxChange | None) -> None:
        if change is not None and self._side.compare.isVisible():
            self._picture.go_to((change.box.sheet, change.box.box_id))

    def close_comparison(self) -> None:
        """Back to the claim alone."""
        self._side.compare.hide()
        self._picture.mark_changed(())

    # --- splitting ------------------------------------------------------------------------------
    def begin_split(self) -> None:
        """Opens the panel to choose the lines that move."""
        if self._view is not None:
            self._side.split.begin(self._view.lines)

    def _divide(self, line_ids: tuple[int, ...]) -> None:
        if self._view is None:
            return
        number = self._view.row.number
        with guard(self._page, say=self._page.notify.emit) as call:
            key = self._claims.split(self._view.row.claim_id, line_ids)
        if call.ok:
            self._side.split.hide()
            self.divided.emit(key)
            count = len(line_ids)
            lines = f"{count} lines" if count > 1 else "1 line"
            self._page.notify.emit(
                NoticeText(f"{lines} of claim {number} moved to a claim of their own, shown here.")
            )
