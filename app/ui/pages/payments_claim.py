"""The claim on the desk: its lines in the grid, what is left over, its references, its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal

from app.domain.books import Disposition
from app.domain.dates import format_date
from app.domain.money import format_cents
from app.services.posting_commands import Reason
from app.ui.pages.payments_entry import ClaimEntry
from app.ui.pages.payments_grid import PLACES, EobGrid, RestBar
from app.ui.pages.payments_items import ReasonBar
from app.ui.pages.payments_references import ReferenceLine
from app.ui.pages.payments_rows import grid_row, rest_words, totals, warnings
from app.ui.pages.payments_together import Entry, TogetherEntry
from app.ui.widgets.panel import Panel
from app.ui.widgets.pill import Pill

_FEW, _MANY = 8, 13  # lines shown at once


class ClaimPanel(Panel):
    """Takes the typing of one claim; knows no service.

    Attributes:
        edited: something was typed, placed or undone.
        row_left: the cursor went to another line.
        said: a sentence that belongs to what was just typed.
    """

    edited = Signal()
    row_left = Signal()
    said = Signal(str)

    def __init__(self, reasons: Callable[[], Sequence[Reason]]) -> None:
        super().__init__(" ", flush=True)
        self.entry: Entry | None = None
        self.grid, self.rest, self.reasons = EobGrid(), RestBar(), ReasonBar(reasons)
        self.references = ReferenceLine()
        self.buttons = self.references.buttons
        self._pill = Pill("foots", "ok")
        self._narrow, self._tiny = False, False
        self.add_action(self._pill)
        for part in (self.grid, self.rest, self.reasons, self.references):
            self.add(part)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self.grid.cell_committed.connect(self._typed)
        self.grid.cell_refused.connect(lambda _row, _key, words: self.said.emit(words))
        self.grid.view.entered.connect(self._go_after)
        self.grid.view.placed.connect(self._letter)
        self.grid.view.undone.connect(self._undo_line)
        self.grid.row_changed.connect(self._on_row)
        self.reasons.picked.connect(self._take_reason)
        self.reasons.closed.connect(self._close_reasons)
        self.references.edited.connect(self._on_reference)
        self.references.done.connect(self.grid.setFocus)

    # --- showing ----------------------------------------------------------------------------
    def begin(self, entry: Entry) -> None:
        """Puts a claim on the desk with the cursor where typing goes on."""
        self.entry = entry
        self.references.show_claim(entry if isinstance(entry, ClaimEntry) else None)
        together = isinstance(entry, TogetherEntry)
        self.set_title(*_title(entry))
        self._fit_columns()
        self.grid.set_rows([])
        self.grid.set_rows([grid_row(entry, n) for n in range(len(entry.typed))])
        self.grid.fit(_MANY if together else _FEW)
        self.show()
        self._show_rest()
        blank = entry.blank()
        place = entry.open_place() or ((blank[0], "allowed") if blank else entry.first())
        if place is not None:
            self.grid.go_to(*place)
        else:
            self.grid.setFocus()

    def set_narrow(self, narrow: bool, *, tiny: bool = False) -> None:
        """Closes the grid's columns up; ``tiny`` puts the captions of the references inside."""
        self._narrow, self._tiny = narrow, tiny
        self.references.set_tiny(tiny)
        self._fit_columns()

    def _fit_columns(self) -> None:
        self.grid.set_narrow(
            self._narrow,
            one_day=self.entry is not None and self.entry.one_day(),
            tiny=self._tiny,
            together=isinstance(self.entry, TogetherEntry),
        )

    def end(self) -> None:
        """Takes the claim off the desk."""
        self.entry = None
        self.rest.hide()
        self.reasons.hide()
        self.hide()

    def finish(self) -> bool:
        """Takes what stands in an open cell; False when it cannot be read."""
        return self.grid.view.finish()

    def warnings(self, dated: date) -> tuple[str, ...]:
        """What to look at once."""
        return warnings(self.entry, dated) if self.entry else ()

    def _show(self, row: int) -> None:
        """Shows what became of a line."""
        if self.entry is None:
            return
        self.grid.set_row(row, grid_row(self.entry, row))
        self._show_rest()
        self.edited.emit()

    def _show_rest(self) -> None:
        if self.entry is None:
            return
        self.grid.set_totals(*totals(self.entry))
        left, off = self.entry.left_over_cents(), self.entry.off_by()
        if left:
            self._pill.show_status(f"{format_cents(left)} to place", "bad")
        elif off:
            self._pill.show_status(f"{format_cents(off)} off the EOB total", "bad")
        else:
            self._pill.show_status("foots" if self.entry.touched() else "to key", "ok")
        row = self._asked_row()
        if row is None:
            self.rest.hide()
        else:
            self.rest.ask(*rest_words(self.entry, row))

    def _asked_row(self) -> int | None:
        """The line whose left over amount is asked about: the cursor's, else the first."""
        if self.entry is None:
            return None
        open_rows = [n for n in self.entry.touched() if self.entry.worked(n).left_over]
        here = self.row()
        return here if here in open_rows else next(iter(open_rows), None)

    def claim_here(self) -> ClaimEntry | None:
        """The claim under the cursor."""
        if self.entry is None:
            return None
        return self.entry.part(self.row() or 0)

    def go_to_claim(self, claim_id: int) -> bool:
        """Puts the cursor on a claim that is on the desk among others; False when it is not."""
        row = self.entry.row_of(claim_id) if self.entry else None
        if row is None:
            return False
        self.grid.go_to(row, "allowed")
        return True

    def row(self) -> int | None:
        """The line under the cursor."""
        current = self.grid.current()
        return current[0] if current else None

    # --- typing -----------------------------------------------------------------------------
    def _typed(self, row: int, key: str, text: str) -> None:
        if self.entry is None:
            return
        try:
            self.entry.type_cell(row, key, text)
        except ValueError as error:
            self.said.emit(str(error))
            return
        self.said.emit("")
        self._show(row)

    def _go_after(self, row: int, key: str) -> None:
        if self.entry is not None and (place := self.entry.after(row, key)) is not None:
            self.grid.go_to(*place)

    def go_to_problem(self) -> bool:
        """Puts the cursor where something must still be typed; False when all foots."""
        place = self.entry.open_place() if self.entry else None
        if place is None:
            return False
        self.grid.go_to(*place)
        self._show_rest()
        return True

    def _on_row(self, _row: int) -> None:
        self._show_rest()
        self.row_left.emit()

    def _on_reference(self) -> None:
        if isinstance(self.entry, ClaimEntry):
            self.references.take(self.entry)
            self._show_rest()
            self.edited.emit()

    def _undo_line(self, row: int) -> None:
        if self.entry is not None and 0 <= row < len(self.entry.typed):
            self.entry.clear(row)
            self._show(row)
            self.grid.go_to(row, "allowed")

    # --- placing ----------------------------------------------------------------------------
    def _letter(self, row: int, letter: str) -> None:
        if letter in PLACES:
            self._place(row, PLACES[letter])
        elif self.entry is not None:
            self.entry.keep_sequestration(row)
            self._show(row)
            self._go_after(row, "paid")

    def write_off(self) -> None:
        """Writes the rest of the line off (F6)."""
        if self.finish() and (row := self.row()) is not None:
            self._place(row, Disposition.WRITEOFF)

    def hold(self) -> None:
        """Holds the rest of the line, or all of it, with the payer (F4)."""
        row = self.row()
        if not self.finish() or row is None or self.entry is None:
            return
        if self.entry.hold(row):
            self._show(row)
            self._go_after(row, "allowed")

    def _place(self, row: int, action: Disposition) -> None:
        asked = self._asked_row()
        target = row if asked is None else asked
        if self.entry is None:
            return
        if self.entry.place(target, action):
            self._show(target)
            self._go_after(target, "paid")
        else:
            self.said.emit("Nothing is left over on this line.")

    def ask_reason(self) -> None:
        """Opens the list of reasons for the line under the cursor (F3)."""
        if self.entry is not None and self.finish():
            self.reasons.begin()

    def _take_reason(self, reason: object) -> None:
        row = self.row()
        self.reasons.hide()
        if row is not None and self.entry is not None:
            self._typed(row, "reason", str(reason))
            place = self.entry.after(row, "reason")
            self.grid.go_to(*(place or (row, "reason")))

    def _close_reasons(self) -> None:
        self.reasons.hide()
        self.grid.setFocus()


def _title(entry: Entry) -> tuple[str, str]:
    if isinstance(entry, TogetherEntry):
        lines, claims = len(entry.typed), len(entry.parts())
        return "All open lines", f"{lines} lines of {claims} claims · what is left blank stays open"
    return entry.claim.patient_name, _note(entry)


def _note(entry: ClaimEntry) -> str:
    claim = entry.claim
    parts = [f"claim {claim.number}", f"service {format_date(claim.lines[0].service_date)}"]
    if claim.member_id:
        parts.append(f"member {claim.member_id}")
    if claim.next_name != "patient":
        parts.append(f"then {claim.next_name}")
    return " · ".join(parts)
