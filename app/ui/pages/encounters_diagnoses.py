"""Item 21: diagnoses A to L, typed as codes, with the codes used before offered underneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from app.domain.findings import Finding, Severity
from app.domain.identifiers import check_icd10
from app.services.code_set_rows import CodeNote
from app.ui.pages.encounters_line_rules import LETTERS
from app.ui.pages.encounters_notes import CodeNotes
from app.ui.theme import dp, repolish
from app.ui.widgets.field import set_mark
from app.ui.widgets.panel import ElidedLabel, label
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField


class Offer(Protocol):
    """What the list of diagnoses asks for."""

    def diagnoses(self, text: str) -> Sequence[SearchRow]:
        """Codes for what was typed."""

    def describe(self, codes: Sequence[str]) -> Mapping[str, str]:
        """Words for codes, by code."""

    def notes(self, code: str) -> Sequence[CodeNote]:
        """The instructional notes that hold for a code."""


_ROWS = 6  # A to F stand at the left, G to L at the right
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DiagnosisField(SearchField):
    """One code; what is typed counts, whether it was picked from the list or not.

    Attributes:
        entered: the cursor came here.
    """

    entered = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that the cursor came."""
        super().focusInEvent(event)
        self.entered.emit()

    def value(self) -> str:
        """The code with its point (``M17.11``); text that cannot be a code as it was typed."""
        text = self.text().strip()
        try:
            return check_icd10(text) if text else ""
        except ValueError:
            return text.upper()

    def set_value(self, value: Any) -> None:
        """Shows a code; None or empty clears."""
        code = str(value or "")
        super().set_value(SearchRow(code, code) if code else None)

    def problem(self) -> str:
        """A sentence when this cannot be a diagnosis code."""
        text = self.text().strip()
        try:
            if text:
                check_icd10(text)
        except ValueError as error:
            return str(error)
        return ""

    def tidy(self) -> None:
        """``m1711`` is shown as ``M17.11``."""
        if self.text().strip() and not self.problem() and self.text() != self.value():
            self.set_value(self.value())


