"""Setup, Code sets: which official tables are here, which are old, what sleeps without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.services.code_file_rows import CodeTableRow, TableState
from app.services.code_files import LOCALITY
from app.ui.form import Form, Slot
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.patients_figures import GivesWay
from app.ui.pages.setup_codes_changes import ChangesPanel
from app.ui.pages.setup_codes_import import ImportFilesPanel
from app.ui.pages.setup_codes_room import TABLE_WIDTHS, CodesRoom, table_columns, table_words
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.notice import Banner, NoticeText
from app.ui.widgets.panel import Panel, label

TITLE = "Code sets"
HELP = "Official tables: what is here, what is old, what changes."
_COUNTED = (TableState.MISSING, TableState.OLD, TableState.PART)
_LEAST = 136  # pixels at 100 %: headings and three rows
_WHERE = "Where you practise"
_NO_LOCALITIES = "Import the price indices (GPCI) to choose; E101 sleeps until then."
_LOCALITY = "Medicare's prices go by it, and E101."


class CodesSection(QWidget):
    """F3 shows what changes, F4 imports, F8 removes an edition, F9 keeps the locality."""

    def __init__(self, room: CodesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._doomed: object = None  # the row that the next F8 removes
        columns = table_columns()
        self.list = TableView[CodeTableRow](columns, lambda r: r.key, name=TITLE)
        GivesWay(self.list, columns, TABLE_WIDTHS)
        self.locality = ChoiceEdit(())
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        self.form.add_row(Slot(LOCALITY, "Medicare locality", self.locality, 12))
        self.changes, self.importing = ChangesPanel(room, page), ImportFilesPanel(room, page)
        self._front = QStackedWidget()
        self._trouble = Banner()
        self._actions()
        self._lay_out()
        self.setAcceptDrops(True)
        self.list.current_row.connect(self._show)
        self.form.submitted.connect(self._save_locality)
        self.importing.done.connect(self.load)
        for panel in (self.changes, self.importing):
            panel.closed.connect(self.show_tables)

    def _actions(self) -> None:
        add = make_action
        tip = "What new editions change of your codes"
        self._changes = add(self, "What changes", "F3", self.show_changes, tip=tip)
        tip = "Take official files or their zips, several at once"
        self._import = add(self, "Import", "F4", self.begin_import, tip=tip)
        self._remove = add(self, "Remove", "F8", self.remove, tip="Take this edition away")
        add(self, "Copy", "F7", self.copy)
        add(self, "Back to the tables", "Esc", self.back)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        column.addWidget(self._trouble)
        self._tables = self._tables_side()
        for part in (self._tables, self.changes, self.importing):
            self._front.addWidget(part)
        self._bring(self._tables)
        column.addWidget(self._front, 1)

    def _tables_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._all = Panel(TITLE, flush=True)
        for action in (self._remove, self._changes):
            self._all.add_action(button_for(action))
        self._all.add_action(button_for(self._import, primary=True))
        self.list.setMinimumHeight(dp(_LEAST))
        self._all.add(self.list, 1)
        column.addWidget(self._all, 1)
        self._one = Panel(TITLE)
        self._words = label("", wrap=True)
        self._one.add(self._words)
        column.addWidget(self._one)
        self._where = Panel(_WHERE)
        self._where.add(self.form)
        column.addWidget(self._where)
        return side

    # --- as a section of Setup ----------------------------------------------------------------
    def lists_actions(self, _new: QAction, save: QAction) -> None:
        """Only the locality is saved here; tables come from files."""
        self._where.add_action(button_for(save))

    def keep_draft(self) -> None:
        """One choice is made again; a running import goes on."""
        self._doomed = None

    def load(self) -> None:
        """Reads the tables and the locality, and what is in front."""
        with guard(self._page, say=self._page.notify.emit):
            rows = self._room.files.tables()
            self.list.set_rows(rows)
            self._all.set_title(TITLE, _counts(rows))
            trouble = self._room.files.damage()
            if trouble:
                self._trouble.say(trouble)
            else:
                self._trouble.clear()
            if not self.form.is_dirty():
                self._load_localities()
        if self._front.currentWidget() is self.changes:
            self.changes.load()

    def _load_localities(self) -> None:
        places = self._room.files.localities()
        self.locality.set_choices([Choice(p.key, f"{p.state} · {p.name}") for p in places])
        self.form.set_values({LOCALITY: self._room.files.locality() or None})
        self.form.set_clean()
        self.locality.setEnabled(bool(places))
        self._where.set_title(_WHERE, _LOCALITY if places else _NO_LOCALITIES)

    def save(self) -> None:
        """Keeps the locality; within an import tries again."""
        if self._front.currentWidget() is self.importing:
            self.importing.again()
        elif self._front.currentWidget() is not self.changes:
            self.form.submit()

    def _save_locality(self) -> None:
        key = str(self.form.values()[LOCALITY] or "")
        with guard(self._page, form=self.form, say=self._page.notify.emit) as call:
            self._room.files.choose_locality(key)
        if call.ok:
            self.form.set_clean()
            words = f"Saved: {self.locality.currentText()}" if key else "No locality is chosen."
            self._page.notify.emit(NoticeText(words))

    # --- what is in front ---------------------------------------------------------------------
    def show_tables(self) -> None:
        """Back to the list of tables."""
        self._bring(self._tables)
        self.load()
        self.list.setFocus()

    def back(self) -> None:
        """Stops an import that runs, else goes back to the list of tables."""
        if self._front.currentWidget() is self.importing:
            self.importing.close_or_stop()
        else:
            self.show_tables()

    def copy(self) -> None:
        """Copies what is in front: changes, the report of an import, else the table's row."""
        if self._front.currentWidget() is self.changes:
            self.changes.copy()
        elif self._front.currentWidget() is self.importing:
            self.importing.copy()
        else:
            self.list.copy()

    def _bring(self, panel: QWidget) -> None:
        """Puts a panel in front; those behind it ask for no room."""
        for part in (self._tables, self.changes, self.importing):
            policy = QSizePolicy.Policy.Preferred if part is panel else QSizePolicy.Policy.Ignored
            part.setSizePolicy(policy, policy)
        self._front.setCurrentWidget(panel)

    def show_changes(self) -> None:
        """What new editions change of the practice's codes."""
        self._doomed = None
        self._bring(self.changes)
        self.changes.begin()

    def begin_import(self) -> None:
        """The import in front, and the file dialog over it."""
        self._doomed = None
        self._bring(self.importing)
        self.importing.choose()

    def _show(self, row: CodeTableRow | None) -> None:
        self._doomed = None
        self._one.setVisible(row is not None)
        if row is None:
            return
        self._one.set_title(f"{row.title} {row.edition}".strip())
        self._words.setText("\n".join(table_words(row)))
        self._remove.setEnabled(row.removable)

    def remove(self) -> None:
        """Takes the edition under the cursor away, once the key is pressed a second time."""
        row = self.list.row()
        if row is None or self._front.currentIndex() != 0:
            return
        name = f"{row.title} {row.edition}"
        if self._doomed != row.key:
            self._doomed = row.key
            words = f"F8 once more removes {name}; to have it back, import its file again."
            self._page.notify.emit(NoticeText(words, "bad"))
            return
        self._doomed = None
        with guard(self._page, say=self._page.notify.emit) as call:
            self._room.files.remove(row.kind, row.edition)
        if call.ok:
            self.load()
            self._page.notify.emit(NoticeText(f"Removed: {name}"))

    # --- dropping -----------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Imports what was dropped."""
        paths = files_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._bring(self.importing)
            self.importing.take(paths)


def files_of(source: QMimeData) -> list[Path]:
    """Files of this computer among what is dragged."""
    found: list[Any] = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return [path for path in found if path.is_file()]


def _counts(rows: tuple[CodeTableRow, ...]) -> str:
    counts = [(sum(r.state is state for r in rows), state.value) for state in _COUNTED]
    return ", ".join(f"{count} {word}" for count, word in counts if count)
