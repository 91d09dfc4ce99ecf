"""Beside the statement: why it is due or not, how old the debt is, what was sent, holds, plans."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.account_standing import AGE_TITLES
from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.domain.statements import HOLD_WORDS
from app.services.statement_commands import (
    HoldRow,
    PlanRow,
    SentRow,
    StatementAccount,
    StatementRow,
)
from app.ui.pages.statements_lists import SENT_WORD, status_of
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.panel import FigureList, FigureRow, Panel, label
from app.ui.widgets.pill import Pill

HISTORY_ROWS = 5  # more scroll


def _what(row: SentRow) -> str:
    return f"{SENT_WORD[row.kind]} {row.number}" if row.kind == "statement" else SENT_WORD[row.kind]


def _told(row: SentRow) -> str:
    words = f"Sent by {row.user}, to be paid by {format_date(row.due_on)}"
    return f"{words}. Taken back: {row.voided_why}" if row.voided_at else words


HISTORY: tuple[Column[SentRow], ...] = (
    Column("on", "Sent", lambda r: format_short(r.printed_on), width=92, tooltip=_told),
    Column(
        "what",
        "What",
        _what,
        width=0,
        tooltip=_told,
        look=lambda r: "muted" if r.voided_at else "",
    ),
    Column(
        "amount",
        "Asked for",
        lambda r: "taken back" if r.voided_at else format_cents(r.amount_cents),
        numeric=True,
        width=92,
        look=lambda r: "muted" if r.voided_at else "",
    ),
)


class AgingStrip(QWidget):
    """Five ages side by side, figures under them, as on the statement."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, dp(4), 0, 0)
        grid.setHorizontalSpacing(dp(4))
        grid.setVerticalSpacing(dp(2))
        self._cells = []
        for column, title in enumerate(AGE_TITLES):
            short = title.replace(" days", "").replace("Over 120", "120+")
            for row, part in enumerate((label(short, "small"), label("", "label"))):
                part.setAlignment(Qt.AlignmentFlag.AlignRight)
                grid.addWidget(part, row, column)
                if row:
                    self._cells.append(part)
            grid.setColumnStretch(column, 1)

    def show_cells(self, cells: Sequence[int]) -> None:
        """Shows cents by age; nothing is a dash."""
        for part, title, cents in zip(self._cells, AGE_TITLES, cells, strict=True):
            part.setText(format_cents(cents) if cents else "–")
            part.setAccessibleName(f"{title}: {format_cents(cents)}")


class StatementSide(QWidget):
    """The right column of the statements page."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(16))
        self._panel, self._pill = Panel("Nobody chosen"), Pill("due", "ok")
        self._panel.add_beside_title(self._pill)
        self._words = label("", "", wrap=True)
        self._figures, self._strip = FigureList(), AgingStrip()
        for part in (self._words, self._figures, self._strip):
            self._panel.add(part)
        self._sent = Panel("Sent so far", flush=True)
        self.history = TableView[SentRow](
            HISTORY, lambda r: r.statement_id, empty="Nothing was sent yet.", name="Sent so far"
        )
        self._sent.add(self.history)
        self._stops, self._stop_words = Panel("Holds and plans"), QVBoxLayout()
        self._stop_words.setSpacing(dp(6))
        self._stops.body.addLayout(self._stop_words)
        for panel in (self._panel, self._stops, self._sent):
            column.addWidget(panel)
        column.addStretch(1)

    def show_account(self, account: StatementAccount | None) -> None:
        """Shows one guarantor's account, or nothing."""
        for part in (self._pill, self._figures, self._strip):
            part.setVisible(account is not None)
        self._sent.setVisible(bool(account and account.history))
        self._stops.setVisible(bool(account and (account.holds or account.plans)))
        if account is None:
            self._panel.set_title("Nobody chosen")
            self._words.setText("Choose a guarantor in the list, or another list (Alt 1 to Alt 4).")
            return
        row = account.row
        self._panel.set_title(row.name)
        self._pill.show_status(*status_of(row))
        self._words.setText(f"{row.words}.")
        self._figures.show_rows(_figures(row))
        self._strip.setVisible(row.balance_cents > 0)
        self._strip.show_cells(row.aging.cells)
        self._show_history(account.history)
        self._show_stops(account)

    def _show_history(self, history: Sequence[SentRow]) -> None:
        self.history.set_rows(history)
        rows = min(len(history), HISTORY_ROWS)
        self.history.setFixedHeight(dp(34) * (rows + 1))

    def _show_stops(self, account: StatementAccount) -> None:
        while (item := self._stop_words.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for hold in account.holds:
            look = "" if hold.stands else "muted"
            self._stop_words.addWidget(label(hold_words(hold), look, wrap=True))
        for plan in account.plans:
            look = "" if plan.ended_on is None else "muted"
            self._stop_words.addWidget(label(plan_words(plan), look, wrap=True))


def _figures(row: StatementRow) -> list[FigureRow]:
    paid = ""
    if row.last_payment_on is not None and row.last_payment_cents is not None:
        paid = f"{format_cents(row.last_payment_cents)} on {format_short(row.last_payment_on)}"
    found = [
        ("Insurance pending", row.pending_cents),
        ("Not asked of the patient", row.not_asked_cents),
        ("Credit", -row.credit_cents),
        ("Received, not placed", -row.unapplied_cents),
        ("With the agency", row.collections_cents),
    ]
    rows = [FigureRow(name, format_cents(cents)) for name, cents in found if cents]
    if paid:
        rows.insert(0, FigureRow("Last payment", paid))
    if row.amount_cents != row.balance_cents:
        rows.append(FigureRow("Balance", format_cents(row.balance_cents)))
    return [*rows, FigureRow("To pay now", format_cents(row.amount_cents), "total")]


def hold_words(hold: HoldRow) -> str:
    """A hold in a sentence: ``On hold since 11/02/26: dispute (waits for the EOB).``"""
    note = f" ({hold.note})" if hold.note else ""
    until = f" until {format_short(hold.until)}" if hold.until else ""
    place = "One visit on hold" if hold.encounter_id else "On hold"
    words = f"{place} since {format_short(hold.since)}{until}: {HOLD_WORDS[hold.kind]}{note}."
    if hold.stands:
        return words
    return f"Over: {words}" + (f" {hold.released_why}" if hold.released_why else "")


def plan_words(plan: PlanRow) -> str:
    """A payment plan in a sentence or two."""
    words = (
        f"Plan of {format_short(plan.started_on)}: {format_cents(plan.installment_cents)} a month"
        f" until {format_cents(plan.total_cents)} is paid"
    )
    if plan.state is None:
        return f"Ended {format_short(plan.ended_on)}: {words}."
    state = plan.state
    stands = "kept" if state.kept else f"behind by {format_cents(state.behind_cents)}"
    following = ""
    if state.next_due is not None:
        following = f"; next {format_cents(state.next_cents)} on {format_short(state.next_due)}"
    return f"{words}. {format_cents(state.left_cents)} left, {stands}{following}."
