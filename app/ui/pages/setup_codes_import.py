"""Setup, Code sets: official files taken on the worker; what they lack is asked in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from app.domain.reference import FileKind, RefusedLine
from app.services.code_file_rows import FileOutcome, ImportWish
from app.services.reference_rows import ReferenceReport
from app.ui.form import Form, Slot
from app.ui.guard import tell
from app.ui.jobs import Progress
from app.ui.page import Page
from app.ui.pages.patients_figures import GivesWay, Width
from app.ui.pages.setup_codes_room import AMA_NOTICE, CodesRoom, line_columns
from app.ui.pages.setup_fees_room import count_words, keyed
from app.ui.table_view import TableView
from app.ui.tables import Column
from app.ui.theme import dp
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel, label

WANTED = "Official files (*.zip *.txt *.csv *.tsv *.xlsx *.xml);;All files (*)"
_NOTHING = "Choose files with F4, or drop them here. What a file is, it says itself."
_WORKING = "Reading the files …"
_STOPPED = "Stopped. Files that were taken before stay; nothing is half-imported."
_LICENCE = "I hold a CPT licence: keep the descriptions on this computer"
_KINDS = tuple(
    Choice(kind, kind.words[:1].upper() + kind.words[1:])
    for kind in FileKind
    if kind is not FileKind.ICD_CHANGES
)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A file, or one of the files in a zip, and what came of it."""

    number: int
    name: str
    outcome: FileOutcome
    report: ReferenceReport | None

    @property
    def pill(self) -> tuple[str, str]:
        """In a word."""
        if self.report is not None:
            partly = self.report.refused_count > 0
            return ("Lines refused", "warn") if partly else ("Imported", "ok")
        return ("Asks", "warn") if self.outcome.asks else ("Refused", "bad")

    @property
    def words(self) -> str:
        """What it is, or why it was refused."""
        if self.report is None:
            return self.outcome.why
        return f"{self.report.kind.words[:1].upper()}{self.report.kind.words[1:]}"


def _columns() -> tuple[Column[OutcomeRow], ...]:
    return (
        Column("name", "File", lambda r: r.name, width=210, tooltip=lambda r: r.name),
        Column("pill", "", lambda _: "", lambda r: r.pill[0], width=128, pill=lambda r: r.pill),
        Column("words", "", lambda r: r.words, width=0, tooltip=lambda r: r.words),
        Column("edition", "Edition", lambda r: r.report.edition if r.report else "", width=92),
        _count("rows", "Kept", lambda r: r.report.kept if r.report else 0),
        _count("refused", "Refused", lambda r: r.report.refused_count if r.report else 0),
    )


def _count(key: str, title: str, number: Callable[[OutcomeRow], int]) -> Column[OutcomeRow]:
    return Column(key, title, lambda r: f"{number(r):,}" if r.report else "", number, True, 88)


_WIDTHS = (Width("rows", 700), Width("edition", 600))


