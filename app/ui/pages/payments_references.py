"""The line under the grid: what the EOB says of the claim as a whole, and the claim's buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.pages.payments_entry import ClaimEntry
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.panel import label


class ReferenceLine(QWidget):
    """The payer's claim number, remark codes, and the claim's total to check the lines by.

    Attributes:
        edited: one of them was typed.
        done: Enter in one of them.
        buttons: room for the claim's buttons.
    """

    edited = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.number, self.remarks = LineField(length=30), LineField(length=60)
        self.total = MoneyEdit()
        self.buttons = QHBoxLayout()
        self._captions: dict[QWidget, QWidget] = {}
        self._tiny = self._together = False
        row = QHBoxLayout(self)
        row.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        row.setSpacing(dp(8))
        for words, tip, field, width in (
            ("Payer's claim no.", "", self.number, 150),
            ("Remarks", "Remark codes of the EOB", self.remarks, 110),
            ("EOB total", "What the EOB says is paid on the whole claim", self.total, 92),
        ):
            caption = label(words, "label")
            caption.setBuddy(field)
            field.setAccessibleName(words)
            field.setToolTip(tip)
            field.setMaximumWidth(dp(width))
            field.edited.connect(self.edited)
            field.returnPressed.connect(self.done)
            self._captions[field] = caption
            row.addWidget(caption)
            row.addWidget(field)
        row.addStretch(1)
        self.buttons.setSpacing(dp(8))
        row.addLayout(self.buttons)

    def show_claim(self, entry: ClaimEntry | None) -> None:
        """What is known of a claim; None while several are keyed together."""
        self._together = entry is None
        if entry is not None:
            self.number.set_value(entry.reference)
            self.remarks.set_value(entry.remarks)
            self.total.set_value(entry.said_paid)
        self._place()

    def set_tiny(self, tiny: bool) -> None:
        """Puts the captions inside the fields where there is no room beside them."""
        self._tiny = tiny
        for field in (self.number, self.remarks, self.total):
            field.setPlaceholderText(field.accessibleName() if tiny else "")
        self._place()

    def _place(self) -> None:
        for field, caption in self._captions.items():
            field.setVisible(not self._together)
            caption.setVisible(not self._together and not self._tiny)

    def take(self, entry: ClaimEntry) -> None:
        """Hands what is typed to the claim."""
        entry.reference, entry.remarks = self.number.value(), self.remarks.value()
        entry.said_paid = self.total.value()
