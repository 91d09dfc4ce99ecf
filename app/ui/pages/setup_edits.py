"""Setup, Claim edits: what every claim is checked for, how often it fired, and who is spared it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.findings import Severity
from app.services.directory import DirectoryService
from app.services.people_commands import SavePayer
from app.services.scrub import EditRow, ScrubService
from app.ui.pages.patients_figures import GivesWay, Width
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.panel import Panel, label

TITLE = "Claim edits"
HELP = "What every claim is checked for before it leaves."
_PILLS = {
    Severity.ERROR: ("Stops", "bad"),
    Severity.WARNING: ("Warns", "warn"),
}
_STOPS_FIRST = tuple(_PILLS)
_HOW_OFF = "To spare one payer's claims an edit, type its number in the payer's form."
_TUNING = "It was let pass more often than not: switch it off for the payers that do not mind."
_PAYERS = {"all": "All payers", "workers_comp, auto": "Workers' compensation, auto"}


@dataclass(frozen=True, slots=True)
class EditsRoom:
    """What the section needs; handed to Setup as one."""

    scrub: ScrubService
    directory: DirectoryService


@dataclass(frozen=True, slots=True)
class ListedEdit:
    """An edit and the payers it is switched off for."""

    edit: EditRow
    off_for: tuple[str, ...]

    @property
    def payers(self) -> str:
        """Whose claims it reads, in words."""
        scope = self.edit.scope
        words = scope.replace("_", " ").replace("configurable", "as the payer wishes")
        return _PAYERS.get(scope, words[:1].upper() + words[1:])


def listed(edits: Sequence[EditRow], payers: Sequence[SavePayer]) -> list[ListedEdit]:
    """Every edit with the payers that are spared it."""
    off = [(payer.name, set(payer.edits_off.split())) for payer in payers]
    return [ListedEdit(e, tuple(n for n, ids in off if e.edit_id in ids)) for e in edits]


def _columns() -> tuple[Column[ListedEdit], ...]:
    return (
        Column("edit", "Edit", lambda r: r.edit.edit_id, width=76),
        Column(
            "severity",
            "",
            lambda _: "",
            lambda r: _STOPS_FIRST.index(r.edit.severity),
            width=84,
            pill=lambda r: _PILLS[r.edit.severity],
        ),
        Column("box", "Box", lambda r: r.edit.item, width=76),
        Column("rule", "Rule", lambda r: r.edit.rule, width=0, tooltip=lambda r: r.edit.rule),
        Column(
            "table",
            "Needs",
            lambda r: r.edit.table,
            width=120,
            muted=True,
            tooltip=lambda r: r.edit.table,
        ),
        _count("fired", "Fired", lambda r: r.edit.fired),
        _count("passed", "Let pass", lambda r: r.edit.overridden),
        Column(
            "notes",
            "Note",
            lambda r: f"off for {len(r.off_for)}" if r.off_for else "",
            lambda r: (not r.edit.wants_tuning, -len(r.off_for)),
            width=92,
            pill=lambda r: ("Tune", "warn") if r.edit.wants_tuning else None,
            tooltip=lambda r: ", ".join(r.off_for),
        ),
    )


def _count(key: str, title: str, number: Callable[[ListedEdit], int]) -> Column[ListedEdit]:
    return Column(key, title, lambda r: str(number(r) or ""), number, numeric=True, width=76)


_WIDTHS = (Width("table", 720), Width("fired", 560), Width("passed", 560), Width("notes", 480))


class EditsSection(QWidget):
    """The edits, one of them told in full below; typing in the field narrows the list."""

    def __init__(self, room: EditsRoom) -> None:
        super().__init__()
        self._room = room
        self._words = LineField(hint="Find: E080, 24D, modifier, NCCI …")
        self._words.setAccessibleName("Find an edit")
        columns = _columns()
        self._list = TableView[ListedEdit](
            columns, lambda r: r.edit.edit_id, empty="No edit has these words.", name=TITLE
        )
        GivesWay(self._list, columns, _WIDTHS)
        self._one = Panel()
        self._about, self._counts = label("", "", wrap=True), label("", "", wrap=True)
        self._lay_out()
        self._words.textChanged.connect(self._list.filter_words)
        self._list.current_row.connect(self._show)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(16))
        self._all = Panel(TITLE, flush=True)
        self._words.setMinimumWidth(dp(260))
        self._all.add_action(self._words)
        self._all.add(self._list, 1)
        column.addWidget(self._all, 1)
        for words in (self._about, self._counts, label(_HOW_OFF, "muted", wrap=True)):
            self._one.add(words)
        column.addWidget(self._one)

    def lists_actions(self, _new: QAction, _save: QAction) -> None:
        """An edit is neither made nor saved here: the page's actions have no place."""

    def keep_draft(self) -> None:
        """Nothing is typed here that could be lost."""

    def load(self) -> None:
        """Reads the edits, their counts and the payers' switches."""
        rows = listed(self._room.scrub.edits(), self._room.directory.payers())
        self._list.set_rows(rows)
        tune = sum(row.edit.wants_tuning for row in rows)
        self._all.set_title(TITLE, f"{len(rows)}, {tune} to tune" if tune else str(len(rows)))

    def _show(self, row: ListedEdit | None) -> None:
        self._one.setVisible(row is not None)
        if row is None:
            return
        edit = row.edit
        self._one.set_title(f"{edit.edit_id} · box {edit.item}")
        needs = f" It needs the table: {edit.table}." if edit.table else ""
        source = f" Source: {edit.source}." if edit.source else ""
        self._about.setText(f"{edit.rule} {row.payers}.{source}{needs}")
        stood = f"Printed claims it stood on: {edit.fired}; let pass: {edit.overridden}."
        off = f" Switched off for {', '.join(row.off_for)}." if row.off_for else ""
        tune = f" {_TUNING}" if edit.wants_tuning else ""
        self._counts.setText(f"{stood}{off}{tune}")