class DiagnosisList(QWidget):
    """Twelve places; the filled ones and the next are shown.

    Attributes:
        edited: a code was typed or taken.
        moved: letters that changed, old → new (empty: gone), so that pointers can follow.
        finished: Enter on an empty place.
    """

    edited = Signal()
    moved = Signal(object)
    finished = Signal()

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self._offer = offer
        self._told: dict[str, str] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(dp(16), dp(8), dp(16), dp(12))
        self._grid.setHorizontalSpacing(dp(10))
        self._grid.setVerticalSpacing(dp(4))
        self._letters: list[QLabel] = []
        self._fields: list[DiagnosisField] = []
        self._words: list[QLabel] = []
        for number in range(len(LETTERS)):
            self._add_place(number)
        self._notes = CodeNotes()
        self._grid.addWidget(self._notes, _ROWS, 0, 1, 6)
        self._grid.setColumnStretch(2, 1)
        self._show()
        self.setFocusProxy(self._fields[0])

    def _add_place(self, number: int) -> None:
        hint = "Code or words" if number == 0 else ""
        letter, field = (
            label(LETTERS[number], "figure"),
            DiagnosisField(self._offer.diagnoses, hint=hint),
        )
        field.setAccessibleName(f"Diagnosis {LETTERS[number]}")
        field.setFixedWidth(dp(156))
        letter.setMinimumWidth(dp(14))
        words = ElidedLabel("", "muted")
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row, column = number % _ROWS, number // _ROWS * 3
        for offset, widget in enumerate((letter, field, words)):
            self._grid.addWidget(widget, row, column + offset)
        field.edited.connect(lambda: self._edited(number))
        field.entered.connect(lambda: self._notes.show_notes(self._offer.notes(field.value())))
        field.left.connect(lambda: self._left(number))
        field.chosen.connect(lambda _code: self._show())
        field.created.connect(lambda _text: self._created(number))
        self._letters.append(letter)
        self._fields.append(field)
        self._words.append(words)

    # --- what it holds ------------------------------------------------------------------------
    def show_codes(self, codes: Sequence[str]) -> None:
        """Shows codes in their order."""
        self._told = dict(self._offer.describe(codes))
        for number, field in enumerate(self._fields):
            field.set_value(codes[number] if number < len(codes) else "")
        self.show_findings({})

    def codes(self) -> tuple[str, ...]:
        """The codes typed, A first, blanks left out."""
        return tuple(code for field in self._fields if (code := field.value()))

    def go_to(self, number: int) -> None:
        """Puts the cursor on a place that is shown."""
        shown = [field for field in self._fields if not field.isHidden()]
        shown[min(number, len(shown) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def go_to_next(self) -> None:
        """Puts the cursor on the first empty place."""
        self.go_to(len(self.codes()))

    def problems(self) -> dict[int, Finding]:
        """Places whose text cannot be a code."""
        return {
            number: Finding(f"diagnoses.{number}", words)
            for number, field in enumerate(self._fields)
            if (words := field.problem())
        }

    def show_findings(self, findings: Mapping[int, Finding]) -> None:
        """Puts sentences beside their codes."""
        for number, field in enumerate(self._fields):
            found = findings.get(number)
            set_mark(field, found.severity if found else None)
            self._say(number, found)
        self._show()

    # --- order --------------------------------------------------------------------------------
    def current(self) -> int | None:
        """The place with the cursor."""
        return next((n for n, field in enumerate(self._fields) if field.hasFocus()), None)

    def remove_current(self) -> bool:
        """Takes out the code under the cursor; the later ones move up. False when none is there."""
        number = self.current()
        if number is None or not self._fields[number].text():
            return False
        self._fields[number].set_value("")
        self._close_gap(number)
        return True

    def move_current(self, step: int) -> None:
        """Moves the code under the cursor up (-1) or down (1); the order is the claim's order."""
        number = self.current()
        if number is None or not 0 <= number + step < len(self.codes()):
            return
        codes, other = list(self.codes()), number + step
        codes[number], codes[other] = codes[other], codes[number]
        self.show_codes(codes)
        self.moved.emit({LETTERS[number]: LETTERS[other], LETTERS[other]: LETTERS[number]})
        self._fields[other].setFocus()
        self.edited.emit()

    def _close_gap(self, number: int) -> None:
        """Codes after an emptied place move up, and take their letters along."""
        codes = [field.value() for field in self._fields]
        after = [n for n in range(number + 1, len(codes)) if codes[n]]
        self.show_codes([code for code in codes if code])
        gone = {LETTERS[number]: ""}
        self.moved.emit(gone | {LETTERS[n]: LETTERS[n - 1] for n in after})
        self.edited.emit()

    # --- typing -------------------------------------------------------------------------------
    def _edited(self, number: int) -> None:
        set_mark(self._fields[number], None)
        self._say(number, None)
        self._show()
        self.edited.emit()

    def _left(self, number: int) -> None:
        field = self._fields[number]
        self._notes.show_notes(self._offer.notes(field.value()))
        if not field.text().strip() and any(f.text() for f in self._fields[number + 1 :]):
            self._close_gap(number)
            return
        codes = [f.value() for f in self._fields[:number]]
        words = field.problem()
        if not words and field.value() and field.value() in codes:
            words = f"{field.value()} is on the list already."
        found = Finding(f"diagnoses.{number}", words) if words else None
        if not words and (code := field.value()) and code not in self._told:
            self._told |= self._offer.describe((code,))
        set_mark(field, Severity.ERROR if found else None)
        self._say(number, found)

    def _created(self, number: int) -> None:
        if self._fields[number].problem():
            self._left(number)
            self._fields[number].selectAll()
        else:
            self._fields[number].tidy()
            self._show()
            self._fields[number].focusNextChild()

    def _show(self) -> None:
        """Shows the filled places and one more."""
        last = max((n for n, f in enumerate(self._fields) if f.text()), default=-1)
        for number, field in enumerate(self._fields):
            for part in (self._letters[number], field, self._words[number]):
                part.setVisible(number <= last + 1)
        right = last + 1 >= _ROWS
        self._grid.setColumnStretch(5, 1 if right else 0)

    def _say(self, number: int, finding: Finding | None) -> None:
        words, field = self._words[number], self._fields[number]
        look = "muted"
        text = ""
        if finding is not None:
            look = "bad" if finding.severity is Severity.ERROR else "warn"
            text = finding.message
        elif code := field.value():
            text = self._told.get(code, "")
        if words.property("look") != look:
            words.setProperty("look", look)
            repolish(words)
        words.setText(text)
        field.setAccessibleDescription(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on an empty place goes on to the service lines; on a code to the next place."""
        number = self.current()
        if number is None or event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif self._fields[number].text().strip():
            self._fields[number].focusNextChild()
        else:
            self.finished.emit()
