"""Setup, Printers: which printer takes which paper, and the ruler that puts each one right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from app.domain.errors import Invalid
from app.domain.print_fit import NO_FIT, Measured, PrintFit, new_fit, parse_inches, warning
from app.services.printers import PLAIN, STOCK, PrinterService, PrinterTray
from app.ui.form import Form, Slot
from app.ui.guard import guard
from app.ui.printing.printer_out import PrinterPrintOut
from app.ui.printing.printers import Printers
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel, label, rule

TITLE = "Printers"
HELP = "Where claims print, and how far each printer is off."
_TO_FOLDER = Choice(None, "PDF to a folder", "P")
_NO_PRINTER = (
    "This computer has no printer set up. Sheets are saved as PDF in a folder of yours; print "
    "them at actual size, not fit to page."
)
_HOW = (
    "Print the test page on plain paper (F8), lay a ruler on it and type what you read: inches "
    "like 1.02 or 1 1/32, or millimeters like 25.9 mm."
)
_PAPERS = ((STOCK, "Red claim forms"), (PLAIN, "Plain paper"))
_LENGTHS = (
    ("left", "1  Left edge to cross"),
    ("top", "2  Top edge to cross"),
    ("across", "3  Cross to cross, across"),
    ("down", "4  Cross to cross, down"),
)


@dataclass(frozen=True, slots=True)
class PrinterRoom:
    """What the section needs; handed to Setup as one."""

    settings: PrinterService
    printers: Printers
    out: PrinterPrintOut


class LengthEdit(LineField):
    """A length read off a ruler; the value is what was typed, once it can be read."""

    def parse(self, text: str) -> str:
        """The text itself.

        Raises:
            ValueError: when it is no length.
        """
        parse_inches(text)
        return text


class PrintersSection(QWidget):
    """F9 (the page's) saves, F8 prints the test page of the tray shown."""

    def __init__(self, room: PrinterRoom, say: Callable[[NoticeText], object]) -> None:
        super().__init__()
        self._room, self._say = room, say
        self._loaded = False
        self._known_trays: dict[str, tuple[str, ...]] = {}
        self._papers, self._ruler = Form(submit_keys=()), Form(submit_keys=())
        self._paper = ChoiceEdit([Choice(k, t) for k, t in _PAPERS], blank=False)
        self._now, self._new = label("", "", wrap=True), label("", "figure", wrap=True)
        self._warn = label("", "warn", wrap=True)
        self._none = label(_NO_PRINTER, "", wrap=True)
        self._test = make_action(self, "Print the test page", "F8", self.print_test_page)
        self._clear = make_action(self, "No correction", "", self.clear_fit)
        self._build_papers()
        self._build_ruler()
        self._lay_out()
        self._papers.edited.connect(self._paper_edited)
        self._ruler.edited.connect(self._ruler_edited)

    def _build_papers(self) -> None:
        for key, text in _PAPERS:
            self._papers.add_row(
                Slot(f"{key}_printer", text, ChoiceEdit([_TO_FOLDER], blank=False), 7),
                Slot(f"{key}_tray", "Tray", LineField(hint="the printer's own choice"), 5),
            )

    def _build_ruler(self) -> None:
        self._ruler.add_row(Slot("paper", "Measured for", self._paper, 6))
        self._ruler.add_row(*(Slot(name, text, LengthEdit(), 3) for name, text in _LENGTHS))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(16))
        self._chosen = Panel(TITLE)
        self._chosen.add(self._none)
        self._chosen.add(self._papers)
        column.addWidget(self._chosen)
        self._measure = Panel("Put it right with a ruler")
        self._measure.add_action(button_for(self._clear))
        self._measure.add_action(button_for(self._test))
        self._measure.add(label(_HOW, "muted", wrap=True))
        self._measure.add(self._ruler)
        self._measure.add(rule())
        for words in (self._now, self._new, self._warn):
            self._measure.add(words)
        column.addWidget(self._measure)
        column.addStretch(1)

    def lists_actions(self, _new: QAction, save: QAction) -> None:
        """Puts the page's Save into the section's head."""
        self._chosen.add_action(button_for(save, primary=True))

    # --- what is shown ------------------------------------------------------------------------
    def load(self) -> None:
        """Lists the printers and shows what is kept; what is being typed is left alone."""
        names = self._room.printers.names()
        kept = {paper: self._room.settings.chosen(paper) for paper, _ in _PAPERS}
        gone = [t.printer for t in kept.values() if t and t.printer not in names]
        self._none.setVisible(not names)
        if not (self._loaded and self._papers.is_dirty()):
            values: dict[str, Any] = {}
            for paper, tray in kept.items():
                field = self._papers.widget(f"{paper}_printer")
                if isinstance(field, ChoiceEdit):
                    field.set_choices([_TO_FOLDER, *_choices(names, gone)])
                values[f"{paper}_printer"] = tray.printer if tray else None
                values[f"{paper}_tray"] = tray.tray if tray else ""
            self._papers.set_values(values)
            self._papers.set_clean()
            self._loaded = True
        self._papers.setEnabled(bool(names or gone))
        self._measure.setVisible(bool(names or gone))
        self._show_trays()
        self._show_fit()

    def keep_draft(self) -> None:
        """Nothing is kept of a half-typed measurement: the page lies under the ruler still."""

    def _paper_edited(self, name: str) -> None:
        if name.endswith("_printer"):
            self._show_trays()
        self._show_fit()

    def _ruler_edited(self, name: str) -> None:
        if name == "paper":
            self._show_fit()
        self._show_new()

    def _show_trays(self) -> None:
        values = self._papers.values()
        for paper, _ in _PAPERS:
            printer, field = values[f"{paper}_printer"], self._papers.widget(f"{paper}_tray")
            field.setEnabled(bool(printer))
            trays = self._trays_of(printer) if printer else ()
            field.setToolTip(f"This printer has: {', '.join(trays)}" if trays else "")
            if isinstance(field, LineField):
                completer = QCompleter(list(trays), field)
                completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
                field.setCompleter(completer)

    def _trays_of(self, printer: str) -> tuple[str, ...]:
        if printer not in self._known_trays:  # asking the system may take a moment
            self._known_trays[printer] = self._room.printers.trays(printer)
        return self._known_trays[printer]

    def _tray(self, paper: str) -> PrinterTray | None:
        values = self._papers.values()
        printer = values[f"{paper}_printer"]
        return PrinterTray(str(printer), values[f"{paper}_tray"] or "") if printer else None

    def _measured_tray(self) -> PrinterTray | None:
        return self._tray(str(self._paper.value()))

    def _show_fit(self) -> None:
        tray = self._measured_tray()
        self._measure.setEnabled(tray is not None)
        fit = NO_FIT if tray is None else self._room.settings.fit(tray)
        self._clear.setEnabled(fit != NO_FIT)
        if tray is None:
            self._now.setText("Choose a printer for this paper above, then measure its test page.")
        else:
            self._now.setText(f"Now: {fit.words()}")
        self._show_new()

    def _new_fit(self) -> PrintFit | None:
        """What the four lengths ask for.

        Raises:
            Invalid: one of them cannot be.
        """
        tray, typed = self._measured_tray(), self._lengths()
        if tray is None or not all(typed.values()):
            return None
        return new_fit(Measured(**typed), self._room.settings.fit(tray))

    def _lengths(self) -> dict[str, str]:
        values = self._ruler.values()
        return {name: str(values[name] or "") for name, _ in _LENGTHS}

    def _show_new(self) -> None:
        try:
            fit = self._new_fit()
        except Invalid as error:
            self._tell("", error.message)
        else:
            self._tell(
                *(("", "") if fit is None else (f"From now on: {fit.words()}", warning(fit)))
            )

    def _tell(self, new: str, warn: str) -> None:
        for words, text in ((self._new, new), (self._warn, warn)):
            words.setText(text)
            words.setVisible(bool(text))

    # --- what is done -------------------------------------------------------------------------
    def print_test_page(self) -> None:
        """On the tray shown, with its present correction: printed again, it shows what is left."""
        self._keep_papers()
        tray, settings = self._measured_tray(), self._room.settings
        if tray is None:
            return
        sheet = settings.calibration()

        def told(words: str) -> None:
            self._say(NoticeText(f"{words} Measure the test page, then type the four lengths."))

        def failed(why: str) -> None:
            self._say(NoticeText(why, "bad"))

        self._room.out.print_on(
            tray, settings.calibration_pdf(), told, sheets=[sheet], failed=failed
        )
        self._ruler.go_to("left")

    def save(self) -> None:
        """Keeps the printers, and the correction when the four lengths are typed."""
        with guard(self, form=self._ruler, say=self._say) as call:
            fit = self._new_fit()
            self._keep_papers()
            tray = self._measured_tray()
            if fit is not None and tray is not None:
                self._room.settings.save_fit(tray, fit)
                self._ruler.set_values(dict.fromkeys(self._lengths()))
                self._ruler.clear_findings()
        if call.ok:
            self._show_fit()
            again = " Print the test page again to check." if fit is not None else ""
            self._say(NoticeText(f"Saved: {TITLE}.{again}"))

    def clear_fit(self) -> None:
        """Forgets the correction of the tray shown; Undo brings it back."""
        tray = self._measured_tray()
        if tray is None:
            return
        before = self._room.settings.fit(tray)

        def keep(fit: PrintFit) -> None:
            self._room.settings.save_fit(tray, fit)
            self._show_fit()

        keep(NO_FIT)
        self._say(NoticeText("No correction any more.", undo=lambda: keep(before)))

    def _keep_papers(self) -> None:
        for paper, _ in _PAPERS:
            tray = self._tray(paper)
            if tray != self._room.settings.chosen(paper):
                self._room.settings.choose(paper, tray)
        self._papers.set_clean()


def _choices(names: tuple[str, ...], gone: list[str]) -> list[Choice]:
    missing = [Choice(name, f"{name} (not there)") for name in dict.fromkeys(gone)]
    return [*(Choice(name, name) for name in names), *missing]
