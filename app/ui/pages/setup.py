"""Setup: the practice and its lists, each a list and a form side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout

from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.favourites import FavouriteService
from app.services.payer_preview import PayerPreviewService
from app.services.setup import SetupService
from app.services.statements import StatementService
from app.ui.page import Page
from app.ui.pages import (
    setup_charges,
    setup_codes,
    setup_edits,
    setup_favourites,
    setup_fees,
    setup_money,
    setup_printers,
    setup_statements,
)
from app.ui.pages.setup_codes import CodesSection
from app.ui.pages.setup_codes_lookup import Lookups
from app.ui.pages.setup_codes_room import CodesRoom
from app.ui.pages.setup_editor import Editor
from app.ui.pages.setup_edits import EditsRoom, EditsSection
from app.ui.pages.setup_fees import FeesSection
from app.ui.pages.setup_fees_room import FeesRoom
from app.ui.pages.setup_printers import PrinterRoom, PrintersSection
from app.ui.pages.setup_sections import sections
from app.ui.shortcuts import make_action
from app.ui.theme import dp
from app.ui.widgets.panel import Panel

DRAFT_MS = 1000
# What stands beside the menu.
Part = Editor | PrintersSection | EditsSection | FeesSection | CodesSection
_ORDER = (
    *("practice", "providers", "facilities", "payers", "procedures", "fees", "favourites"),
    *("referring", "statements", "money", "printers", "edits", "codes"),
)


class SetupPage(Page):
    """Enter moves on, F9 saves, Ctrl+N begins a new entry; drafts are kept."""

    NAME = "setup"
    TITLE = "Setup"
    WATCHES = frozenset(
        {
            "practice",
            "provider",
            "facility",
            "payer",
            "referring_provider",
            "procedure",
            "setting",
            "claim_finding",
            "fee_schedule",
            "fee",
            "fee_raise",
            "favourite_group",
            *("encounter", "claim", "recurring_visit"),  # where changed codes stand
        }
    )

    def __init__(
        self,
        setup: SetupService,
        directory: DirectoryService,
        drafts: DraftService,
        printers: PrinterRoom | None = None,
        previews: PayerPreviewService | None = None,
        statements: StatementService | None = None,
        edits: EditsRoom | None = None,
        fees: FeesRoom | None = None,
        favourites: FavouriteService | None = None,
        today: Callable[[], date] = date.today,
        codes: CodesRoom | None = None,
        lookups: Lookups | None = None,
        charges: setup_charges.ChargeAids | None = None,
    ) -> None:
        super().__init__()
        self._previews = previews
        self._drafts = drafts
        built = [*sections(setup, directory, lookups), setup_money.section(setup)]
        built.append(setup_charges.section(setup, directory, today, charges))
        if statements is not None:
            built.append(setup_statements.section(statements))
        if favourites is not None:
            built.append(setup_favourites.section(favourites))
        self._sections = {s.key: s for s in built}
        self._printers, self._edits, self._fees, self._codes = printers, edits, fees, codes
        titles = {s.key: (s.title, s.help) for s in built}
        for key, room, module in (
            ("printers", printers, setup_printers),
            ("edits", edits, setup_edits),
            ("fees", fees, setup_fees),
            ("codes", codes, setup_codes),
        ):
            if room is not None:
                titles[key] = (module.TITLE, module.HELP)
        self._titles = {key: titles[key] for key in _ORDER if key in titles}
        self._editors: dict[str, Part] = {}
        self._now = "practice"
        self._menu = QListWidget()
        self._menu.setAccessibleName("Sections of Setup")
        self._menu.setProperty("look", "menu")
        self._room = QVBoxLayout()
        self._new = make_action(self, "New entry", "Ctrl+N", self.new_entry)
        self._save = make_action(self, "Save", "F9", self.save)
        self._lay_out()
        for title, _help in self._titles.values():
            self._menu.addItem(title)
        self._menu.currentRowChanged.connect(self._picked)
        self._menu.setCurrentRow(0)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        side = Panel(flush=True)
        side.add(self._menu, 1)
        side.setFixedWidth(dp(184))
        row.addWidget(side)
        row.addLayout(self._room, 1)

    def _picked(self, number: int) -> None:
        self.show_section(list(self._titles)[number])

    def show_section(self, key: str) -> None:
        """Brings one list to the front."""
        if key in self._editors or self._now in self._editors:
            self._editor().keep_draft()
        for editor in self._editors.values():
            editor.hide()
        self._now = key
        if key not in self._editors:
            built = self._build(key)
            built.lists_actions(self._new, self._save)
            self._editors[key] = built
            self._room.addWidget(built)
        self._editor().show()
        self._menu.blockSignals(True)
        self._menu.setCurrentRow(list(self._titles).index(key))
        self._menu.blockSignals(False)
        self.refresh()

    def _build(self, key: str) -> Part:
        if key == "printers" and self._printers is not None:
            return PrintersSection(self._printers, self.notify.emit)
        if key == "edits" and self._edits is not None:
            return EditsSection(self._edits)
        if key == "fees" and self._fees is not None:
            return FeesSection(self._fees, self)
        if key == "codes" and self._codes is not None:
            return CodesSection(self._codes, self)
        preview = self._previews.preview if self._previews and key == "payers" else None
        return Editor(self._sections[key], self._drafts, self, preview)

    def _editor(self) -> Part:
        return self._editors[self._now]

    def refresh(self) -> None:
        """Reads the list in front again; a form being typed is left alone."""
        self.title_changed.emit(self.TITLE, self._titles[self._now][1])
        if self._now in self._editors:
            self._editor().load()

    def open(self, target: object) -> None:
        """``"payers"``, ``("payers", "new")``, or ``("payers", id, "zip_hyphen")`` for a field.

        ``("show", "codes")`` from Today: what new editions change.
        """
        key, *rest = target if isinstance(target, tuple) else (target,)
        if key == "show":
            key, rest = rest[0], []
        if key not in self._titles:
            return
        self.show_section(str(key))
        editor = self._editor()
        if isinstance(editor, CodesSection) and target == ("show", "codes"):
            editor.show_changes()
        elif len(rest) == 2 and isinstance(editor, Editor):
            editor.go_to(rest[0], str(rest[1]))
        elif rest:
            self.new_entry()

    def leave(self) -> None:
        """Keeps what is half-typed."""
        self._editor().keep_draft()

    def new_entry(self) -> None:
        """An empty form for the list in front."""
        editor = self._editor()
        if isinstance(editor, (Editor, FeesSection)):
            editor.begin_new()

    def save(self) -> None:
        """Saves the form in front."""
        editor = self._editor()
        if isinstance(editor, Editor):
            editor.form.submit()
        elif isinstance(editor, (PrintersSection, FeesSection, CodesSection)):
            editor.save()
