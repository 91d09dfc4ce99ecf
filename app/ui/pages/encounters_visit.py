"""The head of an encounter: who, when, by whom, where, billed to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import format_date
from app.domain.findings import Finding
from app.services.coding_desk import CodingPatient, UsualVisit
from app.services.patients import PatientService
from app.services.people_commands import SaveFacility, SaveProvider, SaveReferring
from app.ui.form import Form, Slot
from app.ui.pages.encounters_payers import BY_ORDER, payer_choices
from app.ui.widgets.choice import Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

# Places without an address of their own (CMS place of service code set).
PLACES = {"11": "Office", "10": "Telehealth, at home", "02": "Telehealth, elsewhere", "12": "Home"}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class VisitForm(QWidget):
    """Patient, date, provider, place, payers. Enter on the date goes straight to the diagnoses.

    Attributes:
        edited: a field changed by hand.
        patient_chosen: id of the patient taken.
        changed: day, place or payers are others than before.
        done: Enter on the date, with everything after it filled in.
    """

    edited = Signal()
    patient_chosen = Signal(int)
    changed = Signal()
    done = Signal()

    def __init__(self, patients: PatientService, today: Callable[[], date]) -> None:
        super().__init__()
        self._patients, self._today = patients, today
        self._patient: CodingPatient | None = None
        self._facilities: dict[int, SaveFacility] = {}
        self._usual = UsualVisit()
        self.form = Form(submit_keys=())
        self._who = SearchField(self._find, hint="Name, birth date or account number")
        self._day = DateEdit(today=today)
        self._provider = ChoiceEdit((), blank=True)
        self._place = ChoiceEdit((), blank=False)
        self._payers = ChoiceEdit((), blank=False)
        self._referring = ChoiceEdit(())
        self._lay_out()
        self._day.installEventFilter(self)
        self._who.chosen.connect(self.patient_chosen.emit)
        self.form.edited.connect(self._edited)

    def _lay_out(self) -> None:
        self.form.add_row(
            Slot("patient_id", "&Patient", self._who, 4, "Choose the patient."),
            Slot("service_date", "Date of service", self._day, 2, "Enter the date of service."),
            Slot("provider_id", "Provider", self._provider, 3, "Choose the provider."),
            Slot("facility_id", "Place", self._place, 3),
        )
        self.form.add_row(
            Slot("policy_ids", "&Bill to", self._payers, 6),
            Slot("referring_id", "Referring provider (17)", self._referring, 3),
            Slot("prior_authorization", "Prior authorization (23)", CodeEdit(length=29), 3),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.setFocusProxy(self._who)

    # --- lists --------------------------------------------------------------------------------
    def set_lists(
        self,
        providers: Sequence[SaveProvider],
        facilities: Sequence[SaveFacility],
        referring: Sequence[SaveReferring],
        usual: UsualVisit,
    ) -> None:
        """Providers and places to choose from, and what was used last."""
        self._referring.set_choices(
            [Choice(r.referring_id, f"{r.last}, {r.first}") for r in referring if r.active]
        )
        self._usual = usual
        self._facilities = {f.facility_id or 0: f for f in facilities}
        self._provider.set_choices(
            [Choice(p.provider_id, _provider_name(p)) for p in providers if p.active]
        )
        places = [Choice(f"pos:{code}", f"{name} ({code})") for code, name in PLACES.items()]
        places += [
            Choice(f"facility:{f.facility_id}", f"{f.name} ({f.place_of_service})")
            for f in facilities
            if f.active
        ]
        self._place.set_choices(places)

    def _find(self, text: str) -> Sequence[SearchRow]:
        return [
            SearchRow(
                row.patient_id,
                row.name,
                f"born {format_date(row.birth_date)} · account {row.account_no}",
                row.payer,
            )
            for row in self._patients.find(text, 8)
        ]

    # --- what it holds ------------------------------------------------------------------------
    def begin(self) -> None:
        """A new visit: today, the provider and the place used last."""
        self.set_patient(None)
        usual = self._usual
        self.show_values(
            self._today(), usual.provider_id, usual.facility_id, usual.place_of_service, BY_ORDER
        )
        if self._provider.value() is None and self._provider.count() == 2:
            self._provider.setCurrentIndex(1)  # the only one there is

    def show_values(
        self,
        day: date | None,
        provider_id: int | None,
        facility_id: int | None,
        place_of_service: str,
        bill_to: object,
        referring_id: int | None = None,
        prior_authorization: str = "",
    ) -> None:
        """Shows a visit; its patient is shown before."""
        place = f"facility:{facility_id}" if facility_id else f"pos:{place_of_service or '11'}"
        self.form.set_values(
            {
                "service_date": day,
                "provider_id": provider_id,
                "facility_id": place,
                "referring_id": referring_id,
                "prior_authorization": prior_authorization,
            }
        )
        self._offer_payers(bill_to)

    def set_patient(self, patient: CodingPatient | None) -> None:
        """Shows a patient and offers the policies in force."""
        self._patient = patient
        row = SearchRow(patient.patient_id, patient.name) if patient else None
        self._who.set_value(row)
        self._who.setCursorPosition(0)  # a long name shows its beginning
        self._offer_payers(() if patient and patient.self_pay else BY_ORDER)

    def patient(self) -> CodingPatient | None:
        """The patient shown, as long as the field says so."""
        return self._patient if self._who.value() is not None else None

    def patient_id(self) -> int | None:
        """Id of the patient shown."""
        patient = self.patient()
        return patient.patient_id if patient else None

    def day(self) -> date | None:
        """The date of service; None while blank or unreadable."""
        day: date | None = self._day.value()
        return day

    def place(self) -> tuple[int | None, str]:
        """Facility (None for a place without an address of its own) and place of service."""
        kind, _, key = str(self._place.value() or "pos:11").partition(":")
        if kind == "pos":
            return None, key
        facility = self._facilities.get(int(key))
        return int(key), facility.place_of_service if facility else "11"

    def values(self) -> dict[str, Any]:
        """The parts of the command this form holds; ``bill_to`` is the answer as offered."""
        facility_id, place = self.place()
        return {
            "patient_id": self._who.value(),
            "service_date": self.day(),
            "provider_id": self._provider.value(),
            "facility_id": facility_id,
            "place_of_service": place,
            "bill_to": self._payers.value(),
            "referring_id": self._referring.value(),
            "prior_authorization": self.form.values()["prior_authorization"],
        }

    def first_payer(self) -> int | None:
        """Id of the payer billed first; None where the patient pays."""
        if self._patient is None or self._patient.self_pay:
            return None
        day, answer = self.day(), self._payers.value()
        policies = {p.policy_id: p.payer_id for p in self._patient.policies}
        if isinstance(answer, tuple):
            return policies.get(answer[0]) if answer else None
        return next(
            (p.payer_id for p in self._patient.policies if day is None or p.in_force(day)), None
        )

    def words(self) -> str:
        """The visit in a line for the window's header."""
        day = format_date(self.day())
        parts = (day, *(w.currentText() for w in (self._provider, self._place, self._payers)))
        return " · ".join(part for part in parts if part)

    def problems(self) -> tuple[Finding, ...]:
        """What is blank or unreadable."""
        return self.form.problems()

    def go_on(self) -> None:
        """Puts the cursor on the first field that wants typing: patient, then date."""
        self.form.go_to("patient_id" if self.patient() is None else "service_date")

    # --- typing -------------------------------------------------------------------------------
    def _edited(self, name: str) -> None:
        if name == "service_date":
            self._offer_payers(self._payers.value())
        self.changed.emit()
        self.edited.emit()

    def _offer_payers(self, answer: object) -> None:
        policies = self._patient.policies if self._patient else ()
        if self._patient is None:
            self._payers.set_choices((Choice(BY_ORDER, "–"),))
            return
        self._payers.set_choices(payer_choices(policies, self.day()))
        self._payers.set_value(answer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a readable date passes over what is filled in already."""
        if (
            watched is self._day
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _ENTER
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and self.day() is not None
            and self._provider.value() is not None
        ):
            self.done.emit()
            return True
        return super().eventFilter(watched, event)


def _provider_name(provider: SaveProvider) -> str:
    tail = f", {provider.credentials}" if provider.credentials else ""
    return f"{provider.first} {provider.last}{tail}"
