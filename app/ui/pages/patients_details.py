"""The registration sheet of one patient on one screen: person, guarantor, cards, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.services.people_commands import SaveGuarantor, SavePatient, SavePayer
from app.ui.pages.patients_drafts import Body, lively, plain
from app.ui.pages.patients_fields import (
    ADDRESS,
    CityOf,
    GuarantorForm,
    MoreForm,
    PersonForm,
    Today,
    chain,
)
from app.ui.pages.patients_policies import PolicyCards
from app.ui.shortcuts import button_for, make_action
from app.ui.theme import dp
from app.ui.widgets.notice import Banner
from app.ui.widgets.panel import Panel, label

NEW = SavePatient("", "", None)


class PatientSheet(QWidget):
    """All fields of a patient; knows nothing of saving.

    Attributes:
        edited: something was typed.
        guarantor_picked: id of a guarantor on file whose data is wanted.
        new_payer: a payer is looked for that is not there.
        discard: the draft shown is not wanted.
    """

    edited = Signal()
    guarantor_picked = Signal(int)
    new_payer = Signal()
    discard = Signal()

    def __init__(
        self,
        guarantors: Callable[[str], Sequence[tuple[int, str]]],
        city_of: CityOf,
        today: Today,
    ) -> None:
        super().__init__()
        self._command = NEW
        self._typed = False
        self.person = PersonForm(city_of, today)
        self.guarantor = GuarantorForm(guarantors, city_of, today)
        self.cards = PolicyCards(city_of, today)
        self.more = MoreForm(today)
        self.banner = Banner()
        self._kept = label("", "muted")
        self._drop = QPushButton("Discard")
        self._drop.setProperty("look", "link")
        self._panels = (Panel("Patient"), Panel("Insurance"), Panel("More"))
        self._make_actions()
        self._lay_out()
        self._connect()

    def _make_actions(self) -> None:
        self._next = make_action(
            self, "Next card", "Ctrl+PgDown", lambda: self.cards.step(1), everywhere=True
        )
        make_action(self, "Card before", "Ctrl+PgUp", lambda: self.cards.step(-1), everywhere=True)
        self._add = make_action(
            self,
            "Add",
            "F6",
            self.cards.add_payer,
            tip="Add the payer billed next",
            everywhere=True,
        )
        self._replace = make_action(
            self,
            "New card",
            "F7",
            self.cards.replace_card,
            tip="The card changed: end this policy and put the new one beside it",
            everywhere=True,
        )
        self._undo_draft = make_action(
            self, "Discard the draft", "Ctrl+Shift+Backspace", self.discard.emit, everywhere=True
        )
        self._drop.setToolTip(self._undo_draft.toolTip())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(dp(12))
        person, cards, more = self._panels
        person.add_action(self._kept)
        person.add_action(self._drop)
        person.add(self.person)
        person.add(self.guarantor)
        cards.add_beside_title(self.cards.tabs)
        cards.add_action(button_for(self._replace))
        cards.add_action(button_for(self._add))
        cards.add(self.banner)
        cards.add(self.cards)
        more.add(self.more)
        for panel in self._panels:
            column.addWidget(panel)
        column.addStretch(1)

    def _connect(self) -> None:
        for form in (self.person, self.guarantor, self.more):
            form.edited.connect(lambda _name: self._on_edited())
        self.cards.edited.connect(self._on_edited)
        self.cards.turned.connect(self._chain)
        self.cards.new_payer.connect(self.new_payer)
        self.cards.set_neighbour(self._near)
        self.guarantor.picked.connect(self.guarantor_picked)
        self._drop.clicked.connect(self.discard)

    # --- showing --------------------------------------------------------------------------------
    def set_payers(self, payers: Sequence[SavePayer]) -> None:
        """Payers to choose from."""
        self.cards.set_payers(payers)

    def show_patient(self, command: SavePatient | None) -> None:
        """Shows a patient; None an empty sheet."""
        self._command = command or NEW
        self.banner.clear()
        self.person.show_command(self._command)
        self.guarantor.show_command(self._command.guarantor)
        self.more.show_command(self._command)
        self.cards.show_policies(self._command.policies)
        self._panels[0].set_title("Patient" if command else "New patient")
        self._settle("")

    def restore(self, body: Body, words: str) -> None:
        """Brings a draft back over the patient shown."""
        for name, form in self._forms().items():
            values = lively(body.get(name, {}))
            form.set_values({k: v for k, v in values.items() if k in form.names()})
        self.guarantor.set_person(body.get("guarantor_id"))
        self.cards.restore(body.get("policies", []))
        self._command = replace(self._command, version=body.get("version"))
        self._settle(words)

    def body(self) -> Body:
        """What stands here, for a draft."""
        values = {name: plain(form.values()) for name, form in self._forms().items()}
        return {
            **values,
            "guarantor_id": self.guarantor.person(),
            "policies": self.cards.bodies(),
            "version": self._command.version,
        }

    def _forms(self) -> dict[str, Any]:
        return {"person": self.person, "guarantor": self.guarantor, "more": self.more}

    def _settle(self, words: str) -> None:
        self._typed = False
        self._kept.setText(words)
        for part in (self._kept, self._drop):
            part.setVisible(bool(words))
        self._undo_draft.setEnabled(bool(words))
        self._reveal()

    def go_to(self, field: str, policy_id: int | None = None) -> None:
        """Puts the cursor in a field of the patient, or of one of his policies."""
        if policy_id is not None:
            self.cards.go_to(policy_id, field)
            return
        for form in (self.person, self.more):
            if field in form.names():
                form.go_to(field)
                return

    def show_guarantor(self, command: SaveGuarantor) -> None:
        """Fills in a guarantor found on file."""
        self.guarantor.show_command(command)
        self._on_edited()
        self.guarantor.go_to("phone")

    def _near(self) -> Mapping[str, Any]:
        values = self.person.values()
        return {name: values[name] for name in (*ADDRESS, "last", "phone")}

    def _reveal(self) -> None:
        other = self.person.values()["pays"] == "other"
        if other and self.guarantor.isHidden() and not self.guarantor.values()["line1"]:
            values = self.person.values()
            self.guarantor.set_values({n: values[n] for n in (*ADDRESS, "phone")})
        if other is self.guarantor.isHidden():
            self.guarantor.setVisible(other)
            self._chain()

    def _chain(self) -> None:
        widgets = [self.person.widget(n) for n in self.person.names()]
        widgets += [self.guarantor.widget(n) for n in self.guarantor.names()]
        if self.cards.cards():
            widgets += self.cards.fields()
        chain([*widgets, *(self.more.widget(n) for n in self.more.names())])

    def _on_edited(self) -> None:
        self._typed = True
        self._reveal()
        self.edited.emit()

    def is_dirty(self) -> bool:
        """True when something was typed since it was shown or saved."""
        return self._typed

    # --- saving ---------------------------------------------------------------------------------
    def patient_id(self) -> int | None:
        """Whose sheet it is; None for a new patient."""
        return self._command.patient_id

    def shown(self) -> SavePatient:
        """The patient as read."""
        return self._command

    def command(self) -> SavePatient:
        """The patient as typed."""
        other = self.person.values()["pays"] == "other"
        return SavePatient(
            **self.person.command_values(),
            **self.more.values(),
            guarantor=self.guarantor.command() if other else None,
            policies=self.cards.commands(),
            patient_id=self._command.patient_id,
            version=self._command.version,
        )

    def check(self) -> bool:
        """Marks what cannot be read or is missing; True when there is nothing."""
        focused: Any = self.focusWidget()
        if hasattr(focused, "tidy"):
            focused.tidy()
        guarantor = () if self.guarantor.isHidden() else self.guarantor.problems()
        found = (
            *self.person.problems(),
            *(Finding(f"guarantor.{f.field}", f.message, f.severity) for f in guarantor),
            *self.cards.problems(),
            *self.more.problems(),
        )
        self.show_findings(found)
        return not found

    def show_findings(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Marks fields wherever they stand, the cursor in the first; answers what has no field."""
        left = self.more.show_findings(findings)
        left = self.cards.show_findings(left)
        mine = [f for f in left if f.field.startswith("guarantor.")]
        left = tuple(f for f in left if f not in mine)
        left += self.guarantor.show_findings(
            Finding(f.field.removeprefix("guarantor."), f.message, f.severity) for f in mine
        )
        return self.person.show_findings(left)
