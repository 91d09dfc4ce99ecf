"""One patient in three views: registration, account, visits and claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.domain.dates import age_on, format_date
from app.services.account import AccountService
from app.services.adjustments import AdjustmentService
from app.services.claims import ClaimService
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.encounter_queue import EncounterQueueService
from app.services.households import HouseholdService
from app.services.patients import PatientService
from app.services.people_commands import SavePatient
from app.services.places import city_of
from app.services.receipts import ReceiptService
from app.ui.page import Page
from app.ui.pages.patients_account import AccountPane
from app.ui.pages.patients_details import PatientSheet
from app.ui.pages.patients_keeper import SheetKeeper
from app.ui.pages.patients_money_deeds import MoneyServices
from app.ui.pages.patients_panels import save_action
from app.ui.pages.patients_visits import VisitsPane
from app.ui.shortcuts import button_for
from app.ui.theme import dp
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import scrolled

VIEWS = ("Details", "Account", "Visits and claims")
DETAILS, ACCOUNT, VISITS = range(3)


@dataclass(frozen=True, slots=True)
class PatientServices:
    """What the page uses of the practice."""

    patients: PatientService
    households: HouseholdService
    directory: DirectoryService
    drafts: DraftService
    accounts: AccountService
    receipts: ReceiptService
    adjustments: AdjustmentService
    queue: EncounterQueueService
    claims: ClaimService
    money: MoneyServices


class PatientViews(QWidget):
    """The right side of the page.

    Attributes:
        head_changed: another patient, or another state of the same, is shown.
        turn_wanted: number of the view whose tab was clicked.
    """

    head_changed = Signal()
    turn_wanted = Signal(int)

    def __init__(self, page: Page, s: PatientServices, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._shown: int | None = None
        self._fresh: set[int] = set()
        self.alert = Banner()
        self.tabs, self._stack = QTabBar(), QStackedWidget()
        self.top = QHBoxLayout()
        self.sheet = PatientSheet(s.patients.guarantors, city_of, today)
        self.account = AccountPane(
            s.accounts, s.households, s.receipts, s.adjustments, today, self._copay, s.money
        )
        self.visits = VisitsPane(s.queue, s.claims)
        self.keeper = SheetKeeper(page, self.sheet, s.patients, s.households, s.directory, s.drafts)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setAccessibleName("Views of the patient")
        for number, title in enumerate(VIEWS):
            self.tabs.addTab(title)
            self.tabs.setTabToolTip(number, f"{title} (Alt {number + 1})")
        self.tabs.currentChanged.connect(self.turn_wanted)
        self.top.setSpacing(dp(8))
        self.top.addWidget(self.tabs, 1)
        column.addLayout(self.top)
        column.addWidget(self.alert)
        column.addWidget(self._stack, 1)
        for view in (self._details_view(), self.account, self.visits):
            self._stack.addWidget(view)

    def _details_view(self) -> QWidget:
        view = QWidget()
        column = QVBoxLayout(view)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        column.addWidget(scrolled(self.sheet), 1)
        self.save = save_action(view, "Save", self.keeper.save)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button_for(self.save, primary=True))
        column.addLayout(row)
        return view

    def tables(self) -> tuple[QWidget, ...]:
        """The lists of the views, in which single letters may be keys."""
        return (*self.account.tables(), *self.visits.tables())

    # --- who is shown ---------------------------------------------------------------------------
    def patient_id(self) -> int | None:
        """Whose views they are; None for somebody new, or nobody."""
        return self._shown

    def patient(self) -> SavePatient:
        """The patient as read."""
        return self.sheet.shown()

    def is_new(self) -> bool:
        """True while somebody new is being registered."""
        return self._shown is None and DETAILS in self._fresh

    def show_patient(self, patient_id: int) -> None:
        """Shows a patient in the view in front.

        Raises:
            NotFound: no such patient.
        """
        self.keeper.load(patient_id)  # keeps the draft of the one before
        self._shown, self._fresh = patient_id, {DETAILS}
        self.read()

    def show_new(self) -> None:
        """An empty sheet, or the one left half typed."""
        self.keeper.keep_draft()
        self._shown, self._fresh = None, {DETAILS}
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(DETAILS)
        self.tabs.blockSignals(False)
        self._stack.setCurrentIndex(DETAILS)
        self.keeper.load(None)
        self._show_head()
        self.sheet.person.go_to("last")

    def show_saved(self, patient_id: int) -> None:
        """The sheet was saved and shows the patient as he is in the file."""
        self._shown, self._fresh = patient_id, {DETAILS}
        self._show_head()

    # --- the views ------------------------------------------------------------------------------
    def forget(self) -> None:
        """The books changed: everything is to be read again."""
        if not self.is_new():
            self._fresh.clear()

    def turn(self, number: int) -> None:
        """Turns to Details (0), Account (1) or Visits and claims (2)."""
        if self.tabs.isTabEnabled(number):
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(number)
            self.tabs.blockSignals(False)
            self.read()

    def read(self) -> None:
        """Reads the view in front, unless it is fresh; a sheet being typed is left alone."""
        number = self.tabs.currentIndex()
        self._stack.setCurrentIndex(number)
        if self._shown is not None:
            if not (self.sheet.is_dirty() or DETAILS in self._fresh):
                self.keeper.load(self._shown)
            self._fresh.add(DETAILS)
            if number == ACCOUNT and ACCOUNT not in self._fresh:
                self.account.show_account(self._shown)
            elif number == VISITS and VISITS not in self._fresh:
                self.visits.show_patient(self._shown)
            self._fresh.add(number)
        self._show_head()

    def take_focus(self) -> None:
        """Puts the cursor where the view begins."""
        number = self.tabs.currentIndex()
        if number == DETAILS:
            self.sheet.person.go_to("last")
        else:
            (self.account if number == ACCOUNT else self.visits).setFocus()

    def _show_head(self) -> None:
        patient = self.patient()
        for number in (ACCOUNT, VISITS):
            self.tabs.setTabEnabled(number, patient.patient_id is not None)
        self.alert.clear()
        if patient.alert:
            self.alert.say(patient.alert, "warn")
        self.head_changed.emit()

    def _copay(self) -> int | None:
        """What the first card in force asks at the visit."""
        today = self._today()
        cards = [
            p
            for p in self.patient().policies
            if p.copay_cents and (p.termination is None or p.termination >= today)
        ]
        return min(cards, key=lambda p: p.rank).copay_cents if cards else None


def name_of(patient: SavePatient) -> str:
    """``Ames, Ruth E``."""
    first = f"{patient.first} {patient.middle[:1]}".strip()
    return f"{patient.last}, {first}"


def facts_of(patient: SavePatient, today: date) -> str:
    """Who it is, beyond doubt, in one line."""
    born = patient.birth_date
    parts = [
        f"{format_date(born)} · {age_on(born, today)} years" if born else "",
        {"F": "female", "M": "male"}.get(patient.sex, ""),
        f"account {patient.account_no}",
        "QMB" if patient.qmb else "",
        "in hospice" if patient.hospice else "",
        "insurance is not billed" if patient.do_not_bill_insurance else "",
        f"died {format_date(patient.death_date)}" if patient.death_date else "",
    ]
    return " · ".join(part for part in parts if part)
