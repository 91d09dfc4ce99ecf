"""Beside the list: what the payer's clerk asks for, what was decided, said and done so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.dates import format_date, format_short
from app.domain.money import format_cents
from app.services.follow_up_commands import (
    CreditRow,
    DecidedLine,
    Denied,
    FollowUpClaim,
    OpenRow,
)
from app.ui.pages.claims_side import STATUS_ROLE, status_word
from app.ui.pages.follow_up_lists import credit, deadline_role, left_words, state_words
from app.ui.theme import dp
from app.ui.widgets.panel import Panel, label, rule
from app.ui.widgets.pill import Pill


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it holds; ``look`` is empty, ``figure``, ``warn`` or ``bad``."""

    name: str
    value: str
    look: str = ""


class FactGrid(QWidget):
    """Name and value, one under the other; the values can be marked and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(dp(16))
        self._grid.setVerticalSpacing(dp(5))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Shows the facts that hold something."""
        clear(self._grid)
        for at, fact in enumerate(f for f in facts if f.value):
            words = label(fact.value, fact.look, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setAccessibleName(f"{fact.name}: {fact.value}")
            self._grid.addWidget(label(fact.name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, at, 1)


class ClaimDetail(QWidget):
    """The right column. ``today``: the practice's day."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(16))
        self._facts_panel, self._facts = Panel("Claim"), FactGrid()
        self._pill = Pill("out", "neutral")
        self._facts_panel.add_beside_title(self._pill)
        self._facts_panel.add(self._facts)
        self._said, self._notes = Panel("What the payer decided"), Panel("Notes")
        self._life = Panel("Life of this claim")
        self._grids = {panel: _grid(panel) for panel in (self._said, self._notes, self._life)}
        for panel in (self._facts_panel, *self._grids):
            column.addWidget(panel)
        column.addStretch(1)

    def clear(self, sentence: str) -> None:
        """Nothing is chosen; ``sentence`` says what to do."""
        self._show_only_facts("Nothing chosen")
        self._pill.hide()
        self._facts.show_facts([Fact("Next", sentence)])

    def show_visit(self, row: OpenRow) -> None:
        """A visit without a claim."""
        self._show_only_facts("Visit without a claim")
        self._pill.show_status(state_words(row), "warn")
        facts = (
            Fact("Patient", row.patient_name),
            Fact("Service", format_date(row.service_date)),
            Fact("Payer", row.payer),
            Fact("Charges", format_cents(row.open_cents)),
            Fact("Held because", row.note),
            Fact("Next", "Enter opens the encounter."),
        )
        self._facts.show_facts(facts)

    def show_credit(self, row: CreditRow) -> None:
        """Money that belongs to somebody else."""
        self._show_only_facts("Money to give back" if row.kind == "credit" else "Money not placed")
        self._pill.show_status("overpaid" if row.kind == "credit" else "not placed", "warn")
        to_do = "Enter opens the account: apply it elsewhere or refund it."
        if row.payment_id is not None and row.of_payer:
            to_do = "Enter opens the check: place the money, or send it back."
        facts = (
            Fact("Belongs to", row.owner),
            Fact("What it is", credit(row)),
            _deadline("Give back by", row.refund_by, self._today()),
            Fact("Why", "Medicare and Medicaid want it within 60 days." if row.refund_by else ""),
            Fact("Next", to_do),
        )
        self._facts.show_facts(facts)

    def _show_only_facts(self, title: str) -> None:
        for panel in self._grids:
            panel.hide()
        self._pill.show()
        self._facts_panel.set_title(title)

    def show_claim(self, claim: FollowUpClaim) -> None:
        """A claim with everything known of it."""
        row = claim.row
        self._facts_panel.set_title(f"Claim {row.number}")
        self._pill.show()
        self._pill.show_status(status_word(row.status), STATUS_ROLE[row.status])
        self._facts.show_facts(_facts(claim, self._today()))
        self._show_said(claim)
        self._show_notes(claim)
        self._show_life(claim)

    def _show_said(self, claim: FollowUpClaim) -> None:
        grid = self._grids[self._said]
        clear(grid)
        on = f"notice of {format_date(claim.decided_on)}" if claim.decided_on else ""
        self._said.set_title("What the payer decided" if on else "Services, not decided yet", on)
        at = 0
        for line in claim.lines:
            at = _add_line(grid, at, line)
        self._said.show()

    def _show_notes(self, claim: FollowUpClaim) -> None:
        grid = self._grids[self._notes]
        clear(grid)
        for at, note in enumerate(claim.notes):
            when = note.at.astimezone()
            words = label(note.text, "", wrap=True)
            words.setToolTip(f"{note.user}, {when:%m/%d/%Y %H:%M}")
            grid.addWidget(label(f"{when:%m/%d}", "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, at, 1)
        self._notes.setVisible(bool(claim.notes))

    def _show_life(self, claim: FollowUpClaim) -> None:
        grid = self._grids[self._life]
        clear(grid)
        for at, step in enumerate(claim.steps):
            words = status_word(step.to_status) + (f" – {step.note}" if step.note else "")
            text = label(words, "", wrap=True)
            text.setToolTip(f"{step.user}, {step.at.astimezone():%m/%d/%Y %H:%M}")
            day = label(format_short(step.on_date), "muted")
            grid.addWidget(day, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, at, 1)
        self._life.show()


def _facts(claim: FollowUpClaim, today: date) -> tuple[Fact, ...]:
    row = claim.row
    sent = format_date(row.sent_on)
    if row.days_out is not None:
        sent += f", {row.days_out} day{'' if row.days_out == 1 else 's'} ago"
    appeal = (claim.appeal_name or "appeal").capitalize()
    return (
        Fact("Patient", f"{row.patient_name}, born {format_date(claim.birth_date)}"),
        Fact("Payer", " ".join(p for p in (row.payer, _phone(claim.payer_phone)) if p)),
        Fact("Member ID", claim.member_id),
        Fact("Group", claim.group_number),
        Fact("Service", f"{format_date(row.service_date)}, {format_cents(claim.total_cents)}"),
        Fact("Open", format_cents(row.open_cents), "figure"),
        Fact("Sent", sent),
        Fact("Payer's number", claim.payer_claim_number),
        Fact("Our NPI, tax ID", ", ".join(p for p in (claim.npi, claim.tax_id) if p)),
        _deadline(f"{appeal} by", row.appeal_by, today),
        _deadline("File by", row.file_by, today),
        Fact("Look again", format_date(row.follow_up_on)),
    )


def _deadline(name: str, day: date | None, today: date) -> Fact:
    words = left_words(day, today)
    if words and words != "today" and not words.endswith("over"):
        words += " left"
    role = deadline_role(day, today)
    return Fact(name, f"{format_date(day)}, {words}" if day else "", role.replace("neutral", ""))


def _phone(digits: str) -> str:
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


def _add_line(grid: QGridLayout, at: int, line: DecidedLine) -> int:
    if at:
        grid.addWidget(rule(), at, 0, 1, 3)
        at += 1
    parts = [f"charged {format_cents(line.charge_cents)}"]
    if line.allowed_cents is not None:
        parts.append(f"allowed {format_cents(line.allowed_cents)}")
    if line.paid_cents is not None:
        parts.append(f"paid {format_cents(line.paid_cents)}")
    grid.addWidget(label(f"{format_short(line.service_date)} {line.code}", "figure"), at, 0, 1, 2)
    owed = label(format_cents(line.open_cents) if line.open_cents else "settled", "figure")
    owed.setAlignment(Qt.AlignmentFlag.AlignRight)
    grid.addWidget(owed, at, 2)
    grid.addWidget(label(" · ".join(parts), "muted", wrap=True), at + 1, 0, 1, 3)
    return _add_reasons(grid, at + 2, line.reasons)


def _add_reasons(grid: QGridLayout, at: int, reasons: Sequence[Denied]) -> int:
    for reason in reasons:
        code = label(reason.code, "label")
        grid.addWidget(code, at, 0, Qt.AlignmentFlag.AlignTop)
        words = label(reason.words or "No wording yet; see the payer's list.", "", wrap=True)
        grid.addWidget(words, at, 1)
        cents = label(format_cents(reason.cents), "muted")
        cents.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(cents, at, 2)
        at += 1
    return at


def _grid(panel: Panel) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(dp(12))
    grid.setVerticalSpacing(dp(6))
    grid.setColumnStretch(1, 1)
    panel.body.addLayout(grid)
    return grid


def clear(grid: QGridLayout) -> None:
    """Takes everything out of a grid."""
    while (item := grid.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
