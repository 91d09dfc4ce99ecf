"""The forms of a patient: person, guarantor, and what few patients need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.claim_form import Address
from app.services.people_commands import SaveGuarantor, SavePatient
from app.ui.form import Form, Slot
from app.ui.widgets.choice import CheckField, Choice, ChoiceEdit
from app.ui.widgets.dates import DateEdit
from app.ui.widgets.field import LineField, PhoneEdit, StateEdit, ZipEdit
from app.ui.widgets.results import SearchRow
from app.ui.widgets.search import SearchField

CityOf = Callable[[str], tuple[str, str] | None]
Today = Callable[[], date]

SEXES = (Choice("F", "Female", "F"), Choice("M", "Male", "M"))
ADDRESS = ("line1", "line2", "city", "state", "zip")
_ANY = 16777215  # QWIDGETSIZE_MAX
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ZipFill(QObject):
    """Fills city and state from the ZIP, and lets Enter step over them.

    What she typed herself is never replaced; Tab still goes through both fields.
    """

    def __init__(self, form: Form, city_of: CityOf, prefix: str = "", then: str = "phone") -> None:
        super().__init__(form)
        self._form, self._city_of, self._prefix, self._then = form, city_of, prefix, then
        self._filled: tuple[str, str] | None = None
        form.edited.connect(self._edited)
        form.widget(f"{prefix}zip").installEventFilter(self)

    def _part(self, name: str) -> Any:
        return self._form.widget(self._prefix + name)

    def _edited(self, name: str) -> None:
        if name != f"{self._prefix}zip" or (digits := self._part("zip").value()) == "":
            return
        now = (self._part("city").value(), self._part("state").value())
        found = self._city_of(str(digits))
        if found is not None and now in (("", ""), self._filled):
            self._part("city").set_value(found[0])
            self._part("state").set_value(found[1])
            self._filled = found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a ZIP whose city is there goes on behind the city."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            there = self._part("city").value() and self._part("state").value()
            if event.key() in _ENTER and not event.modifiers().value & _HELD and there:
                self._form.go_to(self._prefix + self._then)
                return True
        return super().eventFilter(watched, event)


_HELD = Qt.KeyboardModifier.ControlModifier.value | Qt.KeyboardModifier.AltModifier.value


def address_slots(prefix: str = "") -> tuple[list[Slot], list[Slot]]:
    """Street and second line; then ZIP, city and state, which the ZIP fills."""
    state = StateEdit()
    state.setMaximumWidth(_ANY)  # stands level with its neighbours
    return (
        [
            Slot(f"{prefix}line1", "Street", LineField(), 4),
            Slot(f"{prefix}line2", "Apt, unit", LineField(), 2),
        ],
        [
            Slot(f"{prefix}zip", "ZIP", ZipEdit(), 3),
            Slot(f"{prefix}city", "City", LineField(), 3),
            Slot(f"{prefix}state", "State", state, 2),
        ],
    )


def name_slots(prefix: str = "", *, needed: bool = True) -> list[Slot]:
    """Last, first, middle, suffix."""
    return [
        Slot(f"{prefix}last", "Last name", LineField(), 4, "Enter the last name." * needed),
        Slot(f"{prefix}first", "First name", LineField(), 4, "Enter the first name." * needed),
        Slot(f"{prefix}middle", "Middle", LineField(), 2),
        Slot(f"{prefix}suffix", "Suffix", LineField(hint="Jr"), 2),
    ]


def spread_address(address: Address, prefix: str = "") -> dict[str, Any]:
    """An address as form values."""
    return {f"{prefix}{name}": getattr(address, name) for name in ADDRESS}


def gather_address(values: Mapping[str, Any], prefix: str = "") -> Address:
    """An address out of form values."""
    return Address(*(values[f"{prefix}{name}"] or "" for name in ADDRESS))


def show_cells(form: Form, names: Iterable[str], shown: bool) -> None:
    """Shows or hides fields with their labels."""
    for name in names:
        if (cell := form.widget(name).parentWidget()) is not None:
            cell.setVisible(shown)


def chain(widgets: Sequence[QWidget]) -> None:
    """Makes Tab and Enter follow this order."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


