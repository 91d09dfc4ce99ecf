"""Fields of Setup that find a code in an imported list, and take a typed one as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QKeyEvent

from app.domain.reference import PayerListRow, TaxonomyRow
from app.ui.theme import dp
from app.ui.widgets.field import CodeEdit, LineField
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

Query = Callable[[str], Sequence[SearchRow]]
_CLAIMS = "837P"  # the transaction of professional claims
_ASKED = 400  # rows of a payer list that are looked at: a payer has one for each transaction
_SHOWN = 40
_WIDE = 560  # pixels at 100 %


@dataclass(frozen=True, slots=True)
class Lookups:
    """What Setup's forms search in: the provider taxonomy and the payer lists."""

    taxonomy: Callable[[str], Sequence[TaxonomyRow]]
    payers: Callable[[str, int], Sequence[PayerListRow]]


class CodeLookup(SearchField):
    """A code, typed or found by words; what is typed stands even when no list has it."""

    def __init__(self, query: Query, *, hint: str = "") -> None:
        super().__init__(query, hint=hint)

    def value(self) -> str:
        """The code, upper case, without blanks."""
        return "".join(self.text().split()).upper()

    def set_value(self, value: Any) -> None:
        """Shows a code; None clears."""
        super().set_value(None)
        self.setText(str(value or ""))
        self.setCursorPosition(0)

    def problem(self) -> str:
        """Whether it is a code is judged where it is saved."""
        return ""

    def takes_enter(self) -> bool:
        """True while the list offers something to take."""
        return bool(self.rows())

    def _place(self) -> None:
        """Wide enough for a name beside its code; at the window's edge it moves to the left."""
        super()._place()
        if self._list is not None:
            window, box = self.window(), self._list.geometry()
            wide = min(dp(_WIDE), window.width() - 2 * dp(8))
            left = max(dp(8), min(box.x(), window.width() - wide - dp(8)))
            self._list.setGeometry(left, box.y(), wide, box.height())

    def _take(self, row: object) -> None:
        if isinstance(row, SearchRow):
            self.setText(str(row.key))
            self.close_list()
            self.edited.emit()
            self.chosen.emit(row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what is offered and goes on."""
        offered = self.takes_enter()
        super().keyPressEvent(event)
        if offered and not self.rows() and self.text() and event.text() in ("\r", "\n"):
            self.focusNextChild()


def taxonomy_field(lookups: Lookups | None) -> LineField:
    """For a provider's taxonomy; plain without a list."""
    if lookups is None:
        return CodeEdit()

    def query(text: str) -> list[SearchRow]:
        return [
            SearchRow(row.code, row.code, row.display or row.classification)
            for row in lookups.taxonomy(text)
        ]

    return CodeLookup(query, hint="Code, or words: family")


def payer_field(lookups: Lookups | None) -> LineField:
    """For a payer's ID at the clearinghouse; plain without a list."""
    if lookups is None:
        return CodeEdit()

    def query(text: str) -> list[SearchRow]:
        return payer_rows_of(lookups.payers(text, _ASKED))

    return CodeLookup(query, hint="ID, or its name")


def payer_rows_of(rows: Sequence[PayerListRow]) -> list[SearchRow]:
    """Payers that take professional claims, each name with its ID once, told in full."""
    found: dict[tuple[str, str], SearchRow] = {}
    for row in rows:
        if _CLAIMS not in row.transaction.upper():
            continue
        found.setdefault(
            (row.name, row.payer_id),
            SearchRow(row.payer_id, row.payer_id, _named(row), payer_note(row)),
        )
    return list(found.values())[:_SHOWN]


def _named(row: PayerListRow) -> str:
    notes = " ".join(row.notes.split())
    return f"{row.name} · {notes}" if notes else row.name


def payer_note(row: PayerListRow) -> str:
    """What to know before billing it: enrollment, and whether it takes secondary claims."""
    words = []
    if row.available and not _yes(row.available):
        words.append("not available")
    if _yes(row.enrollment):
        words.append("enrollment needed")
    if row.secondary:
        words.append("secondary too" if _yes(row.secondary) else "no secondary")
    return " · ".join(words)


def _yes(text: str) -> bool:
    return text.strip().casefold().startswith(("y", "avail", "req"))
