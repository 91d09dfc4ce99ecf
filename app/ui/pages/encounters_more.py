"""What few visits need: accident, illness dates, referral, numbers; and the extras of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence

from app.domain.claim_form import QualifiedDate
from app.services.encounter_commands import SaveEncounter, SaveLine
from app.ui.form import Form, Slot
from app.ui.theme import dp
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import CodeEdit, LineField, NumberEdit, StateEdit
from app.ui.widgets.money import MoneyEdit
from app.ui.widgets.panel import Panel
from app.ui.widgets.pill import KeyButton

# NUCC 1500 manual, items 14, 15 and 17.
ONSET = (Choice("431", "431 onset of illness"), Choice("484", "484 last menstrual period"))
OTHER = (
    Choice("454", "454 first treatment"),
    Choice("304", "304 latest visit"),
    Choice("453", "453 acute phase of a chronic illness"),
    Choice("439", "439 accident"),
    Choice("455", "455 last X-ray"),
    Choice("471", "471 prescription"),
    Choice("090", "090 report begins"),
    Choice("091", "091 report ends"),
    Choice("444", "444 first visit"),
)
REFERRING = (
    Choice("DN", "DN referred"),
    Choice("DK", "DK ordered"),
    Choice("DQ", "DQ supervised"),
)
NDC_UNITS = (
    Choice("UN", "UN unit"),
    Choice("ML", "ML milliliter"),
    Choice("GR", "GR gram"),
    Choice("ME", "ME milligram"),
    Choice("F2", "F2 international unit"),
)
EPSDT = (
    Choice("AV", "AV not used"),
    Choice("S2", "S2 under treatment"),
    Choice("ST", "ST new services"),
    Choice("NU", "NU none needed"),
)
_QUALIFIED = ("onset", "other_date")


class FoldPanel(Panel):
    """A panel that shows one line until its key opens it."""

    def __init__(self, title: str, note: str, form: Form, action: QAction) -> None:
        super().__init__(title, note=note)
        self.form = form
        key = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        self._open, self._close = KeyButton("Open", key), KeyButton("Close", key)
        for button in (self._open, self._close):
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            self.add_action(button)
        self.add(form)
        self.unfold(False)

    def unfold(self, on: bool) -> None:
        """Shows or hides the fields."""
        self.form.setVisible(on)
        self._open.setVisible(not on)
        self._close.setVisible(on)
        edge = dp(16) if on else 0
        self.body.setContentsMargins(edge, 0, edge, edge)

    def is_open(self) -> bool:
        """True while the fields are shown."""
        return not self.form.isHidden()

    def toggle(self) -> None:
        """Opens with the cursor in the first field, or closes."""
        self.unfold(not self.is_open())
        if self.is_open():
            self.form.go_to(self.form.names()[0])


class MoreForm(Form):
    """Items 10, 14 to 20 and 27 of the claim; item 22 is set where a corrected claim is made."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(submit_keys=())
        self._today = today
        self._add_accident()
        self._add_dates()
        self._add_referral()
        self.show_command(None)

    def _day(self) -> DateEdit:
        return DateEdit(today=self._today)

    def _add_accident(self) -> None:
        self.add_section("Accident and work")
        self.add_row(
            Slot("related_employment", "10a", CheckField("Work"), 2),
            Slot("related_auto", "10b", CheckField("Auto accident"), 2),
            Slot("auto_state", "10b State", StateEdit(), 2),
            Slot("related_other", "10c", CheckField("Other accident"), 2),
            Slot("accident_date", "Accident on", self._day(), 2),
            Slot("claim_codes", "10d Claim codes", LineField(length=19), 2),
        )

    def _add_dates(self) -> None:
        self.add_section("Dates of the illness")
        self.add_row(
            Slot("onset", "14 Date", self._day(), 2),
            Slot("onset_qualifier", "14 Which date", ChoiceEdit(ONSET), 4),
            Slot("other_date", "15 Other date", self._day(), 2),
            Slot("other_date_qualifier", "15 Which date", ChoiceEdit(OTHER), 4),
        )
        self.add_row(
            Slot("unable_from", "16 Unable to work from", self._day(), 3),
            Slot("unable_to", "16 To", self._day(), 3),
            Slot("hospital_from", "18 In hospital from", self._day(), 3),
            Slot("hospital_to", "18 To", self._day(), 3),
        )

    def _add_referral(self) -> None:
        self.add_section("Referral and numbers")
        self.add_row(
            Slot("referring_qualifier", "17 Role of the referring", ChoiceEdit(REFERRING), 3),
            Slot("clia", "23 CLIA number", CodeEdit(length=10), 3),
            Slot("mammography_certificate", "Mammography certificate", CodeEdit(length=12), 3),
            Slot("outside_lab_cents", "20 Outside lab charge", MoneyEdit(), 3),
        )
        self.add_row(
            Slot("additional_info", "19 Additional information", LineField(length=71), 12),
        )
        self.add_row(
            Slot("accept_assignment", "27", CheckField("Accept assignment"), 3),
            Slot("signed", "31", CheckField("Provider's signature on file"), 5),
        )

    def show_command(self, command: SaveEncounter | None) -> None:
        """Shows an encounter's facts; None the ones of a new encounter."""
        shown = command or SaveEncounter(0, 0, self._today())
        values = {name: getattr(shown, name, None) for name in self.names()}
        for name in _QUALIFIED:
            qualified: QualifiedDate | None = getattr(shown, name)
            values[name] = qualified.date if qualified else None
            values[f"{name}_qualifier"] = qualified.qualifier if qualified else None
        values["referring_qualifier"] = shown.referring_qualifier or None
        self.set_values(values)

    def command_values(self) -> dict[str, Any]:
        """The parts of the command this form holds."""
        values = self.values()
        for name in _QUALIFIED:
            day, qualifier = values[name], values.pop(f"{name}_qualifier")
            values[name] = QualifiedDate(day, qualifier or "") if day else None
        values["referring_qualifier"] = values["referring_qualifier"] or ""
        if values["onset"] and not values["onset"].qualifier:
            values["onset"] = QualifiedDate(values["onset"].date, "431")
        return values

    def count(self) -> int:
        """How many fields say something out of the ordinary."""
        plain = SaveEncounter(0, 0, self._today())
        usual = {n: getattr(plain, n, None) for n in self.names()}
        return sum(1 for n, v in self.values().items() if (v or None) != (usual[n] or None))