class PersonForm(Form):
    """The person treated, as a registration sheet asks."""

    def __init__(self, city_of: CityOf, today: Today) -> None:
        super().__init__(submit_keys=())
        self.add_row(*name_slots())
        street, place = address_slots()
        birth = DateEdit(today=today, birth=True)
        self.add_row(
            Slot("birth_date", "Birth date", birth, 3, "Enter the birth date."),
            Slot("sex", "Sex", ChoiceEdit(SEXES), 3),
            *street,
        )
        self.add_row(*place, Slot("phone", "Phone", PhoneEdit(), 4))
        self.add_row(
            Slot("release_signature_date", "Signed on (12)", DateEdit(today=today), 3),
            Slot("pays", "Statements go to", ChoiceEdit(_PAYS, blank=False), 4),
            Slot("alert", "Alert when opened", LineField(), 5),
        )
        ZipFill(self, city_of)

    def show_command(self, command: SavePatient) -> None:
        """Shows a patient."""
        plain = {n: getattr(command, n) for n in _PERSON}
        pays = "self" if command.guarantor is None else "other"
        self.set_values({**plain, **spread_address(command.address), "pays": pays})

    def command_values(self) -> dict[str, Any]:
        """The parts of the command this form holds."""
        values = self.values()
        found = {n: values[n] for n in _PERSON}
        return {**found, "sex": values["sex"] or "", "address": gather_address(values)}


_PERSON = (
    *("last", "first", "middle", "suffix", "birth_date", "sex"),
    *("phone", "release_signature_date", "alert"),
)
_PAYS = (Choice("self", "The patient", "T"), Choice("other", "Somebody else", "S"))


class GuarantorForm(Form):
    """Who pays when it is not the patient: somebody on file, or a new person.

    Attributes:
        picked: id of the guarantor chosen from those on file.
    """

    picked = Signal(int)

    def __init__(
        self, find: Callable[[str], Sequence[tuple[int, str]]], city_of: CityOf, today: Today
    ) -> None:
        super().__init__(submit_keys=())
        self._id: int | None = None
        self._find = SearchField(
            lambda text: [SearchRow(key, name) for key, name in find(text)],
            hint="Last name, if on file",
            keep=False,
        )
        self._find.chosen.connect(lambda key: self.picked.emit(int(key)))
        street, place = address_slots()
        self.add_section("Guarantor")
        self.add_row(
            Slot("on_file", "Find on file", self._find, 3),
            Slot("last", "Last name", LineField(), 4),
            Slot("first", "First name", LineField(), 3),
            Slot("middle", "Middle", LineField(), 2),
        )
        self.add_row(
            Slot("birth_date", "Birth date", DateEdit(today=today, birth=True), 3),
            *street,
            Slot("phone", "Phone", PhoneEdit(), 3),
        )
        self.add_row(*place)
        ZipFill(self, city_of, then="city")

    def show_command(self, command: SaveGuarantor | None) -> None:
        """Shows a guarantor; None an empty form."""
        self._id = command.guarantor_id if command else None
        shown = command or SaveGuarantor("", "")
        values = {n: getattr(shown, n) for n in _GUARANTOR}
        self.set_values({"on_file": None, **values, **spread_address(shown.address)})

    def command(self) -> SaveGuarantor:
        """The guarantor as typed."""
        values = self.values()
        found = {n: values[n] for n in _GUARANTOR}
        return SaveGuarantor(**found, address=gather_address(values), guarantor_id=self._id)

    def person(self) -> int | None:
        """Id of the guarantor on file, or None for a new one."""
        return self._id

    def set_person(self, guarantor_id: int | None) -> None:
        """Says whom the fields speak of."""
        self._id = guarantor_id


_GUARANTOR = ("last", "first", "middle", "birth_date", "phone")


class MoreForm(Form):
    """What few patients need, kept out of the way at the foot."""

    def __init__(self, today: Today) -> None:
        super().__init__(submit_keys=())
        self.add_row(
            Slot("account_no", "Account (26)", LineField(length=14, hint="given on save"), 3),
            Slot("email", "Email", LineField(), 6),
            Slot("death_date", "Died on", DateEdit(today=today), 3),
        )
        self.add_row(
            Slot("qmb", "", CheckField("QMB"), 3),
            Slot("hospice", "", CheckField("In hospice"), 3),
            Slot("do_not_bill_insurance", "", CheckField("Do not bill insurance"), 6),
        )

    def show_command(self, command: SavePatient) -> None:
        """Shows a patient."""
        self.set_values({name: getattr(command, name) for name in self.names()})
