"""The list of insurers' checks, and the header of a new one: entered once, top of the EOB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.payment_commands import CheckState, OpenCheck
from app.services.people_commands import SavePayer
from app.ui.form import Form, Slot
from app.ui.pages.patients_figures import GivesWay, Width
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.panel import FigureList, FigureRow, Panel, label
from app.ui.widgets.pill import KeyButton
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

METHODS = (
    Choice("check", "Check", "C"),
    Choice("eft", "EFT", "E"),
    Choice("card", "Virtual card", "V"),
    Choice("eob_only", "EOB only, no money", "N"),
)
_METHOD_WORDS = {"check": "Check", "eft": "EFT", "card": "Card", "eob_only": "EOB only"}
_STATUS = {
    "open": ("open", "warn"),
    "balanced": ("to close", "ok"),
    "closed": ("closed", "neutral"),
    "voided": ("removed", "neutral"),
    "returned": ("returned", "neutral"),
}


def method_word(method: str) -> str:
    """How a kind of payment is called on the screen."""
    return _METHOD_WORDS.get(method, method.capitalize())


def is_open(check: CheckState) -> bool:
    """True while postings may go on it."""
    return check.status in ("open", "balanced")


def takes_claims(check: CheckState) -> bool:
    """True while it is open, or holds money that waits for its claim."""
    return is_open(check) or (check.status == "closed" and check.unapplied_cents > 0)


def _pill(check: CheckState) -> tuple[str, str]:
    if check.status == "closed" and check.unapplied_cents > 0:
        return f"{format_cents(check.unapplied_cents)} waits", "warn"
    return _STATUS[check.status]


def _remaining(check: CheckState) -> str:
    return format_cents(check.remaining_cents) if is_open(check) else ""


COLUMNS: tuple[Column[CheckState], ...] = (
    Column(
        "dated",
        "Dated",
        lambda c: format_date(c.payment_date),
        sort=lambda c: c.payment_date,
        width=108,
    ),
    Column("payer", "Payer", lambda c: c.payer_name, width=0, tooltip=lambda c: c.payer_name),
    Column("number", "Number", lambda c: c.number, width=104),
    Column("method", "Kind", lambda c: method_word(c.method), width=76, muted=True),
    Column(
        "amount",
        "Amount",
        lambda c: format_cents(c.amount_cents),
        sort=lambda c: c.amount_cents,
        numeric=True,
        width=92,
    ),
    Column(
        "remaining",
        "Remaining",
        _remaining,
        sort=lambda c: c.remaining_cents if is_open(c) else None,
        numeric=True,
        width=92,
        look=lambda c: "bad" if is_open(c) and c.remaining_cents else "",
    ),
    Column(
        "status",
        "Status",
        lambda _: "",
        sort=lambda c: c.status,
        width=124,
        pill=_pill,
    ),
)


class _LastField(MoneyEdit):
    """The last field that must be typed: Enter there is done with the form."""

    def takes_enter(self) -> bool:
        """The form leaves Enter alone."""
        return True


class NewCheckForm(Form):
    """Payer, number, date, amount: what stands at the top of the EOB."""

    def __init__(
        self, payers: Callable[[], Sequence[SavePayer]], today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._payers, self._today = payers, today
        payer, amount = SearchField(self._find), _LastField()
        self.add_row(Slot("payer_id", "Payer", payer, 12, needed="Choose the payer."))
        self.add_row(
            Slot("number", "Check or EFT no.", LineField(length=40), 6),
            Slot("payment_date", "Dated", DateEdit(today=today), 6, needed="Type its date."),
        )
        self.add_row(
            Slot("amount_cents", "Amount", amount, 6, needed="Type the amount."),
            Slot("method", "Kind", ChoiceEdit(METHODS, blank=False), 6),
        )
        self.add_row(Slot("received_on", "Deposited", DateEdit(today=today), 6))
        amount.returnPressed.connect(self.submit)  # kind and deposit date are right already
        self.clear_for(None)

    def clear_for(self, last: CheckState | None) -> None:
        """Empty again; payer and kind stay those of the last check."""
        payer = None
        if last is not None and last.payer_id is not None:
            payer = SearchRow(last.payer_id, last.payer_name)
        method = last.method if last is not None and last.method != "eob_only" else "check"
        blank = dict.fromkeys(("number", "payment_date", "amount_cents"))
        self.set_values(
            {**blank, "payer_id": payer, "method": method, "received_on": self._today()}
        )

    def command(self) -> OpenCheck:
        """What was typed."""
        return OpenCheck(**self.values())

    def body(self) -> dict[str, Any]:
        """What was typed, as plain values for a draft."""
        values = self.values()
        for key in ("payment_date", "received_on"):
            values[key] = values[key].isoformat() if values[key] else None
        return values

    def restore(self, body: Mapping[str, Any]) -> None:
        """Takes a draft back."""
        values = dict(body)
        for key in ("payment_date", "received_on"):
            values[key] = date.fromisoformat(values[key]) if values.get(key) else None
        rows = self._rows(p for p in self._payers() if p.payer_id == values.get("payer_id"))
        values["payer_id"] = rows[0] if rows else None
        self.set_values(values)

    def _find(self, text: str) -> Sequence[SearchRow]:
        words = text.casefold().split()
        return self._rows(
            p
            for p in self._payers()
            if p.active
            and all(any(part.startswith(w) for part in p.name.casefold().split()) for w in words)
        )

    def _rows(self, payers: Any) -> list[SearchRow]:
        return [
            SearchRow(
                p.payer_id, p.name, ", ".join(x for x in (p.address.city, p.address.state) if x)
            )
            for p in payers
        ]


_NARROW = 940  # pixels at 100 %
# Kind and status first: what remains tells them.
_WIDTHS = (Width("method", 600), Width("status", 600), Width("number", 480))


class ChecksView(QWidget):
    """The list at the left, the new check at the right.

    Attributes:
        opened: a check was entered from the list; its id.
    """

    opened = Signal(int)

    def __init__(
        self, payers: Callable[[], Sequence[SavePayer]], today: Callable[[], date]
    ) -> None:
        super().__init__()
        self.words = LineField(hint="Payer, number or amount")
        self.words.setAccessibleName("Filter checks")
        self.table = TableView[CheckState](
            COLUMNS,
            lambda c: c.payment_id,
            empty="No checks yet. Type the first one at the right (Ctrl N).",
            name="Checks",
        )
        GivesWay(self.table, COLUMNS, _WIDTHS)
        self.form = NewCheckForm(payers, today)
        self.draft_words = label("", "small", wrap=True)
        self._owed = Panel("Announced takebacks")
        self._owed_rows = FigureList()
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lay_out()
        self.words.edited.connect(lambda: self.table.filter_words(self.words.text()))
        self.table.activated_row.connect(lambda row: self.opened.emit(row.payment_id))
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        left = Panel(flush=True)
        top = QWidget()
        box = self._top = QHBoxLayout(top)
        box.setContentsMargins(dp(8), dp(8), dp(8), dp(8))
        box.addWidget(self.words)
        left.add(top)
        left.add(self.table, 1)
        row.addWidget(left, 1)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(dp(12))
        right.addWidget(self._new_panel())
        right.addWidget(self._owed)
        right.addStretch(1)
        row.addWidget(self._side)
        self.fit_width(0)

    def add_button(self, button: QWidget) -> None:
        """Puts a button beside the filter."""
        self._top.addWidget(button)

    def fit_width(self, width: int) -> None:
        """Gives the list more room where the window is narrow."""
        narrow = width < dp(_NARROW)
        self._side.setFixedWidth(dp(288 if narrow else 320))

    def _new_panel(self) -> Panel:
        panel = Panel("New check", note="Ctrl N")
        panel.add(self.form)
        panel.add(self.draft_words)
        self.draft_words.hide()
        button = KeyButton("Open the check", "F9", primary=True)
        button.clicked.connect(self.form.submit)
        panel.add(button)
        return panel

    def show_checks(self, checks: Sequence[CheckState], owed: Sequence[tuple[str, int]]) -> None:
        """Shows the list, and what payers announced they will take back."""
        self.table.set_rows(checks)
        if checks and self.table.row() is None:
            self.table.selectRow(0)
        self._owed_rows.show_rows([FigureRow(name, format_cents(cents)) for name, cents in owed])
        self._owed.setVisible(bool(owed))

    def new_check(self) -> None:
        """Puts the cursor at the top of the new check."""
        self.form.go_to("payer_id")
