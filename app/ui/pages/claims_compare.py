"""Two versions of a claim side by side, box by box; and the panel that splits a claim."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.claim_boxes import BoxChange, Edition
from app.domain.money import format_cents
from app.services.claim_commands import ClaimLineRow
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.panel import Panel, label

_ROWS = 5  # changes shown without scrolling


def _columns() -> tuple[Column[BoxChange], ...]:
    return (
        Column(
            "box",
            "Box",
            lambda c: c.box.name,
            width=150,
            tooltip=lambda c: f"Box {c.box.name}, sheet {c.box.sheet + 1}",
        ),
        Column("then", "Then", lambda c: c.then or "–", width=0, muted=True, tooltip=_both),
        Column("now", "Now", lambda c: c.now or "–", width=0, tooltip=_both),
    )


def _both(change: BoxChange) -> str:
    return f"{change.then or 'blank'} → {change.now or 'blank'}"


class ComparePanel(Panel):
    """Choose another version; the boxes that differ are listed and marked on the picture.

    Attributes:
        picked: key of the edition to compare with.
        shown: the change the cursor stands on, or None.
        closed: the comparison is over.
    """

    picked = Signal(str)
    shown = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__("Compare with", flush=True)
        self.choice = ChoiceEdit((), blank=False)
        self.choice.setAccessibleName("Version to compare with")
        self.choice.setMinimumWidth(dp(260))
        self.table = TableView[BoxChange](
            _columns(),
            lambda c: (c.box.sheet, c.box.box_id),
            empty="Every box is the same.",
            name="Boxes that differ",
        )
        self._words = label("", "muted")
        close = QPushButton("Close")
        close.setToolTip("Close the comparison (F7)")
        close.clicked.connect(self.closed)
        self.add_beside_title(self.choice)
        self.add_action(self._words)
        self.add_action(close)
        self.add(self.table)
        self.choice.edited.connect(lambda: self.picked.emit(self.choice.value()))
        self.table.current_row.connect(self.shown)
        self.hide()

    def begin(self, editions: Sequence[Edition]) -> None:
        """Offers the editions and asks for the first."""
        self.choice.set_choices([Choice(e.key, e.title) for e in editions])
        self.choice.set_value(editions[0].key)
        self.show()
        self.picked.emit(editions[0].key)
        self.table.setFocus()

    def show_changes(self, changes: Sequence[BoxChange]) -> None:
        """Lists what differs."""
        count = len(changes)
        words = f"{count} box{'es' if count != 1 else ''} differ{'s' if count == 1 else ''}."
        self._words.setText(words if count else "Every box is the same.")
        self.table.set_rows(changes)
        self.table.setFixedHeight(dp(34) * (min(max(count, 1), _ROWS) + 1) + dp(4))
        if count:
            self.table.selectRow(0)


class SplitPanel(Panel):
    """Choose the lines that go on a second claim.

    Attributes:
        wanted: ids of the charge lines to move.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Split this claim")
        self._checks: dict[int, CheckField] = {}
        self._words = label("Mark the lines that move to a second claim.", "muted", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(dp(4))
        holder = QWidget()
        holder.setLayout(self._lines)
        self.action = make_action(self, "Split", "F9", self._submit, tip="Make the second claim")
        self.add(self._words)
        self.add(holder)
        self.body.addWidget(button_for(self.action, primary=True))
        self.hide()

    def begin(self, lines: Sequence[ClaimLineRow]) -> None:
        """Offers the claim's lines; none is marked."""
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._checks.clear()
        for number, line in enumerate(lines, start=1):
            code = " ".join(filter(None, (line.code, line.modifiers)))
            check = CheckField(f"{number}   {code}   {format_cents(line.charge_cents)}")
            self._lines.addWidget(check)
            self._checks[line.line_id] = check
        self.show()
        next(iter(self._checks.values())).setFocus()

    def _submit(self) -> None:
        self.wanted.emit(tuple(key for key, check in self._checks.items() if check.isChecked()))
