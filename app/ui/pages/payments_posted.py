"""What stands on a check so far: claims, takebacks, and items of the whole check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.domain.books import CheckItem
from app.domain.money import format_cents
from app.services.payment_commands import PostedItem
from app.services.posting_commands import PostedClaim
from app.ui.pages.payments_items import ITEM_WORDS
from app.ui.pages.payments_rows import short
from app.ui.table_view import TableView
from app.ui.tables import Column


@dataclass(frozen=True, slots=True)
class OnCheck:
    """One row: a claim's EOB or an item; ``ready``: the later claim it released."""

    eob: PostedClaim | None = None
    item: PostedItem | None = None
    ready: str = ""
    may_undo: bool = True

    @property
    def key(self) -> tuple[str, int]:
        """Identity of the row."""
        if self.eob is not None:
            return "eob", self.eob.eob_id
        return "item", self.item.journal_id if self.item else 0

    @property
    def can_undo(self) -> bool:
        """True for what stands and is not itself a takeback."""
        spent = self.eob is not None and (self.eob.reversed or self.eob.takeback)
        return self.may_undo and not spent


def _who(row: OnCheck) -> str:
    if row.eob is not None:
        return row.eob.patient_name
    return ITEM_WORDS[row.item.kind].split(" (")[0] if row.item else ""


def _amount(cents: int | None) -> str:
    return "" if cents is None else format_cents(cents)


def _paid(row: OnCheck) -> int:
    if row.eob is not None:
        return row.eob.paid_cents
    return row.item.amount_cents if row.item else 0


def _owed(row: OnCheck) -> str:
    if row.eob is None:
        return row.item.note if row.item else ""
    if row.eob.reversed:
        return "undone"
    words = [f"{short(who)} {format_cents(cents)}" for who, cents in row.eob.owed]
    return " · ".join(words) or "nobody"


def _pill(row: OnCheck) -> tuple[str, str] | None:
    if row.item is not None:
        return ("waits", "warn") if row.item.kind is CheckItem.UNAPPLIED else None
    if row.eob is None or row.eob.reversed:
        return None
    if row.eob.takeback:
        return "taken back", "warn"
    if row.eob.held:
        return f"{row.eob.held} held", "bad"
    return (f"{row.ready} ready", "ok") if row.ready else None


def _look(row: OnCheck) -> str:
    return "muted" if row.eob is not None and row.eob.reversed else ""


COLUMNS: tuple[Column[OnCheck], ...] = (
    Column("who", "Posted on this check", _who, width=172, look=_look),
    Column("claim", "Claim", lambda r: r.eob.number if r.eob else "", width=76, look=_look),
    Column(
        "billed",
        "Billed",
        lambda r: _amount(r.eob.billed_cents if r.eob else None),
        numeric=True,
        width=80,
        look=_look,
    ),
    Column("paid", "Paid", lambda r: _amount(_paid(r)), numeric=True, width=80, look=_look),
    Column(
        "written",
        "Written off",
        lambda r: _amount(r.eob.written_off_cents if r.eob else None),
        numeric=True,
        width=88,
        look=_look,
    ),
    Column(
        "owed",
        "Now owed by",
        _owed,
        width=0,
        pill=_pill,
        look=_look,
        tooltip=_owed,
    ),
    Column(
        "undo",
        "",
        lambda r: "Undo" if r.can_undo else "",
        width=56,
        look=lambda _: "link",
        tooltip=lambda r: "Undo (Delete)" if r.can_undo else "",
    ),
)


_EMPTY = (
    "Nothing is posted on this check yet. Type the first name or account number of the EOB above, "
    "or press Enter for the claim in grey."
)


class PostedTable(TableView[OnCheck]):
    """Delete, or a click on Undo, takes a row back.

    Attributes:
        undo_wanted: the ``OnCheck`` row.
    """

    undo_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            COLUMNS,
            lambda r: r.key,
            empty=_EMPTY,
            name="Posted on this check",
        )
        self.setSortingEnabled(False)
        self.clicked.connect(self._on_click)

    def show_posted(
        self,
        eobs: Sequence[PostedClaim],
        items: Sequence[PostedItem],
        ready: Mapping[int, str],
        *,
        may_undo: bool,
    ) -> None:
        """Shows EOBs in the order posted, then the items."""
        rows = [OnCheck(eob, None, ready.get(eob.eob_id, ""), may_undo) for eob in eobs]
        self.set_rows([*rows, *(OnCheck(None, item, "", may_undo) for item in items)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete undoes the row."""
        row = self.row()
        if event.key() == Qt.Key.Key_Delete and row is not None and row.can_undo:
            self.undo_wanted.emit(row)
        else:
            super().keyPressEvent(event)

    def _on_click(self, index: QModelIndex) -> None:
        row = self.row()
        if index.column() == len(COLUMNS) - 1 and row is not None and row.can_undo:
            self.undo_wanted.emit(row)
