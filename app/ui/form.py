"""A form: fields of a command in the reading order of the paper, findings right under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.findings import Finding, Severity
from app.ui.theme import dp, repolish
from app.ui.widgets.field import Field, set_mark
from app.ui.widgets.panel import label, rule

GRID = 12  # a form row is twelve units wide


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a row.

    Attributes:
        name: field of the command, as findings name it.
        text: the label above it; ``&`` marks its Alt key.
        widget: any ``Field``.
        span: width in twelfths of the row.
        needed: sentence shown when it is left blank; empty when it may be.
    """

    name: str
    text: str
    widget: QWidget
    span: int = 3
    needed: str = ""


@dataclass(slots=True)
class _Cell:
    slot: Slot
    field: Field
    words: QLabel


class Form(QWidget):
    """Pairs field names with widgets.

    Enter and Tab move on, Ctrl+Enter and F9 submit. Text that cannot be read becomes a finding of
    its field when the cursor leaves it, and holds the submit back with every mark shown.

    Attributes:
        submitted: all fields can be read and none that is needed is blank.
        edited: a field changed by hand; carries its name.
        dirty: emitted with True on the first edit after ``set_values``, with False when cleaned.
    """

    submitted = Signal()
    edited = Signal(str)
    dirty = Signal(bool)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        submit_keys: Iterable[str] = ("Ctrl+Return", "Ctrl+Enter", "F9"),
    ) -> None:
        super().__init__(parent)
        self._cells: dict[str, _Cell] = {}
        self._is_dirty = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(dp(12))
        self._grid.setVerticalSpacing(dp(8))
        for column in range(GRID):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, dp(24))
        for keys in submit_keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.submit)

    def add_section(self, title: str) -> None:
        """A heading over the rows that follow."""
        at = self._grid.rowCount()
        if self._cells:
            self._grid.addWidget(rule(), at, 0, 1, GRID)
            at += 1
        self._grid.addWidget(label(title, "heading"), at, 0, 1, GRID)

    def add_row(self, *slots: Slot) -> None:
        """Fields side by side, left to right; their spans add up to twelve at most.

        Raises:
            ValueError: when they do not fit, or a name is used twice.
        """
        if sum(slot.span for slot in slots) > GRID:
            raise ValueError("A form row is twelve units wide.")
        row, column = self._grid.rowCount(), 0
        captioned = any(slot.text for slot in slots)
        for slot in slots:
            if slot.name in self._cells:
                raise ValueError(f"The form has two fields named {slot.name}.")
            self._grid.addWidget(
                self._cell(slot, captioned), row, column, 1, slot.span, Qt.AlignmentFlag.AlignTop
            )
            column += slot.span

    def _cell(self, slot: Slot, captioned: bool) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(3))
        caption, words = label(slot.text, "label"), label("", "fieldmark", wrap=True)
        column.addWidget(caption)
        column.addWidget(slot.widget)
        column.addWidget(words)
        words.hide()
        caption.setBuddy(slot.widget)
        if isinstance(slot.widget, QCheckBox) and not slot.text:
            # Beside captioned fields the box stands level with them; alone it needs no room above.
            caption.setText(" ")
            caption.setVisible(captioned)
        name = slot.text.replace("&", "")
        slot.widget.setAccessibleName(name or slot.widget.accessibleName() or slot.name)
        slot.widget.setObjectName(slot.name)
        field = cast("Field", slot.widget)
        self._cells[slot.name] = _Cell(slot, field, words)
        field.edited.connect(lambda: self._on_edited(slot.name))
        field.left.connect(lambda: self._on_left(slot.name))
        slot.widget.installEventFilter(self)
        return box

    def widget(self, name: str) -> QWidget:
        """The widget of a field.

        Raises:
            KeyError: when the form has no such field.
        """
        return self._cells[name].slot.widget

    def names(self) -> tuple[str, ...]:
        """The fields in reading order."""
        return tuple(self._cells)

    def values(self) -> dict[str, Any]:
        """What every field holds, by name; blank is None (text: the empty string)."""
        return {name: cell.field.value() for name, cell in self._cells.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Shows ``values``; fields not named keep theirs. The form is clean afterwards.

        Raises:
            KeyError: when the form has no such field.
        """
        for name, value in values.items():
            self._cells[name].field.set_value(value)
        self.clear_findings()
        self.set_clean()

    def set_clean(self) -> None:
        """Forgets that anything was edited (after a save, or a draft kept)."""
        if self._is_dirty:
            self._is_dirty = False
            self.dirty.emit(False)

    def is_dirty(self) -> bool:
        """True when a field was edited since ``set_values``."""
        return self._is_dirty

    def problems(self) -> tuple[Finding, ...]:
        """Fields that cannot be read or must not be blank, in reading order."""
        found = []
        for name, cell in self._cells.items():
            sentence = cell.field.problem()
            if not sentence and cell.slot.needed and cell.field.value() in (None, ""):
                sentence = cell.slot.needed
            if sentence:
                found.append(Finding(name, sentence))
        return tuple(found)

    def submit(self) -> None:
        """Emits ``submitted``, or shows every mark and goes to the first."""
        focused = self.focusWidget()
        for cell in self._cells.values():
            if cell.slot.widget is focused and hasattr(focused, "tidy"):
                focused.tidy()
        found = self.problems()
        self.show_findings(found)
        if not found:
            self.submitted.emit()

    def show_findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Marks each field with its sentence and puts the cursor in the first.

        Returns:
            The findings that name no field of this form, for a banner.
        """
        self.clear_findings()
        by_field: dict[str, list[Finding]] = {}
        for finding in findings:
            by_field.setdefault(finding.field, []).append(finding)
        for name, cell in self._cells.items():
            if here := by_field.get(name):
                self._mark(cell, here)
        first = next((name for name in self._cells if name in by_field), None)
        if first:
            self.go_to(first)
        return tuple(f for name, fs in by_field.items() if name not in self._cells for f in fs)

    def clear_findings(self) -> None:
        """Takes all marks away."""
        for cell in self._cells.values():
            self._mark(cell, [])

    def go_to(self, name: str) -> None:
        """Puts the cursor in a field and scrolls it into sight.

        Raises:
            KeyError: when the form has no such field.
        """
        widget = self._cells[name].slot.widget
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QTimer.singleShot(0, widget, lambda: _scroll_to(widget))

    def _mark(self, cell: _Cell, findings: list[Finding]) -> None:
        worst = None
        if findings:
            errors = any(f.severity is Severity.ERROR for f in findings)
            worst = Severity.ERROR if errors else Severity.WARNING
        set_mark(cell.slot.widget, worst)
        text = " ".join(f.message for f in findings)
        if cell.words.text() != text:
            cell.words.setProperty("mark", worst.value if worst else "")
            repolish(cell.words)
            cell.words.setText(text)
            cell.slot.widget.setAccessibleDescription(text)
        cell.words.setVisible(bool(text))

    def _on_edited(self, name: str) -> None:
        self._mark(self._cells[name], [])
        if not self._is_dirty:
            self._is_dirty = True
            self.dirty.emit(True)
        self.edited.emit(name)

    def _on_left(self, name: str) -> None:
        cell = self._cells[name]
        if sentence := cell.field.problem():
            self._mark(cell, [Finding(name, sentence)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter moves on, as it does on the paper; in a text area it stays a new line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers().value & ~Qt.KeyboardModifier.KeypadModifier.value
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and plain and isinstance(watched, QWidget) and not _wants_enter(watched):
                watched.focusNextChild()
                return True
        return super().eventFilter(watched, event)


def _wants_enter(widget: QWidget) -> bool:
    asks = getattr(widget, "takes_enter", None)
    return bool(asks()) if callable(asks) else False


def _scroll_to(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        above.ensureWidgetVisible(widget, dp(24), dp(48))
