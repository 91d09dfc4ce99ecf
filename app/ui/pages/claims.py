"""Claims: the list, the claim as a picture of the form, its life, and printing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import format_short
from app.services.claim_commands import ClaimRow, ClaimView, NewClaim
from app.services.claims import ClaimService
from app.services.packets import PacketService
from app.ui.guard import guard, tell
from app.ui.jobs import Jobs
from app.ui.page import Go, Page
from app.ui.pages.claims_bar import ConfirmBar, FilterBar
from app.ui.pages.claims_form import ClaimForm
from app.ui.pages.claims_mail import ClaimMail, add_mail_actions
from app.ui.pages.claims_printing import ClaimPrinting
from app.ui.pages.claims_side import ClaimSide, status_word
from app.ui.printout import PrintOut
from app.ui.runs import AT_ONCE
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.form_picture import FormPicture
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel, scrolled

MOST_AT_ONCE = 5000  # claims in one run
TURN_MS = 30  # between the list and the picture after a long run: each takes some of the 50 ms
COLUMNS: tuple[Column[ClaimRow], ...] = (
    Column("number", "Claim", lambda r: r.number, width=84),
    Column(
        "patient",
        "Patient",
        lambda r: r.patient_name,
        width=0,
        tooltip=lambda r: f"{r.patient_name}, {r.payer}, service {format_short(r.service_date)}",
    ),
    Column("payer", "Payer", lambda r: r.payer, width=100, muted=True),
)
_PAYER = 2  # its column


class ClaimsPage(Page):
    """Ctrl+P prints the claim shown; Enter says that the sheet is good."""

    NAME = "claims"
    TITLE = "Claims"
    WATCHES = frozenset(
        {"claim", "claim_override", "encounter", "patient", "policy", "payer", "practice"}
        | {"provider"}
    )

    def __init__(
        self,
        claims: ClaimService,
        out: PrintOut,
        jobs: Jobs | None = None,
        packets: PacketService | None = None,
    ) -> None:
        super().__init__()
        self._claims = claims
        self._mail = ClaimMail(packets, out, jobs, self) if packets else None
        self._printing = ClaimPrinting(claims, out, jobs, self, self._mail)
        self._view: ClaimView | None = None
        self._filter = FilterBar()
        self._words = LineField(hint="Number, name or payer")
        self._words.setAccessibleName("Filter claims")
        self._list = TableView[ClaimRow](
            COLUMNS, lambda r: r.claim_id, empty="No claims here.", name="Claims", many=True
        )
        self._picture, self._side, self._confirm = FormPicture(), ClaimSide(), ConfirmBar()
        self._make_actions()
        self._form = ClaimForm(self, claims, self._picture, self._side)
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        add = make_action
        self._print = add(
            self,
            "Print",
            "Ctrl+P",
            self.print_chosen,
            tip="Print on the paper that the payer takes",
        )
        self._print_all = add(self, "Print all ready", "Ctrl+Shift+P", self.print_ready)
        self._plain = add(self, "Print with the form drawn", "Ctrl+Alt+P", self.print_plain)
        self._image = add(self, "Print image (text file)", "", self.print_image)
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
        if self._mail is not None:
            add_mail_actions(self, self._mail, self._chosen_ids)

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
        row.addWidget(left, 7)
        middle = QVBoxLayout()
        middle.setSpacing(dp(8))
        middle.addWidget(self._confirm)
        middle.addWidget(self._picture, 1)
        middle.addWidget(self._side.compare)
        row.addLayout(middle, 10)
        right = QVBoxLayout()
        right.addWidget(scrolled(self._side), 1)
        right.addLayout(self._buttons())
        row.addLayout(right, 6)
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
        self._form.divided.connect(self._show_claim)
        if self._mail is not None:
            self._mail.said.connect(self.notify)
            self._mail.broke.connect(lambda error: tell(error, self, say=self.notify.emit))
        self._printing.said.connect(self.notify)
        self._printing.broke.connect(lambda error: tell(error, self, say=self.notify.emit))
        self._printing.printed.connect(self._show_printed)
        self._printing.taken_back.connect(self._show_taken_back)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list has room for number and patient only."""
        super().resizeEvent(event)
        self._list.setColumnHidden(_PAYER, self.width() < dp(960))

    def header_widget(self) -> QWidget:
        """The states with their counts, beside the title."""
        return self._filter

    def commands(self) -> Sequence[QAction]:
        """Every action of the page, those without a key too."""
        return self.actions()

    def refresh(self) -> None:
        """Reads counts, list and the claim shown again; after a long run, once, at its end."""
        if not self._printing.running:
            self._read()

    def _read(self, wanted: int | None = None, *, in_turns: bool = False) -> None:
        """Reads the list, puts the cursor on ``wanted`` and shows it; in the next turn if asked."""
        with guard(self, say=self.notify.emit):
            counts = self._claims.counts()
            self._filter.show_counts(counts)
            rows = self._claims.list_claims(self._filter.statuses(), self._words.text())
            with QSignalBlocker(self._list):  # each claim is shown once, below
                self._list.set_rows(rows)
                if wanted is not None:
                    self._list.select_key(wanted)
                if self._list.row() is None and rows:
                    self._list.selectRow(0)
            self.counted.emit(counts.get("ready", 0) + counts.get("printed", 0))
            self.title_changed.emit(self.TITLE, "")
            if in_turns:
                QTimer.singleShot(TURN_MS, self, lambda: self._show(self._list.row()))
            else:
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
        self._form.show_claim(view)
        self._side.show_claim(view)
        self._side.correction.hide()
        self._show_possible(view)

    def _show_possible(self, view: ClaimView | None) -> None:
        status = view.row.status if view else ""
        printed = bool(view and view.versions)
        self._print.setEnabled(status in ("ready", "printed"))
        self._plain.setEnabled(status in ("ready", "printed"))
        self._image.setEnabled(status == "ready")
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
        """Prints the chosen ready claims, each on the paper that its payer takes."""
        self._print_claims([r.claim_id for r in self._list.chosen()])

    def print_plain(self) -> None:
        """Prints with our own drawing of the form, for payers that take plain paper."""
        self._print_claims([r.claim_id for r in self._list.chosen()], whole_form=True)

    def print_ready(self) -> None:
        """Prints every ready claim in one go."""
        ready = self._claims.list_claims(("ready",), limit=MOST_AT_ONCE)
        ids: Sequence[int] = [r.claim_id for r in reversed(ready)]
        self._print_claims(self._mail.in_order(ids) if self._mail else ids)

    def print_image(self) -> None:
        """The chosen ready claims as a text file, which some clearinghouses take."""
        ids = [r.claim_id for r in self._list.chosen() if r.status == "ready"]
        with guard(self, say=self.notify.emit):
            self._printing.print_image(ids)

    def _print_claims(self, claim_ids: Sequence[int], *, whole_form: bool | None = None) -> None:
        self._printing.print_claims(claim_ids, whole_form)

    def _show_printed(self, claim_ids: list[int]) -> None:
        self._filter.choose("printed")
        self._read(claim_ids[0], in_turns=len(claim_ids) > AT_ONCE)

    def _show_taken_back(self, claim_ids: list[int]) -> None:
        if claim_ids:
            words = "Ready to print again; the spoiled sheet stays on record."
            self.notify.emit(NoticeText(words))
            self._filter.choose("ready")
        self.refresh()

    def confirm_printed(self) -> None:
        """Her word that the sheet shown, or every chosen one, is good: the claims are out."""
        ids = self._printed_chosen()

        def done() -> None:
            count = len(ids)
            self.notify.emit(NoticeText(f"{count} claim{'s are' if count > 1 else ' is'} out."))
            if not self._claims.counts().get("printed"):
                self._filter.choose("ready")
            self.refresh()

        self._printing.confirm(ids, done)

    def unprint(self) -> None:
        """The sheet was spoiled."""
        self._printing.take_back(self._printed_chosen())

    def _chosen_ids(self) -> list[int]:
        return [r.claim_id for r in self._list.chosen()]

    def _printed_chosen(self) -> list[int]:
        chosen = [r.claim_id for r in self._list.chosen() if r.status == "printed"]
        shown = [self._view.row.claim_id] if self._view else []
        return chosen or shown

    def reprint(self) -> None:
        """The very sheets that were printed."""
        if self._view is not None:
            with guard(self, say=self.notify.emit):
                self._printing.reprint(self._view.row.claim_id)

    # --- the claim's life -------------------------------------------------------------------
    def begin_correction(self) -> None:
        """Opens the panel for a corrected, void or fresh claim."""
        if self._view is not None:
            view = self._view
            self._side.correction.begin(view.payer_claim_number, view.row.status)

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
