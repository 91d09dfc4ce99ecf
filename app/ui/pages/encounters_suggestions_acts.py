"""Reads the note a little at a time while her hands rest, and takes the codes she accepts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer

from app.services.note_terms import PROCEDURE, NoteTermService, Suggested
from app.ui.page import Page
from app.ui.pages.encounters_bench import CodingBench
from app.ui.pages.encounters_chart_note import ChartNote, Tint
from app.ui.pages.encounters_suggestions import TermsPanel
from app.ui.widgets.notice import NoticeText

REST_MS = 250  # after the last key
LATER_MS = 2000
Key = tuple[int | None, date]  # the patient and the day: a new visit keeps it when saved


class TermActs(QObject):
    """Between the note, the list under it and the sheet at the right."""

    def __init__(
        self,
        terms: NoteTermService,
        bench: CodingBench,
        panel: TermsPanel,
        owner: Page,
        today: Callable[[], date],
    ) -> None:
        super().__init__(owner)
        self._terms, self._bench, self._panel, self._owner = terms, bench, panel, owner
        self._today = today
        self._dismissed: dict[Key, set[str]] = {}
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._begin)
        self._later = QTimer(self, interval=LATER_MS, singleShot=True)
        self._later.timeout.connect(self._begin)
        self._work = QTimer(self, interval=0)
        self._work.timeout.connect(self._step)
        self._chosen: Suggested | None = None
        bench.note.textChanged.connect(self._rest.start)
        bench.sheet.edited.connect(self._rest.start)
        bench.shown.connect(self._rest.start)
        panel.chosen.connect(self._show_place)
        panel.table.taken.connect(self.take)
        panel.table.dismissed.connect(self.dismiss)
        panel.table.gone.connect(bench.sheet.diagnoses.go_to_next)

    # --- reading ------------------------------------------------------------------------------
    def _begin(self) -> None:
        if not self._terms.ready:
            self._later.start()  # the code set is being made ready
        elif self._bench.is_coding() and self._bench.note.value():
            self._work.start()
        else:
            self._work.stop()
            self._show(())

    def _step(self) -> None:
        """A clause at each turn of the window, so that she can type on."""
        if self._terms.step(self._text(), self._day()):
            return
        self._work.stop()
        self.refresh()

    def refresh(self) -> None:
        """Shows what the note speaks of and the visit has not got."""
        sheet = self._bench.sheet
        if not self._bench.is_coding():
            self._show(())
            return
        self._show(
            self._terms.suggest(
                self._text(),
                self._day(),
                coded=(*sheet.diagnoses.codes(), *(line.code for line in sheet.lines.raw())),
                dismissed=tuple(self._dismissed.get(self._key(), ())),
                patient_id=sheet.visit.patient_id(),
            )
        )

    def busy(self) -> bool:
        """True while the note is being read, or about to be."""
        return self._rest.isActive() or self._work.isActive()

    def _show(self, found: tuple[Suggested, ...]) -> None:
        had = self._panel.table.hasFocus()
        self._panel.show_terms(found)
        self._tint()
        if had and not found:
            self._bench.sheet.diagnoses.go_to_next()

    def _text(self) -> str:
        return self._bench.note.toPlainText()

    def _day(self) -> date:
        return self._bench.sheet.visit.day() or self._today()

    def _key(self) -> Key:
        return self._bench.sheet.visit.patient_id(), self._day()

    # --- showing ------------------------------------------------------------------------------
    def _show_place(self, found: object) -> None:
        self._chosen = found if isinstance(found, Suggested) else None
        self._tint()
        if self._chosen is not None:
            self._bench.note.show_place(self._chosen.start)

    def _tint(self) -> None:
        note: ChartNote = self._bench.note
        found = self._panel.terms()
        now = self._chosen
        note.tint(
            [
                Tint(one.start, one.end, "warn_soft" if one == now else "accent_soft")
                for one in found
            ]
        )

    # --- taking -------------------------------------------------------------------------------
    def go_to(self) -> None:
        """Puts the cursor into the list of terms."""
        if self._panel.terms():
            self._panel.go_to()
        elif self.busy() and self._bench.note.value():
            self._say("The note is being read; press F5 again in a moment.")
        else:
            self._say("Nothing was found in the note. Paste or type it first.")

    def take(self, found: Suggested) -> None:
        """Puts a code on the visit; Undo takes it off again."""
        sheet = self._bench.sheet
        before = sheet.diagnoses.codes(), sheet.lines.raw()
        if not sheet.put(found.code, procedure=found.kind == PROCEDURE):
            self._say("The visit has 12 diagnoses, which is all that fits on a claim.", "bad")
            return
        self.refresh()
        undo = NoticeText(
            f"{found.code} taken from “{found.words}”.", undo=lambda: self._put_back(*before)
        )
        self._owner.notify.emit(undo)

    def _put_back(self, codes: tuple[str, ...], lines: tuple[object, ...]) -> None:
        self._bench.sheet.copy(codes, lines)
        self.refresh()

    def dismiss(self, found: Suggested) -> None:
        """Does not offer a code for this visit again; Undo does."""
        gone = self._dismissed.setdefault(self._key(), set())
        gone.add(found.code)
        self.refresh()

        def back() -> None:
            gone.discard(found.code)
            self.refresh()

        self._owner.notify.emit(NoticeText(f"{found.code} is not offered here.", undo=back))

    def _say(self, words: str, look: str = "") -> None:
        self._owner.notify.emit(NoticeText(words, look))
