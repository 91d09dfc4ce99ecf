"""Setup, Fee schedules: lists of prices on the left, the fees of one on the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.services.fee_commands import FeeView, SaveFee, SaveSchedule, ScheduleKind, ScheduleRow
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.setup_fees_import import ImportPanel
from app.ui.pages.setup_fees_medicare import FillPanel
from app.ui.pages.setup_fees_raise import RaisePanel
from app.ui.pages.setup_fees_room import (
    FeesRoom,
    export,
    fee_columns,
    fee_form,
    keyed,
    schedule_columns,
    schedule_form,
)
from app.ui.shortcuts import button_for, make_action
from app.ui.table_view import TableView
from app.ui.theme import dp
from app.ui.widgets.field import LineField
from app.ui.widgets.notice import NoticeText
from app.ui.widgets.panel import Panel

TITLE = "Fee schedules"
HELP = "What you charge and what contracts allow, by day."
_EMPTY = "No fees yet: F2 adds one, F4 takes a file."
# Pixels at 100 %: head and headings of the list, one schedule, from where more are shown.
LIST_HEAD, LIST_ROW, ROOMY = 84, 34, 640


class FeesSection(QWidget):
    """F2 adds a fee, F3 raises all, F4 imports, F6 and F7 export, F8 removes, F9 saves.

    F11 fills a schedule from what Medicare pays.
    """

    def __init__(self, room: FeesRoom, page: Page) -> None:
        super().__init__()
        self._room, self._page = room, page
        self._fee: FeeView | None = None
        self._schedule: ScheduleRow | None = None
        self.list = TableView[ScheduleRow](
            schedule_columns(), lambda r: r.schedule_id, name="Fee schedules"
        )
        self.schedule_form, self.fee_form = schedule_form(), fee_form(room.today)
        self.words = LineField(hint="Find")
        self.words.setAccessibleName("Find a fee")
        self.table = TableView[FeeView](fee_columns(), _key, empty=_EMPTY, name="Fees")
        self.raising, self.importing = RaisePanel(room, page), ImportPanel(room, page)
        self.filling = FillPanel(room, page)
        self._front = QStackedWidget()
        self._actions()
        self._lay_out()
        self._connect()

    def _actions(self) -> None:
        add = make_action
        self._add = add(self, "Add fee", "F2", self.begin_fee)
        self._edit = add(self, "Edit", "F5", self.edit, tip="Name and kind of the schedule")
        self._raise = add(self, "Raise", "F3", self.begin_raise, tip="Raise all by a percentage")
        self._import = add(self, "Import", "F4", self.begin_import, tip="Fees from a file")
        tip = "Fill with a percentage of what Medicare pays"
        self._medicare = add(self, "Medicare", "F11", self.begin_fill, tip=tip)
        tip = "Export as XLSX; F7 as CSV"
        self._export = add(self, "Export", "F6", lambda: self.export("xlsx"), tip=tip)
        add(self, "Export as CSV", "F7", lambda: self.export("csv"))
        self._remove = add(self, "Remove", "F8", self.remove, tip="Remove the fee")
        self._close = add(self, "Back to the fees", "Esc", self.show_fees)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._listing = Panel("Schedules", flush=True)
        self._listing.add(self.list, 1)
        column.addWidget(self._listing)
        self._schedule_panel = Panel("Schedule")
        self._schedule_panel.add_action(keyed("Close", "Esc", self.show_fees))
        self._schedule_panel.add_action(keyed("Remove", "F8", self.remove))
        self._schedule_panel.add_action(keyed("Save", "F9", self.save, primary=True))
        self._schedule_panel.add(self.schedule_form)
        self._schedule_panel.body.addStretch(1)
        fronts = (self._fees_side(), self.raising, self.importing, self._schedule_panel)
        for part in (*fronts, self.filling):
            self._front.addWidget(part)
        column.addWidget(self._front, 1)

    def _fees_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self._fees_panel = Panel("Fees", flush=True)
        self.words.setFixedWidth(dp(128))
        self._fees_panel.add_action(self.words)
        for action in (self._raise, self._import, self._export):
            self._fees_panel.add_action(button_for(action))
        self._fees_panel.add(self.table, 1)
        column.addWidget(self._fees_panel, 1)
        self._fee_panel = Panel("Fee")
        for action in (self._add, self._remove):
            self._fee_panel.add_action(button_for(action))
        self._fee_panel.add(self.fee_form)
        column.addWidget(self._fee_panel)
        return side

    def _connect(self) -> None:
        self.words.textChanged.connect(self.table.filter_words)
        self.list.current_row.connect(self._show_schedule)
        self.table.current_row.connect(self._show_fee)
        self.schedule_form.submitted.connect(self._save_schedule)
        self.fee_form.submitted.connect(self._save_fee)
        for panel in (self.raising, self.importing, self.filling):
            panel.done.connect(self._changed)
            panel.closed.connect(self.show_fees)

    # --- as a section of Setup ----------------------------------------------------------------
    def lists_actions(self, new: QAction, save: QAction) -> None:
        """Puts the page's actions where they belong."""
        self._fee_panel.add_action(button_for(save, primary=True))
        self._listing.add_action(button_for(self._medicare))
        self._listing.add_action(button_for(new))
        self._listing.add_action(button_for(self._edit))

    def keep_draft(self) -> None:
        """A fee is three fields: what is half-typed is typed again. Nothing is asked any more."""
        self.raising.rest()
        self.importing.rest()
        self.filling.rest()

    def load(self) -> None:
        """Reads the schedules and the fees of the one in front; a form being typed is left."""
        with guard(self._page, say=self._page.notify.emit):
            self.list.set_rows(self._room.fees.schedules())
            self._fit()
            if self.list.row() is None:
                self.list.selectRow(0)
            elif not self.schedule_form.is_dirty():
                self._show_schedule(self.list.row())

    def _fit(self) -> None:
        """The list is as high as its schedules, two of them in a low window."""
        rows = min(len(self.list.rows()), 5 if self.height() >= dp(ROOMY) else 2)
        self._listing.setFixedHeight(dp(LIST_HEAD + LIST_ROW * max(rows, 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list gives way in a low window."""
        super().resizeEvent(event)
        self._fit()

    def begin_new(self) -> None:
        """An empty form for a new schedule."""
        self._bring(self._schedule_panel)
        self._schedule = None
        values = {"name": "", "kind": ScheduleKind.CONTRACT, "active": True}
        self.schedule_form.set_values(values)
        self._schedule_panel.set_title("New schedule")
        self.schedule_form.go_to("name")

    def edit(self) -> None:
        """The form of the schedule under the cursor."""
        self._bring(self._schedule_panel)
        self._schedule_panel.set_title("Schedule")
        self.schedule_form.go_to("name")

    def _bring(self, panel: QWidget) -> None:
        """Puts a panel in front; the list gives its room to a raise, an import or a fill."""
        whole = (self.raising, self.importing, self.filling)
        self._listing.setVisible(panel not in whole)
        self._front.setCurrentWidget(panel)

    def save(self) -> None:
        """Saves what is in front: the schedule, a raise, an import, else the fee."""
        forms = (self.fee_form, self.raising, self.importing, self.schedule_form, self.filling)
        forms[self._front.currentIndex()].submit()

    # --- schedules ----------------------------------------------------------------------------
    def _show_schedule(self, row: ScheduleRow | None) -> None:
        if row is None:
            return
        self._schedule = row
        self.schedule_form.set_values({"name": row.name, "kind": row.kind, "active": row.active})
        for name in ("kind", "active"):
            self.schedule_form.widget(name).setEnabled(not row.usual)
        self._load_fees()

    def _load_fees(self) -> None:
        if self._schedule is None:
            return
        with guard(self._page, say=self._page.notify.emit):
            self.table.set_rows(self._room.fees.fees(self._schedule.schedule_id))
        self._fees_panel.set_title(self._schedule.name)
        if self.table.row() is None:
            self.table.selectRow(0)
        if self.table.row() is None:
            self._show_fee(None)

    def _save_schedule(self) -> None:
        typed = self.schedule_form.values()
        key = self._schedule.schedule_id if self._schedule else None
        command = SaveSchedule(typed["name"], typed["kind"], bool(typed["active"]), key)
        with guard(self._page, form=self.schedule_form, say=self._page.notify.emit) as call:
            key = self._room.fees.save_schedule(command)
        if call.ok:
            self.schedule_form.set_clean()
            self.load()
            self.list.select_key(key)
            self.show_fees()
            self._page.notify.emit(NoticeText(f"Saved: {command.name}"))

    # --- fees ---------------------------------------------------------------------------------
    def show_fees(self) -> None:
        """Back from a raise or an import to the fees."""
        self.schedule_form.set_clean()
        self._listing.show()
        self._front.setCurrentIndex(0)
        if self._schedule is None:
            self.list.selectRow(0)
            self._show_schedule(self.list.row())
        self.table.setFocus()

    def _show_fee(self, fee: FeeView | None) -> None:
        if self.fee_form.is_dirty():
            return
        self._fee = fee
        names = self.fee_form.names()
        self.fee_form.set_values({n: getattr(fee, n) if fee else None for n in names})
        self._fee_panel.set_title("Fee" if fee is None or fee.fee_id else "Plain charge")

    def begin_fee(self) -> None:
        """An empty form for a new fee; of the code under the cursor, if there is one."""
        self.show_fees()
        code = self._fee.code if self._fee else None
        self.fee_form.set_clean()
        self._show_fee(None)
        self.fee_form.set_values({"code": code})
        self._fee_panel.set_title("New fee")
        self.fee_form.go_to("code")

    def _save_fee(self) -> None:
        if self._schedule is None:
            return
        typed: dict[str, Any] = self.fee_form.values()
        key = self._fee.fee_id if self._fee else None
        command = SaveFee(self._schedule.schedule_id, **typed, fee_id=key)
        with guard(self._page, form=self.fee_form, say=self._page.notify.emit) as call:
            key = self._room.fees.save_fee(command)
        if call.ok:
            self.fee_form.set_clean()
            self.load()
            self.table.select_key(key)
            self._page.notify.emit(NoticeText(f"Saved: {command.code}"))

    def remove(self) -> None:
        """Removes what is in front: the raise that is chosen, the schedule, else the fee."""
        if self._front.currentWidget() is self.raising:
            self.raising.take_back()
        elif self._front.currentWidget() is self._schedule_panel:
            self._remove_schedule()
        elif self._fee is not None and self._fee.fee_id is None:
            words = "This is the plain charge of the code. Setup, Charges has it."
            self._page.notify.emit(NoticeText(words, "bad"))
        elif self._schedule is not None and self._fee is not None:
            fee, schedule = self._fee, self._schedule.schedule_id
            with guard(self._page, say=self._page.notify.emit) as call:
                self._room.fees.remove_fee(fee.fee_id or 0)
            if call.ok:
                self.fee_form.set_clean()
                self.load()
                again = SaveFee(schedule, fee.code, fee.cents, fee.modifiers, fee.starts, fee.ends)
                words = f"Removed: {fee.code}"
                self._page.notify.emit(NoticeText(words, "", lambda: self._restore(again)))

    def _remove_schedule(self) -> None:
        if self._schedule is None:
            return
        name = self._schedule.name
        with guard(self._page, say=self._page.notify.emit) as call:
            self._room.fees.remove_schedule(self._schedule.schedule_id)
        if call.ok:
            self._schedule = None
            self.schedule_form.set_clean()
            self.load()
            self.show_fees()
            self._page.notify.emit(NoticeText(f"Removed: {name}"))

    def _restore(self, command: SaveFee) -> None:
        with guard(self._page, say=self._page.notify.emit):
            self._room.fees.save_fee(command)
            self.load()

    # --- raise, import, export ----------------------------------------------------------------
    def begin_raise(self) -> None:
        """A raise of the schedule in front."""
        if self._schedule is not None:
            self._bring(self.raising)
            self.raising.begin(self._schedule)

    def begin_fill(self) -> None:
        """The schedule in front from Medicare's prices."""
        if self._schedule is not None:
            self._bring(self.filling)
            self.filling.begin(self._schedule)

    def begin_import(self) -> None:
        """A file into the schedule in front; within an import, another file."""
        if self._schedule is None:
            return
        if self._front.currentWidget() is not self.importing:
            self._bring(self.importing)
            self.importing.begin(self._schedule)
        self.importing.choose()

    def _changed(self) -> None:
        self.show_fees()
        self.load()

    def export(self, kind: str) -> None:
        """Saves the fees in front as a file, with heads that an import knows."""
        if self._schedule is not None:
            export(self._room, self._page, self._schedule.schedule_id, kind)


def _key(row: FeeView) -> object:
    return row.fee_id or (row.code, row.modifiers)