class LineExtras(Form):
    """What one service line may carry besides its code: drug, anesthesia, EPSDT, emergency.

    Attributes:
        line_edited: the values to change on the line, by field of ``SaveLine``.
    """

    line_edited = Signal(dict)

    def __init__(self) -> None:
        super().__init__(submit_keys=())
        self.add_row(
            Slot("ndc_code", "24A NDC of the drug", LineField(hint="0009-0280-02"), 3),
            Slot("ndc_unit", "Unit", ChoiceEdit(NDC_UNITS), 3),
            Slot("ndc_quantity", "Quantity", LineField(), 2),
            Slot("supplemental", "24 Shaded text", LineField(length=61), 4),
        )
        self.add_row(
            Slot("emergency", "24C", CheckField("Emergency"), 2),
            Slot("epsdt", "24H EPSDT", ChoiceEdit(EPSDT), 3),
            Slot("family_planning", "24H", CheckField("Family planning"), 2),
            Slot("anesthesia_start", "Anesthesia from", LineField(hint="0815", length=5), 2),
            Slot("anesthesia_end", "to", LineField(hint="0905", length=5), 1),
            Slot("anesthesia_minutes", "Minutes", NumberEdit(low=1, high=2880), 2),
        )
        self.edited.connect(self._say)

    def show_line(self, line: SaveLine) -> None:
        """Shows the extras of a line."""
        values: Mapping[str, Any] = {name: getattr(line, name) for name in self.names()}
        blank_choices = {n: values[n] or None for n in ("ndc_unit", "epsdt")}
        self.set_values({**values, **blank_choices})

    def _say(self, _name: str) -> None:
        values = self.values()
        for name in ("ndc_unit", "epsdt"):
            values[name] = values[name] or ""
        for name in ("anesthesia_start", "anesthesia_end"):
            values[name] = values[name].replace(":", "")
        self.line_edited.emit(values)
