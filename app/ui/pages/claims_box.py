"""The box pointed at: what it says, what is wrong with it, and the way to what feeds it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.claim_boxes import BoxTarget, BoxView, Feed
from app.domain.findings import Severity
from app.ui.page import Go
from app.ui.theme import dp, mono_font
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import KeyButton, Pill

_SECTIONS = {
    Feed.PAYER: "payers",
    Feed.PRACTICE: "practice",
    Feed.PROVIDER: "providers",
    Feed.FACILITY: "facilities",
    Feed.REFERRING: "referring",
}


def jump_to(target: BoxTarget, patient_id: int) -> Go:
    """The page and field a box is fed from."""
    match target.feed:
        case Feed.PATIENT:
            return Go("patients", ("field", target.row_id, target.field))
        case Feed.POLICY:
            return Go("patients", ("policy", patient_id, target.row_id, target.field))
        case Feed.ACCOUNT:
            return Go("patients", ("account", target.row_id))
        case Feed.ENCOUNTER:
            return Go("encounters", ("field", target.row_id, target.field))
    return Go("setup", (_SECTIONS[target.feed], target.row_id, target.field))


class BoxPanel(Panel):
    """Hidden until a box is pointed at.

    Attributes:
        wanted: the box's source is to be opened; carries the ``BoxView``.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Box")
        self._view: BoxView | None = None
        self._pill = Pill("to fix", "bad")
        self.add_beside_title(self._pill)
        self._text = label("", "", wrap=True)
        self._text.setFont(mono_font(dp(14)))
        self._text.setStyleSheet(f"font-family: '{self._text.font().family()}';")
        self._wrong = QVBoxLayout()
        self._wrong.setSpacing(dp(4))
        holder = QWidget()
        holder.setLayout(self._wrong)
        self._wrong.setContentsMargins(0, 0, 0, 0)
        self._words = label("", "muted", wrap=True)
        self.go = KeyButton("Go to the field", "Return", primary=True)
        self.go.clicked.connect(self._go)
        for part in (self._text, holder, self._words):
            self.add(part)
        self.body.addWidget(self.go)
        self.hide()

    def show_box(self, view: BoxView | None) -> None:
        """Shows a box, or nothing."""
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        self.set_title(f"Box {view.box.name}" if view.box.item != "carrier" else view.box.name)
        self._show_findings(view)
        self._text.setText(view.box.text or "blank")
        self._words.setText(f"Comes from: {view.comes_from}")
        self.go.setVisible(view.target is not None)

    def _show_findings(self, view: BoxView) -> None:
        errors = any(f.severity is Severity.ERROR for f in view.findings)
        self._pill.show_status("to fix" if errors else "look", "bad" if errors else "warn")
        self._pill.setVisible(bool(view.findings))
        while (item := self._wrong.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in view.findings:
            self._wrong.addWidget(label(finding.message, "", wrap=True))

    def _go(self) -> None:
        if self._view is not None:
            self.wanted.emit(self._view)
