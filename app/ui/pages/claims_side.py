"""Beside the claim's picture: what is wrong, what happened so far, and the way to correct it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.services.claim_commands import ClaimView
from app.ui.form import Form, Slot
from app.ui.pages.claims_box import BoxPanel
from app.ui.pages.claims_compare import ComparePanel, SplitPanel
from app.ui.pages.claims_found import FoundPanel
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import FigureList, FigureRow, Panel, label
from app.ui.widgets.pill import Pill

STATUS_ROLE = {
    "ready": "ok",
    "held": "warn",
    "printed": "warn",
    "submitted": "neutral",
    "accepted": "neutral",
    "rejected": "bad",
    "denied": "bad",
    "paid": "ok",
    "partially_paid": "warn",
    "appealed": "warn",
    "replaced": "neutral",
    "voided": "neutral",
    "closed": "neutral",
}
UNSENT = ("ready", "held")
STATUS_WORD = {
    "submitted": "out",
    "partially_paid": "part paid",
    "printed": "printed, to confirm",
}


def status_word(status: str) -> str:
    """How a status reads on the screen."""
    return STATUS_WORD.get(status, status)


class ClaimSide(QWidget):
    """The right column of the claims page."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(16))
        self._facts_panel = Panel("Claim")
        self._pill = Pill("ready", "ok")
        self._facts_panel.add_beside_title(self._pill)
        self._facts = FigureList()
        self._facts_panel.add(self._facts)
        self.found = FoundPanel()
        self._life = Panel("Life of this claim")
        self._steps = QGridLayout()
        self._steps.setHorizontalSpacing(dp(12))
        self._steps.setVerticalSpacing(dp(6))
        self._steps.setColumnStretch(1, 1)
        self._life.body.addLayout(self._steps)
        self.correction = CorrectionPanel()
        self.correction.hide()
        self.box, self.compare, self.split = BoxPanel(), ComparePanel(), SplitPanel()
        panels = (self.box, self._facts_panel, self.correction, self.split)
        for panel in (*panels, self.found, self._life):
            column.addWidget(panel)
        column.addStretch(1)

    def show_claim(self, view: ClaimView | None) -> None:
        """Shows one claim, or nothing."""
        for panel in (self._facts_panel, self._life):
            panel.setVisible(view is not None)
        self.found.show_checks(
            view.checks if view else (), sent=bool(view and view.row.status not in UNSENT)
        )
        if view is None:
            return
        row = view.row
        self._facts_panel.set_title(f"Claim {row.number}")
        self._pill.show_status(status_word(row.status), STATUS_ROLE[row.status])
        rows = [
            FigureRow("Service", format_date(row.service_date)),
            FigureRow("Charges", format_cents(row.total_cents)),
            FigureRow("Open with payer", format_cents(row.open_cents), "total"),
        ]
        if row.follow_up_on:
            rows.insert(1, FigureRow("Follow up", format_date(row.follow_up_on)))
        self._facts.show_rows(rows)
        self._show_steps(view)

    def _show_steps(self, view: ClaimView) -> None:
        _clear(self._steps)
        for number, step in enumerate(view.steps):
            self._steps.addWidget(label(format_short(step.on_date), "muted"), number, 0)
            words = status_word(step.to_status) + (f" – {step.note}" if step.note else "")
            text = label(words, "", wrap=True)
            text.setToolTip(f"{step.user}, {step.at.astimezone():%m/%d/%Y %H:%M}")
            self._steps.addWidget(text, number, 1)


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


class CorrectionPanel(Panel):
    """Makes a corrected, void or fresh claim of the one shown.

    Attributes:
        wanted: frequency code and the payer's own claim number.
    """

    wanted = Signal(str, str)

    KINDS = (
        Choice("7", "7 – corrected claim", "7"),
        Choice("8", "8 – void the claim", "8"),
        Choice("1", "1 – send again as new", "1"),
    )

    def __init__(self) -> None:
        super().__init__("Send a correction")
        self._form = Form()
        kind = ChoiceEdit(self.KINDS, blank=False)
        self._form.add_row(Slot("frequency", "Kind (box 22)", kind, 12))
        self._form.add_row(Slot("reference", "Payer's claim number", LineField(), 12))
        self._form.submitted.connect(self._submit)
        make = QPushButton("Make the claim")
        make.setProperty("look", "primary")
        make.setToolTip("Make the claim (F9)")
        make.clicked.connect(self._form.submit)
        self.add(self._form)
        self.add(make)

    def begin(self, reference: str, status: str = "") -> None:
        """Opens with the payer's claim number as far as it is known.

        A rejected claim was never decided on: it goes out again as a new one.
        """
        again = status == "rejected"
        self._form.clear_findings()
        self._form.set_values({"frequency": "1" if again else "7", "reference": reference})
        self.show()
        self._form.go_to("frequency" if again or reference else "reference")

    def _submit(self) -> None:
        values = self._form.values()
        self.wanted.emit(values["frequency"], values["reference"] or "")
