"""One list of Setup with its form, drafts kept; beside the payer's form a sample claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.drafts import DraftService
from app.services.payer_preview import PayerPreview
from app.services.people_commands import SavePayer
from app.services.places import city_of
from app.ui.form import Form
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.patients_fields import ZipFill
from app.ui.pages.setup_preview import PreviewPanel
from app.ui.pages.setup_sections import Section, to_command, to_values
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel, label, scrolled

DRAFT_MS, TELL_MS = 1000, 150
FRAME, WIDEST = 56, 480  # pixels at 100 %: round a form; what it may claim in a narrow window
ROOM = (820, 560)  # width and height from which a sample claim fits, pixels at 100 %


class Editor(QWidget):
    """One list with its form."""

    def __init__(
        self,
        section: Section,
        drafts: DraftService,
        page: Page,
        preview: Callable[[SavePayer], PayerPreview] | None = None,
    ) -> None:
        super().__init__()
        self._section, self._drafts, self._page = section, drafts, page
        self._row: Any = None
        self.form = Form(submit_keys=("Ctrl+Return", "Ctrl+Enter"))
        for title, rows in section.rows():
            if title:
                self.form.add_section(title)
            for slots in rows:
                self.form.add_row(*slots)
        for prefix in ("", "pay_to_"):
            if f"{prefix}zip" in self.form.names():
                ZipFill(self.form, city_of, prefix, then="city")
        self._list = TableView[Any](
            section.columns, section.key_of, empty=section.empty, name=section.title
        )
        self._form_panel = Panel(section.title)
        self._kept = label("", "muted")
        self.told = label("", "muted")
        self.told.setWordWrap(True)
        if section.told is None:
            self.told.hide()
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self._tell)
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.keep_draft)
        self._preview = PreviewPanel(self.form, preview) if preview else None
        self._lay_out()
        self.form.submitted.connect(self._submit)
        self.form.edited.connect(lambda _name: self._timer.start())
        self.form.edited.connect(lambda _name: self._telling.start())
        self._list.current_row.connect(self._show)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        if self._section.row_id:
            row.addLayout(self._left_side(), 2)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, dp(8), 0)
        column.addWidget(self.told)
        column.addWidget(self.form)
        column.addWidget(self._kept)
        column.addStretch(1)
        self._form_panel.add(scrolled(inner), 1)
        # In a narrow window the list gives way first, as far as it can.
        wanted = inner.minimumSizeHint().width() + dp(FRAME)
        self._form_panel.setMinimumWidth(min(wanted, dp(WIDEST)))
        row.addWidget(self._form_panel, 5)

    def _left_side(self) -> QVBoxLayout:
        """The list; under the list of payers the sample claim."""
        column = QVBoxLayout()
        column.setSpacing(dp(16))
        listing = Panel(flush=True)
        listing.add(self._list, 1)
        column.addWidget(listing, 2)
        if self._preview is not None:
            self._preview.set_source(self._typed)
            column.addWidget(self._preview, 5)
        return column

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sample claim gives way where there is no room for it."""
        super().resizeEvent(event)
        if self._preview is not None:
            before, room = self._preview.isVisible(), self._has_room()
            self._preview.setVisible(room)
            if room and not before:
                self._preview.draw_soon()

    def _has_room(self) -> bool:
        return self.width() >= dp(ROOM[0]) and self.height() >= dp(ROOM[1])

    def _typed(self) -> Any:
        """The entry as it stands in the form; None while a field cannot be read."""
        if any(self.form.widget(n).problem() for n in self.form.names()):  # type: ignore[attr-defined]
            return None
        fixed = _hidden(self._row, self.form.names()) if self._row is not None else {}
        values = {k: _blank(self._section.command, k, v) for k, v in self.form.values().items()}
        return to_command(self._section.command, values, fixed)

    def lists_actions(self, new: Any, save: Any) -> None:
        """Puts the page's actions into the form's head."""
        if self._section.row_id:
            self._form_panel.add_action(button_for(new))
        if self._section.remove is not None:
            gone = make_action(self, "Remove", "F8", self.remove, tip="Take this entry away")
            self._form_panel.add_action(button_for(gone))
        self._form_panel.add_action(button_for(save, primary=True))

    @property
    def _draft_key(self) -> str:
        key = self._section.key_of(self._row) if self._row is not None else "new"
        return f"setup:{self._section.key}:{key}"

    def load(self) -> None:
        """Reads the list; the form follows unless something is being typed in it."""
        with guard(self._page, say=self._page.notify.emit):
            rows = self._section.load()
            self._list.set_rows(rows)
            if not self.form.is_dirty():
                if not self._section.row_id:
                    self._show(rows[0] if rows else None)
                elif self._list.row() is None and rows:
                    self._list.selectRow(0)
                elif not rows:
                    self.begin_new()

    def go_to(self, key: object, field: str) -> None:
        """Chooses an entry and puts the cursor in one of its fields."""
        if self._section.row_id:
            self._list.select_key(key)
        if field in self.form.names():
            self.form.go_to(field)

    def begin_new(self) -> None:
        """An empty form with the defaults of a new entry."""
        self.keep_draft()
        self._row = None
        self._fill(_defaults(self._section.command))
        self._form_panel.set_title(f"{self._section.title} · new")
        self.form.go_to(self.form.names()[0])

    def remove(self) -> None:
        """Takes the entry in the form away; Undo brings it back."""
        if self._section.remove is None or self._row is None:
            return
        with guard(self._page, say=self._page.notify.emit) as call:
            back = self._section.remove(self._row)
        if call.ok:
            self._drafts.drop(self._draft_key)
            words, self._row = f"Removed: {_name(self._row)}", None
            self.form.set_clean()
            self.load()
            self._page.notify.emit(NoticeText(words, "", self._again(back)))

    def _again(self, back: Callable[[], object]) -> Callable[[], None]:
        def bring() -> None:
            with guard(self._page, say=self._page.notify.emit):
                back()
                self.load()

        return bring

    def _show(self, row: Any) -> None:
        self.keep_draft()
        self._row = row
        self._fill(to_values(row) if row is not None else _defaults(self._section.command))
        self._form_panel.set_title(self._section.title)

    def _fill(self, values: dict[str, Any]) -> None:
        names = set(self.form.names())
        self.form.clear_findings()
        blank: dict[str, Any] = dict.fromkeys(names)
        self.form.set_values(blank | {k: v for k, v in values.items() if k in names})
        self.form.set_clean()
        self._kept.setText("")
        draft = self._drafts.find(self._draft_key)
        if draft is not None:
            known = {k: v for k, v in draft.body.items() if k in names}
            self.form.set_values(known)
            self._kept.setText(f"Draft of {_clock(draft.saved_at)} brought back; F9 saves it.")
        self._tell()
        if self._preview is not None:
            self._preview.draw_soon()

    def _tell(self) -> None:
        """The sentence about what is typed."""
        self._telling.stop()
        if self._section.told is not None:
            with guard(self._page, say=self._page.notify.emit):
                self.told.setText(self._section.told(self.form.values()))

    def keep_draft(self) -> None:
        """Keeps a half-typed form."""
        self._timer.stop()
        self._telling.stop()
        if self.form.is_dirty():
            body = {
                k: v
                for k, v in self.form.values().items()
                if v is None or isinstance(v, (str, int, bool))
            }
            when = self._drafts.keep(self._draft_key, body)
            self._page.status.emit(f"Draft kept {_clock(when)}")

    def _submit(self) -> None:
        command = self._typed()
        with guard(self._page, form=self.form, say=self._page.notify.emit) as call:
            self._section.save(command)
        if not call.ok:
            return
        self._drafts.drop(self._draft_key)
        self._timer.stop()
        self.form.set_clean()
        self._kept.setText("")
        self._page.notify.emit(NoticeText(f"Saved: {_name(command)}"))


def _name(command: Any) -> str:
    return str(getattr(command, "name", "") or getattr(command, "code", "") or command.last)


def _defaults(command: type[Any]) -> dict[str, Any]:
    """The values a new entry starts with: the defaults of its command."""
    plain = (str, int, bool, type(None))
    return {f.name: f.default for f in fields(command) if isinstance(f.default, plain)}


def _hidden(row: Any, shown: tuple[str, ...]) -> dict[str, Any]:
    """What the form does not show stays as it was."""
    return {f.name: getattr(row, f.name) for f in fields(row) if f.name not in shown}


def _blank(command: type[Any], name: str, value: Any) -> Any:
    """An empty text field is '' for the command, whatever the widget calls it."""
    kinds = {f.name: str(f.type) for f in fields(command)}
    return "" if value is None and kinds.get(name) == "str" else value


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"
