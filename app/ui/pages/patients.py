"""Patients: find one, see and change the registration, the account, visits and claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout

from app.services.patients import PatientRow, PatientSaved
from app.ui.guard import guard
from app.ui.page import Go, Page
from app.ui.pages.patients_list import PatientList
from app.ui.pages.patients_views import (
    ACCOUNT,
    DETAILS,
    VIEWS,
    PatientServices,
    PatientViews,
    facts_of,
    name_of,
)
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.notice import NoticeText

LOOK_MS = 150  # a row is opened, and the look audited, once the cursor has come to rest
MOST = 200


class PatientsPage(Page):
    """Type to find; Alt+1 to Alt+3 turn the views; Ctrl+N registers, F9 saves."""

    NAME = "patients"
    TITLE = "Patients"
    WATCHES = frozenset(
        {"patient", "guarantor", "policy", "payer", "posting", "payment", "encounter", "claim"}
    )

    def __init__(self, services: PatientServices, today: Callable[[], date]) -> None:
        super().__init__()
        self._services, self._today = services, today
        self._only: tuple[int, ...] | None = None  # the patients asked for from elsewhere
        self._list = PatientList()
        self._views = PatientViews(self, services, today)
        self._pause = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._make_actions()
        self._lay_out()
        self._connect()

    # --- building -------------------------------------------------------------------------------
    def _make_actions(self) -> None:
        self._new = make_action(self, "New patient", "Ctrl+N", self.new_patient)
        self._find = make_action(self, "Find a patient", "Ctrl+F", self._list.find_box)
        # A letter alone is a key only where nothing is typed or chosen by letters.
        self._visit = make_action(
            self._list.table,
            "New visit",
            "N",
            self.new_visit,
            tip="Begin an encounter, from a list",
        )
        self._visit_too = make_action(self, "New visit", "Ctrl+E", self.new_visit)
        for table in self._views.tables():
            table.addAction(self._visit)
        self._turns = [
            make_action(self, title, f"Alt+{n + 1}", lambda n=n: self.show_view(n))  # type: ignore[misc]
            for n, title in enumerate(VIEWS)
        ]

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(dp(16))
        row.addWidget(self._list, 4)
        row.addWidget(self._views, 11)
        self._views.top.addWidget(button_for(self._visit))
        self._list.add_foot(self._new)
        self.setFocusProxy(self._list)

    def _connect(self) -> None:
        views = self._views
        self._pause.timeout.connect(self._look)
        self._list.typed.connect(self._search)
        self._list.current.connect(lambda _row: self._pause.start())
        self._list.entered.connect(self._enter)
        views.turn_wanted.connect(self.show_view)
        views.head_changed.connect(self._show_head)
        views.keeper.saved.connect(self._saved)
        views.sheet.new_payer.connect(lambda: self.go.emit(Go("setup", ("payers", "new"))))
        views.account.notify.connect(self.notify)
        views.account.open_encounter.connect(lambda key: self.go.emit(Go("encounters", key)))
        views.visits.open_encounter.connect(lambda key: self.go.emit(Go("encounters", key)))
        views.visits.open_claim.connect(lambda key: self.go.emit(Go("claims", key)))

    def commands(self) -> Sequence[QAction]:
        """What can be done here."""
        account = self._views.account
        deeds = account.actions_offered() if account.isVisible() else ()
        return (self._new, self._find, self._visit_too, *self._turns, *deeds)

    # --- the list -------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Reads the list and the view in front again; a sheet being typed is left alone."""
        with guard(self, say=self.notify.emit):
            self._views.keeper.read_payers()
            self._views.forget()
            self._read_list()
            if self._views.patient_id() is None and not self._views.is_new():
                self._look()
            else:
                self._views.read()

    def _read_list(self) -> None:
        patients, words = self._services.patients, self._list.words.text()
        if self._only is not None and not words.strip():
            self._list.show_rows(patients.rows(self._only))
        else:
            self._list.show_rows(patients.find(words, limit=MOST))
        if (shown := self._views.patient_id()) is not None:
            self._list.table.select_key(shown)

    def _search(self) -> None:
        with guard(self, say=self.notify.emit):
            self._only = None
            self._list.show_rows(self._services.patients.find(self._list.words.text(), limit=MOST))
        if self._list.row() is not None:
            self._list.table.selectRow(0)
            self._pause.start()

    def _look(self) -> None:
        """Shows the patient the cursor has come to rest on."""
        self._pause.stop()
        row, shown = self._list.row(), self._views.patient_id()
        with guard(self, say=self.notify.emit):
            if row is not None and row.patient_id != shown:
                self._views.show_patient(row.patient_id)
            elif row is None and shown is None and not self._list.words.text().strip():
                self._views.show_new()

    def _enter(self, row: PatientRow) -> None:
        self._open(row.patient_id)
        self._views.take_focus()

    def _open(self, patient_id: int) -> None:
        self._pause.stop()
        if patient_id != self._views.patient_id():
            with guard(self, say=self.notify.emit):
                self._views.show_patient(patient_id)

    def open(self, target: object) -> None:
        """A patient's id, ``("account", id)``, ``("new",)``, ``("show", "credits")``, a field.

        ``("field", id, "birth_date")`` of the patient, ``("policy", id, policy_id, "member_id")``.
        """
        if isinstance(target, int):
            self._pick(target)
        elif isinstance(target, tuple) and target[0] == "account":
            self._pick(target[1])
            self.show_view(ACCOUNT)
        elif isinstance(target, tuple) and target[0] == "field":
            self._pick(target[1])
            self._views.turn(DETAILS)
            self._views.sheet.go_to(target[2])
        elif isinstance(target, tuple) and target[0] == "policy":
            self._pick(target[1])
            self._views.turn(DETAILS)
            self._views.sheet.go_to(target[3], target[2])
        elif isinstance(target, tuple) and target[0] == "new":
            self.new_patient()
        elif isinstance(target, tuple) and target[0] == "show":
            self._show_some(str(target[1]))

    def _pick(self, patient_id: int) -> None:
        with guard(self, say=self.notify.emit):
            self._select(patient_id)
        self._open(patient_id)

    def _select(self, patient_id: int) -> None:
        """Puts the list's cursor on a patient, whatever the list shows now."""
        table = self._list.table
        if table.select_key(patient_id):
            return
        self._only = None
        self._list.words.set_value("")
        self._read_list()
        if not table.select_key(patient_id):
            found = self._services.patients.rows((patient_id,))
            self._list.words.set_value(found[0].account_no if found else "")
            self._read_list()
            table.select_key(patient_id)

    def _show_some(self, what: str) -> None:
        """Only patients with a credit, or with a bill above its estimate (``estimates``)."""
        services = self._services
        with guard(self, say=self.notify.emit):
            if what == "estimates":
                found, none = services.money.estimates.too_high(), "No bill is above its estimate."
            else:
                found, none = services.households.with_credits(), "No account has a credit."
            self._only = found or None
            self._list.words.set_value("")
            self._read_list()
            if self._only is None:
                self.notify.emit(NoticeText(none))
                return
            self._list.table.selectRow(0)
            self._look()
            self.show_view(ACCOUNT)

    # --- the views ------------------------------------------------------------------------------
    def show_view(self, number: int) -> None:
        """Turns to Details (0), Account (1) or Visits and claims (2)."""
        with guard(self, say=self.notify.emit):
            self._views.turn(number)
        self._views.take_focus()

    def _show_head(self) -> None:
        patient = self._views.patient()
        known = patient.patient_id is not None
        for action in (self._visit, self._visit_too, *self._turns[1:]):
            action.setEnabled(known)
        if known:
            self.title_changed.emit(name_of(patient), facts_of(patient, self._today()))
        else:
            self.title_changed.emit(self.TITLE, "registering somebody new")

    # --- doing ----------------------------------------------------------------------------------
    def new_patient(self) -> None:
        """An empty sheet, or the one left half typed."""
        self._pause.stop()
        with guard(self, say=self.notify.emit):
            self._views.show_new()

    def _saved(self, done: PatientSaved) -> None:
        """Everything is in the file: say so, and show the patient among the others."""
        self._views.show_saved(done.patient_id)
        with guard(self, say=self.notify.emit):
            self._read_list()
            self._select(done.patient_id)
        self._pause.stop()
        look = " Look at what is marked." if done.warnings else ""
        name = name_of(self._views.patient())
        self.notify.emit(NoticeText(f"Saved: {name}, account {done.account_no}.{look}"))

    def new_visit(self) -> None:
        """Begins an encounter for the patient shown."""
        if (shown := self._views.patient_id()) is not None:
            self.go.emit(Go("encounters", ("new", shown)))

    def leave(self) -> None:
        """Keeps what is half typed."""
        self._views.keeper.keep_draft()