class ImportFilesPanel(QWidget):
    """F4 chooses files, F9 tries again with what was typed, F7 copies refused lines, Esc stops.

    Attributes:
        done: something may have been imported.
        closed: she leaves it.
    """

    done = Signal()
    closed = Signal()

    def __init__(self, room: CodesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._paths: list[Path] = []
        self._outcomes: list[FileOutcome] = []
        self._job: Progress | None = None
        self._kind, self._edition = ChoiceEdit(_KINDS), LineField(hint="2026Q4, 2026, FY2027")
        self._partial, self._licence = CheckField("It is an excerpt"), CheckField(_LICENCE)
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        self.table = TableView[OutcomeRow](
            _columns(), lambda r: r.number, empty=_NOTHING, name="Files"
        )
        GivesWay(self.table, _columns(), _WIDTHS)
        self.lines = TableView[RefusedLine](
            line_columns(), lambda r: (r.number, r.text, r.why), name="Refused lines", many=True
        )
        self._notes, self._ama = label("", wrap=True), label(AMA_NOTICE, "muted", wrap=True)
        self._panel, self._report = Panel("Import"), Panel("Report", flush=True)
        self._buttons()
        self._lay_out()
        self._connect()

    def _buttons(self) -> None:
        """The section itself listens for the keys."""
        for button in (
            keyed("Close", "Esc", self.close_or_stop),
            keyed("Files", "F4", self.choose),
            keyed("Try again", "F9", self.again, primary=True),
        ):
            self._panel.add_action(button)
        self._report.add_action(keyed("Copy", "F7", self.copy))

    def _lay_out(self) -> None:
        self.form.add_row(
            Slot("kind", "Which table (blank: the file says it)", self._kind, 6),
            Slot("edition", "Edition, if the file does not say it", self._edition, 4),
            Slot("partial", "", self._partial, 2),
        )
        self.form.add_row(Slot("licence", "", self._licence, 12))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._panel.add(self.form)
        self._panel.add(self._ama)
        self._ama.hide()
        column.addWidget(self._panel)
        files = Panel(flush=True)
        files.add(self.table, 1)
        column.addWidget(files, 2)
        self._notes.setContentsMargins(dp(16), dp(8), dp(16), dp(8))
        self._report.add(self._notes)
        self._report.add(self.lines, 1)
        column.addWidget(self._report)
        self._show(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The fields keep their height; what is short of room scrolls."""
        super().resizeEvent(event)
        self._hold_heights()

    def _hold_heights(self) -> None:
        self.form.setMinimumHeight(self.form.sizeHint().height())
        wide = self.form.width() or self._ama.width()
        self._ama.setMinimumHeight(self._ama.heightForWidth(wide))

    def _connect(self) -> None:
        self.table.current_row.connect(self._show)
        self._licence.edited.connect(self._ticked)
        self.form.submitted.connect(self.again)
        self._room.jobs.state_changed.connect(self._idle)

    def _ticked(self) -> None:
        self._ama.setVisible(bool(self._licence.value()))
        self._hold_heights()

    # --- the files ----------------------------------------------------------------------------
    def choose(self) -> None:
        """Asks for files."""
        picker = QFileDialog(self, "Choose official files", "", WANTED)
        picker.setFileMode(QFileDialog.FileMode.ExistingFiles)
        picker.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        picker.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Imports files; while others are read, says so."""
        if self._job is not None:
            self._page.notify.emit(NoticeText("Files are being read. Esc stops them.", "bad"))
            return
        self._paths, self._outcomes = list(paths), []
        self._run(self._paths)

    def again(self) -> None:
        """Tries the files that were refused once more, with what is typed; else all of them."""
        if self._job is not None or not self._paths:
            return
        left = [o.path for o in self._outcomes if o.report is None]
        self._run(left or self._paths)

    def _wish(self) -> ImportWish:
        typed = self.form.values()
        return ImportWish(
            typed["kind"], typed["edition"] or None, bool(typed["licence"]), bool(typed["partial"])
        )

    def _run(self, paths: list[Path]) -> None:
        wish = self._wish()
        self.form.clear_findings()
        if not self._outcomes:
            self.table.set_rows(())
        self.table.set_empty(_WORKING)
        if self.isVisible():
            self.table.setFocus()

        def work(progress: Progress) -> tuple[FileOutcome, ...]:
            return self._room.files.import_files(paths, wish, progress.report)

        name = "Importing " + (paths[0].name if len(paths) == 1 else f"{len(paths)} files")
        self._job = self._room.jobs.run(work, self._shown, self._broke, name=name)

    def close_or_stop(self) -> None:
        """Stops the import that runs; when none does, leaves."""
        if self._job is not None:
            self._job.cancel()
        else:
            self.closed.emit()

    def _idle(self, state: object) -> None:
        """A job that was cancelled answers nothing else."""
        if state is None and self._job is not None and self._job.cancelled:
            self._job = None
            self.table.set_empty(_STOPPED)
            self._page.notify.emit(NoticeText(_STOPPED))
            self.done.emit()

    def _broke(self, error: BaseException) -> None:
        self._job = None
        self.table.set_empty(_NOTHING)
        tell(error, self._page, form=self.form, say=self._page.notify.emit)

    # --- what came of them --------------------------------------------------------------------
    def _shown(self, outcomes: tuple[FileOutcome, ...]) -> None:
        self._job = None
        fresh = {outcome.path: outcome for outcome in outcomes}
        before = [fresh.pop(o.path, o) for o in self._outcomes]
        self._outcomes = [*before, *fresh.values()]
        rows = _rows(self._outcomes)
        self.table.set_rows(rows)
        self._page.notify.emit(_notice(self._outcomes))
        asking = next((row for row in rows if row.report is None and row.outcome.asks), None)
        if asking is not None:
            self.table.select_key(asking.number)
        if asking is not None and self.isVisible():  # she may have gone elsewhere meanwhile
            self.form.go_to("kind" if asking.outcome.code == "other_kind" else "edition")
        self.done.emit()

    def _show(self, row: OutcomeRow | None) -> None:
        self._report.setVisible(row is not None)
        if row is None:
            return
        report = row.report
        self._report.set_title(row.name)
        notes = "\n".join(report.notes) if report else row.outcome.why
        whole = "Every line was taken." if report and not report.refused else ""
        self._notes.setText(notes or whole)
        self._notes.setVisible(bool(self._notes.text()))
        self.lines.set_rows(report.refused if report else ())
        self.lines.setVisible(bool(self.lines.rows()))

    def copy(self) -> None:
        """Puts the report in front on the clipboard: notes, then refused lines."""
        row = self.table.row()
        if row is None:
            return
        lines = [row.name, self._notes.text()]
        lines += [f"{n.number}\t{n.why}\t{' '.join(n.text.split())}" for n in self.lines.rows()]
        QGuiApplication.clipboard().setText("\n".join(line for line in lines if line))
        self._page.notify.emit(NoticeText("Copied the report."))


def _rows(outcomes: Sequence[FileOutcome]) -> list[OutcomeRow]:
    rows: list[OutcomeRow] = []
    for outcome in outcomes:
        reports = (outcome.report, *outcome.report.also) if outcome.report else (None,)
        for report in reports:
            rows.append(OutcomeRow(len(rows), outcome.path.name, outcome, report))
    return rows


def _notice(outcomes: Sequence[FileOutcome]) -> NoticeText:
    good = sum(o.report is not None for o in outcomes)
    left = len(outcomes) - good
    if not good:
        return NoticeText(
            outcomes[0].why if left == 1 else f"All {left} files were refused.", "bad"
        )
    words = f"Imported: {count_words(good, 'file')}"
    return NoticeText(f"{words}; {left} refused." if left else f"{words}.", "bad" if left else "")
