"""Loads a patient into the sheet, keeps what is half typed, and saves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Invalid, Refused
from app.services.directory import DirectoryService
from app.services.drafts import DraftService
from app.services.households import HouseholdService
from app.services.patients import PatientSaved, PatientService
from app.ui.guard import guard
from app.ui.page import Page
from app.ui.pages.patients_details import PatientSheet
from app.ui.pages.patients_drafts import clock, draft_key

DRAFT_MS = 1000
_BILLED = "policy:policy_was_billed"


class SheetKeeper(QObject):
    """The sheet's memory.

    Args:
        page: takes the words of refusals, and the quiet line about drafts.

    Attributes:
        saved: a ``PatientSaved``, after everything is in the file.
    """

    saved = Signal(object)

    def __init__(
        self,
        page: Page,
        sheet: PatientSheet,
        patients: PatientService,
        households: HouseholdService,
        directory: DirectoryService,
        drafts: DraftService,
    ) -> None:
        super().__init__(page)
        self._page, self._sheet = page, sheet
        self._patients, self._households = patients, households
        self._directory, self._drafts = directory, drafts
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.keep_draft)
        sheet.edited.connect(self._timer.start)
        sheet.discard.connect(self.discard)
        sheet.guarantor_picked.connect(self._fill_guarantor)

    def read_payers(self) -> None:
        """Reads the payers to choose from again."""
        self._sheet.set_payers(self._directory.payers())

    def load(self, patient_id: int | None) -> None:
        """Shows a patient, or an empty sheet, with the draft that was kept of it.

        Raises:
            NotFound: no such patient.
        """
        typed = self._sheet.is_dirty()
        self.keep_draft()
        command = self._patients.show(patient_id) if patient_id is not None else None
        draft = self._drafts.find(draft_key(patient_id))
        if command is not None and draft is None and not typed and command == self._sheet.shown():
            return  # nothing new: cursor, card in front and marks stay as they are
        self._sheet.show_patient(command)
        if draft is None:
            self._page.status.emit("")
        else:
            self._sheet.restore(draft.body, f"Draft of {clock(draft.saved_at)} brought back")

    def keep_draft(self) -> None:
        """Keeps what is half typed."""
        self._timer.stop()
        if self._sheet.is_dirty():
            key = draft_key(self._sheet.patient_id())
            when = self._drafts.keep(key, self._sheet.body())
            self._page.status.emit(f"Draft kept {clock(when)}")

    def discard(self) -> None:
        """Throws the draft away and shows the patient as saved."""
        self._timer.stop()
        patient_id = self._sheet.patient_id()
        with guard(self._page, say=self._page.notify.emit):
            self._drafts.drop(draft_key(patient_id))
            self._sheet.show_patient(None)
            self.load(patient_id)
            self._page.status.emit("")

    def save(self) -> None:
        """Saves the sheet, or marks what is wrong with it."""
        if not self._sheet.check():
            return
        before = self._sheet.patient_id()
        done: PatientSaved | None = None
        with guard(self._page, say=self._page.notify.emit):
            done = self._try_save()
        if done is None:
            return
        self._timer.stop()
        self._drafts.drop(draft_key(before))
        with guard(self._page, say=self._page.notify.emit):
            self._sheet.show_patient(self._patients.show(done.patient_id))
            self._page.status.emit("")
        self.saved.emit(done)
        self._sheet.show_findings(done.warnings)

    def _try_save(self) -> PatientSaved | None:
        try:
            return self._patients.save(self._sheet.command())
        except Invalid as error:
            if left := self._sheet.show_findings(error.findings):
                raise Invalid(left) from None
        except Refused as error:
            if error.code != _BILLED:
                raise
            self._sheet.banner.say(f"{error.message} F7 does both.", "bad")
            self._sheet.cards.turn_to_overwritten()
        return None

    def _fill_guarantor(self, guarantor_id: int) -> None:
        with guard(self._page, say=self._page.notify.emit):
            self._sheet.show_guarantor(self._households.guarantor(guarantor_id))
