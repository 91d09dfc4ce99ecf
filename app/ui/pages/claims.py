"""Claims: the list, the claim as a picture of the form, its life, and printing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import format_short
from app.services.claim_commands import ClaimRow, ClaimView, NewClaim
from app.services.claims import ClaimService
from app.ui.guard import guard
from app.ui.page import Go, Page
from app.ui.pages.claims_bar import ConfirmBar, FilterBar
from app.ui.pages.claims_side import ClaimSide, status_word
from app.ui.printout import PrintOut
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.pages_view import PagesView
from app.ui.widgets.panel import Panel, scrolled

COLUMNS: tuple[Column[ClaimRow], ...] = (
    Column("number", "Claim", lambda r: r.number, width=76),
    Column(
        "patient",
        "Patient",
        lambda r: r.patient_name,
        width=0,
        tooltip=lambda r: f"{r.patient_name}, {r.payer}, service {format_short(r.service_date)}",
    ),
    Column("payer", "Payer", lambda r: r.payer, width=124, muted=True),
)


class ClaimsPage(Page):
    """Ctrl+P prints the claim shown; Enter says that the sheet is good."""

    NAME = "claims"
    TITLE = "Claims"
    WATCHES = frozenset(
        {"claim", "encounter", "patient", "policy", "payer", "practice", "provider"}
    )

    def __init__(self, claims: ClaimService, out: PrintOut) -> None:
        super().__init__()
        self._claims, self._out = claims, out
        self._view: ClaimView | None = None
        self._filter = FilterBar()
        self._words = LineField(hint="Number, name or payer")
        self._words.setAccessibleName("Filter claims")
        self._list = TableView[ClaimRow](
            COLUMNS, lambda r: r.claim_id, empty="No claims here.", name="Claims", many=True
        )
        self._picture, self._side, self._confirm = PagesView(), ClaimSide(), ConfirmBar()
        self._make_actions()
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        add = make_action
        self._print = add(self, "Print", "Ctrl+P", self.print_chosen, tip="Print on red stock")
        self._print_all = add(self, "Print all ready", "Ctrl+Shift+P", self.print_ready)
        self._plain = add(self, "Print with the form drawn", "Ctrl+Alt+P", self.print_plain)
        self._reprint = add(self, "Print again", "Ctrl+R", self.reprint)
        self._correct = add(self, "Correct or void", "F4", self.begin_correction)
        self._accept = add(self, "Payer has it", "Ctrl+Shift+A", lambda: self._mark("accepted"))
        self._reject = add(
            self, "Came back rejected", "Ctrl+Shift+J", lambda: self._mark("rejected")
        )
        self._appeal = add(self, "Appealed", "Ctrl+Shift+L", lambda: self._mark("appealed"))
        self._hold = add(self, "Hold or release", "Ctrl+H", self.hold_or_release)
        self._encounter = add(self, "Open the encounter", "Ctrl+E", self.open_encounter)
        self._find = add(self, "Filter the list", "Ctrl+F", self._words.setFocus)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        left = Panel(flush=True)
        top = QWidget()
        box = QVBoxLayout(top)
        box.setContentsMargins(dp(8), dp(8), dp(8), dp(8))
        box.addWidget(self._words)
        left.add(top)
        left.add(self._list, 1)
        row.addWidget(left, 4)
        middle = QVBoxLayout()
        middle.setSpacing(dp(8))
        middle.addWidget(self._confirm)
        middle.addWidget(self._picture, 1)
        row.addLayout(middle, 6)
        right = QVBoxLayout()
        right.addWidget(scrolled(self._side), 1)
        right.addLayout(self._buttons())
        row.addLayout(right, 3)
        self.setFocusProxy(self._list)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(dp(8))
        row.addStretch(1)
        row.addWidget(button_for(self._correct))
        row.addWidget(button_for(self._print, primary=True))
        return row

    def _connect(self) -> None:
        self._filter.picked.connect(lambda _key: self.refresh())
        self._words.edited.connect(self.refresh)
        self._list.current_row.connect(self._show)
        self._confirm.good.connect(self.confirm_printed)
        self._confirm.spoiled.connect(self.unprint)
        self._side.correction.wanted.connect(self._make_correction)

    def header_widget(self) -> QWidget:
        """The states with their counts, beside the title."""
        return self._filter

    def refresh(self) -> None:
        """Reads counts, list and the claim shown again."""
        with guard(self, say=self.notify.emit):
            counts = self._claims.counts()
            self._filter.show_counts(counts)
            statuses = self._filter.statuses()
            rows = self._claims.list_claims(statuses, self._words.text())
            self._list.set_rows(rows)
            self.counted.emit(counts.get("ready", 0) + counts.get("printed", 0))
            self.title_changed.emit(self.TITLE, "")
            if self._list.row() is None and rows:
                self._list.selectRow(0)
            self._show(self._list.row())

    def open(self, target: object) -> None:
        """A claim's id, or ``("show", state)`` from Today."""
        if isinstance(target, int):
            self.refresh()
            self._show_claim(target)
        elif isinstance(target, tuple) and target[0] == "show":
            self._filter.choose("out" if target[1] == "follow_up" else str(target[1]))
            self.refresh()

    def _show_claim(self, claim_id: int) -> None:
        self._words.set_value("")
        if not self._list.select_key(claim_id):
            self._filter.choose("all")
            self.refresh()
            self._list.select_key(claim_id)

    def _show(self, row: ClaimRow | None) -> None:
        self._view = None
        if row is not None:
            with guard(self, say=self.notify.emit):
                self._view = self._claims.show(row.claim_id)
        view = self._view
        self._picture.show_pdf(view.picture_pdf if view else b"")
        self._side.show_claim(view)
        self._side.correction.hide()
        self._show_possible(view)

    def _show_possible(self, view: ClaimView | None) -> None:
        status = view.row.status if view else ""
        printed = bool(view and view.versions)
        self._print.setEnabled(status in ("ready", "printed"))
        self._plain.setEnabled(status in ("ready", "printed"))
        self._reprint.setEnabled(printed)
        self._correct.setEnabled(printed and status not in ("ready", "printed"))
        self._hold.setEnabled(status in ("ready", "held"))
        self._accept.setEnabled(status == "submitted")
        self._reject.setEnabled(status in ("submitted", "accepted"))
        self._appeal.setEnabled(status in ("denied", "partially_paid"))
        if view and status == "printed":
            self._confirm.ask(view.row.number, view.sheets)
        else:
            self._confirm.hide()

    # --- printing ---------------------------------------------------------------------------
    def print_chosen(self) -> None:
        """Prints the chosen ready claims, data only for red stock."""
        self._print_claims([r.claim_id for r in self._list.chosen()])

    def print_plain(self) -> None:
        """Prints with our own drawing of the form, for payers that take plain paper."""
        self._print_claims([r.claim_id for r in self._list.chosen()], whole_form=True)

    def print_ready(self) -> None:
        """Prints every ready claim in one go."""
        ready = self._claims.list_claims(("ready",))
        self._print_claims([r.claim_id for r in reversed(ready)])

    def _print_claims(self, claim_ids: Sequence[int], *, whole_form: bool = False) -> None:
        if not claim_ids:
            self.notify.emit(NoticeText("No claim is ready to print."))
            return
        with guard(self, say=self.notify.emit) as call:
            batch = self._claims.print_claims(claim_ids, whole_form=whole_form)
        if not call.ok:
            return
        count = len(batch.numbers)
        words = f"{count} claim{'s' if count > 1 else ''} on {batch.sheets} sheet" + (
            "s." if batch.sheets > 1 else "."
        )

        def undo() -> None:
            self._unprint(batch.claim_ids)

        def told(where: str) -> None:
            self.notify.emit(NoticeText(f"{words} {where}", undo=undo, word="Spoiled"))

        self._filter.choose("printed")
        self.refresh()
        self._list.select_key(batch.claim_ids[0])
        self._out.put(batch.pdf, "claims", told)

    def confirm_printed(self) -> None:
        """Her word that the sheet shown, or every chosen one, is good: the claims are out."""
        ids = self._printed_chosen()
        with guard(self, say=self.notify.emit) as call:
            self._claims.confirm_printed(ids)
        if call.ok:
            count = len(ids)
            self.notify.emit(NoticeText(f"{count} claim{'s are' if count > 1 else ' is'} out."))
            if not self._claims.counts().get("printed"):
                self._filter.choose("ready")
            self.refresh()

    def unprint(self) -> None:
        """The sheet was spoiled."""
        self._unprint(self._printed_chosen())

    def _printed_chosen(self) -> list[int]:
        chosen = [r.claim_id for r in self._list.chosen() if r.status == "printed"]
        shown = [self._view.row.claim_id] if self._view else []
        return chosen or shown

    def _unprint(self, claim_ids: Sequence[int]) -> None:
        with guard(self, say=self.notify.emit) as call:
            self._claims.unprint(claim_ids)
        if call.ok:
            self.notify.emit(NoticeText("Ready to print again; the spoiled sheet stays on record."))
            self._filter.choose("ready")
            self.refresh()

    def reprint(self) -> None:
        """The very bytes that were printed."""
        if self._view is None:
            return
        with guard(self, say=self.notify.emit) as call:
            pdf = self._claims.reprint(self._view.row.claim_id)
        if call.ok:
            self._out.put(pdf, "claims", lambda words: self.notify.emit(NoticeText(words)))

    # --- the claim's life -------------------------------------------------------------------
    def begin_correction(self) -> None:
        """Opens the panel for a corrected, void or fresh claim."""
        if self._view is not None:
            self._side.correction.begin(self._view.payer_claim_number)

    def _make_correction(self, frequency: str, reference: str) -> None:
        view = self._view
        if view is None:
            return
        with guard(self, say=self.notify.emit) as call:
            key = self._claims.new_claim(
                NewClaim(
                    encounter_id=view.encounter_id,
                    policy_id=view.policy_id,
                    frequency=frequency,
                    replaces_id=view.row.claim_id,
                    original_reference=reference,
                )
            )
        if call.ok:
            self._side.correction.hide()
            self._show_claim(key)
            self.notify.emit(NoticeText("The new claim is ready to print (Ctrl P)."))

    def _mark(self, status: str) -> None:
        if self._view is None:
            return
        with guard(self, say=self.notify.emit) as call:
            self._claims.set_status(self._view.row.claim_id, status)
        if call.ok:
            number = self._view.row.number
            self.notify.emit(NoticeText(f"Claim {number} is {status_word(status)}."))

    def hold_or_release(self) -> None:
        """Sets a ready claim aside, or takes it up again."""
        if self._view is not None:
            self._mark("held" if self._view.row.status == "ready" else "ready")

    def open_encounter(self) -> None:
        """Jumps to the encounter the claim was made of."""
        if self._view is not None:
            self.go.emit(Go("encounters", self._view.encounter_id))
