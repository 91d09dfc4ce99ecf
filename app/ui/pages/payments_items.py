"""What opens above the grid on demand: a provider-level item, the header, the list of reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.books import CheckItem, Disposition
from app.domain.findings import Finding
from app.services.payment_commands import AddCheckItem, CheckState, EditCheck
from app.services.posting_commands import Reason
from app.ui.form import Form, Slot
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.panel import Panel, label
from app.ui.widgets.pill import KeyButton
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

ITEM_WORDS = {
    CheckItem.INTEREST: "Interest",
    CheckItem.CAPITATION: "Capitation",
    CheckItem.WITHHOLD_RETURN: "Withhold returned",
    CheckItem.UNAPPLIED: "Unapplied",
    CheckItem.FORWARD_BALANCE: "Forward balance (will be taken later)",
    CheckItem.WITHHOLDING: "Withheld for an earlier overpayment",
    CheckItem.LEVY: "Levy",
    CheckItem.AGENCY_FEE: "Collection agency's fee",
}
_LETTERS = "ICRUFWLA"
# Items that take money off the check; she types the amount as it is printed, without a sign.
_OFF = frozenset({CheckItem.WITHHOLDING, CheckItem.LEVY, CheckItem.AGENCY_FEE})


class _Inline(Panel):
    """A panel with a form, closed by Esc.

    Attributes:
        closed: Esc or Close; nothing was done.
    """

    closed = Signal()

    def __init__(self, title: str, save: str) -> None:
        super().__init__(title)
        self.form = Form(submit_keys=())  # F9 and Ctrl+Enter come from the page
        self.add(self.form)
        close = KeyButton("Close", "Esc")
        close.clicked.connect(self.closed)
        done = KeyButton(save, "F9", primary=True)
        done.clicked.connect(self.form.submit)
        self.add_action(close)
        self.add_action(done)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class ItemPanel(_Inline):
    """Interest, money withheld, forward balances, levies, unapplied.

    Attributes:
        wanted: an ``AddCheckItem`` without its check.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("An item of the whole check", "Add it")
        kinds = [
            Choice(kind, words, key) for (kind, words), key in zip(_WORDS, _LETTERS, strict=True)
        ]
        self.form.add_row(
            Slot("kind", "What", ChoiceEdit(kinds, blank=False), 4),
            Slot("amount_cents", "Amount", MoneyEdit(), 2, needed="Type the amount."),
            Slot("code", "Code on the EOB", CodeEdit(length=10), 2),
            Slot("note", "Note", LineField(length=120), 4),
        )
        self.form.submitted.connect(self._submit)

    def begin(self, kind: CheckItem, remaining: int) -> None:
        """Opens for a kind of item; unapplied begins with all that remains (cents)."""
        unapplied = kind is CheckItem.UNAPPLIED
        amount = remaining if unapplied and remaining > 0 else None
        self.form.set_values({"kind": kind, "amount_cents": amount, "code": "", "note": ""})
        self.show()
        self.form.go_to("amount_cents" if unapplied else "kind")

    def _submit(self) -> None:
        values = self.form.values()
        kind, note = values["kind"], values["note"]
        if kind is CheckItem.UNAPPLIED and not note:
            self.form.show_findings(
                [Finding("note", "Say what this money waits for, so that it can be placed later.")]
            )
            return
        cents = -values["amount_cents"] if kind in _OFF else values["amount_cents"]
        self.wanted.emit(AddCheckItem(0, kind, cents, values["code"], note))


_WORDS = tuple(ITEM_WORDS.items())


class HeaderPanel(_Inline):
    """Corrects number, date and amount of an open check.

    Attributes:
        wanted: an ``EditCheck``.
    """

    wanted = Signal(object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("Correct the header", "Save")
        self._payment = 0
        self.form.add_row(
            Slot("number", "Check or EFT number", LineField(length=40), 4),
            Slot("payment_date", "Dated", DateEdit(today=today), 3, needed="Type its date."),
            Slot("amount_cents", "Amount", MoneyEdit(), 3, needed="Type the amount."),
        )
        self.form.submitted.connect(self._submit)

    def begin(self, check: CheckState) -> None:
        """Opens with what the header says now."""
        self._payment = check.payment_id
        self.form.set_values(
            {
                "number": check.number,
                "payment_date": check.payment_date,
                "amount_cents": check.amount_cents,
            }
        )
        self.show()
        self.form.go_to("amount_cents")

    def _submit(self) -> None:
        self.wanted.emit(EditCheck(self._payment, **self.form.values()))


_DOES = {
    Disposition.WRITEOFF: "write off",
    Disposition.TRANSFER: "next party",
    Disposition.HOLD: "hold",
    Disposition.INFO: "no posting",
}


class ReasonBar(QWidget):
    """Finds a reason by number or by its words (F3).

    Attributes:
        picked: the reason as it is typed, ``CO-16``.
        closed: Esc; nothing was picked.
    """

    picked = Signal(object)
    closed = Signal()

    def __init__(self, reasons: Callable[[], Sequence[Reason]]) -> None:
        super().__init__()
        self._reasons = reasons
        row = QHBoxLayout(self)
        self.field = SearchField(self._find, keep=False, hint="16, or a word such as authorization")
        self.field.setAccessibleName("Reason")
        row.addWidget(label("Reason", "label"))
        row.addWidget(self.field, 1)
        close = QPushButton("Close")
        close.setProperty("look", "link")
        close.setToolTip("Close (Esc)")
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self.field.chosen.connect(self.picked)
        self.hide()

    def begin(self) -> None:
        """Opens empty."""
        self.field.set_value(None)
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _find(self, text: str) -> Sequence[SearchRow]:
        words = text.casefold().replace("-", " ").split()
        found = [r for r in self._reasons() if all(_matches(r, word) for word in words)]
        found.sort(key=lambda r: r.carc.casefold() not in words)
        return [
            SearchRow(f"{r.group}-{r.carc}", f"{r.group}-{r.carc}", r.wording, _DOES[r.disposition])
            for r in found[:20]
        ]


def _matches(reason: Reason, word: str) -> bool:
    group, carc = reason.group.casefold(), reason.carc.casefold()
    if word == group or carc.startswith(word) or (group + carc).startswith(word):
        return True
    return any(part.startswith(word) for part in reason.wording.casefold().split())
